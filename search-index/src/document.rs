//! What the index is given: plain facts about a CV or an annonce. No Tantivy here.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A code of a referential with the words people read and search.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Labelled {
    pub code: String,
    pub label: String,
}

impl Labelled {
    pub fn new(code: impl Into<String>, label: impl Into<String>) -> Self {
        Self { code: code.into(), label: label.into() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StructureName {
    pub id: i64,
    pub nom: String,
}

/// Civil days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub du: NaiveDate,
    /// Last day.
    pub au: NaiveDate,
}

/// The text found inside an attached file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fichier {
    pub nom: String,
    /// `PDF`, `DOCX`…, as shown beside a highlight.
    pub format: String,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CvDocument {
    pub id: i64,
    pub civilite: String,
    pub nom: String,
    pub prenom: String,
    pub titre: String,
    pub experience: String,
    /// Motivation, of a person without such experience.
    pub motivation: String,
    /// The tables of the parcours (experiences, formations), one row per line.
    pub parcours: String,
    /// Past interventions, one per line.
    pub interventions: String,
    pub specialites: Vec<Labelled>,
    pub sous_specialites: Vec<Labelled>,
    pub regions: Vec<Labelled>,
    pub departements: Vec<Labelled>,
    pub statut: Option<Labelled>,
    pub langues: Vec<Labelled>,
    pub structure: Option<StructureName>,
    pub employeur: String,
    /// When the person can't come.
    pub indisponibilites: Vec<Period>,
    /// Attached files with text.
    pub fichiers: Vec<Fichier>,
    pub validated_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// The état under which an annonce can be found; any other is kept out of the index.
pub const PUBLIEE: &str = "publiee";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnonceDocument {
    pub id: i64,
    pub numero: String,
    pub titre: String,
    pub description: String,
    pub structure: StructureName,
    pub specialite: Option<Labelled>,
    pub sous_specialite: Option<Labelled>,
    /// Régions; none together with no département: the annonce is national and comes for every région.
    pub regions: Vec<Labelled>,
    pub departements: Vec<Labelled>,
    pub modalite: Option<Labelled>,
    /// First day of the intervention, when known.
    pub du: Option<NaiveDate>,
    /// Last day, when known.
    pub au: Option<NaiveDate>,
    pub publiee_at: DateTime<Utc>,
    /// Its état: only [`PUBLIEE`] is searchable, an upsert in any other takes it out.
    pub etat: String,
}

impl AnnonceDocument {
    /// Whether it concerns every région.
    pub fn is_national(&self) -> bool {
        self.regions.is_empty() && self.departements.is_empty()
    }
}
