//! The profile of an intervenant as two pages of a form, *Identification* and *Parcours* (manual §3.1.2): what each
//! field may hold, and what is missing before the registration can be sent.
//!
//! Reading never fails: errors are returned beside the values that could be read, so that the page keeps these.

mod champs;
mod identification;
mod parcours;
#[cfg(test)]
mod tests;

pub use champs::{Champs, Ecart};
pub(crate) use champs::{Reader, in_order};
pub use identification::{Coordonnees, IDENTIFICATION, Identification, naissance};
pub use parcours::{LIGNE, Ligne, NIVEAUX, PARCOURS, Parcours, Rubrique};

use crate::compte::{Statut, words};
use crate::texte::fold;

/// Longest line, in characters.
pub const LINE_MAX: usize = 150;
/// Longest text (experience, motivation, description), in characters.
pub const TEXT_MAX: usize = 6_000;
/// Most languages, régions, spécialités… that one profile names.
pub const CHOICES_MAX: usize = 120;
/// The country that has postcodes of five digits.
pub const FRANCE: &str = "France";

/// What people type as their country when they mean France or a territory with the same postcodes, folded.
const FRENCH: &[&str] = &[
    "france",
    "fr",
    "france metropolitaine",
    "republique francaise",
    "guadeloupe",
    "guyane",
    "guyane francaise",
    "martinique",
    "mayotte",
    "reunion",
    "la reunion",
    "saint barthelemy",
    "saint martin",
    "saint pierre et miquelon",
    "nouvelle caledonie",
    "polynesie francaise",
    "wallis et futuna",
];

/// Whether a typed country has French postcodes, whatever its case and its accents.
pub fn is_france(pays: &str) -> bool {
    FRENCH.contains(&fold(pays).as_str())
}

words! {
    Civilite {
        Madame = "Mme",
        Monsieur = "M.",
    }
}

words! {
    /// What kind of employer a statut goes with (manual §3.3.4.2 g).
    TypeEmployeur {
        /// A public employer, proposed from the reference table.
        Public = "PUBLIC",
        /// A private one, typed.
        Prive = "PRIVÉ",
    }
}

impl Civilite {
    /// The kind in full, as the form shows it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Madame => "Madame",
            Self::Monsieur => "Monsieur",
        }
    }
}

impl Statut {
    /// The employer's kind that the statut decides; none without employer (manual §3.3.4.2 g).
    pub fn employeur(self) -> Option<TypeEmployeur> {
        match self {
            Self::Fonctionnaire | Self::AgentNonTitulaire => Some(TypeEmployeur::Public),
            Self::Independant | Self::SalariePrive => Some(TypeEmployeur::Prive),
            Self::Retraite | Self::SansActivite => None,
        }
    }
}
