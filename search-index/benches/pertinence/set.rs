//! The relevance set: fiches close to each other, and what is typed with who is meant. Read by the benchmark and by
//! the test that holds it sound.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::DateTime;
use search_index::{CvDocument, Fichier, Labelled, Period};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The kinds of queries.
pub const KINDS: [&str; 3] = ["noms", "metiers", "phrases"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fiche {
    pub id: i64,
    pub civilite: String,
    pub nom: String,
    pub prenom: String,
    pub titre: String,
    #[serde(default)]
    pub experience: String,
    #[serde(default)]
    pub motivation: String,
    #[serde(default)]
    pub parcours: String,
    #[serde(default)]
    pub interventions: String,
    #[serde(default)]
    pub specialites: Vec<Labelled>,
    #[serde(default)]
    pub regions: Vec<Labelled>,
    #[serde(default)]
    pub departements: Vec<Labelled>,
    pub statut: Option<Labelled>,
    #[serde(default)]
    pub employeur: String,
    #[serde(default)]
    pub langues: Vec<Labelled>,
    #[serde(default)]
    pub fichiers: Vec<Fichier>,
    #[serde(default)]
    pub indisponibilites: Vec<Period>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requete {
    pub kind: String,
    /// As typed.
    pub text: String,
    /// Grades by fiche: 3 who was meant, 2 good, 1 acceptable. Empty: nobody is to be found.
    pub wanted: BTreeMap<i64, u8>,
    /// Who must not come before anybody wanted.
    #[serde(default)]
    pub not: Vec<i64>,
}

fn read<T: DeserializeOwned>(name: &str) -> Result<T, Box<dyn std::error::Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/pertinence").join(name);
    Ok(serde_json::from_str(&std::fs::read_to_string(path)?)?)
}

pub fn fiches() -> Result<Vec<Fiche>, Box<dyn std::error::Error>> {
    read("fiches.json")
}

pub fn requetes() -> Result<Vec<Requete>, Box<dyn std::error::Error>> {
    read("requetes.json")
}

impl Fiche {
    pub fn document(self) -> CvDocument {
        // The same instant for all: dates must not decide.
        let instant = DateTime::UNIX_EPOCH;
        CvDocument {
            id: self.id,
            civilite: self.civilite,
            nom: self.nom,
            prenom: self.prenom,
            titre: self.titre,
            experience: self.experience,
            motivation: self.motivation,
            parcours: self.parcours,
            interventions: self.interventions,
            specialites: self.specialites,
            sous_specialites: Vec::new(),
            regions: self.regions,
            departements: self.departements,
            statut: self.statut,
            langues: self.langues,
            structure: None,
            employeur: self.employeur,
            indisponibilites: self.indisponibilites,
            fichiers: self.fichiers,
            validated_at: instant,
            updated_at: instant,
        }
    }
}
