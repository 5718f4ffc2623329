//! Accounts that were never activated (manual §3.1.1).

use domain::courriel::Courriel;
use store::{Pending, Transaction, comptes, courriels};

/// Erases at most `limit` accounts that were not activated in time and tells their owners; returns how many.
pub(crate) fn expire_activations(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let mut erased = 0;
        for (id, login, prenom, cree_at) in comptes::not_activated(transaction.connection(), now, limit).await? {
            if comptes::erase_not_activated(transaction, id).await? {
                let content = Courriel::CompteSupprime { prenom, cree_at };
                courriels::put(transaction, None, &login, &format!("activation-expiree-{id}"), &content).await?;
                erased += 1;
            }
        }
        Ok(erased)
    })
}
