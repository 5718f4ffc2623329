//! A structure's annonces: list and form (A4).

use askama::Template;

use super::annonces::AnnonceRow;
use super::dates::Moment;
use super::layout::{Layout, Tone};
use super::lists::{Choice, ChoiceGroup, Column, Pages};
use super::numbers::Said as _;

#[derive(Debug, Clone)]
pub struct GestionAnnonceRow {
    /// The same as in the public list; `href` leads to the form or the page.
    pub annonce: AnnonceRow,
    /// « brouillon », « publiée », « close », « archivée ».
    pub etat: String,
    pub tone: Tone,
    pub changed: Moment,
}

#[derive(Debug, Clone, Template)]
#[template(path = "gestion/annonces.html")]
pub struct GestionAnnonces {
    pub layout: Layout,
    /// The states as links: (label, count, address, whether it is the one shown).
    pub etats: Vec<(String, u64, String, bool)>,
    pub q: String,
    /// The state of the filter, kept by the search box; empty for all.
    pub etat: String,
    /// Sortable headings: number, title, spécialité, state, last change.
    pub columns: Vec<Column>,
    /// Whether this gestionnaire may write annonces; otherwise they read them.
    pub granted: bool,
    pub rows: Vec<GestionAnnonceRow>,
    pub pages: Pages,
}

impl GestionAnnonces {
    /// The address of the list.
    pub const LIST: &'static str = "/gestion/annonces";
    /// The address of the form for a new annonce.
    pub const NEW: &'static str = "/gestion/annonces/nouvelle";
}

/// `GET /gestion/annonces/{id}/publier`: asks before an annonce becomes public.
#[derive(Debug, Clone, Template)]
#[template(path = "gestion/annonce_publication.html")]
pub struct GestionAnnoncePublication {
    pub layout: Layout,
    pub href: String,
    /// The version shown: a colleague's later change is never published unseen.
    pub version: String,
    pub annonce: AnnonceRow,
    /// How many people its alerts reach now.
    pub alerted: u64,
}

/// `GET|POST` of the form of an annonce. Fields: `titre, texte, specialite, sous_specialite, modalite, regions`
/// (repeated), `departements` (repeated), `du, au, version`, and the button
/// `action=enregistrer|publier|cloturer|pourvoir|archiver`.
#[derive(Debug, Clone, Template)]
#[template(path = "gestion/annonce_formulaire.html")]
pub struct GestionAnnonceFormulaire {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub action_href: String,
    /// The number once published.
    pub numero: Option<String>,
    /// The state in words; empty for a new one.
    pub etat: String,
    /// The version from which the form was made, so that a colleague's change is not overwritten.
    pub version: String,
    pub titre: String,
    pub texte: String,
    pub specialites: Vec<Choice>,
    pub sous_specialites: Vec<ChoiceGroup>,
    /// The modalités: in a room, at a distance…
    pub modalites: Vec<Choice>,
    /// Régions, several may be selected; none makes it national.
    pub regions: Vec<Choice>,
    /// Départements by région, several may be selected: each brings its région; without any the field is not shown.
    pub departements: Vec<ChoiceGroup>,
    /// First day, as `<input type=date>` has it.
    pub du: String,
    /// Last day.
    pub au: String,
    /// How many people the saved annonce would alert, or how many it alerted once published; none before the first
    /// save.
    pub alerted: Option<u64>,
    /// Whether this gestionnaire may write annonces; otherwise they read them.
    pub granted: bool,
    /// Whether it may be changed; otherwise the form is read-only.
    pub can_save: bool,
    pub can_publish: bool,
    pub can_close: bool,
    /// Its id, once saved.
    pub id: Option<i64>,
    pub can_archive: bool,
    /// The public page, once published.
    pub public_href: Option<String>,
}
