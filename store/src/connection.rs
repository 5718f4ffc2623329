//! Both engines behind one [`Connection`], the pools, and the transaction that appends to the journal.
//!
//! Invariants: nothing is written outside [`Store::write`]; a transaction is driven to its end by a task of its own,
//! so a browser that goes away can't leave one open; a connection whose transaction did not end is thrown away,
//! never put back in the pool.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::NaiveDateTime;
use diesel::SqliteConnection;
use diesel::migration::MigrationSource;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection, TransactionManager};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use domain::CompteId;
use domain::journal::Fact;
use domain::time::Clock;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::watch;

use crate::blocking::Blocking;
use crate::error::room_was_found;
use crate::query::RunQueryDsl;
use crate::{Error, Pending, Refused, Result, journal, lenteurs, opening};

pub(crate) type Sqlite = SyncConnectionWrapper<SqliteConnection, Blocking>;

const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Connections that read; on PostgreSQL they also write.
const POOL_SIZE: usize = 8;
/// How long a connection to SQLite waits for another's lock, in milliseconds.
const PATIENT: &str = "pragma busy_timeout = 10000;";
/// How long a request waits for a connection to PostgreSQL, one that has to be made or proved alive among them: a failover
/// may leave connections that nobody answers on, which are thrown away then.
const POOL_PATIENCE: Duration = Duration::from_secs(15);
/// Writes that may wait for their turn before the next one is refused: a bound, so that a stuck disk is said at once.
const WRITES_WAITING_MAX: usize = 10_000;
/// The channel of NOTIFY, a hint between servers; what is read is the journal.
const CHANNEL: &str = "ei_journal";
/// Where diesel keeps the versions of the migrations that ran.
const VERSIONS: &str = "__diesel_schema_migrations";
/// Several commits in that time share one NOTIFY, which takes a global lock of PostgreSQL.
const NOTIFY_PAUSE: Duration = Duration::from_millis(5);

#[diesel::declare_sql_function]
extern "SQL" {
    /// Tells whoever listens to a channel.
    fn pg_notify(channel: diesel::sql_types::Text, text: diesel::sql_types::Text);
}

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

    async fn begin(&mut self) -> Result<()> {
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
    }

    async fn commit(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(object) => {
                let c = &mut **object;
                <<Sqlite as AsyncConnection>::TransactionManager>::commit_transaction(c).await?;
            }
            Self::Postgres(object) => {
                let c = &mut **object;
                <<AsyncPgConnection as AsyncConnection>::TransactionManager>::commit_transaction(c).await?;
            }
        }
        Ok(())
    }

    async fn rollback(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(object) => {
                let c = &mut **object;
                <<Sqlite as AsyncConnection>::TransactionManager>::rollback_transaction(c).await?;
            }
            Self::Postgres(object) => {
                let c = &mut **object;
                <<AsyncPgConnection as AsyncConnection>::TransactionManager>::rollback_transaction(c).await?;
            }
        }
        Ok(())
    }

    /// Takes the connection out of its pool for good.
    fn discard(self) {
        match self {
            Self::Sqlite(object) => drop(Object::take(object)),
            Self::Postgres(object) => drop(Object::take(object)),
        }
    }
}

/// Where a schema stands: the versions of its migrations, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    applied: Vec<String>,
    known: Vec<String>,
}

impl Schema {
    pub fn is_there(&self) -> bool {
        !self.applied.is_empty()
    }

    /// Whether everything that this program knows is there.
    pub fn is_up_to_date(&self) -> bool {
        self.known.iter().all(|version| self.applied.contains(version))
    }

    /// Refuses a schema that a later program made.
    ///
    /// # Errors
    /// [`Error::Newer`] with the two versions.
    pub fn not_newer(&self) -> Result<()> {
        let Some(found) = self.applied.iter().rfind(|version| !self.known.contains(version)) else { return Ok(()) };
        let short = |version: &str| version.trim_start_matches('0').to_owned();
        let known = self.known.last().map_or("", String::as_str);
        Err(Error::Newer { found: short(found), known: short(known) })
    }
}

#[derive(diesel::QueryableByName)]
struct Applied {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

/// The versions of our migrations; they have the same names for both engines.
fn versions(source: &EmbeddedMigrations) -> Result<Vec<String>> {
    let all = MigrationSource::<diesel::sqlite::Sqlite>::migrations(source);
    let all = all.map_err(|error| Error::Migration(error.to_string()))?;
    Ok(all.iter().map(|migration| migration.name().version().to_string()).collect())
}

/// A transaction under way: a connection, who acts, when, and what will be said in the journal.
#[derive(Debug)]
pub struct Transaction {
    connection: Option<Connection>,
    finished: bool,
    /// The moment that every row of this transaction bears.
    pub now: NaiveDateTime,
    /// Who acts; none when the server itself does.
    pub actor: Option<CompteId>,
    facts: Vec<Fact>,
}

impl Transaction {
    /// The connection, to read and write in this transaction.
    pub fn connection(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("a transaction holds its connection until it ends")
    }

