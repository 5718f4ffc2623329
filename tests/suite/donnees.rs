//! « Récupérer mes données »: the workbook and the archive, logged in (SPEC X5) and by the link of an archived account (X6).

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use crate::support::{Client, Engine, Form, Page, Site, both_engines, logins, messagerie};

both_engines! {
    x5_the_workbook_holds_what_the_space_knows_of_its_owner_and_of_nobody_else,
    x5_the_archive_holds_the_files_as_they_were_sent,
    x5_data_are_taken_out_before_a_registration_is_validated,
}

const MINE: &str = "/mon-compte/donnees";

/// The parts of a ZIP by their names.
pub fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a ZIP");
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("its bytes");
        parts.insert(part.name().expect("a name").into_owned(), bytes);
    }
    parts
}

/// All that is written in a workbook.
pub fn texts(workbook: &[u8]) -> String {
    let parts = parts(workbook);
    let xml = String::from_utf8(parts["xl/sharedStrings.xml"].clone()).expect("UTF-8");
    assert!(parts.iter().all(|(_, bytes)| !bytes.windows(3).any(|three| three == b"<f>")), "no formula");
    xml.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"")
}

/// How many cells of a workbook say exactly this.
pub fn cells(workbook: &[u8], said: &str) -> usize {
    let xml = texts(workbook);
    let strings = xml.split("<si>").skip(1);
    let Some(index) = strings.into_iter().position(|one| one.contains(&format!(">{said}</t>"))) else { return 0 };
    let cell = format!("t=\"s\"><v>{index}</v>");
    let sheets = parts(workbook).into_iter().filter(|(name, _)| name.starts_with("xl/worksheets/"));
    sheets.map(|(_, bytes)| String::from_utf8(bytes).expect("UTF-8").matches(&cell).count()).sum()
}

fn sheets(workbook: &[u8]) -> Vec<String> {
    let xml = String::from_utf8(parts(workbook)["xl/workbook.xml"].clone()).expect("UTF-8");
    xml.split("<sheet name=\"").skip(1).map(|rest| rest.split('"').next().expect("a name").to_owned()).collect()
}

fn is_file(page: &Page, ending: &str) {
    assert_eq!(page.status, 200, "{}", page.said());
    let kind = page.headers.get("content-disposition").expect("a file").to_str().expect("a text").to_owned();
    assert!(kind.starts_with("attachment") && kind.contains(ending), "{kind}");
    assert_eq!(page.headers.get("cache-control").expect("said").to_str().expect("a text"), "private, no-store");
}

pub async fn taken(client: &Client, button: &str) -> Page {
    let page = client.get(MINE).await;
    assert_eq!(page.status, 200, "{}", page.said());
    client.submit(&Form::pressing(&page, button)).await
}

