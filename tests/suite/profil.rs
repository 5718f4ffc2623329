//! The profile that its owner fills in, over several evenings, until it is sent: SPEC I4 to I17, C3, Q1, Q2, Q6.

use std::path::Path;

use crate::support::inscription::{ANNE, fill_in, informations, parcours, register, send, transmitted};
use crate::support::{Client, Engine, Form, Page, Site, both_engines, eventually, logins, mails};

both_engines! {
    i4_the_page_is_saved_with_what_is_there_and_comes_back,
    i5_an_employer_is_proposed_and_fills_the_form_without_javascript,
    i5_proposals_come_as_one_types,
    i6_the_statut_decides_which_employer_is_kept,
    i7_another_professional_address_is_asked_for,
    i9_what_is_typed_is_kept_and_only_the_button_publishes_it,
    i9_what_can_not_be_read_is_said_and_what_was_typed_is_kept,
    i10_rows_are_added_changed_removed_and_brought_back,
    i10_a_button_that_leads_elsewhere_keeps_what_was_typed,
    q1_i10_what_is_typed_stays_when_a_line_that_was_removed_comes_back,
    i11_a_cv_is_attached_replaced_and_taken_away,
    i11_a_diploma_goes_with_its_row,
    q1_i11_a_diploma_is_taken_away_and_the_line_being_typed_stays,
    i11_hostile_files_get_a_sentence,
    i12_languages_are_chosen_with_their_level,
    i13_alerts_are_set_in_the_form,
    i14_what_is_missing_is_said_with_a_link_to_each,
    i14_what_was_sent_is_locked_also_for_a_form_that_was_open_before,
    q2_the_dashboard_is_a_list_of_steps_then_says_what_happens_next,
}

/// What stands in a form again, whatever its address.
fn value(page: &Page, action: &str, name: &str) -> String {
    Form::to(page, action).value(name).unwrap_or_default().to_owned()
}

const INFORMATIONS: &str = "/mon-compte/informations";
const PARCOURS: &str = "/mon-compte/parcours";

async fn i4_the_page_is_saved_with_what_is_there_and_comes_back(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let page = client.get(INFORMATIONS).await;
    // What was said at the registration stands there already.
    assert_eq!(value(&page, INFORMATIONS, "nom"), ANNE.nom);
    assert_eq!(value(&page, INFORMATIONS, "date_naissance"), ANNE.naissance);
    assert!(page.body.contains(ANNE.email));
    // Next to nothing is enough to save.
    let form = Form::to(&page, INFORMATIONS).set("action", "enregistrer").set("commune", "Brest");
    let saved = client.submit(&form).await;
    assert_eq!((saved.status, saved.path()), (200, INFORMATIONS), "{}", saved.said());
    assert!(saved.said().contains("C’est enregistré"));
    assert_eq!(value(&saved, INFORMATIONS, "commune"), "Brest");

    let form = informations(&saved).set("action", "enregistrer").set("departements", "29").add("departements", "56");
    let saved = client.submit(&form).await;
    let again = Form::to(&saved, INFORMATIONS);
    for (name, expected) in [
        ("telephone", "06 12 34 56 78"),
        ("employeur_siret", "200 000 172 00011"),
        ("statut", "fonctionnaire"),
        ("nationalite", "française"),
        ("code_postal", "29200"),
    ] {
        assert_eq!(again.value(name), Some(expected), "{name}");
    }
    assert_eq!(again.values("departements"), ["29", "56"]);
    // The four phones, and where the login is changed.
    for name in ["telephone", "telephone_domicile", "telephone_professionnel", "telephone_autre"] {
        assert!(saved.html().by_id(name).is_some(), "{name}");
    }
    assert!(saved.body.contains("href=\"/mon-compte/adresse\""));
}

