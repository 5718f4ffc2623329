//! The number under which the CNFPT's own software knows an intervenant who has worked (manual §3.3.2, SPEC C3).

use crate::texte::saisi;

/// Longest number, in characters.
pub const MAX: usize = 20;

/// A number of immatriculation: capital letters, digits and hyphens.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Immatriculation(String);

/// Why a text is no such number.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ImmatriculationError {
    #[error("Indiquez le numéro d’immatriculation.")]
    Empty,
    #[error("Une immatriculation se compose de chiffres et de lettres sans accent, avec au moins un chiffre.")]
    Malformed,
    #[error("Une immatriculation compte {MAX} caractères au plus ; il y en a {0} ici.")]
    TooLong(usize),
}

impl Immatriculation {
    /// Reads a number however it is spaced and whatever its case.
    pub fn parse(typed: &str) -> Result<Self, ImmatriculationError> {
        let compact: String = saisi(typed).chars().filter(|c| !c.is_whitespace()).collect();
        if compact.is_empty() {
            return Err(ImmatriculationError::Empty);
        }
        let length = compact.chars().count();
        if length > MAX {
            return Err(ImmatriculationError::TooLong(length));
        }
        let fits = compact.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && compact.bytes().any(|b| b.is_ascii_digit())
            && !compact.starts_with('-')
            && !compact.ends_with('-');
        if fits { Ok(Self(compact.to_ascii_uppercase())) } else { Err(ImmatriculationError::Malformed) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A number that stands for one person: logs show that there was one, not which.
impl std::fmt::Debug for Immatriculation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Immatriculation([…])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c3_an_immatriculation_is_one_number_however_typed() {
        assert_eq!(Immatriculation::parse(" f 0012-34b ").unwrap().as_str(), "F0012-34B");
        assert_eq!(Immatriculation::parse("  "), Err(ImmatriculationError::Empty));
        assert_eq!(Immatriculation::parse("ABC"), Err(ImmatriculationError::Malformed));
        assert_eq!(Immatriculation::parse("É12"), Err(ImmatriculationError::Malformed));
        assert_eq!(Immatriculation::parse("12'; --"), Err(ImmatriculationError::Malformed));
        assert_eq!(Immatriculation::parse(&"1".repeat(21)), Err(ImmatriculationError::TooLong(21)));
        assert_eq!(format!("{:?}", Immatriculation::parse("F12").unwrap()), "Immatriculation([…])");
    }
}