    /// Says that something happened. It is appended to the journal as the last act of the transaction.
    pub fn record(&mut self, fact: Fact) {
        self.facts.push(fact);
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if !self.finished
            && let Some(connection) = self.connection.take()
        {
            connection.discard();
        }
    }
}

/// What one transaction does, and what it comes to.
type Work<T, E> = Box<dyn for<'t> FnOnce(&'t mut Transaction) -> Pending<'t, T, E> + Send>;
/// The same without its types: whether it is committed.
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
            lenteurs::watch();
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
            // The first write connection creates the file and sets its mode; a wrong address is said here.
            match store.first_connection().await {
                Ok(()) => Ok(store),
                Err(error) => Err(Error::Opening(match url.strip_prefix("sqlite:") {
                    Some(path) => opening::sqlite(path, &error.to_string()),
                    None => opening::postgres(url).await,
                })),
            }
        })
    }

    /// SQLite opens a file that can't be written without a word: a transaction that writes nothing says it.
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

    /// Brings the schema up to date; answers the names of the migrations that ran.
    ///
    /// # Errors
    /// [`Error::Newer`] when a later program made it: then nothing is changed.
    pub fn migrate(&self) -> Pending<'_, Vec<String>> {
        Box::pin(async move {
            self.schema().await?.not_newer()?;
            self.run_migrations(Direction::Up).await
        })
    }

    /// Where the schema stands, without touching it.
    pub fn schema(&self) -> Pending<'_, Schema> {
        Box::pin(async move {
            let mut known = versions(&SQLITE_MIGRATIONS)?;
            known.sort_unstable();
            let mut connection = self.read().await?;
            let sql = format!("select version as version from {VERSIONS} order by version");
            let applied: diesel::QueryResult<Vec<Applied>> = diesel::sql_query(sql).load(&mut connection).await;
            // Without the table that says it, there is no schema yet.
            let applied = match applied {
                Err(diesel::result::Error::DatabaseError(_, said)) if said.message().contains(VERSIONS) => Vec::new(),
                applied => applied?,
            };
            Ok(Schema { applied: applied.into_iter().map(|row| row.version).collect(), known })
        })
    }

    /// Undoes every migration: for tests and development.
    pub fn revert_all(&self) -> Pending<'_, Vec<String>> {
        Box::pin(async move { self.run_migrations(Direction::Down).await })
    }

    async fn run_migrations(&self, direction: Direction) -> Result<Vec<String>> {
        match &self.inner.writer {
            Writer::Sqlite(pool) => {
                let mut object = pool.get().await.map_err(|error| Error::Connection(error.to_string()))?;
                object.spawn_blocking(move |c| Ok(harness(c, SQLITE_MIGRATIONS, direction))).await?
            }
            Writer::Postgres => {
                let connection = AsyncPgConnection::establish(&self.inner.url)
                    .await
                    .map_err(|error| Error::Connection(error.to_string()))?;
                let mut wrapped =
                    diesel_async::async_connection_wrapper::AsyncConnectionWrapper::<AsyncPgConnection>::from(
                        connection,
                    );
                tokio::task::spawn_blocking(move || {
                    // Two servers that start together must not both migrate.
                    diesel::connection::SimpleConnection::batch_execute(
                        &mut wrapped,
                        "select pg_advisory_lock(7267391)",
                    )?;
                    let ran = harness(&mut wrapped, POSTGRES_MIGRATIONS, direction);
                    diesel::connection::SimpleConnection::batch_execute(
                        &mut wrapped,
                        "select pg_advisory_unlock(7267391)",
                    )?;
                    ran
                })
                .await
                .map_err(|_| Error::Interrupted)?
            }
        }
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

    async fn writer(&self) -> Result<Connection> {
        match &self.inner.writer {
            Writer::Sqlite(pool) => {
                pool.get().await.map(Connection::Sqlite).map_err(|error| Error::Connection(error.to_string()))
            }
            Writer::Postgres => self.read().await,
        }
    }

    /// Runs one transaction to its end and answers once it is committed. What the closure refuses is rolled back.
    ///
    /// The caller may go away: the transaction still ends, one way or the other.
    ///
    /// # Errors
    /// What the closure answers, or [`Error::Busy`] when too many writes wait, or an error of the database.
    pub fn write<T, E, F>(&self, actor: Option<CompteId>, work: F) -> Pending<'_, T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Transaction) -> Pending<'t, T, E> + Send + 'static,
    {
        // `F` is another type at each call: nothing but this line is compiled again for it.
        self.write_boxed(actor, Box::new(work))
    }

    /// Runs one transaction of what a rule may refuse. The refusal, of which nothing is kept, comes apart from what the database
    /// could not.
    ///
    /// # Errors
    /// As [`Store::write`].
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
        let mut connection = self.writer().await?;
        connection.begin().await?;
        let mut transaction = Transaction {
            connection: Some(connection),
            finished: false,
            now: self.inner.clock.now(),
            actor,
            facts: Vec::new(),
        };
        if !steps(&mut transaction).await {
            if transaction.connection().rollback().await.is_ok() {
                transaction.finished = true;
            }
            return Ok(());
        }
        let facts = std::mem::take(&mut transaction.facts);
        let (now, actor) = (transaction.now, transaction.actor);
        // An error here drops the unfinished transaction, which closes its connection, which rolls back.
        let last = journal::append(transaction.connection(), now, actor, &facts).await?;
        transaction.connection().commit().await?;
        transaction.finished = true;
        if let Some(last) = last {
            room_was_found(true);
            self.committed(last);
        }
        Ok(())
    }

    fn committed(&self, last: i64) {
        self.inner.committed.send_if_modified(|known| raise(known, last));
        self.inner.head.send_if_modified(|known| raise(known, last));
    }

    /// On SQLite: folds the write-ahead log into the database and empties it, so that what was erased (the password of a
    /// mail that left) stands in no older frame. Gives up after half a second of readers: the next time will do.
    /// Answers whether the log is empty now; on PostgreSQL the log is the database's own affair and the answer is yes.
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

    /// On PostgreSQL: tells the other servers of commits, and hears of theirs. Runs until it is dropped; on SQLite
    /// there is nobody to tell and it answers at once.
    pub fn run_hints(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if self.engine() == Engine::Sqlite {
                return;
            }
            futures_util::future::join(self.notify_others(), self.hear_others()).await;
        })
    }

    async fn notify_others(&self) {
        let mut committed = self.inner.committed.subscribe();
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
                let mut connection = AsyncPgConnection::establish(&self.inner.url)
                    .await
                    .map_err(|error| Error::Connection(error.to_string()))?;
                connection.batch_execute(&format!("listen {CHANNEL}")).await?;
                let mut stream = std::pin::pin!(connection.notifications_stream());
                while let Some(notification) = stream.next().await {
                    if let Ok(last) = notification?.payload.parse() {
                        self.inner.head.send_if_modified(|known| raise(known, last));
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

fn raise(known: &mut i64, last: i64) -> bool {
    let higher = last > *known;
    if higher {
        *known = last;
    }
    higher
}

#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down,
}

fn harness<DB, C>(connection: &mut C, source: EmbeddedMigrations, direction: Direction) -> Result<Vec<String>>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
{
    let ran = match direction {
        Direction::Up => connection.run_pending_migrations(source),
        Direction::Down => connection.revert_all_migrations(source),
    }
    .map_err(|error| Error::Migration(error.to_string()))?;
    Ok(ran.iter().map(ToString::to_string).collect())
}

fn sqlite_pool(path: &str, size: usize, read_only: bool) -> Result<Pool<Sqlite>> {
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

#[cfg(test)]
mod tests {
    use diesel::prelude::{Connection as _, QueryableByName};
    use diesel::sql_types::Text;

    use super::*;

    #[derive(QueryableByName)]
    struct Index {
        #[diesel(sql_type = Text)]
        name: String,
    }

    #[test]
    fn q10_no_index_begins_with_a_word_that_most_rows_share() {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        connection.run_pending_migrations(SQLITE_MIGRATIONS).unwrap();
        // Without statistics SQLite takes any index for a selective one, and would begin there even where it is given ids.
        let indexes = diesel::sql_query(
            "select i.name as name from sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c \
             where m.type = 'table' and c.seqno = 0 and i.partial = 0 \
             and c.name in ('etat', 'role', 'etat_inscription', 'statut', 'sort', 'lecture', 'kind', 'genre', 'dossier')",
        );
        let indexes: Vec<Index> = diesel::RunQueryDsl::load(indexes, &mut connection).unwrap();
        let mut found: Vec<String> = indexes.into_iter().map(|index| index.name).collect();
        found.sort_unstable();
        // These tables are asked for by that word first; none is joined to by the ids of many accounts.
        let known =
            ["alerte_envoi_attente", "annonce_publiee", "fichier_lecture", "journal_kind", "sqlite_autoindex_rappel_1"];
        assert_eq!(found, known);
    }
}
