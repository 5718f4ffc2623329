//! One dialect of SQL for both engines, so that a query is compiled once: its text, its values, its rows.
//!
//! A query writes itself for [`Both`] into a [`Statement`], which no longer knows its type. What differs between the
//! engines (quotes, placeholders, lists, locks) is left open in the text by a mark, and settled when the statement is
//! handed to diesel's own SQLite or PostgreSQL. A value is bound and read by that engine's own rules.

use std::ops::Range;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::QueryResult;
use diesel::backend::{Backend, DieselReserveSpecialization, SqlDialect, TrustedBackend, sql_dialect};
use diesel::deserialize::{self, FromSql};
use diesel::expression::array_comparison::{In, InExpression, Many, NotIn};
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::bind_collector::BindCollector;
use diesel::query_builder::{
    AstPass, BoxedLimitOffsetClause, IntoBoxedClause, LimitClause, LimitOffsetClause, NoLimitClause, NoOffsetClause,
    OffsetClause, Query, QueryBuilder, QueryFragment, QueryId, ReturningClause,
};
use diesel::row::{Field, PartialRow, Row, RowIndex, RowSealed};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{
    Array, BigInt, Binary, Bool, Date, Double, Float, HasSqlType, Integer, Nullable, SingleValue, SmallInt, Text, Time,
    Timestamp, TypeMetadata, Untyped,
};
use diesel::sqlite::{Sqlite as SqliteText, SqliteValue};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection};

use crate::connection::Sqlite;

/// Around the name of a table or a column.
const NAME: char = '\u{1}';
const VALUE: char = '\u{2}';
/// Around the values of a list.
const LIST: char = '\u{3}';
/// Begins the list of an `in`.
const IN: char = '\u{4}';
/// Begins the list of a `not in`.
const NOT_IN: char = '\u{5}';
/// Around a clause for PostgreSQL alone: SQLite has one writer, and needs no locks on rows.
const LOCK: char = '\u{6}';
const MARKS: [char; 6] = [NAME, VALUE, LIST, IN, NOT_IN, LOCK];

/// The dialect that both engines understand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Both;

impl Backend for Both {
    type QueryBuilder = Writer;
    type RawValue<'a> = Raw<'a>;
    type BindCollector<'a> = Values;
}

impl TypeMetadata for Both {
    type TypeMetadata = Kind;
    type MetadataLookup = ();
}

impl SqlDialect for Both {
    type ReturningClause = Own;
    type OnConflictClause = Own;
    type InsertWithDefaultKeyword = sql_dialect::default_keyword_for_insert::DoesNotSupportDefaultKeyword;
    type BatchInsertSupport = sql_dialect::batch_insert_support::DoesNotSupportBatchInsert;
    type ConcatClause = sql_dialect::concat_clause::ConcatWithPipesClause;
    type DefaultValueClauseForInsert = sql_dialect::default_value_clause::AnsiDefaultValueClause;
    type EmptyFromClauseSyntax = sql_dialect::from_clause_syntax::AnsiSqlFromClauseSyntax;
    type SelectStatementSyntax = sql_dialect::select_statement_syntax::AnsiSqlSelectStatement;
    type ExistsSyntax = sql_dialect::exists_syntax::AnsiSqlExistsSyntax;
    type ArrayComparison = Own;
    type AliasSyntax = sql_dialect::alias_syntax::AsAliasSyntax;
    type WindowFrameClauseGroupSupport = sql_dialect::window_frame_clause_group_support::IsoGroupWindowFrameUnit;
    type WindowFrameExclusionSupport = sql_dialect::window_frame_exclusion_support::FrameExclusionSupport;
    type AggregateFunctionExpressions =
        sql_dialect::aggregate_function_expressions::PostgresLikeAggregateFunctionExpressions;
    type BuiltInWindowFunctionRequireOrder = sql_dialect::built_in_window_function_require_order::NoOrderRequired;
}

impl DieselReserveSpecialization for Both {}
impl TrustedBackend for Both {}

