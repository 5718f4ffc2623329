//! The structures and how they are reached.

use askama::Template;

use crate::views::layout::{Layout, MenuEntry};

/// A structure of the list.
#[derive(Debug, Clone)]
pub struct StructureRow {
    /// Its form.
    pub href: String,
    /// Its name.
    pub nom: String,
    /// Postcode and commune.
    pub commune: String,
    /// Phone, as it is read.
    pub telephone: String,
    /// Email.
    pub courriel: String,
    /// Whether its intervenants may write to it.
    pub messagerie: bool,
}

/// `GET /administration/structures`.
#[derive(Debug, Clone, Template)]
#[template(path = "administration/structures.html")]
pub struct Structures {
    /// What every page shares.
    pub layout: Layout,
    /// The parts of the administration.
    pub sections: Vec<MenuEntry>,
    /// Délégations, institutes, the seat: heading and structures.
    pub groupes: Vec<(&'static str, Vec<StructureRow>)>,
}

/// `GET|POST /administration/structures/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "administration/structure.html")]
pub struct StructureFormulaire {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    /// The parts of the administration.
    pub sections: Vec<MenuEntry>,
    /// Where the form posts.
    pub action: String,
    /// Its place on the public page.
    pub public_href: String,
    /// Name.
    pub nom: String,
    /// Street.
    pub adresse: String,
    /// Postcode.
    pub code_postal: String,
    /// Commune.
    pub commune: String,
    /// Phone.
    pub telephone: String,
    /// Email.
    pub courriel: String,
    /// Whether its intervenants may write to it.
    pub messagerie: bool,
}
