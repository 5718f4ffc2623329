//! The structure of each format, read back in pure Rust.

use std::io::{Cursor, Read};

use super::{Format, doc_formatting, layout, write};

const TEXT: &str =
    "Zoé L'Helgouac'h\n\nEXPÉRIENCES\n• Élaboration du budget (M57) : 1\u{a0}200 agents, œuvre < 3 & plus\nÀ bientôt…";

fn file(format: Format) -> Vec<u8> {
    write(format, "Curriculum vitæ", TEXT).expect("a file")
}

fn entry(bytes: Vec<u8>, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a ZIP");
    let mut text = String::new();
    archive.by_name(name).expect("an entry").read_to_string(&mut text).expect("UTF-8");
    text
}

fn stream(bytes: Vec<u8>, name: &str) -> Vec<u8> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).expect("a compound file");
    let mut content = Vec::new();
    file.open_stream(name).expect("a stream").read_to_end(&mut content).expect("content");
    content
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(bytes[at..at + 2].try_into().expect("two bytes"))
}

#[test]
fn o1_every_format_writes_the_same_bytes_twice() {
    for format in Format::ALL {
        assert_eq!(file(format), file(format), "{format}");
    }
}

#[test]
fn o1_pdf_offsets_lead_to_the_objects() {
    let bytes = file(Format::Pdf);
    assert!(bytes.starts_with(b"%PDF-1.4\n"));
    assert!(bytes.ends_with(b"%%EOF\n"));
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let at: usize = text
        .rsplit("startxref\n")
        .next()
        .and_then(|tail| tail.lines().next())
        .and_then(|line| line.parse().ok())
        .expect("an offset");
    let table: Vec<&str> = text[text.char_indices().nth(at).expect("in the file").0..].lines().collect();
    assert_eq!(table[0], "xref");
    let count: usize = table[1].trim_start_matches("0 ").parse().expect("a count");
    for (number, line) in table[3..2 + count].iter().enumerate() {
        let offset: usize = line[..10].parse().expect("an offset");
        let begin = format!("{} 0 obj", number + 1);
        assert_eq!(&bytes[offset..offset + begin.len()], begin.as_bytes());
    }
    // Accents stand in Windows-1252, parentheses are escaped.
    assert!(text.contains("(EXP\u{c9}RIENCES) Tj"));
    assert!(text.contains("\\(M57\\)"));
}

#[test]
fn o1_pdf_breaks_long_texts_into_lines_and_pages() {
    let text = "une phrase assez longue pour faire plusieurs lignes ".repeat(400);
    let bytes = write(Format::Pdf, "Long", &text).expect("a file");
    let pages = String::from_utf8_lossy(&bytes).matches("/Type /Page ").count();
    assert!(pages >= 3, "{pages}");
    for line in layout::break_lines(&text, 10.5, 400.0) {
        assert!(layout::width(&line, 10.5) <= 400.0, "{line}");
    }
}

#[test]
fn o1_pdf_refuses_what_its_font_lacks() {
    let error = write(Format::Pdf, "t", "中").expect_err("no such character");
    assert!(error.to_string().contains('中'));
}

#[test]
fn o1_doc_is_a_word_binary_with_its_text_in_one_piece() {
    let bytes = file(Format::Doc);
    assert!(bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]));
    let main = stream(bytes.clone(), "/WordDocument");
    let table = stream(bytes, "/1Table");
    assert_eq!(u16_at(&main, 0), 0xA5EC);
    assert_eq!(u16_at(&main, 2), 0x00C1);
    let (clx, length) = (u32_at(&main, 0x1A2), u32_at(&main, 0x1A6));
    assert_eq!(length, 21);
    assert_eq!(table[clx], 0x02);
    let characters = u32_at(&table, clx + 9);
    assert_eq!(characters, u32_at(&main, 0x4C));
    let start = u32_at(&table, clx + 15);
    let units: Vec<u16> = (0..characters).map(|index| u16_at(&main, start + 2 * index)).collect();
    let text = String::from_utf16(&units).expect("UTF-16");
    assert_eq!(text, format!("{TEXT}\n").replace('\n', "\r"));
}

#[test]
fn o1_doc_bin_tables_cover_every_paragraph() {
    let text = "Un paragraphe\n".repeat(200);
    let bytes = write(Format::Doc, "Long", &text).expect("a file");
    let main = stream(bytes.clone(), "/WordDocument");
    let table = stream(bytes, "/1Table");
    let (plcf, length) = (u32_at(&main, 0x102), u32_at(&main, 0x106));
    let pages = (length - 4) / 8;
    assert!(pages > 1);
    let mut runs = 0;
    let mut last = u32_at(&main, 0x18);
    for page in 0..pages {
        let number = u32_at(&table, plcf + 4 * (pages + 1) + 4 * page);
        let bytes = &main[doc_formatting::PAGE * number..doc_formatting::PAGE * (number + 1)];
        assert_eq!(u32_at(bytes, 0), last);
        let count = usize::from(bytes[doc_formatting::PAGE - 1]);
        last = u32_at(bytes, 4 * count);
        runs += count;
    }
    assert_eq!(runs, 200);
    assert_eq!(last, u32_at(&main, 0x1C));
}

#[test]
fn o1_docx_and_odt_hold_escaped_text() {
    let document = entry(file(Format::Docx), "word/document.xml");
    assert!(document.contains("œuvre &lt; 3 &amp; plus"));
    assert!(document.contains("<w:pStyle w:val=\"Titre1\"/></w:pPr><w:r><w:t xml:space=\"preserve\">EXPÉRIENCES"));
    let content = entry(file(Format::Odt), "content.xml");
    assert!(content.contains("œuvre &lt; 3 &amp; plus"));
    // The type of an OpenDocument file is readable at a fixed offset.
    let bytes = file(Format::Odt);
    assert_eq!(&bytes[30..38], b"mimetype");
    assert_eq!(&bytes[38..77], b"application/vnd.oasis.opendocument.text");
}

#[test]
fn o1_rtf_is_ascii_with_escapes() {
    let bytes = file(Format::Rtf);
    assert!(bytes.starts_with(b"{\\rtf1\\ansi"));
    assert!(bytes.is_ascii());
    let text = String::from_utf8(bytes).expect("ASCII");
    assert!(text.contains("EXP\\'c9RIENCES"));
    assert_eq!(text.matches('{').count(), text.matches('}').count(), "balanced groups");
    let rare = write(Format::Rtf, "t", "中").expect("a file");
    assert!(String::from_utf8(rare).expect("ASCII").contains("\\u20013?"));
}

#[test]
fn o1_html_and_txt_are_utf8() {
    let page = String::from_utf8(file(Format::Html)).expect("UTF-8");
    assert!(page.contains("<h2>EXPÉRIENCES</h2>"));
    assert!(page.contains("<li>Élaboration du budget"));
    assert_eq!(page.matches("<ul>").count(), page.matches("</ul>").count());
    let text = String::from_utf8(file(Format::Txt)).expect("UTF-8");
    assert_eq!(text.replace("\r\n", "\n"), TEXT);
}

#[test]
fn o1_an_empty_text_is_still_a_file() {
    for format in Format::ALL {
        assert!(write(format, "Vide", "").is_ok(), "{format}");
    }
}
