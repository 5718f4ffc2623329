//! The dossier administratif, on both sides (manual §3.3.4, SPEC D1 to D12).

use super::Retenue;
use askama::Template;
use domain::profil::Champs;

use super::dates::Moment;
use super::layout::{Layout, MenuEntry, Tone};
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
    /// Whether a browser shows it by itself: a picture or a PDF.
    pub visible: bool,
    /// What keeps it from others than its owner.
    pub retenue: Option<Retenue>,
}

/// A file that is looked at beside the decision.
#[derive(Debug, Clone)]
pub struct FichierVu {
    pub id: i64,
    /// The file; its address gives its bytes.
    pub fichier: FichierRow,
    pub contenu: Contenu,
}

#[derive(Debug, Clone)]
pub enum Contenu {
    /// The browser shows it.
    Cadre,
    /// Its text, and whether it goes on beyond that.
    Texte(String, bool),
    /// Why nothing is shown, and what to do.
    Rien(&'static str),
}

#[derive(Debug, Clone)]
pub struct PieceRow {
    /// Its word, the id of its place on the page.
    pub id: &'static str,
    pub libelle: &'static str,
    /// What is said of it before a file is chosen.
    pub aide: &'static str,
    pub etat: &'static str,
    pub tone: Tone,
    pub demandee: bool,
    /// Why it was refused; empty otherwise.
    pub refus: String,
    /// The newest file.
    pub fichier: Option<FichierRow>,
    /// What is wrong with the file that was chosen, or missing.
    pub erreur: Option<String>,
    /// Whether a gestionnaire has it, so that it does not change.
    pub verrouille: bool,
    /// Whether what was given can be taken back.
    pub retirable: bool,
    /// Whether the statut and the identity document ask for it; one that is not asked for any more is only shown.
    pub due: bool,
    /// The words of the statuts or identity documents that ask for it, with spaces between; empty when everybody owes it.
    pub pour: String,
}

#[derive(Debug, Clone)]
pub struct BlocRow {
    /// Its word, the id of its place on the page.
    pub id: &'static str,
    pub titre: &'static str,
    pub etat: &'static str,
    pub tone: Tone,
    /// Whether it, or one of its pieces, is asked for: the red message.
    pub demande: bool,
    /// Why it was refused; empty otherwise.
    pub refus: String,
    /// What is missing in it, when one wanted to transmit.
    pub erreur: Option<String>,
    /// Whether a gestionnaire has it, so that it does not change.
    pub verrouille: bool,
    /// Whether what was given can be taken back.
    pub retirable: bool,
    /// What stands in it, masked; empty when there is nothing.
    pub lignes: Vec<(&'static str, String)>,
    /// Whether something is masked that can be shown.
    pub afficher: bool,
    /// Whether what its form holds is typed and not saved.
    pub saisie: bool,
    /// Whether its form is folded: something stands there, and nothing is wrong.
    pub replie: bool,
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

#[derive(Debug, Clone, Template)]
#[template(path = "dossier/documents.html")]
pub struct Documents {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    pub etat: &'static str,
    pub tone: Tone,
    /// What is to be done: address on the page, words.
    pub a_faire: Vec<(String, &'static str)>,
    /// What « Transmettre » needs besides.
    pub aussi: Vec<(String, &'static str)>,
    /// Who asked last, what they wrote and when.
    pub demande: Option<(String, Vec<Block>, Moment)>,
    /// Until when it serves, in words; empty while it does not.
    pub valable: String,
    pub a_transmettre: bool,
    /// The blocks that are shown with something typed and not saved.
    pub brouillon: String,
    pub blocs: Vec<BlocRow>,
    pub identites: Vec<Choice>,
    /// Statuts, with the pieces that each asks for.
    pub statuts: Vec<(Choice, String)>,
    /// The kind of employer that the statut goes with.
    pub type_employeur: &'static str,
    /// Employers found, without JavaScript.
    pub employeurs: Option<Vec<Choice>>,
    pub depot: Depot,
    /// The latest first.
    pub historique: Vec<HistoriqueRow>,
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
    /// Heading, number, address of each list; whether it is this one.
    pub onglets: Vec<(String, u64, String, bool)>,
    /// How many have something to decide: what the live counter says.
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
    /// What one had chosen, when it is not there to decide any more; empty otherwise.
    pub perdu: String,
    pub demande: bool,
    pub due: bool,
    /// Why it was refused; empty otherwise.
    pub refus: String,
    /// What stands in it, masked unless it was asked for.
    pub lignes: Vec<(&'static str, String)>,
    pub masque: bool,
    pub fichier: Option<FichierRow>,
    /// What was chosen: `valider`, `refuser` or nothing.
    pub choix: String,
    pub motif: String,
    /// The words, as typed.
    pub texte: String,
    /// What is wrong with the reason.
    pub erreur_motif: Option<String>,
    /// What is wrong with the words.
    pub erreur_texte: Option<String>,
}

/// `GET /gestion/dossiers/{id}`; its forms post there.
#[derive(Debug, Clone, Template)]
#[template(path = "dossier/dossier.html")]
pub struct GestionDossier {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub href: String,
    /// Where its form posts: the file that is looked at stays beside.
    pub action: String,
    /// The blocks and pieces whose boxes are ticked in the request.
    pub demandes: Vec<&'static str>,
    pub nom: String,
    pub fiche: String,
    pub etat: &'static str,
    pub tone: Tone,
    /// Until when it serves, in words; empty while it does not.
    pub valable: String,
    /// The structure that decides on it; empty while it is nobody's.
    pub decide: String,
    pub mien: bool,
    /// Blocks and pieces in the order of the page.
    pub elements: Vec<ElementRow>,
    pub motifs: Vec<Choice>,
    /// Why nothing can be asked; empty when it can.
    pub refus: String,
    /// The words to the person, as typed.
    pub texte: String,
    /// Longest words of a request.
    pub texte_max: usize,
    pub vue: Option<FichierVu>,
    /// This structure's letters to the person, the latest first.
    pub lettres: Vec<LettreRow>,
    /// Prepares one; empty when none can be.
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
