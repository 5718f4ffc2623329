//! Alerts: the tick boxes of §8 and the fan-out of a published annonce, one row per annonce and account, ever.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::CompteId;
use domain::alertes::{Abonnement, Frequence, Regle};
use domain::compte::{EtatCompte, EtatInscription};
use domain::journal::Fact;

use crate::dialect::Both;
use crate::query::{RunQueryDsl, insert_all};
use crate::schema::{
    alerte, alerte_envoi, compte, desabonnement, intervenant, intervenant_region, intervenant_specialite, specialite,
};
use crate::{Connection, Error, Pending, Result, Transaction, recherches_annonces};

/// The word for an alert that waits for a digest.
const WAITS: &str = "attente";

pub fn regle(connection: &mut Connection, compte: CompteId) -> Pending<'_, Regle> {
    Box::pin(async move {
        let boxes: Option<(bool, bool, bool)> = alerte::table
            .find(compte.0)
            .select((alerte::specialites, alerte::regions, alerte::les_deux))
            .first(connection)
            .await
            .optional()?;
        into_regle(boxes)
    })
}

fn into_regle(boxes: Option<(bool, bool, bool)>) -> Result<Regle> {
    let (specialites, regions, les_deux) = boxes.unwrap_or_default();
    Regle::from_boxes(specialites, regions, les_deux).map_err(|_| Error::Unknown {
        table: "alerte",
        column: "les_deux",
        value: "true".into(),
    })
}

/// Sets the rule of an account.
pub fn set(transaction: &mut Transaction, compte: CompteId, regle: Regle) -> Pending<'_, ()> {
    Box::pin(async move {
        let (specialites, regions, les_deux) = regle.boxes();
        let values = (alerte::specialites.eq(specialites), alerte::regions.eq(regions), alerte::les_deux.eq(les_deux));
        diesel::insert_into(alerte::table)
            .values((alerte::compte_id.eq(compte.0), values))
            .on_conflict(alerte::compte_id)
            .do_update()
            .set(values)
            .execute(transaction.connection())
            .await?;
        transaction.record(Fact::AlerteModifiee { compte });
        Ok(())
    })
}

/// Stops every alert of an account: its rule and the searches that it follows.
pub fn stop(transaction: &mut Transaction, compte: CompteId) -> Pending<'_, ()> {
    Box::pin(async move {
        set(transaction, compte, Regle::Aucune).await?;
        recherches_annonces::suspend(transaction, compte).await
    })
}

/// How often an account is told.
pub fn frequence(connection: &mut Connection, compte: CompteId) -> Pending<'_, Frequence> {
    Box::pin(async move {
        let chosen: Option<Frequence> =
            alerte::table.find(compte.0).select(alerte::frequence).first(connection).await.optional()?;
        Ok(chosen.unwrap_or(Frequence::Instantanee))
    })
}

/// Sets how often an account is told.
pub fn set_frequence(transaction: &mut Transaction, compte: CompteId, frequence: Frequence) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::update(alerte::table.find(compte.0))
            .set(alerte::frequence.eq(frequence.as_str()))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// At most `limit` accounts told at that pace for whom something waited before `until`.
pub fn digests_due(
    connection: &mut Connection,
    frequence: Frequence,
    until: NaiveDateTime,
    limit: i64,
) -> Pending<'_, Vec<CompteId>> {
    Box::pin(async move {
        Ok(alerte_envoi::table
            .inner_join(alerte::table.on(alerte::compte_id.eq(alerte_envoi::compte_id)))
            .filter(alerte_envoi::sort.eq(WAITS))
            .filter(alerte_envoi::at.lt(until))
            .filter(alerte::frequence.eq(frequence.as_str()))
            .order(alerte_envoi::compte_id)
            .limit(limit)
            .select(alerte_envoi::compte_id)
            .distinct()
            .load(connection)
            .await?)
    })
}

