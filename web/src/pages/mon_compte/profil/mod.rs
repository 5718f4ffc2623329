//! The profile as its owner fills it in (manual §3.1.2, §3.3.2): two pages of a form that save themselves during
//! typing, rows of tables, the CV, and what is sent to the structure. Every change is a command, which refuses what the
//! state of the registration does not allow, even for a form that was opened before.

mod brouillon;
mod choix;
mod employeurs;
mod fichiers;
mod informations;
mod ligne;
mod parcours;
mod resume;
mod transmission;

pub use brouillon::{keep_informations, keep_parcours};
pub use employeurs::{choices as employer_choices, complete_employer, fill_in as complete_from};
pub use fichiers::{cv, cv_of, remove_file, set_cv, unwritten};
pub use informations::{informations, save_informations};
pub use ligne::{add_line, begin_line, change_line, line, restore_line};
pub use parcours::{parcours, save_parcours};
pub use resume::today;
pub use transmission::{check, present_again, send};

use actors::commands::profil::NotChanged;
use domain::CompteId;
use domain::compte::EtatInscription;
use domain::inscription::{Refusal, Volet};
use store::Connection;
use store::inscriptions::Inscription;
use store::profils::{INFORMATIONS, PARCOURS};

use crate::error::Error;
use crate::views::Notice;

pub async fn registration(connection: &mut Connection, compte: CompteId) -> Result<Inscription, Error> {
    store::inscriptions::of(connection, compte).await?.ok_or(Error::NotFound)
}

/// Why a part of a profile can't be changed; empty when it can.
fn frozen(inscription: &Inscription, volet: Volet) -> String {
    match volet.modifiable(inscription.etat, inscription.immatriculation.is_some()) {
        Ok(()) => String::new(),
        Err(refusal) => refusal.to_string(),
    }
}

/// Whether what is saved is published at once.
fn published(inscription: &Inscription) -> bool {
    inscription.etat == EtatInscription::Validee
}

fn saved(inscription: &Inscription) -> Notice {
    Notice::done(if published(inscription) {
        "Vos modifications sont enregistrées et publiées : les structures les voient."
    } else {
        "C’est enregistré. Vous pouvez continuer, ou revenir plus tard."
    })
}

/// The pages with typed fields that are not saved: their names and addresses.
pub async fn unpublished(
    connection: &mut Connection,
    compte: CompteId,
) -> Result<Vec<(&'static str, &'static str)>, Error> {
    let mut found = Vec::new();
    for (cle, name, href) in [
        (INFORMATIONS, "Mes informations", "/mon-compte/informations"),
        (PARCOURS, "Mon parcours", "/mon-compte/parcours"),
    ] {
        if store::profils::saisie(connection, compte, cle).await?.is_some() {
            found.push((name, href));
        }
    }
    Ok(found)
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Conflict(refusal.to_string())
    }
}

impl From<NotChanged> for Error {
    fn from(refusal: NotChanged) -> Self {
        match refusal {
            NotChanged::Frozen(no) => no.into(),
            NotChanged::Full => Self::Conflict(refusal.to_string()),
            NotChanged::Unknown => Self::NotFound,
        }
    }
}
