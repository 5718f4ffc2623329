//! The deadlines that the server runs by itself: a table of them, each a bounded transaction of its own.
//!
//! A deadline changes only what is still due, with its journal row and its email in the same transaction, so it may run
//! twice, on several servers at once, or after a long stop, and still happens once. What time it is comes from the store's
//! clock, which a test moves. A new deadline is a new line of [`DEADLINES`].

use futures_util::future::LocalBoxFuture;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use store::dossiers::Terme;
use store::{Store, Transaction, essais};

use crate::commands::{alertes, comptes, demandes, dossiers, inscriptions};
use crate::follower::{Called, Failure, Progress, Work};

/// Subjects that one transaction of one deadline handles: it holds SQLite's only writer some milliseconds.
const BATCH: i64 = 100;
/// The longest time between a deadline and its effect; deadlines are civil days, so half a minute is nothing.
const TICK: Duration = Duration::from_secs(30);

struct Deadline {
    name: &'static str,
    /// Runs what is due, for at most [`BATCH`] subjects.
    run: for<'t> fn(&'t mut Transaction) -> BoxFuture<'t, store::Result<Ran>>,
}

/// What one transaction of a deadline came to.
#[derive(Clone, Copy)]
struct Ran {
    count: usize,
    /// Whether there may be more.
    more: bool,
}

