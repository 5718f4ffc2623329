//! The public home page (P1, P2).

use askama::Template;

use super::annonces::AnnonceRow;
use super::layout::{Layout, Link};
use super::numbers::Said as _;

/// An article announced in the box « Informations Espace Intervenants ».
#[derive(Debug, Clone)]
pub struct Actualite {
    pub link: Link,
    /// The full date of publication, and the beginning of the text.
    pub summary: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "accueil.html")]
pub struct Accueil {
    pub layout: Layout,
    pub annonces: Vec<AnnonceRow>,
    /// How many annonces are open in all.
    pub total: u64,
    /// The latest articles; without any the box is not shown.
    pub actualites: Vec<Actualite>,
    /// The demonstration's logins: (person, login); empty elsewhere.
    pub demo_logins: Vec<(String, String)>,
    pub demo_password: Option<String>,
}
