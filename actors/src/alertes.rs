//! Alerts: every subscription in memory, matched against each published annonce, once for the whole cluster.
//!
//! Each server keeps its own index of subscriptions up to date; the server that moves the cluster's cursor, in the
//! transaction that writes the emails and notifications, is the one that sends. A crash in between sends nothing and
//! forgets nothing.

use futures_util::future::LocalBoxFuture;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use domain::alertes::{Index, Sujet};
use domain::annonce::EtatAnnonce;
use domain::journal::Fact;
use domain::{CompteId, dates};
use store::Transaction;
use store::{Error, Pending, Store};

use crate::commands::alertes::{Annonce, announce};
use crate::follower::{Called, Failure, Observed, Progress, Work};

/// Name of the cluster's cursor.
pub(crate) const CURSOR: &str = "alertes";
/// Rows of the journal read at once.
const BATCH: i64 = 1_000;

/// The subscriptions as others may ask them. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Abonnes(Arc<RwLock<Index>>);

impl Abonnes {
    /// How many people an annonce about that would alert now.
    pub fn count(&self, sujet: &Sujet) -> usize {
        self.with(|index| index.matching(sujet).len())
    }

    pub fn len(&self) -> usize {
        self.with(Index::len)
    }

    /// Whether there is no subscription.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn with<T>(&self, read: impl FnOnce(&Index) -> T) -> T {
        read(&self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    fn change(&self, write: impl FnOnce(&mut Index)) {
        write(&mut self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

#[derive(Debug)]
pub struct Alertes {
    store: Store,
    abonnes: Abonnes,
    followed: Option<i64>,
    observed: Arc<Observed>,
}

/// A word that nobody guesses, by which an email stops the alerts of its reader.
pub(crate) fn word() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// What an annonce is about and what an alert of it says; nothing when it is not published any more.
pub(crate) fn published(transaction: &mut Transaction, annonce: i64) -> Pending<'_, Option<(Sujet, Annonce)>> {
    Box::pin(async move {
        let found = store::annonces::by_ids(transaction.connection(), &[annonce]).await?.pop();
        let Some(found) = found.filter(|found| found.etat == EtatAnnonce::Publiee) else { return Ok(None) };
        let Some(numero) = found.numero else { return Ok(None) };
        let sujet = found.sujet();
        let specialite = match found.sous_specialite_nom {
            Some(sous) => format!("{} – {sous}", found.specialite_nom),
            None => found.specialite_nom,
        };
        let regions: Vec<&str> = found.regions.iter().map(|(_, nom)| nom.as_str()).collect();
        let about = Annonce {
            id: annonce,
            numero: numero.to_string(),
            titre: found.contenu.titre,
            structure: found.structure_nom,
            specialite,
            regions: if regions.is_empty() { "toute la France".to_owned() } else { regions.join(", ") },
            periode: dates::periode(found.contenu.du, found.contenu.au),
        };
        Ok(Some((sujet, about)))
    })
}

/// Counts the alerts of an annonce and says so in the log.
pub(crate) fn written(annonce: i64, count: usize) {
    metrics::counter!("ei_alerts_total").increment(count as u64);
    tracing::info!(annonce, count, "alerts were written to the outbox");
}

impl Alertes {
    /// Keeps `abonnes` up to date and sends.
    pub fn new(store: Store, abonnes: Abonnes, observed: Arc<Observed>) -> Self {
        Self { store, abonnes, followed: None, observed }
    }

    /// Reads every subscription, at start.
    async fn load(&self) -> Result<i64, Error> {
        let mut connection = self.store.read().await?;
        // The head first: what is read after it is at least as recent, and reading a change twice is harmless.
        let head = store::journal::head(&mut connection).await?;
        let all = store::alertes::subscriptions(&mut connection, None).await?;
        self.abonnes.change(|index| {
            *index = Index::default();
            for (compte, abonnement) in all {
                index.set(compte, abonnement);
            }
        });
        Ok(head)
    }

    /// Brings the index of subscriptions up to the end of the journal, or by one batch.
    async fn follow(&self, from: i64) -> Result<i64, Error> {
        let stretch = self.store.follow(from, BATCH).await?;
        let mut changed: Vec<CompteId> = Vec::new();
        for entry in stretch.entries {
            if let Fact::AlerteModifiee { compte }
            | Fact::ProfilModifie { compte }
            | Fact::CompteSupprime { compte }
            | Fact::CompteArchive { compte } = entry.fact
            {
                changed.push(compte);
            }
        }
        changed.sort_unstable();
        changed.dedup();
        if !changed.is_empty() {
            let mut connection = self.store.read().await?;
            let mut now = store::alertes::subscriptions(&mut connection, Some(&changed)).await?;
            self.abonnes.change(|index| {
                for compte in changed {
                    match now.remove(&compte) {
                        Some(abonnement) => index.set(compte, abonnement),
                        None => index.remove(compte),
                    }
                }
            });
        }
        Ok(stretch.end)
    }

    /// Sends for the published annonces between the cluster's cursor and what the index of subscriptions knows.
    async fn send(&self, known: i64) -> Result<Progress, Error> {
        let cursor = store::journal::cursor(&mut self.store.read().await?, CURSOR).await?;
        let stretch = self.store.follow(cursor, BATCH).await?;
        let last = stretch.end.min(known);
        if last <= cursor {
            return Ok(Progress::Done);
        }
        let mut position = cursor;
        for entry in stretch.entries.iter().filter(|entry| entry.id <= known) {
            if let Fact::AnnoncePubliee { annonce, .. } = entry.fact {
                if !self.fan_out(position, entry.id, annonce).await? {
                    // Another server moved the cursor: start again from where it stands.
                    return Ok(Progress::More);
                }
                position = entry.id;
            }
        }
        if position < last {
            self.store
                .write::<_, Error, _>(None, move |transaction| {
                    Box::pin(
                        async move { store::journal::advance(transaction.connection(), CURSOR, position, last).await },
                    )
                })
                .await?;
        }
        Ok(Progress::More)
    }

    /// Moves the cursor over one published annonce and writes its alerts, in one transaction; false when it was done.
    async fn fan_out(&self, from: i64, to: i64, annonce: i64) -> Result<bool, Error> {
        let abonnes = self.abonnes.clone();
        let told = self
            .store
            .write::<_, Error, _>(None, move |transaction| {
                Box::pin(async move {
                    if !store::journal::advance(transaction.connection(), CURSOR, from, to).await? {
                        return Ok(None);
                    }
                    let Some((sujet, about)) = published(transaction, annonce).await? else { return Ok(Some(0)) };
                    let comptes = abonnes.with(|index| index.matching(&sujet));
                    Ok(Some(announce(transaction, &about, &comptes, &word).await?.len()))
                })
            })
            .await?;
        if let Some(count) = told {
            written(annonce, count);
        }
        Ok(told.is_some())
    }
}

impl Work for Alertes {
    fn called(&self) -> Called {
        Called { name: "alertes", label: "Alertes des annonces" }
    }

    fn tick(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn run(&mut self) -> LocalBoxFuture<'_, Result<Progress, Failure>> {
        Box::pin(async move {
            let from = match self.followed {
                Some(from) => from,
                None => self.load().await?,
            };
            let known = self.follow(from).await?;
            self.followed = Some(known);
            self.observed.set_position(known);
            let sent = self.send(known).await?;
            Ok(if known > from { Progress::More } else { sent })
        })
    }
}
