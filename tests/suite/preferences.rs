//! How somebody wants to be told: SPEC T4, M2.

use crate::candidatures;
use crate::support::annonces::{Wording, publish};
use crate::support::messagerie::{open, received, recipient, send, unread};
use crate::support::{Client, Engine, Form, Page, Site, both_engines, eventually, logins, mails};

both_engines! {
    t4_what_is_not_to_be_announced_waits_in_the_list,
    t4_each_role_chooses_among_what_concerns_it,
    m2_the_email_of_a_message_that_is_read_at_once_is_spared,
}

const PAGE: &str = "/mon-compte/notifications";

async fn choose(client: &Client, change: impl Fn(Form) -> Form) -> Page {
    let page = client.get(PAGE).await;
    let saved = client.submit(&change(Form::to(&page, PAGE))).await;
    assert_eq!((saved.status, saved.path()), (200, PAGE), "{}", saved.said());
    assert!(saved.body.contains("Vos choix sont enregistrés"), "{}", saved.said());
    saved
}

/// Has an answer of his studied by the structure.
async fn studied(desk: &Client, person: &Client, titre: &str) {
    let wording = Wording { titre, texte: "Bonjour", specialite: "finances", sous_specialite: "", regions: &["53"] };
    let numero = publish(desk, &wording).await;
    let sent = candidatures::answer(person, &numero, "Bonjour").await;
    assert_eq!(sent.path(), candidatures::THEIRS, "{}", sent.said());
    candidatures::press(desk, "a_etudier", "Marquer étudiées", &[&person.name().await]).await;
}

async fn t4_what_is_not_to_be_announced_waits_in_the_list(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (desk, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
    crate::recherches_suivies::untick(&person).await;
    let tab = person.tab().await;
    // As usual: announced, and mailed.
    studied(&desk, &person, "Former des trésoriers").await;
    tab.until("it is announced", |told| told.notifications.iter().any(|note| note.to_string().contains("étudiée")))
        .await;
    let mailed = async || {
        let sent = mails::about(&desk, "est étudiée").await;
        sent.iter().filter(|mail| mail.to == logins::INTERVENANT).count()
    };
    assert_eq!(mailed().await, 1);

    // No more: the list and its counter have it, at once; nothing pops up and no email comes. What is chosen is kept.
    let saved = choose(&person, |form| form.without("direct_candidature").set("courriel_candidature", "jamais")).await;
    let form = Form::to(&saved, PAGE);
    assert_eq!((form.value("direct_candidature"), form.value("courriel_candidature")), (None, Some("jamais")));
    assert_eq!(form.value("direct_annonce"), Some("1"), "the others are as they were");
    let (before, shown) = (tab.told().counter("notifications"), tab.told().notifications.len());
    studied(&desk, &person, "Former des greffiers").await;
    tab.until("it counts", |told| told.counter("notifications") > before).await;
    assert!(person.get("/notifications").await.body.contains("Former des greffiers"));
    // What comes after it is announced: it was left out, not late.
    crate::recherches_suivies::follow(&person, "/annonces?q=notaires").await;
    publish(&desk, &Wording { titre: "Former des notaires", texte: "Bonjour", ..Wording::default() }).await;
    tab.until("the annonce", |told| told.notifications.len() > shown).await;
    let told = tab.told().notifications[shown..].iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(told.iter().all(|note| !note.contains("greffiers")), "{told:?}");
    assert_eq!(mailed().await, 1);
}

async fn t4_each_role_chooses_among_what_concerns_it(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let fields = async |client: &Client| {
        let form = Form::to(&client.get(PAGE).await, PAGE);
        let mut names: Vec<String> =
            form.fields.into_iter().map(|(name, _)| name).filter(|name| name != "_csrf").collect();
        names.sort();
        names
    };
    let person = server.login(logins::INTERVENANT).await;
    let his = ["courriel_candidature", "courriel_message", "direct_annonce", "direct_candidature", "direct_support"];
    assert_eq!(fields(&person).await, his);
    let desk = server.login(logins::GESTIONNAIRE).await;
    assert_eq!(fields(&desk).await, ["direct_message", "direct_recherche", "direct_support"]);
    let admin = server.login(logins::ADMINISTRATEUR).await;
    assert!(admin.get(PAGE).await.body.contains("Il n’y a rien à choisir"));
    // Odd values change nothing that was not offered.
    let odd = [
        ("courriel_message", "jamais"),
        ("courriel_annonce", "jamais"),
        ("courriel_zut", "x"),
        ("direct_support", "1"),
    ];
    assert_eq!(person.post(PAGE, &odd).await.path(), PAGE);
    let form = Form::to(&person.get(PAGE).await, PAGE);
    assert_eq!(form.value("courriel_message"), Some("toujours"));
    assert_eq!((form.value("direct_support"), form.value("direct_annonce")), (Some("1"), None));
}

async fn m2_the_email_of_a_message_that_is_read_at_once_is_spared(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (desk, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
    let him = recipient(&desk, &person.name().await).await;
    let mail = async |objet: &str| {
        let mut found = mails::of_message(&desk, logins::INTERVENANT, objet).await;
        assert!(found.len() < 2, "{found:?}");
        found.pop().map(|mail| mail.etat)
    };
    // As usual: each one is mailed, read or not.
    send(&desk, &[&him], "Un", "Bonjour").await;
    open(&person, &received(&person, "Un").await).await;
    eventually("its email is sent", async || (mail("Un").await.as_deref() == Some("envoyé")).then_some(())).await;

    choose(&person, |form| form.set("courriel_message", "sauf_lu")).await;
    let before = unread(&person).await;
    let tab = person.tab().await;
    send(&desk, &[&him], "Deux", "Bonjour").await;
    send(&desk, &[&him], "Trois", "Bonjour").await;
    tab.shows(before + 2).await;
    assert_eq!(mail("Deux").await.as_deref(), Some("en attente"));
    open(&person, &received(&person, "Deux").await).await;
    assert_eq!(mail("Deux").await, None, "it was read: no email");
    assert_eq!(mail("Trois").await.as_deref(), Some("en attente"), "this one was not");
    // Read among several, by the list: the same.
    let three = received(&person, "Trois").await;
    crate::support::messagerie::act(&person, "reception", "Marquer lu", &[&three.id]).await;
    assert_eq!(mail("Trois").await, None);
    tab.shows(before).await;
}

#[cfg(feature = "external")]
both_engines!(m2_the_email_of_a_message_that_waits_unread_leaves_after_five_minutes);

#[cfg(feature = "external")]
async fn m2_the_email_of_a_message_that_waits_unread_leaves_after_five_minutes(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let (desk, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
    let him = recipient(&desk, &person.name().await).await;
    choose(&person, |form| form.set("courriel_message", "sauf_lu")).await;
    send(&desk, &[&him], "Sans réponse", "Bonjour").await;
    let state = async |client: &Client| {
        let found = mails::of_message(client, logins::INTERVENANT, "Sans réponse").await;
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].etat.clone()
    };
    assert_eq!(state(&desk).await, "en attente");
    server.stop().await;
    server.launch_mut().clock_ahead = 6 * 60;
    server.start_again().await;
    let visitor = server.visitor();
    eventually("it is sent", async || (state(&visitor).await == "envoyé").then_some(())).await;
    // Read after that, it is not unsent.
    let person = server.login(logins::INTERVENANT).await;
    open(&person, &received(&person, "Sans réponse").await).await;
    assert_eq!(state(&visitor).await, "envoyé");
}
