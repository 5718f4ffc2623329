//! What the generator returns: plain values, which the loader writes to the database.

use chrono::NaiveDate;
use domain::reseau::Reseau;

use super::files::{self, Format};

/// A trainer, or somebody who asks to become one.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoIntervenant {
    /// `M.` or `Mme`.
    pub civilite: &'static str,
    pub nom: String,
    pub prenom: String,
    pub date_naissance: NaiveDate,
    /// Login; unique in the set, under `.example`.
    pub email: String,
    /// One number of ARCEP's ranges for fiction, in groups of two digits.
    pub telephone: String,
    /// The other fields of « Mes informations ».
    pub civil: DemoCivil,
    pub adresse: String,
    pub code_postal: String,
    pub commune: String,
    pub region: String,
    pub departement: String,
    /// `fonctionnaire`, `agent_non_titulaire`, `independant`, `salarie_prive`, `retraite` or `sans_activite`.
    pub statut: &'static str,
    /// None for `retraite` and `sans_activite` (SPEC I6).
    pub employeur: Option<DemoEmployeur>,
    pub titre: String,
    /// Experience as a trainer, in paragraphs separated by an empty line; exactly one of this and `motivation` is
    /// there.
    pub experience: Option<String>,
    /// Motivation of somebody who never trained.
    pub motivation: Option<String>,
    /// First-level spécialités, each with its chosen sub-spécialités (possibly none).
    pub specialites: Vec<(String, Vec<String>)>,
    pub regions: Vec<String>,
    pub departements: Vec<String>,
    /// Codes of `langues.csv` with a CEFR level (`A2` to `C2`).
    pub langues: Vec<(String, &'static str)>,
    pub structure: String,
    /// Actions de professionnalisation de formateur, oldest first.
    pub actions_professionnalisation: Vec<DemoPeriode>,
    /// Jobs, oldest first, each after the one before.
    pub experiences_professionnelles: Vec<DemoPeriode>,
    /// Training attended, oldest first.
    pub formations_suivies: Vec<DemoPeriode>,
    /// Diplomas, oldest first, all before the first job.
    pub formations_initiales: Vec<DemoPeriode>,
    /// SPEC L1: my spécialités, my régions, spécialité AND région; the third is never with another.
    pub alerte: [bool; 3],
    pub cv: Option<DemoFile>,
    /// The diploma of the last `formations_initiales`.
    pub diplome: Option<DemoFile>,
    /// Periods, first and last day, when the person can't intervene, after the set's day; none for most.
    pub indisponibilites: Vec<(NaiveDate, NaiveDate)>,
    /// A page of theirs elsewhere: the network, and the address; none for most.
    pub reseau: Option<(Reseau, String)>,
    /// Past and planned interventions; none for most.
    pub interventions: Vec<DemoIntervention>,
    /// `brouillon`, `transmise` or `validee`.
    pub etat: &'static str,
    /// When the inscription was validated; there exactly when `etat` is `validee`.
    pub valide_le: Option<NaiveDate>,
}

impl DemoIntervenant {
    /// Whether the person is in the CV-thèque.
    pub fn valide(&self) -> bool {
        self.valide_le.is_some()
    }
}

/// Birth, nationality, phones and function; an empty field is not filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DemoCivil {
    /// Surname at birth, when it is another.
    pub nom_naissance: String,
    /// A real commune, or a town abroad.
    pub ville_naissance: String,
    pub pays_naissance: String,
    pub nationalite: String,
    pub complement_adresse: String,
    pub telephone_domicile: String,
    pub telephone_professionnel: String,
    /// Another phone.
    pub telephone_autre: String,
    /// What the person does for their employer.
    pub fonction: String,
    /// Where they are reached at work, when it is not at their employer's.
    pub pro: Option<DemoPro>,
}

