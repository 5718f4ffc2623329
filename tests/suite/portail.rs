//! The public pages around the annonces: SPEC P3 to P6, P8.

use crate::support::{Engine, Form, Site, both_engines, logins};

both_engines! {
    p1_one_logs_in_from_the_home_page_and_from_the_address_of_the_manual,
    p2_the_home_page_leads_a_stranger_everywhere,
    p3_the_home_page_announces_three_articles_and_each_opens_unfolded,
    p4_the_structures_are_on_a_map_and_in_a_list,
    p5_the_legal_texts_are_a_click_away_from_every_page,
    p6_refusing_cookies_is_as_easy_as_accepting_and_the_choice_is_kept,
    p6_the_answer_to_the_banner_has_a_tab_of_its_own,
    p8_help_is_in_the_footer_of_every_page,
    p8_the_links_of_the_texts_lead_somewhere_and_the_pages_they_name_exist,
    q1_an_error_shows_who_is_logged_in_as_logged_in,
    p5_no_public_text_shows_a_place_to_be_filled_in,
    g7_what_is_to_be_filled_in_is_on_the_board_until_it_is,
}

async fn p1_one_logs_in_from_the_home_page_and_from_the_address_of_the_manual(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    for address in ["/", "/authentification/"] {
        let visitor = server.visitor();
        let page = visitor.get(address).await;
        let form = Form::to(&page, "/authentification/").set("email", logins::INTERVENANT);
        let refused = visitor.submit(&form.clone().set("mot_de_passe", "Mauvais-1234")).await;
        assert_eq!((refused.status, refused.path()), (422, "/authentification/"), "{}", refused.said());
        let kept = Form::to(&refused, "/authentification/");
        assert_eq!(kept.value("email"), Some(logins::INTERVENANT), "what was typed stays");
        assert_eq!(kept.value("mot_de_passe").unwrap_or_default(), "", "but the password");
        let opened = visitor.submit(&form.set("mot_de_passe", logins::PASSWORD)).await;
        assert_eq!((opened.status, opened.path()), (200, "/tableau-de-bord"), "{}", opened.said());
        assert!(Form::found(&visitor.get("/").await, "/authentification/").is_none(), "nobody logs in twice");
    }
}

async fn p2_the_home_page_leads_a_stranger_everywhere(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let home = visitor.get("/").await;
    let html = home.html();
    for (words, path, said) in [
        ("Remplir un CV en ligne", "/inscription", "Déposer un CV"),
        ("Voir plus", "/actualites", "Actualités"),
        ("Conditions d’utilisation", "/mentions-legales/conditions", "Conditions d’utilisation"),
        ("Poser une question, signaler un problème", "/aide", "Aide et contact"),
    ] {
        let link = html.all("a").find(|link| link.text == words).unwrap_or_else(|| panic!("« {words} » on the page"));
        assert_eq!(link.expect("href"), path);
        let page = visitor.get(path).await;
        let title = page.html().all("h1").next().map(|title| title.text.clone());
        assert_eq!((page.status, title.as_deref()), (200, Some(said)));
    }
    // The first thing one can do is the one that most people come for: nothing else on the page is as marked.
    let main = html.by_class("columns").expect("the page");
    let first = html.inside(main, "a").next().expect("a link");
    assert_eq!((first.text.as_str(), first.expect("href")), ("Remplir un CV en ligne", "/inscription"));
    let marked = |class: &str| class.split(' ').any(|one| one == "button") && !class.contains("plain");
    let buttons = html.inside(main, "a").chain(html.inside(main, "button"));
    let buttons: Vec<&str> =
        buttons.filter(|one| one.attribute("class").is_some_and(marked)).map(|one| one.text.as_str()).collect();
    assert_eq!(buttons, ["Remplir un CV en ligne"]);
    // The latest annonces, the newest first, and as many as are open.
    let newest = visitor.json("/annonces.json").await;
    let numero = newest["annonces"][0]["numero"].as_str().expect("a number");
    let first = html.all("a").find(|link| link.expect("href").starts_with("/annonces/")).expect("an annonce");
    assert_eq!(first.expect("href"), format!("/annonces/{numero}"));
    let all = html.all("a").find(|link| link.text.starts_with("Toutes les annonces")).expect("the rest");
    assert!(all.text.contains(&format!("({})", newest["total"])), "{}", all.text);
}

