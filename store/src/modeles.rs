//! Reply templates of a structure (SPEC M8).

use diesel::prelude::*;
use domain::StructureId;
use domain::nir::mask;
use domain::texte::fold;

use crate::query::{RunQueryDsl, columns};
use crate::schema::modele_reponse;
use crate::{Connection, Pending, Transaction};

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = modele_reponse)]
pub struct Modele {
    pub id: i64,
    pub nom: String,
    /// Its text, with words in braces.
    pub texte: String,
}

pub fn list(connection: &mut Connection, structure: StructureId) -> Pending<'_, Vec<Modele>> {
    Box::pin(async move {
        let mut all: Vec<Modele> = modele_reponse::table
            .filter(modele_reponse::structure_id.eq(structure.0))
            .select(columns::<Modele>())
            .load(connection)
            .await?;
        all.sort_by_cached_key(|one| (fold(&one.nom), one.id));
        Ok(all)
    })
}

/// Ids and names alone, to choose from.
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

pub fn by_id(connection: &mut Connection, structure: StructureId, id: i64) -> Pending<'_, Option<Modele>> {
    Box::pin(async move {
        Ok(modele_reponse::table
            .find(id)
            .filter(modele_reponse::structure_id.eq(structure.0))
            .select(columns::<Modele>())
            .first(connection)
            .await
            .optional()?)
    })
}

pub fn insert<'a>(
    transaction: &'a mut Transaction,
    structure: StructureId,
    (nom, texte): (&'a str, &'a str),
) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        diesel::insert_into(modele_reponse::table)
            .values((
                modele_reponse::structure_id.eq(structure.0),
                modele_reponse::nom.eq(nom),
                modele_reponse::texte.eq(mask(texte)),
                modele_reponse::modifie_at.eq(now),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Changes a template; false when it is not one of the structure's.
pub fn update<'a>(
    transaction: &'a mut Transaction,
    structure: StructureId,
    id: i64,
    (nom, texte): (&'a str, &'a str),
) -> Pending<'a, bool> {
    Box::pin(async move {
        let now = transaction.now;
        let changed =
            diesel::update(modele_reponse::table.find(id).filter(modele_reponse::structure_id.eq(structure.0)))
                .set((
                    modele_reponse::nom.eq(nom),
                    modele_reponse::texte.eq(mask(texte)),
                    modele_reponse::modifie_at.eq(now),
                ))
                .execute(transaction.connection())
                .await?;
        Ok(changed == 1)
    })
}

/// Removes a template; false when it is not one of the structure's.
pub fn remove(transaction: &mut Transaction, structure: StructureId, id: i64) -> Pending<'_, bool> {
    Box::pin(async move {
        let gone = diesel::delete(modele_reponse::table.find(id).filter(modele_reponse::structure_id.eq(structure.0)))
            .execute(transaction.connection())
            .await?;
        Ok(gone == 1)
    })
}
