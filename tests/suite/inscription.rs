//! « Déposer un CV », the activation, and what a stranger can't learn from them: SPEC I1 to I3, I8, Q9.

use crate::identifiants::solved;
use crate::support::inscription::{ANNE, Person, activation, ask, filled, register};
use crate::support::{Client, Engine, Form, Page, Server, Site, both_engines, eventually, logins, mails};

both_engines! {
    i1_who_registers_gets_a_link_and_every_mistake_is_said,
    i1_the_three_texts_are_links_to_be_opened_first,
    i1_every_mistake_is_said_at_once_the_captcha_among_them,
    i1_who_mends_what_is_named_is_not_stopped_again,
    i1_a_password_typed_right_is_asked_for_once,
    i1_a_captcha_answered_right_is_not_asked_again,
    i2_a_stranger_reads_the_same_whether_or_not_an_account_exists,
    i2_an_address_that_waits_for_its_activation_can_be_registered_again,
    i3_the_link_acts_by_its_button_alone_and_once,
    i3_in_another_browser_the_password_is_asked_for,
    i3_the_activation_email_comes_again_and_the_screen_says_nothing_of_accounts,
    i3_of_two_accounts_of_one_person_the_first_activated_stays,
    i8_who_comes_from_an_annonce_has_its_structure_and_no_other,
    q9_the_most_used_passwords_are_refused_at_the_registration,
}

fn errors(page: &Page) -> Vec<String> {
    let html = page.html();
    let summary = html.by_class("summary").unwrap_or_else(|| panic!("a summary: {}", page.said()));
    let fields = html.inside(summary, "a").map(|link| link.expect("href").trim_start_matches('#').to_owned());
    fields.collect()
}

async fn i1_who_registers_gets_a_link_and_every_mistake_is_said(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let home = visitor.get("/").await;
    assert!(home.body.contains("href=\"/inscription\""), "the home page leads there (P2)");
    let page = visitor.get("/inscription").await;
    for field in ["nom", "prenom", "date_naissance", "email", "email_confirmation", "mot_de_passe"] {
        let html = page.html();
        let label = html.all("label").find(|label| label.attribute("for") == Some(field)).expect("a label");
        assert!(label.text.ends_with('*'), "{field} is starred: {}", label.text);
    }

    let empty = visitor.submit(&Form::to(&page, "/inscription")).await;
    assert_eq!(empty.status, 422);
    let expected = [
        "civilite",
        "nom",
        "prenom",
        "date_naissance",
        "email",
        "email_confirmation",
        "mot_de_passe",
        "conditions",
        "donnees",
        "cookies",
        "captcha",
    ];
    assert_eq!(errors(&empty), expected);
    assert!(empty.html().all("title").any(|title| title.text.starts_with("Erreur : ")));

    for (field, wrong) in [
        ("civilite", "Roi"),
        ("nom", "123"),
        ("prenom", " "),
        ("date_naissance", "31/02/1968"),
        ("date_naissance", "02/05/2025"),
        ("email", "anne"),
        ("email_confirmation", "autre@candidats.example"),
        ("mot_de_passe", "court"),
        ("cookies", ""),
        ("captcha", "faux"),
    ] {
        let page = visitor.get("/inscription").await;
        let form = filled(&page, &ANNE).set(field, wrong);
        let refused = visitor.submit(&form).await;
        assert_eq!(refused.status, 422, "{field}");
        assert!(errors(&refused).contains(&field.to_owned()), "{field}: {:?}", errors(&refused));
        let again = Form::to(&refused, "/inscription");
        if field != "nom" {
            assert_eq!(again.value("nom"), Some(ANNE.nom), "what was typed is kept");
        }
        assert_eq!(again.value("mot_de_passe"), Some(""), "but the password");
    }

    let asked = ask(&visitor, &ANNE).await;
    assert_eq!(asked.status, 200, "{}", asked.said());
    assert!(asked.body.contains(ANNE.email) && asked.body.contains("7 jours"));
    let path = activation(&visitor, ANNE.email).await;
    assert_eq!(visitor.get(&path).await.status, 200);
    let early = server.visitor().login(ANNE.email, logins::PASSWORD).await;
    assert_eq!(early.status, 422, "no login before the activation");
}

