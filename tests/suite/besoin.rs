//! From a need to people, and the published rules of every ranking: SPEC G3, G4.

use domain::besoin::{MOTS_ANNONCE, Poids};
use domain::rapprochement::BAREME;

use crate::support::annonces::{Wording, draft, options};
use crate::support::{Client, Engine, Form, Page, Site, both_engines, logins};

both_engines! {
    g3_a_text_gives_its_words_and_these_the_people_who_have_them,
    g3_an_annonce_gives_its_words_to_its_own_structure,
    g3_a_text_that_gives_no_word_is_said_and_stays,
    g4_the_rules_of_every_ranking_are_public_as_they_are_applied,
}

const PATH: &str = "/cvtheque/besoin";

/// A mail as one would forward it; « lutherie » and « vannerie » stand in one file each of the demonstration.
const MAIL: &str = "Bonjour Madame Kervadec,\n\nNous cherchons pour le mardi 12 janvier 2027 à 14h30 quelqu’un qui connaît la \
                    lutherie, et la vannerie. La lutherie surtout.\n\nCordialement,\nM. Trévidic, trevidic@vannerie.example";

/// The words of the page, with the weight of each.
fn words(page: &Page) -> Vec<(String, String)> {
    let form = Form::to(page, PATH);
    let (mots, poids) = (form.values("mot"), form.values("poids"));
    assert_eq!(mots.len(), poids.len(), "{}", page.said());
    mots.into_iter().zip(poids).map(|(mot, poids)| (mot.to_owned(), poids.to_owned())).collect()
}

/// The same form with another weight of one word.
fn weighed(page: &Page, mot: &str, poids: &str) -> Form {
    let mut form = Form::to(page, PATH);
    let at = form.fields.iter().position(|(name, value)| name == "mot" && value == mot).expect("the word");
    poids.clone_into(&mut form.fields[at + 1].1);
    form
}

fn rows(page: &Page) -> Vec<String> {
    let html = page.html();
    html.all("li").filter(|row| row.has_class("hit")).map(|row| row.text.replace('\u{a0}', " ")).collect()
}

async fn pasted(client: &Client, text: &str) -> Page {
    let page = client.get(PATH).await;
    client.submit(&Form::to(&page, PATH).set("texte", text)).await
}

async fn g3_a_text_gives_its_words_and_these_the_people_who_have_them(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let me = server.login(logins::GESTIONNAIRE).await;
    let search = me.get("/cvtheque").await;
    let html = search.html();
    let link = html.all("a").find(|link| link.text == "À partir d’un texte ou d’une annonce").expect("a way there");
    assert_eq!(link.expect("href"), PATH);
    let page = pasted(&me, MAIL).await;
    assert_eq!((page.status, page.path()), (200, PATH), "{}", page.said());
    // The words alone are in the address: neither who wrote, nor when, nor to whom.
    let all = words(&page);
    assert_eq!(all[0], ("lutherie".to_owned(), "important".to_owned()), "the one that comes most often: {all:?}");
    assert!(all.iter().any(|(mot, _)| mot == "vannerie"), "{all:?}");
    for gone in
        ["Kervadec", "Tr%C3%A9vidic", "trevidic", "mardi", "janvier", "2027", "14h30", "Bonjour", "Cordialement"]
    {
        assert!(!page.address.contains(gone), "{gone}: {}", page.address);
    }
    let found = rows(&page);
    assert_eq!(found.len(), 2, "{found:?}");
    let one = found.iter().find(|row| row.contains("lutherie : dans le CV joint (TXT)")).expect("who has it");
    assert!(one.contains("Non trouvés : vannerie."), "{one}");
    // Other weights, another order; the address holds them and is the same page for a colleague.
    let page = me.submit(&weighed(&page, "vannerie", "indispensable")).await;
    assert!(page.address.contains("mot=vannerie&poids=indispensable"), "{}", page.address);
    let found = rows(&page);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("vannerie : dans le CV joint (ODT)"), "{found:?}");
    let colleague = server.login(logins::ELSEWHERE).await;
    assert_eq!(rows(&colleague.get(&page.address).await), found);
    let ignored = me.submit(&weighed(&page, "vannerie", "ignore")).await;
    assert!(rows(&ignored).iter().all(|row| row.contains("lutherie") && !row.contains("vannerie")), "{ignored:?}");
    // A word is added, in another form than the profile has it.
    let added = me.submit(&Form::to(&ignored, PATH).set("ajouter", "la spéléologies")).await;
    assert!(words(&added).contains(&("spéléologies".to_owned(), "important".to_owned())), "{}", added.address);
    assert!(!added.address.contains("ajouter"), "{}", added.address);
    let found = rows(&added);
    assert!(
        found.iter().any(|row| row.contains("spéléologies : sous une autre forme, dans le CV joint (HTML)")),
        "{found:?}"
    );
    // Nobody has a word that must be there.
    let none = me.get(&format!("{PATH}?mot=quintefeuille&poids=indispensable&mot=lutherie&poids=utile")).await;
    assert!(rows(&none).is_empty() && none.main_text().contains("quintefeuille"), "{}", none.said());
    assert_eq!(server.login(logins::INTERVENANT).await.get(&page.address).await.status, 403);
}

