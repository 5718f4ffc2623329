//! The subscription to alerts, and what they say (SPEC L1 to L4).

use std::convert::Infallible;

use chrono::NaiveDateTime;
use domain::alertes::{Frequence, Regle};
use domain::annonce::EtatAnnonce;
use domain::compte::EtatCompte;
use domain::courriel::{AnnonceBreve, Courriel};
use domain::journal::Fact;
use domain::{CompteId, paths};
use store::{Pending, Refused, Transaction, courriels};

use super::{Nobody, command};

/// Change one's own alert subscription (manual §8).
#[derive(Clone, Copy, Debug)]
pub struct SetAlert {
    pub regle: Regle,
    pub frequence: Frequence,
}

command!(SetAlert: (), Infallible);

impl SetAlert {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<Infallible>> {
        store::alertes::set(transaction, by, self.regle).await?;
        Ok(store::alertes::set_frequence(transaction, by, self.frequence).await?)
    }
}

/// Stop the alerts of whoever holds this word, from a link of their mails (L3).
#[derive(Clone, Debug)]
pub struct StopAlerts(pub String);

/// The word is nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownWord;

command!(StopAlerts: (), UnknownWord, Nobody);

impl StopAlerts {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<UnknownWord>> {
        let compte = store::alertes::by_word(transaction.connection(), &self.0).await?;
        let compte = compte.ok_or(Refused::Because(UnknownWord))?;
        transaction.actor = Some(compte);
        Ok(store::alertes::stop(transaction, compte).await?)
    }
}

/// Accounts named in one row of the journal.
const COMPTES_PER_FACT: usize = 1_000;

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

/// Writes the alerts of an annonce: email and notification for each account that has not had it yet. Returns those.
///
/// `fresh` makes the word by which somebody stops their alerts from the email, where they have none yet.
///
/// Runs in the transaction that moves the followers' cursor, so that it happens once whoever does it.
pub fn announce<'a>(
    transaction: &'a mut Transaction,
    annonce: &'a Annonce,
    comptes: &'a [CompteId],
    fresh: &'a (dyn Fn() -> String + Send + Sync),
) -> Pending<'a, Vec<CompteId>> {
    Box::pin(async move {
        let chemin = paths::annonce(&annonce.numero);
        let titre = format!("Nouvelle annonce : {}", annonce.titre);
        let texte = format!("{} · {}", annonce.structure, annonce.specialite);
        let mut told = Vec::with_capacity(comptes.len());
        for batch in comptes.chunks(COMPTES_PER_FACT) {
            let people = store::alertes::alert(transaction, annonce.id, batch, fresh).await?;
            if people.is_empty() {
                continue;
            }
            let ids: Vec<CompteId> = people.iter().map(|one| one.compte).collect();
            store::notifications::insert(transaction, &ids, "annonce", (&titre, &texte, &chemin)).await?;
            let mails = people.into_iter().filter(|one| !one.waits).map(|one| {
                let content = Courriel::Annonce {
                    prenom: one.prenom,
                    numero: annonce.numero.clone(),
                    titre: annonce.titre.clone(),
                    structure: annonce.structure.clone(),
                    specialite: annonce.specialite.clone(),
                    regions: annonce.regions.clone(),
                    periode: annonce.periode.clone(),
                    chemin: chemin.clone(),
                    desabonnement: paths::desabonnement(&one.mot),
                };
                (one.compte, one.login, format!("annonce-{}-{}", annonce.id, one.compte), content)
            });
            courriels::put_many(transaction, mails.collect()).await?;
            transaction.record(Fact::AlertesEnvoyees { annonce: annonce.id, comptes: ids.clone() });
            told.extend(ids);
        }
        Ok(told)
    })
}

/// Sends the digests that are due to at most `limit` accounts; returns how many were handled. An annonce that was
/// closed meanwhile is left out, a digest without any is not sent, and who stopped their alerts gets none.
pub(crate) fn send_digests(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let mut handled = 0;
        for &frequence in Frequence::ALL {
            let last = frequence.last_digest(transaction.now);
            let due = store::alertes::digests_due(transaction.connection(), frequence, last, limit).await?;
            handled += due.len();
            for compte in due {
                let sent = send_digest(transaction, compte, frequence, last).await?;
                store::alertes::end_wait(transaction, compte, last, sent).await?;
            }
        }
        Ok(handled)
    })
}

/// Sends one digest; returns whether there was something to say, to somebody who wants it.
async fn send_digest(
    transaction: &mut Transaction,
    compte: CompteId,
    frequence: Frequence,
    until: NaiveDateTime,
) -> store::Result<bool> {
    let connection = transaction.connection();
    let waiting = store::alertes::waiting(connection, compte, until).await?;
    let annonces: Vec<AnnonceBreve> = store::annonces::by_ids(connection, &waiting)
        .await?
        .into_iter()
        .filter(|annonce| annonce.etat == EtatAnnonce::Publiee)
        .filter_map(|annonce| {
            let numero = annonce.numero?.to_string();
            Some(AnnonceBreve { numero, titre: annonce.contenu.titre, structure: annonce.structure_nom })
        })
        .collect();
    let person = store::comptes::by_id(connection, compte).await?.filter(|person| person.etat == EtatCompte::Actif);
    let wanted = store::alertes::regle(connection, compte).await? != Regle::Aucune
        || store::recherches_annonces::has_any(connection, compte).await?;
    let Some(person) = person.filter(|_| wanted && !annonces.is_empty()) else { return Ok(false) };
    let word = store::alertes::word(connection, compte).await?;
    let desabonnement = word.as_deref().map(paths::desabonnement).unwrap_or_default();
    let key = format!("recapitulatif-{compte}-{}", until.and_utc().timestamp());
    let content = Courriel::Recapitulatif { prenom: person.prenom, frequence, annonces, desabonnement };
    courriels::put(transaction, Some(compte), person.login.as_str(), &key, &content).await?;
    Ok(true)
}
