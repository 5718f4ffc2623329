//! The register of what was taken out of the CV-thèque: who, when, by which search, which people (SPEC G3, Q7).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::journal::Fact;
use domain::{CompteId, StructureId};

use crate::query::RunQueryDsl;
use crate::schema::{compte, export_cvtheque, export_personne, structure};
use crate::values::Nom;
use crate::{Connection, Pending, Transaction};

/// A workbook that was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    pub id: i64,
    pub auteur: String,
    pub structure: String,
    /// The address of the list or search it was taken from.
    pub adresse: String,
    /// How many people are in it who have not been erased since.
    pub nombre: i64,
    pub at: NaiveDateTime,
}

/// Writes down a workbook, before it is given.
pub fn record<'a>(
    transaction: &'a mut Transaction,
    by: CompteId,
    structure: StructureId,
    adresse: &'a str,
    people: &'a [CompteId],
) -> Pending<'a, i64> {
    Box::pin(async move {
        let now = transaction.now;
        let id: i64 = diesel::insert_into(export_cvtheque::table)
            .values((
                export_cvtheque::compte_id.eq(by.0),
                export_cvtheque::structure_id.eq(structure.0),
                export_cvtheque::adresse.eq(adresse),
                export_cvtheque::at.eq(now),
            ))
            .returning(export_cvtheque::id)
            .get_result(transaction.connection())
            .await?;
        for person in people {
            diesel::insert_into(export_personne::table)
                .values((export_personne::export_id.eq(id), export_personne::compte_id.eq(person.0)))
                .execute(transaction.connection())
                .await?;
        }
        let nombre = i64::try_from(people.len()).unwrap_or(i64::MAX);
        transaction.record(Fact::CvthequeExportee { export: id, structure, nombre });
        Ok(id)
    })
}

/// The workbooks taken out, the latest first.
pub fn list(connection: &mut Connection, limit: i64, offset: i64) -> Pending<'_, Vec<Export>> {
    Box::pin(async move {
        type Row = (i64, Nom, String, String, NaiveDateTime);
        let rows: Vec<Row> = export_cvtheque::table
            .inner_join(compte::table.on(compte::id.eq(export_cvtheque::compte_id)))
            .inner_join(structure::table.on(structure::id.eq(export_cvtheque::structure_id)))
            .order(export_cvtheque::id.desc())
            .limit(limit)
            .offset(offset)
            .select((
                export_cvtheque::id,
                (compte::prenom, compte::nom),
                structure::nom,
                export_cvtheque::adresse,
                export_cvtheque::at,
            ))
            .load(connection)
            .await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
        let counts: Vec<(i64, i64)> = export_personne::table
            .filter(export_personne::export_id.eq_any(&ids))
            .group_by(export_personne::export_id)
            .select((export_personne::export_id, diesel::dsl::count_star()))
            .load(connection)
            .await?;
        let into = |(id, Nom(auteur), structure, adresse, at): Row| Export {
            id,
            auteur,
            structure,
            adresse,
            nombre: counts.iter().find(|(of, _)| *of == id).map_or(0, |(_, count)| *count),
            at,
        };
        Ok(rows.into_iter().map(into).collect())
    })
}

/// How many workbooks were taken out.
pub fn count(connection: &mut Connection) -> Pending<'_, i64> {
    Box::pin(async move { Ok(export_cvtheque::table.count().get_result(connection).await?) })
}
