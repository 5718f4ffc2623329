//! Languages as an administrateur sees them: those that are no longer proposed too (SPEC I12, G7).

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::connection::{Connection, Transaction, on};
use crate::schema::langue;
use crate::{Result, administration};

/// A language.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = langue)]
pub struct Langue {
    /// Stable code.
    pub code: String,
    /// Name for people.
    pub nom: String,
    /// `etrangere` or `regionale`.
    pub categorie: String,
    /// Whether it is still proposed: one that profiles hold is never removed.
    pub actif: bool,
}

/// All of them, by name.
pub async fn all(connection: &mut Connection) -> Result<Vec<Langue>> {
    Ok(on!(connection, c => langue::table.order(langue::nom).select(Langue::as_select()).load(c).await)?)
}

/// Adds a language or changes the one of its code.
pub async fn save(transaction: &mut Transaction, new: &Langue) -> Result<()> {
    on!(transaction.connection(), c => diesel::insert_into(langue::table)
        .values((
            langue::code.eq(&new.code),
            langue::nom.eq(&new.nom),
            langue::categorie.eq(&new.categorie),
            langue::actif.eq(new.actif),
        ))
        .on_conflict(langue::code).do_update()
        .set((langue::nom.eq(&new.nom), langue::categorie.eq(&new.categorie), langue::actif.eq(new.actif)))
        .execute(c).await)?;
    administration::changed(transaction, "langue", &new.code).await
}
