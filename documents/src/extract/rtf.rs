//! RTF 1.9.1: a reader of our own, for text alone.
//!
//! A group nests, a control word acts, everything else is text in the current font's code page. Nothing recurses and
//! the nesting is bounded, so a hostile file costs no more than its length.

use encoding_rs::Encoding;

use super::Unreadable;
use super::rtf_charset::{CodePage, code_page, of_font_charset};
use super::text_sink::TextSink;

/// Groups inside groups; Word stops at far less.
const MAX_DEPTH: usize = 1_000;

const MAX_FONTS: usize = 4_000;

/// Destinations whose text is not the document's.
const HIDDEN_DESTINATIONS: [&str; 25] = [
    "author",
    "bkmkend",
    "bkmkstart",
    "category",
    "colortbl",
    "company",
    "datafield",
    "doccomm",
    "fldinst",
    "filetbl",
    "info",
    "keywords",
    "listtext",
    "nonesttables",
    "objdata",
    "operator",
    "pict",
    "pntext",
    "shprslt",
    "sp",
    "stylesheet",
    "subject",
    "themedata",
    "title",
    "upr",
];

/// Destinations behind `\*` that do hold text of the page.
const SHOWN_DESTINATIONS: [&str; 5] = ["shpinst", "shptxt", "ud", "footnote", "shppict"];

pub(super) fn read(bytes: &[u8], sink: &mut TextSink) -> Result<(), Unreadable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if !bytes.starts_with(b"{\\rtf") {
        return Err(Unreadable::damaged("no RTF"));
    }
    Reader::new(bytes, sink).run()
}

/// The state of a group: inherited by inner groups, restored at the group's end.
#[derive(Clone)]
struct State {
    hidden: bool,
    /// In the font table: numbers and charsets are noted.
    font_table: bool,
    /// `\v`, `\deleted`: text that isn't shown, in a shown destination.
    concealed: bool,
    /// `\uc`: how many fallback characters follow a `\u`.
    fallbacks: usize,
    page: CodePage,
}

struct Reader<'a, 'b> {
    bytes: &'a [u8],
    at: usize,
    sink: &'b mut TextSink,
    state: State,
    stack: Vec<State>,
    default_page: CodePage,
    /// Font number → code page, where its `\fcharset` says one.
    fonts: Vec<(i32, CodePage)>,
    described_font: i32,
    /// Bytes of text that wait for the end of their run: a character may take two of them.
    pending: Vec<u8>,
    /// Fallback characters still to be passed over.
    to_skip: usize,
    /// The next control word follows `\*`.
    optional: bool,
}

impl<'a, 'b> Reader<'a, 'b> {
    fn new(bytes: &'a [u8], sink: &'b mut TextSink) -> Self {
        let page = code_page(1252);
        let state = State { hidden: false, font_table: false, concealed: false, fallbacks: 1, page };
        Self {
            bytes,
            at: 0,
            sink,
            state,
            stack: Vec::new(),
            default_page: page,
            fonts: Vec::new(),
            described_font: 0,
            pending: Vec::new(),
            to_skip: 0,
            optional: false,
        }
    }

    fn run(mut self) -> Result<(), Unreadable> {
        while let Some(byte) = self.next() {
            if self.sink.is_full() {
                return Ok(());
            }
            match byte {
                b'{' => self.open()?,
                b'}' => {
                    self.close();
                    if self.stack.is_empty() {
                        break;
                    }
                }
                b'\\' => self.control(),
                b'\r' | b'\n' => {}
                _ => self.byte(byte),
            }
        }
        self.flush();
        Ok(())
    }

    fn next(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn open(&mut self) -> Result<(), Unreadable> {
        self.flush();
        self.to_skip = 0;
        if self.stack.len() >= MAX_DEPTH {
            return Err(Unreadable::damaged("groups nested too deep"));
        }
        self.stack.push(self.state.clone());
        Ok(())
    }

    fn close(&mut self) {
        self.flush();
        self.to_skip = 0;
        self.optional = false;
        if let Some(state) = self.stack.pop() {
            self.state = state;
        }
    }

    /// A control symbol or a control word, behind its backslash.
    fn control(&mut self) {
        let Some(byte) = self.next() else { return };
        if byte.is_ascii_alphabetic() {
            return self.control_word(self.at - 1);
        }
        match byte {
            b'\'' => {
                let digits = self.bytes.get(self.at..self.at + 2).and_then(|digits| std::str::from_utf8(digits).ok());
                if let Some(code) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    self.at += 2;
                    self.byte(code);
                }
            }
            b'*' => self.optional = true,
            b'~' => self.symbol('\u{a0}'),
            b'_' => self.symbol('-'),
            b'\\' | b'{' | b'}' => self.byte(byte),
            b'\r' | b'\n' => self.line(),
            // `\-` may hyphenate, `\|` and `\:` belong to indexes and formulas.
            _ => {}
        }
    }

