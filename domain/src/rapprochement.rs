//! How well a profile answers an annonce, with the reasons (SPEC A4, G4). Each reason has its points; they add up, and
//! the same inputs give the same number: nothing is learned, nothing is hidden. A public page prints [`BAREME`].

use chrono::NaiveDate;

use crate::alertes::Sujet;
use crate::distance::plus_courte;
use crate::indisponibilite::Periode;

/// What an annonce asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demande {
    pub sujet: Sujet,
    pub departements: Vec<String>,
    /// The départements where it may take place: see [`lieux`].
    pub lieux: Vec<String>,
    /// Nobody has to travel.
    pub a_distance: bool,
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
    /// The départements where the person intervenes: see [`lieux`].
    pub lieux: Vec<String>,
    /// How much of the annonce's telling words the profile has, by their weights, from 0 to 100.
    pub mots: u8,
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
    SansSpecialite,
    MotsNombreux,
    MotsPlusieurs,
    MotsQuelques,
    /// Nobody has to travel.
    ADistance,
    /// An annonce without région.
    Nationale,
    /// One of the régions.
    Region,
    /// One of the départements, besides its région.
    Departement,
    Proche,
    Voisin,
    Eloigne,
    /// As far as the other end of the continental country.
    Loin,
    TresLoin,
    /// The person declared neither région nor département.
    LieuInconnu,
    /// Was a trainer before.
    Experience,
    /// Has intervened for the CNFPT.
    Interventions,
    /// Away for a part of the period.
    EnPartieAbsent,
    /// Away for the whole period.
    Absent,
}

/// Every reason, under the heading that the public page has for it. Of one heading a profile has one reason at most,
/// but for a région with its département, and experience with interventions.
pub const BAREME: [(&str, &[Raison]); 5] = [
    ("Spécialité", &[Raison::Specialite, Raison::SpecialiteEnPartie, Raison::SansSpecialite]),
    ("Mots de l’annonce", &[Raison::MotsNombreux, Raison::MotsPlusieurs, Raison::MotsQuelques]),
    (
        "Lieu",
        &[
            Raison::ADistance,
            Raison::Nationale,
            Raison::Region,
            Raison::Departement,
            Raison::Proche,
            Raison::Voisin,
            Raison::Eloigne,
            Raison::Loin,
            Raison::TresLoin,
            Raison::LieuInconnu,
        ],
    ),
    ("Expérience", &[Raison::Experience, Raison::Interventions]),
    ("Disponibilité", &[Raison::EnPartieAbsent, Raison::Absent]),
];

/// The words of an annonce that a profile has: the least part of their weights, in percent, and its reason.
const MOTS: [(u8, Raison); 3] = [(50, Raison::MotsNombreux), (25, Raison::MotsPlusieurs), (10, Raison::MotsQuelques)];

/// The farthest of each tier, in kilometres.
const PALIERS: [(u32, Raison); 4] =
    [(100, Raison::Proche), (250, Raison::Voisin), (500, Raison::Eloigne), (1_500, Raison::Loin)];

impl Raison {
    /// Its points, out of a hundred in all.
    pub fn points(self) -> i32 {
        match self {
            Self::Specialite => 40,
            Self::MotsNombreux => 25,
            Self::SpecialiteEnPartie | Self::ADistance | Self::Nationale => 20,
            Self::MotsPlusieurs | Self::Region => 15,
            Self::Proche => 12,
            Self::Experience => 10,
            Self::Voisin => 8,
            Self::MotsQuelques | Self::Departement | Self::Interventions => 5,
            Self::Eloigne => 3,
            Self::SansSpecialite | Self::Loin | Self::LieuInconnu => 0,
            Self::EnPartieAbsent => -10,
            Self::TresLoin | Self::Absent => -40,
        }
    }

    /// Whether it speaks against the profile: it takes points away, or gives none.
    pub fn contre(self) -> bool {
        self.points() <= 0
    }

