//! Numbers without a gap: each series counts by itself, and two transactions that take a number of it wait for each
//! other.

use diesel::prelude::*;

use crate::query::RunQueryDsl;
use crate::schema::numerotation;
use crate::{Connection, Pending, Transaction};

/// Holds a series until the transaction ends, without taking a number.
pub fn hold<'a>(transaction: &'a mut Transaction, serie: &'a str) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::insert_into(numerotation::table)
            .values((numerotation::serie.eq(serie), numerotation::dernier.eq(0)))
            .on_conflict(numerotation::serie)
            .do_update()
            .set(numerotation::dernier.eq(numerotation::dernier))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// The last number that was taken of a series; 0 when none was.
pub fn last<'a>(connection: &'a mut Connection, serie: &'a str) -> Pending<'a, i64> {
    Box::pin(async move {
        let found: Option<i64> =
            numerotation::table.find(serie).select(numerotation::dernier).first(connection).await.optional()?;
        Ok(found.unwrap_or(0))
    })
}

/// The next number of a series, from 1.
pub fn next<'a>(transaction: &'a mut Transaction, serie: &'a str) -> Pending<'a, i64> {
    Box::pin(async move {
        Ok(diesel::insert_into(numerotation::table)
            .values((numerotation::serie.eq(serie), numerotation::dernier.eq(1)))
            .on_conflict(numerotation::serie)
            .do_update()
            .set(numerotation::dernier.eq(numerotation::dernier + 1))
            .returning(numerotation::dernier)
            .get_result(transaction.connection())
            .await?)
    })
}