async fn i1_every_mistake_is_said_at_once_the_captcha_among_them(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (numero, _) = annonce(&server).await;
    let visitor = server.visitor();
    let page = visitor.get(&format!("/inscription?annonce={numero}")).await;
    let form = filled(&page, &ANNE)
        .set("nom", "123")
        .set("email_confirmation", "autre@candidats.example")
        .set("mot_de_passe", "court")
        .set("commentaire", &"a".repeat(3_001))
        .without("donnees")
        .set("captcha", "faux");
    let refused = visitor.submit(&form).await;
    assert_eq!(refused.status, 422);
    let expected = ["nom", "email_confirmation", "mot_de_passe", "commentaire", "donnees", "captcha"];
    assert_eq!(errors(&refused), expected);
    // What is right, or was only copied wrong, stands there again.
    let again = Form::to(&refused, "/inscription");
    for (field, kept) in [("prenom", ANNE.prenom), ("email", ANNE.email), ("nom", "123"), ("conditions", "1")] {
        assert_eq!(again.value(field), Some(kept), "{field}");
    }
    // Nothing was made of it.
    assert_eq!(mails::about(&visitor, ANNE.email).await, []);
}

async fn i1_who_mends_what_is_named_is_not_stopped_again(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let right = filled(&visitor.get("/inscription").await, &ANNE);
    // Nothing typed at all; and one mistake behind another: the address is not there to be compared, the password
    // fails a rule before it is found among the most used.
    let empty = Form::to(&visitor.get("/inscription").await, "/inscription");
    let hidden = right.clone().set("email", "").set("email_confirmation", "").set("mot_de_passe", "password");
    for form in [empty, hidden] {
        let refused = visitor.submit(&form).await;
        assert_eq!(refused.status, 422);
        let named = errors(&refused);
        for field in ["email", "email_confirmation", "mot_de_passe"] {
            assert!(named.contains(&field.to_owned()), "{field}: {named:?}");
        }
        assert_eq!(
            refused.said().contains("l’un des plus courants"),
            form.value("mot_de_passe") == Some("password"),
            "{}",
            refused.said()
        );
        // What is named is mended, and nothing else.
        let mut mended = if refused.html().by_id("captcha").is_some() {
            solved(&refused, "/inscription")
        } else {
            Form::to(&refused, "/inscription")
        };
        for field in named.iter().filter(|field| *field != "captcha") {
            mended = mended.set(field, right.value(field).expect("a right value"));
        }
        let asked = visitor.submit(&mended).await;
        assert_eq!(asked.status, 200, "{}", asked.said());
    }
}

async fn i1_a_password_typed_right_is_asked_for_once(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let page = visitor.get("/inscription").await;
    assert!(Form::to(&page, "/inscription").value("mot_de_passe_garde").is_none());
    let mut refused = visitor.submit(&filled(&page, &ANNE).set("nom", "").set("captcha", "faux")).await;
    // However often the form comes back, and never with the password in it.
    for round in 0..2 {
        assert_eq!(refused.status, 422, "{round}");
        assert!(!errors(&refused).contains(&"mot_de_passe".to_owned()), "{round}");
        assert!(!refused.body.contains(logins::PASSWORD), "the page holds no password");
        let form = Form::to(&refused, "/inscription").set("nom", ANNE.nom).set("prenom", "").set("captcha", "faux");
        assert!(form.value("mot_de_passe_garde").is_some_and(|name| name.len() == 64), "{round}");
        refused = visitor.submit(&form).await;
    }
    // Its name opens nothing elsewhere: it is of this browser.
    let stolen = Form::to(&refused, "/inscription").value("mot_de_passe_garde").expect("a name").to_owned();
    let other = server.visitor();
    let page = other.get("/inscription").await;
    let form = filled(&page, &Person { email: "autre@candidats.example", prenom: "Jeanne", ..ANNE });
    let form = form.set("mot_de_passe", "").set("mot_de_passe_garde", &stolen);
    assert_eq!(errors(&other.submit(&form).await), ["mot_de_passe"]);

    let form = solved(&refused, "/inscription").set("prenom", ANNE.prenom);
    let asked = visitor.submit(&form).await;
    assert_eq!(asked.status, 200, "{}", asked.said());
    // Once it has served it is forgotten.
    let page = visitor.get("/inscription").await;
    let form = filled(&page, &Person { email: "autre@candidats.example", prenom: "Jeanne", ..ANNE });
    let form = form.set("mot_de_passe", "").set("mot_de_passe_garde", &stolen);
    assert_eq!(errors(&visitor.submit(&form).await), ["mot_de_passe"]);

    let path = activation(&visitor, ANNE.email).await;
    let page = visitor.get(&path).await;
    assert_eq!(visitor.submit(&Form::to(&page, &path)).await.status, 200);
    assert_eq!(server.visitor().login(ANNE.email, logins::PASSWORD).await.path(), "/tableau-de-bord");
}

