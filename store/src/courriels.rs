//! The outbox of emails: written in the transaction that causes them, claimed with a lease, sent at least once.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::CompteId;
use domain::courriel::Courriel;
use domain::time::wait_before_next_try;

use crate::dialect::{Lock, locked};
use crate::query::{RunQueryDsl, columns};
use crate::schema::courriel;
use crate::{Connection, Engine, Error, Pending, Result, Transaction};

/// Tries before an email is given up: with the back-off of [`retry_delay`], five days (RFC 5321 §4.5.4.1 asks for four
/// to five), so that a mail server that is down over a long weekend loses nothing.
pub const TRIES_MAX: i32 = 67;
/// How long an email that this version can't read is left alone: a newer server may read it.
const UNREADABLE_PAUSE: chrono::Duration = chrono::Duration::minutes(10);

/// A row of the outbox.
#[derive(Clone, Debug)]
pub struct Sortant {
    pub id: i64,
    pub destinataire: String,
    pub courriel: Courriel,
    /// The Message-ID it bears at every try, without angle brackets or host: the mailer adds its own domain.
    pub message_id: String,
    /// Which try this is, from 1.
    pub tentative: i32,
    pub cree_at: NaiveDateTime,
}

/// Puts an email in the outbox. `cle` makes its Message-ID: the same cause never makes two.
pub fn put<'a>(
    transaction: &'a mut Transaction,
    compte: Option<CompteId>,
    destinataire: &'a str,
    cle: &'a str,
    content: &'a Courriel,
) -> Pending<'a, ()> {
    Box::pin(async move { put_after(transaction, compte, destinataire, cle, content, chrono::Duration::zero()).await })
}

/// The same, but it leaves after that time at the earliest: until then [`withdraw`] takes it back.
pub fn put_after<'a>(
    transaction: &'a mut Transaction,
    compte: Option<CompteId>,
    destinataire: &'a str,
    cle: &'a str,
    content: &'a Courriel,
    wait: chrono::Duration,
) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        let data = serde_json::to_string(content)?;
        diesel::insert_into(courriel::table)
            .values((
                courriel::compte_id.eq(compte.map(|id| id.0)),
                courriel::destinataire.eq(destinataire),
                courriel::modele.eq(content.modele()),
                courriel::donnees.eq(&data),
                courriel::message_id.eq(cle),
                courriel::etat.eq("en_attente"),
                courriel::tentatives.eq(0),
                courriel::prochain_at.eq(now + wait),
                courriel::erreur.eq(""),
                courriel::cree_at.eq(now),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Takes back emails that wait for their time and that no server has taken to send; returns how many.
pub fn withdraw<'a>(transaction: &'a mut Transaction, cles: &'a [String]) -> Pending<'a, usize> {
    Box::pin(async move {
        let now = transaction.now;
        Ok(diesel::delete(
            courriel::table
                .filter(courriel::message_id.eq_any(cles))
                .filter(courriel::etat.eq("en_attente"))
                .filter(courriel::tentatives.eq(0))
                .filter(courriel::prochain_at.gt(now))
                .filter(courriel::pris_par.is_null()),
        )
        .execute(transaction.connection())
        .await?)
    })
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = courriel)]
struct Row {
    id: i64,
    destinataire: String,
    donnees: String,
    message_id: String,
    tentatives: i32,
    cree_at: NaiveDateTime,
}

/// Whether an email is due and not claimed: what is asked before a claim, which is a write.
pub fn any_due(connection: &mut Connection, now: NaiveDateTime) -> Pending<'_, bool> {
    Box::pin(async move {
        let first: Option<i64> = courriel::table
            .filter(courriel::etat.eq("en_attente"))
            .filter(courriel::prochain_at.le(now))
            .filter(courriel::pris_avant.is_null().or(courriel::pris_avant.le(now)))
            .select(courriel::id)
            .first(connection)
            .await
            .optional()?;
        Ok(first.is_some())
    })
}

/// Ends every lease: at the start of the only server of a database, whoever held one is gone.
pub fn release_all(transaction: &mut Transaction) -> Pending<'_, usize> {
    Box::pin(async move {
        Ok(diesel::update(
            courriel::table.filter(courriel::etat.eq("en_attente")).filter(courriel::pris_avant.is_not_null()),
        )
        .set(courriel::pris_avant.eq(None::<NaiveDateTime>))
        .execute(transaction.connection())
        .await?)
    })
}

