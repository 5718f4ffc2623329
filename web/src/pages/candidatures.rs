//! Answers to annonces, on both sides (manual §4.2, SPEC A2 to A4).

mod mes_reponses;
mod recues;
mod repondre;

use actors::commands::candidatures::CandidatureRefused;
use domain::candidature::EtatCandidature;

pub use mes_reponses::{mine, row as answer_row, take_back};
pub use recues::{decide, received};
pub use repondre::{answer, answer_form};

use crate::error::Error;
use crate::views::Tone;

pub fn tone(etat: EtatCandidature) -> Tone {
    match etat {
        EtatCandidature::EnAttente => Tone::Warning,
        EtatCandidature::Transmise => Tone::Waiting,
        EtatCandidature::Etudiee => Tone::Done,
        EtatCandidature::NonRetenue | EtatCandidature::Retiree | EtatCandidature::Annulee => Tone::Info,
    }
}

fn refused(why: CandidatureRefused) -> Error {
    match why {
        CandidatureRefused::NotFound => Error::NotFound,
        CandidatureRefused::Forbidden => Error::Forbidden,
        CandidatureRefused::NotValidated => Error::NotValidated,
        CandidatureRefused::Closed | CandidatureRefused::State(_) => Error::Conflict(why.to_string()),
    }
}
