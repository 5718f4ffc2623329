//! Forgotten password, new login, second factor, captcha, and what was typed when the session ended: SPEC K2, K4, K7, K8, Q1.

use std::collections::HashMap;
use std::sync::OnceLock;

use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::support::{Client, Engine, Form, Page, Server, Site, both_engines, eventually, logins, mails, messagerie};

both_engines! {
    k2_a_forgotten_password_is_set_by_a_link_that_works_once,
    k2_the_screen_says_the_same_whether_or_not_the_account_exists,
    k2_a_newer_link_ends_the_older_one,
    k4_a_new_login_takes_effect_after_its_own_link_and_the_old_address_is_told,
    k4_an_address_of_somebody_else_is_never_taken_nor_told,
    k7_a_captcha_works_once_and_its_answer_is_nowhere_in_the_page,
    k7_a_proof_of_work_answers_once_for_its_page_and_its_time,
    k7_every_page_with_a_captcha_takes_a_proof,
    k8_a_second_factor_is_turned_on_asked_for_and_turned_off,
    k8_a_code_works_once_and_recovery_codes_too,
    k8_who_treats_dossiers_sets_one_before_anything_else,
    q1_what_was_posted_after_the_session_ended_is_kept_through_the_login,
}

const NEW: &str = "Sentier-Côtier-29";

/// Every question of the captcha's text alternative with an answer, as a person knows it.
fn answer(question: &str) -> String {
    static KNOWN: OnceLock<HashMap<String, String>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let mut rng = StdRng::seed_from_u64(7);
        (0..400_000)
            .map(|_| web::captcha::ask(&mut rng))
            .map(|question| (question.texte.replace(['\u{a0}', '\u{202f}'], " "), question.reponses[0].clone()))
            .collect()
    });
    known.get(question).unwrap_or_else(|| panic!("no answer to « {question} »")).clone()
}

/// The answer to the question that stands beside a captcha's image, with its introduction.
pub fn answer_of(said: &str) -> String {
    let said = said.replace(['\u{a0}', '\u{202f}'], " ");
    answer(said.split_once(" : ").expect("a question after its introduction").1)
}

/// The form of that page, its captcha solved.
pub fn solved(page: &Page, action: &str) -> Form {
    let html = page.html();
    Form::to(page, action).set("captcha", &answer_of(&html.by_id("captcha-question").expect("a question").text))
}

/// The path of a link of that kind in the newest mail to somebody.
pub async fn link(client: &Client, to: &str, kind: &str) -> String {
    eventually(&format!("a mail to {to} with {kind}"), async || {
        for mail in mails::about(client, to).await {
            let text = mails::text(client, &mail).await;
            if let Some((_, rest)) = text.split_once(kind) {
                let token: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
                return Some(format!("{kind}{token}"));
            }
        }
        None
    })
    .await
}

async fn ask_for_a_password(visitor: &Client, email: &str) -> Page {
    let page = visitor.get("/mot-de-passe-oublie").await;
    visitor.submit(&solved(&page, "/mot-de-passe-oublie").set("email", email)).await
}

async fn set_password(client: &Client, path: &str, password: &str) -> Page {
    let page = client.get(path).await;
    let form = Form::to(&page, path).set("mot_de_passe", password).set("mot_de_passe_confirmation", password);
    client.submit(&form).await
}

async fn opens(server: &Server, login: &str, password: &str) -> bool {
    server.visitor().login(login, password).await.path() == "/tableau-de-bord"
}

