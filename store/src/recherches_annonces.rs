//! Searches of the annonces that intervenants are alerted to, beside the tick boxes of §8 (SPEC A1, L2).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::CompteId;
use domain::compte::{EtatCompte, EtatInscription};

use crate::Result;
use crate::connection::{Connection, Transaction, on};
use crate::schema::{compte, intervenant, recherche_annonce};

/// Searches that one account is alerted to at most.
pub const RECHERCHES_MAX: i64 = 20;

/// A search that somebody is alerted to.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Recherche {
    /// Its id.
    pub id: i64,
    /// The query string of its address.
    pub adresse: String,
    /// Whether it alerts now; false once its owner stopped their alerts.
    pub active: bool,
}

/// Why a search was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refus {
    /// There are too many.
    #[error("Vous avez déjà {RECHERCHES_MAX} recherches suivies : supprimez-en une d’abord.")]
    Trop,
}

/// The searches of an account, the latest first.
pub async fn list(connection: &mut Connection, of: CompteId) -> Result<Vec<Recherche>> {
    Ok(on!(connection, c => recherche_annonce::table
        .filter(recherche_annonce::compte_id.eq(of.0))
        .order(recherche_annonce::id.desc())
        .select((recherche_annonce::id, recherche_annonce::adresse, recherche_annonce::active))
        .load(c).await)?)
}

/// Whether an account has a search that alerts.
pub async fn has_any(connection: &mut Connection, of: CompteId) -> Result<bool> {
    let count: i64 = on!(connection, c => recherche_annonce::table
        .filter(recherche_annonce::compte_id.eq(of.0)).filter(recherche_annonce::active.eq(true))
        .count().get_result(c).await)?;
    Ok(count > 0)
}

/// Keeps a search; the same one kept twice is one, and alerts again.
///
/// # Errors
/// In the inner result, why it is not kept.
pub async fn keep(transaction: &mut Transaction, of: CompteId, adresse: &str) -> Result<Result<(), Refus>> {
    let now = transaction.now;
    let others: i64 = on!(transaction.connection(), c => recherche_annonce::table
        .filter(recherche_annonce::compte_id.eq(of.0)).filter(recherche_annonce::adresse.ne(adresse))
        .count().get_result(c).await)?;
    if others >= RECHERCHES_MAX {
        return Ok(Err(Refus::Trop));
    }
    on!(transaction.connection(), c => diesel::insert_into(recherche_annonce::table)
        .values((
            recherche_annonce::compte_id.eq(of.0),
            recherche_annonce::adresse.eq(adresse),
            recherche_annonce::active.eq(true),
            recherche_annonce::cree_at.eq(now),
        ))
        .on_conflict((recherche_annonce::compte_id, recherche_annonce::adresse))
        .do_update().set(recherche_annonce::active.eq(true)).execute(c).await)?;
    Ok(Ok(()))
}

/// Suspends one of one's searches or lets it alert again.
pub async fn set_active(transaction: &mut Transaction, id: i64, of: CompteId, active: bool) -> Result<()> {
    on!(transaction.connection(), c => diesel::update(recherche_annonce::table.find(id)
        .filter(recherche_annonce::compte_id.eq(of.0))).set(recherche_annonce::active.eq(active)).execute(c).await)?;
    Ok(())
}

/// Suspends all searches of an account: who stops their alerts stops these too.
pub async fn suspend(transaction: &mut Transaction, of: CompteId) -> Result<()> {
    on!(transaction.connection(), c => diesel::update(recherche_annonce::table
        .filter(recherche_annonce::compte_id.eq(of.0))).set(recherche_annonce::active.eq(false)).execute(c).await)?;
    Ok(())
}

/// Removes one of one's searches.
pub async fn remove(transaction: &mut Transaction, id: i64, of: CompteId) -> Result<()> {
    on!(transaction.connection(), c => diesel::delete(recherche_annonce::table.find(id)
        .filter(recherche_annonce::compte_id.eq(of.0))).execute(c).await)?;
    Ok(())
}

/// The searches kept before that moment that alert, each once with the accounts that have it: those of a validated
/// intervenant who is not archived.
pub async fn active(connection: &mut Connection, before: NaiveDateTime) -> Result<Vec<(String, Vec<CompteId>)>> {
    let rows: Vec<(String, i64)> = on!(connection, c => recherche_annonce::table
        .inner_join(compte::table.on(compte::id.eq(recherche_annonce::compte_id)))
        .inner_join(intervenant::table.on(intervenant::compte_id.eq(recherche_annonce::compte_id)))
        .filter(recherche_annonce::active.eq(true)).filter(recherche_annonce::cree_at.le(before))
        .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
        .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
        .order((recherche_annonce::adresse, recherche_annonce::compte_id))
        .select((recherche_annonce::adresse, recherche_annonce::compte_id)).load(c).await)?;
    let mut found: Vec<(String, Vec<CompteId>)> = Vec::new();
    for (adresse, compte) in rows {
        match found.last_mut() {
            Some((same, comptes)) if *same == adresse => comptes.push(CompteId(compte)),
            _ => found.push((adresse, vec![CompteId(compte)])),
        }
    }
    Ok(found)
}
