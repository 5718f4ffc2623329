//! Links that mails bring: each is kept as a digest, replaces the account's earlier one of its kind, and dies with its time.

use domain::CompteId;
use domain::connexion::BIENVENUE_DAYS;
use domain::courriel::Courriel;
use domain::inscription::last_day;
use domain::time::days_after;
use store::jetons::{Emploi, Nouveau};
use store::{Pending, Transaction};

/// Days that the link of a gestionnaire's or administrateur's account works.
const AGENT_DAYS: u64 = 7;

/// What opens a link: its mail alone has the token, of which a digest is kept.
#[derive(Clone, Debug)]
pub struct LinkSecret {
    /// What the link's address ends with.
    pub token: String,
    /// Its digest.
    pub kept: String,
}

/// The key of a mail about the link of this digest.
pub(super) fn mail_key(what: &str, kept: &str) -> String {
    format!("{what}-{}", kept.get(..32).unwrap_or(kept))
}

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

/// Whom a link is for.
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
            let link = Nouveau {
                empreinte: secret.kept.clone(),
                compte,
                emploi: Emploi::Personnalisation,
                adresse: adresse.to_owned(),
                mot_de_passe: None,
                expire_at,
            };
            store::jetons::create(transaction, &link).await?;
            let chemin = format!("/bienvenue/{}", secret.token);
            let (prenom, structure, jusqu_au) = (prenom.to_owned(), structure.to_owned(), last_day(expire_at));
            let content = match self {
                Self::Agent => Courriel::CompteAgent { prenom, structure, chemin, jusqu_au },
                Self::Intervenant => Courriel::ComptePersonnaliser { prenom, structure, chemin, jusqu_au },
            };
            store::courriels::put(transaction, Some(compte), adresse, &mail_key("bienvenue", &secret.kept), &content)
                .await
        })
    }
}
