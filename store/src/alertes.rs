//! Alerts: the tick boxes of §8 and the fan-out of a published annonce, one row per annonce and account, ever.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::CompteId;
use domain::alertes::{Abonnement, Frequence, Regle};
use domain::annonce::EtatAnnonce;
use domain::compte::{EtatCompte, EtatInscription};
use domain::courriel::{AnnonceBreve, Courriel};
use domain::journal::Fact;

use crate::dialect::Both;
use crate::query::RunQueryDsl;
use crate::schema::{
    alerte, alerte_envoi, compte, desabonnement, intervenant, intervenant_region, intervenant_specialite, notification,
    specialite,
};
use crate::{Connection, Error, Pending, Result, Transaction, annonces, courriels, recherches_annonces};

/// Accounts named in one row of the journal.
const COMPTES_PER_FACT: usize = 1_000;
/// What stands for an alert that waits for a digest.
const WAITS: &str = "attente";

/// The rule of an account.
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
        let word: Option<String> =
            alerte::table.find(compte.0).select(alerte::frequence).first(connection).await.optional()?;
        word.map_or(Ok(Frequence::Instantanee), into_frequence)
    })
}

fn into_frequence(word: String) -> Result<Frequence> {
    Frequence::from_word(&word).ok_or(Error::Unknown { table: "alerte", column: "frequence", value: word })
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

/// Sends the digests that are due to at most `limit` accounts; answers how many were handled. An annonce that was closed
/// meanwhile is left out, a digest without any is not sent, and who stopped their alerts gets none.
pub fn send_digests(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let mut handled = 0;
        for &frequence in Frequence::ALL {
            let last = frequence.last_digest(now);
            let due: Vec<i64> = alerte_envoi::table
                .inner_join(alerte::table.on(alerte::compte_id.eq(alerte_envoi::compte_id)))
                .filter(alerte_envoi::sort.eq(WAITS))
                .filter(alerte_envoi::at.lt(last))
                .filter(alerte::frequence.eq(frequence.as_str()))
                .order(alerte_envoi::compte_id)
                .limit(limit)
                .select(alerte_envoi::compte_id)
                .distinct()
                .load(transaction.connection())
                .await?;
            for id in due {
                send_digest(transaction, CompteId(id), frequence, last).await?;
                handled += 1;
            }
        }
        Ok(handled)
    })
}

async fn send_digest(
    transaction: &mut Transaction,
    compte: CompteId,
    frequence: Frequence,
    until: NaiveDateTime,
) -> Result<()> {
    let waiting: Vec<i64> = alerte_envoi::table
        .filter(alerte_envoi::compte_id.eq(compte.0))
        .filter(alerte_envoi::sort.eq(WAITS))
        .filter(alerte_envoi::at.lt(until))
        .order(alerte_envoi::at)
        .select(alerte_envoi::annonce_id)
        .load(transaction.connection())
        .await?;
    let open: Vec<AnnonceBreve> = annonces::by_ids(transaction.connection(), &waiting)
        .await?
        .into_iter()
        .filter(|annonce| annonce.etat == EtatAnnonce::Publiee)
        .filter_map(|annonce| {
            let numero = annonce.numero?.to_string();
            Some(AnnonceBreve { numero, titre: annonce.contenu.titre, structure: annonce.structure_nom })
        })
        .collect();
    let person: Option<(String, String)> = compte::table
        .find(compte.0)
        .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
        .select((compte::login, compte::prenom))
        .first(transaction.connection())
        .await
        .optional()?;
    let wanted = regle(transaction.connection(), compte).await? != Regle::Aucune
        || recherches_annonces::has_any(transaction.connection(), compte).await?;
    let sent = match person.filter(|_| wanted && !open.is_empty()) {
        Some((login, prenom)) => {
            let word: Option<String> = desabonnement::table
                .find(compte.0)
                .select(desabonnement::jeton)
                .first(transaction.connection())
                .await
                .optional()?;
            let desabonnement = word.map(|word| format!("{UNSUBSCRIBE}/{word}")).unwrap_or_default();
            let key = format!("recapitulatif-{compte}-{}", until.and_utc().timestamp());
            let content = Courriel::Recapitulatif { prenom, frequence, annonces: open, desabonnement };
            courriels::put(transaction, Some(compte), &login, &key, &content).await?;
            "recapitulatif"
        }
        None => "abandon",
    };
    diesel::update(
        alerte_envoi::table
            .filter(alerte_envoi::compte_id.eq(compte.0))
            .filter(alerte_envoi::sort.eq(WAITS))
            .filter(alerte_envoi::at.lt(until)),
    )
    .set(alerte_envoi::sort.eq(sent))
    .execute(transaction.connection())
    .await?;
    Ok(())
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

/// What an alert about an annonce says.
#[derive(Clone, Debug)]
pub struct Annonce {
    pub id: i64,
    pub numero: String,
    pub titre: String,
    pub structure: String,
    pub specialite: String,
    pub regions: String,
    pub periode: String,
}

/// Where the word of an email that stops the alerts leads.
pub const UNSUBSCRIBE: &str = "/alertes/desabonnement";

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
    match transaction.connection() {
        Connection::Sqlite(object) => {
            object
                .spawn_blocking(move |c| {
                    for row in rows {
                        diesel::RunQueryDsl::execute(diesel::insert_into(desabonnement::table).values(row), c)?;
                    }
                    Ok(())
                })
                .await?;
        }
        Connection::Postgres(object) => {
            diesel_async::RunQueryDsl::execute(diesel::insert_into(desabonnement::table).values(rows), &mut **object)
                .await?;
        }
    }
    known.extend(missing);
    Ok(known)
}

