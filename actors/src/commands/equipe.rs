//! What those who share the work of a structure tell each other: who looks at what, and notes (SPEC G2, M8, S8).

use domain::CompteId;
use store::{Refused, Transaction};

use super::command;
use super::cvtheque::{NoGestionnaire, structure};

/// What a page of the desk is about: the word and the id under which presences and notes are kept.
pub type Sujet = (&'static str, i64);
/// A message that a structure received or sent.
pub const MESSAGE: &str = "message";
/// A request to the support.
pub const DEMANDE: &str = "demande";

/// Say that one looks at something, now.
#[derive(Clone, Copy, Debug)]
pub struct Look(pub Sujet);

command!(Look: (), NoGestionnaire);

impl Look {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NoGestionnaire>> {
        structure(transaction, by, NoGestionnaire).await?;
        Ok(store::presences::look_at(transaction, self.0.0, self.0.1, by).await?)
    }
}

/// Why a note is not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotNoted {
    #[error("Vous n’êtes pas, ou plus, gestionnaire d’une structure.")]
    NoGestionnaire,
    /// There is no such message or request, or it is another structure's.
    #[error("Ce message ou cette demande n’est pas, ou plus, à votre structure.")]
    NotTheirs,
}

/// Leave a note about a message or a request of one's structure.
#[derive(Clone, Debug)]
pub struct AddNote {
    pub sujet: Sujet,
    pub texte: String,
}

command!(AddNote: (), NotNoted);

impl AddNote {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotNoted>> {
        let structure = structure(transaction, by, NotNoted::NoGestionnaire).await?;
        let connection = transaction.connection();
        let theirs = match self.sujet {
            (MESSAGE, id) => match store::correspondants::of_structure(connection, structure).await? {
                Some(mailbox) => store::boites::open(connection, mailbox, id).await?.is_some(),
                None => false,
            },
            (DEMANDE, id) => store::demandes::of_structure(connection, id, structure).await?.is_some(),
            _ => false,
        };
        if !theirs {
            return Err(Refused::Because(NotNoted::NotTheirs));
        }
        Ok(store::notes::add(transaction, self.sujet, structure, by, &self.texte).await?)
    }
}
