//! The registration of an intervenant as a state machine (manual §3.1.3 and §3.2), and its dates.

use chrono::{Months, NaiveDate, NaiveDateTime};

use crate::compte::{EtatInscription, words};
use crate::dates;
use crate::profil::TEXT_MAX;
use crate::texte::saisi;
use crate::time::{months_after, paris_day};

words! {
    /// What can happen to a registration.
    Evenement {
        /// The person sends it, for the first time or again.
        Transmettre = "transmise",
        /// A gestionnaire takes it on.
        PrendreEnCharge = "prise_en_charge",
        /// It enters the CV-thèque.
        Valider = "validee",
        Rejeter = "rejetee",
        /// The structure asks for more.
        DemanderComplement = "complement",
        /// The person opens it again, a year after the first decision.
        Representer = "representee",
        /// A gestionnaire moves it to another structure's queue.
        Reaffecter = "reaffectee",
        /// The complement never came: the account is archived.
        Archiver = "archivee",
    }
}

/// Why something can't happen to a registration as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(
        "Votre inscription est en cours d’analyse : elle ne peut pas être modifiée avant la réponse de la structure."
    )]
    Locked,
    #[error(
        "Votre inscription n’a pas été retenue : elle peut être présentée à nouveau un an après sa première analyse."
    )]
    Rejected,
    #[error("Cette inscription est déjà validée.")]
    Validated,
    /// The person has intervened: data that the internal software has are not changed here (manual §3.3.2).
    #[error(
        "Vous avez une immatriculation : ces informations ne se modifient plus en ligne. Écrivez-nous depuis « Aide et contact » pour les faire corriger."
    )]
    Immatriculated,
    #[error("Cette inscription n’est pas transmise : il n’y a rien à décider.")]
    NotSent,
}

/// The parts of the profile that are changed separately (manual §3.3.2). A new part is frozen by an immatriculation
/// unless [`Self::frozen`] says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Volet {
    /// « Mes informations »: identity, birth, address, phones, statut, employer, zones, structure.
    Informations,
    /// « Mon parcours », with its rows and files.
    Parcours,
}

impl Volet {
    /// Whether an immatriculation freezes it.
    fn frozen(self) -> bool {
        !matches!(self, Self::Parcours)
    }

    /// Whether the person may change it, as their registration stands.
    pub fn modifiable(self, etat: EtatInscription, immatricule: bool) -> Result<(), Refusal> {
        etat.editable()?;
        if immatricule && self.frozen() { Err(Refusal::Immatriculated) } else { Ok(()) }
    }
}

/// What a gestionnaire does with a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    PrendreEnCharge,
    /// Lets it into the CV-thèque.
    Valider,
    Rejeter {
        motif: String,
        texte: String,
    },
    DemanderComplement {
        motif: String,
        texte: String,
    },
}

impl Decision {
    pub fn evenement(&self) -> Evenement {
        match self {
            Self::PrendreEnCharge => Evenement::PrendreEnCharge,
            Self::Valider => Evenement::Valider,
            Self::Rejeter { .. } => Evenement::Rejeter,
            Self::DemanderComplement { .. } => Evenement::DemanderComplement,
        }
    }

    /// The code of the decision's reason and the text for the person; each is empty when there is none.
    pub fn explication(&self) -> (&str, &str) {
        match self {
            Self::Rejeter { motif, texte } | Self::DemanderComplement { motif, texte } => (motif, texte),
            Self::PrendreEnCharge | Self::Valider => ("", ""),
        }
    }
}

impl EtatInscription {
    /// The state that follows an event.
    ///
    /// The [`Refusal`] that says where the registration stands instead. It does not check that a year has passed before
    /// [`Evenement::Representer`]: see [`presentable_from`].
    pub fn next(self, event: Evenement) -> Result<Self, Refusal> {
        use Evenement as E;
        match (self, event) {
            (Self::Brouillon | Self::Complement, E::Transmettre)
            | (Self::Transmise | Self::EnAnalyse, E::Reaffecter) => Ok(Self::Transmise),
            (Self::Transmise | Self::EnAnalyse, E::PrendreEnCharge) => Ok(Self::EnAnalyse),
            (Self::Transmise | Self::EnAnalyse, E::Valider) => Ok(Self::Validee),
            (Self::Transmise | Self::EnAnalyse, E::Rejeter) => Ok(Self::Rejetee),
            (Self::Transmise | Self::EnAnalyse, E::DemanderComplement) | (Self::Complement, E::Archiver) => {
                Ok(Self::Complement)
            }
            (Self::Rejetee, E::Representer) => Ok(Self::Brouillon),
            (Self::Transmise | Self::EnAnalyse, E::Transmettre | E::Representer | E::Archiver) => Err(Refusal::Locked),
            (Self::Brouillon | Self::Complement, _) | (Self::Rejetee | Self::Validee, E::Reaffecter) => {
                Err(Refusal::NotSent)
            }
            (Self::Rejetee, _) => Err(Refusal::Rejected),
            (Self::Validee, _) => Err(Refusal::Validated),
        }
    }

    /// Whether the person may change the form (manual §3.1.3: not while the structure has it).
    pub fn editable(self) -> Result<(), Refusal> {
        match self {
            Self::Brouillon | Self::Complement | Self::Validee => Ok(()),
            Self::Transmise | Self::EnAnalyse => Err(Refusal::Locked),
            Self::Rejetee => Err(Refusal::Rejected),
        }
    }

    /// Whether the structure has to treat it.
    pub fn waits_for_structure(self) -> bool {
        matches!(self, Self::Transmise | Self::EnAnalyse)
    }

