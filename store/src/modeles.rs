//! Reply templates of a structure (SPEC M8).

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::StructureId;

use crate::Result;
use crate::connection::{Connection, Transaction, on};
use crate::schema::modele_reponse;

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
pub async fn list(connection: &mut Connection, structure: StructureId) -> Result<Vec<Modele>> {
    Ok(on!(connection, c => modele_reponse::table.filter(modele_reponse::structure_id.eq(structure.0))
        .order((modele_reponse::nom, modele_reponse::id))
        .select((modele_reponse::id, modele_reponse::nom, modele_reponse::texte)).load(c).await)?)
}

/// Their ids and names alone: what one chooses from.
pub async fn names(connection: &mut Connection, structure: StructureId) -> Result<Vec<(i64, String)>> {
    Ok(on!(connection, c => modele_reponse::table.filter(modele_reponse::structure_id.eq(structure.0))
        .order((modele_reponse::nom, modele_reponse::id))
        .select((modele_reponse::id, modele_reponse::nom)).load(c).await)?)
}

/// One of the templates of a structure.
pub async fn by_id(connection: &mut Connection, structure: StructureId, id: i64) -> Result<Option<Modele>> {
    Ok(on!(connection, c => modele_reponse::table.find(id).filter(modele_reponse::structure_id.eq(structure.0))
        .select((modele_reponse::id, modele_reponse::nom, modele_reponse::texte)).first(c).await.optional())?)
}

/// Keeps a template, a new one or the one of that id.
///
/// # Errors
/// In the inner result, why it is not kept.
pub async fn keep(
    transaction: &mut Transaction,
    structure: StructureId,
    id: Option<i64>,
    (nom, texte): (&str, &str),
) -> Result<Result<(), Refus>> {
    let now = transaction.now;
    let all = names(transaction.connection(), structure).await?;
    if all.iter().any(|(other, name)| name == nom && Some(*other) != id) {
        return Ok(Err(Refus::NomPris));
    }
    let values = (modele_reponse::nom.eq(nom), modele_reponse::texte.eq(texte), modele_reponse::modifie_at.eq(now));
    if let Some(id) = id {
        on!(transaction.connection(), c => diesel::update(modele_reponse::table.find(id)
            .filter(modele_reponse::structure_id.eq(structure.0))).set(values).execute(c).await)?;
        return Ok(Ok(()));
    }
    if all.len() as i64 >= MODELES_MAX {
        return Ok(Err(Refus::Trop));
    }
    on!(transaction.connection(), c => diesel::insert_into(modele_reponse::table)
        .values((modele_reponse::structure_id.eq(structure.0), values)).execute(c).await)?;
    Ok(Ok(()))
}

/// Removes a template.
pub async fn remove(transaction: &mut Transaction, structure: StructureId, id: i64) -> Result<()> {
    on!(transaction.connection(), c => diesel::delete(modele_reponse::table.find(id)
        .filter(modele_reponse::structure_id.eq(structure.0))).execute(c).await)?;
    Ok(())
}