async fn p3_the_home_page_announces_three_articles_and_each_opens_unfolded(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let home = visitor.get("/").await;
    let html = home.html();
    let links: Vec<String> = html
        .all("a")
        .filter_map(|link| link.attribute("href"))
        .filter(|href| href.starts_with("/actualites?article="))
        .map(str::to_owned)
        .collect();
    assert_eq!(links.len(), 3, "{links:?}");
    let unfolded = |page: &crate::support::Page| {
        let html = page.html();
        let open: Vec<String> = html
            .all("details")
            .filter(|details| details.attribute("open").is_some())
            .map(|details| html.around(details, "article").expect("an article").expect("id").to_owned())
            .collect();
        open
    };
    let second = visitor.get(links[1].split('#').next().expect("an address")).await;
    let id = links[1].split('#').nth(1).expect("an anchor");
    assert_eq!(unfolded(&second), [id], "the one asked for alone is unfolded");
    assert!(second.html().by_id(id).expect("it").has_class("chosen"), "and highlighted");
    let all = visitor.get("/actualites").await;
    assert_eq!(all.html().all("article").count(), 5);
    assert_eq!(unfolded(&all), [links[0].split('#').nth(1).expect("an anchor")], "only the newest");
    assert_eq!(visitor.get("/actualites?article=999999").await.status, 404);
}

async fn p4_the_structures_are_on_a_map_and_in_a_list(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let page = server.visitor().get("/informations").await;
    let html = page.html();
    let map = html.all("svg").find(|svg| svg.has_class("carte")).expect("the map");
    let links: Vec<&str> = html.inside(map, "a").filter_map(|link| link.attribute("href")).collect();
    assert_eq!(links.len(), 18, "each région's délégation: {links:?}");
    for href in links {
        let entry = html.by_id(href.trim_start_matches('#')).unwrap_or_else(|| panic!("{href} leads somewhere"));
        assert!(entry.text.contains('@'), "{} says how to reach it", entry.text);
    }
    let listed =
        html.all("li").filter(|item| item.attribute("id").is_some_and(|id| id.starts_with("structure-"))).count();
    assert_eq!(listed, 24);
}

async fn p5_the_legal_texts_are_a_click_away_from_every_page(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    for address in [
        "/mentions-legales",
        "/mentions-legales/conditions",
        "/mentions-legales/donnees-personnelles",
        "/mentions-legales/cookies",
        "/mentions-legales/accessibilite",
    ] {
        let page = visitor.get(address).await;
        assert_eq!(page.status, 200, "{address}");
        assert!(page.body.len() > 3_000, "{address} says something");
    }
    assert_eq!(visitor.get("/mentions-legales/inconnu").await.status, 404);
    let home = visitor.get("/").await.body;
    assert!(home.contains("href=\"/mentions-legales\"") && home.contains("href=\"/cookies\""));
}

async fn p6_refusing_cookies_is_as_easy_as_accepting_and_the_choice_is_kept(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    for (words, kept) in [("Tout refuser", "necessaires"), ("Tout accepter", "mesure")] {
        let visitor = server.visitor();
        let home = visitor.get("/").await;
        let refusal = Form::pressing(&home, words);
        let answer = visitor.submit_only(&refusal).await;
        let cookie = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("text").to_owned());
        let cookie = cookie.into_iter().find(|cookie| cookie.starts_with("ei_cookies=")).expect("the choice");
        assert!(cookie.contains(kept) && cookie.contains("Max-Age=15724800"), "six months: {cookie}");
        let after = visitor.get("/").await;
        assert!(after.html().all("form").all(|form| !form.has_class("cookies")), "it asks no more");
        // It can be changed from the footer.
        let page = visitor.get("/cookies").await;
        let changed = visitor.submit(&Form::to(&page, "/cookies").set("mesure", "interdire")).await;
        assert_eq!(changed.status, 200);
        assert_eq!(visitor.jar().get("ei_cookies").map(String::as_str), Some("necessaires"));
    }
}

