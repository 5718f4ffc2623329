//! Answers to annonces: one for an annonce and an account, ever (manual §4.2, SPEC A2 to A4).

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::annonce::{EtatAnnonce, NumeroAnnonce};
use domain::candidature::EtatCandidature;
use domain::compte::EtatCompte;
use domain::{CompteId, StructureId};

use crate::dialect::{Both, Lock, locked};
use crate::query::{RunQueryDsl, columns};
use crate::schema::{annonce, candidature, candidature_ecart, compte, intervenant, structure};
use crate::values::{Nom, Numero};
use crate::{Connection, Pending, Transaction};

/// An answer as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = candidature)]
pub struct Candidature {
    pub id: i64,
    #[diesel(column_name = annonce_id)]
    pub annonce: i64,
    #[diesel(column_name = compte_id)]
    pub compte: CompteId,
    pub etat: EtatCandidature,
    pub commentaire: String,
    pub version: i64,
}

/// The answer of an account to an annonce, if there is one.
pub fn find(connection: &mut Connection, annonce: i64, compte: CompteId) -> Pending<'_, Option<Candidature>> {
    Box::pin(async move {
        Ok(candidature::table
            .filter(candidature::annonce_id.eq(annonce))
            .filter(candidature::compte_id.eq(compte.0))
            .select(columns::<Candidature>())
            .first(connection)
            .await
            .optional()?)
    })
}

pub fn by_id(connection: &mut Connection, id: i64) -> Pending<'_, Option<Candidature>> {
    Box::pin(async move {
        Ok(candidature::table.find(id).select(columns::<Candidature>()).first(connection).await.optional()?)
    })
}

/// The annonce that an answer is for.
#[derive(Clone, Debug, Queryable)]
pub struct Annonce {
    #[diesel(deserialize_as = Numero)]
    pub numero: Option<NumeroAnnonce>,
    pub titre: String,
    pub structure: StructureId,
}

pub fn annonce(connection: &mut Connection, id: i64) -> Pending<'_, Annonce> {
    Box::pin(async move {
        Ok(annonce::table
            .find(id)
            .select(((annonce::annee, annonce::rang), annonce::titre, annonce::structure_id))
            .first(connection)
            .await?)
    })
}

/// Whether an annonce takes answers; it stays so until this transaction ends.
pub fn is_open(transaction: &mut Transaction, annonce: i64) -> Pending<'_, bool> {
    Box::pin(async move {
        let one = locked(annonce::table.find(annonce).select(annonce::etat), Lock::Share);
        let etat: Option<String> = one.get_result(transaction.connection()).await.optional()?;
        Ok(etat.as_deref() == Some(EtatAnnonce::Publiee.as_str()))
    })
}

pub fn insert<'a>(
    transaction: &'a mut Transaction,
    annonce: i64,
    compte: CompteId,
    etat: EtatCandidature,
    commentaire: &'a str,
) -> Pending<'a, Candidature> {
    Box::pin(async move {
        let now = transaction.now;
        let sent = (etat == EtatCandidature::Transmise).then_some(now);
        let id: i64 = diesel::insert_into(candidature::table)
            .values((
                candidature::annonce_id.eq(annonce),
                candidature::compte_id.eq(compte.0),
                candidature::etat.eq(etat.as_str()),
                candidature::commentaire.eq(commentaire),
                candidature::version.eq(1),
                candidature::cree_at.eq(now),
                candidature::transmise_at.eq(sent),
                candidature::modifie_at.eq(now),
            ))
            .returning(candidature::id)
            .get_result(transaction.connection())
            .await?;
        Ok(Candidature { id, annonce, compte, etat, commentaire: commentaire.to_owned(), version: 1 })
    })
}

/// Changes what the author of an answer wrote.
pub fn rewrite<'a>(transaction: &'a mut Transaction, id: i64, commentaire: &'a str) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::update(candidature::table.find(id))
            .set(candidature::commentaire.eq(commentaire))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Moves an answer on, if it still stands as it was read; false when somebody was faster.
