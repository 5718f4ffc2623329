//! The referentials of `migrations/data`, from which the demonstration draws. The database's own import reads the same
//! files; nothing here writes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::Error;

/// A public employer: a row of `employeurs-publics.csv`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Employer {
    pub(super) siret: String,
    pub(super) raison_sociale: String,
    pub(super) categorie: String,
    pub(super) code_postal: String,
    pub(super) commune: String,
    pub(super) departement: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Structure {
    pub(super) code: String,
    pub(super) nom: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) region: String,
    pub(super) messagerie_active: bool,
}

#[derive(Debug, Deserialize)]
struct Specialite {
    code: String,
    nom: String,
    description: String,
    parent: String,
}

#[derive(Debug, Deserialize)]
struct Departement {
    code: String,
    region: String,
}

#[derive(Debug, Deserialize)]
struct Langue {
    code: String,
}

/// The employers of one département.
#[derive(Debug, Default)]
struct Place {
    /// Communes that are the seat of an intercommunality: the towns where most agents work.
    towns: Vec<usize>,
    communes: Vec<usize>,
    larger: Vec<usize>,
}

/// All referentials, indexed for drawing.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) employers: Vec<Employer>,
    places: BTreeMap<String, Place>,
    pub(super) departements: BTreeMap<String, Vec<String>>,
    pub(super) structures: Vec<Structure>,
    pub(super) specialites: BTreeMap<String, Vec<String>>,
    pub(super) wording: BTreeMap<String, String>,
    pub(super) langues: BTreeSet<String>,
}

macro_rules! referential {
    ($file:literal) => {
        rows($file, include_str!(concat!("../../migrations/data/", $file)))
    };
}

impl Reference {
    /// Reads the files compiled into the program.
    pub(super) fn load() -> Result<Self, Error> {
        let employers: Vec<Employer> = referential!("employeurs-publics.csv")?;
        let all_departements: Vec<Departement> = referential!("departements.csv")?;
        let structures: Vec<Structure> = referential!("structures.csv")?;
        let all_specialites: Vec<Specialite> = referential!("specialites.csv")?;
        let all_langues: Vec<Langue> = referential!("langues.csv")?;

        let places = places(&employers);
        let mut departements: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for departement in all_departements {
            if places.get(&departement.code).is_some_and(|place| !place.communes.is_empty()) {
                departements.entry(departement.region).or_default().push(departement.code);
            }
        }
        let mut specialites: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut wording = BTreeMap::new();
        for specialite in all_specialites {
            wording.insert(specialite.code.clone(), format!("{} {}", specialite.nom, specialite.description));
            if specialite.parent.is_empty() {
                specialites.entry(specialite.code).or_default();
            } else {
                specialites.entry(specialite.parent).or_default().push(specialite.code);
            }
        }
        Ok(Self {
            employers,
            places,
            departements,
            structures,
            specialites,
            wording,
            langues: all_langues.into_iter().map(|langue| langue.code).collect(),
        })
    }

    /// A commune of the département to live in: most often a town.
    pub(super) fn residence(&self, departement: &str, random: &mut super::random::Random) -> &Employer {
        let place = &self.places[departement];
        let among = if !place.towns.is_empty() && random.chance(75) { &place.towns } else { &place.communes };
        &self.employers[*random.pick(among)]
    }

    /// A public employer of the département: a town, an intercommunality, the département, seldom a village.
    pub(super) fn employer(&self, departement: &str, random: &mut super::random::Random) -> &Employer {
        let place = &self.places[departement];
        let among = match random.below(100) {
            0..45 if !place.larger.is_empty() => &place.larger,
            45..92 if !place.towns.is_empty() => &place.towns,
            _ => &place.communes,
        };
        &self.employers[*random.pick(among)]
    }

    /// The structure of a code; the codes used here all come from the same file.
    pub(super) fn structure(&self, code: &str) -> Option<&Structure> {
        self.structures.iter().find(|structure| structure.code == code)
    }

    /// The délégation of a région: each of the 18 régions has one.
    pub(super) fn delegation(&self, region: &str) -> Option<&Structure> {
        self.structures.iter().find(|structure| structure.kind == "delegation" && structure.region == region)
    }
}

fn rows<T: serde::de::DeserializeOwned>(name: &'static str, text: &str) -> Result<Vec<T>, Error> {
    csv::Reader::from_reader(text.as_bytes())
        .into_deserialize()
        .collect::<Result<_, _>>()
        .map_err(|source| Error::Referential { name, source })
}

fn places(employers: &[Employer]) -> BTreeMap<String, Place> {
    let seats: BTreeSet<(&str, &str)> = employers
        .iter()
        .filter(|employer| employer.categorie == "epci")
        .map(|employer| (employer.departement.as_str(), employer.commune.as_str()))
        .collect();
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    for (index, employer) in employers.iter().enumerate() {
        let place = places.entry(employer.departement.clone()).or_default();
        if employer.categorie != "commune" {
            place.larger.push(index);
            continue;
        }
        place.communes.push(index);
        if seats.contains(&(employer.departement.as_str(), employer.commune.as_str())) {
            place.towns.push(index);
        }
    }
    places
}
