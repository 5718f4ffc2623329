//! DOCX (ECMA-376 part 1 §17, WordprocessingML): text of the main part, headers, footers, notes, and of what they bring
//! in: imported chunks, diagrams, charts.

use std::collections::HashMap;
use std::io::Read;

use quick_xml::events::BytesStart;

use super::archive::Package;
use super::hiding::{Fields, Styles};
use super::relations::Relations;
use super::text_sink::TextSink;
use super::xml::{self, Visitor};
use super::{MAX_INPUT_BYTES, Unreadable, decode, html, mime, rtf, txt};

/// Kinds of parts that hold visible text, by the end of their content type, in the order they are read.
const KINDS: [&str; 5] = [".header+xml", MAIN_KIND, ".footnotes+xml", ".endnotes+xml", ".footer+xml"];

const MAIN_KIND: &str = ".main+xml";

/// Where Word puts the main part, for packages that don't say.
const USUAL_MAIN_PART: &str = "word/document.xml";

/// The blocks that Word offers for insertion (§12.3.9) have headers and notes of their own, and no page.
const GLOSSARY_FOLDER: &str = "/glossary/";

/// More parts than a document with a hundred sections has.
const MAX_PARTS: usize = 2_000;

/// Parts brought in by references, in one document with all that it brings in.
const MAX_INCLUDED: usize = 200;

/// Documents inside documents.
const MAX_DEPTH: usize = 4;

pub(super) fn read(bytes: &[u8], sink: &mut TextSink) -> Result<(), Unreadable> {
    // A password turns a DOCX into an OLE2 file ([MS-OFFCRYPTO] §2.3.4).
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(Unreadable::Encrypted);
    }
    Document::open(bytes, Allowance { parts: MAX_INCLUDED, depth: MAX_DEPTH })?.read(sink)
}

/// What may still be brought in.
#[derive(Clone, Copy)]
struct Allowance {
    parts: usize,
    depth: usize,
}

struct Document<'a> {
    package: Package<'a>,
    types: ContentTypes,
    styles: StyleSheet,
    allowance: Allowance,
}

impl<'a> Document<'a> {
    fn open(bytes: &'a [u8], allowance: Allowance) -> Result<Self, Unreadable> {
        let mut package = Package::open(bytes)?;
        let mut types = ContentTypes::default();
        if let Ok(Some(part)) = package.part("[Content_Types].xml") {
            xml::walk_what_is_whole(part, &mut types);
        }
        Ok(Self { package, types, styles: StyleSheet::default(), allowance })
    }

    fn read(&mut self, sink: &mut TextSink) -> Result<(), Unreadable> {
        let main = self.main_part();
        let styles = Relations::of(&mut self.package, &main).first("/styles").map(str::to_owned);
        if let Ok(Some(part)) = self.package.part(styles.as_deref().unwrap_or("word/styles.xml")) {
            xml::walk_what_is_whole(part, &mut self.styles);
        }
        let mut outcome = Err(Unreadable::damaged("no main part"));
        for name in self.parts_with_text(&main) {
            let read = self.part(&name, sink);
            // A broken header must not hide the CV, and a break inside the CV not what stands before.
            if name == main {
                outcome = match read {
                    Ok(()) => Ok(()),
                    Err((true, _)) => {
                        sink.leave_out();
                        Ok(())
                    }
                    Err((false, error)) => Err(error),
                };
            }
        }
        outcome
    }

    /// By the package's relationships (§11.3.10), else by the content types.
    fn main_part(&mut self) -> String {
        let related = Relations::of(&mut self.package, "").first("/officeDocument").map(str::to_owned);
        let typed = self.types.parts.iter().find(|(_, kind)| kind.ends_with(MAIN_KIND)).map(|(name, _)| name.clone());
        let named = [related, Some(USUAL_MAIN_PART.to_owned()), typed];
        named.into_iter().flatten().find(|name| self.package.has(name)).unwrap_or_default()
    }

    fn parts_with_text(&self, main: &str) -> Vec<String> {
        let rank = |kind: &str| KINDS.iter().position(|end| kind.ends_with(end));
        let mut parts: Vec<(usize, &str)> = self
            .types
            .parts
            .iter()
            .filter(|(name, kind)| kind.contains("wordprocessingml") && !name.contains(GLOSSARY_FOLDER))
            .filter_map(|(name, kind)| Some((rank(kind)?, name.as_str())))
            .filter(|(rank, _)| KINDS[*rank] != MAIN_KIND)
            .collect();
        parts.extend(rank(MAIN_KIND).map(|rank| (rank, main)));
        parts.sort_unstable();
        parts.dedup();
        parts.into_iter().map(|(_, name)| name.to_owned()).collect()
    }

