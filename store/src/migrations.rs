//! Where the schema stands, and how it is brought up to date: the same migrations for both engines, each in its SQL.

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncConnection, AsyncPgConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::query::RunQueryDsl;
use crate::{Connection, Error, Pending, Result, Store};

const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations/postgres");
/// Where diesel keeps the versions of the migrations that ran.
const VERSIONS: &str = "__diesel_schema_migrations";

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

    /// Whether every migration that this program knows has run.
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

impl Store {
    /// Brings the schema up to date; returns the names of the migrations that ran.
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
        if let Connection::Sqlite(mut object) = self.writer().await? {
            return object.spawn_blocking(move |c| Ok(harness(c, SQLITE_MIGRATIONS, direction))).await?;
        }
        let connection =
            AsyncPgConnection::establish(self.url()).await.map_err(|error| Error::Connection(error.to_string()))?;
        let mut wrapped = AsyncConnectionWrapper::<AsyncPgConnection>::from(connection);
        tokio::task::spawn_blocking(move || {
            // Two servers that start together must not both migrate.
            wrapped.batch_execute("select pg_advisory_lock(7267391)")?;
            let ran = harness(&mut wrapped, POSTGRES_MIGRATIONS, direction);
            wrapped.batch_execute("select pg_advisory_unlock(7267391)")?;
            ran
        })
        .await
        .map_err(|_| Error::Interrupted)?
    }
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

#[cfg(test)]
mod tests {
    use diesel::SqliteConnection;
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
