//! An archived account that is brought back because its owner asked the support for it (X4).

use domain::connexion::BIENVENUE_DAYS;
use domain::courriel::Courriel;
use domain::inscription::last_day;
use domain::support::TypeDemande;
use domain::time::days_after;
use domain::{CompteId, paths};
use store::tokens::Emploi;
use store::{Refused, Transaction};

use super::{NotHandled, of_archived};
use crate::commands::{LinkSecret, command};

/// Bring back the archived account that a request is about: its owner gets a link to set a password.
#[derive(Clone, Debug)]
pub struct ReopenCompte {
    pub demande: i64,
    pub compte: CompteId,
    pub secret: LinkSecret,
}

command!(ReopenCompte: (), NotHandled);

impl ReopenCompte {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotHandled>> {
        of_archived(transaction, by, TypeDemande::Reactivation, (self.demande, self.compte)).await?;
        let account = store::comptes::by_id(transaction.connection(), self.compte).await?;
        let account = account.ok_or(Refused::Because(NotHandled::NotArchived))?;
        if !store::comptes::reopen(transaction, account.id).await? {
            return Err(Refused::Because(NotHandled::NotArchived));
        }
        store::inscriptions::reopen(transaction, account.id).await?;
        let expire_at = days_after(transaction.now, BIENVENUE_DAYS);
        self.secret.keep(transaction, Emploi::MotDePasse, (account.id, &account.login), expire_at).await?;
        let content = Courriel::CompteReactive {
            prenom: account.prenom,
            chemin: paths::mot_de_passe(&self.secret.token),
            jusqu_au: last_day(expire_at),
        };
        let key = self.secret.mail_key("reactivation");
        Ok(store::courriels::put(transaction, Some(account.id), &account.login, &key, &content).await?)
    }
}
