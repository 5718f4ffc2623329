//! What a gestionnaire does so that an intervenant can log in: an account, the link to its first password, provisional
//! credentials (SPEC K5, K6).

use chrono::NaiveDate;
use domain::compte::{Droit, EtatCompte, Role};
use domain::connexion::PROVISOIRE_DAYS;
use domain::courriel::Courriel;
use domain::email::{Email, masked};
use domain::inscription::last_day;
use domain::profil::Civilite;
use domain::time::days_after;
use domain::{CompteId, StructureId, identite};
use store::acces::{Acces, Personne};
use store::comptes::{Compte, Nouveau};
use store::{Refused, Transaction};

use super::liens::{Bienvenue, Owner};
use crate::commands::{LinkSecret, command};

/// The structure for which an account may help people to log in, and its name.
async fn structure(transaction: &mut Transaction, by: CompteId) -> store::Result<Option<(StructureId, String)>> {
    let Some(id) = store::droits::habilite(transaction, by, Droit::Acces).await? else { return Ok(None) };
    let structure = store::structures::by_id(transaction.connection(), id).await?;
    Ok(structure.map(|structure| (id, structure.nom)))
}

/// Make the account of an intervenant, who confirms it by a link (K5). Returns its id.
#[derive(Clone, Debug)]
pub struct MakeAccount {
    pub civilite: Civilite,
    pub nom: String,
    pub prenom: String,
    pub naissance: NaiveDate,
    /// Where the link goes, which becomes the login.
    pub email: Email,
    pub secret: LinkSecret,
}

/// Why an account is not made.
#[derive(Clone, Debug)]
pub enum NotMade {
    /// The one who asks may not.
    Forbidden,
    /// The address, or the person, has this account.
    Exists(Box<Compte>),
}

command!(MakeAccount: CompteId, NotMade);

impl MakeAccount {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<CompteId, Refused<NotMade>> {
        let (structure, structure_nom) =
            structure(transaction, by).await?.ok_or(Refused::Because(NotMade::Forbidden))?;
        let civilite = self.civilite.as_str();
        let key = identite::key(civilite, &self.nom, &self.prenom, self.naissance);
        let mut holder = store::comptes::by_login(transaction.connection(), &self.email).await?;
        if holder.is_none() {
            holder = store::comptes::by_identity(transaction.connection(), &key).await?;
        }
        if let Some(holder) = holder {
            return Err(Refused::Because(NotMade::Exists(Box::new(holder))));
        }
        let nouveau = Nouveau {
            role: Role::Intervenant,
            etat: EtatCompte::Actif,
            login: self.email.clone(),
            mot_de_passe: None,
            civilite: civilite.to_owned(),
            nom: self.nom.clone(),
            prenom: self.prenom.clone(),
            structure: None,
            naissance: Some(self.naissance),
            activation_avant: None,
        };
        let compte = store::comptes::create(transaction, &nouveau).await?;
        store::inscriptions::begin(transaction, compte, self.naissance, None).await?;
        store::inscriptions::attach(transaction, compte, structure).await?;
        let owner = Owner { compte, prenom: &self.prenom, adresse: self.email.as_str(), structure: &structure_nom };
        Bienvenue::Intervenant.send(transaction, &self.secret, owner).await?;
        Ok(compte)
    }
}

/// Why somebody is not helped to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotGiven {
    /// The one who asks may not.
    Forbidden,
    /// There is no such person, or they are another structure's.
    NotFound,
    /// The account can't be used as it stands.
    State(EtatCompte),
    /// A password was chosen already: no link to a first one.
    HasPassword,
    /// The other address is somebody else's login.
    Taken,
}

/// The person, if that account may help them, and the name of its structure.
async fn helped(
    transaction: &mut Transaction,
    by: CompteId,
    compte: CompteId,
) -> Result<(Personne, String), Refused<NotGiven>> {
    let (id, nom) = structure(transaction, by).await?.ok_or(Refused::Because(NotGiven::Forbidden))?;
    let person = store::acces::personne(transaction.connection(), id, compte).await?;
    let person = person.ok_or(Refused::Because(NotGiven::NotFound))?;
    match person.etat {
        EtatCompte::Actif => Ok((person, nom)),
        etat @ (EtatCompte::AActiver | EtatCompte::Archive) => Err(Refused::Because(NotGiven::State(etat))),
    }
}

/// Send the link to a first password again; the earlier one stops working.
#[derive(Clone, Debug)]
pub struct WelcomePerson {
    pub compte: CompteId,
    pub secret: LinkSecret,
}

command!(WelcomePerson: (), NotGiven);

impl WelcomePerson {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotGiven>> {
        let (person, structure) = helped(transaction, by, self.compte).await?;
        if person.avec_mot_de_passe {
            return Err(Refused::Because(NotGiven::HasPassword));
        }
        let owner =
            Owner { compte: self.compte, prenom: &person.prenom, adresse: &person.login, structure: &structure };
        Ok(Bienvenue::Intervenant.send(transaction, &self.secret, owner).await?)
    }
}

/// Give provisional credentials in place of earlier ones (K6). They go straight into a mail, and only a hash is kept.
#[derive(Clone, Debug)]
pub struct GiveAccess {
    pub compte: CompteId,
    pub identifiant: String,
    pub mot_de_passe: String,
    pub hash: String,
    /// Where they go instead of the address of record, and how the person's identity was checked.
    pub ailleurs: Option<(String, String)>,
    /// Makes the key of the mail: random, like the credentials.
    pub cle: String,
}

command!(GiveAccess: (), NotGiven);

impl GiveAccess {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotGiven>> {
        let (person, structure) = helped(transaction, by, self.compte).await?;
        let (adresse, verification) = match &self.ailleurs {
            Some((adresse, verification)) => (adresse.clone(), verification.clone()),
            None => (person.login.clone(), String::new()),
        };
        if let Ok(email) = Email::parse(&adresse) {
            let holder = store::comptes::by_login(transaction.connection(), &email).await?;
            if holder.is_some_and(|holder| holder.id != self.compte) {
                return Err(Refused::Because(NotGiven::Taken));
            }
        }
        let expire_at = days_after(transaction.now, PROVISOIRE_DAYS);
        let acces = Acces {
            compte_id: self.compte.0,
            identifiant: self.identifiant.clone(),
            mot_de_passe: self.hash.clone(),
            adresse,
            verification,
            expire_at,
        };
        store::acces::give(transaction, &acces, by).await?;
        let mail = Courriel::AccesProvisoire {
            prenom: person.prenom.clone(),
            structure: structure.clone(),
            identifiant: self.identifiant.clone(),
            mot_de_passe: self.mot_de_passe.clone(),
            jusqu_au: last_day(expire_at),
        };
        let key = format!("acces-{}", self.cle);
        store::courriels::put(transaction, Some(self.compte), &acces.adresse, &key, &mail).await?;
        if self.ailleurs.is_some() {
            let adresse = masked(&acces.adresse);
            let told = Courriel::AccesProvisoireSignale { prenom: person.prenom, structure, adresse };
            let key = format!("{key}-signale");
            store::courriels::put(transaction, Some(self.compte), &person.login, &key, &told).await?;
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug)]
pub struct CancelAccess(pub CompteId);

command!(CancelAccess: (), NotGiven);

impl CancelAccess {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotGiven>> {
        helped(transaction, by, self.0).await?;
        Ok(store::acces::end(transaction, self.0).await?)
    }
}
