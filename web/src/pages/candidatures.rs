//! Answers to annonces, on both sides (manual §4.2, SPEC A2 to A4).

mod mes_reponses;
mod recues;
mod repondre;

use domain::candidature::EtatCandidature;

pub use mes_reponses::{mine, row as answer_row, take_back};
pub use recues::{decide, received};
pub use repondre::{answer, answer_form};

use crate::views::Tone;

/// The colour of a state.
pub fn tone(etat: EtatCandidature) -> Tone {
    match etat {
        EtatCandidature::EnAttente => Tone::Warning,
        EtatCandidature::Transmise => Tone::Waiting,
        EtatCandidature::Etudiee => Tone::Done,
        EtatCandidature::NonRetenue | EtatCandidature::Retiree | EtatCandidature::Annulee => Tone::Info,
    }
}
