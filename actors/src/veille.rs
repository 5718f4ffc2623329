//! Watches for CVs that answer the searches which gestionnaires follow: each newly validated one is looked for with each
//! such search, and who follows it is told, once for the whole cluster (SPEC G3).
//!
//! It looks in the very index that the page searches, so that whoever follows the notice finds the person there: a fact
//! waits until this server's index has followed the journal past it.

use std::sync::Arc;
use std::time::Duration;

use domain::CompteId;
use domain::inscription::Evenement;
use domain::journal::Fact;
use search_index::{CvSearch, SearchIndex};
use store::recherches::{self, Suivie};
use store::{Error, Store};

use crate::follower::{Failure, Observed, Progress, Work};

/// Name of the cluster's cursor.
const CURSOR: &str = "veille";
/// Rows of the journal read at once.
const BATCH: i64 = 1_000;

/// How the query string of a search is read, as the page reads it.
pub type Lecture = fn(&str) -> CvSearch;

/// The work.
pub struct Veille {
    store: Store,
    index: SearchIndex,
    lecture: Lecture,
    /// How far the index has followed the journal.
    indexed: Arc<Observed>,
    /// Up to where there was nothing to tell, further than the cluster's cursor: moving it has its price.
    seen: i64,
    observed: Arc<Observed>,
}

impl std::fmt::Debug for Veille {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Veille").finish_non_exhaustive()
    }
}

impl Veille {
    /// Follows `store`, looks in `index`, as far as that has followed.
    pub fn new(
        store: Store,
        (index, indexed): (SearchIndex, Arc<Observed>),
        lecture: Lecture,
        observed: Arc<Observed>,
    ) -> Self {
        Self { store, index, lecture, indexed, seen: 0, observed }
    }

    /// Which of the searches that CV answers.
    async fn answered(&self, compte: CompteId, suivies: Vec<Suivie>) -> Result<Vec<Suivie>, Failure> {
        let (index, lecture) = (self.index.clone(), self.lecture);
        let found = tokio::task::spawn_blocking(move || {
            let mut found = Vec::new();
            for suivie in suivies {
                let search = CvSearch { only: Some(compte.0), ..lecture(&suivie.adresse) }.counting();
                let results = index.search_cvs(&search)?;
                // Having some of the words is not answering.
                if results.total > 0 && !results.interpretation.relaxed {
                    found.push(suivie);
                }
            }
            Ok::<_, search_index::Error>(found)
        });
        Ok(found.await??)
    }

    /// Moves the cursor over one validation and tells who follows; false when another server did.
    async fn tell(
        &self,
        (from, to): (i64, i64),
        compte: CompteId,
        by: Option<CompteId>,
        answered: Vec<Suivie>,
    ) -> Result<bool, Error> {
        self.store
            .write::<_, Error, _>(None, move |transaction| {
                Box::pin(async move {
                    if !store::journal::advance(transaction.connection(), CURSOR, from, to).await? {
                        return Ok(false);
                    }
                    for suivie in &answered {
                        recherches::tell(transaction, suivie, compte, by).await?;
                    }
                    Ok(true)
                })
            })
            .await
    }
}

impl Work for Veille {
    const NAME: &'static str = "veille";

    fn tick(&self) -> Duration {
        Duration::from_millis(500)
    }

    async fn run(&mut self) -> Result<Progress, Failure> {
        let known = self.indexed.position();
        // Woken at each commit, which the index follows a little later: most wakes have nothing to look at.
        if known <= self.seen {
            return Ok(Progress::Done);
        }
        let (mut position, entries) = {
            let mut connection = self.store.read().await?;
            let cursor = store::journal::cursor(&mut connection, CURSOR).await?;
            (cursor, store::journal::after(&mut connection, self.seen.max(cursor), BATCH).await?)
        };
        let mut reached = self.seen.max(position);
        for entry in entries.iter().take_while(|entry| entry.id <= known) {
            reached = entry.id;
            let Some(Fact::InscriptionModifiee { compte, evenement, .. }) = entry.fact()? else { continue };
            if evenement != Evenement::Valider.as_str() {
                continue;
            }
            let suivies = recherches::followed(&mut self.store.read().await?, entry.at).await?;
            if suivies.is_empty() {
                continue;
            }
            let answered = self.answered(compte, suivies).await?;
            if !self.tell((position, entry.id), compte, entry.actor.map(CompteId), answered).await? {
                // Another server moved the cursor: start again from where it stands.
                return Ok(Progress::More);
            }
            position = entry.id;
        }
        // The cursor follows from afar where nothing was told, so that a server that starts reads little again.
        if reached - position >= BATCH {
            let (from, to) = (position, reached);
            self.store
                .write::<_, Error, _>(None, move |transaction| {
                    Box::pin(async move { store::journal::advance(transaction.connection(), CURSOR, from, to).await })
                })
                .await?;
        }
        let more = reached > self.seen && entries.len() as i64 == BATCH;
        self.seen = reached;
        self.observed.set_position(reached);
        Ok(if more { Progress::More } else { Progress::Done })
    }
}
