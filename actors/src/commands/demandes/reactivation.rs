//! An archived account that is brought back because its owner asked the support for it (X4).

use domain::CompteId;
use domain::compte::Droit;
use domain::connexion::BIENVENUE_DAYS;
use domain::courriel::Courriel;
use domain::inscription::last_day;
use domain::support::TypeDemande;
use domain::time::days_after;
use store::jetons::{Emploi, Nouveau};
use store::{Refused, Transaction};

use super::Refus;
use crate::commands::command;

/// Bring back the archived account that a request is about: its owner gets a link to set a password.
#[derive(Clone, Debug)]
pub struct ReopenCompte {
    pub demande: i64,
    pub compte: CompteId,
    pub token: String,
    pub empreinte: String,
}

command!(ReopenCompte: (), Refus);

impl ReopenCompte {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<Refus>> {
        let structure = store::droits::habilite(transaction, by, Droit::Acces).await?;
        let structure = structure.ok_or(Refused::Because(Refus::Forbidden))?;
        let of = store::demandes::of_structure(transaction.connection(), self.demande, structure).await?;
        let of = of.ok_or(Refused::Because(Refus::Unknown))?;
        let known = store::demandes::archived(transaction.connection(), structure, &of).await?;
        let account = store::comptes::by_id(transaction.connection(), self.compte).await?;
        let account = account
            .filter(|_| of.sorte == TypeDemande::Reactivation && known.iter().any(|(id, _)| *id == self.compte))
            .ok_or(Refused::Because(Refus::NotArchived))?;
        if !store::comptes::reopen(transaction, account.id).await? {
            return Err(Refused::Because(Refus::NotArchived));
        }
        store::inscriptions::reopen(transaction, account.id).await?;
        let expire_at = days_after(transaction.now, BIENVENUE_DAYS);
        let nouveau = Nouveau {
            empreinte: self.empreinte.clone(),
            compte: account.id,
            emploi: Emploi::MotDePasse,
            adresse: account.login.clone(),
            mot_de_passe: None,
            expire_at,
        };
        store::jetons::create(transaction, &nouveau).await?;
        let content = Courriel::CompteReactive {
            prenom: account.prenom,
            chemin: format!("/mot-de-passe/{}", self.token),
            jusqu_au: last_day(expire_at),
        };
        let key = format!("reactivation-{:.32}", self.empreinte);
        Ok(store::courriels::put(transaction, Some(account.id), &account.login, &key, &content).await?)
    }
}
