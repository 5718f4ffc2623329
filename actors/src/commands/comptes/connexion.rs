//! Entering and leaving: tries that are counted, logins that are not over, sessions (SPEC K8 to K10).

use std::convert::Infallible;
use std::time::Duration;

use domain::CompteId;
use domain::compte::EtatCompte;
use domain::connexion::absolute;
use store::login_steps::EnCours;
use store::tries::Cle;
use store::{Refused, Transaction};

use crate::commands::{Nobody, command};

/// How long a login may wait for its second half.
pub const STEP_LIFETIME: chrono::Duration = chrono::Duration::minutes(15);

/// Count a try under these keys, before anything is looked at; returns how long one has to wait first, if at all.
#[derive(Clone, Debug)]
pub struct CountTry(pub Vec<Cle>);

command!(CountTry: Option<Duration>, Infallible, Nobody);

impl CountTry {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<Option<Duration>, Refused<Infallible>> {
        Ok(store::tries::attempt(transaction, &self.0).await?)
    }
}

/// Begin the second half of a login (K6, K8).
#[derive(Clone, Debug)]
pub struct BeginStep {
    /// The digest of its cookie.
    pub cookie: String,
    pub en_cours: EnCours,
    /// The keys under which the failures of its first half are forgotten.
    pub keys: Vec<Cle>,
}

command!(BeginStep: (), Infallible, Nobody);

impl BeginStep {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<Infallible>> {
        let expire_at = transaction.now + STEP_LIFETIME;
        store::tries::succeeded(transaction, &self.keys).await?;
        Ok(store::login_steps::begin(transaction, &self.cookie, &self.en_cours, expire_at).await?)
    }
}

/// Open a session for somebody who proved who they are (K9). The browser's earlier one ends, and so does its login
/// under way.
#[derive(Clone, Debug)]
pub struct OpenSession {
    pub compte: CompteId,
    /// The digest of the session's cookie.
    pub cookie: String,
    /// The digest of the browser's earlier session.
    pub previous: Option<String>,
    /// The digest of the browser's login under way.
    pub step: Option<String>,
    /// The digest by which the browser is known again.
    pub device: String,
    pub browser: String,
    pub keys: Vec<Cle>,
}

/// The account can't be used, or not any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotActive;

command!(OpenSession: (), NotActive, Nobody);

impl OpenSession {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<NotActive>> {
        let compte = store::comptes::hold(transaction, self.compte).await?;
        let compte = compte.filter(|compte| compte.etat == EtatCompte::Actif).ok_or(Refused::Because(NotActive))?;
        transaction.actor = Some(compte.id);
        store::tries::succeeded(transaction, &self.keys).await?;
        if let Some(step) = &self.step {
            store::login_steps::end(transaction, step).await?;
        }
        let now = transaction.now;
        if let Some(previous) = &self.previous
            && let Some(session) = store::sessions::find(transaction.connection(), previous, now).await?
        {
            store::sessions::close(transaction, session.compte, session.id).await?;
        }
        store::comptes::remember_device(transaction, compte.id, &self.device).await?;
        let lifetime = absolute(compte.role);
        store::sessions::open(transaction, compte.id, &self.cookie, &self.browser, lifetime).await?;
        Ok(())
    }
}

/// Note that a session is in use.
#[derive(Clone, Copy, Debug)]
pub struct TouchSession(pub i64);

command!(TouchSession: (), Infallible, Nobody);

impl TouchSession {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<Infallible>> {
        Ok(store::sessions::touch(transaction, self.0).await?)
    }
}

/// End one of one's own sessions (K9).
#[derive(Clone, Copy, Debug)]
pub struct EndSession(pub i64);

/// The account has no such session, or it has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchSession;

command!(EndSession: (), NoSuchSession);

impl EndSession {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NoSuchSession>> {
        let ended = store::sessions::close(transaction, by, self.0).await?;
        if ended { Ok(()) } else { Err(Refused::Because(NoSuchSession)) }
    }
}

/// End one's own sessions but this one; returns how many ended (K9).
#[derive(Clone, Copy, Debug)]
pub struct EndOtherSessions {
    pub kept: i64,
}

command!(EndOtherSessions: usize, Infallible);

impl EndOtherSessions {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<usize, Refused<Infallible>> {
        Ok(store::sessions::close_others(transaction, by, Some(self.kept)).await?)
    }
}
