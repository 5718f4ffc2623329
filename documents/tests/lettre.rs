//! The PDF of a letter, read back by what did not write it: its words by pdf-extract in the child process, its structure by
//! lopdf.

#![allow(clippy::unwrap_used)]

mod common;

use common::{extractor, patient};
use documents::Format;
use documents::lettre::{Error, Lettre, ecrire, sans_glyphe};
use lopdf::{Dictionary, Document, Object};

fn lettre() -> Lettre {
    let lines = |all: &[&str]| all.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    Lettre {
        titre: "Lettre de demande d’intervention".to_owned(),
        numero: "BRETAGNE-2026-0042".to_owned(),
        date: (2026, 11, 29),
        lieu_date: "Rennes, le 29 novembre 2026".to_owned(),
        structure: lines(&["CNFPT – Délégation Bretagne", "1 boulevard de la Liberté", "35000 Rennes"]),
        personne: lines(&["Madame Maëlle L’Hénoret", "12 rue des Œillets", "29200 Brest"]),
        appel: "Madame,".to_owned(),
        objet: "Préparer un budget communal".to_owned(),
        contenu: "Nous vous demandons d’animer trois journées.\nLe groupe compte quinze personnes.".to_owned(),
        faits: vec![
            ("Durée".to_owned(), lines(&["18 h"])),
            ("Périodes".to_owned(), lines(&["Du 12 au 14 janvier 2027", "Le 2 février 2027"])),
            ("Paiement".to_owned(), lines(&["1\u{a0}250,00\u{a0}€ par jour"])),
        ],
        suite: lines(&["Vous pouvez accepter ou décliner cette demande en ligne."]),
        signature: lines(&["Pour la Délégation Bretagne", "Yann Le Bihan"]),
    }
}