async fn p6_the_answer_to_the_banner_has_a_tab_of_its_own(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    for path in ["/inscription", "/annonces?q=budget&region=53", "/aide"] {
        let page = visitor.get(path).await;
        let html = page.html();
        let banner = html.all("form").find(|form| form.has_class("cookies")).expect("the banner");
        assert_eq!(banner.attribute("target"), Some("_blank"), "{path}");
        assert!(html.inside(banner, "a").all(|link| link.attribute("target") == Some("_blank")), "{path}");
    }
    let done = visitor.submit(&Form::pressing(&visitor.get("/inscription").await, "Tout refuser")).await;
    assert_eq!(done.path(), "/cookies");
    assert!(done.body.contains("Fermez cet onglet pour retrouver votre page"), "{}", done.said());
    let html = done.html();
    assert!(html.all("form").all(|form| !form.has_class("cookies")));
    // The page of the choice itself waits nowhere else.
    let changed = visitor.submit(&Form::to(&done, "/cookies").set("mesure", "autoriser")).await;
    assert!(changed.body.contains("la mesure d’audience est autorisée") && !changed.body.contains("Fermez cet onglet"));
}

async fn p8_help_is_in_the_footer_of_every_page(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (visitor, person) = (server.visitor(), server.login(logins::INTERVENANT).await);
    for page in [
        visitor.get("/").await,
        visitor.get("/annonces").await,
        visitor.get("/nulle-part").await,
        person.get("/tableau-de-bord").await,
        person.get("/messagerie/reception").await,
    ] {
        let html = page.html();
        let link =
            html.all("a").find(|link| link.text == "Aide et contact").unwrap_or_else(|| panic!("{}", page.path()));
        assert_eq!(link.attribute("href"), Some("/aide"));
    }
    let help = visitor.get("/aide").await;
    assert_eq!(help.status, 200);
    assert!(help.body.contains("mot de passe"), "{}", help.said());
}

/// The beginnings of the names that pages of one's space bear.
const NAMES: [&str; 6] = ["Mes ", "Mon compte", "Mon parcours", "Mon CV", "Me ", "Récupérer mes "];

/// Where a text speaks of a page of one's space: in the middle of a sentence, with a capital.
fn named(text: &str) -> Vec<&str> {
    NAMES
        .iter()
        .flat_map(|name| text.match_indices(name).map(|(at, _)| at))
        .filter(|at| text[..*at].chars().next_back().is_some_and(|before| [' ', '\u{a0}', '«'].contains(&before)))
        .map(|at| &text[at..])
        .collect()
}

async fn p8_the_links_of_the_texts_lead_somewhere_and_the_pages_they_name_exist(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (visitor, person) = (server.visitor(), server.login(logins::INTERVENANT).await);
    // What the pages of one's space are called: their headings, and the links that lead to them.
    let mut known: Vec<String> = Vec::new();
    for path in [
        "/tableau-de-bord",
        "/mon-compte/informations",
        "/mon-compte/parcours",
        "/mon-compte/documents",
        "/mon-compte/alertes",
        "/mon-compte/donnees",
        "/mon-compte/candidatures",
    ] {
        let page = person.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        let html = page.html();
        // A link may bear its number: « Mon compte 2 ».
        let name =
            |text: &str| text.split(|sign: char| sign.is_ascii_digit()).next().unwrap_or_default().trim().to_owned();
        known.extend(html.all("h1").chain(html.all("a")).map(|element| name(&element.text)));
    }
    let mut texts = vec!["/aide".to_owned(), "/actualites".to_owned(), "/informations".to_owned()];
    let legal = visitor.get("/mentions-legales").await;
    let html = legal.html();
    texts.extend(
        html.all("a")
            .filter_map(|link| link.attribute("href"))
            .filter(|href| href.starts_with("/mentions-legales/"))
            .map(ToOwned::to_owned),
    );
    assert!(texts.len() >= 8, "{texts:?}");
    let mut links = std::collections::BTreeSet::new();
    for path in &texts {
        let page = visitor.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        let text = page.main_text();
        for found in named(&text) {
            let exists = known.iter().any(|name| !name.is_empty() && found.starts_with(name.as_str()));
            let sentence: String = found.chars().take(60).collect();
            assert!(exists, "{path} speaks of « {sentence} », and no page bears that name");
        }
        let html = page.html();
        let internal = html.all("a").filter_map(|link| link.attribute("href")).filter(|href| href.starts_with('/'));
        links.extend(internal.map(|href| href.split('#').next().unwrap_or(href).to_owned()));
    }
    assert!(links.len() > 10, "{links:?}");
    for link in links {
        let found = visitor.get(&link).await;
        assert_eq!(found.status, 200, "{link}: {}", found.said());
    }
}

