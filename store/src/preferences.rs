//! How somebody wants to be told of what concerns them; without a choice, the default counts (SPEC T4, M2).

use std::collections::HashMap;

use diesel::prelude::*;
use domain::CompteId;
use domain::preference::{Preference, Rythme, Sorte};

use crate::query::RunQueryDsl;
use crate::schema::preference;
use crate::{Connection, Error, Pending, Result, Transaction};

fn into_preference(direct: bool, word: String) -> Result<Preference> {
    let courriel =
        Rythme::from_word(&word).ok_or(Error::Unknown { table: "preference", column: "courriel", value: word })?;
    Ok(Preference { direct, courriel })
}

pub fn of(connection: &mut Connection, compte: CompteId) -> Pending<'_, HashMap<Sorte, Preference>> {
    Box::pin(async move {
        let rows: Vec<(String, bool, String)> = preference::table
            .filter(preference::compte_id.eq(compte.0))
            .select((preference::sorte, preference::direct, preference::courriel))
            .load(connection)
            .await?;
        let mut chosen = HashMap::new();
        for (sorte, direct, word) in rows {
            if let Some(sorte) = Sorte::from_word(&sorte) {
                chosen.insert(sorte, into_preference(direct, word)?);
            }
        }
        Ok(chosen)
    })
}

/// When these accounts want an email of that kind; those that are absent want one each time.
pub fn courriels<'a>(
    connection: &'a mut Connection,
    comptes: &'a [i64],
    sorte: Sorte,
) -> Pending<'a, HashMap<i64, Rythme>> {
    Box::pin(async move {
        let rows: Vec<(i64, bool, String)> = preference::table
            .filter(preference::compte_id.eq_any(comptes))
            .filter(preference::sorte.eq(sorte.as_str()))
            .select((preference::compte_id, preference::direct, preference::courriel))
            .load(connection)
            .await?;
        rows.into_iter().map(|(id, direct, word)| Ok((id, into_preference(direct, word)?.courriel))).collect()
    })
}

/// Sets what an account chose for a kind of event.
pub fn set(transaction: &mut Transaction, compte: CompteId, sorte: Sorte, chosen: Preference) -> Pending<'_, ()> {
    Box::pin(async move {
        let values = (preference::direct.eq(chosen.direct), preference::courriel.eq(chosen.courriel.as_str()));
        diesel::insert_into(preference::table)
            .values((preference::compte_id.eq(compte.0), preference::sorte.eq(sorte.as_str()), values))
            .on_conflict((preference::compte_id, preference::sorte))
            .do_update()
            .set(values)
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}
