//! Sessions: server-side, found by the digest of their cookie, ended for real when they end (SPEC K9).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::compte::{Droit, EtatCompte, EtatInscription, Role};
use domain::journal::Fact;
use domain::{CompteId, CorrespondantId, StructureId};

use crate::query::RunQueryDsl;
use crate::schema::{compte, correspondant, intervenant, session, structure};
use crate::{Connection, Pending, Transaction, droits};

/// A session that is alive, with what every page needs of its account.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: i64,
    pub compte: CompteId,
    pub role: Role,
    pub nom: String,
    pub prenom: String,
    pub login: String,
    pub structure: Option<StructureId>,
    pub structure_nom: Option<String>,
    /// The mailbox that this account reads; an administrateur has none.
    pub correspondant: Option<CorrespondantId>,
    /// What a gestionnaire may do for the structure.
    pub droits: Vec<Droit>,
    pub validee: bool,
    pub vue_at: NaiveDateTime,
    /// When it ends at the latest.
    pub expire_at: NaiveDateTime,
}

#[derive(Clone, Debug, Queryable)]
pub struct Line {
    pub id: i64,
    pub appareil: String,
    pub cree_at: NaiveDateTime,
    pub vue_at: NaiveDateTime,
}

pub fn open<'a>(
    transaction: &'a mut Transaction,
    id: CompteId,
    digest: &'a str,
    appareil: &'a str,
    lifetime: chrono::Duration,
) -> Pending<'a, i64> {
    Box::pin(async move {
        let now = transaction.now;
        let session: i64 = diesel::insert_into(session::table)
            .values((
                session::compte_id.eq(id.0),
                session::empreinte.eq(digest),
                session::appareil.eq(appareil),
                session::cree_at.eq(now),
                session::vue_at.eq(now),
                session::expire_at.eq(now + lifetime),
            ))
            .returning(session::id)
            .get_result(transaction.connection())
            .await?;
        diesel::update(compte::table.find(id.0))
            .set(compte::connexion_at.eq(now))
            .execute(transaction.connection())
            .await?;
        transaction.record(Fact::SessionOuverte { compte: id, session });
        Ok(session)
    })
}

type Row = (
    (i64, NaiveDateTime, NaiveDateTime),
    (CompteId, Role, String, String, String, Option<StructureId>),
    Option<String>,
    Option<String>,
    Option<CorrespondantId>,
);

/// The session of a cookie's digest, if it is alive: neither too old, nor idle, nor of an account that ended.
pub fn find<'a>(connection: &'a mut Connection, digest: &'a str, now: NaiveDateTime) -> Pending<'a, Option<Session>> {
    Box::pin(async move {
        let row: Option<Row> = session::table
            .inner_join(compte::table.on(session::compte_id.eq(compte::id)))
            .left_join(structure::table.on(compte::structure_id.eq(structure::id.nullable())))
            .left_join(intervenant::table.on(intervenant::compte_id.eq(compte::id)))
            .left_join(
                correspondant::table.on(correspondant::compte_id
                    .eq(compte::id.nullable())
                    .or(correspondant::structure_id.eq(compte::structure_id))),
            )
            .filter(session::empreinte.eq(digest))
            .filter(session::expire_at.gt(now))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .select((
                (session::id, session::vue_at, session::expire_at),
                (compte::id, compte::role, compte::nom, compte::prenom, compte::login, compte::structure_id),
                structure::nom.nullable(),
                intervenant::etat_inscription.nullable(),
                correspondant::id.nullable(),
            ))
            .first(connection)
            .await
            .optional()?;
        let Some((
            (id, vue_at, expire_at),
            (compte, role, nom, prenom, login, structure),
            structure_nom,
            inscription,
            correspondant,
        )) = row
        else {
            return Ok(None);
        };
        if vue_at + domain::connexion::idle(role) <= now {
            return Ok(None);
        }
        let droits = match role {
            Role::Gestionnaire => droits::of(connection, compte).await?,
            Role::Intervenant | Role::Administrateur => Vec::new(),
        };
        Ok(Some(Session {
            id,
            compte,
            role,
            nom: format!("{prenom} {nom}"),
            prenom,
            login,
            structure,
            structure_nom,
            droits,
            // An administrateur reads nobody's mailbox.
            correspondant: correspondant.filter(|_| role != Role::Administrateur),
            validee: inscription.as_deref() == Some(EtatInscription::Validee.as_str()),
            vue_at,
            expire_at,
        }))
    })
}

