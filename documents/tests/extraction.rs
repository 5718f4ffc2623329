//! The seven formats, as programs really write them, through the child process.

#![allow(clippy::unwrap_used)]

mod common;

use common::{extractor, file, patient, readable_files};
use documents::{Blobs, ExtractError, Format, Inspected, Place, Refusal, UploadError, inspect};

/// Sentences of `maelys.fodt` that every conversion keeps.
const MAELYS: [&str; 9] = [
    "Formatrice en maîtrise d’œuvre et en marchés publics",
    "J’interviens auprès des collectivités depuis 2009 : hygiène, sécurité, prévention des risques, jusqu’à l’audit.",
    "850 € par journée, frais compris.",
    "l’hydrogéologie appliquée aux captages d’eau potable.",
    "Ligne deux après tabulation",
    "ma page personnelle",
    "Communauté de communes du Grésivaudan",
    "2019–2023",
    "l’ingénierie pédagogique",
];

/// Sentences of `elise.md`.
const ELISE: [&str; 7] = [
    "Élise Cœurdevey — née à Besançon, domiciliée à Pontarlier (Doubs).",
    "l’équilibre alimentaire, la méthode HACCP et l’approvisionnement en circuit court.",
    "640 € la journée.",
    "Lycée hôtelier de Poligny",
    "Cheffe de cuisine",
    "fèves, lentilles, pois cassés",
    "gastronomie",
];

/// What a page made from `soazig.fodt` shows in every format; chart and fields are kept by some of them.
const SOAZIG_SHOWN: [&str; 12] = [
    "Tisserande à Quimperlé",
    "Visible début visible milieu puis visible fin.",
    "Avant la suppression après.",
    "Annotée ici.",
    "Encadré lisible sur l’ourdissage",
    "Forme dessinée lisible",
    "Pied de note lisible",
    "Cellule large",
    "Métier Lissière",
    "Entête lisible",
    "Pied lisible",
    "Dernière ligne.",
];

/// What it hides in every format. LibreOffice itself writes hidden sections openly into other formats than ODT, and so
/// paragraphs that a field hides.
const SOAZIG_HIDDEN: [&str; 11] = [
    "CACHEDIRECT",
    "CACHESTYLE",
    "CACHEPARENT",
    "CACHEPARAGRAPHE",
    "CACHECHAMP",
    "SUPPRIME",
    "COMMENTAIRE",
    "TITREIMAGE",
    "DESCRIPTIONIMAGE",
    "TITREFORME",
    "JAMAISVU",
];

/// Words in a row: where a program breaks lines is no matter, and Markdown's apostrophes are the program's choice.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('\'', "’")
}

async fn text_of(name: &str) -> String {
    let path = file(name);
    let format = Format::from_extension(path.extension().unwrap().to_str().unwrap()).unwrap();
    let extracted = extractor(patient()).extract(format, &path).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(!extracted.truncated, "{name}");
    assert!(!extracted.text.chars().any(|c| c.is_control() && c != '\n'), "{name}");
    extracted.text
}

async fn says(name: &str, sentences: &[&str]) {
    let text = words(&text_of(name).await);
    for sentence in sentences {
        assert!(text.contains(sentence), "{name} does not say {sentence:?}:\n{text}");
    }
}

/// Each pair of cells stands on one line.
async fn keeps_rows(name: &str, rows: &[&str]) {
    let text = text_of(name).await;
    for row in rows {
        assert!(text.lines().any(|line| line.trim() == *row), "{name} has no line {row:?}:\n{text}");
    }
}

#[tokio::test]
async fn g3_text_inside_a_pdf_is_read() {
    says("libreoffice.pdf", &MAELYS).await;
    says("chromium.pdf", &ELISE).await;
}

#[tokio::test]
async fn g3_text_inside_a_doc_is_read() {
    says("libreoffice.doc", &MAELYS).await;
    says("pandoc-libreoffice.doc", &ELISE).await;
}

