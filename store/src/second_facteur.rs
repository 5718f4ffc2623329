//! The second factor of an account: a sealed secret, the last time step it was used at, and recovery codes (SPEC K8).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::CompteId;
use domain::journal::Fact;

use crate::query::{RunQueryDsl, columns};
use crate::schema::{code_secours, second_facteur};
use crate::{Connection, Pending, Transaction, vault};

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

/// The second factor of an account, confirmed or not.
pub fn of(connection: &mut Connection, compte: CompteId) -> Pending<'_, Option<SecondFacteur>> {
    Box::pin(async move {
        Ok(second_facteur::table
            .find(compte.0)
            .select(columns::<SecondFacteur>())
            .first(connection)
            .await
            .optional()?)
    })
}

/// Whether an account has one that counts.
pub fn is_on(connection: &mut Connection, compte: CompteId) -> Pending<'_, bool> {
    Box::pin(async move { Ok(of(connection, compte).await?.is_some_and(|found| found.confirme_at.is_some())) })
}

/// Proposes a secret and returns the one kept: a confirmed secret or an earlier proposal stays, so that a reloaded page
/// shows the code that was scanned.
pub fn propose<'a>(transaction: &'a mut Transaction, compte: CompteId, secret: &'a str) -> Pending<'a, String> {
    Box::pin(async move {
        vault::hold_for(transaction, secret).await?;
        let now = transaction.now;
        diesel::insert_into(second_facteur::table)
            .values((
                second_facteur::compte_id.eq(compte.0),
                second_facteur::secret.eq(secret),
                second_facteur::dernier_pas.eq(0),
                second_facteur::cree_at.eq(now),
            ))
            .on_conflict_do_nothing()
            .execute(transaction.connection())
            .await?;
        let kept = second_facteur::table.find(compte.0).select(second_facteur::secret);
        Ok(kept.first(transaction.connection()).await?)
    })
}

/// Makes the proposal count, with its recovery codes; false when it counted already.
pub fn confirm<'a>(
    transaction: &'a mut Transaction,
    compte: CompteId,
    pas: i64,
    codes: &'a [String],
) -> Pending<'a, bool> {
    Box::pin(async move {
        let now = transaction.now;
        let confirmed =
            diesel::update(second_facteur::table.find(compte.0).filter(second_facteur::confirme_at.is_null()))
                .set((second_facteur::confirme_at.eq(now), second_facteur::dernier_pas.eq(pas)))
                .execute(transaction.connection())
                .await?;
        if confirmed == 1 {
            replace_codes(transaction, compte, codes).await?;
        }
        Ok(confirmed == 1)
    })
}

/// Notes that the code of a time step was used; false when it, or a later one, was used before.
pub fn use_step(transaction: &mut Transaction, compte: CompteId, pas: i64) -> Pending<'_, bool> {
    Box::pin(async move {
        let used = diesel::update(
            second_facteur::table
                .find(compte.0)
                .filter(second_facteur::dernier_pas.lt(pas))
                .filter(second_facteur::confirme_at.is_not_null()),
        )
        .set(second_facteur::dernier_pas.eq(pas))
        .execute(transaction.connection())
        .await?;
        Ok(used == 1)
    })
}

/// Replaces all recovery codes.
pub fn replace_codes<'a>(
    transaction: &'a mut Transaction,
    compte: CompteId,
    empreintes: &'a [String],
) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::delete(code_secours::table.filter(code_secours::compte_id.eq(compte.0)))
            .execute(transaction.connection())
            .await?;
        for empreinte in empreintes {
            diesel::insert_into(code_secours::table)
                .values((code_secours::compte_id.eq(compte.0), code_secours::empreinte.eq(empreinte)))
                .execute(transaction.connection())
                .await?;
        }
        transaction.record(Fact::SecondFacteurModifie { compte });
        Ok(())
    })
}

/// Uses a recovery code; false when it is not one, or was used.
pub fn use_code<'a>(transaction: &'a mut Transaction, compte: CompteId, empreinte: &'a str) -> Pending<'a, bool> {
    Box::pin(async move {
        let now = transaction.now;
        let used = diesel::update(
            code_secours::table
                .filter(code_secours::compte_id.eq(compte.0))
                .filter(code_secours::empreinte.eq(empreinte))
                .filter(code_secours::utilise_at.is_null()),
        )
        .set(code_secours::utilise_at.eq(now))
        .execute(transaction.connection())
        .await?;
        Ok(used == 1)
    })
}

pub fn codes_left(connection: &mut Connection, compte: CompteId) -> Pending<'_, i64> {
    Box::pin(async move {
        Ok(code_secours::table
            .filter(code_secours::compte_id.eq(compte.0))
            .filter(code_secours::utilise_at.is_null())
            .count()
            .get_result(connection)
            .await?)
    })
}

pub fn remove(transaction: &mut Transaction, compte: CompteId) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::delete(second_facteur::table.find(compte.0)).execute(transaction.connection()).await?;
        diesel::delete(code_secours::table.filter(code_secours::compte_id.eq(compte.0)))
            .execute(transaction.connection())
            .await?;
        transaction.record(Fact::SecondFacteurModifie { compte });
        Ok(())
    })
}
