//! The structures: délégations, institutes, the seat.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::StructureId;

use crate::Result;
use crate::connection::{Connection, Transaction, on};
use crate::schema::structure;

/// A structure.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = structure)]
pub struct Structure {
    /// Its id.
    pub id: i64,
    /// A short stable code.
    pub code: String,
    /// Its name, « Délégation Bretagne ».
    pub nom: String,
    /// `delegation`, `institut` or `siege`.
    pub categorie: String,
    /// The région it stands in.
    pub region_code: Option<String>,
    /// Street.
    pub adresse: String,
    /// Postcode.
    pub code_postal: String,
    /// Commune.
    pub commune: String,
    /// Phone.
    pub telephone: String,
    /// Contact address.
    pub courriel: String,
    /// Whether its intervenants may write to it (M1).
    pub messagerie_active: bool,
}

/// All of them, by name.
pub async fn all(connection: &mut Connection) -> Result<Vec<Structure>> {
    Ok(on!(connection, c => structure::table.order(structure::nom).select(Structure::as_select()).load(c).await)?)
}

/// One of them.
pub async fn by_id(connection: &mut Connection, id: StructureId) -> Result<Option<Structure>> {
    Ok(on!(connection, c => structure::table.find(id.0).select(Structure::as_select()).first(c).await.optional())?)
}

/// Turns a structure's messaging on or off.
pub async fn set_messaging(transaction: &mut Transaction, id: StructureId, active: bool) -> Result<()> {
    on!(transaction.connection(), c => diesel::update(structure::table.find(id.0))
        .set(structure::messagerie_active.eq(active)).execute(c).await)?;
    Ok(())
}
