//! Who people are: birth, first name, surname, in proportion to generations and régions.
//!
//! Two persons never share civilité, names and date of birth (SPEC I2): a date of birth comes back only every
//! [`BIRTH_DAYS`] persons, and then the first name moves on by one in a list that has no name in common with another
//! list (for the 200,000 first persons at least, the shortest list having twelve names).

use chrono::{Days, NaiveDate};

use super::{
    Error,
    random::{Purpose, Random},
    sections::{self, Sections},
};

/// Births run over 47 years from 1 January 1954.
const FIRST_BIRTH_YEAR: i32 = 1954;
const BIRTH_DAYS: usize = 17_167;
/// Shares no divisor with [`BIRTH_DAYS`], so that all days come before one comes back.
const BIRTH_STRIDE: usize = 7_919;

#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub(super) female: bool,
    pub(super) nom: String,
    pub(super) prenom: String,
    pub(super) birth: NaiveDate,
}

#[derive(Debug)]
pub(super) struct Names {
    prenoms: Sections,
    noms: Sections,
}

/// Lists of surnames special to a région, with their share in a hundred.
const REGIONAL: [(&str, &str, usize); 14] = [
    ("53", "bretagne", 50),
    ("52", "bretagne", 10),
    ("44", "alsace", 25),
    ("32", "nord", 30),
    ("94", "corse", 65),
    ("75", "basque", 12),
    ("76", "occitan", 35),
    ("93", "occitan", 15),
    ("84", "occitan", 8),
    ("01", "antilles", 75),
    ("02", "antilles", 75),
    ("03", "guyane", 65),
    ("04", "reunion", 80),
    ("06", "mayotte", 75),
];

/// Surnames found everywhere, with the first names that may go with them.
const EVERYWHERE: [(&str, usize); 7] =
    [("france", 76), ("maghreb", 8), ("iberie", 7), ("afrique", 4), ("pologne", 2), ("asie", 2), ("armenie", 1)];

impl Names {
    pub(super) fn load() -> Result<Self, Error> {
        let names = Self {
            prenoms: sections::parse("prenoms", include_str!("names/prenoms.txt"), Some(", "))?,
            noms: sections::parse("noms", include_str!("names/noms.txt"), Some(", "))?,
        };
        for origin in REGIONAL.iter().map(|(_, origin, _)| origin).chain(EVERYWHERE.iter().map(|(origin, _)| origin)) {
            if !names.noms.contains_key(origin) {
                return Err(Error::List { name: "noms", reason: "a list of surnames is missing" });
            }
        }
        for generation in ["f.1", "f.2", "f.3", "m.1", "m.2", "m.3"] {
            if !names.prenoms.contains_key(generation) {
                return Err(Error::List { name: "prenoms", reason: "a generation is missing" });
            }
        }
        Ok(names)
    }

    /// The identity of person `number`, who lives in `region`.
    pub(super) fn identity(&self, seed: u64, number: usize, region: &str) -> Identity {
        let mut random = Random::new(seed, Purpose::Identity, number);
        let day = number.wrapping_mul(BIRTH_STRIDE) % BIRTH_DAYS;
        let turn = number / BIRTH_DAYS;
        let birth = NaiveDate::from_ymd_opt(FIRST_BIRTH_YEAR, 1, 1)
            .and_then(|first| first.checked_add_days(Days::new(day as u64)))
            .unwrap_or_default();
        let female = random.chance(57);
        let regional = REGIONAL.iter().find(|(code, _, share)| *code == region && random.chance(*share));
        let origin = match regional {
            Some((_, origin, _)) => origin,
            None => random.weighted(&EVERYWHERE),
        };
        let nom = (*random.pick(&self.noms[origin])).to_owned();
        let prenoms = self.prenoms(female, origin, day, &mut random);
        // Drawn from the date alone, so that the next person with this date takes the next name.
        let start = Random::new(seed, Purpose::Identity, usize::MAX - day).below(prenoms.len());
        let prenom = prenoms[(start + turn) % prenoms.len()].to_owned();
        Identity { female, nom, prenom, birth }
    }

    fn prenoms(&self, female: bool, origin: &str, day: usize, random: &mut Random) -> &[&'static str] {
        let gender = if female { 'f' } else { 'm' };
        let own = self.prenoms.get(format!("{gender}.{origin}").as_str());
        let generation = match day * 47 / BIRTH_DAYS {
            0..12 => 1,
            12..28 => 2,
            _ => 3,
        };
        match own {
            Some(own) if random.chance(if origin == "bretagne" { 40 } else { 65 }) => own,
            _ => &self.prenoms[format!("{gender}.{generation}").as_str()],
        }
    }

    /// Names for a person without date of birth: a gestionnaire, the head of an invented company.
    pub(super) fn adult(&self, random: &mut Random) -> (bool, &'static str, &'static str) {
        let female = random.chance(70);
        let list = if female { "f.2" } else { "m.2" };
        (female, *random.pick(&self.prenoms[list]), *random.pick(&self.noms["france"]))
    }

    #[cfg(test)]
    pub(super) fn prenoms_by_list(&self) -> &Sections {
        &self.prenoms
    }
}
