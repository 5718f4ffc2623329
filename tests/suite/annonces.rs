//! Annonces and alerts: SPEC A1, L1, L2.

use std::collections::BTreeSet;

use crate::support::annonces::{Row, Wording, all, boxes, draft, filled, found, options, publication, publish, rows};
use crate::support::client::encode;
use crate::support::{Client, Engine, Form, Server, Site, both_engines, eventually, logins, mails};

both_engines! {
    a4_an_annonce_is_previewed_and_duplicated,
    a4_an_annonce_is_over_with_its_last_day,
    e3_search_engines_read_an_annonce_and_where_they_all_are,
    a1_a_published_annonce_is_found_by_its_words_its_number_and_its_criteria,
    a1_the_address_carries_the_search_and_its_order,
    a1_results_come_in_pages_without_a_gap_or_a_repetition,
    a1_json_and_atom_give_what_the_page_gives,
    a1_a_draft_is_its_structures_and_nobody_elses,
    a1_no_search_breaks_it,
    a4_an_incomplete_annonce_is_not_published_and_keeps_what_was_typed,
    a4_the_number_of_people_is_shown_before_an_annonce_is_published,
    l1_the_three_boxes_are_kept_and_the_third_stands_alone,
    l1_each_choice_says_what_it_would_have_brought_and_its_alert_brings_as_much,
    l2_everybody_whose_alert_matches_gets_one_mail_and_a_live_notification,
    l2_publishing_twice_or_twelve_times_at_once_alerts_once,
}

async fn a1_a_published_annonce_is_found_by_its_words_its_number_and_its_criteria(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let form = gestionnaire.get("/gestion/annonces/nouvelle").await;
    let (specialite, specialite_words) = options(&form, "specialite").remove(3);
    let (other, _) = options(&form, "specialite").remove(4);
    let region = boxes(&form, "regions").into_iter().find(|(_, label)| label == "Bretagne").expect("Bretagne").0;
    let numero = publish(
        &gestionnaire,
        &Wording {
            titre: "Animer un atelier d’enluminure",
            texte: "Les bibliothécaires souhaitent découvrir la calligraphie médiévale.",
            specialite: &specialite,
            regions: &[&region],
            ..Wording::default()
        },
    )
    .await;

    let visitor = server.visitor();
    let only = |rows: Vec<Row>| rows.iter().any(|row| row.numero == numero);
    for words in [
        "enluminure",
        "ENLUMINURES",
        "l'enluminure",
        "bibliothecaire",
        "calligraphie medievale",
        "\"calligraphie médiévale\"",
        "enlumin*",
        "enluminure SAUF plomberie",
        "plomberie OU enluminure",
        &numero,
        &format!("n° {numero}"),
    ] {
        assert!(only(found(&visitor, words).await), "« {words} » finds it");
    }
    for words in ["enluminure SAUF calligraphie", "enluminure ET plomberie", "\"médiévale calligraphie\""] {
        assert!(!only(found(&visitor, words).await), "« {words} » does not find it");
    }
    for (criteria, finds) in [
        (format!("specialite={specialite}"), true),
        (format!("specialite={other}"), false),
        (format!("region={region}"), true),
        ("region=01".into(), false),
        (format!("specialite={specialite}&region={region}&q=enluminure"), true),
        (format!("specialite={other}&region={region}&q=enluminure"), false),
        (format!("numero={numero}"), true),
        ("numero=1999-0001".into(), false),
    ] {
        assert_eq!(only(all(&visitor, &format!("/annonces?{criteria}")).await), finds, "{criteria}");
    }

    // The criteria say how many they would give.
    let page = visitor.get("/annonces").await;
    for (value, label) in options(&page, "specialite") {
        let Some((_, count)) = label.rsplit_once(" (") else { continue };
        let count: usize = count.trim_end_matches(')').parse().expect("a count");
        let given = all(&visitor, &format!("/annonces?specialite={value}")).await;
        assert_eq!(given.len(), count, "{label}");
    }

    // A click on the number opens it.
    let page = visitor.get(&format!("/annonces/{numero}")).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.html().all("h1").next().expect("a heading").text, "Animer un atelier d’enluminure");
    assert!(page.body.contains("calligraphie médiévale"));
    assert!(page.body.contains(&specialite_words), "{specialite_words}");
    for nowhere in ["1999-0001", "0", "abc", "2026-99999999999999999999", "%00", "..%2F.."] {
        assert_eq!(visitor.get_only(&format!("/annonces/{nowhere}")).await.status, 404, "{nowhere}");
    }

    // Closed, it is no longer proposed.
    let list = gestionnaire.get("/gestion/annonces").await;
    let html = list.html();
    let link = html.all("a").find(|link| link.text == "Animer un atelier d’enluminure").expect("it is listed");
    let form = gestionnaire.get(link.expect("href")).await;
    let closed = gestionnaire.press(&form, "Clore sans suite").await;
    assert_eq!(closed.status, 200, "{}", closed.said());
    eventually("a closed annonce leaves the search", async || {
        found(&visitor, "enluminure").await.is_empty().then_some(())
    })
    .await;
}

