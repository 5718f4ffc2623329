//! The links by which the owner of an account that was made for them chooses a password.

use domain::connexion::BIENVENUE_DAYS;
use domain::courriel::Courriel;
use domain::inscription::last_day;
use domain::time::days_after;
use domain::{CompteId, paths};
use store::tokens::Emploi;
use store::{Pending, Transaction};

use crate::commands::LinkSecret;

/// Days that the link of a gestionnaire's or administrateur's account works.
const AGENT_DAYS: u64 = 7;

/// A link does not work any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expired;

/// The link by which the owner of an account that was made for them chooses a password.
pub(super) enum Bienvenue {
    /// For a gestionnaire or an administrateur.
    Agent,
    /// For an intervenant (K5).
    Intervenant,
}

pub(super) struct Owner<'a> {
    pub(super) compte: CompteId,
    pub(super) prenom: &'a str,
    pub(super) adresse: &'a str,
    /// The structure that works with them; empty for a national account.
    pub(super) structure: &'a str,
}

impl Bienvenue {
    /// Makes the link and puts its mail in the outbox.
    pub(super) fn send<'a>(
        self,
        transaction: &'a mut Transaction,
        secret: &'a LinkSecret,
        owner: Owner<'a>,
    ) -> Pending<'a, ()> {
        Box::pin(async move {
            let days = match self {
                Self::Agent => AGENT_DAYS,
                Self::Intervenant => BIENVENUE_DAYS,
            };
            let expire_at = days_after(transaction.now, days);
            let Owner { compte, prenom, adresse, structure } = owner;
            secret.keep(transaction, Emploi::Personnalisation, (compte, adresse), expire_at).await?;
            let chemin = paths::bienvenue(&secret.token);
            let (prenom, structure, jusqu_au) = (prenom.to_owned(), structure.to_owned(), last_day(expire_at));
            let content = match self {
                Self::Agent => Courriel::CompteAgent { prenom, structure, chemin, jusqu_au },
                Self::Intervenant => Courriel::ComptePersonnaliser { prenom, structure, chemin, jusqu_au },
            };
            store::courriels::put(transaction, Some(compte), adresse, &secret.mail_key("bienvenue"), &content).await
        })
    }
}
