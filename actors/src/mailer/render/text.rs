//! What people typed, made safe for a mail, and the spaces of French typography.

use domain::typographie;

/// One line without control characters, nor those that change the direction of what follows (U+202A to U+202E,
/// U+2066 to U+2069).
pub(super) fn one_line(text: &str) -> String {
    let breaks = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    // A no-break space belongs to French typography and stays.
    text.split(|c: char| breaks(c) && c != '\u{A0}' && c != '\u{202F}')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The lines of each paragraph, every line as [`one_line`] leaves it. Empty lines part paragraphs.
pub(super) fn paragraphs(text: &str) -> Vec<Vec<String>> {
    let ends_line = ['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'];
    let lines: Vec<String> = text.replace("\r\n", "\n").split(ends_line).map(one_line).collect();
    lines
        .split(|line| line.trim().is_empty())
        .filter(|paragraph| !paragraph.is_empty())
        .map(<[String]>::to_vec)
        .collect()
}

/// [`one_line`], where no-break spaces bind what French typography keeps together: its signs, a number and its word
/// (U+00A0).
pub(super) fn sentence(text: &str) -> String {
    let text = one_line(text);
    let mut bound = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before = '\0';
    while let Some(c) = chars.next() {
        let counted = before.is_ascii_digit() && chars.peek().is_some_and(|after| after.is_alphabetic());
        bound.push(if c == ' ' && counted { '\u{A0}' } else { c });
        before = c;
    }
    typographie::bound_text(&bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q8_lines_and_paragraphs_are_kept_and_nothing_else_of_what_is_invisible() {
        let typed = "\r\n Bonjour,\r\nil manque\t: \u{202E}le CV\r\n\r\n  \u{A0}\n\nMerci\u{2066} \0bien.\u{2028}Z.\n";
        assert_eq!(paragraphs(typed), [vec!["Bonjour,", "il manque : le CV"], vec!["Merci bien.", "Z."]]);
        assert!(paragraphs(" \r\n\u{202E}\n").is_empty());
    }

    #[test]
    fn q8_french_spaces_do_not_break() {
        assert_eq!(
            sentence("Oui : « non » ; 7 jours, le 1er mai ?"),
            "Oui\u{A0}: «\u{A0}non\u{A0}»\u{202F}; 7\u{A0}jours, le 1er mai\u{202F}?"
        );
        assert_eq!(sentence("de Zoé\r\nBcc: x"), "de Zoé Bcc: x");
    }
}