async fn a1_the_address_carries_the_search_and_its_order(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let home = visitor.get("/").await;
    let form = Form::to(&home, "/annonces").set("q", "formation");
    let page = visitor.submit(&form).await;
    assert_eq!(page.address, "/annonces?q=formation");
    let kept = Form::to(&page, "/annonces");
    assert_eq!(kept.value("q"), Some("formation"));

    // Each heading sorts by it, one way and the other, and keeps the search.
    let html = page.html();
    let headings: Vec<String> =
        html.all("th").filter_map(|th| html.inside(th, "a").next()).map(|a| a.expect("href").to_owned()).collect();
    assert!(headings.len() >= 2, "{headings:?}");
    let mut orders = BTreeSet::new();
    for heading in &headings {
        assert!(heading.contains("q=formation"), "{heading}");
        let sorted = visitor.get(heading).await;
        let html = sorted.html();
        assert_eq!(html.all("th").filter(|th| th.attribute("aria-sort").is_some()).count(), 1, "{heading}");
        let numbers: Vec<String> = rows(&sorted).into_iter().map(|row| row.numero).collect();
        orders.insert(numbers.clone());
        let again = html.all("th").find(|th| th.attribute("aria-sort").is_some()).expect("sorted");
        let back = visitor.get(html.inside(again, "a").next().expect("a link").expect("href")).await;
        let mut set: Vec<String> = rows(&back).into_iter().map(|row| row.numero).collect();
        let (mut one, mut other) = (numbers, set.clone());
        one.sort();
        other.sort();
        assert_eq!(one, other, "the same annonces in another order");
        set.dedup();
        assert_eq!(set.len(), one.len());
    }
    assert!(orders.len() > 1, "the orders differ");

    // Every choice of `tri` is an order that works.
    for (value, _) in options(&page, "tri") {
        let sorted = visitor.get(&format!("/annonces?q=formation&tri={value}")).await;
        assert_eq!(sorted.status, 200, "{value}");
        let chosen = Form::to(&sorted, "/annonces");
        assert_eq!(chosen.value("tri"), Some(value.as_str()), "the order is kept");
    }
}

async fn a1_results_come_in_pages_without_a_gap_or_a_repetition(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let visitor = server.visitor();
    let mut published = BTreeSet::new();
    for number in 0..60 {
        let titre = format!("Suite numéro {number}");
        published.insert(
            publish(&gestionnaire, &Wording { titre: &titre, texte: "Xylographie.", ..Wording::default() }).await,
        );
        let page = visitor.get("/annonces?q=xylographie").await;
        let html = page.html();
        if html.all("a").any(|link| link.attribute("rel") == Some("next")) {
            break;
        }
    }
    let page = visitor.get("/annonces?q=xylographie").await;
    assert!(rows(&page).len() < published.len(), "there is a second page");
    let all = all(&visitor, "/annonces?q=xylographie").await;
    let numbers: BTreeSet<String> = all.iter().map(|row| row.numero.clone()).collect();
    assert_eq!(all.len(), numbers.len(), "none twice");
    assert_eq!(numbers, published, "none missing");
    for page in ["0", "-1", "abc", "99999999999999999999", "3000000000"] {
        let page = visitor.get(&format!("/annonces?q=xylographie&page={page}")).await;
        assert!(page.status == 200 || page.status == 404 || page.status == 400, "{}: {}", page.address, page.status);
    }
}

/// Every value of that key, at any depth.
fn collect<'a>(value: &'a serde_json::Value, key: &str, into: &mut Vec<&'a str>) {
    match value {
        serde_json::Value::Object(map) => {
            for (name, inner) in map {
                match inner.as_str() {
                    Some(text) if name == key => into.push(text),
                    _ => collect(inner, key, into),
                }
            }
        }
        serde_json::Value::Array(rows) => rows.iter().for_each(|row| collect(row, key, into)),
        _ => {}
    }
}