pub fn step<'a>(
    transaction: &'a mut Transaction,
    found: &'a Candidature,
    next: EtatCandidature,
    by: Option<CompteId>,
) -> Pending<'a, bool> {
    Box::pin(async move {
        let now = transaction.now;
        let moved = diesel::update(candidature::table.find(found.id).filter(candidature::version.eq(found.version)))
            .set((
                candidature::etat.eq(next.as_str()),
                candidature::version.eq(found.version + 1),
                candidature::gestionnaire_id.eq(by.map(|id| id.0)),
                candidature::modifie_at.eq(now),
            ))
            .execute(transaction.connection())
            .await?;
        if moved > 0 {
            // What was about to be decided concerned the answer as it stood before.
            diesel::delete(candidature_ecart::table.find(found.id)).execute(transaction.connection()).await?;
        }
        if moved > 0 && next == EtatCandidature::Transmise {
            diesel::update(candidature::table.find(found.id))
                .set(candidature::transmise_at.eq(now))
                .execute(transaction.connection())
                .await?;
        }
        Ok(moved > 0)
    })
}

/// The answers of an account that wait for its registration.
pub fn waiting(connection: &mut Connection, compte: CompteId) -> Pending<'_, Vec<Candidature>> {
    Box::pin(async move {
        Ok(candidature::table
            .filter(candidature::compte_id.eq(compte.0))
            .filter(candidature::etat.eq(EtatCandidature::EnAttente.as_str()))
            .order(candidature::id)
            .select(columns::<Candidature>())
            .load(connection)
            .await?)
    })
}

/// Those of these answers that are for annonces of that structure.
pub fn of_structure<'a>(
    connection: &'a mut Connection,
    structure: StructureId,
    ids: &'a [i64],
) -> Pending<'a, Vec<Candidature>> {
    Box::pin(async move {
        Ok(candidature::table
            .inner_join(annonce::table.on(annonce::id.eq(candidature::annonce_id)))
            .filter(candidature::id.eq_any(ids))
            .filter(annonce::structure_id.eq(structure.0))
            .order(candidature::id)
            .select(columns::<Candidature>())
            .load(connection)
            .await?)
    })
}

/// Writes that an answer will be « non retenue » from a moment on; what was written before stays.
pub fn dismiss(transaction: &mut Transaction, id: i64, by: CompteId, effect: NaiveDateTime) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::insert_into(candidature_ecart::table)
            .values((
                candidature_ecart::candidature_id.eq(id),
                candidature_ecart::gestionnaire_id.eq(by.0),
                candidature_ecart::effet_at.eq(effect),
            ))
            .on_conflict_do_nothing()
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Takes back what [`dismiss`] wrote of these answers. What took effect stays.
pub fn take_back<'a>(transaction: &'a mut Transaction, ids: &'a [i64]) -> Pending<'a, ()> {
    Box::pin(async move {
        let waiting = candidature_ecart::table
            .filter(candidature_ecart::candidature_id.eq_any(ids))
            .filter(candidature_ecart::effet_at.gt(transaction.now));
        diesel::delete(waiting).execute(transaction.connection()).await?;
        Ok(())
    })
}

/// Whether a decision of [`dismiss`] is due.
pub fn any_dismissal_due(connection: &mut Connection, now: NaiveDateTime) -> Pending<'_, bool> {
    Box::pin(async move {
        let first: Option<NaiveDateTime> = candidature_ecart::table
            .select(diesel::dsl::min(candidature_ecart::effet_at))
            .get_result(connection)
            .await?;
        Ok(first.is_some_and(|first| first <= now))
    })
}

/// Takes at most `limit` decisions of [`dismiss`] that are due: which answers, and who decided. Nobody else gets them.
pub fn take_due_dismissals(transaction: &mut Transaction, limit: i64) -> Pending<'_, Vec<(i64, CompteId)>> {
    Box::pin(async move {
        let due = candidature_ecart::table
            .filter(candidature_ecart::effet_at.le(transaction.now))
            .order((candidature_ecart::effet_at, candidature_ecart::candidature_id))
            .limit(limit)
            .select((candidature_ecart::candidature_id, candidature_ecart::gestionnaire_id));
        let due: Vec<(i64, CompteId)> = locked(due, Lock::SkipTaken).load(transaction.connection()).await?;
        let ids: Vec<i64> = due.iter().map(|(id, _)| *id).collect();
        diesel::delete(candidature_ecart::table.filter(candidature_ecart::candidature_id.eq_any(ids)))
            .execute(transaction.connection())
            .await?;
        Ok(due)
    })
}

/// The state of the answers of these accounts to an annonce, if the structure may read them.
pub fn states_of<'a>(
    connection: &'a mut Connection,
    annonce: i64,
    comptes: &'a [CompteId],
) -> Pending<'a, HashMap<CompteId, EtatCandidature>> {
    Box::pin(async move {
        let ids: Vec<i64> = comptes.iter().map(|id| id.0).collect();
        let rows: Vec<(CompteId, EtatCandidature)> = candidature::table
            .filter(candidature::annonce_id.eq(annonce))
            .filter(candidature::compte_id.eq_any(&ids))
            .select((candidature::compte_id, candidature::etat))
            .load(connection)
            .await?;
        Ok(rows.into_iter().filter(|(_, etat)| etat.reached_structure()).collect())
    })
}

