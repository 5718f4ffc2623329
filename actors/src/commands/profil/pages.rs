//! « Mes informations » and « Mon parcours »: what is typed is kept, and published by « Enregistrer » alone (SPEC I9).

use std::convert::Infallible;

use domain::CompteId;
use domain::alertes::Regle;
use domain::compte::EtatInscription;
use domain::inscription::{Refusal, Volet};
use domain::profil::{Champs, Ecart, Identification, Parcours};
use domain::time::paris_day;
use store::inscriptions::Inscription;
use store::profils::{self, INFORMATIONS, PARCOURS};
use store::{Refused, Transaction};

use crate::commands::command;

/// The name under which the unsaved text of a page is kept.
fn cle(volet: Volet) -> &'static str {
    match volet {
        Volet::Informations => INFORMATIONS,
        Volet::Parcours => PARCOURS,
    }
}

/// Keep what is typed on a page. Text equal to what is saved is not kept.
#[derive(Clone, Debug)]
pub struct KeepProfil {
    pub volet: Volet,
    pub champs: Champs,
}

command!(KeepProfil: (), Refusal);

impl KeepProfil {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<Refusal>> {
        super::open(transaction, by, self.volet).await?;
        let saved = match self.volet {
            Volet::Informations => {
                let saved = profils::identification(transaction.connection(), by).await?;
                let today = paris_day(transaction.now);
                saved.is_some_and(|saved| Identification::read(&self.champs, today) == (saved, Vec::new()))
            }
            Volet::Parcours => {
                let saved = profils::parcours(transaction.connection(), by).await?;
                let regle = store::alertes::regle(transaction.connection(), by).await?;
                Parcours::read(&self.champs) == (saved, Vec::new()) && Regle::of_form(&self.champs) == Ok(regle)
            }
        };
        if saved {
            profils::forget_saisie(transaction, by, cle(self.volet)).await?;
        } else {
            profils::keep_saisie(transaction, by, cle(self.volet), &self.champs).await?;
        }
        Ok(())
    }
}

/// Forget what is typed on a page: it shows what is saved again.
#[derive(Clone, Copy, Debug)]
pub struct GiveUpProfil(pub Volet);

command!(GiveUpProfil: (), Infallible);

impl GiveUpProfil {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<Infallible>> {
        Ok(profils::forget_saisie(transaction, by, cle(self.0)).await?)
    }
}

/// Why a page is not saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSaved {
    #[error(transparent)]
    Frozen(#[from] Refusal),
    /// A profile of the CV-thèque stays complete: these fields are missing.
    #[error("Des champs sont à remplir.")]
    Missing(Vec<Ecart>),
    #[error("Un autre compte existe avec cette civilité, ce nom, ce prénom et cette date de naissance.")]
    Taken,
}

/// Opens a page to be saved; a profile of the CV-thèque may miss nothing.
async fn open(
    transaction: &mut Transaction,
    by: CompteId,
    volet: Volet,
    missing: impl FnOnce(&Inscription) -> Vec<Ecart>,
) -> Result<Inscription, Refused<NotSaved>> {
    let inscription = super::open(transaction, by, volet).await.map_err(|no| no.map(NotSaved::Frozen))?;
    let missing = missing(&inscription);
    if inscription.etat == EtatInscription::Validee && !missing.is_empty() {
        return Err(Refused::Because(NotSaved::Missing(missing)));
    }
    Ok(inscription)
}

/// Save « Mes informations »; a structure that can't be chosen any more stays.
#[derive(Clone, Debug)]
pub struct SaveInformations(pub Identification);

command!(SaveInformations: (), NotSaved);

impl SaveInformations {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotSaved>> {
        let with_structure = |inscription: &Inscription| {
            let structure = inscription.structure_fixe().or(self.0.structure);
            Identification { structure, ..self.0.clone() }
        };
        let missing = |inscription: &Inscription| with_structure(inscription).missing();
        let inscription = open(transaction, by, Volet::Informations, missing).await?;
        match profils::save_identification(transaction, by, &with_structure(&inscription)).await {
            Err(error) if error.is_unique_violation() => return Err(Refused::Because(NotSaved::Taken)),
            saved => saved?,
        }
        Ok(profils::forget_saisie(transaction, by, INFORMATIONS).await?)
    }
}

/// Save « Mon parcours », with the boxes of the alerts.
#[derive(Clone, Debug)]
pub struct SaveParcours {
    pub parcours: Parcours,
    pub regle: Regle,
}

command!(SaveParcours: (), NotSaved);

impl SaveParcours {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotSaved>> {
        open(transaction, by, Volet::Parcours, |_| self.parcours.missing()).await?;
        profils::save_parcours(transaction, by, &self.parcours).await?;
        store::alertes::set(transaction, by, self.regle).await?;
        Ok(profils::forget_saisie(transaction, by, PARCOURS).await?)
    }
}
