//! The spine of the service from end to end, step by step, as a person would try it: a search, a message, an annonce,
//! a crash, and two servers.

use crate::support::annonces::{Wording, found, publish};
use crate::support::messagerie::{open, received, recipient, send, unread};
use crate::support::{Engine, Form, Site, both_engines, eventually, logins, mails};
use crate::{cvtheque, support};

both_engines! {
    o1_step_1_a_gestionnaire_finds_somebody_by_a_word_of_a_file,
    o1_step_2_a_message_and_its_answer_move_the_counters_of_every_tab,
    o1_step_3_an_annonce_alerts_and_is_found_at_once,
    o1_step_4_a_server_killed_in_the_middle_has_lost_nothing,
}

async fn o1_step_1_a_gestionnaire_finds_somebody_by_a_word_of_a_file(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let page = gestionnaire.get("/cvtheque").await;
    let page = gestionnaire.submit(&Form::to(&page, "/cvtheque").set("q", "l'apiculture")).await;
    let hits = cvtheque::hits(&page);
    assert_eq!(hits.len(), 1, "{hits:?}");
    assert!(hits[0].marked.iter().any(|word| word == "apiculture"), "{hits:?}");
    let html = page.html();
    assert!(html.by_id("critere-specialite").is_some() && html.by_id("critere-region").is_some(), "facets");

    // From the fiche, one writes.
    let fiche = cvtheque::fiche(&gestionnaire, &hits[0].id).await;
    let write = fiche.html().all("a").find(|link| link.text == "Écrire").expect("« Écrire »").expect("href").to_owned();
    let letter = Form::to(&gestionnaire.get(&write).await, "/messagerie/ecrire");
    assert_eq!(letter.values("destinataires").len(), 1, "the recipient is filled in");
    let letter = letter.set("objet", "Vos ruches").set("texte", "Bonjour").set("action", "envoyer");
    let sent = gestionnaire.submit(&letter).await;
    assert_eq!(sent.path(), "/messagerie/envoyes", "{}", sent.said());
    let line = support::messagerie::found(&gestionnaire, "envoyes", "Vos ruches").await.expect("it is sent");
    assert_eq!(line.who, hits[0].nom);
}

async fn o1_step_2_a_message_and_its_answer_move_the_counters_of_every_tab(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let colleague = server.login(logins::COLLEAGUE).await;
    let intervenant = server.login(logins::INTERVENANT).await;
    let him = recipient(&gestionnaire, &intervenant.name().await).await;

    // He reads all that waited, so that the counter begins at nothing.
    for line in support::messagerie::list(&intervenant, "reception").await {
        open(&intervenant, &line).await;
    }
    let (first, second) = (intervenant.tab().await, intervenant.tab().await);
    assert_eq!((first.messages(), second.messages()), (0, 0));
    send(&gestionnaire, &[&him], "Jury de mars", "Seriez-vous libre ?").await;
    first.shows(1).await;
    second.shows(1).await;
    let page = intervenant.get("/tableau-de-bord").await;
    assert!(page.html().title().starts_with("(1) "), "{}", page.html().title());

    let message = open(&intervenant, &received(&intervenant, "Jury de mars").await).await;
    first.shows(0).await;
    second.shows(0).await;

    let (hers, theirs) = (gestionnaire.tab().await, colleague.tab().await);
    let waiting = hers.messages();
    let answer =
        message.html().all("a").find(|link| link.text == "Répondre").expect("a link").expect("href").to_owned();
    let form = Form::to(&intervenant.get(&answer).await, "/messagerie/ecrire").set("action", "envoyer");
    intervenant.submit(&form).await;
    hers.shows(waiting + 1).await;
    theirs.shows(waiting + 1).await;
    assert_eq!(unread(&colleague).await, waiting + 1);
}

async fn o1_step_3_an_annonce_alerts_and_is_found_at_once(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let intervenant = server.login(logins::INTERVENANT).await;
    let page = intervenant.get("/mon-compte/alertes").await;
    let form = Form::pressing(&page, "Enregistrer mes alertes");
    let form = form.without("specialites").without("specialites_et_regions").set("regions", "1");
    intervenant.submit(&form).await;
    let tab = intervenant.tab().await;

    let wording = Wording { titre: "Former des archivistes", texte: "Paléographie.", ..Wording::default() };
    let numero = publish(&gestionnaire, &wording).await;
    let visitor = server.visitor();
    assert_eq!(found(&visitor, "archiviste paléographie").await[0].numero, numero);
    assert_eq!(visitor.get(&format!("/annonces/{numero}")).await.status, 200);
    let told = tab.until("the notification comes", |told| !told.notifications.is_empty()).await;
    assert!(told.notifications[0].to_string().contains("Former des archivistes"), "{:?}", told.notifications);
    let lien = told.notifications[0]["lien"].as_str().expect("a link");
    assert_eq!(intervenant.get(lien).await.status, 200, "{lien}");
    eventually("his mail is sent", async || {
        let mails = mails::about(&visitor, "Former des archivistes").await;
        mails.iter().any(|mail| mail.to == logins::INTERVENANT && mail.etat == "envoyé").then_some(())
    })
    .await;
}

async fn o1_step_4_a_server_killed_in_the_middle_has_lost_nothing(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let intervenant = server.login(logins::INTERVENANT).await;
    let him = recipient(&gestionnaire, &intervenant.name().await).await;
    let before = unread(&intervenant).await;
    let form = support::annonces::draft(
        &gestionnaire,
        &Wording { titre: "Juste avant la fin", texte: "Campanologie.", ..Wording::default() },
    )
    .await;
    let publication = support::annonces::publication(&gestionnaire, &form).await;
    let letter = support::messagerie::letter(&gestionnaire, &[&him], "Juste avant", "Bonjour").await;

    // Both are acknowledged, and that instant it dies.
    let sent = gestionnaire.submit_only(&letter.set("action", "envoyer")).await;
    let published = gestionnaire.submit_only(&publication).await;
    server.kill();
    assert_eq!((sent.status, published.status), (303, 303));

    server.start_again().await;
    let tab = intervenant.tab().await;
    tab.shows(before + 1).await;
    received(&intervenant, "Juste avant").await;
    let visitor = server.visitor();
    eventually("the index catches up", async || (found(&visitor, "campanologie").await.len() == 1).then_some(())).await;
    #[cfg(feature = "external")]
    if engine == Engine::Postgres {
        // What was claimed may be another server's work: it is claimed again when the lease ends.
        server.stop().await;
        server.launch_mut().clock_ahead = 3_600;
        server.start_again().await;
    }
    eventually("its mail is sent", async || {
        mails::of_message(&visitor, logins::INTERVENANT, "Juste avant")
            .await
            .iter()
            .any(|mail| mail.etat == "envoyé")
            .then_some(())
    })
    .await;
}
