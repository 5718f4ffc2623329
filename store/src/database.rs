//! The database: its pools, and how one reads and writes.
//!
//! Invariants: nothing is written outside [`Store::write`]; a transaction is driven to its end by a task of its own,
//! so a browser that goes away can't leave one open; a connection whose transaction did not end is thrown away,
//! never put back in the pool.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel_async::pooled_connection::AsyncDieselConnectionManager;
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use domain::CompteId;
use domain::time::Clock;
use futures_util::future::BoxFuture;
use tokio::sync::watch;

use crate::connection::{PATIENT, Sqlite, sqlite_pool};
use crate::error::room_was_found;
use crate::{Connection, Engine, Error, Pending, Refused, Result, Transaction, opening, slow_statements};

/// Connections that read; on PostgreSQL they also write.
const POOL_SIZE: usize = 8;
/// How long a request waits for a connection to PostgreSQL, making it or proving it alive included: a failover may
/// leave dead connections, which are thrown away then.
const POOL_PATIENCE: Duration = Duration::from_secs(15);
/// Writes that may wait for their turn before the next one is refused: with a bound, a stuck disk is reported at once.
const WRITES_WAITING_MAX: usize = 10_000;

type Work<T, E> = Box<dyn for<'t> FnOnce(&'t mut Transaction) -> Pending<'t, T, E> + Send>;
/// The same without its types; returns whether to commit.
type Steps = Box<dyn for<'t> FnOnce(&'t mut Transaction) -> BoxFuture<'t, bool> + Send>;

/// The database. Cloning shares it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    readers: Readers,
    writer: Writer,
    clock: Clock,
    waiting: AtomicUsize,
    head: watch::Sender<i64>,
    committed: watch::Sender<i64>,
    url: String,
    runtime: tokio::runtime::Handle,
}

enum Readers {
    Sqlite(Pool<Sqlite>),
    Postgres(Pool<AsyncPgConnection>),
}

