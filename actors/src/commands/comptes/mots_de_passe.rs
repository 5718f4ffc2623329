//! Passwords: forgotten, set by a link, changed (SPEC K2, K3, K5). They are hashed before: a transaction waits for no
//! hash.

use std::convert::Infallible;

use domain::compte::EtatCompte;
use domain::courriel::Courriel;
use domain::email::Email;
use domain::{CompteId, paths};
use store::tokens::Emploi;
use store::tries::Cle;
use store::{Refused, Transaction};

use super::Expired;
use crate::commands::{LinkSecret, Nobody, command};

/// How long the link of a forgotten password works (decided, SPEC K2).
const FORGOTTEN_LIFETIME: chrono::Duration = chrono::Duration::hours(24);

/// Send a link that sets a new password to the account of that login, if it can be used (K2). Whoever asks is told the
/// same when there is none.
#[derive(Clone, Debug)]
pub struct ForgottenPassword {
    /// What was typed.
    pub login: Email,
    pub secret: LinkSecret,
}

command!(ForgottenPassword: (), Infallible, Nobody);

impl ForgottenPassword {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<Infallible>> {
        let found = store::comptes::by_login(transaction.connection(), &self.login).await?;
        let Some(compte) = found.filter(|compte| compte.etat == EtatCompte::Actif) else { return Ok(()) };
        let expire_at = transaction.now + FORGOTTEN_LIFETIME;
        self.secret.keep(transaction, Emploi::MotDePasse, (compte.id, &compte.login), expire_at).await?;
        let content = Courriel::NouveauMotDePasse {
            prenom: compte.prenom,
            chemin: paths::mot_de_passe(&self.secret.token),
            duree: "24 heures".to_owned(),
        };
        let key = self.secret.mail_key("mot-de-passe");
        Ok(store::courriels::put(transaction, Some(compte.id), &compte.login, &key, &content).await?)
    }
}

/// Set the password of the account of a link, which is used up (K2, K5). Its sessions and logins under way end.
#[derive(Clone, Debug)]
pub struct SetPassword {
    /// The digest of the link.
    pub link: String,
    pub emploi: Emploi,
    pub hash: String,
}

command!(SetPassword: (), Expired, Nobody);

impl SetPassword {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<Expired>> {
        let found = store::tokens::take(transaction, &self.link, self.emploi).await?;
        let compte = CompteId(found.ok_or(Refused::Because(Expired))?.compte_id);
        let account = store::comptes::hold(transaction, compte).await?;
        if account.is_none_or(|account| account.etat != EtatCompte::Actif) {
            return Err(Refused::Because(Expired));
        }
        transaction.actor = Some(compte);
        store::comptes::set_password(transaction, compte, &self.hash).await?;
        store::login_steps::end_all(transaction, compte).await?;
        store::sessions::close_others(transaction, compte, None).await?;
        Ok(())
    }
}

/// Change one's own password (K3). The other sessions end.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// The hash of the current one, which was typed too.
    pub current: String,
    pub hash: String,
    pub session: i64,
    pub keys: Vec<Cle>,
}

/// Another password was set since the current one was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotCurrent;

command!(ChangePassword: (), NotCurrent);

impl ChangePassword {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotCurrent>> {
        let account = store::comptes::hold(transaction, by).await?;
        if account.and_then(|account| account.mot_de_passe).as_ref() != Some(&self.current) {
            return Err(Refused::Because(NotCurrent));
        }
        store::tries::succeeded(transaction, &self.keys).await?;
        store::comptes::set_password(transaction, by, &self.hash).await?;
        store::sessions::close_others(transaction, by, Some(self.session)).await?;
        Ok(())
    }
}

/// Keep a better hash of the password that somebody has just logged in with, unless they have another one since.
#[derive(Clone, Debug)]
pub struct RenewHash {
    pub compte: CompteId,
    pub before: String,
    pub after: String,
}

command!(RenewHash: (), Infallible, Nobody);

impl RenewHash {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<Infallible>> {
        Ok(store::comptes::rehash(transaction, self.compte, &self.before, &self.after).await?)
    }
}