async fn x5_the_workbook_holds_what_the_space_knows_of_its_owner_and_of_nobody_else(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (person, desk) = (server.login(logins::INTERVENANT).await, server.login(logins::GESTIONNAIRE).await);
    // What passes between the two, and what the structure notes of it, beginning like a formula.
    let structure = messagerie::recipient(&person, "Délégation Bretagne").await;
    messagerie::send(&person, &[&structure], "=HYPERLINK(\"http://mal.example\")", "Zinzolin amarante.").await;
    let line = messagerie::received(&desk, "=HYPERLINK(\"http://mal.example\")").await;
    let message = messagerie::open(&desk, &line).await;
    let colleague = desk.name().await;
    let before = taken(&person, "Télécharger le classeur Excel").await;
    // Their messages may be signed.
    let signed = texts(&before.bytes).matches(&colleague).count();
    let noted = desk.submit(&Form::pressing(&message, "Ajouter la note").set("note", "Rappeler jeudi, carmin.")).await;
    assert_eq!(noted.status, 200, "{}", noted.said());
    let page = person.get("/messagerie/ecrire").await;
    let draft = Form::to(&page, "/messagerie/ecrire").set("objet", "Céladon").set("texte", "Pas encore envoyé");
    assert_eq!(person.submit(&draft.set("action", "enregistrer")).await.status, 200);
    let page = person.get("/support").await;
    let own = Form::to(&page, "/support").value("email").expect("one's address").to_owned();
    let sent = person.submit(&crate::demandes::filled(&page, "Mon parcours, vermillon").set("email", &own)).await;
    assert_eq!(sent.status, 200, "{}", sent.said());

    let page = taken(&person, "Télécharger le classeur Excel").await;
    is_file(&page, ".xlsx");
    let names = sheets(&page.bytes);
    for expected in [
        "Compte",
        "Identification",
        "Parcours",
        "Spécialités, zones et langues",
        "Lignes du parcours",
        "Fichiers",
        "Texte des fichiers",
        "Interventions",
        "Indisponibilités",
        "Réseaux sociaux",
        "Saisies non enregistrées",
        "Inscription",
        "Messages",
        "Brouillons",
        "Réponses aux annonces",
        "Demandes de support",
        "Échanges avec le support",
        "Fichiers du support",
        "Notes des structures",
        "Alertes et préférences",
        "Annonces signalées",
        "Notifications",
        "Courriels",
        "Connexions",
        "CV-thèque",
        "Journal",
    ] {
        assert!(names.contains(&expected.to_owned()), "{expected} among {names:?}");
    }
    let text = texts(&page.bytes);
    let name = person.name().await;
    let surname = name.split(' ').next_back().expect("a surname");
    for held in [
        surname,
        logins::INTERVENANT,
        "=HYPERLINK(\"http://mal.example\")",
        "Zinzolin amarante.",
        "Rappeler jeudi, carmin.",
        "Céladon",
        "Mon parcours, vermillon",
        "Délégation Bretagne",
        "message envoye",
    ] {
        assert!(text.contains(held), "« {held} » is in it");
    }
    // Secrets stay, and so does who of the structure wrote the note.
    assert!(!text.contains("$argon2"), "no digest of a password");
    assert_eq!(text.matches(&colleague).count(), signed, "{colleague} wrote the note");
    // Another's workbook has none of it; theirs has their own.
    let other = server.login(logins::CANDIDAT).await;
    let page = taken(&other, "Télécharger le classeur Excel").await;
    let theirs = texts(&page.bytes);
    assert!(theirs.contains(logins::CANDIDAT) && !theirs.contains("Zinzolin") && !theirs.contains(surname));
    // It is written down, for the next time.
    let again = texts(&taken(&person, "Télécharger le classeur Excel").await.bytes);
    assert!(again.contains("donnees exportees"));
    // Neither a stranger nor a form of another site gets anything.
    let refused = server.visitor().post(MINE, &[("format", "classeur")]).await;
    assert!(refused.headers.get("content-disposition").is_none(), "{}", refused.said());
    let forged = person.try_post(MINE, &[("format".to_owned(), "classeur".to_owned())]).await.expect("an answer");
    assert_eq!(forged.status, 403, "{}", forged.said());
    assert_eq!(person.post(MINE, &[("format", "tout")]).await.status, 400);
}

async fn x5_the_archive_holds_the_files_as_they_were_sent(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let cv = "Curriculum de Malo : zinzolin, amarante, céladon.\n".repeat(40);
    let page = person.get("/mon-compte/cv").await;
    let sent = person.upload(&Form::to(&page, "/mon-compte/cv"), "cv", "../../mon cv d’été.txt", cv.as_bytes()).await;
    assert_eq!(sent.status, 200, "{}", sent.said());

    let page = taken(&person, "Télécharger le classeur et mes fichiers (ZIP)").await;
    is_file(&page, ".zip");
    let parts = parts(&page.bytes);
    let (name, bytes) = parts.iter().find(|(name, _)| name.starts_with("profil/")).expect("the CV");
    assert!(name.ends_with("mon cv d’été.txt") && !name.contains(".."), "{name}");
    assert_eq!(bytes, cv.as_bytes());
    let (_, workbook) = parts.iter().find(|(name, _)| name.starts_with("mes-donnees-")).expect("the workbook");
    let text = texts(workbook);
    let id = name.split(['/', ' ']).nth(1).expect("its id");
    assert!(text.contains(&format!("profil/{id}")), "the workbook names the file");
}

