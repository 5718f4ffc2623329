//! Numbers that must not show, and places where pictures were taken: SPEC Q7, D14, Q6.

use crate::cvtheque::{fiche, found};
use crate::dossier::{join, stored, world};
use crate::support::annonces::{Wording, publish};
use crate::support::inscription::{ANNE, parcours, register};
#[cfg(feature = "external")]
use crate::support::messagerie::send;
use crate::support::messagerie::{letter, open, received, recipient};
use crate::support::{Client, Engine, Form, Page, Site, both_engines, eventually, logins};

both_engines! {
    q7_d14_numbers_in_a_cv_are_masked_before_its_text_is_kept,
    q7_a_nir_that_is_typed_is_masked_before_it_is_kept,
    q6_where_a_picture_was_taken_is_left_nowhere,
    q6_where_a_photograph_inside_a_document_was_taken_is_left_nowhere,
}

#[cfg(feature = "external")]
both_engines! {
    q7_texts_that_were_kept_before_are_masked_by_the_server_itself,
}

const MASK: &str = "[numéro masqué]";
/// A NIR of nobody and an IBAN of the documentation, in the ways that files have them.
const CV: &str = "Formatrice mirboluche, 2 55 08 14\n168 025 38, libre.\n\
    Mirbolane, 2\u{2009}55\u{2011}08/14_168.025\t\t38, libre.\n\
    Mirbolata, NIR2550814168025 38libre.\n\
    Mirboline, 2 55\u{200b}08 14 168 025, libre.\n\
    Mirbolore, FR76 3000 6000 0112\n3456/7890 189, libre.\n\
    Mirbolume, 200 000 172 00011 et 06 39 98 12 34, libre.\n";
/// What no stored text may hold, in any of these ways.
const PARTS: [&str; 9] = [
    "168 025",
    "168.025",
    "168025 38",
    "2550814168025",
    "255081416802538",
    "2 55 08",
    "55 08 14",
    "3456/7890",
    "7890 189",
];

pub async fn send_cv(person: &Client, name: &str, text: impl AsRef<[u8]>) -> Page {
    let page = person.get("/mon-compte/cv").await;
    person.upload(&Form::to(&page, "/mon-compte/cv"), "cv", name, text).await
}

/// Looks for parts of numbers in every file of a service that is stopped, its database among them, but not in the files that
/// people sent, which are theirs.
pub async fn nothing_of_them(site: &Site) {
    let sent = site.files().display().to_string();
    let mut looked = 0;
    for (name, bytes) in stored(site).await.into_iter().filter(|(name, _)| !name.starts_with(&sent)) {
        looked += 1;
        for part in PARTS {
            let there = bytes.windows(part.len()).position(|window| window == part.as_bytes());
            let around =
                there.map(|at| String::from_utf8_lossy(&bytes[at.saturating_sub(60)..bytes.len().min(at + 60)]));
            assert!(there.is_none(), "{part} is in {name}: {around:?}");
        }
    }
    assert!(looked > 5, "{looked}");
}

async fn q7_d14_numbers_in_a_cv_are_masked_before_its_text_is_kept(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let (person, desk) = (server.login(logins::INTERVENANT).await, server.login(logins::GESTIONNAIRE).await);
    let sent = send_cv(&person, "CV 2 55 08 14 168 025 38.txt", CV).await;
    assert!(sent.main_text().contains(&format!("CV {MASK}.txt")), "{}", sent.said());
    let mut id = String::new();
    for word in ["mirboluche", "mirbolane", "mirbolata", "mirboline", "mirbolore"] {
        let hit = eventually("the CV is found", async || found(&desk, word).await.pop()).await;
        assert!(hit.text.contains(MASK), "{word}: {}", hit.text);
        for part in PARTS {
            assert!(!hit.text.contains(part), "{part}: {}", hit.text);
        }
        id = hit.id;
    }
    let other = found(&desk, "mirbolume").await.remove(0);
    assert!(other.text.contains("06 39 98 12 34"), "other numbers stay: {}", other.text);
    for number in ["255081416802538", "%222+55+08+14+168+025%22", "FR7630006000011234567890189"] {
        assert_eq!(desk.json(&format!("/cvtheque.json?q={number}")).await["total"], 0, "{number} finds nobody");
    }
    let seen = fiche(&desk, &id).await;
    assert!(PARTS.iter().all(|part| !seen.body.contains(part)), "{}", seen.said());
    // The file itself is as it was sent; what a person takes out holds the text as it is kept.
    let html = sent.html();
    let href = html.all("a").find(|link| link.text.starts_with("CV [")).expect("the file").expect("href").to_owned();
    assert_eq!(person.get(&href).await.body, CV);
    let mine = crate::donnees::taken(&person, "Télécharger le classeur Excel").await;
    let text = crate::donnees::texts(&mine.bytes);
    assert!(text.contains("Mirbolata, NIR[numéro masqué]libre"), "the text of the files is there");
    assert!(server.stop().await.success());
    nothing_of_them(&site).await;
    let logs = server.all_errors();
    assert!(PARTS.iter().all(|part| !logs.contains(part)), "not in the logs either");
}

