//! Who looks at what, now: signs of life of gestionnaires who have the same page open (SPEC G2, M8, S8).

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use domain::CompteId;
use domain::equipe::Travail;

use crate::query::RunQueryDsl;
use crate::schema::{compte, presence};
use crate::values::Nom;
use crate::{Connection, Pending, Transaction};

/// How long somebody is said to look at something after their last sign of life.
pub const PRESENCE: Duration = Duration::seconds(45);

/// Says that an account looks at something, now.
pub fn look_at(transaction: &mut Transaction, (travail, sujet): (Travail, i64), by: CompteId) -> Pending<'_, ()> {
    Box::pin(async move {
        let now = transaction.now;
        // Each account its own rows: two that take others' away would wait for each other.
        diesel::delete(presence::table.filter(presence::compte_id.eq(by.0)).filter(presence::vu_at.lt(now - PRESENCE)))
            .execute(transaction.connection())
            .await?;
        diesel::insert_into(presence::table)
            .values((
                presence::objet.eq(travail.as_str()),
                presence::sujet.eq(sujet),
                presence::compte_id.eq(by.0),
                presence::vu_at.eq(now),
            ))
            .on_conflict((presence::objet, presence::sujet, presence::compte_id))
            .do_update()
            .set(presence::vu_at.eq(now))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Says that an account looks at something no more.
pub fn leave(transaction: &mut Transaction, (travail, sujet): (Travail, i64), by: CompteId) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::delete(presence::table.find((travail.as_str(), sujet, by.0))).execute(transaction.connection()).await?;
        Ok(())
    })
}

/// Who looks at something now, besides that account: their names.
pub fn lookers(
    connection: &mut Connection,
    (travail, sujet): (Travail, i64),
    but: CompteId,
    now: NaiveDateTime,
) -> Pending<'_, Vec<String>> {
    Box::pin(async move {
        let lookers: Vec<Nom> = presence::table
            .inner_join(compte::table.on(presence::compte_id.eq(compte::id)))
            .filter(presence::objet.eq(travail.as_str()))
            .filter(presence::sujet.eq(sujet))
            .filter(presence::compte_id.ne(but.0))
            .filter(presence::vu_at.gt(now - PRESENCE))
            .order(presence::compte_id)
            .select((compte::prenom, compte::nom))
            .load(connection)
            .await?;
        Ok(lookers.into_iter().map(String::from).collect())
    })
}
