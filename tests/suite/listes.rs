//! What every list does, whatever it lists (SPEC Q3).

use crate::etats::decide;
use crate::support::inscription::{ANNE, transmitted};
use crate::support::messagerie::{act, list, send, undo};
use crate::support::{Engine, Site, both_engines, logins, messagerie};

both_engines! {
    q3_an_empty_list_says_why_and_what_to_do_next,
    q3_a_selection_is_treated_at_once_and_can_be_undone,
}

async fn q3_an_empty_list_says_why_and_what_to_do_next(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let newcomer = transmitted(&server, &ANNE).await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    decide(&gestionnaire, ANNE.nom, "Valider l’inscription").await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let visitor = server.visitor();
    for (client, address, words, next) in [
        (&newcomer, "/messagerie/reception", "Aucun message.", "/messagerie/ecrire"),
        (&newcomer, "/messagerie/envoyes", "pas encore envoyé de message", "/messagerie/ecrire"),
        (&newcomer, "/messagerie/brouillons", "Aucun brouillon.", "/messagerie/ecrire"),
        (&newcomer, "/messagerie/reception?q=zzqq", "Aucun message ne contient « zzqq »", "/messagerie/reception"),
        (&visitor, "/annonces?q=zzqq&region=53", "Aucune annonce", "/annonces?q=zzqq"),
        (&gestionnaire, "/cvtheque?q=zzqq&region=53", "Aucun profil", "/cvtheque?q=zzqq"),
        (&gestionnaire, "/gestion/annonces?q=zzqq", "Aucune annonce ne contient « zzqq »", "/gestion/annonces"),
        (&gestionnaire, "/gestion/annonces?etat=archivee", "Aucune annonce ici", "/gestion/annonces/nouvelle"),
        (&admin, "/administration/intervenants?q=zzqq", "Personne ne correspond", "/administration/intervenants"),
        (&admin, "/administration/agents?q=zzqq", "Aucun compte ne correspond", "/administration/agents"),
    ] {
        let page = client.get(address).await;
        assert_eq!(page.status, 200, "{address}");
        let html = page.html();
        let main = html.all("main").next().expect("a main");
        assert!(main.text.contains(words), "{address}: {}", main.text);
        let link = html.inside(main, "a").any(|link| link.attribute("href") == Some(next));
        assert!(link, "{address} leads to {next}");
        assert_eq!(client.get(next).await.status, 200, "{next}");
    }
}

async fn q3_a_selection_is_treated_at_once_and_can_be_undone(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (gestionnaire, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
    let him = messagerie::recipient(&gestionnaire, &person.name().await).await;
    for objet in ["Lot 1", "Lot 2", "Lot 3"] {
        send(&gestionnaire, &[&him], objet, "Bonjour").await;
    }
    let lot = async || -> Vec<String> {
        let all = list(&person, "reception").await;
        all.into_iter().filter(|line| line.objet.starts_with("Lot ")).map(|line| line.id).collect()
    };
    let before = lot().await;
    assert_eq!(before.len(), 3);
    // One that is nobody's changes nothing for the others, and is not counted.
    let chosen: Vec<&str> = before[..2].iter().map(String::as_str).chain(["999999999"]).collect();
    let done = act(&person, "reception", "Archiver", &chosen).await;
    assert!(done.said().contains("2 messages"), "{}", done.said());
    assert_eq!(lot().await, before[2..], "those that were chosen, and no other");
    let back = person.submit(&undo(&done)).await;
    assert_eq!(back.status, 200, "{}", back.said());
    assert_eq!(lot().await, before);
    let page = person.get("/messagerie/reception").await;
    let none = person.press(&page, "Archiver").await;
    assert_eq!(none.status, 422);
    assert!(none.body.contains("Cochez d’abord un message"), "{}", none.said());
}