async fn g3_an_annonce_gives_its_words_to_its_own_structure(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (me, elsewhere) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::ELSEWHERE).await);
    let wording = Wording {
        titre: "Initiation à la lutherie",
        texte: "Un peu de vannerie.",
        specialite: "finances",
        regions: &["53"],
        ..Wording::default()
    };
    let page = draft(&me, &wording).await;
    let html = page.html();
    let link = html.all("a").find(|link| link.text == "Chercher des profils par ses mots").expect("a way there");
    let link = link.expect("href").to_owned();
    let page = me.get(&link).await;
    assert_eq!((page.status, page.path()), (200, PATH), "{}", page.said());
    let all = words(&page);
    assert_eq!(all[0].0, "lutherie", "the title counts more: {all:?}");
    assert!(all.iter().any(|(mot, _)| mot == "vannerie"), "{all:?}");
    assert!(page.main_text().contains("D’après l’annonce Initiation à la lutherie"), "{}", page.main_text());
    let list = me.get(PATH).await;
    assert!(list.main_text().contains("brouillon · Initiation à la lutherie"), "{}", list.main_text());
    // « Profils suggérés » leads here too, and the page of the annonce's words to the rules.
    let suggested = me.get(&format!("/gestion/annonces/{}/profils", link.split('=').next_back().unwrap_or(""))).await;
    let html = suggested.html();
    assert!(html.all("a").any(|one| one.attribute("href") == Some(&*link)), "{}", suggested.said());
    // Another structure's draft is not found; its words alone, once chosen, are nobody's.
    assert_eq!(elsewhere.get(&link).await.status, 404);
    let shared = elsewhere.get(&page.address).await;
    assert_eq!(shared.status, 200, "{}", shared.said());
    assert!(!shared.main_text().contains("D’après"), "{}", shared.main_text());
    assert!(!elsewhere.get(PATH).await.main_text().contains("Initiation à la lutherie"));
}

async fn g3_a_text_that_gives_no_word_is_said_and_stays(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let me = server.login(logins::GESTIONNAIRE).await;
    for (text, sentence) in [
        (" \n", "Collez le texte du besoin"),
        ("Bonjour, merci. Quintefeuille !", "Aucun mot de ce texte ne distingue"),
        (&"é".repeat(10_001), "Le texte a 1 caractère de trop"),
    ] {
        let page = pasted(&me, text).await;
        assert_eq!(page.status, 422, "{sentence}");
        assert!(page.main_text().contains(sentence), "{sentence}: {}", page.said());
        assert_eq!(Form::to(&page, PATH).value("texte").map(str::trim), Some(text.trim()), "{sentence}");
    }
    assert_eq!(pasted(&me, &format!("lutherie {}", "é".repeat(9_900))).await.status, 200);
    assert_eq!(me.get(&format!("{PATH}?annonce=999999999")).await.status, 404);
}

async fn g4_the_rules_of_every_ranking_are_public_as_they_are_applied(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let home = visitor.get("/").await;
    let html = home.html();
    let link = html.all("a").find(|link| link.text == "Classement des profils").expect("in the footer").expect("href");
    let page = visitor.get(link).await;
    assert_eq!(page.status, 200, "{}", page.said());
    let html = page.html();
    let cells: Vec<String> = html.all("td").map(|cell| cell.text.clone()).collect();
    let mut said = cells.chunks(2);
    for raison in BAREME.iter().flat_map(|(_, raisons)| raisons.iter()) {
        let row = said.next().unwrap_or_else(|| panic!("{}", raison.libelle()));
        let points: String = row[1].chars().filter(char::is_ascii_digit).collect();
        assert_eq!(row[0].replace(['\u{a0}', '\u{202f}'], " "), raison.libelle().replace(['\u{a0}', '\u{202f}'], " "));
        assert_eq!(points.parse::<i32>().expect("points"), raison.points().abs(), "{row:?}");
        assert_eq!(row[1].starts_with('−'), raison.points() < 0, "{row:?}");
    }
    for poids in Poids::ALL {
        assert_eq!(said.next().expect("a weight"), [poids.libelle().to_owned(), poids.facteur().to_string()]);
    }
    assert_eq!(said.next(), None);
    let text = page.main_text().replace('\u{a0}', " ");
    for words in ["L312-1-3", "L311-3-1", "R311-3-1-1", "R311-3-1-2", "il ne décide de rien", "CADA"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.contains(&format!("les {MOTS_ANNONCE} plus parlants")), "{text}");
    let list = options(&server.login(logins::GESTIONNAIRE).await.get(&format!("{PATH}?mot=budget")).await, "poids");
    assert!(list.len() == Poids::ALL.len() && list.iter().any(|(_, words)| words == "indispensable"), "{list:?}");
}
