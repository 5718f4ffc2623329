//! Requests to the support: the form, the link that confirms a visitor's request, the history behind a signed link, a
//! person's own requests (manual §6, SPEC S1 to S6).

mod formulaire;
mod historique;
mod mes_demandes;

pub use formulaire::{confirm, confirm_form, form, send};
pub use historique::{history, write};
pub use mes_demandes::mine;

use domain::support::{EtatDemande, TEXTE_MAX};
use store::Connection;
use store::demandes::{De, Message};

use crate::antivirus::{Retenues, retenues};
use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::views::layout::Tone;
use crate::views::numbers::size;
use crate::views::support::{FilRow, PieceRow};
use crate::views::text::blocks;

pub fn tone(etat: EtatDemande) -> Tone {
    match etat {
        EtatDemande::AConfirmer | EtatDemande::Complement => Tone::Warning,
        EtatDemande::Nouvelle => Tone::Waiting,
        EtatDemande::EnCours => Tone::Info,
        EtatDemande::Close => Tone::Done,
    }
}

/// The error for a message that is too long.
pub fn too_long() -> String {
    format!("Le message est trop long : {TEXTE_MAX} caractères au plus.")
}

/// Why files of a thread are kept back.
pub async fn kept_back(app: &App, connection: &mut Connection, messages: &[Message]) -> Result<Retenues, Error> {
    let pieces = messages.iter().flat_map(|message| &message.pieces);
    let blobs: Vec<&str> = pieces.map(|piece| piece.blob.as_str()).collect();
    retenues(app, connection, &blobs).await
}

/// A thread as a page shows it: `name` gives the author of a message, `file` the address of a file.
pub fn thread(
    app: &App,
    (messages, kept): (Vec<Message>, &Retenues),
    name: impl Fn(&Message) -> String,
    file: impl Fn(i64) -> String,
) -> Vec<FilRow> {
    messages
        .into_iter()
        .map(|message| FilRow {
            de: name(&message),
            at: page::moment(app, message.at),
            blocks: blocks(&message.texte),
            service: message.de == De::Service,
            pieces: message
                .pieces
                .iter()
                .map(|piece| PieceRow {
                    href: file(piece.id),
                    nom: piece.nom.clone(),
                    taille: size(u64::try_from(piece.taille).unwrap_or(0)),
                    retenue: kept.get(&piece.blob).copied(),
                })
                .collect(),
        })
        .collect()
}
