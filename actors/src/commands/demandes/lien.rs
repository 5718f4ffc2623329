//! The signed link to the history of a request, which its author follows without logging in (S4).

use chrono::NaiveDateTime;
use domain::paths;
use domain::support::LIEN_DAYS;
use domain::time::days_after;
use store::demandes::{Demande, by_id};
use store::{Connection, Pending, Refused};

use super::NotHandled;

/// A link to the history of a request, signed, that works for [`LIEN_DAYS`] days.
pub fn history(of: &Demande, now: NaiveDateTime) -> String {
    let until = days_after(now, LIEN_DAYS).and_utc().timestamp();
    paths::historique(format_args!("{}-{until}-{}", of.id, of.signature(until)))
}

/// The request whose history a link opens, by the link's word; the one it was merged into, if it was.
///
/// # Errors
/// [`NotHandled::Unknown`] when the link is none of ours, [`NotHandled::Expired`] when it was.
pub fn by_link<'a>(
    connection: &'a mut Connection,
    word: &'a str,
    now: NaiveDateTime,
) -> Pending<'a, Demande, Refused<NotHandled>> {
    Box::pin(async move {
        let unknown = || Refused::Because(NotHandled::Unknown);
        let mut parts = word.split('-');
        let (Some(id), Some(until), Some(given), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(unknown());
        };
        let (Ok(id), Ok(until)) = (id.parse::<i64>(), until.parse::<i64>()) else { return Err(unknown()) };
        let found = by_id(connection, id).await?.ok_or_else(unknown)?;
        let expected = found.signature(until);
        // Compared in full: the time it takes does not tell how much is right.
        let differs = given.len() != expected.len()
            || given.bytes().zip(expected.bytes()).fold(0, |sum, (one, other)| sum | (one ^ other)) != 0;
        if differs {
            return Err(unknown());
        }
        if until <= now.and_utc().timestamp() {
            return Err(Refused::Because(NotHandled::Expired));
        }
        match found.fusion {
            Some(id) => by_id(connection, id).await?.ok_or_else(unknown),
            None => Ok(found),
        }
    })
}
