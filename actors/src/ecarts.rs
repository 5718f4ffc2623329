//! Carries out what a structure decided some seconds ago and did not take back: answers that are not kept (SPEC A4).
//! Each decision waits in the database, so it takes effect once, also when the page was closed or the server restarted.

use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use store::{Error, Store, candidatures};

use crate::commands::candidatures::settle_dismissals;
use crate::follower::{Called, Failure, Progress, Work};

const BATCH: i64 = 100;
/// How late a decision may take effect.
const TICK: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub struct Ecarts {
    store: Store,
}

impl Ecarts {
    /// For the decisions of that database.
    pub fn new(store: Store) -> Self {
        Self { store }
    }
}

impl Work for Ecarts {
    fn called(&self) -> Called {
        Called { name: "ecarts", label: "Candidatures non retenues" }
    }

    fn woken_by_commits(&self) -> bool {
        false
    }

    fn tick(&self) -> Duration {
        TICK
    }

    fn run(&mut self) -> LocalBoxFuture<'_, Result<Progress, Failure>> {
        Box::pin(async move {
            // Read first: nearly always nothing is due, and a write would take SQLite's one writer.
            let now = self.store.clock().now();
            if !candidatures::any_dismissal_due(&mut self.store.read().await?, now).await? {
                return Ok(Progress::Done);
            }
            let settled = self
                .store
                .write::<_, Error, _>(None, |transaction| {
                    Box::pin(async move { settle_dismissals(transaction, BATCH).await })
                })
                .await?;
            Ok(if settled as i64 == BATCH { Progress::More } else { Progress::Done })
        })
    }
}