/// Clauses that are written here, below.
#[derive(Clone, Copy, Debug)]
pub struct Own;

impl sql_dialect::on_conflict_clause::SupportsOnConflictClause for Own {}
impl sql_dialect::on_conflict_clause::SupportsOnConflictClauseWhere for Own {}
impl sql_dialect::on_conflict_clause::PgLikeOnConflictClause for Own {}
impl sql_dialect::returning_clause::SupportsReturningClause for Own {}

/// The type of a value. Diesel asks for more types; no column has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 32 bits.
    Integer,
    /// 64 bits.
    BigInt,
    Bool,
    Text,
    /// A day.
    Date,
    /// A moment, UTC.
    Timestamp,
    /// Of no column.
    Other,
}

macro_rules! kinds {
    ($($of:ty: $kind:ident),*) => {$(
        impl HasSqlType<$of> for Both {
            fn metadata((): &mut ()) -> Kind {
                Kind::$kind
            }
        }
    )*};
}
kinds!(Integer: Integer, BigInt: BigInt, Bool: Bool, Text: Text, Date: Date, Timestamp: Timestamp);
kinds!(SmallInt: Other, Float: Other, Double: Other, Binary: Other, Time: Other);

/// Gathers the text of a query.
#[derive(Debug, Default)]
pub struct Writer(String);

impl QueryBuilder<Both> for Writer {
    fn push_sql(&mut self, sql: &str) {
        self.0.push_str(sql);
    }

    fn push_identifier(&mut self, identifier: &str) -> QueryResult<()> {
        self.0.push(NAME);
        self.0.push_str(identifier);
        self.0.push(NAME);
        Ok(())
    }

    fn push_bind_param(&mut self) {
        self.0.push(VALUE);
    }

    fn finish(self) -> String {
        self.0
    }
}

/// A value that a query was asked with.
#[derive(Clone, Debug)]
pub enum Value {
    /// NULL, in the place of one of that kind.
    Null(Kind),
    /// 32 bits.
    Integer(i32),
    /// 64 bits.
    BigInt(i64),
    Bool(bool),
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// A moment, UTC.
    Timestamp(NaiveDateTime),
    Integers(Vec<i32>),
    BigInts(Vec<i64>),
    Texts(Vec<String>),
}

macro_rules! bound {
    ($($kind:ident, $of:ty, $by:ty, $take:expr;)*) => {$(
        impl From<$of> for Value {
            fn from(value: $of) -> Self {
                Self::$kind(value)
            }
        }

        impl ToSql<$kind, Both> for $by {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Both>) -> serialize::Result {
                let take: fn(&Self) -> $of = $take;
                out.set_value(take(self));
                Ok(IsNull::No)
            }
        }
    )*};
}
bound! {
    Integer, i32, i32, |value| *value;
    BigInt, i64, i64, |value| *value;
    Bool, bool, bool, |value| *value;
    Text, String, str, ToOwned::to_owned;
    Date, NaiveDate, NaiveDate, |value| *value;
    Timestamp, NaiveDateTime, NaiveDateTime, |value| *value;
}

/// Gathers the values of a query, in the order of their places.
#[derive(Debug, Default)]
pub struct Values(Vec<Value>);

impl<'a> BindCollector<'a, Both> for Values {
    type Buffer = Value;

    fn push_bound_value<T, U>(&mut self, bind: &'a U, lookup: &mut ()) -> QueryResult<()>
    where
        Both: HasSqlType<T>,
        U: ToSql<T, Both> + ?Sized + 'a,
    {
        // What stands there when the value is NULL.
        let mut out = Output::new(Value::Null(<Both as HasSqlType<T>>::metadata(lookup)), lookup);
        bind.to_sql(&mut out).map_err(diesel::result::Error::SerializationError)?;
        self.0.push(out.into_inner());
        Ok(())
    }
}

impl<Expr: QueryFragment<Both>> QueryFragment<Both, Own> for ReturningClause<Expr> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Both>) -> QueryResult<()> {
        out.push_sql(" RETURNING ");
        self.0.walk_ast(out)
    }
}