enum Writer {
    /// SQLite has one writer at a time: a pool of one is the queue.
    Sqlite(Pool<Sqlite>),
    /// PostgreSQL writes with any connection.
    Postgres,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("engine", &self.engine()).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database that the URL names (`sqlite:PATH` or `postgres://…`) without touching its schema.
    ///
    /// Transactions run on the runtime this is called in: it must outlive whoever writes.
    pub fn open(url: &str, clock: Clock) -> Pending<'_, Self> {
        Box::pin(async move {
            slow_statements::watch();
            let (readers, writer) = if let Some(path) = url.strip_prefix("sqlite:") {
                let readers = sqlite_pool(path, POOL_SIZE, true)?;
                (Readers::Sqlite(readers), Writer::Sqlite(sqlite_pool(path, 1, false)?))
            } else {
                let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new(url);
                let pool = Pool::builder(manager)
                    .max_size(POOL_SIZE * 2)
                    .build()
                    .map_err(|error| Error::Connection(error.to_string()))?;
                (Readers::Postgres(pool), Writer::Postgres)
            };
            let store = Self {
                inner: Arc::new(Inner {
                    readers,
                    writer,
                    clock,
                    waiting: AtomicUsize::new(0),
                    head: watch::Sender::new(0),
                    committed: watch::Sender::new(0),
                    url: url.to_owned(),
                    runtime: tokio::runtime::Handle::current(),
                }),
            };
            // The first write connection creates the file and sets its mode; a wrong address is reported here.
            match store.first_connection().await {
                Ok(()) => Ok(store),
                Err(error) => Err(Error::Opening(match url.strip_prefix("sqlite:") {
                    Some(path) => opening::sqlite(path, &error.to_string()),
                    None => opening::postgres(url).await,
                })),
            }
        })
    }

    /// SQLite gives no error when it opens a file that can't be written: an empty transaction gets one.
    async fn first_connection(&self) -> Result<()> {
        let mut connection = self.writer().await?;
        if connection.engine() == Engine::Sqlite {
            connection.begin().await?;
            connection.rollback().await?;
        }
        Ok(())
    }

    pub fn engine(&self) -> Engine {
        match self.inner.readers {
            Readers::Sqlite(_) => Engine::Sqlite,
            Readers::Postgres(_) => Engine::Postgres,
        }
    }

    /// The clock that dates everything.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    pub(crate) fn url(&self) -> &str {
        &self.inner.url
    }

    /// A connection to read with. On SQLite it can't write.
    pub fn read(&self) -> Pending<'_, Connection> {
        Box::pin(async move {
            match &self.inner.readers {
                Readers::Sqlite(pool) => pool.get().await.map(Connection::Sqlite),
                Readers::Postgres(pool) => match tokio::time::timeout(POOL_PATIENCE, pool.get()).await {
                    Ok(got) => got.map(Connection::Postgres),
                    Err(_) => return Err(Error::Busy),
                },
            }
            .map_err(|error| Error::Connection(error.to_string()))
        })
    }

    pub(crate) fn writer(&self) -> Pending<'_, Connection> {
        Box::pin(async move {
            match &self.inner.writer {
                Writer::Sqlite(pool) => {
                    pool.get().await.map(Connection::Sqlite).map_err(|error| Error::Connection(error.to_string()))
                }
                Writer::Postgres => self.read().await,
            }
        })
    }

    /// Runs one transaction to its end and returns once it is committed. When the closure fails, it is rolled back.
    ///
    /// The caller may go away: the transaction still ends, one way or the other.
    ///
    /// The closure's own, or [`Error::Busy`] when too many writes wait, or an error of the database.
    pub fn write<T, E, F>(&self, actor: Option<CompteId>, work: F) -> Pending<'_, T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Transaction) -> Pending<'t, T, E> + Send + 'static,
    {
        // `F` is another type at each call: nothing but this line is compiled again for it.
        self.write_boxed(actor, Box::new(work))
    }

    /// Runs one transaction that a rule may refuse. A refusal is rolled back, and returned apart from an error of the
    /// database.
    pub fn attempt<T, R, F>(&self, actor: Option<CompteId>, work: F) -> Pending<'_, Result<T, R>>
    where
        T: Send + 'static,
        R: Send + 'static,
        F: for<'t> FnOnce(&'t mut Transaction) -> Pending<'t, T, Refused<R>> + Send + 'static,
    {
        let written = self.write_boxed(actor, Box::new(work));
        Box::pin(async move { Refused::apart(written.await) })
    }

    fn write_boxed<T, E>(&self, actor: Option<CompteId>, work: Work<T, E>) -> Pending<'_, T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let answer = Arc::new(Mutex::new(None));
        let kept = answer.clone();
        let steps: Steps = Box::new(move |transaction| {
            Box::pin(async move {
                let result = work(transaction).await;
                let commits = result.is_ok();
                *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
                commits
            })
        });
        let ended = self.run(actor, steps);
        Box::pin(async move {
            ended.await?;
            let result = answer.lock().unwrap_or_else(PoisonError::into_inner).take();
            result.unwrap_or_else(|| Err(Error::Interrupted.into()))
        })
    }

    /// Runs the steps of a transaction in a task of their own, and ends it as they say.
    fn run(&self, actor: Option<CompteId>, steps: Steps) -> Pending<'_, ()> {
        Box::pin(async move {
            if self.inner.waiting.fetch_add(1, Ordering::SeqCst) >= WRITES_WAITING_MAX {
                self.inner.waiting.fetch_sub(1, Ordering::SeqCst);
                return Err(Error::Busy);
            }
            let store = self.clone();
            let task = self.inner.runtime.spawn(async move {
                let ended = store.transact(actor, steps).await;
                store.inner.waiting.fetch_sub(1, Ordering::SeqCst);
                ended
            });
            task.await.unwrap_or(Err(Error::Interrupted))
        })
    }

    async fn transact(&self, actor: Option<CompteId>, steps: Steps) -> Result<()> {
        let mut transaction = Transaction::begin(self.writer().await?, self.inner.clock.now(), actor).await?;
        if !steps(&mut transaction).await {
            transaction.rollback().await;
            return Ok(());
        }
        let last = transaction.commit().await?;
        if let Some(last) = last {
            room_was_found(true);
            self.committed(last);
        }
        Ok(())
    }

    fn committed(&self, last: i64) {
        self.inner.committed.send_if_modified(|known| raise(known, last));
        self.heard(last);
    }

    /// Notes a commit of this server or of another.
    pub(crate) fn heard(&self, last: i64) {
        self.inner.head.send_if_modified(|known| raise(known, last));
    }

    /// The highest journal id that this server itself committed.
    pub(crate) fn own_commits(&self) -> watch::Receiver<i64> {
        self.inner.committed.subscribe()
    }

    /// On SQLite: folds the write-ahead log into the database and empties it, so that what was erased (the password of
    /// a mail that left) stands in no older frame. Gives up after half a second of readers: the next time will do.
    /// Returns whether the log is empty now; always true on PostgreSQL, which cares for its own log.
    pub fn fold_log(&self) -> Pending<'_, bool> {
        Box::pin(async move {
            #[derive(diesel::QueryableByName)]
            struct Folded {
                #[diesel(sql_type = diesel::sql_types::Integer)]
                busy: i32,
            }
            let Writer::Sqlite(pool) = &self.inner.writer else { return Ok(true) };
            let mut connection = pool.get().await.map_err(|error| Error::Connection(error.to_string()))?;
            connection.batch_execute("pragma busy_timeout = 500").await?;
            let folded: diesel::QueryResult<Folded> = diesel_async::RunQueryDsl::get_result(
                diesel::sql_query("pragma wal_checkpoint(truncate)"),
                &mut *connection,
            )
            .await;
            connection.batch_execute(PATIENT).await?;
            Ok(folded?.busy == 0)
        })
    }

    /// The highest journal id this server has heard of, to wake followers with. A hint: the journal is what is read.
    pub fn journal_head(&self) -> watch::Receiver<i64> {
        self.inner.head.subscribe()
    }
}

fn raise(known: &mut i64, last: i64) -> bool {
    let higher = last > *known;
    if higher {
        *known = last;
    }
    higher
}