#[tokio::test]
async fn g3_text_inside_a_docx_is_read() {
    says("libreoffice.docx", &MAELYS).await;
    says("pandoc.docx", &ELISE).await;
}

#[tokio::test]
async fn g3_text_inside_an_odt_is_read() {
    says("libreoffice.odt", &MAELYS).await;
    says("pandoc.odt", &ELISE).await;
}

#[tokio::test]
async fn g3_text_inside_an_rtf_is_read() {
    says("libreoffice.rtf", &MAELYS).await;
    says("pandoc.rtf", &ELISE).await;
    says("pandoc-libreoffice.rtf", &ELISE).await;
}

#[tokio::test]
async fn g3_text_inside_an_html_is_read() {
    says("libreoffice.html", &MAELYS).await;
    says("libreoffice-xhtml.html", &MAELYS[..4]).await;
    says("pandoc.html", &ELISE).await;
}

#[tokio::test]
async fn g3_text_inside_a_txt_is_read_in_every_encoding() {
    let texts = ["libreoffice-utf-8.txt", "libreoffice-windows-1252.txt", "libreoffice-utf-16.txt"];
    for name in texts {
        says(name, &MAELYS).await;
        assert_eq!(text_of(name).await, text_of(texts[0]).await);
    }
    says("pandoc.txt", &ELISE).await;
}