macro_rules! within {
    ($kind:ident, $mark:expr, $of_nothing:literal) => {
        impl<T: QueryFragment<Both>, U: QueryFragment<Both> + InExpression> QueryFragment<Both, Own> for $kind<T, U> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Both>) -> QueryResult<()> {
                if self.values.is_empty() {
                    out.push_sql($of_nothing);
                    return Ok(());
                }
                self.left.walk_ast(out.reborrow())?;
                out.push_sql($mark);
                self.values.walk_ast(out.reborrow())?;
                out.push_sql(")");
                Ok(())
            }
        }
    };
}
within!(In, "\u{4}", "1=0");
within!(NotIn, "\u{5}", "1=1");

impl<ST: SingleValue, I: ToSql<ST, Both>> QueryFragment<Both, Own> for Many<ST, I>
where
    Both: HasSqlType<ST>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Both>) -> QueryResult<()> {
        out.push_sql("\u{3}");
        for value in &self.values {
            out.push_bind_param(value)?;
        }
        out.push_sql("\u{3}");
        Ok(())
    }
}

/// A query whose rows stay as they are until the transaction ends, on the engine where others could change them.
#[derive(Clone, Copy, Debug)]
pub struct Locked<Q> {
    query: Q,
    how: Lock,
}

#[derive(Clone, Copy, Debug)]
pub enum Lock {
    /// Nobody changes them.
    Share,
    /// Nobody else changes or locks them: the transaction is about to change them.
    Change,
    /// Nobody else takes them; those that somebody took are left out.
    SkipTaken,
}

/// The same query, with its rows locked. It must be the outermost.
pub fn locked<Q>(query: Q, how: Lock) -> Locked<Q> {
    Locked { query, how }
}

impl<Q: QueryFragment<Both>> QueryFragment<Both> for Locked<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Both>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(match self.how {
            Lock::Share => "\u{6} FOR SHARE\u{6}",
            Lock::Change => "\u{6} FOR NO KEY UPDATE\u{6}",
            Lock::SkipTaken => "\u{6} FOR UPDATE SKIP LOCKED\u{6}",
        });
        Ok(())
    }
}

impl<Q> QueryId for Locked<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Locked<Q> {
    type SqlType = Q::SqlType;
}

impl QueryFragment<Both> for LimitOffsetClause<NoLimitClause, NoOffsetClause> {
    fn walk_ast<'b>(&'b self, _: AstPass<'_, 'b, Both>) -> QueryResult<()> {
        Ok(())
    }
}

impl<L> QueryFragment<Both> for LimitOffsetClause<LimitClause<L>, NoOffsetClause>
where
    LimitClause<L>: QueryFragment<Both>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Both>) -> QueryResult<()> {
        self.limit_clause.walk_ast(out)
    }
}

// No offset without a limit: SQLite knows no such thing.
impl<L, O> QueryFragment<Both> for LimitOffsetClause<LimitClause<L>, OffsetClause<O>>
where
    LimitClause<L>: QueryFragment<Both>,
    OffsetClause<O>: QueryFragment<Both>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Both>) -> QueryResult<()> {
        self.limit_clause.walk_ast(out.reborrow())?;
        self.offset_clause.walk_ast(out)
    }
}

impl<'a, L, O> IntoBoxedClause<'a, Both> for LimitOffsetClause<L, O>
where
    L: QueryFragment<Both> + Send + 'a,
    O: QueryFragment<Both> + Send + 'a,
{
    type BoxedClause = BoxedLimitOffsetClause<'a, Both>;

    fn into_boxed(self) -> Self::BoxedClause {
        BoxedLimitOffsetClause { limit: Some(Box::new(self.limit_clause)), offset: Some(Box::new(self.offset_clause)) }
    }
}

impl QueryFragment<Both> for BoxedLimitOffsetClause<'_, Both> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Both>) -> QueryResult<()> {
        for clause in self.limit.iter().chain(&self.offset) {
            clause.walk_ast(out.reborrow())?;
        }
        Ok(())
    }
}