async fn i5_proposals_come_as_one_types(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = server.login(logins::INTERVENANT).await;
    let ask = async |typed: &str| {
        let typed = crate::support::client::encode(typed);
        client.json(&format!("/mon-compte/employeurs.json?q={typed}")).await
    };
    assert_eq!(ask("f").await.as_array().map(Vec::len), Some(0), "from the second character");
    assert!(ask("fa").await.as_array().is_some_and(|found| !found.is_empty()));
    for typed in ["faucigny glières", "200 000 172 00011"] {
        let found = ask(typed).await;
        let one = found.as_array().and_then(|found| found.first()).unwrap_or_else(|| panic!("« {typed} »")).clone();
        assert_eq!(one["valeur"], "20000017200011");
        assert_eq!((&one["code_postal"], &one["commune"]), (&"74130".into(), &"Bonneville".into()));
        let detail = one["detail"].as_str().expect("words");
        assert!(detail.contains("(74)") && detail.contains("200 000 172 00011"), "{detail}");
    }
    assert_eq!(ask("%_'\"<script>").await.as_array().map(Vec::len), Some(0));
    let stranger = server.visitor().get_only("/mon-compte/employeurs.json?q=fa").await;
    assert_eq!(stranger.status, 401);
}

async fn i5_an_employer_is_proposed_and_fills_the_form_without_javascript(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let page = client.get(INFORMATIONS).await;
    let form = Form::to(&page, INFORMATIONS).set("commune", "Brest").set("employeur_nom", "faucigny glières");
    let proposed = client.submit(&form.set("action", "chercher")).await;
    assert_eq!(proposed.status, 200, "{}", proposed.said());
    assert_eq!(value(&proposed, INFORMATIONS, "commune"), "Brest", "what was typed stays");
    let html = proposed.html();
    let choice = html
        .all("input")
        .find(|input| input.attribute("name") == Some("employeur_choisi"))
        .expect("an employer to choose")
        .expect("value")
        .to_owned();
    let form = Form::to(&proposed, INFORMATIONS).set("employeur_choisi", &choice).set("action", "choisir");
    let chosen = client.submit(&form).await;
    assert_eq!(value(&chosen, INFORMATIONS, "employeur_siret"), "200 000 172 00011");
    assert_eq!(value(&chosen, INFORMATIONS, "employeur_commune"), "Bonneville");
    assert_eq!(value(&chosen, INFORMATIONS, "employeur_adresse"), "", "the table has no street: it is typed");
    // Nothing fits: said, and every field can be typed.
    let form = Form::to(&chosen, INFORMATIONS).set("employeur_nom", "zzzz zzzz").set("action", "chercher");
    let none = client.submit(&form).await;
    assert!(none.body.contains("Aucun employeur public ne correspond"));
    let wrong = client
        .submit(&informations(&none).set("employeur_siret", "200 000 172 00012").set("action", "enregistrer"))
        .await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.html().by_id("employeur_siret-erreur").is_some(), "{}", wrong.said());
}

async fn i6_the_statut_decides_which_employer_is_kept(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let page = client.get(INFORMATIONS).await;
    // Why it is to be kept up to date is said, and each statut says what employer it goes with.
    assert!(page.body.contains("Gardez votre statut à jour."));
    let html = page.html();
    let kinds: Vec<_> = html
        .all("input")
        .filter(|input| input.attribute("name") == Some("statut"))
        .map(|input| (input.expect("value").to_owned(), input.expect("data-employeur").to_owned()))
        .collect();
    let expected = [
        ("fonctionnaire", "PUBLIC"),
        ("agent_non_titulaire", "PUBLIC"),
        ("independant", "PRIVÉ"),
        ("salarie_prive", "PRIVÉ"),
        ("retraite", ""),
        ("sans_activite", ""),
    ];
    assert_eq!(kinds, expected.map(|(statut, kind)| (statut.to_owned(), kind.to_owned())));
    let form = informations(&page).set("statut", "retraite").set("action", "enregistrer");
    let saved = client.submit(&form).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    assert_eq!(value(&saved, INFORMATIONS, "employeur_nom"), "", "who is retired has no employer");
    let check = client.get("/mon-compte/verification").await;
    assert!(!check.body.contains("Type d’employeur"));
    let form = informations(&saved).set("statut", "independant").set("action", "enregistrer");
    assert_eq!(client.submit(&form).await.status, 200);
    let check = client.get("/mon-compte/verification").await;
    assert!(check.html().all("dd").any(|dd| dd.text == "PRIVÉ"));
}