/// The annonces that waited for an account's digest before `until`, the oldest first.
pub fn waiting(connection: &mut Connection, compte: CompteId, until: NaiveDateTime) -> Pending<'_, Vec<i64>> {
    Box::pin(async move {
        Ok(alerte_envoi::table
            .filter(alerte_envoi::compte_id.eq(compte.0))
            .filter(alerte_envoi::sort.eq(WAITS))
            .filter(alerte_envoi::at.lt(until))
            .order(alerte_envoi::at)
            .select(alerte_envoi::annonce_id)
            .load(connection)
            .await?)
    })
}

/// What waited before `until` waits no more: it was `sent`, or given up.
pub fn end_wait(transaction: &mut Transaction, compte: CompteId, until: NaiveDateTime, sent: bool) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::update(
            alerte_envoi::table
                .filter(alerte_envoi::compte_id.eq(compte.0))
                .filter(alerte_envoi::sort.eq(WAITS))
                .filter(alerte_envoi::at.lt(until)),
        )
        .set(alerte_envoi::sort.eq(if sent { "recapitulatif" } else { "abandon" }))
        .execute(transaction.connection())
        .await?;
        Ok(())
    })
}

/// The word by which an account stops its alerts from an email, when one was made.
pub fn word(connection: &mut Connection, compte: CompteId) -> Pending<'_, Option<String>> {
    Box::pin(async move {
        Ok(desabonnement::table.find(compte.0).select(desabonnement::jeton).first(connection).await.optional()?)
    })
}

/// The subscriptions of these accounts, or of everybody; those that can't be alerted (not validated, archived, no
/// box ticked) have none.
pub fn subscriptions<'a>(
    connection: &'a mut Connection,
    only: Option<&'a [CompteId]>,
) -> Pending<'a, HashMap<CompteId, Abonnement>> {
    Box::pin(async move {
        let ids: Vec<i64> = only.unwrap_or_default().iter().map(|id| id.0).collect();
        let everybody = only.is_none();
        let mut query = alerte::table
            .inner_join(intervenant::table.on(alerte::compte_id.eq(intervenant::compte_id)))
            .inner_join(compte::table.on(alerte::compte_id.eq(compte::id)))
            .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .select((alerte::compte_id, alerte::specialites, alerte::regions, alerte::les_deux))
            .into_boxed::<Both>();
        if !everybody {
            query = query.filter(alerte::compte_id.eq_any(&ids));
        }
        let rules: Vec<(i64, bool, bool, bool)> = query.load(connection).await?;
        let mut query = intervenant_specialite::table
            .inner_join(specialite::table.on(intervenant_specialite::specialite_code.eq(specialite::code)))
            .select((intervenant_specialite::compte_id, specialite::code, specialite::parent_code))
            .into_boxed::<Both>();
        if !everybody {
            query = query.filter(intervenant_specialite::compte_id.eq_any(&ids));
        }
        let specialites: Vec<(i64, String, Option<String>)> = query.load(connection).await?;
        let mut query = intervenant_region::table
            .select((intervenant_region::compte_id, intervenant_region::region_code))
            .into_boxed::<Both>();
        if !everybody {
            query = query.filter(intervenant_region::compte_id.eq_any(&ids));
        }
        let regions: Vec<(i64, String)> = query.load(connection).await?;
        let mut found = HashMap::with_capacity(rules.len());
        for (id, by_specialite, by_region, both) in rules {
            let regle = into_regle(Some((by_specialite, by_region, both)))?;
            if regle != Regle::Aucune {
                found.insert(CompteId(id), Abonnement { regle, ..Abonnement::default() });
            }
        }
        for (id, code, parent) in specialites {
            if let Some(abonnement) = found.get_mut(&CompteId(id)) {
                if parent.is_some() {
                    abonnement.sous_specialites.insert(code)
                } else {
                    abonnement.specialites.insert(code)
                };
            }
        }
        for (id, code) in regions {
            if let Some(abonnement) = found.get_mut(&CompteId(id)) {
                abonnement.regions.insert(code);
            }
        }
        Ok(found)
    })
}

