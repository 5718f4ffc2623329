//! Requests to the support, on both sides: SPEC S1 to S8, X4.

use crate::identifiants::solved;
use crate::support::client::encode;
use crate::support::messagerie::recipient;
use crate::support::{Client, Engine, Form, Page, Server, Site, both_engines, eventually, logins, mails};

both_engines! {
    s1_every_field_is_asked_for_and_kept,
    s2_a_visitors_request_reaches_the_structure_after_the_click,
    s3_another_address_is_for_this_request_or_for_the_profile,
    s4_each_treatment_mails_a_signed_link_that_works_without_a_login,
    s5_a_complement_is_answered_with_a_file,
    s8_the_queue_is_live_and_a_request_is_given_to_somebody,
    s8_a_request_is_transferred_to_another_structure,
    s8_two_requests_of_one_person_are_brought_together,
    s8_a_second_treatment_of_what_has_changed_is_refused_and_nothing_is_doubled,
    s8_notes_templates_and_delays_at_the_desk,
    q1_an_answer_and_a_note_that_are_being_written_stay_whichever_button_is_pressed,
    s7_credentials_that_were_lost_lead_to_provisional_ones,
}

pub const FORM: &str = "/support";
pub const DESK: &str = "/gestion/support";
const VISITOR: &str = "visiteuse@support.example";

/// A form about the account, to Bretagne, but for the address and the captcha.
pub fn filled(page: &Page, objet: &str) -> Form {
    let bretagne = crate::support::annonces::options(page, "structure")
        .into_iter()
        .find(|(_, name)| name == "Délégation Bretagne")
        .expect("Bretagne")
        .0;
    Form::to(page, FORM)
        .set("sorte", "inscription")
        .set("structure", &bretagne)
        .set("prenom", "Rozenn")
        .set("nom", "Le Bihan")
        .set("objet", objet)
        .set("message", "Bonjour,\n\nMon CV n’apparaît pas. Zinzolin.")
}

/// A visitor's request, sent but not confirmed.
async fn asked(client: &Client, email: &str, objet: &str) -> Page {
    let page = client.get(FORM).await;
    let captcha = solved(&page, FORM);
    let form = filled(&page, objet).set("email", email).set("captcha", captcha.value("captcha").expect("an answer"));
    client.submit(&form).await
}

/// The newest link of that kind mailed to somebody.
pub async fn link(client: &Client, to: &str, path: &str, objet: &str) -> String {
    eventually(&format!("a link {path} of « {objet} » mailed to {to}"), async || {
        for mail in mails::about(client, to).await {
            if mail.to != to || !mail.objet.contains(objet) {
                continue;
            }
            let text = mails::text(client, &mail).await;
            let found = text.split_whitespace().find_map(|word| word.find(path).map(|at| word[at..].to_owned()));
            if found.is_some() {
                return found;
            }
        }
        None
    })
    .await
}

/// A visitor's request that has reached the structure: the path of its history.
async fn confirmed(client: &Client, email: &str, objet: &str) -> String {
    asked(client, email, objet).await;
    let path = link(client, email, "/support/confirmation/", "Confirmez").await;
    let page = client.get(&path).await;
    let page = client.submit(&Form::to(&page, &path)).await;
    assert!(page.path().starts_with("/support/historique/"), "{}", page.said());
    page.path().to_owned()
}

/// The page of a request in the queue, by its subject.
pub async fn opened(desk: &Client, objet: &str) -> Page {
    let list = desk.get(DESK).await;
    let html = list.html();
    let link = html.all("a").find(|link| link.text == objet);
    let link = link.unwrap_or_else(|| panic!("« {objet} » in {}", list.main_text()));
    desk.get(link.expect("href")).await
}

/// Presses a button of the page of a request, its form filled in.
pub async fn treat(desk: &Client, page: &Page, button: &str, fields: &[(&str, &str)]) -> Page {
    let mut form = Form::pressing(page, button);
    for (name, value) in fields {
        form = form.set(name, value);
    }
    desk.submit(&form).await
}

async fn site(engine: Engine) -> (Site, Server) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    (site, server)
}

