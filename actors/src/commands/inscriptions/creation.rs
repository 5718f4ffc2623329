//! How somebody registers, and activates the account that this makes (manual §3.1.1, SPEC I2, I3).

use std::convert::Infallible;

use chrono::{NaiveDate, NaiveDateTime};
use domain::candidature::EtatCandidature;
use domain::compte::{EtatCompte, Role};
use domain::courriel::Courriel;
use domain::email::Email;
use domain::inscription::last_day;
use domain::nir::mask;
use domain::profil::Civilite;
use domain::time::{ACTIVATION_DAYS, days_after};
use domain::{CompteId, identite, paths};
use store::comptes::{self, Compte};
use store::tokens::{self, Emploi};
use store::tries::{self, Cle};
use store::{Refused, Transaction, candidatures, inscriptions};

use super::super::{LinkSecret, Nobody};
use super::command;

/// Mails to the owner of one account before the next ones wait.
const TOLD: i32 = 3;
/// New links for one account before they wait, besides the tries that every key has.
const SENT: i32 = 0;

/// The mail that brings the link which activates an account.
fn activation(secret: &LinkSecret, prenom: &str, due: NaiveDateTime) -> Courriel {
    let chemin = paths::activation(&secret.token);
    Courriel::Activation { prenom: prenom.to_owned(), chemin, jusqu_au: last_day(due) }
}

#[derive(Clone, Debug)]
pub struct Candidat {
    /// « M. » or « Mme ».
    pub civilite: Civilite,
    pub nom: String,
    pub prenom: String,
    pub naissance: NaiveDate,
    pub email: Email,
    pub hash: String,
    /// What they write to the structure of the annonce that they come from.
    pub commentaire: String,
}

/// Register: an account that waits for its activation, and its answer to the annonce one comes from. When the address
/// or the person has an account in use, its owner alone is told, by email.
#[derive(Clone, Debug)]
pub struct Register {
    pub candidat: Candidat,
    /// The digest under which their password was kept while the form was being corrected.
    pub garde: String,
    /// The annonce that they come from; one that takes no answer any more is left aside.
    pub annonce: Option<i64>,
    /// The secret of the link that activates the account.
    pub secret: LinkSecret,
    /// Digest of the browser that registers.
    pub browser: String,
}

/// Keep the hash of a password that is valid in a form that is not, for when the form comes back.
#[derive(Clone, Debug)]
pub struct KeepPassword {
    pub garde: String,
    pub hash: String,
    /// Until when.
    pub until: NaiveDateTime,
}

command!(KeepPassword: (), Infallible, Nobody);

impl KeepPassword {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<Infallible>> {
        Ok(store::mots_de_passe_gardes::keep(transaction, &self.garde, &self.hash, self.until).await?)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountArchived;

command!(Register: (), AccountArchived, Nobody);

impl Register {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<AccountArchived>> {
        let person = &self.candidat;
        store::mots_de_passe_gardes::forget(transaction, &self.garde).await?;
        let key = identite::key(person.civilite.as_str(), &person.nom, &person.prenom, person.naissance);
        let by_login = comptes::by_login(transaction.connection(), &person.email).await?;
        let by_identity = comptes::by_identity(transaction.connection(), &key).await?;
        let known: Vec<&Compte> = by_login.iter().chain(&by_identity).collect();
        if known.iter().any(|compte| compte.etat == EtatCompte::Archive) {
            return Err(Refused::Because(AccountArchived));
        }
        let mut told: Vec<CompteId> = Vec::new();
        for compte in known.iter().filter(|compte| compte.etat == EtatCompte::Actif) {
            if !told.contains(&compte.id) {
                told.push(compte.id);
                self.tell(transaction, compte).await?;
            }
        }
        if !told.is_empty() {
            return Ok(());
        }
        if let Some(waiting) = by_login {
            comptes::remove_unactivated(transaction, waiting.id).await?;
        }
        Ok(self.create(transaction).await?)
    }

