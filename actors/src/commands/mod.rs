//! What is done in somebody's name: one file for each word of the field (docs/architecture.md).
//!
//! A command is one transaction. It is done whole, or a rule refuses it and nothing of it is kept. It knows no HTML. An
//! account's commands run in its actor ([`crate::live::Comptes::ask`]). Those upon annonces check the right inside their
//! transaction; those upon messages still take the mailbox that the page found to be one's own.

mod alertes;
mod annonces;
mod messagerie;
mod notifications;

use std::sync::Arc;
use std::time::Duration;

use domain::CompteId;
use futures_util::future::BoxFuture;
use store::{Pending, Refused, Store, Transaction};

pub use alertes::SetAlert;
pub use annonces::{AdvanceAnnonce, ChangeAnnonce, CreateAnnonce};
pub use messagerie::{ActOnMessages, ArchiveDrafts, OpenMessage, SaveDraft, SendMessage};
pub use notifications::ReadNotifications;

/// What came of a command: what was done, or the rule that refuses it; apart from what the database could not do.
pub type Answer<C, E = store::Error> = Result<Result<<C as Command>::Done, <C as Command>::Refusal>, E>;

/// Something that is asked for in the name of an account.
pub trait Command: Send + Sync + Sized + 'static {
    /// What comes of it.
    type Done: Send + 'static;
    /// Why it may be refused.
    type Refusal: Send + 'static;

    /// Does it for that account, to its end, whatever becomes of who asked.
    fn perform(self, store: Store, by: CompteId) -> BoxFuture<'static, Answer<Self>>;
}

/// A command whose `run` is its one transaction. Its body is compiled here, not again where it is asked for.
macro_rules! command {
    ($name:ident: $done:ty, $refusal:ty) => {
        impl $crate::commands::Command for $name {
            type Done = $done;
            type Refusal = $refusal;

            fn perform(
                self,
                store: ::store::Store,
                by: ::domain::CompteId,
            ) -> ::futures_util::future::BoxFuture<'static, $crate::commands::Answer<Self>> {
                $crate::commands::transact(store, by, self, |command, transaction, by| {
                    Box::pin(command.run(transaction, by))
                })
            }
        }
    };
}
use command;

/// How often a command is tried when somebody writes the same unique row at the same instant: the next time it finds that row.
const TRIES: u32 = 3;
/// How long before the next try.
const PAUSE: Duration = Duration::from_millis(5);

type Work<C, D, R> = for<'t> fn(&'t C, &'t mut Transaction, CompteId) -> Pending<'t, D, Refused<R>>;

fn transact<C, D, R>(
    store: Store,
    by: CompteId,
    command: C,
    work: Work<C, D, R>,
) -> BoxFuture<'static, store::Result<Result<D, R>>>
where
    C: Send + Sync + 'static,
    D: Send + 'static,
    R: Send + 'static,
{
    let command = Arc::new(command);
    Box::pin(async move {
        let mut tries = 1;
        loop {
            let one = Arc::clone(&command);
            let done = store
                .attempt(Some(by), move |transaction| Box::pin(async move { work(&one, transaction, by).await }))
                .await;
            if tries == TRIES || !done.as_ref().is_err_and(store::Error::is_unique_violation) {
                return done;
            }
            tries += 1;
            tokio::time::sleep(PAUSE).await;
        }
    })
}
