//! What people type, made clean, and how it is compared: without accents, case, hyphens or apostrophes.

use icu_properties::props::{DefaultIgnorableCodePoint, ExtendedPictographic};
use icu_properties::{CodePointSetData, CodePointSetDataBorrowed};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Characters without a form of their own on the screen (UAX 44): pasted texts bring them, nobody sees them.
static UNSEEN: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<DefaultIgnorableCodePoint>();
/// What emoji are made of (UTS 51).
static PICTURES: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<ExtendedPictographic>();

/// Joins two pictures into one.
const JOINER: char = '\u{200D}';
/// Asks for the text form or the colour form of the picture before it.
const FORMS: std::ops::RangeInclusive<char> = '\u{FE0E}'..='\u{FE0F}';
/// The frame that turns a digit into a key.
const KEYCAP: char = '\u{20E3}';
/// The flag that the tags after it turn into the flag of a région, and the tags.
const FLAG: char = '\u{1F3F4}';
const TAGS: std::ops::RangeInclusive<char> = '\u{E0020}'..='\u{E007F}';

/// What was typed or pasted in a field, made clean; all forms use this rule (SPEC Q5).
///
/// Every kind of line end becomes `
/// `: CRLF of a form, U+000B of a word processor, U+2028… Other control characters are dropped, and so are invisible
/// marks (zero width, direction of the text, soft hyphen), except those that a picture needs. A clean text is
/// unchanged.
pub fn saisi(typed: &str) -> String {
    let mut clean = String::with_capacity(typed.len());
    let mut signs = typed.chars().peekable();
    let mut flag = false;
    while let Some(sign) = signs.next() {
        let next = signs.peek().copied();
        flag = sign == FLAG || (flag && TAGS.contains(&sign));
        match sign {
            '\r' if next == Some('\n') => {}
            '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\n' | '\t' => clean.push(sign),
            _ if flag => clean.push(sign),
            _ if sign.is_control() || is_noncharacter(sign) => {}
            _ if !UNSEEN.contains(sign) || needed(sign, clean.chars().next_back(), next) => clean.push(sign),
            _ => {}
        }
    }
    clean
}

/// Whether a character is invisible: a control character, or a mark that keyboards do not type.
pub(crate) fn is_unseen(sign: char) -> bool {
    sign.is_control() || is_noncharacter(sign) || UNSEEN.contains(sign) || matches!(sign, '\u{2028}' | '\u{2029}')
}

/// Whether an invisible mark is a needed part of the picture in which it stands.
fn needed(mark: char, before: Option<char>, next: Option<char>) -> bool {
    let Some(before) = before else { return false };
    let picture = PICTURES.contains(before);
    if mark == JOINER {
        let skin = ('\u{1F3FB}'..='\u{1F3FF}').contains(&before);
        return (picture || skin || FORMS.contains(&before)) && next.is_some_and(|next| PICTURES.contains(next));
    }
    let key = (before.is_ascii_digit() || matches!(before, '#' | '*')) && next == Some(KEYCAP);
    FORMS.contains(&mark) && (picture || key)
}

/// Whether Unicode promises that it never becomes a character.
fn is_noncharacter(sign: char) -> bool {
    matches!(u32::from(sign), 0xFDD0..=0xFDEF) || u32::from(sign) & 0xFFFE == 0xFFFE
}

/// The same as one line, its spaces single.
pub fn ligne(typed: &str) -> String {
    saisi(typed).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Longest text that is searched, in signs: longer than any question, and short enough for every search.
pub const RECHERCHE_MAX: usize = 300;

/// What is searched: the typed text on one line, cut at [`RECHERCHE_MAX`]. All search boxes use this rule.
pub fn recherche(typed: &str) -> String {
    let mut text = ligne(typed);
    if let Some((end, _)) = text.char_indices().nth(RECHERCHE_MAX) {
        text.truncate(end);
        text.truncate(text.trim_end().len());
    }
    text
}

/// A number without what people put between its digits: spaces, points and dashes of every length.
pub fn compact(typed: &str) -> String {
    let between =
        |sign: &char| sign.is_whitespace() || matches!(sign, '.' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    saisi(typed).chars().filter(|sign| !between(sign)).collect()
}

/// The key under which a name is looked up: « Saint-Étienne-d’Orthe » and « saint etienne d orthe » share it.
pub fn fold(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'œ' => key.push_str("oe"),
            'æ' => key.push_str("ae"),
            'ß' => key.push_str("ss"),
            c if c.is_alphanumeric() => key.push(c),
            _ => {
                if !key.is_empty() && !key.ends_with(' ') {
                    key.push(' ');
                }
            }
        }
    }
    if key.ends_with(' ') {
        key.pop();
    }
    key
}

