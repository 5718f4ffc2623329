//! Names of uploaded files, made harmless before people see them.
//!
//! A name is only ever shown and sent back in `Content-Disposition`; it never becomes a path of ours.

use unicode_normalization::UnicodeNormalization;

use crate::format::Format;

/// Longest cleaned name, in characters, extension included: fits a line of a list and every file system.
pub const MAX_CHARACTERS: usize = 120;

/// Longest cleaned name in bytes: what the usual file systems take (255) with room for « (1) ».
const MAX_BYTES: usize = 240;

/// Names that Windows keeps for devices, whatever their extension.
const RESERVED: [&str; 8] = ["con", "prn", "aux", "nul", "com1", "com2", "lpt1", "lpt2"];

/// Makes the name of an uploaded file harmless to show, to save and to send back.
///
/// Folders, control characters and the invisible ones that reverse or hide a part of the name (RTLO and similar ones)
/// are removed; characters that a file system refuses become `_`; the extension becomes that of `format`, the type of
/// the content. Never empty.
pub fn clean_file_name(name: &str, format: Format) -> String {
    let visible = visible_name(name);
    let stem = match split_extension(&visible) {
        Some((stem, extension)) if Format::from_extension(extension) == Some(format) => stem,
        _ => visible.as_str(),
    };
    let extension = format.extension();
    let mut stem = shorten(stem, extension.len() + 1);
    let first_part = stem.split('.').next().unwrap_or_default().to_lowercase();
    if stem.is_empty() {
        "document".clone_into(&mut stem);
    } else if RESERVED.contains(&first_part.as_str()) {
        stem.insert(0, '_');
    }
    format!("{stem}.{extension}")
}

/// The last component of `name` without invisible characters, in NFC; may be empty.
pub(crate) fn visible_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut out = String::with_capacity(last.len().min(MAX_BYTES * 4));
    for character in last.chars().filter(|c| !is_invisible(*c)).take(MAX_BYTES * 4).nfc() {
        if character.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if matches!(character, '<' | '>' | ':' | '"' | '|' | '?' | '*') {
            out.push('_');
        } else {
            out.push(character);
        }
    }
    // Windows drops dots and spaces at the end.
    out.trim_start().trim_end_matches([' ', '.']).to_owned()
}

/// The stem and the extension, when the name has something that looks like one.
pub(crate) fn split_extension(name: &str) -> Option<(&str, &str)> {
    let (stem, extension) = name.rsplit_once('.')?;
    let plausible =
        !extension.is_empty() && extension.len() <= 8 && extension.bytes().all(|b| b.is_ascii_alphanumeric());
    plausible.then_some((stem, extension))
}

/// Control characters, bidirectional controls, zero-width characters, unassigned private use.
fn is_invisible(character: char) -> bool {
    (character.is_control() && !matches!(character, '\t' | '\n' | '\r'))
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffd}' | '\u{e000}'..='\u{f8ff}'
            | '\u{e0000}'..='\u{e007f}' | '\u{f0000}'..='\u{10ffff}')
}

/// Cuts a stem so that it still fits with `reserved` more characters after it.
fn shorten(stem: &str, reserved: usize) -> String {
    let mut out = String::new();
    for character in stem.chars().take(MAX_CHARACTERS - reserved) {
        if out.len() + character.len_utf8() + reserved > MAX_BYTES {
            break;
        }
        out.push(character);
    }
    // A leading dot hides a file on Unix.
    out.trim_matches([' ', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q8_a_name_loses_its_folders_and_control_characters() {
        assert_eq!(clean_file_name("../../etc/passwd", Format::Txt), "passwd.txt");
        assert_eq!(clean_file_name("C:\\Users\\moi\\Mon CV.pdf", Format::Pdf), "Mon CV.pdf");
        assert_eq!(clean_file_name("cv\0\r\nSet-Cookie: a=b.pdf", Format::Pdf), "cv Set-Cookie_ a=b.pdf");
    }

    #[test]
    fn q8_a_name_can_not_be_read_backwards() {
        assert_eq!(clean_file_name("facture\u{202e}fdp.doc", Format::Doc), "facturefdp.doc");
        assert_eq!(clean_file_name("a\u{2066}b\u{200b}\u{feff}c.odt", Format::Odt), "abc.odt");
    }

    #[test]
    fn q8_the_extension_is_that_of_the_bytes() {
        assert_eq!(clean_file_name("photo.JPEG", Format::Jpeg), "photo.jpg");
        assert_eq!(clean_file_name("cv.v2", Format::Pdf), "cv.v2.pdf");
        assert_eq!(clean_file_name("cv", Format::Pdf), "cv.pdf");
    }

    #[test]
    fn q8_a_name_is_never_empty_nor_reserved_nor_long() {
        assert_eq!(clean_file_name("", Format::Pdf), "document.pdf");
        assert_eq!(clean_file_name(" . \u{202e}.pdf", Format::Pdf), "document.pdf");
        assert_eq!(clean_file_name("NUL.pdf", Format::Pdf), "_NUL.pdf");
        let long = clean_file_name(&"é".repeat(5000), Format::Docx);
        assert!(long.chars().count() <= MAX_CHARACTERS);
        assert!(long.len() <= MAX_BYTES);
        let wide = clean_file_name(&"文".repeat(5000), Format::Docx);
        assert!(wide.len() <= MAX_BYTES && wide.ends_with("文.docx"));
    }

    #[test]
    fn i11_accents_of_a_name_are_kept_and_composed() {
        assert_eq!(clean_file_name("Cv Zoe\u{301} – 2023.odt", Format::Odt), "Cv Zoé – 2023.odt");
    }
}
