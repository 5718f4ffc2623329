//! SIRET: the 14 digits of an establishment (INSEE), with Luhn's key and La Poste's exception.

use std::fmt;

use crate::texte::compact;

/// A SIRET whose key is right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Siret(String);

/// Why a text is no SIRET.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SiretError {
    #[error("Un SIRET ne contient que des chiffres.")]
    NotDigits,
    /// Not 14 digits.
    #[error("Un SIRET compte 14 chiffres ; il y en a {0} ici.")]
    Length(usize),
    #[error("Ce SIRET contient une erreur de frappe : sa clé de contrôle n’est pas la bonne.")]
    Key,
}

/// SIREN of La Poste, whose establishments' digits add up to a multiple of 5 instead of fitting Luhn's key.
const LA_POSTE: &str = "356000000";

impl Siret {
    /// Reads a SIRET as people type or paste it, with spaces, dots or none.
    pub fn parse(typed: &str) -> Result<Self, SiretError> {
        let digits = compact(typed);
        if !digits.chars().all(|c| c.is_ascii_digit()) {
            return Err(SiretError::NotDigits);
        }
        if digits.len() != 14 {
            return Err(SiretError::Length(digits.len()));
        }
        let sum: u32 = digits.bytes().map(|b| u32::from(b - b'0')).sum();
        if luhn(&digits) || (digits.starts_with(LA_POSTE) && sum.is_multiple_of(5)) {
            Ok(Self(digits))
        } else {
            Err(SiretError::Key)
        }
    }

    /// The 14 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Siret {
    /// Grouped as it is printed: 200 000 172 00011.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", &self.0[..3], &self.0[3..6], &self.0[6..9], &self.0[9..])
    }
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, b)| {
            let digit = u32::from(b - b'0');
            let weighed = if place % 2 == 1 { digit * 2 } else { digit };
            if weighed > 9 { weighed - 9 } else { weighed }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i5_siret_is_checked_with_luhn_and_la_postes_exception() {
        assert_eq!(Siret::parse(" 200 000 172 00011 ").unwrap().to_string(), "200 000 172 00011");
        assert_eq!(Siret::parse("\u{200E}200 000 172\u{2011}00011\u{200B}").unwrap().as_str(), "20000017200011");
        assert_eq!(Siret::parse("20000017200012"), Err(SiretError::Key));
        assert_eq!(Siret::parse("2000001720001"), Err(SiretError::Length(13)));
        assert_eq!(Siret::parse("2000001720001A"), Err(SiretError::NotDigits));
        // La Poste: the digits add up to a multiple of five.
        assert!(Siret::parse("35600000000048").is_ok());
        assert!(Siret::parse("35600000049837").is_ok());
    }
}
