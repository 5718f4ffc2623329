//! The subscription to alerts (SPEC L1 to L4).

use std::convert::Infallible;

use domain::CompteId;
use domain::alertes::{Frequence, Regle};
use store::{Refused, Transaction};

use super::{Nobody, command};

/// Change one's own alert subscription (manual §8).
#[derive(Clone, Copy, Debug)]
pub struct SetAlert {
    pub regle: Regle,
    pub frequence: Frequence,
}

command!(SetAlert: (), Infallible);

impl SetAlert {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<Infallible>> {
        store::alertes::set(transaction, by, self.regle).await?;
        Ok(store::alertes::set_frequence(transaction, by, self.frequence).await?)
    }
}

/// Stop the alerts of whoever holds this word, from a link of their mails (L3).
#[derive(Clone, Debug)]
pub struct StopAlerts(pub String);

/// The word is nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownWord;

command!(StopAlerts: (), UnknownWord, Nobody);

impl StopAlerts {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<UnknownWord>> {
        let compte = store::alertes::by_word(transaction.connection(), &self.0).await?;
        let compte = compte.ok_or(Refused::Because(UnknownWord))?;
        transaction.actor = Some(compte);
        Ok(store::alertes::stop(transaction, compte).await?)
    }
}
