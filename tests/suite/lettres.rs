//! The « lettre de demande », on both sides: SPEC D13.

use chrono::Datelike as _;
use sha2::{Digest, Sha256};

use crate::dossier::{World, join, save, validated, world};
use crate::support::{Client, Engine, Form, Page, both_engines, command, eventually, logins, mails};

both_engines! {
    d13_no_letter_is_prepared_before_the_dossier_is_complete,
    d13_a_letter_is_prepared_previewed_sent_and_accepted,
    d13_a_letter_is_declined_with_a_word_and_answered_once,
    d13_a_letter_is_taken_back_and_the_person_is_told,
    d13_a_letter_bears_the_siret_the_service_and_the_engagement,
    d13_letters_are_numbered_per_structure_and_year_without_a_gap,
    d13_what_was_sent_is_what_is_shown_whatever_changes_after,
    d13_a_letter_is_its_structures_and_its_persons_alone,
    d13_every_mistake_is_said_and_what_was_typed_stays,
    d13_two_gestionnaires_do_not_write_over_each_other,
}

const MINE: &str = "/mon-compte/lettres";
const THEIRS: &str = "/gestion/lettres";

/// The year in which letters of these tests are numbered.
fn year() -> i32 {
    domain::time::paris_day(chrono::Utc::now().naive_utc()).year()
}

const FIELDS: [(&str, &str); 9] = [
    ("objet", "Préparer un budget communal"),
    ("corps", "Trois journées pour des secrétaires de mairie.\nLe groupe compte quinze personnes."),
    ("duree", "18"),
    ("du", "2027-03-15"),
    ("au", "2027-03-17"),
    ("lieu", "Rennes, salle Ouessant"),
    ("montant", "350,50"),
    ("unite_paiement", "jour"),
    ("modalites_paiement", "Frais de déplacement remboursés."),
];

fn filled(mut form: Form, fields: &[(&str, &str)]) -> Form {
    for (name, value) in fields {
        form = form.set(name, value);
    }
    form
}

/// Prepares a letter with these fields over [`FIELDS`]; the page that follows.
pub async fn draft(desk: &Client, dossier: &str, fields: &[(&str, &str)]) -> Page {
    let page = desk.get(&format!("{dossier}/lettre")).await;
    let form = filled(Form::pressing(&page, "Enregistrer le projet"), &FIELDS);
    desk.submit(&filled(form.set("genre", "intervention"), fields)).await
}

/// Prepares a letter and sends it; its address at the structure's, and its number.
pub async fn sent(desk: &Client, dossier: &str, fields: &[(&str, &str)]) -> (String, String) {
    let saved = draft(desk, dossier, fields).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    let gone = desk.press(&saved, "Enregistrer et envoyer").await;
    assert!(gone.body.contains("La lettre est envoyée"), "{}", gone.said());
    (gone.path().to_owned(), number(&gone))
}

/// The number that a page of a letter says.
fn number(page: &Page) -> String {
    let text = page.main_text();
    let rest = text.split("N° ").nth(1).unwrap_or_else(|| panic!("no number: {text}"));
    rest.split_whitespace().next().expect("a number").to_owned()
}

/// The PDF of a page of a letter.
async fn pdf(client: &Client, page: &Page) -> Vec<u8> {
    let html = page.html();
    let src = html.all("iframe").next().expect("the document").expect("src").to_owned();
    let file = client.get_only(&src).await;
    assert_eq!((file.status, &file.bytes[..5]), (200, &b"%PDF-"[..]), "{}", file.said());
    file.bytes
}

