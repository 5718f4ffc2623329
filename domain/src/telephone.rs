//! Phone numbers as people type them: French ones of ten digits, or international ones (ITU-T E.164).

use phonenumber::Mode;
use phonenumber::country::Id;

use crate::texte::compact;

/// A phone number that can be called.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Telephone(String);

/// Why a text is no phone number.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TelephoneError {
    #[error("Un numéro de téléphone ne contient que des chiffres, et un + devant l’indicatif d’un pays.")]
    NotDigits,
    #[error("Un numéro français compte 10 chiffres et commence par 0 ; il y en a {0} ici.")]
    French(usize),
    /// E.164 allows 15 digits; fewer than 8 reach nobody abroad.
    #[error("Un numéro international compte de 8 à 15 chiffres après le + ; il y en a {0} ici.")]
    International(usize),
}

/// The French départements whose numbers are dialled with the national 0 in all of France, and from abroad with a
/// country code of their own.
const OUTRE_MER: [Id; 5] = [Id::GP, Id::GF, Id::MQ, Id::RE, Id::YT];

impl Telephone {
    /// Reads a number with spaces, dots, hyphens or none: « 06 12 34 56 78 », « +33 6 12 34 56 78 », « 0033… ». The 0
    /// that is not dialled from abroad is removed, for every country (ITU-T E.123).
    pub fn parse(typed: &str) -> Result<Self, TelephoneError> {
        let compact: String = compact(typed).chars().filter(|c| !"()/".contains(*c)).collect();
        let (international, digits) = match (compact.strip_prefix('+'), compact.strip_prefix("00")) {
            (Some(rest), _) | (None, Some(rest)) => (true, rest),
            (None, None) => (false, compact.as_str()),
        };
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(TelephoneError::NotDigits);
        }
        if !international {
            let fits = digits.len() == 10 && digits.starts_with('0') && !digits.starts_with("00");
            return if fits { Ok(Self(french(&digits[1..]))) } else { Err(TelephoneError::French(digits.len())) };
        }
        if let Some(national) = digits.strip_prefix("33") {
            // « +33 (0)6… » is a common spelling.
            let national = national.strip_prefix('0').unwrap_or(national);
            return if national.len() == 9 {
                Ok(Self(french(national)))
            } else {
                Err(TelephoneError::French(national.len() + 1))
            };
        }
        // Numbers that the numbering plans don't know are accepted: the plans grow old, and people know their numbers.
        let dialled = read(None, &format!("+{digits}")).map_or_else(|| format!("+{digits}"), |(dialled, _)| dialled);
        if (8..=15).contains(&digits.len()) && (9..=16).contains(&dialled.len()) {
            Ok(Self(dialled))
        } else {
            Err(TelephoneError::International(digits.len()))
        }
    }

    /// As it is kept: `+33612345678`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A French number as it is dialled from abroad, from its nine digits after the 0: a département d’outre-mer has its
/// own country code.
fn french(national: &str) -> String {
    let typed = format!("0{national}");
    let there = |region| read(Some(region), &typed).filter(|(_, valid)| *valid).map(|(dialled, _)| dialled);
    let plain = format!("+33{national}");
    if there(Id::FR).is_some() { plain } else { OUTRE_MER.into_iter().find_map(there).unwrap_or(plain) }
}

/// Reads a number by libphonenumber's numbering plans, typed in that region or with a country code. Returns it as it is
/// dialled from abroad, and whether the plan says that it is in use.
fn read(region: Option<Id>, typed: &str) -> Option<(String, bool)> {
    let number = phonenumber::parse(region, typed).ok()?;
    Some((number.format().mode(Mode::E164).to_string(), number.is_valid()))
}

/// As people read it: « 06 12 34 56 78 »; numbers from abroad stay as they are kept, « +32470123456 ».
pub fn shown(kept: &str) -> String {
    match kept.strip_prefix("+33") {
        Some(national) if national.len() == 9 && national.bytes().all(|b| b.is_ascii_digit()) => {
            let digits = format!("0{national}");
            (0..5).map(|pair| &digits[pair * 2..pair * 2 + 2]).collect::<Vec<_>>().join(" ")
        }
        _ => kept.to_owned(),
    }
}

