//! Files made here, one per refusal. Those that programs made are in the crate's `tests/`.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
const ODT: &str = "application/vnd.oasis.opendocument.text";

fn verdict(bytes: &[u8], name: &str, place: Place) -> Result<Format, Refusal> {
    inspect(&mut Cursor::new(bytes), name, place).unwrap().map(|found| found.format)
}

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn office(main: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let types = format!("<Types><Override PartName=\"/word/document.xml\" ContentType=\"{main}\"/></Types>");
    package(&[&[("[Content_Types].xml", types.as_bytes()), ("word/document.xml", b"<w:document/>")], more].concat())
}

fn compound(storages: &[&str], streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for name in storages {
        file.create_storage(name).unwrap();
    }
    for (name, content) in streams {
        file.create_stream(name).unwrap().write_all(content).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn word_stream(flags: u16) -> Vec<u8> {
    let mut stream = vec![0; 2048];
    stream[..2].copy_from_slice(&0xa5ec_u16.to_le_bytes());
    stream[10..12].copy_from_slice(&flags.to_le_bytes());
    stream
}

/// A workbook's stream: BOF, then the record of that number, then EOF.
fn excel_stream(record: u16) -> Vec<u8> {
    let mut stream = vec![0x09, 0x08, 4, 0, 0, 6, 5, 0];
    stream.extend(record.to_le_bytes());
    stream.extend([2, 0, 1, 0, 0x0a, 0, 0, 0]);
    stream
}

/// The smallest file of each format.
fn samples() -> Vec<(Format, Vec<u8>)> {
    vec![
        (Format::Pdf, b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF".to_vec()),
        (Format::Doc, compound(&[], &[("/WordDocument", &word_stream(0))])),
        (Format::Docx, office(WORD, &[])),
        (Format::Odt, package(&[("mimetype", ODT.as_bytes()), ("content.xml", b"<x/>")])),
        (Format::Rtf, b"{\\rtf1 x}".to_vec()),
        (Format::Html, b"<!DOCTYPE html><title>x</title>".to_vec()),
        (Format::Txt, "Né à Nîmes\r\n".as_bytes().to_vec()),
        (Format::Xls, compound(&[], &[("/Workbook", &excel_stream(0x42))])),
        (Format::Xlsx, office(EXCEL, &[])),
        (Format::Jpeg, b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec()),
        (Format::Png, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
    ]
}

/// Every format at a place: taken when the manual lists it, else refused as not accepted.
fn each_format_at(place: Place) {
    for (format, bytes) in samples() {
        for extension in format.extensions() {
            let expected = if place.accepted().contains(&format) {
                Ok(format)
            } else {
                Err(Refusal::NotAccepted { found: format, place })
            };
            assert_eq!(verdict(&bytes, &format!("Mon fichier.{}", extension.to_uppercase()), place), expected);
        }
    }
}

#[test]
fn i11_the_seven_formats_are_taken_and_no_other() {
    each_format_at(Place::Cv);
    each_format_at(Place::Diplome);
}

#[test]
fn d3_the_formats_of_a_piece_are_taken_and_no_other() {
    each_format_at(Place::PieceDossier);
}

#[test]
fn s5_the_formats_of_a_support_attachment_are_taken_and_no_other() {
    each_format_at(Place::PieceSupport);
}

#[test]
fn q8_a_name_that_lies_is_refused() {
    for (format, bytes) in samples() {
        for said in Format::ALL.into_iter().filter(|said| *said != format) {
            let refusal = verdict(&bytes, &format!("cv.{said}"), Place::Cv).unwrap_err();
            assert_eq!(
                refusal,
                Refusal::Mislabelled { extension: said.to_string(), found: format },
                "{format} as {said}"
            );
        }
    }
    let sentence = Refusal::Mislabelled { extension: "pdf".into(), found: Format::Docx }.to_string();
    assert!(sentence.contains("«\u{a0}.pdf\u{a0}»") && sentence.contains("un document Word (DOCX)"), "{sentence}");
}

#[test]
fn q8_a_size_is_refused_from_one_byte_too_many() {
    for place in Place::ALL {
        let mut bytes = b"%PDF-1.4\n1 0 obj".to_vec();
        bytes.resize(place.max_bytes() as usize, b' ');
        assert_eq!(verdict(&bytes, "cv.pdf", place), Ok(Format::Pdf));
        bytes.push(b' ');
        assert_eq!(verdict(&bytes, "cv.pdf", place), Err(Refusal::TooBig { place }));
    }
    assert_eq!(verdict(b"", "cv.pdf", Place::Cv), Err(Refusal::Empty));
}

#[test]
fn q8_programs_are_refused_whatever_their_name() {
    let windows = [b"MZ\x90\0\x03\0\0\0".as_slice(), &[0; 100]].concat();
    for program in [&windows[..], b"\x7fELF\x02\x01\x01", b"#!/bin/sh\nrm -rf ~\n", b"\xca\xfe\xba\xbe\0\0\0\x34"] {
        for name in ["cv.pdf", "cv.txt", "cv"] {
            assert_eq!(verdict(program, name, Place::Cv), Err(Refusal::Executable), "{name}");
        }
    }
    for name in ["cv.pdf.exe", "cv.bat", "cv.txt.vbs", "cv\u{202e}fdp.scr"] {
        assert_eq!(verdict(b"Bonjour", name, Place::Cv), Err(Refusal::Executable), "{name}");
    }
    assert_eq!(verdict("MZ est aussi le début d’un texte".as_bytes(), "cv.txt", Place::Cv), Ok(Format::Txt));
}

#[test]
fn q8_encrypted_files_are_refused() {
    let refused = |bytes: &[u8], name: &str, format| {
        let place = if format == Format::Xls { Place::PieceSupport } else { Place::Cv };
        assert_eq!(verdict(bytes, name, place), Err(Refusal::Encrypted { format }), "{name}");
    };
    refused(&compound(&[], &[("/EncryptionInfo", b"x"), ("/EncryptedPackage", b"x")]), "cv.docx", Format::Docx);
    refused(&compound(&[], &[("/WordDocument", &word_stream(0x0100))]), "cv.doc", Format::Doc);
    refused(&compound(&[], &[("/Workbook", &excel_stream(0x2f))]), "a.xls", Format::Xls);
    let manifest = b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>";
    refused(&package(&[("mimetype", ODT.as_bytes()), ("META-INF/manifest.xml", manifest)]), "cv.odt", Format::Odt);
}

#[test]
fn q8_the_mark_of_encryption_is_found_across_pieces_and_not_in_words() {
    for before in 65_500..65_560 {
        let mut bytes = b"%PDF-1.6\n".to_vec();
        bytes.resize(before, b' ');
        bytes.extend_from_slice(b"/Encrypt 29 0 R >>");
        assert!(verdict(&bytes, "cv.pdf", Place::Cv).is_err(), "{before}");
    }
    assert_eq!(verdict(b"%PDF-1.4 1 0 obj /EncryptMetadata true /Encrypted 1", "cv.pdf", Place::Cv), Ok(Format::Pdf));
}

#[test]
fn q8_macros_are_refused() {
    let macro_word = office("application/vnd.ms-word.document.macroEnabled.main+xml", &[]);
    let files: [(&str, Vec<u8>); 5] = [
        ("cv.docx", macro_word),
        ("cv.docx", office(WORD, &[("word/vbaProject.bin", b"x")])),
        ("cv.odt", package(&[("mimetype", ODT.as_bytes()), ("Basic/Standard/Module1.xml", b"x")])),
        ("cv.doc", compound(&["/Macros", "/Macros/VBA"], &[("/WordDocument", &word_stream(0))])),
        ("a.xls", compound(&["/_VBA_PROJECT_CUR"], &[("/Workbook", &excel_stream(0x42))])),
    ];
    for (name, bytes) in files {
        assert_eq!(verdict(&bytes, name, Place::PieceSupport), Err(Refusal::Macros), "{name}");
    }
    let empty_library =
        package(&[("mimetype", ODT.as_bytes()), ("content.xml", b"<x/>"), ("Basic/Standard/script-lb.xml", b"x")]);
    assert_eq!(verdict(&empty_library, "cv.odt", Place::Cv), Ok(Format::Odt));
}

#[test]
fn q8_zip_bombs_are_refused() {
    let zeros = vec![b' '; 101 * 1024 * 1024];
    let tall = office(WORD, &[("word/media/a.xml", &zeros)]);
    assert!(tall.len() < 200_000);
    assert_eq!(verdict(&tall, "cv.docx", Place::Cv), Err(Refusal::Bomb));
    let steep = office(WORD, &[("word/media/a.xml", &zeros[..4 * 1024 * 1024])]);
    assert_eq!(verdict(&steep, "cv.docx", Place::Cv), Err(Refusal::Bomb));
    let names: Vec<String> = (0..2_100).map(|number| format!("a{number}")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(verdict(&office(WORD, &many), "cv.docx", Place::Cv), Err(Refusal::Bomb));
}

#[test]
fn q8_a_bomb_that_lies_about_its_size_is_refused() {
    let zeros = vec![b' '; 8 * 1024 * 1024];
    let mut bytes = office(WORD, &[("word/a.xml", &zeros)]);
    // The uncompressed size, in the local header and in the central directory, becomes 100.
    let declared = (zeros.len() as u32).to_le_bytes();
    let places: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..at + 4] == declared).collect();
    assert_eq!(places.len(), 2);
    for at in places {
        bytes[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    assert!(matches!(verdict(&bytes, "cv.docx", Place::Cv), Err(Refusal::Bomb | Refusal::Damaged)));
}

#[test]
fn q8_damaged_containers_are_refused() {
    for (format, bytes) in samples() {
        if matches!(format, Format::Doc | Format::Docx | Format::Odt | Format::Xls | Format::Xlsx) {
            for kept in [9, 30, 100, bytes.len() / 2] {
                let place = if format == Format::Odt { Place::Cv } else { Place::PieceSupport };
                assert!(verdict(&bytes[..kept], &format!("a.{format}"), place).is_err(), "{format} cut at {kept}");
            }
        }
    }
}

#[test]
fn g3_what_says_what_it_is_and_holds_nothing_is_refused() {
    for bytes in [&b"%PDF-1.7"[..], b"%PDF-1.7\n%%EOF\n"] {
        assert_eq!(verdict(bytes, "cv.pdf", Place::Cv), Err(Refusal::Damaged));
    }
    let types = br#"<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml" PartName = '/word/Document.xml'/></Types>"#;
    let empty = package(&[("[Content_Types].xml", types), ("_rels/.rels", b"<Relationships/>")]);
    assert_eq!(verdict(&empty, "cv.docx", Place::Cv), Err(Refusal::Damaged));
    let whole = package(&[("[Content_Types].xml", types), ("word/document.xml", b"<w:document/>")]);
    assert_eq!(verdict(&whole, "cv.docx", Place::Cv), Ok(Format::Docx));
    let empty = package(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("meta.xml", b"<x/>")]);
    assert_eq!(verdict(&empty, "cv.odt", Place::Cv), Err(Refusal::Damaged));
}

#[test]
fn q8_binary_rubbish_is_no_text() {
    let rubbish: Vec<u8> = (0..5000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert_eq!(verdict(&rubbish, "cv.txt", Place::Cv), Err(Refusal::Unknown));
    assert_eq!(verdict(b"Bonjour\0", "cv.txt", Place::Cv), Err(Refusal::Unknown));
    assert_eq!(verdict(&rubbish, "cv.pdf", Place::Cv), Err(Refusal::Damaged));
    let mut late = vec![b'a'; 200_000];
    late.push(1);
    assert_eq!(verdict(&late, "cv.txt", Place::Cv), Err(Refusal::Unknown));
}

#[test]
fn i11_texts_of_windows_are_taken() {
    assert_eq!(verdict(b"\xe9t\xe9 \x80\r\n\x1a", "cv.txt", Place::Cv), Ok(Format::Txt));
    let wide: Vec<u8> = "\u{feff}été".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(verdict(&wide, "cv.txt", Place::Cv), Ok(Format::Txt));
    let page: Vec<u8> = "\u{feff}<html>".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(verdict(&page, "cv.html", Place::Cv), Ok(Format::Html));
}

#[test]
fn i11_html_is_known_by_its_start_or_by_its_name_and_a_tag() {
    for page in ["<p>x", "<?xml version='1.0'?>\n<!-- a -->\n<!DOCTYPE html>", "\u{feff} <HTML>"] {
        assert_eq!(verdict(page.as_bytes(), "cv.htm", Place::Cv), Ok(Format::Html), "{page}");
    }
    assert!(verdict(b"2 < 3", "cv.html", Place::Cv).is_err());
    assert_eq!(verdict(b"2 < 3", "cv.txt", Place::Cv), Ok(Format::Txt));
}

#[test]
fn i11_a_dot_in_a_name_is_not_always_an_extension() {
    assert_eq!(verdict(b"%PDF-1.4 1 0 obj", "cv.2023", Place::Cv), Ok(Format::Pdf));
    assert_eq!(verdict(b"%PDF-1.4 1 0 obj", "cv", Place::Cv), Ok(Format::Pdf));
    assert_eq!(verdict(b"Bonjour", "cv", Place::Cv), Ok(Format::Txt));
    let refusal = verdict(b"a;b", "cv.csv", Place::Cv).unwrap_err();
    assert!(refusal.to_string().contains("«\u{a0}.csv\u{a0}»"));
}

#[test]
fn q6_photos_of_phones_and_others_get_a_sentence_of_their_own() {
    let heic = verdict(b"\0\0\0\x18ftypheic\0\0\0\0", "photo.heic", Place::PieceDossier).unwrap_err();
    assert_eq!(heic, Refusal::Foreign { kind: "une photo HEIC" });
    assert!(heic.to_string().starts_with("Ce fichier est une photo HEIC"));
    let archive = package(&[("cv.pdf", b"%PDF")]);
    assert_eq!(verdict(&archive, "cv.zip", Place::Cv), Err(Refusal::Foreign { kind: "une archive ZIP" }));
}
