//! Spécialités, languages, sigles, reasons of decisions: what forms propose.

use askama::Template;

use crate::views::layout::{Layout, MenuEntry};
use crate::views::lists::Choice;

#[derive(Debug, Clone)]
pub struct SpecialiteRow {
    pub href: String,
    pub nom: String,
    pub description: String,
    pub actif: bool,
}

#[derive(Debug, Clone)]
pub struct SpecialiteGroupe {
    pub parent: SpecialiteRow,
    pub parts: Vec<SpecialiteRow>,
    pub ajouter_href: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "administration/specialites.html")]
pub struct Specialites {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    /// The spécialités, in the order of the referential.
    pub groupes: Vec<SpecialiteGroupe>,
}

/// `GET|POST /administration/specialites/nouvelle` and `/administration/specialites/{code}`.
#[derive(Debug, Clone, Template)]
#[template(path = "administration/specialite.html")]
pub struct SpecialiteFormulaire {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub action: String,
    /// The spécialités that a new one may belong to; empty for a saved one.
    pub parents: Vec<Choice>,
    /// The spécialité that this one belongs to; empty for a first-level one.
    pub parent_nom: String,
    pub nom: String,
    pub description: String,
    pub actif: bool,
}

#[derive(Debug, Clone)]
pub struct LangueRow {
    pub href: String,
    pub nom: String,
    pub actif: bool,
}

#[derive(Debug, Clone, Template)]
#[template(path = "administration/langues.html")]
pub struct Langues {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    /// Foreign and regional languages: heading and languages.
    pub groupes: Vec<(&'static str, Vec<LangueRow>)>,
}

/// `GET|POST /administration/langues/nouvelle` and `/administration/langues/{code}`.
#[derive(Debug, Clone, Template)]
#[template(path = "administration/langue.html")]
pub struct LangueFormulaire {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub action: String,
    pub nom: String,
    pub categories: Vec<Choice>,
    pub actif: bool,
}

#[derive(Debug, Clone)]
pub struct SigleRow {
    pub href: String,
    pub abrege: String,
    pub sens: String,
}

/// `GET /administration/sigles` with `q`.
#[derive(Debug, Clone, Template)]
#[template(path = "administration/sigles.html")]
pub struct Sigles {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub q: String,
    /// The lines that fit.
    pub rows: Vec<SigleRow>,
    /// How many lines the list has, and how many it may have.
    pub total: u64,
    pub max: usize,
    pub full: bool,
}

/// `GET|POST /administration/sigles/nouveau` and `/administration/sigles/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "administration/sigle.html")]
pub struct SigleFormulaire {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub action: String,
    /// Where it is removed; empty for a new one.
    pub supprimer_href: String,
    pub abrege: String,
    pub sens: String,
}

#[derive(Debug, Clone)]
pub struct MotifRow {
    pub href: String,
    /// The name in a gestionnaire's list.
    pub libelle: String,
    pub texte: String,
    pub actif: bool,
}

/// The reasons of one kind.
#[derive(Debug, Clone)]
pub struct MotifGroupe {
    pub titre: &'static str,
    pub phrase: &'static str,
    pub ajouter_href: String,
    /// The reasons in order.
    pub rows: Vec<MotifRow>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "administration/motifs.html")]
pub struct Motifs {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    /// Reasons of rejection, reasons of asking for a complement.
    pub groupes: Vec<MotifGroupe>,
}

/// `GET|POST /administration/motifs/nouveau` and `/administration/motifs/{code}`.
#[derive(Debug, Clone, Template)]
#[template(path = "administration/motif.html")]
pub struct MotifFormulaire {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub action: String,
    /// The kinds to choose from for a new one; empty for a saved one.
    pub genres: Vec<Choice>,
    /// The name in a gestionnaire's list.
    pub libelle: String,
    pub texte: String,
    pub actif: bool,
}