/// The first words of a text, folded: `most` of them.
pub fn mots(text: &str, most: usize) -> Vec<String> {
    fold(text).split(' ').filter(|word| !word.is_empty()).take(most).map(ToOwned::to_owned).collect()
}

/// A pattern for SQL's LIKE ('\' as its escape) that finds what begins with the folded text.
pub fn like_prefix(folded: &str) -> String {
    let mut pattern = folded.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i5_names_are_compared_without_accents_case_or_hyphens() {
        assert_eq!(fold("Saint-Étienne-d’Orthe"), "saint etienne d orthe");
        assert_eq!(fold("  L'Œuvre   sociale "), "l oeuvre sociale");
        assert_eq!(fold("---"), "");
    }

    #[test]
    fn q5_what_a_paste_brings_along_is_read_as_one_sees_it() {
        let table = [
            ("deux\r\nlignes\rtrois\nquatre", "deux\nlignes\ntrois\nquatre"),
            ("en régie,\u{B}dix ans d’accompa\u{2}gnement", "en régie,\ndix ans d’accompagnement"),
            ("a\u{C}b\u{85}c\u{2028}d\u{2029}e\tf", "a\nb\nc\nd\ne\tf"),
            ("\u{202A}+33 6\u{202C}\u{200E} 12\u{200B}\u{2060}\u{FEFF}\u{2069}", "+33 6 12"),
            ("accompa\u{AD}gne\u{34F}ment\u{0}\u{7F}\u{9B}\u{FFFE}", "accompagnement"),
            ("Le\u{A0}Gall\u{202F}: « œuf »", "Le\u{A0}Gall\u{202F}: « œuf »"),
        ];
        for (typed, read) in table {
            assert_eq!(saisi(typed), read, "{typed:?}");
            assert_eq!(saisi(read), read, "a clean text is left alone");
        }
    }

    #[test]
    fn q5_a_picture_keeps_what_makes_it_and_nothing_else_keeps_it() {
        let brittany = "\u{1F3F4}\u{E0066}\u{E0072}\u{E0062}\u{E0072}\u{E0065}\u{E007F}";
        for whole in [
            "👩\u{200D}🏫",
            "👩🏽\u{200D}🏫",
            "❤\u{FE0F}",
            "🏳\u{FE0F}\u{200D}🌈",
            "1\u{FE0F}\u{20E3}",
            "☎\u{FE0E}",
            brittany,
        ] {
            assert_eq!(saisi(whole), whole, "{whole}");
        }
        for (typed, read) in [
            ("a\u{200D}b", "ab"),
            ("👩\u{200D}b", "👩b"),
            ("\u{200D}👩\u{200D}", "👩"),
            ("06\u{FE0F}12", "0612"),
            ("\u{FE0F}a\u{FE01}", "a"),
            ("a\u{E0066}\u{E007F}b", "ab"),
        ] {
            assert_eq!(saisi(typed), read, "{typed:?}");
        }
    }

    #[test]
    fn q5_a_line_is_one_line_and_a_number_is_its_signs() {
        assert_eq!(ligne(" Le\u{B}bon\u{A0} \u{200B}\r\n nom "), "Le bon nom");
        assert_eq!(compact("\u{202D}06\u{2011}12.34–56\u{A0}78\u{202C}"), "0612345678");
        assert_eq!(compact("+33 (0)6/12"), "+33(0)6/12");
    }

    #[test]
    fn q8_a_text_to_search_is_cut() {
        assert_eq!(recherche(" budget\n et\tpaie "), "budget et paie");
        let long = recherche(&"é".repeat(60_000));
        assert_eq!((long.chars().count(), long.len()), (RECHERCHE_MAX, 2 * RECHERCHE_MAX));
        let words = recherche(&"mot ".repeat(20_000));
        assert!(words.chars().count() <= RECHERCHE_MAX && words.ends_with("mot"), "{words}");
        assert_eq!(recherche(&words), words, "what was cut is left alone");
    }

    #[test]
    fn q8_a_pattern_typed_by_a_person_stays_a_text() {
        assert_eq!(like_prefix("100%_a\\"), "100\\%\\_a\\\\%");
    }
}
