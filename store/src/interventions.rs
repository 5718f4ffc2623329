//! The interventions of a person: past, current, planned, cancelled (SPEC C2, X1, G7).

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::intervention::EtatIntervention;
use domain::journal::Fact;
use domain::nir::mask;
use domain::{CompteId, StructureId};

use crate::query::RunQueryDsl;
use crate::schema::{intervention, structure};
use crate::{Connection, Error, Pending, Result, Transaction};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intervention {
    pub structure: StructureId,
    pub titre: String,
    pub du: NaiveDate,
    pub au: NaiveDate,
    /// In hours.
    pub heures: i32,
    pub etat: EtatIntervention,
}

/// An intervention as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ligne {
    pub id: i64,
    pub compte: CompteId,
    pub structure_nom: String,
    pub intervention: Intervention,
}

type Row = (i64, i64, i64, String, String, NaiveDate, NaiveDate, i32, String);

/// The state that a word of the table stands for.
pub(crate) fn etat(word: String) -> Result<EtatIntervention> {
    EtatIntervention::from_word(&word).ok_or(Error::Unknown { table: "intervention", column: "etat", value: word })
}

fn into_ligne((id, compte, structure, structure_nom, titre, du, au, heures, word): Row) -> Result<Ligne> {
    Ok(Ligne {
        id,
        compte: CompteId(compte),
        structure_nom,
        intervention: Intervention { structure: StructureId(structure), titre, du, au, heures, etat: etat(word)? },
    })
}

/// The interventions of an account, the latest first.
pub fn of(connection: &mut Connection, compte: CompteId) -> Pending<'_, Vec<Ligne>> {
    Box::pin(async move {
        let rows: Vec<Row> = intervention::table
            .inner_join(structure::table.on(structure::id.eq(intervention::structure_id)))
            .filter(intervention::compte_id.eq(compte.0))
            .order((intervention::du.desc(), intervention::id.desc()))
            .select((
                intervention::id,
                intervention::compte_id,
                structure::id,
                structure::nom,
                intervention::titre,
                intervention::du,
                intervention::au,
                intervention::heures,
                intervention::etat,
            ))
            .load(connection)
            .await?;
        rows.into_iter().map(into_ligne).collect()
    })
}

pub fn by_id(connection: &mut Connection, id: i64) -> Pending<'_, Option<Ligne>> {
    Box::pin(async move {
        let row: Option<Row> = intervention::table
            .inner_join(structure::table.on(structure::id.eq(intervention::structure_id)))
            .filter(intervention::id.eq(id))
            .select((
                intervention::id,
                intervention::compte_id,
                structure::id,
                structure::nom,
                intervention::titre,
                intervention::du,
                intervention::au,
                intervention::heures,
                intervention::etat,
            ))
            .first(connection)
            .await
            .optional()?;
        row.map(into_ligne).transpose()
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
        let compte: Option<i64> = diesel::update(intervention::table.find(id))
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
            transaction.record(Fact::ProfilModifie { compte: CompteId(compte) });
        }
        Ok(compte.is_some())
    })
}

/// Removes an intervention and returns whose it was; none when there is none of that id.
pub fn remove(transaction: &mut Transaction, id: i64) -> Pending<'_, Option<CompteId>> {
    Box::pin(async move {
        let compte: Option<i64> = diesel::delete(intervention::table.find(id))
            .returning(intervention::compte_id)
            .get_result(transaction.connection())
            .await
            .optional()?;
        let compte = compte.map(CompteId);
        if let Some(compte) = compte {
            transaction.record(Fact::ProfilModifie { compte });
        }
        Ok(compte)
    })
}
