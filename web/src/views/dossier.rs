//! The dossier administratif, on both sides (manual §3.3.4, SPEC D1 to D12).

use super::Retenue;
use askama::Template;
use domain::profil::Champs;

use super::dates::Moment;
use super::layout::{FieldError, Layout, Tone};
use super::lettres::LettreRow;
use super::lists::{Choice, Pages};
use super::numbers::Said as _;
use super::profil::Depot;
use super::text::Block;

#[derive(Debug, Clone)]
pub struct FichierRow {
    pub href: String,
    pub nom: String,
    pub taille: String,
    pub at: Moment,
    /// Whether a browser can show it: a picture or a PDF.
    pub visible: bool,
    /// Why others than its owner can't get it.
    pub retenue: Option<Retenue>,
}

/// A file shown beside the decision.
#[derive(Debug, Clone)]
pub struct FichierVu {
    pub id: i64,
    /// The file; its address returns its bytes.
    pub fichier: FichierRow,
    pub contenu: Contenu,
}

#[derive(Debug, Clone)]
pub enum Contenu {
    /// Shown by the browser.
    Cadre,
    /// The text of the file, and whether a part of it is missing.
    Texte(String, bool),
    /// Why nothing is shown, and what to do.
    Rien(&'static str),
}

#[derive(Debug, Clone)]
pub struct PieceRow {
    /// Its word, which is its id in the page.
    pub id: &'static str,
    pub libelle: &'static str,
    /// The help shown before a file is chosen.
    pub aide: &'static str,
    pub etat: &'static str,
    pub tone: Tone,
    pub demandee: bool,
    /// Why it was refused; empty otherwise.
    pub refus: String,
    /// The newest file.
    pub fichier: Option<FichierRow>,
    /// Whether it is a picture, which the page shows.
    pub image: bool,
    /// The error with the chosen file, or that it is missing.
    pub erreur: Option<String>,
    /// Whether a gestionnaire has it, so that it can't change.
    pub verrouille: bool,
    /// Whether the person can take back what they gave.
    pub retirable: bool,
    /// Whether the statut and the identity document ask for it; a piece no longer asked for is only shown.
    pub due: bool,
    /// The words of the statuts or identity documents that ask for it, separated by spaces; empty when everybody owes
    /// it.
    pub pour: String,
}

#[derive(Debug, Clone)]
pub struct BlocRow {
    /// Its word, which is its id in the page.
    pub id: &'static str,
    pub titre: &'static str,
    pub etat: &'static str,
    pub tone: Tone,
    /// Whether the block or one of its pieces is asked for: shows the red message.
    pub demande: bool,
    /// Why it was refused; empty otherwise.
    pub refus: String,
    /// What is missing in it, after a click on « Transmettre ».
    pub erreur: Option<String>,
    /// Whether a gestionnaire has it, so that it can't change.
    pub verrouille: bool,
    /// Whether the person can take back what they gave.
    pub retirable: bool,
    /// Its content, masked; empty when there is none.
    pub lignes: Vec<(&'static str, String)>,
    /// Whether a masked part can be shown.
    pub afficher: bool,
    /// Whether its form holds typed fields that are not saved.
    pub saisie: bool,
    /// Whether its form is folded: it has content and no error.
    pub replie: bool,
    /// Whether its form shows what the profile says, which counts once it is confirmed.
    pub propose: bool,
    pub champs: Champs,
    pub pieces: Vec<PieceRow>,
}

#[derive(Debug, Clone)]
pub struct HistoriqueRow {
    pub quoi: String,
    pub evenement: String,
    pub qui: String,
    pub at: Moment,
    pub motif: String,
}

/// How far a block is: a word, a class, a pictogram, and the class of its segment.
#[derive(Debug, Clone, Copy)]
pub struct Marque {
    pub word: &'static str,
    pub class: &'static str,
    pub picto: &'static str,
    pub step: &'static str,
}

/// A block in the list.
#[derive(Debug, Clone)]
pub struct BlocLine {
    /// Its id in the page.
    pub id: String,
    pub href: String,
    pub titre: &'static str,
    pub picto: &'static str,
    pub etat: Marque,
    /// What is known or what is missing.
    pub detail: String,
    /// Whether the detail is the reason of a refusal.
    pub why: bool,
    /// Whether it is the next one to fill in.
    pub suivant: bool,
    /// Its pieces with their states, once gestionnaires have something of it.
    pub pieces: Vec<(&'static str, &'static str, Tone)>,
}

#[derive(Debug, Clone)]
pub struct Groupe {
    pub titre: &'static str,
    pub lignes: Vec<BlocLine>,
}

/// A step from the transmission to the letter.
#[derive(Debug, Clone)]
pub struct Pas {
    pub quoi: String,
    pub detail: String,
    /// Whether the dossier is there.
    pub ici: bool,
}

/// `GET /mon-compte/documents`.
#[derive(Debug, Clone, Template)]
#[template(path = "dossier/documents.html")]
pub struct Documents {
    /// What every page shares, with what stops a transmission.
    pub layout: Layout,
    pub etat: &'static str,
    pub tone: Tone,
    /// The last request: the structure, its text and the moment.
    pub demande: Option<(String, Vec<Block>, Moment)>,
    /// The day before which it is wanted, in words with the days left, and whether it is soon or past.
    pub avant: Option<(String, String, bool)>,
    /// Until when the dossier serves, in words; empty while it does not.
    pub valable: String,
    pub groupes: Vec<Groupe>,
    /// The blocks in which nothing is left to do.
    pub prets: usize,
    /// The classes of the segments, one for each block that is due.
    pub segments: Vec<&'static str>,
    /// The next block to fill in: its address and its name.
    pub suivant: Option<(String, &'static str)>,
    /// Whether nothing was asked for nor given.
    pub rien: bool,
    /// Whether something is saved or typed that is not transmitted.
    pub a_transmettre: bool,
    /// Whether nothing is missing.
    pub pret: bool,
    /// The page where all is read again.
    pub verification: String,
    pub chemin: Vec<Pas>,
    /// The latest first.
    pub historique: Vec<HistoriqueRow>,
}

/// The place of a block among the others.
#[derive(Debug, Clone)]
pub struct Place {
    pub numero: usize,
    pub total: usize,
    /// The classes of the segments.
    pub segments: Vec<&'static str>,
    /// The names of the blocks beside it.
    pub precedent: Option<&'static str>,
    pub suivant: Option<&'static str>,
}

/// `GET /mon-compte/documents/bloc/{cible}`.
#[derive(Debug, Clone, Template)]
#[template(path = "dossier/bloc.html")]
pub struct Document {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub bloc: BlocRow,
    pub place: Place,
    /// Its word when fields typed and not saved are shown.
    pub brouillon: String,
    pub identites: Vec<Choice>,
    /// Statuts, with the pieces that each asks for.
    pub statuts: Vec<(Choice, String)>,
    /// The kind of employer that the statut asks for.
    pub type_employeur: &'static str,
    /// The employers found, without JavaScript.
    pub employeurs: Option<Vec<Choice>>,
    pub depot: Depot,
}

/// `GET /mon-compte/documents/verification`.
#[derive(Debug, Clone, Template)]
#[template(path = "dossier/verification.html")]
pub struct Verification {
    pub layout: Layout,
    /// Only what is due.
    pub blocs: Vec<BlocRow>,
    /// What stops the transmission, each with the way there.
    pub manques: Vec<FieldError>,
    pub a_transmettre: bool,
}

#[derive(Debug, Clone)]
pub struct DossierRow {
    pub href: String,
    pub nom: String,
    pub etat: &'static str,
    pub tone: Tone,
    /// What there is to do, in words.
    pub detail: String,
    pub at: Option<Moment>,
}

/// `GET /gestion/dossiers` with `etat`, `page`.
#[derive(Debug, Clone, Template)]
#[template(path = "dossier/liste.html")]
pub struct GestionDossiers {
    pub layout: Layout,
    /// Heading, count and address of each list; whether it is the one shown.
    pub onglets: Vec<(String, u64, String, bool)>,
    /// Number of dossiers with something to decide, as in the live counter.
    pub count: u64,
    pub rows: Vec<DossierRow>,
    pub pages: Pages,
}

/// A block or a piece, on the gestionnaire's page.
#[derive(Debug, Clone)]
pub struct ElementRow {
    pub id: &'static str,
    pub libelle: &'static str,
    pub piece: bool,
    pub etat: &'static str,
    pub tone: Tone,
    pub version: i32,
    pub a_decider: bool,
    /// The choice made, when the element no longer waits for a decision; empty otherwise.
    pub perdu: String,
    pub demande: bool,
    pub due: bool,
    /// Why it was refused; empty otherwise.
    pub refus: String,
    /// Its content, masked unless the reader asked for it.
    pub lignes: Vec<(&'static str, String)>,
    pub masque: bool,
    pub fichier: Option<FichierRow>,
    /// The choice: `valider`, `refuser` or nothing.
    pub choix: String,
    pub motif: String,
    /// The text, as typed.
    pub texte: String,
    /// The error with the reason.
    pub erreur_motif: Option<String>,
    /// The error with the text.
    pub erreur_texte: Option<String>,
}

/// `GET /gestion/dossiers/{id}`; its forms post there.
#[derive(Debug, Clone, Template)]
#[template(path = "dossier/dossier.html")]
pub struct GestionDossier {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub href: String,
    /// Where the form posts: the address keeps the file shown beside.
    pub action: String,
    /// The blocks and pieces ticked in the request.
    pub demandes: Vec<&'static str>,
    pub nom: String,
    pub fiche: String,
    pub etat: &'static str,
    pub tone: Tone,
    /// Until when the dossier serves, in words; empty while it does not.
    pub valable: String,
    /// The structure that decides on it; empty when there is none.
    pub decide: String,
    pub mien: bool,
    /// Blocks and pieces in the order of the page.
    pub elements: Vec<ElementRow>,
    pub motifs: Vec<Choice>,
    /// Why nothing can be asked; empty when it can.
    pub refus: String,
    /// The text to the person, as typed.
    pub texte: String,
    /// The day before which it is wanted, as typed.
    pub avant: String,
    /// Longest text of a request, in characters.
    pub texte_max: usize,
    pub vue: Option<FichierVu>,
    /// This structure's letters to the person, the latest first.
    pub lettres: Vec<LettreRow>,
    /// The page that prepares a letter; empty when none can be.
    pub nouvelle_lettre: String,
    /// The latest first.
    pub historique: Vec<HistoriqueRow>,
}

impl GestionDossier {
    /// How many blocks and pieces are to be decided.
    pub fn a_decider(&self) -> usize {
        self.elements.iter().filter(|one| one.a_decider).count()
    }
}
