//! The rows of the four tables of the *Parcours* (SPEC I10). A row may bear a diploma.

use domain::CompteId;
use domain::inscription::Volet;
use domain::profil::{Ligne, Rubrique};
use store::fichiers::{self, Recu};
use store::{Refused, Transaction, profils};

use super::NotChanged;
use super::fichiers::row;
use crate::commands::command;

/// The name under which a removed row is kept, for « Annuler ».
const REMOVED: &str = "ligne_retiree";

async fn open(transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotChanged>> {
    let opened = super::open(transaction, by, Volet::Parcours).await;
    opened.map(|_| ()).map_err(|no| no.map(NotChanged::Frozen))
}

/// Save a row: a new one, or the one of that id. Returns the blobs that no row names any more.
#[derive(Clone, Debug)]
pub struct SaveLigne {
    pub rubrique: Rubrique,
    /// Its id; none for a new one.
    pub id: Option<i64>,
    pub ligne: Ligne,
    /// A diploma that takes the place of the one before.
    pub diplome: Option<Recu>,
}

command!(SaveLigne: Vec<String>, NotChanged);

impl SaveLigne {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<Vec<String>, Refused<NotChanged>> {
        open(transaction, by).await?;
        let saved = profils::save_ligne(transaction, by, self.rubrique, self.id, &self.ligne).await?;
        let none = if self.id.is_some() { NotChanged::Unknown } else { NotChanged::Full };
        let saved = saved.ok_or(Refused::Because(none))?;
        match &self.diplome {
            Some(recu) => Ok(fichiers::replace(transaction, &row(by, "diplome", recu, Some(saved))).await?),
            None => Ok(Vec::new()),
        }
    }
}

/// Remove a row, which [`RestoreLigne`] brings back for a while; its diploma goes for good. Returns its table, and the
/// blobs that no row names any more.
#[derive(Clone, Copy, Debug)]
pub struct RemoveLigne(pub i64);

command!(RemoveLigne: (Rubrique, Vec<String>), NotChanged);

impl RemoveLigne {
    async fn run(
        &self,
        transaction: &mut Transaction,
        by: CompteId,
    ) -> Result<(Rubrique, Vec<String>), Refused<NotChanged>> {
        open(transaction, by).await?;
        let unknown = || Refused::Because(NotChanged::Unknown);
        let rows = profils::lignes(transaction.connection(), by).await?;
        let found = rows.into_iter().find(|row| row.id == self.0).ok_or_else(unknown)?;
        let gone = profils::remove_ligne(transaction, by, self.0).await?.ok_or_else(unknown)?;
        let mut kept = found.ligne.champs();
        kept.set("rubrique", found.rubrique.as_str());
        profils::keep_saisie(transaction, by, REMOVED, &kept).await?;
        Ok((found.rubrique, gone))
    }
}

/// Bring back the row that was removed last; returns its table.
#[derive(Clone, Copy, Debug)]
pub struct RestoreLigne;

command!(RestoreLigne: Rubrique, NotChanged);

impl RestoreLigne {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<Rubrique, Refused<NotChanged>> {
        open(transaction, by).await?;
        let kept = profils::saisie(transaction.connection(), by, REMOVED).await?;
        let read = kept
            .and_then(|(champs, _)| Some((Rubrique::from_word(champs.one("rubrique"))?, Ligne::read(&champs).ok()?)));
        let (rubrique, ligne) = read.ok_or(Refused::Because(NotChanged::Unknown))?;
        let saved = profils::save_ligne(transaction, by, rubrique, None, &ligne).await?;
        saved.ok_or(Refused::Because(NotChanged::Full))?;
        profils::forget_saisie(transaction, by, REMOVED).await?;
        Ok(rubrique)
    }
}
