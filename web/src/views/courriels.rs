//! The demonstration's mails, shown instead of being sent (O1).

use askama::Template;

use super::dates::Moment;
use super::layout::{Layout, Tone};
use super::lists::Pages;
use super::numbers::Said as _;

/// One mail in the list.
#[derive(Debug, Clone)]
pub struct CourrielRow {
    /// Opens it.
    pub href: String,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub objet: String,
    /// When it was written.
    pub at: Moment,
    /// « envoyé », « en attente », « en échec ».
    pub etat: String,
    /// The colour of the state.
    pub tone: Tone,
}

/// `GET /courriels` (demonstration only).
#[derive(Debug, Clone, Template)]
#[template(path = "courriels/liste.html")]
pub struct CourrielsListe {
    /// What every page shares.
    pub layout: Layout,
    /// The words filtered by.
    pub q: String,
    /// The mails of this page, the newest first.
    pub rows: Vec<CourrielRow>,
    /// The pages.
    pub pages: Pages,
}

/// `GET /courriels/{id}` (demonstration only).
#[derive(Debug, Clone, Template)]
#[template(path = "courriels/courriel.html")]
pub struct CourrielPage {
    /// What every page shares.
    pub layout: Layout,
    /// Its subject.
    pub objet: String,
    /// Its headers, as sent.
    pub headers: Vec<(String, String)>,
    /// Its text part, as sent.
    pub texte: String,
    /// Serves its HTML part, under a policy of its own; shown in a sandboxed frame.
    pub html_href: Option<String>,
    /// The links of its text, to be followed from here: only web addresses.
    pub links: Vec<String>,
}
