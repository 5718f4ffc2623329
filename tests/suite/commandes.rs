//! What is done in somebody's name, without HTTP, on both engines: one file for each word, as in `actors/src/commands/`.

mod annonces;
mod candidatures;
mod demandes;
mod donnees;
mod inscriptions;
mod lettres;
mod dossiers;
mod messagerie;
mod profil;

use actors::commands::{Accueil, Answer, Command, Nobody};
use domain::CompteId;
use domain::email::Email;
use store::Store;
use store::coffre::Coffre;

use crate::base::open;
use crate::support::{Engine, Site, logins};

/// The demonstration's database, without a server.
pub struct World {
    site: Site,
    pub store: Store,
    /// The documented gestionnaire.
    pub desk: CompteId,
    /// The documented intervenant.
    pub person: CompteId,
}

impl World {
    pub async fn of(engine: Engine) -> Self {
        let site = Site::demo(engine).await;
        let store = open(&site).await;
        let (desk, person) = (account(&store, logins::GESTIONNAIRE).await, account(&store, logins::INTERVENANT).await);
        Self { site, store, desk, person }
    }

    /// Another documented account.
    pub async fn account(&self, login: &str) -> CompteId {
        account(&self.store, login).await
    }

    /// What seals the secrets of the database.
    pub async fn coffre(&self) -> Coffre {
        let coffre = Coffre::of_database(&self.site.files().join("cle-maitresse"), &self.store).await;
        coffre.expect("its key")
    }

    /// What no account asks for.
    pub async fn accueil<C: Command<By = Nobody>>(&self, command: C) -> Result<C::Done, C::Refusal> {
        Accueil::new(self.store.clone()).ask(command).await.expect("the database answers")
    }

    pub async fn ask<C: Command<By = CompteId>>(&self, by: CompteId, command: C) -> Result<C::Done, C::Refusal> {
        let answer: Answer<C> = command.perform(self.store.clone(), by).await;
        answer.expect("the database answers")
    }
}

async fn account(store: &Store, login: &str) -> CompteId {
    let login = Email::parse(login).expect("an address");
    let found = store::comptes::by_login(&mut store.read().await.expect("a connection"), &login).await;
    found.expect("an answer").expect("the account").id
}
