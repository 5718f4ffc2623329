//! Annonces: their life as a table, and their number.

use std::fmt;

use crate::compte::words;

words! {
    /// The life of an annonce (SPEC A4).
    EtatAnnonce {
        /// Being written; only its structure sees it.
        Brouillon = "brouillon",
        /// Numbered, found by everybody, alerts sent once.
        Publiee = "publiee",
        /// Nobody can answer any more (closed by hand or by its date).
        Cloturee = "cloturee",
        Archivee = "archivee",
    }
}

words! {
    /// What can happen to an annonce.
    Evenement {
        /// Its structure publishes it.
        Publier = "publier",
        /// Its structure closes it, or its end date has come.
        Cloturer = "cloturer",
        /// Its structure closes it: somebody was found.
        Pourvoir = "pourvoir",
        /// Its structure puts it away.
        Archiver = "archiver",
    }
}

words! {
    /// Where the intervention takes place.
    Modalite {
        Presentiel = "presentiel",
        Distance = "distance",
        /// Both.
        Mixte = "mixte",
    }
}

impl Modalite {
    /// What the page calls it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Presentiel => "En présentiel",
            Self::Distance => "À distance",
            Self::Mixte => "En présentiel et à distance",
        }
    }
}

/// Why an event can't happen now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("Cette annonce est déjà publiée.")]
    AlreadyPublished,
    #[error("Cette annonce est close : elle ne peut plus changer d’état.")]
    Closed,
    #[error("Cette annonce n’est pas encore publiée.")]
    NotPublished,
}

impl EtatAnnonce {
    /// The state after the event, or why it is refused.
    pub fn next(self, event: Evenement) -> Result<Self, Refusal> {
        match (self, event) {
            (Self::Brouillon, Evenement::Publier) => Ok(Self::Publiee),
            (Self::Publiee, Evenement::Cloturer | Evenement::Pourvoir) => Ok(Self::Cloturee),
            (Self::Brouillon | Self::Publiee | Self::Cloturee, Evenement::Archiver) => Ok(Self::Archivee),
            (Self::Publiee, Evenement::Publier) => Err(Refusal::AlreadyPublished),
            (Self::Brouillon, Evenement::Cloturer | Evenement::Pourvoir) => Err(Refusal::NotPublished),
            (Self::Cloturee | Self::Archivee, Evenement::Publier | Evenement::Cloturer | Evenement::Pourvoir)
            | (Self::Archivee, Evenement::Archiver) => Err(Refusal::Closed),
        }
    }

    /// What the page calls it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Brouillon => "brouillon",
            Self::Publiee => "publiée",
            Self::Cloturee => "close",
            Self::Archivee => "archivée",
        }
    }
}

/// The number that an annonce gets when it is published: year and rank in the year, as in 2026-0412.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumeroAnnonce {
    /// Year of publication in Paris.
    pub annee: i32,
    /// Rank in that year, from 1.
    pub rang: i64,
}

impl NumeroAnnonce {
    /// Reads a number as a person types it, with or without « n° » and leading zeros.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim().trim_start_matches(['n', 'N', '°', 'º', ' ']);
        let (annee, rang) = typed.split_once('-')?;
        let digits = |text: &str| !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
        if annee.len() != 4 || !digits(annee) || !digits(rang) {
            return None;
        }
        Some(Self { annee: annee.parse().ok()?, rang: rang.parse().ok().filter(|rang| *rang > 0)? })
    }
}

impl fmt::Display for NumeroAnnonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:04}", self.annee, self.rang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a4_the_life_of_an_annonce_as_a_table() {
        use EtatAnnonce as E;
        use Evenement as V;
        let table = [
            (E::Brouillon, V::Publier, Ok(E::Publiee)),
            (E::Brouillon, V::Cloturer, Err(Refusal::NotPublished)),
            (E::Brouillon, V::Pourvoir, Err(Refusal::NotPublished)),
            (E::Brouillon, V::Archiver, Ok(E::Archivee)),
            (E::Publiee, V::Publier, Err(Refusal::AlreadyPublished)),
            (E::Publiee, V::Cloturer, Ok(E::Cloturee)),
            (E::Publiee, V::Pourvoir, Ok(E::Cloturee)),
            (E::Publiee, V::Archiver, Ok(E::Archivee)),
            (E::Cloturee, V::Publier, Err(Refusal::Closed)),
            (E::Cloturee, V::Cloturer, Err(Refusal::Closed)),
            (E::Cloturee, V::Pourvoir, Err(Refusal::Closed)),
            (E::Cloturee, V::Archiver, Ok(E::Archivee)),
            (E::Archivee, V::Publier, Err(Refusal::Closed)),
            (E::Archivee, V::Cloturer, Err(Refusal::Closed)),
            (E::Archivee, V::Pourvoir, Err(Refusal::Closed)),
            (E::Archivee, V::Archiver, Err(Refusal::Closed)),
        ];
        assert_eq!(table.len(), E::ALL.len() * V::ALL.len());
        for (from, event, to) in table {
            assert_eq!(from.next(event), to, "{from} {event}");
        }
    }

    #[test]
    fn a1_a_number_is_read_as_people_type_it() {
        let numero = NumeroAnnonce { annee: 2026, rang: 412 };
        for typed in ["2026-0412", " n° 2026-412 ", "N°2026-0412"] {
            assert_eq!(NumeroAnnonce::parse(typed), Some(numero), "{typed}");
        }
        assert_eq!(numero.to_string(), "2026-0412");
        for typed in ["", "2026", "2026-", "26-0412", "2026-0", "2026-04a", "2026-99999999999999999999"] {
            assert_eq!(NumeroAnnonce::parse(typed), None, "{typed}");
        }
    }
}
