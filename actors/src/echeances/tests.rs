//! Deadlines by a clock that the test moves, on a database of its own.

use domain::compte::{EtatCompte, Role};
use domain::email::Email;
use domain::journal::Fact;
use domain::time::{ACTIVATION_DAYS, days_after};
use domain::{CompteId, connexion};
use futures_util::FutureExt;
use store::comptes::{self, Nouveau};
use store::courriels;

use super::*;
use crate::scene::{Scene, scene};

impl Scene {
    async fn exists(&self, id: CompteId) -> bool {
        comptes::by_id(&mut self.store.read().await.unwrap(), id).await.unwrap().is_some()
    }

    async fn mails(&self) -> Vec<(String, &'static str)> {
        let traces = courriels::latest(&mut self.store.read().await.unwrap(), 1000, 0).await.unwrap();
        traces.into_iter().map(|trace| (trace.sortant.destinataire, trace.sortant.courriel.modele())).collect()
    }

    async fn deletions(&self) -> Vec<CompteId> {
        let stretch = self.store.follow(0, 10_000).await.unwrap();
        let entries = stretch.entries.into_iter();
        entries
            .filter_map(|entry| match entry.fact {
                Fact::CompteSupprime { compte } => Some(compte),
                _ => None,
            })
            .collect()
    }

    fn move_to(&self, moment: chrono::NaiveDateTime) {
        assert!(self.clock.advance(moment - self.clock.now()));
    }
}

async fn run(store: &Store) -> Progress {
    Echeances::new(store.clone()).run().await.unwrap()
}

#[tokio::test]
async fn i3_without_a_click_in_seven_days_the_account_is_deleted() {
    let scene = scene().await;
    let deadline = days_after(scene.clock.now(), ACTIVATION_DAYS);
    let id = scene.register("renee@exemple.fr").await;
    scene.clock.advance(chrono::Duration::hours(6 * 24 + 23));
    run(&scene.store).await;
    assert!(scene.exists(id).await);
    // The last minute of the seventh day in Paris is still hers.
    scene.move_to(deadline - chrono::Duration::minutes(1));
    run(&scene.store).await;
    assert!(scene.exists(id).await);
    assert_eq!((scene.mails().await.len(), scene.deletions().await.len()), (0, 0));
    scene.move_to(deadline + chrono::Duration::seconds(1));
    run(&scene.store).await;
    run(&scene.store).await;
    assert!(!scene.exists(id).await);
    assert_eq!(scene.mails().await, vec![("renee@exemple.fr".to_owned(), "compte_supprime")]);
    assert_eq!(scene.deletions().await, vec![id]);
}

#[tokio::test]
async fn i3_an_account_that_was_activated_stays() {
    let scene = scene().await;
    let nouveau = Nouveau {
        role: Role::Intervenant,
        etat: EtatCompte::Actif,
        login: Email::parse("paul@exemple.fr").unwrap(),
        mot_de_passe: None,
        civilite: "M.".to_owned(),
        nom: "Paul".to_owned(),
        prenom: "Paul".to_owned(),
        structure: None,
        // Left behind by the registration: the state is what counts.
        naissance: None,
        activation_avant: Some(days_after(scene.clock.now(), ACTIVATION_DAYS)),
    };
    let id = scene
        .store
        .write(None, move |transaction| async move { comptes::create(transaction, &nouveau).await }.boxed())
        .await
        .unwrap();
    scene.clock.advance(chrono::Duration::days(30));
    run(&scene.store).await;
    assert!(scene.exists(id).await);
    assert!(scene.mails().await.is_empty());
}

#[tokio::test]
async fn x7_two_servers_at_once_run_a_deadline_once() {
    let scene = scene().await;
    let other = Store::open(&scene.url, scene.clock.clone()).await.unwrap();
    for number in 0..20 {
        scene.register(&format!("personne{number}@exemple.fr")).await;
    }
    scene.clock.advance(chrono::Duration::days(9));
    futures_util::future::join(run(&scene.store), run(&other)).await;
    assert_eq!(scene.deletions().await.len(), 20);
    let mut mails = scene.mails().await;
    mails.sort();
    mails.dedup();
    assert_eq!(mails.len(), 20);
}

#[tokio::test]
async fn x7_a_long_stop_is_caught_up_in_bounded_batches() {
    let scene = scene().await;
    for number in 0..=BATCH {
        scene.register(&format!("personne{number}@exemple.fr")).await;
    }
    scene.clock.advance(chrono::Duration::days(400));
    assert_eq!(run(&scene.store).await, Progress::More);
    assert_eq!(scene.deletions().await.len() as i64, BATCH);
    assert_eq!(run(&scene.store).await, Progress::Done);
    assert_eq!(scene.deletions().await.len() as i64, BATCH + 1);
}

#[tokio::test]
async fn k9_k10_ended_sessions_and_old_failures_are_forgotten() {
    let scene = scene().await;
    let id = scene.register("renee@exemple.fr").await;
    let session = scene
        .store
        .write::<_, store::Error, _>(None, move |transaction| {
            async move {
                let key = tries::Cle { cle: "compte:renee".to_owned(), pardonnes: 0 };
                tries::attempt(transaction, &[key]).await?;
                store::sessions::open(transaction, id, "empreinte", "Firefox", chrono::Duration::hours(1)).await
            }
            .boxed()
        })
        .await
        .unwrap();
    run(&scene.store).await;
    assert_eq!(closed_sessions(&scene).await, Vec::<i64>::new());
    scene.clock.advance(connexion::MEMORY + chrono::Duration::minutes(1));
    assert_eq!(old_failures(&scene).await, 1);
    run(&scene.store).await;
    run(&scene.store).await;
    assert_eq!(closed_sessions(&scene).await, vec![session]);
    assert_eq!(old_failures(&scene).await, 0);
}

async fn closed_sessions(scene: &Scene) -> Vec<i64> {
    let stretch = scene.store.follow(0, 100).await.unwrap();
    let entries = stretch.entries.into_iter();
    entries
        .filter_map(|entry| match entry.fact {
            Fact::SessionsFermees { sessions, .. } => Some(sessions),
            _ => None,
        })
        .flatten()
        .collect()
}

/// How many counted failures are too old, without forgetting them.
async fn old_failures(scene: &Scene) -> usize {
    let (sender, receiver) = std::sync::mpsc::channel();
    let rolled_back: Result<(), store::Error> = scene
        .store
        .write(None, move |transaction| {
            async move {
                sender.send(tries::forget_old(transaction).await?).unwrap();
                Err(store::Error::Interrupted)
            }
            .boxed()
        })
        .await;
    assert!(rolled_back.is_err());
    receiver.recv().unwrap()
}