/// A number is personal data: logs show that there was one, not which.
impl std::fmt::Debug for Telephone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Telephone([…])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i4_a_phone_is_read_however_it_is_grouped() {
        for typed in [
            "06 12 34 56 78",
            "06.12.34.56.78",
            "0612345678",
            "+33 6 12 34 56 78",
            "0033612345678",
            "+33 (0)6 12 34 56 78",
            "\u{202A}+33 6 12 34 56 78\u{202C}",
            "06‑12–34 56\u{AD}78",
        ] {
            assert_eq!(Telephone::parse(typed).unwrap().as_str(), "+33612345678", "{typed}");
        }
        assert_eq!(Telephone::parse("+32 470 12 34 56").unwrap().as_str(), "+32470123456");
        assert_eq!(shown("+33612345678"), "06 12 34 56 78");
        assert_eq!(shown("+32470123456"), "+32470123456");
    }

    #[test]
    fn i4_the_national_0_is_not_dialled_from_abroad() {
        for (typed, kept) in [
            ("+262 (0)692 12 34 56", "+262692123456"),
            ("+262 692 12 34 56", "+262692123456"),
            ("00 262 0692 12 34 56", "+262692123456"),
            ("+590 (0)690 12 34 56", "+590690123456"),
            ("+594 (0)694 20 12 34", "+594694201234"),
            ("+596 (0)696 20 12 34", "+596696201234"),
            ("+44 (0)20 7946 0958", "+442079460958"),
            ("+32 (0)470 12 34 56", "+32470123456"),
            ("+49 (0)30 123456", "+4930123456"),
            // Where the 0 is dialled from abroad too, or there is none.
            ("+39 06 1234 5678", "+390612345678"),
            ("+352 621 123 456", "+352621123456"),
            ("+1 (202) 555-0123", "+12025550123"),
            // Of no plan that we know: as it is.
            ("+999 12345678", "+99912345678"),
        ] {
            assert_eq!(Telephone::parse(typed).unwrap().as_str(), kept, "{typed}");
            assert_eq!(Telephone::parse(&shown(kept)).unwrap().as_str(), kept, "what is shown reads back");
        }
        assert_eq!(Telephone::parse("+262 (0)6"), Err(TelephoneError::International(5)));
    }

    #[test]
    fn i4_a_number_of_outre_mer_has_its_own_indicatif() {
        for (typed, kept) in [
            ("0692 12 34 56", "+262692123456"),
            ("0262 90 12 34", "+262262901234"),
            ("0690 30 12 34", "+590690301234"),
            ("0694 20 12 34", "+594694201234"),
            ("0696 20 12 34", "+596696201234"),
            ("+33 692 12 34 56", "+262692123456"),
            // ARCEP's numbers for works of fiction are of nobody's plan, and French.
            ("06 39 98 12 34", "+33639981234"),
            ("01 99 00 12 34", "+33199001234"),
            ("08 00 12 34 56", "+33800123456"),
            ("09 70 00 00 00", "+33970000000"),
        ] {
            assert_eq!(Telephone::parse(typed).unwrap().as_str(), kept, "{typed}");
        }
    }

    #[test]
    fn i4_a_phone_that_reaches_nobody_is_refused() {
        assert_eq!(Telephone::parse("06 12 34 56"), Err(TelephoneError::French(8)));
        assert_eq!(Telephone::parse("6123456789"), Err(TelephoneError::French(10)));
        assert_eq!(Telephone::parse("+33 6 12"), Err(TelephoneError::French(4)));
        assert_eq!(Telephone::parse("+1"), Err(TelephoneError::International(1)));
        assert_eq!(Telephone::parse("bureau"), Err(TelephoneError::NotDigits));
        assert_eq!(Telephone::parse(""), Err(TelephoneError::NotDigits));
    }
}
