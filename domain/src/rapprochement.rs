//! How well a profile answers an annonce, with the reasons (SPEC A4, G4). Each reason has its points; they add up, and
//! the same inputs give the same number: nothing is learned, nothing is hidden.

use chrono::NaiveDate;

use crate::alertes::Sujet;
use crate::indisponibilite::Periode;

/// What an annonce asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demande {
    pub sujet: Sujet,
    pub departements: Vec<String>,
    pub du: Option<NaiveDate>,
    pub au: Option<NaiveDate>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offre {
    /// Codes of spécialités taken whole and of sous-spécialités.
    pub specialites: Vec<String>,
    /// Codes of the spécialités of which only a sous-spécialité is chosen.
    pub specialites_en_partie: Vec<String>,
    pub regions: Vec<String>,
    pub departements: Vec<String>,
    pub absences: Vec<Periode>,
    /// Whether they were a trainer before.
    pub experience: bool,
    pub interventions: usize,
}

/// Why a profile has its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Raison {
    /// The sous-spécialité itself, or the whole spécialité that was asked for.
    Specialite,
    /// Another part of the spécialité.
    SpecialiteEnPartie,
    /// One of the régions, or a national annonce.
    Region,
    /// One of the départements.
    Departement,
    /// Was a trainer before.
    Experience,
    /// Has intervened for the CNFPT.
    Interventions,
    /// Away for a part of the period.
    EnPartieAbsent,
    /// Away for the whole period.
    Absent,
}

impl Raison {
    /// Its points, out of a hundred in all.
    pub fn points(self) -> i32 {
        match self {
            Self::Specialite => 50,
            Self::SpecialiteEnPartie | Self::Region => 25,
            Self::Departement | Self::Experience => 10,
            Self::Interventions => 5,
            Self::EnPartieAbsent => -10,
            Self::Absent => -40,
        }
    }

    /// What pages say of it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Specialite => "spécialité demandée",
            Self::SpecialiteEnPartie => "une autre partie de la spécialité",
            Self::Region => "région d’intervention",
            Self::Departement => "département d’intervention",
            Self::Experience => "a déjà été formateur ou formatrice",
            Self::Interventions => "est déjà intervenu pour le CNFPT",
            Self::EnPartieAbsent => "indisponible une partie de la période",
            Self::Absent => "indisponible toute la période",
        }
    }
}

/// The points of a profile for an annonce, from 0 to 100, and why.
pub fn rapprocher(demande: &Demande, offre: &Offre) -> (u8, Vec<Raison>) {
    let mut raisons = Vec::new();
    let Sujet { specialite, sous_specialite, regions } = &demande.sujet;
    let asked = sous_specialite.as_ref().unwrap_or(specialite);
    if offre.specialites.contains(asked) || offre.specialites.contains(specialite) {
        raisons.push(Raison::Specialite);
    } else if offre.specialites_en_partie.contains(specialite) {
        let whole = sous_specialite.is_none();
        raisons.push(if whole { Raison::Specialite } else { Raison::SpecialiteEnPartie });
    }
    if regions.is_empty() || regions.iter().any(|region| offre.regions.contains(region)) {
        raisons.push(Raison::Region);
    }
    if !demande.departements.is_empty() && demande.departements.iter().any(|one| offre.departements.contains(one)) {
        raisons.push(Raison::Departement);
    }
    if offre.experience {
        raisons.push(Raison::Experience);
    }
    if offre.interventions > 0 {
        raisons.push(Raison::Interventions);
    }
    if let (Some(du), Some(au)) = (demande.du, demande.au) {
        if offre.absences.iter().any(|away| away.du <= du && au <= away.au) {
            raisons.push(Raison::Absent);
        } else if offre.absences.iter().any(|away| away.du <= au && du <= away.au) {
            raisons.push(Raison::EnPartieAbsent);
        }
    }
    let points: i32 = raisons.iter().map(|raison| raison.points()).sum();
    (u8::try_from(points.clamp(0, 100)).unwrap_or(0), raisons)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a4_the_score_of_a_match_is_the_sum_of_its_reasons() {
        let demande = |sous: Option<&str>, regions: &[&str]| Demande {
            sujet: Sujet {
                specialite: "finances".into(),
                sous_specialite: sous.map(Into::into),
                regions: regions.iter().map(|&code| code.into()).collect(),
            },
            departements: vec!["29".into()],
            du: Some(day("2027-03-01")),
            au: Some(day("2027-03-31")),
        };
        let of = |codes: &[&str]| -> Vec<String> { codes.iter().map(|&code| code.into()).collect() };
        let away = |du: &str, au: &str| vec![Periode { du: day(du), au: day(au) }];
        let budget = Offre {
            specialites: of(&["budget"]),
            specialites_en_partie: of(&["finances"]),
            regions: of(&["53"]),
            departements: of(&["29"]),
            experience: true,
            interventions: 2,
            ..Offre::default()
        };
        for (demande, offre, points) in [
            (demande(Some("budget"), &["53"]), budget.clone(), 100),
            (demande(Some("dette"), &["53"]), budget.clone(), 75),
            // The whole spécialité is asked for: a part of it answers.
            (demande(None, &["53"]), budget.clone(), 100),
            (demande(Some("budget"), &["28"]), budget.clone(), 75),
            (demande(Some("budget"), &[]), budget.clone(), 100),
            (
                demande(Some("budget"), &["53"]),
                Offre { absences: away("2027-02-01", "2027-03-02"), ..budget.clone() },
                90,
            ),
            (
                demande(Some("budget"), &["53"]),
                Offre { absences: away("2027-02-01", "2027-04-02"), ..budget.clone() },
                60,
            ),
            (demande(Some("budget"), &["53"]), Offre { specialites: of(&["finances"]), ..Offre::default() }, 50),
            (demande(Some("budget"), &["53"]), Offre::default(), 0),
            (
                demande(Some("budget"), &["53"]),
                Offre { absences: away("2027-02-01", "2027-04-02"), ..Offre::default() },
                0,
            ),
        ] {
            let (score, raisons) = rapprocher(&demande, &offre);
            assert_eq!(score, points, "{raisons:?}");
        }
    }
}
