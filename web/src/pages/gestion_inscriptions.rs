//! A structure's registrations (SPEC G1, G2): the queue, the page of one, who else reads it, and the decision.

mod decide;
mod fiche;
mod form;
mod list;
mod presence;
mod profil;

pub use decide::{decide, moment};
pub use fiche::page;
pub use list::list;
pub use presence::look;

use domain::compte::{Droit, EtatCompte, EtatInscription};
use domain::time::paris_day;
use domain::{CompteId, StructureId};
use store::Connection;
use store::inscriptions::Inscription;
use store::sessions::Session;

use crate::app::App;
use crate::error::Error;
use crate::views::Tone;

/// Whether the account of that session decides on the registration of that person, and may read its files.
pub async fn reads_registration(connection: &mut Connection, session: &Session, id: CompteId) -> Result<bool, Error> {
    match session.structure.filter(|_| session.droits.contains(&Droit::Inscriptions)) {
        Some(structure) => Ok(own(connection, structure, id).await?.is_some()),
        None => Ok(false),
    }
}

/// A registration of the structure; none when the person has not sent it yet.
async fn own(connection: &mut Connection, of: StructureId, id: CompteId) -> Result<Option<Inscription>, Error> {
    let found = store::inscriptions::of(connection, id)
        .await?
        .filter(|found| found.structure == Some(of) && found.etat != EtatInscription::Brouillon);
    let Some(found) = found else { return Ok(None) };
    let account = store::comptes::by_id(connection, id).await?;
    Ok(account.filter(|account| account.etat == EtatCompte::Actif).map(|_| found))
}

fn tone(etat: EtatInscription) -> Tone {
    match etat {
        EtatInscription::Transmise => Tone::Waiting,
        EtatInscription::EnAnalyse | EtatInscription::Brouillon => Tone::Info,
        EtatInscription::Complement => Tone::Warning,
        EtatInscription::Validee => Tone::Done,
        EtatInscription::Rejetee => Tone::Failure,
    }
}

/// « depuis 12 jours »; empty on the first two days.
fn waiting_since(app: &App, at: chrono::NaiveDateTime) -> String {
    match (paris_day(app.store.clock().now()) - paris_day(at)).num_days() {
        ..=1 => String::new(),
        days => format!("depuis {days}\u{a0}jours"),
    }
}
