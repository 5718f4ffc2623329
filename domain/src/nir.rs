//! NIR (sécurité sociale number): read when it is typed (SPEC D6), and found in free text, so that it is masked before
//! it is kept, indexed or logged (SPEC Q7).

use crate::iban;
use crate::passage::{self, Passage};
use crate::texte;

/// The control key of the 13 characters (97 − n mod 97; Corsica's 2A counts as 19 and 2B as 18); none when they can't
/// be a NIR.
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

/// A NIR with its key, 15 characters. It can be neither printed nor serialized by accident: code that needs it in full
/// calls [`Nir::grouped`] or [`Nir::as_str`].
#[derive(Clone, PartialEq, Eq)]
pub struct Nir(String);

/// Why a text is no NIR. The number itself is never repeated: these sentences may end in a log.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NirError {
    #[error("Un numéro de sécurité sociale ne contient que des chiffres, sauf 2A ou 2B pour une naissance en Corse.")]
    Characters,
    /// Neither 15 nor 13 characters (manual §3.3.4.2 e; any other length is refused: decided).
    #[error("Un numéro de sécurité sociale compte 15 caractères, ou 13 sans sa clé ; il y en a {0} ici.")]
    Length(usize),
    /// INSEE gives no such first digit: only 1 to 4, 7 or 8.
    #[error("Vérifiez le premier chiffre : un numéro de sécurité sociale commence par 1, 2, 3, 4, 7 ou 8.")]
    First,
    /// The 13 characters have a month that does not exist, and there is no key to confirm them.
    #[error(
        "Vérifiez le mois de naissance (4e et 5e chiffres), ou saisissez les 15 caractères : la clé manque pour contrôler."
    )]
    Month,
    /// The key does not fit the 13 characters before it.
    #[error("La clé de ce numéro (ses deux derniers chiffres) est fausse : vérifiez chaque chiffre sur votre carte.")]
    Key,
}

impl Nir {
    /// Reads a NIR as people type or paste it, with spaces, dots, hyphens or none: 15 characters whose key is checked,
    /// or 13 whose key is computed (manual §3.3.4.2 e).
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

    /// The 15 characters, to seal, send or compare them.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the card prints it: « 2 55 08 14 168 025 38 ». For the person, or for a reading that is in the audit log.
    pub fn grouped(&self) -> String {
        grouped(&self.0)
    }

    /// As screens show it: « 2 55 •• •• ••• ••• •• » (SPEC D14, decided). The sex and the year of birth are enough to
    /// recognise one's own, and the profile shows them already. The key or the last digits would give the rest away to
    /// anybody who knows the date and the place of birth.
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

/// The same text with every NIR replaced by [`passage::MASK`], whatever separates its groups, even a line's end.
///
/// 15 characters are a NIR when the key fits; 13 alone are one when the month and the département are possible. The
/// less a number looks like a written NIR (unusual signs, other groups, a word glued to it), the stricter the test of
/// its digits: a date, a phone number or a reference is no NIR.
pub fn mask(text: &str) -> String {
    passage::replace(text, |before, rest| {
        // Digits that belong to an IBAN are not a NIR.
        if let Some(length) = iban::at(before, rest) {
            return Some(Passage::Kept(length));
        }
        nir_at(before, rest).map(Passage::Masked)
    })
}

/// Where the groups of a printed NIR end, the last one excepted: « 2 55 08 14 168 025 38 ».
const GROUPS: [usize; 6] = [1, 3, 5, 7, 10, 13];

/// The length in bytes of the NIR at the start of `rest`; `before` is the text before it.
fn nir_at(before: &str, rest: &str) -> Option<usize> {
    if !rest.starts_with(['1', '2', '3', '4', '7', '8']) {
        return None;
    }
    let before = Beside::of_word(before.chars().rev())?;
    let mut number = Number::default();
    let mut gap = Gap::default();
    for (at, c) in rest.char_indices() {
        let corsican = number.compact.len() == 6 && number.compact.ends_with('2') && matches!(c, 'A' | 'B' | 'a' | 'b');
        if c.is_ascii_digit() || corsican {
            number.compact.push(c.to_ascii_uppercase());
            number.gaps.push(std::mem::take(&mut gap));
            number.ends.push(at + 1);
            if number.compact.len() == 15 {
                break;
            }
        } else if !gap.take(c) {
            break;
        }
    }
    [15, 13].into_iter().find(|&length| number.is_nir(length, before, rest)).map(|length| number.ends[length - 1])
}

/// What touches a number on one side.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// No letter or digit.
    Nothing,
    /// A word: letters alone.
    Word,
    /// The sign of an international phone number.
    Plus,
}