/// Where somebody is reached at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPro {
    pub adresse: String,
    pub code_postal: String,
    pub commune: String,
    pub telephone: String,
    /// Email, under `.example`.
    pub courriel: String,
}

/// Somebody who registers, and how far they have come.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoInscription {
    pub person: DemoIntervenant,
    /// `brouillon`, `transmise`, `en_analyse`, `complement` or `rejetee`.
    pub etat: &'static str,
    /// Hours between the sending and now.
    pub transmise_hours_ago: u32,
    /// Hours between the structure's last step and now; 0 when it took none.
    pub decidee_hours_ago: u32,
    /// Which gestionnaire of the structure took that step.
    pub gestionnaire: usize,
}

/// An employer: real when public, invented when private.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoEmployeur {
    /// 14 digits with Luhn's key; an invented one begins with `00`, which INSEE never gave.
    pub siret: String,
    pub raison_sociale: String,
    /// Its postcode; an invented one is where its owner or employee lives.
    pub code_postal: String,
    pub commune: String,
    /// Whether it is a row of `employeurs-publics.csv`.
    pub public: bool,
}

/// A line of the parcours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPeriode {
    pub intitule: String,
    /// Where, or with whom.
    pub organisme: String,
    /// First day.
    pub du: NaiveDate,
    /// Last day; none when it goes on.
    pub au: Option<NaiveDate>,
    pub description: String,
}

/// An attached file, as its text: [`DemoFile::bytes`] writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoFile {
    /// Name with extension, as people name their files.
    pub name: String,
    pub format: Format,
    /// The text that a reader of the file must find.
    pub text: String,
}

impl DemoFile {
    /// The file itself, the same bytes each time.
    ///
    /// # Errors
    /// What [`files::write`] says.
    pub fn bytes(&self) -> Result<Vec<u8>, files::Error> {
        let title = self.name.rsplit_once('.').map_or(&*self.name, |(stem, _)| stem);
        files::write(self.format, title, &self.text)
    }
}

/// An intervention, done or planned, relative to the set's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoIntervention {
    pub intitule: String,
    pub structure: String,
    /// First day.
    pub du: NaiveDate,
    /// Last day.
    pub au: NaiveDate,
    /// Hours in all.
    pub heures: u32,
    /// `realisee`, `en_cours` or `prevue`, true on the set's day.
    pub etat: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAnnonce {
    pub titre: String,
    /// Two to four paragraphs, separated by an empty line.
    pub description: String,
    pub structure: String,
    pub specialite: String,
    pub sous_specialite: Option<String>,
    /// Codes; none for a national annonce.
    pub regions: Vec<String>,
    /// Codes, each of one of `regions`.
    pub departements: Vec<String>,
    /// `presentiel`, `distance` or `mixte`.
    pub modalite: &'static str,
    /// First day of the period of intervention.
    pub du: NaiveDate,
    /// Last day.
    pub au: NaiveDate,
    /// `brouillon`, `publiee` or `cloturee`.
    pub etat: &'static str,
    /// Days between publication and the set's day; 0 for a brouillon.
    pub days_ago: u32,
}

/// A case worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoGestionnaire {
    /// `M.` or `Mme`.
    pub civilite: &'static str,
    pub nom: String,
    pub prenom: String,
    /// Login under `demo.example`.
    pub email: String,
    /// Code of the structure; the administrateur's is the seat.
    pub structure: String,
}

/// A conversation between an intervenant and a structure, oldest message first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoThread {
    /// Number of the intervenant, always a validated one.
    pub intervenant: usize,
    /// Code of the structure, whose messagerie is on.
    pub structure: String,
    pub messages: Vec<DemoMessage>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoMessage {
    /// Login of the gestionnaire who wrote it for the structure; none when the intervenant did.
    pub gestionnaire: Option<String>,
    pub objet: String,
    pub texte: String,
    /// Hours between sending and now.
    pub hours_ago: u32,
    /// Whether the other side opened it.
    pub lu: bool,
}