async fn i7_another_professional_address_is_asked_for(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let page = client.get(INFORMATIONS).await;
    let form = informations(&page).set("pro_differentes", "1").set("action", "enregistrer");
    let saved = client.submit(&form).await;
    assert_eq!(saved.status, 200);
    let check = client.get("/mon-compte/verification").await;
    assert!(check.body.contains("manques=1#pro_adresse"), "{}", check.said());
    let form = Form::to(&saved, INFORMATIONS)
        .set("pro_adresse", "2 rue du Port")
        .set("pro_code_postal", "29000")
        .set("pro_commune", "Quimper")
        .set("pro_telephone", "0298000000")
        .set("action", "enregistrer");
    let saved = client.submit(&form).await;
    assert_eq!(value(&saved, INFORMATIONS, "pro_telephone"), "02 98 00 00 00");
    assert!(!client.get("/mon-compte/verification").await.body.contains("pro_adresse"));
}

/// Saves what is typed as the page's own module does.
async fn autosave(client: &Client, form: &Form) -> Page {
    let path = format!("{}/saisie", form.action);
    client.try_post(&path, &form.fields).await.expect("an answer")
}

async fn i9_what_is_typed_is_kept_and_only_the_button_publishes_it(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    let page = person.get(PARCOURS).await;
    let before = value(&page, PARCOURS, "titre");
    let form = parcours(&page).set("titre", "Spécialiste des tourbières");
    let kept = autosave(&person, &form).await;
    assert_eq!(kept.status, 200, "{}", kept.said());
    assert!(kept.json()["enregistre_a"].as_str().is_some_and(|said| said.contains('h')));
    // Elsewhere, later: it stands where it stood, and it is said not to be published.
    let later = server.login(logins::INTERVENANT).await;
    let page = later.get(PARCOURS).await;
    assert_eq!(value(&page, PARCOURS, "titre"), "Spécialiste des tourbières");
    assert!(page.body.contains("ne sont pas encore publiées"), "{}", page.said());
    assert!(later.get("/tableau-de-bord").await.body.contains("Publier vos modifications"));
    let found = desk.json("/cvtheque.json?q=tourbi%C3%A8res").await;
    assert_eq!(found["total"], 0, "a draft is nobody else's business");
    // Given up, then typed again and published.
    let back = later.submit(&Form::to(&page, PARCOURS).set("action", "abandonner")).await;
    assert_eq!(value(&back, PARCOURS, "titre"), before);
    let saved =
        later.submit(&parcours(&back).set("titre", "Spécialiste des tourbières").set("action", "enregistrer")).await;
    assert!(saved.said().contains("publiées"), "{}", saved.said());
    eventually("the change is found", async || {
        (desk.json("/cvtheque.json?q=tourbi%C3%A8res").await["total"] == 1).then_some(())
    })
    .await;
    assert!(!later.get(PARCOURS).await.body.contains("pas encore publiées"));
    // What is in the CV-thèque stays whole.
    let refused = later.submit(&Form::to(&saved, PARCOURS).without("specialites").set("action", "enregistrer")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("Choisissez au moins une spécialité"));
}