impl Beside {
    /// The kind of the characters on one side, read away from the number; none when they make it a part of something
    /// else: a longer number, a code.
    fn of_word(mut away: impl Iterator<Item = char>) -> Option<Self> {
        match away.next() {
            Some('+') => Some(Self::Plus),
            Some(first) if first.is_alphabetic() => {
                let end = away.find(|c| !c.is_alphabetic());
                (!end.is_some_and(char::is_numeric)).then_some(Self::Word)
            }
            Some(first) if first.is_numeric() => None,
            _ => Some(Self::Nothing),
        }
    }
}

/// What stands between two characters of a number.
#[derive(Clone, Copy, Default)]
struct Gap {
    width: usize,
    /// It holds a sign that is rare between the groups of a number.
    rare: bool,
    /// It holds the end of a line.
    line: bool,
}

impl Gap {
    /// Adds one more sign; false when it is no separator, or one too many.
    fn take(&mut self, c: char) -> bool {
        self.width += 1;
        self.rare |= !usual(c) || self.width > 3;
        self.line |= passage::ends_line(c);
        self.width <= passage::GAP_MAX && passage::separates(c)
    }
}

/// What people usually put between the groups of a number.
fn usual(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '.' | '-')
}

/// The characters of a possible NIR, at most 15, with the gap before each and the position in bytes where each ends.
#[derive(Default)]
struct Number {
    compact: String,
    gaps: Vec<Gap>,
    ends: Vec<usize>,
}

impl Number {
    /// Whether 13 digits are grouped like an article's code and have its check digit (EAN, GS1 General Specifications
    /// §7.9).
    fn is_article(&self) -> bool {
        let grouped = (1..13).all(|rank| (self.gaps[rank].width > 0) == matches!(rank, 1 | 7));
        let weigh = |(rank, digit): (usize, u8)| u32::from(digit - b'0') * if rank % 2 == 0 { 1 } else { 3 };
        let digits = self.compact.as_bytes()[..13].iter().copied();
        grouped
            && digits.clone().all(|digit| digit.is_ascii_digit())
            && digits.enumerate().map(weigh).sum::<u32>() % 10 == 0
    }

    /// Whether the first `length` characters are a NIR.
    fn is_nir(&self, length: usize, before: Beside, rest: &str) -> bool {
        if self.compact.len() < length {
            return false;
        }
        let after = &rest[self.ends[length - 1]..];
        let Some(beside) = Beside::of_word(after.chars()) else { return false };
        let gaps = self.gaps[..length].iter().enumerate().skip(1).filter(|(_, gap)| gap.width > 0);
        let (mut rare, mut elsewhere, mut cut) = (false, 0, 0);
        for (rank, gap) in gaps {
            rare |= gap.rare;
            if !GROUPS.contains(&rank) {
                elsewhere += 1;
                cut += usize::from(gap.line);
            }
        }
        let glued = before == Beside::Word || beside == Beside::Word;
        let body = &self.compact[..13];
        let certain = body.as_bytes()[0] <= b'2' && birth_month(body);
        if length == 15 {
            let fits = key(body).is_some_and(|key| self.compact[13..].parse() == Ok(key));
            return fits
                && match (before, rare, elsewhere) {
                    (Beside::Plus, ..) => false,
                    _ if glued => birth_month(body) && possible_place(body),
                    (_, false, 0) => true,
                    (_, true, 1..) => certain && possible_place(body),
                    _ => possible_month(body) && possible_place(body),
                };
        }
        let ends = !after.trim_start_matches(usual).starts_with(|c: char| c.is_ascii_digit())
            || after.chars().take_while(|c| usual(*c)).count() > 3;
        ends && looks_like_a_body(body)
            && match (before, rare, elsewhere) {
                (Beside::Plus, ..) => false,
                _ if glued && elsewhere > 0 => false,
                (_, true, 1..) => elsewhere == 1 && cut == 1 && certain,
                (_, false, 0) if !glued => true,
                _ => certain && !(rare && self.is_article()),
            }
    }
}

