//! What the antivirus says of each received file, by its blob. A file waits here from the moment its row is written,
//! even without an antivirus: one that is set up later looks at every file. Our own letters are not received files, so
//! not here.

use std::collections::HashMap;

use chrono::{Duration, NaiveDateTime};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::analyse::EtatAnalyse;
use domain::time::wait_before_next_try;

use crate::query::RunQueryDsl;
use crate::schema::{analyse_fichier, article, demande_fichier, dossier_fichier, fichier};
use crate::{Connection, Pending, Transaction};

/// Blobs in one statement.
const MANY: usize = 500;
/// The longest wait between two looks at a file that got no verdict.
const ATTENTE_MAX: Duration = Duration::hours(1);

/// Makes a received file wait for the antivirus, in the transaction that writes its row. A file that two rows name
/// waits once.
pub(crate) fn wait<'a>(transaction: &'a mut Transaction, blob: &'a str) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        diesel::insert_into(analyse_fichier::table)
            .values((
                analyse_fichier::blob.eq(blob),
                analyse_fichier::etat.eq(EtatAnalyse::Attente.as_str()),
                analyse_fichier::tentatives.eq(0),
                analyse_fichier::prochain_at.eq(now),
                analyse_fichier::constat.eq(""),
            ))
            .on_conflict_do_nothing()
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// What is known of these blobs; those of which nothing is known are left out.
pub fn of<'a>(connection: &'a mut Connection, blobs: &'a [&'a str]) -> Pending<'a, HashMap<String, EtatAnalyse>> {
    Box::pin(async move {
        let known: Vec<(String, EtatAnalyse)> = analyse_fichier::table
            .filter(analyse_fichier::blob.eq_any(blobs))
            .select((analyse_fichier::blob, analyse_fichier::etat))
            .load(connection)
            .await?;
        Ok(known.into_iter().collect())
    })
}

/// A file to look at.
#[derive(Clone, Debug, Queryable)]
pub struct AAnalyser {
    pub blob: String,
    /// Tries that came to nothing.
    pub tentatives: i32,
    /// The sealed key of a piece of a dossier; nothing else is sealed.
    pub cle: Option<String>,
}

/// The next files to look at, those that wait the longest first.
pub fn due(connection: &mut Connection, now: NaiveDateTime, limit: i64) -> Pending<'_, Vec<AAnalyser>> {
    Box::pin(async move {
        Ok(analyse_fichier::table
            .left_join(dossier_fichier::table.on(dossier_fichier::blob.eq(analyse_fichier::blob)))
            .filter(analyse_fichier::prochain_at.le(now))
            .order((analyse_fichier::prochain_at, analyse_fichier::blob))
            .limit(limit)
            .select((analyse_fichier::blob, analyse_fichier::tentatives, dossier_fichier::cle.nullable()))
            .load(connection)
            .await?)
    })
}

/// What a look at a file came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constat {
    /// Nothing bad is in it.
    Sain,
    /// Something bad is in it, as the antivirus names it.
    Infecte(String),
    /// The antivirus gave no answer about this file.
    Rien,
    /// The file itself is gone.
    Disparu,
}

/// Writes down what a look came to; nothing happens when another server did it first.
pub fn settle<'a>(transaction: &'a mut Transaction, file: &'a AAnalyser, constat: &'a Constat) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        let waiting = analyse_fichier::table.find(&file.blob).filter(analyse_fichier::prochain_at.is_not_null());
        let (etat, found) = match constat {
            Constat::Sain => (EtatAnalyse::Sain, ""),
            Constat::Infecte(name) => (EtatAnalyse::Infecte, name.as_str()),
            Constat::Rien => {
                let tentatives = file.tentatives.saturating_add(1);
                let next = now + wait_before_next_try(tentatives, ATTENTE_MAX);
                let tried = waiting.filter(analyse_fichier::tentatives.eq(file.tentatives));
                diesel::update(tried)
                    .set((analyse_fichier::tentatives.eq(tentatives), analyse_fichier::prochain_at.eq(next)))
                    .execute(transaction.connection())
                    .await?;
                return Ok(());
            }
            Constat::Disparu => {
                diesel::delete(waiting).execute(transaction.connection()).await?;
                return Ok(());
            }
        };
        diesel::update(waiting)
            .set((
                analyse_fichier::etat.eq(etat.as_str()),
                analyse_fichier::constat.eq(found),
                analyse_fichier::prochain_at.eq(None::<NaiveDateTime>),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

pub fn count_waiting(connection: &mut Connection) -> Pending<'_, i64> {
    Box::pin(async move {
        Ok(analyse_fichier::table
            .filter(analyse_fichier::prochain_at.is_not_null())
            .count()
            .get_result(connection)
            .await?)
    })
}

/// How many files are kept from everybody but their owners.
pub fn count_infected(connection: &mut Connection) -> Pending<'_, i64> {
    Box::pin(async move {
        Ok(analyse_fichier::table
            .filter(analyse_fichier::etat.eq(EtatAnalyse::Infecte.as_str()))
            .count()
            .get_result(connection)
            .await?)
    })
}

/// The blobs that are known here and that no row names any more: none ever will again.
pub fn unnamed(connection: &mut Connection) -> Pending<'_, Vec<String>> {
    Box::pin(async move {
        let unnamed = analyse_fichier::table
            .filter(not(exists(fichier::table.filter(fichier::blob.eq(analyse_fichier::blob)))))
            .filter(not(exists(dossier_fichier::table.filter(dossier_fichier::blob.eq(analyse_fichier::blob)))))
            .filter(not(exists(demande_fichier::table.filter(demande_fichier::blob.eq(analyse_fichier::blob)))))
            .filter(not(exists(article::table.filter(article::document_blob.eq(analyse_fichier::blob.nullable())))));
        Ok(unnamed.select(analyse_fichier::blob).load(connection).await?)
    })
}

pub fn forget<'a>(transaction: &'a mut Transaction, blobs: &'a [String]) -> Pending<'a, ()> {
    Box::pin(async move {
        for some in blobs.chunks(MANY) {
            diesel::delete(analyse_fichier::table.filter(analyse_fichier::blob.eq_any(some)))
                .execute(transaction.connection())
                .await?;
        }
        Ok(())
    })
}
