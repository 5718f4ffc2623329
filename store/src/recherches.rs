//! Searches of the CV-thèque that gestionnaires keep, share with their structure and follow (SPEC G3).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::compte::{EtatCompte, Role};
use domain::texte::fold;
use domain::{CompteId, StructureId};

use crate::query::RunQueryDsl;
use crate::schema::{compte, recherche, recherche_suivie, recherche_trouvee};
use crate::values::Nom;
use crate::{Connection, Pending, Transaction};

/// What notifications of this kind are filed under.
pub const CATEGORIE: &str = "recherche";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recherche {
    pub id: i64,
    pub nom: String,
    pub adresse: String,
    pub partagee: bool,
    pub auteur: CompteId,
    pub auteur_nom: String,
    /// Whether the account that asks is told of the CVs that answer it.
    pub suivie: bool,
}

#[derive(Clone, Debug)]
pub struct Voulue {
    pub nom: String,
    pub adresse: String,
    pub partagee: bool,
    /// Whether its author is told of the CVs that answer it.
    pub suivie: bool,
}

/// The searches of an account, and those that its structure shares, by name.
pub fn list(connection: &mut Connection, of: CompteId, structure: StructureId) -> Pending<'_, Vec<Recherche>> {
    Box::pin(async move {
        type Row = (i64, String, String, bool, CompteId, Nom);
        let mut rows: Vec<Row> = recherche::table
            .inner_join(compte::table.on(compte::id.eq(recherche::compte_id)))
            .filter(
                recherche::compte_id
                    .eq(of.0)
                    .or(recherche::partagee.eq(true).and(recherche::structure_id.eq(structure.0))),
            )
            .select((
                recherche::id,
                recherche::nom,
                recherche::adresse,
                recherche::partagee,
                compte::id,
                (compte::prenom, compte::nom),
            ))
            .load(connection)
            .await?;
        rows.sort_by_cached_key(|row| (fold(&row.1), row.0));
        let followed: Vec<i64> = recherche_suivie::table
            .filter(recherche_suivie::compte_id.eq(of.0))
            .select(recherche_suivie::recherche_id)
            .load(connection)
            .await?;
        let into = |(id, nom, adresse, partagee, auteur, Nom(auteur_nom)): Row| Recherche {
            id,
            nom,
            adresse,
            partagee,
            auteur,
            auteur_nom,
            suivie: followed.contains(&id),
        };
        Ok(rows.into_iter().map(into).collect())
    })
}

pub fn count(connection: &mut Connection, of: CompteId) -> Pending<'_, i64> {
    Box::pin(
        async move { Ok(recherche::table.filter(recherche::compte_id.eq(of.0)).count().get_result(connection).await?) },
    )
}

/// Keeps a search; none when the account has one of that name.
pub fn insert<'a>(
    transaction: &'a mut Transaction,
    of: CompteId,
    structure: StructureId,
    voulue: &'a Voulue,
) -> Pending<'a, Option<i64>> {
    Box::pin(async move {
        let now = transaction.now;
        Ok(diesel::insert_into(recherche::table)
            .values((
                recherche::compte_id.eq(of.0),
                recherche::structure_id.eq(structure.0),
                recherche::nom.eq(&voulue.nom),
                recherche::adresse.eq(&voulue.adresse),
                recherche::partagee.eq(voulue.partagee),
                recherche::cree_at.eq(now),
            ))
            .on_conflict((recherche::compte_id, recherche::nom))
            .do_nothing()
            .returning(recherche::id)
            .get_result(transaction.connection())
            .await
            .optional()?)
    })
}

/// Makes an account follow a search, or follow it no more.
pub fn follow(transaction: &mut Transaction, id: i64, of: CompteId, suivie: bool) -> Pending<'_, ()> {
    Box::pin(async move {
        if suivie {
            diesel::insert_into(recherche_suivie::table)
                .values((recherche_suivie::recherche_id.eq(id), recherche_suivie::compte_id.eq(of.0)))
                .on_conflict_do_nothing()
                .execute(transaction.connection())
                .await?;
        } else {
            diesel::delete(recherche_suivie::table.find((id, of.0))).execute(transaction.connection()).await?;
        }
        Ok(())
    })
}

/// Shares a search of an account with its structure, or no longer; false when the account has none of that id.
pub fn share(transaction: &mut Transaction, id: i64, of: CompteId, partagee: bool) -> Pending<'_, bool> {
    Box::pin(async move {
        let changed = diesel::update(recherche::table.find(id).filter(recherche::compte_id.eq(of.0)))
            .set(recherche::partagee.eq(partagee))
            .execute(transaction.connection())
            .await?;
        Ok(changed == 1)
    })
}

/// Removes a search of an account; false when it has none of that id.
pub fn remove(transaction: &mut Transaction, id: i64, of: CompteId) -> Pending<'_, bool> {
    Box::pin(async move {
        let gone = diesel::delete(recherche::table.find(id).filter(recherche::compte_id.eq(of.0)))
            .execute(transaction.connection())
            .await?;
        Ok(gone == 1)
    })
}

/// A search and the accounts that follow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suivie {
    pub id: i64,
    pub nom: String,
    pub adresse: String,
    /// Those who are told: they may still see the search.
    pub comptes: Vec<CompteId>,
}

/// The searches kept before that moment which somebody follows.
pub fn followed(connection: &mut Connection, before: NaiveDateTime) -> Pending<'_, Vec<Suivie>> {
    Box::pin(async move {
        // Those who left the structure, or whose colleague no longer shares the search, are told no more.
        let rows: Vec<(i64, String, String, CompteId)> = recherche_suivie::table
            .inner_join(recherche::table.on(recherche::id.eq(recherche_suivie::recherche_id)))
            .inner_join(compte::table.on(compte::id.eq(recherche_suivie::compte_id)))
            .filter(recherche::cree_at.le(before))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .filter(compte::role.eq(Role::Gestionnaire.as_str()))
            .filter(
                recherche::compte_id.eq(compte::id).or(recherche::partagee
                    .eq(true)
                    .and(compte::structure_id.eq(recherche::structure_id.nullable()))
                    .assume_not_null()),
            )
            .order((recherche::id, compte::id))
            .select((recherche::id, recherche::nom, recherche::adresse, compte::id))
            .load(connection)
            .await?;
        let mut found: Vec<Suivie> = Vec::new();
        for (id, nom, adresse, compte) in rows {
            match found.last_mut() {
                Some(last) if last.id == id => last.comptes.push(compte),
                _ => found.push(Suivie { id, nom, adresse, comptes: vec![compte] }),
            }
        }
        Ok(found)
    })
}

/// Writes down that a CV answers a search; false when that was known.
pub fn found(transaction: &mut Transaction, recherche: i64, compte: CompteId) -> Pending<'_, bool> {
    Box::pin(async move {
        let now = transaction.now;
        let fresh = diesel::insert_into(recherche_trouvee::table)
            .values((
                recherche_trouvee::recherche_id.eq(recherche),
                recherche_trouvee::compte_id.eq(compte.0),
                recherche_trouvee::at.eq(now),
            ))
            .on_conflict_do_nothing()
            .execute(transaction.connection())
            .await?;
        Ok(fresh == 1)
    })
}