async fn q7_a_nir_that_is_typed_is_masked_before_it_is_kept(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let (person, desk) = (server.login(logins::INTERVENANT).await, server.login(logins::GESTIONNAIRE).await);
    let typed = "Voici le 2 55 08 14\r\n168 025 38 et BE68 5390 0754 7034.";
    let kept = format!("Voici le {MASK} et BE68 5390 0754 7034.");
    // A message and a draft.
    let him = recipient(&desk, &person.name().await).await;
    let form = letter(&desk, &[&him], "Le 2-55-08-14-168-025", typed).await.set("action", "envoyer");
    let done = desk.submit(&form).await;
    assert_eq!(done.status, 200, "{}", done.said());
    let line = received(&person, &format!("Le {MASK}")).await;
    assert!(open(&person, &line).await.main_text().contains(&kept), "what is typed keeps its IBAN");
    let draft = letter(&desk, &[&him], "Brouillon violine", typed).await.set("action", "enregistrer");
    assert_eq!(desk.submit(&draft).await.status, 200);
    // An annonce and an answer to it.
    let texte = format!("Formation mirbolante. {typed}");
    let wording = Wording { titre: "Annonce violine", texte: &texte, ..Wording::default() };
    let numero = publish(&desk, &wording).await;
    let shown = server.visitor().get(&format!("/annonces/{numero}")).await;
    assert!(shown.main_text().contains(MASK), "{}", shown.said());
    let answered = crate::candidatures::answer(&person, &numero, typed).await;
    assert_eq!(answered.status, 200, "{}", answered.said());
    // The profile of who registers, saved, then left half typed.
    let anne = register(&server, &ANNE).await;
    let page = anne.get("/mon-compte/parcours").await;
    let form = parcours(&page).set("experience", typed).set("titre", "Formatrice, 255081416802538");
    let saved = anne.submit(&form.clone().set("action", "enregistrer")).await;
    assert_eq!(saved.status, 200, "{}", saved.said());
    let again = Form::to(&saved, "/mon-compte/parcours");
    assert_eq!(again.value("experience"), Some(kept.as_str()));
    assert_eq!(again.value("titre"), Some(format!("Formatrice, {MASK}").as_str()));
    let away = anne.submit(&form.set("action", "ajouter:experience")).await;
    assert_eq!(away.status, 200, "{}", away.said());
    let back = anne.get("/mon-compte/parcours").await;
    assert_eq!(Form::to(&back, "/mon-compte/parcours").value("experience"), Some(kept.as_str()));
    assert!(server.stop().await.success());
    nothing_of_them(&site).await;
}

/// The sum of a chunk of a PNG (ISO/IEC 15948, annex D).
fn sum(bytes: &[u8]) -> u32 {
    let divided = |rest: u32, byte: &u8| {
        (0..8)
            .fold(rest ^ u32::from(*byte), |rest, _| if rest & 1 == 1 { 0xedb8_8320 ^ (rest >> 1) } else { rest >> 1 })
    };
    !bytes.iter().fold(u32::MAX, divided)
}

fn chunk(name: &[u8], data: &[u8]) -> Vec<u8> {
    let named = [name, data].concat();
    [&(data.len() as u32).to_be_bytes()[..], &named, &sum(&named).to_be_bytes()].concat()
}