async fn k2_a_forgotten_password_is_set_by_a_link_that_works_once(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let open = server.login(logins::INTERVENANT).await;
    let visitor = server.visitor();
    assert_eq!(ask_for_a_password(&visitor, logins::INTERVENANT).await.status, 200);
    let path = link(&visitor, logins::INTERVENANT, "/mot-de-passe/").await;

    // Mail scanners follow links: looking changes nothing, and a password that breaks the rule neither.
    assert_eq!(visitor.get(&path).await.status, 200);
    let refused = set_password(&visitor, &path, "court").await;
    assert_eq!(refused.status, 422);
    assert!(opens(&server, logins::INTERVENANT, logins::PASSWORD).await);

    let done = set_password(&visitor, &path, NEW).await;
    assert_eq!((done.status, done.path()), (200, "/authentification/"), "{}", done.said());
    assert!(opens(&server, logins::INTERVENANT, NEW).await);
    assert!(!opens(&server, logins::INTERVENANT, logins::PASSWORD).await);
    assert_eq!(open.get("/tableau-de-bord").await.path(), "/authentification/", "every session has ended");
    assert_eq!(visitor.get(&path).await.status, 404, "the link works once");
}

async fn k2_the_screen_says_the_same_whether_or_not_the_account_exists(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let there = ask_for_a_password(&visitor, logins::INTERVENANT).await;
    let nobody = ask_for_a_password(&visitor, "personne@ailleurs.example").await;
    let plain = |page: &Page, email: &str| {
        page.html().all("main").map(|main| main.text.replace(email, "…")).collect::<String>()
    };
    assert_eq!(plain(&there, logins::INTERVENANT), plain(&nobody, "personne@ailleurs.example"));
    assert_eq!(there.status, nobody.status);
    link(&visitor, logins::INTERVENANT, "/mot-de-passe/").await;
    assert_eq!(mails::about(&visitor, "personne@ailleurs.example").await, [], "nobody is written to");
}

async fn k2_a_newer_link_ends_the_older_one(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    ask_for_a_password(&visitor, logins::INTERVENANT).await;
    let path = link(&visitor, logins::INTERVENANT, "/mot-de-passe/").await;
    // A second request makes the first link die at once.
    ask_for_a_password(&visitor, logins::INTERVENANT).await;
    eventually("the first link is dead", async || (visitor.get(&path).await.status == 404).then_some(())).await;
}

async fn k4_a_new_login_takes_effect_after_its_own_link_and_the_old_address_is_told(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let page = person.get("/mon-compte/adresse").await;
    let new = "malo@nouvelle.example";
    let form = Form::to(&page, "/mon-compte/adresse").set("email", new);
    let differs = person.submit(&form.clone().set("email_confirmation", "autre@nouvelle.example")).await;
    assert_eq!(differs.status, 422);
    let asked = person.submit(&form.set("email_confirmation", new)).await;
    assert_eq!((asked.status, asked.path()), (200, "/mon-compte/adresse"));
    assert!(asked.body.contains(new), "what waits is shown");

    let path = link(&person, new, "/adresse/").await;
    assert_eq!(person.get(&path).await.status, 200, "looking changes nothing");
    assert!(opens(&server, logins::INTERVENANT, logins::PASSWORD).await);
    let page = person.get(&path).await;
    let done = person.submit(&Form::to(&page, &path)).await;
    assert_eq!(done.status, 200, "{}", done.said());
    assert!(opens(&server, new, logins::PASSWORD).await);
    assert!(!opens(&server, logins::INTERVENANT, logins::PASSWORD).await);
    assert_eq!(person.get(&path).await.status, 404, "the link works once");
    eventually("the old address is told", async || {
        for mail in mails::about(&person, logins::INTERVENANT).await {
            if mails::text(&person, &mail).await.contains("m…o@nouvelle.example") {
                return Some(());
            }
        }
        None
    })
    .await;
}

async fn k4_an_address_of_somebody_else_is_never_taken_nor_told(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let page = person.get("/mon-compte/adresse").await;
    let form = Form::to(&page, "/mon-compte/adresse")
        .set("email", logins::GESTIONNAIRE)
        .set("email_confirmation", logins::GESTIONNAIRE);
    let asked = person.submit(&form).await;
    assert_eq!(asked.status, 200, "the screen says what it says for any address");
    let mail =
        eventually("its owner is told", async || mails::about(&person, logins::GESTIONNAIRE).await.into_iter().next());
    let text = mails::text(&person, &mail.await).await;
    assert!(!text.contains("/adresse/"), "without a link that would take it: {text}");
}

