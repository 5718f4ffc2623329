//! Reply templates of a structure (SPEC M8).

use domain::compte::Droit;
use domain::{CompteId, StructureId};
use store::{Refused, Transaction};

use super::command;

/// Templates that a structure keeps at most.
pub const MODELES_MAX: usize = 100;

/// Why a template stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateRefusal {
    #[error("Un modèle de votre structure porte déjà ce nom : choisissez-en un autre.")]
    NameTaken,
    #[error("Votre structure a déjà {MODELES_MAX} modèles : supprimez-en un d’abord.")]
    TooMany,
    #[error("Ce modèle n’existe pas, ou n’est pas de votre structure.")]
    NotFound,
    #[error("Vous n’avez pas, ou plus, le droit d’écrire au nom de votre structure.")]
    Forbidden,
}

async fn structure(transaction: &mut Transaction, by: CompteId) -> Result<StructureId, Refused<TemplateRefusal>> {
    let structure = store::droits::habilite(transaction, by, Droit::Messagerie).await?;
    structure.ok_or(Refused::Because(TemplateRefusal::Forbidden))
}

#[derive(Clone, Debug)]
pub struct KeepTemplate {
    /// The one that is changed; none for a new one.
    pub modele: Option<i64>,
    pub nom: String,
    /// Its text, with words in braces.
    pub texte: String,
}

command!(KeepTemplate: (), TemplateRefusal);

impl KeepTemplate {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<TemplateRefusal>> {
        let structure = structure(transaction, by).await?;
        let all = store::modeles::names(transaction.connection(), structure).await?;
        if all.iter().any(|(other, name)| *name == self.nom && Some(*other) != self.modele) {
            return Err(Refused::Because(TemplateRefusal::NameTaken));
        }
        let said = (self.nom.as_str(), self.texte.as_str());
        let Some(modele) = self.modele else {
            if all.len() >= MODELES_MAX {
                return Err(Refused::Because(TemplateRefusal::TooMany));
            }
            return Ok(store::modeles::insert(transaction, structure, said).await?);
        };
        let kept = store::modeles::update(transaction, structure, modele, said).await?;
        if kept { Ok(()) } else { Err(Refused::Because(TemplateRefusal::NotFound)) }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct RemoveTemplate(pub i64);

command!(RemoveTemplate: (), TemplateRefusal);

impl RemoveTemplate {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<TemplateRefusal>> {
        let structure = structure(transaction, by).await?;
        let gone = store::modeles::remove(transaction, structure, self.0).await?;
        if gone { Ok(()) } else { Err(Refused::Because(TemplateRefusal::NotFound)) }
    }
}
