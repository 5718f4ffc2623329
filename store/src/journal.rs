//! The append-only journal: ids are gapless and their order is the order of commits both engines.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::CompteId;
use domain::journal::Fact;

use crate::connection::Connection;
use crate::query::RunQueryDsl;
use crate::schema::{curseur, journal, journal_head};
use crate::{Error, Pending, Result};

/// One row of the journal.
#[derive(Clone, Debug, Queryable)]
pub struct Entry {
    /// Rank, from 1, without gaps.
    pub id: i64,
    /// When (UTC).
    pub at: NaiveDateTime,
    /// Who, none for the server itself.
    pub actor: Option<i64>,
    /// What, as a word.
    pub kind: String,
    /// The id of what it is about.
    pub subject: i64,
    payload: String,
}

impl Entry {
    /// What happened, or none when a newer version wrote a kind that this one does not know.
    pub fn fact(&self) -> Result<Option<Fact>> {
        match serde_json::from_str::<Fact>(&self.payload) {
            Ok(fact) => Ok(Some(fact)),
            Err(error) if error.to_string().contains("unknown variant") => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Appends the facts of a transaction, as its last act; answers the last id.
pub(crate) fn append<'a>(
    connection: &'a mut Connection,
    now: NaiveDateTime,
    actor: Option<CompteId>,
    facts: &'a [Fact],
) -> Pending<'a, Option<i64>> {
    Box::pin(async move {
        if facts.is_empty() {
            return Ok(None);
        }
        let count = facts.len() as i64;
        // The lock on this row is held to the commit: id order is commit order.
        let last: i64 = diesel::update(journal_head::table.find(1))
            .set(journal_head::last.eq(journal_head::last + count))
            .returning(journal_head::last)
            .get_result(connection)
            .await?;
        for (rank, fact) in facts.iter().enumerate() {
            let id = last - count + 1 + rank as i64;
            let payload = serde_json::to_string(fact)?;
            diesel::insert_into(journal::table)
                .values((
                    journal::id.eq(id),
                    journal::at.eq(now),
                    journal::actor.eq(actor.map(|compte| compte.0)),
                    journal::kind.eq(fact.kind()),
                    journal::subject.eq(fact.subject()),
                    journal::payload.eq(&payload),
                ))
                .execute(connection)
                .await?;
        }
        Ok(Some(last))
    })
}

/// The id of the last row.
pub fn head(connection: &mut Connection) -> Pending<'_, i64> {
    Box::pin(async move { Ok(journal_head::table.find(1).select(journal_head::last).get_result(connection).await?) })
}

/// The rows that come after a cursor, in order, at most `limit`.
///
/// # Errors
/// [`Error::Unknown`] when a row is missing between the cursor and the first one: the journal has no gaps.
pub fn after(connection: &mut Connection, cursor: i64, limit: i64) -> Pending<'_, Vec<Entry>> {
    Box::pin(async move {
        let entries: Vec<Entry> =
            journal::table.filter(journal::id.gt(cursor)).order(journal::id).limit(limit).load(connection).await?;
        for (rank, entry) in entries.iter().enumerate() {
            if entry.id != cursor + 1 + rank as i64 {
                return Err(Error::Unknown { table: "journal", column: "id", value: entry.id.to_string() });
            }
        }
        Ok(entries)
    })
}

/// Where a follower of the whole cluster stands.
pub fn cursor<'a>(connection: &'a mut Connection, name: &'a str) -> Pending<'a, i64> {
    Box::pin(async move { Ok(curseur::table.find(name).select(curseur::position).get_result(connection).await?) })
}

/// Moves a cluster cursor in the transaction that has its effect; false when another server did it first.
pub fn advance<'a>(connection: &'a mut Connection, name: &'a str, from: i64, to: i64) -> Pending<'a, bool> {
    Box::pin(async move {
        let moved = diesel::update(curseur::table.find(name).filter(curseur::position.eq(from)))
            .set(curseur::position.eq(to))
            .execute(connection)
            .await?;
        Ok(moved == 1)
    })
}

/// Whether something of that kind happened after a row.
pub fn any_of_kind<'a>(connection: &'a mut Connection, kind: &'a str, after: i64) -> Pending<'a, bool> {
    Box::pin(async move {
        let found: Option<i64> = journal::table
            .filter(journal::kind.eq(kind))
            .filter(journal::id.gt(after))
            .select(journal::id)
            .first(connection)
            .await
            .optional()?;
        Ok(found.is_some())
    })
}
