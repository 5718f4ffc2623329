//! What the owner of a dossier does: data typed and saved, files joined, proposals taken back, all of it transmitted
//! (SPEC D4, D9, Q1).

use domain::CompteId;
use domain::dossier::piece::{Evenement, Refusal};
use domain::dossier::saisie::Saisie;
use domain::dossier::transmission::Blocage;
use domain::dossier::{Bloc, Cible};
use domain::profil::{Champs, Ecart};
use domain::time::paris_day;
use store::dossiers::{self, Brouillon, Nouveau, Tape, historique};
use store::vault::Vault;
use store::{Refused, Transaction};

use super::say;
use crate::commands::command;
use crate::commands::valide::{NotValidated, validated};

/// Keep what is typed and not saved. Returns all that is typed in the dossier.
#[derive(Clone, Debug)]
pub struct KeepTyped {
    /// The key that it is sealed with.
    pub vault: Vault,
    pub tape: Tape,
}

command!(KeepTyped: Brouillon, NotValidated);

impl KeepTyped {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<Brouillon, Refused<NotValidated>> {
        validated(transaction, by).await?;
        Ok(dossiers::keep(transaction, &self.vault, by, &self.tape).await?)
    }
}

/// Give up what is typed in a block, and keep what is typed in the others.
#[derive(Clone, Debug)]
pub struct GiveUpTyped {
    /// The key that it is sealed with.
    pub vault: Vault,
    pub tape: Tape,
    pub bloc: Bloc,
}

command!(GiveUpTyped: (), NotValidated);

impl GiveUpTyped {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotValidated>> {
        validated(transaction, by).await?;
        dossiers::keep(transaction, &self.vault, by, &self.tape).await?;
        Ok(dossiers::forget(transaction, &self.vault, by, self.bloc).await?)
    }
}

/// Why nothing changed in a dossier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSaved {
    #[error(transparent)]
    NotValidated(#[from] NotValidated),
    #[error("Des champs sont à corriger.")]
    Wrong(Vec<Ecart>),
    #[error(transparent)]
    Element(#[from] Refusal),
}

/// Save a block as a proposal; the same data over again change nothing, unless they were asked for or refused.
#[derive(Clone)]
pub struct SaveBloc {
    /// The key that it is sealed with.
    pub vault: Vault,
    pub bloc: Bloc,
    pub champs: Champs,
}

impl std::fmt::Debug for SaveBloc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the fields: they may be a NIR or an IBAN.
        f.debug_struct("SaveBloc").field("bloc", &self.bloc).finish_non_exhaustive()
    }
}

command!(SaveBloc: (), NotSaved);

impl SaveBloc {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotSaved>> {
        validated(transaction, by).await?;
        let (bloc, cible, vault) = (self.bloc, Cible::Bloc(self.bloc), &self.vault);
        let mut found = dossiers::hold(transaction, by).await?;
        // The statut decides what kind of employer is read.
        let read = Saisie::read(bloc, &self.champs, found.etat.propose.statut, paris_day(transaction.now));
        let saisie = read.map_err(|wrong| Refused::Because(NotSaved::Wrong(wrong)))?;
        let mut donnees = found.donnees(cible);
        let before = donnees.element;
        let next = before.next(Evenement::Enregistrer, cible).map_err(Refused::rule)?;
        dossiers::forget(transaction, vault, by, bloc).await?;
        let same = match donnees.newest() {
            Some(scelle) => dossiers::open(vault, by, bloc, scelle)?.champs() == saisie.champs(),
            None => false,
        };
        if same && (before.donne() || !found.etat.reste_a_faire().contains(&cible)) {
            return Ok(());
        }
        donnees.element = next;
        donnees.propose = Some(dossiers::seal(transaction, vault, by, &saisie).await?);
        donnees.refus.clear();
        dossiers::put(transaction, by, cible, &donnees).await?;
        say(&mut found.etat.propose, Some(&saisie), bloc);
        dossiers::put_situations(transaction, by, &found.etat).await?;
        if before.etat() != next.etat() {
            historique::add(transaction, by, Some(cible), Evenement::Enregistrer.into(), None, "").await?;
        }
        dossiers::settle(transaction, &found, Evenement::Enregistrer.into()).await?;
        Ok(())
    }
}

