//! Runs a query on the engine of its connection, and forgets its type at once.
//!
//! Each query of diesel is a type of its own. Handed to the engine as it is, it is compiled through everything that
//! runs it, once per engine: that was four fifths of this crate's machine code. Here all that is compiled for a query
//! is what writes it down in the one dialect ([`Both`]) and what reads its rows. Both engines keep their prepared
//! statements by their text.

use diesel::QueryResult;
use diesel::deserialize::FromSqlRow;
use diesel::query_builder::{AsQuery, QueryFragment};
use diesel::query_dsl::methods::LimitDsl;
use diesel_async::AsyncConnectionCore;
use futures_util::TryStreamExt;
use futures_util::future::BoxFuture;

use crate::Connection;
use crate::dialect::{Both, Line, Statement};

/// A value that a row of these SQL types holds.
pub trait Readable<ST>: FromSqlRow<ST, Both> + Send + 'static {}
impl<ST, U: FromSqlRow<ST, Both> + Send + 'static> Readable<ST> for U {}

fn value<ST, U: FromSqlRow<ST, Both>>(line: &Line) -> QueryResult<U> {
    U::build_from_row(line).map_err(diesel::result::Error::DeserializationError)
}

fn all<ST, U: FromSqlRow<ST, Both>>(lines: &[Line]) -> QueryResult<Vec<U>> {
    lines.iter().map(value::<ST, U>).collect()
}

fn one<ST, U: FromSqlRow<ST, Both>>(lines: &[Line]) -> QueryResult<U> {
    lines.first().map_or(Err(diesel::result::Error::NotFound), value::<ST, U>)
}

fn lines(connection: &mut Connection, statement: QueryResult<Statement>) -> BoxFuture<'_, QueryResult<Vec<Line>>> {
    Box::pin(async move {
        let statement = statement?;
        match connection {
            Connection::Sqlite(object) => {
                let rows = AsyncConnectionCore::load(&mut **object, statement).await?;
                rows.map_ok(Line::Sqlite).try_collect().await
            }
            Connection::Postgres(object) => {
                let rows = AsyncConnectionCore::load(&mut **object, statement).await?;
                rows.map_ok(Line::Postgres).try_collect().await
            }
        }
    })
}

fn count(connection: &mut Connection, statement: QueryResult<Statement>) -> BoxFuture<'_, QueryResult<usize>> {
    Box::pin(async move {
        let statement = statement?;
        match connection {
            Connection::Sqlite(object) => AsyncConnectionCore::execute_returning_count(&mut **object, statement).await,
            Connection::Postgres(object) => {
                AsyncConnectionCore::execute_returning_count(&mut **object, statement).await
            }
        }
    })
}

fn read<T: Send + 'static>(
    connection: &mut Connection,
    statement: QueryResult<Statement>,
    read: fn(&[Line]) -> QueryResult<T>,
) -> BoxFuture<'_, QueryResult<T>> {
    let lines = lines(connection, statement);
    Box::pin(async move { read(&lines.await?) })
}

/// Takes the place of diesel's own trait of that name, for both engines at once.
pub trait RunQueryDsl: Sized {
    fn load<U>(self, connection: &mut Connection) -> BoxFuture<'_, QueryResult<Vec<U>>>
    where
        Self: AsQuery,
        Self::Query: QueryFragment<Both>,
        U: Readable<Self::SqlType>,
    {
        read(connection, Statement::of(&self.as_query()), all::<Self::SqlType, U>)
    }

    /// The first row of what is asked, or the error `NotFound`.
    fn get_result<U>(self, connection: &mut Connection) -> BoxFuture<'_, QueryResult<U>>
    where
        Self: AsQuery,
        Self::Query: QueryFragment<Both>,
        U: Readable<Self::SqlType>,
    {
        read(connection, Statement::of(&self.as_query()), one::<Self::SqlType, U>)
    }

    /// The same, asking for one row only.
    fn first<U>(self, connection: &mut Connection) -> BoxFuture<'_, QueryResult<U>>
    where
        Self: LimitDsl,
        Self::Output: AsQuery,
        <Self::Output as AsQuery>::Query: QueryFragment<Both>,
        U: Readable<<Self::Output as AsQuery>::SqlType>,
    {
        self.limit(1).get_result(connection)
    }

    /// How many rows were written.
    fn execute(self, connection: &mut Connection) -> BoxFuture<'_, QueryResult<usize>>
    where
        Self: QueryFragment<Both>,
    {
        count(connection, Statement::of(&self))
    }
}

impl<T> RunQueryDsl for T {}

/// The columns of a row's struct, in the order of its fields.
pub fn columns<U: diesel::Selectable<Both>>() -> U::SelectExpression {
    U::construct_selection()
}

/// Inserts many rows at once: PostgreSQL in one statement, SQLite one by one without leaving its thread.
macro_rules! insert_all {
    ($connection:expr, $table:expr, $rows:expr) => {{
        let rows = $rows;
        match $connection {
            $crate::Connection::Sqlite(object) => {
                object
                    .spawn_blocking(move |c| {
                        for row in rows {
                            ::diesel::RunQueryDsl::execute(::diesel::insert_into($table).values(row), c)?;
                        }
                        Ok(())
                    })
                    .await?;
            }
            $crate::Connection::Postgres(object) => {
                ::diesel_async::RunQueryDsl::execute(::diesel::insert_into($table).values(rows), &mut **object).await?;
            }
        }
    }};
}
pub(crate) use insert_all;