    /// What the pages call it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Brouillon => "à compléter",
            Self::Transmise => "transmise",
            Self::EnAnalyse => "en cours d’analyse",
            Self::Complement => "complément demandé",
            Self::Validee => "validée",
            Self::Rejetee => "non retenue",
        }
    }
}

/// What a gestionnaire writes to the person with a decision, made clean.
pub fn reponse(typed: &str) -> Result<String, String> {
    let text = saisi(typed);
    let text = text.trim();
    let length = text.chars().count();
    if text.is_empty() {
        return Err("Écrivez ce que la personne doit savoir : elle le reçoit par courriel.".to_owned());
    }
    if length > TEXT_MAX {
        return Err(format!("Ce texte est trop long : {length} caractères, pour {TEXT_MAX} au plus."));
    }
    Ok(text.to_owned())
}

/// From which day a refused registration can be presented again: one year after the structure's first decision of any
/// kind (manual §3.2.1; 29 February becomes 28 February).
pub fn presentable_from(premiere_decision: NaiveDateTime) -> NaiveDate {
    let day = paris_day(premiere_decision);
    day.checked_add_months(Months::new(12)).unwrap_or(NaiveDate::MAX)
}

/// When a complement is due: two months after it is asked for (manual §3.2.2).
pub fn complement_due(demande: NaiveDateTime) -> NaiveDateTime {
    months_after(demande, 2)
}

/// How long before the archiving the person is warned, in days (SPEC I16).
pub const WARNINGS_DAYS: [i64; 2] = [14, 3];

/// The last day on which a complement can be sent, in words: « 25 janvier 2027 ».
pub fn last_day(due: NaiveDateTime) -> String {
    // The deadline is the midnight that ends the day.
    dates::jour(paris_day(due - chrono::Duration::seconds(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i14_the_life_of_a_registration_as_a_table() {
        use EtatInscription::{Brouillon, Complement, EnAnalyse, Rejetee, Transmise, Validee};
        use Evenement::{
            Archiver, DemanderComplement, PrendreEnCharge, Reaffecter, Rejeter, Representer, Transmettre, Valider,
        };
        let allowed = [
            (Brouillon, Transmettre, Transmise),
            (Complement, Transmettre, Transmise),
            (Transmise, PrendreEnCharge, EnAnalyse),
            (EnAnalyse, PrendreEnCharge, EnAnalyse),
            (Transmise, Valider, Validee),
            (EnAnalyse, Valider, Validee),
            (Transmise, Rejeter, Rejetee),
            (EnAnalyse, Rejeter, Rejetee),
            (Transmise, DemanderComplement, Complement),
            (EnAnalyse, DemanderComplement, Complement),
            (Rejetee, Representer, Brouillon),
            (Transmise, Reaffecter, Transmise),
            (EnAnalyse, Reaffecter, Transmise),
            (Complement, Archiver, Complement),
        ];
        for &etat in EtatInscription::ALL {
            for &event in Evenement::ALL {
                let expected = allowed.iter().find(|row| (row.0, row.1) == (etat, event)).map(|row| row.2);
                assert_eq!(etat.next(event).ok(), expected, "{etat} {event}");
            }
        }
    }

    #[test]
    fn i14_what_the_structure_has_is_locked() {
        assert_eq!(EtatInscription::Transmise.editable(), Err(Refusal::Locked));
        assert_eq!(EtatInscription::EnAnalyse.editable(), Err(Refusal::Locked));
        assert_eq!(EtatInscription::Rejetee.editable(), Err(Refusal::Rejected));
        for open in [EtatInscription::Brouillon, EtatInscription::Complement, EtatInscription::Validee] {
            assert_eq!(open.editable(), Ok(()));
        }
    }

    #[test]
    fn c3_an_immatriculation_freezes_all_but_the_parcours() {
        let validated = EtatInscription::Validee;
        assert_eq!(Volet::Informations.modifiable(validated, false), Ok(()));
        assert_eq!(Volet::Informations.modifiable(validated, true), Err(Refusal::Immatriculated));
        assert_eq!(Volet::Parcours.modifiable(validated, true), Ok(()));
        assert_eq!(Volet::Parcours.modifiable(EtatInscription::Transmise, true), Err(Refusal::Locked));
    }

    fn at(y: i32, m: u32, d: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(y, m, d).unwrap().and_hms_opt(10, 0, 0).unwrap()
    }

    #[test]
    fn i15_a_refused_registration_comes_back_a_year_after_the_first_decision() {
        assert_eq!(presentable_from(at(2026, 11, 25)).to_string(), "2027-11-25");
        assert_eq!(presentable_from(at(2028, 2, 29)).to_string(), "2029-02-28");
    }

    #[test]
    fn g2_what_is_written_with_a_decision_is_a_bounded_text() {
        assert_eq!(reponse(" Bonjour,\r\n\r\nvos dates ? ").as_deref(), Ok("Bonjour,\n\nvos dates ?"));
        assert_eq!(reponse("un\u{0}deux,\u{B}trois").as_deref(), Ok("undeux,\ntrois"));
        assert_eq!(reponse(&"é".repeat(TEXT_MAX)).map(|text| text.chars().count()), Ok(TEXT_MAX));
        for refused in ["", " \n ", &"é".repeat(TEXT_MAX + 1), "\u{0}\u{200B}"] {
            assert!(reponse(refused).is_err(), "{refused:.20}");
        }
    }

    #[test]
    fn i16_a_complement_is_waited_for_two_months() {
        let due = complement_due(at(2026, 12, 31));
        assert_eq!(last_day(due), "28 février 2027");
    }
}