/// Claims emails that are due: nobody else takes them before the lease ends.
pub fn claim<'a>(
    transaction: &'a mut Transaction,
    by: &'a str,
    lease: chrono::Duration,
    limit: i64,
) -> Pending<'a, Vec<Sortant>> {
    Box::pin(async move {
        let now = transaction.now;
        let due = courriel::table
            .filter(courriel::etat.eq("en_attente"))
            .filter(courriel::prochain_at.le(now))
            .filter(courriel::pris_avant.is_null().or(courriel::pris_avant.le(now)))
            .order((courriel::prochain_at, courriel::id))
            .limit(limit)
            .select(courriel::id);
        let ids: Vec<i64> = locked(due, Lock::SkipTaken).load(transaction.connection()).await?;
        let mut rows: Vec<Row> = diesel::update(courriel::table.filter(courriel::id.eq_any(&ids)))
            .set((
                courriel::pris_par.eq(by),
                courriel::pris_avant.eq(now + lease),
                courriel::tentatives.eq(courriel::tentatives + 1),
            ))
            .returning(columns::<Row>())
            .load(transaction.connection())
            .await?;
        rows.sort_by_key(|row| row.id);
        let mut claimed = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.id;
            match into_sortant(row) {
                Ok(sortant) => claimed.push(sortant),
                // One that only a newer version can read must not hold back the others.
                Err(error) => {
                    tracing::error!(courriel = id, %error, "an email of the outbox can't be read by this version");
                    diesel::update(courriel::table.find(id))
                        .set((
                            courriel::pris_avant.eq(None::<NaiveDateTime>),
                            courriel::prochain_at.eq(now + UNREADABLE_PAUSE),
                            courriel::erreur.eq("this version can't read it"),
                        ))
                        .execute(transaction.connection())
                        .await?;
                }
            }
        }
        Ok(claimed)
    })
}

fn into_sortant(row: Row) -> Result<Sortant> {
    let Row { id, destinataire, donnees, message_id, tentatives, cree_at } = row;
    let courriel = serde_json::from_str(&donnees)?;
    Ok(Sortant { id, destinataire, courriel, message_id, tentative: tentatives, cree_at })
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The mail server took it.
    Sent,
    /// It may work later.
    Later(String),
    /// It will never work (the server said 5xx, or the address can't be written to).
    Never(String),
}

/// What is kept of the secrets of an email that will not be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// Nothing: it has left, or never will.
    Forgotten,
    /// All of it: the outbox itself is the mailbox it is read in.
    Kept,
}

/// Writes down what became of a claimed email; false when the lease was lost meanwhile.
pub fn finish<'a>(
    transaction: &'a mut Transaction,
    by: &'a str,
    sortant: &'a Sortant,
    outcome: &'a Outcome,
    secrets: Secrets,
) -> Pending<'a, bool> {
    Box::pin(async move {
        let now = transaction.now;
        let mine = courriel::table
            .find(sortant.id)
            .filter(courriel::pris_par.eq(by.to_owned()))
            .filter(courriel::tentatives.eq(sortant.tentative));
        let none = None::<NaiveDateTime>;
        let written = match outcome {
            Outcome::Sent => {
                diesel::update(mine)
                    .set((
                        courriel::etat.eq("envoye"),
                        courriel::envoye_at.eq(now),
                        courriel::pris_avant.eq(none),
                        courriel::erreur.eq(""),
                    ))
                    .execute(transaction.connection())
                    .await?
            }
            Outcome::Later(why) if sortant.tentative < TRIES_MAX => {
                diesel::update(mine)
                    .set((
                        courriel::prochain_at.eq(now + retry_delay(sortant.tentative)),
                        courriel::pris_avant.eq(none),
                        courriel::erreur.eq(why),
                    ))
                    .execute(transaction.connection())
                    .await?
            }
            Outcome::Later(why) | Outcome::Never(why) => {
                diesel::update(mine)
                    .set((courriel::etat.eq("echec"), courriel::pris_avant.eq(none), courriel::erreur.eq(why)))
                    .execute(transaction.connection())
                    .await?
            }
        };
        let ended = !matches!(outcome, Outcome::Later(_) if sortant.tentative < TRIES_MAX);
        if written == 1
            && ended
            && secrets == Secrets::Forgotten
            && let Some(kept) = sortant.courriel.without_secret()
        {
            let data = serde_json::to_string(&kept)?;
            diesel::update(courriel::table.find(sortant.id))
                .set(courriel::donnees.eq(&data))
                .execute(transaction.connection())
                .await?;
        }
        Ok(written == 1)
    })
}

