//! The interventions of a person: past, current, planned, cancelled (SPEC C2, X1, G7).

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::intervention::EtatIntervention;
use domain::journal::Fact;
use domain::nir::mask;
use domain::{CompteId, StructureId};

use crate::query::{RunQueryDsl, columns};
use crate::schema::{intervention, structure};
use crate::{Connection, Pending, Transaction};

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = intervention)]
pub struct Intervention {
    #[diesel(column_name = structure_id)]
    pub structure: StructureId,
    pub titre: String,
    pub du: NaiveDate,
    pub au: NaiveDate,
    /// In hours.
    pub heures: i32,
    pub etat: EtatIntervention,
}

/// An intervention as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = intervention)]
pub struct Ligne {
    pub id: i64,
    #[diesel(column_name = compte_id)]
    pub compte: CompteId,
    #[diesel(select_expression = structure::nom)]
    pub structure_nom: String,
    #[diesel(embed)]
    pub intervention: Intervention,
}

/// The interventions of an account, the latest first.
pub fn of(connection: &mut Connection, compte: CompteId) -> Pending<'_, Vec<Ligne>> {
    Box::pin(async move {
        Ok(intervention::table
            .inner_join(structure::table.on(structure::id.eq(intervention::structure_id)))
            .filter(intervention::compte_id.eq(compte.0))
            .order((intervention::du.desc(), intervention::id.desc()))
            .select(columns::<Ligne>())
            .load(connection)
            .await?)
    })
}

pub fn by_id(connection: &mut Connection, id: i64) -> Pending<'_, Option<Ligne>> {
    Box::pin(async move {
        Ok(intervention::table
            .inner_join(structure::table.on(structure::id.eq(intervention::structure_id)))
            .filter(intervention::id.eq(id))
            .select(columns::<Ligne>())
            .first(connection)
            .await
            .optional()?)
    })
}

pub fn add<'a>(transaction: &'a mut Transaction, compte: CompteId, new: &'a Intervention) -> Pending<'a, i64> {
    Box::pin(async move {
        let id: i64 = diesel::insert_into(intervention::table)
            .values((
                intervention::compte_id.eq(compte.0),
                intervention::structure_id.eq(new.structure.0),
                intervention::titre.eq(mask(&new.titre)),
                intervention::du.eq(new.du),
                intervention::au.eq(new.au),
                intervention::heures.eq(new.heures),
                intervention::etat.eq(new.etat.as_str()),
            ))
            .returning(intervention::id)
            .get_result(transaction.connection())
            .await?;
        transaction.record(Fact::ProfilModifie { compte });
        Ok(id)
    })
}

/// Changes an intervention; false when there is none of that id.
pub fn update<'a>(transaction: &'a mut Transaction, id: i64, new: &'a Intervention) -> Pending<'a, bool> {
    Box::pin(async move {
        let compte: Option<CompteId> = diesel::update(intervention::table.find(id))
            .set((
                intervention::structure_id.eq(new.structure.0),
                intervention::titre.eq(mask(&new.titre)),
                intervention::du.eq(new.du),
                intervention::au.eq(new.au),
                intervention::heures.eq(new.heures),
                intervention::etat.eq(new.etat.as_str()),
            ))
            .returning(intervention::compte_id)
            .get_result(transaction.connection())
            .await
            .optional()?;
        if let Some(compte) = compte {
            transaction.record(Fact::ProfilModifie { compte });
        }
        Ok(compte.is_some())
    })
}

/// Removes an intervention and returns whose it was; none when there is none of that id.
pub fn remove(transaction: &mut Transaction, id: i64) -> Pending<'_, Option<CompteId>> {
    Box::pin(async move {
        let compte: Option<CompteId> = diesel::delete(intervention::table.find(id))
            .returning(intervention::compte_id)
            .get_result(transaction.connection())
            .await
            .optional()?;
        if let Some(compte) = compte {
            transaction.record(Fact::ProfilModifie { compte });
        }
        Ok(compte)
    })
}
