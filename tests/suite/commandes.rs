//! What is done in somebody's name, without HTTP, on both engines: one file for each word, as in `actors/src/commands/`.

mod annonces;
mod candidatures;
mod inscriptions;
mod messagerie;

use actors::commands::{Accueil, Answer, Command, Nobody};
use domain::CompteId;
use domain::email::Email;
use store::Store;

use crate::base::open;
use crate::support::{Engine, Site, logins};

/// The demonstration's database, without a server.
pub struct World {
    _site: Site,
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
        let account = async |login: &str| {
            let login = Email::parse(login).expect("an address");
            let found = store::comptes::by_login(&mut store.read().await.expect("a connection"), &login).await;
            found.expect("an answer").expect("the account").id
        };
        let (desk, person) = (account(logins::GESTIONNAIRE).await, account(logins::INTERVENANT).await);
        Self { _site: site, store, desk, person }
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
