//! Who uses a PostgreSQL database: each server holds a shared advisory lock while it runs, and `change-key` holds it
//! alone.
//!
//! The lock belongs to a connection of its own, outside the pool, so that nothing that happens to the pool releases it;
//! it ends with the process. SQLite has a lock on its file instead.

use std::time::Duration;

use diesel::QueryableByName;
use diesel::sql_types::Bool;
use diesel_async::{AsyncConnection, AsyncPgConnection};
use futures_util::future::BoxFuture;

use crate::{Engine, Error, Pending, Result, Store};

/// The number of the advisory lock; the one before it, 7267391, is that of migrations.
const LOCK: i64 = 7_267_392;
/// How often the connection that holds it is looked at.
const LOOK: Duration = Duration::from_secs(5);
/// How long to try for the lock: a server that has just ended may still hold its own.
const PATIENCE: Duration = Duration::from_secs(3);
/// The pause between two tries.
const PAUSE: Duration = Duration::from_millis(100);

/// How the lock is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// With other servers.
    Shared,
    /// Without any server.
    Alone,
}

/// The lock, given back when it is dropped.
pub struct Held {
    connection: AsyncPgConnection,
    url: String,
    place: Place,
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Held").field(&self.place).finish()
    }
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    taken: bool,
}

async fn ask(connection: &mut AsyncPgConnection, sql: String) -> Result<bool> {
    let answer: Answer = diesel_async::RunQueryDsl::get_result(diesel::sql_query(sql), connection).await?;
    Ok(answer.taken)
}

async fn take(url: &str, place: Place) -> Result<Option<AsyncPgConnection>> {
    let mut connection =
        AsyncPgConnection::establish(url).await.map_err(|error| Error::Connection(error.to_string()))?;
    let function = match place {
        Place::Shared => "pg_try_advisory_lock_shared",
        Place::Alone => "pg_try_advisory_lock",
    };
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        if ask(&mut connection, format!("select {function}({LOCK}) as taken")).await? {
            return Ok(Some(connection));
        }
        if tokio::time::Instant::now() >= deadline {
            return Ok(None);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

impl Store {
    /// Takes the lock of this database; on SQLite there is none to take.
    ///
    /// [`Error::Taken`] when somebody holds it in a way that leaves no room.
    pub fn take_place(&self, place: Place) -> Pending<'_, Option<Held>> {
        Box::pin(async move {
            if self.engine() == Engine::Sqlite {
                return Ok(None);
            }
            let url = self.url().to_owned();
            match take(&url, place).await? {
                Some(connection) => Ok(Some(Held { connection, url, place })),
                None => Err(Error::Taken),
            }
        })
    }
}

impl Held {
    /// Looks after the lock until it is dropped: a connection that was lost is made again, and the lock taken again.
    pub fn keep(self) -> BoxFuture<'static, ()> {
        let mut held = self;
        Box::pin(async move {
            let mut away = false;
            loop {
                tokio::time::sleep(LOOK).await;
                let Err(error) = ask(&mut held.connection, "select true as taken".to_owned()).await else { continue };
                if !away {
                    tracing::warn!(%error, "the line that tells change-key of this server was cut; trying again");
                }
                away = match take(&held.url, held.place).await {
                    Ok(Some(connection)) => {
                        held.connection = connection;
                        tracing::info!("the line that tells change-key of this server is there again");
                        false
                    }
                    Ok(None) => {
                        tracing::error!("the master key is being changed while this server runs: stop it");
                        true
                    }
                    Err(error) => {
                        tracing::debug!(%error, "no connection for the line that tells change-key of this server");
                        true
                    }
                };
            }
        })
    }
}
