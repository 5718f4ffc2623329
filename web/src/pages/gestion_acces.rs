//! Helping intervenants to log in (manual §5.1, SPEC K5, K6): finding them, provisional credentials that nobody but they
//! know, and accounts made for them.

mod identifiants;
mod nouveau;
mod personne;
mod recherche;

pub use nouveau::{create, new_form};
pub use personne::{act, page};
pub use recherche::search;

use domain::CompteId;
use domain::connexion::BIENVENUE_DAYS;
use domain::courriel::Courriel;
use domain::inscription::last_day;
use domain::time::days_after;
use store::Transaction;
use store::jetons::{Emploi, Nouveau};

use crate::error::Error;
use crate::pages::connexion::BIENVENUE;
use crate::session::random_token;

/// The link to a first password, before it is sent.
struct Bienvenue {
    token: String,
    /// The address it confirms.
    adresse: String,
    prenom: String,
    structure: String,
}

impl Bienvenue {
    fn new(adresse: &str, prenom: &str, structure: &str) -> Result<Self, Error> {
        Ok(Self {
            token: random_token()?,
            adresse: adresse.to_owned(),
            prenom: prenom.to_owned(),
            structure: structure.to_owned(),
        })
    }

    /// Makes the link and puts its email in the outbox; an earlier link stops working.
    async fn send(self, transaction: &mut Transaction, compte: CompteId) -> store::Result<()> {
        let expire_at = days_after(transaction.now, BIENVENUE_DAYS);
        let link = Nouveau {
            empreinte: BIENVENUE.kept(&self.token),
            compte,
            emploi: Emploi::Personnalisation,
            adresse: self.adresse.clone(),
            mot_de_passe: None,
            expire_at,
        };
        store::jetons::create(transaction, &link).await?;
        let key = format!("bienvenue-{}", &link.empreinte[..32]);
        let content = Courriel::ComptePersonnaliser {
            prenom: self.prenom,
            structure: self.structure,
            chemin: format!("/bienvenue/{}", self.token),
            jusqu_au: last_day(expire_at),
        };
        store::courriels::put(transaction, Some(compte), &self.adresse, &key, &content).await
    }
}
