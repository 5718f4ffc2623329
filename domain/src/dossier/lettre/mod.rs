//! The « lettre de demande » that a complete dossier allows (manual §3.3.5, SPEC D13): its life, its number, and what
//! it says.

mod contenu;

pub use contenu::{
    CONTENU, Contenu, DUREE_MAX_QUARTS, Duree, Facture, MONTANT_MAX_CENTIMES, PERIODES_MAX, Paiement, Periode,
    UnitePaiement,
};

use std::fmt;

use crate::compte::words;

words! {
    /// What a letter asks for (manual §3.3.5).
    TypeLettre {
        Intervention = "intervention",
        Ressources = "ressources",
    }
}

impl TypeLettre {
    /// What pages, emails and the letter call it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Intervention => "Lettre de demande d’intervention",
            Self::Ressources => "Lettre de demande de ressources",
        }
    }
}

words! {
    /// Where a letter stands.
    EtatLettre {
        /// Being written; only its structure sees it.
        Brouillon = "brouillon",
        /// Numbered and sent to the person, who has not answered.
        Envoyee = "envoyee",
        Acceptee = "acceptee",
        Declinee = "declinee",
        /// The structure took it back.
        Annulee = "annulee",
    }
}

words! {
    /// What can happen to a letter.
    Evenement {
        /// Its structure changes what it says.
        Modifier = "modifier",
        /// Its structure sends it: it gets its number.
        Envoyer = "envoyer",
        /// The person acknowledges and accepts it (decided: no electronic signature is claimed).
        Accepter = "accepter",
        /// The person declines it.
        Decliner = "decliner",
        /// Its structure takes it back, before or after it was accepted.
        Annuler = "annuler",
    }
}

/// Why something can't happen to a letter as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("Cette lettre est envoyée : elle ne change plus. Annulez-la, et préparez-en une autre.")]
    Sent,
    #[error("Cette lettre n’est pas envoyée.")]
    NotSent,
    #[error("Il a déjà été répondu à cette lettre : pour revenir sur cette réponse, écrivez à la structure.")]
    Answered,
    #[error("Cette lettre a été déclinée : il n’y a rien à annuler.")]
    Declined,
    #[error("Cette lettre a été annulée par la structure.")]
    Cancelled,
    #[error("C’est déjà fait.")]
    Already,
}

impl EtatLettre {
    /// The state after the event.
    pub fn next(self, event: Evenement) -> Result<Self, Refusal> {
        use Evenement as E;
        match (self, event) {
            (Self::Brouillon, E::Modifier) => Ok(Self::Brouillon),
            (Self::Brouillon, E::Envoyer) => Ok(Self::Envoyee),
            (Self::Envoyee, E::Accepter) => Ok(Self::Acceptee),
            (Self::Envoyee, E::Decliner) => Ok(Self::Declinee),
            (Self::Brouillon | Self::Envoyee | Self::Acceptee, E::Annuler) => Ok(Self::Annulee),
            (Self::Brouillon, E::Accepter | E::Decliner) => Err(Refusal::NotSent),
            (Self::Envoyee | Self::Acceptee | Self::Declinee, E::Modifier)
            | (Self::Acceptee | Self::Declinee, E::Envoyer) => Err(Refusal::Sent),
            (Self::Envoyee, E::Envoyer)
            | (Self::Acceptee, E::Accepter)
            | (Self::Declinee, E::Decliner)
            | (Self::Annulee, E::Annuler) => Err(Refusal::Already),
            (Self::Acceptee, E::Decliner) | (Self::Declinee, E::Accepter) => Err(Refusal::Answered),
            (Self::Declinee, E::Annuler) => Err(Refusal::Declined),
            (Self::Annulee, E::Modifier | E::Envoyer | E::Accepter | E::Decliner) => Err(Refusal::Cancelled),
        }
    }

    /// What pages and emails call it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Brouillon => "brouillon",
            Self::Envoyee => "en attente de réponse",
            Self::Acceptee => "acceptée",
            Self::Declinee => "déclinée",
            Self::Annulee => "annulée",
        }
    }
}

/// The number that a letter gets when it is sent: code of its structure, year and rank, as in BRETAGNE-2026-0042.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumeroLettre {
    structure: String,
    annee: i32,
    rang: i64,
}

/// Longest code of a structure, in characters.
const CODE_MAX: usize = 60;

