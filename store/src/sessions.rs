//! Sessions: server-side, found by the digest of their cookie, ended for real when they end (SPEC K9).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::compte::{Droit, EtatCompte, Role};
use domain::journal::Fact;
use domain::{CompteId, CorrespondantId, StructureId};

use crate::connection::{Connection, Transaction, on};
use crate::schema::{compte, correspondant, intervenant, session, structure};
use crate::{Error, Result, administration};

/// A session that is alive, with what every page needs of its account.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub compte: CompteId,
    /// What the account may be.
    pub role: Role,
    /// First name and surname.
    pub nom: String,
    /// First name.
    pub prenom: String,
    /// The login.
    pub login: String,
    /// A gestionnaire's structure.
    pub structure: Option<StructureId>,
    /// Its name.
    pub structure_nom: Option<String>,
    /// The mailbox that this account reads; an administrateur has none.
    pub correspondant: Option<CorrespondantId>,
    /// What a gestionnaire may do for the structure.
    pub droits: Vec<Droit>,
    /// Whether an intervenant's registration is validated.
    pub validee: bool,
    /// When it was last used.
    pub vue_at: NaiveDateTime,
    /// When it ends at the latest.
    pub expire_at: NaiveDateTime,
}

/// One line of « Mes sessions ».
#[derive(Clone, Debug, Queryable)]
pub struct Line {
    /// Its id.
    pub id: i64,
    /// Browser and system, in words.
    pub appareil: String,
    /// When it began.
    pub cree_at: NaiveDateTime,
    /// When it was last used.
    pub vue_at: NaiveDateTime,
}

/// Begins a session.
pub async fn open(
    transaction: &mut Transaction,
    id: CompteId,
    digest: &str,
    appareil: &str,
    lifetime: chrono::Duration,
) -> Result<i64> {
    let now = transaction.now;
    let session: i64 = on!(transaction.connection(), c => diesel::insert_into(session::table)
        .values((
            session::compte_id.eq(id.0),
            session::empreinte.eq(digest),
            session::appareil.eq(appareil),
            session::cree_at.eq(now),
            session::vue_at.eq(now),
            session::expire_at.eq(now + lifetime),
        ))
        .returning(session::id)
        .get_result(c).await)?;
    on!(transaction.connection(), c => diesel::update(compte::table.find(id.0))
        .set(compte::connexion_at.eq(now)).execute(c).await)?;
    transaction.record(Fact::SessionOuverte { compte: id, session });
    Ok(session)
}

type Row = (
    (i64, NaiveDateTime, NaiveDateTime),
    (i64, String, String, String, String, Option<i64>),
    Option<String>,
    Option<String>,
    Option<i64>,
);

/// The session of a cookie's digest, if it is alive: neither too old, nor idle, nor of an account that ended.
pub async fn find(connection: &mut Connection, digest: &str, now: NaiveDateTime) -> Result<Option<Session>> {
    let row: Option<Row> = on!(connection, c => session::table
        .inner_join(compte::table.on(session::compte_id.eq(compte::id)))
        .left_join(structure::table.on(compte::structure_id.eq(structure::id.nullable())))
        .left_join(intervenant::table.on(intervenant::compte_id.eq(compte::id)))
        .left_join(correspondant::table.on(
            correspondant::compte_id.eq(compte::id.nullable())
                .or(correspondant::structure_id.eq(compte::structure_id))))
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
        .first(c).await.optional())?;
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
    let role = Role::from_word(&role).ok_or(Error::Unknown { table: "compte", column: "role", value: role })?;
    if vue_at + domain::connexion::idle(role) <= now {
        return Ok(None);
    }
    let droits = match role {
        Role::Gestionnaire => administration::droits(connection, CompteId(compte)).await?,
        Role::Intervenant | Role::Administrateur => Vec::new(),
    };
    Ok(Some(Session {
        id,
        compte: CompteId(compte),
        role,
        nom: format!("{prenom} {nom}"),
        prenom,
        login,
        structure: structure.map(StructureId),
        structure_nom,
        droits,
        // An administrateur reads nobody's mailbox.
        correspondant: correspondant.map(CorrespondantId).filter(|_| role != Role::Administrateur),
        validee: inscription.as_deref() == Some(domain::compte::EtatInscription::Validee.as_str()),
        vue_at,
        expire_at,
    }))
}

/// Which of these sessions are still alive: what open sockets ask now and then.
pub async fn alive(connection: &mut Connection, ids: &[i64], now: NaiveDateTime) -> Result<Vec<i64>> {
    Ok(on!(connection, c => session::table
        .inner_join(compte::table.on(session::compte_id.eq(compte::id)))
        .filter(session::id.eq_any(ids))
        .filter(session::expire_at.gt(now))
        .filter(compte::etat.eq(EtatCompte::Actif.as_str()))
        .select(session::id).load(c).await)?)
}

/// Notes that a session is in use.
pub async fn touch(transaction: &mut Transaction, id: i64) -> Result<()> {
    let now = transaction.now;
    on!(transaction.connection(), c => diesel::update(session::table.find(id)).set(session::vue_at.eq(now)).execute(c).await)?;
    Ok(())
}

/// The sessions of an account, the latest used first.
pub async fn list(connection: &mut Connection, compte: CompteId, now: NaiveDateTime) -> Result<Vec<Line>> {
    Ok(on!(connection, c => session::table
        .filter(session::compte_id.eq(compte.0)).filter(session::expire_at.gt(now))
        .order(session::vue_at.desc())
        .select((session::id, session::appareil, session::cree_at, session::vue_at))
        .load(c).await)?)
}

/// Ends one session of an account; false when it is not (or no longer) one of its sessions.
pub async fn close(transaction: &mut Transaction, compte: CompteId, id: i64) -> Result<bool> {
    let gone = on!(transaction.connection(), c => diesel::delete(session::table.find(id).filter(session::compte_id.eq(compte.0)))
        .execute(c).await)?;
    if gone > 0 {
        transaction.record(Fact::SessionsFermees { compte, sessions: vec![id] });
    }
    Ok(gone > 0)
}

/// Ends every session of an account but one.
pub async fn close_others(transaction: &mut Transaction, compte: CompteId, kept: Option<i64>) -> Result<usize> {
    let kept = kept.unwrap_or(0);
    let gone: Vec<i64> = on!(transaction.connection(), c => diesel::delete(session::table
        .filter(session::compte_id.eq(compte.0)).filter(session::id.ne(kept)))
        .returning(session::id).get_results(c).await)?;
    if !gone.is_empty() {
        transaction.record(Fact::SessionsFermees { compte, sessions: gone.clone() });
    }
    Ok(gone.len())
}
