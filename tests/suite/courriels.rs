//! Mails that leave, for a real mail server program: SPEC L2, M2, Q8.

use crate::support::annonces::{Wording, publish};
use crate::support::messagerie::{recipient, send};
use crate::support::sink::{Sink, free_port};
use crate::support::{Client, Engine, Form, Server, Site, both_engines, eventually, logins, mails};

both_engines! {
    m2_a_mail_leaves_by_smtp_as_it_should_be,
    l2_an_alert_leaves_by_smtp_once,
    q8_a_mail_waits_for_a_mail_server_that_is_away,
    q8_a_mail_server_that_dies_after_the_text_gets_it_again_under_the_same_id,
    q8_a_mail_that_is_refused_for_good_is_not_tried_for_ever,
}

async fn write_to_him(server: &Server, objet: &str) -> (Client, Client) {
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let intervenant = server.login(logins::INTERVENANT).await;
    let him = recipient(&gestionnaire, &intervenant.name().await).await;
    send(&gestionnaire, &[&him], objet, "Bonjour, ceci reste dans la messagerie.").await;
    (gestionnaire, intervenant)
}

/// Where the mail that tells of a message stands.
async fn state(client: &Client, objet: &str) -> Option<String> {
    mails::of_message(client, logins::INTERVENANT, objet).await.pop().map(|mail| mail.etat)
}

async fn m2_a_mail_leaves_by_smtp_as_it_should_be(engine: Engine) {
    let site = Site::demo(engine).await;
    let sink = Sink::start().await;
    let server = site.serve_with_mail(&sink.url()).await;
    write_to_him(&server, "Élèves & côté \"été\"").await;
    let mail = eventually("it is delivered", async || sink.to(logins::INTERVENANT, "Élèves").pop()).await;
    assert!(mail.text.replace('\u{a0}', " ").contains("Objet du message : Élèves & côté \"été\""), "{}", mail.text);
    let head = mail.raw.split_once("\n\n").expect("headers").0.to_lowercase();
    for header in
        ["\nfrom: ", "\nto: ", "\ndate: ", "\nmessage-id: <", "\nmime-version: 1.0", "\nauto-submitted: auto-generated"]
    {
        assert!(head.contains(header), "{header}: {head}");
    }
    assert!(head.contains("multipart/alternative"), "{head}");
    assert!(mail.raw.contains("text/html"));
    assert!(mail.text.contains(&format!("{}/messagerie/message/", server.url())), "{}", mail.text);
    assert!(!mail.text.contains("reste dans la messagerie"), "{}", mail.text);
    assert!(mail.raw.lines().all(|line| line.len() <= 998), "RFC 5322 §2.1.1");
    // The page shows it all the same.
    let visitor = server.visitor();
    eventually("it is shown as sent", async || state(&visitor, "Élèves").await.filter(|etat| etat == "envoyé")).await;
}

async fn l2_an_alert_leaves_by_smtp_once(engine: Engine) {
    let site = Site::demo(engine).await;
    let sink = Sink::start().await;
    let mut server = site.serve_with_mail(&sink.url()).await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let intervenant = server.login(logins::INTERVENANT).await;
    let page = intervenant.get("/mon-compte/alertes").await;
    let form = Form::pressing(&page, "Enregistrer mes alertes");
    intervenant.submit(&form.without("specialites").without("specialites_et_regions").set("regions", "1")).await;
    let numero =
        publish(&gestionnaire, &Wording { titre: "Alerte par courrier", texte: "Héraldique.", ..Wording::default() })
            .await;
    let visitor = server.visitor();
    let expected = eventually("every mail is sent", async || {
        let all = mails::about(&visitor, "Alerte par courrier").await;
        let done = !all.is_empty() && all.iter().all(|mail| mail.etat == "envoyé");
        done.then_some(all)
    })
    .await;
    server.stop().await;
    server.start_again().await;
    publish(&gestionnaire, &Wording { titre: "Et la suivante", texte: "Héraldique.", ..Wording::default() }).await;
    eventually("the next one is delivered", async || sink.to(logins::INTERVENANT, "Et la suivante").pop()).await;

    let mut delivered = sink.delivered();
    delivered.retain(|mail| mail.subject.contains("Alerte par courrier"));
    let (mut to, mut listed): (Vec<_>, Vec<_>) =
        (delivered.iter().map(|mail| &mail.to).collect(), expected.iter().map(|mail| &mail.to).collect());
    to.sort();
    listed.sort();
    assert_eq!(to, listed, "each of them once");
    let mut ids: Vec<_> = delivered.iter().map(|mail| &mail.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), delivered.len(), "a Message-ID each");
    for mail in &delivered {
        assert!(mail.text.contains(&format!("{}/annonces/{numero}", server.url())), "{}", mail.text);
        assert!(mail.text.contains("/mon-compte/alertes"), "it says how to stop: {}", mail.text);
        let others = delivered.iter().filter(|other| other.to != mail.to && mail.raw.contains(&other.to)).count();
        assert_eq!(others, 0, "nobody reads the addresses of the others");
    }
}