/// Join a file as a proposal in place of the one before it. Returns the blobs that no row names any more.
#[derive(Clone, Debug)]
pub struct AttachPiece(pub Nouveau);

command!(AttachPiece: Vec<String>, NotSaved);

impl AttachPiece {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<Vec<String>, Refused<NotSaved>> {
        validated(transaction, by).await?;
        let cible = Cible::Piece(self.0.piece);
        let found = dossiers::hold(transaction, by).await?;
        let mut donnees = found.donnees(cible);
        donnees.element = donnees.element.next(Evenement::Enregistrer, cible).map_err(Refused::rule)?;
        let added = dossiers::add_file(transaction, by, &self.0).await?;
        let before = std::mem::replace(&mut donnees.fichier_propose, added);
        donnees.refus.clear();
        dossiers::put(transaction, by, cible, &donnees).await?;
        let gone = dossiers::remove_file(transaction, before).await?;
        historique::add(transaction, by, Some(cible), Evenement::Enregistrer.into(), None, "").await?;
        dossiers::settle(transaction, &found, Evenement::Enregistrer.into()).await?;
        Ok(gone)
    }
}

/// Take a proposal back: what serves, if anything does, stands again. Returns the blobs that no row names any more.
#[derive(Clone, Debug)]
pub struct WithdrawProposal {
    /// The key that it is sealed with.
    pub vault: Vault,
    pub cible: Cible,
}

command!(WithdrawProposal: Vec<String>, NotSaved);

impl WithdrawProposal {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<Vec<String>, Refused<NotSaved>> {
        validated(transaction, by).await?;
        let (cible, vault) = (self.cible, &self.vault);
        let mut found = dossiers::hold(transaction, by).await?;
        let mut donnees = found.donnees(cible);
        donnees.element = donnees.element.next(Evenement::Retirer, cible).map_err(Refused::rule)?;
        let before = donnees.fichier_propose.take();
        donnees.propose = None;
        donnees.refus.clear();
        dossiers::put(transaction, by, cible, &donnees).await?;
        if let Cible::Bloc(bloc) = cible {
            dossiers::forget(transaction, vault, by, bloc).await?;
            // The person's situation is again what the block that serves says, or unknown.
            let serves = donnees.valide.as_ref().map(|scelle| dossiers::open(vault, by, bloc, scelle)).transpose()?;
            say(&mut found.etat.propose, serves.as_ref(), bloc);
            dossiers::put_situations(transaction, by, &found.etat).await?;
        }
        let gone = dossiers::remove_file(transaction, before).await?;
        historique::add(transaction, by, Some(cible), Evenement::Retirer.into(), None, "").await?;
        dossiers::settle(transaction, &found, Evenement::Retirer.into()).await?;
        Ok(gone)
    }
}

/// « Transmettre »: everything that is saved goes to the gestionnaires, or nothing does.
#[derive(Clone, Copy, Debug)]
pub struct TransmitDossier;

/// Why nothing was transmitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The account is not one that may have a dossier.
    NotValidated(NotValidated),
    /// The antivirus found something in these files.
    Infected(Vec<Cible>),
    /// Something is missing, or nothing has changed.
    Blocage(Blocage),
}

impl From<NotValidated> for NotSent {
    fn from(no: NotValidated) -> Self {
        Self::NotValidated(no)
    }
}

command!(TransmitDossier: (), NotSent);

impl TransmitDossier {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotSent>> {
        validated(transaction, by).await?;
        let found = dossiers::hold(transaction, by).await?;
        let infected = dossiers::infected(transaction.connection(), &found).await?;
        if !infected.is_empty() {
            return Err(Refused::Because(NotSent::Infected(infected)));
        }
        let sent = found.etat.transmettre().map_err(|no| Refused::Because(NotSent::Blocage(no)))?;
        for cible in sent {
            let mut donnees = found.donnees(cible);
            // `transmettre` returns what can be sent, and nothing else.
            if let Ok(next) = donnees.element.next(Evenement::Transmettre, cible) {
                donnees.element = next;
                dossiers::put(transaction, by, cible, &donnees).await?;
                historique::add(transaction, by, Some(cible), Evenement::Transmettre.into(), None, "").await?;
            }
        }
        dossiers::set_transmitted(transaction, &found).await?;
        dossiers::settle(transaction, &found, Evenement::Transmettre.into()).await?;
        Ok(())
    }
}
