//! Has the antivirus look at received files. While it is down files wait, and this is shown: in the log, in the
//! metrics, on the administrateur's board, and beside each file that waits.

use futures_util::future::LocalBoxFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use documents::{Antivirus, BlobError, BlobId, Blobs, Verdict};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use store::analyses::{AAnalyser, Constat};
use store::vault::Vault;
use store::{Error, Store};

use crate::follower::{Called, Failure, Progress, Work};

/// Files looked at in one run, and at once.
const BATCH: i64 = 16;
const AT_ONCE: usize = 2;
/// How long an answer of the antivirus holds: one that is down is left alone, and without files it is not asked again.
const REST: Duration = Duration::from_secs(5);
/// How often it is logged again that an antivirus stays down.
const SAID_AGAIN: Duration = Duration::from_mins(10);
/// Between two sweeps of what was said of files that are gone.
const SWEEP: Duration = Duration::from_hours(24);

/// The antivirus as others see it.
#[derive(Debug, Default)]
pub struct Surveille {
    down: AtomicBool,
}

impl Surveille {
    /// Whether it answered when it was last asked.
    pub fn up(&self) -> bool {
        !self.down.load(Ordering::Relaxed)
    }
}

pub struct Analyste {
    store: Store,
    blobs: Arc<Blobs>,
    vault: Vault,
    antivirus: Antivirus,
    seen: Arc<Surveille>,
    asked_at: Option<Instant>,
    said_at: Option<Instant>,
    swept_at: Option<Instant>,
}

impl std::fmt::Debug for Analyste {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Analyste").field("antivirus", &self.antivirus).finish_non_exhaustive()
    }
}

impl Analyste {
    /// Has `antivirus` look at the files of `store` whose bytes are in `blobs`; `seen` is what others look at.
    pub fn new(store: Store, blobs: Arc<Blobs>, vault: Vault, antivirus: Antivirus, seen: Arc<Surveille>) -> Self {
        Self { store, blobs, vault, antivirus, seen, asked_at: None, said_at: None, swept_at: None }
    }

    /// Whether the antivirus answers. A change is logged once, and again now and then while it is down. Asked not long
    /// ago, it is asked again only when files wait and it was up: commits that bring no file cost no question.
    async fn answers(&mut self, waiting: bool) -> bool {
        let lately = self.asked_at.is_some_and(|at| at.elapsed() < REST);
        if lately && !(waiting && self.seen.up()) {
            return self.seen.up();
        }
        self.asked_at = Some(Instant::now());
        let asked = self.antivirus.ping().await;
        let was_up = !self.seen.down.swap(asked.is_err(), Ordering::Relaxed);
        metrics::gauge!("ei_antivirus_up").set(if asked.is_ok() { 1.0 } else { 0.0 });
        let Err(error) = asked else {
            if !was_up {
                tracing::info!(antivirus = %self.antivirus, "the antivirus answers again");
            }
            return true;
        };
        if was_up || self.said_at.is_none_or(|at| at.elapsed() >= SAID_AGAIN) {
            self.said_at = Some(Instant::now());
            tracing::error!(antivirus = %self.antivirus, %error, "the antivirus is down: files wait, kept from others");
        }
        false
    }

    async fn look(&self, file: AAnalyser) -> Result<(), Error> {
        let constat = match self.scan(&file).await {
            Ok(Verdict::Clean) => Constat::Sain,
            Ok(Verdict::Infected(name)) => {
                tracing::warn!(blob = %file.blob, found = %name, "the antivirus found something in a file");
                Constat::Infecte(name)
            }
            Err(error) if matches!(error.downcast_ref(), Some(BlobError::Missing(_))) => Constat::Disparu,
            Err(error) => {
                tracing::warn!(blob = %file.blob, tries = file.tentatives + 1, %error, "a file could not be analysed");
                Constat::Rien
            }
        };
        let outcome = match constat {
            Constat::Sain => "clean",
            Constat::Infecte(_) => "infected",
            Constat::Rien => "later",
            Constat::Disparu => "gone",
        };
        metrics::counter!("ei_files_scanned_total", "outcome" => outcome).increment(1);
        self.store
            .write::<_, Error, _>(None, move |transaction| {
                Box::pin(async move { store::analyses::settle(transaction, &file, &constat).await })
            })
            .await?;
        Ok(())
    }

