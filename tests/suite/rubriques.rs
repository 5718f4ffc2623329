//! The rubrics of « Mon compte » of somebody who is validated, and their dashboard (SPEC C1, C2).

use crate::administration::person;
use crate::support::{Client, Engine, Form, Page, Server, Site, both_engines, eventually, logins};

both_engines! {
    c1_the_dashboard_says_what_to_do_then_what_comes,
    c2_interventions_are_read_by_their_person,
    c2_indisponibilites_are_added_changed_removed_and_shown_to_structures,
    c2_indisponibilites_leave_as_a_calendar,
    c2_a_period_that_is_over_can_go_and_come_back,
    q1_c2_a_period_that_goes_or_comes_back_leaves_the_one_being_typed,
    c2_every_period_and_every_phone_stands_on_the_fiche,
    c2_reseaux_sociaux_are_checked_and_shown_to_structures,
    c2_every_rubric_is_in_the_menu,
    c1_the_pages_of_mon_compte_stand_under_what_they_are_for,
}

const ABSENCES: &str = "/mon-compte/indisponibilites";
const RESEAUX: &str = "/mon-compte/reseaux";

/// The day so many days from now, as a calendar field sends it, and as pages say it.
fn day(days: i64) -> (String, String) {
    let day = domain::time::paris_day(chrono::Utc::now().naive_utc()) + chrono::Duration::days(days);
    (day.to_string(), domain::dates::jour(day))
}

async fn fiche_of(admin: &Client) -> String {
    let path = person(admin, logins::INTERVENANT).await.pop().expect("the person");
    path.rsplit('/').next().expect("an id").to_owned()
}

async fn record(admin: &Client, id: &str, titre: &str, (du, au): (&str, &str)) {
    let new = format!("/administration/intervenants/{id}/interventions");
    let page = admin.get(&new).await;
    let structure = crate::support::inscription::structure(&page, "Délégation Normandie");
    let form = Form::to(&page, &new)
        .set("titre", titre)
        .set("structure", &structure)
        .set("du", du)
        .set("au", au)
        .set("heures", "12")
        .set("etat", "prevue");
    let saved = admin.submit(&form).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
}

async fn both(server: &Server) -> (Client, Client) {
    (server.login(logins::INTERVENANT).await, server.login(logins::ADMINISTRATEUR).await)
}

async fn add(client: &Client, du: &str, au: &str) -> Page {
    let page = client.get(ABSENCES).await;
    client.submit(&Form::to(&page, ABSENCES).set("du", du).set("au", au)).await
}

async fn c1_the_dashboard_says_what_to_do_then_what_comes(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (client, admin) = both(&server).await;
    let id = fiche_of(&admin).await;
    record(&admin, &id, "Préparer son budget", (&day(3).0, &day(4).0)).await;
    add(&client, &day(1).0, &day(2).0).await;
    let board = client.get("/tableau-de-bord").await;
    let html = board.html();
    let titles: Vec<String> = html.all("h2").map(|title| title.text.clone()).collect();
    assert_eq!(titles[0], "Ce que vous devez faire");
    assert!(titles.iter().any(|title| title == "Messages non lus"), "{titles:?}");
    let text = board.main_text();
    let (away, planned) = (text.find("Vous serez indisponible"), text.find("Préparer son budget"));
    assert!(away.is_some() && away < planned, "in the order of their days: {text}");
    assert!(text.contains("Délégation Normandie") && text.contains("12 heures"), "{text}");
    for link in html.all("main").flat_map(|main| html.inside(main, "a")) {
        let href = link.expect("href");
        assert_eq!(client.get(href).await.status, 200, "{href}");
    }
}

async fn c2_interventions_are_read_by_their_person(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (client, admin) = both(&server).await;
    let newcomer = crate::support::inscription::transmitted(&server, &crate::support::inscription::ANNE).await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    crate::etats::decide(&gestionnaire, crate::support::inscription::ANNE.nom, "Valider l’inscription").await;
    assert!(newcomer.get("/mon-compte/interventions").await.main_text().contains("Aucune intervention"));

    let id = fiche_of(&admin).await;
    record(&admin, &id, "Élaguer sans risque", (&day(30).0, &day(31).0)).await;
    let page = client.get("/mon-compte/interventions").await;
    let text = page.main_text();
    for words in ["Élaguer sans risque", "Délégation Normandie", "12 heures", "Prévue"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.find("Élaguer sans risque") < text.find("Passées"), "what is ahead comes first: {text}");
    let html = page.html();
    let main = html.all("main").next().expect("a main");
    assert!(html.inside(main, "form").next().is_none(), "it is only read");
    let fiche = gestionnaire.get(&format!("/cvtheque/{id}")).await;
    assert!(fiche.body.contains("Élaguer sans risque"), "{}", fiche.said());
}

