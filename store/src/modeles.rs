//! Reply templates of a structure (SPEC M8).

use diesel::prelude::*;
use domain::StructureId;
use domain::nir::mask;
use domain::texte::fold;

use crate::connection::{Connection, Transaction};
use crate::query::RunQueryDsl;
use crate::schema::modele_reponse;
use crate::{Pending, Refused};

/// Templates that a structure keeps at most.
pub const MODELES_MAX: i64 = 100;

/// A template.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Modele {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub nom: String,
    /// Its text, with words in braces.
    pub texte: String,
}

/// Why a template was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refus {
    /// Another one of the structure has that name.
    #[error("Un modèle de votre structure porte déjà ce nom : choisissez-en un autre.")]
    NomPris,
    /// There are too many.
    #[error("Votre structure a déjà {MODELES_MAX} modèles : supprimez-en un d’abord.")]
    Trop,
}

/// The templates of a structure, by name.
pub fn list(connection: &mut Connection, structure: StructureId) -> Pending<'_, Vec<Modele>> {
    Box::pin(async move {
        let mut all: Vec<Modele> = modele_reponse::table
            .filter(modele_reponse::structure_id.eq(structure.0))
            .select((modele_reponse::id, modele_reponse::nom, modele_reponse::texte))
            .load(connection)
            .await?;
        all.sort_by_cached_key(|one| (fold(&one.nom), one.id));
        Ok(all)
    })
}

/// Their ids and names alone: what one chooses from.
pub fn names(connection: &mut Connection, structure: StructureId) -> Pending<'_, Vec<(i64, String)>> {
    Box::pin(async move {
        let mut all: Vec<(i64, String)> = modele_reponse::table
            .filter(modele_reponse::structure_id.eq(structure.0))
            .select((modele_reponse::id, modele_reponse::nom))
            .load(connection)
            .await?;
        all.sort_by_cached_key(|(id, nom)| (fold(nom), *id));
        Ok(all)
    })
}

/// One of the templates of a structure.
pub fn by_id(connection: &mut Connection, structure: StructureId, id: i64) -> Pending<'_, Option<Modele>> {
    Box::pin(async move {
        Ok(modele_reponse::table
            .find(id)
            .filter(modele_reponse::structure_id.eq(structure.0))
            .select((modele_reponse::id, modele_reponse::nom, modele_reponse::texte))
            .first(connection)
            .await
            .optional()?)
    })
}

/// Keeps a template, a new one or the one of that id.
///
/// # Errors
/// Why it is not kept.
pub fn keep<'a>(
    transaction: &'a mut Transaction,
    structure: StructureId,
    id: Option<i64>,
    (nom, texte): (&'a str, &'a str),
) -> Pending<'a, (), Refused<Refus>> {
    Box::pin(async move {
        let now = transaction.now;
        let all = names(transaction.connection(), structure).await?;
        if all.iter().any(|(other, name)| name == nom && Some(*other) != id) {
            return Err(Refused::Because(Refus::NomPris));
        }
        let values =
            (modele_reponse::nom.eq(nom), modele_reponse::texte.eq(mask(texte)), modele_reponse::modifie_at.eq(now));
        if let Some(id) = id {
            diesel::update(modele_reponse::table.find(id).filter(modele_reponse::structure_id.eq(structure.0)))
                .set(values)
                .execute(transaction.connection())
                .await?;
            return Ok(());
        }
        if all.len() as i64 >= MODELES_MAX {
            return Err(Refused::Because(Refus::Trop));
        }
        diesel::insert_into(modele_reponse::table)
            .values((modele_reponse::structure_id.eq(structure.0), values))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Removes a template.
pub fn remove(transaction: &mut Transaction, structure: StructureId, id: i64) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::delete(modele_reponse::table.find(id).filter(modele_reponse::structure_id.eq(structure.0)))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}
