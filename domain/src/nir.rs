//! NIR (sécurité sociale number): read when it is typed (SPEC D6), and found in free text, so that it is masked before it
//! is indexed or logged (SPEC Q7).

use crate::texte;

/// What takes a NIR's place.
pub const MASK: &str = "[numéro masqué]";

/// The control key of the 13 characters (97 − n mod 97; Corsica's 2A counts as 19 and 2B as 18), if they are a NIR's.
pub fn key(body: &str) -> Option<u64> {
    let bytes = body.as_bytes();
    if bytes.len() != 13 || !matches!(bytes[0], b'1'..=b'4' | b'7' | b'8') {
        return None;
    }
    let department = match &body[5..7] {
        "2A" | "2a" => "19",
        "2B" | "2b" => "18",
        other => other,
    };
    let digits = format!("{}{}{}", &body[..5], department, &body[7..]);
    let number: u64 = digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))?;
    Some(97 - number % 97)
}

/// A NIR with its key, 15 characters. It can be neither printed nor serialized by accident: who shows it whole or keeps
/// it says so with [`Nir::grouped`] or [`Nir::as_str`].
#[derive(Clone, PartialEq, Eq)]
pub struct Nir(String);

/// Why a text is no NIR. The number itself is never repeated: these sentences may end in a log.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NirError {
    /// Something else than digits, separators and Corsica's letters.
    #[error("Un numéro de sécurité sociale ne contient que des chiffres, sauf 2A ou 2B pour une naissance en Corse.")]
    Characters,
    /// Neither 15 nor 13 characters (manual §3.3.4.2 e; any other length is refused: decided).
    #[error("Un numéro de sécurité sociale compte 15 caractères, ou 13 sans sa clé ; il y en a {0} ici.")]
    Length(usize),
    /// The first digit is none that INSEE gives: 1 to 4, 7 or 8.
    #[error("Vérifiez le premier chiffre : un numéro de sécurité sociale commence par 1, 2, 3, 4, 7 ou 8.")]
    First,
    /// The 13 characters have a month that nobody is born in, and no key that says otherwise.
    #[error(
        "Vérifiez le mois de naissance (4e et 5e chiffres), ou saisissez les 15 caractères : la clé manque pour contrôler."
    )]
    Month,
    /// The key does not fit the 13 characters before it.
    #[error("La clé de ce numéro (ses deux derniers chiffres) est fausse : vérifiez chaque chiffre sur votre carte.")]
    Key,
}

impl Nir {
    /// Reads a NIR as people type or paste it, with spaces, dots, hyphens or none: 15 characters whose key is checked, or
    /// 13 whose key is computed (manual §3.3.4.2 e).
    ///
    /// # Errors
    /// Which rule it breaks.
    pub fn parse(typed: &str) -> Result<Self, NirError> {
        let compact = texte::compact(typed).to_ascii_uppercase();
        let corsican = |at: usize, c: char| at == 6 && matches!(c, 'A' | 'B') && compact[..6].ends_with('2');
        if !compact.char_indices().all(|(at, c)| c.is_ascii_digit() || corsican(at, c)) {
            return Err(NirError::Characters);
        }
        if !matches!(compact.len(), 13 | 15) {
            return Err(NirError::Length(compact.len()));
        }
        let (body, typed_key) = compact.split_at(13);
        let Some(key) = key(body) else { return Err(NirError::First) };
        if typed_key.is_empty() {
            if possible_month(body) { Ok(Self(format!("{body}{key:02}"))) } else { Err(NirError::Month) }
        } else if typed_key.parse() == Ok(key) {
            Ok(Self(compact))
        } else {
            Err(NirError::Key)
        }
    }

    /// The 15 characters, for who seals, sends or compares them.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the card prints it: « 2 55 08 14 168 025 38 ». For the person, or for a reading that is in the audit log.
    pub fn grouped(&self) -> String {
        grouped(&self.0)
    }

    /// As screens show it: « 2 55 •• •• ••• ••• •• » (SPEC D14, decided). The sex and the year of birth let a person tell
    /// theirs, and whoever sees this page sees them in the profile already; the key or the last digits, which seem
    /// harmless, would give the rest away to who knows the date and the place of birth.
    pub fn masked(&self) -> String {
        grouped(&format!("{}{}", &self.0[..3], "•".repeat(12)))
    }
}

/// Fifteen characters as the card groups them.
fn grouped(characters: &str) -> String {
    let mut characters = characters.chars();
    [1, 2, 2, 2, 3, 3, 2].map(|size| characters.by_ref().take(size).collect::<String>()).join(" ")
}

/// The strongest kind of personal data: logs show that there was one, not which.
impl std::fmt::Debug for Nir {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Nir([…])")
    }
}

/// The same text with every NIR replaced by [`MASK`], whether written in one piece or with spaces, dots or hyphens.
///
/// 15 characters are a NIR when the key fits. 13 alone are one when the month and the département are possible.
pub fn mask(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut previous_is_word = false;
    while let Some(first) = rest.chars().next() {
        if !previous_is_word
            && first.is_ascii_digit()
            && let Some(length) = nir_at(rest)
        {
            out.push_str(MASK);
            rest = &rest[length..];
            previous_is_word = true;
            continue;
        }
        out.push(first);
        previous_is_word = first.is_alphanumeric();
        rest = &rest[first.len_utf8()..];
    }
    out
}

