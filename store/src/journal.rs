//! The append-only journal: ids are gapless and their order is the order of commits, on both engines.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::CompteId;
use domain::journal::Fact;

use crate::query::RunQueryDsl;
use crate::schema::{curseur, journal, journal_head, journal_illisible};
use crate::{Connection, Error, Pending, Result, Store, Transaction};

type Row = (i64, NaiveDateTime, Option<i64>, String, String);

const COLUMNS: (journal::id, journal::at, journal::actor, journal::kind, journal::payload) =
    (journal::id, journal::at, journal::actor, journal::kind, journal::payload);

/// Something that happened, as a follower reads it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its rank in the journal, from 1, without gaps.
    pub id: i64,
    /// When (UTC).
    pub at: NaiveDateTime,
    /// Who did it, none for the server itself.
    pub actor: Option<CompteId>,
    pub fact: Fact,
}

/// A stretch of the journal: what can be read of it.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// The rank of its last row, or where it was to begin when nothing came after.
    pub end: i64,
    /// Whether there may be more rows after it.
    pub more: bool,
    /// What happened in it, in order.
    pub entries: Vec<Entry>,
}

/// A row of the journal that no version of this program could have written.
#[derive(Debug, thiserror::Error)]
#[error(
    "row {id} of the journal ({kind}) can't be read ({reason}): open pages, the search index and the alerts went on without it; \
     mend it, and running servers do what it asks within a minute"
)]
pub struct Unreadable {
    pub id: i64,
    pub kind: String,
    reason: serde_json::Error,
}

/// What a row says; none when a newer version wrote a kind that this one does not know.
fn read((id, at, actor, kind, payload): Row) -> Result<Option<Entry>, Unreadable> {
    if !Fact::KINDS.contains(&kind.as_str()) {
        tracing::debug!(id, kind, "a kind of a newer version was skipped");
        return Ok(None);
    }
    match serde_json::from_str(&payload) {
        Ok(fact) => Ok(Some(Entry { id, at, actor: actor.map(CompteId), fact })),
        Err(reason) => Err(Unreadable { id, kind, reason }),
    }
}

impl Store {
    /// What happened after a cursor, in at most `limit` rows. A row that can't be read is put aside for
    /// [`read_again`], and the rest goes on.
    ///
    /// # Errors
    /// [`Error::Unknown`] when a row is missing between the cursor and the first one: the journal has no gaps.
    pub fn follow(&self, cursor: i64, limit: i64) -> Pending<'_, Stretch> {
        Box::pin(async move {
            let rows = after(&mut self.read().await?, cursor, limit).await?;
            let (end, more) = (rows.last().map_or(cursor, |row| row.0), rows.len() as i64 == limit);
            let (mut entries, mut aside) = (Vec::with_capacity(rows.len()), Vec::new());
            for row in rows {
                match read(row) {
                    Ok(entry) => entries.extend(entry),
                    Err(unreadable) => aside.push(unreadable),
                }
            }
            if !aside.is_empty() {
                self.write::<_, Error, _>(None, move |transaction| Box::pin(put_aside(transaction, aside))).await?;
            }
            Ok(Stretch { end, more, entries })
        })
    }
}

/// Remembers rows that can't be read. The first follower that meets one says so in the log.
async fn put_aside(transaction: &mut Transaction, rows: Vec<Unreadable>) -> Result<()> {
    for row in rows {
        let new = diesel::insert_into(journal_illisible::table)
            .values((journal_illisible::entree_id.eq(row.id), journal_illisible::vue_at.eq(transaction.now)))
            .on_conflict_do_nothing()
            .execute(transaction.connection())
            .await?;
        if new > 0 {
            tracing::error!("{row}");
        }
    }
    Ok(())
}

async fn aside(connection: &mut Connection) -> Result<Vec<Row>> {
    Ok(journal::table
        .inner_join(journal_illisible::table.on(journal_illisible::entree_id.eq(journal::id)))
        .order(journal::id)
        .select(COLUMNS)
        .load(connection)
        .await?)
}

/// The rows that followers went on without.
pub fn unreadable(connection: &mut Connection) -> Pending<'_, Vec<Unreadable>> {
    Box::pin(async move { Ok(aside(connection).await?.into_iter().filter_map(|row| read(row).err()).collect()) })
}

/// Appends anew what was put aside and can be read now, so that everybody follows it; returns how many rows there were.
pub fn read_again(transaction: &mut Transaction) -> Pending<'_, usize> {
    Box::pin(async move {
        let mut count = 0;
        for row in aside(transaction.connection()).await? {
            let id = row.0;
            let Ok(entry) = read(row) else { continue };
            // Of two servers at once, one takes it.
            let mine = diesel::delete(journal_illisible::table.find(id)).execute(transaction.connection()).await?;
            if let Some(entry) = entry.filter(|_| mine == 1) {
                transaction.record(entry.fact);
                count += 1;
            }
        }
        Ok(count)
    })
}

/// The id of the last row.
pub fn head(connection: &mut Connection) -> Pending<'_, i64> {
    Box::pin(async move { Ok(journal_head::table.find(1).select(journal_head::last).get_result(connection).await?) })
}

async fn after(connection: &mut Connection, cursor: i64, limit: i64) -> Result<Vec<Row>> {
    let rows: Vec<Row> = journal::table
        .filter(journal::id.gt(cursor))
        .order(journal::id)
        .limit(limit)
        .select(COLUMNS)
        .load(connection)
        .await?;
    for (rank, (id, ..)) in rows.iter().enumerate() {
        if *id != cursor + 1 + rank as i64 {
            return Err(Error::Unknown { table: "journal", column: "id", value: id.to_string() });
        }
    }
    Ok(rows)
}

/// Where a follower of all servers together stands.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t2_an_unknown_word_of_a_known_kind_is_put_aside_and_an_unknown_kind_is_skipped() {
        let row = |kind: &str, word: &str| {
            let payload = format!(r#"{{"kind":"{kind}","demande":3,"evenement":"{word}","boites":[5]}}"#);
            read((7, NaiveDateTime::default(), None, kind.to_owned(), payload))
        };
        assert!(row("demande_modifiee", "transferer").is_ok_and(|entry| entry.is_some()));
        assert!(row("demande_envolee", "transferer").is_ok_and(|entry| entry.is_none()));
        let said = row("demande_modifiee", "envoler").err().map(|unreadable| unreadable.to_string());
        assert!(said.is_some_and(|said| said.contains("row 7") && said.contains("envoler")));
    }
}
