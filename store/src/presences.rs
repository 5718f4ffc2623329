//! Who looks at what, now: signs of life of gestionnaires who have the same page open (SPEC G2, M8, S8).

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::CompteId;

use crate::Result;
use crate::connection::{Connection, Transaction, on};
use crate::schema::{compte, presence};

/// How long somebody is said to look at something after their last sign of life.
pub const PRESENCE: Duration = Duration::seconds(45);

/// Says that an account looks at something, now.
pub async fn look_at(transaction: &mut Transaction, objet: &str, sujet: i64, by: CompteId) -> Result<()> {
    let now = transaction.now;
    on!(transaction.connection(), c => diesel::insert_into(presence::table)
        .values((presence::objet.eq(objet), presence::sujet.eq(sujet), presence::compte_id.eq(by.0), presence::vu_at.eq(now)))
        .on_conflict((presence::objet, presence::sujet, presence::compte_id)).do_update().set(presence::vu_at.eq(now))
        .execute(c).await)?;
    on!(transaction.connection(), c => diesel::delete(presence::table.filter(presence::vu_at.lt(now - PRESENCE * 10)))
        .execute(c).await)?;
    Ok(())
}

/// Says that an account looks at something no more.
pub async fn leave(transaction: &mut Transaction, (objet, sujet): (&str, i64), by: CompteId) -> Result<()> {
    on!(transaction.connection(), c => diesel::delete(presence::table.find((objet, sujet, by.0))).execute(c).await)?;
    Ok(())
}

/// Who looks at something now, besides that account: their names.
pub async fn lookers(
    connection: &mut Connection,
    (objet, sujet): (&str, i64),
    but: CompteId,
    now: NaiveDateTime,
) -> Result<Vec<String>> {
    let rows: Vec<(String, String)> = on!(connection, c => presence::table
        .inner_join(compte::table.on(presence::compte_id.eq(compte::id)))
        .filter(presence::objet.eq(objet)).filter(presence::sujet.eq(sujet)).filter(presence::compte_id.ne(but.0))
        .filter(presence::vu_at.gt(now - PRESENCE))
        .order(presence::compte_id).select((compte::prenom, compte::nom)).load(c).await)?;
    Ok(rows.into_iter().map(|(prenom, nom)| format!("{prenom} {nom}")).collect())
}
