//! Numbers without a gap: each series counts by itself, and who takes one waits for who takes one at the same instant.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::Result;
use crate::connection::{Connection, Transaction, on};
use crate::schema::numerotation;

/// Holds a series until the transaction ends, without taking a number.
pub(crate) async fn hold(transaction: &mut Transaction, serie: &str) -> Result<()> {
    on!(transaction.connection(), c => diesel::insert_into(numerotation::table)
        .values((numerotation::serie.eq(serie), numerotation::dernier.eq(0)))
        .on_conflict(numerotation::serie).do_update().set(numerotation::dernier.eq(numerotation::dernier))
        .execute(c).await)?;
    Ok(())
}

/// The last number that was taken of a series; 0 when none was.
pub(crate) async fn last(connection: &mut Connection, serie: &str) -> Result<i64> {
    let found: Option<i64> = on!(connection, c => numerotation::table.find(serie).select(numerotation::dernier).first(c)
        .await.optional())?;
    Ok(found.unwrap_or(0))
}

/// The next number of a series, from 1.
pub(crate) async fn next(transaction: &mut Transaction, serie: &str) -> Result<i64> {
    Ok(on!(transaction.connection(), c => diesel::insert_into(numerotation::table)
        .values((numerotation::serie.eq(serie), numerotation::dernier.eq(1)))
        .on_conflict(numerotation::serie).do_update().set(numerotation::dernier.eq(numerotation::dernier + 1))
        .returning(numerotation::dernier).get_result(c).await)?)
}
