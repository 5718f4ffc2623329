//! What those who share the work of a structure tell each other: who looks at what, and notes (SPEC G2, M8, S8).

use domain::equipe::{Annotable, Travail};
use domain::journal::Fact;
use domain::messagerie::{Boite, Charge, Geste};
use domain::{CompteId, paths};
use store::{Refused, Transaction, suivis};

use super::cvtheque::NoGestionnaire;
use super::{command, structure};

/// Say that one looks at something, now.
#[derive(Clone, Copy, Debug)]
pub struct Look(pub Travail, pub i64);

command!(Look: (), NoGestionnaire);

impl Look {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NoGestionnaire>> {
        structure(transaction, by, NoGestionnaire).await?;
        Ok(store::presences::look_at(transaction, (self.0, self.1), by).await?)
    }
}

/// Why a note is not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotNoted {
    #[error("Vous n’êtes pas, ou plus, gestionnaire d’une structure.")]
    NoGestionnaire,
    #[error("Ce message ou cette demande n’est pas, ou plus, à votre structure.")]
    NotTheirs,
}

/// Leave a note about a message or a request of one's structure.
#[derive(Clone, Debug)]
pub struct AddNote {
    /// The message or the request, with its id.
    pub sujet: (Annotable, i64),
    pub texte: String,
}

command!(AddNote: (), NotNoted);

impl AddNote {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotNoted>> {
        let structure = structure(transaction, by, NotNoted::NoGestionnaire).await?;
        let connection = transaction.connection();
        let theirs = match self.sujet {
            (Annotable::Message, id) => match store::correspondants::of_structure(connection, structure).await? {
                Some(mailbox) => store::boites::contains(connection, mailbox, id).await?,
                None => false,
            },
            (Annotable::Demande, id) => store::demandes::of_structure(connection, id, structure).await?.is_some(),
        };
        if !theirs {
            return Err(Refused::Because(NotNoted::NotTheirs));
        }
        Ok(store::notes::add(transaction, self.sujet, structure, by, &self.texte).await?)
    }
}

/// Why a message is not given to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAssigned {
    #[error("Vous n’êtes pas, ou plus, gestionnaire d’une structure.")]
    NoGestionnaire,
    #[error("Ce message ne peut être confié qu’à un gestionnaire de votre structure.")]
    NotTheirs,
}

/// Give a message that one's structure received to one of its gestionnaires, or to nobody. Whoever gets it from
/// somebody else is told (M8).
#[derive(Clone, Copy, Debug)]
pub struct AssignMessage {
    pub message: i64,
    pub to: Option<CompteId>,
}

command!(AssignMessage: (), NotAssigned);

impl AssignMessage {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(), Refused<NotAssigned>> {
        let structure = structure(transaction, by, NotAssigned::NoGestionnaire).await?;
        let connection = transaction.connection();
        let theirs = Refused::Because(NotAssigned::NotTheirs);
        let Some(mailbox) = store::correspondants::of_structure(connection, structure).await? else {
            return Err(theirs);
        };
        let found = store::boites::open(connection, mailbox, self.message).await?;
        let Some(found) = found.filter(|found| found.boite == Boite::Reception) else { return Err(theirs) };
        let members = suivis::members(connection, structure).await?;
        let name = |of: CompteId| members.iter().find(|(id, _)| *id == of).map(|(_, name)| name.as_str());
        if self.to.is_some_and(|to| name(to).is_none()) {
            return Err(theirs);
        }
        if !suivis::assign(transaction, (mailbox, self.message), self.to).await? {
            return Ok(());
        }
        let charge = if self.to.is_some() { Charge::Confier } else { Charge::Rendre };
        let (messages, action) = (vec![self.message], Geste::Charge(charge));
        transaction.record(Fact::BoiteModifiee { correspondant: mailbox, messages, action });
        let Some(to) = self.to.filter(|to| *to != by) else { return Ok(()) };
        let titre = format!("{} vous a confié un message", name(by).unwrap_or_default());
        let objet = if found.objet.is_empty() { "(sans objet)" } else { &found.objet };
        let said = (titre.as_str(), objet, &*paths::message(self.message));
        Ok(store::notifications::create(transaction, &[to], suivis::CATEGORIE, said).await?)
    }
}