    /// Tells the owner of an account that somebody tried to make another, not more often than is useful.
    async fn tell(&self, transaction: &mut Transaction, compte: &Compte) -> store::Result<()> {
        let key = Cle { cle: format!("inscription existante {}", compte.id), pardonnes: TOLD };
        if tries::attempt(transaction, &[key]).await?.is_some() {
            return Ok(());
        }
        let content =
            Courriel::CompteExistant { prenom: compte.prenom.clone(), chemin: paths::FORGOTTEN_PASSWORD.to_owned() };
        let key = self.secret.mail_key(&format!("existant-{}", compte.id));
        store::courriels::put(transaction, Some(compte.id), &compte.login, &key, &content).await
    }

    async fn create(&self, transaction: &mut Transaction) -> store::Result<()> {
        let person = &self.candidat;
        let due = days_after(transaction.now, ACTIVATION_DAYS);
        let nouveau = comptes::Nouveau {
            role: Role::Intervenant,
            etat: EtatCompte::AActiver,
            login: person.email.clone(),
            mot_de_passe: Some(person.hash.clone()),
            civilite: person.civilite.as_str().to_owned(),
            nom: person.nom.clone(),
            prenom: person.prenom.clone(),
            structure: None,
            naissance: Some(person.naissance),
            activation_avant: Some(due),
        };
        let id = comptes::create(transaction, &nouveau).await?;
        let annonce = match self.annonce {
            Some(annonce) if candidatures::is_open(transaction, annonce).await? => Some(annonce),
            Some(_) | None => None,
        };
        inscriptions::begin(transaction, id, person.naissance, annonce).await?;
        if let Some(annonce) = annonce {
            let (waits, said) = (EtatCandidature::EnAttente, mask(&person.commentaire));
            candidatures::insert(transaction, annonce, id, waits, &said).await?;
        }
        self.secret.keep(transaction, Emploi::Activation, (id, person.email.as_str()), due).await?;
        tokens::bind(transaction, &self.secret.kept, &self.browser).await?;
        let content = activation(&self.secret, &person.prenom, due);
        let key = self.secret.mail_key("activation");
        store::courriels::put(transaction, Some(id), person.email.as_str(), &key, &content).await
    }
}

/// Send the link that activates an account once more, if an account waits at that address, not more often than is
/// useful. It replaces the earlier one and dies when that would have.
#[derive(Clone, Debug)]
pub struct SendActivationAgain {
    pub email: Email,
    pub secret: LinkSecret,
}

command!(SendActivationAgain: (), Infallible, Nobody);

impl SendActivationAgain {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<Infallible>> {
        let found = comptes::by_login(transaction.connection(), &self.email).await?;
        let Some(compte) = found.filter(|compte| compte.etat == EtatCompte::AActiver) else { return Ok(()) };
        let key = Cle { cle: format!("activation envoyee {}", compte.id), pardonnes: SENT };
        if tries::attempt(transaction, &[key]).await?.is_some() {
            return Ok(());
        }
        let renewed = tokens::renew(transaction, compte.id, Emploi::Activation, &self.secret.kept).await?;
        let Some((adresse, due)) = renewed else { return Ok(()) };
        let content = activation(&self.secret, &compte.prenom, due);
        let key = self.secret.mail_key("activation");
        Ok(store::courriels::put(transaction, Some(compte.id), &adresse, &key, &content).await?)
    }
}

/// Why an account is not activated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotActivated {
    /// The link does not work any more, or its account waits for nothing.
    Expired,
    /// The same person activated another account meanwhile.
    SamePerson,
}

/// Activate the account of a link, of which this is the digest.
#[derive(Clone, Debug)]
pub struct ActivateAccount(pub String);

command!(ActivateAccount: (), NotActivated, Nobody);

impl ActivateAccount {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<NotActivated>> {
        let link = tokens::take(transaction, &self.0, Emploi::Activation).await?;
        let id = CompteId(link.ok_or(Refused::Because(NotActivated::Expired))?.compte_id);
        transaction.actor = Some(id);
        let page = store::profils::identification(transaction.connection(), id).await?.unwrap_or_default();
        let key = page.civilite.zip(page.date_naissance);
        let key = key.map(|(civilite, born)| identite::key(civilite.as_str(), &page.nom, &page.prenom, born));
        if let Some(key) = &key
            && comptes::by_identity(transaction.connection(), key).await?.is_some()
        {
            return Err(Refused::Because(NotActivated::SamePerson));
        }
        if !comptes::activate(transaction, id, key.as_deref()).await? {
            return Err(Refused::Because(NotActivated::Expired));
        }
        Ok(())
    }
}