async fn a1_json_and_atom_give_what_the_page_gives(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    for number in 1..4 {
        let titre = format!("Ferronnerie <{number}> & \"co\"");
        publish(&gestionnaire, &Wording { titre: &titre, texte: "Ferronnerie d’art.", ..Wording::default() }).await;
    }
    let visitor = server.visitor();
    let shown: BTreeSet<String> = found(&visitor, "ferronnerie").await.into_iter().map(|row| row.numero).collect();
    assert_eq!(shown.len(), 3);

    let json = visitor.json("/annonces.json?q=ferronnerie").await;
    let mut numbers = Vec::new();
    collect(&json, "numero", &mut numbers);
    assert_eq!(numbers.iter().map(|&number| number.to_owned()).collect::<BTreeSet<_>>(), shown, "{json}");
    let mut titles = Vec::new();
    collect(&json, "titre", &mut titles);
    assert!(titles.contains(&"Ferronnerie <1> & \"co\""), "{titles:?}");
    assert!(visitor.json("/annonces.json?q=motquinexistepas").await.to_string().len() < json.to_string().len());

    let feed = visitor.get_only("/annonces.atom?q=ferronnerie").await;
    assert_eq!(feed.status, 200);
    let kind = feed.headers.get("content-type").expect("a type").to_str().expect("text");
    assert!(kind.starts_with("application/atom+xml"), "{kind}");
    let atom = feed.html();
    assert_eq!(atom.all("entry").count(), 3);
    for (element, why) in [("id", "RFC 4287 §4.1.1"), ("updated", "RFC 4287 §4.1.1"), ("title", "RFC 4287 §4.1.1")] {
        let feed = atom.all("feed").next().expect("a feed");
        assert!(atom.inside(feed, element).count() >= 4, "<{element}> of the feed and of each entry: {why}");
    }
    for entry in atom.all("entry") {
        let link = atom.inside(entry, "link").next().expect("a link").expect("href");
        let path = link.strip_prefix(&server.url()).unwrap_or_else(|| panic!("{link} is an address of the site"));
        assert_eq!(visitor.get(path).await.status, 200, "{link}");
    }
    let page = visitor.get("/annonces?q=ferronnerie").await;
    assert!(page.body.contains("/annonces.atom?q=ferronnerie"), "the page names its feed");
}

async fn a1_a_draft_is_its_structures_and_nobody_elses(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let wording = Wording { titre: "Pas encore prête", texte: "Galvanoplastie.", ..Wording::default() };
    let page = draft(&gestionnaire, &wording).await;
    let address = page.path().to_owned();
    let colleague = server.login(logins::COLLEAGUE).await;
    assert_eq!(colleague.get(&address).await.status, 200, "a colleague goes on with it");
    let elsewhere = server.login(logins::ELSEWHERE).await;
    assert!([403, 404].contains(&elsewhere.get(&address).await.status));
    let forged = Form::pressing(&page, "Publier l’annonce").set("_csrf", &elsewhere.token().await);
    assert!([403, 404].contains(&elsewhere.submit(&forged).await.status), "nor does another structure publish it");

    // Something published afterwards is found: then the draft would have been, too.
    publish(&gestionnaire, &Wording { titre: "Prête", texte: "Galvanoplastie.", ..Wording::default() }).await;
    for client in [&server.visitor(), &elsewhere, &gestionnaire] {
        let rows = found(client, "galvanoplastie").await;
        assert_eq!(rows.iter().map(|row| row.titre.as_str()).collect::<Vec<_>>(), ["Prête"]);
    }
}

async fn a1_no_search_breaks_it(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let many = "a* ".repeat(300);
    let deep = format!("{}a{}", "(".repeat(500), ")".repeat(500));
    let long = "mot ".repeat(1_500);
    for words in [
        "\"",
        "\"\"",
        "*",
        "**",
        "(",
        ")",
        "((a)",
        "a OU",
        "OU OU OU",
        "SAUF",
        "-",
        "--a",
        "titre:",
        "titre:(",
        ":a",
        "[a TO b]",
        "a^9999",
        "a~99",
        "\\",
        "\u{0}",
        "\u{202e}a",
        "'); drop table annonce;--",
        "<script>",
        "%",
        "{{7*7}}",
        "/.*/",
        "NOT",
        "AND",
        "« »",
        many.as_str(),
        deep.as_str(),
        long.as_str(),
    ] {
        for (client, path) in [(&visitor, "/annonces"), (&visitor, "/annonces.json"), (&gestionnaire, "/cvtheque")] {
            let page = client.get(&format!("{path}?q={}", encode(words))).await;
            let long = words.len() > 1_000 && [400, 414].contains(&page.status);
            assert!(page.status == 200 || long, "{path} « {words:.30} »: {}", page.status);
            assert!(!page.body.contains("<script>"), "« {words:.30} »");
        }
    }
    for criteria in [
        "specialite=%27",
        "region=999",
        "structure=zzz",
        "du=2026-13-45",
        "au=hier",
        "departement=2A%00",
        "tri=rien",
        "q=a&q=b&q=c",
        "q=%ff%fe",
        "page=1&page=2",
        "specialite[]=a",
    ] {
        let page = visitor.get(&format!("/annonces?{criteria}")).await;
        assert!(page.status == 200 || page.status == 400, "{criteria}: {}", page.status);
    }
}

