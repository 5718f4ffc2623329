//! ODT (ISO/IEC 26300, OpenDocument 1.2 part 1): text of the body, headers, footers and embedded objects.

use std::collections::HashSet;

use quick_xml::events::BytesStart;

use super::Unreadable;
use super::archive::Package;
use super::hiding::{Style, Styles};
use super::text_sink::TextSink;
use super::xml::{self, Visitor};

/// Objects read in one document, those inside objects too.
const MAX_OBJECTS: usize = 200;

/// Objects inside objects.
const MAX_DEPTH: usize = 4;

/// Elements of a paragraph or around one whose content is not shown: deleted text, comments, note marks, programs, what
/// a field asks to type, cells that a wide neighbour covers, and the empty paragraphs that programs put into pictures.
const HIDDEN: [&str; 8] =
    ["tracked-changes", "annotation", "note-citation", "forms", "script", "placeholder", "covered-table-cell", "image"];

/// Shapes and frames (§10.3, §10.4): text inside them is in paragraphs of its own, and what is in none (title,
/// description) is no text of the page.
const DRAWN: [&str; 16] = [
    "frame",
    "g",
    "rect",
    "line",
    "polyline",
    "polygon",
    "regular-polygon",
    "path",
    "circle",
    "ellipse",
    "connector",
    "caption",
    "custom-shape",
    "control",
    "object",
    "plugin",
];

pub(super) fn read(bytes: &[u8], sink: &mut TextSink) -> Result<(), Unreadable> {
    let mut package = Package::open(bytes)?;
    if let Ok(Some(manifest)) = package.part("META-INF/manifest.xml") {
        let mut encryption = Encryption(false);
        xml::walk_what_is_whole(manifest, &mut encryption);
        if encryption.0 {
            return Err(Unreadable::Encrypted);
        }
    }
    let mut document = Document { package, styles: Styles::default(), objects: MAX_OBJECTS, depth: MAX_DEPTH };
    // Headers and footers are page styles. A broken one must not hide the CV.
    document.part("styles.xml", "master-page", sink).unwrap_or_default();
    sink.paragraph();
    match document.part("content.xml", "body", sink) {
        // What stands before a break inside the CV was read.
        Ok(()) => Ok(()),
        Err((true, _)) => {
            sink.leave_out();
            Ok(())
        }
        Err((false, error)) => Err(error),
    }
}

/// Whether the manifest says that parts are encrypted (OpenDocument 1.2 part 3 §3.4).
struct Encryption(bool);

impl Visitor for Encryption {
    fn wants_more(&self) -> bool {
        !self.0
    }

    fn start(&mut self, name: &str, _: &BytesStart<'_>) {
        self.0 |= name == "encryption-data";
    }
}

struct Document<'a> {
    package: Package<'a>,
    /// By family and name; automatic styles of the content take the place of those of headers.
    styles: Styles<(String, String)>,
    objects: usize,
    depth: usize,
}

impl Document<'_> {
    /// Reads the text of one part that is inside `within`. An error says whether some text was found before.
    fn part(&mut self, name: &str, within: &'static str, sink: &mut TextSink) -> Result<(), (bool, Unreadable)> {
        let mut package = self.package.clone();
        let mut hidden = HiddenParagraphs::default();
        if let Ok(Some(part)) = package.part(name) {
            xml::walk_what_is_whole(part, &mut hidden);
        }
        let part = package.part(name).map_err(|error| (false, error))?;
        let part = part.ok_or_else(|| (false, Unreadable::damaged("no such part")))?;
        let mut text = Text::new(self, within, hidden.found, sink);
        let walked = xml::walk(part, &mut text);
        let found = text.found;
        walked.map_err(|error| (found, error))
    }

    /// Reads an object (§10.4.6), at its place; one that is broken costs only itself.
    fn object(&mut self, reference: &str, sink: &mut TextSink) {
        if self.objects == 0 || self.depth == 0 {
            return;
        }
        self.objects -= 1;
        self.depth -= 1;
        let folder = reference.trim_start_matches("./").trim_end_matches('/');
        let styles = self.styles.clone();
        sink.block();
        self.part(&format!("{folder}/content.xml"), "body", sink).unwrap_or_default();
        sink.block();
        self.styles = styles;
        self.depth += 1;
    }
}

/// The paragraphs that a field inside them hides (§7.7.8), counted from the part's start: the field may stand at the
/// paragraph's end.
#[derive(Default)]
struct HiddenParagraphs {
    found: HashSet<usize>,
    count: usize,
    open: Vec<usize>,
}

