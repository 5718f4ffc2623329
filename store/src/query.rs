//! Runs a query on whichever engine the connection is of, and forgets its type at once.
//!
//! Each query of diesel is a type of its own. Handed to the engine as it is, it is compiled through everything that runs it,
//! once per engine: that was four fifths of this crate's machine code. Here all that is compiled for a query is what writes
//! its text and what reads its rows. Both engines keep their prepared statements by that text.

use diesel::QueryResult;
use diesel::deserialize::FromSqlRow;
use diesel::pg::Pg;
use diesel::query_builder::{AsQuery, AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::LimitDsl;
use diesel::row::Row;
use diesel::sql_types::Untyped;
use diesel::sqlite::Sqlite as SqliteText;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection};
use futures_util::TryStreamExt;
use futures_util::future::BoxFuture;

use crate::connection::{Connection, Sqlite};

/// Writes the text of a query, and its values, for either engine.
pub trait Text: Send {
    /// For SQLite.
    fn sqlite<'b>(&'b self, pass: AstPass<'_, 'b, SqliteText>) -> QueryResult<()>;
    /// For PostgreSQL.
    fn postgres<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()>;
}

impl<Q: QueryFragment<SqliteText> + QueryFragment<Pg> + Send> Text for Q {
    fn sqlite<'b>(&'b self, pass: AstPass<'_, 'b, SqliteText>) -> QueryResult<()> {
        self.walk_ast(pass)
    }

    fn postgres<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk_ast(pass)
    }
}

/// A query of which only the text is known.
struct Forgotten<'q>(Box<dyn Text + 'q>);

impl QueryFragment<SqliteText> for Forgotten<'_> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, SqliteText>) -> QueryResult<()> {
        self.0.sqlite(pass)
    }
}

impl QueryFragment<Pg> for Forgotten<'_> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.postgres(pass)
    }
}

impl QueryId for Forgotten<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Forgotten<'_> {
    type SqlType = Untyped;
}

/// What an engine gave back.
enum Rows {
    Sqlite(Vec<<Sqlite as AsyncConnectionCore>::Row<'static, 'static>>),
    Postgres(Vec<<AsyncPgConnection as AsyncConnectionCore>::Row<'static, 'static>>),
}

/// A value that a row of these SQL types holds, on either engine.
pub trait Readable<ST>: FromSqlRow<ST, SqliteText> + FromSqlRow<ST, Pg> + Send + 'static {}
impl<ST, U: FromSqlRow<ST, SqliteText> + FromSqlRow<ST, Pg> + Send + 'static> Readable<ST> for U {}

impl Rows {
    fn all<ST, U: Readable<ST>>(self) -> QueryResult<Vec<U>> {
        match self {
            Self::Sqlite(rows) => rows.iter().map(|row| value::<ST, SqliteText, U>(row)).collect(),
            Self::Postgres(rows) => rows.iter().map(|row| value::<ST, Pg, U>(row)).collect(),
        }
    }

    fn one<ST, U: Readable<ST>>(self) -> QueryResult<U> {
        let first = match self {
            Self::Sqlite(rows) => rows.into_iter().next().map(|row| value::<ST, SqliteText, U>(&row)),
            Self::Postgres(rows) => rows.into_iter().next().map(|row| value::<ST, Pg, U>(&row)),
        };
        first.unwrap_or(Err(diesel::result::Error::NotFound))
    }
}

fn value<'r, ST, DB: diesel::backend::Backend, U: FromSqlRow<ST, DB>>(row: &impl Row<'r, DB>) -> QueryResult<U> {
    U::build_from_row(row).map_err(diesel::result::Error::DeserializationError)
}

fn rows<'q>(connection: &'q mut Connection, query: Forgotten<'q>) -> BoxFuture<'q, QueryResult<Rows>> {
    Box::pin(async move {
        Ok(match connection {
            Connection::Sqlite(object) => {
                Rows::Sqlite(AsyncConnectionCore::load(&mut **object, query).await?.try_collect().await?)
            }
            Connection::Postgres(object) => {
                Rows::Postgres(AsyncConnectionCore::load(&mut **object, query).await?.try_collect().await?)
            }
        })
    })
}

fn count<'q>(connection: &'q mut Connection, query: Forgotten<'q>) -> BoxFuture<'q, QueryResult<usize>> {
    Box::pin(async move {
        match connection {
            Connection::Sqlite(object) => AsyncConnectionCore::execute_returning_count(&mut **object, query).await,
            Connection::Postgres(object) => AsyncConnectionCore::execute_returning_count(&mut **object, query).await,
        }
    })
}

fn read<T: Send + 'static>(
    rows: BoxFuture<'_, QueryResult<Rows>>,
    read: fn(Rows) -> QueryResult<T>,
) -> BoxFuture<'_, QueryResult<T>> {
    Box::pin(async move { read(rows.await?) })
}

/// Takes the place of diesel's own trait of that name, for both engines at once.
pub trait RunQueryDsl: Sized {
    /// All rows.
    fn load<'q, U>(self, connection: &'q mut Connection) -> BoxFuture<'q, QueryResult<Vec<U>>>
    where
        Self: AsQuery,
        Self::Query: Text + 'q,
        U: Readable<Self::SqlType>,
    {
        read(rows(connection, Forgotten(Box::new(self.as_query()))), Rows::all::<Self::SqlType, U>)
    }

    /// The first row of what is asked, or the error `NotFound`.
    fn get_result<'q, U>(self, connection: &'q mut Connection) -> BoxFuture<'q, QueryResult<U>>
    where
        Self: AsQuery,
        Self::Query: Text + 'q,
        U: Readable<Self::SqlType>,
    {
        read(rows(connection, Forgotten(Box::new(self.as_query()))), Rows::one::<Self::SqlType, U>)
    }

    /// The same, asking for one row only.
    fn first<'q, U>(self, connection: &'q mut Connection) -> BoxFuture<'q, QueryResult<U>>
    where
        Self: LimitDsl,
        Self::Output: AsQuery,
        <Self::Output as AsQuery>::Query: Text + 'q,
        U: Readable<<Self::Output as AsQuery>::SqlType>,
    {
        self.limit(1).get_result(connection)
    }

    /// How many rows were written.
    fn execute<'q>(self, connection: &'q mut Connection) -> BoxFuture<'q, QueryResult<usize>>
    where
        Self: Text + 'q,
    {
        count(connection, Forgotten(Box::new(self)))
    }
}

impl<T> RunQueryDsl for T {}

/// The columns of a row's struct, in the order of its fields.
pub fn columns<U: diesel::Selectable<SqliteText>>() -> U::SelectExpression {
    U::construct_selection()
}
