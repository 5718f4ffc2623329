//! The CV of a profile, and the diplomas of its rows (SPEC I11). A blob is stored before its row and removed after it.

use domain::CompteId;
use domain::inscription::{Refusal, Volet};
use store::fichiers::{self, Nouveau, Recu};
use store::{Refused, Transaction};

use super::NotChanged;
use crate::commands::command;

pub(super) fn row(compte: CompteId, emploi: &str, recu: &Recu, parcours: Option<i64>) -> Nouveau {
    let Recu { nom, format, taille, blob } = recu.clone();
    Nouveau { compte, emploi: emploi.to_owned(), nom, format, taille, blob, parcours }
}

/// Put a CV in place of the one before. Returns the blobs that no row names any more.
#[derive(Clone, Debug)]
pub struct SetCv(pub Recu);

command!(SetCv: Vec<String>, Refusal);

impl SetCv {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<Vec<String>, Refused<Refusal>> {
        super::open(transaction, by, Volet::Parcours).await?;
        Ok(fichiers::replace(transaction, &row(by, "cv", &self.0, None)).await?)
    }
}

/// Take the CV or a diploma away, for good. Returns its blob.
#[derive(Clone, Copy, Debug)]
pub struct RemoveFile(pub i64);

command!(RemoveFile: String, NotChanged);

impl RemoveFile {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<String, Refused<NotChanged>> {
        super::open(transaction, by, Volet::Parcours).await.map_err(|no| no.map(NotChanged::Frozen))?;
        let gone = fichiers::remove(transaction, by, self.0).await?;
        gone.ok_or(Refused::Because(NotChanged::Unknown))
    }
}
