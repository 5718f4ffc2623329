//! What the index is given: plain facts about a CV or an annonce. No Tantivy here.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A code of a referential with the words people read and search.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Labelled {
    /// What filters compare.
    pub code: String,
    /// What people read.
    pub label: String,
}

impl Labelled {
    /// A code with its label.
    pub fn new(code: impl Into<String>, label: impl Into<String>) -> Self {
        Self { code: code.into(), label: label.into() }
    }
}

/// A structure by its id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StructureName {
    /// Id of the structure, as filters give it.
    pub id: i64,
    /// Its name.
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
    /// Its name, as the person sent it.
    pub nom: String,
    /// `PDF`, `DOCX`…, as shown beside a highlight.
    pub format: String,
    /// The extracted text.
    pub text: String,
}

/// A validated CV.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CvDocument {
    /// Id of the compte.
    pub id: i64,
    /// Madame, Monsieur.
    pub civilite: String,
    /// Family name.
    pub nom: String,
    /// First name.
    pub prenom: String,
    /// Title of the profile.
    pub titre: String,
    /// Experience as a trainer.
    pub experience: String,
    /// Motivation, for who has no such experience.
    pub motivation: String,
    /// The tables of the parcours (experiences, formations), one row per line.
    pub parcours: String,
    /// Past interventions, one per line.
    pub interventions: String,
    /// Spécialités.
    pub specialites: Vec<Labelled>,
    /// Sous-spécialités.
    pub sous_specialites: Vec<Labelled>,
    /// Régions of interest.
    pub regions: Vec<Labelled>,
    /// Départements of interest.
    pub departements: Vec<Labelled>,
    /// Statut.
    pub statut: Option<Labelled>,
    /// Languages.
    pub langues: Vec<Labelled>,
    /// Structure de rattachement.
    pub structure: Option<StructureName>,
    /// Raison sociale of the employer.
    pub employeur: String,
    /// When the person can't come.
    pub indisponibilites: Vec<Period>,
    /// Attached files with text.
    pub fichiers: Vec<Fichier>,
    /// When the profile was validated.
    pub validated_at: DateTime<Utc>,
    /// Last published change.
    pub updated_at: DateTime<Utc>,
}

/// The état under which an annonce can be found; any other is kept out of the index.
pub const PUBLIEE: &str = "publiee";

/// An annonce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnonceDocument {
    /// Its row's id.
    pub id: i64,
    /// Its public number.
    pub numero: String,
    /// Title.
    pub titre: String,
    /// Text of the annonce.
    pub description: String,
    /// Structure that publishes.
    pub structure: StructureName,
    /// Spécialité.
    pub specialite: Option<Labelled>,
    /// Sous-spécialité.
    pub sous_specialite: Option<Labelled>,
    /// Régions; none together with no département: the annonce is national and comes for every région.
    pub regions: Vec<Labelled>,
    /// Départements.
    pub departements: Vec<Labelled>,
    /// Modalité (présentiel, distanciel…).
    pub modalite: Option<Labelled>,
    /// First day of the intervention, when known.
    pub du: Option<NaiveDate>,
    /// Last day, when known.
    pub au: Option<NaiveDate>,
    /// When it was published.
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
