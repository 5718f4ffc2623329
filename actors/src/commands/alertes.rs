//! The subscription to alerts (SPEC L1 to L4).

use std::convert::Infallible;

use domain::CompteId;
use domain::alertes::{Frequence, Regle};
use store::{Refused, Transaction};

use super::command;

/// Change one's own alert subscription (manual §8).
#[derive(Clone, Copy, Debug)]
pub struct SetAlert {
    /// Which annonces.
    pub regle: Regle,
    /// How often.
    pub frequence: Frequence,
}

command!(SetAlert: (), Infallible);

impl SetAlert {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<Infallible>> {
        store::alertes::set(transaction, by, self.regle).await?;
        Ok(store::alertes::set_frequence(transaction, by, self.frequence).await?)
    }
}