/// An answer as its author reads it.
#[derive(Clone, Debug, Queryable)]
pub struct Mienne {
    pub id: i64,
    pub etat: EtatCandidature,
    pub commentaire: String,
    #[diesel(deserialize_as = Numero)]
    pub numero: Option<NumeroAnnonce>,
    pub titre: String,
    pub structure_nom: String,
    pub cree_at: NaiveDateTime,
    pub modifie_at: NaiveDateTime,
}

/// The answers of an account, the latest first.
pub fn of(connection: &mut Connection, compte: CompteId) -> Pending<'_, Vec<Mienne>> {
    Box::pin(async move {
        Ok(candidature::table
            .inner_join(annonce::table.on(annonce::id.eq(candidature::annonce_id)))
            .inner_join(structure::table.on(structure::id.eq(annonce::structure_id)))
            .filter(candidature::compte_id.eq(compte.0))
            .order((candidature::cree_at.desc(), candidature::id.desc()))
            .select((
                candidature::id,
                candidature::etat,
                candidature::commentaire,
                (annonce::annee, annonce::rang),
                annonce::titre,
                structure::nom,
                candidature::cree_at,
                candidature::modifie_at,
            ))
            .load(connection)
            .await?)
    })
}

/// An answer as the structure reads it.
#[derive(Clone, Debug, Queryable)]
pub struct Recue {
    pub id: i64,
    pub compte: CompteId,
    #[diesel(deserialize_as = Nom)]
    pub nom: String,
    pub titre: String,
    pub annonce: i64,
    pub etat: EtatCandidature,
    pub commentaire: String,
    pub transmise_at: Option<NaiveDateTime>,
    /// When it will be « non retenue », while that can be taken back.
    pub ecart_at: Option<NaiveDateTime>,
}

/// Which of the answers that a structure received.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub annonce: Option<i64>,
    pub only: Option<&'a [i64]>,
    /// At most so many.
    pub limit: i64,
}

/// The answers to the annonces of a structure in these states, the oldest first.
pub fn received<'a>(
    connection: &'a mut Connection,
    structure: StructureId,
    etats: &'a [EtatCandidature],
    wanted: Wanted<'a>,
) -> Pending<'a, Vec<Recue>> {
    Box::pin(async move {
        let words: Vec<&str> = etats.iter().map(|etat| etat.as_str()).collect();
        let mut query = candidature::table
            .inner_join(annonce::table.on(annonce::id.eq(candidature::annonce_id)))
            .inner_join(compte::table.on(compte::id.eq(candidature::compte_id)))
            .inner_join(intervenant::table.on(intervenant::compte_id.eq(candidature::compte_id)))
            .left_join(candidature_ecart::table.on(candidature_ecart::candidature_id.eq(candidature::id)))
            .filter(annonce::structure_id.eq(structure.0))
            .filter(candidature::etat.eq_any(&words))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .order((candidature::transmise_at, candidature::id))
            .limit(wanted.limit)
            .select((
                candidature::id,
                candidature::compte_id,
                (compte::prenom, compte::nom),
                intervenant::titre,
                candidature::annonce_id,
                candidature::etat,
                candidature::commentaire,
                candidature::transmise_at,
                candidature_ecart::effet_at.nullable(),
            ))
            .into_boxed::<Both>();
        if let Some(annonce) = wanted.annonce {
            query = query.filter(candidature::annonce_id.eq(annonce));
        }
        if let Some(only) = wanted.only {
            query = query.filter(candidature::id.eq_any(only));
        }
        Ok(query.load(connection).await?)
    })
}

/// How many answers each annonce of a structure has received, by state.
pub fn tally(connection: &mut Connection, structure: StructureId) -> Pending<'_, Vec<(i64, EtatCandidature, i64)>> {
    Box::pin(async move {
        Ok(candidature::table
            .inner_join(annonce::table.on(annonce::id.eq(candidature::annonce_id)))
            .filter(annonce::structure_id.eq(structure.0))
            .group_by((candidature::annonce_id, candidature::etat))
            .select((candidature::annonce_id, candidature::etat, diesel::dsl::count_star()))
            .load(connection)
            .await?)
    })
}
