//! What a gestionnaire keeps of the CV-thèque, and takes out of it (SPEC G3, Q7).

mod listes;
mod recherches;

use domain::CompteId;
use store::{Refused, Transaction};

use super::{command, structure};

pub use listes::{FillList, LISTES_MAX, ListRefusal, MEMBRES_MAX, RemoveList, ShareList, TakeOutOfList, WhichList};
pub(crate) use recherches::tell;
pub use recherches::{FollowSearch, KeepSearch, RECHERCHES_MAX, RemoveSearch, SearchRefusal, ShareSearch};

/// Write down who is taken out of the CV-thèque, before their workbook is given. Returns the id of that line.
#[derive(Clone, Debug)]
pub struct RecordExport {
    /// The address of the list or search they are taken from.
    pub adresse: String,
    pub people: Vec<CompteId>,
}

/// The one who asks is no gestionnaire, or not any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoGestionnaire;

command!(RecordExport: i64, NoGestionnaire);

impl RecordExport {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<i64, Refused<NoGestionnaire>> {
        let structure = structure(transaction, by, NoGestionnaire).await?;
        Ok(store::exports::record(transaction, by, structure, &self.adresse, &self.people).await?)
    }
}