async fn q6_where_a_picture_was_taken_is_left_nowhere(engine: Engine) {
    let world = world(engine).await;
    let place: &[u8] = b"48.390394 N -4.486076 E";
    let with = |before: &[u8]| [before, place].concat();
    // One grey point.
    let head = [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])].concat();
    let drawn = chunk(b"IDAT", &[0x78, 1, 1, 2, 0, 0xfd, 0xff, 0, 0x80, 0, 0x82, 0, 0x81]);
    let end = chunk(b"IEND", b"");
    let png = [&head[..], &drawn, &end].concat();
    let sent_png = [
        &head[..],
        &chunk(b"tEXt", &with(b"Location\0")),
        &chunk(b"iTXt", &with(b"XML:com.adobe.xmp\0\0\0\0\0")),
        &drawn,
        &chunk(b"zTXt", &with(b"Raw profile type exif\0\0")),
        &end,
        &with(b"\r\n"),
    ]
    .concat();
    let segment = |marker: u8, data: &[u8]| {
        let length = u16::try_from(data.len() + 2).expect("a short one").to_be_bytes();
        [&[0xff, marker][..], &length, data].concat()
    };
    let scan =
        [segment(0xdb, b"table"), segment(0xc0, b"frame"), segment(0xda, b"scan"), b"data\xff\0".to_vec()].concat();
    let jpeg = [b"\xff\xd8".to_vec(), scan.clone(), b"\xff\xd9".to_vec()].concat();
    let sent_jpeg = [
        b"\xff\xd8".to_vec(),
        segment(0xe1, &with(b"http://ns.adobe.com/xmp/extension/\0")),
        segment(0xe2, &with(b"MPF\0")),
        segment(0xed, &with(b"Photoshop 3.0\0")),
        segment(0xfe, place),
        scan,
        b"\xff\xd9\xff\xd8".to_vec(),
        segment(0xe1, &with(b"Exif\0\0")),
        with(b"\0\0\0\x18ftypmp42"),
    ]
    .concat();
    for (name, sent, kept) in [("photo.png", &sent_png, &png), ("photo.jpg", &sent_jpeg, &jpeg)] {
        let joined = join(&world.person, "rib", name, sent).await;
        assert_eq!(joined.status, 200, "{}", joined.said());
        let html = joined.html();
        let link = html.all("a").find(|link| link.text == name).expect("the picture").expect("href").to_owned();
        assert_eq!(&world.person.get(&link).await.bytes, kept, "{name}");
        // One that can't be cut into its parts is refused, and the one before stays.
        let refused = join(&world.person, "rib", name, &sent[..sent.len() / 3]).await;
        assert_eq!(refused.status, 422, "{}", refused.said());
        assert!(refused.main_text().contains("endommagé ou incomplet"), "{}", refused.said());
        assert_eq!(&world.person.get(&link).await.bytes, kept, "{name}");
    }
    for (name, bytes) in stored(&world.site).await {
        assert!(!bytes.windows(place.len()).any(|part| part == place), "{name}");
    }
}

/// What a document of photographs says of their place, in its bytes, its parts, its digits.
fn said_place(bytes: &[u8]) -> bool {
    let place: &[u8] = b"REPERE-GPS";
    let mut contents = vec![bytes.to_vec()];
    if bytes.starts_with(b"PK") {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a package");
        for index in 0..archive.len() {
            let mut part = Vec::new();
            std::io::copy(&mut archive.by_index(index).expect("a part"), &mut part).expect("whole");
            contents.push(part);
        }
    }
    let digits: String = place.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    contents.push(bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect());
    contents
        .iter()
        .any(|bytes| [place, digits.as_bytes()].iter().any(|word| bytes.windows(word.len()).any(|part| part == *word)))
}

