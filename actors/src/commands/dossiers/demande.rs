//! A structure asks for a dossier: blocks, pieces, and a few words (manual §3.3.4.1, SPEC D1).

use chrono::NaiveDate;
use domain::compte::Droit;
use domain::courriel::Courriel;
use domain::dossier::motif::TEXTE_MAX;
use domain::dossier::{Cible, Ensemble};
use domain::time::paris_day;
use domain::{CompteId, nir};
use store::dossiers::{self, historique};
use store::{Refused, Transaction, comptes};

use super::tell;
use crate::commands::{command, contact};

/// Ask somebody for their dossier; what was asked before and not validated stays asked. The person gets an email, a
/// notification and the badge.
#[derive(Clone, Debug)]
pub struct AskForDossier {
    pub compte: CompteId,
    /// Blocks and pieces, at least one.
    pub cibles: Vec<Cible>,
    /// A few words to the person, maybe none.
    pub texte: String,
    /// The last day on which it is wanted, today at the earliest.
    pub avant: Option<NaiveDate>,
}

/// Why nothing was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAsked {
    #[error("Vous n’avez pas le droit de demander un dossier.")]
    Forbidden,
    #[error("Ce compte n’est pas, ou n’est plus, celui d’un intervenant validé.")]
    Unknown,
    #[error("Choisissez au moins un bloc ou une pièce à demander.")]
    Nothing,
    #[error("Ce texte est trop long : {TEXTE_MAX} caractères au plus.")]
    TooLong,
    #[error("Cette date est passée : choisissez aujourd’hui ou un jour à venir.")]
    Past,
}

command!(AskForDossier: (), NotAsked);

impl AskForDossier {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotAsked>> {
        let structure = store::droits::habilite(transaction, by, Droit::Dossiers).await?;
        let structure = structure.ok_or(Refused::Because(NotAsked::Forbidden))?;
        let known = store::intervenants::validated(transaction.connection(), self.compte, false).await?;
        let person = comptes::by_id(transaction.connection(), self.compte).await?.filter(|_| known);
        let person = person.ok_or(Refused::Because(NotAsked::Unknown))?;
        if self.cibles.is_empty() {
            return Err(Refused::Because(NotAsked::Nothing));
        }
        if self.texte.chars().count() > TEXTE_MAX {
            return Err(Refused::Because(NotAsked::TooLong));
        }
        if self.avant.is_some_and(|day| day < paris_day(transaction.now)) {
            return Err(Refused::Because(NotAsked::Past));
        }
        let found = dossiers::hold(transaction, self.compte).await?;
        dossiers::request(transaction, self.compte, structure, &self.cibles).await?;
        dossiers::deadline(transaction, self.compte, self.avant).await?;
        // A NIR in these words would go into an email (SPEC Q7).
        let texte = nir::mask(&self.texte);
        historique::add(transaction, self.compte, None, Ensemble::Demander.into(), Some((by, structure)), &texte)
            .await?;
        let asking = contact(transaction, Some(structure)).await?;
        let said = format!("{} vous demande des données ou des pièces pour votre dossier administratif", asking.nom);
        let content = Courriel::DossierDemande {
            prenom: person.prenom,
            structure: asking,
            texte,
            avant: self.avant,
            demandes: self.cibles.iter().map(|cible| cible.libelle().to_owned()).collect(),
        };
        let cle = format!("dossier-demande-{}-{}", self.compte, found.version);
        tell(transaction, (self.compte, &person.login), &cle, &content, &said).await?;
        dossiers::settle(transaction, &found, Ensemble::Demander.into()).await?;
        Ok(())
    }
}
