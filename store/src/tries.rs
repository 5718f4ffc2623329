//! Failed logins, counted by account and by address: every try is counted before the password is looked at, so
//! that many at once can't slip through.

use std::time::Duration;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::connexion::{MEMORY, wait_after};

use crate::query::RunQueryDsl;
use crate::schema::essai;
use crate::{Pending, Transaction};

/// What tries are counted under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cle {
    /// A digest of the account (and its browser, when known) or of the network address; or, in clear, what is tried and
    /// the account.
    pub cle: String,
    /// Failures forgiven before the first wait, on top of those that every key has: many people share one address.
    pub pardonnes: i32,
}

/// Counts a try under each key; when one of them has to wait, nothing is counted and the wait is returned.
pub fn attempt<'a>(transaction: &'a mut Transaction, keys: &'a [Cle]) -> Pending<'a, Option<Duration>> {
    Box::pin(async move {
        let now = transaction.now;
        let mut rows = Vec::new();
        let mut sorted: Vec<&Cle> = keys.iter().collect();
        sorted.sort();
        for Cle { cle: key, pardonnes } in sorted {
            // The upsert takes the row's lock, so that two tries of one account follow each other on PostgreSQL too.
            let (failures, last, free): (i32, NaiveDateTime, NaiveDateTime) = diesel::insert_into(essai::table)
                .values((essai::cle.eq(key), essai::echecs.eq(0), essai::dernier_at.eq(now), essai::libre_at.eq(now)))
                .on_conflict(essai::cle)
                .do_update()
                .set(essai::cle.eq(key))
                .returning((essai::echecs, essai::dernier_at, essai::libre_at))
                .get_result(transaction.connection())
                .await?;
            if free > now {
                return Ok(Some((free - now).to_std().unwrap_or(Duration::ZERO)));
            }
            rows.push((key.clone(), *pardonnes, if last + MEMORY < now { 0 } else { failures }));
        }
        for (key, pardonnes, failures) in rows {
            let failures = failures.saturating_add(1);
            let wait = chrono::Duration::from_std(wait_after(failures.saturating_sub(pardonnes))).unwrap_or(MEMORY);
            diesel::update(essai::table.find(&key))
                .set((essai::echecs.eq(failures), essai::dernier_at.eq(now), essai::libre_at.eq(now + wait)))
                .execute(transaction.connection())
                .await?;
        }
        Ok(None)
    })
}

/// Forgets the failures under these keys: the password was right.
pub fn succeeded<'a>(transaction: &'a mut Transaction, keys: &'a [Cle]) -> Pending<'a, ()> {
    Box::pin(async move {
        let keys: Vec<&str> = keys.iter().map(|key| key.cle.as_str()).collect();
        diesel::delete(essai::table.filter(essai::cle.eq_any(keys))).execute(transaction.connection()).await?;
        Ok(())
    })
}

/// Drops what is too old to count.
pub fn forget_old(transaction: &mut Transaction) -> Pending<'_, usize> {
    Box::pin(async move {
        let before = transaction.now - MEMORY;
        Ok(diesel::delete(essai::table.filter(essai::dernier_at.lt(before))).execute(transaction.connection()).await?)
    })
}