async fn k7_a_captcha_works_once_and_its_answer_is_nowhere_in_the_page(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let page = visitor.get("/mot-de-passe-oublie").await;
    let right = answer_of(&page.html().by_id("captcha-question").expect("a question").text);
    let form = solved(&page, "/mot-de-passe-oublie").set("email", "personne@ailleurs.example");
    let words = page.html().all("main").map(|main| main.text.to_lowercase()).collect::<String>();
    assert!(right.chars().count() < 2 || !words.contains(&right), "« {right} » stands in {words}");

    let wrong = visitor.submit(&form.clone().set("captcha", "zz")).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.html().by_id("captcha-erreur").is_some(), "{}", wrong.said());
    // Used up by the wrong answer: the right one comes too late.
    assert_eq!(visitor.submit(&form).await.status, 422);

    let page = visitor.get("/mot-de-passe-oublie").await;
    let form = solved(&page, "/mot-de-passe-oublie").set("email", "personne@ailleurs.example");
    assert_eq!(visitor.submit(&form).await.status, 200);
    assert_eq!(visitor.submit(&form).await.status, 422, "a solved one can't be used twice");
}

/// The form of that page with the proof that a browser makes by itself.
fn proved(page: &Page, action: &str) -> Form {
    let form = Form::to(page, action);
    let ticket = form.value("captcha_ticket").expect("a ticket").to_owned();
    form.set("captcha_preuve", &web::captcha::preuve::find(&ticket))
}

async fn k7_a_proof_of_work_answers_once_for_its_page_and_its_time(engine: Engine) {
    const FORGOTTEN: &str = "/mot-de-passe-oublie";
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let page = visitor.get(FORGOTTEN).await;
    let form = proved(&page, FORGOTTEN).set("email", "personne@ailleurs.example");
    let done = visitor.submit(&form).await;
    assert_eq!(done.status, 200, "{}", done.said());
    let replayed = visitor.submit(&form).await;
    assert_eq!(replayed.status, 422, "a proof serves once");
    let said = replayed.html().by_id("captcha-erreur").expect("why").text.clone();
    assert!(said.contains("refaite"), "{said}");

    // Another page's ticket, with its proof; it is not used up by it.
    let page = visitor.get("/activation").await;
    let other = proved(&page, "/activation").set("email", "personne@ailleurs.example");
    let fresh = visitor.get(FORGOTTEN).await;
    let borrowed = proved(&fresh, FORGOTTEN)
        .set("email", "personne@ailleurs.example")
        .set("captcha_ticket", other.value("captcha_ticket").expect("a ticket"))
        .set("captcha_preuve", other.value("captcha_preuve").expect("a proof"));
    assert_eq!(visitor.submit(&borrowed).await.status, 422);
    assert_eq!(visitor.submit(&other).await.status, 200);

    // A ticket that no server made, and work that was not done.
    let invented = "5".repeat(64);
    let made_up = proved(&fresh, FORGOTTEN)
        .set("email", "personne@ailleurs.example")
        .set("captcha_ticket", &invented)
        .set("captcha_preuve", &web::captcha::preuve::find(&invented));
    assert_eq!(visitor.submit(&made_up).await.status, 422);
    let idle = Form::to(&visitor.get(FORGOTTEN).await, FORGOTTEN)
        .set("email", "personne@ailleurs.example")
        .set("captcha_preuve", &["0"; web::captcha::preuve::PARTS].join(","));
    assert_eq!(visitor.submit(&idle).await.status, 422);
}

