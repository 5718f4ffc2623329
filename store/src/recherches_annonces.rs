//! Searches of the annonces that intervenants are alerted to, beside the tick boxes of §8 (SPEC A1, L2).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::CompteId;
use domain::compte::{EtatCompte, EtatInscription};

use crate::query::RunQueryDsl;
use crate::schema::{compte, intervenant, recherche_annonce};
use crate::{Connection, Pending, Transaction};

/// A search that somebody is alerted to.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Recherche {
    pub id: i64,
    pub adresse: String,
    /// Whether it alerts now; false once its owner stopped their alerts.
    pub active: bool,
}

/// The searches of an account, the latest first.
pub fn list(connection: &mut Connection, of: CompteId) -> Pending<'_, Vec<Recherche>> {
    Box::pin(async move {
        Ok(recherche_annonce::table
            .filter(recherche_annonce::compte_id.eq(of.0))
            .order(recherche_annonce::id.desc())
            .select((recherche_annonce::id, recherche_annonce::adresse, recherche_annonce::active))
            .load(connection)
            .await?)
    })
}

pub fn has_any(connection: &mut Connection, of: CompteId) -> Pending<'_, bool> {
    Box::pin(async move {
        let count: i64 = recherche_annonce::table
            .filter(recherche_annonce::compte_id.eq(of.0))
            .filter(recherche_annonce::active.eq(true))
            .count()
            .get_result(connection)
            .await?;
        Ok(count > 0)
    })
}

/// Keeps a search; the same one kept twice is one, and alerts again.
pub fn keep<'a>(transaction: &'a mut Transaction, of: CompteId, adresse: &'a str) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        diesel::insert_into(recherche_annonce::table)
            .values((
                recherche_annonce::compte_id.eq(of.0),
                recherche_annonce::adresse.eq(adresse),
                recherche_annonce::active.eq(true),
                recherche_annonce::cree_at.eq(now),
            ))
            .on_conflict((recherche_annonce::compte_id, recherche_annonce::adresse))
            .do_update()
            .set(recherche_annonce::active.eq(true))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Suspends a search of an account or lets it alert again; false when it has none of that id.
pub fn set_active(transaction: &mut Transaction, id: i64, of: CompteId, active: bool) -> Pending<'_, bool> {
    Box::pin(async move {
        let changed = diesel::update(recherche_annonce::table.find(id).filter(recherche_annonce::compte_id.eq(of.0)))
            .set(recherche_annonce::active.eq(active))
            .execute(transaction.connection())
            .await?;
        Ok(changed > 0)
    })
}

/// Suspends all searches of an account: who stops their alerts stops these too.
pub fn suspend(transaction: &mut Transaction, of: CompteId) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::update(recherche_annonce::table.filter(recherche_annonce::compte_id.eq(of.0)))
            .set(recherche_annonce::active.eq(false))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Removes a search of an account; false when it has none of that id.
pub fn remove(transaction: &mut Transaction, id: i64, of: CompteId) -> Pending<'_, bool> {
    Box::pin(async move {
        let gone = diesel::delete(recherche_annonce::table.find(id).filter(recherche_annonce::compte_id.eq(of.0)))
            .execute(transaction.connection())
            .await?;
        Ok(gone > 0)
    })
}

/// The searches kept before that moment that alert, each once with the accounts that have it: those of a validated
/// intervenant who is not archived.
pub fn active(connection: &mut Connection, before: NaiveDateTime) -> Pending<'_, Vec<(String, Vec<CompteId>)>> {
    Box::pin(async move {
        let rows: Vec<(String, CompteId)> = recherche_annonce::table
            .inner_join(compte::table.on(compte::id.eq(recherche_annonce::compte_id)))
            .inner_join(intervenant::table.on(intervenant::compte_id.eq(recherche_annonce::compte_id)))
            .filter(recherche_annonce::active.eq(true))
            .filter(recherche_annonce::cree_at.le(before))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
            .order((recherche_annonce::adresse, recherche_annonce::compte_id))
            .select((recherche_annonce::adresse, recherche_annonce::compte_id))
            .load(connection)
            .await?;
        let mut found: Vec<(String, Vec<CompteId>)> = Vec::new();
        for (adresse, compte) in rows {
            match found.last_mut() {
                Some((same, comptes)) if *same == adresse => comptes.push(compte),
                _ => found.push((adresse, vec![compte])),
            }
        }
        Ok(found)
    })
}
