//! Messages, the lists they are in, and drafts (SPEC M3 to M9).

use chrono::NaiveDateTime;
use domain::messagerie::Boite;
use domain::{CompteId, CorrespondantId};
use futures_util::future::BoxFuture;
use std::convert::Infallible;
use store::boites::{Action, Message};
use store::brouillons::Saisie;
use store::messagerie::{Envoi, Envoye, NotSent};
use store::{Refused, Store, Transaction};

use super::{Answer, Command, command};

/// Send a message (M6, M9).
#[derive(Clone, Debug)]
pub struct SendMessage(pub Envoi);

command!(SendMessage: Envoye, NotSent);

impl SendMessage {
    async fn run(&self, transaction: &mut Transaction, _: CompteId) -> Result<Envoye, Refused<NotSent>> {
        store::messagerie::send(transaction, &self.0).await
    }
}

/// Mark, put away or take back messages of a list; returns those that changed (M3).
#[derive(Clone, Debug)]
pub struct ActOnMessages {
    pub correspondant: CorrespondantId,
    pub boite: Boite,
    pub messages: Vec<i64>,
    pub action: Action,
}

command!(ActOnMessages: Vec<i64>, Infallible);

impl ActOnMessages {
    async fn run(&self, transaction: &mut Transaction, _: CompteId) -> Result<Vec<i64>, Refused<Infallible>> {
        Ok(store::boites::act(transaction, self.correspondant, self.boite, &self.messages, self.action).await?)
    }
}

/// Open a message: it becomes read, everywhere (M4). None when it is not in that mailbox.
#[derive(Clone, Copy, Debug)]
pub struct OpenMessage {
    pub correspondant: CorrespondantId,
    pub message: i64,
}

impl Command for OpenMessage {
    type By = CompteId;
    type Done = Option<Message>;
    type Refusal = Infallible;

    fn perform(self, store: Store, by: CompteId) -> BoxFuture<'static, Answer<Self>> {
        Box::pin(async move {
            let found = store::boites::open(&mut store.read().await?, self.correspondant, self.message).await?;
            // One that was read already is written nowhere.
            if found.as_ref().is_some_and(|message| message.lu_at.is_none()) {
                let read = ActOnMessages {
                    correspondant: self.correspondant,
                    boite: Boite::Reception,
                    messages: vec![self.message],
                    action: Action::Lu,
                };
                let Ok(_) = read.perform(store, by).await?;
            }
            Ok(Ok(found))
        })
    }
}

/// Save a draft; returns its id and when.
#[derive(Clone, Debug)]
pub struct SaveDraft(pub Saisie);

command!(SaveDraft: (i64, NaiveDateTime), Infallible);

impl SaveDraft {
    async fn run(
        &self,
        transaction: &mut Transaction,
        _: CompteId,
    ) -> Result<(i64, NaiveDateTime), Refused<Infallible>> {
        Ok(store::brouillons::save(transaction, &self.0).await?)
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
