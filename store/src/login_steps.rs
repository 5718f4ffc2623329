//! Logins that are not over: a second factor, its first setting, or the change of provisional credentials still has
//! to come (SPEC K6, K8). Such a browser has a cookie of its own and no session.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::CompteId;

use crate::query::{RunQueryDsl, columns};
use crate::schema::connexion_etape;
use crate::values::words;
use crate::{Connection, Pending, Transaction};

/// What still has to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Etape {
    /// A code of the second factor.
    SecondFacteur,
    /// The second factor has to be set for the first time.
    Enrolement,
    /// Provisional credentials have to be replaced.
    Personnalisation,
}

words!(Etape);

impl Etape {
    fn as_str(self) -> &'static str {
        match self {
            Self::SecondFacteur => "second_facteur",
            Self::Enrolement => "enrolement",
            Self::Personnalisation => "personnalisation",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::SecondFacteur, Self::Enrolement, Self::Personnalisation].into_iter().find(|etape| etape.as_str() == word)
    }
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = connexion_etape)]
pub struct EnCours {
    #[diesel(column_name = compte_id)]
    pub compte: CompteId,
    pub etape: Etape,
    pub suite: String,
}

pub fn begin<'a>(
    transaction: &'a mut Transaction,
    empreinte: &'a str,
    en_cours: &'a EnCours,
    expire_at: NaiveDateTime,
) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::insert_into(connexion_etape::table)
            .values((
                connexion_etape::empreinte.eq(empreinte),
                connexion_etape::compte_id.eq(en_cours.compte.0),
                connexion_etape::etape.eq(en_cours.etape.as_str()),
                connexion_etape::suite.eq(&en_cours.suite),
                connexion_etape::expire_at.eq(expire_at),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// The login under way of a cookie's digest, if it is alive.
pub fn find<'a>(
    connection: &'a mut Connection,
    empreinte: &'a str,
    now: NaiveDateTime,
) -> Pending<'a, Option<EnCours>> {
    Box::pin(async move {
        Ok(connexion_etape::table
            .find(empreinte)
            .filter(connexion_etape::expire_at.gt(now))
            .select(columns::<EnCours>())
            .first(connection)
            .await
            .optional()?)
    })
}

/// Ends a login under way, completed or not; false when there was none.
pub fn end<'a>(transaction: &'a mut Transaction, empreinte: &'a str) -> Pending<'a, bool> {
    Box::pin(async move {
        let gone = diesel::delete(connexion_etape::table.find(empreinte)).execute(transaction.connection()).await?;
        Ok(gone > 0)
    })
}

/// Ends every login under way of an account.
pub fn end_all(transaction: &mut Transaction, compte: CompteId) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::delete(connexion_etape::table.filter(connexion_etape::compte_id.eq(compte.0)))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Removes the logins under way whose time is over; returns how many.
pub fn forget_old(transaction: &mut Transaction) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        Ok(diesel::delete(connexion_etape::table.filter(connexion_etape::expire_at.le(now)))
            .execute(transaction.connection())
            .await?)
    })
}
