//! What is typed and not saved yet: it is kept as one types, and published by « Enregistrer » alone (SPEC I9).

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use actors::commands::profil::{GiveUpProfil, KeepProfil};
use domain::inscription::Volet;
use domain::profil::{Champs, PARCOURS as FIELDS};
use domain::time::paris;
use serde_json::json;

use super::registration;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::session::Intervenant;
use crate::views::{Notice, dates};

/// Keeps what is typed on a page.
pub async fn keep(app: &App, who: &Intervenant, volet: Volet, champs: Champs) -> Result<(), Error> {
    Ok(app.comptes.ask(&who.connecte.identity(), KeepProfil { volet, champs }).await??)
}

/// Forgets what is typed: the page shows what is saved again.
pub async fn give_up(app: &App, who: &Intervenant, volet: Volet, to: &str) -> Result<HttpResponse, Error> {
    app.comptes.ask(&who.connecte.identity(), GiveUpProfil(volet)).await??;
    page::redirect_saying(app, to, &Notice::done("Vous retrouvez la version précédente."))
}

/// `{"enregistre_a": "14 h 32"}`.
fn kept_at(app: &App) -> HttpResponse {
    let said = json!({"enregistre_a": dates::time(paris(app.store.clock().now()).time())});
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(said)
}

/// `POST /mon-compte/informations/saisie`: the page saves by itself.
pub async fn keep_informations(
    app: Data<App>,
    who: Intervenant,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let inscription = registration(&mut app.store.read().await?, who.connecte.session.compte).await?;
    keep(&app, &who, Volet::Informations, inscription.posted(fields.champs())).await?;
    Ok(kept_at(&app))
}

/// `POST /mon-compte/parcours/saisie`: the page saves by itself.
pub async fn keep_parcours(app: Data<App>, who: Intervenant, Posted(fields): Posted) -> Result<HttpResponse, Error> {
    keep(&app, &who, Volet::Parcours, fields.champs().only(FIELDS)).await?;
    Ok(kept_at(&app))
}
