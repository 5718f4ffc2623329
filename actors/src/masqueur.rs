//! Masks numbers in the texts that were kept before masking began (SPEC Q7): once, while the service runs.

use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use store::{Error, Store, masquage};

use crate::follower::{Called, Failure, Progress, Work};

#[derive(Debug)]
pub struct Masqueur {
    store: Store,
    done: bool,
}

impl Masqueur {
    /// Looks over the texts of this database.
    pub fn new(store: Store) -> Self {
        Self { store, done: false }
    }
}

impl Work for Masqueur {
    fn called(&self) -> Called {
        Called { name: "masqueur", label: "Masquage des numéros personnels" }
    }

    fn woken_by_commits(&self) -> bool {
        false
    }

    fn tick(&self) -> Duration {
        // After a run that failed: good runs follow each other at once.
        Duration::from_mins(1)
    }

    fn pause(&self) -> Duration {
        // Between two batches, whoever else writes has its turn.
        Duration::from_millis(20)
    }

    fn run(&mut self) -> LocalBoxFuture<'_, Result<Progress, Failure>> {
        Box::pin(async move {
            if self.done {
                return Ok(Progress::Done);
            }
            let Some(lot) = masquage::next(&mut self.store.read().await?).await? else {
                self.done = true;
                return Ok(Progress::Done);
            };
            let masque = tokio::task::spawn_blocking(move || lot.masked()).await?;
            let found = masque.found();
            let written = self
                .store
                .write::<_, Error, _>(None, move |transaction| {
                    Box::pin(async move { masquage::settle(transaction, &masque).await })
                })
                .await?;
            if written && found > 0 {
                tracing::info!(found, "numbers were masked in texts that were kept before");
                metrics::counter!("ei_texts_masked_total").increment(found as u64);
            }
            Ok(Progress::More)
        })
    }
}
