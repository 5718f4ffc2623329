//! Messages, the lists they are in, and drafts (SPEC M3 to M9). Whose mailbox it is follows from who asks.

mod envoi;

use std::convert::Infallible;

use chrono::NaiveDateTime;
use domain::messagerie::Boite;
use domain::{CompteId, CorrespondantId, StructureId};
use futures_util::future::BoxFuture;
use store::boites::{Action, Message};
use store::brouillons::Nouveau;
use store::{Refused, Store, Transaction};

use super::{Answer, Command, command};

pub use envoi::{Envoi, Envoye, NotSent, SendMessage, availability, valeurs};

/// Who asks reads no mailbox, or no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Ce compte n’a pas de messagerie, ou n’en a plus.")]
pub struct NoMailbox;

/// The mailbox that an account reads, with its structure if it is a gestionnaire's.
async fn mailbox<R: From<NoMailbox>>(
    transaction: &mut Transaction,
    by: CompteId,
) -> Result<(CorrespondantId, Option<StructureId>), Refused<R>> {
    store::correspondants::hold_read_by(transaction, by).await?.ok_or(NoMailbox).map_err(Refused::rule)
}

/// Mark, put away or take back messages of a list; returns those that changed (M3).
#[derive(Clone, Debug)]
pub struct ActOnMessages {
    pub boite: Boite,
    pub messages: Vec<i64>,
    pub action: Action,
}

command!(ActOnMessages: Vec<i64>, NoMailbox);

impl ActOnMessages {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<Vec<i64>, Refused<NoMailbox>> {
        let (mine, _) = mailbox(transaction, by).await?;
        Ok(store::boites::act(transaction, mine, self.boite, &self.messages, self.action).await?)
    }
}

/// Open a message: it becomes read, everywhere (M4). None when who asks has no such message.
#[derive(Clone, Copy, Debug)]
pub struct OpenMessage(pub i64);

impl Command for OpenMessage {
    type By = CompteId;
    type Done = Option<Message>;
    type Refusal = Infallible;

    fn perform(self, store: Store, by: CompteId) -> BoxFuture<'static, Answer<Self>> {
        Box::pin(async move {
            let mut connection = store.read().await?;
            let found = match store::correspondants::read_by(&mut connection, by).await? {
                Some(mine) => store::boites::open(&mut connection, mine, self.0).await?,
                None => None,
            };
            drop(connection);
            // A message that was read already changes nothing.
            if found.as_ref().is_none_or(|message| message.lu_at.is_some()) {
                return Ok(Ok(found));
            }
            let read = ActOnMessages { boite: Boite::Reception, messages: vec![self.0], action: Action::Lu };
            Ok(Ok(read.perform(store, by).await?.ok().and(found)))
        })
    }
}

/// Save a draft; returns its id and when.
#[derive(Clone, Debug)]
pub struct SaveDraft(pub Nouveau);

command!(SaveDraft: (i64, NaiveDateTime), NotSent);

impl SaveDraft {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<(i64, NaiveDateTime), Refused<NotSent>> {
        let (mine, _) = mailbox(transaction, by).await?;
        if let Some(source) = self.0.source
            && !store::boites::contains(transaction.connection(), mine, source).await?
        {
            return Err(Refused::Because(NotSent::UnknownSource));
        }
        Ok(store::brouillons::save(transaction, (by, mine), &self.0).await?)
    }
}

/// Put one's own drafts away or take them back; returns those that changed.
#[derive(Clone, Debug)]
pub struct ArchiveDrafts {
    pub drafts: Vec<i64>,
    pub away: bool,
}

command!(ArchiveDrafts: Vec<i64>, Infallible);

impl ArchiveDrafts {
    async fn run(&self, transaction: &mut Transaction, by: CompteId) -> Result<Vec<i64>, Refused<Infallible>> {
        Ok(store::brouillons::archive(transaction, by, &self.drafts, self.away).await?)
    }
}
