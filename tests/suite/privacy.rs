//! What the logs say, and don't: SPEC Q7.

use crate::support::annonces::{Wording, publish};
use crate::support::client::encode;
use crate::support::messagerie::{open, received, recipient, send};
use crate::support::{Engine, Form, Server, Site, both_engines, eventually, logins, mails};

both_engines! {
    q7_the_logs_hold_no_name_address_text_search_or_secret,
}

async fn q7_the_logs_hold_no_name_address_text_search_or_secret(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut launch = site.launch();
    launch.arguments.extend(["--log".into(), "debug".into()]);
    let mut server = Server::start(launch).await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    let intervenant = server.login(logins::INTERVENANT).await;
    let names = [gestionnaire.name().await, intervenant.name().await];
    let mut secrets: Vec<String> = Vec::new();
    for client in [&gestionnaire, &intervenant] {
        secrets.extend(client.jar().into_values());
        secrets.push(client.token().await);
    }

    // A day of work, with words that stand nowhere else.
    let him = recipient(&gestionnaire, &names[1]).await;
    send(&gestionnaire, &[&him], "Objetconfidentiel", "Textedumessage avec le 1 85 05 78 006 084 91").await;
    let line = received(&intervenant, "Objetconfidentiel").await;
    open(&intervenant, &line).await;
    gestionnaire.get("/cvtheque?q=recherchesecrete").await;
    gestionnaire.get(&format!("/cvtheque?q={}", encode(&names[1]))).await;
    gestionnaire.get("/messagerie/reception?q=filtresecret").await;
    server.visitor().get("/annonces?q=visiteurcurieux").await;
    server.visitor().login("inconnue@ailleurs.example", "MotDePasseTape-1").await;
    server.visitor().login(logins::INTERVENANT, "MotDePasseTape-2").await;
    publish(&gestionnaire, &Wording { titre: "Titrepublic", texte: "Textedelannonce.", ..Wording::default() }).await;
    let hit = crate::cvtheque::found(&gestionnaire, "vannerie").await.remove(0);
    crate::cvtheque::fiche(&gestionnaire, &hit.id).await;
    let form = Form::to(&gestionnaire.get("/messagerie/ecrire").await, "/messagerie/ecrire");
    gestionnaire.submit(&form.set("texte", "Erreurdesaisie").set("action", "envoyer")).await;
    gestionnaire.get("/n/existe/pas?avec=parametresecret").await;
    gestionnaire.try_post("/messagerie/ecrire", &[("texte".into(), "Sansjeton".into())]).await.expect("an answer");
    let _tab = intervenant.tab().await;
    let visitor = server.visitor();
    eventually("the mail is sent", async || {
        mails::of_message(&visitor, logins::INTERVENANT, "Objetconfidentiel")
            .await
            .iter()
            .any(|mail| mail.etat == "envoyé")
            .then_some(())
    })
    .await;
    assert!(server.stop().await.success());

    let logs = server.all_errors().to_lowercase();
    assert!(logs.lines().count() > 50, "there are logs: {logs}");
    assert!(logs.contains("/messagerie/ecrire"), "each request leaves a line");
    let mut words: Vec<String> = [
        "objetconfidentiel",
        "textedumessage",
        "1 85 05",
        "recherchesecrete",
        "filtresecret",
        "visiteurcurieux",
        "motdepassetape",
        "inconnue@",
        "textedelannonce",
        "erreurdesaisie",
        "parametresecret",
        "sansjeton",
        "demo.example",
        "courriel.example",
        "messagerie.example",
        logins::PASSWORD,
    ]
    .map(str::to_lowercase)
    .to_vec();
    words.extend(names.iter().chain([&hit.nom]).map(|name| name.to_lowercase()));
    words.extend(names.iter().map(|name| name.split(' ').next_back().expect("a surname").to_lowercase()));
    words.extend(secrets.iter().map(|secret| secret.to_lowercase()));
    for word in words {
        let line = logs.lines().find(|line| line.contains(&word));
        assert_eq!(line, None, "« {word} » is in the logs");
    }
}
