//! The structures and their contact details.

use askama::Template;

use crate::views::layout::{Layout, MenuEntry};

#[derive(Debug, Clone)]
pub struct StructureRow {
    pub href: String,
    pub nom: String,
    pub commune: String,
    pub telephone: String,
    pub courriel: String,
    /// Whether its intervenants may write to it.
    pub messagerie: bool,
}

#[derive(Debug, Clone, Template)]
#[template(path = "administration/structures.html")]
pub struct Structures {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    /// Délégations, institutes, the seat: heading and structures.
    pub groupes: Vec<(&'static str, Vec<StructureRow>)>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "administration/structure.html")]
pub struct StructureFormulaire {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub action: String,
    pub public_href: String,
    pub nom: String,
    pub adresse: String,
    pub code_postal: String,
    pub commune: String,
    pub telephone: String,
    pub courriel: String,
    /// Whether its intervenants may write to it.
    pub messagerie: bool,
}