    /// What pages say of it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Specialite => "spécialité demandée",
            Self::SpecialiteEnPartie => "une autre partie de la spécialité",
            Self::SansSpecialite => "spécialité non cochée",
            Self::MotsNombreux => "la moitié au moins des mots de l’annonce",
            Self::MotsPlusieurs => "un quart au moins des mots de l’annonce",
            Self::MotsQuelques => "un dixième au moins des mots de l’annonce",
            Self::ADistance => "intervention à distance",
            Self::Nationale => "annonce nationale",
            Self::Region => "région d’intervention",
            Self::Departement => "même département",
            Self::Proche => "à 100\u{a0}km au plus",
            Self::Voisin => "à 250\u{a0}km au plus",
            Self::Eloigne => "à 500\u{a0}km au plus",
            Self::Loin => "à 1\u{202f}500\u{a0}km au plus",
            Self::TresLoin => "à plus de 1\u{202f}500\u{a0}km",
            Self::LieuInconnu => "lieux d’intervention non renseignés",
            Self::Experience => "a déjà été formateur ou formatrice",
            Self::Interventions => "a déjà fait des interventions pour le CNFPT",
            Self::EnPartieAbsent => "indisponible une partie de la période",
            Self::Absent => "indisponible toute la période",
        }
    }
}

/// The départements that régions and départements stand for: those that are named, and of the régions of which none is
/// named, all. `referentiel` holds the code of each département with its région's.
pub fn lieux(departements: &[String], regions: &[String], referentiel: &[(&str, &str)]) -> Vec<String> {
    let named = |region: &str| {
        referentiel.iter().any(|(code, of)| *of == region && departements.iter().any(|known| known == code))
    };
    let whole: Vec<&String> = regions.iter().filter(|region| !named(region)).collect();
    let all = referentiel.iter().filter(|(_, of)| whole.iter().any(|region| region == of));
    departements.iter().cloned().chain(all.map(|(code, _)| (*code).to_owned())).collect()
}

/// How well a profile answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rapprochement {
    /// From 0 to 100.
    pub score: u8,
    pub raisons: Vec<Raison>,
    /// Between the nearest départements of both, where the distance counts.
    pub kilometres: Option<u32>,
}

/// « à environ 120 km »: the centres of two départements say no more.
fn said(kilometres: u32) -> String {
    let tens = (kilometres + 5) / 10 * 10;
    match (tens, tens / 1_000) {
        (..10, _) => "à moins de 10\u{a0}km".to_owned(),
        (_, 0) => format!("à environ {tens}\u{a0}km"),
        (_, thousands) => format!("à environ {thousands}\u{202f}{:03}\u{a0}km", tens % 1_000),
    }
}

impl Rapprochement {
    /// What pages say of a reason here, with the distance.
    pub fn dit(&self, raison: Raison) -> String {
        let tier = raison == Raison::TresLoin || PALIERS.iter().any(|(_, one)| *one == raison);
        self.kilometres.filter(|_| tier).map_or_else(|| raison.libelle().to_owned(), said)
    }

    /// What pages say for the profile.
    pub fn pour(&self) -> Vec<String> {
        self.raisons.iter().filter(|raison| !raison.contre()).map(|raison| self.dit(*raison)).collect()
    }

    /// What pages say against it.
    pub fn contre(&self) -> Vec<String> {
        self.raisons.iter().filter(|raison| raison.contre()).map(|raison| self.dit(*raison)).collect()
    }
}

/// The reasons of the place, and the kilometres where they decide.
fn lieu(demande: &Demande, offre: &Offre, raisons: &mut Vec<Raison>) -> Option<u32> {
    let regions = &demande.sujet.regions;
    if demande.a_distance {
        raisons.push(Raison::ADistance);
        return None;
    }
    if regions.is_empty() && demande.departements.is_empty() {
        raisons.push(Raison::Nationale);
        return None;
    }
    let departement = demande.departements.iter().any(|one| offre.departements.contains(one));
    if departement || regions.iter().any(|region| offre.regions.contains(region)) {
        raisons.push(Raison::Region);
        raisons.extend(departement.then_some(Raison::Departement));
        return None;
    }
    let kilometres = plus_courte(&demande.lieux, &offre.lieux);
    let tier = |far: u32| PALIERS.iter().find(|(most, _)| far <= *most).map_or(Raison::TresLoin, |(_, raison)| *raison);
    raisons.push(kilometres.map_or(Raison::LieuInconnu, tier));
    kilometres
}