/// The word by which each of these accounts stops its alerts from an email; `fresh` makes the missing ones.
async fn words(
    transaction: &mut Transaction,
    ids: &[i64],
    fresh: &(dyn Fn() -> String + Send + Sync),
) -> Result<HashMap<i64, String>> {
    let mut known: HashMap<i64, String> = desabonnement::table
        .filter(desabonnement::compte_id.eq_any(ids))
        .load::<(i64, String)>(transaction.connection())
        .await?
        .into_iter()
        .collect();
    let missing: Vec<(i64, String)> =
        ids.iter().filter(|id| !known.contains_key(id)).map(|id| (*id, fresh())).collect();
    let rows: Vec<_> = missing
        .iter()
        .map(|(id, word)| (desabonnement::compte_id.eq(*id), desabonnement::jeton.eq(word.clone())))
        .collect();
    insert_all!(transaction.connection(), desabonnement::table, rows);
    known.extend(missing);
    Ok(known)
}

pub fn by_word<'a>(connection: &'a mut Connection, word: &'a str) -> Pending<'a, Option<CompteId>> {
    Box::pin(async move {
        let id: Option<i64> = desabonnement::table
            .filter(desabonnement::jeton.eq(word))
            .select(desabonnement::compte_id)
            .first(connection)
            .await
            .optional()?;
        Ok(id.map(CompteId))
    })
}

/// Somebody who is alerted to an annonce for the first time.
#[derive(Clone, Debug)]
pub struct Destinataire {
    pub compte: CompteId,
    pub login: String,
    pub prenom: String,
    /// The word by which they stop their alerts.
    pub mot: String,
    /// They are told by a digest, later.
    pub waits: bool,
}

/// Writes down that an annonce alerts these accounts; returns those whose account is open and who were not alerted to
/// it yet.
///
/// `fresh` makes the word by which somebody stops their alerts from the email, where they have none yet.
pub fn alert<'a>(
    transaction: &'a mut Transaction,
    annonce: i64,
    comptes: &'a [CompteId],
    fresh: &'a (dyn Fn() -> String + Send + Sync),
) -> Pending<'a, Vec<Destinataire>> {
    Box::pin(async move {
        let now = transaction.now;
        let ids: Vec<i64> = comptes.iter().map(|id| id.0).collect();
        let already: Vec<i64> = alerte_envoi::table
            .filter(alerte_envoi::annonce_id.eq(annonce))
            .filter(alerte_envoi::compte_id.eq_any(&ids))
            .select(alerte_envoi::compte_id)
            .load(transaction.connection())
            .await?;
        let mut people: Vec<(i64, String, String)> = compte::table
            .filter(compte::id.eq_any(&ids))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .order(compte::id)
            .select((compte::id, compte::login, compte::prenom))
            .load(transaction.connection())
            .await?;
        people.retain(|(id, ..)| !already.contains(id));
        let ids: Vec<i64> = people.iter().map(|(id, ..)| *id).collect();
        let mut words = words(transaction, &ids, fresh).await?;
        let later: Vec<i64> = alerte::table
            .filter(alerte::compte_id.eq_any(&ids))
            .filter(alerte::frequence.ne(Frequence::Instantanee.as_str()))
            .select(alerte::compte_id)
            .load(transaction.connection())
            .await?;
        let rows: Vec<_> = ids
            .iter()
            .map(|id| {
                (
                    alerte_envoi::annonce_id.eq(annonce),
                    alerte_envoi::compte_id.eq(*id),
                    alerte_envoi::at.eq(now),
                    alerte_envoi::sort.eq(if later.contains(id) { WAITS } else { "courriel" }),
                )
            })
            .collect();
        insert_all!(transaction.connection(), alerte_envoi::table, rows);
        let told = people.into_iter().map(|(id, login, prenom)| Destinataire {
            compte: CompteId(id),
            login,
            prenom,
            mot: words.remove(&id).unwrap_or_default(),
            waits: later.contains(&id),
        });
        Ok(told.collect())
    })
}

pub fn count_sent(connection: &mut Connection, annonce: i64) -> Pending<'_, i64> {
    Box::pin(async move {
        Ok(alerte_envoi::table.filter(alerte_envoi::annonce_id.eq(annonce)).count().get_result(connection).await?)
    })
}
