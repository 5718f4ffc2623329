//! A profile that is validated and changes: what is published, where it is found, what an immatriculation freezes
//! (SPEC C3, C4, I9).

use crate::administration::person;
use crate::etats::decide;
use crate::support::inscription::{ANNE, parcours, structure, transmitted};
use crate::support::{Client, Engine, Form, Server, Site, both_engines, eventually, logins};

both_engines! {
    i9_a_validated_profile_is_published_again_untouched,
    c3_an_immatriculated_person_changes_their_parcours_and_address_only,
    c4_a_published_change_and_the_text_of_a_file_are_found_in_the_cvtheque,
}

const INFORMATIONS: &str = "/mon-compte/informations";
const PARCOURS: &str = "/mon-compte/parcours";

/// Anne, whose registration was validated, and a gestionnaire.
async fn validated(server: &Server) -> (Client, Client) {
    let client = transmitted(server, &ANNE).await;
    let gestionnaire = server.login(logins::GESTIONNAIRE).await;
    decide(&gestionnaire, ANNE.nom, "Valider l’inscription").await;
    (client, gestionnaire)
}

async fn i9_a_validated_profile_is_published_again_untouched(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = server.login(logins::INTERVENANT).await;
    for path in [INFORMATIONS, PARCOURS] {
        let page = client.get(path).await;
        let before = Form::to(&page, path);
        let saved = client.submit(&Form::pressing(&page, "Enregistrer et publier")).await;
        assert_eq!((saved.status, saved.path()), (200, path), "{}", saved.said());
        let sorted = |form: &Form| {
            let mut fields = form.fields.clone();
            fields.retain(|(name, _)| name != "_csrf");
            fields.sort();
            fields
        };
        assert_eq!(sorted(&Form::to(&saved, path)), sorted(&before), "what was not touched stays");
    }
}

async fn c3_an_immatriculated_person_changes_their_parcours_and_address_only(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (client, gestionnaire) = validated(&server).await;
    let admin = server.login(logins::ADMINISTRATEUR).await;
    let structures = admin.get("/administration/agents/nouveau").await;
    let normandie = structure(&structures, "Délégation Normandie");
    // Without a number all is editable but the structure.
    let open = client.get(INFORMATIONS).await;
    let other = Form::to(&open, INFORMATIONS);
    assert!(
        open.html().all("option").all(|option| option.text != "Délégation Normandie"),
        "the structure is no choice"
    );
    let forged =
        other.clone().set("structure", &normandie).set("telephone", "06 39 98 00 01").set("action", "enregistrer");
    assert_eq!(client.submit(&forged).await.status, 200);
    let id = person(&admin, ANNE.email).await.pop().expect("the person");
    assert!(!admin.get(&id).await.body.contains("Délégation Normandie"));
    assert_eq!(Form::to(&client.get(INFORMATIONS).await, INFORMATIONS).value("telephone"), Some("06 39 98 00 01"));

    let path = person(&admin, ANNE.email).await.pop().expect("the person");
    let page = admin.get(&path).await;
    let form = Form::to(&page, &format!("{path}/immatriculation")).set("immatriculation", "F0099-12");
    assert_eq!(admin.submit(&form.set("action", "enregistrer")).await.status, 200);

    // Frozen, with why and where to ask; also for a form that was open before, its drafts and its searches.
    let frozen = client.get(INFORMATIONS).await;
    assert!(Form::found(&frozen, INFORMATIONS).is_none(), "{}", frozen.said());
    let html = frozen.html();
    let main: String = html.all("main").map(|main| main.text.clone()).collect();
    assert!(main.contains("Vous avez une immatriculation") && main.contains("Aide et contact"), "{main}");
    for href in [PARCOURS, "/mon-compte/adresse"] {
        assert!(
            html.all("main")
                .next()
                .is_some_and(|main| html.inside(main, "a").any(|link| link.attribute("href") == Some(href)))
        );
    }
    for words in ["Le Gall-Hélias", "2 mai 1968", "29200 Brest", "06 39 98 00 01", "CC FAUCIGNY - GLIERES"] {
        assert!(frozen.body.contains(words), "{words} is still read");
    }
    for action in ["enregistrer", "continuer", "chercher"] {
        let refused = client.submit(&other.clone().set("commune", "Quimper").set("action", action)).await;
        assert_eq!(refused.status, 409, "{action}");
        assert!(refused.body.contains("Vous avez une immatriculation"), "{}", refused.said());
    }
    let mut draft = other.clone().set("commune", "Quimper");
    draft.action = format!("{INFORMATIONS}/saisie");
    assert_eq!(client.submit(&draft).await.status, 409);
    assert!(client.get(INFORMATIONS).await.body.contains("29200 Brest"));
    let id = path.rsplit('/').next().expect("an id");
    assert!(gestionnaire.get(&format!("/cvtheque/{id}")).await.body.contains("Brest"));

    // The parcours and the address stay theirs.
    let page = client.get(PARCOURS).await;
    let saved = client.submit(&parcours(&page).set("titre", "Toujours libre").set("action", "enregistrer")).await;
    assert_eq!((saved.status, saved.path()), (200, PARCOURS), "{}", saved.said());
    let page = client.get("/mon-compte/adresse").await;
    let asked = Form::to(&page, "/mon-compte/adresse")
        .set("email", "nouvelle@candidats.example")
        .set("email_confirmation", "nouvelle@candidats.example");
    assert_eq!(client.submit(&asked).await.status, 200);
    let link = crate::identifiants::link(&client, "nouvelle@candidats.example", "/adresse/").await;
    let confirm = client.get(&link).await;
    assert_eq!(client.submit(&Form::to(&confirm, &link)).await.status, 200);
    assert_eq!(server.visitor().login("nouvelle@candidats.example", logins::PASSWORD).await.path(), "/tableau-de-bord");
}

async fn c4_a_published_change_and_the_text_of_a_file_are_found_in_the_cvtheque(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (client, gestionnaire) = validated(&server).await;
    let found = async |words: &str| {
        gestionnaire.json(&format!("/cvtheque.json?q={words}")).await["total"].as_u64().expect("a number")
    };
    // A draft is nobody's but one's own.
    let page = client.get(PARCOURS).await;
    let changed = parcours(&page).set("experience", "Dentellière au carreau, quinze ans.");
    let mut draft = changed.clone();
    draft.action = format!("{PARCOURS}/saisie");
    assert!(client.submit(&draft).await.status < 300);
    eventually("Anne is in the CV-thèque", async || (found("lagunes").await == 1).then_some(())).await;
    assert_eq!(found("dentelli%C3%A8re").await, 0);
    let saved = client.submit(&changed.set("action", "enregistrer")).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    eventually("the change is found", async || {
        (found("dentelli%C3%A8re").await == 1 && found("lagunes").await == 0).then_some(())
    })
    .await;
    // A row is published as it is saved, a file once it is read.
    client.post("/mon-compte/parcours/nouvelle/experience", &[("intitule", "Campanologue")]).await;
    eventually("the row is found", async || (found("campanologue").await == 1).then_some(())).await;
    let page = client.get("/mon-compte/cv").await;
    let attached = client.upload(&Form::to(&page, "/mon-compte/cv"), "cv", "cv.txt", "Luthière à Brest.").await;
    assert_eq!(attached.status, 200, "{}", attached.said());
    eventually("the text of the file is found", async || (found("luthi%C3%A8re").await == 1).then_some(())).await;
    let hit = gestionnaire.get("/cvtheque?q=luthi%C3%A8re").await;
    assert!(hit.html().all("mark").any(|mark| mark.text.contains("Luthière")), "{}", hit.said());
}
