//! The second factor: proposed, confirmed by its first code, used, changed (SPEC K8). Whoever sets one at a login that
//! is not over has no session yet: what is done then is asked for by no account.

use std::convert::Infallible;

use domain::CompteId;
use domain::compte::Role;
use store::tries::Cle;
use store::{Refused, Transaction};

use crate::commands::{Nobody, command};

/// What somebody typed, as it can be compared: each works once.
#[derive(Clone, Debug)]
pub struct FactorProof {
    /// The time step of which it is the code.
    pub step: Option<i64>,
    /// Its digest as a recovery code.
    pub recovery: String,
}

/// It is neither the code of now nor a recovery code, or it was used before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongCode;

async fn prove(transaction: &mut Transaction, compte: CompteId, proof: &FactorProof) -> Result<(), Refused<WrongCode>> {
    let right = match proof.step {
        Some(step) => store::second_facteur::use_step(transaction, compte, step).await?,
        None => store::second_facteur::use_code(transaction, compte, &proof.recovery).await?,
    };
    if right { Ok(()) } else { Err(Refused::Because(WrongCode)) }
}

/// Use a code at a login that is not over.
#[derive(Clone, Debug)]
pub struct UseFactor {
    pub compte: CompteId,
    /// What they typed.
    pub proof: FactorProof,
}

command!(UseFactor: (), WrongCode, Nobody);

impl UseFactor {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<WrongCode>> {
        transaction.actor = Some(self.compte);
        prove(transaction, self.compte, &self.proof).await
    }
}

/// Propose a secret; returns the one that is kept, which an earlier look may have proposed.
#[derive(Clone, Debug)]
pub struct ProposeFactor {
    pub compte: CompteId,
    /// The secret, sealed.
    pub secret: String,
}

command!(ProposeFactor: String, Infallible, Nobody);

impl ProposeFactor {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<String, Refused<Infallible>> {
        transaction.actor = Some(self.compte);
        Ok(store::second_facteur::propose(transaction, self.compte, &self.secret).await?)
    }
}

/// Make the proposal count: its first code was right.
#[derive(Clone, Debug)]
pub struct ConfirmFactor {
    pub compte: CompteId,
    /// The time step of that code, which is used.
    pub step: i64,
    pub codes: Vec<String>,
    pub keys: Vec<Cle>,
}

/// It counted already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlreadyOn;

command!(ConfirmFactor: (), AlreadyOn, Nobody);

impl ConfirmFactor {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<(), Refused<AlreadyOn>> {
        transaction.actor = Some(self.compte);
        store::tries::succeeded(transaction, &self.keys).await?;
        let done = store::second_facteur::confirm(transaction, self.compte, self.step, &self.codes).await?;
        if done { Ok(()) } else { Err(Refused::Because(AlreadyOn)) }
    }
}

/// Turn one's own second factor off, or have other recovery codes. It asks for a code: whoever finds a session open
/// can't.
#[derive(Clone, Debug)]
pub struct ChangeFactor {
    /// What was typed.
    pub proof: FactorProof,
    /// The digests of the recovery codes to come; none turns it off.
    pub codes: Option<Vec<String>>,
    /// Whether gestionnaires and administrateurs may be without, as in the demonstration.
    pub exempt: bool,
    pub keys: Vec<Cle>,
}

/// Why a second factor is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotChanged {
    WrongCode,
    /// They can't be without.
    Required,
}

impl From<WrongCode> for NotChanged {
    fn from(_: WrongCode) -> Self {
        Self::WrongCode
    }
}

command!(ChangeFactor: (), NotChanged);

impl ChangeFactor {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotChanged>> {
        let me = store::comptes::by_id(transaction.connection(), by).await?;
        let required = !self.exempt && me.is_none_or(|me| me.role != Role::Intervenant);
        if self.codes.is_none() && required {
            return Err(Refused::Because(NotChanged::Required));
        }
        prove(transaction, by, &self.proof).await.map_err(|no| no.map(NotChanged::from))?;
        store::tries::succeeded(transaction, &self.keys).await?;
        match &self.codes {
            Some(codes) => store::second_facteur::replace_codes(transaction, by, codes).await?,
            None => store::second_facteur::remove(transaction, by).await?,
        }
        Ok(())
    }
}
