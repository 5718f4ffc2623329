//! The public pages around the annonces: articles, structures, legal texts, cookies, help.

use askama::Template;
use search_index::Weights;

use super::carte::Contour;
use super::layout::{Layout, Link};
use super::markdown::Html;

#[derive(Debug, Clone)]
pub struct DocumentJoint {
    pub nom: String,
    pub format: String,
    /// Its size, « 214 ko ».
    pub taille: String,
    pub href: String,
}

#[derive(Debug, Clone)]
pub struct ArticleFiche {
    pub id: String,
    pub titre: String,
    pub resume: String,
    pub html: Html,
    /// The day it was published, in full.
    pub publie: String,
    /// The document to download, if any.
    pub document: Option<DocumentJoint>,
    pub open: bool,
    /// Whether the address asked for it: it is highlighted.
    pub chosen: bool,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portail/actualites.html")]
pub struct Articles {
    pub layout: Layout,
    /// The articles, the newest first.
    pub articles: Vec<ArticleFiche>,
}

#[derive(Debug, Clone)]
pub struct StructureSurCarte {
    /// The link to its place on the page.
    pub href: String,
    pub nom: String,
    pub region_nom: String,
    pub contours: Vec<&'static Contour>,
}

#[derive(Debug, Clone)]
pub struct StructureFiche {
    pub code: String,
    pub nom: String,
    pub adresse: String,
    pub commune: String,
    pub telephone: String,
    pub courriel: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portail/informations.html")]
pub struct Informations {
    pub layout: Layout,
    pub articles: Vec<ArticleFiche>,
    /// The structures on the map.
    pub carte: Vec<StructureSurCarte>,
    pub structures: Vec<StructureFiche>,
}

/// `GET /mentions-legales` and its texts (P5).
#[derive(Debug, Clone, Template)]
#[template(path = "portail/texte.html")]
pub struct TexteLegal {
    pub layout: Layout,
    pub html: Html,
    pub modifie: String,
    /// The other texts.
    pub others: Vec<Link>,
}

/// `GET /comment-les-profils-sont-classes` (CRPA, articles L311-3-1, L312-1-3, R311-3-1-1 and R311-3-1-2).
#[derive(Debug, Clone, Template)]
#[template(path = "portail/classement.html")]
pub struct Classement {
    pub layout: Layout,
    /// What ranks a search.
    pub recherche: Weights,
    /// By heading: each reason with its points.
    pub bareme: Vec<(&'static str, Vec<(&'static str, i32)>)>,
    /// Each weight of a word with what the rarity is multiplied by.
    pub poids: Vec<(&'static str, u8)>,
    /// What a word in another form is worth, in percent.
    pub autre_forme: u8,
    pub mots_max: usize,
    pub mots_annonce: usize,
    /// Words that are looked for in similar profiles, at most.
    pub mots_similaires: usize,
    /// What a shared value weighs there.
    pub similaires: Vec<(&'static str, f32)>,
    /// The email address of the service's own team.
    pub contact: String,
}

/// How the figures of the rules are written.
mod rule {
    /// « 0,7 ».
    pub(super) fn decimal(figure: f32) -> String {
        figure.to_string().replace('.', ",")
    }

    /// A share in percent.
    pub(super) fn percent(share: f32) -> u8 {
        (share * 100.0).round() as u8
    }
}

impl Classement {
    /// « 40 », « − 10 »: with the sign of minus and no plain hyphen.
    pub fn signed(&self, points: &i32) -> String {
        if *points < 0 { format!("−\u{a0}{}", points.unsigned_abs()) } else { points.to_string() }
    }
}

#[derive(Debug, Clone, Template)]
#[template(path = "portail/aide.html")]
pub struct Aide {
    pub layout: Layout,
    pub html: Html,
    /// The email address of the service's own team.
    pub contact: String,
    pub structures: Vec<StructureFiche>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portail/cookies.html")]
pub struct Cookies {
    pub layout: Layout,
    /// Whether visits may be counted; none when the browser has not chosen.
    pub mesure: Option<bool>,
}