/// What writes itself in this dialect. [`QueryFragment`] has four methods more, each of which would be compiled for
/// each query.
pub trait Writes {
    /// Writes the text and the values.
    fn write<'b>(&'b self, out: AstPass<'_, 'b, Both>) -> QueryResult<()>;
}

impl<Q: QueryFragment<Both>> Writes for Q {
    fn write<'b>(&'b self, out: AstPass<'_, 'b, Both>) -> QueryResult<()> {
        self.walk_ast(out)
    }
}

struct Seen<'q>(&'q dyn Writes);

impl QueryFragment<Both> for Seen<'_> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Both>) -> QueryResult<()> {
        self.0.write(out)
    }
}

/// A query of which only the text and the values are known.
#[derive(Debug)]
pub struct Statement {
    text: String,
    values: Vec<Value>,
    /// Whether there is a bounded number of such texts, so that the engine may keep it prepared.
    kept: bool,
}

impl Statement {
    pub fn of(query: &dyn Writes) -> QueryResult<Self> {
        let query = Seen(query);
        let (mut writer, mut values) = (Writer::default(), Values::default());
        query.to_sql(&mut writer, &Both)?;
        query.collect_binds(&mut values, &mut (), &Both)?;
        let kept = query.is_safe_to_cache_prepared(&Both)?;
        let (text, values) = (writer.finish(), values.0);
        if text.contains(LIST) { Self::gather(&text, values, kept) } else { Ok(Self { text, values, kept }) }
    }

    /// Makes one value of all the values of a list.
    fn gather(text: &str, values: Vec<Value>, kept: bool) -> QueryResult<Self> {
        let mut values = values.into_iter();
        let (mut gathered, mut written) = (Vec::new(), String::with_capacity(text.len()));
        for (nth, part) in text.split(LIST).enumerate() {
            let places = part.matches(VALUE).count();
            if nth % 2 == 0 {
                written.push_str(part);
                gathered.extend(values.by_ref().take(places));
            } else {
                written.push(LIST);
                gathered.push(list(values.by_ref().take(places))?);
            }
        }
        Ok(Self { text: written, values: gathered, kept })
    }

    fn write<'b, E: Engine>(&'b self, mut out: AstPass<'_, 'b, E>) -> QueryResult<()> {
        if !self.kept {
            out.unsafe_to_cache_prepared();
        }
        let mut values = self.values.iter();
        let mut next = || values.next().ok_or_else(|| wrong("a place without a value"));
        let mut rest = self.text.as_str();
        while let Some(at) = rest.find(MARKS) {
            out.push_sql(&rest[..at]);
            let mark = rest.as_bytes()[at] as char;
            rest = &rest[at + 1..];
            match mark {
                VALUE => E::value(&mut out, next()?)?,
                LIST => E::list(&mut out, next()?)?,
                IN => out.push_sql(E::IN),
                NOT_IN => out.push_sql(E::NOT_IN),
                _ => {
                    let (inside, after) = rest.split_once(mark).ok_or_else(|| wrong("a mark without its fellow"))?;
                    rest = after;
                    if mark == NAME {
                        out.push_identifier(inside)?;
                    } else if E::LOCKS {
                        out.push_sql(inside);
                    }
                }
            }
        }
        out.push_sql(rest);
        if values.next().is_some() { Err(wrong("a value without a place")) } else { Ok(()) }
    }
}

fn wrong(what: &str) -> diesel::result::Error {
    diesel::result::Error::QueryBuilderError(what.into())
}

fn list(values: impl Iterator<Item = Value>) -> QueryResult<Value> {
    let mut list = None;
    for value in values {
        match (&mut list, value) {
            (None, Value::Integer(value)) => list = Some(Value::Integers(vec![value])),
            (None, Value::BigInt(value)) => list = Some(Value::BigInts(vec![value])),
            (None, Value::Text(value)) => list = Some(Value::Texts(vec![value])),
            (Some(Value::Integers(list)), Value::Integer(value)) => list.push(value),
            (Some(Value::BigInts(list)), Value::BigInt(value)) => list.push(value),
            (Some(Value::Texts(list)), Value::Text(value)) => list.push(value),
            _ => return Err(wrong("a list of what no list is made of")),
        }
    }
    list.ok_or_else(|| wrong("an empty list"))
}