async fn c2_indisponibilites_are_added_changed_removed_and_shown_to_structures(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (client, admin) = both(&server).await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let id = fiche_of(&admin).await;
    let (du, au) = (day(200).0, day(210).0);
    let shown = async || gestionnaire.get(&format!("/cvtheque/{id}")).await.main_text().contains("indisponible");
    // The one of the demonstration goes, and comes back by « Annuler ».
    let page = client.get(ABSENCES).await;
    let html = page.html();
    let button = html.all("button").find(|button| button.text.starts_with("Supprimer")).expect("a period");
    let gone = client.submit(&Form::with_button(&page, &html, button)).await;
    assert!(gone.main_text().contains("Aucune période à venir"), "{}", gone.said());
    assert!(!shown().await);
    let back = client.press(&gone, "Annuler").await;
    assert!(!back.main_text().contains("Aucune période à venir") && shown().await);

    let added = add(&client, &du, &au).await;
    assert!(added.said().contains("les structures la voient"), "{}", added.said());
    let said = domain::dates::periode(du.parse().ok(), au.parse().ok());
    assert!(added.main_text().contains(&said), "{said}: {}", added.main_text());
    assert_eq!(add(&client, &du, &au).await.body.matches("Indisponible ").count(), 2, "twice is once");
    let search = format!("/cvtheque.json?q=nom:kerzr%C3%A9ho&disponible_le={}", day(205).0);
    eventually("a search for that day leaves him out", async || {
        (gestionnaire.json(&search).await["total"] == 0).then_some(())
    })
    .await;

    // Changed on a page of its own, with what is wrong said.
    let html = added.html();
    let links = html.all("a").filter(|link| link.text.starts_with("Modifier"));
    let href = links.last().expect("a link").expect("href").to_owned();
    let page = client.get(&href).await;
    let form = Form::to(&page, &href);
    assert_eq!(form.value("du"), Some(du.as_str()));
    let wrong = client.submit(&form.clone().set("au", &day(199).0)).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.html().by_id("au-erreur").is_some(), "{}", wrong.said());
    assert_eq!(Form::to(&wrong, &href).value("au"), Some(day(199).0.as_str()), "what was typed stays");
    let changed = client.submit(&form.set("au", &day(202).0)).await;
    assert_eq!((changed.status, changed.path()), (200, ABSENCES));
    eventually("he is found again", async || (gestionnaire.json(&search).await["total"] == 1).then_some(())).await;
    for (du, au, field) in [
        ("", "", "du"),
        ("32/13/2027", "", "du"),
        (day(5).0.as_str(), day(4).0.as_str(), "au"),
        (day(-9).0.as_str(), day(-8).0.as_str(), "au"),
    ] {
        let refused = add(&client, du, au).await;
        assert_eq!(refused.status, 422, "{du} {au}");
        assert!(refused.html().by_id(&format!("{field}-erreur")).is_some(), "{du} {au}: {}", refused.said());
    }
    // Changed into one that is there already, it is that one.
    let before = add(&client, &day(300).0, &day(301).0).await;
    let count = |page: &Page| page.body.matches("Indisponible ").count();
    let last = before.html();
    let href = last.all("a").filter(|link| link.text.starts_with("Modifier")).last().expect("a link").expect("href");
    let page = client.get(href).await;
    let same = client.submit(&Form::to(&page, href).set("du", &du).set("au", &day(202).0)).await;
    assert_eq!((same.status, count(&same)), (200, count(&before) - 1), "{}", same.said());
    // Typed as one writes it, and one day alone.
    assert_eq!(add(&client, "24/12/2027", "").await.status, 200);
}