async fn a4_an_incomplete_annonce_is_not_published_and_keeps_what_was_typed(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let wording = Wording { titre: "", texte: "Un texte sans titre, Tribologie.", ..Wording::default() };
    let (_, form) = filled(&gestionnaire, &wording).await;
    let page = gestionnaire.submit(&form.set("action", "publier")).await;
    assert!(page.html().title().starts_with("Erreur : "), "{}", page.said());
    let kept = Form::pressing(&page, "Enregistrer");
    assert_eq!(kept.value("texte"), Some("Un texte sans titre, Tribologie."));
    let backwards = kept.set("titre", "Tribologie").set("du", "2027-05-10").set("au", "2027-05-01");
    let page = gestionnaire.submit(&backwards.set("action", "publier")).await;
    assert!(page.html().title().starts_with("Erreur : "), "it ends before it begins: {}", page.said());
    assert!(found(&server.visitor(), "tribologie").await.is_empty());
}

async fn a4_the_number_of_people_is_shown_before_an_annonce_is_published(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (gestionnaire, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
    set_alert(&person, [false, true, false]).await;
    let new = gestionnaire.get("/gestion/annonces/nouvelle").await;
    let bretagne = boxes(&new, "regions").into_iter().find(|(_, label)| label == "Bretagne").expect("Bretagne").0;
    assert_eq!(Form::pressing(&new, "Enregistrer").value("regions"), Some(bretagne.as_str()), "its région is proposed");

    // Pressed on a form that was never saved, it saves, says how many, and publishes nothing.
    let wording = Wording { titre: "Combien", texte: "Ampélographie.", regions: &[&bretagne], ..Wording::default() };
    let (_, form) = filled(&gestionnaire, &wording).await;
    let asked = gestionnaire.submit(&form.set("action", "publier")).await;
    let text = asked.main_text();
    assert!(text.contains("Publier cette annonce") && text.contains("Bretagne"), "{text}");
    let shown = Form::to(&asked, asked.path());
    let number: u64 = shown.value("prevenus").expect("the number").parse().expect("a number");
    assert!(number > 0 && text.contains("seront prévenus") || text.contains("sera prévenu"), "{text}");
    let draft = gestionnaire.get(asked.path().trim_end_matches("/publier")).await;
    assert!(draft.main_text().contains("brouillon") && draft.body.contains("Ampélographie."), "{}", draft.main_text());
    let unseen = gestionnaire.submit(&shown.clone().without("prevenus")).await;
    assert!(unseen.main_text().contains("Publier cette annonce"), "{}", unseen.said());
    assert!(found(&server.visitor(), "ampelographie").await.is_empty());

    // A colleague's change in between is not published unseen.
    let colleague = server.login(logins::COLLEAGUE).await;
    let changed = Form::pressing(&colleague.get(draft.path()).await, "Enregistrer").without("regions");
    assert_eq!(colleague.submit(&changed).await.status, 200);
    let refused = gestionnaire.submit(&shown).await;
    assert_eq!(refused.status, 409, "{}", refused.said());
    let again = publication(&gestionnaire, &gestionnaire.get(draft.path()).await).await;
    let done = gestionnaire.submit(&again).await;
    assert!(done.said().contains("publiée"), "{}", done.said());
    eventually("it is found", async || (found(&server.visitor(), "ampelographie").await.len() == 1).then_some(()))
        .await;
    assert_eq!(gestionnaire.get(asked.path()).await.status, 409, "it is published already");
}

const BOXES: [&str; 3] = ["specialites", "regions", "specialites_et_regions"];

async fn set_alert(client: &Client, boxes: [bool; 3]) -> crate::support::Page {
    let page = client.get("/mon-compte/alertes").await;
    let mut form = Form::pressing(&page, "Enregistrer mes alertes");
    for (name, ticked) in BOXES.iter().zip(boxes) {
        form = form.without(name);
        if ticked {
            form = form.add(name, "1");
        }
    }
    client.submit(&form).await
}

async fn alert(client: &Client) -> [bool; 3] {
    let page = client.get("/mon-compte/alertes").await;
    let form = Form::pressing(&page, "Enregistrer mes alertes");
    BOXES.map(|name| form.value(name).is_some())
}

async fn l1_the_three_boxes_are_kept_and_the_third_stands_alone(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let intervenant = server.login(logins::INTERVENANT).await;
    let before = alert(&intervenant).await;
    for boxes in 0..8 {
        let wanted = [boxes & 1 != 0, boxes & 2 != 0, boxes & 4 != 0];
        set_alert(&intervenant, [false; 3]).await;
        let page = set_alert(&intervenant, wanted).await;
        let contradictory = wanted[2] && (wanted[0] || wanted[1]);
        assert_eq!(page.html().title().starts_with("Erreur : "), contradictory, "{wanted:?}: {}", page.said());
        assert_eq!(alert(&intervenant).await, if contradictory { [false; 3] } else { wanted });
    }
    let page = intervenant.get("/mon-compte/alertes").await;
    assert!(page.body.contains("Parmi les annonces ouvertes en ce moment"), "a preview says how many would match");
    set_alert(&intervenant, [true, true, false]).await;
    server.stop().await;
    server.start_again().await;
    assert_eq!(alert(&intervenant).await, [true, true, false]);
    assert_ne!(before, [false; 3], "the demonstration's intervenant has an alert");
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    assert_eq!(gestionnaire.get("/mon-compte/alertes").await.status, 403, "gestionnaires have none");
}

/// The number before « annonce » or « annonces ».
pub fn counted(text: &str) -> u64 {
    let before = text.split("annonce").next().expect("a text").trim_end();
    let digits: String = before.chars().rev().take_while(|sign| sign.is_ascii_digit() || *sign == '\u{202f}').collect();
    let digits: String = digits.chars().rev().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("no number of annonces: {text}"))
}

