//! Lists of people of the CV-thèque, for oneself or for the structure (SPEC G3).

use diesel::prelude::*;
use domain::texte::fold;
use domain::{CompteId, StructureId};

use crate::query::RunQueryDsl;
use crate::schema::{compte, liste, liste_membre};
use crate::values::Nom;
use crate::{Connection, Pending, Transaction};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liste {
    pub id: i64,
    pub nom: String,
    pub partagee: bool,
    pub auteur: CompteId,
    pub auteur_nom: String,
    pub nombre: i64,
}

/// The lists of an account, and those that its structure shares, by name.
pub fn list(connection: &mut Connection, of: CompteId, structure: StructureId) -> Pending<'_, Vec<Liste>> {
    Box::pin(async move {
        type Row = (i64, String, bool, CompteId, Nom);
        let mut rows: Vec<Row> = liste::table
            .inner_join(compte::table.on(compte::id.eq(liste::compte_id)))
            .filter(liste::compte_id.eq(of.0).or(liste::partagee.eq(true).and(liste::structure_id.eq(structure.0))))
            .select((liste::id, liste::nom, liste::partagee, compte::id, (compte::prenom, compte::nom)))
            .load(connection)
            .await?;
        rows.sort_by_cached_key(|row| (fold(&row.1), row.0));
        let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
        let counts: Vec<(i64, i64)> = liste_membre::table
            .filter(liste_membre::liste_id.eq_any(&ids))
            .group_by(liste_membre::liste_id)
            .select((liste_membre::liste_id, diesel::dsl::count_star()))
            .load(connection)
            .await?;
        let into = |(id, nom, partagee, auteur, Nom(auteur_nom)): Row| Liste {
            id,
            nom,
            partagee,
            auteur,
            auteur_nom,
            nombre: counts.iter().find(|(of, _)| *of == id).map_or(0, |(_, count)| *count),
        };
        Ok(rows.into_iter().map(into).collect())
    })
}

pub fn count(connection: &mut Connection, of: CompteId) -> Pending<'_, i64> {
    Box::pin(async move { Ok(liste::table.filter(liste::compte_id.eq(of.0)).count().get_result(connection).await?) })
}

/// Begins a list; none when the account has one of that name.
pub fn insert<'a>(
    transaction: &'a mut Transaction,
    of: CompteId,
    structure: StructureId,
    nom: &'a str,
    partagee: bool,
) -> Pending<'a, Option<i64>> {
    Box::pin(async move {
        let now = transaction.now;
        Ok(diesel::insert_into(liste::table)
            .values((
                liste::compte_id.eq(of.0),
                liste::structure_id.eq(structure.0),
                liste::nom.eq(nom),
                liste::partagee.eq(partagee),
                liste::cree_at.eq(now),
            ))
            .on_conflict((liste::compte_id, liste::nom))
            .do_nothing()
            .returning(liste::id)
            .get_result(transaction.connection())
            .await
            .optional()?)
    })
}

/// The people of a list, those added last first.
pub fn members(connection: &mut Connection, id: i64) -> Pending<'_, Vec<CompteId>> {
    Box::pin(async move {
        Ok(liste_membre::table
            .filter(liste_membre::liste_id.eq(id))
            .order((liste_membre::at.desc(), liste_membre::compte_id))
            .select(liste_membre::compte_id)
            .load(connection)
            .await?)
    })
}

/// Puts people into a list; returns how many were not in it.
pub fn add<'a>(transaction: &'a mut Transaction, id: i64, people: &'a [CompteId]) -> Pending<'a, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let mut added = 0;
        for person in people {
            added += diesel::insert_into(liste_membre::table)
                .values((liste_membre::liste_id.eq(id), liste_membre::compte_id.eq(person.0), liste_membre::at.eq(now)))
                .on_conflict_do_nothing()
                .execute(transaction.connection())
                .await?;
        }
        Ok(added)
    })
}

/// Takes people out of a list; returns how many were in it.
pub fn take_out<'a>(transaction: &'a mut Transaction, id: i64, people: &'a [CompteId]) -> Pending<'a, usize> {
    Box::pin(async move {
        let ids: Vec<i64> = people.iter().map(|person| person.0).collect();
        Ok(diesel::delete(
            liste_membre::table.filter(liste_membre::liste_id.eq(id)).filter(liste_membre::compte_id.eq_any(&ids)),
        )
        .execute(transaction.connection())
        .await?)
    })
}

/// Shares a list of an account with its structure, or no longer; false when the account has none of that id.
pub fn share(transaction: &mut Transaction, id: i64, of: CompteId, partagee: bool) -> Pending<'_, bool> {
    Box::pin(async move {
        let changed = diesel::update(liste::table.find(id).filter(liste::compte_id.eq(of.0)))
            .set(liste::partagee.eq(partagee))
            .execute(transaction.connection())
            .await?;
        Ok(changed == 1)
    })
}

/// Removes a list of an account, but not the people in it; false when it has none of that id.
pub fn remove(transaction: &mut Transaction, id: i64, of: CompteId) -> Pending<'_, bool> {
    Box::pin(async move {
        let gone = diesel::delete(liste::table.find(id).filter(liste::compte_id.eq(of.0)))
            .execute(transaction.connection())
            .await?;
        Ok(gone == 1)
    })
}