async fn i9_what_can_not_be_read_is_said_and_what_was_typed_is_kept(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let page = client.get(INFORMATIONS).await;
    let form = informations(&page).set("code_postal", "2920").set("telephone", "06 12").set("action", "enregistrer");
    let refused = client.submit(&form).await;
    assert_eq!(refused.status, 422);
    let html = refused.html();
    assert!(html.by_id("code_postal-erreur").is_some() && html.by_id("telephone-erreur").is_some());
    assert!(html.all("title").any(|title| title.text.starts_with("Erreur : ")));
    assert_eq!(value(&refused, INFORMATIONS, "code_postal"), "2920");
    // The next evening it is there again.
    let again = client.get(INFORMATIONS).await;
    assert_eq!(value(&again, INFORMATIONS, "telephone"), "06 12");
    assert_eq!(value(&again, INFORMATIONS, "adresse"), "3 rue des Ajoncs");
    // A stranger's identity is not taken.
    let other = server.login(logins::INTERVENANT).await.get("/mon-compte/informations").await;
    let taken = informations(&again)
        .set("civilite", &value(&other, INFORMATIONS, "civilite"))
        .set("nom", &value(&other, INFORMATIONS, "nom").to_uppercase())
        .set("prenom", &value(&other, INFORMATIONS, "prenom"))
        .set("date_naissance", &value(&other, INFORMATIONS, "date_naissance"))
        .set("action", "enregistrer");
    let refused = client.submit(&taken).await;
    assert_eq!(refused.status, 422);
    assert!(refused.html().by_id("nom-erreur").is_some(), "{}", refused.said());
}

fn row(page: &Page, action: &str) -> Form {
    Form::to(page, action)
}

async fn i10_rows_are_added_changed_removed_and_brought_back(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    for (rubrique, words) in [
        ("professionnalisation", "Ajouter une action de professionnalisation de formateur"),
        ("experience", "Ajouter une expérience professionnelle"),
        ("formation", "Ajouter une formation professionnelle suivie"),
        ("formation_initiale", "Ajouter une formation initiale"),
    ] {
        let page = client.press(&client.get(PARCOURS).await, words).await;
        let path = format!("/mon-compte/parcours/nouvelle/{rubrique}");
        assert_eq!((page.status, page.path()), (200, path.as_str()));
        let empty = client.submit(&row(&page, &path)).await;
        assert_eq!(empty.status, 422, "a row needs a title");
        let form = row(&page, &path).set("intitule", &format!("Ligne {rubrique}")).set("debut", "09/2019");
        let back = client.submit(&form.set("organisme", "Ville de Brest")).await;
        assert_eq!((back.status, back.path()), (200, PARCOURS), "{}", back.said());
        assert!(back.body.contains(&format!("Ligne {rubrique}")) && back.body.contains("depuis septembre 2019"));
    }
    let page = client.get(PARCOURS).await;
    let html = page.html();
    let change = html.all("button").find(|button| button.text == "Modifier Ligne experience").expect("a button");
    let editor = client.submit(&Form::with_button(&page, &html, change)).await;
    let path = editor.path().to_owned();
    assert_eq!(value(&editor, &path, "debut"), "09/2019");
    let wrong = client.submit(&row(&editor, &path).set("fin", "2001")).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(value(&wrong, &path, "fin"), "2001");
    let back = client.submit(&row(&editor, &path).set("intitule", "Directrice des finances")).await;
    assert!(back.body.contains("Directrice des finances") && !back.body.contains("Ligne experience"));

    let html = back.html();
    let remove = html.all("button").find(|one| one.text == "Supprimer Directrice des finances").expect("a button");
    let gone = client.submit(&Form::with_button(&back, &html, remove)).await;
    assert!(gone.said().contains("supprimée"), "{}", gone.said());
    assert_eq!(client.get(&path).await.status, 404);
    let restored = client.press(&gone, "Annuler").await;
    assert!(restored.body.contains("Directrice des finances"), "{}", restored.said());
    assert_eq!(client.get("/mon-compte/parcours/nouvelle/autre").await.status, 404);
}

async fn i10_a_button_that_leads_elsewhere_keeps_what_was_typed(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let page = client.get(PARCOURS).await;
    let form = parcours(&page).set("experience", "À moitié tapé").set("action", "ajouter:experience");
    let editor = client.submit(&form).await;
    assert_eq!(editor.path(), "/mon-compte/parcours/nouvelle/experience");
    let back = client.get(PARCOURS).await;
    assert_eq!(value(&back, PARCOURS, "experience"), "À moitié tapé");
}

