//! Somebody's personal data, taken out by them or sent to them (manual §11, SPEC X5, X6).

use chrono::Duration;
use domain::compte::{EtatCompte, Role};
use domain::courriel::Courriel;
use domain::email::masked;
use domain::equipe::Annotable;
use domain::inscription::last_day;
use domain::journal::Fact;
use domain::support::TypeDemande;
use domain::time::days_after;
use domain::{CompteId, paths};
use store::tokens::Emploi;
use store::{Refused, Transaction};

use super::demandes::{NotHandled, of_archived};
use super::{LinkSecret, Nobody, command, contact};

/// Days that the link works (decided: as many as provisional credentials).
const DAYS: u64 = 7;
/// How long the browser that first used a link may use it again: a download may fail, and there are two downloads.
const AGAIN: Duration = Duration::hours(1);

/// Take one's own data out: the export is written down before the data are given.
#[derive(Clone, Copy, Debug)]
pub struct TakeDonnees;

/// The account is no intervenant's, or is not used any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forbidden;

command!(TakeDonnees: (), Forbidden);

impl TakeDonnees {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<Forbidden>> {
        let account = store::comptes::by_id(transaction.connection(), by).await?;
        let allowed =
            account.is_some_and(|account| account.role == Role::Intervenant && account.etat == EtatCompte::Actif);
        if !allowed {
            return Err(Refused::Because(Forbidden));
        }
        transaction.record(Fact::DonneesExportees { compte: by });
        Ok(())
    }
}

/// Take the data of an archived account out by the link that was sent for that. Only the first browser may use the
/// link, for an hour. It ends at once when the account is no longer archived: its owner can log in.
#[derive(Clone, Debug)]
pub struct TakeDonneesByLink {
    pub empreinte: String,
    /// Digest of the browser.
    pub navigateur: String,
}

/// The link does not work any more, or not for this browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiredLink;

command!(TakeDonneesByLink: CompteId, ExpiredLink, Nobody);

impl TakeDonneesByLink {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<CompteId, Refused<ExpiredLink>> {
        let expired = || Refused::Because(ExpiredLink);
        let until = transaction.now + AGAIN;
        let (empreinte, navigateur) = (&self.empreinte, &self.navigateur);
        let found = store::tokens::take_for_a_while(transaction, empreinte, Emploi::Donnees, navigateur, until).await?;
        let compte = CompteId(found.ok_or_else(expired)?.compte_id);
        let account = store::comptes::by_id(transaction.connection(), compte).await?;
        account.filter(|account| account.etat == EtatCompte::Archive).ok_or_else(expired)?;
        transaction.actor = Some(compte);
        transaction.record(Fact::DonneesExportees { compte });
        Ok(compte)
    }
}

/// Send the data of an archived account, as a link, to the person whom a request is about. When it goes elsewhere than
/// to the address of record, that address is told, and how the identity was checked stays beside the request.
#[derive(Clone, Debug)]
pub struct SendDonnees {
    pub demande: i64,
    pub compte: CompteId,
    pub secret: LinkSecret,
    /// Another address than that of record, and how the identity was checked.
    pub ailleurs: Option<(String, String)>,
}

command!(SendDonnees: (), NotHandled);

impl SendDonnees {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotHandled>> {
        let about = (self.demande, self.compte);
        let (of, structure) = of_archived(transaction, by, TypeDemande::Donnees, about).await?;
        let personne = store::acces::personne(transaction.connection(), structure, self.compte).await?;
        let personne = personne.ok_or(Refused::Because(NotHandled::NotArchived))?;
        let contact = contact(transaction, Some(structure)).await?;
        let expire_at = days_after(transaction.now, DAYS);
        let adresse = self.ailleurs.as_ref().map_or(&personne.login, |(adresse, _)| adresse);
        self.secret.keep(transaction, Emploi::Donnees, (personne.compte, adresse), expire_at).await?;
        let mail = Courriel::DonneesARecuperer {
            prenom: personne.prenom.clone(),
            structure: contact.clone(),
            chemin: paths::donnees(&self.secret.token),
            jusqu_au: last_day(expire_at),
        };
        let key = self.secret.mail_key("donnees");
        store::courriels::put(transaction, Some(personne.compte), adresse, &key, &mail).await?;
        if let Some((adresse, how)) = &self.ailleurs {
            let told =
                Courriel::DonneesSignalees { prenom: personne.prenom, structure: contact, adresse: masked(adresse) };
            let key = format!("{key}-signale");
            store::courriels::put(transaction, Some(personne.compte), &personne.login, &key, &told).await?;
            let note = format!("Lien vers les données envoyé à {adresse}, après vérification d’identité : {how}");
            store::notes::add(transaction, (Annotable::Demande, of.id), structure, by, &note).await?;
        }
        Ok(())
    }
}
