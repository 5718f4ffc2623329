//! Recognises the text of pages that are pictures, one file after the other, while no other file waits to be read (SPEC G3).

use std::sync::Arc;
use std::time::Duration;

use documents::{Blobs, ExtractError, Extractor};
use domain::fichier::EtatLecture;
use futures_util::future::LocalBoxFuture;
use store::fichiers::{self, ALire, Lecture};
use store::{Error, Store};

use crate::follower::{Called, Failure, Progress, Work};

pub struct Reconnaisseur {
    store: Store,
    blobs: Arc<Blobs>,
    extractor: Arc<Extractor>,
    recognition: Extractor,
}

impl std::fmt::Debug for Reconnaisseur {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reconnaisseur").finish_non_exhaustive()
    }
}

impl Reconnaisseur {
    /// `extractor` says which pages are pictures, `recognition` reads them.
    pub fn new(store: Store, blobs: Arc<Blobs>, extractor: Arc<Extractor>, recognition: Extractor) -> Self {
        Self { store, blobs, extractor, recognition }
    }

    /// The text of a file with that of its pictures; none when it has no picture, or no text was recognised.
    async fn recognised(&self, file: &ALire) -> Result<Option<String>, ExtractError> {
        let Ok(blob) = file.blob.parse() else { return Ok(None) };
        let path = self.blobs.path(blob);
        let read = self.extractor.extract(documents::Format::Pdf, &path).await?;
        if read.pictures.is_empty() {
            return Ok(None);
        }
        let pictures = self.recognition.recognise(&path, &read.pictures).await?;
        // Where nothing was recognised, nothing is said to have been.
        if pictures.text.trim().is_empty() {
            return Ok(None);
        }
        Ok(Some([read.text.trim(), pictures.text.trim()].join("\n\n").trim().to_owned()))
    }

    async fn one(&self, file: ALire) -> Result<(), Error> {
        let recognised = self.recognised(&file).await;
        let outcome = match &recognised {
            Ok(Some(_)) => "recognised",
            Ok(None) => "nothing_recognised",
            Err(error) => {
                tracing::info!(fichier = file.id, %error, "the pictures of a file could not be recognised");
                "not_recognised"
            }
        };
        metrics::counter!("ei_files_read_total", "outcome" => outcome).increment(1);
        let write = self.store.write::<_, Error, _>(None, move |transaction| {
            Box::pin(async move {
                match recognised {
                    Ok(Some(texte)) => {
                        let lecture = Lecture::Texte(texte, EtatLecture::Reconnu);
                        fichiers::set_text(transaction, &file, &lecture).await?;
                    }
                    // What came from the machine rather than from the file is tried again.
                    Err(ExtractError::Ended(_) | ExtractError::System { .. })
                        if file.tentatives + 1 < fichiers::LECTURES_MAX =>
                    {
                        fichiers::set_text(transaction, &file, &Lecture::Plus).await?;
                    }
                    Ok(None) | Err(_) => fichiers::give_up(transaction, &file).await?,
                }
                Ok(())
            })
        });
        write.await
    }
}

impl Work for Reconnaisseur {
    fn called(&self) -> Called {
        Called { name: "reconnaisseur", label: "Reconnaissance des pages en image" }
    }

    fn tick(&self) -> Duration {
        Duration::from_secs(5)
    }

    fn run(&mut self) -> LocalBoxFuture<'_, Result<Progress, Failure>> {
        Box::pin(async move {
            let mut connection = self.store.read().await?;
            if fichiers::count(&mut connection, EtatLecture::ALire).await? > 0 {
                return Ok(Progress::Done);
            }
            let next = fichiers::waiting(&mut connection, EtatLecture::AReconnaitre, 1).await?.pop();
            drop(connection);
            match next {
                Some(file) => {
                    self.one(file).await?;
                    Ok(Progress::More)
                }
                None => Ok(Progress::Done),
            }
        })
    }
}