async fn q8_a_mail_waits_for_a_mail_server_that_is_away(engine: Engine) {
    let site = Site::demo(engine).await;
    let port = free_port();
    let mut server = site.serve_with_mail(&format!("smtp://127.0.0.1:{port}")).await;
    write_to_him(&server, "En attendant").await;
    let visitor = server.visitor();
    let state = async || state(&visitor, "En attendant").await;
    assert_eq!(state().await.as_deref(), Some("en attente"), "the message itself was accepted at once");
    server.stop().await;
    server.start_again().await;
    assert_eq!(state().await.as_deref(), Some("en attente"));

    let sink = Sink::start_with(&[], port).await;
    server.stop().await;
    server.launch_mut().clock_ahead = 3_600;
    server.start_again().await;
    eventually("it is delivered", async || sink.to(logins::INTERVENANT, "En attendant").pop()).await;
    eventually("and noted", async || (state().await.as_deref() == Some("envoyé")).then_some(())).await;
    assert_eq!(sink.to(logins::INTERVENANT, "En attendant").len(), 1);
}

async fn q8_a_mail_server_that_dies_after_the_text_gets_it_again_under_the_same_id(engine: Engine) {
    let site = Site::demo(engine).await;
    // It hangs up where it should say that it has the mail.
    let dying = Sink::start_with(&["-q", "."], 0).await;
    let port = dying.port();
    let mut server = site.serve_with_mail(&dying.url()).await;
    write_to_him(&server, "Coupé net").await;
    let visitor = server.visitor();
    eventually("it has been tried, and is to be tried again", async || {
        (crate::direct::metric(&server, "ei_mails_total").await >= 1.0).then_some(())
    })
    .await;
    assert_eq!(state(&visitor, "Coupé net").await.as_deref(), Some("en attente"));
    drop(dying);
    let sink = Sink::start_with(&[], port).await;
    server.stop().await;
    server.launch_mut().clock_ahead = 3_600;
    server.start_again().await;
    eventually("it is delivered", async || sink.to(logins::INTERVENANT, "Coupé net").pop()).await;
    let mail = sink.to(logins::INTERVENANT, "Coupé net");
    assert_eq!(mail.len(), 1);
    assert!(mail[0].id.starts_with("<message-"), "named by what caused it, at each try: {}", mail[0].id);
}

async fn q8_a_mail_that_is_refused_for_good_is_not_tried_for_ever(engine: Engine) {
    let site = Site::demo(engine).await;
    let refusing = Sink::start_with(&["-f", "RCPT"], 0).await;
    let server = site.serve_with_mail(&refusing.url()).await;
    write_to_him(&server, "Refusé").await;
    let visitor = server.visitor();
    eventually("it is given up", async || state(&visitor, "Refusé").await.filter(|etat| etat.contains("échec"))).await;
    // The mailbox has it all the same.
    let intervenant = server.login(logins::INTERVENANT).await;
    crate::support::messagerie::received(&intervenant, "Refusé").await;
}