async fn words(pdf: &[u8]) -> String {
    let read = extractor(patient()).extract_bytes(Format::Pdf, pdf).await.unwrap();
    read.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn d13_every_word_of_a_letter_is_read_back() {
    let text = words(&ecrire(&lettre()).unwrap()).await;
    for said in [
        "CNFPT – Délégation Bretagne 1 boulevard de la Liberté 35000 Rennes",
        "Madame Maëlle L’Hénoret 12 rue des Œillets 29200 Brest",
        "Rennes, le 29 novembre 2026",
        "Lettre de demande d’intervention N° BRETAGNE-2026-0042",
        "Objet : Préparer un budget communal",
        "Nous vous demandons d’animer trois journées.",
        "Le groupe compte quinze personnes.",
        "Durée 18 h",
        "Du 12 au 14 janvier 2027",
        "Le 2 février 2027",
        "1 250,00 € par jour",
        "Pour la Délégation Bretagne Yann Le Bihan",
        "page 1 sur 1",
    ] {
        assert!(text.contains(said), "« {said} » in {text}");
    }
    assert!(!text.contains("Projet"));
    let draft = words(&ecrire(&Lettre { numero: String::new(), ..lettre() }).unwrap()).await;
    assert!(draft.contains("Projet : cette lettre n’est pas envoyée") && !draft.contains("N°"), "{draft}");
}

#[tokio::test]
async fn d13_a_long_letter_goes_on_over_pages_and_loses_nothing() {
    let paragraphs: Vec<String> = (0..90)
        .map(|number| format!("Paragraphe {number} : {}", "déroulé, exercices, évaluation ; ".repeat(6)))
        .collect();
    let long = Lettre { contenu: paragraphs.join("\n"), objet: "x".repeat(400), ..lettre() };
    let pdf = ecrire(&long).unwrap();
    let pages = Document::load_mem(&pdf).unwrap().get_pages().len();
    assert!(pages > 3, "{pages}");
    let text = words(&pdf).await;
    for number in 0..90 {
        assert!(text.contains(&format!("Paragraphe {number} :")), "{number}");
    }
    assert!(text.contains(&format!("page {pages} sur {pages}")), "{text}");
    let exes: usize = text.split(' ').filter(|word| word.chars().all(|sign| sign == 'x')).map(str::len).sum();
    assert_eq!(exes, 400, "a word wider than the page is cut, not lost");
}

/// Every element of the structure tree, from the root down: its type, and its scope if it has one.
fn elements(document: &Document, node: &Object, found: &mut Vec<String>) {
    match node {
        Object::Reference(id) => elements(document, document.get_object(*id).unwrap(), found),
        Object::Array(all) => all.iter().for_each(|one| elements(document, one, found)),
        Object::Dictionary(one) => {
            if let Ok(kind) = one.get(b"S").and_then(Object::as_name) {
                found.push(String::from_utf8_lossy(kind).into_owned());
            }
            if let Ok(kids) = one.get(b"K") {
                elements(document, kids, found);
            }
        }
        _ => {}
    }
}

fn entry<'d>(document: &'d Document, of: &'d Dictionary, key: &[u8]) -> &'d Object {
    document.dereference(of.get(key).unwrap()).unwrap().1
}

#[test]
fn d13_a_letter_is_tagged_titled_and_in_french() {
    let pdf = ecrire(&lettre()).unwrap();
    let document = Document::load_mem(&pdf).unwrap();
    let catalog = document.catalog().unwrap();
    assert_eq!(entry(&document, catalog, b"Lang").as_str().unwrap(), b"fr-FR");
    let marked = entry(&document, catalog, b"MarkInfo").as_dict().unwrap();
    assert!(marked.get(b"Marked").unwrap().as_bool().unwrap());
    let shown = entry(&document, catalog, b"ViewerPreferences").as_dict().unwrap();
    assert!(shown.get(b"DisplayDocTitle").unwrap().as_bool().unwrap());
    let tree = entry(&document, catalog, b"StructTreeRoot").as_dict().unwrap();
    let mut found = Vec::new();
    elements(&document, tree.get(b"K").unwrap(), &mut found);
    let row = ["TR", "TH", "TD"];
    let expected =
        [&["Document", "P", "P", "P", "H1", "P", "P", "P", "P", "P", "Table"][..], &row, &row, &row, &["P", "P"]];
    assert_eq!(found, expected.concat());
    // What it claims to be: PDF/UA-1 and PDF/A-2a.
    let metadata = entry(&document, catalog, b"Metadata").as_stream().unwrap();
    let xmp = metadata.decompressed_content().unwrap_or_else(|_| metadata.content.clone());
    let xmp = String::from_utf8_lossy(&xmp).into_owned();
    for claim in [
        "pdfuaid:part>1<",
        "pdfaid:part>2<",
        "pdfaid:conformance>A<",
        "Lettre de demande d’intervention BRETAGNE-2026-0042",
    ] {
        assert!(xmp.contains(claim), "{claim}: {xmp}");
    }
}

#[test]
fn d13_the_same_letter_makes_the_same_bytes() {
    assert!(ecrire(&lettre()).unwrap() == ecrire(&lettre()).unwrap());
    assert!(ecrire(&lettre()).unwrap() != ecrire(&Lettre { objet: "Autre".to_owned(), ..lettre() }).unwrap());
}

#[test]
fn d13_a_sign_that_can_not_be_printed_is_named() {
    assert_eq!(sans_glyphe("Œuvre d’art « à l’été » : 12\u{a0}€, 5\u{202f}°, ŵ, Ž, Ω, Ж\t\n"), None);
    for (text, sign) in [("Bravo 🎉 !", '🎉'), ("日本", '日'), ("שלום", 'ש'), ("a\u{7}", '\u{7}')] {
        assert_eq!(sans_glyphe(text), Some(sign));
        let refused = ecrire(&Lettre { objet: text.to_owned(), ..lettre() });
        assert!(matches!(refused, Err(Error::Glyph(found)) if found == sign), "{refused:?}");
    }
}