impl QueryFragment<SqliteText> for Statement {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, SqliteText>) -> QueryResult<()> {
        self.write(pass)
    }
}

impl QueryFragment<Pg> for Statement {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.write(pass)
    }
}

impl QueryId for Statement {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement {
    type SqlType = Untyped;
}

/// An engine that a statement is written for.
trait Engine: Backend {
    const LOCKS: bool;
    const IN: &'static str;
    const NOT_IN: &'static str;

    fn value<'b>(out: &mut AstPass<'_, 'b, Self>, value: &'b Value) -> QueryResult<()>;
    fn list<'b>(out: &mut AstPass<'_, 'b, Self>, list: &'b Value) -> QueryResult<()>;
}

macro_rules! value {
    () => {
        fn value<'b>(out: &mut AstPass<'_, 'b, Self>, value: &'b Value) -> QueryResult<()> {
            match value {
                Value::Integer(value) => out.push_bind_param::<Integer, _>(value),
                Value::BigInt(value) => out.push_bind_param::<BigInt, _>(value),
                Value::Bool(value) => out.push_bind_param::<Bool, _>(value),
                Value::Text(value) => out.push_bind_param::<Text, _>(value),
                Value::Date(value) => out.push_bind_param::<Date, _>(value),
                Value::Timestamp(value) => out.push_bind_param::<Timestamp, _>(value),
                Value::Null(Kind::Integer) => out.push_bind_param::<Nullable<Integer>, _>(&None::<i32>),
                Value::Null(Kind::BigInt) => out.push_bind_param::<Nullable<BigInt>, _>(&None::<i64>),
                Value::Null(Kind::Bool) => out.push_bind_param::<Nullable<Bool>, _>(&None::<bool>),
                Value::Null(Kind::Text) => out.push_bind_param::<Nullable<Text>, _>(&None::<&str>),
                Value::Null(Kind::Date) => out.push_bind_param::<Nullable<Date>, _>(&None::<NaiveDate>),
                Value::Null(Kind::Timestamp) => out.push_bind_param::<Nullable<Timestamp>, _>(&None::<NaiveDateTime>),
                Value::Null(Kind::Other) | Value::Integers(_) | Value::BigInts(_) | Value::Texts(_) => {
                    Err(wrong("a value of no column"))
                }
            }
        }
    };
}

impl Engine for SqliteText {
    const LOCKS: bool = false;
    const IN: &'static str = " IN (";
    const NOT_IN: &'static str = " NOT IN (";

    value!();

    fn list<'b>(out: &mut AstPass<'_, 'b, Self>, list: &'b Value) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        match list {
            Value::Integers(values) => each::<Integer, _>(out, values),
            Value::BigInts(values) => each::<BigInt, _>(out, values),
            Value::Texts(values) => each::<Text, _>(out, values),
            _ => Err(wrong("no list")),
        }
    }
}

fn each<'b, ST, T: ToSql<ST, SqliteText>>(out: &mut AstPass<'_, 'b, SqliteText>, values: &'b [T]) -> QueryResult<()>
where
    SqliteText: HasSqlType<ST>,
{
    for (nth, value) in values.iter().enumerate() {
        if nth > 0 {
            out.push_sql(", ");
        }
        out.push_bind_param::<ST, T>(value)?;
    }
    Ok(())
}

impl Engine for Pg {
    const LOCKS: bool = true;
    const IN: &'static str = " = ANY(";
    const NOT_IN: &'static str = " != ALL(";

    value!();

    /// As one value: one place for each would make another text for each length, and 65,535 places at most.
    fn list<'b>(out: &mut AstPass<'_, 'b, Self>, list: &'b Value) -> QueryResult<()> {
        match list {
            Value::Integers(values) => out.push_bind_param::<Array<Integer>, _>(values),
            Value::BigInts(values) => out.push_bind_param::<Array<BigInt>, _>(values),
            Value::Texts(values) => out.push_bind_param::<Array<Text>, _>(values),
            _ => Err(wrong("no list")),
        }
    }
}