/// What the page of alerts says: for each of the three boxes, for the two first together, and for what is ticked.
async fn apports(client: &Client) -> [u64; 5] {
    let page = client.get("/mon-compte/alertes").await;
    let html = page.html();
    let hint = |id: &str| {
        let text = &html.by_id(id).unwrap_or_else(|| panic!("{id}: {}", page.said())).text;
        text.clone()
    };
    // After the sentences about the box, which speak of annonces too.
    let last = |id: &str| {
        let text = hint(id);
        let at = text.rfind("annonce").unwrap_or_else(|| panic!("{text}"));
        counted(&text[..at + "annonce".len()].replace("annonce nationale", ""))
    };
    let ensemble = html.all("p").find(|one| one.text.starts_with("Les deux premières cases")).expect("a sentence");
    let [one, two, three] = BOXES.map(|name| last(&format!("{name}-aide")));
    let ticked = hint("apport");
    let ticked = if ticked.contains("aucune annonce") { 0 } else { counted(&ticked) };
    [one, two, three, counted(&ensemble.text), ticked]
}

/// What stands beside the choice with that value.
fn beside(page: &crate::support::Page, value: &str) -> u64 {
    let html = page.html();
    let input = html.all("input").find(|input| input.attribute("value") == Some(value));
    let input = input.unwrap_or_else(|| panic!("{value} on {}", page.path()));
    counted(&html.around(input, "label").expect("a label").text)
}

async fn l1_each_choice_says_what_it_would_have_brought_and_its_alert_brings_as_much(engine: Engine) {
    const PARCOURS: &str = "/mon-compte/parcours";
    const INFORMATIONS: &str = "/mon-compte/informations";
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    // Somebody of one spécialité, one sous-spécialité of another, and one région.
    let person = server.login(logins::INTERVENANT).await;
    let page = person.get(PARCOURS).await;
    let html = page.html();
    let offered: Vec<String> = html
        .all("input")
        .filter(|input| input.attribute("name") == Some("specialites"))
        .map(|input| input.expect("value").to_owned())
        .collect();
    let form = desk.get("/gestion/annonces/nouvelle").await;
    let wholes: Vec<String> = options(&form, "specialite").into_iter().map(|(code, _)| code).collect();
    let sous = options(&form, "sous_specialite").remove(0).0;
    let at = offered.iter().position(|code| *code == sous).expect("it is offered");
    let parent = offered[..at].iter().rev().find(|code| wholes.contains(code)).expect("its spécialité").clone();
    let mine = wholes.iter().find(|code| **code != parent && offered.contains(code)).expect("another").clone();
    let other = wholes.iter().find(|code| **code != parent && **code != mine).expect("a third").clone();
    let chosen = Form::to(&page, PARCOURS).without("specialites").without("alertes");
    let chosen = chosen.add("specialites", &mine).add("specialites", &sous).add("alertes", "specialites");
    let saved = person.submit(&chosen.set("action", "enregistrer")).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    let page = person.get(INFORMATIONS).await;
    let regions: Vec<String> = boxes(&page, "regions").into_iter().map(|(code, _)| code).collect();
    let (here, there) = (regions[0].clone(), regions[1].clone());
    let chosen = Form::to(&page, INFORMATIONS).without("regions").without("departements").add("regions", &here);
    let saved = person.submit(&chosen.set("action", "enregistrer")).await;
    assert_eq!(saved.status, 200, "{}", saved.said());

    let look = async || {
        let (page, places) = (person.get(PARCOURS).await, person.get(INFORMATIONS).await);
        let choices = [&mine, &parent, &sous, &other].map(|code| beside(&page, code));
        (choices, [&here, &there].map(|code| beside(&places, code)), apports(&person).await)
    };
    let before = look().await;
    assert_eq!(before.2[4], before.2[0], "the first box is ticked");
    let (nowhere, within, elsewhere): (&[&str], &[&str], &[&str]) = (&[], &[&here], &[&there]);
    // Its words, its spécialité, its sous-spécialité, its régions; then whether it is of the first, the second box.
    let cases = [
        ("Comptée ici", mine.as_str(), "", within, true, true),
        ("Comptée partout", mine.as_str(), "", nowhere, true, true),
        ("Comptée par sa partie", parent.as_str(), sous.as_str(), elsewhere, true, false),
        ("Comptée pour le lieu", other.as_str(), "", within, false, true),
        ("Comptée pour personne", other.as_str(), "", elsewhere, false, false),
    ];
    let visitor = server.visitor();
    let mut added = ([0; 4], [0; 2], [0; 5]);
    for (titre, specialite, sous_specialite, regions, first, second) in cases {
        let numero = publish(&desk, &Wording { titre, texte: "Bonjour", specialite, sous_specialite, regions }).await;
        let codes = [&mine, &parent, &sous, &other];
        for (count, code) in added.0.iter_mut().zip(codes) {
            *count += u64::from(specialite == code.as_str() || sous_specialite == code.as_str());
        }
        for (count, code) in added.1.iter_mut().zip([&here, &there]) {
            *count += u64::from(regions.is_empty() || regions.contains(&code.as_str()));
        }
        let brought = [first, second, first && second, first || second, first];
        for (count, one) in added.2.iter_mut().zip(brought) {
            *count += u64::from(one);
        }
        let mut expected = before;
        expected.0.iter_mut().zip(added.0).for_each(|(count, more)| *count += more);
        expected.1.iter_mut().zip(added.1).for_each(|(count, more)| *count += more);
        expected.2.iter_mut().zip(added.2).for_each(|(count, more)| *count += more);
        assert_eq!(look().await, expected, "{titre}");
        // What is filled or closed was told all the same.
        let page = desk.get(&format!("/annonces/{numero}")).await;
        let html = page.html();
        let link = html.all("a").find(|link| link.text == "Modifier l’annonce").expect("a link").expect("href");
        desk.press(&desk.get(link).await, "Clore sans suite").await;
        assert_eq!(look().await, expected, "{titre}, closed");
    }
    // As many as the alert told: the first box is ticked.
    let page = person.get("/notifications").await;
    let told = cases.iter().filter(|(titre, ..)| page.body.contains(titre)).count() as u64;
    let mut mailed = 0;
    for (titre, _, _, _, first, _) in cases {
        let found = mails::about(&visitor, titre).await.iter().any(|mail| mail.to == logins::INTERVENANT);
        assert_eq!(found, first, "{titre}");
        mailed += u64::from(found);
    }
    assert_eq!((told, mailed), (added.2[4], added.2[4]));
    // No box, no annonce.
    set_alert(&person, [false; 3]).await;
    let page = person.get("/mon-compte/alertes").await;
    assert!(page.body.contains("aucune annonce ne vous est signalée"), "{}", page.said());
}

