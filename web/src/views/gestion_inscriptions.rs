//! A structure's registrations: the queue, and one of them to be read and decided upon (G1, G2).

use askama::Template;

use super::cvtheque::{Fichier, ParcoursBlock};
use super::dates::Moment;
use super::layout::{Layout, Tone};
use super::lists::{Choice, Pages};
use super::numbers::Said as _;
use super::text::{Block, said_of};

#[derive(Debug, Clone)]
pub struct InscriptionRow {
    /// The page to read it and decide.
    pub href: String,
    pub nom: String,
    /// « Juriste · Brest »; empty if none.
    pub detail: String,
    pub etat: String,
    pub tone: Tone,
    pub transmise: Option<Moment>,
    /// « depuis 12 jours », or the deadline of a complement; empty if nothing waits.
    pub attente: String,
    /// The gestionnaire who has taken it on; empty if none.
    pub gestionnaire: String,
    pub avec_cv: bool,
}

#[derive(Debug, Clone, Template)]
#[template(path = "gestion/inscriptions.html")]
pub struct GestionInscriptions {
    pub layout: Layout,
    /// The states as links: (label, count, address, whether it is the one shown).
    pub etats: Vec<(String, u64, String, bool)>,
    /// Whether the list shown is that of the registrations to treat.
    pub waiting: bool,
    /// Number of registrations to treat, as in the live counter.
    pub count: u64,
    /// Number of registrations that are still being filled in.
    pub brouillons: u64,
    pub rows: Vec<InscriptionRow>,
    pub pages: Pages,
}

impl GestionInscriptions {
    /// The address of the list.
    pub const LIST: &'static str = "/gestion/inscriptions";
}

#[derive(Debug, Clone)]
pub struct Faits {
    pub titre: String,
    /// Label and value, never empty.
    pub faits: Vec<(String, String)>,
}

/// The text read from a file.
#[derive(Debug, Clone)]
pub struct TexteLu {
    pub nom: String,
    /// Its text; empty when there is none to show.
    pub texte: String,
    /// How far that is its text, where it is not all of it.
    pub sentence: String,
}

#[derive(Debug, Clone)]
pub struct EtapeRow {
    pub titre: String,
    /// The gestionnaire and the structure; empty when the person did it.
    pub qui: String,
    pub texte: Vec<Block>,
    pub at: Moment,
}

/// A reason, with the sentences it proposes.
#[derive(Debug, Clone)]
pub struct MotifChoice {
    pub code: String,
    pub libelle: String,
    pub texte: String,
    pub selected: bool,
}

/// A decision that comes with a reason and a text.
#[derive(Debug, Clone)]
pub struct Reponse {
    /// The beginning of the ids of its fields.
    pub genre: &'static str,
    pub action: &'static str,
    pub titre: &'static str,
    pub consequence: String,
    pub bouton: &'static str,
    pub motifs: Vec<MotifChoice>,
    pub texte: String,
    pub open: bool,
}

impl Reponse {
    pub fn id(&self, field: &str) -> String {
        format!("{}_{field}", self.genre)
    }

    /// The value of the button that fills in the text.
    pub fn modele(&self) -> String {
        format!("modele_{}", self.action)
    }
}

/// `GET|POST /gestion/inscriptions/{id}`. Fields: `version`, and the button `action=prendre_en_charge|valider|rejeter|
/// complement|reaffecter`; `<kind>_motif` and `<kind>_texte` explain two of them, `structure` goes with the last.
#[derive(Debug, Clone, Template)]
#[template(path = "gestion/inscription.html")]
pub struct GestionInscription {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub action_href: String,
    /// The version that was read: a decision on another one is refused.
    pub version: String,
    pub nom: String,
    /// Headline; empty if none.
    pub titre: String,
    pub etat: String,
    pub tone: Tone,
    pub transmise: Option<Moment>,
    /// « depuis 12 jours »; empty when it does not wait for the structure.
    pub attente: String,
    /// The gestionnaire who has taken it on; empty if none.
    pub gestionnaire: String,
    pub autres: Vec<String>,
    /// Why nothing can be decided; empty when it waits for the structure.
    pub closed: String,
    /// Its fiche in the CV-thèque, once validated.
    pub cvtheque_href: Option<String>,
    /// The text typed with a refused decision, when the page no longer has its form.
    pub kept: String,
    pub blocs: Vec<Faits>,
    /// « Expérience de formateur », or « Motivation ».
    pub presentation_label: String,
    pub presentation: Vec<Block>,
    /// The tables of the parcours, none of them empty.
    pub parcours: Vec<ParcoursBlock>,
    pub fichiers: Vec<Fichier>,
    pub textes: Vec<TexteLu>,
    /// What happened, the latest first.
    pub etapes: Vec<EtapeRow>,
    pub reponses: Vec<Reponse>,
    pub can_take: bool,
    /// The other structures.
    pub structures: Vec<Choice>,
    /// Whether the choice of another structure is unfolded.
    pub reaffecter_open: bool,
}

/// « Claire Morvan regarde aussi cette inscription. »; empty when nobody else does.
pub fn looking(names: &[String]) -> String {
    said_of(names, "regarde aussi cette inscription", "regardent aussi cette inscription")
}

impl GestionInscription {
    fn looking(&self) -> String {
        looking(&self.autres)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g2_who_else_looks_is_said_in_one_sentence() {
        let said = |names: &[&str]| looking(&names.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(said(&[]), "");
        assert_eq!(said(&["Anne Roy"]), "Anne Roy regarde aussi cette inscription.");
        assert_eq!(said(&["A", "B", "C"]), "A, B et C regardent aussi cette inscription.");
    }
}
