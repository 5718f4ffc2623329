//! Logging in and sessions: SPEC K1, K9, K10.

use std::time::Duration;

use crate::support::live::{SESSION_ENDED, first_close};
use crate::support::wait::within;
use crate::support::{Client, Engine, Form, Page, Site, both_engines, logins};

both_engines! {
    k1_the_email_and_the_password_open_the_space,
    k1_a_wrong_password_and_an_unknown_email_get_the_same_answer,
    k1_a_new_password_keeps_every_rule,
    k9_each_login_gives_a_new_session_id,
    k9_sessions_are_listed_and_ended_and_their_sockets_close,
    k9_a_session_outlives_a_restart_and_ends_at_the_logout,
    k10_failures_slow_the_next_try_and_the_wait_is_told,
    k10_a_known_browser_is_not_slowed_by_the_guesses_of_others,
    k10_an_address_that_guesses_is_slowed_on_every_account,
}

/// Whether the page is the login form again, with something wrong.
fn refused(page: &Page) -> bool {
    page.html().title().starts_with("Erreur : ") && Form::found(page, "/authentification/").is_some()
}

/// Whether the page tells how long to wait.
fn tells_the_wait(page: &Page) -> bool {
    let said = page.said();
    refused(page) && (said.contains("seconde") || said.contains("minute"))
}

/// The cookie that alone opens the space.
async fn session_cookie(client: &Client) -> (String, String) {
    for (name, value) in client.jar() {
        let alone = Client::new(client.base());
        alone.keep(&name, &value);
        if alone.get_only("/tableau-de-bord").await.status == 200 {
            return (name, value);
        }
    }
    panic!("no cookie opens the space: {:?}", client.jar().keys());
}

async fn k1_the_email_and_the_password_open_the_space(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;

    let visitor = server.visitor();
    let asked = visitor.get("/tableau-de-bord").await;
    assert!(Form::found(&asked, "/authentification/").is_some() || asked.status == 401, "{}", asked.said());

    // The email is read as people type it.
    let page = visitor.login(" Intervenant@Demo.Example ", logins::PASSWORD).await;
    assert_eq!((page.status, page.path()), (200, "/tableau-de-bord"), "{}", page.said());

    for login in [logins::GESTIONNAIRE, logins::COLLEAGUE, logins::ADMINISTRATEUR] {
        server.login(login).await;
    }

    // The box of the home page is the same form.
    let visitor = server.visitor();
    let home = visitor.get("/").await;
    let form =
        Form::to(&home, "/authentification/").set("email", logins::INTERVENANT).set("mot_de_passe", logins::PASSWORD);
    assert_eq!(visitor.submit(&form).await.path(), "/tableau-de-bord");
}

async fn k1_a_wrong_password_and_an_unknown_email_get_the_same_answer(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let wrong = server.visitor().login(logins::INTERVENANT, "Demo-Bretagne-2025").await;
    let unknown = server.visitor().login("personne@demo.example", logins::PASSWORD).await;
    assert!(refused(&wrong), "{}", wrong.said());
    assert!(refused(&unknown), "{}", unknown.said());
    assert_eq!(wrong.status, unknown.status);
    assert_eq!(wrong.said(), unknown.said(), "who has an account is not told");
    let form = Form::to(&wrong, "/authentification/");
    assert_eq!(form.value("email"), Some(logins::INTERVENANT), "what was typed is kept");
    assert_eq!(form.value("mot_de_passe"), Some(""), "but for the password");

    let empty = server.visitor().login("", "").await;
    assert!(refused(&empty), "{}", empty.said());
}