async fn i1_a_captcha_answered_right_is_not_asked_again(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let page = visitor.get("/inscription").await;
    let refused = visitor.submit(&filled(&page, &ANNE).set("nom", "")).await;
    assert_eq!(errors(&refused), ["nom"]);
    assert!(refused.html().by_id("captcha").is_none(), "nothing is left to copy");
    let form = Form::to(&refused, "/inscription").set("nom", ANNE.nom);
    assert_eq!(visitor.submit(&form).await.status, 200);
    // What stands for the answer serves once, and for this form.
    assert_eq!(errors(&visitor.submit(&form.set("mot_de_passe", logins::PASSWORD)).await), ["captcha"]);
}

async fn i1_the_three_texts_are_links_to_be_opened_first(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let page = visitor.get("/inscription").await;
    let html = page.html();
    for (field, href) in [
        ("conditions", "/mentions-legales/conditions"),
        ("donnees", "/mentions-legales/donnees-personnelles"),
        ("cookies", "/mentions-legales/cookies"),
    ] {
        let link = html
            .all("a")
            .find(|link| link.attribute("href") == Some(href) && link.attribute("target") == Some("_blank"));
        assert!(link.is_some(), "{href} opens beside the form");
        assert_eq!(visitor.get(href).await.status, 200);
        let form = filled(&visitor.get("/inscription").await, &ANNE).without(field);
        assert_eq!(errors(&visitor.submit(&form).await), [field]);
    }
}

fn main_text(page: &Page, of: &[&str]) -> String {
    let mut text: String = page.html().all("main").map(|main| main.text.clone()).collect();
    for word in of {
        text = text.replace(word, "…");
    }
    text
}

async fn i2_a_stranger_reads_the_same_whether_or_not_an_account_exists(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    register(&server, &ANNE).await;
    let visitor = server.visitor();
    // The same identity, typed otherwise, with another address; and another identity with the same address.
    let twin = Person { nom: "LE GALL HELIAS", prenom: "anne francoise", email: "jumelle@candidats.example", ..ANNE };
    let same_address = Person { prenom: "Jeanne", ..ANNE };
    let nobody = Person { prenom: "Paule", email: "paule@candidats.example", ..ANNE };
    let fresh = ask(&visitor, &nobody).await;
    let mut told = 0;
    for person in [twin, same_address] {
        let answered = ask(&visitor, &person).await;
        assert_eq!(answered.status, fresh.status);
        assert_eq!(main_text(&answered, &[person.email]), main_text(&fresh, &[nobody.email]));
        told += 1;
        let count = eventually("the owner is told", async || {
            let mut found = 0;
            for mail in mails::about(&visitor, ANNE.email).await {
                found += usize::from(mails::text(&visitor, &mail).await.contains("/mot-de-passe-oublie"));
            }
            (found == told).then_some(found)
        });
        assert_eq!(count.await, told);
    }
    assert_eq!(mails::about(&visitor, twin.email).await, [], "the stranger's address gets nothing");
}

