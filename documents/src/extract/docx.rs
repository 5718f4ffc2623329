//! DOCX (ECMA-376 part 1 §17, WordprocessingML): text of the main part, headers, footers, notes.

use quick_xml::events::BytesStart;

use super::Unreadable;
use super::archive::Package;
use super::text_sink::TextSink;
use super::xml::{self, Visitor};

/// Kinds of parts that hold visible text, by the end of their content type, in the order they are read.
const KINDS: [&str; 5] = [".header+xml", ".main+xml", ".footnotes+xml", ".endnotes+xml", ".footer+xml"];

/// Rank of the main part in `KINDS`.
const MAIN: usize = 1;

/// Where Word puts the main part, for packages whose content types don't say.
const USUAL_MAIN_PART: &str = "word/document.xml";

/// More parts with text than a document with a hundred sections has.
const MAX_PARTS: usize = 400;

pub(super) fn read(bytes: &[u8], sink: &mut TextSink) -> Result<(), Unreadable> {
    // A password turns a DOCX into an OLE2 file ([MS-OFFCRYPTO] §2.3.4).
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(Unreadable::Encrypted);
    }
    let mut package = Package::open(bytes)?;
    let mut parts = ContentTypes::default();
    if let Some(types) = package.part("[Content_Types].xml")? {
        xml::walk(types, &mut parts)?;
    }
    if !parts.0.iter().any(|(kind, _)| *kind == MAIN) {
        parts.0.push((MAIN, USUAL_MAIN_PART.to_owned()));
    }
    parts.0.sort();
    parts.0.dedup();
    let mut read_main = false;
    for (kind, name) in parts.0 {
        let Some(part) = package.part(&name)? else { continue };
        let mut body = Body { sink, in_text: false, skipped: 0 };
        let walked = xml::walk(part, &mut body);
        sink.paragraph();
        if kind == MAIN {
            walked?;
            read_main = true;
        } else if walked.is_err() {
            // A broken header must not hide the CV: its text before the break stays.
            sink.space();
        }
    }
    if read_main { Ok(()) } else { Err(Unreadable::damaged("no main part")) }
}

/// The parts with text: rank in `KINDS` and name.
#[derive(Default)]
struct ContentTypes(Vec<(usize, String)>);

impl Visitor for ContentTypes {
    fn wants_more(&self) -> bool {
        self.0.len() < MAX_PARTS
    }

    fn start(&mut self, name: &str, element: &BytesStart<'_>) {
        if name != "Override" {
            return;
        }
        let (Some(part), Some(kind)) = (xml::attribute(element, "PartName"), xml::attribute(element, "ContentType"))
        else {
            return;
        };
        if kind.contains("wordprocessingml")
            && let Some(rank) = KINDS.iter().position(|end| kind.ends_with(end))
        {
            self.0.push((rank, part.trim_start_matches('/').to_owned()));
        }
    }

    fn end(&mut self, _: &str) {}

    fn text(&mut self, _: &str) {}
}

struct Body<'a> {
    sink: &'a mut TextSink,
    /// Inside `w:t`: field codes (`w:instrText`) and deleted text (`w:delText`) have elements of their own.
    in_text: bool,
    /// Depth inside `mc:Fallback`, which repeats a text box for old programs.
    skipped: usize,
}

impl Visitor for Body<'_> {
    fn wants_more(&self) -> bool {
        !self.sink.is_full()
    }

    fn start(&mut self, name: &str, _: &BytesStart<'_>) {
        if self.skipped > 0 || name == "Fallback" {
            self.skipped += 1;
            return;
        }
        match name {
            "t" => self.in_text = true,
            "tab" | "ptab" | "sym" => self.sink.space(),
            "noBreakHyphen" => self.sink.push('-'),
            "tc" => self.sink.cell(),
            "tr" => self.sink.row(),
            // Text boxes stand inside a paragraph.
            "p" | "txbxContent" | "br" | "cr" => self.sink.block(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        match name {
            "t" => self.in_text = false,
            "p" => self.sink.block(),
            "tr" | "tbl" => self.sink.row(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_text && self.skipped == 0 {
            self.sink.push_str(text);
        }
    }
}
