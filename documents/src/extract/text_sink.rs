//! Where extractors put the text they find: it is normalised and bounded, and says whether it was cut.

use unicode_normalization::UnicodeNormalization;

/// Most text kept of one file, in bytes of UTF-8: about 500 pages, far beyond any CV, and within what the index can
/// hold.
pub const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// Pages without text that are named at most: no more are recognised.
pub const PICTURES_MAX: usize = 10;

/// A gap between words, the widest one asked for since the last character.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

/// Collects text: runs of white space become one space, line breaks one line break, empty lines one empty line; control
/// characters and invisible marks are removed; typographic ligatures are split so that a search finds the word.
#[derive(Debug, Default)]
pub struct TextSink {
    text: String,
    gap: Gap,
    cut: bool,
    /// The file holds more text than could be read of it.
    left_out: bool,
    /// Pages, by their numbers, that show pictures and no text.
    pictures: Vec<u32>,
    /// A high surrogate that waits for its other half (RTF, UTF-16).
    surrogate: Option<u16>,
    /// The last character was a carriage return: a line feed after it belongs to the same line end.
    after_return: bool,
    /// Nothing visible came since the cell began, since the row began.
    at_cell_start: bool,
    at_row_start: bool,
}

impl TextSink {
    /// Whether the bound is reached: further text is dropped, and an extractor may stop.
    pub fn is_full(&self) -> bool {
        self.cut
    }

    /// Says that a part of the file could not be read.
    pub fn leave_out(&mut self) {
        self.left_out = true;
    }

    /// Says that a page shows pictures and no text.
    pub fn picture_page(&mut self, number: u32) {
        if self.pictures.len() < PICTURES_MAX {
            self.pictures.push(number);
        }
    }

    pub fn pictures(&self) -> &[u32] {
        &self.pictures
    }

    /// Bytes of text so far.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Adds text; its white space and line ends count as such.
    pub fn push_str(&mut self, text: &str) {
        for character in text.chars() {
            if self.cut {
                return;
            }
            self.push(character);
        }
    }

    pub fn push(&mut self, character: char) {
        let after_return = std::mem::replace(&mut self.after_return, character == '\r');
        match character {
            '\n' if after_return => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' => self.line(),
            '\u{2029}' => self.paragraph(),
            // Symbol fonts put bullets into the private use area.
            '\u{e000}'..='\u{f8ff}' | '\u{fffd}' | '\u{fffc}' => self.space(),
            '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' => {}
            '\u{fb00}' => self.visible("ff"),
            '\u{fb01}' => self.visible("fi"),
            '\u{fb02}' => self.visible("fl"),
            '\u{fb03}' => self.visible("ffi"),
            '\u{fb04}' => self.visible("ffl"),
            '\u{fb05}' | '\u{fb06}' => self.visible("st"),
            _ if character.is_whitespace() => self.space(),
            _ if character.is_control() => {}
            _ => self.visible(character.encode_utf8(&mut [0; 4])),
        }
    }

    /// Adds one unit of UTF-16; a surrogate without its other half is dropped.
    pub fn push_utf16(&mut self, unit: u16) {
        let high = self.surrogate.take();
        match (high, unit) {
            (_, 0xd800..=0xdbff) => self.surrogate = Some(unit),
            (Some(high), 0xdc00..=0xdfff) => {
                for character in char::decode_utf16([high, unit]).flatten() {
                    self.push(character);
                }
            }
            _ => {
                if let Some(character) = char::from_u32(u32::from(unit)) {
                    self.push(character);
                }
            }
        }
    }

    pub fn space(&mut self) {
        self.gap = self.gap.max(Gap::Space);
    }

    pub fn line(&mut self) {
        self.widen(if self.gap >= Gap::Line { Gap::Paragraph } else { Gap::Line });
    }

    /// Ends a line; several calls in a row end it once (a block may end inside a block).
    pub fn block(&mut self) {
        self.widen(Gap::Line);
    }

    pub fn paragraph(&mut self) {
        self.widen(Gap::Paragraph);
    }

    /// Begins a table's cell: it stays on its row's line, whatever blocks end or begin around its start.
    pub fn cell(&mut self) {
        if !self.at_row_start {
            self.gap = Gap::Space;
        }
        self.at_cell_start = true;
    }

    /// Begins or ends a table's row.
    pub fn row(&mut self) {
        self.at_cell_start = false;
        self.at_row_start = true;
        self.widen(Gap::Line);
    }

    fn widen(&mut self, gap: Gap) {
        self.gap = self.gap.max(if self.at_cell_start { Gap::Space } else { gap });
    }

    fn visible(&mut self, text: &str) {
        let gap = if self.text.is_empty() { "" } else { self.gap.text() };
        if self.cut || self.text.len() + gap.len() + text.len() > MAX_TEXT_BYTES {
            self.cut = true;
            return;
        }
        self.text.push_str(gap);
        self.text.push_str(text);
        self.gap = Gap::None;
        self.at_cell_start = false;
        self.at_row_start = false;
    }

    /// The text in NFC, and whether the file holds more: it was cut, or a part could not be read.
    pub fn finish(self) -> (String, bool) {
        let mut text: String = self.text.nfc().collect();
        let mut cut = self.cut || self.left_out;
        // NFC lengthens a few rare characters.
        if text.len() > MAX_TEXT_BYTES {
            text.truncate(text.floor_char_boundary(MAX_TEXT_BYTES));
            cut = true;
        }
        (text, cut)
    }
}

impl Gap {
    fn text(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Space => " ",
            Self::Line => "\n",
            Self::Paragraph => "\n\n",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(text: &str) -> String {
        let mut sink = TextSink::default();
        sink.push_str(text);
        sink.finish().0
    }

    #[test]
    fn g3_white_space_is_collapsed_and_lines_are_kept() {
        assert_eq!(normalised("a\r\nb\rc\r\n\r\nd"), "a\nb\nc\n\nd");
        assert_eq!(normalised("  un \t\u{a0}\u{202f} deux  \n  trois\r\n\n\n\nquatre \n"), "un deux\ntrois\n\nquatre");
    }

    #[test]
    fn g3_invisible_characters_do_not_split_words() {
        assert_eq!(normalised("pré\u{ad}ven\u{200b}tion\0\u{7}\u{202e}"), "prévention");
        assert_eq!(normalised("e\u{301}te\u{301} \u{f0b7}\u{fb01}che"), "été fiche");
    }

    #[test]
    fn g3_utf16_halves_are_joined_and_lone_ones_dropped() {
        let mut sink = TextSink::default();
        for unit in [0xd83d, 0xde00, 0xd83d, u16::from(b'a'), 0xdc00] {
            sink.push_utf16(unit);
        }
        assert_eq!(sink.finish().0, "😀a");
    }

    #[test]
    fn g3_cells_stay_on_the_line_of_their_row() {
        let mut sink = TextSink::default();
        for row in [["a", "b\nc"], ["", "d"]] {
            sink.row();
            for cell in row {
                sink.cell();
                sink.paragraph();
                sink.push_str(cell);
                sink.block();
            }
        }
        sink.row();
        sink.paragraph();
        sink.push_str("e");
        assert_eq!(sink.finish().0, "a b\nc\nd\n\ne");
    }

    #[test]
    fn q8_text_is_bounded_and_says_so() {
        let mut sink = TextSink::default();
        for _ in 0..MAX_TEXT_BYTES {
            sink.push_str("é ");
        }
        assert!(sink.is_full());
        let (text, cut) = sink.finish();
        assert!(cut && text.len() <= MAX_TEXT_BYTES && text.len() > MAX_TEXT_BYTES - 4);
    }
}
