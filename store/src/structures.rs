//! The structures: délégations, institutes, the seat.

use diesel::prelude::*;
use domain::StructureId;
use domain::texte::fold;

use crate::query::{RunQueryDsl, columns};
use crate::schema::structure;
use crate::{Connection, Pending};

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = structure)]
pub struct Structure {
    pub id: i64,
    pub code: String,
    /// Its name, « Délégation Bretagne ».
    pub nom: String,
    /// `delegation`, `institut` or `siege`.
    pub categorie: String,
    pub region_code: Option<String>,
    pub adresse: String,
    pub code_postal: String,
    pub commune: String,
    pub telephone: String,
    pub courriel: String,
    /// Whether its intervenants may write to it (M1).
    pub messagerie_active: bool,
}

pub fn all(connection: &mut Connection) -> Pending<'_, Vec<Structure>> {
    Box::pin(async move {
        let mut all: Vec<Structure> = structure::table.select(columns::<Structure>()).load(connection).await?;
        all.sort_by_cached_key(|one| fold(&one.nom));
        Ok(all)
    })
}

pub fn by_id(connection: &mut Connection, id: StructureId) -> Pending<'_, Option<Structure>> {
    Box::pin(async move {
        Ok(structure::table.find(id.0).select(columns::<Structure>()).first(connection).await.optional()?)
    })
}
