//! Provisional credentials: seven days, unknown to who gives them, replaced at the first login (manual §5.1.2, SPEC K6).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::CompteId;
use domain::journal::Fact;

use crate::Result;
use crate::connection::{Connection, Transaction, on};
use crate::schema::acces_provisoire;

/// Provisional credentials.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = acces_provisoire)]
pub struct Acces {
    /// Whose.
    pub compte_id: i64,
    /// The provisional login, no email.
    pub identifiant: String,
    /// Hash of the provisional password.
    pub mot_de_passe: String,
    /// The address they were sent to.
    pub adresse: String,
    /// How the person's identity was checked, when they went to another address than the one of record.
    pub verification: String,
    /// Until when they work.
    pub expire_at: NaiveDateTime,
}

/// Gives provisional credentials in place of earlier ones.
pub async fn give(transaction: &mut Transaction, acces: &Acces, by: CompteId) -> Result<()> {
    let now = transaction.now;
    let compte = CompteId(acces.compte_id);
    end(transaction, compte).await?;
    on!(transaction.connection(), c => diesel::insert_into(acces_provisoire::table)
        .values((
            acces_provisoire::compte_id.eq(acces.compte_id),
            acces_provisoire::identifiant.eq(&acces.identifiant),
            acces_provisoire::mot_de_passe.eq(&acces.mot_de_passe),
            acces_provisoire::adresse.eq(&acces.adresse),
            acces_provisoire::verification.eq(&acces.verification),
            acces_provisoire::gestionnaire_id.eq(by.0),
            acces_provisoire::cree_at.eq(now),
            acces_provisoire::expire_at.eq(acces.expire_at),
        ))
        .execute(c).await)?;
    transaction.record(Fact::AccesProvisoireDonne { compte });
    Ok(())
}

/// The ones of a provisional login, if they work.
pub async fn by_identifiant(connection: &mut Connection, typed: &str, now: NaiveDateTime) -> Result<Option<Acces>> {
    Ok(on!(connection, c => acces_provisoire::table
        .filter(acces_provisoire::identifiant.eq(typed)).filter(acces_provisoire::expire_at.gt(now))
        .select(Acces::as_select()).first(c).await.optional())?)
}

/// The ones of an account, if they work.
pub async fn of(connection: &mut Connection, compte: CompteId, now: NaiveDateTime) -> Result<Option<Acces>> {
    Ok(on!(connection, c => acces_provisoire::table.find(compte.0).filter(acces_provisoire::expire_at.gt(now))
        .select(Acces::as_select()).first(c).await.optional())?)
}

/// Ends them.
pub async fn end(transaction: &mut Transaction, compte: CompteId) -> Result<()> {
    on!(transaction.connection(), c => diesel::delete(acces_provisoire::table.find(compte.0)).execute(c).await)?;
    Ok(())
}

/// Removes those whose seven days are over; answers how many.
pub async fn expire(transaction: &mut Transaction) -> Result<usize> {
    let now = transaction.now;
    Ok(on!(transaction.connection(), c => diesel::delete(acces_provisoire::table
        .filter(acces_provisoire::expire_at.le(now))).execute(c).await)?)
}