    fn control_word(&mut self, start: usize) {
        let bytes = self.bytes;
        let rest = &bytes[start..];
        let letters = rest.iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let digits_at = letters + usize::from(rest.get(letters) == Some(&b'-'));
        let digits = rest[digits_at..].iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
        let end = if digits > 0 { digits_at + digits } else { letters };
        let name = std::str::from_utf8(&rest[..letters]).unwrap_or_default();
        let value = std::str::from_utf8(&rest[letters..end]).unwrap_or_default().parse::<i32>();
        self.at = start + end + usize::from(rest.get(end) == Some(&b' '));
        self.word(name, value.ok());
    }

    fn word(&mut self, name: &str, value: Option<i32>) {
        let optional = std::mem::take(&mut self.optional);
        match name {
            "bin" => {
                // That many raw bytes follow, with any value.
                let length = usize::try_from(value.unwrap_or(0)).unwrap_or(0);
                self.at = self.at.saturating_add(length).min(self.bytes.len());
                self.to_skip = self.to_skip.saturating_sub(1);
            }
            "u" => self.unicode(value.unwrap_or(0)),
            "uc" => self.state.fallbacks = usize::try_from(value.unwrap_or(1)).unwrap_or(0).min(16),
            "ansi" => self.set_default_page(1252),
            "mac" => self.set_default_page(10_000),
            "pc" => self.set_default_page(437),
            "pca" => self.set_default_page(850),
            "ansicpg" => self.set_default_page(value.unwrap_or(1252)),
            "plain" => {
                self.flush();
                self.state.page = self.default_page;
                self.state.concealed = false;
            }
            "f" => self.font(value.unwrap_or(0)),
            "fcharset" if self.state.font_table => {
                if let Some(page) = of_font_charset(value.unwrap_or(0))
                    && self.fonts.len() < MAX_FONTS
                {
                    self.fonts.push((self.described_font, page));
                }
            }
            "v" | "deleted" => {
                self.flush();
                self.state.concealed = value != Some(0);
            }
            "fonttbl" => {
                self.state.font_table = true;
                self.state.hidden = true;
            }
            "ud" => self.state.hidden = false,
            _ if HIDDEN_DESTINATIONS.contains(&name) => self.state.hidden = true,
            _ if optional => self.state.hidden |= !SHOWN_DESTINATIONS.contains(&name),
            _ => self.text_word(name),
        }
    }

    /// Control words that stand for a character or a break.
    fn text_word(&mut self, name: &str) {
        match name {
            // Headers, notes and text boxes are written in the middle of the paragraph they belong to.
            "par" | "line" | "sect" | "page" | "column" | "row" | "nestrow" | "softline" | "header" | "headerl"
            | "headerr" | "headerf" | "footer" | "footerl" | "footerr" | "footerf" | "footnote" | "shptxt" => {
                self.line();
            }
            "tab" | "cell" | "nestcell" | "emspace" | "enspace" | "qmspace" => self.symbol(' '),
            "emdash" => self.symbol('—'),
            "endash" => self.symbol('–'),
            "lquote" => self.symbol('‘'),
            "rquote" => self.symbol('’'),
            "ldblquote" => self.symbol('“'),
            "rdblquote" => self.symbol('”'),
            "bullet" => self.symbol('•'),
            _ => {}
        }
    }

    fn set_default_page(&mut self, number: i32) {
        self.flush();
        self.default_page = code_page(number);
        self.state.page = self.default_page;
    }

    fn font(&mut self, number: i32) {
        if self.state.font_table {
            self.described_font = number;
            return;
        }
        self.flush();
        let known = self.fonts.iter().find(|(font, _)| *font == number);
        self.state.page = known.map_or(self.default_page, |(_, page)| *page);
    }

    fn is_shown(&self) -> bool {
        !self.state.hidden && !self.state.concealed
    }

    /// One byte of text, literal or `\'xx`.
    fn byte(&mut self, byte: u8) {
        self.optional = false;
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if self.is_shown() {
            self.pending.push(byte);
        }
    }

