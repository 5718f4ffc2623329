//! What the tests of followers stand on: a database of its own, by a clock that the test moves.

use domain::CompteId;
use domain::compte::{EtatCompte, Role};
use domain::email::Email;
use domain::time::{ACTIVATION_DAYS, Clock, days_after};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use store::Store;
use store::comptes::{self, Nouveau};

/// The database, its clock and address, and the folder that goes with them.
pub struct Scene {
    pub store: Store,
    pub clock: Clock,
    pub url: String,
    pub folder: tempfile::TempDir,
}

pub fn scene() -> BoxFuture<'static, Scene> {
    Box::pin(async move {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("t.db").display());
        let clock = Clock::movable();
        let store = Store::open(&url, clock.clone()).await.unwrap();
        store.migrate().await.unwrap();
        Scene { store, clock, url, folder }
    })
}

impl Scene {
    /// Somebody who registers, and has not activated their account.
    pub fn register<'a>(&'a self, login: &'a str) -> BoxFuture<'a, CompteId> {
        Box::pin(async move {
            let nouveau = Nouveau {
                role: Role::Intervenant,
                etat: EtatCompte::AActiver,
                login: Email::parse(login).unwrap(),
                mot_de_passe: None,
                civilite: "Mme".to_owned(),
                nom: "Le Gall".to_owned(),
                prenom: "Renée".to_owned(),
                structure: None,
                naissance: None,
                activation_avant: Some(days_after(self.clock.now(), ACTIVATION_DAYS)),
            };
            self.store
                .write(None, move |transaction| async move { comptes::create(transaction, &nouveau).await }.boxed())
                .await
                .unwrap()
        })
    }
}
