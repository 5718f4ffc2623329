//! What the tests of mails and their measurement share.

pub mod smtp_server;

use actors::mailer::{BATCH, Mailer, MailerConfig, Transport};
use domain::courriel::Courriel;
use domain::time::Clock;
use futures_util::FutureExt;
use store::Store;
use store::courriels;

/// A database of its own with its clock.
pub struct Scene {
    pub store: Store,
    pub clock: Clock,
    pub folder: tempfile::TempDir,
}

pub async fn scene() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::movable();
    let url = format!("sqlite:{}", folder.path().join("t.db").display());
    let store = Store::open(&url, clock.clone()).await.unwrap();
    store.migrate().await.unwrap();
    Scene { store, clock, folder }
}

impl Scene {
    /// Puts mails in the outbox, numbered from `first`.
    pub async fn put(&self, first: usize, count: usize) {
        self.store
            .write::<_, store::Error, _>(None, move |transaction| {
                async move {
                    for number in first..first + count {
                        let content = Courriel::NouveauMessage {
                            prenom: "Zoé".to_owned(),
                            structure: "Délégation Bretagne".to_owned(),
                            objet: "Votre intervention du 12 janvier".to_owned(),
                            chemin: format!("/messagerie/message/{number}"),
                        };
                        let to = format!("personne{number}@exemple.fr");
                        courriels::put(transaction, None, &to, &format!("message-{number}-1"), &content).await?;
                    }
                    Ok(())
                }
                .boxed()
            })
            .await
            .unwrap();
    }

    pub fn mailer(&self, transport: Transport) -> Mailer {
        let config = MailerConfig {
            transport,
            from: "Espace Intervenants <ne-pas-repondre@exemple.fr>".to_owned(),
            base_url: "https://intervenants.exemple.fr".to_owned(),
            contact: "Écrivez à assistance@exemple.fr.".to_owned(),
            batch: BATCH,
        };
        Mailer::new(self.store.clone(), config).unwrap()
    }
}