    async fn scan(&self, file: &AAnalyser) -> Result<Verdict, Failure> {
        let blob: BlobId = file.blob.parse()?;
        let Some(key) = file.cle.clone() else {
            let path = self.blobs.path(blob);
            if !tokio::fs::try_exists(&path).await? {
                return Err(BlobError::Missing(blob).into());
            }
            return Ok(self.antivirus.scan_file(&path).await?);
        };
        let sealed = self.blobs.whole(blob).await?;
        let (vault, place) = (self.vault.clone(), store::dossiers::place_of_file(&file.blob));
        let bytes = tokio::task::spawn_blocking(move || vault.open_file(&sealed, &key, &place)).await??;
        Ok(self.antivirus.scan(&bytes).await?)
    }

    async fn sweep(&mut self) -> Result<(), Error> {
        if self.swept_at.is_some_and(|at| at.elapsed() < SWEEP) {
            return Ok(());
        }
        // Looked for outside the transaction, which would keep every other one waiting: there are many files.
        let gone = store::analyses::unnamed(&mut self.store.read().await?).await?;
        if !gone.is_empty() {
            tracing::info!(gone = gone.len(), "what was said of files that are gone is forgotten");
            self.store
                .write::<_, Error, _>(None, move |transaction| {
                    Box::pin(async move { store::analyses::forget(transaction, &gone).await })
                })
                .await?;
        }
        self.swept_at = Some(Instant::now());
        Ok(())
    }
}

impl Work for Analyste {
    fn called(&self) -> Called {
        Called { name: "analyste", label: "Analyse des fichiers reçus" }
    }

    fn tick(&self) -> Duration {
        Duration::from_secs(10)
    }

    fn pause(&self) -> Duration {
        Duration::from_millis(200)
    }

    fn run(&mut self) -> LocalBoxFuture<'_, Result<Progress, Failure>> {
        Box::pin(async move {
            self.sweep().await?;
            let now = self.store.clock().now();
            let files = store::analyses::due(&mut self.store.read().await?, now, BATCH).await?;
            // Asked also when nothing waits: who runs the service learns of it before the first file comes.
            if !self.answers(!files.is_empty()).await || files.is_empty() {
                return Ok(Progress::Done);
            }
            let full = files.len() as i64 == BATCH;
            stream::iter(files.into_iter().map(|file| self.look(file)))
                .buffer_unordered(AT_ONCE)
                .try_collect::<()>()
                .await?;
            Ok(if full { Progress::More } else { Progress::Done })
        })
    }
}

#[cfg(test)]
mod tests {
    use documents::Place;
    use domain::CompteId;
    use domain::analyse::EtatAnalyse;
    use store::fichiers::Nouveau;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::scene::{Scene, scene};

    /// Somebody whose files are looked at.
    struct Personne {
        scene: Scene,
        blobs: Arc<Blobs>,
        vault: Vault,
        compte: CompteId,
    }

    async fn personne() -> Personne {
        let scene = scene().await;
        Personne {
            blobs: Arc::new(Blobs::open(&scene.folder.path().join("fichiers")).await.unwrap()),
            vault: Vault::open(&scene.folder.path().join("cle")).unwrap(),
            compte: scene.register("renee@exemple.fr").await,
            scene,
        }
    }

    impl Personne {
        fn analyste(&self, address: &str) -> (Analyste, Arc<Surveille>) {
            let seen = Arc::new(Surveille::default());
            let antivirus = address.parse().unwrap();
            let (store, blobs, vault) = (self.scene.store.clone(), self.blobs.clone(), self.vault.clone());
            (Analyste::new(store, blobs, vault, antivirus, seen.clone()), seen)
        }

        /// Somebody sends a CV; returns its blob.
        async fn receive(&self, text: &str) -> String {
            let stored = self.blobs.store(Place::Cv, "cv.txt", &mut text.as_bytes()).await.unwrap();
            let blob = stored.id.to_string();
            let nouveau = Nouveau {
                compte: self.compte,
                emploi: "cv".to_owned(),
                nom: stored.name,
                format: stored.format.to_string(),
                taille: 1,
                blob: blob.clone(),
                parcours: None,
            };
            self.scene
                .store
                .write::<_, Error, _>(None, move |transaction| {
                    Box::pin(async move { store::fichiers::replace(transaction, &nouveau).await })
                })
                .await
                .unwrap();
            blob
        }

