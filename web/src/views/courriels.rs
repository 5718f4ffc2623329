//! The demonstration's mails, shown instead of being sent (O1).

use askama::Template;

use super::dates::Moment;
use super::layout::{Layout, Tone};
use super::lists::Pages;
use super::numbers::Said as _;

#[derive(Debug, Clone)]
pub struct CourrielRow {
    pub href: String,
    pub to: String,
    pub objet: String,
    pub at: Moment,
    /// « envoyé », « en attente », « en échec ».
    pub etat: String,
    pub tone: Tone,
}

#[derive(Debug, Clone, Template)]
#[template(path = "courriels/liste.html")]
pub struct CourrielsListe {
    pub layout: Layout,
    pub q: String,
    /// The mails of this page, the newest first.
    pub rows: Vec<CourrielRow>,
    pub pages: Pages,
}

#[derive(Debug, Clone, Template)]
#[template(path = "courriels/courriel.html")]
pub struct CourrielPage {
    pub layout: Layout,
    pub objet: String,
    pub headers: Vec<(String, String)>,
    pub texte: String,
    /// The address of the HTML part, which has its own policy and is shown in a sandboxed frame.
    pub html_href: Option<String>,
    /// The web addresses in its text, as links.
    pub links: Vec<String>,
}
