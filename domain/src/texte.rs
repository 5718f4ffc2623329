//! How texts are compared when people type them: without accents, case, hyphens or apostrophes.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

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
    fn q8_a_pattern_typed_by_a_person_stays_a_text() {
        assert_eq!(like_prefix("100%_a\\"), "100\\%\\_a\\\\%");
    }
}