async fn c2_indisponibilites_leave_as_a_calendar(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (client, _) = both(&server).await;
    add(&client, "2027-12-24", "2027-12-31").await;
    let page = client.get(ABSENCES).await;
    let html = page.html();
    let link = html.all("a").find(|link| link.text.contains("iCal")).expect("a link");
    let file = client.get(link.expect("href")).await;
    assert_eq!(file.status, 200);
    let kind = file.headers.get("content-type").expect("a type").to_str().expect("text");
    assert_eq!(kind, "text/calendar; charset=utf-8");
    assert!(file.body.starts_with("BEGIN:VCALENDAR\r\n") && file.body.ends_with("END:VCALENDAR\r\n"));
    assert!(file.body.contains("DTSTART;VALUE=DATE:20271224\r\nDTEND;VALUE=DATE:20280101\r\n"), "{}", file.body);
    assert_eq!(file.body.matches("BEGIN:VEVENT").count(), file.body.matches("UID:").count());
    // An id stays the same, whatever host a request names.
    let by_name = Client::new(&client.base().replace("127.0.0.1", "localhost"));
    by_name.login(logins::INTERVENANT, logins::PASSWORD).await;
    let ids = |text: &str| text.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect::<Vec<_>>();
    let again = by_name.get("/mon-compte/indisponibilites.ics").await;
    assert_eq!((again.status, ids(&again.body)), (200, ids(&file.body)));
    assert_eq!(server.visitor().get_only("/mon-compte/indisponibilites.ics").await.status, 303);
}

/// Presses the only button that removes a period on the page, in this part of it.
async fn remove(client: &Client, page: &Page, within: &str) -> Page {
    let html = page.html();
    let around = html.all(within).last().expect("that part of the page");
    let button = html.inside(around, "button").find(|button| button.text.starts_with("Supprimer")).expect("a period");
    client.submit(&Form::with_button(page, &html, button)).await
}

async fn c2_a_period_that_is_over_can_go_and_come_back(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (client, _) = both(&server).await;
    let (from, to) = (day(-20).0, day(-10).0);
    // As « Annuler » sends it; typed, it is refused.
    assert_eq!(add(&client, &from, &to).await.status, 422);
    let page = client.get(ABSENCES).await;
    let undo = Form::to(&page, ABSENCES).set("retablir", &format!("{from}/{to}"));
    let there = client.submit(&undo).await;
    let said = domain::dates::periode(from.parse().ok(), to.parse().ok());
    assert!(there.main_text().contains(&said) && there.main_text().contains("Périodes passées"), "{}", there.said());
    let gone = remove(&client, &there, "details").await;
    assert!(!gone.main_text().contains(&said), "{}", gone.said());
    let back = client.press(&gone, "Annuler").await;
    assert_eq!((back.status, back.path()), (200, ABSENCES), "{}", back.said());
    assert!(back.main_text().contains(&said), "{}", back.said());
    // Not for ever, nor upside down.
    for (du, au) in [("1990-01-01", "1990-01-02"), ("-0044-03-15", "-0044-03-15"), (to.as_str(), from.as_str())] {
        let refused = client.submit(&undo.clone().set("retablir", &format!("{du}/{au}"))).await;
        assert_eq!(refused.status, 422, "{du} {au}");
    }
}

async fn q1_c2_a_period_that_goes_or_comes_back_leaves_the_one_being_typed(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (client, _) = both(&server).await;
    let (from, to) = (day(40).0, day(41).0);
    let page = client.get(ABSENCES).await;
    let html = page.html();
    let button = html.all("button").find(|button| button.text.starts_with("Supprimer")).expect("a period");
    let gone = client.submit(&Form::with_button(&page, &html, button).set("du", &from).set("au", "31/02/2027")).await;
    assert!(gone.status == 200 && gone.main_text().contains("Aucune période à venir"), "{}", gone.said());
    let typed = Form::to(&gone, ABSENCES);
    assert_eq!((typed.value("du"), typed.value("au")), (Some(from.as_str()), Some("31/02/2027")), "{}", gone.said());
    let back = client.submit(&Form::pressing(&gone, "Annuler").set("au", &to)).await;
    assert!(back.status == 200 && !back.main_text().contains("Aucune période à venir"), "{}", back.said());
    let typed = Form::pressing(&back, "Ajouter cette période");
    assert_eq!((typed.value("du"), typed.value("au")), (Some(from.as_str()), Some(to.as_str())), "{}", back.said());
    assert_eq!(client.get(back.path()).await.body.matches("Indisponible ").count(), 1, "it is not added yet");
    let added = client.submit(&typed).await;
    assert_eq!(added.body.matches("Indisponible ").count(), 2, "{}", added.said());
    let form = Form::to(&added, ABSENCES);
    assert_eq!(form.value("du"), Some(""), "the next one is a new one");
}

