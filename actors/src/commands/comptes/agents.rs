//! The accounts of gestionnaires and administrateurs, which an administrateur makes, changes and closes (SPEC G7).

use domain::compte::{Droit, EtatCompte, MotifArchive, Role};
use domain::email::Email;
use domain::profil::Civilite;
use domain::{CompteId, StructureId};
use store::administration::Agent;
use store::comptes::Nouveau;
use store::{Refused, Transaction};

use super::liens::{Bienvenue, Owner};
use crate::commands::{LinkSecret, Nobody, command};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Poste {
    /// The work of one structure.
    Gestionnaire {
        structure: StructureId,
        /// What they may do for it, besides reading.
        droits: Vec<Droit>,
    },
    Administrateur,
}

impl Poste {
    fn role(&self) -> Role {
        match self {
            Self::Gestionnaire { .. } => Role::Gestionnaire,
            Self::Administrateur => Role::Administrateur,
        }
    }

    fn structure(&self) -> Option<StructureId> {
        match self {
            Self::Gestionnaire { structure, .. } => Some(*structure),
            Self::Administrateur => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotManaged {
    /// The one who asks is no administrateur.
    Forbidden,
    /// There is no such agent.
    NotFound,
    /// Another account has that login.
    Taken,
    /// A password was chosen already, or the account is archived: no link to a first one.
    NoLink,
    /// Nobody closes their own account here.
    OwnAccount,
    /// Without an administrateur who can log in nobody could open any account again.
    LastAdministrateur,
}

/// Refuses whoever is no administrateur, and returns those who can log in. They stay so until this transaction ends:
/// when two close each other's account, the second waits, and then is refused.
async fn administrateurs(transaction: &mut Transaction, by: CompteId) -> Result<Vec<CompteId>, Refused<NotManaged>> {
    let all = store::administration::hold_administrateurs(transaction).await?;
    if all.iter().all(|(id, _)| *id != by) {
        return Err(Refused::Because(NotManaged::Forbidden));
    }
    Ok(all.into_iter().filter_map(|(id, enters)| enters.then_some(id)).collect())
}

async fn agent(transaction: &mut Transaction, id: CompteId) -> Result<Agent, Refused<NotManaged>> {
    let found = store::administration::agents(transaction.connection(), Some(id)).await?.pop();
    found.ok_or(Refused::Because(NotManaged::NotFound))
}

/// Makes an agent's account, if its login is free.
async fn create(
    transaction: &mut Transaction,
    poste: &Poste,
    (civilite, nom, prenom): (Civilite, &str, &str),
    (login, mot_de_passe): (&Email, Option<&String>),
) -> Result<CompteId, Refused<NotManaged>> {
    if store::comptes::by_login(transaction.connection(), login).await?.is_some() {
        return Err(Refused::Because(NotManaged::Taken));
    }
    let nouveau = Nouveau {
        role: poste.role(),
        etat: EtatCompte::Actif,
        login: login.clone(),
        mot_de_passe: mot_de_passe.cloned(),
        civilite: civilite.as_str().to_owned(),
        nom: nom.to_owned(),
        prenom: prenom.to_owned(),
        structure: poste.structure(),
        naissance: None,
        activation_avant: None,
    };
    Ok(store::comptes::create(transaction, &nouveau).await?)
}

/// Make an administrateur's account with its password, as somebody does at the keyboard of the server. Returns its id.
#[derive(Clone, Debug)]
pub struct CreateAdministrateur {
    pub civilite: Civilite,
    pub nom: String,
    pub prenom: String,
    pub email: Email,
    pub hash: String,
}

command!(CreateAdministrateur: CompteId, NotManaged, Nobody);

impl CreateAdministrateur {
    async fn run(&self, transaction: &mut Transaction, _: Nobody) -> Result<CompteId, Refused<NotManaged>> {
        let names = (self.civilite, self.nom.as_str(), self.prenom.as_str());
        create(transaction, &Poste::Administrateur, names, (&self.email, Some(&self.hash))).await
    }
}

/// Make an agent's account; its owner chooses a password by a link. Returns its id.
#[derive(Clone, Debug)]
pub struct CreateAgent {
    pub poste: Poste,
    pub civilite: Civilite,
    pub nom: String,
    pub prenom: String,
    pub email: Email,
    pub secret: LinkSecret,
}

command!(CreateAgent: CompteId, NotManaged);

impl CreateAgent {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<CompteId, Refused<NotManaged>> {
        administrateurs(transaction, by).await?;
        let names = (self.civilite, self.nom.as_str(), self.prenom.as_str());
        let compte = create(transaction, &self.poste, names, (&self.email, None)).await?;
        let mut structure = String::new();
        if let Poste::Gestionnaire { structure: id, droits } = &self.poste {
            store::droits::set(transaction, compte, droits).await?;
            let found = store::structures::by_id(transaction.connection(), *id).await?;
            structure = found.map(|found| found.nom).unwrap_or_default();
        }
        let owner = Owner { compte, prenom: &self.prenom, adresse: self.email.as_str(), structure: &structure };
        Bienvenue::Agent.send(transaction, &self.secret, owner).await?;
        Ok(compte)
    }
}

/// Change an agent's names, structure and rights. Whoever changes structure is logged out.
#[derive(Clone, Debug)]
pub struct ChangeAgent {
    pub compte: CompteId,
    /// Its structure and rights; the role of an account never changes.
    pub poste: Poste,
    pub civilite: Civilite,
    pub nom: String,
    pub prenom: String,
}

command!(ChangeAgent: (), NotManaged);

impl ChangeAgent {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotManaged>> {
        administrateurs(transaction, by).await?;
        if agent(transaction, self.compte).await?.role != self.poste.role() {
            return Err(Refused::Because(NotManaged::NotFound));
        }
        let names = (self.civilite.as_str(), self.nom.as_str(), self.prenom.as_str());
        store::administration::set_agent(transaction, self.compte, names, self.poste.structure()).await?;
        if let Poste::Gestionnaire { droits, .. } = &self.poste {
            store::droits::set(transaction, self.compte, droits).await?;
        }
        Ok(())
    }
}

/// Send an agent the link to a first password again; the earlier one stops working.
#[derive(Clone, Debug)]
pub struct WelcomeAgent {
    pub compte: CompteId,
    pub secret: LinkSecret,
}

command!(WelcomeAgent: (), NotManaged);

impl WelcomeAgent {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotManaged>> {
        administrateurs(transaction, by).await?;
        let agent = agent(transaction, self.compte).await?;
        if agent.mot_de_passe || agent.etat == EtatCompte::Archive {
            return Err(Refused::Because(NotManaged::NoLink));
        }
        let structure = agent.structure_nom.unwrap_or_default();
        let owner = Owner { compte: self.compte, prenom: &agent.prenom, adresse: &agent.login, structure: &structure };
        Ok(Bienvenue::Agent.send(transaction, &self.secret, owner).await?)
    }
}

/// Archive an agent's account, never one's own nor that of the last administrateur who can log in. Its sessions end.
#[derive(Clone, Copy, Debug)]
pub struct ArchiveAgent(pub CompteId);

command!(ArchiveAgent: (), NotManaged);

impl ArchiveAgent {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotManaged>> {
        let administrateurs = administrateurs(transaction, by).await?;
        if self.0 == by {
            return Err(Refused::Because(NotManaged::OwnAccount));
        }
        let agent = agent(transaction, self.0).await?;
        let open = agent.etat == EtatCompte::Actif;
        if open && agent.role == Role::Administrateur && administrateurs.iter().all(|id| *id == self.0) {
            return Err(Refused::Because(NotManaged::LastAdministrateur));
        }
        store::comptes::archive(transaction, self.0, MotifArchive::Administration).await?;
        Ok(())
    }
}

#[derive(Clone, Copy, Debug)]
pub struct ReopenAgent(pub CompteId);

command!(ReopenAgent: (), NotManaged);

impl ReopenAgent {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotManaged>> {
        administrateurs(transaction, by).await?;
        agent(transaction, self.0).await?;
        store::comptes::reopen(transaction, self.0).await?;
        Ok(())
    }
}
