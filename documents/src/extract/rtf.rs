//! RTF 1.9.1: a reader of our own, for text alone.
//!
//! A group nests, a control word acts, everything else is text in the current font's code page. Nothing recurses and
//! the nesting is bounded, so a hostile file costs no more than its length.

use encoding_rs::Encoding;

use super::Unreadable;
use super::hiding::Styles;
use super::rtf_charset::{CodePage, code_page, of_font_charset};
use super::text_sink::TextSink;

/// Groups inside groups; Word stops at far less.
const MAX_DEPTH: usize = 1_000;

const MAX_FONTS: usize = 4_000;

/// Bytes of a drawing property's name that are looked at.
const MAX_PROPERTY_NAME: usize = 32;

/// Destinations whose text is not the document's, though no `\*` says so.
const HIDDEN_DESTINATIONS: [&str; 37] = [
    "annotation",
    "atnauthor",
    "atndate",
    "atnicn",
    "atnid",
    "atnparent",
    "atnref",
    "atntime",
    "author",
    "bkmkend",
    "bkmkstart",
    "category",
    "colortbl",
    "company",
    "datafield",
    "doccomm",
    "filetbl",
    "fldinst",
    "info",
    "keywords",
    "listpicture",
    "listtext",
    "mmathPict",
    "nonesttables",
    "nonshppict",
    "objdata",
    "operator",
    "pntext",
    "rxe",
    "shprslt",
    "subject",
    "tc",
    "tcn",
    "themedata",
    "title",
    "txe",
    "xe",
];

/// Destinations behind `\*` that do hold text of the page.
const SHOWN_DESTINATIONS: [&str; 10] =
    ["do", "fldrslt", "footnote", "moMath", "moMathPara", "result", "shpgrp", "shpinst", "shppict", "shptxt"];

/// Destinations that are lines of their own, written in the middle of the paragraph they belong to: headers, notes and
/// text boxes, those of Word 95 (`\dptxbxtext`) too.
const APART: [&str; 11] = [
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "footnote",
    "shptxt",
    "dptxbxtext",
];

pub(super) fn read(bytes: &[u8], sink: &mut TextSink) -> Result<(), Unreadable> {
    if !is_rtf(bytes) {
        return Err(Unreadable::damaged("no RTF"));
    }
    Reader::new(start(bytes), sink).run()
}

/// Whether the bytes begin as an RTF does.
pub(super) fn is_rtf(bytes: &[u8]) -> bool {
    start(bytes).starts_with(b"{\\rtf")
}

fn start(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start()
}

/// A style's number; paragraphs and characters have lists of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum StyleName {
    Paragraph(i32),
    Character(i32),
    Other,
}

/// The state of a group: inherited by inner groups, restored at the group's end.
#[derive(Clone)]
struct State {
    hidden: bool,
    /// What `hidden` was around a group of which only a part is shown: `\ud` in `\upr`, `\sv` in `\sp`.
    hidden_around: Option<bool>,
    /// In the font table: numbers and charsets are noted.
    font_table: bool,
    /// In the style sheet: the style that is being described.
    described_style: Option<StyleName>,
    /// In the name of a drawing's property.
    in_property_name: bool,
    /// The group, by its depth, that ends a line when it ends.
    apart: usize,
    /// `\v`: text that isn't shown, in a shown destination.
    concealed: Option<bool>,
    paragraph_style_hides: bool,
    character_style_hides: bool,
    /// `\deleted`, `\mvf`: text that a revision took away.
    taken_away: bool,
    /// `\uc`: how many fallback characters follow a `\u`.
    fallbacks: usize,
    page: CodePage,
}

impl State {
    fn new(page: CodePage) -> Self {
        Self {
            hidden: false,
            hidden_around: None,
            font_table: false,
            described_style: None,
            in_property_name: false,
            apart: 0,
            concealed: None,
            paragraph_style_hides: false,
            character_style_hides: false,
            taken_away: false,
            fallbacks: 1,
            page,
        }
    }

    fn hide(&mut self) {
        self.hidden = true;
        self.hidden_around = None;
    }

    /// Hides a group of which a part may be shown.
    fn hide_around(&mut self) {
        self.hidden_around = Some(self.hidden);
        self.hidden = true;
    }

    /// Shows that part, if what is around the group is shown.
    fn show_part(&mut self) {
        self.hidden = self.hidden_around.unwrap_or(self.hidden);
    }

