//! How somebody wants to be told of what concerns them; what nobody chose is the usual (SPEC T4, M2).

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::CompteId;
use domain::preference::{Preference, Rythme, Sorte};

use crate::connection::{Connection, Transaction, on};
use crate::schema::preference;
use crate::{Error, Result};

fn into_preference(direct: bool, word: String) -> Result<Preference> {
    let courriel =
        Rythme::from_word(&word).ok_or(Error::Unknown { table: "preference", column: "courriel", value: word })?;
    Ok(Preference { direct, courriel })
}

/// What an account chose.
pub async fn of(connection: &mut Connection, compte: CompteId) -> Result<HashMap<Sorte, Preference>> {
    let rows: Vec<(String, bool, String)> = on!(connection, c => preference::table
        .filter(preference::compte_id.eq(compte.0))
        .select((preference::sorte, preference::direct, preference::courriel)).load(c).await)?;
    let mut chosen = HashMap::new();
    for (sorte, direct, word) in rows {
        if let Some(sorte) = Sorte::from_word(&sorte) {
            chosen.insert(sorte, into_preference(direct, word)?);
        }
    }
    Ok(chosen)
}

/// When these accounts want an email of that kind; those that are not in it, each time.
pub async fn courriels(connection: &mut Connection, comptes: &[i64], sorte: Sorte) -> Result<HashMap<i64, Rythme>> {
    let rows: Vec<(i64, bool, String)> = on!(connection, c => preference::table
        .filter(preference::compte_id.eq_any(comptes)).filter(preference::sorte.eq(sorte.as_str()))
        .select((preference::compte_id, preference::direct, preference::courriel)).load(c).await)?;
    rows.into_iter().map(|(id, direct, word)| Ok((id, into_preference(direct, word)?.courriel))).collect()
}

/// Sets what an account chose for a kind of event.
pub async fn set(transaction: &mut Transaction, compte: CompteId, sorte: Sorte, chosen: Preference) -> Result<()> {
    let values = (preference::direct.eq(chosen.direct), preference::courriel.eq(chosen.courriel.as_str()));
    on!(transaction.connection(), c => diesel::insert_into(preference::table)
        .values((preference::compte_id.eq(compte.0), preference::sorte.eq(sorte.as_str()), values))
        .on_conflict((preference::compte_id, preference::sorte)).do_update().set(values)
        .execute(c).await)?;
    Ok(())
}