        async fn etat(&self, blob: &str) -> Option<EtatAnalyse> {
            store::analyses::of(&mut self.scene.store.read().await.unwrap(), &[blob]).await.unwrap().remove(blob)
        }

        async fn due(&self) -> usize {
            let mut connection = self.scene.store.read().await.unwrap();
            store::analyses::due(&mut connection, self.scene.clock.now(), 100).await.unwrap().len()
        }
    }

    /// Something that speaks like `clamd` and gives these answers about files, one after the other; and where it listens.
    async fn scanner(answers: &'static [&'static str]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("tcp://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let mut answers = answers.iter();
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut command = Vec::new();
                while command.last() != Some(&0) {
                    command.push(stream.read_u8().await.unwrap());
                }
                let answer = if command == b"zPING\0" { "PONG" } else { *answers.next().unwrap() };
                if command == b"zINSTREAM\0" {
                    loop {
                        let size = stream.read_u32().await.unwrap();
                        if size == 0 {
                            break;
                        }
                        stream.read_exact(&mut vec![0; size as usize]).await.unwrap();
                    }
                }
                stream.write_all(answer.as_bytes()).await.unwrap();
                stream.write_all(b"\0").await.unwrap();
            }
        });
        address
    }

    #[tokio::test]
    async fn q8_a_file_without_a_verdict_waits_and_is_looked_at_again() {
        let renee = personne().await;
        let blob = renee.receive("Accordeur de clavecins.").await;
        assert_eq!(renee.etat(&blob).await, Some(EtatAnalyse::Attente));
        let (mut analyste, _) =
            renee.analyste(&scanner(&["INSTREAM size limit exceeded. ERROR", "", "stream: Eicar FOUND"]).await);
        for wait in [30, 60] {
            analyste.run().await.unwrap();
            assert_eq!((renee.etat(&blob).await, renee.due().await), (Some(EtatAnalyse::Attente), 0));
            renee.scene.clock.advance(chrono::Duration::seconds(wait - 1));
            assert_eq!(renee.due().await, 0, "not before {wait} s");
            renee.scene.clock.advance(chrono::Duration::seconds(1));
            assert_eq!(renee.due().await, 1, "after {wait} s");
        }
        analyste.run().await.unwrap();
        assert_eq!(renee.etat(&blob).await, Some(EtatAnalyse::Infecte));
        let mut connection = renee.scene.store.read().await.unwrap();
        assert_eq!(store::analyses::count_infected(&mut connection).await.unwrap(), 1);
        assert_eq!(store::analyses::count_waiting(&mut connection).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn q8_a_scanner_that_is_down_costs_no_file_its_turn() {
        let renee = personne().await;
        let blob = renee.receive("Accordeur de clavecins.").await;
        // Held and not listened to: a port that was given back might be the scanner of another test by now.
        let held = tokio::net::TcpSocket::new_v4().unwrap();
        held.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let closed = held.local_addr().unwrap();
        let (mut analyste, seen) = renee.analyste(&format!("tcp://{closed}"));
        assert_eq!(analyste.run().await.unwrap(), Progress::Done, "that it is down is no failure of ours");
        assert!(!seen.up());
        assert_eq!((renee.etat(&blob).await, renee.due().await), (Some(EtatAnalyse::Attente), 1));
        let (mut analyste, seen) = renee.analyste(&scanner(&["stream: OK"]).await);
        analyste.run().await.unwrap();
        assert!(seen.up());
        assert_eq!(renee.etat(&blob).await, Some(EtatAnalyse::Sain));
    }

    #[tokio::test]
    async fn q8_what_was_said_of_a_file_goes_with_it() {
        let renee = personne().await;
        let first = renee.receive("Accordeur de clavecins.").await;
        let second = renee.receive("Accordeur de pianos.").await;
        renee.blobs.delete(second.parse().unwrap()).await.unwrap();
        assert!(renee.etat(&first).await.is_some(), "its row is gone, what was said of it not yet");
        // Of the second, the file itself is gone: there is nothing to look at.
        let (mut analyste, _) = renee.analyste(&scanner(&["stream: OK"]).await);
        analyste.run().await.unwrap();
        assert_eq!((renee.etat(&first).await, renee.etat(&second).await), (None, None));
        assert_eq!(renee.due().await, 0);
    }
}
