//! What a structure knows of a message it received: who answered it last, and whom it is given to (SPEC M8).

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::compte::EtatCompte;
use domain::equipe::Travail;
use domain::texte::fold;
use domain::{CompteId, CorrespondantId, StructureId};

use crate::dialect::{Lock, locked};
use crate::query::RunQueryDsl;
use crate::schema::{boite_suivi, compte, message};
use crate::values::Nom;
use crate::{Connection, Pending, Result, Transaction, comptes, presences};

/// What notifications of a message that was given are filed under.
pub const CATEGORIE: &str = "message";

/// An answer that a message has had.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Reponse {
    pub message: i64,
    pub auteur: CompteId,
    #[diesel(deserialize_as = Nom)]
    pub nom: String,
    pub at: NaiveDateTime,
}

/// Where a message stands with those who share the mailbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suivi {
    pub reponse: Option<Reponse>,
    /// Whom it is given to, with their name.
    pub assigne: Option<(CompteId, String)>,
}

/// Where these messages of a mailbox stand; those of which nothing is known are left out.
pub fn of<'a>(
    connection: &'a mut Connection,
    correspondant: CorrespondantId,
    messages: &'a [i64],
) -> Pending<'a, HashMap<i64, Suivi>> {
    Box::pin(async move {
        let rows: Vec<(i64, Option<i64>, Option<i64>)> = boite_suivi::table
            .filter(boite_suivi::correspondant_id.eq(correspondant.0))
            .filter(boite_suivi::message_id.eq_any(messages))
            .select((boite_suivi::message_id, boite_suivi::reponse_id, boite_suivi::assigne_id))
            .load(connection)
            .await?;
        if rows.is_empty() {
            return Ok(HashMap::new());
        }
        let answers: Vec<i64> = rows.iter().filter_map(|(_, answer, _)| *answer).collect();
        let given: Vec<i64> = rows.iter().filter_map(|(.., given)| *given).collect();
        let answers: HashMap<i64, Reponse> = message::table
            .inner_join(compte::table.on(compte::id.eq(message::auteur_id)))
            .filter(message::id.eq_any(&answers))
            .select((message::id, compte::id, (compte::prenom, compte::nom), message::envoye_at))
            .load::<Reponse>(connection)
            .await?
            .into_iter()
            .map(|reponse| (reponse.message, reponse))
            .collect();
        let names = comptes::names(connection, &given).await?;
        let into = |(message, answer, given): (i64, Option<i64>, Option<i64>)| {
            let reponse = answer.and_then(|id| answers.get(&id).cloned());
            let assigne = given.and_then(|id| Some((CompteId(id), names.get(&id)?.clone())));
            (message, Suivi { reponse, assigne })
        };
        Ok(rows.into_iter().map(into).collect())
    })
}

pub fn of_one(connection: &mut Connection, correspondant: CorrespondantId, message: i64) -> Pending<'_, Suivi> {
    Box::pin(async move { Ok(of(connection, correspondant, &[message]).await?.remove(&message).unwrap_or_default()) })
}

async fn begin(transaction: &mut Transaction, correspondant: CorrespondantId, message: i64) -> Result<()> {
    diesel::insert_into(boite_suivi::table)
        .values((boite_suivi::correspondant_id.eq(correspondant.0), boite_suivi::message_id.eq(message)))
        .on_conflict_do_nothing()
        .execute(transaction.connection())
        .await?;
    Ok(())
}

/// Writes down the answer to a message. `known` is the last answer that its author has seen: when somebody else of the
/// structure has answered since, nothing is written, and false is returned.
pub fn answer(
    transaction: &mut Transaction,
    (correspondant, message): (CorrespondantId, i64),
    (answer, by): (i64, CompteId),
    known: Option<i64>,
) -> Pending<'_, bool> {
    Box::pin(async move {
        begin(transaction, correspondant, message).await?;
        presences::leave(transaction, (Travail::Reponse, message), by).await?;
        let row = boite_suivi::table.find((correspondant.0, message));
        let Some(known) = known else {
            diesel::update(row).set(boite_suivi::reponse_id.eq(answer)).execute(transaction.connection()).await?;
            return Ok(true);
        };
        let own: Vec<i64> = message::table
            .filter(message::reponse_a.eq(message))
            .filter(message::auteur_id.eq(by.0))
            .select(message::id)
            .load(transaction.connection())
            .await?;
        // The row is locked by its update: of two at once, the second sees what the first wrote.
        let changed = diesel::update(row)
            .filter(
                boite_suivi::reponse_id
                    .is_null()
                    .or(boite_suivi::reponse_id.eq(known))
                    .or(boite_suivi::reponse_id.eq_any(own.iter().copied().map(Some).collect::<Vec<_>>())),
            )
            .set(boite_suivi::reponse_id.eq(answer))
            .execute(transaction.connection())
            .await?;
        Ok(changed == 1)
    })
}

/// Those who share a structure's mailbox, by name.
pub fn members(connection: &mut Connection, structure: StructureId) -> Pending<'_, Vec<(CompteId, String)>> {
    Box::pin(async move {
        let mut rows: Vec<(i64, String, String)> = compte::table
            .filter(compte::structure_id.eq(structure.0))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .select((compte::id, compte::prenom, compte::nom))
            .load(connection)
            .await?;
        rows.sort_by_cached_key(|(id, prenom, nom)| (fold(&format!("{nom} {prenom}")), *id));
        Ok(rows.into_iter().map(|(id, prenom, nom)| (CompteId(id), format!("{prenom} {nom}"))).collect())
    })
}

/// Gives a message of a mailbox to somebody, or to nobody; false when that was so already.
pub fn assign(
    transaction: &mut Transaction,
    (correspondant, message): (CorrespondantId, i64),
    to: Option<CompteId>,
) -> Pending<'_, bool> {
    Box::pin(async move {
        begin(transaction, correspondant, message).await?;
        let row = boite_suivi::table.find((correspondant.0, message));
        let given = row.select(boite_suivi::assigne_id);
        let given: Option<CompteId> = locked(given, Lock::Change).get_result(transaction.connection()).await?;
        if given == to {
            return Ok(false);
        }
        let to = to.map(|to| to.0);
        diesel::update(row).set(boite_suivi::assigne_id.eq(to)).execute(transaction.connection()).await?;
        Ok(true)
    })
}