async fn i2_an_address_that_waits_for_its_activation_can_be_registered_again(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    ask(&visitor, &ANNE).await;
    let first = activation(&visitor, ANNE.email).await;
    ask(&visitor, &ANNE).await;
    let second = eventually("a second link", async || {
        let path = activation(&visitor, ANNE.email).await;
        (path != first).then_some(path)
    })
    .await;
    assert_eq!(visitor.get(&first).await.status, 404, "the first link is dead");
    assert_eq!(visitor.get(&second).await.status, 200);
}

async fn i3_the_link_acts_by_its_button_alone_and_once(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    ask(&visitor, &ANNE).await;
    let path = activation(&visitor, ANNE.email).await;
    let page = visitor.get(&path).await;
    assert_eq!(visitor.get("/tableau-de-bord").await.path(), "/authentification/", "looking activates nothing");
    let opened = visitor.submit(&Form::to(&page, &path)).await;
    assert_eq!(opened.path(), "/mon-compte/informations", "{}", opened.said());
    assert!(opened.said().contains("Votre compte est activé"));
    assert_eq!(visitor.submit(&Form::to(&page, &path)).await.status, 404, "once");
    assert_eq!(server.visitor().login(ANNE.email, logins::PASSWORD).await.path(), "/tableau-de-bord");
    assert_eq!(visitor.get("/activation/0000").await.status, 404);
}

async fn open_elsewhere(browser: &Client, path: &str, password: &str) -> Page {
    let page = browser.get(path).await;
    browser.submit(&Form::to(&page, path).set("mot_de_passe", password)).await
}

/// Somebody registers with a stranger's address: the stranger's click must not open an account whose password is known.
async fn i3_in_another_browser_the_password_is_asked_for(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    ask(&visitor, &ANNE).await;
    let path = activation(&visitor, ANNE.email).await;
    let elsewhere = server.visitor();
    let page = elsewhere.get(&path).await;
    assert_eq!(elsewhere.submit(&Form::to(&page, &path)).await.status, 422, "the button alone does not do");
    let wrong = open_elsewhere(&elsewhere, &path, "Autre-Mot-De-Passe-1").await;
    assert!(matches!(wrong.status, 422 | 429), "{}", wrong.status);
    let opened = eventually("the wait is over", async || {
        let page = open_elsewhere(&elsewhere, &path, logins::PASSWORD).await;
        (page.status == 200).then_some(page)
    })
    .await;
    assert_eq!(opened.path(), "/mon-compte/informations", "{}", opened.said());
}

/// Asks for the activation email once more.
async fn again(client: &Client, email: &str) -> Page {
    let page = client.get("/activation").await;
    client.submit(&solved(&page, "/activation").set("email", email)).await
}

async fn i3_the_activation_email_comes_again_and_the_screen_says_nothing_of_accounts(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let asked = ask(&visitor, &ANNE).await;
    assert!(asked.body.contains("href=\"/activation\""), "the page after the registration leads there");
    assert!(visitor.get("/authentification/").await.body.contains("href=\"/activation\""), "and the login");
    let first = activation(&visitor, ANNE.email).await;

    // The same words for an account that waits, for one that is open, and for nobody.
    let elsewhere = server.visitor();
    let waits = again(&elsewhere, ANNE.email).await;
    assert_eq!(waits.status, 200, "{}", waits.said());
    for other in [logins::INTERVENANT, "personne@ailleurs.example"] {
        let said = again(&elsewhere, other).await;
        assert_eq!(said.status, waits.status);
        assert_eq!(main_text(&said, &[other]), main_text(&waits, &[ANNE.email]));
    }
    let second = eventually("a second link", async || {
        let path = activation(&visitor, ANNE.email).await;
        (path != first).then_some(path)
    })
    .await;
    assert_eq!(visitor.get(&first).await.status, 404, "the newest link alone works");
    assert_eq!(mails::about(&visitor, "personne@ailleurs.example").await, []);
    let told = mails::about(&visitor, logins::INTERVENANT).await;
    for mail in told {
        assert!(!mails::text(&visitor, &mail).await.contains("/activation/"), "an open account gets no link");
    }

    // Nobody fills somebody else's mailbox by asking again and again; the screen doesn't say so.
    let asks = 8;
    for _ in 0..asks {
        assert_eq!(main_text(&again(&elsewhere, ANNE.email).await, &[]), main_text(&waits, &[]));
    }
    let links = async || {
        let mut links = Vec::new();
        for mail in mails::about(&visitor, ANNE.email).await {
            links.extend(mails::text(&visitor, &mail).await.contains("/activation/").then_some(mail));
        }
        links.len()
    };
    let sent = links().await;
    assert!(sent > 2 && sent < 2 + asks, "{sent} links for {asks} requests more");

    // A stranger who asks is not the browser that registered: this one opens without its password.
    let newest = activation(&visitor, ANNE.email).await;
    assert_ne!(newest, second);
    let page = elsewhere.get(&newest).await;
    assert_eq!(elsewhere.submit(&Form::to(&page, &newest)).await.status, 422);
    let page = visitor.get(&newest).await;
    let opened = visitor.submit(&Form::to(&page, &newest)).await;
    assert_eq!(opened.path(), "/mon-compte/informations", "{}", opened.said());
    assert_eq!(visitor.get("/activation").await.path(), "/tableau-de-bord");
}

