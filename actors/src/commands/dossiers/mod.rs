//! The dossier administratif (manual §3.3.4, SPEC D1 to D12, D14): what its owner gives, what a structure asks for,
//! reads and decides, and what comes due. What may happen to a block or a piece is `domain::dossier`'s to say.

mod decision;
mod demande;
mod echeances;
mod lecture;
mod saisie;
mod vigilance;

use domain::courriel::Courriel;
use domain::dossier::Bloc;
use domain::dossier::pieces::Situation;
use domain::dossier::saisie::Saisie;
use domain::{CompteId, paths};
use store::{Transaction, courriels, notifications};

pub use decision::{DecideDossier, Decision, Decisions, NotDecided};
pub use demande::{AskForDossier, NotAsked};
pub use echeances::{expire, expire_vigilance, remind, review};
pub use lecture::{NotRead, RecordReading};
pub use saisie::{AttachPiece, GiveUpTyped, KeepTyped, NotSaved, NotSent, SaveBloc, TransmitDossier, WithdrawProposal};
pub use vigilance::{count_letters, follow};

/// What notifications of a dossier are filed under.
const CATEGORIE: &str = "dossier";

/// Sets the part of the person's situation that a block holds; without data, clears it.
fn say(situation: &mut Situation, saisie: Option<&Saisie>, bloc: Bloc) {
    match (bloc, saisie) {
        (Bloc::Statut, Some(Saisie::Statut(read))) => situation.statut = Some(read.statut),
        (Bloc::Identite, Some(Saisie::Identite(read))) => situation.identite = Some(read.genre),
        (Bloc::Employeur, Some(Saisie::Employeur(read))) => situation.employeur = Some(read.genre),
        (Bloc::Statut, None) => situation.statut = None,
        (Bloc::Identite, None) => situation.identite = None,
        (Bloc::Employeur, None) => situation.employeur = None,
        _ => {}
    }
}

/// Writes to the owner of a dossier, and says so in their pages. The same cause, `cle`, makes no second mail.
async fn tell(
    transaction: &mut Transaction,
    (of, login): (CompteId, &str),
    cle: &str,
    content: &Courriel,
    said: &str,
) -> store::Result<()> {
    courriels::put(transaction, Some(of), login, cle, content).await?;
    notifications::create(transaction, &[of], CATEGORIE, (said, "", paths::MES_DOCUMENTS)).await
}