async fn s1_every_field_is_asked_for_and_kept(engine: Engine) {
    let (_site, server) = site(engine).await;
    let visitor = server.visitor();
    let help = visitor.get("/aide").await;
    let html = help.html();
    let link = html.all("a").find(|link| link.text == "Faire une demande de support").expect("a way to it");
    let page = visitor.get(link.expect("href")).await;
    assert_eq!((page.status, page.path()), (200, FORM));
    let empty = visitor.submit(&Form::to(&page, FORM)).await;
    assert_eq!(empty.status, 422, "{}", empty.said());
    for words in [
        "Choisissez le type",
        "Choisissez la structure",
        "Indiquez votre prénom",
        "Indiquez votre nom",
        "de quoi il s’agit",
        "Décrivez votre demande",
        "Recopiez le code affiché",
    ] {
        assert!(empty.body.contains(words), "{words}: {}", empty.said());
    }
    // Each wrong value is said at its field, and everything typed is kept.
    let good = filled(&page, "Mon CV").set("email", VISITOR);
    let long = "é".repeat(10_001);
    for (name, value, why) in [
        ("email", "sans-arobase", "nom@domaine.fr"),
        ("sorte", "voler", "Choisissez le type"),
        ("structure", "999999", "Choisissez la structure"),
        ("objet", &"é".repeat(151), "150 caractères au plus"),
        ("nom", &"é".repeat(81), "80 caractères au plus"),
        ("message", &long, "10000 caractères au plus"),
        ("captcha", "faux", "Ce n’est pas la bonne réponse"),
    ] {
        let page = visitor.submit(&good.clone().set(name, value)).await;
        assert_eq!(page.status, 422, "{name}");
        assert!(page.body.replace('\u{202f}', "").contains(why), "{name}: {}", page.said());
        let kept = Form::to(&page, FORM);
        if !matches!(name, "captcha" | "sorte" | "structure") {
            assert_eq!(kept.value(name), Some(value), "{name} is kept");
        }
        assert_eq!(kept.value("prenom"), Some("Rozenn"), "{name}");
    }
    assert_eq!(mails::about(&visitor, VISITOR).await, [], "nothing left");

    // Who is logged in finds their names, address and structure there, and no captcha.
    let person = server.login(logins::INTERVENANT).await;
    let form = Form::to(&person.get(FORM).await, FORM);
    assert_eq!(form.value("email"), Some(logins::INTERVENANT));
    let name = format!("{} {}", form.value("prenom").unwrap_or_default(), form.value("nom").unwrap_or_default());
    assert_eq!(name, person.name().await);
    assert!(form.value("captcha").is_none());
    let page = person.get(FORM).await;
    let html = page.html();
    let chosen =
        html.all("option").find(|one| one.attribute("selected").is_some() && one.text.starts_with("Délégation"));
    assert_eq!(chosen.expect("a structure").text, "Délégation Bretagne");
}

async fn s2_a_visitors_request_reaches_the_structure_after_the_click(engine: Engine) {
    let (_site, server) = site(engine).await;
    let (visitor, desk) = (server.visitor(), server.login(logins::GESTIONNAIRE).await);
    let tab = desk.tab().await;
    let before = tab.told().counter("support").expect("a counter");
    let page = asked(&visitor, VISITOR, "Mon CV").await;
    assert_eq!(page.status, 200, "{}", page.said());
    assert!(page.main_text().contains(VISITOR) && page.main_text().contains("Cliquez sur le lien"));
    let path = link(&visitor, VISITOR, "/support/confirmation/", "Confirmez votre demande").await;
    // A scanner that follows the link changes nothing; a wrong one opens nothing.
    let page = visitor.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(!desk.get(DESK).await.body.contains("Mon CV"));
    assert_eq!(tab.told().counter("support"), Some(before));
    let wrong = format!("/support/confirmation/{}", "0".repeat(64));
    assert_eq!(visitor.get(&wrong).await.status, 404);

    let done = visitor.submit(&Form::to(&page, &path)).await;
    assert!(done.body.contains("confirmée et transmise"), "{}", done.said());
    tab.until("one more", |told| told.counter("support") == Some(before + 1)).await;
    // Clicked again, from the same mail: the same request, once.
    let again = visitor.get(&path).await;
    let again = visitor.submit(&Form::to(&again, &path)).await;
    assert!(again.path().starts_with("/support/historique/"));
    assert_eq!(tab.told().counter("support"), Some(before + 1));
    let page = opened(&desk, "Mon CV").await;
    assert!(page.main_text().contains("Rozenn Le Bihan") && page.main_text().contains("Zinzolin"), "{}", page.said());
    assert_eq!(mails::told(&visitor, VISITOR, "est transmise").await, 1);
    // Another structure sees nothing of it.
    let elsewhere = server.login(logins::ELSEWHERE).await;
    assert!(!elsewhere.get(DESK).await.body.contains("Mon CV"));
    assert_eq!(elsewhere.get(page.path()).await.status, 404);
}

async fn s3_another_address_is_for_this_request_or_for_the_profile(engine: Engine) {
    let (_site, server) = site(engine).await;
    let person = server.login(logins::INTERVENANT).await;
    let page = person.get(FORM).await;
    let form = filled(&page, "Question").set("email", "autre@support.example");
    let asked = person.submit(&form).await;
    assert_eq!(asked.status, 422);
    assert!(asked.main_text().contains("pour cette demande seulement") && asked.main_text().contains("mon profil"));
    // The profile: one goes to change it, and the request is given up.
    let away = person.submit(&Form::to(&asked, FORM).set("adresse", "profil")).await;
    assert_eq!(away.path(), "/mon-compte/adresse", "{}", away.said());
    assert!(away.body.contains("La demande est abandonnée"));
    assert!(person.get("/mon-compte/demandes").await.body.contains("Vous n’avez fait aucune demande"));
    // This request only: it is mailed there, the login stays.
    let sent = person.submit(&Form::to(&asked, FORM).set("adresse", "demande")).await;
    assert_eq!(sent.path(), "/mon-compte/demandes", "{}", sent.said());
    assert!(sent.main_text().contains("Question"));
    link(&person, "autre@support.example", "/support/historique/", "est transmise").await;
    assert_eq!(mails::told(&person, logins::INTERVENANT, "demande de support").await, 0);
    assert_eq!(Form::to(&person.get(FORM).await, FORM).value("email"), Some(logins::INTERVENANT));
    // With one's own address nothing is asked, however it is written; posted twice it is one request.
    let form = filled(&person.get(FORM).await, "Une seule fois").set("email", &logins::INTERVENANT.to_uppercase());
    for _ in 0..2 {
        assert_eq!(person.submit(&form).await.path(), "/mon-compte/demandes");
    }
    let list = person.get("/mon-compte/demandes").await;
    assert_eq!(list.body.matches("Une seule fois").count(), 1, "{}", list.main_text());
    assert_eq!(mails::told(&person, logins::INTERVENANT, "est transmise").await, 1);
}