    fn is_shown(&self) -> bool {
        let concealed = self.concealed.unwrap_or(self.paragraph_style_hides != self.character_style_hides);
        !self.hidden && !concealed && !self.taken_away
    }
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
    styles: Styles<StyleName>,
    /// The name of the last drawing property.
    property_name: Vec<u8>,
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
        Self {
            bytes,
            at: 0,
            sink,
            state: State::new(page),
            stack: Vec::new(),
            default_page: page,
            fonts: Vec::new(),
            described_font: 0,
            styles: Styles::default(),
            property_name: Vec::new(),
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
            if self.state.apart != state.apart {
                self.line();
            }
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
                self.state.concealed = None;
                self.state.character_style_hides = false;
                self.state.taken_away = false;
            }
            "pard" => self.paragraph_style(0),
            "f" => self.font(value.unwrap_or(0)),
            "fcharset" if self.state.font_table => {
                if let Some(page) = of_font_charset(value.unwrap_or(0))
                    && self.fonts.len() < MAX_FONTS
                {
                    self.fonts.push((self.described_font, page));
                }
            }
            "v" | "deleted" | "mvf" => self.conceal(name, value != Some(0)),
            "s" | "cs" | "ds" | "ts" | "sbasedon" => self.style(name, value.unwrap_or(0)),
            "fonttbl" => {
                self.state.hide();
                self.state.font_table = true;
            }
            "stylesheet" => {
                self.state.hide();
                self.state.described_style = Some(StyleName::Paragraph(0));
            }
            "upr" | "sp" => self.state.hide_around(),
            "ud" => self.state.show_part(),
            "sn" => {
                self.state.in_property_name = true;
                self.property_name.clear();
            }
            // The text of a WordArt is a property of the shape.
            "sv" if self.property_name == b"gtextUNICODE" => {
                self.state.show_part();
                self.apart();
            }
            // A picture in the line parts the words.
            "pict" => {
                self.symbol(' ');
                self.state.hide();
            }
            _ if HIDDEN_DESTINATIONS.contains(&name) => self.state.hide(),
            // Properties of formulas.
            _ if name.starts_with('m') && name.ends_with("Pr") => self.state.hide(),
            _ if optional && !SHOWN_DESTINATIONS.contains(&name) => self.state.hide(),
            _ if APART.contains(&name) => self.apart(),
            _ => self.text_word(name),
        }
    }

    /// Begins a destination that is a line of its own.
    fn apart(&mut self) {
        self.line();
        self.state.apart = self.stack.len();
    }

    /// `\v` also says in the style sheet what a style does.
    fn conceal(&mut self, name: &str, value: bool) {
        self.flush();
        match self.state.described_style {
            Some(style) if name == "v" => {
                if let Some(style) = self.styles.entry(style) {
                    style.hides = Some(value);
                }
            }
            Some(_) => {}
            None if name == "v" => self.state.concealed = Some(value),
            None => self.state.taken_away = value,
        }
    }

    /// A style: described in the style sheet, used in the text.
    fn style(&mut self, name: &str, number: i32) {
        /// `\sbasedon` of a style without parent.
        const NONE: i32 = 222;
        let style = match name {
            "s" => StyleName::Paragraph(number),
            "cs" => StyleName::Character(number),
            _ => StyleName::Other,
        };
        match self.state.described_style {
            Some(described) if name == "sbasedon" => {
                let parent = match described {
                    StyleName::Paragraph(_) if number != NONE => Some(StyleName::Paragraph(number)),
                    StyleName::Character(_) if number != NONE => Some(StyleName::Character(number)),
                    _ => None,
                };
                if let Some(style) = self.styles.entry(described) {
                    style.parent = parent;
                }
            }
            Some(_) => self.state.described_style = Some(style),
            None if name == "s" => self.paragraph_style(number),
            None if name == "cs" => {
                self.flush();
                self.state.character_style_hides = self.styles.hides(&style).unwrap_or(false);
            }
            None => {}
        }
    }

    fn paragraph_style(&mut self, number: i32) {
        self.flush();
        self.state.paragraph_style_hides = self.styles.hides(&StyleName::Paragraph(number)).unwrap_or(false);
    }

    /// Control words that stand for a character or a break.
    fn text_word(&mut self, name: &str) {
        match name {
            "par" | "line" | "sect" | "page" | "column" | "row" | "nestrow" | "softline" => self.line(),
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

    /// One byte of text, literal or `\'xx`.
    fn byte(&mut self, byte: u8) {
        self.optional = false;
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if self.state.in_property_name {
            if self.property_name.len() < MAX_PROPERTY_NAME {
                self.property_name.push(byte);
            }
        } else if self.state.is_shown() {
            self.pending.push(byte);
        }
    }

    /// A character that a control word names; also counts as one fallback.
    fn symbol(&mut self, character: char) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if self.state.is_shown() {
            self.flush();
            self.sink.push(character);
        }
    }

    fn unicode(&mut self, value: i32) {
        self.flush();
        self.to_skip = self.state.fallbacks;
        // Signed 16 bits by the specification; some writers put the unsigned value.
        if self.state.is_shown() {
            self.sink.push_utf16((value & 0xffff) as u16);
        }
    }

    fn line(&mut self) {
        self.flush();
        self.to_skip = 0;
        if self.state.is_shown() {
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
        assert_eq!(text(rtf), "A BCDlien");
    }

    #[test]
    fn g3_text_boxes_notes_and_alternative_text_are_read() {
        let rtf = r"{\rtf1 A{\shp{\*\shpinst{\sp{\sn x}{\sv y}}{\shptxt bo\'eete}}{\shprslt double}}}";
        assert_eq!(text(rtf), "A\nboîte");
        assert_eq!(text(r"{\rtf1 A{\footnote note}{\upr{ansi}{\*\ud{uni\u233 e}}}}"), "A\nnote\nunié");
    }

    #[test]
    fn g3_names_of_fonts_and_styles_stay_hidden_in_both_their_forms() {
        let rtf = r"{\rtf1{\fonttbl{\f0 {\upr{A;}{\*\ud{B;}}}}}{\stylesheet{\upr{\s1 C;}{\*\ud{\s1 D;}}}}{\upr{\v E}
{\*\ud{\v F}}}
{\v{\upr{G}{\*\ud{H}}}}{\*\inconnu{\upr{I}{\*\ud{J}}}}{\upr k{\*\ud{l{\fonttbl{\*\ud M}}}}}}";
        assert_eq!(text(rtf), "l");
    }

    #[test]
    fn g3_shapes_of_every_time_are_read_once() {
        let word_95 =
            r"{\rtf1\ansi Avant{\*\do\dobxcolumn\dptxbx{\dptxbxtext\pard bo\'eete\par}\dpx0\dpsize600}\par Apr\'e8s}";
        assert_eq!(text(word_95), "Avant\nboîte\nAprès");
        let word = r"{\rtf1 a{\shpgrp{\*\shpinst{\shp{\*\shpinst{\sp{\sn wzDescription}{\sv NON}}{\shptxt b\par}}}}
{\shprslt{\*\do{\dptxbxtext NON}}}} c}";
        assert_eq!(text(word), "a\nb\nc");
        let art = r"{\rtf1 a{\shp{\*\shpinst{\sp{\sn gtextUNICODE}{\sv R\'26D}}{\sp{\sn gtextFont}
{\sv NON}}}}b{\v{\shp{\*\shpinst{\sp{\sn gtextUNICODE}{\sv NON}}}}}}";
        assert_eq!(text(art), "a\nR&D\nb");
        assert_eq!(text(r"{\rtf1 a{\*\shppict{\pict 00}}{\nonshppict{\pict 00}NON}b{\*\footnote c}d}"), "a b\nc\nd");
    }

    #[test]
    fn g3_styles_that_hide_are_followed() {
        let sheet = r"{\stylesheet{\snext0 Normal;}{\s1\v Un;}{\s2\sbasedon1\b Deux;}{\*\cs3\additive\v Trois;}
{\*\cs4\sbasedon3 Quatre;}{\*\cs5\sbasedon3\v0 Cinq;}{\*\ts6\v Six;}{\s7\sbasedon222 Sept;}}";
        let body = r"\pard\s1 A\pard b{\cs3 C}{\cs4 D}{\cs5 e}\s2 F\v0 g\plain H\pard\plain i{\*\cs3 J}
