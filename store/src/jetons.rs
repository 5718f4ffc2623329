//! Links sent by email: kept as digests, used once, dead after their time (SPEC §2).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::CompteId;

use crate::Result;
use crate::connection::{Connection, Transaction, on};
use crate::schema::jeton;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emploi {
    /// Activates an account (I3).
    Activation,
    /// Sets a new password (K2).
    MotDePasse,
    /// Confirms a new login (K4), or the one chosen at a first login with provisional credentials (K6).
    Adresse,
    /// Confirms the address of an account that was made for its owner, and sets the password (K5).
    Personnalisation,
    /// Gives the data of an archived account (X6).
    Donnees,
}

impl Emploi {
    fn as_str(self) -> &'static str {
        match self {
            Self::Activation => "activation",
            Self::MotDePasse => "mot_de_passe",
            Self::Adresse => "adresse",
            Self::Personnalisation => "personnalisation",
            Self::Donnees => "donnees",
        }
    }
}

/// A link that works.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = jeton)]
pub struct Jeton {
    /// Whose.
    pub compte_id: i64,
    /// The address it was sent to: the new login, where it confirms one.
    pub adresse: String,
    /// The hash of the password that its use sets, if any.
    pub mot_de_passe: Option<String>,
    /// Digest of the browser that asked for it, where that matters.
    pub navigateur: Option<String>,
}

/// A link to be made.
#[derive(Clone, Debug)]
pub struct Nouveau {
    /// Digest of what the link bears.
    pub empreinte: String,
    /// Whose.
    pub compte: CompteId,
    /// What it is for.
    pub emploi: Emploi,
    /// Where it is sent.
    pub adresse: String,
    /// The hash of the password that its use sets, if any.
    pub mot_de_passe: Option<String>,
    /// When it dies.
    pub expire_at: NaiveDateTime,
}

/// Makes a link; an earlier one of the account for the same use stops working.
pub async fn create(transaction: &mut Transaction, nouveau: &Nouveau) -> Result<()> {
    let now = transaction.now;
    revoke(transaction, nouveau.compte, nouveau.emploi).await?;
    on!(transaction.connection(), c => diesel::insert_into(jeton::table)
        .values((
            jeton::empreinte.eq(&nouveau.empreinte),
            jeton::compte_id.eq(nouveau.compte.0),
            jeton::emploi.eq(nouveau.emploi.as_str()),
            jeton::adresse.eq(&nouveau.adresse),
            jeton::mot_de_passe.eq(&nouveau.mot_de_passe),
            jeton::cree_at.eq(now),
            jeton::expire_at.eq(nouveau.expire_at),
        ))
        .execute(c).await)?;
    Ok(())
}

/// Says which browser asked for a link, by a digest.
pub async fn bind(transaction: &mut Transaction, empreinte: &str, navigateur: &str) -> Result<()> {
    on!(transaction.connection(), c => diesel::update(jeton::table.find(empreinte))
        .set(jeton::navigateur.eq(navigateur)).execute(c).await)?;
    Ok(())
}

/// Ends the links of an account for one use.
pub async fn revoke(transaction: &mut Transaction, compte: CompteId, emploi: Emploi) -> Result<()> {
    on!(transaction.connection(), c => diesel::delete(jeton::table
        .filter(jeton::compte_id.eq(compte.0)).filter(jeton::emploi.eq(emploi.as_str()))).execute(c).await)?;
    Ok(())
}

/// Whether a link works, without using it: what its page asks.
pub async fn find(
    connection: &mut Connection,
    empreinte: &str,
    emploi: Emploi,
    now: NaiveDateTime,
) -> Result<Option<Jeton>> {
    Ok(on!(connection, c => jeton::table.find(empreinte)
        .filter(jeton::emploi.eq(emploi.as_str())).filter(jeton::expire_at.gt(now))
        .select(Jeton::as_select()).first(c).await.optional())?)
}

/// Uses a link: of two that come at once, one gets it.
pub async fn take(transaction: &mut Transaction, empreinte: &str, emploi: Emploi) -> Result<Option<Jeton>> {
    let now = transaction.now;
    let found: Option<(i64, String, Option<String>, Option<String>)> = on!(transaction.connection(), c => diesel::delete(jeton::table
        .filter(jeton::empreinte.eq(empreinte))
        .filter(jeton::emploi.eq(emploi.as_str())).filter(jeton::expire_at.gt(now)))
        .returning((jeton::compte_id, jeton::adresse, jeton::mot_de_passe, jeton::navigateur))
        .get_result(c).await.optional())?;
    Ok(found.map(|(compte_id, adresse, mot_de_passe, navigateur)| Jeton {
        compte_id,
        adresse,
        mot_de_passe,
        navigateur,
    }))
}

/// Uses a link that gives something more than once for a little while, to one browser alone: the first that comes has
/// it, until then at the latest. None for another browser.
pub async fn take_for_a_while(
    transaction: &mut Transaction,
    empreinte: &str,
    emploi: Emploi,
    navigateur: &str,
    until: NaiveDateTime,
) -> Result<Option<Jeton>> {
    let now = transaction.now;
    let first = on!(transaction.connection(), c => diesel::update(jeton::table
        .filter(jeton::empreinte.eq(empreinte)).filter(jeton::emploi.eq(emploi.as_str()))
        .filter(jeton::expire_at.gt(now)).filter(jeton::navigateur.is_null()))
        .set(jeton::navigateur.eq(navigateur)).execute(c).await)?;
    if first == 1 {
        on!(transaction.connection(), c => diesel::update(jeton::table
            .filter(jeton::empreinte.eq(empreinte)).filter(jeton::expire_at.gt(until)))
            .set(jeton::expire_at.eq(until)).execute(c).await)?;
    }
    let found = find(transaction.connection(), empreinte, emploi, now).await?;
    Ok(found.filter(|found| found.navigateur.as_deref() == Some(navigateur)))
}

/// The new login that waits for its click, if any.
pub async fn pending_address(
    connection: &mut Connection,
    compte: CompteId,
    now: NaiveDateTime,
) -> Result<Option<String>> {
    Ok(on!(connection, c => jeton::table
        .filter(jeton::compte_id.eq(compte.0)).filter(jeton::emploi.eq(Emploi::Adresse.as_str()))
        .filter(jeton::expire_at.gt(now))
        .select(jeton::adresse).first(c).await.optional())?)
}

/// Removes what is dead; answers how many.
pub async fn forget_old(transaction: &mut Transaction) -> Result<usize> {
    let now = transaction.now;
    Ok(
        on!(transaction.connection(), c => diesel::delete(jeton::table.filter(jeton::expire_at.le(now))).execute(c).await)?,
    )
}
