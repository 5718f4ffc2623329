//! Matching an annonce with the alerts (manual §8): boxes 1 and 2 add up, box 3 is restrictive and stands alone.
//!
//! An alert on a spécialité covers its sous-spécialités, one on a sous-spécialité covers itself; an annonce without
//! région is national and is in every région (SPEC L1).

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime};

use crate::CompteId;
use crate::compte::words;
use crate::profil::Champs;
use crate::time::{paris_day, start_of_paris_day};

/// The tick boxes of §8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Regle {
    /// No alert.
    #[default]
    Aucune,
    /// Box 1: my spécialités.
    Specialites,
    /// Box 2: my régions.
    Regions,
    /// Boxes 1 and 2: either is enough.
    SpecialitesOuRegions,
    /// Box 3: both at once.
    SpecialitesEtRegions,
}

/// Box 3 is ticked together with box 1 or 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "La troisième case est restrictive : cochez-la seule, ou cochez l’une des deux premières (ou les deux), mais pas les trois ensemble."
)]
pub struct Contradiction;

impl Regle {
    /// From the three boxes as they are ticked.
    pub fn from_boxes(specialites: bool, regions: bool, les_deux: bool) -> Result<Self, Contradiction> {
        match (specialites, regions, les_deux) {
            (false, false, false) => Ok(Self::Aucune),
            (true, false, false) => Ok(Self::Specialites),
            (false, true, false) => Ok(Self::Regions),
            (true, true, false) => Ok(Self::SpecialitesOuRegions),
            (false, false, true) => Ok(Self::SpecialitesEtRegions),
            (_, _, true) => Err(Contradiction),
        }
    }

    /// From the boxes that are ticked in a form.
    ///
    /// # Errors
    /// See [`Self::from_boxes`].
    pub fn of_form(champs: &Champs) -> Result<Self, Contradiction> {
        let ticked = |word: &str| champs.all("alertes").any(|value| value == word);
        Self::from_boxes(ticked("specialites"), ticked("regions"), ticked("specialites_et_regions"))
    }

    pub fn boxes(self) -> (bool, bool, bool) {
        match self {
            Self::Aucune => (false, false, false),
            Self::Specialites => (true, false, false),
            Self::Regions => (false, true, false),
            Self::SpecialitesOuRegions => (true, true, false),
            Self::SpecialitesEtRegions => (false, false, true),
        }
    }
}

words! {
    /// How often somebody is told by email (SPEC L3). The live notification comes at once whatever it is.
    Frequence {
        /// One email for each annonce, at once.
        Instantanee = "instantanee",
        /// One email a day, at [`DIGEST_HOUR`] in Paris, when there is something to tell.
        Quotidienne = "quotidienne",
        /// One email a week, on Mondays at that hour.
        Hebdomadaire = "hebdomadaire",
    }
}

/// The hour in Paris at which digests leave.
pub const DIGEST_HOUR: u32 = 7;

impl Frequence {
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Instantanee => "à chaque annonce, aussitôt",
            Self::Quotidienne => "une fois par jour, le matin",
            Self::Hebdomadaire => "une fois par semaine, le lundi matin",
        }
    }

    /// The last moment (UTC), `now` or before, at which a digest of this frequency left. It holds what was published
    /// until then; later annonces wait for the next one. After a change to [`Self::Instantanee`], what still waits
    /// leaves the next day.
    pub fn last_digest(self, now: NaiveDateTime) -> NaiveDateTime {
        let today = paris_day(now);
        let back = match self {
            Self::Instantanee | Self::Quotidienne => 0,
            Self::Hebdomadaire => u64::from(today.weekday().num_days_from_monday()),
        };
        let day = today.checked_sub_days(Days::new(back)).unwrap_or(today);
        let of = |day: NaiveDate| start_of_paris_day(day) + chrono::Duration::hours(i64::from(DIGEST_HOUR));
        if of(day) <= now {
            return of(day);
        }
        let before = if self == Self::Hebdomadaire { 7 } else { 1 };
        of(day.checked_sub_days(Days::new(before)).unwrap_or(day))
    }
}

/// One account's alert: its rule and what it is about. Codes are those of the referentials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Abonnement {
    pub regle: Regle,
    pub specialites: BTreeSet<String>,
    pub sous_specialites: BTreeSet<String>,
    pub regions: BTreeSet<String>,
}

/// What an annonce is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sujet {
    pub specialite: String,
    pub sous_specialite: Option<String>,
    /// Its régions; none means national.
    pub regions: Vec<String>,
}