async fn q1_i10_what_is_typed_stays_when_a_line_that_was_removed_comes_back(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let path = "/mon-compte/parcours/nouvelle/experience";
    let page = client.get(path).await;
    let there = client.submit(&row(&page, path).set("intitule", "Rédactrice")).await;
    let gone = client.press(&there, "Supprimer Rédactrice").await;
    assert!(gone.said().contains("supprimée"), "{}", gone.said());
    let undo = Form::pressing(&gone, "Annuler");
    assert_eq!(undo.action, "/mon-compte/parcours/retablir");
    let back = client.submit(&undo.set("titre", "Juriste, à moitié tapé").set("motivation", "Transmettre")).await;
    assert!(back.status == 200 && back.main_text().contains("Rédactrice"), "{}", back.said());
    assert_eq!(value(&back, PARCOURS, "titre"), "Juriste, à moitié tapé");
    assert_eq!(value(&back, PARCOURS, "motivation"), "Transmettre");
    // The Enter key still saves: the first button of the form is the one that does.
    let html = gone.html();
    let first = html.all("button").find(|button| button.attribute("form") == Some("parcours")).expect("a button");
    assert_eq!((first.attribute("value"), first.attribute("formaction")), (Some("enregistrer"), None));
}

async fn upload(client: &Client, name: &str, bytes: &[u8]) -> Page {
    let page = client.get("/mon-compte/cv").await;
    client.upload(&Form::to(&page, "/mon-compte/cv"), "cv", name, bytes).await
}

const TEXT: &str = "Formatrice en restauration d’orgues baroques.\nVingt ans de métier.\n";

async fn i11_a_cv_is_attached_replaced_and_taken_away(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    let page = person.get("/mon-compte/cv").await;
    assert!(page.body.contains("2\u{a0}Mo") && page.body.contains("DOCX"), "limits before the fact");
    let attached = upload(&person, "mon cv.txt", TEXT.as_bytes()).await;
    assert_eq!((attached.status, attached.path()), (200, "/mon-compte/cv"), "{}", attached.said());
    assert!(attached.body.contains("mon cv.txt"));
    eventually("the text of the CV is found", async || {
        (desk.json("/cvtheque.json?q=%22orgues+baroques%22").await["total"] == 1).then_some(())
    })
    .await;
    let href =
        attached.html().all("a").find(|link| link.text == "mon cv.txt").expect("a link").expect("href").to_owned();
    assert_eq!(person.get(&href).await.body, TEXT);
    // Another takes its place.
    let replaced = upload(&person, "nouveau.txt", b"Accordeur de clavecins.").await;
    assert!(replaced.body.contains("nouveau.txt") && !replaced.body.contains("mon cv.txt"));
    assert_eq!(person.get(&href).await.status, 404);
    eventually("the old text is gone", async || {
        let old = desk.json("/cvtheque.json?q=%22orgues+baroques%22").await["total"].clone();
        let new = desk.json("/cvtheque.json?q=clavecins").await["total"].clone();
        (old == 0 && new == 1).then_some(())
    })
    .await;
    let removed = person.press(&replaced, "Retirer ce CV").await;
    assert!(removed.body.contains("Aucun fichier n’est joint"), "{}", removed.said());
    let nothing = {
        let form = Form::to(&removed, "/mon-compte/cv");
        person.upload(&form, "cv", "", b"").await
    };
    assert_eq!(nothing.status, 422);
    assert!(nothing.body.contains("Choisissez d’abord un fichier"));
}

