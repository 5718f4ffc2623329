//! A transaction that writes, and appends to the journal as its last act.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::CompteId;
use domain::journal::Fact;
use futures_util::future::BoxFuture;

use crate::query::RunQueryDsl;
use crate::schema::{journal, journal_head};
use crate::{Connection, Pending, Result};

/// A transaction under way: a connection, who acts, when, and what will be said in the journal.
#[derive(Debug)]
pub struct Transaction {
    /// None once committed. A transaction dropped with a connection in it closes the connection, and so rolls back.
    connection: Option<Connection>,
    /// The moment that every row of this transaction bears.
    pub now: NaiveDateTime,
    /// Who acts; none when the server itself does.
    pub actor: Option<CompteId>,
    facts: Vec<Fact>,
}

impl Transaction {
    pub(crate) fn begin(
        mut connection: Connection,
        now: NaiveDateTime,
        actor: Option<CompteId>,
    ) -> Pending<'static, Self> {
        Box::pin(async move {
            connection.begin().await?;
            Ok(Self { connection: Some(connection), now, actor, facts: Vec::new() })
        })
    }

    pub fn connection(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("a transaction holds its connection until it ends")
    }

    /// Says that something happened. It is appended to the journal as the last act of the transaction.
    pub fn record(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    /// Returns the id of the last row of the journal, when something was appended.
    pub(crate) fn commit(mut self) -> Pending<'static, Option<i64>> {
        Box::pin(async move {
            let last = if self.facts.is_empty() { None } else { Some(self.append().await?) };
            self.connection().commit().await?;
            drop(self.connection.take());
            Ok(last)
        })
    }

    pub(crate) fn rollback(mut self) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            if self.connection().rollback().await.is_ok() {
                drop(self.connection.take());
            }
        })
    }

    async fn append(&mut self) -> Result<i64> {
        let facts = std::mem::take(&mut self.facts);
        let count = facts.len() as i64;
        // The lock on this row is held to the commit: id order is commit order.
        let last: i64 = diesel::update(journal_head::table.find(1))
            .set(journal_head::last.eq(journal_head::last + count))
            .returning(journal_head::last)
            .get_result(self.connection())
            .await?;
        for (id, fact) in (last - count + 1..).zip(facts) {
            let payload = serde_json::to_string(&fact)?;
            diesel::insert_into(journal::table)
                .values((
                    journal::id.eq(id),
                    journal::at.eq(self.now),
                    journal::actor.eq(self.actor.map(|compte| compte.0)),
                    journal::kind.eq(fact.kind()),
                    journal::subject.eq(fact.subject()),
                    journal::payload.eq(payload),
                ))
                .execute(self.connection())
                .await?;
        }
        Ok(last)
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.discard();
        }
    }
}
