//! Numbers that must not show in a text (SPEC Q7): what may stand inside one, and how it is replaced. Which numbers those
//! are is said by [`crate::nir`] and [`crate::iban`].

use url::form_urlencoded;

use crate::email::Email;
use crate::telephone::Telephone;
use crate::{iban, nir, texte};

/// What takes a number's place.
pub const MASK: &str = "[numéro masqué]";
/// The same in the address of a search: one word, which nothing is found by.
const WORD: &str = "numéromasqué";

/// Fields of the dossier whose block is sealed: their numbers are what is asked for, or stand beside it.
const SEALED: [&str; 3] = ["nir", "numero_identite", "iban"];
/// Fields of numbers that others give, and that may have as many digits.
const REFERENCES: [&str; 2] = ["code_service", "engagement"];
/// Fields of addresses of our pages, or of their query strings; one of them is where somebody lives on another page.
const PAGES: [&str; 2] = ["adresse", "suite"];
/// Fields of addresses that one writes to.
const EMAILS: [&str; 4] = ["email", "email_confirmation", "courriel", "pro_courriel"];

/// More signs than these between two characters are no separator: a column, or a page, ends there.
pub(crate) const GAP_MAX: usize = 24;

/// The text that was read from a file as it may be kept: without a NIR and without an IBAN. What people type loses the NIR
/// alone ([`nir::mask`]).
pub fn of_file(text: &str) -> String {
    nir::mask(&iban::mask(text))
}

/// What was typed in the field of a form as it may be kept: without a NIR, but for the fields that ask for one or that hold
/// another number, which may look like one. The one rule of every form.
pub fn of_field(name: &str, typed: &str) -> String {
    let phone = name.starts_with("telephone") || name.ends_with("_telephone");
    let kept = if phone || REFERENCES.contains(&name) {
        // Thirteen digits alone are a phone from abroad without its sign, or a number of another service.
        let compact = texte::compact(typed);
        Telephone::parse(typed).is_ok() || (compact.len() == 13 && compact.bytes().all(|sign| sign.is_ascii_digit()))
    } else {
        SEALED.contains(&name) || (EMAILS.contains(&name) && Email::parse(typed).is_ok())
    };
    if kept {
        typed.to_owned()
    } else if PAGES.contains(&name) {
        nir::mask(&of_address(typed))
    } else {
        nir::mask(typed)
    }
}

/// The address of a search, or its query string alone, as it may be kept.
pub fn of_address(address: &str) -> String {
    let (path, query) = match address.split_once('?') {
        Some((path, query)) => (Some(path), query),
        None if address.starts_with('/') => return address.to_owned(),
        None => (None, address),
    };
    let mut masked = false;
    let mut written = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let kept = nir::mask(&value);
        masked |= kept != value;
        written.append_pair(&name, &kept.replace(MASK, WORD));
    }
    match (masked, path) {
        // What holds no number stays as it was written.
        (false, _) => address.to_owned(),
        (true, Some(path)) => format!("{path}?{}", written.finish()),
        (true, None) => written.finish(),
    }
}

/// A number that a text begins with, by its length in bytes.
pub(crate) enum Passage {
    /// To be replaced.
    Masked(usize),
    /// To be left as it stands.
    Kept(usize),
}

/// The same text with the numbers that `find` finds replaced; it is given what stands before a place, and what begins there.
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

/// Whether a sign may separate the groups of a number: spaces and ends of lines, dashes, slashes, dots, low lines, what
/// stands between the boxes of a form, and what has no form on the screen.
pub(crate) fn separates(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_dash(c) || is_slash(c) || is_dot(c) || is_low_line(c) || is_invisible(c)
}

/// Unicode's dashes (general category Pd), the minus signs, and the lines that stand for them.
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

/// What has no form on the screen (Unicode's Default_Ignorable_Code_Point), and blanks that are no spaces.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const NIR: &str = "2 55 08 14 168 025 38";
    const ENCODED: &str = "num%C3%A9romasqu%C3%A9";

    #[test]
    fn q7_a_nir_typed_in_any_field_is_masked_but_where_it_is_asked_for() {
        for name in
            ["nom", "employeur_nom", "fonction", "texte", "description", "adresse", "employeur_siret", "anything"]
        {
            assert_eq!(of_field(name, &format!("Le {NIR}")), format!("Le {MASK}"), "{name}");
        }
        for name in SEALED {
            assert_eq!(of_field(name, NIR), NIR, "{name}");
        }
        for name in PAGES {
            assert_eq!(of_field(name, "/cvtheque?q=2+55+08+14+168+025+38"), format!("/cvtheque?q={ENCODED}"), "{name}");
        }
        assert_eq!(of_field("adresse", "3 rue des Ajoncs, bât. C = D"), "3 rue des Ajoncs, bât. C = D");
        assert_eq!(of_field("nir", "2 55 08 14 168 02"), "2 55 08 14 168 02", "one that is half typed too");
    }

    #[test]
    fn q7_a_field_of_another_number_keeps_it_and_masks_a_nir() {
        for name in ["telephone", "telephone_domicile", "pro_telephone"] {
            for phone in ["06 39 98 12 34", "+225 07 12 34 56 78", "00 225 07 12 34 56 78", "225 07 12 34 56 78"] {
                assert_eq!(of_field(name, phone), phone, "{name}");
            }
            assert_eq!(of_field(name, NIR), MASK, "{name}");
            assert_eq!(of_field(name, "NIR 2550814168025"), format!("NIR {MASK}"), "{name}");
        }
        for name in REFERENCES {
            assert_eq!(of_field(name, "2025081416802"), "2025081416802", "{name}");
            assert_eq!(of_field(name, NIR), MASK, "{name}");
        }
        for name in EMAILS {
            let address = "255081416802538@exemple.fr";
            assert_eq!(of_field(name, address), address, "{name}: who has it is written to there");
            assert_eq!(of_field(name, NIR), MASK, "{name}");
        }
        assert_eq!(of_field("employeur_siret", "200 000 172 00011"), "200 000 172 00011");
    }

    #[test]
    fn q7_the_address_of_a_search_holds_no_nir() {
        for (address, kept) in [
            ("/cvtheque?q=2+55+08+14+168+025+38&tri=date", format!("/cvtheque?q={ENCODED}&tri=date")),
            ("q=255081416802538", format!("q={ENCODED}")),
            ("tri=date&q=%222%2055%2008%2014%20168%20025%22", format!("tri=date&q=%22{ENCODED}%22")),
            ("/cvtheque?q=caf%C3%A9%20noir", "/cvtheque?q=caf%C3%A9%20noir".to_owned()),
            ("/activation/255081416802538", "/activation/255081416802538".to_owned()),
            ("", String::new()),
        ] {
            assert_eq!(of_address(address), kept);
            assert_eq!(of_address(&kept), kept, "said twice, said once");
        }
    }
}