impl Visitor for HiddenParagraphs {
    fn start(&mut self, name: &str, element: &BytesStart<'_>) {
        match name {
            "p" | "h" => {
                self.open.push(self.count);
                self.count += 1;
            }
            "hidden-paragraph" if is_hidden(element) => self.found.extend(self.open.last()),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if matches!(name, "p" | "h") {
            self.open.pop();
        }
    }
}

/// `text:is-hidden` (§19.807): what the condition came to.
fn is_hidden(element: &BytesStart<'_>) -> bool {
    xml::attribute(element, "is-hidden").is_some_and(|value| value == "true")
}

/// What an open element means for the text inside it.
#[derive(Clone, Copy, Default)]
struct State {
    /// Inside the element whose text is read.
    within: bool,
    /// Whatever is inside isn't shown.
    skipped: bool,
    in_chart: bool,
    /// A style hides the text.
    hidden: bool,
    /// Characters are text: the nearest paragraph is nearer than the nearest drawing.
    in_text: bool,
}

struct Text<'s, 'a> {
    document: &'s mut Document<'a>,
    sink: &'s mut TextSink,
    within: &'static str,
    hidden_paragraphs: HashSet<usize>,
    paragraphs: usize,
    state: State,
    outer: Vec<State>,
    found: bool,
    /// The style that is being described.
    style: Option<(String, String)>,
}

impl<'s, 'a> Text<'s, 'a> {
    fn new(
        document: &'s mut Document<'a>,
        within: &'static str,
        hidden_paragraphs: HashSet<usize>,
        sink: &'s mut TextSink,
    ) -> Self {
        Self {
            document,
            sink,
            within,
            hidden_paragraphs,
            paragraphs: 0,
            state: State::default(),
            outer: Vec::new(),
            found: false,
            style: None,
        }
    }

    /// A style, before the text (§16.2, §16.27.28).
    fn describe(&mut self, name: &str, element: &BytesStart<'_>) {
        match name {
            "style" => {
                let attribute = |name| xml::attribute(element, name);
                let family = attribute("family").unwrap_or_default();
                self.style = attribute("name").map(|name| (family.clone(), name));
                if let Some(style) = self.style.clone().and_then(|style| self.document.styles.entry(style)) {
                    *style = Style { hides: None, parent: attribute("parent-style-name").map(|name| (family, name)) };
                }
            }
            "text-properties" => {
                let hides = xml::attribute(element, "display").map(|value| value == "none");
                if let Some(style) = self.style.clone().and_then(|style| self.document.styles.entry(style)) {
                    style.hides = hides;
                }
            }
            _ => {}
        }
    }

    /// Whether an element keeps its content from being shown: by its kind, as a section or a field whose condition came
    /// to that (§19.802, §19.807), or as a header that is off (§19.488).
    fn is_left_out(&self, name: &str, element: &BytesStart<'_>) -> bool {
        let is = |attribute, value| xml::attribute(element, attribute).is_some_and(|found| found == value);
        HIDDEN.contains(&name)
            || is("display", "none")
            || is("display", "false")
            || (matches!(name, "section" | "hidden-text") && is_hidden(element))
            // A chart's table of numbers is not shown, and its words are.
            || (name == "table-cell" && self.state.in_chart && is("value-type", "float"))
    }

    /// What the style named by the element says of its text.
    fn follow_style(&mut self, family: &str, element: &BytesStart<'_>) {
        if let Some(name) = xml::attribute(element, "style-name")
            && let Some(hides) = self.document.styles.hides(&(family.to_owned(), name))
        {
            self.state.hidden = hides;
        }
    }

    fn begin(&mut self, name: &str, element: &BytesStart<'_>) {
        match name {
            "p" | "h" => {
                self.state.in_text = true;
                self.state.skipped |= self.hidden_paragraphs.contains(&(self.paragraphs - 1));
                self.follow_style("paragraph", element);
                self.sink.block();
            }
            "span" | "a" => self.follow_style("text", element),
            "s" | "tab" => self.sink.space(),
            "line-break" => self.sink.block(),
            "table-cell" => self.sink.cell(),
            "table-row" => self.sink.row(),
            // A formula's letters and numbers (MathML 3 §3.2).
            "mi" | "mn" | "mo" | "mtext" => self.state.in_text = true,
            _ if DRAWN.contains(&name) => self.begin_drawing(name, element),
            _ => {}
        }
    }

    fn begin_drawing(&mut self, name: &str, element: &BytesStart<'_>) {
        self.state.in_text = false;
        // One that stands in the line like a character parts the words.
        if xml::attribute(element, "anchor-type").is_some_and(|anchor| anchor == "as-char") {
            self.sink.space();
        }
        if name == "object"
            && !self.state.hidden
            && let Some(reference) = xml::attribute(element, "href")
        {
            self.document.object(&reference, self.sink);
        }
    }
}

impl Visitor for Text<'_, '_> {
    fn wants_more(&self) -> bool {
        !self.sink.is_full()
    }

    fn start(&mut self, name: &str, element: &BytesStart<'_>) {
        self.outer.push(self.state);
        if matches!(name, "p" | "h") {
            self.paragraphs += 1;
        }
        self.state.within |= name == self.within || name == "math";
        self.state.in_chart |= name == "chart";
        if !self.state.within {
            self.describe(name, element);
        } else if !self.state.skipped {
            self.state.skipped = self.is_left_out(name, element);
            if !self.state.skipped {
                self.begin(name, element);
            }
        }
    }

    fn end(&mut self, name: &str) {
        if name == "style" {
            self.style = None;
        }
        if self.state.within && !self.state.skipped {
            match name {
                "p" | "h" => self.sink.block(),
                "table-row" | "table" => self.sink.row(),
                _ => {}
            }
        }
        self.state = self.outer.pop().unwrap_or_default();
    }

    fn text(&mut self, text: &str) {
        if self.state.within && self.state.in_text && !self.state.skipped && !self.state.hidden {
            self.found |= !text.trim().is_empty();
            self.sink.push_str(text);
        }
    }
}

#[cfg(test)]
#[path = "odt_tests.rs"]
mod tests;