impl Abonnement {
    /// Whether the annonce concerns this account: the rule of §8 without the index. The tests compare the index with
    /// it.
    pub fn matches(&self, sujet: &Sujet) -> bool {
        let specialite = self.specialites.contains(&sujet.specialite)
            || sujet.sous_specialite.as_ref().is_some_and(|sous| self.sous_specialites.contains(sous));
        let region = if sujet.regions.is_empty() {
            !self.regions.is_empty()
        } else {
            sujet.regions.iter().any(|region| self.regions.contains(region))
        };
        match self.regle {
            Regle::Aucune => false,
            Regle::Specialites => specialite,
            Regle::Regions => region,
            Regle::SpecialitesOuRegions => specialite || region,
            Regle::SpecialitesEtRegions => specialite && region,
        }
    }
}

/// How many days back the annonces are counted, to say what a choice brings.
pub const JOURS_COMPTES: i64 = 30;

/// The annonces that were published lately, to say what a choice would have brought.
#[derive(Clone, Debug, Default)]
pub struct Recentes {
    sujets: Vec<Sujet>,
    par_specialite: HashMap<String, u64>,
    par_region: HashMap<String, u64>,
    nationales: u64,
}

impl Recentes {
    pub fn new(sujets: Vec<Sujet>) -> Self {
        let mut recentes = Self::default();
        for sujet in &sujets {
            for code in std::iter::once(&sujet.specialite).chain(&sujet.sous_specialite) {
                *recentes.par_specialite.entry(code.clone()).or_default() += 1;
            }
            for code in &sujet.regions {
                *recentes.par_region.entry(code.clone()).or_default() += 1;
            }
            recentes.nationales += u64::from(sujet.regions.is_empty());
        }
        Self { sujets, ..recentes }
    }

    /// How many of them this alert would have brought.
    pub fn brought(&self, abonnement: &Abonnement) -> u64 {
        self.sujets.iter().filter(|sujet| abonnement.matches(sujet)).count() as u64
    }

    /// How many an alert on this spécialité, or sous-spécialité, would have brought.
    pub fn by_specialite(&self, code: &str) -> u64 {
        self.par_specialite.get(code).copied().unwrap_or(0)
    }

    /// How many an alert on this région would have brought: its own and the national ones.
    pub fn by_region(&self, code: &str) -> u64 {
        self.nationales + self.par_region.get(code).copied().unwrap_or(0)
    }
}

/// Every alert, arranged so that the accounts that an annonce concerns are found without looking at the others.
///
/// An account stands in one list per spécialité, sous-spécialité and région that can bring it an annonce. A slot is a
/// small number, so that the set of the accounts already seen is a bitmap.
#[derive(Debug, Default)]
pub struct Index {
    slots: Vec<Option<(CompteId, Abonnement)>>,
    free: Vec<u32>,
    by_compte: HashMap<CompteId, u32>,
    by_specialite: HashMap<String, HashSet<u32>>,
    by_sous_specialite: HashMap<String, HashSet<u32>>,
    by_region: HashMap<String, HashSet<u32>>,
    national: HashSet<u32>,
}

impl Index {
    /// Number of accounts with an alert.
    pub fn len(&self) -> usize {
        self.by_compte.len()
    }

    /// Whether nobody has an alert.
    pub fn is_empty(&self) -> bool {
        self.by_compte.is_empty()
    }