async fn i11_a_diploma_goes_with_its_row(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let path = "/mon-compte/parcours/nouvelle/formation_initiale";
    let page = client.get(path).await;
    assert!(page.body.contains("2\u{a0}Mo"));
    let form = row(&page, path).set("intitule", "Master de droit public");
    let hostile = client.upload(&form, "diplome", "master.pdf", b"MZ\x90\x00 this is a program").await;
    assert_eq!(hostile.status, 422);
    assert_eq!(value(&hostile, path, "intitule"), "Master de droit public", "what was typed is kept");
    let back = client.upload(&form, "diplome", "master.txt", "Diplôme de master".as_bytes()).await;
    assert_eq!(back.path(), PARCOURS, "{}", back.said());
    assert!(back.body.contains("master.txt"));
    let html = back.html();
    let change = html.all("button").find(|one| one.text == "Modifier Master de droit public").expect("a button");
    let editor = client.submit(&Form::with_button(&back, &html, change)).await;
    let removed = client.press(&editor, "Retirer ce diplôme").await;
    assert_eq!(removed.status, 200);
    assert!(!removed.body.contains("master.txt"), "{}", removed.said());
}

async fn q1_i11_a_diploma_is_taken_away_and_the_line_being_typed_stays(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let path = "/mon-compte/parcours/nouvelle/formation_initiale";
    let join = async |client: &Client, path: &str, name: &str| {
        let form = row(&client.get(path).await, path).set("intitule", "Master de droit public");
        let back = client.upload(&form, "diplome", name, "Diplôme de master".as_bytes()).await;
        assert!(back.path() == PARCOURS && back.main_text().contains(name), "{}", back.said());
        back
    };
    let editor = client.press(&join(&client, path, "master.txt").await, "Modifier Master de droit public").await;
    let line = editor.path().to_owned();
    let typed =
        Form::pressing(&editor, "Retirer ce diplôme").set("organisme", "Université de Rennes").set("fin", "2001");
    let removed = client.submit(&typed).await;
    assert_eq!((removed.status, removed.path()), (200, line.as_str()), "{}", removed.said());
    assert!(!removed.main_text().contains("master.txt"), "{}", removed.said());
    assert_eq!(value(&removed, &line, "organisme"), "Université de Rennes");
    assert_eq!(value(&removed, &line, "fin"), "2001");
    let saved = client.get(&line).await;
    assert_eq!(value(&saved, &line, "organisme"), "", "it is not saved yet");
    assert!(!saved.main_text().contains("master.txt"), "{}", saved.said());
    // A file that is chosen meanwhile can't be kept, and it is said.
    join(&client, &line, "autre.txt").await;
    let typed = Form::pressing(&client.get(&line).await, "Retirer ce diplôme").set("organisme", "Rennes");
    let removed = client.upload(&typed, "diplome", "nouveau.txt", "Un autre".as_bytes()).await;
    assert!(removed.status == 200 && removed.said().contains("choisissez-le à nouveau"), "{}", removed.said());
    assert_eq!(value(&removed, &line, "organisme"), "Rennes");
    let saved = client.get(&line).await.main_text();
    assert!(!saved.contains("autre.txt") && !saved.contains("nouveau.txt"), "{saved}");
}

