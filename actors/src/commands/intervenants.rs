//! What an administrateur records of an intervenant (SPEC C3, G7).

use domain::CompteId;
use domain::immatriculation::Immatriculation;
use domain::time::paris_day;
use store::annuaire::Personne;
use store::interventions::Intervention;
use store::{Refused, Transaction};

use super::{administrateur, command};

/// Record an intervenant's immatriculation, or take it away.
#[derive(Clone, Debug)]
pub struct SetImmatriculation {
    pub compte: CompteId,
    /// The number; none takes it away.
    pub immatriculation: Option<Immatriculation>,
}

/// Why something is not recorded of an intervenant.
#[derive(Clone, Debug)]
pub enum NotRecorded {
    /// The one who asks is no administrateur.
    Forbidden,
    /// There is no such intervenant or intervention.
    NotFound,
    /// An intervention can't be in that state with those days.
    State(&'static str),
    /// The number is this person's already.
    Taken(Box<Personne>),
}

command!(SetImmatriculation: (), NotRecorded);

impl SetImmatriculation {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotRecorded>> {
        administrateur(transaction, by, NotRecorded::Forbidden).await?;
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

/// Refuses an intervention whose state its days don't allow.
fn stands(transaction: &Transaction, intervention: &Intervention) -> Result<(), Refused<NotRecorded>> {
    let Intervention { du, au, etat, .. } = intervention;
    match etat.refusal(*du, *au, paris_day(transaction.now)) {
        Some(sentence) => Err(Refused::Because(NotRecorded::State(sentence))),
        None => Ok(()),
    }
}

/// Record an intervention of somebody. Returns its id.
#[derive(Clone, Debug)]
pub struct AddIntervention {
    pub compte: CompteId,
    pub intervention: Intervention,
}

command!(AddIntervention: i64, NotRecorded);

impl AddIntervention {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<i64, Refused<NotRecorded>> {
        administrateur(transaction, by, NotRecorded::Forbidden).await?;
        if store::annuaire::personne(transaction.connection(), self.compte).await?.is_none() {
            return Err(Refused::Because(NotRecorded::NotFound));
        }
        stands(transaction, &self.intervention)?;
        Ok(store::interventions::add(transaction, self.compte, &self.intervention).await?)
    }
}

#[derive(Clone, Debug)]
pub struct ChangeIntervention {
    pub id: i64,
    pub intervention: Intervention,
}

command!(ChangeIntervention: (), NotRecorded);

impl ChangeIntervention {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotRecorded>> {
        administrateur(transaction, by, NotRecorded::Forbidden).await?;
        stands(transaction, &self.intervention)?;
        let saved = store::interventions::update(transaction, self.id, &self.intervention).await?;
        if saved { Ok(()) } else { Err(Refused::Because(NotRecorded::NotFound)) }
    }
}

/// Remove an intervention. Returns whose it was.
#[derive(Clone, Copy, Debug)]
pub struct RemoveIntervention(pub i64);

command!(RemoveIntervention: CompteId, NotRecorded);

impl RemoveIntervention {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<CompteId, Refused<NotRecorded>> {
        administrateur(transaction, by, NotRecorded::Forbidden).await?;
        let gone = store::interventions::remove(transaction, self.0).await?;
        gone.ok_or(Refused::Because(NotRecorded::NotFound))
    }
}