async fn s4_each_treatment_mails_a_signed_link_that_works_without_a_login(engine: Engine) {
    let (_site, server) = site(engine).await;
    let (visitor, desk) = (server.visitor(), server.login(logins::GESTIONNAIRE).await);
    let first = confirmed(&visitor, VISITOR, "Mon CV").await;
    let page = opened(&desk, "Mon CV").await;
    let page = treat(&desk, &page, "Confier", &[("a", &value(&page, "a", &desk.name().await))]).await;
    assert_eq!(mails::told(&visitor, VISITOR, "en cours de traitement").await, 1, "{}", page.said());
    let answered = treat(&desk, &page, "Répondre sans clore", &[("texte", "Nous regardons.")]).await;
    assert_eq!(mails::told(&visitor, VISITOR, "en cours de traitement").await, 2, "{}", answered.said());
    let done = treat(&desk, &answered, "Répondre et clore", &[("texte", "C’est réparé.")]).await;
    assert!(done.body.contains("prévenue par courriel"), "{}", done.said());
    let last = link(&visitor, VISITOR, "/support/historique/", "est close").await;

    // Each of the links opens the whole history to whoever has it, in any browser; the mail says nothing of the answer.
    let anybody = server.visitor();
    for path in [&first, &last] {
        let page = anybody.get(path).await;
        let text = page.main_text();
        for words in ["Mon CV", "Zinzolin", "Nous regardons.", "C’est réparé.", "close", "Délégation Bretagne"] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(!text.contains(&desk.name().await), "not who of the structure: {text}");
    }
    for mail in mails::about(&visitor, VISITOR).await {
        let text = mails::text(&visitor, &mail).await;
        assert!(!text.contains("C’est réparé") && !text.contains("Zinzolin"), "{text}");
    }
    // A closed one takes no answer. No other word opens it: not the next request's, not a later end, not a cut one.
    let word = first.strip_prefix("/support/historique/").expect("a word");
    let parts: Vec<&str> = word.split('-').collect();
    let number: i64 = parts[0].parse().expect("an id");
    let until: i64 = parts[1].parse().expect("an end");
    for wrong in [
        format!("{}-{}-{}", number + 1, parts[1], parts[2]),
        format!("{}-{}-{}", parts[0], until + 86_400, parts[2]),
        format!("{}-{}-{}", parts[0], parts[1], &parts[2][..31]),
        format!("{}-{}-{}", parts[0], parts[1], "0".repeat(32)),
        format!("{}-{}", parts[0], parts[1]),
        format!("{word}-"),
        "1".into(),
        "--".into(),
        encode("é-1-2"),
        "9".repeat(400),
    ] {
        let page = anybody.get(&format!("/support/historique/{wrong}")).await;
        assert_eq!(page.status, 404, "{wrong}");
    }
}

/// The value of the option that says this.
fn value(page: &Page, select: &str, words: &str) -> String {
    let all = crate::support::annonces::options(page, select);
    all.into_iter().find(|(_, label)| label == words).unwrap_or_else(|| panic!("no {words}")).0
}

