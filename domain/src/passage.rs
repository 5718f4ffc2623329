//! Numbers inside a text: what may stand between their characters, and how they are replaced (SPEC Q7).

/// What takes a number's place.
pub const MASK: &str = "[numéro masqué]";

/// Most signs between two characters of a number: with more, a column or a page ends there.
pub(crate) const GAP_MAX: usize = 24;

/// A number at the start of a text, by its length in bytes.
pub(crate) enum Passage {
    Masked(usize),
    /// To be left as it stands.
    Kept(usize),
}

/// The same text with the numbers that `find` finds replaced; `find` is given the text before a place and the text from
/// there.
pub(crate) fn replace(text: &str, find: impl Fn(&str, &str) -> Option<Passage>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let length = match first.is_ascii_alphanumeric().then(|| find(&text[..at], &text[at..])).flatten() {
            Some(Passage::Masked(length)) => {
                out.push_str(MASK);
                at += length;
                continue;
            }
            Some(Passage::Kept(length)) => length,
            None => first.len_utf8(),
        };
        out.push_str(&text[at..at + length]);
        at += length;
    }
    out
}

/// Whether a sign ends a line.
pub(crate) fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a sign may separate the groups of a number: spaces and ends of lines, dashes, slashes, dots, underscores,
/// the lines between the boxes of a form, and invisible characters.
pub(crate) fn separates(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_dash(c) || is_slash(c) || is_dot(c) || is_low_line(c) || is_invisible(c)
}

/// Unicode's dashes (general category Pd), the minus signs, and the lines that are used like them.
fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2d7}' | '\u{58a}' | '\u{5be}' | '\u{1400}' | '\u{1806}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{207b}'
                | '\u{2212}'
                | '\u{2500}'
                | '\u{2501}'
                | '\u{2e17}'
                | '\u{2e1a}'
                | '\u{2e3a}'
                | '\u{2e3b}'
                | '\u{2e40}'
                | '\u{2e5d}'
                | '\u{301c}'
                | '\u{3030}'
                | '\u{30a0}'
                | '\u{fe31}'
                | '\u{fe32}'
                | '\u{fe58}'
                | '\u{fe63}'
                | '\u{ff0d}'
                | '\u{10ead}'
    )
}

/// Slashes, and the bars between the boxes of a form.
fn is_slash(c: char) -> bool {
    matches!(
        c,
        '/' | '\\'
            | '|'
            | '\u{a6}'
            | '\u{2044}'
            | '\u{2215}'
            | '\u{2216}'
            | '\u{2502}'
            | '\u{2503}'
            | '\u{29f5}'
            | '\u{29f8}'
            | '\u{29f9}'
            | '\u{ff0f}'
            | '\u{ff3c}'
            | '\u{ff5c}'
    )
}

fn is_dot(c: char) -> bool {
    matches!(
        c,
        '.' | '\u{b7}' | '\u{2022}' | '\u{2024}'
            ..='\u{2027}' | '\u{2219}' | '\u{22c5}' | '\u{3002}' | '\u{30fb}' | '\u{ff0e}' | '\u{ff61}'
    )
}

fn is_low_line(c: char) -> bool {
    matches!(
        c,
        '_' | '\u{2017}' | '\u{203f}' | '\u{2040}' | '\u{fe33}' | '\u{fe34}' | '\u{fe4d}'..='\u{fe4f}' | '\u{ff3f}'
    )
}

/// Invisible characters (Unicode's Default_Ignorable_Code_Point), and blanks that are no spaces.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}
