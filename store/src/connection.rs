//! A connection to either engine, and how SQLite's are set up.

use diesel::{QueryResult, SqliteConnection};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection, TransactionManager};
use futures_util::FutureExt;

use crate::blocking::Blocking;
use crate::{Error, Pending, Result};

pub(crate) type Sqlite = SyncConnectionWrapper<SqliteConnection, Blocking>;

/// How long a connection to SQLite waits for another's lock, in milliseconds.
pub(crate) const PATIENT: &str = "pragma busy_timeout = 10000;";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file, one server.
    Sqlite,
    Postgres,
}

/// A connection taken from a pool, given back when dropped.
// Some hundred bytes on the stack of a task, where a box would be one more allocation per query.
#[allow(clippy::large_enum_variant)]
pub enum Connection {
    Sqlite(Object<Sqlite>),
    Postgres(Object<AsyncPgConnection>),
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Connection").field(&self.engine()).finish()
    }
}

impl Connection {
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    pub(crate) fn begin(&mut self) -> Pending<'_, ()> {
        Box::pin(async move {
            match self {
                Self::Sqlite(object) => {
                    // IMMEDIATE: the lock is taken now, so a later statement can't be refused for it.
                    object
                        .spawn_blocking(|c| {
                            diesel::connection::AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")
                        })
                        .await?;
                }
                Self::Postgres(object) => {
                    let c = &mut **object;
                    <<AsyncPgConnection as AsyncConnection>::TransactionManager>::begin_transaction(c).await?;
                }
            }
            Ok(())
        })
    }

    pub(crate) fn commit(&mut self) -> Pending<'_, ()> {
        Box::pin(async move {
            match self {
                Self::Sqlite(object) => commit(&mut **object).await?,
                Self::Postgres(object) => commit(&mut **object).await?,
            }
            Ok(())
        })
    }

    pub(crate) fn rollback(&mut self) -> Pending<'_, ()> {
        Box::pin(async move {
            match self {
                Self::Sqlite(object) => roll_back(&mut **object).await?,
                Self::Postgres(object) => roll_back(&mut **object).await?,
            }
            Ok(())
        })
    }

    /// Takes the connection out of its pool for good.
    pub(crate) fn discard(self) {
        match self {
            Self::Sqlite(object) => drop(Object::take(object)),
            Self::Postgres(object) => drop(Object::take(object)),
        }
    }
}

async fn commit<C: AsyncConnection>(connection: &mut C) -> QueryResult<()> {
    C::TransactionManager::commit_transaction(connection).await
}

async fn roll_back<C: AsyncConnection>(connection: &mut C) -> QueryResult<()> {
    C::TransactionManager::rollback_transaction(connection).await
}

pub(crate) fn sqlite_pool(path: &str, size: usize, read_only: bool) -> Result<Pool<Sqlite>> {
    let mut config = ManagerConfig::<Sqlite>::default();
    config.custom_setup = Box::new(move |path| {
        async move {
            let mut connection = Sqlite::establish(path).await?;
            // busy_timeout first: the switch to WAL itself may have to wait. FULL: what was acknowledged survives a
            // power cut. secure_delete: what was erased leaves no trace in free pages.
            connection
                .batch_execute(&format!(
                    "{PATIENT} pragma journal_mode = wal; pragma synchronous = full; \
                     pragma foreign_keys = on; pragma secure_delete = on; pragma cache_size = -65536; \
                     pragma temp_store = memory;",
                ))
                .await
                .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
            if read_only {
                connection
                    .batch_execute("pragma query_only = on;")
                    .await
                    .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
            }
            Ok(connection)
        }
        .boxed()
    });
    let manager = AsyncDieselConnectionManager::new_with_config(path, config);
    Pool::builder(manager).max_size(size).build().map_err(|error| Error::Connection(error.to_string()))
}
