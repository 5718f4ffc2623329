//! PDFs as many programs write them: every word that is shown is read, and what is hidden is not.

#![allow(clippy::unwrap_used)]

mod common;

use common::{extractor, file, patient};
use documents::{Extracted, Format};

async fn read(bytes: &[u8]) -> Extracted {
    extractor(patient()).extract_bytes(Format::Pdf, bytes).await.unwrap()
}

/// The text of a file on one line.
async fn text_of(name: &str) -> String {
    let read = read(&std::fs::read(file("pdf").join(name)).unwrap()).await;
    assert!(!read.truncated, "{name}");
    on_one_line(&read.text)
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn says(name: &str, phrases: &[&str]) {
    let text = text_of(name).await;
    for phrase in phrases {
        assert!(text.contains(phrase), "{name} does not say {phrase:?}:\n{text}");
    }
}

/// A page of 200 by 200 that shows `content`; `resources` stands in its resources, `page` on the page itself, and `more` are
/// other objects from 5 on. It has no cross-references: the reader makes them.
fn page(content: &str, resources: &str, page: &str, more: &str) -> Vec<u8> {
    format!(
        "%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R {}>> endobj\n2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n\
         3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources <</Font <</F <</Type/Font\
         /Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>> >> {resources} >> {page}>> endobj\n\
         4 0 obj <</Length {}>> stream\n{content}\nendstream endobj\n{more}\n",
        if more.contains("/OCG") { "/OCProperties <</OCGs[5 0 R]/D <</OFF[5 0 R]>> >>" } else { "" },
        content.len(),
    )
    .into_bytes()
}

async fn shown(content: &str, resources: &str, on_page: &str, more: &str) -> String {
    on_one_line(&read(&page(content, resources, on_page, more)).await.text)
}

#[tokio::test]
async fn g3_letters_spaced_by_any_program_stay_one_word() {
    says("espace-tc.pdf", &["SCÉNOGRAPHIE", "douze ans de formation"]).await;
    says("espace-chromium.pdf", &["SCÉNOGRAPHIE", "Compétences numériques"]).await;
    says("roboto-tourne.pdf", &["Zythologie"]).await;
}

#[tokio::test]
async fn g3_a_word_that_a_line_cuts_is_one() {
    for name in ["cesure-chromium.pdf", "cesure-libreoffice.pdf"] {
        says(name, &["ludopédagogie", "l’ethnobotanique", "d’accompagnement des agents", "archéométrie"]).await;
    }
    says("cesure.pdf", &["Organisation et informatisation des services"]).await;
}

#[tokio::test]
async fn g3_accents_drawn_apart_join_their_letter() {
    says("accents.pdf", &["pédagogie et héraldique", "Numérisation, généalogie, français"]).await;
    let latex = "Chef de projet régional, maître d’œuvre, façade, où, Noël, État, pédagogie.";
    assert_eq!(text_of("latex-ot1.pdf").await, latex);
}

#[tokio::test]
async fn g3_what_fields_and_notes_show_is_read() {
    says("formulaire.pdf", &["Formatrice en calligraphie administrative", "Mosaïste d’art, dix ans de cours du soir"])
        .await;
    let field =
        |more: &str| format!("/Annots[<</Type/Annot/Subtype/Widget/FT/Tx/Rect[10 10 90 30]/V(Doreuse){more}>>]");
    assert_eq!(shown("", "", &field(""), "").await, "Doreuse", "a field without an appearance");
    assert_eq!(shown("", "", &field("/F 2"), "").await, "", "a hidden one");
    assert_eq!(shown("", "", &field("/Ff 8192"), "").await, "", "a password");
}

#[tokio::test]
async fn g3_each_operator_that_shows_text_is_obeyed() {
    says("apostrophe.pdf", &["Vitrailliste au service du patrimoine", "marqueteur à la commune"]).await;
    let content = "BT /F 12 Tf 14 TL 10 150 Td (un)Tj (deux)' 1 2 (trois quatre)\" T* [(ci)-20(nq)]TJ ET";
    assert_eq!(shown(content, "", "", "").await, "un deux trois quatre cinq");
}

#[tokio::test]
async fn g3_widths_of_fonts_break_no_word() {
    says("largeurs-chromium.pdf", &["Formatrice en permaculture et en thermographie, 12 ans.", "fermentation"]).await;
    says("roboto-tourne.pdf", &["Efficacité, officier, affûtage, fluvial, réflexion : les ligatures"]).await;
}

#[tokio::test]
async fn g3_every_usual_program_is_read_word_for_word() {
    says("typst-001.pdf", &["la phytoépuration, la laque végétale et fiches payantes", "90 550 € de commandes"]).await;
    says("weasyprint-001.pdf", &["J'aime réunir le contrat traditionnel, puis intégrer un calendrier hybride"]).await;
    says("reportlab-001.pdf", &["57,5 % des stagiaires s’en disent satisfaits."]).await;
    says("fpdf2-001.pdf", &["Mon métier consiste à scénographier la procédure énergétique"]).await;
}

#[tokio::test]
async fn g3_text_turned_on_the_page_is_read() {
    says("roboto-tourne.pdf", &["Sigillographe des archives"]).await;
    assert_eq!(shown("BT /F 12 Tf 0 1 -1 0 50 20 Tm (Debout le long)Tj ET", "", "", "").await, "Debout le long");
}

#[tokio::test]
async fn g3_a_page_that_is_a_picture_is_said_to_have_no_text() {
    let photo = read(&std::fs::read(file("images/scan.pdf")).unwrap()).await;
    assert_eq!((photo.text.as_str(), photo.pictures), ("", vec![1]));
    let half = read(&std::fs::read(file("images/moitie.pdf")).unwrap()).await;
    assert!(half.text.starts_with("Curriculum vitæ") && half.pictures == [2], "{half:?}");
    assert_eq!(read(&page("", "", "", "")).await.pictures, Vec::<u32>::new(), "an empty page is no picture");
}

#[tokio::test]
async fn g3_damaged_files_are_read_as_far_as_they_go() {
    says("longueur.pdf", &["Formatrice zwarbola"]).await;
    says("octets-devant.pdf", &["Fauconnier, formateur à l’effarouchement"]).await;
    // Of two streams one can't be decoded, and that is said.
    let more = "5 0 obj <</Length 3/Filter/JBIG2Decode>> stream\nabc\nendstream endobj";
    let bytes = page("BT /F 12 Tf 10 100 Td (Lisible)Tj ET", "", "", more);
    let bytes = String::from_utf8(bytes).unwrap().replace("/Contents 4 0 R", "/Contents[5 0 R 4 0 R]");
    let half = read(bytes.as_bytes()).await;
    assert!(half.text.trim() == "Lisible" && half.truncated, "{half:?}");
    // Samples of a picture are no operators, what no reader knows is stepped over, and the text behind them is read.
    let content = "BI /W 2 /H 2 /BPC 8 /CS /G ID (((\x01 EI BT /F 12 Tf 10 100 Td 3 4 zork ] >> (Suite)Tj ET";
    assert_eq!(shown(content, "", "", "").await, "Suite");
}

#[tokio::test]
async fn g3_what_a_page_hides_is_not_read() {
    let layer = "5 0 obj <</Type/OCG/Name(Brouillon)>> endobj";
    let content = "/OC /L BDC BT /F 12 Tf 10 100 Td (secret)Tj ET EMC BT /F 12 Tf 10 50 Td (public)Tj ET";
    assert_eq!(shown(content, "/Properties <</L 5 0 R>>", "", layer).await, "public");
    let content = "BT /F 12 Tf 10 100 Td (dedans)Tj 900 0 Td (dehors)Tj ET";
    assert_eq!(shown(content, "", "", "").await, "dedans");
}

#[tokio::test]
async fn g3_text_that_stands_for_what_is_drawn_is_read_in_its_place() {
    let content = "BT /F 12 Tf 10 100 Td (Ma)Tj /Span <</ActualText(\u{2022}tre)>> BDC (xyz)Tj EMC ET";
    let content = content.replace('\u{2022}', "î");
    let bytes = page(&content, "", "", "");
    // PDFDocEncoding has î where Latin-1 does.
    let bytes = String::from_utf8(bytes).unwrap().chars().map(|c| c as u8).collect::<Vec<_>>();
    assert_eq!(on_one_line(&read(&bytes).await.text), "Maître");
    let empty = "/Span <</ActualText(ff)>> BDC EMC BT /F 12 Tf 10 100 Td (seul)Tj ET";
    assert_eq!(shown(empty, "", "", "").await, "seul", "where nothing is drawn it stands for nothing");
}

#[tokio::test]
async fn q8_forms_that_show_themselves_end() {
    let form = "5 0 obj <</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources <</XObject <</X 5 0 R>> >>/Length 18>> stream\n\
                /X Do /X Do /X Do \nendstream endobj";
    let content = "BT /F 12 Tf 10 100 Td (avant)Tj ET /X Do";
    assert!(shown(content, "/XObject <</X 5 0 R>>", "", form).await.starts_with("avant"));
    let nested = format!("{} BT /F 12 Tf 10 100 Td (au fond)Tj ET", "q ".repeat(200_000));
    assert_eq!(shown(&nested, "", "", "").await, "au fond");
}
