//! The mailer: claims emails of the outbox, renders and sends them, and writes down what became of each.
//!
//! Sending is at least once: a second copy is possible only between the mail server's answer and our commit, and it
//! bears the same Message-ID. Nothing here logs an address or a subject. Templates are in `templates/courriels`.

mod answer;
pub mod error;
pub mod message;
pub mod render;
pub mod smtp;
pub mod transport;

use futures_util::future::LocalBoxFuture;
use std::cell::RefCell;
use std::time::Duration;

use domain::courriel::Courriel;
use futures_util::{FutureExt, StreamExt, stream};
use lettre::message::Mailbox;
use store::Store;
use store::courriels::{self, Outcome, Secrets, Sortant, TRIES_MAX};
use tokio::time::Instant;

pub use self::answer::Answer;
pub use self::error::ConfigError;
use self::message::{Composed, compose};
use self::render::{Letterhead, render};
pub use self::smtp::{Options as SmtpOptions, Smtp};
pub use self::transport::Transport;
use crate::follower::{Called, Failure, Progress, Work};

/// Mails claimed in one transaction, unless the configuration says otherwise.
pub const BATCH: u16 = 64;
/// A claimed mail that was not begun after that time is put back, so that its lease can't end while it is sent.
const BEGIN_WITHIN: Duration = Duration::from_secs(20);
/// Writing down what became of a mail, with the tries of [`FINISH_PAUSES`].
const FINISH_WITHIN: Duration = Duration::from_secs(20);
/// No new batch is claimed after that time, so that a stop does not wait for the whole outbox.
const RUN_MAX: Duration = Duration::from_secs(2);
/// Retries fall due without a commit that wakes; a server that can't be reached is tried no more often than that.
const TICK: Duration = Duration::from_secs(5);
/// Every commit wakes: a burst of commits shares one look at the outbox.
const PAUSE: Duration = Duration::from_millis(20);
/// Waits between tries to write down what became of a mail: a mail that was sent and not written down is sent again.
const FINISH_PAUSES: [Duration; 4] =
    [Duration::from_millis(100), Duration::from_millis(400), Duration::from_millis(1500), Duration::from_secs(5)];

#[derive(Debug)]
pub struct MailerConfig {
    pub transport: Transport,
    /// The sender: `Espace Intervenants <ne-pas-repondre@exemple.fr>`. Its domain ends every Message-ID.
    pub from: String,
    /// The service's address as people type it, without a final slash.
    pub base_url: String,
    /// A sentence that says whom to ask; it ends every mail.
    pub contact: String,
    /// Mails claimed in one transaction, from 1 to 1000; [`BATCH`] is a good value.
    pub batch: u16,
}

/// Sends what is in the outbox.
#[derive(Debug)]
pub struct Mailer {
    store: Store,
    transport: Transport,
    from: Mailbox,
    letterhead: Letterhead,
    batch: i64,
    by: String,
    /// The server could not be reached at the last try.
    away: bool,
}

/// Whether mails can be sent in this name: `Espace Intervenants <ne-pas-repondre@exemple.fr>`, or an address alone.
///
/// # Errors
/// A sentence that says what to write.
pub fn check_sender(from: &str) -> Result<(), ConfigError> {
    from.parse::<Mailbox>().map(|_| ()).map_err(|_| ConfigError::From)
}

impl Mailer {
    /// Prepares the mailer; nothing is connected to yet.
    ///
    /// # Errors
    /// A sentence that says what to change in the configuration.
    pub fn new(store: Store, config: MailerConfig) -> Result<Self, ConfigError> {
        if !(1..=1000).contains(&config.batch) {
            return Err(ConfigError::Batch);
        }
        Ok(Self {
            store,
            transport: config.transport,
            from: config.from.parse().map_err(|_| ConfigError::From)?,
            letterhead: Letterhead::new(&config.base_url, &config.contact)?,
            batch: i64::from(config.batch),
            by: format!("{:032x}", rand::random::<u128>()),
            away: false,
        })
    }

    /// How long a claimed mail is this process's: longer than it can possibly need.
    pub fn lease(&self) -> Duration {
        BEGIN_WITHIN + self.transport.longest_send() + FINISH_WITHIN
    }

    async fn claim(&self) -> store::Result<Vec<Sortant>> {
        let now = self.store.clock().now();
        if !courriels::any_due(&mut self.store.read().await?, now).await? {
            return Ok(Vec::new());
        }
        let (by, batch) = (self.by.clone(), self.batch);
        let lease = chrono::Duration::from_std(self.lease()).unwrap_or(chrono::Duration::MAX);
        self.store
            .write(None, move |transaction| {
                async move { courriels::claim(transaction, &by, lease, batch).await }.boxed()
            })
            .await
    }

    /// Sends the mails of one claim; returns whether the server could not be reached.
    async fn send_all(&self, claimed: Vec<Sortant>) -> store::Result<bool> {
        let began = Instant::now();
        let unreachable = RefCell::new(None);
        let ended: Vec<store::Result<()>> = stream::iter(claimed)
            .map(|sortant| self.send_one(sortant, began, &unreachable))
            .buffer_unordered(self.transport.width())
            .collect()
            .await;
        ended.into_iter().collect::<store::Result<()>>()?;
        Ok(unreachable.into_inner().is_some())
    }