async fn k1_a_new_password_keeps_every_rule(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let elsewhere = server.login(logins::INTERVENANT).await;

    let path = "/mon-compte/mot-de-passe";
    let change = async |current: &str, new: &str, again: &str| {
        let page = person.get(path).await;
        let form = Form::to(&page, path)
            .set("mot_de_passe_actuel", current)
            .set("mot_de_passe", new)
            .set("mot_de_passe_confirmation", again);
        person.submit(&form).await
    };
    let broken = [
        ("Ab1!xyz", "seven characters"),
        ("Ab1!xyzAb1!xyzAb1!xyzAb1!", "twenty-five characters"),
        ("AB1!XYZQ", "no lower case"),
        ("ab1!xyzq", "no upper case"),
        ("Abc!xyzq", "no digit"),
        ("Ab1cxyzq", "no special character"),
        ("P@ssw0rd", "among the most used"),
    ];
    for (new, why) in broken {
        let page = change(logins::PASSWORD, new, new).await;
        assert!(page.html().title().starts_with("Erreur : "), "{why}: {}", page.said());
    }
    let page = change("Demo-Bretagne-2025", "Été-à-Brest-7", "Été-à-Brest-7").await;
    assert!(page.html().title().starts_with("Erreur : "), "the current one is wrong: {}", page.said());
    let page = change(logins::PASSWORD, "Été-à-Brest-7", "Ete-a-Brest-7").await;
    assert!(page.html().title().starts_with("Erreur : "), "the two differ: {}", page.said());
    assert_eq!(elsewhere.get("/tableau-de-bord").await.status, 200, "nothing has changed so far");

    // 24 characters, some of two bytes: length counts characters.
    let new = "Éàùç1!éééééééééééééééééé";
    assert_eq!(new.chars().count(), 24);
    let page = change(logins::PASSWORD, new, new).await;
    assert!(page.status == 200 && !page.html().title().starts_with("Erreur"), "{}", page.said());
    assert!(page.html().by_class("notice").is_some(), "it is confirmed on screen");

    let ended = elsewhere.get("/tableau-de-bord").await;
    assert_ne!((ended.status, ended.path()), (200, "/tableau-de-bord"), "the other sessions have ended");
    assert_eq!(person.get("/tableau-de-bord").await.path(), "/tableau-de-bord", "this one goes on");
    assert!(refused(&server.visitor().login(logins::INTERVENANT, logins::PASSWORD).await));
    assert_eq!(server.visitor().login(logins::INTERVENANT, new).await.path(), "/tableau-de-bord");
}

async fn k9_each_login_gives_a_new_session_id(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let (name, first) = session_cookie(&person).await;

    // A session id that somebody else chose is not taken up.
    let trapped = server.visitor();
    trapped.keep(&name, &first.chars().rev().collect::<String>());
    let page = trapped.login(logins::INTERVENANT, logins::PASSWORD).await;
    assert_eq!(page.path(), "/tableau-de-bord", "{}", page.said());
    let (_, second) = session_cookie(&trapped).await;
    assert_ne!(second, first.chars().rev().collect::<String>());
    assert_ne!(second, first);

    // Nor is one's own from before: who logs in again gets another.
    let other = server.visitor();
    other.keep(&name, &first);
    let token = other.token().await;
    let fields = [("_csrf", token.as_str()), ("email", logins::GESTIONNAIRE), ("mot_de_passe", logins::PASSWORD)];
    let fields: Vec<_> = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let page = other.try_post("/authentification/", &fields).await.expect("an answer");
    assert_eq!(page.status, 303, "{}", page.said());
    let (_, third) = session_cookie(&other).await;
    assert!(third != first && third != second);
    let page = other.get("/tableau-de-bord").await;
    assert!(page.body.contains("Bretagne"), "it is the gestionnaire's");
}

async fn k9_sessions_are_listed_and_ended_and_their_sockets_close(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let here = server.login(logins::INTERVENANT).await;
    let library = server.login(logins::INTERVENANT).await;
    let office = server.login(logins::INTERVENANT).await;
    let (kept, ended, also_ended) = (here.tab().await, library.tab().await, office.tab().await);

    let listed = sessions(&here).await;
    assert_eq!(listed.len(), 3, "{listed:?}");
    assert_eq!(listed.iter().filter(|session| session.current).count(), 1);
    for session in &listed {
        assert!(session.said.contains("Firefox"), "each device is named: {}", session.said);
        for (_, cookie) in here.jar() {
            assert!(!session.end.fields.iter().any(|(_, value)| *value == cookie), "the list gives no session away");
        }
    }

    // The library's, known by what its own page calls the current one.
    let its_own = sessions(&library).await.into_iter().find(|session| session.current).expect("the current one");
    let names = |form: &Form| (form.action.clone(), form.value("session").map(str::to_owned));
    let same = listed.iter().find(|session| names(&session.end) == names(&its_own.end));
    here.submit(&same.expect("it is listed here too").end).await;
    assert_eq!(ended.closed().await, SESSION_ENDED);
    let page = library.get("/tableau-de-bord").await;
    assert_ne!((page.status, page.path()), (200, "/tableau-de-bord"), "its page asks to log in");
    assert_eq!(first_close(&library).await, SESSION_ENDED, "its page is told why when it comes back");
    assert!(also_ended.is_open() && kept.is_open());

    let page = here.get("/mon-compte/sessions").await;
    here.press(&page, "Déconnecter toutes les autres").await;
    assert_eq!(also_ended.closed().await, SESSION_ENDED);
    assert_eq!(here.get("/tableau-de-bord").await.path(), "/tableau-de-bord");
    let left = sessions(&here).await;
    assert_eq!(left.len(), 1);
    assert!(kept.is_open());

    // Nobody ends the session of somebody else.
    let stranger = server.login(logins::GESTIONNAIRE).await;
    let forged = left[0].end.clone().set("_csrf", &stranger.token().await);
    stranger.submit(&forged).await;
    assert_eq!(here.get("/tableau-de-bord").await.path(), "/tableau-de-bord");
    assert!(kept.is_open());
}

