//! Public search of annonces and the page of one (A1).

use askama::Template;

use super::dates::Moment;
use super::layout::{Layout, Link};
use super::lists::{Choice, ChoiceGroup, Column, Pages};
use super::numbers::Said as _;
use super::text::{Block, Segments};

#[derive(Debug, Clone)]
pub struct AnnonceRow {
    /// Its number, « 2026-0412 »; a draft has none, and shows its title alone.
    pub numero: String,
    pub href: String,
    pub titre: String,
    pub structure: String,
    pub specialite: String,
    pub regions: String,
    /// When, in words: `dates::period`.
    pub period: String,
    /// The passage found in the text; empty when no words are searched.
    pub excerpt: Segments,
}

/// The part of the search page that changes with each criterion: facets and results.
#[derive(Debug, Clone, Template)]
#[template(path = "annonces/_resultats.html")]
pub struct AnnoncesResults {
    /// The page that adds this search to the alerts, for viewers who may.
    pub follow_href: Option<String>,
    /// The words searched, carried by every link.
    pub q: String,
    pub total: u64,
    /// How the index understood the words: « Annonces en Bretagne, avec « finances » » or a correction; empty when
    /// there is nothing to explain.
    pub understood: String,
    /// Spécialités, with counts; the chosen one selected.
    pub specialites: Vec<Choice>,
    /// Sous-spécialités by spécialité (only those of the chosen one, if any).
    pub sous_specialites: Vec<ChoiceGroup>,
    /// Régions, with counts.
    pub regions: Vec<Choice>,
    pub departements: Vec<ChoiceGroup>,
    /// Structures, with counts.
    pub structures: Vec<Choice>,
    /// First day of the search, as `<input type=date>` has it; empty if none.
    pub du: String,
    /// Last day of the search.
    pub au: String,
    pub numero: String,
    pub tris: Vec<Choice>,
    /// Number of criteria besides the words, shown on « Affiner ».
    pub criteria: u64,
    /// The headings, in this order: number, title, structure, spécialité, région, period.
    pub columns: Vec<Column>,
    pub rows: Vec<AnnonceRow>,
    pub pages: Pages,
    /// The same search without criteria.
    pub reset_href: String,
    /// The same search as Atom.
    pub atom_href: String,
    /// The same search as JSON.
    pub json_href: String,
}

/// `GET /annonces`. The fragment is [`AnnoncesResults`] alone.
#[derive(Debug, Clone, Template)]
#[template(path = "annonces/liste.html")]
pub struct AnnoncesListe {
    pub layout: Layout,
    pub results: AnnoncesResults,
}

#[derive(Debug, Clone, Template)]
#[template(path = "annonces/fiche.html")]
pub struct AnnonceFiche {
    pub layout: Layout,
    pub numero: String,
    pub titre: String,
    /// Its state when it is no longer open: « close », « archivée »; empty while it is.
    pub etat: String,
    pub structure: String,
    pub specialite: String,
    /// Its sous-spécialité, if any.
    pub sous_specialite: Option<String>,
    /// Its régions; empty for a national one.
    pub regions: Vec<String>,
    pub departements: Vec<String>,
    /// « En présentiel », « À distance »…
    pub modalite: String,
    /// The period in words; empty if none.
    pub period: String,
    pub published: Option<Moment>,
    pub blocks: Vec<Block>,
    /// Whether this is the structure's preview before publication.
    pub apercu: bool,
    /// The annonce for search engines, as JSON-LD.
    pub donnees: Option<String>,
    /// The state of the reader's own answer, in words.
    pub reponse: Option<String>,
    /// The reader's possible actions.
    pub actions: Vec<Link>,
    /// Back to the list, with its search.
    pub back: Link,
}
