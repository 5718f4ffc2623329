//! Links sent by email: kept as digests, used once, dead after their time (SPEC §2).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::CompteId;

use crate::query::{RunQueryDsl, columns};
use crate::schema::jeton;
use crate::{Connection, Pending, Transaction};

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

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = jeton)]
pub struct Jeton {
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
    /// Digest of the secret in the link.
    pub empreinte: String,
    pub compte: CompteId,
    pub emploi: Emploi,
    pub adresse: String,
    /// The hash of the password that its use sets, if any.
    pub mot_de_passe: Option<String>,
    pub expire_at: NaiveDateTime,
}

/// Makes a link; an earlier one of the account for the same use stops working.
pub fn create<'a>(transaction: &'a mut Transaction, nouveau: &'a Nouveau) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        revoke(transaction, nouveau.compte, nouveau.emploi).await?;
        diesel::insert_into(jeton::table)
            .values((
                jeton::empreinte.eq(&nouveau.empreinte),
                jeton::compte_id.eq(nouveau.compte.0),
                jeton::emploi.eq(nouveau.emploi.as_str()),
                jeton::adresse.eq(&nouveau.adresse),
                jeton::mot_de_passe.eq(&nouveau.mot_de_passe),
                jeton::cree_at.eq(now),
                jeton::expire_at.eq(nouveau.expire_at),
            ))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Writes down which browser asked for a link, as a digest.
pub fn bind<'a>(transaction: &'a mut Transaction, empreinte: &'a str, navigateur: &'a str) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::update(jeton::table.find(empreinte))
            .set(jeton::navigateur.eq(navigateur))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// Gives a new secret to a link that still works, so that it can be sent once more: its end and its browser stay the
/// same. Returns its address and its end; none when there is no such link.
pub fn renew<'a>(
    transaction: &'a mut Transaction,
    compte: CompteId,
    emploi: Emploi,
    empreinte: &'a str,
) -> Pending<'a, Option<(String, NaiveDateTime)>> {
    Box::pin(async move {
        let now = transaction.now;
        Ok(diesel::update(
            jeton::table
                .filter(jeton::compte_id.eq(compte.0))
                .filter(jeton::emploi.eq(emploi.as_str()))
                .filter(jeton::expire_at.gt(now)),
        )
        .set(jeton::empreinte.eq(empreinte))
        .returning((jeton::adresse, jeton::expire_at))
        .get_result(transaction.connection())
        .await
        .optional()?)
    })
}

/// Ends the links of an account for one use.
pub fn revoke(transaction: &mut Transaction, compte: CompteId, emploi: Emploi) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::delete(jeton::table.filter(jeton::compte_id.eq(compte.0)).filter(jeton::emploi.eq(emploi.as_str())))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// The link, if it works, without using it: for its page.
pub fn find<'a>(
    connection: &'a mut Connection,
    empreinte: &'a str,
    emploi: Emploi,
    now: NaiveDateTime,
) -> Pending<'a, Option<Jeton>> {
    Box::pin(async move {
        Ok(jeton::table
            .find(empreinte)
            .filter(jeton::emploi.eq(emploi.as_str()))
            .filter(jeton::expire_at.gt(now))
            .select(columns::<Jeton>())
            .first(connection)
            .await
            .optional()?)
    })
}

/// Uses a link: of two requests at once, one gets it.
pub fn take<'a>(transaction: &'a mut Transaction, empreinte: &'a str, emploi: Emploi) -> Pending<'a, Option<Jeton>> {
    Box::pin(async move {
        let now = transaction.now;
        Ok(diesel::delete(
            jeton::table
                .filter(jeton::empreinte.eq(empreinte))
                .filter(jeton::emploi.eq(emploi.as_str()))
                .filter(jeton::expire_at.gt(now)),
        )
        .returning(columns::<Jeton>())
        .get_result(transaction.connection())
        .await
        .optional()?)
    })
}

/// Uses a link that one browser alone, the first that comes, may use again until that moment. None for another browser.
pub fn take_for_a_while<'a>(
    transaction: &'a mut Transaction,
    empreinte: &'a str,
    emploi: Emploi,
    navigateur: &'a str,
    until: NaiveDateTime,
) -> Pending<'a, Option<Jeton>> {
    Box::pin(async move {
        let now = transaction.now;
        let first = diesel::update(
            jeton::table
                .filter(jeton::empreinte.eq(empreinte))
                .filter(jeton::emploi.eq(emploi.as_str()))
                .filter(jeton::expire_at.gt(now))
                .filter(jeton::navigateur.is_null()),
        )
        .set(jeton::navigateur.eq(navigateur))
        .execute(transaction.connection())
        .await?;
        if first == 1 {
            diesel::update(jeton::table.filter(jeton::empreinte.eq(empreinte)).filter(jeton::expire_at.gt(until)))
                .set(jeton::expire_at.eq(until))
                .execute(transaction.connection())
                .await?;
        }
        let found = find(transaction.connection(), empreinte, emploi, now).await?;
        Ok(found.filter(|found| found.navigateur.as_deref() == Some(navigateur)))
    })
}

/// The new login that waits for its click, if any.
pub fn pending_address(
    connection: &mut Connection,
    compte: CompteId,
    now: NaiveDateTime,
) -> Pending<'_, Option<String>> {
    Box::pin(async move {
        Ok(jeton::table
            .filter(jeton::compte_id.eq(compte.0))
            .filter(jeton::emploi.eq(Emploi::Adresse.as_str()))
            .filter(jeton::expire_at.gt(now))
            .select(jeton::adresse)
            .first(connection)
            .await
            .optional()?)
    })
}

/// Removes the links whose time is over; returns how many.
pub fn forget_old(transaction: &mut Transaction) -> Pending<'_, usize> {
    Box::pin(async move {
        let now = transaction.now;
        Ok(diesel::delete(jeton::table.filter(jeton::expire_at.le(now))).execute(transaction.connection()).await?)
    })
}
