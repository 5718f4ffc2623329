//! A gestionnaire reads what is masked in a dossier, or a file of it: that is written down (SPEC D12, D14).

use domain::CompteId;
use domain::compte::Droit;
use domain::dossier::Cible;
use domain::journal::Fact;
use store::{Refused, Transaction, dossiers};

use crate::commands::command;

/// Write down, before it is shown, that one reads what is masked in a block, or a file.
#[derive(Clone, Copy, Debug)]
pub struct RecordReading {
    pub compte: CompteId,
    pub cible: Cible,
}

/// Why it may not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRead {
    /// Who asks may not read that dossier.
    Forbidden,
    /// There is nothing that they may see.
    Nothing,
}

command!(RecordReading: (), NotRead);

impl RecordReading {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotRead>> {
        let structure = store::droits::habilite(transaction, by, Droit::Dossiers).await?;
        let structure = structure.ok_or(Refused::Because(NotRead::Forbidden))?;
        if !dossiers::may_read(transaction.connection(), structure, self.compte).await? {
            return Err(Refused::Because(NotRead::Forbidden));
        }
        let found = dossiers::of(transaction.connection(), self.compte).await?;
        let there = match self.cible {
            Cible::Bloc(bloc) => found.seen(bloc).is_some(),
            piece @ Cible::Piece(_) => found.seen_file(piece).is_some(),
        };
        if !there {
            return Err(Refused::Because(NotRead::Nothing));
        }
        transaction.record(Fact::DossierLu { compte: self.compte, cible: self.cible });
        Ok(())
    }
}
