//! The life of an annonce (SPEC A1, A5 to A8).

use domain::CompteId;
use domain::StructureId;
use domain::annonce::{EtatAnnonce, Evenement};
use domain::compte::Droit;
use store::annonces::{Contenu, NotChanged};
use store::{Refused, Transaction};

use super::command;

async fn structure(transaction: &mut Transaction, by: CompteId) -> Result<StructureId, Refused<NotChanged>> {
    let structure = store::droits::habilite(transaction, by, Droit::Annonces).await?;
    structure.ok_or(Refused::Because(NotChanged::Forbidden))
}

/// Begin an annonce of one's structure: a draft. Returns its id.
#[derive(Clone, Debug)]
pub struct CreateAnnonce(pub Contenu);

command!(CreateAnnonce: i64, NotChanged);

impl CreateAnnonce {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<i64, Refused<NotChanged>> {
        let structure = structure(transaction, by).await?;
        Ok(store::annonces::create(transaction, structure, by, &self.0).await?)
    }
}

/// Change what an annonce says, if it is still as it was read. Returns its new version.
#[derive(Clone, Debug)]
pub struct ChangeAnnonce {
    pub annonce: i64,
    pub version: i64,
    pub contenu: Contenu,
}

command!(ChangeAnnonce: i64, NotChanged);

impl ChangeAnnonce {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<i64, Refused<NotChanged>> {
        let structure = structure(transaction, by).await?;
        store::annonces::update(transaction, structure, self.annonce, self.version, &self.contenu).await
    }
}

/// Publish, close or put away an annonce, if it is still as it was read. Returns where it stands then.
#[derive(Clone, Copy, Debug)]
pub struct AdvanceAnnonce {
    pub annonce: i64,
    pub version: i64,
    pub evenement: Evenement,
}

command!(AdvanceAnnonce: EtatAnnonce, NotChanged);

impl AdvanceAnnonce {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<EtatAnnonce, Refused<NotChanged>> {
        let structure = structure(transaction, by).await?;
        store::annonces::advance(transaction, structure, self.annonce, self.version, self.evenement).await
    }
}
