//! Alerts: the tick boxes of §8 and the fan-out of a published annonce, one row per annonce and account, ever.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::CompteId;
use domain::alertes::{Abonnement, Regle};
use domain::compte::{EtatCompte, EtatInscription};
use domain::courriel::Courriel;
use domain::journal::Fact;

use crate::connection::{Connection, Transaction, on};
use crate::schema::{
    alerte, alerte_envoi, compte, intervenant, intervenant_region, intervenant_specialite, notification, specialite,
};
use crate::{Error, Result, courriels};

/// Accounts named in one row of the journal.
const COMPTES_PER_FACT: usize = 1_000;

/// The rule of an account.
pub async fn regle(connection: &mut Connection, compte: CompteId) -> Result<Regle> {
    let boxes: Option<(bool, bool, bool)> = on!(connection, c => alerte::table.find(compte.0)
        .select((alerte::specialites, alerte::regions, alerte::les_deux)).first(c).await.optional())?;
    into_regle(boxes)
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
pub async fn set(transaction: &mut Transaction, compte: CompteId, regle: Regle) -> Result<()> {
    let (specialites, regions, les_deux) = regle.boxes();
    let values = (alerte::specialites.eq(specialites), alerte::regions.eq(regions), alerte::les_deux.eq(les_deux));
    on!(transaction.connection(), c => diesel::insert_into(alerte::table)
        .values((alerte::compte_id.eq(compte.0), values))
        .on_conflict(alerte::compte_id).do_update().set(values)
        .execute(c).await)?;
    transaction.record(Fact::AlerteModifiee { compte });
    Ok(())
}

/// The subscriptions of these accounts, or of everybody; those that can't be alerted (not validated, archived, no
/// box ticked) have none.
pub async fn subscriptions(
    connection: &mut Connection,
    only: Option<&[CompteId]>,
) -> Result<HashMap<CompteId, Abonnement>> {
    let ids: Vec<i64> = only.unwrap_or_default().iter().map(|id| id.0).collect();
    let everybody = only.is_none();
    let rules: Vec<(i64, bool, bool, bool)> = on!(connection, c => {
        let mut query = alerte::table
            .inner_join(intervenant::table.on(alerte::compte_id.eq(intervenant::compte_id)))
            .inner_join(compte::table.on(alerte::compte_id.eq(compte::id)))
            .filter(intervenant::etat_inscription.eq(EtatInscription::Validee.as_str()))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .select((alerte::compte_id, alerte::specialites, alerte::regions, alerte::les_deux))
            .into_boxed();
        if !everybody {
            query = query.filter(alerte::compte_id.eq_any(&ids));
        }
        query.load(c).await
    })?;
    let specialites: Vec<(i64, String, Option<String>)> = on!(connection, c => {
        let mut query = intervenant_specialite::table
            .inner_join(specialite::table.on(intervenant_specialite::specialite_code.eq(specialite::code)))
            .select((intervenant_specialite::compte_id, specialite::code, specialite::parent_code))
            .into_boxed();
        if !everybody {
            query = query.filter(intervenant_specialite::compte_id.eq_any(&ids));
        }
        query.load(c).await
    })?;
    let regions: Vec<(i64, String)> = on!(connection, c => {
        let mut query = intervenant_region::table
            .select((intervenant_region::compte_id, intervenant_region::region_code)).into_boxed();
        if !everybody {
            query = query.filter(intervenant_region::compte_id.eq_any(&ids));
        }
        query.load(c).await
    })?;
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
}

/// What an alert about an annonce says.
#[derive(Clone, Debug)]
pub struct Annonce {
    /// Its id.
    pub id: i64,
    /// Its number.
    pub numero: String,
    /// Its title.
    pub titre: String,
    /// Its structure's name.
    pub structure: String,
    /// Its spécialité in words.
    pub specialite: String,
    /// Its régions in words.
    pub regions: String,
    /// Its period in words.
    pub periode: String,
}

/// Writes the alerts of an annonce: email and notification for each account that has not had it yet. Answers those.
///
/// Runs in the transaction that moves the followers' cursor, so that it happens once whoever does it.
pub async fn fan_out(transaction: &mut Transaction, annonce: &Annonce, comptes: &[CompteId]) -> Result<Vec<CompteId>> {
    let now = transaction.now;
    let path = format!("/annonces/{}", annonce.numero);
    let mut told = Vec::with_capacity(comptes.len());
    for batch in comptes.chunks(COMPTES_PER_FACT) {
        let ids: Vec<i64> = batch.iter().map(|id| id.0).collect();
        let already: Vec<i64> = on!(transaction.connection(), c => alerte_envoi::table
            .filter(alerte_envoi::annonce_id.eq(annonce.id)).filter(alerte_envoi::compte_id.eq_any(&ids))
            .select(alerte_envoi::compte_id).load(c).await)?;
        let mut people: Vec<(i64, String, String)> = on!(transaction.connection(), c => compte::table
            .filter(compte::id.eq_any(&ids)).filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .order(compte::id).select((compte::id, compte::login, compte::prenom)).load(c).await)?;
        people.retain(|(id, ..)| !already.contains(id));
        let sent: Vec<_> = people
            .iter()
            .map(|(id, ..)| {
                (alerte_envoi::annonce_id.eq(annonce.id), alerte_envoi::compte_id.eq(*id), alerte_envoi::at.eq(now))
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
                diesel::insert_into(alerte_envoi::table).values(sent).execute(&mut **object).await?;
                diesel::insert_into(notification::table).values(notices).execute(&mut **object).await?;
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
}

/// How many alerts of an annonce were sent.
pub async fn count_sent(connection: &mut Connection, annonce: i64) -> Result<i64> {
    Ok(
        on!(connection, c => alerte_envoi::table.filter(alerte_envoi::annonce_id.eq(annonce)).count().get_result(c).await)?,
    )
}
