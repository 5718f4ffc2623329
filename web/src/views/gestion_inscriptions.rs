//! A structure's registrations: the queue, and one of them to be read and decided upon (G1, G2).

use askama::Template;

use super::cvtheque::{Fichier, ParcoursBlock};
use super::dates::Moment;
use super::layout::{Layout, Tone};
use super::lists::{Choice, Pages};
use super::numbers::Said as _;
use super::text::{Block, said_of};

/// One registration of the queue.
#[derive(Debug, Clone)]
pub struct InscriptionRow {
    /// Where it is read and decided upon.
    pub href: String,
    /// First name and surname.
    pub nom: String,
    /// « Juriste · Brest »; empty if none.
    pub detail: String,
    /// The state in words.
    pub etat: String,
    /// The colour of the state.
    pub tone: Tone,
    /// When it was sent last.
    pub transmise: Option<Moment>,
    /// « depuis 12 jours », or until when a complement is waited for; empty if nothing waits.
    pub attente: String,
    /// Who has taken it on; empty if nobody.
    pub gestionnaire: String,
    /// Whether a CV is attached.
    pub avec_cv: bool,
}

/// `GET /gestion/inscriptions`.
#[derive(Debug, Clone, Template)]
#[template(path = "gestion/inscriptions.html")]
pub struct GestionInscriptions {
    /// What every page shares.
    pub layout: Layout,
    /// The states one can look at, as links: (words, number, address, whether it is the one shown).
    pub etats: Vec<(String, u64, String, bool)>,
    /// Whether the state shown is the one that waits for the structure.
    pub waiting: bool,
    /// Registrations that wait for the structure: what the live counter is compared with.
    pub count: u64,
    /// Registrations that are being filled in: not the structure's yet.
    pub brouillons: u64,
    /// The registrations of this page.
    pub rows: Vec<InscriptionRow>,
    /// The pages.
    pub pages: Pages,
}

impl GestionInscriptions {
    /// The address of the list.
    pub const LIST: &'static str = "/gestion/inscriptions";
}

/// Facts under a heading.
#[derive(Debug, Clone)]
pub struct Faits {
    /// The heading.
    pub titre: String,
    /// (what, value), none of them empty.
    pub faits: Vec<(String, String)>,
}

/// The text read from a file.
#[derive(Debug, Clone)]
pub struct TexteLu {
    /// Name of the file.
    pub nom: String,
    /// Its text; empty when there is none to show.
    pub texte: String,
    /// Why there is none.
    pub sentence: String,
}

/// A step of the history.
#[derive(Debug, Clone)]
pub struct EtapeRow {
    /// What happened.
    pub titre: String,
    /// Who did it and for whom; empty for the person.
    pub qui: String,
    /// What was written to the person.
    pub texte: Vec<Block>,
    /// When.
    pub at: Moment,
}

/// A reason, with the sentences it proposes.
#[derive(Debug, Clone)]
pub struct MotifChoice {
    /// Its code.
    pub code: String,
    /// What the list shows.
    pub libelle: String,
    /// The sentences.
    pub texte: String,
    /// Whether it is chosen.
    pub selected: bool,
}

/// A decision that comes with a reason and a text.
#[derive(Debug, Clone)]
pub struct Reponse {
    /// What the ids of its fields begin with.
    pub genre: &'static str,
    /// The value of its button.
    pub action: &'static str,
    /// The words of its fold.
    pub titre: &'static str,
    /// What follows from it.
    pub consequence: String,
    /// The words of its button.
    pub bouton: &'static str,
    /// The reasons.
    pub motifs: Vec<MotifChoice>,
    /// The text as it stands.
    pub texte: String,
    /// Whether it is unfolded.
    pub open: bool,
}

impl Reponse {
    /// The id of a field.
    pub fn id(&self, field: &str) -> String {
        format!("{}_{field}", self.genre)
    }

    /// The value of the button that fills the text in.
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
    /// Where the forms post.
    pub action_href: String,
    /// The version that was read: a decision upon another one is refused.
    pub version: String,
    /// First name and surname.
    pub nom: String,
    /// Headline; empty if none.
    pub titre: String,
    /// The state in words.
    pub etat: String,
    /// The colour of the state.
    pub tone: Tone,
    /// When it was sent last.
    pub transmise: Option<Moment>,
    /// « depuis 12 jours »; empty when it does not wait for the structure.
    pub attente: String,
    /// Who has taken it on; empty if nobody.
    pub gestionnaire: String,
    /// Who else looks at it now.
    pub autres: Vec<String>,
    /// Why nothing can be decided; empty when it waits for the structure.
    pub closed: String,
    /// Its fiche in the CV-thèque, once validated.
    pub cvtheque_href: Option<String>,
    /// What was typed with a decision that was refused, where there is no form any more to hold it.
    pub kept: String,
    /// Identity, coordinates, work, zones.
    pub blocs: Vec<Faits>,
    /// « Expérience de formateur », or « Motivation ».
    pub presentation_label: String,
    /// Experience or motivation.
    pub presentation: Vec<Block>,
    /// The tables of the parcours, none of them empty.
    pub parcours: Vec<ParcoursBlock>,
    /// CV and diplomas.
    pub fichiers: Vec<Fichier>,
    /// Their texts, the CV's first.
    pub textes: Vec<TexteLu>,
    /// What happened, the latest first.
    pub etapes: Vec<EtapeRow>,
    /// The decisions that are explained.
    pub reponses: Vec<Reponse>,
    /// Whether one can take it on.
    pub can_take: bool,
    /// The other structures.
    pub structures: Vec<Choice>,
    /// Whether the choice of a structure is unfolded.
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
