//! Notifications: facts of their own, kept until they are pruned, read or not.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::CompteId;
use domain::journal::Fact;

use crate::Result;
use crate::connection::{Connection, Transaction, on};
use crate::schema::{notification, preference};

/// One notification.
#[derive(Clone, Debug, Queryable, Selectable, PartialEq, Eq)]
#[diesel(table_name = notification)]
pub struct Notification {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub compte_id: i64,
    /// What it is about, as a word.
    pub categorie: String,
    /// One line.
    pub titre: String,
    /// A little more.
    pub texte: String,
    /// Where it leads, a path of this service.
    pub lien: String,
    /// When.
    pub at: NaiveDateTime,
    /// When it was read.
    pub lue_at: Option<NaiveDateTime>,
}

/// The latest notifications of an account.
pub async fn list(connection: &mut Connection, compte: CompteId, limit: i64, offset: i64) -> Result<Vec<Notification>> {
    Ok(on!(connection, c => notification::table.filter(notification::compte_id.eq(compte.0))
        .order(notification::id.desc()).limit(limit).offset(offset)
        .select(Notification::as_select()).load(c).await)?)
}

/// How many an account has.
pub async fn count(connection: &mut Connection, compte: CompteId) -> Result<i64> {
    Ok(
        on!(connection, c => notification::table.filter(notification::compte_id.eq(compte.0)).count().get_result(c).await)?,
    )
}

/// Those of several accounts that were made at that moment: a transaction dates all its rows alike, so these are the
/// ones that a row of the journal brought. What its owner does not want announced is left out: it waits in the list.
pub async fn made_at(connection: &mut Connection, comptes: &[i64], at: NaiveDateTime) -> Result<Vec<Notification>> {
    Ok(on!(connection, c => notification::table
        .filter(notification::compte_id.eq_any(comptes)).filter(notification::at.eq(at))
        .filter(diesel::dsl::not(diesel::dsl::exists(preference::table
            .filter(preference::compte_id.eq(notification::compte_id))
            .filter(preference::sorte.eq(notification::categorie)).filter(preference::direct.eq(false)))))
        .order(notification::id).select(Notification::as_select()).load(c).await)?)
}

/// Marks read one notification of an account, or all of them; answers how many were unread.
pub async fn mark_read(transaction: &mut Transaction, compte: CompteId, id: Option<i64>) -> Result<usize> {
    let now = transaction.now;
    let read = match id {
        Some(id) => on!(transaction.connection(), c => diesel::update(notification::table.find(id)
            .filter(notification::compte_id.eq(compte.0)).filter(notification::lue_at.is_null()))
            .set(notification::lue_at.eq(now)).execute(c).await)?,
        None => on!(transaction.connection(), c => diesel::update(notification::table
            .filter(notification::compte_id.eq(compte.0)).filter(notification::lue_at.is_null()))
            .set(notification::lue_at.eq(now)).execute(c).await)?,
    };
    if read > 0 {
        transaction.record(Fact::NotificationsLues { compte });
    }
    Ok(read)
}

/// One notification of an account.
pub async fn by_id(connection: &mut Connection, compte: CompteId, id: i64) -> Result<Option<Notification>> {
    Ok(on!(connection, c => notification::table.find(id).filter(notification::compte_id.eq(compte.0))
        .select(Notification::as_select()).first(c).await.optional())?)
}

/// Tells accounts something: a row each, pushed to their open tabs.
pub async fn create(
    transaction: &mut Transaction,
    comptes: &[CompteId],
    categorie: &str,
    (titre, texte, lien): (&str, &str, &str),
) -> Result<()> {
    let now = transaction.now;
    for compte in comptes {
        on!(transaction.connection(), c => diesel::insert_into(notification::table)
            .values((
                notification::compte_id.eq(compte.0),
                notification::categorie.eq(categorie),
                notification::titre.eq(titre),
                notification::texte.eq(texte),
                notification::lien.eq(lien),
                notification::at.eq(now),
            ))
            .execute(c).await)?;
    }
    if !comptes.is_empty() {
        transaction.record(Fact::NotificationsCreees { comptes: comptes.to_vec() });
    }
    Ok(())
}