type SqliteRow = <Sqlite as AsyncConnectionCore>::Row<'static, 'static>;
type PgRow = <AsyncPgConnection as AsyncConnectionCore>::Row<'static, 'static>;

/// A row of either engine.
#[allow(missing_debug_implementations)]
pub enum Line {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// A field of a row.
#[allow(missing_debug_implementations)]
pub enum Cell<'f> {
    Sqlite(<SqliteRow as Row<'static, SqliteText>>::Field<'f>),
    Postgres(<PgRow as Row<'static, Pg>>::Field<'f>),
}

/// What a field holds, as its engine gave it.
#[allow(missing_debug_implementations)]
pub enum Raw<'a> {
    Sqlite(SqliteValue<'a, 'a, 'a>),
    Postgres(PgValue<'a>),
}

impl RowSealed for Line {}

impl RowIndex<usize> for Line {
    fn idx(&self, at: usize) -> Option<usize> {
        match self {
            Self::Sqlite(row) => row.idx(at),
            Self::Postgres(row) => row.idx(at),
        }
    }
}

impl<'n> RowIndex<&'n str> for Line {
    fn idx(&self, name: &'n str) -> Option<usize> {
        match self {
            Self::Sqlite(row) => row.idx(name),
            Self::Postgres(row) => row.idx(name),
        }
    }
}

impl Row<'static, Both> for Line {
    type Field<'f> = Cell<'f>;
    type InnerPartialRow = Self;

    fn field_count(&self) -> usize {
        match self {
            Self::Sqlite(row) => row.field_count(),
            Self::Postgres(row) => row.field_count(),
        }
    }

    fn get<'b, I>(&'b self, at: I) -> Option<Cell<'b>>
    where
        'static: 'b,
        Self: RowIndex<I>,
    {
        let at = self.idx(at)?;
        match self {
            Self::Sqlite(row) => Row::get(row, at).map(Cell::Sqlite),
            Self::Postgres(row) => Row::get(row, at).map(Cell::Postgres),
        }
    }

    fn partial_row(&self, range: Range<usize>) -> PartialRow<'_, Self> {
        PartialRow::new(self, range)
    }
}

impl<'f> Field<'f, Both> for Cell<'f> {
    fn field_name(&self) -> Option<&str> {
        match self {
            Self::Sqlite(field) => field.field_name(),
            Self::Postgres(field) => field.field_name(),
        }
    }

    fn value(&self) -> Option<Raw<'_>> {
        match self {
            Self::Sqlite(field) => field.value().map(Raw::Sqlite),
            Self::Postgres(field) => field.value().map(Raw::Postgres),
        }
    }
}

macro_rules! read {
    ($($kind:ty: $into:ty),*) => {$(
        impl FromSql<$kind, Both> for $into {
            fn from_sql(raw: Raw<'_>) -> deserialize::Result<Self> {
                match raw {
                    Raw::Sqlite(value) => FromSql::<$kind, SqliteText>::from_sql(value),
                    Raw::Postgres(value) => FromSql::<$kind, Pg>::from_sql(value),
                }
            }
        }
    )*};
}
read!(Integer: i32, BigInt: i64, Bool: bool, Text: String, Date: NaiveDate, Timestamp: NaiveDateTime);

#[cfg(test)]
mod tests {
    use diesel::prelude::*;

    use super::*;
    use crate::schema::{compte, session};

    /// The statement as each engine gets it, with its values.
    fn written(query: &dyn Writes) -> [String; 2] {
        let statement = Statement::of(query).unwrap();
        [
            diesel::debug_query::<SqliteText, _>(&statement).to_string(),
            diesel::debug_query::<Pg, _>(&statement).to_string(),
        ]
    }