/// Somebody of the demonstration as the alerts see them.
struct Subscriber {
    email: String,
    boxes: [bool; 3],
    specialites: String,
    regions: String,
}

/// Everybody in the CV-thèque, with what their own page of alerts says.
async fn subscribers(server: &Server, gestionnaire: &Client) -> Vec<Subscriber> {
    let mut subscribers = Vec::new();
    for email in crate::cvtheque::emails(gestionnaire).await {
        let client = server.login(&email).await;
        let page = client.get("/mon-compte/alertes").await;
        let html = page.html();
        // The names in the two lists, without their counts.
        let facts: Vec<String> = html
            .all("dd")
            .map(|fact| {
                let names: Vec<&str> = html
                    .inside(fact, "li")
                    .filter_map(|item| html.inside(item, "span").next())
                    .map(|name| name.text.as_str())
                    .collect();
                if names.is_empty() { "aucune".to_owned() } else { names.join(", ") }
            })
            .collect();
        subscribers.push(Subscriber {
            email,
            boxes: alert(&client).await,
            specialites: facts[0].clone(),
            regions: facts[1].clone(),
        });
    }
    subscribers
}

async fn l2_everybody_whose_alert_matches_gets_one_mail_and_a_live_notification(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let intervenant = server.login(logins::INTERVENANT).await;
    set_alert(&intervenant, [false, true, false]).await;
    let subscribers = subscribers(&server, &gestionnaire).await;
    assert!(subscribers.len() > 10 && subscribers.iter().any(|person| person.boxes[2]));
    let (first, second) = (intervenant.tab().await, intervenant.tab().await);
    let before = first.told().counter("notifications").expect("a counter of notifications");

    let form = gestionnaire.get("/gestion/annonces/nouvelle").await;
    let regions = boxes(&form, "regions");
    let bretagne = regions.iter().find(|(_, label)| label == "Bretagne").expect("Bretagne").clone();
    // The spécialité that most people have, so that all the boxes have somebody.
    let (specialite, words) = options(&form, "specialite")
        .into_iter()
        .max_by_key(|(_, words)| {
            subscribers.iter().filter(|person| person.specialites.contains(words.as_str())).count()
        })
        .expect("a spécialité");
    let visitor = server.visitor();
    for (titre, within) in [("Alerte en Bretagne", Some(&bretagne)), ("Alerte partout", None)] {
        let region = within.map(|(code, _)| code.as_str());
        let regions: Vec<&str> = region.into_iter().collect();
        let wording = Wording {
            titre,
            texte: "Pour les alertes.",
            specialite: &specialite,
            regions: &regions,
            ..Wording::default()
        };
        let preview = draft(&gestionnaire, &wording).await;
        let numero = {
            gestionnaire.submit(&publication(&gestionnaire, &preview).await).await;
            eventually("it is found", async || {
                found(&visitor, titre).await.into_iter().find(|row| row.titre == titre).map(|row| row.numero)
            })
            .await
        };
        let expected: BTreeSet<String> = subscribers
            .iter()
            .filter(|person| {
                let by_specialite = person.specialites.split(", ").any(|one| one == words);
                let by_region = match within {
                    Some((_, name)) => person.regions.split(", ").any(|one| one == name),
                    None => person.regions != "aucune",
                };
                (person.boxes[0] && by_specialite)
                    || (person.boxes[1] && by_region)
                    || (person.boxes[2] && by_specialite && by_region)
            })
            .map(|person| person.email.clone())
            .collect();
        assert!(expected.contains(logins::INTERVENANT));
        assert!(expected.len() < subscribers.len(), "not everybody");

        first
            .until("the notification comes", |told| {
                told.notifications.iter().any(|note| note.to_string().contains(titre))
            })
            .await;
        let sent = eventually("every mail is sent", async || {
            let sent = mails::about(&visitor, titre).await;
            let done = sent.len() >= expected.len() && sent.iter().all(|mail| mail.etat == "envoyé");
            done.then_some(sent)
        })
        .await;
        let to: BTreeSet<String> = sent.iter().map(|mail| mail.to.clone()).collect();
        assert_eq!(to, expected, "{titre}, {words}");
        assert_eq!(sent.len(), expected.len(), "one mail each");
        let text = mails::text(&visitor, &sent[0]).await;
        assert!(text.contains(&format!("/annonces/{numero}")), "{text}");
        let said = preview.html().all("main").next().expect("a page").text.clone();
        let promised = match expected.len() {
            1 => "1 intervenant serait prévenu".to_owned(),
            many => format!("{many} intervenants seraient prévenus"),
        };
        assert!(said.contains(&promised), "the form had said « {promised} »: {said}");
    }
    for tab in [&first, &second] {
        let told = tab.until("two notifications count", |told| {
            told.counter("notifications") == Some(before + 2) && told.notifications.len() == 2
        });
        let told = told.await;
        let ids: BTreeSet<String> = told.notifications.iter().map(|note| note["id"].to_string()).collect();
        assert_eq!(ids.len(), 2, "each once: {:?}", told.notifications);
    }
    let page = intervenant.get("/notifications").await;
    assert!(page.body.contains("Alerte en Bretagne") && page.body.contains("Alerte partout"));
}

