//! Requests to the support (manual §6, SPEC S1 to S8, X4): sent, confirmed, answered, given to one of the structure's
//! people, moved to another structure, joined, closed by themselves.

pub mod echeances;
mod envoi;
mod lien;
mod reactivation;
mod traitement;

use domain::compte::Droit;
use domain::courriel::Courriel;
use domain::inscription::last_day;
use domain::journal::Fact;
use domain::nir::mask;
use domain::support::{EtatDemande, Evenement, Refusal, TypeDemande};
use domain::{CompteId, StructureId, paths};
use store::demandes::Demande;
use store::{Pending, Refused, Transaction};

use super::contact;

pub use envoi::{CompleteDemande, ConfirmDemande, Nouvelle, SendDemande, SendDemandeOfVisitor, send};
pub use lien::{by_link, history};
pub use reactivation::ReopenCompte;
pub use traitement::{AssignDemande, MergeDemandes, TransferDemande, TreatDemande};

/// What notifications of a request are filed under.
const CATEGORIE: &str = "support";

/// Why nothing was done to a request. The sentences are for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotHandled {
    #[error("Vous n’avez pas, ou plus, le droit de traiter les demandes de votre structure.")]
    Forbidden,
    #[error("Cette demande n’est pas dans la file de votre structure.")]
    Unknown,
    /// The link was ours, and its time is over.
    #[error("Ce lien ne fonctionne plus.")]
    Expired,
    #[error("Cette demande a changé depuis l’ouverture de la page : relisez-la, puis recommencez.")]
    Changed,
    #[error(transparent)]
    Refusal(#[from] Refusal),
    #[error("Une demande ne se confie qu’à un gestionnaire de votre structure.")]
    NotAMember,
    /// The structure is the one that has it already, or is none.
    #[error("Choisissez une autre structure que la vôtre.")]
    SameStructure,
    #[error("Seules deux demandes ouvertes de la même adresse électronique peuvent être réunies.")]
    NotADuplicate,
    #[error("Ce compte n’est pas, ou n’est plus, un compte archivé de cette personne.")]
    NotArchived,
}

/// A request of that kind about an archived account, and the structure of the account that asks: it has the request,
/// and the account may help people to log in.
pub(super) fn of_archived(
    transaction: &mut Transaction,
    by: CompteId,
    sorte: TypeDemande,
    (demande, compte): (i64, CompteId),
) -> Pending<'_, (Demande, StructureId), Refused<NotHandled>> {
    Box::pin(async move {
        let structure = store::droits::habilite(transaction, by, Droit::Acces).await?;
        let structure = structure.ok_or(Refused::Because(NotHandled::Forbidden))?;
        let of = store::demandes::of_structure(transaction.connection(), demande, structure).await?;
        let of = of.ok_or(Refused::Because(NotHandled::Unknown))?;
        let known = store::demandes::archived(transaction.connection(), structure, &of).await?;
        let theirs = of.sorte == sorte && known.iter().any(|(id, _)| *id == compte);
        if theirs { Ok((of, structure)) } else { Err(Refused::Because(NotHandled::NotArchived)) }
    })
}

/// Whether this form wrote in the thread before: then nothing is done twice. Another text with the same token is no
/// repetition.
async fn repeated(
    transaction: &mut Transaction,
    id: i64,
    texte: &str,
    jeton: &str,
) -> Result<bool, Refused<NotHandled>> {
    match store::demandes::written(transaction.connection(), id, jeton).await? {
        Some(known) if known != mask(texte) => Err(Refused::Because(NotHandled::Changed)),
        known => Ok(known.is_some()),
    }
}

async fn record(transaction: &mut Transaction, of: i64, evenement: Evenement, at: &[StructureId]) -> store::Result<()> {
    let mut boites = Vec::with_capacity(at.len());
    for structure in at {
        boites.extend(store::correspondants::of_structure(transaction.connection(), *structure).await?);
    }
    transaction.record(Fact::DemandeModifiee { demande: of, evenement, boites });
    Ok(())
}

/// The email of where a request stands now, with a link to its history (S4); a notification as well when the author has
/// an account.
async fn tell(transaction: &mut Transaction, of: &Demande) -> store::Result<()> {
    let jusqu_au = of.echeance_at.filter(|_| of.etat == EtatDemande::Complement).map(last_day).unwrap_or_default();
    let content = Courriel::SupportSuivi {
        prenom: of.prenom.clone(),
        reference: of.reference.clone(),
        objet: of.objet.clone(),
        etat: of.etat,
        structure: contact(transaction, Some(of.structure)).await?,
        chemin: history(of, transaction.now),
        jusqu_au,
    };
    let key = format!("demande-{}-{}", of.id, of.version);
    store::courriels::put(transaction, of.compte, &of.courriel, &key, &content).await?;
    if let Some(compte) = of.compte.filter(|_| of.version > 1) {
        let said = format!("Votre demande {} : {}", of.reference, of.etat.libelle());
        notify(transaction, compte, (&said, &of.objet, paths::MES_DEMANDES)).await?;
    }
    Ok(())
}

async fn notify(transaction: &mut Transaction, who: CompteId, said: (&str, &str, &str)) -> store::Result<()> {
    store::notifications::create(transaction, &[who], CATEGORIE, said).await
}