async fn i11_hostile_files_get_a_sentence(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("documents/tests");
    assert!(samples.is_dir());
    let too_big = vec![b'a'; 2 * 1024 * 1024 + 1];
    let just_right = vec![b'a'; 2 * 1024 * 1024];
    for (name, bytes) in [
        ("trop.txt", too_big.as_slice()),
        ("programme.pdf", b"MZ\x90\x00\x03\x00\x00\x00 program"),
        ("image.docx", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        ("vide.txt", b""),
        ("tableau.xlsx", b"PK\x03\x04 not a zip"),
        ("cv\u{202e}txt.exe", b"MZ\x90\x00"),
    ] {
        let refused = upload(&client, name, bytes).await;
        assert_eq!(refused.status, 422, "{name}");
        let html = refused.html();
        let why = html.by_id("cv-erreur").unwrap_or_else(|| panic!("{name}: a sentence: {}", refused.said()));
        assert!(why.text.chars().count() > 25 && why.text.ends_with(['.', '?']), "{name}: {}", why.text);
        assert!(client.get("/mon-compte/cv").await.body.contains("Aucun fichier n’est joint"), "{name}");
    }
    let fine = upload(&client, "limite.txt", &just_right).await;
    assert_eq!(fine.status, 200, "{}", fine.said());
    // Without the token nothing is received.
    let forged = Form { action: "/mon-compte/cv".into(), posts: true, fields: vec![("_csrf".into(), "x".into())] };
    assert_eq!(client.upload(&forged, "cv", "a.txt", b"texte").await.status, 403);
}

async fn i12_languages_are_chosen_with_their_level(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let page = client.get(PARCOURS).await;
    let html = page.html();
    let labels: Vec<String> = html.all("option").map(|option| option.text.clone()).collect();
    assert!(labels.iter().any(|label| label == "anglais") && labels.iter().any(|label| label == "breton"));
    let form =
        Form::to(&page, PARCOURS).without("langues").without("niveaux").add("langues", "en").add("niveaux", "B2");
    let form = form.add("langues", "br").add("niveaux", "natif").set("action", "enregistrer");
    let saved = client.submit(&form).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    let again = Form::to(&saved, PARCOURS);
    assert_eq!(again.values("langues"), ["br", "en", "", ""], "and room for more");
    assert_eq!(again.values("niveaux"), ["natif", "B2", "", ""]);
    let form = again.without("langues").without("niveaux").add("langues", "en").add("niveaux", "");
    let wrong = client.submit(&form.set("action", "enregistrer")).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("Choisissez un niveau pour chaque langue."));
}

async fn i13_alerts_are_set_in_the_form(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let page = client.get(PARCOURS).await;
    let form = parcours(&page).add("alertes", "specialites").add("alertes", "regions").set("action", "enregistrer");
    let saved = client.submit(&form).await;
    assert_eq!(Form::to(&saved, PARCOURS).values("alertes"), ["specialites", "regions"], "{}", saved.said());
    let alerts = client.get("/mon-compte/alertes").await;
    assert_eq!(value(&alerts, "/mon-compte/alertes", "regions"), "1");
    let form = Form::to(&saved, PARCOURS).add("alertes", "specialites_et_regions").set("action", "enregistrer");
    assert_eq!(client.submit(&form).await.status, 422, "box 3 stands alone");
}

async fn i14_what_is_missing_is_said_with_a_link_to_each(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let refused = send(&client).await;
    assert_eq!(refused.status, 422);
    let html = refused.html();
    let summary = html.by_class("summary").expect("a summary");
    let links: Vec<String> = html.inside(summary, "a").map(|link| link.expect("href").to_owned()).collect();
    for field in ["informations?manques=1#telephone", "informations?manques=1#statut", "parcours?manques=1#specialites"]
    {
        assert!(links.contains(&format!("/mon-compte/{field}")), "{field}: {links:?}");
    }
    // Each link leads to its field, where the same sentence stands.
    for link in html.inside(summary, "a") {
        let (address, field) = link.expect("href").split_once('#').expect("an anchor");
        let page = client.get(address).await;
        let html = page.html();
        let target = html.by_id(field).unwrap_or_else(|| panic!("{field} on {address}"));
        assert!(
            ["input", "textarea", "select", "fieldset"].contains(&target.name.as_str()),
            "{field}: {}",
            target.name
        );
        let said = html.all("span").filter(|span| span.has_class("why")).any(|why| why.text.contains(&link.text));
        assert!(said, "« {} » stands at its field", link.text);
    }
    // What is typed and not saved counts: it is what one sees.
    let page = client.get(INFORMATIONS).await;
    assert_eq!(autosave(&client, &informations(&page)).await.status, 200);
    // It is saved, by one word, before and after the page is opened again.
    let again = client.get(INFORMATIONS).await;
    assert!(
        again.said().contains("Enregistré il y a") || again.said().contains("Enregistré à l’instant"),
        "{}",
        again.said()
    );
    assert!(!again.body.contains("pas encore enregistré") && !again.body.contains("gardée"));
    let page = client.get(PARCOURS).await;
    assert_eq!(autosave(&client, &parcours(&page)).await.status, 200);
    let check = client.get("/mon-compte/verification").await;
    assert!(check.body.contains("3 rue des Ajoncs") && check.body.contains("Délégation Bretagne"), "{}", check.said());
    let sent = send(&client).await;
    assert_eq!((sent.status, sent.path()), (200, "/tableau-de-bord"), "{}", sent.said());
    eventually("the mail says what happens next", async || {
        let mails = mails::about(&client, ANNE.email).await;
        for mail in mails {
            let text = mails::text(&client, &mail).await;
            if text.contains("Délégation Bretagne") && text.contains("transmise") {
                return Some(());
            }
        }
        None
    })
    .await;
}