async fn l2_publishing_twice_or_twelve_times_at_once_alerts_once(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let intervenant = server.login(logins::INTERVENANT).await;
    set_alert(&intervenant, [false, true, false]).await;
    let tab = intervenant.tab().await;
    let wording = Wording { titre: "Une seule alerte", texte: "Zinguerie.", ..Wording::default() };
    let page = draft(&gestionnaire, &wording).await;
    let form = publication(&gestionnaire, &page).await;
    let answers = futures_util::future::join_all((0..12).map(|_| gestionnaire.submit_only(&form))).await;
    assert!(answers.iter().any(|answer| answer.status == 303));
    for answer in &answers {
        assert!([303, 409, 422].contains(&answer.status), "{} {}", answer.status, answer.said());
    }
    tab.until("the notification comes", |told| !told.notifications.is_empty()).await;
    server.stop().await;
    server.start_again().await;
    let again = gestionnaire.submit_only(&form).await;
    assert!([303, 409, 422].contains(&again.status), "{} {}", again.status, again.said());

    // Another annonce goes all the way: what was to come for the first has come.
    publish(&gestionnaire, &Wording { titre: "Et une autre", texte: "Zinguerie.", ..Wording::default() }).await;
    let visitor = server.visitor();
    let everything = async |titre: &str| {
        let mut sent = mails::about(&visitor, titre).await;
        sent.retain(|mail| mail.to == logins::INTERVENANT);
        sent
    };
    eventually("the other's mail", async || (everything("Et une autre").await.len() == 1).then_some(())).await;
    assert_eq!(everything("Une seule alerte").await.len(), 1);
    let rows = found(&visitor, "zinguerie").await;
    assert_eq!(rows.len(), 2, "two numbers: {rows:?}");
    let page = intervenant.get("/notifications").await;
    let html = page.html();
    let told = html.all("li").filter(|row| row.text.contains("Une seule alerte")).count();
    assert_eq!(told, 1);
}

/// The address of the form of an annonce of the structure.
async fn form_of(gestionnaire: &Client, numero: &str) -> String {
    let page = gestionnaire.get(&format!("/annonces/{numero}")).await;
    let html = page.html();
    html.all("a").find(|link| link.text == "Modifier l’annonce").expect("a link").expect("href").to_owned()
}

