//! The deadlines that the server runs by itself: a table of them, each a bounded transaction of its own.
//!
//! A deadline changes only what is still due, with its journal row and its email in the same transaction, so it may run
//! twice, on several servers at once, or after a long stop, and still happens once. What time it is comes from the
//! store's clock, which a test moves. A new deadline is a new line of [`DEADLINES`].

use futures_util::future::LocalBoxFuture;
use std::time::Duration;

use store::dossiers::Terme;
use store::{Pending, Store, Transaction, tries};

use crate::commands::{Due, FrontDesk, alertes, comptes, demandes, dossiers, inscriptions};
use crate::follower::{Called, Failure, Progress, Work};

/// Subjects that one transaction of one deadline handles: it holds SQLite's only writer some milliseconds.
const BATCH: i64 = 100;
/// The longest time between a deadline and its effect; deadlines are civil days, so half a minute is nothing.
const TICK: Duration = Duration::from_secs(30);

/// The name of a deadline, and the function that does what is due, for at most so many subjects.
type Deadline = (&'static str, for<'t> fn(&'t mut Transaction, i64) -> Pending<'t, usize>);

const DEADLINES: &[Deadline] = &[
    // Rows of the journal that could not be read, once they can be.
    ("journal", |transaction, _| store::journal::read_again(transaction)),
    // Manual §3.1.1: seven days to click the activation link.
    ("activation", comptes::expire_activations),
    ("sessions", store::sessions::expire),
    // Links, captchas, passwords of forms, logins and provisional credentials whose time is over.
    ("credentials", |transaction, _| {
        Box::pin(async move {
            Ok(store::tokens::forget_old(transaction).await?
                + store::captchas::forget_old(transaction).await?
                + store::mots_de_passe_gardes::forget_old(transaction).await?
                + store::login_steps::forget_old(transaction).await?
                + store::acces::expire(transaction).await?)
        })
    }),
    // SPEC I16: two weeks and three days before the two months are over.
    ("complement_warnings", inscriptions::warn_of_complements),
    // Manual §3.2.2: two months without the complement.
    ("complements", inscriptions::archive_overdue_complements),
    // SPEC A4: an annonce is closed once its last day has passed.
    ("annonces", store::annonces::close_past),
    // SPEC L3: digests of the day or of the week.
    ("digests", alertes::send_digests),
    // Manual §6.1.1: a visitor's request that nobody confirmed.
    ("support_unconfirmed", store::demandes::drop_unconfirmed),
    // SPEC D12: a month before a dossier is reviewed, then its review.
    ("dossier_review_warnings", |transaction, limit| dossiers::remind(transaction, Terme::Revue, limit)),
    ("dossier_reviews", dossiers::review),
    // SPEC D12: a month before an identity document ends, then its end.
    ("dossier_expiry_warnings", |transaction, limit| dossiers::remind(transaction, Terme::Identite, limit)),
    ("dossier_expiries", dossiers::expire),
    // SPEC D7: letters that were sent before their amount was followed.
    ("dossier_letters", dossiers::count_letters),
    // SPEC D7: a month before a certificate of the Urssaf is six months old, then its end.
    ("dossier_vigilance_warnings", |transaction, limit| dossiers::remind(transaction, Terme::Vigilance, limit)),
    ("dossier_vigilance_ends", dossiers::expire_vigilance),
    // SPEC S6: a week before the thirty days are over.
    ("support_reminders", demandes::echeances::remind),
    // Manual §6.2.2: thirty days without what was asked for.
    ("support_silent", demandes::echeances::close_silent),
    ("failed_logins", |transaction, _| tries::forget_old(transaction)),
];

/// Runs the deadlines of [`DEADLINES`].
#[derive(Debug)]
pub struct Echeances(FrontDesk);

impl Echeances {
    /// Runs the deadlines of this database, by its clock.
    pub fn new(store: Store) -> Self {
        Self(FrontDesk::new(store))
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
            for (name, what) in DEADLINES {
                match self.0.ask(Due { what: *what, limit: BATCH }).await {
                    Ok(Ok(count)) => {
                        more |= count as i64 >= BATCH;
                        if count > 0 {
                            tracing::info!(deadline = name, count, "a deadline passed");
                            metrics::counter!("ei_deadlines_total", "deadline" => *name).increment(count as u64);
                        }
                    }
                    // One that fails must not hold up the others.
                    Err(error) => {
                        tracing::warn!(deadline = name, %error, "a deadline could not be run");
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
