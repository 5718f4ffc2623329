//! Periods when one can't intervene (manual §3.3.1, SPEC C2).

use domain::CompteId;
use domain::indisponibilite::Periode;
use store::profils::{self, LIGNES_MAX};
use store::{Refused, Transaction};

use crate::commands::command;
use crate::commands::valide::{NotValidated, validated};

/// Why nothing changed in the periods of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPlanned {
    #[error(transparent)]
    NotValidated(#[from] NotValidated),
    #[error("Vous avez déjà {LIGNES_MAX} périodes : supprimez-en une, ou réunissez celles qui se suivent.")]
    Full,
    #[error("Cette période n’existe pas, ou n’existe plus.")]
    Unknown,
}

/// Add a period, unless it is there already.
#[derive(Clone, Copy, Debug)]
pub struct AddAbsence(pub Periode);

command!(AddAbsence: (), NotPlanned);

impl AddAbsence {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotPlanned>> {
        validated(transaction, by).await?;
        let room = profils::add_indisponibilite(transaction, by, self.0).await?;
        if room { Ok(()) } else { Err(Refused::Because(NotPlanned::Full)) }
    }
}

/// Change a period; one that becomes equal to another is removed.
#[derive(Clone, Copy, Debug)]
pub struct ChangeAbsence {
    pub id: i64,
    /// Its days from now on.
    pub periode: Periode,
}

command!(ChangeAbsence: (), NotPlanned);

impl ChangeAbsence {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotPlanned>> {
        validated(transaction, by).await?;
        let changed = profils::change_indisponibilite(transaction, by, self.id, self.periode).await?;
        if changed { Ok(()) } else { Err(Refused::Because(NotPlanned::Unknown)) }
    }
}

/// Remove a period; returns it.
#[derive(Clone, Copy, Debug)]
pub struct RemoveAbsence(pub i64);

command!(RemoveAbsence: Periode, NotPlanned);

impl RemoveAbsence {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<Periode, Refused<NotPlanned>> {
        validated(transaction, by).await?;
        let gone = profils::remove_indisponibilite(transaction, by, self.0).await?;
        gone.ok_or(Refused::Because(NotPlanned::Unknown))
    }
}
