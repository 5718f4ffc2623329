//! Several servers on one PostgreSQL act as one: SPEC O2.

use futures_util::future::join_all;

use crate::recherches_suivies::{follow, untick};
use crate::support::annonces::{Wording, draft, found, publication, publish};
use crate::support::client::encode;
use crate::support::inscription::{ANNE, filled};
use crate::support::live::SESSION_ENDED;
use crate::support::messagerie::{letter, open, received, recipient, send, unread};
use crate::support::{Client, Engine, Form, Server, Site, eventually, logins, mails};
use crate::{candidatures, cvtheque, dossier};

/// Two servers on one database, with a person before each.
struct Two {
    site: Site,
    first: Server,
    second: Server,
    gestionnaire: Client,
    intervenant: Client,
    him: String,
}

async fn two() -> Two {
    let site = Site::demo(Engine::Postgres).await;
    let first = site.serve().await;
    let second = site.serve().await;
    let gestionnaire = first.login(logins::GESTIONNAIRE).await;
    let intervenant = second.login(logins::INTERVENANT).await;
    let him = recipient(&gestionnaire, &intervenant.name().await).await;
    Two { site, first, second, gestionnaire, intervenant, him }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn o2_a_message_sent_through_one_server_is_counted_live_before_the_other() {
    let two = two().await;
    let before = unread(&two.intervenant).await;
    let there = two.intervenant.tab().await;
    let here = two.intervenant.at(&two.first.url()).tab().await;
    send(&two.gestionnaire, &[&two.him], "D’un serveur à l’autre", "Bonjour").await;
    there.shows(before + 1).await;
    here.shows(before + 1).await;
    let line = received(&two.intervenant, "D’un serveur à l’autre").await;
    open(&two.intervenant, &line).await;
    here.shows(before).await;
    there.shows(before).await;

    // One session, whichever server answers; ended before one, its sockets close before both.
    let elsewhere = two.intervenant.at(&two.first.url());
    assert_eq!(elsewhere.get("/tableau-de-bord").await.path(), "/tableau-de-bord");
    elsewhere.post("/deconnexion", &[]).await;
    assert_eq!(there.closed().await, SESSION_ENDED);
    assert_eq!(here.closed().await, SESSION_ENDED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn o2_an_annonce_published_through_one_server_is_found_and_told_before_the_other_once() {
    let two = two().await;
    let page = two.intervenant.get("/mon-compte/alertes").await;
    let form = Form::pressing(&page, "Enregistrer mes alertes");
    let form = form.without("specialites").without("specialites_et_regions").set("regions", "1");
    two.intervenant.submit(&form).await;
    let tabs = [two.intervenant.tab().await, two.intervenant.at(&two.first.url()).tab().await];

    // The index of the second server began empty: it has made its own.
    let there = two.second.login(logins::COLLEAGUE).await;
    eventually("the second server has indexed the files", async || {
        (cvtheque::found(&there, "lutherie").await.len() == 1).then_some(())
    })
    .await;

    let wording = Wording { titre: "Des deux côtés", texte: "Limnologie.", ..Wording::default() };
    let numero = publish(&two.gestionnaire, &wording).await;
    let visitor = two.second.visitor();
    eventually("it is found before the other", async || {
        found(&visitor, "limnologie").await.iter().any(|row| row.numero == numero).then_some(())
    })
    .await;
    for tab in &tabs {
        tab.until("the notification comes", |told| !told.notifications.is_empty()).await;
    }
    let mail = eventually("its mail is sent", async || {
        let sent = mails::about(&visitor, "Des deux côtés").await;
        sent.iter().any(|mail| mail.to == logins::INTERVENANT && mail.etat == "envoyé").then_some(sent)
    })
    .await;
    assert_eq!(mail.iter().filter(|mail| mail.to == logins::INTERVENANT).count(), 1);
    for tab in &tabs {
        assert_eq!(tab.told().notifications.len(), 1, "told once: {:?}", tab.told().notifications);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m9_twelve_posts_at_once_to_two_servers_send_one_message() {
    let two = two().await;
    let before = unread(&two.intervenant).await;
    let tab = two.intervenant.tab().await;
    let form = letter(&two.gestionnaire, &[&two.him], "Douze fois à deux", "Bonjour").await.set("action", "envoyer");
    let there = two.gestionnaire.at(&two.second.url());
    let clients = [&two.gestionnaire, &there];
    let answers = join_all((0..12).map(|number| clients[number % 2].submit_only(&form))).await;
    for answer in &answers {
        assert_eq!((answer.status, answer.location()), (303, answers[0].location()), "{}", answer.said());
    }
    tab.shows(before + 1).await;
    received(&two.intervenant, "Douze fois à deux").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l2_publishing_at_once_through_two_servers_alerts_once() {
    let two = two().await;
    let page = two.intervenant.get("/mon-compte/alertes").await;
    let form = Form::pressing(&page, "Enregistrer mes alertes");
    let form = form.without("specialites").without("specialites_et_regions").set("regions", "1");
    two.intervenant.submit(&form).await;
    let tab = two.intervenant.tab().await;
    let wording = Wording { titre: "À deux mains", texte: "Phycologie.", ..Wording::default() };
    let page = draft(&two.gestionnaire, &wording).await;
    let form = publication(&two.gestionnaire, &page).await;
    let there = two.gestionnaire.at(&two.second.url());
    let clients = [&two.gestionnaire, &there];
    let answers = join_all((0..12).map(|number| clients[number % 2].submit_only(&form))).await;
    assert!(answers.iter().any(|answer| answer.status == 303));
    tab.until("the notification comes", |told| !told.notifications.is_empty()).await;

    // Another annonce goes all the way: what was to come for the first has come.
    publish(&two.gestionnaire, &Wording { titre: "Et ensuite", texte: "Phycologie.", ..Wording::default() }).await;
    let visitor = two.first.visitor();
    let to_him = async |titre: &str| {
        let sent = mails::about(&visitor, titre).await;
        sent.iter().filter(|mail| mail.to == logins::INTERVENANT).count()
    };
    eventually("the other's mail", async || (to_him("Et ensuite").await == 1).then_some(())).await;
    assert_eq!(to_him("À deux mains").await, 1);
    assert_eq!(found(&visitor, "phycologie").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn g3_l2_followed_searches_are_told_once_by_two_servers() {
    let two = two().await;
    untick(&two.intervenant).await;
    follow(&two.intervenant, "/annonces?q=phycologie").await;
    let there = two.gestionnaire.at(&two.second.url());
    let colleague = two.second.login(logins::COLLEAGUE).await;
    let line = crate::revue::waiting(&two.gestionnaire).await;
    let surname = line.nom.split(' ').next_back().expect("a surname").to_owned();
    crate::selection::keep(&colleague, &format!("/cvtheque?q=nom:{}", encode(&surname)), "Mon sujet", &["suivie"])
        .await;
    eventually("the second server has indexed the files", async || {
        (cvtheque::found(&there, "lutherie").await.len() == 1).then_some(())
    })
    .await;

    let tabs = [two.intervenant.tab().await, two.intervenant.at(&two.first.url()).tab().await];
    publish(&two.gestionnaire, &Wording { titre: "Par ici", texte: "Phycologie.", ..Wording::default() }).await;
    publish(&there, &Wording { titre: "Par là", texte: "Phycologie.", ..Wording::default() }).await;
    let page = there.get(&line.href).await;
    there.press(&page, "Valider l’inscription").await;
    for tab in &tabs {
        tab.until("both notifications come", |told| told.notifications.len() == 2).await;
    }
    let notices = async || colleague.get("/notifications").await.body.matches("répond à « Mon sujet »").count();
    eventually("hers", async || (notices().await > 0).then_some(())).await;

    // What comes after has come: nothing was told a second time, whichever server looked.
    publish(&there, &Wording { titre: "Et ensuite", texte: "Phycologie.", ..Wording::default() }).await;
    for tab in &tabs {
        tab.until("the third", |told| told.notifications.len() == 3).await;
    }
    let visitor = two.first.visitor();
    for titre in ["Par ici", "Par là", "Et ensuite"] {
        let count = async || {
            let sent = mails::about(&visitor, titre).await;
            sent.iter().filter(|mail| mail.to == logins::INTERVENANT).count()
        };
        eventually("its mail", async || (count().await > 0).then_some(())).await;
        assert_eq!(count().await, 1, "{titre}");
    }
    assert_eq!(notices().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k10_guesses_are_counted_by_two_servers_together() {
    let two = two().await;
    let attackers = [two.first.visitor(), two.second.visitor()];
    let mut slowed = false;
    for guess in 0..12 {
        let page = attackers[guess % 2].login(logins::ADMINISTRATEUR, &format!("Devine-{guess}")).await;
        slowed |= page.status == 429;
    }
    assert!(slowed);
    let page = two.second.visitor().login(logins::ADMINISTRATEUR, logins::PASSWORD).await;
    assert_eq!(page.status, 429, "{}", page.said());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn o2_when_one_server_is_gone_the_other_goes_on() {
    let mut two = two().await;
    let before = unread(&two.intervenant).await;
    let tab = two.intervenant.tab().await;
    two.first.kill();
    let gestionnaire = two.gestionnaire.at(&two.second.url());
    send(&gestionnaire, &[&two.him], "Seul", "Bonjour").await;
    tab.shows(before + 1).await;
    assert!(two.second.stop().await.success());
    two.first.start_again().await;
    assert_eq!(two.intervenant.at(&two.first.url()).tab().await.messages(), before + 1);
    assert!(two.first.stop().await.success());
    let outcome = crate::support::command::on(&two.site, "check", &[]).await;
    assert_eq!(outcome.code, Some(0), "{}", outcome.said());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k7_o2_a_captcha_asked_by_one_server_is_answered_before_the_other_and_a_proof_serves_once_for_both() {
    let two = two().await;
    let here = two.first.visitor();
    let there = here.at(&two.second.url());
    let path = "/mot-de-passe-oublie";
    let page = here.get(path).await;
    let form = Form::to(&page, path).set("email", "personne@ailleurs.example");
    let ticket = form.value("captcha_ticket").expect("a ticket").to_owned();
    let form = form.set("captcha_preuve", &web::captcha::preuve::find(&ticket));
    assert_eq!(there.submit(&form).await.status, 200);
    assert_eq!(here.submit(&form).await.status, 422);
    assert_eq!(there.submit(&form).await.status, 422);
    // The password of a registration that comes back is known to both.
    let page = here.get("/inscription").await;
    let refused = here.submit(&filled(&page, &ANNE).set("nom", "")).await;
    let form = Form::to(&refused, "/inscription").set("nom", ANNE.nom);
    let asked = there.submit(&form).await;
    assert_eq!(asked.status, 200, "{}", asked.said());
}

/// Two answers over one that was taken back, at the same instant: one stands, word for word, and only its author is told so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a2_q8_of_two_answers_at_once_the_one_that_is_refused_changes_nothing() {
    let two = two().await;
    let numero =
        publish(&two.gestionnaire, &Wording { titre: "Au même instant", texte: "Bonjour", ..Wording::default() }).await;
    let here = two.intervenant.at(&two.first.url());
    let page = candidatures::answer(&here, &numero, "Une première fois").await;
    let html = page.html();
    let button = html.all("button").find(|button| button.text.starts_with("Retirer")).expect("a button");
    here.submit(&Form::with_button(&page, &html, button)).await;
    let path = format!("/annonces/{numero}/repondre");
    let form = Form::to(&here.get(&path).await, &path);
    let held = two.site.hold("select * from candidature for update");
    let answer = async |client: &Client, words: &str| {
        let page = client.submit(&form.clone().set("commentaire", words)).await;
        (words.to_owned(), page.body.contains("Votre réponse est transmise"), page.body.contains("déjà répondu"))
    };
    let (one, other, ()) = tokio::join!(
        answer(&here, "Garance au printemps"),
        answer(&two.intervenant, "Zinzolin en automne"),
        held.release_to(2)
    );
    let (kept, refused) = if one.1 { (one, other) } else { (other, one) };
    assert_eq!(((kept.1, kept.2), (refused.1, refused.2)), ((true, false), (false, true)), "{kept:?} {refused:?}");
    let list = two.gestionnaire.get(candidatures::LIST).await;
    assert!(list.body.contains(&kept.0) && !list.body.contains(&refused.0), "{}", list.main_text());
}

/// Two gestionnaires decide the same dossier before two servers at the same instant: the second is told of the first, and
/// leaves nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn d9_q8_of_two_decisions_at_once_the_one_that_is_refused_changes_nothing() {
    let world = dossier::world(Engine::Postgres).await;
    dossier::fill(&world.person).await;
    world.transmit().await;
    let second = world.site.serve().await;
    let colleague = second.login(logins::COLLEAGUE).await;
    let forms =
        [&world.desk, &colleague].map(async |desk| Form::pressing(&desk.get(&world.dossier).await, "Tout valider"));
    let [mine, hers] = forms;
    let (mine, hers) = (mine.await, hers.await);
    let held = world.site.hold("select * from dossier for update");
    let (mine, hers, ()) = tokio::join!(world.desk.submit(&mine), colleague.submit(&hers), held.release_to(2));
    let (kept, refused, first) = if mine.status == 200 { (mine, hers, &world.desk) } else { (hers, mine, &colleague) };
    assert_eq!((kept.status, refused.status), (200, 409), "{} {}", kept.said(), refused.said());
    let first = first.name().await;
    assert!(refused.body.contains(&format!("{first} a déjà validé")), "{}", refused.said());
    let history = world.desk.get(&world.dossier).await.main_text();
    let other = if first == world.desk.name().await { colleague.name().await } else { world.desk.name().await };
    assert!(history.contains(&first) && !history.contains(&other), "{history}");
    assert_eq!(
        mails::told(&world.person, logins::INTERVENANT, "Votre dossier administratif est complet et validé").await,
        1
    );
}
