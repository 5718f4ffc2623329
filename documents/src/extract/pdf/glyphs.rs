//! Which characters the names of glyphs stand for, and the encodings that fonts bring with them (ISO 32000-1 §9.6.6; Adobe
//! Glyph List Specification).

use std::collections::HashMap;

use lopdf::{Dictionary, Document, Encoding, Object};
use ttf_parser::{RawFace, Tag, cff, cmap, post};

use super::lexer::{Lexer, Token};

/// What each code of a simple font stands for.
pub(super) type Table = Vec<Option<String>>;

pub(super) const CODES: usize = 256;

/// One of the encodings that have a name; none for another name.
pub(super) fn named(document: &Document, name: &[u8]) -> Option<Table> {
    let known = [b"StandardEncoding".as_slice(), b"MacRomanEncoding", b"MacExpertEncoding", b"WinAnsiEncoding"];
    if !known.contains(&name) {
        return None;
    }
    let font = font_with(Object::Name(name.to_vec()));
    let encoding = font.get_font_encoding(document).ok()?;
    Some((0..=255).map(|code| encoding.bytes_to_string(&[code]).ok().filter(|text| !text.is_empty())).collect())
}

fn font_with(encoding: Object) -> Dictionary {
    let mut font = Dictionary::new();
    font.set("Type", "Font");
    font.set("Encoding", encoding);
    font
}

/// The characters of a glyph of that name; none when the name says nothing.
pub(super) fn character(document: &Document, name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    // « a.sc », « f_i.alt »: what stands behind the dot is about the form.
    let (name, _) = name.split_once('.').unwrap_or((name, ""));
    let parts: Option<Vec<String>> = name.split('_').map(|part| of_part(document, part)).collect();
    parts.map(|parts| parts.concat()).filter(|text| !text.is_empty())
}

fn of_part(document: &Document, name: &str) -> Option<String> {
    if let Some(letter) = name.strip_suffix("small").filter(|letter| !letter.is_empty()) {
        return listed(document, letter).map(|letter| letter.to_lowercase());
    }
    if let Some(digit) = name.strip_suffix("oldstyle") {
        return listed(document, digit);
    }
    match name {
        "dotlessj" => Some("ȷ".to_owned()),
        "visiblespace" => Some(" ".to_owned()),
        _ => listed(document, name).or_else(|| numbered(name)),
    }
}

/// By the Adobe Glyph List, as lopdf has it.
fn listed(document: &Document, name: &str) -> Option<String> {
    let mut encoding = Dictionary::new();
    encoding.set("Type", "Encoding");
    encoding.set("Differences", vec![Object::Integer(0), Object::Name(name.into())]);
    let font = font_with(Object::Dictionary(encoding));
    match font.get_font_encoding(document) {
        Ok(encoding @ Encoding::Differences(_)) => encoding.bytes_to_string(&[0]).ok().filter(|text| !text.is_empty()),
        _ => None,
    }
}

/// « uni00E9 », « u1F600 ».
fn numbered(name: &str) -> Option<String> {
    if let Some(digits) = name.strip_prefix("uni").filter(|digits| digits.len() >= 4 && digits.len() % 4 == 0) {
        let units: Option<Vec<u16>> = (0..digits.len() / 4)
            .map(|nth| digits.get(nth * 4..nth * 4 + 4).and_then(|unit| u16::from_str_radix(unit, 16).ok()))
            .collect();
        return String::from_utf16(&units?).ok();
    }
    let digits = name.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len()))?;
    char::from_u32(u32::from_str_radix(digits, 16).ok()?).map(String::from)
}

/// The encoding in the clear part of a Type 1 font (Adobe Type 1 Font Format §2.2); none when it is the standard one.
pub(super) fn of_type1(document: &Document, font: &[u8]) -> Option<Table> {
    let start = memchr::memmem::find(font, b"/Encoding")?;
    let end = memchr::memmem::find(font, b"eexec").unwrap_or(font.len());
    let clear = font.get(start..end)?;
    let mut table: Table = vec![None; CODES];
    let mut last: [Option<Object>; 2] = [None, None];
    for token in Lexer::new(clear).skip(1) {
        match token {
            Token::Operand(operand) => last = [last[1].take(), Some(operand)],
            Token::Operator(b"put") => {
                if let [Some(Object::Integer(code)), Some(Object::Name(name))] = &last
                    && let Some(place) = usize::try_from(*code).ok().and_then(|code| table.get_mut(code))
                {
                    *place = character(document, name);
                }
            }
            Token::Operator(b"StandardEncoding") => return None,
            Token::Operator(b"def" | b"readonly") => break,
            Token::Operator(_) => {}
        }
    }
    table.iter().any(Option::is_some).then_some(table)
}

