//! Registrations: who registers, what they send, what their structure decides, and what is waited for (manual §3.1,
//! §3.2).

mod creation;
mod decision;
mod echeances;
mod transmission;

use domain::courriel::Courriel;
use domain::inscription::Evenement;
use domain::journal::Fact;
use domain::{CompteId, StructureId};
use store::Transaction;
use store::comptes::Compte;

use super::command;

pub use creation::{
    AccountArchived, ActivateAccount, Candidat, KeepPassword, NotActivated, Register, SendActivationAgain,
};
pub use decision::{DecideInscription, InscriptionNotDecided, ReassignInscription};
pub use echeances::{archive_overdue_complements, warn_of_complements};
pub use transmission::{InscriptionNotSent, PresentInscriptionAgain, TransmitInscription, transmit};

/// Says in the journal what happened to a registration, to the structures that have or had it.
async fn record(
    transaction: &mut Transaction,
    compte: CompteId,
    evenement: Evenement,
    structures: &[Option<StructureId>],
) -> store::Result<()> {
    let mut boites = Vec::new();
    for id in structures.iter().copied().flatten() {
        boites.extend(store::correspondants::of_structure(transaction.connection(), id).await?);
    }
    transaction.record(Fact::InscriptionModifiee { compte, evenement, boites });
    Ok(())
}

/// Sends an email about a registration to the person. `made` gives it their first name and how to reach the structure.
async fn mail(
    transaction: &mut Transaction,
    compte: &Compte,
    structure: Option<StructureId>,
    key: &str,
    made: impl FnOnce(String, domain::courriel::Contact) -> Courriel + Send,
) -> store::Result<()> {
    let content = made(compte.prenom.clone(), super::contact(transaction, structure).await?);
    store::courriels::put(transaction, Some(compte.id), &compte.login, key, &content).await
}