async fn k7_every_page_with_a_captcha_takes_a_proof(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    for path in ["/mot-de-passe-oublie", "/inscription", "/support", "/activation"] {
        // Sent empty but for the proof: everything else is said, and the captcha is not.
        let page = visitor.get(path).await;
        let refused = visitor.submit(&proved(&page, path)).await;
        assert_eq!(refused.status, 422, "{path}");
        let html = refused.html();
        let summary = html.by_class("summary").expect("a summary");
        let links: Vec<&str> = html.inside(summary, "a").map(|link| link.expect("href")).collect();
        assert!(!links.is_empty() && !links.contains(&"#captcha"), "{path}: {links:?}");
        assert!(html.by_id("captcha").is_none(), "{path}: nor asked again");
        // Without any answer it is said, with the others.
        let page = visitor.get(path).await;
        let refused = visitor.submit(&Form::to(&page, path)).await;
        assert!(refused.html().by_id("captcha-erreur").is_some(), "{path}");
    }
}

/// The secret that an enrolment page shows in letters, as bytes.
pub fn secret(page: &Page) -> Vec<u8> {
    let html = page.html();
    let letters = html.all("code").next().expect("the secret in letters").text.replace(' ', "");
    let mut bits = (0u32, 0u64);
    let mut bytes = Vec::new();
    for letter in letters.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            other => panic!("{other} is no base32"),
        };
        bits = (bits.0 + 5, (bits.1 << 5 | u64::from(value)) & 0xffff);
        if bits.0 >= 8 {
            bits.0 -= 8;
            bytes.push((bits.1 >> bits.0 & 0xff) as u8);
        }
    }
    bytes
}

/// The code that a phone shows at this moment, or some steps away.
pub fn code(secret: &[u8], steps: i64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let at = i64::try_from(now).expect("a moment") + steps * 30;
    (0..1_000_000)
        .map(|number| format!("{number:06}"))
        .find(|code| web::totp::step_of(secret, code, at) == Some(at / 30))
        .expect("one of a million")
}

/// Turns the second factor on; answers its secret and recovery codes.
async fn turn_on(client: &Client) -> (Vec<u8>, Vec<String>) {
    let page = client.get("/mon-compte/second-facteur").await;
    let secret = secret(&page);
    let form = Form::to(&page, "/mon-compte/second-facteur");
    let wrong = client.submit(&form.clone().set("code", "000 000")).await;
    assert_eq!(wrong.status, 422, "{}", wrong.said());
    let on = client.submit(&form.set("code", &code(&secret, 0))).await;
    assert_eq!(on.status, 200, "{}", on.said());
    let codes: Vec<String> = on.html().all("code").map(|code| code.text.clone()).collect();
    assert_eq!(codes.len(), 10);
    (secret, codes)
}

async fn k8_a_second_factor_is_turned_on_asked_for_and_turned_off(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let (secret, _) = turn_on(&person).await;

    let visitor = server.visitor();
    let page = visitor.login(logins::INTERVENANT, logins::PASSWORD).await;
    assert_eq!(page.path(), "/authentification/second-facteur");
    assert_eq!(visitor.get("/tableau-de-bord").await.path(), "/authentification/", "the password alone opens nothing");
    let form = Form::to(&page, "/authentification/second-facteur");
    let wrong = visitor.submit(&form.clone().set("code", "000000")).await;
    assert_eq!(wrong.status, 422, "{}", wrong.said());
    let done = visitor.submit(&form.set("code", &code(&secret, 1))).await;
    assert_eq!((done.status, done.path()), (200, "/tableau-de-bord"), "{}", done.said());
}