/// The encoding of a CFF font whose glyphs have names.
pub(super) fn of_cff(document: &Document, font: &[u8]) -> Option<Table> {
    let font = cff::Table::parse(font)?;
    let text = |code: u8| character(document, font.glyph_name(font.glyph_index(code)?)?.as_bytes());
    let table: Table = (0..=255).map(text).collect();
    table.iter().any(Option::is_some).then_some(table)
}

/// The CFF table of an OpenType font, or the font itself when it is one.
pub(super) fn cff_in(font: &[u8]) -> &[u8] {
    RawFace::parse(font, 0).ok().and_then(|face| face.table(Tag::from_bytes(b"CFF "))).unwrap_or(font)
}

/// The characters that the glyphs of a font stand for, by the font's own tables.
pub(super) fn by_glyph(document: &Document, font: &[u8]) -> HashMap<u16, String> {
    let mut all = HashMap::new();
    let face = RawFace::parse(font, 0).ok();
    let table = |tag: &[u8; 4]| face.and_then(|face| face.table(Tag::from_bytes(tag)));
    if let Some(names) = table(b"post").and_then(post::Table::parse) {
        for (glyph, name) in (0..=u16::MAX).zip(names.names()) {
            if let Some(text) = character(document, name.as_bytes()) {
                all.insert(glyph, text);
            }
        }
    }
    if let Some(cff) = cff::Table::parse(cff_in(font)) {
        for glyph in 0..cff.number_of_glyphs() {
            if let Some(text) =
                cff.glyph_name(ttf_parser::GlyphId(glyph)).and_then(|name| character(document, name.as_bytes()))
            {
                all.insert(glyph, text);
            }
        }
    }
    for subtable in table(b"cmap").and_then(cmap::Table::parse).into_iter().flat_map(|map| map.subtables) {
        if subtable.is_unicode() {
            subtable.codepoints(|code| {
                if let (Some(glyph), Some(character)) = (subtable.glyph_index(code), char::from_u32(code)) {
                    all.entry(glyph.0).or_insert_with(|| character.to_string());
                }
            });
        }
    }
    all
}

/// The encoding of a symbolic TrueType font (§9.6.6.4): its codes name glyphs, and its other tables say what those are.
pub(super) fn of_true_type(document: &Document, font: &[u8]) -> Option<Table> {
    let face = RawFace::parse(font, 0).ok()?;
    let map = cmap::Table::parse(face.table(Tag::from_bytes(b"cmap"))?)?;
    let texts = by_glyph(document, font);
    let text = |code: u32| {
        let mut glyphs = map.subtables.into_iter().filter(|subtable| !subtable.is_unicode());
        glyphs.find_map(|subtable| {
            let glyph = subtable.glyph_index(code).or_else(|| subtable.glyph_index(0xf000 + code))?;
            texts.get(&glyph.0).cloned()
        })
    };
    let table: Table = (0..=255).map(text).collect();
    table.iter().any(Option::is_some).then_some(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g3_names_of_glyphs_are_read() {
        let document = Document::new();
        for (name, text) in [
            ("eacute", Some("é")),
            ("f_f_i.alt", Some("ffi")),
            ("oe", Some("œ")),
            ("uni00C90301", Some("É\u{301}")),
            ("u1F600", Some("😀")),
            ("Eacutesmall", Some("é")),
            ("threeoldstyle", Some("3")),
            ("acute", Some("´")),
            (".notdef", None),
            ("g12", None),
        ] {
            assert_eq!(character(&document, name.as_bytes()).as_deref(), text, "{name}");
        }
    }

    #[test]
    fn g3_the_encoding_that_a_type1_font_brings_is_read() {
        let font = b"%!\n/Encoding 256 array\n0 1 255 {1 index exch /.notdef put} for\ndup 19 /acute put\ndup 101 /e put\nreadonly def\ncurrentfile eexec dup 7 /a put";
        let table = of_type1(&Document::new(), font).unwrap();
        assert_eq!((table[19].as_deref(), table[101].as_deref(), table[7].as_deref()), (Some("´"), Some("e"), None));
        assert!(of_type1(&Document::new(), b"/Encoding StandardEncoding def eexec").is_none());
    }

    #[test]
    fn g3_encodings_have_their_names() {
        let table = named(&Document::new(), b"WinAnsiEncoding").unwrap();
        assert_eq!((table[0xe9].as_deref(), table[0x9c].as_deref()), (Some("é"), Some("œ")));
        assert!(named(&Document::new(), b"Identity-H").is_none());
    }
}