/// 1 or 2 first, a possible month and département, and a key that can be computed.
fn looks_like_a_body(body: &str) -> bool {
    key(body).is_some() && possible_month(body) && possible_place(body) && matches!(body.as_bytes()[0], b'1' | b'2')
}

/// A possible département, commune and rank in the register: INSEE gives no zeros.
fn possible_place(body: &str) -> bool {
    &body[5..7] != "00" && &body[7..10] != "000" && &body[10..13] != "000"
}

/// A known month of birth: 01 to 12.
fn birth_month(body: &str) -> bool {
    matches!(body[3..5].parse(), Ok(1..=12))
}

/// Month 01 to 12, or one of those that INSEE gives when the month is unknown.
fn possible_month(body: &str) -> bool {
    matches!(body[3..5].parse(), Ok(1..=12 | 20..=42 | 50..=99))
}

#[cfg(test)]
mod alarmes;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passage::MASK;

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
    fn q7_a_nir_is_masked_whatever_separates_its_groups() {
        let groups = [["2", "55", "08", "14", "168", "025", "38"], ["1", "85", "05", "2A", "004", "012", "70"]];
        let signs = [
            "",
            " ",
            "\t",
            "\n",
            "\r",
            "\r\n",
            "\u{b}",
            "\u{c}",
            "\u{85}",
            "\u{a0}",
            "\u{1680}",
            "\u{2003}",
            "\u{2007}",
            "\u{2009}",
            "\u{200a}",
            "\u{200b}",
            "\u{2028}",
            "\u{2029}",
            "\u{202f}",
            "\u{205f}",
            "\u{2060}",
            "\u{3000}",
            "\u{feff}",
            "\u{ad}",
            "-",
            "\u{2010}",
            "\u{2011}",
            "\u{2012}",
            "\u{2013}",
            "\u{2014}",
            "\u{2015}",
            "\u{2212}",
            "\u{fe63}",
            "\u{ff0d}",
            "/",
            "\\",
            "|",
            "\u{2044}",
            "_",
            ".",
            "·",
            "•",
            "\u{ff0e}",
            "  ",
            "    ",
            " - ",
            " – ",
            "..",
            "--",
            "//",
            "__",
            " / ",
            " . ",
            "\r\n\r\n",
            "-\n",
            " \n ",
            "\t\t\t",
            "\u{200e} \u{200f}",
        ];
        for of in groups {
            for sign in signs {
                for length in [7, 6] {
                    let written = of[..length].join(sign);
                    let text = format!("NIR : {written}, né à Caen");
                    assert_eq!(mask(&text), format!("NIR : {MASK}, né à Caen"), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn q7_a_nir_that_the_end_of_a_line_cuts_is_masked() {
        for written in
            ["255081416802538", "2550814168025", "2 55 08 14 168 025 38", "2.55.08.14.168.025", "185052A00401270"]
        {
            for end in ["\n", "\r\n", " \n", "-\n", "\n    "] {
                for at in 1..written.len() {
                    let (first, last) = (written[..at].trim_end_matches([' ', '.']), &written[at..]);
                    let text = format!("Formatrice, {first}{end}{last}, libre");
                    assert_eq!(mask(&text), format!("Formatrice, {MASK}, libre"), "{text:?}");
                }
            }
        }
        assert_eq!(mask("2 55 08 14 168 025\n35000 Rennes"), format!("{MASK}\n35000 Rennes"), "a postcode is no key");
    }

    #[test]
    fn q7_a_nir_that_touches_a_word_is_masked() {
        for written in
            ["255081416802538", "2550814168025", "2 55 08 14 168 025 38", "2550814168025 38", "2-55-08-14-168-025"]
        {
            for (before, after) in [("NIR", ""), ("", "libre"), ("sécu", "né"), ("n°", "."), ("NIR_", "_x"), ("№", ")")]
            {
                let text = format!("{before}{written}{after}");
                assert_eq!(mask(&text), format!("{before}{MASK}{after}"), "{text:?}");
            }
        }
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
            "2 55 08 14 168 025 39",
            "12550814168025381",
            "a3f255081416802538",
            "255081416802538e0",
            "+234 803 123 4567",
            "+2348031234567",
            "2 55 00 14 168 025/",
            "12/05/2024 – 13/06/2024",
            "1/05/2024\t06/2025",
        ] {
            assert_eq!(mask(kept), kept);
        }
    }
}
