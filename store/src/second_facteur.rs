//! The second factor of an account: a sealed secret, the last time step it was used at, and recovery codes (SPEC K8).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::CompteId;
use domain::journal::Fact;

use crate::Result;
use crate::connection::{Connection, Transaction, on};
use crate::schema::{code_secours, second_facteur};

/// What the secret of an account is sealed for.
pub fn place(compte: CompteId) -> String {
    format!("second_facteur {compte}")
}

/// The second factor as it is kept.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = second_facteur)]
pub struct SecondFacteur {
    /// The secret, sealed with the master key.
    pub secret: String,
    /// Since when it counts; none while its first code was not given.
    pub confirme_at: Option<NaiveDateTime>,
    /// The last time step that was used: a code works once (RFC 6238 §5.2).
    pub dernier_pas: i64,
}

/// The one of an account, confirmed or not.
pub async fn of(connection: &mut Connection, compte: CompteId) -> Result<Option<SecondFacteur>> {
    Ok(on!(connection, c => second_facteur::table.find(compte.0)
        .select(SecondFacteur::as_select()).first(c).await.optional())?)
}

/// Whether an account has one that counts.
pub async fn is_on(connection: &mut Connection, compte: CompteId) -> Result<bool> {
    Ok(of(connection, compte).await?.is_some_and(|found| found.confirme_at.is_some()))
}

/// Proposes a secret; one that counts already is left alone, and a proposal that was made stays the same, so that a
/// page that is reloaded shows the code one has scanned.
pub async fn propose(transaction: &mut Transaction, compte: CompteId, secret: &str) -> Result<()> {
    let now = transaction.now;
    on!(transaction.connection(), c => diesel::insert_into(second_facteur::table)
        .values((
            second_facteur::compte_id.eq(compte.0),
            second_facteur::secret.eq(secret),
            second_facteur::dernier_pas.eq(0),
            second_facteur::cree_at.eq(now),
        ))
        .on_conflict_do_nothing().execute(c).await)?;
    Ok(())
}

/// Makes the proposal count, with its recovery codes; false when it counted already.
pub async fn confirm(transaction: &mut Transaction, compte: CompteId, pas: i64, codes: &[String]) -> Result<bool> {
    let now = transaction.now;
    let confirmed = on!(transaction.connection(), c => diesel::update(second_facteur::table.find(compte.0)
        .filter(second_facteur::confirme_at.is_null()))
        .set((second_facteur::confirme_at.eq(now), second_facteur::dernier_pas.eq(pas))).execute(c).await)?;
    if confirmed == 1 {
        replace_codes(transaction, compte, codes).await?;
    }
    Ok(confirmed == 1)
}

/// Notes that the code of a time step was used; false when it, or a later one, was used before.
pub async fn use_step(transaction: &mut Transaction, compte: CompteId, pas: i64) -> Result<bool> {
    let used = on!(transaction.connection(), c => diesel::update(second_facteur::table.find(compte.0)
        .filter(second_facteur::dernier_pas.lt(pas)).filter(second_facteur::confirme_at.is_not_null()))
        .set(second_facteur::dernier_pas.eq(pas)).execute(c).await)?;
    Ok(used == 1)
}

/// Puts new recovery codes in place of all.
pub async fn replace_codes(transaction: &mut Transaction, compte: CompteId, empreintes: &[String]) -> Result<()> {
    on!(transaction.connection(), c => diesel::delete(code_secours::table
        .filter(code_secours::compte_id.eq(compte.0))).execute(c).await)?;
    for empreinte in empreintes {
        on!(transaction.connection(), c => diesel::insert_into(code_secours::table)
            .values((code_secours::compte_id.eq(compte.0), code_secours::empreinte.eq(empreinte)))
            .execute(c).await)?;
    }
    transaction.record(Fact::SecondFacteurModifie { compte });
    Ok(())
}

/// Uses a recovery code; false when it is not one, or was used.
pub async fn use_code(transaction: &mut Transaction, compte: CompteId, empreinte: &str) -> Result<bool> {
    let now = transaction.now;
    let used = on!(transaction.connection(), c => diesel::update(code_secours::table
        .filter(code_secours::compte_id.eq(compte.0)).filter(code_secours::empreinte.eq(empreinte))
        .filter(code_secours::utilise_at.is_null()))
        .set(code_secours::utilise_at.eq(now)).execute(c).await)?;
    Ok(used == 1)
}

/// How many recovery codes are left.
pub async fn codes_left(connection: &mut Connection, compte: CompteId) -> Result<i64> {
    Ok(on!(connection, c => code_secours::table
        .filter(code_secours::compte_id.eq(compte.0)).filter(code_secours::utilise_at.is_null())
        .count().get_result(c).await)?)
}

/// Turns it off.
pub async fn remove(transaction: &mut Transaction, compte: CompteId) -> Result<()> {
    on!(transaction.connection(), c => diesel::delete(second_facteur::table.find(compte.0)).execute(c).await)?;
    on!(transaction.connection(), c => diesel::delete(code_secours::table
        .filter(code_secours::compte_id.eq(compte.0))).execute(c).await)?;
    transaction.record(Fact::SecondFacteurModifie { compte });
    Ok(())
}
