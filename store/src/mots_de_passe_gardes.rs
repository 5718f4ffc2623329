//! Passwords of registrations that are not over: whoever has something else to correct types the password once (SPEC
//! I1). Only the hash is kept, under the digest of what the form carries, for the time of the form.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::query::RunQueryDsl;
use crate::schema::mot_de_passe_garde;
use crate::{Connection, Pending, Transaction};

pub fn keep<'a>(
    transaction: &'a mut Transaction,
    empreinte: &'a str,
    hash: &'a str,
    expire_at: NaiveDateTime,
) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::insert_into(mot_de_passe_garde::table)
            .values((
                mot_de_passe_garde::empreinte.eq(empreinte),
                mot_de_passe_garde::mot_de_passe.eq(hash),
                mot_de_passe_garde::expire_at.eq(expire_at),
            ))
            .on_conflict(mot_de_passe_garde::empreinte)
            .do_update()
            .set((mot_de_passe_garde::mot_de_passe.eq(hash), mot_de_passe_garde::expire_at.eq(expire_at)))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// The hash kept under that digest, until its time is over.
pub fn find<'a>(connection: &'a mut Connection, empreinte: &'a str, now: NaiveDateTime) -> Pending<'a, Option<String>> {
    Box::pin(async move {
        Ok(mot_de_passe_garde::table
            .find(empreinte)
            .filter(mot_de_passe_garde::expire_at.gt(now))
            .select(mot_de_passe_garde::mot_de_passe)
            .first(connection)
            .await
            .optional()?)
    })
}

/// Forgets a hash: the registration is made, or another password was typed.
pub fn forget<'a>(transaction: &'a mut Transaction, empreinte: &'a str) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::delete(mot_de_passe_garde::table.filter(mot_de_passe_garde::empreinte.eq(empreinte)))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Removes the hashes whose time is over; returns how many.
pub fn forget_old(transaction: &mut Transaction) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let old = mot_de_passe_garde::table.filter(mot_de_passe_garde::expire_at.le(now));
        Ok(diesel::delete(old).execute(transaction.connection()).await?)
    })
}