async fn i14_what_was_sent_is_locked_also_for_a_form_that_was_open_before(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    fill_in(&client).await;
    // Everything that can be changed is open in other tabs when the registration is sent.
    let open = (client.get(INFORMATIONS).await, client.get(PARCOURS).await, client.get("/mon-compte/cv").await);
    let path = "/mon-compte/parcours/nouvelle/experience";
    let line = client.get(path).await;
    let check = client.get("/mon-compte/verification").await;
    assert_eq!(send(&client).await.status, 200);
    for form in [
        informations(&open.0).set("action", "enregistrer").set("commune", "Quimper"),
        informations(&open.0).set("action", "chercher").set("commune", "Quimper"),
        parcours(&open.1).set("action", "enregistrer").set("titre", "Autre"),
        parcours(&open.1).set("action", "ajouter:experience").set("titre", "Autre"),
        row(&line, path).set("intitule", "Ajoutée après"),
        Form::to(&check, "/mon-compte/transmettre"),
    ] {
        let refused = client.submit(&form).await;
        assert_eq!(refused.status, 409, "{} {:?}: {}", form.action, form.value("action"), refused.said());
        assert!(refused.body.contains("en cours d’analyse"), "{}", refused.said());
    }
    for form in [informations(&open.0).set("commune", "Quimper"), parcours(&open.1).set("titre", "Autre")] {
        assert_eq!(autosave(&client, &form).await.status, 409);
    }
    let file = client.upload(&Form::to(&open.2, "/mon-compte/cv"), "cv", "a.txt", b"Texte").await;
    assert_eq!(file.status, 409);
    assert_eq!(client.post("/mon-compte/parcours/retablir", &[]).await.status, 409);
    // The pages show what was sent, and say why it can't be changed.
    let page = client.get(INFORMATIONS).await;
    assert!(Form::found(&page, INFORMATIONS).is_none());
    assert!(page.body.contains("en cours d’analyse") && page.body.contains("29200 Brest"), "{}", page.said());
    let page = client.get(PARCOURS).await;
    assert!(Form::found(&page, PARCOURS).is_none() && page.body.contains("lagunes littorales"));
    assert!(Form::found(&client.get("/mon-compte/cv").await, "/mon-compte/cv").is_none());
}

async fn q2_the_dashboard_is_a_list_of_steps_then_says_what_happens_next(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let board = client.get("/tableau-de-bord").await;
    assert!(board.body.contains("Ce que vous devez faire") && board.body.contains("points à compléter"));
    assert!(board.html().all("main").any(|main| main.text.contains("0 étape obligatoire sur 3")), "{}", board.said());
    fill_in(&client).await;
    let board = client.get("/tableau-de-bord").await;
    assert!(board.html().all("main").any(|main| main.text.contains("2 étapes obligatoires sur 3")), "{}", board.said());
    let other = transmitted(
        &server,
        &crate::support::inscription::Person { email: "b@candidats.example", prenom: "Berthe", ..ANNE },
    )
    .await;
    let board = other.get("/tableau-de-bord").await;
    assert!(board.said().contains("transmise"), "{}", board.said());
    let main: String = board.html().all("main").map(|main| main.text.clone()).collect();
    assert!(main.contains("Vous n’avez rien à faire") && main.contains("Délégation Bretagne"), "{main}");
    assert!(!main.contains("Ce que vous devez faire"));
}
