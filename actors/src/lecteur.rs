//! Reads the text of attached files, in child processes with limits of their own, for the CV-thèque to find.

use futures_util::future::LocalBoxFuture;
use std::sync::Arc;
use std::time::Duration;

use documents::{Blobs, ExtractError, Extracted, Extractor, Format};
use domain::fichier::EtatLecture;
use futures_util::future::join_all;
use store::fichiers::{ALire, Lecture};
use store::{Error, Store};

use crate::follower::{Called, Failure, Progress, Work};

/// Files read in one run.
const BATCH: i64 = 16;

pub struct Lecteur {
    store: Store,
    blobs: Arc<Blobs>,
    extractor: Arc<Extractor>,
    /// Whether pages that are pictures are recognised later.
    recognised: bool,
    settled: bool,
}

impl std::fmt::Debug for Lecteur {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lecteur").finish_non_exhaustive()
    }
}

impl Lecteur {
    /// Reads the files of `store` whose bytes are in `blobs`; those with pictures for pages wait for [`crate::reconnaisseur`]
    /// where it is at work.
    pub fn new(store: Store, blobs: Arc<Blobs>, extractor: Arc<Extractor>, recognised: bool) -> Self {
        Self { store, blobs, extractor, recognised, settled: false }
    }

    async fn read(&self, file: ALire) -> Result<(), Error> {
        let lecture = match (file.format.parse::<Format>(), file.blob.parse()) {
            (Ok(format), Ok(blob)) => match self.extractor.extract(format, &self.blobs.path(blob)).await {
                Ok(extracted) => {
                    let etat = etat(&extracted, self.recognised);
                    Lecture::Texte(extracted.text, etat)
                }
                Err(error) => Self::refused(&file, &error),
            },
            _ => Lecture::Illisible,
        };
        let outcome = match lecture {
            Lecture::Texte(..) => "read",
            Lecture::Illisible => "unreadable",
            Lecture::Plus | Lecture::TropLong => "later",
        };
        metrics::counter!("ei_files_read_total", "outcome" => outcome).increment(1);
        self.store
            .write::<_, Error, _>(None, move |transaction| {
                Box::pin(async move { store::fichiers::set_text(transaction, &file, &lecture).await })
            })
            .await?;
        Ok(())
    }

    fn refused(file: &ALire, error: &ExtractError) -> Lecture {
        tracing::info!(fichier = file.id, %error, "the text of a file could not be read");
        // What came from the machine rather than from the file is tried again.
        match error {
            ExtractError::Ended(_) | ExtractError::System { .. } => Lecture::Plus,
            ExtractError::Cpu | ExtractError::WallClock => Lecture::TropLong,
            _ => Lecture::Illisible,
        }
    }
}

/// How far a text is all that a file has, where pictures are recognised later or not.
fn etat(extracted: &Extracted, recognised: bool) -> EtatLecture {
    if recognised && !extracted.pictures.is_empty() {
        EtatLecture::AReconnaitre
    } else if extracted.text.trim().is_empty() {
        EtatLecture::SansTexte
    } else if extracted.truncated || !extracted.pictures.is_empty() {
        EtatLecture::Partiel
    } else {
        EtatLecture::Lu
    }
}

impl Work for Lecteur {
    fn called(&self) -> Called {
        Called { name: "lecteur", label: "Lecture des fichiers joints" }
    }

    fn tick(&self) -> Duration {
        Duration::from_secs(5)
    }

    fn run(&mut self) -> LocalBoxFuture<'_, Result<Progress, Failure>> {
        Box::pin(async move {
            if !self.settled {
                let recognised = self.recognised;
                let settle = self.store.write::<_, Error, _>(None, move |transaction| {
                    Box::pin(async move { store::fichiers::settle(transaction, recognised).await })
                });
                settle.await?;
                self.settled = true;
            }
            let files = store::fichiers::waiting(&mut self.store.read().await?, EtatLecture::ALire, BATCH).await?;
            let full = files.len() as i64 == BATCH;
            for read in join_all(files.into_iter().map(|file| self.read(file))).await {
                read?;
            }
            Ok(if full { Progress::More } else { Progress::Done })
        })
    }
}
