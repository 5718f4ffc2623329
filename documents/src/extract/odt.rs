//! ODT (ISO/IEC 26300, OpenDocument 1.2 §5, §6): text of the body, headers and footers.

use quick_xml::events::BytesStart;

use super::Unreadable;
use super::archive::Package;
use super::text_sink::TextSink;
use super::xml::{self, Visitor};

pub(super) fn read(bytes: &[u8], sink: &mut TextSink) -> Result<(), Unreadable> {
    let mut package = Package::open(bytes)?;
    if let Some(manifest) = package.part("META-INF/manifest.xml")? {
        let mut encryption = Encryption(false);
        xml::walk(manifest, &mut encryption)?;
        if encryption.0 {
            return Err(Unreadable::Encrypted);
        }
    }
    // Headers and footers are page styles.
    if let Some(styles) = package.part("styles.xml")? {
        // A broken header must not hide the CV.
        if xml::walk(styles, &mut Text::within("master-page", sink)).is_err() {
            sink.paragraph();
        }
    }
    sink.paragraph();
    let content = package.part("content.xml")?.ok_or_else(|| Unreadable::damaged("no content.xml"))?;
    xml::walk(content, &mut Text::within("body", sink))
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

    fn end(&mut self, _: &str) {}

    fn text(&mut self, _: &str) {}
}

struct Text<'a> {
    within: &'static str,
    /// Depth inside the element whose text is read, and inside paragraphs.
    inside: usize,
    paragraphs: usize,
    /// Depth inside elements that aren't shown: deleted text, comments, note numbers.
    skipped: usize,
    sink: &'a mut TextSink,
}

impl<'a> Text<'a> {
    fn within(within: &'static str, sink: &'a mut TextSink) -> Self {
        Self { within, inside: 0, paragraphs: 0, skipped: 0, sink }
    }
}

impl Visitor for Text<'_> {
    fn wants_more(&self) -> bool {
        !self.sink.is_full()
    }

    fn start(&mut self, name: &str, _: &BytesStart<'_>) {
        if name == self.within {
            self.inside += 1;
        }
        if self.inside == 0 {
            return;
        }
        if self.skipped > 0 || matches!(name, "tracked-changes" | "annotation" | "note-citation" | "forms") {
            self.skipped += 1;
            return;
        }
        match name {
            "p" | "h" => {
                self.paragraphs += 1;
                self.sink.block();
            }
            "s" | "tab" => self.sink.space(),
            "line-break" => self.sink.block(),
            "table-cell" => self.sink.cell(),
            "table-row" => self.sink.row(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if self.inside == 0 {
            return;
        }
        if self.skipped > 0 {
            self.skipped -= 1;
        } else if matches!(name, "p" | "h") {
            self.paragraphs = self.paragraphs.saturating_sub(1);
            self.sink.block();
        } else if matches!(name, "table-row" | "table") {
            self.sink.row();
        }
        if name == self.within {
            self.inside -= 1;
        }
    }

    fn text(&mut self, text: &str) {
        if self.paragraphs > 0 && self.skipped == 0 {
            self.sink.push_str(text);
        }
    }
}