/// The words of a PDF, read by the program's own child process.
async fn words(pdf: &[u8]) -> String {
    let program = env!("CARGO_BIN_EXE_espace-intervenants");
    let patient =
        documents::Limits { wall_clock: std::time::Duration::from_mins(2), cpu_seconds: 60, ..Default::default() };
    let reader = documents::Extractor::new(program, ["extract-text"], patient);
    let read = reader.extract_bytes(documents::Format::Pdf, pdf).await.expect("a text");
    read.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// The page of the latest letter of a person.
pub async fn latest(person: &Client) -> Page {
    let list = person.get(MINE).await;
    let html = list.html();
    let links = html.all("a").filter_map(|link| link.attribute("href"));
    let href = links.filter(|href| href.starts_with(&format!("{MINE}/"))).map(ToOwned::to_owned).next();
    person.get(&href.unwrap_or_else(|| panic!("no letter: {}", list.said()))).await
}

pub async fn answer(person: &Client, page: &Page, reponse: &str, texte: &str) -> Page {
    let form = Form::pressing(page, "Envoyer ma réponse").set("reponse", reponse).set("texte", texte);
    person.submit(&form).await
}

async fn d13_no_letter_is_prepared_before_the_dossier_is_complete(engine: Engine) {
    let world = world(engine).await;
    let page = world.desk.get(&world.dossier).await;
    assert!(!page.body.contains("Préparer une lettre"), "{}", page.said());
    let page = world.desk.get(&format!("{}/lettre", world.dossier)).await;
    assert!(
        page.main_text().contains("n’est pas complet et validé : demandez d’abord ce qui manque"),
        "{}",
        page.said()
    );
    let fields: Vec<(&str, &str)> =
        FIELDS.into_iter().chain([("genre", "intervention"), ("action", "enregistrer")]).collect();
    let refused = world.desk.post(&format!("{}/lettre", world.dossier), &fields).await;
    assert_eq!(refused.status, 409, "{}", refused.said());
    assert!(refused.main_text().contains("n’est pas complet et validé"), "{}", refused.said());
    let drafts = world.desk.get(&format!("{THEIRS}?etat=brouillon")).await;
    assert!(!drafts.body.contains("Préparer un budget communal"), "{}", drafts.said());
    let none = world.desk.get(THEIRS).await;
    assert!(none.main_text().contains("Aucune lettre ici"), "{}", none.said());
    let none = world.person.get(MINE).await;
    assert!(none.main_text().contains("Vous n’avez reçu aucune lettre"), "{}", none.said());
}

async fn d13_a_letter_bears_the_siret_the_service_and_the_engagement(engine: Engine) {
    let world = validated(engine).await;
    let World { person, desk, dossier, .. } = &world;
    let prepared = |page: &Page| Form::pressing(page, "Enregistrer le projet");
    let page = desk.get(&format!("{dossier}/lettre")).await;
    assert_eq!(prepared(&page).value("siret"), Some(""), "who is retired sends no invoice: {}", page.said());
    // As an independent, with the SIRET of their own activity.
    save(person, "statut", &[("statut", "independant"), ("fonction", "Formatrice")]).await;
    let employeur = [
        ("employeur_nom", "Atelier Zinzolin"),
        ("employeur_siret", "73282932000074"),
        ("employeur_adresse", "3 rue des Écoles"),
        ("employeur_code_postal", "35000"),
        ("employeur_commune", "Rennes"),
    ];
    let saved = save(person, "employeur", &employeur).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    join(person, "attestation_honneur", "honneur.txt", "Sur l’honneur.").await;
    let sent = world.transmit().await;
    assert!(sent.body.contains("Votre dossier est transmis"), "{}", sent.said());
    let page = desk.get(dossier).await;
    let done = desk.press(&page, "Tout valider").await;
    assert!(done.body.contains("complet et validé"), "{}", done.said());
    let page = desk.get(&format!("{dossier}/lettre")).await;
    assert_eq!(prepared(&page).value("siret"), Some("732 829 320 00074"), "{}", page.said());

    let wrong = draft(desk, dossier, &[("siret", "73282932000075"), ("code_service", "FORM-BZH")]).await;
    assert_eq!((wrong.status, prepared(&wrong).value("code_service")), (422, Some("FORM-BZH")), "{}", wrong.said());
    let saved = draft(desk, dossier, &[("code_service", "FORM-BZH"), ("engagement", "EJ-2027-42")]).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    let printed = words(&pdf(desk, &saved).await).await;
    let gone = desk.press(&saved, "Enregistrer et envoyer").await;
    assert!(gone.body.contains("La lettre est envoyée"), "{}", gone.said());
    let read = latest(person).await.main_text();
    for said in ["SIRET 732 829 320 00074", "Code service FORM-BZH", "Numéro d’engagement EJ-2027-42"] {
        assert!(printed.contains(said) && read.contains(said), "« {said} » in {printed} and {read}");
    }
}

async fn d13_a_letter_is_prepared_previewed_sent_and_accepted(engine: Engine) {
    let world = validated(engine).await;
    let World { person, desk, dossier, site, .. } = &world;
    let name = person.name().await;
    let page = desk.get(dossier).await;
    assert!(page.body.contains("Préparer une lettre"), "{}", page.said());
    let saved = draft(desk, dossier, &[]).await;
    assert!(saved.body.contains("Le projet est enregistré"), "{}", saved.said());
    let preview = words(&pdf(desk, &saved).await).await;
    for said in [
        "Projet : cette lettre n’est pas envoyée",
        &name,
        "Délégation Bretagne",
        "Objet : Préparer un budget communal",
        "Le groupe compte quinze personnes.",
        "Durée 18 h",
        "Période Du 15 au 17 mars 2027",
        "Lieu Rennes, salle Ouessant",
        "350,50 € par jour",
        "Frais de déplacement remboursés.",
    ] {
        assert!(preview.contains(said), "« {said} » in {preview}");
    }
    // A draft is the structure's alone.
    assert!(person.get(MINE).await.main_text().contains("Vous n’avez reçu aucune lettre"));
    let tab = person.tab().await;
    let before = tab.told().counter("notifications").expect("a counter");

    // What is typed when one presses « envoyer » is what is sent.
    let form = Form::pressing(&saved, "Enregistrer et envoyer").set("objet", "Préparer un budget, zinzolin");
    let gone = desk.submit(&form).await;
    assert!(gone.body.contains("La lettre est envoyée"), "{}", gone.said());
    let numero = number(&gone);
    assert_eq!(numero, format!("BRETAGNE-{:04}-0001", year()));
    assert!(!gone.body.contains("Enregistrer le projet"), "{}", gone.said());
    tab.until("the notification", |told| told.counter("notifications") == Some(before + 1)).await;
    let objet = "Une lettre de demande d’intervention vous attend";
    assert_eq!(mails::told(person, logins::INTERVENANT, objet).await, 1);
    let mail = mails::about(person, logins::INTERVENANT).await.into_iter().find(|mail| mail.objet == objet);
    let text = mails::text(person, &mail.expect("it")).await;
    assert!(
        text.contains(&numero) && text.contains("zinzolin") && text.contains(MINE) && !text.contains("350"),
        "{text}"
    );

    let board = person.get("/tableau-de-bord").await;
    assert!(board.main_text().contains("Répondre à une lettre de demande"), "{}", board.said());
    let page = latest(person).await;
    let main = page.main_text();
    for said in
        [&numero, "zinzolin", "Du 15 au 17 mars 2027", "350,50 € par jour", "ce n’est pas une signature électronique"]
    {
        assert!(main.contains(said), "« {said} » in {main}");
    }
    let document = pdf(person, &page).await;
    let printed = words(&document).await;
    assert!(printed.contains(&numero) && printed.contains("zinzolin") && !printed.contains("Projet"), "{printed}");
    assert!(main.contains(&digest(&document)), "the digest of what is shown: {main}");

    let desk_tab = desk.tab().await;
    let before = desk_tab.told().counter("notifications").expect("a counter");
    let said = answer(person, &page, "accepter", "").await;
    assert!(said.body.contains("Votre accord est enregistré"), "{}", said.said());
    assert!(
        said.main_text().contains("Lettre acceptée") && !said.body.contains("Envoyer ma réponse"),
        "{}",
        said.said()
    );
    desk_tab.until("who sent it is told", |told| told.counter("notifications") == Some(before + 1)).await;
    assert!(!person.get("/tableau-de-bord").await.body.contains("Répondre à une lettre"));
    let page = desk.get(gone.path()).await;
    assert!(
        page.main_text().contains("Lettre acceptée") && page.main_text().contains(&digest(&document)),
        "{}",
        page.said()
    );
    let list = desk.get(&format!("{THEIRS}?etat=acceptee")).await;
    assert!(list.body.contains(&numero) && list.body.contains(&name), "{}", list.said());
    assert!(desk.get(dossier).await.body.contains(&numero));

    // It goes with the person's data, as it was sent.
    let archive = crate::donnees::taken(person, "Télécharger le classeur et mes fichiers (ZIP)").await;
    assert_eq!(crate::donnees::parts(&archive.bytes)[&format!("lettres/{numero}.pdf")], document);
    // Nothing that the check of the database knows of is wrong.
    let checked = command::on(site, "check", &[]).await;
    assert_eq!(checked.code, Some(0), "{}", checked.said());
}

async fn d13_a_letter_is_declined_with_a_word_and_answered_once(engine: Engine) {
    let world = validated(engine).await;
    let World { person, desk, dossier, .. } = &world;
    let (href, _) = sent(desk, dossier, &[]).await;
    let page = latest(person).await;
    let nothing = person.submit(&Form::pressing(&page, "Envoyer ma réponse").set("texte", "Amarante.")).await;
    assert_eq!(nothing.status, 422, "{}", nothing.said());
    assert!(nothing.body.contains("Choisissez d’accepter ou de décliner") && nothing.body.contains("Amarante."));
    // Another document than the one that is kept is not answered to.
    let form = Form::pressing(&page, "Envoyer ma réponse").set("reponse", "accepter");
    let other = person.submit(&form.set("empreinte", &"0".repeat(64))).await;
    assert_eq!(other.status, 409, "{}", other.said());
    assert!(other.body.contains("rechargez la page"), "{}", other.said());

    let said = answer(person, &page, "decliner", "Je suis pris ces jours-là, vermillon. 2 55 08 14 168 025 38").await;
    assert!(said.body.contains("Votre refus est enregistré"), "{}", said.said());
    let again = answer(person, &page, "accepter", "").await;
    assert_eq!(again.status, 409, "{}", again.said());
    assert!(again.body.contains("Il a déjà été répondu à cette lettre"), "{}", again.said());
    let theirs = desk.get(&href).await;
    assert!(theirs.main_text().contains("Lettre déclinée") && theirs.body.contains("vermillon"), "{}", theirs.said());
    // A NIR in these words would be read by who may not (SPEC Q7).
    assert!(!theirs.body.contains("168 025"), "{}", theirs.said());
    assert!(!theirs.body.contains("Annuler la lettre"), "there is nothing to take back");
}

async fn d13_a_letter_is_taken_back_and_the_person_is_told(engine: Engine) {
    let world = validated(engine).await;
    let World { person, desk, dossier, .. } = &world;
    // Before it is sent nobody hears of it.
    let saved = draft(desk, dossier, &[]).await;
    let form = Form::pressing(&saved, "Abandonner le projet");
    let back = desk.submit(&form).await;
    assert!(back.body.contains("La lettre est annulée"), "{}", back.said());
    assert!(person.get(MINE).await.main_text().contains("Vous n’avez reçu aucune lettre"));
    // After it was accepted too.
    let (href, numero) = sent(desk, dossier, &[]).await;
    let page = latest(person).await;
    answer(person, &page, "accepter", "").await;
    let form =
        Form::pressing(&desk.get(&href).await, "Annuler la lettre").set("annulation", "Session reportée, garance.");
    let back = desk.submit(&form).await;
    assert!(back.body.contains("La lettre est annulée"), "{}", back.said());
    let page = latest(person).await;
    let main = page.main_text();
    assert!(main.contains("Annulée par la structure") && main.contains("garance") && main.contains(&numero), "{main}");
    let objet = "Une lettre de demande est annulée";
    assert_eq!(mails::told(person, logins::INTERVENANT, objet).await, 1);
    let refused = person.post(page.path(), &[("reponse", "accepter")]).await;
    assert_eq!(refused.status, 409, "{}", refused.said());
}

async fn d13_letters_are_numbered_per_structure_and_year_without_a_gap(engine: Engine) {
    let world = validated(engine).await;
    let World { server, desk, dossier, .. } = &world;
    let colleague = server.login(logins::COLLEAGUE).await;
    let mut drafts = Vec::new();
    for rank in 0..6 {
        drafts.push(draft(desk, dossier, &[("objet", &format!("Lettre {rank}"))]).await);
    }
    // Two people send at the same time.
    let (even, odd): (Vec<_>, Vec<_>) = drafts.iter().enumerate().partition(|(rank, _)| rank % 2 == 0);
    let send = async |who: &Client, pages: Vec<(usize, &Page)>| {
        let mut numbers = Vec::new();
        for (_, page) in pages {
            let gone = who.press(&who.get(page.path()).await, "Enregistrer et envoyer").await;
            assert!(gone.body.contains("La lettre est envoyée"), "{}", gone.said());
            numbers.push(number(&gone));
        }
        numbers
    };
    let (mut numbers, others) = futures_util::future::join(send(desk, even), send(&colleague, odd)).await;
    numbers.extend(others);
    numbers.sort();
    let expected: Vec<String> = (1..=6).map(|rank| format!("BRETAGNE-{:04}-{rank:04}", year())).collect();
    assert_eq!(numbers, expected);
    // Another structure counts by itself: a complete dossier serves it too.
    let elsewhere = server.login(logins::ELSEWHERE).await;
    let (_, numero) = sent(&elsewhere, dossier, &[]).await;
    assert_eq!(numero, format!("NORMANDIE-{:04}-0001", year()));
}

async fn d13_what_was_sent_is_what_is_shown_whatever_changes_after(engine: Engine) {
    let world = validated(engine).await;
    let World { person, desk, dossier, .. } = &world;
    let (href, _) = sent(desk, dossier, &[]).await;
    let document = pdf(desk, &desk.get(&href).await).await;
    let page = person.get("/mon-compte/documents/bloc/adresse").await;
    let moved = Form::to(&page, "/mon-compte/documents/bloc/adresse").set("adresse", "99 quai d’Ailleurs");
    assert_eq!(person.submit(&moved.set("action", "enregistrer")).await.status, 200);
    let page = latest(person).await;
    assert!(pdf(person, &page).await == document);
    answer(person, &page, "accepter", "Avec plaisir.").await;
    assert!(pdf(desk, &desk.get(&href).await).await == document);
    // Nothing of what a form may still post changes it.
    for (action, objet) in [
        ("enregistrer", FIELDS[0].1),
        ("envoyer", FIELDS[0].1),
        ("envoyer", "Autre chose"),
        ("enregistrer", "Autre chose"),
    ] {
        let mut fields: Vec<(&str, &str)> = FIELDS.to_vec();
        fields[0].1 = objet;
        fields.extend([("version", "2"), ("action", action)]);
        let posted = desk.post(&href, &fields).await;
        assert_eq!(posted.status, 409, "{action} {objet}: {}", posted.said());
        assert!(posted.body.contains("Cette lettre est envoyée : elle ne change plus"), "{}", posted.said());
    }
    assert!(pdf(desk, &desk.get(&href).await).await == document);
}

async fn d13_a_letter_is_its_structures_and_its_persons_alone(engine: Engine) {
    let world = validated(engine).await;
    let World { server, person, desk, dossier, .. } = &world;
    let (href, _) = sent(desk, dossier, &[]).await;
    let mine = latest(person).await.path().to_owned();
    let drafted = draft(desk, dossier, &[]).await.path().to_owned();
    let id = |path: &str| path.rsplit('/').next().expect("an id").to_owned();
    let elsewhere = server.login(logins::ELSEWHERE).await;
    let another = server.login(logins::CANDIDAT).await;
    for theirs in [&href, &drafted] {
        for path in [theirs.clone(), format!("{theirs}/pdf")] {
            assert_eq!(elsewhere.get_only(&path).await.status, 404, "{path}");
            assert_eq!(person.get_only(&path).await.status, 403, "{path}");
        }
        let fields = [("version", "1"), ("action", "annuler")];
        assert_eq!(elsewhere.post(theirs, &fields).await.status, 404);
    }
    for path in [mine.clone(), format!("{mine}/pdf")] {
        assert_ne!(another.get_only(&path).await.status, 200, "{path}");
        assert_eq!(desk.get_only(&path).await.status, 403, "{path}");
    }
    // A draft never reaches the person, by whatever address.
    let drafted = format!("{MINE}/{}", id(&drafted));
    for path in [drafted.clone(), format!("{drafted}/pdf")] {
        assert_eq!(person.get_only(&path).await.status, 404, "{path}");
    }
    assert!(!elsewhere.get(THEIRS).await.body.contains("Préparer un budget communal"));
    let page = desk.get(&href).await;
    assert!(page.main_text().contains("en attente de réponse"), "{}", page.said());
}

async fn d13_every_mistake_is_said_and_what_was_typed_stays(engine: Engine) {
    let world = validated(engine).await;
    let World { desk, dossier, .. } = &world;
    let wrong = draft(
        desk,
        dossier,
        &[
            ("objet", "Bravo 🎉"),
            ("duree", "six"),
            ("du", "2027-03-18"),
            ("montant", "beaucoup"),
            ("corps", "Céladon."),
            ("lieu", ""),
        ],
    )
    .await;
    assert_eq!(wrong.status, 422, "{}", wrong.said());
    for said in [
        "Le signe « 🎉 » ne s’imprime pas dans une lettre",
        "Indiquez une durée en heures",
        "Le dernier jour vient avant le premier",
        "Indiquez un montant en euros",
        "Indiquez le lieu de l’intervention",
    ] {
        assert!(wrong.main_text().contains(said), "« {said} » in {}", wrong.said());
    }
    let form = Form::pressing(&wrong, "Enregistrer le projet");
    for (name, value) in [("duree", "six"), ("corps", "Céladon."), ("montant", "beaucoup"), ("genre", "intervention")]
    {
        assert_eq!(form.value(name), Some(value), "{name}");
    }
    // One more period, and nothing that was typed is lost.
    let more = desk.press(&wrong, "Ajouter une période").await;
    assert_eq!(more.status, 200, "{}", more.said());
    let form = Form::pressing(&more, "Enregistrer le projet");
    assert_eq!(form.values("du"), ["2027-03-18", ""]);
    assert_eq!((form.value("corps"), form.value("genre")), (Some("Céladon."), Some("intervention")));
    let none = Form::pressing(&desk.get(&format!("{dossier}/lettre")).await, "Enregistrer le projet").without("genre");
    let none = desk.submit(&none).await;
    assert!(none.status == 422 && none.main_text().contains("Choisissez ce qui est demandé"), "{}", none.said());
    assert!(none.main_text().contains("Indiquez l’objet de la lettre"), "everything at once: {}", none.said());
}

async fn d13_two_gestionnaires_do_not_write_over_each_other(engine: Engine) {
    let world = validated(engine).await;
    let World { server, desk, dossier, .. } = &world;
    let colleague = server.login(logins::COLLEAGUE).await;
    let mine = draft(desk, dossier, &[]).await;
    let theirs = colleague.get(mine.path()).await;
    let changed = Form::pressing(&theirs, "Enregistrer le projet").set("objet", "De ma collègue");
    assert_eq!(colleague.submit(&changed).await.status, 200);
    let late = Form::pressing(&mine, "Enregistrer et envoyer").set("objet", "De moi");
    let late = desk.submit(&late).await;
    assert_eq!(late.status, 409, "{}", late.said());
    assert!(late.body.contains("a changé entre-temps") && late.body.contains("De moi"), "{}", late.said());
    // Given up on a page that is late, it stays, and is shown as it is.
    let late = desk.press(&mine, "Abandonner le projet").await;
    assert_eq!(late.status, 409, "{}", late.said());
    assert_eq!(Form::pressing(&late, "Enregistrer le projet").value("objet"), Some("De ma collègue"));
    // A second click on « envoyer » sends nothing twice.
    let page = desk.get(mine.path()).await;
    let form = Form::pressing(&page, "Enregistrer et envoyer");
    let (first, second) = futures_util::future::join(desk.submit(&form), desk.submit(&form)).await;
    for answer in [&first, &second] {
        assert!(answer.status == 200 || answer.status == 409, "{}", answer.said());
    }
    let list = eventually("one letter", async || {
        let page = desk.get(THEIRS).await;
        page.body.contains("De ma collègue").then_some(page)
    })
    .await;
    assert_eq!(list.body.matches("BRETAGNE-").count(), 1, "{}", list.said());
}
