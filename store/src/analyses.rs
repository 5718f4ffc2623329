//! What the antivirus says of each received file, by its blob. A file waits here from the moment its row is written, with or
//! without an antivirus: who sets one up later has every file looked at. Our own letters are not received, and not here.

use std::collections::HashMap;

use chrono::{Duration, NaiveDateTime};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::analyse::EtatAnalyse;
use domain::time::wait_before_next_try;

use crate::connection::{Connection, Transaction, on};
use crate::schema::{analyse_fichier, article, demande_fichier, dossier_fichier, fichier};
use crate::{Error, Result};

/// The blobs that one statement names.
const MANY: usize = 500;
/// The longest wait between two looks at a file that got no verdict.
const ATTENTE_MAX: Duration = Duration::hours(1);

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
        ))
        .on_conflict_do_nothing().execute(c).await)?;
    Ok(())
}

/// What is known of these blobs; of one that is not there, nothing.
pub async fn of(connection: &mut Connection, blobs: &[&str]) -> Result<HashMap<String, EtatAnalyse>> {
    let rows: Vec<(String, String)> = on!(connection, c => analyse_fichier::table
        .filter(analyse_fichier::blob.eq_any(blobs)).select((analyse_fichier::blob, analyse_fichier::etat))
        .load(c).await)?;
    rows.into_iter().map(|(blob, word)| Ok((blob, etat(word)?))).collect()
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
pub async fn settle(transaction: &mut Transaction, file: &AAnalyser, constat: &Constat) -> Result<()> {
    let now = transaction.now;
    let waiting = analyse_fichier::table.find(&file.blob).filter(analyse_fichier::prochain_at.is_not_null());
    let (etat, found) = match constat {
        Constat::Sain => (EtatAnalyse::Sain, ""),
        Constat::Infecte(name) => (EtatAnalyse::Infecte, name.as_str()),
        Constat::Rien => {
            let tentatives = file.tentatives.saturating_add(1);
            let next = now + wait_before_next_try(tentatives, ATTENTE_MAX);
            let tried = waiting.filter(analyse_fichier::tentatives.eq(file.tentatives));
            on!(transaction.connection(), c => diesel::update(tried)
                .set((analyse_fichier::tentatives.eq(tentatives), analyse_fichier::prochain_at.eq(next)))
                .execute(c).await)?;
            return Ok(());
        }
        Constat::Disparu => {
            on!(transaction.connection(), c => diesel::delete(waiting).execute(c).await)?;
            return Ok(());
        }
    };
    on!(transaction.connection(), c => diesel::update(waiting)
        .set((analyse_fichier::etat.eq(etat.as_str()), analyse_fichier::constat.eq(found),
            analyse_fichier::prochain_at.eq(None::<NaiveDateTime>)))
        .execute(c).await)?;
    Ok(())
}

/// How many files wait.
pub async fn count_waiting(connection: &mut Connection) -> Result<i64> {
    Ok(on!(connection, c => analyse_fichier::table.filter(analyse_fichier::prochain_at.is_not_null())
        .count().get_result(c).await)?)
}

/// How many files are kept from everybody but their owners.
pub async fn count_infected(connection: &mut Connection) -> Result<i64> {
    Ok(on!(connection, c => analyse_fichier::table.filter(analyse_fichier::etat.eq(EtatAnalyse::Infecte.as_str()))
        .count().get_result(c).await)?)
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
