//! Deadlines: each is one conditional statement with its journal row and its email in the same transaction.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::CompteId;
use domain::compte::EtatCompte;
use domain::courriel::Courriel;
use domain::journal::Fact;

use crate::Pending;
use crate::connection::Transaction;
use crate::courriels;
use crate::query::RunQueryDsl;
use crate::schema::{compte, session};

/// Erases at most `limit` accounts that were never activated in time (manual §3.1.1) and tells their owners.
pub fn expire_activations(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let due: Vec<(i64, String, String, NaiveDateTime)> = compte::table
            .filter(compte::etat.eq(EtatCompte::AActiver.as_str()))
            .filter(compte::activation_avant.le(now))
            .order((compte::activation_avant, compte::id))
            .limit(limit)
            .select((compte::id, compte::login, compte::prenom, compte::cree_at))
            .load(transaction.connection())
            .await?;
        let mut erased = 0;
        for (id, login, prenom, cree_at) in due {
            // The condition stands in the statement itself: who clicks the link at that moment keeps the account.
            let gone = diesel::delete(
                compte::table
                    .find(id)
                    .filter(compte::etat.eq(EtatCompte::AActiver.as_str()))
                    .filter(compte::activation_avant.le(now)),
            )
            .execute(transaction.connection())
            .await?;
            if gone == 1 {
                let content = Courriel::CompteSupprime { prenom, cree_at };
                courriels::put(transaction, None, &login, &format!("activation-expiree-{id}"), &content).await?;
                transaction.record(Fact::CompteSupprime { compte: CompteId(id) });
                erased += 1;
            }
        }
        Ok(erased)
    })
}

/// Removes at most `limit` rows of sessions that ended by themselves; answers how many there were.
pub fn expire_sessions(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let due: Vec<i64> = session::table
            .filter(session::expire_at.le(now))
            .order(session::id)
            .limit(limit)
            .select(session::id)
            .load(transaction.connection())
            .await?;
        let gone: Vec<(i64, i64)> = diesel::delete(session::table.filter(session::id.eq_any(&due)))
            .returning((session::compte_id, session::id))
            .load(transaction.connection())
            .await?;
        for (compte, session) in &gone {
            transaction.record(Fact::SessionsFermees { compte: CompteId(*compte), sessions: vec![*session] });
        }
        Ok(gone.len())
    })
}
