//! Tells people of what answers the searches they follow, once for the whole cluster: newly validated CVs for
//! gestionnaires (SPEC G3), published annonces for intervenants (SPEC A1, L2).
//!
//! It looks in the same index as the search page, so that the page shows what the notice tells: a fact waits until this
//! server's index has followed the journal past it. An annonce also waits until the alerts of the tick boxes are
//! written, so that nobody is told of it twice.

use futures_util::future::LocalBoxFuture;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::CompteId;
use domain::inscription::Evenement;
use domain::journal::Fact;
use search_index::{AnnonceSearch, CvSearch, SearchIndex};
use store::journal::Entry;
use store::recherches::{self, Suivie};
use store::{Error, Store, recherches_annonces};

use crate::follower::{Called, Failure, Observed, Progress, Work};
use crate::{alertes, commands};

/// Name of the cluster's cursor.
const CURSOR: &str = "veille";
/// Rows of the journal read at once.
const BATCH: i64 = 1_000;

/// How the query string of a search is read, as its page reads it.
#[derive(Clone, Copy, Debug)]
pub struct Lecture {
    pub cv: fn(&str) -> CvSearch,
    pub annonce: fn(&str) -> AnnonceSearch,
}

pub struct Veille {
    store: Store,
    index: SearchIndex,
    lecture: Lecture,
    /// How far the index has followed the journal.
    indexed: Arc<Observed>,
    /// Up to where there was nothing to tell; it may be past the cluster's cursor, whose moves are writes.
    seen: i64,
    observed: Arc<Observed>,
}

/// What came of one row of the journal.
enum Looked {
    /// Nobody is to be told.
    Nothing,
    /// The cursor moved over it, and who follows was told.
    Told,
    /// Another server moved the cursor.
    Elsewhere,
    /// The alerts of this annonce are not written yet.
    TooEarly,
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

    /// Which of these searches that CV answers.
    async fn answered(&self, compte: CompteId, suivies: Vec<Suivie>) -> Result<Vec<Suivie>, Failure> {
        let (index, lecture) = (self.index.clone(), self.lecture);
        let found = tokio::task::spawn_blocking(move || {
            let mut found = Vec::new();
            for suivie in suivies {
                let search = CvSearch { only: Some(compte.0), ..(lecture.cv)(&suivie.adresse) }.counting();
                let results = index.search_cvs(&search)?;
                // A CV with only some of the words is no answer.
                if results.total > 0 && !results.interpretation.relaxed {
                    found.push(suivie);
                }
            }
            Ok::<_, search_index::Error>(found)
        });
        Ok(found.await??)
    }

    /// Who follows a search that this annonce answers.
    async fn interested(&self, annonce: i64, searches: Vec<(String, Vec<CompteId>)>) -> Result<Vec<CompteId>, Failure> {
        let (index, lecture) = (self.index.clone(), self.lecture);
        let found = tokio::task::spawn_blocking(move || {
            let mut found = BTreeSet::new();
            for (adresse, comptes) in searches {
                let search = AnnonceSearch { only: Some(annonce), ..(lecture.annonce)(&adresse) }.counting();
                let results = index.search_annonces(&search)?;
                if results.total > 0 && !results.interpretation.relaxed {
                    found.extend(comptes);
                }
            }
            Ok::<_, search_index::Error>(found.into_iter().collect())
        });
        Ok(found.await??)
    }

    /// Moves the cursor over one publication and alerts these accounts, except those that had the annonce already;
    /// false when another server did it.
    async fn alert(&self, (from, to): (i64, i64), annonce: i64, comptes: Vec<CompteId>) -> Result<bool, Error> {
        let told = self
            .store
            .write::<_, Error, _>(None, move |transaction| {
                Box::pin(async move {
                    if !store::journal::advance(transaction.connection(), CURSOR, from, to).await? {
                        return Ok(None);
                    }
                    let Some((_, about)) = alertes::published(transaction, annonce).await? else { return Ok(Some(0)) };
                    Ok(Some(commands::alertes::announce(transaction, &about, &comptes, &alertes::word).await?.len()))
                })
            })
            .await?;
        if let Some(count) = told.filter(|count| *count > 0) {
            alertes::written(annonce, count);
        }
        Ok(told.is_some())
    }

    /// What one row of the journal asks for.
    async fn look(&self, position: i64, entry: &Entry) -> Result<Looked, Failure> {
        let moved = match &entry.fact {
            &Fact::InscriptionModifiee { compte, evenement: Evenement::Valider, .. } => {
                let suivies = recherches::followed(&mut self.store.read().await?, entry.at).await?;
                if suivies.is_empty() {
                    return Ok(Looked::Nothing);
                }
                let answered = self.answered(compte, suivies).await?;
                self.tell((position, entry.id), compte, entry.actor, answered).await?
            }
            Fact::AnnoncePubliee { annonce, .. } => {
                let annonce = *annonce;
                let mut connection = self.store.read().await?;
                if store::journal::cursor(&mut connection, alertes::CURSOR).await? < entry.id {
                    return Ok(Looked::TooEarly);
                }
                let searches = recherches_annonces::active(&mut connection, entry.at).await?;
                drop(connection);
                let comptes = self.interested(annonce, searches).await?;
                if comptes.is_empty() {
                    return Ok(Looked::Nothing);
                }
                self.alert((position, entry.id), annonce, comptes).await?
            }
            _ => return Ok(Looked::Nothing),
        };
        Ok(if moved { Looked::Told } else { Looked::Elsewhere })
    }

    /// Moves the cursor over one validation and tells those who follow; false when another server did it.
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
                        commands::cvtheque::tell(transaction, suivie, compte, by).await?;
                    }
                    Ok(true)
                })
            })
            .await
    }
}

impl Work for Veille {
    fn called(&self) -> Called {
        Called { name: "veille", label: "Recherches suivies" }
    }

    fn tick(&self) -> Duration {
        Duration::from_millis(500)
    }

    fn run(&mut self) -> LocalBoxFuture<'_, Result<Progress, Failure>> {
        Box::pin(async move {
            let known = self.indexed.position();
            // Woken at each commit, which the index follows a little later: most wakes have nothing to look at.
            if known <= self.seen {
                return Ok(Progress::Done);
            }
            let mut position = store::journal::cursor(&mut self.store.read().await?, CURSOR).await?;
            let from = self.seen.max(position);
            let stretch = self.store.follow(from, BATCH).await?;
            let mut reached = stretch.end.min(known).max(from);
            let mut waits = false;
            for entry in stretch.entries.iter().take_while(|entry| entry.id <= known) {
                match self.look(position, entry).await? {
                    Looked::Nothing => {}
                    Looked::Told => position = entry.id,
                    // Another server moved the cursor: start again from where it stands.
                    Looked::Elsewhere => return Ok(Progress::More),
                    Looked::TooEarly => {
                        reached = entry.id - 1;
                        waits = true;
                        break;
                    }
                }
            }
            // Where nothing was told, the cursor moves only every `BATCH` rows: a server that starts reads few rows
            // again.
            if reached - position >= BATCH {
                let (from, to) = (position, reached);
                self.store
                    .write::<_, Error, _>(None, move |transaction| {
                        Box::pin(
                            async move { store::journal::advance(transaction.connection(), CURSOR, from, to).await },
                        )
                    })
                    .await?;
            }
            let more = !waits && reached > self.seen && stretch.more;
            self.seen = reached;
            self.observed.set_position(reached);
            Ok(if more { Progress::More } else { Progress::Done })
        })
    }
}
