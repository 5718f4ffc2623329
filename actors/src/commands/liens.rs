//! Links that mails bring: each is kept as a digest, replaces the account's earlier one of its kind, and dies with its
//! time.

use chrono::NaiveDateTime;
use domain::CompteId;
use store::tokens::{Emploi, Nouveau};
use store::{Pending, Transaction};

/// What opens a link: its mail alone has the token, of which a digest is kept.
#[derive(Clone, Debug)]
pub struct LinkSecret {
    /// What the link's address ends with.
    pub token: String,
    /// Its digest.
    pub kept: String,
}

impl LinkSecret {
    /// Keeps a link of an account, which goes to that address.
    pub(super) fn keep<'a>(
        &'a self,
        transaction: &'a mut Transaction,
        emploi: Emploi,
        (compte, adresse): (CompteId, &'a str),
        expire_at: NaiveDateTime,
    ) -> Pending<'a, ()> {
        Box::pin(async move {
            let (empreinte, adresse) = (self.kept.clone(), adresse.to_owned());
            let link = Nouveau { empreinte, compte, emploi, adresse, mot_de_passe: None, expire_at };
            store::tokens::create(transaction, &link).await
        })
    }

    pub(super) fn mail_key(&self, what: &str) -> String {
        mail_key(what, &self.kept)
    }
}

/// The key of a mail about the link of this digest.
pub(super) fn mail_key(what: &str, kept: &str) -> String {
    format!("{what}-{}", kept.get(..32).unwrap_or(kept))
}
