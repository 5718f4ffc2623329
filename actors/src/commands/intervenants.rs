//! What an administrateur records of an intervenant (SPEC C3, G7).

use domain::CompteId;
use domain::immatriculation::Immatriculation;
use store::annuaire::Personne;
use store::{Refused, Transaction};

use super::command;

/// Record an intervenant's immatriculation, or take it away.
#[derive(Clone, Debug)]
pub struct SetImmatriculation {
    /// Whose.
    pub compte: CompteId,
    /// The number; none takes it away.
    pub immatriculation: Option<Immatriculation>,
}

/// Why something is not recorded of an intervenant.
#[derive(Clone, Debug)]
pub enum NotRecorded {
    /// The one who asks is no administrateur.
    Forbidden,
    /// There is no such intervenant.
    NotFound,
    /// The number is this person's already.
    Taken(Box<Personne>),
}

command!(SetImmatriculation: (), NotRecorded);

impl SetImmatriculation {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotRecorded>> {
        if !store::administration::administre(transaction, by).await? {
            return Err(Refused::Because(NotRecorded::Forbidden));
        }
        let not_found = || Refused::Because(NotRecorded::NotFound);
        let number = self.immatriculation.as_ref();
        if let Some(number) = number
            && let Some(holder) = store::annuaire::of_immatriculation(transaction.connection(), number).await?
            && holder != self.compte
        {
            let holder = store::annuaire::personne(transaction.connection(), holder).await?.ok_or_else(not_found)?;
            return Err(Refused::Because(NotRecorded::Taken(Box::new(holder))));
        }
        let recorded = store::annuaire::set_immatriculation(transaction, self.compte, number).await?;
        if recorded { Ok(()) } else { Err(not_found()) }
    }
}