/// A line of « Mes connexions ».
#[derive(Debug)]
struct Listed {
    said: String,
    current: bool,
    end: Form,
}

async fn sessions(client: &Client) -> Vec<Listed> {
    let page = client.get("/mon-compte/sessions").await;
    let html = page.html();
    let list = html.by_class("tasks").expect("a list of sessions");
    html.inside(list, "li")
        .map(|row| Listed {
            said: row.text.clone(),
            current: row.text.contains("cette connexion"),
            end: Form::with_button(&page, &html, html.inside(row, "button").next().expect("a button")),
        })
        .collect()
}

async fn k9_a_session_outlives_a_restart_and_ends_at_the_logout(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    server.stop().await;
    server.start_again().await;
    assert_eq!(person.get("/tableau-de-bord").await.path(), "/tableau-de-bord");

    let tab = person.tab().await;
    let (name, value) = session_cookie(&person).await;
    let page = person.post("/deconnexion", &[]).await;
    assert_eq!(page.status, 200, "{}", page.said());
    assert_eq!(tab.closed().await, SESSION_ENDED);
    let replayed = server.visitor();
    replayed.keep(&name, &value);
    let page = replayed.get("/tableau-de-bord").await;
    assert_ne!((page.status, page.path()), (200, "/tableau-de-bord"), "the cookie is worth nothing any more");
}

async fn k10_failures_slow_the_next_try_and_the_wait_is_told(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    let mut tries = 0;
    let told = loop {
        tries += 1;
        assert!(tries < 12, "many failures cost something");
        let page = visitor.login(logins::INTERVENANT, &format!("Faux-{tries}-mot")).await;
        assert!(refused(&page), "{}", page.said());
        if tells_the_wait(&page) {
            break page;
        }
    };
    assert!(tries > 3, "everybody mistypes: {tries} tries");
    assert!(!told.said().contains("heure"), "the wait is short: {}", told.said());

    // While it lasts the right password waits too, and knocking does not make it longer.
    let early = visitor.login(logins::INTERVENANT, logins::PASSWORD).await;
    assert!(tells_the_wait(&early), "{}", early.said());
    within(Duration::from_mins(1), "the right password opens after the wait", async || {
        let page = visitor.login(logins::INTERVENANT, logins::PASSWORD).await;
        (page.path() == "/tableau-de-bord").then_some(())
    })
    .await;

    // And then the failures are forgotten.
    let page = server.visitor().login(logins::INTERVENANT, "Encore-faux-1").await;
    assert!(refused(&page) && !tells_the_wait(&page), "{}", page.said());
}

async fn k10_a_known_browser_is_not_slowed_by_the_guesses_of_others(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let known = server.login(logins::INTERVENANT).await;
    known.post("/deconnexion", &[]).await;

    let attacker = Client::coming_from(&server.url(), "127.0.0.2");
    let mut last = None;
    for guess in 0..25 {
        last = Some(attacker.login(logins::INTERVENANT, &format!("Devine-{guess}")).await);
    }
    let last = last.expect("an answer");
    assert!(tells_the_wait(&last), "{}", last.said());

    let page = known.login(logins::INTERVENANT, logins::PASSWORD).await;
    assert_eq!(page.path(), "/tableau-de-bord", "the person gets in at once: {}", page.said());
    // Another account is not slowed by what is tried on this one.
    server.login(logins::GESTIONNAIRE).await;
}

async fn k10_an_address_that_guesses_is_slowed_on_every_account(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let attacker = Client::coming_from(&server.url(), "127.0.0.2");
    let mut slowed = false;
    for number in 0..120 {
        let page = attacker.login(&format!("personne{number}@demo.example"), "Devine-2026").await;
        assert!(refused(&page), "{}", page.said());
        slowed |= tells_the_wait(&page);
        if slowed {
            break;
        }
    }
    assert!(slowed, "trying one password on every account is slowed too");
    let elsewhere = Client::coming_from(&server.url(), "127.0.0.3");
    let page = elsewhere.login(logins::GESTIONNAIRE, logins::PASSWORD).await;
    assert_eq!(page.path(), "/tableau-de-bord", "{}", page.said());
}