    /// Puts an account's alert in place of what it had; a rule of none takes it out.
    pub fn set(&mut self, compte: CompteId, abonnement: Abonnement) {
        self.remove(compte);
        if abonnement.regle == Regle::Aucune {
            return;
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            u32::try_from(self.slots.len() - 1).expect("fewer than four billion accounts")
        });
        let (by_specialite, by_region) = Self::lists(abonnement.regle);
        if by_specialite {
            for code in &abonnement.specialites {
                self.by_specialite.entry(code.clone()).or_default().insert(slot);
            }
            for code in &abonnement.sous_specialites {
                self.by_sous_specialite.entry(code.clone()).or_default().insert(slot);
            }
        }
        if by_region {
            for code in &abonnement.regions {
                self.by_region.entry(code.clone()).or_default().insert(slot);
            }
            if !abonnement.regions.is_empty() {
                self.national.insert(slot);
            }
        }
        self.by_compte.insert(compte, slot);
        self.slots[slot as usize] = Some((compte, abonnement));
    }

    pub fn remove(&mut self, compte: CompteId) {
        let Some(slot) = self.by_compte.remove(&compte) else { return };
        let Some((_, abonnement)) = self.slots[slot as usize].take() else { return };
        for (map, codes) in [
            (&mut self.by_specialite, &abonnement.specialites),
            (&mut self.by_sous_specialite, &abonnement.sous_specialites),
            (&mut self.by_region, &abonnement.regions),
        ] {
            for code in codes {
                if let Some(list) = map.get_mut(code) {
                    list.remove(&slot);
                    if list.is_empty() {
                        map.remove(code);
                    }
                }
            }
        }
        self.national.remove(&slot);
        self.free.push(slot);
    }

    /// The accounts that an annonce concerns, each once, in no particular order.
    pub fn matching(&self, sujet: &Sujet) -> Vec<CompteId> {
        let mut seen = vec![0u64; self.slots.len().div_ceil(64)];
        let mut found = Vec::new();
        let regions: Vec<&HashSet<u32>> = if sujet.regions.is_empty() {
            vec![&self.national]
        } else {
            sujet.regions.iter().filter_map(|code| self.by_region.get(code)).collect()
        };
        let lists = self
            .by_specialite
            .get(&sujet.specialite)
            .into_iter()
            .chain(sujet.sous_specialite.as_ref().and_then(|code| self.by_sous_specialite.get(code)))
            .chain(regions);
        for slot in lists.flatten() {
            let (word, bit) = (*slot as usize / 64, 1u64 << (slot % 64));
            if seen[word] & bit != 0 {
                continue;
            }
            seen[word] |= bit;
            let Some((compte, abonnement)) = &self.slots[*slot as usize] else { continue };
            // For boxes 1 and 2, standing in the list is enough. Box 3 wants both.
            if abonnement.regle != Regle::SpecialitesEtRegions || abonnement.matches(sujet) {
                found.push(*compte);
            }
        }
        found
    }

    /// The kinds of lists in which a rule puts an account: (spécialités, régions). Box 3 uses those of its spécialités
    /// alone, which are shorter.
    fn lists(regle: Regle) -> (bool, bool) {
        match regle {
            Regle::Aucune => (false, false),
            Regle::Specialites | Regle::SpecialitesEtRegions => (true, false),
            Regle::Regions => (false, true),
            Regle::SpecialitesOuRegions => (true, true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(codes: &[&str]) -> BTreeSet<String> {
        codes.iter().map(ToString::to_string).collect()
    }

    fn annonce(specialite: &str, sous: Option<&str>, regions: &[&str]) -> Sujet {
        Sujet {
            specialite: specialite.into(),
            sous_specialite: sous.map(Into::into),
            regions: regions.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn l3_digests_leave_at_seven_in_paris_each_day_or_on_mondays() {
        let at = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        // 25 November 2026 is a Wednesday; Paris is one hour ahead of UTC in winter, two in summer.
        for (frequence, now, last) in [
            (Frequence::Quotidienne, "2026-11-25 06:00", "2026-11-25 06:00"),
            (Frequence::Quotidienne, "2026-11-25 05:59", "2026-11-24 06:00"),
            (Frequence::Quotidienne, "2026-07-14 05:00", "2026-07-14 05:00"),
            (Frequence::Hebdomadaire, "2026-11-25 06:00", "2026-11-23 06:00"),
            (Frequence::Hebdomadaire, "2026-11-23 05:59", "2026-11-16 06:00"),
            (Frequence::Hebdomadaire, "2026-11-23 06:00", "2026-11-23 06:00"),
            (Frequence::Instantanee, "2026-11-25 23:30", "2026-11-25 06:00"),
        ] {
            assert_eq!(frequence.last_digest(at(now)), at(last), "{frequence} {now}");
        }
    }

    #[test]
    fn l1_boxes_one_and_two_add_up_and_box_three_stands_alone() {
        assert_eq!(Regle::from_boxes(true, true, false), Ok(Regle::SpecialitesOuRegions));
        assert_eq!(Regle::from_boxes(false, false, true), Ok(Regle::SpecialitesEtRegions));
        for (one, two) in [(true, false), (false, true), (true, true)] {
            assert_eq!(Regle::from_boxes(one, two, true), Err(Contradiction));
        }
        for boxes in [(false, false, false), (true, false, false), (false, true, false), (true, true, false)] {
            assert_eq!(Regle::from_boxes(boxes.0, boxes.1, boxes.2).map(Regle::boxes), Ok(boxes));
        }
    }

    #[test]
    fn l1_a_specialite_covers_its_sous_specialites_and_an_annonce_without_region_is_everywhere() {
        let mut person = Abonnement {
            regle: Regle::SpecialitesOuRegions,
            specialites: set(&["finances"]),
            sous_specialites: set(&["droit.marches"]),
            regions: set(&["53"]),
        };
        assert!(person.matches(&annonce("finances", Some("finances.budget"), &["84"])));
        assert!(person.matches(&annonce("droit", Some("droit.marches"), &["84"])));
        assert!(!person.matches(&annonce("droit", Some("droit.statut"), &["84"])));
        assert!(!person.matches(&annonce("droit", None, &["84"])));
        assert!(person.matches(&annonce("droit", None, &["84", "53"])));
        assert!(person.matches(&annonce("droit", None, &[])), "national");
        person.regle = Regle::SpecialitesEtRegions;
        assert!(!person.matches(&annonce("finances", None, &["84"])));
        assert!(person.matches(&annonce("finances", None, &["53"])));
        assert!(person.matches(&annonce("finances", None, &[])));
        person.regle = Regle::Aucune;
        assert!(!person.matches(&annonce("finances", None, &["53"])));
    }

    /// A small generator is enough here: the cases are many, not secret.
    struct Dice(u64);
    impl Dice {
        fn roll(&mut self, sides: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % sides
        }
        fn codes(&mut self, prefix: &str, sides: u64, most: u64) -> BTreeSet<String> {
            (0..self.roll(most + 1)).map(|_| format!("{prefix}{}", self.roll(sides))).collect()
        }
    }

    #[test]
    fn l1_what_a_choice_would_have_brought_is_what_the_rule_matches() {
        let mut dice = Dice(3);
        let sujets: Vec<Sujet> = (0..500)
            .map(|_| Sujet {
                specialite: format!("s{}", dice.roll(6)),
                sous_specialite: (dice.roll(2) == 0).then(|| format!("t{}", dice.roll(6))),
                regions: dice.codes("r", 6, 3).into_iter().collect(),
            })
            .collect();
        assert!(sujets.iter().any(|sujet| sujet.regions.is_empty()), "a national one");
        let recentes = Recentes::new(sujets.clone());
        for rank in 0..7 {
            let of = |letter: &str| set(&[&format!("{letter}{rank}")]);
            let whole = Abonnement { regle: Regle::Specialites, specialites: of("s"), ..Abonnement::default() };
            let part = Abonnement { regle: Regle::Specialites, sous_specialites: of("t"), ..Abonnement::default() };
            let region = Abonnement { regle: Regle::Regions, regions: of("r"), ..Abonnement::default() };
            assert_eq!(recentes.by_specialite(&format!("s{rank}")), recentes.brought(&whole));
            assert_eq!(recentes.by_specialite(&format!("t{rank}")), recentes.brought(&part));
            assert_eq!(recentes.by_region(&format!("r{rank}")), recentes.brought(&region));
            let both = Abonnement { regle: Regle::SpecialitesEtRegions, ..whole.clone() };
            let both = Abonnement { regions: of("r"), ..both };
            let expected = sujets.iter().filter(|sujet| whole.matches(sujet) && region.matches(sujet)).count();
            assert_eq!(recentes.brought(&both), expected as u64);
        }
        assert_eq!(recentes.brought(&Abonnement::default()), 0, "no box, nothing");
    }

    #[test]
    fn l1_the_index_equals_the_rule_on_a_million_random_cases() {
        let mut dice = Dice(1);
        let mut index = Index::default();
        let mut people: HashMap<CompteId, Abonnement> = HashMap::new();
        let mut cases = 0;
        while cases < 1_000_000 {
            for _ in 0..100 {
                let compte = CompteId(dice.roll(1_000) as i64);
                if dice.roll(8) == 0 {
                    index.remove(compte);
                    people.remove(&compte);
                    continue;
                }
                let regle = [
                    Regle::Aucune,
                    Regle::Specialites,
                    Regle::Regions,
                    Regle::SpecialitesOuRegions,
                    Regle::SpecialitesEtRegions,
                ][dice.roll(5) as usize];
                let abonnement = Abonnement {
                    regle,
                    specialites: dice.codes("s", 12, 3),
                    sous_specialites: dice.codes("u", 30, 4),
                    regions: dice.codes("r", 18, 4),
                };
                index.set(compte, abonnement.clone());
                people.insert(compte, abonnement);
            }
            for _ in 0..20 {
                let sujet = Sujet {
                    specialite: format!("s{}", dice.roll(12)),
                    sous_specialite: (dice.roll(2) == 0).then(|| format!("u{}", dice.roll(30))),
                    regions: dice.codes("r", 18, 3).into_iter().collect(),
                };
                let mut found = index.matching(&sujet);
                found.sort();
                let mut expected: Vec<CompteId> =
                    people.iter().filter(|(_, a)| a.matches(&sujet)).map(|(compte, _)| *compte).collect();
                expected.sort();
                assert_eq!(found, expected);
                cases += people.len().max(1);
            }
        }
        assert_eq!(index.len(), people.values().filter(|a| a.regle != Regle::Aucune).count());
    }
}