async fn c2_every_period_and_every_phone_stands_on_the_fiche(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (client, admin) = both(&server).await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let fiche = format!("/cvtheque/{}", fiche_of(&admin).await);
    let mut said = Vec::new();
    for days in [200, 220, 240] {
        let (du, au) = (day(days).0, day(days + 2).0);
        assert_eq!(add(&client, &du, &au).await.status, 200);
        said.push(domain::dates::periode(du.parse().ok(), au.parse().ok()));
    }
    let path = "/mon-compte/informations";
    let page = client.get(path).await;
    let form = Form::to(&page, path)
        .set("telephone", "")
        .set("telephone_domicile", "02 61 91 00 01")
        .set("telephone_professionnel", "02 61 91 00 02")
        .set("telephone_autre", "06 39 98 00 03")
        .set("action", "enregistrer");
    let saved = client.submit(&form).await;
    assert_eq!((saved.status, saved.path()), (200, path), "{}", saved.said());
    let text = gestionnaire.get(&fiche).await.main_text();
    for words in said.iter().map(String::as_str).chain(["02 61 91 00 01", "02 61 91 00 02", "06 39 98 00 03"]) {
        assert!(text.contains(words), "{words}: {text}");
    }
}

async fn c2_reseaux_sociaux_are_checked_and_shown_to_structures(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (client, admin) = both(&server).await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let fiche = format!("/cvtheque/{}", fiche_of(&admin).await);
    let page = client.get(RESEAUX).await;
    let form = Form::to(&page, RESEAUX);
    let bad = form.clone().set("linkedin", "https://ailleurs.example/in/moi").set("site", "javascript:alert(1)");
    let wrong = client.submit(&bad).await;
    assert_eq!(wrong.status, 422);
    let html = wrong.html();
    assert!(html.by_id("linkedin-erreur").is_some() && html.by_id("site-erreur").is_some(), "{}", wrong.said());
    assert_eq!(Form::to(&wrong, RESEAUX).value("site"), Some("javascript:alert(1)"), "what was typed stays");
    let saved = client.submit(&form.clone().set("linkedin", "www.linkedin.com/in/malo-k").set("site", "")).await;
    assert_eq!((saved.status, saved.path()), (200, RESEAUX), "{}", saved.said());
    let page = gestionnaire.get(&fiche).await;
    let html = page.html();
    let link = html.all("a").find(|link| link.attribute("href") == Some("https://www.linkedin.com/in/malo-k"));
    let rel = link.unwrap_or_else(|| panic!("{}", page.said())).expect("rel");
    assert!(rel.contains("noopener") && rel.contains("nofollow"), "{rel}");
    client.submit(&form.set("linkedin", "").set("site", "")).await;
    assert!(!gestionnaire.get(&fiche).await.body.contains("linkedin.com/in/malo-k"));
}

async fn c2_every_rubric_is_in_the_menu(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (client, _) = both(&server).await;
    let page = client.get("/mon-compte/informations").await;
    let html = page.html();
    let menu = html.all("nav").find(|nav| nav.attribute("aria-label") == Some("Mon compte")).expect("the menu");
    let entries: Vec<(String, String)> =
        html.inside(menu, "a").map(|link| (link.text.clone(), link.expect("href").to_owned())).collect();
    for label in [
        "Mes informations",
        "Mon parcours",
        "Mes interventions",
        "Mes indisponibilités",
        "Mes réseaux sociaux",
        "Mes alertes",
        "Mot de passe",
        "Mes connexions",
    ] {
        assert!(entries.iter().any(|(entry, _)| entry == label), "{label}: {entries:?}");
    }
    for (label, href) in entries {
        let page = client.get(&href).await;
        assert_eq!(page.status, 200, "{href}");
        // A counter follows the words of its entry.
        let label = label.trim_end_matches(|sign: char| sign.is_ascii_digit() || sign == ' ');
        assert!(
            page.main_text().contains(label) || label == "Mes connexions" || label == "Mon adresse de connexion",
            "{label}"
        );
    }
}