async fn a4_an_annonce_is_previewed_and_duplicated(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let wording = Wording { titre: "Former des archivistes", texte: "Paléographie.", ..Wording::default() };
    let numero = publish(&gestionnaire, &wording).await;
    let page = gestionnaire.get(&form_of(&gestionnaire, &numero).await).await;
    let copy = gestionnaire.press(&page, "Dupliquer cette annonce").await;
    assert_eq!(copy.status, 200, "{}", copy.said());
    let path = copy.path().to_owned();
    let form = Form::to(&copy, &path);
    assert_eq!(form.value("titre"), Some("Former des archivistes (copie)"));
    assert_eq!(form.value("texte"), Some("Paléographie."));
    assert!(copy.said().contains("copie"), "{}", copy.said());
    eventually("the first is found", async || {
        let all = found(&server.visitor(), "archivistes").await;
        assert!(all.iter().all(|row| !row.titre.contains("copie")), "a copy is a draft: nobody finds it");
        all.iter().any(|row| row.numero == numero).then_some(())
    })
    .await;

    let preview = gestionnaire.get(&format!("{path}/apercu")).await;
    let text: String = preview.html().all("main").map(|main| main.text.clone()).collect();
    assert!(
        text.contains("Aperçu.") && text.contains("Paléographie.") && text.contains("Délégation Bretagne"),
        "{text}"
    );
    assert!(!preview.body.contains("ld+json"));
    let elsewhere = server.login(logins::ELSEWHERE).await;
    assert_eq!(elsewhere.get(&format!("{path}/apercu")).await.status, 404);
    assert_eq!(elsewhere.post(&format!("{path}/dupliquer"), &[]).await.status, 404);
}

async fn a4_an_annonce_is_over_with_its_last_day(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let wording = Wording { titre: "Former des archivistes", texte: "Paléographie.", ..Wording::default() };
    let numero = publish(&gestionnaire, &wording).await;
    let path = form_of(&gestionnaire, &numero).await;
    let today = (chrono::Utc::now() + chrono::Duration::hours(1)).date_naive().to_string();
    let page = gestionnaire.get(&path).await;
    let saved =
        gestionnaire.submit(&Form::pressing(&page, "Enregistrer").set("du", "2026-01-05").set("au", &today)).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    assert_eq!(server.visitor().get(&format!("/annonces/{numero}")).await.status, 200, "its last day is not over");
    #[cfg(feature = "external")]
    {
        let mut server = server;
        server.stop().await;
        server.launch_mut().clock_ahead = 3 * 24 * 3_600;
        server.start_again().await;
        let visitor = server.visitor();
        eventually("it is closed", async || {
            (visitor.get(&format!("/annonces/{numero}")).await.status == 410).then_some(())
        })
        .await;
        eventually("and found no more", async || {
            let all = found(&visitor, "archivistes").await;
            all.iter().all(|row| row.numero != numero).then_some(())
        })
        .await;
    }
}

async fn e3_search_engines_read_an_annonce_and_where_they_all_are(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let texte = "Lire </script><b>des chartes</b>.\n\nDeux jours.";
    let wording = Wording { titre: "Former des archivistes", texte, regions: &["53"], ..Wording::default() };
    let numero = publish(&gestionnaire, &wording).await;
    let visitor = server.visitor();
    let page = visitor.get(&format!("/annonces/{numero}")).await;
    let data = page.body.split("<script type=\"application/ld+json\">").nth(1).expect("the data");
    let data = data.split("</script>").next().expect("its end");
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    assert_eq!((&data["@type"], &data["title"]), (&"JobPosting".into(), &"Former des archivistes".into()));
    let description = data["description"].as_str().expect("a text");
    assert_eq!(description, "<p>Lire &lt;/script&gt;&lt;b&gt;des chartes&lt;/b&gt;.</p><p>Deux jours.</p>");
    assert_eq!(data["jobLocation"][0]["address"]["addressRegion"], "Bretagne");
    assert_eq!(data["identifier"]["value"], numero);
    for name in ["datePosted", "hiringOrganization", "url"] {
        assert!(!data[name].is_null(), "{name}");
    }

    let map = visitor.get("/sitemap.xml").await;
    assert_eq!(map.status, 200);
    let open = visitor.json("/annonces.json").await["total"].as_u64().expect("a number");
    assert_eq!(map.body.matches("/annonces/2").count() as u64, open, "every open annonce, and no other");
    for address in map.body.split("<loc>").skip(1).map(|rest| rest.split("</loc>").next().expect("an address")) {
        let path = address.strip_prefix(&server.url()).expect("an absolute address of this site");
        assert_eq!(visitor.get_only(path).await.status, 200, "{path}");
    }
    let robots = visitor.get("/robots.txt").await;
    assert!(robots.body.contains(&format!("Sitemap: {}/sitemap.xml", server.url())), "{}", robots.body);
}