/// Whose alerts the word of an email stops.
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

/// Writes the alerts of an annonce: email and notification for each account that has not had it yet. Answers those.
///
/// `fresh` makes the word by which somebody stops their alerts from the email, where they have none yet.
///
/// Runs in the transaction that moves the followers' cursor, so that it happens once whoever does it.
pub fn fan_out<'a>(
    transaction: &'a mut Transaction,
    annonce: &'a Annonce,
    comptes: &'a [CompteId],
    fresh: &'a (dyn Fn() -> String + Send + Sync),
) -> Pending<'a, Vec<CompteId>> {
    Box::pin(async move {
        let now = transaction.now;
        let path = format!("/annonces/{}", annonce.numero);
        let mut told = Vec::with_capacity(comptes.len());
        for batch in comptes.chunks(COMPTES_PER_FACT) {
            let ids: Vec<i64> = batch.iter().map(|id| id.0).collect();
            let already: Vec<i64> = alerte_envoi::table
                .filter(alerte_envoi::annonce_id.eq(annonce.id))
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
            let told_ids: Vec<i64> = people.iter().map(|(id, ..)| *id).collect();
            let words = words(transaction, &told_ids, fresh).await?;
            let later: Vec<i64> = alerte::table
                .filter(alerte::compte_id.eq_any(&told_ids))
                .filter(alerte::frequence.ne(Frequence::Instantanee.as_str()))
                .select(alerte::compte_id)
                .load(transaction.connection())
                .await?;
            let sent: Vec<_> = people
                .iter()
                .map(|(id, ..)| {
                    let sort = if later.contains(id) { WAITS } else { "courriel" };
                    (
                        alerte_envoi::annonce_id.eq(annonce.id),
                        alerte_envoi::compte_id.eq(*id),
                        alerte_envoi::at.eq(now),
                        alerte_envoi::sort.eq(sort),
                    )
                })
                .collect();
            let notices: Vec<_> = people
                .iter()
                .map(|(id, ..)| {
                    (
                        notification::compte_id.eq(*id),
                        notification::categorie.eq("annonce"),
                        notification::titre.eq(format!("Nouvelle annonce : {}", annonce.titre)),
                        notification::texte.eq(format!("{} · {}", annonce.structure, annonce.specialite)),
                        notification::lien.eq(path.clone()),
                        notification::at.eq(now),
                    )
                })
                .collect();
            let mails = people
                .iter()
                .filter(|(id, ..)| !later.contains(id))
                .map(|(id, login, prenom)| {
                    let content = Courriel::Annonce {
                        prenom: prenom.clone(),
                        numero: annonce.numero.clone(),
                        titre: annonce.titre.clone(),
                        structure: annonce.structure.clone(),
                        specialite: annonce.specialite.clone(),
                        regions: annonce.regions.clone(),
                        periode: annonce.periode.clone(),
                        chemin: path.clone(),
                        desabonnement: words.get(id).map(|word| format!("{UNSUBSCRIBE}/{word}")).unwrap_or_default(),
                    };
                    (CompteId(*id), login.clone(), format!("annonce-{}-{id}", annonce.id), content)
                })
                .collect();
            match transaction.connection() {
                Connection::Sqlite(object) => {
                    object
                        .spawn_blocking(move |c| {
                            for row in sent {
                                diesel::RunQueryDsl::execute(diesel::insert_into(alerte_envoi::table).values(row), c)?;
                            }
                            for row in notices {
                                diesel::RunQueryDsl::execute(diesel::insert_into(notification::table).values(row), c)?;
                            }
                            Ok(())
                        })
                        .await?;
                }
                Connection::Postgres(object) => {
                    diesel_async::RunQueryDsl::execute(
                        diesel::insert_into(alerte_envoi::table).values(sent),
                        &mut **object,
                    )
                    .await?;
                    diesel_async::RunQueryDsl::execute(
                        diesel::insert_into(notification::table).values(notices),
                        &mut **object,
                    )
                    .await?;
                }
            }
            courriels::put_many(transaction, mails).await?;
            let batch: Vec<CompteId> = people.iter().map(|(id, ..)| CompteId(*id)).collect();
            if !batch.is_empty() {
                transaction.record(Fact::AlertesEnvoyees { annonce: annonce.id, comptes: batch.clone() });
            }
            told.extend(batch);
        }
        Ok(told)
    })
}

/// How many alerts of an annonce were sent.
pub fn count_sent(connection: &mut Connection, annonce: i64) -> Pending<'_, i64> {
    Box::pin(async move {
        Ok(alerte_envoi::table.filter(alerte_envoi::annonce_id.eq(annonce)).count().get_result(connection).await?)
    })
}