#[tokio::test]
async fn g3_headers_footers_and_notes_are_read() {
    for format in ["pdf", "doc", "docx", "odt", "rtf"] {
        says(
            &format!("libreoffice.{format}"),
            &[
                "Curriculum vitæ de Maëlys Brégançon",
                "Pied de page : disponible dès l’été, à Châteaudun",
                "Note de bas de page : agrément préfectoral.",
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn g3_rows_of_a_table_are_lines() {
    for format in ["doc", "docx", "odt", "rtf", "html"] {
        keeps_rows(&format!("libreoffice.{format}"), &["Période Employeur", "2019–2023 Mairie de Saint-Étienne"]).await;
    }
    for format in ["docx", "odt", "html"] {
        keeps_rows(&format!("pandoc.{format}"), &["2015 Lycée hôtelier de Poligny Cheffe de cuisine"]).await;
    }
}

#[tokio::test]
async fn g3_what_is_not_shown_is_not_read() {
    for name in ["libreoffice.doc", "libreoffice.docx", "libreoffice.odt", "libreoffice.rtf", "libreoffice.html"] {
        let text = text_of(name).await;
        assert!(!text.contains("cible-cachee"), "{name} shows a link's target");
        assert!(
            !text.contains("HYPERLINK") && !text.contains("Liberation") && !text.contains("font-"),
            "{name}:\n{text}"
        );
    }
}

#[tokio::test]
async fn g3_hidden_text_is_treated_alike_in_every_format() {
    for format in ["odt", "docx", "rtf", "doc"] {
        let name = format!("libreoffice-soazig.{format}");
        says(&name, &SOAZIG_SHOWN).await;
        let text = text_of(&name).await;
        for hidden in SOAZIG_HIDDEN {
            assert!(!text.contains(hidden), "{name} shows {hidden}:\n{text}");
        }
        for once in ["Encadré lisible", "Forme dessinée"] {
            assert_eq!(text.matches(once).count(), 1, "{name}:\n{text}");
        }
    }
    says("libreoffice-soazig.odt", &["Portrait ancien", "Champ : conditionnel vu.", "Répartition des heures"]).await;
    says("libreoffice-soazig.docx", &["Portrait ancien", "Répartition des heures", "Tapisserie haute"]).await;
    let text = text_of("libreoffice-soazig.odt").await;
    for hidden in ["CACHESECTION", "CACHECONDITION", "98765"] {
        assert!(!text.contains(hidden), "{hidden}:\n{text}");
    }
}

#[tokio::test]
async fn g3_a_pdf_that_opens_without_a_password_is_read_and_another_says_so() {
    says("libreoffice-restricted.pdf", &MAELYS).await;
    let refused = extractor(patient()).extract(Format::Pdf, &file("libreoffice-password.pdf")).await;
    assert!(matches!(refused, Err(ExtractError::Encrypted)), "{refused:?}");
}

#[tokio::test]
async fn d14_the_text_of_sealed_bytes_is_the_same_and_passes_through_no_file() {
    let files = readable_files();
    assert!(files.len() > 15, "{}", files.len());
    for (format, path) in files {
        let bytes = std::fs::read(&path).unwrap();
        let piped = extractor(patient()).extract_bytes(format, &bytes).await.unwrap();
        assert_eq!(piped, extractor(patient()).extract(format, &path).await.unwrap(), "{}", path.display());
    }
}

#[tokio::test]
async fn g3_formats_without_text_start_no_child() {
    let refused = extractor(patient()).extract(Format::Png, &file("chromium.pdf")).await;
    assert!(matches!(refused, Err(ExtractError::NoText(Format::Png))), "{refused:?}");
}

#[test]
fn i11_files_that_programs_write_are_accepted_as_a_cv() {
    let files = readable_files();
    assert!(files.len() >= 19, "{}", files.len());
    for (format, path) in files {
        let mut content = std::fs::File::open(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let verdict = inspect(&mut content, name, Place::Cv).unwrap();
        assert_eq!(verdict, Ok(Inspected { format, locked: name.contains("restr") }), "{name}");
    }
}

#[tokio::test]
async fn q8_a_pdf_with_a_password_is_refused_with_what_to_do() {
    let path = file("libreoffice-password.pdf");
    let found = inspect(&mut std::fs::File::open(&path).unwrap(), "cv.pdf", Place::Cv).unwrap();
    assert_eq!(found, Ok(Inspected { format: Format::Pdf, locked: true }));
    let refusal = extractor(patient()).check_locked(&path).await.unwrap().unwrap_err();
    assert!(refusal.to_string().contains("sans mot de passe"), "{refusal}");
}

#[tokio::test]
async fn i11_a_restricted_pdf_that_opens_without_a_password_is_taken() {
    let extractor = extractor(patient());
    for name in ["libreoffice-restricted.pdf", "restreint-r3.pdf", "restreint-r4.pdf", "restreint-r6.pdf"] {
        let path = file(name);
        assert_eq!(extractor.check_locked(&path).await.unwrap(), Ok(()), "{name}");
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(extractor.check_locked_bytes(&bytes).await.unwrap(), Ok(()), "{name}");
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).await.unwrap();
        let refused = blobs.store(Place::Cv, name, &mut &bytes[..]).await;
        assert!(matches!(refused, Err(UploadError::Refused(Refusal::Encrypted { .. }))), "{refused:?}");
        let stored = blobs.with(extractor.clone()).store(Place::Cv, name, &mut &bytes[..]).await.unwrap();
        assert_eq!((stored.format, stored.bytes), (Format::Pdf, bytes.len() as u64), "{name}");
    }
    says("restreint-r6.pdf", &["Orfèvre, formateur en joaillerie"]).await;
}

#[tokio::test]
async fn q6_a_restricted_pdf_with_the_place_of_a_photograph_is_refused() {
    let refused = extractor(patient()).check_locked(&file("photos/restreint.pdf")).await.unwrap();
    assert_eq!(refused, Err(Refusal::LockedPlaces));
}

#[tokio::test]
async fn i11_a_pdf_whose_header_comes_late_is_taken_and_read() {
    let mut bytes = b"X-Scanner: octets devant\r\n\r\n".to_vec();
    bytes.extend(std::fs::read(file("libreoffice.pdf")).unwrap());
    let found = inspect(&mut std::io::Cursor::new(&bytes), "cv.pdf", Place::Cv).unwrap();
    assert_eq!(found, Ok(Inspected { format: Format::Pdf, locked: false }));
    let read = extractor(patient()).extract_bytes(Format::Pdf, &bytes).await.unwrap();
    assert!(words(&read.text).contains(MAELYS[0]), "{}", read.text);
}