/// Says that everything in the outbox has left: the past of a demonstration set is not sent again.
pub fn mark_all_sent(transaction: &mut Transaction) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::update(courriel::table.filter(courriel::etat.eq("en_attente")))
            .set((courriel::etat.eq("envoye"), courriel::envoye_at.eq(courriel::cree_at.nullable())))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// How long after a failed try the next one comes: 30 s, 1 min, 2 min… two hours at most.
pub fn retry_delay(tentative: i32) -> chrono::Duration {
    wait_before_next_try(tentative, chrono::Duration::hours(2))
}

/// How many wait, were sent, failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub en_attente: i64,
    pub envoyes: i64,
    pub echecs: i64,
}

pub fn totals(connection: &mut Connection) -> Pending<'_, Totals> {
    Box::pin(async move {
        let rows: Vec<(String, i64)> = courriel::table
            .group_by(courriel::etat)
            .select((courriel::etat, diesel::dsl::count_star()))
            .load(connection)
            .await?;
        let of = |etat: &str| rows.iter().find(|(word, _)| word == etat).map_or(0, |(_, count)| *count);
        Ok(Totals { en_attente: of("en_attente"), envoyes: of("envoye"), echecs: of("echec") })
    })
}

/// A row of the outgoing mail log.
#[derive(Clone, Debug)]
pub struct Trace {
    pub sortant: Sortant,
    /// `en_attente`, `envoye` or `echec`.
    pub etat: String,
    pub erreur: String,
    pub envoye_at: Option<NaiveDateTime>,
}

/// The latest emails, for the demonstration's page and the administrateur's log.
pub fn latest(connection: &mut Connection, limit: i64, offset: i64) -> Pending<'_, Vec<Trace>> {
    Box::pin(async move {
        let rows: Vec<(Row, String, String, Option<NaiveDateTime>)> = courriel::table
            .order(courriel::id.desc())
            .limit(limit)
            .offset(offset)
            .select((columns::<Row>(), courriel::etat, courriel::erreur, courriel::envoye_at))
            .load(connection)
            .await?;
        rows.into_iter().map(into_trace).collect()
    })
}

/// One email of the log.
pub fn by_id(connection: &mut Connection, id: i64) -> Pending<'_, Option<Trace>> {
    Box::pin(async move {
        let row: Option<(Row, String, String, Option<NaiveDateTime>)> = courriel::table
            .find(id)
            .select((columns::<Row>(), courriel::etat, courriel::erreur, courriel::envoye_at))
            .first(connection)
            .await
            .optional()?;
        row.map(into_trace).transpose()
    })
}

fn into_trace((row, etat, erreur, envoye_at): (Row, String, String, Option<NaiveDateTime>)) -> Result<Trace> {
    Ok(Trace { sortant: into_sortant(row)?, etat, erreur, envoye_at })
}

/// Puts many emails in the outbox at once, each under its own key (the fan-out of an annonce's alerts).
pub fn put_many(transaction: &mut Transaction, mails: Vec<(CompteId, String, String, Courriel)>) -> Pending<'_, ()> {
    Box::pin(async move {
        if transaction.connection().engine() == Engine::Sqlite {
            for (compte, destinataire, cle, content) in mails {
                put(transaction, Some(compte), &destinataire, &cle, &content).await?;
            }
            return Ok(());
        }
        let now = transaction.now;
        let rows = mails
            .into_iter()
            .map(|(compte, destinataire, cle, content)| {
                Ok((
                    courriel::compte_id.eq(Some(compte.0)),
                    courriel::destinataire.eq(destinataire),
                    courriel::modele.eq(content.modele()),
                    courriel::donnees.eq(serde_json::to_string(&content)?),
                    courriel::message_id.eq(cle),
                    courriel::etat.eq("en_attente"),
                    courriel::tentatives.eq(0),
                    courriel::prochain_at.eq(now),
                    courriel::erreur.eq(""),
                    courriel::cree_at.eq(now),
                ))
            })
            .collect::<Result<Vec<_>, Error>>()?;
        if let Connection::Postgres(object) = transaction.connection() {
            for rows in rows.chunks(2_000) {
                diesel_async::RunQueryDsl::execute(
                    diesel::insert_into(courriel::table).values(rows.to_vec()),
                    &mut **object,
                )
                .await?;
            }
        }
        Ok(())
    })
}
