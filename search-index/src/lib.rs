//! Full-text search over the CV-thèque and the annonces (Tantivy).
//!
//! Plain facts come in ([`CvDocument`], [`AnnonceDocument`]), pages of results go out; no database, no clock, no
//! network here. The index is a copy that can always be made anew: it follows the journal, and its cursor lives in its
//! own commits, so that the two can't disagree. All calls block: run them on a blocking thread.

mod annonces;
mod availability;
mod besoin;
mod compile;
mod cvs;
mod document;
mod error;
mod facets;
mod family;
pub mod french;
mod generation;
mod highlight;
mod meant;
mod nearness;
pub mod query;
mod schema;
mod search;
mod sigles;
mod similar;
mod snapshot;
mod sonore;
mod sort;
mod spelling;
mod telling;
mod unit;
mod weights;
mod words;
mod writer;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

pub use annonces::{AnnonceHit, AnnonceResults, AnnonceSearch};
pub use besoin::{Mot, MotPese, MotTrouve, Part, Personnes, PourBesoin, words_of};
pub use cvs::{CvHit, CvResults, CvSearch};
pub use document::{AnnonceDocument, CvDocument, Fichier, Labelled, PUBLIEE, Period, StructureName};
pub use error::{Error, RebuildReason};
pub use facets::{FacetCounts, FacetValue, Filters};
pub use highlight::{Highlight, Segment, Source};
pub use meant::Proposed;
pub use query::{Expression, Ignored};
pub use schema::{Facet, Indexed, QueryField};
pub use search::{DEEPEST_RESULT, Interpretation, LARGEST_PAGE, Page, Results, Sort};
pub use sigles::Sigles;
pub use similar::{Similar, WEIGHTS as SIMILAR_WEIGHTS, WORDS as SIMILAR_WORDS};
pub use spelling::{Correction, Partial};
pub use weights::{WEIGHTS, Weights};
pub use writer::{Access, Purged, Shelf};

/// Both indexes. Cheap to clone, shared by all threads.
#[derive(Clone)]
pub struct SearchIndex {
    cvs: Arc<Shelf<CvDocument>>,
    annonces: Arc<Shelf<AnnonceDocument>>,
}

pub enum Opened {
    /// Both indexes serve and follow the journal.
    Ready(SearchIndex),
    /// At least one must be rebuilt from the facts (see [`Shelf::rebuild`]); what can serve meanwhile does.
    NeedsRebuild {
        index: SearchIndex,
        /// Why the CV-thèque must be.
        cvs: Option<RebuildReason>,
        /// Why the annonces must be.
        annonces: Option<RebuildReason>,
    },
}

impl Opened {
    /// The handle, ready or not.
    pub fn index(self) -> SearchIndex {
        match self {
            Self::Ready(index) | Self::NeedsRebuild { index, .. } => index,
        }
    }
}

impl SearchIndex {
    /// Opens the indexes under a folder, made if needed. With [`Access::Write`], fails with [`Error::Locked`] while
    /// another process writes them; a missing, old or damaged index is [`Opened::NeedsRebuild`], never an error.
    pub fn open(folder: &Path, access: Access) -> Result<Opened, Error> {
        let cvs = Arc::new(Shelf::open(folder, access)?);
        let annonces = Arc::new(Shelf::open(folder, access)?);
        let index = Self { cvs, annonces };
        let (cvs, annonces) = (index.cvs.needs_rebuild(), index.annonces.needs_rebuild());
        Ok(match (&cvs, &annonces) {
            (None, None) => Opened::Ready(index),
            _ => Opened::NeedsRebuild { index, cvs, annonces },
        })
    }

    pub fn cvs(&self) -> &Shelf<CvDocument> {
        &self.cvs
    }

    pub fn annonces(&self) -> &Shelf<AnnonceDocument> {
        &self.annonces
    }

    /// The journal id to read on from, for both; `None` while one must be rebuilt.
    pub fn cursor(&self) -> Option<i64> {
        Some(self.cvs.cursor()?.min(self.annonces.cursor()?))
    }

    /// Commits both as the effect of the journal's ids after `from` up to `to`: see [`Shelf::commit`]. After an error,
    /// read the journal on from [`SearchIndex::cursor`].
    pub fn commit(&self, from: i64, to: i64) -> Result<(), Error> {
        self.cvs.commit(from, to)?;
        self.annonces.commit(from, to)
    }

    /// Sees the last commits of the process that writes.
    pub fn refresh(&self) -> Result<(), Error> {
        self.cvs.refresh()?;
        self.annonces.refresh()
    }

    /// Removes from the disk what was deleted: see [`Shelf::purge`].
    pub fn purge(&self) -> Result<Purged, Error> {
        let cvs = self.cvs.purge()?;
        let annonces = self.annonces.purge()?;
        Ok(Purged { segments: cvs.segments + annonces.segments, files: cvs.files + annonces.files })
    }

    /// Replaces the list of sigles that queries are understood with; searches that run go on with the one before.
    pub fn set_sigles(&self, sigles: Sigles) {
        let sigles = Arc::new(sigles);
        self.cvs.set_sigles(Arc::clone(&sigles));
        self.annonces.set_sigles(sigles);
    }

    pub fn search_cvs(&self, search: &CvSearch) -> Result<CvResults, Error> {
        cvs::search(&self.cvs, search)
    }

    /// The CVs most similar to one of them, at most so many, the most similar first, with what they share.
    pub fn similar_cvs(&self, id: i64, most: usize) -> Result<Vec<Similar>, Error> {
        similar::similar(&self.cvs, id, most)
    }

    /// The words that tell a text from the CVs, at most so many, the most telling first.
    pub fn telling_words(&self, text: &str, most: usize) -> Result<Vec<Mot>, Error> {
        besoin::telling_words(&self.cvs, text, most)
    }

    /// Who has words of a need, those whose words are worth most first.
    pub fn people_for(&self, mots: &[MotPese], page: Page) -> Result<Personnes, Error> {
        besoin::people_for(&self.cvs, mots, page)
    }

    /// The ids of those who have words of a need, those whose words are worth most first.
    pub fn ids_for(&self, mots: &[MotPese], most: usize) -> Result<Vec<i64>, Error> {
        besoin::ids_for(&self.cvs, mots, most)
    }

    /// What each of these people has of the words of a need; who has none is left out.
    pub fn parts(&self, mots: &[MotPese], ids: &[i64]) -> Result<HashMap<i64, Part>, Error> {
        besoin::parts(&self.cvs, mots, ids)
    }

    pub fn search_annonces(&self, search: &AnnonceSearch) -> Result<AnnonceResults, Error> {
        annonces::search(&self.annonces, search)
    }
}