async fn q6_where_a_photograph_inside_a_document_was_taken_is_left_nowhere(engine: Engine) {
    const DOCUMENTS: [(&str, &[u8]); 6] = [
        ("maison.odt", include_bytes!("../../documents/tests/files/photos/libreoffice.odt")),
        ("maison.docx", include_bytes!("../../documents/tests/files/photos/libreoffice.docx")),
        ("maison.doc", include_bytes!("../../documents/tests/files/photos/libreoffice.doc")),
        ("maison.rtf", include_bytes!("../../documents/tests/files/photos/libreoffice.rtf")),
        ("maison.pdf", include_bytes!("../../documents/tests/files/photos/libreoffice.pdf")),
        ("page.pdf", include_bytes!("../../documents/tests/files/photos/chromium.pdf")),
    ];
    let world = world(engine).await;
    for (name, sent) in DOCUMENTS {
        assert!(said_place(sent), "{name}");
        let joined = join(&world.person, "rib", name, sent).await;
        assert_eq!(joined.status, 200, "{}", joined.said());
        let html = joined.html();
        let link = html.all("a").find(|link| link.text == name).expect("the document").expect("href").to_owned();
        let piece = world.person.get(&link).await.bytes;
        // As a CV, and what somebody of a structure downloads.
        let page = send_cv(&world.person, name, sent).await;
        assert_eq!(page.status, 200, "{}", page.said());
        let html = world.person.get("/mon-compte/cv").await.html();
        let link = html.all("a").find(|link| link.expect("href").starts_with("/fichiers/")).expect("the CV");
        let cv = world.desk.get(link.expect("href")).await.bytes;
        assert!(piece == cv && !said_place(&cv), "{name}");
        // Nothing else of it is lost.
        assert!(cv.len() * 10 > sent.len() * 8, "{name}: {} of {}", cv.len(), sent.len());
        #[cfg(feature = "external")]
        if std::path::Path::new(name).extension().is_some_and(|extension| extension == "pdf") {
            assert_eq!(drawn(&world.site, &cv).await, drawn(&world.site, sent).await, "{name}");
        }
    }
    for (name, bytes) in stored(&world.site).await {
        assert!(!bytes.windows(10).any(|part| part == b"REPERE-GPS"), "{name}");
    }
}

/// What another program shows of a PDF: its text, and its first page as a picture.
#[cfg(feature = "external")]
async fn drawn(site: &Site, pdf: &[u8]) -> (String, Vec<u8>) {
    let path = site.scratch().join("montré.pdf");
    std::fs::write(&path, pdf).expect("written");
    let run = async |program: &str, before: &[&str], after: &[&str]| {
        let mut command = tokio::process::Command::new(program);
        let output = command.args(before).arg(&path).args(after).output().await.expect("poppler");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && said.is_empty(), "{program}: {said}");
        output.stdout
    };
    let text = String::from_utf8(run("pdftotext", &[], &["-"]).await).expect("text");
    assert!(text.contains("Une maison au bord de la rade."), "{text}");
    let page = run("pdftoppm", &["-r", "60"], &[]).await;
    assert!(page.starts_with(b"P6"), "a picture");
    std::fs::remove_file(&path).expect("removed");
    (text, page)
}

#[cfg(feature = "external")]
async fn q7_texts_that_were_kept_before_are_masked_by_the_server_itself(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let (person, desk) = (server.login(logins::INTERVENANT).await, server.login(logins::GESTIONNAIRE).await);
    send_cv(&person, "cv.txt", "Formatrice mirboluche, libre.").await;
    eventually("the CV is found", async || found(&desk, "mirboluche").await.pop()).await;
    let him = recipient(&desk, &person.name().await).await;
    send(&desk, &[&him], "Objet violine", "Texte violine").await;
    assert!(server.stop().await.success());
    // As an older version kept them.
    sql(
        &site,
        "update fichier set texte = 'Formatrice mirboluche, 2/55/08/14/168/025/38 et FR76 3000 6000 0112 3456 7890 189.' \
                where texte like '%mirboluche%'",
    );
    sql(&site, "update message set texte = 'Texte violine, 2 55 08 14 168 025 38' where objet = 'Objet violine'");
    sql(&site, "update tache set position = 0, finie_at = null");
    server.start_again().await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    let hit = eventually("what is found is masked", async || {
        found(&desk, "mirboluche").await.pop().filter(|hit| hit.text.contains(MASK))
    })
    .await;
    assert!(hit.text.contains(&format!("mirboluche, {MASK} et {MASK}.")), "{}", hit.text);
    let person = server.login(logins::INTERVENANT).await;
    eventually("the message is masked", async || {
        let line = received(&person, "Objet violine").await;
        open(&person, &line).await.main_text().contains(&format!("Texte violine, {MASK}")).then_some(())
    })
    .await;
    assert!(server.stop().await.success());
    nothing_of_them(&site).await;
}

/// Runs a statement on the database of a service that is stopped.
#[cfg(feature = "external")]
pub fn sql(site: &Site, statement: &str) {
    use std::process::Command;
    let output = match site.database() {
        Some(url) => Command::new("psql")
            .args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", &url, "--command", statement])
            .output(),
        None => Command::new("python3")
            .arg("-c")
            .arg("import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()")
            .arg(site.data().join("espace.sqlite"))
            .arg(statement)
            .output(),
    };
    let output = output.expect("the program is installed");
    assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
}