/// Which of these sessions are still alive: open sockets ask it now and then, and are no use of a session themselves.
pub fn alive<'a>(connection: &'a mut Connection, ids: &'a [i64], now: NaiveDateTime) -> Pending<'a, Vec<i64>> {
    Box::pin(async move {
        let rows: Vec<(i64, NaiveDateTime, Role)> = session::table
            .inner_join(compte::table.on(session::compte_id.eq(compte::id)))
            .filter(session::id.eq_any(ids))
            .filter(session::expire_at.gt(now))
            .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
            .select((session::id, session::vue_at, compte::role))
            .load(connection)
            .await?;
        let used = |(_, vue_at, role): &(i64, NaiveDateTime, Role)| *vue_at + domain::connexion::idle(*role) > now;
        Ok(rows.into_iter().filter(used).map(|(id, ..)| id).collect())
    })
}

/// Notes that a session is in use.
pub fn touch(transaction: &mut Transaction, id: i64) -> Pending<'_, ()> {
    Box::pin(async move {
        let now = transaction.now;
        diesel::update(session::table.find(id)).set(session::vue_at.eq(now)).execute(transaction.connection()).await?;
        Ok(())
    })
}

/// The sessions of an account, the latest used first.
pub fn list(connection: &mut Connection, compte: CompteId, now: NaiveDateTime) -> Pending<'_, Vec<Line>> {
    Box::pin(async move {
        Ok(session::table
            .filter(session::compte_id.eq(compte.0))
            .filter(session::expire_at.gt(now))
            .order(session::vue_at.desc())
            .select((session::id, session::appareil, session::cree_at, session::vue_at))
            .load(connection)
            .await?)
    })
}

/// Ends one session of an account; false when it is not (or no longer) one of its sessions.
pub fn close(transaction: &mut Transaction, compte: CompteId, id: i64) -> Pending<'_, bool> {
    Box::pin(async move {
        let gone = diesel::delete(session::table.find(id).filter(session::compte_id.eq(compte.0)))
            .execute(transaction.connection())
            .await?;
        if gone > 0 {
            transaction.record(Fact::SessionsFermees { compte, sessions: vec![id] });
        }
        Ok(gone > 0)
    })
}

/// Ends every session of an account but one.
pub fn close_others(transaction: &mut Transaction, compte: CompteId, kept: Option<i64>) -> Pending<'_, usize> {
    Box::pin(async move {
        let kept = kept.unwrap_or(0);
        let gone: Vec<i64> =
            diesel::delete(session::table.filter(session::compte_id.eq(compte.0)).filter(session::id.ne(kept)))
                .returning(session::id)
                .load(transaction.connection())
                .await?;
        if !gone.is_empty() {
            transaction.record(Fact::SessionsFermees { compte, sessions: gone.clone() });
        }
        Ok(gone.len())
    })
}

/// Removes at most `limit` rows of sessions that ended by themselves; returns how many there were.
pub fn expire(transaction: &mut Transaction, limit: i64) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        let due: Vec<i64> = session::table
            .filter(session::expire_at.le(now))
            .order(session::id)
            .limit(limit)
            .select(session::id)
            .load(transaction.connection())
            .await?;
        let gone: Vec<(CompteId, i64)> = diesel::delete(session::table.filter(session::id.eq_any(&due)))
            .returning((session::compte_id, session::id))
            .load(transaction.connection())
            .await?;
        for &(compte, session) in &gone {
            transaction.record(Fact::SessionsFermees { compte, sessions: vec![session] });
        }
        Ok(gone.len())
    })
}
