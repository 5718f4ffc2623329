//! Public search of annonces and the page of one (A1).

use askama::Template;

use super::dates::Moment;
use super::layout::{Layout, Link};
use super::lists::{Choice, ChoiceGroup, Column, Pages};
use super::numbers::Said as _;
use super::text::{Block, Segments};

#[derive(Debug, Clone)]
pub struct AnnonceRow {
    /// Its number, « 2026-0412 »; « brouillon » has none and shows its title alone.
    pub numero: String,
    pub href: String,
    pub titre: String,
    pub structure: String,
    pub specialite: String,
    pub regions: String,
    /// When, in words: `dates::period`.
    pub period: String,
    /// What was found in the text; empty without words searched.
    pub excerpt: Segments,
}

/// The part of the search that changes with each criterion: facets and results.
#[derive(Debug, Clone, Template)]
#[template(path = "annonces/_resultats.html")]
pub struct AnnoncesResults {
    /// Where one becomes alerted to this search, if one may.
    pub follow_href: Option<String>,
    /// The words searched, carried by every link.
    pub q: String,
    pub total: u64,
    /// What was understood of the words: « Annonces en Bretagne, avec « finances » » or a correction; empty if plain.
    pub understood: String,
    /// Spécialités, with counts; the chosen one selected.
    pub specialites: Vec<Choice>,
    /// Sous-spécialités by spécialité (only the chosen one's, once one is chosen).
    pub sous_specialites: Vec<ChoiceGroup>,
    /// Régions, with counts.
    pub regions: Vec<Choice>,
    pub departements: Vec<ChoiceGroup>,
    /// Structures, with counts.
    pub structures: Vec<Choice>,
    /// First day searched, as `<input type=date>` has it; empty if none.
    pub du: String,
    /// Last day searched.
    pub au: String,
    pub numero: String,
    pub tris: Vec<Choice>,
    /// How many criteria besides the words are set, said on « Affiner ».
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
    /// When, in words; empty if not said.
    pub period: String,
    pub published: Option<Moment>,
    pub blocks: Vec<Block>,
    /// Whether it is shown to its structure as it will be once published.
    pub apercu: bool,
    /// The same for search engines, as JSON-LD.
    pub donnees: Option<String>,
    /// What became of the reader's own answer, in words.
    pub reponse: Option<String>,
    /// What the reader may do with it.
    pub actions: Vec<Link>,
    /// Back to the list, with its search.
    pub back: Link,
}