async fn x5_data_are_taken_out_before_a_registration_is_validated(engine: Engine) {
    use crate::support::inscription::{ANNE, register};
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = register(&server, &ANNE).await;
    let page = taken(&client, "Télécharger le classeur Excel").await;
    is_file(&page, ".xlsx");
    assert!(texts(&page.bytes).contains(ANNE.email));
}

#[cfg(feature = "external")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x5_another_program_opens_the_workbook() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let page = taken(&person, "Télécharger le classeur Excel").await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("donnees.xlsx");
    std::fs::write(&path, &page.bytes).expect("written");
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
    let done = tokio::process::Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir"])
        .arg(folder.path())
        .arg(&path)
        .output()
        .await
        .expect("LibreOffice");
    let csv = std::fs::read_to_string(folder.path().join("donnees.csv"));
    let csv = csv.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&done.stderr)));
    assert!(csv.replace('"', "").starts_with("Rubrique,Valeur") && csv.contains(logins::INTERVENANT), "{csv}");
}

#[cfg(feature = "external")]
both_engines! {
    x6_the_data_of_an_archived_account_go_by_a_link_that_serves_once,
    x6_another_address_gets_the_link_after_a_check_that_is_kept,
}

#[cfg(feature = "external")]
use crate::{
    demandes::{DESK, archived, filled, link, opened},
    identifiants::solved,
    support::{Server, inscription::ANNE, mails},
};

/// A visitor's confirmed request for their data.
#[cfg(feature = "external")]
async fn asked(visitor: &Client, email: &str, objet: &str) {
    let page = visitor.get("/support?sorte=donnees").await;
    let captcha = solved(&page, "/support");
    let form = filled(&page, objet).set("sorte", "donnees").set("email", email);
    let form = form.set("prenom", ANNE.prenom).set("nom", ANNE.nom);
    visitor.submit(&form.set("captcha", captcha.value("captcha").expect("an answer"))).await;
    let path = link(visitor, email, "/support/confirmation/", "Confirmez").await;
    visitor.submit(&Form::to(&visitor.get(&path).await, &path)).await;
}

/// The page that sends the data, from the request on.
#[cfg(feature = "external")]
async fn sending(desk: &Client, objet: &str) -> Page {
    let page = opened(desk, objet).await;
    let html = page.html();
    let to = html.all("a").find(|link| link.text == "Envoyer ses données à la personne").expect("the way there");
    let page = desk.get(to.expect("href")).await;
    let html = page.html();
    let to = html.all("a").find(|link| link.text.contains(ANNE.nom)).expect("the archived account");
    desk.get(to.expect("href")).await
}