async fn s5_a_complement_is_answered_with_a_file(engine: Engine) {
    let (_site, server) = site(engine).await;
    let (visitor, desk) = (server.visitor(), server.login(logins::GESTIONNAIRE).await);
    confirmed(&visitor, VISITOR, "Mon CV").await;
    let tab = desk.tab().await;
    let before = tab.told().counter("support").expect("a counter");
    let page = opened(&desk, "Mon CV").await;
    let asked = treat(&desk, &page, "Demander un complément", &[("texte", "Envoyez-nous le fichier.")]).await;
    assert!(asked.main_text().contains("complément demandé"), "{}", asked.said());
    tab.until("it waits for her", |told| told.counter("support") == Some(before - 1)).await;
    let path = link(&visitor, VISITOR, "/support/historique/", "Un complément est demandé").await;
    let history = visitor.get(&path).await;
    assert!(
        history.main_text().contains("Répondez avant le") && history.main_text().contains("Envoyez-nous le fichier.")
    );

    // Wrong files and empty texts get a sentence, and what was typed stays.
    let form = Form::to(&history, &path).set("texte", "Le voici.");
    for (name, bytes, why) in [
        ("cv.txt", b"Bonjour".to_vec(), "pas accepté"),
        ("cv.pdf", b"Bonjour".to_vec(), "fichier"),
        ("cv.exe", b"MZ\x90\x00".to_vec(), "fichier"),
        ("gros.png", [b"\x89PNG\r\n\x1a\n".to_vec(), vec![0; 2_100_000]].concat(), "2"),
    ] {
        let refused = visitor.upload(&form, "piece", name, bytes).await;
        assert_eq!(refused.status, 422, "{name}: {}", refused.said());
        assert!(refused.body.contains(why), "{name}: {}", refused.said());
        assert_eq!(Form::to(&refused, &path).value("texte"), Some("Le voici."), "{name}");
    }
    let empty = visitor.upload(&form.clone().set("texte", " "), "piece", "cv.pdf", pdf()).await;
    assert!(empty.status == 422 && empty.body.contains("Écrivez votre message"), "{}", empty.said());
    // Sent twice: one message, one file.
    for _ in 0..2 {
        let sent = visitor.upload(&form, "piece", "Mon CV signé.pdf", pdf()).await;
        assert_eq!((sent.status, sent.path()), (200, path.as_str()), "{}", sent.said());
    }
    tab.until("it is back", |told| told.counter("support") == Some(before)).await;
    let page = opened(&desk, "Mon CV").await;
    assert_eq!(page.main_text().matches("Le voici.").count(), 1);
    let html = page.html();
    let links: Vec<_> = html.all("a").filter(|link| link.text == "Mon CV signé.pdf").collect();
    assert_eq!(links.len(), 1);
    let file = desk.get(links[0].expect("href")).await;
    assert_eq!((file.status, file.body.starts_with("%PDF")), (200, true));
    // Her link gives her the file; another structure, another request's link, a stranger do not.
    let id = links[0].expect("href").rsplit('/').next().expect("an id").to_owned();
    assert_eq!(visitor.get(&format!("{path}?piece={id}")).await.status, 200);
    let elsewhere = server.login(logins::ELSEWHERE).await;
    assert_eq!(elsewhere.get(links[0].expect("href")).await.status, 404);
    let other = confirmed(&visitor, "autre@support.example", "Autre chose").await;
    assert_eq!(visitor.get(&format!("{other}?piece={id}")).await.status, 404);
    assert_eq!(server.visitor().get_only(links[0].expect("href")).await.status, 303);
    // Whom it is given to is told.
    let notices = desk.get("/notifications").await;
    assert!(notices.body.contains("a répondu à la demande"), "{}", notices.said());
}

/// A small PDF of one empty page.
fn pdf() -> Vec<u8> {
    let mut all = b"%PDF-1.4\n".to_vec();
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
    ];
    let mut offsets = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        offsets.push(all.len());
        all.extend(format!("{} 0 obj\n{object}\nendobj\n", number + 1).bytes());
    }
    let xref = all.len();
    all.extend(b"xref\n0 4\n0000000000 65535 f \n");
    for offset in offsets {
        all.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    all.extend(format!("trailer << /Size 4 /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n").bytes());
    all
}

async fn s8_the_queue_is_live_and_a_request_is_given_to_somebody(engine: Engine) {
    let (_site, server) = site(engine).await;
    let (visitor, desk) = (server.visitor(), server.login(logins::GESTIONNAIRE).await);
    let colleague = server.login(logins::COLLEAGUE).await;
    let tabs = [desk.tab().await, colleague.tab().await];
    let before = tabs[0].told().counter("support").expect("a counter");
    confirmed(&visitor, VISITOR, "Mon CV").await;
    for tab in &tabs {
        tab.until("one more", |told| told.counter("support") == Some(before + 1)).await;
    }
    let page = opened(&desk, "Mon CV").await;
    let hers = colleague.name().await;
    let given = treat(&desk, &page, "Confier", &[("a", &value(&page, "a", &hers))]).await;
    assert!(given.main_text().contains("en cours de traitement"), "{}", given.said());
    tabs[1].until("she is told", |told| !told.notifications.is_empty()).await;
    assert!(colleague.get(&format!("{DESK}?a=moi")).await.body.contains("Mon CV"));
    assert!(!desk.get(&format!("{DESK}?a=moi")).await.body.contains("Mon CV"));
    // Who else looks is shown.
    let mine = opened(&colleague, "Mon CV").await;
    assert!(mine.html().by_class("live").expect("who else").text.contains(&desk.name().await), "{}", mine.said());
    // To nobody of another structure.
    for wrong in ["1", "999999", "abc", "-1"] {
        let now = opened(&desk, "Mon CV").await;
        let refused = treat(&desk, &now, "Confier", &[("a", wrong)]).await;
        assert_eq!(refused.status, 422, "{wrong}: {}", refused.said());
    }
    // Closed, it leaves the queue, and stands among the closed ones.
    let now = opened(&desk, "Mon CV").await;
    treat(&desk, &now, "Répondre et clore", &[("texte", "C’est fait.")]).await;
    for tab in &tabs {
        tab.until("as before", |told| told.counter("support") == Some(before)).await;
    }
    assert!(!desk.get(DESK).await.body.contains("Mon CV"));
    assert!(desk.get(&format!("{DESK}?etat=closes")).await.body.contains("Mon CV"));
    let late = [("texte", "Encore un mot."), ("jeton", "un-autre-formulaire")];
    let late = treat(&desk, &now, "Répondre sans clore", &late).await;
    assert_eq!(late.status, 409, "{}", late.said());
}

