//! Requests to the support, on both sides (manual §6, SPEC S1 to S8).

use super::Retenue;
use askama::Template;

use super::dates::Moment;
use super::layout::{Layout, Link, MenuEntry, Tone};
use super::lists::{Choice, Pages};
use super::messagerie::NoteRow;
use super::numbers::Said as _;
use super::profil::Depot;
use super::text::{Block, said_of};
use crate::defi::Defi;

#[derive(Debug, Clone, Template)]
#[template(path = "support/formulaire.html")]
pub struct SupportFormulaire {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    /// What it is about; the first choice is none.
    pub sortes: Vec<Choice>,
    /// The structures; the first choice is none.
    pub structures: Vec<Choice>,
    /// As typed.
    pub email: String,
    /// As typed.
    pub nom: String,
    /// As typed.
    pub prenom: String,
    /// As typed.
    pub objet: String,
    /// As typed.
    pub message: String,
    /// The token that makes a repeated POST one request.
    pub jeton: String,
    pub login: String,
    /// Whether the author has an account with a list of their requests.
    pub suivies: bool,
    /// Whether another address was typed, so that its use must be chosen.
    pub autre_adresse: bool,
    pub defi: Option<Defi>,
    pub objet_max: usize,
    pub texte_max: usize,
    pub nom_max: usize,
}

#[derive(Debug, Clone)]
pub struct PieceRow {
    pub href: String,
    pub nom: String,
    pub taille: String,
    /// Why others than its owner can't get it.
    pub retenue: Option<Retenue>,
}

#[derive(Debug, Clone)]
pub struct FilRow {
    pub de: String,
    pub at: Moment,
    pub blocks: Vec<Block>,
    /// The attached files.
    pub pieces: Vec<PieceRow>,
    pub service: bool,
}

/// `GET /support/historique/{jeton}`; the form posts `texte` and the file `piece` there.
#[derive(Debug, Clone, Template)]
#[template(path = "support/historique.html")]
pub struct SupportHistorique {
    pub layout: Layout,
    pub reference: String,
    pub sorte: String,
    pub objet: String,
    pub etat: &'static str,
    pub tone: Tone,
    pub structure: String,
    /// A sentence about what to do; empty when there is nothing to do.
    pub a_faire: String,
    pub fil: Vec<FilRow>,
    pub ouverte: bool,
    pub action: String,
    pub jeton: String,
    /// As typed.
    pub texte: String,
    pub depot: Depot,
    pub texte_max: usize,
}

#[derive(Debug, Clone)]
pub struct DemandeRow {
    pub href: String,
    pub reference: String,
    pub objet: String,
    pub sorte: &'static str,
    pub etat: &'static str,
    pub tone: Tone,
    pub at: Moment,
}

#[derive(Debug, Clone, Template)]
#[template(path = "support/mes_demandes.html")]
pub struct MesDemandes {
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    /// The latest first.
    pub rows: Vec<DemandeRow>,
}

#[derive(Debug, Clone)]
pub struct FileRow {
    pub href: String,
    pub reference: String,
    pub objet: String,
    pub nom: String,
    pub sorte: &'static str,
    pub etat: &'static str,
    pub tone: Tone,
    pub at: Option<Moment>,
    /// How long it has waited; empty when it does not wait.
    pub attente: String,
    /// Whether it has waited too long.
    pub tard: bool,
    pub assigne: String,
}

/// `GET /gestion/support` with `etat`, `a`, `page`.
#[derive(Debug, Clone, Template)]
#[template(path = "support/file.html")]
pub struct GestionSupport {
    pub layout: Layout,
    /// Heading, count and address of each list; whether it is the one shown.
    pub onglets: Vec<(String, u64, String, bool)>,
    /// Number of requests to treat, as in the live counter.
    pub count: u64,
    /// A link to the reader's own requests, or to all of them.
    pub miennes: Link,
    pub rows: Vec<FileRow>,
    pub pages: Pages,
}

/// `GET /gestion/support/{id}`; its forms post there, with `version`.
#[derive(Debug, Clone, Template)]
#[template(path = "support/demande.html")]
pub struct GestionDemande {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub href: String,
    pub version: i32,
    pub reference: String,
    pub sorte: &'static str,
    pub objet: String,
    pub nom: String,
    pub courriel: String,
    /// The author's profile, if it is in the CV-thèque.
    pub fiche: Option<String>,
    pub etat: &'static str,
    pub tone: Tone,
    pub at: Option<Moment>,
    /// The person's deadline to answer, in words; empty if none.
    pub jusqu_au: String,
    pub autres: String,
    pub fil: Vec<FilRow>,
    pub ouverte: bool,
    /// The people to whom it can be assigned; the first choice is nobody.
    pub membres: Vec<Choice>,
    /// The templates; the first choice is none. Empty when there are none.
    pub modeles: Vec<Choice>,
    /// The answer, as typed.
    pub texte: String,
    pub jeton: String,
    /// The structures to which it can be moved; the first choice is none.
    pub structures: Vec<Choice>,
    /// Other open requests of the same address: id, name.
    pub doubles: Vec<(String, String)>,
    /// The actions for this kind of request: credentials, an archived account.
    pub suites: Vec<Link>,
    /// Archived accounts that it may be about: id, name and login.
    pub archives: Vec<(String, String)>,
    pub notes: Vec<NoteRow>,
    /// The note that was typed and refused.
    pub note: String,
    pub texte_max: usize,
    pub note_max: usize,
}

#[derive(Debug, Clone)]
pub struct ChiffreRow {
    pub sorte: &'static str,
    pub recues: u64,
    pub closes: u64,
    /// Half of them had a first answer within that time, in words; empty when none had.
    pub reponse: String,
    /// Half of them were closed within that time, in words; empty when none was.
    pub cloture: String,
}

/// `GET /gestion/support/statistiques` with `jours`.
#[derive(Debug, Clone, Template)]
#[template(path = "support/statistiques.html")]
pub struct SupportStatistiques {
    pub layout: Layout,
    pub periodes: Vec<Choice>,
    /// All kinds together, then each kind with requests.
    pub rows: Vec<ChiffreRow>,
}

/// « Claire Morvan a aussi cette demande sous les yeux. »; empty when nobody else has.
pub fn looking(names: &[String]) -> String {
    said_of(names, "a aussi cette demande sous les yeux", "ont aussi cette demande sous les yeux")
}
