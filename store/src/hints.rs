//! What servers that share one PostgreSQL tell each other of their commits. Only hints: what is read is the journal.

use std::time::Duration;

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;

use crate::query::RunQueryDsl;
use crate::{Engine, Error, Store};

/// The channel of NOTIFY.
const CHANNEL: &str = "ei_journal";
/// Several commits in that time share one NOTIFY, which takes a global lock of PostgreSQL.
const NOTIFY_PAUSE: Duration = Duration::from_millis(5);

#[diesel::declare_sql_function]
extern "SQL" {
    /// Tells whoever listens to a channel.
    fn pg_notify(channel: diesel::sql_types::Text, text: diesel::sql_types::Text);
}

impl Store {
    /// On PostgreSQL: tells the other servers of commits, and hears of theirs. Runs until it is dropped; on SQLite
    /// there is nobody to tell and it returns at once.
    pub fn run_hints(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if self.engine() == Engine::Sqlite {
                return;
            }
            futures_util::future::join(self.notify_others(), self.hear_others()).await;
        })
    }

    async fn notify_others(&self) {
        let mut committed = self.own_commits();
        while committed.changed().await.is_ok() {
            tokio::time::sleep(NOTIFY_PAUSE).await;
            let last = *committed.borrow_and_update();
            let told = async {
                let mut connection = self.read().await?;
                diesel::select(pg_notify(CHANNEL, last.to_string())).execute(&mut connection).await?;
                Ok::<(), Error>(())
            };
            if let Err(error) = told.await {
                tracing::warn!(%error, "other servers were not told of a commit; they will see it at their next look");
            }
        }
    }

    async fn hear_others(&self) {
        loop {
            let heard = async {
                let mut connection = AsyncPgConnection::establish(self.url())
                    .await
                    .map_err(|error| Error::Connection(error.to_string()))?;
                connection.batch_execute(&format!("listen {CHANNEL}")).await?;
                let mut stream = std::pin::pin!(connection.notifications_stream());
                while let Some(notification) = stream.next().await {
                    if let Ok(last) = notification?.payload.parse() {
                        self.heard(last);
                    }
                }
                Ok::<(), Error>(())
            };
            if let Err(error) = heard.await {
                tracing::warn!(%error, "the line from the other servers was cut; trying again");
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}