async fn s8_a_request_is_transferred_to_another_structure(engine: Engine) {
    let (_site, server) = site(engine).await;
    let (visitor, desk) = (server.visitor(), server.login(logins::GESTIONNAIRE).await);
    let elsewhere = server.login(logins::ELSEWHERE).await;
    let history = confirmed(&visitor, VISITOR, "Mon CV").await;
    let there = elsewhere.tab().await;
    let before = there.told().counter("support").expect("a counter");
    let page = opened(&desk, "Mon CV").await;
    let none = treat(&desk, &page, "Transférer", &[("vers", "")]).await;
    assert!(none.status == 422 && none.body.contains("Choisissez la structure"), "{}", none.said());
    let structure = elsewhere.get("/tableau-de-bord").await;
    let named = crate::support::annonces::options(&page, "vers");
    let (to, nom) = named.into_iter().find(|(_, nom)| structure.body.contains(nom.as_str())).expect("their structure");
    let moved = treat(&desk, &page, "Transférer", &[("vers", &to)]).await;
    assert_eq!(moved.path(), DESK, "{}", moved.said());
    there.until("they have it", |told| told.counter("support") == Some(before + 1)).await;
    assert!(!desk.get(DESK).await.body.contains("Mon CV"));
    assert_eq!(desk.get(page.path()).await.status, 404, "it is theirs alone");
    let theirs = opened(&elsewhere, "Mon CV").await;
    assert!(theirs.main_text().contains("Zinzolin") && theirs.main_text().contains(&nom), "{}", theirs.said());
    // She reads it, and her link still works.
    let text = visitor.get(&history).await.main_text();
    assert!(text.contains(&format!("autre structure : {nom}")), "{text}");
    assert_eq!(mails::told(&visitor, VISITOR, "est transmise").await, 2);
}

async fn q1_an_answer_and_a_note_that_are_being_written_stay_whichever_button_is_pressed(engine: Engine) {
    let (_site, server) = site(engine).await;
    let (visitor, desk) = (server.visitor(), server.login(logins::GESTIONNAIRE).await);
    confirmed(&visitor, VISITOR, "Mon CV").await;
    confirmed(&visitor, VISITOR, "Une seconde fois").await;
    let page = opened(&desk, "Mon CV").await;
    let holds = |page: &Page, texte: &str, note: &str| {
        let form = Form::pressing(page, "Ajouter la note");
        assert_eq!((form.value("texte"), form.value("note")), (Some(texte), Some(note)), "{}", page.said());
    };
    let (texte, note) = ("Nous regardons, zinzolin.", "Amarante entre nous.");
    let me = value(&page, "a", &desk.name().await);
    let given = treat(&desk, &page, "Confier", &[("a", &me), ("texte", texte), ("note", note)]).await;
    assert!(given.status == 200 && given.body.contains("C’est noté"), "{}", given.said());
    holds(&given, texte, note);
    // A page that is left takes nothing along: it is not left.
    for button in ["Transférer", "Réunir à celle-là"] {
        let vers = crate::support::annonces::options(&given, "vers").pop().expect("a structure").0;
        let stays = treat(&desk, &given, button, &[("vers", &vers)]).await;
        assert!(stays.status == 422 && stays.body.contains("Votre réponse n’est pas envoyée"), "{}", stays.said());
        holds(&stays, texte, note);
    }
    let noted = treat(&desk, &given, "Ajouter la note", &[]).await;
    assert!(noted.body.contains("La note est ajoutée"), "{}", noted.said());
    holds(&noted, texte, "");
    let answered = treat(&desk, &noted, "Répondre sans clore", &[("note", "Carmin.")]).await;
    assert!(answered.main_text().contains(texte) && answered.main_text().contains(note), "{}", answered.said());
    holds(&answered, "", "Carmin.");
}

async fn s8_two_requests_of_one_person_are_brought_together(engine: Engine) {
    let (_site, server) = site(engine).await;
    let (visitor, desk) = (server.visitor(), server.login(logins::GESTIONNAIRE).await);
    let first = confirmed(&visitor, VISITOR, "Une première fois").await;
    let second = confirmed(&visitor, VISITOR, "Une seconde fois").await;
    confirmed(&visitor, "autre@support.example", "De quelqu’un d’autre").await;
    let page = opened(&desk, "Une seconde fois").await;
    let text = page.main_text();
    assert!(text.contains("Une première fois") && !text.contains("De quelqu’un d’autre"), "{text}");
    let both = treat(&desk, &page, "Réunir à celle-là", &[]).await;
    assert!(both.body.contains("Les deux demandes sont réunies"), "{}", both.said());
    assert!(both.main_text().contains("Une première fois"), "{}", both.said());
    assert_eq!(both.main_text().matches("Zinzolin").count(), 2, "both threads");
    assert!(!desk.get(DESK).await.body.contains("Une seconde fois"));
    // Both of her links lead to the one that goes on.
    for path in [&first, &second] {
        let page = visitor.get(path).await;
        assert!(page.main_text().contains("Une première fois"), "{}", page.said());
        assert_eq!(page.main_text().matches("Zinzolin").count(), 2);
    }
    // Not with somebody else's, whatever is posted.
    let other = opened(&desk, "De quelqu’un d’autre").await;
    let version = Form::pressing(&other, "Confier").value("version").expect("a version").to_owned();
    let id = both.path().rsplit('/').next().expect("an id").to_owned();
    let page = desk.post(other.path(), &[("action", "reunir"), ("version", &version), ("dans", &id)]).await;
    assert!(page.status == 422 && page.body.contains("même adresse électronique"), "{}", page.said());
}