    /// A character that a control word names; also counts as one fallback.
    fn symbol(&mut self, character: char) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if self.is_shown() {
            self.flush();
            self.sink.push(character);
        }
    }

    fn unicode(&mut self, value: i32) {
        self.flush();
        self.to_skip = self.state.fallbacks;
        // Signed 16 bits by the specification; some writers put the unsigned value.
        if self.is_shown() {
            self.sink.push_utf16((value & 0xffff) as u16);
        }
    }

    fn line(&mut self) {
        self.flush();
        self.to_skip = 0;
        if self.is_shown() {
            self.sink.block();
        }
    }

    /// Decodes the run that has just ended.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        match self.state.page {
            CodePage::Table(high) => {
                for byte in &self.pending {
                    self.sink.push(match byte {
                        0..=0x7f => char::from(*byte),
                        _ => high[usize::from(byte - 0x80)],
                    });
                }
            }
            CodePage::Encoding(encoding) => {
                let encoding: &'static Encoding = encoding;
                self.sink.push_str(&encoding.decode_without_bom_handling(&self.pending).0);
            }
        }
        self.pending.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::super::text_of;
    use super::*;
    use crate::format::Format;

    fn text(rtf: &str) -> String {
        text_of(Format::Rtf, rtf.as_bytes())
    }

    #[test]
    fn g3_bytes_follow_the_code_page() {
        assert_eq!(text(r"{\rtf1\ansi\ansicpg1252 L\'92\'9cuvre \'e0 5 \'80}"), "L’œuvre à 5 €");
        assert_eq!(text(r"{\rtf1\mac \'8et\'8e}"), "été");
        assert_eq!(text(r"{\rtf1\pca \'82t\'82 \'85}"), "été à");
        assert_eq!(text(r"{\rtf1\pc \'82t\'82}"), "été");
        assert_eq!(text(r"{\rtf1\ansi{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}\f1\'cf\f0\'e9}"), "Пé");
        assert_eq!(text(r"{\rtf1\ansi{\fonttbl{\f3\fcharset128 M;}}\f3\'93\'fa\'96\'7b}"), "日本");
    }

    #[test]
    fn g3_unicode_passes_over_its_fallback() {
        assert_eq!(text(r"{\rtf1\ansi l\u8217\'92\u339?uvre {\uc0\u233 t\u233 }{\uc2\u8364 EUx}}"), "l’œuvre été€x");
        assert_eq!(text(r"{\rtf1 \u-10179 ?\u-8704 ?}"), "😀");
    }

    #[test]
    fn g3_destinations_and_hidden_text_are_passed_over() {
        let rtf = r"{\rtf1{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}{\stylesheet{\s1 Titre;}}{\info{\title Secret}}{\*\generator X;}
A{\pict\wmetafile8 0a0b}B{\*\inconnu caché}C{\v invisible}D{\field{\*\fldinst HYPERLINK x}{\fldrslt lien}}}";
        assert_eq!(text(rtf), "ABCDlien");
    }

    #[test]
    fn g3_text_boxes_notes_and_alternative_text_are_read() {
        let rtf = r"{\rtf1 A{\shp{\*\shpinst{\sp{\sn x}{\sv y}}{\shptxt bo\'eete}}{\shprslt double}}}";
        assert_eq!(text(rtf), "A\nboîte");
        assert_eq!(text(r"{\rtf1 A{\footnote note}{\upr{ansi}{\*\ud{uni\u233 e}}}}"), "A\nnoteunié");
    }

    #[test]
    fn g3_breaks_cells_and_symbols() {
        assert_eq!(
            text("{\\rtf1 a\\par b\\line c\\tab d\\cell e\\row f\\~g\\_h\\-i \\{\\}\\\\\\\nj\\emdash\\bullet}"),
            "a\nb\nc d e\nf g-hi {}\\\nj—•"
        );
    }

    #[test]
    fn q8_binary_runs_are_passed_over_and_lengths_bounded() {
        assert_eq!(text("{\\rtf1 a{\\pict\\bin5 }}}}}}b}"), "ab");
        assert_eq!(text("{\\rtf1 a\\bin999999999 b}"), "a");
        assert_eq!(text("{\\rtf1 a\\bin-5 b\\u99999999999 c\\'zz"), "ab czz");
    }

    #[test]
    fn q8_deep_nesting_is_an_error_not_a_crash() {
        let bomb = format!("{{\\rtf1 {}", "{".repeat(1_000_000));
        assert!(read(bomb.as_bytes(), &mut TextSink::default()).is_err());
    }
}
