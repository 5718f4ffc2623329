//! What the person does with their registration: send it, and present it again (SPEC I14, I15).

use chrono::NaiveDate;
use domain::courriel::Courriel;
use domain::inscription::{Evenement, Refusal, Volet, presentable_from};
use domain::profil::Ecart;
use domain::time::paris_day;
use domain::{CompteId, dates, identite};
use store::inscriptions::{self, Inscription};
use store::profils::{self, INFORMATIONS, PARCOURS};
use store::{Pending, Refused, Transaction};

use super::command;
use crate::commands::profil;

/// Why a registration is not sent, or not presented again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InscriptionNotSent {
    #[error("Ce compte n’a pas d’inscription.")]
    NotHere,
    #[error("Votre inscription n’est pas complète.")]
    Missing { informations: Vec<Ecart>, parcours: Vec<Ecart> },
    #[error("Un autre compte existe avec cette civilité, ce nom, ce prénom et cette date de naissance.")]
    SamePerson,
    #[error("Votre inscription pourra être présentée à nouveau le {}, pas avant.", dates::jour(*.0))]
    TooEarly(NaiveDate),
    #[error(transparent)]
    State(#[from] Refusal),
}

/// Send one's registration to its structure, with what is typed in its pages (manual §3.1.3).
#[derive(Clone, Copy, Debug)]
pub struct TransmitInscription;

command!(TransmitInscription: (), InscriptionNotSent);

impl TransmitInscription {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<InscriptionNotSent>> {
        let opened = profil::open(transaction, by, Volet::Parcours).await;
        let inscription = opened.map_err(|no| no.map(InscriptionNotSent::State))?;
        inscription.etat.next(Evenement::Transmettre).map_err(Refused::rule)?;
        let today = paris_day(transaction.now);
        let pages = inscriptions::pages(transaction.connection(), &inscription, today).await?;
        let (informations, parcours) = (pages.manques_informations, pages.manques_parcours);
        if !informations.is_empty() || !parcours.is_empty() {
            return Err(Refused::Because(InscriptionNotSent::Missing { informations, parcours }));
        }
        if profils::saisie(transaction.connection(), by, INFORMATIONS).await?.is_some() {
            let page = &pages.informations;
            if let (Some(civilite), Some(born)) = (page.civilite, page.date_naissance) {
                let key = identite::key(civilite.as_str(), &page.nom, &page.prenom, born);
                let same = store::comptes::by_identity(transaction.connection(), &key).await?;
                if same.is_some_and(|same| same.id != by) {
                    return Err(Refused::Because(InscriptionNotSent::SamePerson));
                }
            }
            profils::save_identification(transaction, by, page).await?;
            profils::forget_saisie(transaction, by, INFORMATIONS).await?;
        }
        if profils::saisie(transaction.connection(), by, PARCOURS).await?.is_some() {
            profils::save_parcours(transaction, by, &pages.parcours).await?;
            store::alertes::set(transaction, by, pages.regle).await?;
            profils::forget_saisie(transaction, by, PARCOURS).await?;
        }
        transmit(transaction, by).await
    }
}

/// Sends a registration as it is saved: locked from now on, in the structure's queue.
pub fn transmit(transaction: &mut Transaction, compte: CompteId) -> Pending<'_, (), Refused<InscriptionNotSent>> {
    Box::pin(async move {
        let (found, account) = own(transaction, compte).await?;
        let next = Inscription {
            etat: found.etat.next(Evenement::Transmettre).map_err(Refused::rule)?,
            transmise_at: Some(transaction.now),
            complement_avant: None,
            gestionnaire: None,
            ..found.clone()
        };
        if !inscriptions::step(transaction, &found, &next).await? {
            return Err(Refused::rule(Refusal::Locked));
        }
        let evenement = Evenement::Transmettre;
        super::record(transaction, compte, evenement, &[found.structure]).await?;
        inscriptions::note(transaction, compte, evenement, ("", ""), found.structure, None).await?;
        let key = format!("inscription-{compte}-{}", found.version + 1);
        let content = |prenom, structure| Courriel::InscriptionTransmise { prenom, structure };
        Ok(super::mail(transaction, &account, found.structure, &key, content).await?)
    })
}

async fn own(
    transaction: &mut Transaction,
    compte: CompteId,
) -> Result<(Inscription, store::comptes::Compte), Refused<InscriptionNotSent>> {
    let found = inscriptions::of(transaction.connection(), compte).await?;
    let account = store::comptes::by_id(transaction.connection(), compte).await?;
    found.zip(account).ok_or(Refused::Because(InscriptionNotSent::NotHere))
}

/// Open again one's registration that was refused, a year after its first decision (I15).
#[derive(Clone, Copy, Debug)]
pub struct PresentInscriptionAgain;

command!(PresentInscriptionAgain: (), InscriptionNotSent);

impl PresentInscriptionAgain {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<InscriptionNotSent>> {
        let (found, _) = own(transaction, by).await?;
        let etat = found.etat.next(Evenement::Representer).map_err(Refused::rule)?;
        let first = found.premiere_decision_at.ok_or(Refused::rule(Refusal::Rejected))?;
        let day = presentable_from(first);
        if paris_day(transaction.now) < day {
            return Err(Refused::Because(InscriptionNotSent::TooEarly(day)));
        }
        // The next decision counts as the first one again.
        let next = Inscription { etat, premiere_decision_at: None, gestionnaire: None, ..found.clone() };
        if !inscriptions::step(transaction, &found, &next).await? {
            return Err(Refused::rule(Refusal::Rejected));
        }
        let evenement = Evenement::Representer;
        super::record(transaction, by, evenement, &[found.structure]).await?;
        Ok(inscriptions::note(transaction, by, evenement, ("", ""), found.structure, None).await?)
    }
}