    /// Reads one XML part. An error says whether some text was found before.
    fn part(&mut self, name: &str, sink: &mut TextSink) -> Result<(), (bool, Unreadable)> {
        let mut package = self.package.clone();
        let part = package.part(name).map_err(|error| (false, error))?;
        let part = part.ok_or_else(|| (false, Unreadable::damaged("no such part")))?;
        let relations = Relations::of(&mut self.package, name);
        let mut body = Body::new(self, relations, sink);
        let walked = xml::walk(part, &mut body);
        let found = body.found;
        sink.paragraph();
        walked.map_err(|error| (found, error))
    }

    /// Reads a part that a reference brings in, at the reference's place; one that is broken costs only itself.
    fn include(&mut self, relations: &Relations, id: &str, what: Include, sink: &mut TextSink) {
        let Some(name) = relations.target(id) else { return };
        if self.allowance.parts == 0 || self.allowance.depth == 0 {
            return;
        }
        self.allowance.parts -= 1;
        self.allowance.depth -= 1;
        sink.paragraph();
        match what {
            Include::Drawing => self.part(name, sink).unwrap_or_default(),
            Include::Chunk => self.chunk(name, sink).unwrap_or_default(),
        }
        sink.paragraph();
        self.allowance.depth += 1;
    }

    /// A file of another format, or a whole document (§17.17.2.1).
    fn chunk(&mut self, name: &str, sink: &mut TextSink) -> Result<(), Unreadable> {
        let mut package = self.package.clone();
        let Some(part) = package.part(name)? else { return Ok(()) };
        let mut bytes = Vec::new();
        if let Err(error) = part.take(MAX_INPUT_BYTES).read_to_end(&mut bytes)
            && bytes.is_empty()
        {
            return Err(Unreadable::damaged(error));
        }
        let kind = self.types.of(name);
        if bytes.starts_with(b"PK") {
            let mut document = Document::open(&bytes, self.allowance)?;
            let read = document.read(sink);
            self.allowance.parts = document.allowance.parts;
            return read;
        }
        if rtf::is_rtf(&bytes) {
            return rtf::read(&bytes, sink);
        }
        if mime::is_message(&bytes) || kind.contains("message/") || kind.contains("multipart/") {
            match mime::shown(&bytes) {
                Some(page) if page.is_html => html::read_declared(&page.content, page.charset, sink),
                Some(page) => sink.push_str(&decode::decode(&page.content, page.charset)),
                None => {}
            }
        } else if kind.contains("text/plain") || name.to_ascii_lowercase().ends_with(".txt") {
            txt::read(&bytes, sink);
        } else {
            html::read(&bytes, sink);
        }
        Ok(())
    }
}

/// What a reference brings in: DrawingML in XML, or a chunk of whatever format.
#[derive(Clone, Copy)]
enum Include {
    Drawing,
    Chunk,
}

/// What the parts are (ECMA-376 part 2 §7.2.3).
#[derive(Default)]
struct ContentTypes {
    parts: Vec<(String, String)>,
    extensions: HashMap<String, String>,
}

impl ContentTypes {
    fn of(&self, name: &str) -> &str {
        let own = self.parts.iter().find(|(part, _)| part.eq_ignore_ascii_case(name)).map(|(_, kind)| kind);
        let extension = || self.extensions.get(&name.rsplit_once('.')?.1.to_ascii_lowercase());
        own.or_else(extension).map_or("", String::as_str)
    }
}

impl Visitor for ContentTypes {
    fn wants_more(&self) -> bool {
        self.parts.len() + self.extensions.len() < MAX_PARTS
    }

    fn start(&mut self, name: &str, element: &BytesStart<'_>) {
        let attribute = |name| xml::attribute(element, name);
        match (name, attribute("PartName"), attribute("Extension"), attribute("ContentType")) {
            ("Override", Some(part), _, Some(kind)) => {
                self.parts.push((part.trim_start_matches('/').to_owned(), kind));
            }
            ("Default", _, Some(extension), Some(kind)) => {
                self.extensions.insert(extension.to_ascii_lowercase(), kind);
            }
            _ => {}
        }
    }
}