#[cfg(feature = "external")]
async fn x6_the_data_of_an_archived_account_go_by_a_link_that_serves_once(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server: Server = site.serve().await;
    archived(&mut server).await;
    let (visitor, desk) = (server.visitor(), server.login(logins::GESTIONNAIRE).await);
    asked(&visitor, ANNE.email, "Mes données, s’il vous plaît").await;
    let page = sending(&desk, "Mes données, s’il vous plaît").await;
    assert!(page.main_text().contains(ANNE.email), "{}", page.said());
    let sent = desk.submit(&Form::pressing(&page, "Envoyer le lien")).await;
    assert!(sent.body.contains("Le lien est envoyé"), "{}", sent.said());
    let path = link(&visitor, ANNE.email, "/donnees/", "Vos données personnelles").await;
    // A mail scanner that follows the link uses nothing up.
    assert_eq!(server.visitor().get(&path).await.status, 200);
    let page = visitor.get(&path).await;
    assert!(page.main_text().contains("ne sert qu’une fois"), "{}", page.said());
    let form = Form::pressing(&page, "Télécharger le classeur Excel");
    let workbook = visitor.submit(&form).await;
    is_file(&workbook, ".xlsx");
    let text = texts(&workbook.bytes);
    assert!(text.contains(ANNE.email) && text.contains("archivé") && text.contains("complément non fourni"));
    // Once: for this browser alone, which may go on for an hour.
    let archive = visitor
        .submit(&Form::pressing(&visitor.get(&path).await, "Télécharger le classeur et mes fichiers (ZIP)"))
        .await;
    is_file(&archive, ".zip");
    let stranger = server.visitor();
    assert_eq!(stranger.get(&path).await.status, 404);
    assert_eq!(stranger.post(&path, &[("format", "classeur")]).await.status, 404);
    // A second link ends the first; both end with their time.
    let page = sending(&desk, "Mes données, s’il vous plaît").await;
    desk.submit(&Form::pressing(&page, "Envoyer le lien")).await;
    assert_eq!(visitor.get(&path).await.status, 404, "the new link took its place");
    server.days_later(79).await;
    let late = server.visitor();
    for mail in mails::about(&late, ANNE.email).await {
        let text = mails::text(&late, &mail).await;
        if let Some(path) =
            text.split_whitespace().find_map(|word| word.find("/donnees/").map(|at| word[at..].to_owned()))
        {
            assert_eq!(late.get(&path).await.status, 404, "after seven days");
        }
    }
    // Logging in stays impossible, and an account that is nobody's request gives nothing.
    assert_eq!(late.login(ANNE.email, logins::PASSWORD).await.path(), "/authentification/");
    let desk = server.login(logins::GESTIONNAIRE).await;
    let page = opened(&desk, "Mes données, s’il vous plaît").await;
    let forged = desk.post(&format!("{}/donnees", page.path()), &[("compte", "1")]).await;
    assert_eq!(forged.status, 409, "{}", forged.said());
}

#[cfg(feature = "external")]
async fn x6_another_address_gets_the_link_after_a_check_that_is_kept(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    archived(&mut server).await;
    let (visitor, desk) = (server.visitor(), server.login(logins::GESTIONNAIRE).await);
    let other = "anne.nouvelle@support.example";
    asked(&visitor, other, "Je n’ai plus mon ancienne adresse").await;
    let page = sending(&desk, "Je n’ai plus mon ancienne adresse").await;
    let form = Form::pressing(&page, "Envoyer le lien");
    assert_eq!(form.value("adresse"), Some(other), "the address of the request is proposed");
    let unchecked = desk.submit(&form.clone().set("destination", "autre")).await;
    assert_eq!(unchecked.status, 422, "{}", unchecked.said());
    assert!(unchecked.body.contains("Dites comment vous avez vérifié"), "{}", unchecked.said());
    assert_eq!(mails::told(&visitor, other, "Vos données personnelles sont à récupérer").await, 0);
    let checked = form.set("destination", "autre").set("verification", "Passeport vu en visioconférence, cobalt.");
    let sent = desk.submit(&checked.set("verification_faite", "1")).await;
    assert!(sent.body.contains("Le lien est envoyé") && sent.body.contains("cobalt"), "{}", sent.said());
    assert!(sent.path().starts_with(DESK), "{}", sent.path());
    let path = link(&visitor, other, "/donnees/", "sont à récupérer").await;
    let page = visitor.get(&path).await;
    is_file(&visitor.submit(&Form::pressing(&page, "Télécharger le classeur Excel")).await, ".xlsx");
    let told = "Vos données personnelles sont envoyées à une autre adresse";
    assert_eq!(mails::told(&visitor, ANNE.email, told).await, 1, "the address of record is told");
    let mail = mails::about(&visitor, ANNE.email).await.into_iter().find(|mail| mail.objet == told).expect("it");
    let text = mails::text(&visitor, &mail).await;
    assert!(!text.contains(other) && !text.contains("/donnees/"), "neither the other address nor the link: {text}");
}