async fn s8_a_second_treatment_of_what_has_changed_is_refused_and_nothing_is_doubled(engine: Engine) {
    let (_site, server) = site(engine).await;
    let (visitor, desk) = (server.visitor(), server.login(logins::GESTIONNAIRE).await);
    let colleague = server.login(logins::COLLEAGUE).await;
    let history = confirmed(&visitor, VISITOR, "Mon CV").await;
    let (mine, hers) = (opened(&desk, "Mon CV").await, opened(&colleague, "Mon CV").await);
    let form = Form::pressing(&mine, "Répondre sans clore").set("texte", "Ma réponse.");
    // A double click, and the answer that was lost on the way: once.
    let answers = futures_util::future::join_all((0..6).map(|_| desk.submit_only(&form))).await;
    for answer in &answers {
        assert_eq!(answer.status, 303, "{}", answer.said());
    }
    let late = treat(&colleague, &hers, "Répondre et clore", &[("texte", "Sa réponse.")]).await;
    assert!(late.status == 409 && late.body.contains("a changé depuis l’ouverture"), "{}", late.said());
    assert_eq!(Form::pressing(&late, "Répondre et clore").value("texte"), Some("Sa réponse."), "what she typed stays");
    // Another text under the same token is no repetition: it is not lost, and goes once it was read again.
    let other = desk.submit(&form.clone().set("texte", "Ma réponse, changée.")).await;
    assert_eq!(other.status, 409, "{}", other.said());
    assert_eq!(Form::pressing(&other, "Répondre et clore").value("texte"), Some("Ma réponse, changée."));
    let text = visitor.get(&history).await.main_text();
    assert_eq!((text.matches("Ma réponse.").count(), text.contains("Sa réponse.")), (1, false), "{text}");
    // Read again, it goes.
    let done = colleague.submit(&Form::pressing(&late, "Répondre et clore")).await;
    assert!(done.main_text().contains("Sa réponse.") && done.main_text().contains("close"), "{}", done.said());
    assert_eq!(mails::told(&visitor, VISITOR, "est close").await, 1);
    for word in ["", "voler"] {
        assert_eq!(desk.post(mine.path(), &[("action", word), ("version", "1")]).await.status, 400);
    }
}

async fn s8_notes_templates_and_delays_at_the_desk(engine: Engine) {
    let (_site, server) = site(engine).await;
    let (visitor, desk) = (server.visitor(), server.login(logins::GESTIONNAIRE).await);
    let history = confirmed(&visitor, VISITOR, "Mon CV").await;
    let page = desk.get("/messagerie/modeles").await;
    let form = Form::to(&page, "/messagerie/modeles").set("nom", "Accusé").set("action", "enregistrer");
    desk.submit(&form.set("texte", "Bonjour {prenom} {nom},\n\n{gestionnaire}, {structure}")).await;

    let page = opened(&desk, "Mon CV").await;
    let noted = treat(&desk, &page, "Ajouter la note", &[("note", "Amarante entre nous.")]).await;
    assert!(noted.main_text().contains("Amarante entre nous."), "{}", noted.said());
    let model = value(&noted, "modele", "Accusé");
    let filled = treat(&desk, &noted, "Insérer au début", &[("modele", &model), ("texte", "À bientôt.")]).await;
    let typed = Form::pressing(&filled, "Répondre et clore").value("texte").expect("a text").to_owned();
    let mine = desk.name().await;
    assert!(typed.starts_with("Bonjour Rozenn Le Bihan,") && typed.ends_with("\n\nÀ bientôt."), "{typed}");
    assert!(typed.contains(&format!("{mine}, Délégation Bretagne")), "{typed}");
    let sent = desk.submit(&Form::pressing(&filled, "Répondre et clore")).await;
    assert!(sent.body.contains("prévenue par courriel"), "{}", sent.said());
    // She reads the answer and nothing of the note.
    let text = visitor.get(&history).await.main_text();
    assert!(text.contains("Bonjour Rozenn Le Bihan") && !text.contains("Amarante"), "{text}");
    let figures = desk.get(&format!("{DESK}/statistiques")).await.main_text();
    assert!(figures.contains("Inscription et CV") && figures.contains("moins d’une heure"), "{figures}");
    let elsewhere = server.login(logins::ELSEWHERE).await;
    let theirs = elsewhere.get(&format!("{DESK}/statistiques?jours=365")).await;
    assert!(!theirs.main_text().contains("moins d’une heure"), "{}", theirs.said());
}