async fn q1_an_error_shows_who_is_logged_in_as_logged_in(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (person, visitor) = (server.login(logins::INTERVENANT).await, server.visitor());
    for (path, status) in [("/nulle-part", 404), ("/annonces/1999-0001", 404), ("/gestion/annonces", 403)] {
        let page = person.get(path).await;
        assert_eq!(page.status, status, "{path}");
        let html = page.html();
        assert!(Form::found(&page, "/deconnexion").is_some(), "{path}: one can log out");
        assert!(
            html.all("a").any(|link| link.attribute("href") == Some("/messagerie/reception")),
            "{path}: one's menu"
        );
        assert!(html.all("a").any(|link| link.text == "Revenir au tableau de bord"), "{path}");
        assert!(page.body.contains(&person.name().await), "{path}");
    }
    let stranger = visitor.get("/nulle-part").await;
    assert_eq!(stranger.status, 404);
    assert!(Form::found(&stranger, "/deconnexion").is_none());
    // The session is over: an error is a stranger's page again.
    let page = person.get("/tableau-de-bord").await;
    person.submit(&Form::to(&page, "/deconnexion")).await;
    assert!(Form::found(&person.get("/nulle-part").await, "/deconnexion").is_none());
}

async fn p5_no_public_text_shows_a_place_to_be_filled_in(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    for path in [
        "/mentions-legales",
        "/mentions-legales/conditions",
        "/mentions-legales/donnees-personnelles",
        "/mentions-legales/cookies",
        "/mentions-legales/accessibilite",
        "/aide",
    ] {
        let page = visitor.get(path).await;
        let text = page.main_text();
        assert!(!text.contains('[') && !text.contains("compléter par"), "{path}: {text}");
        // Nothing announces what is not there.
        let html = page.html();
        let parts: Vec<_> = html
            .elements()
            .filter(|part| ["h2", "h3", "p", "ul", "ol", "form"].contains(&part.name.as_str()))
            .collect();
        for two in parts.windows(2).filter(|_| path != "/aide") {
            let (one, next) = (two[0], two[1].name.as_str());
            assert!(
                one.name != "p" || !one.text.ends_with(':') || ["ul", "ol"].contains(&next),
                "{path}: {}",
                one.text
            );
            assert!(one.name != "h2" || next != "h2", "{path}: nothing under « {} »", one.text);
        }
    }
    let legal = visitor.get("/mentions-legales").await.main_text();
    assert!(legal.contains("80 rue de Reuilly") && !legal.contains("Hébergeur"), "{legal}");
}

async fn g7_what_is_to_be_filled_in_is_on_the_board_until_it_is(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let to_do = async || {
        let board = admin.get("/tableau-de-bord").await;
        let html = board.html();
        let links = html.all("a").filter(|link| link.text.starts_with("Compléter le texte"));
        links.map(|link| link.expect("href").to_owned()).collect::<Vec<_>>()
    };
    let links = to_do().await;
    let conditions = "/administration/textes/conditions".to_owned();
    assert!(
        links.contains(&conditions) && links.contains(&"/administration/textes/mentions-legales".to_owned()),
        "{links:?}"
    );
    assert!(!links.contains(&"/administration/textes/aide".to_owned()), "nothing is missing there: {links:?}");

    let page = admin.get(&conditions).await;
    assert!(page.main_text().contains("à compléter par l’administrateur : date"), "the form says what");
    let form = Form::to(&page, &conditions);
    let text = form.value("corps").expect("the text").to_owned();
    let (before, after) = text.split_once('[').expect("a place");
    let filled = format!("{before}5 janvier 2027{}", after.split_once(']').expect("its end").1);
    let saved = admin.submit(&form.set("corps", &filled).set("action", "enregistrer")).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    assert!(!to_do().await.contains(&conditions));
    let public = server.visitor().get("/mentions-legales/conditions").await;
    assert!(public.main_text().contains("5 janvier 2027"), "{}", public.said());
}