const DEADLINES: &[Deadline] = &[
    Deadline {
        // Rows of the journal that could not be read, once they can be.
        name: "journal",
        run: |transaction| {
            async move {
                let count = store::journal::read_again(transaction).await?;
                Ok(Ran { count, more: false })
            }
            .boxed()
        },
    },
    Deadline {
        // Manual §3.1.1: seven days to click the activation link.
        name: "activation",
        run: |transaction| {
            async move {
                let count = comptes::expire_activations(transaction, BATCH).await?;
                Ok(Ran { count, more: count as i64 >= BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        name: "sessions",
        run: |transaction| {
            async move {
                let count = store::sessions::expire(transaction, BATCH).await?;
                Ok(Ran { count, more: count as i64 == BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        // Links, captchas, passwords of forms, logins and provisional credentials whose time is over.
        name: "credentials",
        run: |transaction| {
            async move {
                let count = store::jetons::forget_old(transaction).await?
                    + store::captchas::forget_old(transaction).await?
                    + store::mots_de_passe_gardes::forget_old(transaction).await?
                    + store::etapes::forget_old(transaction).await?
                    + store::acces::expire(transaction).await?;
                Ok(Ran { count, more: false })
            }
            .boxed()
        },
    },
    Deadline {
        // SPEC I16: two weeks and three days before the two months are over.
        name: "complement_warnings",
        run: |transaction| {
            async move {
                let count = inscriptions::warn_of_complements(transaction, BATCH).await?;
                Ok(Ran { count, more: count as i64 >= BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        // Manual §3.2.2: two months without the complement.
        name: "complements",
        run: |transaction| {
            async move {
                let count = inscriptions::archive_overdue_complements(transaction, BATCH).await?;
                Ok(Ran { count, more: count as i64 >= BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        // SPEC A4: an annonce is closed once its last day has passed.
        name: "annonces",
        run: |transaction| {
            async move {
                let count = store::annonces::close_past(transaction, BATCH).await?;
                Ok(Ran { count, more: count as i64 >= BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        // SPEC L3: digests of the day or of the week.
        name: "digests",
        run: |transaction| {
            async move {
                let count = alertes::send_digests(transaction, BATCH).await?;
                Ok(Ran { count, more: count as i64 >= BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        // Manual §6.1.1: a visitor's request that nobody confirmed.
        name: "support_unconfirmed",
        run: |transaction| {
            async move {
                let count = store::demandes::drop_unconfirmed(transaction, BATCH).await?;
                Ok(Ran { count, more: count as i64 >= BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        // SPEC D12: a month before a dossier is reviewed, then its review.
        name: "dossier_review_warnings",
        run: |transaction| {
            async move {
                let count = dossiers::remind(transaction, Terme::Revue, BATCH).await?;
                Ok(Ran { count, more: count as i64 >= BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        name: "dossier_reviews",
        run: |transaction| {
            async move {
                let count = dossiers::review(transaction, BATCH).await?;
                Ok(Ran { count, more: count as i64 >= BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        // SPEC D12: a month before an identity document ends, then its end.
        name: "dossier_expiry_warnings",
        run: |transaction| {
            async move {
                let count = dossiers::remind(transaction, Terme::Identite, BATCH).await?;
                Ok(Ran { count, more: count as i64 >= BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        name: "dossier_expiries",
        run: |transaction| {
            async move {
                let count = dossiers::expire(transaction, BATCH).await?;
                Ok(Ran { count, more: count as i64 >= BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        // SPEC D7: letters that were sent before their amount was followed.
        name: "dossier_letters",
        run: |transaction| {
            async move {
                let count = store::dossiers::count_letters(transaction, BATCH).await?;
                Ok(Ran { count, more: count as i64 >= BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        // SPEC D7: a month before a certificate of the Urssaf is six months old, then its end.
        name: "dossier_vigilance_warnings",
        run: |transaction| {
            async move {
                let count = dossiers::remind(transaction, Terme::Vigilance, BATCH).await?;
                Ok(Ran { count, more: count as i64 >= BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        name: "dossier_vigilance_ends",
        run: |transaction| {
            async move {
                let count = dossiers::expire_vigilance(transaction, BATCH).await?;
                Ok(Ran { count, more: count as i64 >= BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        // SPEC S6: a week before the thirty days are over.
        name: "support_reminders",
        run: |transaction| {
            async move {
                let count = demandes::echeances::remind(transaction, BATCH).await?;
                Ok(Ran { count, more: count as i64 >= BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        // Manual §6.2.2: thirty days without what was asked for.
        name: "support_silent",
        run: |transaction| {
            async move {
                let count = demandes::echeances::close_silent(transaction, BATCH).await?;
                Ok(Ran { count, more: count as i64 >= BATCH })
            }
            .boxed()
        },
    },
    Deadline {
        name: "failed_logins",
        run: |transaction| {
            async move { Ok(Ran { count: essais::forget_old(transaction).await?, more: false }) }.boxed()
        },
    },
];

/// Runs the deadlines of [`DEADLINES`].
#[derive(Debug)]
pub struct Echeances {
    store: Store,
}

impl Echeances {
    /// Runs the deadlines of this database, by its clock.
    pub fn new(store: Store) -> Self {
        Self { store }
    }
}

impl Work for Echeances {
    fn called(&self) -> Called {
        Called { name: "echeances", label: "Échéances" }
    }

    fn woken_by_commits(&self) -> bool {
        false
    }

    fn tick(&self) -> Duration {
        TICK
    }

    fn pause(&self) -> Duration {
        // Nothing falls due because of a commit: wakes are for tests and for an administrateur in a hurry.
        Duration::from_secs(1)
    }

    fn run(&mut self) -> LocalBoxFuture<'_, Result<Progress, Failure>> {
        Box::pin(async move {
            let mut more = false;
            let mut failure = None;
            for deadline in DEADLINES {
                match self.store.write(None, deadline.run).await {
                    Ok(ran) => {
                        more |= ran.more;
                        if ran.count > 0 {
                            tracing::info!(deadline = deadline.name, count = ran.count, "a deadline passed");
                            metrics::counter!("ei_deadlines_total", "deadline" => deadline.name)
                                .increment(ran.count as u64);
                        }
                    }
                    // One that fails must not hold up the others.
                    Err(error) => {
                        tracing::warn!(deadline = deadline.name, %error, "a deadline could not be run");
                        failure = Some(error);
                    }
                }
            }
            match failure {
                Some(error) => Err(error.into()),
                None if more => Ok(Progress::More),
                None => Ok(Progress::Done),
            }
        })
    }
}

#[cfg(test)]
mod tests;
