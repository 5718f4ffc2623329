//! The fields typed on « Mes données et documents » are kept: during typing, and with every button of the page (SPEC
//! Q1).

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use actors::commands::dossiers::{GiveUpTyped, KeepTyped};
use domain::dossier::{Bloc, Cible};
use domain::time::paris;
use serde_json::json;
use store::dossiers::{Brouillon, Tape};

use super::rows::at;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::session::Valide;
use crate::views::{Notice, dates};

/// The blocks with typed fields, as the page carries them to say what it showed.
pub fn words<'a>(typed: impl Iterator<Item = &'a Bloc>) -> String {
    typed.map(|bloc| bloc.as_str()).collect::<Vec<_>>().join(" ")
}

/// The blocks that a page posted. A block whose fields are all absent was not on the page.
pub fn read(fields: &Fields) -> Tape {
    let there = |bloc: &Bloc| bloc.champs().iter().any(|name| fields.has(name));
    let blocs = Bloc::ALL.iter().copied().filter(there);
    Tape {
        blocs: blocs.map(|bloc| (bloc, fields.champs().only(bloc.champs()))).collect(),
        montres: fields.one("brouillon").split(' ').filter_map(Bloc::from_word).collect(),
    }
}

/// Keeps what a page posted; returns everything typed and not saved.
pub async fn keep(app: &App, who: &Valide, tape: Tape) -> Result<Brouillon, Error> {
    let keep = KeepTyped { vault: app.vault.clone(), tape };
    Ok(app.comptes.ask(&who.connecte.identity(), keep).await??)
}

/// `POST /mon-compte/documents/saisie`: the page saves by itself. Returns `{"id": blocks, "enregistre_a": "14 h 32"}`;
/// the page sends `id` back as `brouillon`.
pub async fn keep_typed(app: Data<App>, who: Valide, Posted(fields): Posted) -> Result<HttpResponse, Error> {
    let typed = keep(&app, &who, read(&fields)).await?;
    let at = dates::time(paris(app.store.clock().now()).time());
    let said = json!({"id": words(typed.keys()), "enregistre_a": at});
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(said))
}

/// `POST /mon-compte/documents/abandonner` with `bloc`: forgets what is typed in that block, keeps the rest.
pub async fn give_up(app: Data<App>, who: Valide, Posted(fields): Posted) -> Result<HttpResponse, Error> {
    let bloc = Bloc::from_word(fields.one("bloc")).ok_or(Error::BadRequest("Utilisez l’un des boutons de la page."))?;
    let give_up = GiveUpTyped { vault: app.vault.clone(), tape: read(&fields), bloc };
    app.comptes.ask(&who.connecte.identity(), give_up).await??;
    page::redirect_saying(&app, &at(Cible::Bloc(bloc)), &Notice::done("Vous retrouvez la version précédente."))
}

/// `POST /mon-compte/documents/afficher` with `bloc`: shows its numbers whole, keeps what is typed.
pub async fn reveal(app: Data<App>, who: Valide, Posted(fields): Posted) -> Result<HttpResponse, Error> {
    let bloc = Bloc::from_word(fields.one("bloc")).ok_or(Error::BadRequest("Utilisez l’un des boutons de la page."))?;
    keep(&app, &who, read(&fields)).await?;
    Ok(page::redirect(&format!("{}?afficher=1", at(Cible::Bloc(bloc)))))
}
