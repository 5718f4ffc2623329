//! What the antivirus says of each received file, by its blob. A file waits here from the moment its row is written, with or
//! without an antivirus: who sets one up later has every file looked at. Our own letters are not received, and not here.

use std::collections::HashMap;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::analyse::{EtatAnalyse, seconds_to_next_try};

use crate::connection::{Connection, Transaction, on};
use crate::schema::{analyse_fichier, article, demande_fichier, dossier_fichier, fichier};
use crate::{Error, Result};

/// The blobs that a list of ids names at once.
const MANY: usize = 500;

fn etat(word: String) -> Result<EtatAnalyse> {
    EtatAnalyse::from_word(&word).ok_or(Error::Unknown { table: "analyse_fichier", column: "etat", value: word })
}

/// A received file waits to be looked at: in the transaction that writes its row. One that two rows name waits once.
pub(crate) async fn wait(transaction: &mut Transaction, blob: &str) -> Result<()> {
    let now = transaction.now;
    on!(transaction.connection(), c => diesel::insert_into(analyse_fichier::table)
        .values((
            analyse_fichier::blob.eq(blob),
            analyse_fichier::etat.eq(EtatAnalyse::Attente.as_str()),
            analyse_fichier::tentatives.eq(0),
            analyse_fichier::prochain_at.eq(now),
            analyse_fichier::constat.eq(""),
            analyse_fichier::recu_at.eq(now),
        ))
        .on_conflict_do_nothing().execute(c).await)?;
    Ok(())
}

/// What is known of these blobs; of one that is not there, nothing.
pub async fn of(connection: &mut Connection, blobs: &[&str]) -> Result<HashMap<String, EtatAnalyse>> {
    let mut found = HashMap::with_capacity(blobs.len());
    for some in blobs.chunks(MANY) {
        let rows: Vec<(String, String)> = on!(connection, c => analyse_fichier::table.filter(analyse_fichier::blob.eq_any(some))
            .select((analyse_fichier::blob, analyse_fichier::etat)).load(c).await)?;
        for (blob, word) in rows {
            found.insert(blob, etat(word)?);
        }
    }
    Ok(found)
}

/// What is known of these files of profiles, by their ids.
pub async fn of_files(connection: &mut Connection, ids: &[i64]) -> Result<HashMap<i64, EtatAnalyse>> {
    let rows: Vec<(i64, String)> = on!(connection, c => fichier::table
        .inner_join(analyse_fichier::table.on(analyse_fichier::blob.eq(fichier::blob)))
        .filter(fichier::id.eq_any(ids)).select((fichier::id, analyse_fichier::etat)).load(c).await)?;
    rows.into_iter().map(|(id, word)| Ok((id, etat(word)?))).collect()
}

/// A file to look at.
#[derive(Clone, Debug, Queryable)]
pub struct AAnalyser {
    /// Id of the blob.
    pub blob: String,
    /// Tries that came to nothing.
    pub tentatives: i32,
    /// The sealed key of a piece of a dossier; nothing else is sealed.
    pub cle: Option<String>,
}

/// The next files to look at, those that wait the longest first.
pub async fn due(connection: &mut Connection, now: NaiveDateTime, limit: i64) -> Result<Vec<AAnalyser>> {
    Ok(on!(connection, c => analyse_fichier::table
        .left_join(dossier_fichier::table.on(dossier_fichier::blob.eq(analyse_fichier::blob)))
        .filter(analyse_fichier::prochain_at.le(now))
        .order((analyse_fichier::prochain_at, analyse_fichier::blob)).limit(limit)
        .select((analyse_fichier::blob, analyse_fichier::tentatives, dossier_fichier::cle.nullable())).load(c).await)?)
}

/// What a look at a file came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constat {
    /// Nothing is in it.
    Sain,
    /// This is in it, as the antivirus names it.
    Infecte(String),
    /// The antivirus gave no answer about this file.
    Rien,
    /// The file itself is gone.
    Disparu,
}

/// Writes down what a look came to; nothing happens when another server did it first.
pub async fn settle(transaction: &mut Transaction, file: &AAnalyser, constat: &Constat) -> Result<bool> {
    let now = transaction.now;
    let waiting = analyse_fichier::table.find(&file.blob).filter(analyse_fichier::etat.eq("attente"));
    let changed = match constat {
        Constat::Sain => on!(transaction.connection(), c => diesel::update(waiting)
            .set((analyse_fichier::etat.eq("sain"), analyse_fichier::prochain_at.eq(None::<NaiveDateTime>)))
            .execute(c).await)?,
        Constat::Infecte(name) => {
            let name = if name.is_empty() { "?" } else { name };
            on!(transaction.connection(), c => diesel::update(waiting)
                .set((analyse_fichier::etat.eq("infecte"), analyse_fichier::constat.eq(name),
                    analyse_fichier::prochain_at.eq(None::<NaiveDateTime>))).execute(c).await)?
        }
        Constat::Rien => {
            let tentatives = file.tentatives.saturating_add(1);
            let next = now + TimeDelta::seconds(seconds_to_next_try(tentatives));
            on!(transaction.connection(), c => diesel::update(waiting.filter(analyse_fichier::tentatives.eq(file.tentatives)))
                .set((analyse_fichier::tentatives.eq(tentatives), analyse_fichier::prochain_at.eq(next))).execute(c).await)?
        }
        Constat::Disparu => on!(transaction.connection(), c => diesel::delete(waiting).execute(c).await)?,
    };
    Ok(changed == 1)
}

/// How many files wait, and since when the first of them.
pub async fn waiting(connection: &mut Connection) -> Result<(i64, Option<NaiveDateTime>)> {
    use diesel::dsl::{count_star, min};
    Ok(on!(connection, c => analyse_fichier::table.filter(analyse_fichier::prochain_at.is_not_null())
        .select((count_star(), min(analyse_fichier::recu_at))).first(c).await)?)
}

/// How many files are kept from everybody but their owners.
pub async fn infected(connection: &mut Connection) -> Result<i64> {
    Ok(
        on!(connection, c => analyse_fichier::table.filter(analyse_fichier::etat.eq("infecte")).count().get_result(c).await)?,
    )
}

/// The blobs that something was said of and that no row names any more: none ever will again.
pub async fn unnamed(connection: &mut Connection) -> Result<Vec<String>> {
    let unnamed = analyse_fichier::table
        .filter(not(exists(fichier::table.filter(fichier::blob.eq(analyse_fichier::blob)))))
        .filter(not(exists(dossier_fichier::table.filter(dossier_fichier::blob.eq(analyse_fichier::blob)))))
        .filter(not(exists(demande_fichier::table.filter(demande_fichier::blob.eq(analyse_fichier::blob)))))
        .filter(not(exists(article::table.filter(article::document_blob.eq(analyse_fichier::blob.nullable())))));
    Ok(on!(connection, c => unnamed.select(analyse_fichier::blob).load(c).await)?)
}

/// Forgets what was said of these blobs.
pub async fn forget(transaction: &mut Transaction, blobs: &[String]) -> Result<()> {
    for some in blobs.chunks(MANY) {
        on!(transaction.connection(), c => diesel::delete(analyse_fichier::table
            .filter(analyse_fichier::blob.eq_any(some))).execute(c).await)?;
    }
    Ok(())
}
