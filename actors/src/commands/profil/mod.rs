//! The profile as its owner fills it in: its two pages, the rows and files of the *Parcours*, the periods of absence
//! and the social networks (manual §3.1.2, §3.3, SPEC I9 to I13, C2).

mod absences;
mod fichiers;
mod lignes;
mod pages;

use domain::CompteId;
use domain::inscription::{Refusal, Volet};
use domain::reseau::Reseau;
use store::inscriptions::Inscription;
use store::profils::LIGNES_MAX;
use store::{Pending, Refused, Transaction};

use super::command;
use super::valide::{NotValidated, validated};

pub use absences::{AddAbsence, ChangeAbsence, NotPlanned, RemoveAbsence};
pub use fichiers::{RemoveFile, SetCv};
pub use lignes::{RemoveLigne, RestoreLigne, SaveLigne};
pub use pages::{GiveUpProfil, KeepProfil, NotSaved, SaveInformations, SaveParcours};

/// Why nothing changed in the rows and files of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotChanged {
    #[error(transparent)]
    Frozen(#[from] Refusal),
    #[error("Ce tableau compte déjà {LIGNES_MAX} lignes : regroupez-en, ou supprimez-en une.")]
    Full,
    #[error("Cette ligne ou ce fichier n’existe pas, ou n’existe plus.")]
    Unknown,
}

/// Opens a part of the profile to be changed in this transaction: nobody moves the registration on meanwhile, so that a
/// form that was open before is refused once it is sent (manual §3.1.3).
pub(in crate::commands) fn open(
    transaction: &mut Transaction,
    by: CompteId,
    volet: Volet,
) -> Pending<'_, Inscription, Refused<Refusal>> {
    Box::pin(async move {
        let found = store::inscriptions::hold(transaction, by).await?.ok_or(Refused::Because(Refusal::NotSent))?;
        volet.modifiable(found.etat, found.immatriculation.is_some()).map_err(Refused::Because)?;
        Ok(found)
    })
}

/// Replace the addresses of one's social networks.
#[derive(Clone, Debug)]
pub struct SetReseaux(pub Vec<(Reseau, String)>);

command!(SetReseaux: (), NotValidated);

impl SetReseaux {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotValidated>> {
        validated(transaction, by).await?;
        Ok(store::profils::set_reseaux(transaction, by, &self.0).await?)
    }
}