\cs3 K\plain l\s7 m\ts6 n{\s1\cs3 o}{\mvf P}{\deleted Q\plain r}";
        assert_eq!(text(&format!("{{\\rtf1{sheet}{body}}}")), "begilmnor");
    }

    #[test]
    fn g3_marks_of_indexes_and_comments_are_not_read_and_formulas_are() {
        let rtf = r"{\rtf1 a{\xe A{\rxe B}}{\tc C}{\*\atnid D}{\atnauthor E}{\annotation F}
{\field{\fldinst{FORMTEXT {\field{\fldrslt G}}}}{\fldrslt b}}
{\object{\*\objdata 00}{\result c}}{\listtext\'b7}{\mmath{\*\moMath{\mr{\mrPr H}E=m}{\mf{\mfPr{\mtype lin}}}}}
{\mmathPict I}}";
        assert_eq!(text(rtf), "abcE=m");
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
        assert_eq!(text("{\\rtf1 a{\\pict\\bin5 }}}}}}b}"), "a b");
        assert_eq!(text("{\\rtf1 a\\bin999999999 b}"), "a");
        assert_eq!(text("{\\rtf1 a\\bin-5 b\\u99999999999 c\\'zz"), "ab czz");
    }

    #[test]
    fn q8_deep_nesting_is_an_error_not_a_crash() {
        let bomb = format!("{{\\rtf1 {}", "{".repeat(1_000_000));
        assert!(read(bomb.as_bytes(), &mut TextSink::default()).is_err());
    }
}
