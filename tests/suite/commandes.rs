//! What is done in somebody's name, without HTTP, on both engines: one file for each word, as in `actors/src/commands/`.

mod acces;
mod agents;
mod annonces;
mod candidatures;
mod comptes;
mod connexion;
mod contenus;
mod cvtheque;
mod demandes;
mod donnees;
mod dossiers;
mod inscriptions;
mod intervenants;
mod lettres;
mod messagerie;
mod modeles;
mod profil;
mod referentiels;

use actors::commands::{Answer, Command, FrontDesk, LinkSecret, Nobody};
use domain::courriel::Courriel;
use domain::email::Email;
use domain::journal::Fact;
use domain::{CompteId, StructureId};
use store::comptes::Compte;
use store::vault::Vault;
use store::{Pending, Store, Transaction};

use crate::base::open;
use crate::support::{Engine, Site, logins};

pub fn email(text: &str) -> Email {
    Email::parse(text).expect("an address")
}

/// What opens a link of that name.
pub fn secret(name: &str) -> LinkSecret {
    LinkSecret { token: format!("jeton-{name}"), kept: format!("empreinte-{name}") }
}

/// The demonstration's database, without a server.
pub struct World {
    pub site: Site,
    pub store: Store,
    pub desk: CompteId,
    pub person: CompteId,
}

impl World {
    pub async fn of(engine: Engine) -> Self {
        let site = Site::demo(engine).await;
        let store = open(&site).await;
        let mut world = Self { site, store, desk: CompteId(0), person: CompteId(0) };
        world.desk = world.named(logins::GESTIONNAIRE).await.id;
        world.person = world.named(logins::INTERVENANT).await.id;
        world
    }

    pub async fn named(&self, login: &str) -> Compte {
        let mut connection = self.store.read().await.expect("a connection");
        store::comptes::by_login(&mut connection, &email(login)).await.expect("an answer").expect("the account")
    }

    pub async fn account(&self, login: &str) -> CompteId {
        self.named(login).await.id
    }

    pub async fn structure(&self, of: CompteId) -> StructureId {
        self.compte(of).await.structure.expect("theirs")
    }

    /// What seals the secrets of the database.
    pub async fn vault(&self) -> Vault {
        let vault = Vault::of_database(&self.site.files().join("cle-maitresse"), &self.store).await;
        vault.expect("its key")
    }

    /// What the account is now.
    pub async fn compte(&self, id: CompteId) -> Compte {
        let mut connection = self.store.read().await.expect("a connection");
        store::comptes::by_id(&mut connection, id).await.expect("an answer").expect("the account")
    }

    /// The newest mails, each as its address and what it says.
    pub async fn mails(&self, count: i64) -> Vec<(String, Courriel)> {
        let mut connection = self.store.read().await.expect("a connection");
        let all = store::courriels::latest(&mut connection, count, 0).await.expect("an answer");
        all.into_iter().map(|trace| (trace.sortant.destinataire, trace.sortant.courriel)).collect()
    }

    /// The id of the last row of the journal.
    pub async fn head(&self) -> i64 {
        store::journal::head(&mut self.store.read().await.expect("a connection")).await.expect("an answer")
    }

    /// What the journal says after a row, at most a thousand facts.
    pub async fn since(&self, row: i64) -> Vec<Fact> {
        let entries = self.store.follow(row, 1_000).await.expect("the journal").entries;
        entries.into_iter().map(|entry| entry.fact).collect()
    }

    /// Writes what no command does.
    pub async fn write<T, F>(&self, work: F) -> T
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Transaction) -> Pending<'t, T> + Send + 'static,
    {
        self.store.write::<_, store::Error, _>(None, work).await.expect("written")
    }

    /// What no account asks for.
    pub async fn visitor<C: Command<By = Nobody>>(&self, command: C) -> Result<C::Done, C::Refusal> {
        FrontDesk::new(self.store.clone()).ask(command).await.expect("the database answers")
    }

    pub async fn ask<C: Command<By = CompteId>>(&self, by: CompteId, command: C) -> Result<C::Done, C::Refusal> {
        let answer: Answer<C> = command.perform(self.store.clone(), by).await;
        answer.expect("the database answers")
    }
}