/// The styles, as far as they hide text (§17.7).
#[derive(Default)]
struct StyleSheet {
    styles: Styles<String>,
    /// The paragraph style of paragraphs that name none.
    default: Option<String>,
    open: Option<String>,
    /// Depth inside what a table style says of some of its cells only.
    conditional: usize,
}

impl StyleSheet {
    fn hides(&self, style: &str) -> bool {
        self.styles.hides(&style.to_owned()).unwrap_or(false)
    }
}

impl Visitor for StyleSheet {
    fn start(&mut self, name: &str, element: &BytesStart<'_>) {
        let open = self.open.clone().and_then(|open| self.styles.entry(open));
        match (name, open) {
            ("style", _) => {
                self.open = xml::attribute(element, "styleId");
                let is_paragraphs = xml::attribute(element, "type").is_none_or(|kind| kind == "paragraph");
                if is_paragraphs && xml::attribute(element, "default").is_some_and(|value| is_on(&value)) {
                    self.default.clone_from(&self.open);
                }
            }
            ("tblStylePr", _) => self.conditional += 1,
            ("basedOn", Some(style)) => style.parent = xml::attribute(element, "val"),
            ("vanish", Some(style)) if self.conditional == 0 => style.hides = Some(switched_on(element)),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "style" => self.open = None,
            "tblStylePr" => self.conditional = self.conditional.saturating_sub(1),
            _ => {}
        }
    }
}

/// A value of ST_OnOff (ECMA-376 part 1 §22.9.2.7).
fn is_on(value: &str) -> bool {
    !matches!(value, "0" | "false" | "off")
}

/// A property that is on unless it says otherwise.
fn switched_on(element: &BytesStart<'_>) -> bool {
    xml::attribute(element, "val").is_none_or(|value| is_on(&value))
}

/// A run of text: what hides it.
#[derive(Default, Clone, Copy)]
struct Run {
    /// Inside a run that is hidden: a text box, for one.
    inherited: bool,
    direct: Option<bool>,
    style: bool,
    /// The paragraph's style; two styles that both hide cancel each other (§17.7.3).
    paragraph: bool,
}

impl Run {
    fn is_hidden(self) -> bool {
        self.inherited || self.direct.unwrap_or(self.style != self.paragraph)
    }
}

/// Reads WordprocessingML, and the DrawingML of diagrams and charts, whose elements of text bear the same names.
struct Body<'s, 'a> {
    document: &'s mut Document<'a>,
    relations: Relations,
    sink: &'s mut TextSink,
    found: bool,
    /// Inside `t`: field codes (`w:instrText`) and deleted text (`w:delText`) have elements of their own.
    in_text: bool,
    /// Depth inside what isn't shown.
    skipped: usize,
    /// The open `mc:AlternateContent`: whether a branch was taken.
    alternatives: Vec<bool>,
    /// The open paragraphs, text boxes being paragraphs inside paragraphs: whether their style hides text.
    paragraphs: Vec<bool>,
    runs: Vec<Run>,
    /// The next element may be the run's properties; the open one is.
    before_properties: bool,
    in_properties: bool,
    fields: Fields,
    /// The open content control shows what to type into it.
    prompt: bool,
    /// A chart: depth inside strings kept from its table; its categories were read.
    strings: usize,
    categories: bool,
}

impl<'s, 'a> Body<'s, 'a> {
    fn new(document: &'s mut Document<'a>, relations: Relations, sink: &'s mut TextSink) -> Self {
        Self {
            document,
            relations,
            sink,
            found: false,
            in_text: false,
            skipped: 0,
            alternatives: Vec::new(),
            paragraphs: Vec::new(),
            runs: Vec::new(),
            before_properties: false,
            in_properties: false,
            fields: Fields::default(),
            prompt: false,
            strings: 0,
            categories: false,
        }
    }

    fn is_shown(&self) -> bool {
        self.skipped == 0 && !self.runs.last().is_some_and(|run| run.is_hidden()) && !self.fields.in_code_of_another()
    }

    /// Elements whose content is no text of the page: revisions taken away (§17.13.5), branches of which one counts
    /// (part 3 §9.3), what a control asks to type (§17.5.2.39), properties before a revision.
    fn is_left_out(&mut self, name: &str) -> bool {
        match name {
            "del" | "moveFrom" => true,
            "Choice" => self.alternatives.last_mut().is_some_and(|taken| std::mem::replace(taken, true)),
            "Fallback" => self.alternatives.last().is_some_and(|taken| *taken),
            "sdtContent" => std::mem::take(&mut self.prompt),
            // A chart repeats its categories for each of its series.
            "cat" => std::mem::replace(&mut self.categories, true),
            _ => name.ends_with("PrChange"),
        }
    }

