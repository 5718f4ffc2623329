//! The public pages around the annonces: articles, structures, legal texts, cookies, help.

use askama::Template;

use super::carte::Contour;
use super::layout::{Layout, Link};
use super::markdown::Html;

/// The document of an article.
#[derive(Debug, Clone)]
pub struct DocumentJoint {
    /// Its name.
    pub nom: String,
    /// Its format, in capitals.
    pub format: String,
    /// Its size, « 214 ko ».
    pub taille: String,
    /// Where it is downloaded.
    pub href: String,
}

/// An article.
#[derive(Debug, Clone)]
pub struct ArticleFiche {
    /// Its id.
    pub id: String,
    /// Its title.
    pub titre: String,
    /// Its summary.
    pub resume: String,
    /// Its text.
    pub html: Html,
    /// The day it was published, in full.
    pub publie: String,
    /// What can be downloaded with it.
    pub document: Option<DocumentJoint>,
    /// Whether it is unfolded.
    pub open: bool,
    /// Whether one asked for it: it is highlighted.
    pub chosen: bool,
}

/// `GET /actualites` (P3).
#[derive(Debug, Clone, Template)]
#[template(path = "portail/actualites.html")]
pub struct Articles {
    /// What every page shares.
    pub layout: Layout,
    /// The articles, the newest first.
    pub articles: Vec<ArticleFiche>,
}

/// A structure on the map.
#[derive(Debug, Clone)]
pub struct StructureSurCarte {
    /// Where its address is on the page.
    pub href: String,
    /// Its name.
    pub nom: String,
    /// The name of its région.
    pub region_nom: String,
    /// The outlines of its région.
    pub contours: Vec<&'static Contour>,
}

/// How a structure is reached.
#[derive(Debug, Clone)]
pub struct StructureFiche {
    /// Its code.
    pub code: String,
    /// Its name.
    pub nom: String,
    /// Street.
    pub adresse: String,
    /// Postcode and commune.
    pub commune: String,
    /// Phone.
    pub telephone: String,
    /// Email.
    pub courriel: String,
}

/// `GET /informations` (P4).
#[derive(Debug, Clone, Template)]
#[template(path = "portail/informations.html")]
pub struct Informations {
    /// What every page shares.
    pub layout: Layout,
    /// The articles, in full.
    pub articles: Vec<ArticleFiche>,
    /// The structures that the map leads to.
    pub carte: Vec<StructureSurCarte>,
    /// All structures.
    pub structures: Vec<StructureFiche>,
}

/// `GET /mentions-legales` and its texts (P5).
#[derive(Debug, Clone, Template)]
#[template(path = "portail/texte.html")]
pub struct TexteLegal {
    /// What every page shares.
    pub layout: Layout,
    /// The text.
    pub html: Html,
    /// Last change, in full.
    pub modifie: String,
    /// The other texts.
    pub others: Vec<Link>,
}

/// `GET /aide` (P8).
#[derive(Debug, Clone, Template)]
#[template(path = "portail/aide.html")]
pub struct Aide {
    /// What every page shares.
    pub layout: Layout,
    /// Frequent questions.
    pub html: Html,
    /// The address of the service's own team.
    pub contact: String,
    /// All structures.
    pub structures: Vec<StructureFiche>,
}

/// `GET /cookies` (P6).
#[derive(Debug, Clone, Template)]
#[template(path = "portail/cookies.html")]
pub struct Cookies {
    /// What every page shares.
    pub layout: Layout,
    /// Whether visits may be counted; none while nothing was chosen.
    pub mesure: Option<bool>,
}
