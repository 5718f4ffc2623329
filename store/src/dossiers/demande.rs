//! The blocks and pieces that a structure asked for and nobody has validated since: their rows (manual §3.3.4.1, SPEC
//! D1).

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::dossier::Cible;
use domain::{CompteId, StructureId};

use crate::query::RunQueryDsl;
use crate::schema::{dossier, dossier_demande};
use crate::{Pending, Transaction};

/// Writes down what the structure asks for; it decides on the dossier from now on. What is asked for twice is kept
/// once, for the structure that asked last.
pub fn request<'a>(
    transaction: &'a mut Transaction,
    of: CompteId,
    structure: StructureId,
    cibles: &'a [Cible],
) -> Pending<'a, ()> {
    Box::pin(async move {
        let now = transaction.now;
        for cible in cibles {
            let values = (dossier_demande::structure_id.eq(structure.0), dossier_demande::at.eq(now));
            diesel::insert_into(dossier_demande::table)
                .values((dossier_demande::compte_id.eq(of.0), dossier_demande::cible.eq(cible.as_str()), values))
                .on_conflict((dossier_demande::compte_id, dossier_demande::cible))
                .do_update()
                .set(values)
                .execute(transaction.connection())
                .await?;
        }
        diesel::update(dossier::table.find(of.0))
            .set(dossier::structure_id.eq(structure.0))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}

/// A block or a piece is not asked for any more.
pub fn no_longer_request(transaction: &mut Transaction, of: CompteId, cible: Cible) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::delete(dossier_demande::table.find((of.0, cible.as_str()))).execute(transaction.connection()).await?;
        Ok(())
    })
}

/// The last day on which the structure that asked last wants it; none for no day.
pub fn deadline(transaction: &mut Transaction, of: CompteId, avant: Option<NaiveDate>) -> Pending<'_, ()> {
    Box::pin(async move {
        diesel::update(dossier::table.find(of.0))
            .set(dossier::demande_avant.eq(avant))
            .execute(transaction.connection())
            .await?;
        Ok(())
    })
}
