//! `GET /administration/exports`: who took which profiles out of the CV-thèque (SPEC G3, G7).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use store::exports::Export;

use super::layout;
use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::session::Administrateur;
use crate::views::administration::{ExportRow, Exports, sections};
use crate::views::{Pages, Query};

/// The address of the list.
const LIST: &str = "/administration/exports";
const PAGE_SIZE: i64 = 50;

/// `GET /administration/exports` with `page`.
pub async fn exports(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    let asked = Fields::parse(request.query_string()).number("page").and_then(|page| u64::try_from(page).ok());
    let mut connection = app.store.read().await?;
    let total = u64::try_from(store::exports::count(&mut connection).await?).unwrap_or(0);
    let pages = Pages::new(asked.unwrap_or(1), PAGE_SIZE.unsigned_abs(), total, Query::new(LIST));
    let offset = i64::try_from(pages.current - 1).unwrap_or(0) * PAGE_SIZE;
    let found = store::exports::list(&mut connection, PAGE_SIZE, offset).await?;
    drop(connection);
    let row = |export: Export| ExportRow {
        auteur: export.auteur,
        structure: export.structure,
        nombre: u64::try_from(export.nombre).unwrap_or(0),
        adresse: export.adresse,
        at: page::moment(&app, export.at),
    };
    let layout = layout(&request, &app, &who, "Exports de la CV-thèque", Vec::new()).await?;
    let view = Exports { layout, sections: sections(), rows: found.into_iter().map(row).collect(), pages };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}