async fn i3_of_two_accounts_of_one_person_the_first_activated_stays(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (one, two) = (server.visitor(), server.visitor());
    let other = Person { email: "anne.autre@candidats.example", ..ANNE };
    ask(&one, &ANNE).await;
    ask(&two, &other).await;
    let (first, second) = (activation(&one, ANNE.email).await, activation(&two, other.email).await);
    let page = one.get(&first).await;
    assert_eq!(one.submit(&Form::to(&page, &first)).await.status, 200);
    let page = two.get(&second).await;
    let refused = two.submit(&Form::to(&page, &second)).await;
    assert_eq!(refused.status, 409, "{}", refused.said());
    assert_eq!(two.get("/tableau-de-bord").await.path(), "/authentification/");
}

/// An annonce of another structure than Bretagne.
async fn annonce(server: &Server) -> (String, String) {
    let found = server.visitor().json("/annonces.json?region=28").await;
    let first = &found["annonces"][0];
    (first["numero"].as_str().expect("a number").to_owned(), first["structure"].as_str().expect("a name").to_owned())
}

async fn i8_who_comes_from_an_annonce_has_its_structure_and_no_other(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (numero, structure) = annonce(&server).await;
    let visitor = server.visitor();
    let fiche = visitor.get(&format!("/annonces/{numero}")).await;
    assert!(fiche.body.contains(&format!("href=\"/inscription?annonce={numero}\"")), "the annonce leads there");
    let page = visitor.get(&format!("/inscription?annonce={numero}")).await;
    assert!(page.html().all("main").any(|main| main.text.contains(&structure)), "{}", page.said());
    let asked = visitor.submit(&filled(&page, &ANNE)).await;
    assert_eq!(asked.status, 200, "{}", asked.said());
    let path = activation(&visitor, ANNE.email).await;
    let page = visitor.get(&path).await;
    let page = visitor.submit(&Form::to(&page, &path)).await;
    assert!(page.html().by_id("structure").is_none(), "there is nothing to choose");
    assert!(page.html().all("main").any(|main| main.text.contains(&structure)));
    // A form made by hand chooses nothing either.
    let form = Form::to(&page, "/mon-compte/informations").set("action", "enregistrer").set("structure", "1");
    assert_eq!(visitor.submit(&form).await.status, 200);
    let board = visitor.get("/tableau-de-bord").await;
    assert!(board.html().all("main").any(|main| main.text.contains(&structure)), "{}", board.said());
    // An annonce that does not exist fixes nothing.
    let other = server.visitor();
    let page = other.get("/inscription?annonce=1999-0001").await;
    assert_eq!(page.status, 200);
    assert!(solved(&page, "/inscription").value("annonce").is_none());
}

async fn q9_the_most_used_passwords_are_refused_at_the_registration(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    for common in ["P@ssw0rd", "Password1!", "Azerty12!"] {
        let page = visitor.get("/inscription").await;
        let refused = visitor.submit(&filled(&page, &ANNE).set("mot_de_passe", common)).await;
        assert_eq!(errors(&refused), ["mot_de_passe"], "{common}");
    }
}