/// The points of a profile for an annonce, and why.
pub fn rapprocher(demande: &Demande, offre: &Offre) -> Rapprochement {
    let mut raisons = Vec::new();
    let Sujet { specialite, sous_specialite, regions: _ } = &demande.sujet;
    let asked = sous_specialite.as_ref().unwrap_or(specialite);
    let whole = offre.specialites.contains(asked) || offre.specialites.contains(specialite);
    raisons.push(match offre.specialites_en_partie.contains(specialite) {
        _ if whole => Raison::Specialite,
        // The whole spécialité is asked for: a part of it answers.
        true if sous_specialite.is_none() => Raison::Specialite,
        true => Raison::SpecialiteEnPartie,
        false => Raison::SansSpecialite,
    });
    raisons.extend(MOTS.iter().find(|(least, _)| offre.mots >= *least).map(|(_, raison)| *raison));
    let kilometres = lieu(demande, offre, &mut raisons);
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
    Rapprochement { score: u8::try_from(points.clamp(0, 100)).unwrap_or(0), raisons, kilometres }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn of(codes: &[&str]) -> Vec<String> {
        codes.iter().map(|&code| code.into()).collect()
    }

    /// Départements with their régions, Bretagne and Normandie in part, and three far ones.
    const REFERENTIEL: [(&str, &str); 8] = [
        ("29", "53"),
        ("35", "53"),
        ("56", "53"),
        ("14", "28"),
        ("50", "28"),
        ("13", "93"),
        ("974", "04"),
        ("64", "75"),
    ];

    fn demande(sous: Option<&str>, regions: &[&str], departements: &[&str]) -> Demande {
        Demande {
            sujet: Sujet { specialite: "finances".into(), sous_specialite: sous.map(Into::into), regions: of(regions) },
            lieux: lieux(&of(departements), &of(regions), &REFERENTIEL),
            departements: of(departements),
            a_distance: false,
            du: Some(day("2027-03-01")),
            au: Some(day("2027-03-31")),
        }
    }

    fn offre(regions: &[&str], departements: &[&str]) -> Offre {
        Offre {
            regions: of(regions),
            departements: of(departements),
            lieux: lieux(&of(departements), &of(regions), &REFERENTIEL),
            ..Offre::default()
        }
    }

    /// Everything that can be asked for.
    fn budget() -> Offre {
        Offre {
            specialites: of(&["budget"]),
            specialites_en_partie: of(&["finances"]),
            mots: 80,
            experience: true,
            interventions: 2,
            ..offre(&["53"], &["29"])
        }
    }

    #[test]
    fn a4_the_score_of_a_match_is_the_sum_of_its_reasons() {
        let away = |du: &str, au: &str| vec![Periode { du: day(du), au: day(au) }];
        for (demande, offre, points) in [
            (demande(Some("budget"), &["53"], &["29"]), budget(), 100),
            (demande(Some("dette"), &["53"], &["29"]), budget(), 80),
            // The whole spécialité is asked for: a part of it answers.
            (demande(None, &["53"], &["29"]), budget(), 100),
            (demande(Some("budget"), &["53"], &[]), budget(), 95),
            // A national annonce has no place that could be far.
            (demande(Some("budget"), &[], &[]), budget(), 100),
            (
                demande(Some("budget"), &["53"], &["29"]),
                Offre { absences: away("2027-02-01", "2027-03-02"), ..budget() },
                90,
            ),
            (
                demande(Some("budget"), &["53"], &["29"]),
                Offre { absences: away("2027-02-01", "2027-04-02"), ..budget() },
                60,
            ),
            (
                demande(Some("budget"), &["53"], &["29"]),
                Offre { specialites: of(&["finances"]), ..Offre::default() },
                40,
            ),
            (demande(Some("budget"), &["53"], &["29"]), Offre::default(), 0),
            (
                demande(Some("budget"), &["53"], &["29"]),
                Offre { absences: away("2027-02-01", "2027-04-02"), ..Offre::default() },
                0,
            ),
        ] {
            let found = rapprocher(&demande, &offre);
            assert_eq!(found.score, points, "{:?}", found.raisons);
            assert_eq!(found, rapprocher(&demande, &offre), "the same inputs, the same number");
        }
    }

    #[test]
    fn g4_a_specialite_that_is_not_ticked_lowers_and_is_said() {
        let asked = demande(None, &["53"], &["29"]);
        let without = Offre { specialites: vec![], specialites_en_partie: vec![], ..budget() };
        let found = rapprocher(&asked, &without);
        assert_eq!(found.score, 60);
        assert_eq!(found.contre(), ["spécialité non cochée"]);
        // The words count by how much of their weight is found.
        for (mots, points) in [(100, 60), (50, 60), (49, 50), (25, 50), (24, 40), (10, 40), (9, 35), (0, 35)] {
            assert_eq!(rapprocher(&asked, &Offre { mots, ..without.clone() }).score, points, "{mots} %");
        }
    }

    #[test]
    fn g4_the_farther_the_fewer_points_and_the_distance_is_said() {
        let vannes = demande(Some("budget"), &["53"], &["56"]);
        let mut before = 101;
        for (regions, departements, raison, said) in [
            (&["53"][..], &["56"][..], Raison::Departement, "même département"),
            (&["53"], &["29"], Raison::Region, "région d’intervention"),
            (&[], &["35"], Raison::Proche, "à environ 90\u{a0}km"),
            (&["28"], &[], Raison::Voisin, "à environ 180\u{a0}km"),
            (&["75"], &["64"], Raison::Loin, "à environ 540\u{a0}km"),
            (&["93"], &["13"], Raison::Loin, "à environ 780\u{a0}km"),
            (&["04"], &[], Raison::TresLoin, "à environ 9\u{202f}620\u{a0}km"),
        ] {
            let profil = Offre { mots: 80, experience: true, interventions: 1, ..offre(regions, departements) };
            let profil = Offre { specialites: of(&["budget"]), ..profil };
            let found = rapprocher(&vannes, &profil);
            assert!(found.raisons.contains(&raison), "{departements:?} {regions:?}: {found:?}");
            let all = [found.pour(), found.contre()].concat();
            assert!(all.iter().any(|one| one == said), "{all:?}");
            assert!(found.score <= before, "{regions:?}: {} after {before}", found.score);
            before = found.score;
        }
        // One who would come from La Réunion for a day, and has all the rest.
        assert_eq!(before, 40);
        let nowhere = Offre { specialites: of(&["budget"]), ..Offre::default() };
        assert_eq!(rapprocher(&vannes, &nowhere).contre(), ["lieux d’intervention non renseignés"]);
    }

    #[test]
    fn g4_at_a_distance_the_place_does_not_count() {
        let here = Demande { a_distance: true, ..demande(Some("budget"), &["53"], &["56"]) };
        let (near, far) = (offre(&["53"], &["56"]), offre(&["04"], &["974"]));
        assert_eq!(rapprocher(&here, &near), rapprocher(&here, &far));
        assert_eq!(rapprocher(&here, &far).raisons, [Raison::SansSpecialite, Raison::ADistance]);
    }

    #[test]
    fn g4_a_region_stands_for_its_departements_unless_some_are_named() {
        assert_eq!(lieux(&of(&["35"]), &of(&["53", "28"]), &REFERENTIEL), ["35", "14", "50"]);
        assert_eq!(lieux(&[], &of(&["53"]), &REFERENTIEL), ["29", "35", "56"]);
        assert_eq!(lieux(&of(&["35"]), &[], &REFERENTIEL), ["35"]);
        assert!(lieux(&[], &[], &REFERENTIEL).is_empty());
    }

    #[test]
    fn g4_the_published_scale_has_every_reason_once_and_adds_up_to_a_hundred() {
        let all: Vec<Raison> = BAREME.iter().flat_map(|(_, raisons)| raisons.iter().copied()).collect();
        assert!(all.iter().map(|raison| *raison as usize).eq(0..all.len()), "{all:?}");
        assert_eq!(Raison::Absent as usize + 1, all.len(), "the last one");
        let (most, least): (i32, i32) = (
            [Raison::Specialite, Raison::MotsNombreux, Raison::Region, Raison::Departement]
                .iter()
                .chain(&[Raison::Experience, Raison::Interventions])
                .map(|raison| raison.points())
                .sum(),
            all.iter().map(|raison| raison.points()).min().unwrap_or(0),
        );
        assert_eq!((most, least), (100, -40));
        // The tiers are said as they are counted.
        for (most, raison) in PALIERS {
            let digits: String = raison.libelle().chars().filter(char::is_ascii_digit).collect();
            assert_eq!(digits, most.to_string());
        }
    }
}