    fn begin_paragraph(&mut self) {
        let styles = &self.document.styles;
        self.paragraphs.push(styles.default.as_deref().is_some_and(|style| styles.hides(style)));
        self.sink.block();
    }

    fn begin_run(&mut self) {
        let inherited = self.runs.last().is_some_and(|run| run.is_hidden());
        let paragraph = self.paragraphs.last().copied().unwrap_or(false);
        self.runs.push(Run { inherited, paragraph, ..Run::default() });
    }

    /// §17.3.2: properties of the run that is open.
    fn property(&mut self, name: &str, element: &BytesStart<'_>) {
        let Some(run) = self.runs.last_mut() else { return };
        match name {
            "vanish" => run.direct = Some(switched_on(element)),
            "rStyle" => {
                run.style = xml::attribute(element, "val").is_some_and(|style| self.document.styles.hides(&style));
            }
            _ => {}
        }
    }

    fn field(&mut self, element: &BytesStart<'_>) {
        match xml::attribute(element, "fldCharType").as_deref() {
            Some("begin") => self.fields.begin(),
            Some("separate") => self.fields.separate(),
            Some("end") => self.fields.end(),
            _ => {}
        }
    }

    fn include(&mut self, element: &BytesStart<'_>, id: &str, what: Include) {
        if self.is_shown()
            && let Some(id) = xml::attribute(element, id)
        {
            self.document.include(&self.relations, &id, what, self.sink);
        }
    }

    fn push(&mut self, text: &str) {
        if self.is_shown() {
            self.found |= !text.trim().is_empty();
            self.sink.push_str(text);
        }
    }
}

impl Visitor for Body<'_, '_> {
    fn wants_more(&self) -> bool {
        !self.sink.is_full()
    }

    fn start(&mut self, name: &str, element: &BytesStart<'_>) {
        if self.skipped > 0 || self.is_left_out(name) {
            self.skipped += 1;
            return;
        }
        let before_properties = std::mem::replace(&mut self.before_properties, name == "r");
        match name {
            "t" => self.in_text = true,
            "v" => self.in_text = self.strings > 0,
            "strCache" | "strLit" => self.strings += 1,
            "tab" | "ptab" | "sym" | "inline" => self.sink.space(),
            "noBreakHyphen" => self.push("-"),
            "tc" => self.sink.cell(),
            "tr" => self.sink.row(),
            "p" => self.begin_paragraph(),
            // Text boxes stand inside a paragraph.
            "txbxContent" | "br" | "cr" => self.sink.block(),
            "pt" if self.strings > 0 => self.sink.block(),
            "r" => self.begin_run(),
            "rPr" => self.in_properties = before_properties,
            "vanish" | "rStyle" if self.in_properties => self.property(name, element),
            "pStyle" => {
                if let (Some(hides), Some(style)) = (self.paragraphs.last_mut(), xml::attribute(element, "val")) {
                    *hides = self.document.styles.hides(&style);
                }
            }
            "fldChar" => self.field(element),
            "AlternateContent" => self.alternatives.push(false),
            "sdt" => self.prompt = false,
            "showingPlcHdr" => self.prompt = switched_on(element),
            // WordArt of the time of VML (part 4 §19.1.2.23).
            "textpath" => {
                self.sink.block();
                self.push(&xml::attribute(element, "string").unwrap_or_default());
                self.sink.block();
            }
            "altChunk" => self.include(element, "id", Include::Chunk),
            "relIds" => self.include(element, "dm", Include::Drawing),
            "chart" => self.include(element, "id", Include::Drawing),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        match name {
            "t" | "v" => self.in_text = false,
            "strCache" | "strLit" => self.strings = self.strings.saturating_sub(1),
            "p" => {
                self.paragraphs.pop();
                self.sink.block();
            }
            "txbxContent" => self.sink.block(),
            "r" => {
                self.runs.pop();
            }
            // Formulas have properties of two kinds (§22.1.2.87).
            "rPr" => self.before_properties = std::mem::take(&mut self.in_properties),
            "AlternateContent" => {
                self.alternatives.pop();
            }
            "tr" | "tbl" => self.sink.row(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_text {
            self.push(text);
        }
    }
}

#[cfg(test)]
#[path = "docx_tests.rs"]
mod tests;