async fn k8_a_code_works_once_and_recovery_codes_too(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let (secret, codes) = turn_on(&person).await;
    let attempt = async |typed: &str| {
        let visitor = server.visitor();
        let page = visitor.login(logins::INTERVENANT, logins::PASSWORD).await;
        let form = Form::to(&page, "/authentification/second-facteur").set("code", typed);
        visitor.submit(&form).await.path() == "/tableau-de-bord"
    };
    // The code that turned it on, and any before it, have been used.
    assert!(!attempt(&code(&secret, -1)).await);
    let typed = codes[0].to_uppercase().replace('-', " ");
    assert!(attempt(&typed).await, "a recovery code, however it is typed");
    assert!(!attempt(&codes[0]).await, "it works once");
    assert!(attempt(&codes[1]).await);
    let page = person.get("/mon-compte/second-facteur").await;
    assert!(page.body.contains("8\u{a0}codes de secours"), "{}", page.body);
    let form = Form::to(&page, "/mon-compte/second-facteur").set("action", "desactiver");
    let off = person.submit(&form.set("code", &codes[2])).await;
    assert_eq!(off.status, 200, "{}", off.said());
    assert!(opens(&server, logins::INTERVENANT, logins::PASSWORD).await, "the password alone opens again");
}

async fn k8_who_treats_dossiers_sets_one_before_anything_else(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut launch = site.launch();
    // Production, on the same data: the demonstration's exemption ends with the demonstration.
    let flags = ["--intervenants", "--annonces", "--seed"];
    let mut arguments = Vec::new();
    let mut rest = launch.arguments.into_iter();
    while let Some(flag) = rest.next() {
        let value = rest.next().expect("each flag has a value");
        if !flags.contains(&flag.as_str()) {
            arguments.extend([flag, value]);
        }
    }
    arguments.extend(["--base-url", "http://127.0.0.1", "--smtp-url", "smtp://127.0.0.1:9"].map(str::to_owned));
    launch.command = "serve".into();
    launch.arguments = arguments;
    let server = Server::start(launch).await;
    let visitor = server.visitor();
    let page = visitor.login(logins::GESTIONNAIRE, logins::PASSWORD).await;
    assert_eq!(page.path(), "/authentification/enrolement");
    assert_eq!(visitor.get("/cvtheque").await.path(), "/authentification/", "nothing opens before");
    let secret = secret(&page);
    let form = Form::to(&page, "/authentification/enrolement").set("code", &code(&secret, 0));
    let on = visitor.submit(&form).await;
    assert_eq!(on.html().all("code").count(), 10, "{}", on.said());
    assert_eq!(visitor.get("/cvtheque").await.path(), "/cvtheque");
    let again = server.visitor().login(logins::GESTIONNAIRE, logins::PASSWORD).await;
    assert_eq!(again.path(), "/authentification/second-facteur");
}

async fn q1_what_was_posted_after_the_session_ended_is_kept_through_the_login(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let person = server.login(logins::GESTIONNAIRE).await;
    let to = messagerie::proposals(&person, "ma").await.swap_remove(0).value;
    let letter = messagerie::letter(&person, &[&to], "Écrit longtemps", "Un texte\nde deux lignes & plus").await;
    // The session ends elsewhere while the page stays open.
    let elsewhere = server.login(logins::GESTIONNAIRE).await;
    elsewhere.post("/mon-compte/sessions", &[]).await;

    let login = person.submit_only(&letter.set("action", "envoyer")).await;
    assert_eq!(login.status, 401);
    let form = Form::to(&login, "/authentification/").set("email", logins::GESTIONNAIRE);
    let mistyped = person.submit_only(&form.set("mot_de_passe", "autre chose")).await;
    let form = Form::to(&mistyped, "/authentification/").set("mot_de_passe", logins::PASSWORD);
    let back = person.submit(&form).await;
    assert_eq!(back.status, 200, "{}", back.said());
    let sent = person.press(&back, "Envoyer ce que j’avais saisi").await;
    assert_eq!((sent.status, sent.path()), (200, "/messagerie/envoyes"), "{}", sent.said());
    let line = messagerie::found(&person, "envoyes", "Écrit longtemps").await.expect("it is sent");
    let read = messagerie::open(&person, &line).await.html();
    assert!(read.all("main").any(|main| main.text.contains("de deux lignes & plus")));
}