/// The pages of « Mon compte » as a page shows them: each heading with the words and addresses under it.
fn groups(page: &Page) -> Vec<(String, Vec<(String, String)>)> {
    let html = page.html();
    let menu = html.all("nav").find(|nav| nav.attribute("aria-label") == Some("Mon compte")).expect("the menu");
    html.inside(menu, "ul")
        .map(|list| {
            let heading = html.by_id(list.expect("aria-labelledby")).expect("a heading").text.clone();
            let links = html.inside(list, "a").map(|link| (link.text.clone(), link.expect("href").to_owned()));
            (heading, links.collect())
        })
        .collect()
}

async fn c1_the_pages_of_mon_compte_stand_under_what_they_are_for(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let profil = ["Mes informations", "Mon parcours", "Mon CV"];
    let echanges = ["Mes alertes", "Avis et courriels", "Mes demandes de support"];
    let connexion = ["Mon adresse de connexion", "Mot de passe", "Double authentification", "Mes connexions"];
    let with = |list: &[&'static str], more: &'static str| [list, &[more]].concat();
    let validated = vec![
        ("Mon profil", with(&profil, "Mes réseaux sociaux")),
        ("Mon dossier", vec!["Mes données et documents", "Mes lettres de demande"]),
        ("Mes interventions", vec!["Mes interventions", "Mes indisponibilités", "Mes réponses aux annonces"]),
        ("Alertes et échanges", echanges.to_vec()),
        ("Sécurité et données", with(&connexion, "Récupérer mes données")),
    ];
    let candidate = vec![
        ("Mon profil", with(&profil, "Vérifier et transmettre")),
        ("Mes interventions", vec!["Mes réponses aux annonces"]),
        ("Alertes et échanges", echanges.to_vec()),
        ("Sécurité et données", with(&connexion, "Récupérer mes données")),
    ];
    let gestionnaire = vec![("Ce que je reçois", vec!["Avis et courriels"]), ("Sécurité", connexion.to_vec())];
    for (login, expected) in
        [(logins::INTERVENANT, validated), (logins::CANDIDAT, candidate), (logins::GESTIONNAIRE, gestionnaire)]
    {
        let client = server.login(login).await;
        let found = groups(&client.get("/mon-compte/adresse").await);
        // A counter follows the words of its entry.
        let words: Vec<(&str, Vec<&str>)> = found
            .iter()
            .map(|(heading, links)| {
                let bare = |(label, _): &'_ (String, String)| expected_label(&expected, label);
                (heading.as_str(), links.iter().map(bare).collect())
            })
            .collect();
        assert_eq!(words, expected, "{login}");
        for (label, href) in found.iter().flat_map(|(_, links)| links) {
            let page = client.get(href).await;
            assert_eq!((page.status, page.path()), (200, href.as_str()), "{login}: {label}");
            // The guided dossier has the whole width, and a way back.
            if href == "/mon-compte/documents" {
                assert!(page.html().all("a").any(|link| link.text == "Mon compte"), "{}", page.said());
                continue;
            }
            assert_eq!(groups(&page), found, "{login}: {label}");
            let html = page.html();
            let menu = html.all("nav").find(|nav| nav.attribute("aria-label") == Some("Mon compte")).expect("it");
            let current: Vec<&str> = html
                .inside(menu, "a")
                .filter(|link| link.attribute("aria-current") == Some("page"))
                .map(|link| link.expect("href"))
                .collect();
            assert_eq!(current, [href.as_str()], "{login}: {label}");
        }
        let counted = client.get("/mon-compte/adresse").await;
        assert_eq!(
            counted.body.matches("data-compteur=\"dossier\"").count() > 1,
            login == logins::INTERVENANT,
            "what the dossier asks for is counted beside its entry: {}",
            counted.said()
        );
    }
}

/// The expected words with which this label begins, or the label itself.
fn expected_label<'a>(expected: &[(&'a str, Vec<&'a str>)], label: &str) -> &'a str {
    let all = expected.iter().flat_map(|(_, labels)| labels);
    all.copied().find(|one| label.starts_with(one)).unwrap_or("?")
}
