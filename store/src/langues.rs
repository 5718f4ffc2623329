//! Languages as an administrateur sees them: those that are no longer proposed too (SPEC I12, G7).

use diesel::prelude::*;
use domain::texte::fold;

use crate::query::{RunQueryDsl, columns};
use crate::schema::langue;
use crate::{Connection, Pending, Transaction, administration};

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = langue, primary_key(code), treat_none_as_default_value = false)]
pub struct Langue {
    pub code: String,
    pub nom: String,
    /// `etrangere` or `regionale`.
    pub categorie: String,
    /// Whether it is still proposed: one that profiles hold is never removed.
    pub actif: bool,
}

pub fn all(connection: &mut Connection) -> Pending<'_, Vec<Langue>> {
    Box::pin(async move {
        let mut all: Vec<Langue> = langue::table.select(columns::<Langue>()).load(connection).await?;
        all.sort_by_cached_key(|one| fold(&one.nom));
        Ok(all)
    })
}

/// Adds a language or changes the one of its code.
pub fn save<'a>(transaction: &'a mut Transaction, new: &'a Langue) -> Pending<'a, ()> {
    Box::pin(async move {
        diesel::insert_into(langue::table)
            .values(new)
            .on_conflict(langue::code)
            .do_update()
            .set(new)
            .execute(transaction.connection())
            .await?;
        administration::changed(transaction, "langue", &new.code).await
    })
}
