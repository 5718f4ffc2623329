//! What time does to a request whose author is asked for something (S6).

use domain::courriel::Courriel;
use domain::inscription::last_day;
use domain::support::{EtatDemande, Evenement, RAPPEL_DAYS};
use domain::time::days_after;
use store::demandes::{self, De, Demande};
use store::{Pending, Transaction};

use super::{history, record, tell};
use crate::commands::contact;

/// Reminds at most `limit` people of what they were asked for, a week before their request is closed; who is reminded
/// late keeps a week. Returns how many.
pub fn remind(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let week = days_after(now, RAPPEL_DAYS);
        let due = |one: &Demande| {
            one.etat == EtatDemande::Complement
                && one.rappel_at.is_none()
                && one.echeance_at.is_some_and(|at| at <= week)
        };
        let mut reminded = 0;
        for id in demandes::waiting(transaction.connection(), false, week, limit).await? {
            let Some(found) = demandes::hold(transaction, id).await?.filter(due) else { continue };
            let echeance = found.echeance_at.unwrap_or(now).max(week);
            // Its page stays the same: the version too.
            let next = Demande { rappel_at: Some(now), echeance_at: Some(echeance), ..found };
            demandes::step(transaction, &next).await?;
            let content = Courriel::SupportRappel {
                prenom: next.prenom.clone(),
                reference: next.reference.clone(),
                objet: next.objet.clone(),
                structure: contact(transaction, Some(next.structure)).await?,
                chemin: history(&next, now),
                jusqu_au: last_day(echeance),
            };
            let key = format!("demande-rappel-{}-{}", next.id, next.version);
            store::courriels::put(transaction, next.compte, &next.courriel, &key, &content).await?;
            reminded += 1;
        }
        Ok(reminded)
    })
}

/// Closes at most `limit` requests whose author never gave what was asked for; returns how many.
pub fn close_silent(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let due = |one: &Demande| {
            one.etat == EtatDemande::Complement
                && one.rappel_at.is_some()
                && one.echeance_at.is_some_and(|at| at <= now)
        };
        let mut closed = 0;
        for id in demandes::waiting(transaction.connection(), true, now, limit).await? {
            let Some(found) = demandes::hold(transaction, id).await?.filter(due) else { continue };
            let next = Demande {
                etat: EtatDemande::Close,
                version: found.version + 1,
                echeance_at: None,
                close_at: Some(now),
                ..found
            };
            demandes::step(transaction, &next).await?;
            let said = "La demande est close : le complément demandé n’est pas venu dans les 30 jours.";
            let jeton = format!("echeance-{}", next.version);
            demandes::write(transaction, id, (De::Service, None), said, &jeton).await?;
            record(transaction, id, Evenement::Abandonner, &[next.structure]).await?;
            tell(transaction, &next).await?;
            closed += 1;
        }
        Ok(closed)
    })
}
