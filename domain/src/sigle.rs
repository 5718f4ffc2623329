//! The field's acronyms (sigles) with what they stand for: « DRH, direction des ressources humaines ». Queries are
//! understood both ways.

use crate::texte::fold;

/// Most lines of the list: it is kept by hand, and read by every search.
pub const LISTE_MAX: usize = 300;
/// Longest sigle, in characters.
pub const ABREGE_MAX: usize = 20;
/// Longest sense, in characters.
pub const SENS_MAX: usize = 120;
/// Most words of a sense: the index looks for no longer one.
pub const MOTS_MAX: usize = 16;

/// Why a sigle or its sense is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigleError {
    #[error("Indiquez le sigle : « DRH ».")]
    NoSigle,
    #[error("Un sigle compte {ABREGE_MAX} caractères au plus ; il y en a {0} ici.")]
    SigleTooLong(usize),
    #[error("Indiquez ce que le sigle veut dire : « direction des ressources humaines ».")]
    NoSense,
    #[error("Le sens d’un sigle compte {SENS_MAX} caractères au plus ; il y en a {0} ici.")]
    SenseTooLong(usize),
    #[error(
        "Une recherche reconnaît un sens de {MOTS_MAX} mots au plus ; il y en a {0} ici. Gardez les mots qui le désignent."
    )]
    TooManyWords(usize),
}

impl SigleError {
    /// Whether it is the sense that is wrong.
    pub fn is_of_sense(self) -> bool {
        matches!(self, Self::NoSense | Self::SenseTooLong(_) | Self::TooManyWords(_))
    }
}

/// Everything that is wrong with a sigle and its sense, each a clean line.
pub fn wrong(abrege: &str, sens: &str) -> Vec<SigleError> {
    let (long, longer, words) = (abrege.chars().count(), sens.chars().count(), mots(sens));
    let of_sigle = match long {
        _ if fold(abrege).is_empty() => Some(SigleError::NoSigle),
        long if long > ABREGE_MAX => Some(SigleError::SigleTooLong(long)),
        _ => None,
    };
    let of_sense = match (longer, words) {
        (_, 0) => Some(SigleError::NoSense),
        (longer, _) if longer > SENS_MAX => Some(SigleError::SenseTooLong(longer)),
        (_, words) if words > MOTS_MAX => Some(SigleError::TooManyWords(words)),
        _ => None,
    };
    of_sigle.into_iter().chain(of_sense).collect()
}

fn mots(sens: &str) -> usize {
    fold(sens).split(' ').filter(|word| !word.is_empty()).count()
}

/// What two lines share that say the same: « AP/CP » and « APCP » are one sigle.
pub fn cle(abrege: &str, sens: &str) -> String {
    format!("{}-{}", fold(abrege).replace(' ', ""), fold(sens).replace(' ', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g7_a_sigle_is_told_from_another_without_accents_signs_or_case() {
        assert_eq!(cle("DRH", "Direction des ressources humaines"), "drh-direction-des-ressources-humaines");
        assert_eq!(cle("AP/CP", "crédits"), cle("apcp", "CRÉDITS"));
    }

    #[test]
    fn g7_what_is_wrong_with_a_sigle_is_said() {
        assert_eq!(wrong("DRH", "direction des ressources humaines"), []);
        assert_eq!(wrong("--", " "), [SigleError::NoSigle, SigleError::NoSense]);
        assert_eq!(
            wrong(&"A".repeat(21), &"b".repeat(121)),
            [SigleError::SigleTooLong(21), SigleError::SenseTooLong(121)]
        );
        assert_eq!(wrong("X", "a b c d e f g h i j k l m n o l’p"), [SigleError::TooManyWords(17)]);
    }
}
