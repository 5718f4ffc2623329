//! The address one logs in with: changed by a link sent to the new one, or chosen at a first login with provisional
//! credentials (SPEC K4, K6).

use domain::courriel::Courriel;
use domain::email::{Email, masked};
use domain::{CompteId, paths};
use store::login_steps::Etape;
use store::tokens::{Emploi, Nouveau};
use store::{Refused, Transaction};

use super::Expired;
use crate::commands::liens::mail_key;
use crate::commands::{LinkSecret, Nobody, command};

/// Days that the link to a new address works.
const LIFETIME_DAYS: i64 = 7;

/// The link that confirms a new address of an account, and the mail that brings it there.
async fn confirm(
    transaction: &mut Transaction,
    (compte, prenom): (CompteId, String),
    (email, hash): (&Email, Option<&String>),
    secret: &LinkSecret,
) -> store::Result<Courriel> {
    let link = Nouveau {
        empreinte: secret.kept.clone(),
        compte,
        emploi: Emploi::Adresse,
        adresse: email.as_str().to_owned(),
        mot_de_passe: hash.cloned(),
        expire_at: transaction.now + chrono::Duration::days(LIFETIME_DAYS),
    };
    store::tokens::create(transaction, &link).await?;
    let chemin = paths::adresse(&secret.token);
    Ok(Courriel::AdresseAConfirmer { prenom, chemin, duree: format!("{LIFETIME_DAYS} jours") })
}

/// Ask for another login: a link goes to that address (K4). When it is somebody else's, they are told instead, and the
/// one who asks reads the same.
#[derive(Clone, Debug)]
pub struct AskAddress {
    pub email: Email,
    pub secret: LinkSecret,
}

/// It is their own login already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnAddress;

command!(AskAddress: (), OwnAddress);

impl AskAddress {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<OwnAddress>> {
        let Some(me) = store::comptes::by_id(transaction.connection(), by).await? else { return Ok(()) };
        if me.login == self.email.as_str() {
            return Err(Refused::Because(OwnAddress));
        }
        let link = confirm(transaction, (by, me.prenom), (&self.email, None), &self.secret).await?;
        let holder = store::comptes::by_login(transaction.connection(), &self.email).await?;
        let (to, content) = match holder {
            Some(holder) => {
                let chemin = paths::FORGOTTEN_PASSWORD.to_owned();
                (holder.id, Courriel::CompteExistant { prenom: holder.prenom, chemin })
            }
            None => (by, link),
        };
        let key = self.secret.mail_key("adresse");
        Ok(store::courriels::put(transaction, Some(to), self.email.as_str(), &key, &content).await?)
    }
}

/// Change the login of the account of a link, which is used up; the old address is told (K4). With the password that
/// was chosen with it, where provisional credentials are replaced (K6).
#[derive(Clone, Debug)]
pub struct ConfirmAddress {
    /// The digest of the link.
    pub link: String,
}

/// Why a login is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotConfirmed {
    /// The link, or the login under way, does not work any more.
    Expired,
    /// The address is another account's login.
    Taken,
}

impl From<Expired> for NotConfirmed {
    fn from(_: Expired) -> Self {
        Self::Expired
    }
}

async fn free(transaction: &mut Transaction, email: &Email, but: CompteId) -> Result<(), Refused<NotConfirmed>> {
    let holder = store::comptes::by_login(transaction.connection(), email).await?;
    if holder.is_some_and(|holder| holder.id != but) { Err(Refused::Because(NotConfirmed::Taken)) } else { Ok(()) }
}

/// Replaces provisional credentials: their sessions end with them.
async fn replace(transaction: &mut Transaction, compte: CompteId, hash: &str) -> store::Result<()> {
    store::comptes::set_password(transaction, compte, hash).await?;
    store::acces::end(transaction, compte).await?;
    store::sessions::close_others(transaction, compte, None).await?;
    Ok(())
}

command!(ConfirmAddress: (), NotConfirmed, Nobody);

impl ConfirmAddress {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<NotConfirmed>> {
        let expired = || Refused::rule(Expired);
        let found = store::tokens::take(transaction, &self.link, Emploi::Adresse).await?.ok_or_else(expired)?;
        let compte = CompteId(found.compte_id);
        let before = store::comptes::by_id(transaction.connection(), compte).await?.ok_or_else(expired)?;
        let new = Email::parse(&found.adresse).map_err(|_| expired())?;
        free(transaction, &new, compte).await?;
        transaction.actor = Some(compte);
        store::comptes::set_login(transaction, compte, &new).await?;
        if let Some(hash) = &found.mot_de_passe {
            replace(transaction, compte, hash).await?;
        }
        let content = Courriel::AdresseChangee { prenom: before.prenom, nouvelle: masked(new.as_str()) };
        let key = mail_key("adresse-changee", &self.link);
        Ok(store::courriels::put(transaction, Some(compte), &before.login, &key, &content).await?)
    }
}

/// Choose one's login and password in place of provisional credentials (K6). The address that these were sent to is
/// known to be theirs; another one is confirmed by a link first.
#[derive(Clone, Debug)]
pub struct ChooseCredentials {
    /// The digest of the login under way.
    pub step: String,
    pub email: Email,
    pub hash: String,
    /// The secret of the link, if one is needed.
    pub secret: LinkSecret,
}

/// What came of a choice of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    AtOnce,
    /// They work once the link is used.
    LinkSent,
}

command!(ChooseCredentials: Chosen, NotConfirmed, Nobody);

impl ChooseCredentials {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<Chosen, Refused<NotConfirmed>> {
        let expired = || Refused::rule(Expired);
        let now = transaction.now;
        let step = store::login_steps::find(transaction.connection(), &self.step, now).await?;
        let step = step.filter(|step| step.etape == Etape::Personnalisation).ok_or_else(expired)?;
        let compte = step.compte;
        if !store::login_steps::end(transaction, &self.step).await? {
            return Err(expired());
        }
        let acces = store::acces::of(transaction.connection(), compte, now).await?.ok_or_else(expired)?;
        let account = store::comptes::by_id(transaction.connection(), compte).await?.ok_or_else(expired)?;
        free(transaction, &self.email, compte).await?;
        transaction.actor = Some(compte);
        if acces.adresse == self.email.as_str() {
            store::comptes::set_login(transaction, compte, &self.email).await?;
            replace(transaction, compte, &self.hash).await?;
            return Ok(Chosen::AtOnce);
        }
        let about = (&self.email, Some(&self.hash));
        let content = confirm(transaction, (compte, account.prenom), about, &self.secret).await?;
        let key = self.secret.mail_key("adresse");
        store::courriels::put(transaction, Some(compte), self.email.as_str(), &key, &content).await?;
        Ok(Chosen::LinkSent)
    }
}