/// The length in bytes of the NIR that the text begins with.
fn nir_at(text: &str) -> Option<usize> {
    let mut compact = String::with_capacity(15);
    let mut end_of_13 = None;
    let mut separators = 0;
    for (at, c) in text.char_indices() {
        let is_part = c.is_ascii_digit() || (compact.len() == 6 && matches!(c, 'A' | 'B' | 'a' | 'b'));
        if is_part {
            if compact.len() == 15 {
                return None;
            }
            compact.push(c);
            separators = 0;
            if compact.len() == 13 {
                end_of_13 = Some(at + c.len_utf8());
            }
            if compact.len() == 15 {
                let followed = text[at + 1..].chars().next().is_some_and(char::is_alphanumeric);
                let fits = key(&compact[..13]).is_some_and(|key| compact[13..].parse() == Ok(key));
                if fits && !followed {
                    return Some(at + 1);
                }
            }
        } else if matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '.' | '-') && separators < 3 {
            separators += 1;
        } else {
            break;
        }
    }
    if compact.len() < 13 || compact.len() == 14 {
        return None;
    }
    let end = end_of_13?;
    let followed = text[end..].chars().next().is_some_and(char::is_alphanumeric);
    (compact.len() == 13 && !followed && looks_like_a_body(&compact[..13])).then_some(end)
}

/// A possible month, and a key that can be computed.
fn looks_like_a_body(body: &str) -> bool {
    key(body).is_some() && possible_month(body) && matches!(body.as_bytes()[0], b'1' | b'2')
}

/// Month 01 to 12, or one of those that INSEE gives when it is unknown.
fn possible_month(body: &str) -> bool {
    matches!(body[3..5].parse(), Ok(1..=12 | 20..=42 | 50..=99))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d6_the_key_of_a_nir() {
        assert_eq!(key("2550814168025"), Some(38));
        assert_eq!(key("255082A168025"), key("2550819168025"));
        assert_eq!(key("255082B168025"), key("2550818168025"));
        assert_eq!(key("9550814168025"), None);
        assert_eq!(key("255081416802"), None);
    }

    #[test]
    fn d6_a_nir_of_15_is_checked_and_one_of_13_gets_its_key() {
        let table = [
            ("255081416802538", Ok("255081416802538")),
            (" 2 55 08 14 168 025 38 ", Ok("255081416802538")),
            ("2.55.08.14.168.025-38", Ok("255081416802538")),
            ("\u{202A}2 55 08 14 168\u{200B}025–38\u{202C}", Ok("255081416802538")),
            ("2550814168025", Ok("255081416802538")),
            ("1 85 05 2a 004 012", Ok("185052A00401270")),
            ("185052B00401297", Ok("185052B00401297")),
            ("785082A168025", Ok("785082A16802526")),
            ("255081416802539", Err(NirError::Key)),
            ("255181416802538", Err(NirError::Key)),
            ("255131416802521", Ok("255131416802521")),
            ("2551314168025", Err(NirError::Month)),
            ("955081416802538", Err(NirError::First)),
            ("0550814168025", Err(NirError::First)),
            ("", Err(NirError::Length(0))),
            ("255081416802", Err(NirError::Length(12))),
            ("25508141680253", Err(NirError::Length(14))),
            ("2550814168025380", Err(NirError::Length(16))),
            ("255083A16802538", Err(NirError::Characters)),
            ("25508A416802538", Err(NirError::Characters)),
            ("255 08 14 168 O25 38", Err(NirError::Characters)),
            ("٢55081416802538", Err(NirError::Characters)),
        ];
        for (typed, expected) in table {
            assert_eq!(Nir::parse(typed).as_ref().map(Nir::as_str), expected.as_ref().map(|kept| *kept), "{typed}");
        }
        assert!(NirError::Length(14).to_string().contains("il y en a 14 ici"));
    }

    #[test]
    fn d14_a_nir_is_shown_masked_and_printed_by_nobody() {
        let nir = Nir::parse("255081416802538").unwrap();
        assert_eq!(nir.grouped(), "2 55 08 14 168 025 38");
        assert_eq!(nir.masked(), "2 55 •• •• ••• ••• ••");
        assert_eq!(format!("{nir:?}"), "Nir([…])");
    }

    #[test]
    fn q7_a_nir_in_free_text_is_masked() {
        for written in [
            "255081416802538",
            "2 55 08 14 168 025 38",
            "2 55 08 14 168 025 - 38",
            "2.55.08.14.168.025.38",
            "2550814168025",
        ] {
            assert_eq!(mask(&format!("NIR : {written}, né à Caen")), format!("NIR : {MASK}, né à Caen"), "{written}");
        }
        assert_eq!(mask(&format!("1 85 05 2A 004 012 {:02}", key("185052A004012").unwrap())), MASK);
    }

    #[test]
    fn q7_other_numbers_stay() {
        for kept in [
            "06 39 98 12 34",
            "200 000 172 00011",
            "2019-2024",
            "le 12 janvier 2027, 14 h 30",
            "FR76 3000 6000 0112 3456 7890 189",
            "255081416802539",
        ] {
            assert_eq!(mask(kept), kept);
        }
    }
}
