//! Interventions for the CNFPT: planned, under way, done or cancelled (SPEC C2, X1).

use chrono::NaiveDate;

use crate::compte::words;

/// Most hours that one intervention may count: a year of full days.
pub const HEURES_MAX: i32 = 2_000;

words! {
    /// Where an intervention stands.
    EtatIntervention {
        /// It is to come.
        Prevue = "prevue",
        EnCours = "en_cours",
        Realisee = "realisee",
        /// It will not, or did not, take place.
        Annulee = "annulee",
    }
}

impl EtatIntervention {
    /// What the page calls it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Prevue => "Prévue",
            Self::EnCours => "En cours",
            Self::Realisee => "Réalisée",
            Self::Annulee => "Annulée",
        }
    }

    /// Why it can't be in that state with these days, seen from `today`; none when it can.
    pub fn refusal(self, du: NaiveDate, au: NaiveDate, today: NaiveDate) -> Option<&'static str> {
        match self {
            Self::Prevue if au < today => {
                Some("Une intervention prévue n’est pas terminée : sa fin est déjà passée. Choisissez un autre état.")
            }
            Self::EnCours if today < du || au < today => Some(
                "Une intervention en cours a commencé et n’est pas terminée : ses dates ne comprennent pas aujourd’hui.",
            ),
            Self::Realisee if today < au => {
                Some("Une intervention réalisée est terminée : sa fin est encore à venir. Choisissez un autre état.")
            }
            Self::Prevue | Self::EnCours | Self::Realisee | Self::Annulee => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c2_the_state_of_an_intervention_goes_with_its_days() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
        let fits = |etat: EtatIntervention, du, au| etat.refusal(day(du), day(au), day(15)).is_none();
        assert!(fits(EtatIntervention::Prevue, 16, 20) && !fits(EtatIntervention::Prevue, 10, 14));
        assert!(fits(EtatIntervention::EnCours, 15, 15) && !fits(EtatIntervention::EnCours, 16, 20));
        assert!(fits(EtatIntervention::Realisee, 10, 15) && !fits(EtatIntervention::Realisee, 10, 16));
        for etat in EtatIntervention::ALL {
            assert_eq!(EtatIntervention::from_word(etat.as_str()), Some(*etat));
            assert!(!etat.libelle().is_empty());
        }
        assert!(fits(EtatIntervention::Annulee, 1, 30));
    }
}