async fn s7_credentials_that_were_lost_lead_to_provisional_ones(engine: Engine) {
    let (_site, server) = site(engine).await;
    let (visitor, desk) = (server.visitor(), server.login(logins::GESTIONNAIRE).await);
    // Every kind of the manual can be chosen.
    let page = visitor.get("/mot-de-passe-oublie").await;
    let html = page.html();
    let link = html.all("a").find(|link| link.text == "Faites une demande").expect("a way").expect("href").to_owned();
    let page = visitor.get(&link).await;
    assert_eq!(crate::support::annonces::options(&page, "sorte").len(), 9);
    let form = Form::to(&page, FORM);
    assert_eq!(form.value("sorte"), Some("identifiants_perdus"));
    let person = server.login(logins::INTERVENANT).await;
    let name = person.name().await;
    let (prenom, nom) = name.split_once(' ').expect("two names");
    let captcha = solved(&page, FORM);
    let form = filled(&page, "Tout perdu").set("sorte", "identifiants_perdus").set("prenom", prenom).set("nom", nom);
    visitor.submit(&form.set("email", VISITOR).set("captcha", captcha.value("captcha").expect("an answer"))).await;
    let path = self::link(&visitor, VISITOR, "/support/confirmation/", "Confirmez").await;
    visitor.submit(&Form::to(&visitor.get(&path).await, &path)).await;
    let page = opened(&desk, "Tout perdu").await;
    let html = page.html();
    let link = html.all("a").find(|link| link.text == "Donner des identifiants provisoires").expect("the way to K6");
    let found = desk.get(link.expect("href")).await;
    assert!(found.main_text().contains(&name), "{}", found.said());
    recipient(&desk, &name).await;
}

/// The ids of a request of that structure and of a file of it.
pub async fn kept(visitor: &Client, desk: &Client, structure: &str) -> (String, String) {
    let page = visitor.get(FORM).await;
    let to = value(&page, "structure", structure);
    let captcha = solved(&page, FORM);
    let form = filled(&page, "Droits").set("structure", &to).set("email", &format!("{to}@droits.example"));
    visitor.submit(&form.set("captcha", captcha.value("captcha").expect("an answer"))).await;
    let path = link(visitor, &format!("{to}@droits.example"), "/support/confirmation/", "Confirmez").await;
    let page = visitor.submit(&Form::to(&visitor.get(&path).await, &path)).await;
    let history = page.path().to_owned();
    let form = Form::to(&page, &history).set("texte", "Une pièce.");
    visitor.upload(&form, "piece", "piece.pdf", pdf()).await;
    let page = opened(desk, "Droits").await;
    let html = page.html();
    let piece = html.all("a").find(|link| link.text == "piece.pdf").expect("the file").expect("href").to_owned();
    let last = |path: &str| path.rsplit('/').next().expect("an id").to_owned();
    (last(page.path()), last(&piece))
}

#[cfg(feature = "external")]
both_engines! {
    s2_a_request_that_nobody_confirms_is_dropped_after_seven_days,
    s6_thirty_days_without_an_answer_close_the_request_after_a_reminder,
    x4_an_archived_account_is_brought_back_from_a_request,
}

#[cfg(feature = "external")]
async fn s2_a_request_that_nobody_confirms_is_dropped_after_seven_days(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let visitor = server.visitor();
    asked(&visitor, VISITOR, "Jamais confirmée").await;
    let path = link(&visitor, VISITOR, "/support/confirmation/", "Confirmez").await;
    server.days_later(6).await;
    assert_eq!(server.visitor().get(&path).await.status, 200, "the last days count");
    server.days_later(9).await;
    let visitor = server.visitor();
    eventually("it is dropped", async || (visitor.get(&path).await.status == 404).then_some(())).await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    for list in ["", "?etat=complement", "?etat=closes"] {
        assert!(!desk.get(&format!("{DESK}{list}")).await.body.contains("Jamais confirmée"));
    }
}