    #[test]
    fn q11_one_query_is_written_as_each_engine_wants_it() {
        let one = session::table
            .filter(session::id.eq(7))
            .filter(session::empreinte.ne("a\u{2}b"))
            .select(session::id)
            .limit(1);
        let [sqlite, postgres] = written(&one);
        assert_eq!(
            sqlite,
            "SELECT `session`.`id` FROM `session` WHERE ((`session`.`id` = ?) AND (`session`.`empreinte` != ?)) LIMIT ? \
             -- binds: [7, \"a\\u{2}b\", 1]"
        );
        assert_eq!(
            postgres,
            "SELECT \"session\".\"id\" FROM \"session\" WHERE ((\"session\".\"id\" = $1) AND (\"session\".\"empreinte\" != $2)) \
             LIMIT $3 -- binds: [7, \"a\\u{2}b\", 1]"
        );
    }

    #[test]
    fn q11_a_list_is_as_many_places_for_sqlite_and_one_value_for_postgres() {
        let some = session::table
            .filter(session::id.eq_any([4, 5]))
            .filter(session::empreinte.ne_all(["a", "b"]))
            .filter(session::compte_id.eq(9))
            .select(session::id);
        let [sqlite, postgres] = written(&some);
        assert!(sqlite.contains("`id` IN (?, ?)) AND (`session`.`empreinte` NOT IN (?, ?))"), "{sqlite}");
        assert!(sqlite.ends_with("binds: [4, 5, \"a\", \"b\", 9]"), "{sqlite}");
        assert!(postgres.contains("\"id\" = ANY($1)) AND (\"session\".\"empreinte\" != ALL($2))"), "{postgres}");
        assert!(postgres.ends_with("binds: [[4, 5], [\"a\", \"b\"], 9]"), "{postgres}");

        let within =
            compte::table.filter(compte::id.eq_any(session::table.select(session::compte_id))).select(compte::id);
        let [sqlite, postgres] = written(&within);
        assert!(sqlite.contains("`compte`.`id` IN (SELECT `session`.`compte_id` FROM `session`)"), "{sqlite}");
        assert!(
            postgres.contains("\"compte\".\"id\" = ANY(SELECT \"session\".\"compte_id\" FROM \"session\")"),
            "{postgres}"
        );
    }

    #[test]
    fn q11_a_list_of_nothing_holds_nothing() {
        let none = session::table.filter(session::id.eq_any(Vec::<i64>::new())).select(session::id);
        assert!(written(&none).iter().all(|text| text.contains("WHERE (1=0)")));
        let all = session::table.filter(session::id.ne_all(Vec::<i64>::new())).select(session::id);
        assert!(written(&all).iter().all(|text| text.contains("WHERE (1=1)")));
    }

    #[test]
    fn q11_rows_are_locked_where_others_write() {
        let one = locked(session::table.select(session::id).limit(3), Lock::SkipTaken);
        let [sqlite, postgres] = written(&one);
        assert!(sqlite.contains("LIMIT ? -- binds"), "{sqlite}");
        assert!(postgres.contains("LIMIT $1 FOR UPDATE SKIP LOCKED -- binds"), "{postgres}");
        let [_, postgres] = written(&locked(session::table.select(session::id), Lock::Share));
        assert!(postgres.contains("FROM \"session\" FOR SHARE"), "{postgres}");
    }

    #[test]
    fn q11_a_text_of_many_lengths_is_not_kept_by_sqlite() {
        let kept = |query: &dyn Writes| {
            let statement = Statement::of(query).unwrap();
            let sqlite = QueryFragment::<SqliteText>::is_safe_to_cache_prepared(&statement, &SqliteText).unwrap();
            [sqlite, QueryFragment::<Pg>::is_safe_to_cache_prepared(&statement, &Pg).unwrap()]
        };
        assert_eq!(kept(&session::table.filter(session::id.eq(1)).select(session::id)), [true, true]);
        assert_eq!(kept(&session::table.filter(session::id.eq_any([1, 2])).select(session::id)), [false, true]);
        assert_eq!(kept(&session::table.select(diesel::dsl::sql::<BigInt>("1"))), [false, false]);
    }
}
