//! How far the text of a CV is read, and who is told: SPEC G3, I11, Q6.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::dossier::{World, world_on};
use crate::numeros::send_cv;
use crate::support::{Engine, Page, Server, Site, both_engines, eventually};

both_engines! {
    g3_how_far_a_cv_is_read_is_told_to_its_owner_and_to_the_gestionnaire,
    i11_a_restricted_cv_is_taken_and_one_with_a_password_is_not,
}
#[cfg(feature = "external")]
both_engines! { g3_pages_that_are_pictures_are_recognised_when_that_is_asked }

const IMAGE: &[u8] = include_bytes!("../../documents/tests/files/images/image.pdf");
const HALF: &[u8] = include_bytes!("../../documents/tests/files/images/moitie.pdf");
const RESTRICTED: &[u8] = include_bytes!("../../documents/tests/files/restreint-r6.pdf");
const PASSWORD: &[u8] = include_bytes!("../../documents/tests/files/libreoffice-password.pdf");

async fn world(engine: Engine) -> World {
    let site = Site::demo(engine).await;
    let server = Server::start(site.launch()).await;
    world_on(site, server).await
}

/// A document of Word in which nothing is written.
fn empty_docx() -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        (
            "[Content_Types].xml",
            "<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>",
        ),
        ("word/document.xml", "<w:document xmlns:w=\"w\"><w:body><w:p/></w:body></w:document>"),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(content.as_bytes()).expect("its bytes");
    }
    zip.finish().expect("a package").into_inner()
}

/// The owner's page once the file that was sent is read.
async fn read(world: &World) -> Page {
    eventually("the CV is read", async || {
        let page = world.person.get("/mon-compte/cv").await;
        (!page.main_text().contains("en cours de lecture")).then_some(page)
    })
    .await
}

/// What the CV-thèque says of the CV.
async fn fiche(world: &World) -> String {
    let id = world.dossier.rsplit('/').next().expect("an id");
    world.desk.get(&format!("/cvtheque/{id}")).await.main_text()
}

async fn g3_how_far_a_cv_is_read_is_told_to_its_owner_and_to_the_gestionnaire(engine: Engine) {
    let world = world(engine).await;
    let docx = empty_docx();
    for (name, bytes, owner, gestionnaire) in [
        ("photo.pdf", IMAGE, "Ce fichier ne contient pas de texte", "image sans texte pour la recherche"),
        ("vide.docx", &docx[..], "Ce fichier ne contient pas de texte", "image sans texte pour la recherche"),
        ("moitie.pdf", HALF, "Une partie de ce fichier n’a pas pu être lue", "lu en partie pour la recherche"),
        ("cv.txt", "Céramiste à Vallauris".as_bytes(), "", ""),
    ] {
        assert_eq!(send_cv(&world.person, name, bytes).await.status, 200, "{name}");
        let said = read(&world).await.main_text();
        assert!(said.contains(name) && said.contains(owner), "{name}: {said}");
        let fiche = fiche(&world).await;
        assert!(fiche.contains(name) && fiche.contains(gestionnaire), "{name}: {fiche}");
        if owner.is_empty() {
            assert!(!said.contains("la recherche ne"), "{name}: {said}");
            assert!(!fiche.contains("pour la recherche"), "{name}: {fiche}");
        }
    }
}

async fn i11_a_restricted_cv_is_taken_and_one_with_a_password_is_not(engine: Engine) {
    let world = world(engine).await;
    let refused = send_cv(&world.person, "cv.pdf", PASSWORD).await;
    assert_eq!(refused.status, 422);
    assert!(refused.main_text().contains("sans mot de passe"), "{}", refused.said());
    assert_eq!(send_cv(&world.person, "restreint.pdf", RESTRICTED).await.status, 200);
    assert!(read(&world).await.main_text().contains("restreint.pdf"));
    eventually("its text is found", async || {
        let found = world.desk.get("/cvtheque?q=joaillerie").await.main_text();
        found.contains("Orfèvre, formateur en joaillerie").then_some(())
    })
    .await;
}

/// The programs are the real ones: poppler's and tesseract.
#[cfg(feature = "external")]
async fn g3_pages_that_are_pictures_are_recognised_when_that_is_asked(engine: Engine) {
    let mut world = world(engine).await;
    assert_eq!(send_cv(&world.person, "moitie.pdf", HALF).await.status, 200);
    assert!(read(&world).await.main_text().contains("Une partie de ce fichier"));
    world.server.stop().await;
    // Told to, the next server recognises what this one could not read.
    world.server.launch_mut().arguments.push("--ocr".to_owned());
    world.server.start_again().await;
    let owner = eventually("the picture is recognised", async || {
        let page = world.person.get("/mon-compte/cv").await.main_text();
        page.contains("reconnu par un programme, qui peut se tromper").then_some(page)
    })
    .await;
    assert!(!owner.contains("Une partie de ce fichier"), "{owner}");
    assert!(fiche(&world).await.contains("image au texte reconnu par un programme"));
    eventually("its words are found", async || {
        let found = world.desk.get("/cvtheque?q=vitrailliste").await.main_text();
        found.contains("restauration de vitraux").then_some(())
    })
    .await;
}