    async fn send_one(
        &self,
        sortant: Sortant,
        began: Instant,
        unreachable: &RefCell<Option<String>>,
    ) -> store::Result<()> {
        let known = unreachable.borrow().clone();
        let answer = match known {
            Some(why) => Answer::Later(why),
            None if began.elapsed() > BEGIN_WITHIN => Answer::Later("its turn did not come in time".to_owned()),
            None => match self.compose(&sortant) {
                Ok(mail) => self.transport.send(&mail).await,
                Err(why) => Answer::Never(why),
            },
        };
        let outcome = match answer {
            Answer::Taken => Outcome::Sent,
            Answer::Later(why) => Outcome::Later(why),
            Answer::Never(why) => Outcome::Never(why),
            Answer::Unreachable(why) => {
                unreachable.replace(Some(why.clone()));
                Outcome::Later(why)
            }
        };
        count(&sortant, &outcome);
        self.finish(sortant, outcome).await
    }

    fn compose(&self, sortant: &Sortant) -> Result<Composed, String> {
        let rendered = render(&sortant.courriel, &self.letterhead).map_err(|error| error.to_string())?;
        compose(sortant, &rendered, &self.from).map_err(|error| error.to_string())
    }

    async fn finish(&self, sortant: Sortant, outcome: Outcome) -> store::Result<()> {
        let id = sortant.id;
        let secrets = match self.transport {
            Transport::Page => Secrets::Kept,
            Transport::Smtp(_) | Transport::Folder(_) => Secrets::Forgotten,
        };
        let mut pauses = FINISH_PAUSES.iter();
        let kept = loop {
            let (by, sortant, outcome) = (self.by.clone(), sortant.clone(), outcome.clone());
            let written = self
                .store
                .write(None, move |transaction| {
                    async move { courriels::finish(transaction, &by, &sortant, &outcome, secrets).await }.boxed()
                })
                .await;
            match (written, pauses.next()) {
                (Ok(kept), _) => break kept,
                (Err(error), None) => return Err(error),
                (Err(error), Some(pause)) => {
                    tracing::warn!(courriel = id, %error, "what became of an email could not be written down yet");
                    tokio::time::sleep(*pause).await;
                }
            }
        };
        if !kept {
            metrics::counter!("ei_mails_lease_lost_total").increment(1);
            tracing::warn!(courriel = id, "the lease of an email was lost while it was sent: there may be two copies");
        }
        Ok(())
    }
}

fn count(sortant: &Sortant, outcome: &Outcome) {
    let word = match outcome {
        Outcome::Sent => "sent",
        Outcome::Later(_) if sortant.tentative < TRIES_MAX => "later",
        Outcome::Later(_) | Outcome::Never(_) => "failed",
    };
    let modele = Courriel::modele(&sortant.courriel);
    metrics::counter!("ei_mails_total", "outcome" => word, "modele" => modele).increment(1);
    // The server's words may hold the address: they stay in the outbox, which an administrateur reads.
    match word {
        "failed" => tracing::warn!(courriel = sortant.id, modele, tries = sortant.tentative, "an email was given up"),
        "later" => tracing::info!(courriel = sortant.id, modele, tries = sortant.tentative, "an email will be retried"),
        _ => tracing::debug!(courriel = sortant.id, modele, "an email was sent"),
    }
}

/// The mail server could not be reached. The reason stands with each mail, not here: it may hold an address.
#[derive(Debug, thiserror::Error)]
#[error("the mail server could not be reached, or refused us before any mail: the outbox says why")]
struct Unreachable;

impl Work for Mailer {
    fn called(&self) -> Called {
        Called { name: "mailer", label: "Envoi des courriels" }
    }

    fn tick(&self) -> Duration {
        TICK
    }

    fn pause(&self) -> Duration {
        if self.away { TICK } else { PAUSE }
    }

    fn run(&mut self) -> LocalBoxFuture<'_, Result<Progress, Failure>> {
        Box::pin(async move {
            let began = Instant::now();
            loop {
                let claimed = self.claim().await?;
                let full = claimed.len() as i64 == self.batch;
                if claimed.is_empty() {
                    self.transport.close_idle().await;
                } else {
                    self.away = self.send_all(claimed).await?;
                    if self.away {
                        return Err(Unreachable.into());
                    }
                }
                if !full {
                    return Ok(Progress::Done);
                }
                if began.elapsed() >= RUN_MAX {
                    return Ok(Progress::More);
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn t1_the_lease_is_longer_than_all_that_can_happen_to_a_claimed_mail() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("t.db").display());
        let store = Store::open(&url, domain::time::Clock::system()).await.unwrap();
        let smtp = Smtp::new("smtp://127.0.0.1:9", SmtpOptions::default()).unwrap();
        let config = MailerConfig {
            transport: Transport::Smtp(Box::new(smtp)),
            from: "x@exemple.fr".to_owned(),
            base_url: "https://exemple.fr".to_owned(),
            contact: "Écrivez-nous.".to_owned(),
            batch: BATCH,
        };
        let mailer = Mailer::new(store, config).unwrap();
        let limits = smtp::timeouts::Timeouts::default();
        // A kept connection that is dead, a new one encrypted by STARTTLS, the mail.
        let longest = [
            limits.reset,
            limits.mail,
            limits.connect,
            limits.greeting,
            limits.hello,
            limits.tls,
            limits.tls,
            limits.hello,
            limits.login,
            limits.mail,
            limits.recipient,
            limits.data,
            limits.end_of_data,
        ]
        .iter()
        .sum::<Duration>();
        let pauses = FINISH_PAUSES.iter().sum::<Duration>();
        assert!(mailer.lease() > BEGIN_WITHIN + longest + pauses);
        // And short enough that a crash delays a mail by minutes.
        assert!(mailer.lease() < Duration::from_mins(10));
    }
}