impl NumeroLettre {
    /// The number of rank `rang`, from 1, in the year `annee` (in Paris) of the structure with that code; none when the
    /// code is not valid or a number is out of bounds.
    pub fn new(structure: &str, annee: i32, rang: i64) -> Option<Self> {
        let structure = structure.to_ascii_lowercase();
        let code = !structure.is_empty()
            && structure.len() <= CODE_MAX
            && structure.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !structure.starts_with('-')
            && !structure.ends_with('-');
        (code && (1000..=9999).contains(&annee) && (1..=999_999_999).contains(&rang)).then_some(Self {
            structure,
            annee,
            rang,
        })
    }

    /// Reads a number as a person types it, with or without « n° » and leading zeros, whatever its case.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        let typed = ["n°", "N°", "nº", "Nº"].iter().find_map(|sign| typed.strip_prefix(sign)).unwrap_or(typed);
        // A code may hold hyphens and even end in digits: the year and the rank are the last two parts.
        let mut parts = typed.trim().rsplitn(3, '-');
        let (rang, annee, structure) = (parts.next()?, parts.next()?, parts.next()?);
        let digits = |text: &str| !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
        if annee.len() != 4 || !digits(annee) || !digits(rang) {
            return None;
        }
        Self::new(structure, annee.parse().ok()?, rang.parse().ok()?)
    }

    /// The series in which letters of a structure and a year are counted, without a gap.
    pub fn serie(structure: &str, annee: i32) -> String {
        format!("lettre-{}-{annee}", structure.to_ascii_lowercase())
    }

    /// The code of the structure, in lower case.
    pub fn structure(&self) -> &str {
        &self.structure
    }

    /// The year.
    pub fn annee(&self) -> i32 {
        self.annee
    }

    pub fn rang(&self) -> i64 {
        self.rang
    }
}

impl fmt::Display for NumeroLettre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:04}-{:04}", self.structure.to_ascii_uppercase(), self.annee, self.rang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d13_the_life_of_a_letter_as_a_table() {
        use EtatLettre::{Acceptee, Annulee, Brouillon, Declinee, Envoyee};
        use Refusal::{Already, Answered, Cancelled, Declined, NotSent, Sent};
        // Modifier, Envoyer, Accepter, Decliner, Annuler
        let table: [(EtatLettre, [Result<EtatLettre, Refusal>; 5]); 5] = [
            (Brouillon, [Ok(Brouillon), Ok(Envoyee), Err(NotSent), Err(NotSent), Ok(Annulee)]),
            (Envoyee, [Err(Sent), Err(Already), Ok(Acceptee), Ok(Declinee), Ok(Annulee)]),
            (Acceptee, [Err(Sent), Err(Sent), Err(Already), Err(Answered), Ok(Annulee)]),
            (Declinee, [Err(Sent), Err(Sent), Err(Answered), Err(Already), Err(Declined)]),
            (Annulee, [Err(Cancelled), Err(Cancelled), Err(Cancelled), Err(Cancelled), Err(Already)]),
        ];
        assert_eq!((table.len(), Evenement::ALL.len()), (EtatLettre::ALL.len(), 5));
        for (etat, row) in table {
            for (&event, expected) in Evenement::ALL.iter().zip(row) {
                assert_eq!(etat.next(event), expected, "{etat} {event}");
            }
        }
    }

    #[test]
    fn d13_a_letter_has_a_number_of_its_structure_and_year() {
        let numero = NumeroLettre::new("bretagne", 2026, 42).unwrap();
        assert_eq!(numero.to_string(), "BRETAGNE-2026-0042");
        for typed in ["BRETAGNE-2026-0042", " n° bretagne-2026-42 ", "N°Bretagne-2026-042"] {
            assert_eq!(NumeroLettre::parse(typed).as_ref(), Some(&numero), "{typed}");
        }
        for (code, annee, rang) in [("provence-alpes-cote-d-azur", 2027, 12_345), ("annexe-2026", 2026, 1)] {
            let numero = NumeroLettre::new(code, annee, rang).unwrap();
            assert_eq!(NumeroLettre::parse(&numero.to_string()), Some(numero), "{code}");
        }
        for typed in [
            "",
            "BRE",
            "2026-0042",
            "-2026-0042",
            "BRE-26-0042",
            "BRE-2026-0",
            "BRE-2026-4a",
            "BR E-2026-1",
            "É-2026-1",
        ] {
            assert_eq!(NumeroLettre::parse(typed), None, "{typed}");
        }
        assert_eq!(NumeroLettre::serie("bretagne", 2026), "lettre-bretagne-2026");
    }
}