#[cfg(feature = "external")]
async fn s6_thirty_days_without_an_answer_close_the_request_after_a_reminder(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let (visitor, desk) = (server.visitor(), server.login(logins::GESTIONNAIRE).await);
    confirmed(&visitor, VISITOR, "Sans réponse").await;
    confirmed(&visitor, "prompte@support.example", "Avec réponse").await;
    for objet in ["Sans réponse", "Avec réponse"] {
        let page = opened(&desk, objet).await;
        treat(&desk, &page, "Demander un complément", &[("texte", "Votre numéro ?")]).await;
    }
    let path = link(&visitor, "prompte@support.example", "/support/historique/", "complément est demandé").await;
    server.days_later(20).await;
    let visitor = server.visitor();
    let form = Form::to(&visitor.get(&path).await, &path).set("texte", "Le voici.");
    let sent = visitor.upload(&form, "piece", "", "").await;
    assert_eq!(sent.status, 200, "{}", sent.said());
    assert_eq!(mails::told(&visitor, VISITOR, "Rappel : un complément").await, 0, "not yet");
    server.days_later(24).await;
    let visitor = server.visitor();
    eventually("the reminder", async || {
        (mails::told(&visitor, VISITOR, "Rappel : un complément").await == 1).then_some(())
    })
    .await;
    assert_eq!(mails::told(&visitor, VISITOR, "est close").await, 0);
    server.days_later(33).await;
    let visitor = server.visitor();
    eventually("it is closed", async || (mails::told(&visitor, VISITOR, "est close").await == 1).then_some(())).await;
    assert_eq!(mails::told(&visitor, VISITOR, "Rappel : un complément").await, 1, "reminded once");
    let path = link(&visitor, VISITOR, "/support/historique/", "est close").await;
    let text = visitor.get(&path).await.main_text();
    assert!(text.contains("n’est pas venu dans les 30 jours") && text.contains("Cette demande est close"), "{text}");
    assert_eq!(mails::told(&visitor, "prompte@support.example", "Rappel").await, 0);
    let desk = server.login(logins::GESTIONNAIRE).await;
    assert!(desk.get(DESK).await.body.contains("Avec réponse"), "who answered is still waiting for the structure");
    // The links die with their time.
    server.days_later(130).await;
    assert_eq!(server.visitor().get(&path).await.status, 410);
}

/// An account whose registration was archived for want of a complement; seventy days pass.
#[cfg(feature = "external")]
pub async fn archived(server: &mut Server) {
    use crate::support::inscription::{ANNE, transmitted};
    transmitted(server, &ANNE).await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    crate::etats::decide(&desk, ANNE.nom, "Envoyer la demande de complément").await;
    // Warned twice, then archived for want of an answer.
    for days in [50, 60, 70] {
        server.days_later(days).await;
        let visitor = server.visitor();
        let expected = if days == 70 { "Votre inscription est archivée" } else { "Rappel : un complément" };
        let count = if days == 60 { 2 } else { 1 };
        eventually(expected, async || (mails::told(&visitor, ANNE.email, expected).await == count).then_some(())).await;
    }
}

#[cfg(feature = "external")]
async fn x4_an_archived_account_is_brought_back_from_a_request(engine: Engine) {
    use crate::support::inscription::ANNE;
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    archived(&mut server).await;
    let (visitor, desk) = (server.visitor(), server.login(logins::GESTIONNAIRE).await);
    assert_eq!(visitor.login(ANNE.email, logins::PASSWORD).await.path(), "/authentification/");
    // She asks for it from the page that says so.
    let again = crate::support::inscription::ask(&server.visitor(), &ANNE).await;
    let html = again.html();
    let to = html.all("a").find(|link| link.text == "Demander la réactivation").expect("where to ask").expect("href");
    let page = visitor.get(to).await;
    assert_eq!(Form::to(&page, FORM).value("sorte"), Some("reactivation"), "{}", page.said());
    let captcha = solved(&page, FORM);
    let form = filled(&page, "Compte à rouvrir").set("sorte", "reactivation").set("email", ANNE.email);
    visitor.submit(&form.set("captcha", captcha.value("captcha").expect("an answer"))).await;
    let path = link(&visitor, ANNE.email, "/support/confirmation/", "Confirmez").await;
    visitor.submit(&Form::to(&visitor.get(&path).await, &path)).await;
    let page = opened(&desk, "Compte à rouvrir").await;
    assert!(page.main_text().contains(ANNE.nom) && page.main_text().contains("archivé"), "{}", page.said());
    let form = Form::pressing(&page, "Réactiver ce compte");
    let done = desk.submit(&form).await;
    assert!(done.body.contains("Le compte est réactivé"), "{}", done.said());
    let late = desk.submit(&form).await;
    assert_eq!(late.status, 409, "once: {}", late.said());
    // She sets a password by the link, and goes on where she was, with two months before her.
    let path = link(&visitor, ANNE.email, "/mot-de-passe/", "Votre compte est réactivé").await;
    let page = visitor.get(&path).await;
    let form =
        Form::to(&page, &path).set("mot_de_passe", "Rouverte-2027!").set("mot_de_passe_confirmation", "Rouverte-2027!");
    let set = visitor.submit(&form).await;
    assert_eq!(set.status, 200, "{}", set.said());
    let client = server.visitor();
    let board = client.login(ANNE.email, "Rouverte-2027!").await;
    assert_eq!(board.path(), "/tableau-de-bord", "{}", board.said());
    assert!(board.main_text().contains("Ce que vous devez faire"), "{}", board.said());
    server.days_later(75).await;
    let client = server.visitor();
    assert_eq!(client.login(ANNE.email, "Rouverte-2027!").await.path(), "/tableau-de-bord", "it is not archived again");
    // An account that is nobody's request is not brought back, whatever is posted.
    let desk = server.login(logins::GESTIONNAIRE).await;
    let page = opened(&desk, "Compte à rouvrir").await;
    let version = Form::pressing(&page, "Confier").value("version").expect("a version").to_owned();
    let forged = [("action", "reactiver"), ("version", version.as_str()), ("compte", "1")];
    assert_eq!(desk.post(page.path(), &forged).await.status, 409);
}
