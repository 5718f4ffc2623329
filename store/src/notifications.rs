//! Notifications: facts of their own, kept until they are pruned, read or not.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::CompteId;
use domain::journal::Fact;

use crate::dialect::Both;
use crate::query::{RunQueryDsl, columns, insert_all};
use crate::schema::{notification, preference};
use crate::{Connection, Pending, Transaction};

#[derive(Clone, Debug, Queryable, Selectable, PartialEq, Eq)]
#[diesel(table_name = notification)]
pub struct Notification {
    pub id: i64,
    pub compte_id: i64,
    /// What it is about, as a word.
    pub categorie: String,
    pub titre: String,
    pub texte: String,
    /// Where it leads, a path of this service.
    pub lien: String,
    pub at: NaiveDateTime,
    pub lue_at: Option<NaiveDateTime>,
}

/// The latest notifications of an account.
pub fn list(connection: &mut Connection, compte: CompteId, limit: i64, offset: i64) -> Pending<'_, Vec<Notification>> {
    Box::pin(async move {
        Ok(notification::table
            .filter(notification::compte_id.eq(compte.0))
            .order(notification::id.desc())
            .limit(limit)
            .offset(offset)
            .select(columns::<Notification>())
            .load(connection)
            .await?)
    })
}

pub fn count(connection: &mut Connection, compte: CompteId) -> Pending<'_, i64> {
    Box::pin(async move {
        Ok(notification::table.filter(notification::compte_id.eq(compte.0)).count().get_result(connection).await?)
    })
}

/// Those of these accounts that were made at that moment: a transaction dates all its rows alike, so these are the ones
/// that a row of the journal brought. Those that their owner does not want announced are left out: they wait in the
/// list.
pub fn made_at<'a>(
    connection: &'a mut Connection,
    comptes: &'a [i64],
    at: NaiveDateTime,
) -> Pending<'a, Vec<Notification>> {
    Box::pin(async move {
        Ok(notification::table
            .filter(notification::compte_id.eq_any(comptes))
            .filter(notification::at.eq(at))
            .filter(diesel::dsl::not(diesel::dsl::exists(
                preference::table
                    .filter(preference::compte_id.eq(notification::compte_id))
                    .filter(preference::sorte.eq(notification::categorie))
                    .filter(preference::direct.eq(false)),
            )))
            .order(notification::id)
            .select(columns::<Notification>())
            .load(connection)
            .await?)
    })
}

/// Marks read one notification of an account, or all of them; returns how many were unread.
pub fn mark_read(transaction: &mut Transaction, compte: CompteId, id: Option<i64>) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let mut unread = notification::table
            .filter(notification::compte_id.eq(compte.0))
            .filter(notification::lue_at.is_null())
            .select(notification::id)
            .into_boxed::<Both>();
        if let Some(id) = id {
            unread = unread.filter(notification::id.eq(id));
        }
        let read = diesel::update(notification::table.filter(notification::id.eq_any(unread)))
            .set(notification::lue_at.eq(now))
            .execute(transaction.connection())
            .await?;
        if read > 0 {
            transaction.record(Fact::NotificationsLues { compte });
        }
        Ok(read)
    })
}

pub fn by_id(connection: &mut Connection, compte: CompteId, id: i64) -> Pending<'_, Option<Notification>> {
    Box::pin(async move {
        Ok(notification::table
            .find(id)
            .filter(notification::compte_id.eq(compte.0))
            .select(columns::<Notification>())
            .first(connection)
            .await
            .optional()?)
    })
}

/// Tells accounts something: a row each, pushed to their open tabs.
pub fn create<'a>(
    transaction: &'a mut Transaction,
    comptes: &'a [CompteId],
    categorie: &'a str,
    said: (&'a str, &'a str, &'a str),
) -> Pending<'a, ()> {
    Box::pin(async move {
        insert(transaction, comptes, categorie, said).await?;
        if !comptes.is_empty() {
            transaction.record(Fact::NotificationsCreees { comptes: comptes.to_vec() });
        }
        Ok(())
    })
}

/// Inserts title, text and path for each of these accounts; the caller records the fact that tells their open tabs.
pub fn insert<'a>(
    transaction: &'a mut Transaction,
    comptes: &'a [CompteId],
    categorie: &'a str,
    (titre, texte, lien): (&'a str, &'a str, &'a str),
) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        let rows: Vec<_> = comptes
            .iter()
            .map(|compte| {
                (
                    notification::compte_id.eq(compte.0),
                    notification::categorie.eq(categorie.to_owned()),
                    notification::titre.eq(titre.to_owned()),
                    notification::texte.eq(texte.to_owned()),
                    notification::lien.eq(lien.to_owned()),
                    notification::at.eq(now),
                )
            })
            .collect();
        insert_all!(transaction.connection(), notification::table, rows);
        Ok(())
    })
}
