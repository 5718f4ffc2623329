//! `POST /gestion/inscriptions/{id}/presence`: a sign of life of a reader; the answer names the other readers.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use domain::CompteId;
use domain::equipe::Travail;
use serde_json::json;

use super::own;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::pages::presences;
use crate::session::{Gestionnaire, Habilite, Inscriptions};
use crate::views::gestion_inscriptions::looking;

/// `POST /gestion/inscriptions/{id}/presence`: `{"regardent": "…", "version": 3}`, the sentence empty when nobody else
/// reads.
pub async fn look(
    app: Data<App>,
    who: Habilite<Inscriptions>,
    id: Path<i64>,
    _: Posted,
) -> Result<HttpResponse, Error> {
    let id = CompteId(*id);
    let found = own(&mut app.store.read().await?, who.structure, id).await?.ok_or(Error::NotFound)?;
    let others = others(&app, &who, id).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({ "regardent": looking(&others), "version": found.version })))
}

/// Records that this gestionnaire reads; returns the names of the other readers.
pub async fn others(app: &App, who: &Gestionnaire, id: CompteId) -> Result<Vec<String>, Error> {
    presences::others(app, &who.connecte, (Travail::Inscription, id.0)).await
}
