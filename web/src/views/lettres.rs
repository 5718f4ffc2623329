//! The « lettres de demande », on both sides (manual §3.3.5, SPEC D13).

use askama::Template;
use domain::profil::Champs;

use super::dates::Moment;
use super::layout::{Layout, MenuEntry, Tone};
use super::lists::{Choice, Pages};
use super::numbers::Said as _;
use super::text::Block;

#[derive(Debug, Clone)]
pub struct LettreRow {
    pub href: String,
    /// Its number, or « projet ».
    pub numero: String,
    pub objet: String,
    /// The person, or the structure that asks.
    pub qui: String,
    pub etat: &'static str,
    pub tone: Tone,
    /// When it was sent, or last changed.
    pub at: Moment,
}

/// The content of a letter, as its pages show it beside the PDF.
#[derive(Debug, Clone)]
pub struct LettreVue {
    pub titre: &'static str,
    /// Its number; empty while it is a draft.
    pub numero: String,
    pub objet: String,
    pub contenu: Vec<Block>,
    pub faits: Vec<(&'static str, Vec<String>)>,
    pub etat: &'static str,
    pub tone: Tone,
    pub pdf: String,
    pub envoyee: Option<Moment>,
    /// When it was answered, and the text of the answer.
    pub repondue: Option<(Moment, Vec<Block>)>,
    /// When it was taken back, and why.
    pub annulee: Option<(Moment, Vec<Block>)>,
    /// SHA-256 of the PDF; empty while it is a draft.
    pub empreinte: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "lettres/mes_lettres.html")]
pub struct MesLettres {
    pub layout: Layout,
    /// The pages of « Mon compte ».
    pub sections: Vec<MenuEntry>,
    /// The latest first.
    pub rows: Vec<LettreRow>,
}

/// `GET /mon-compte/lettres/{id}`; its form posts there.
#[derive(Debug, Clone, Template)]
#[template(path = "lettres/ma_lettre.html")]
pub struct MaLettre {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub href: String,
    pub lettre: LettreVue,
    pub structure: String,
    pub a_repondre: bool,
    pub choix: Vec<Choice>,
    /// The text to the structure, as typed.
    pub texte: String,
    pub texte_max: usize,
}

/// `GET /gestion/lettres` with `etat`, `page`.
#[derive(Debug, Clone, Template)]
#[template(path = "lettres/lettres.html")]
pub struct GestionLettres {
    pub layout: Layout,
    /// Heading, count and address of each list; whether it is the one shown.
    pub onglets: Vec<(&'static str, u64, String, bool)>,
    pub rows: Vec<LettreRow>,
    pub pages: Pages,
}

/// The fields typed in a letter.
#[derive(Debug, Clone)]
pub struct Redaction {
    /// The kinds of letter to choose from; none once it is saved.
    pub genres: Vec<Choice>,
    pub champs: Champs,
    /// The first and the last day of each period, as typed; one at least.
    pub periodes: Vec<(String, String)>,
    pub unites: Vec<Choice>,
    pub texte_max: usize,
}

/// `GET /gestion/dossiers/{id}/lettre`, `GET /gestion/lettres/{id}`; their forms post there.
#[derive(Debug, Clone, Template)]
#[template(path = "lettres/lettre.html")]
pub struct GestionLettre {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub href: String,
    pub personne: String,
    pub dossier: String,
    /// Why no letter can be made; empty when one can.
    pub refus: String,
    /// The saved letter, if any.
    pub lettre: Option<LettreVue>,
    /// The form, while the letter can be changed; none once it is sent.
    pub redaction: Option<Redaction>,
    pub version: i64,
    pub annulable: bool,
    /// The reason for taking it back, as typed.
    pub texte: String,
    /// Longest such reason, in characters.
    pub texte_max: usize,
}
