//! Drafts: saved by the button or automatically during typing, and opened again (M6, M7).

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{ArchiveDrafts, NotSent, SaveDraft};
use chrono::NaiveDateTime;
use domain::messagerie::Contenu;
use domain::time::paris;
use serde_json::json;
use store::brouillons::Nouveau;

use super::compose::Composition;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::session::{Titulaire, random_token};
use crate::views::{FieldError, Notice, dates};

pub async fn draft(request: HttpRequest, app: Data<App>, who: Titulaire, id: Path<i64>) -> Result<HttpResponse, Error> {
    show(&request, &app, &who, *id).await
}

/// A draft of this account, to go on with; it can be opened even while sending is not allowed.
pub(super) async fn show(request: &HttpRequest, app: &App, who: &Titulaire, id: i64) -> Result<HttpResponse, Error> {
    let mut connection = app.store.read().await?;
    let found = store::brouillons::open(&mut connection, who.connecte.session.compte, id).await?;
    let composition = Composition::from_draft(&mut connection, who, found.ok_or(Error::NotFound)?).await?;
    drop(connection);
    composition.show(request, app, who, Vec::new(), StatusCode::OK).await
}

/// « Enregistrer »: saves, and shows the drafts.
pub(super) async fn save(
    request: &HttpRequest,
    app: &App,
    who: &Titulaire,
    mut composition: Composition,
) -> Result<HttpResponse, Error> {
    let contenu = match Contenu::parse(&composition.objet, &composition.texte) {
        Ok(contenu) if is_something(&composition, &contenu) => contenu,
        Ok(_) => {
            let sentence =
                "Il n’y a encore rien à enregistrer : écrivez un objet ou un texte, ou choisissez un destinataire.";
            let errors = vec![FieldError::new("texte", sentence)];
            return composition.show(request, app, who, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(error) => {
            let errors = vec![composition.contenu_error(error)];
            return composition.show(request, app, who, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    if sent_already(app, who, &composition.jeton).await? {
        // The draft is a new message: it must not be taken for a repetition of the sent one.
        composition.jeton = random_token()?;
    }
    keep(app, who, &composition, contenu).await?;
    page::redirect_saying(
        app,
        "/messagerie/brouillons",
        &Notice::done("Votre message a bien été enregistré dans vos brouillons."),
    )
}

/// `POST /messagerie/brouillons/enregistrer`: the page saves by itself. Returns `{"id", "enregistre_a"}`, or 204 when
/// there is nothing to save yet.
pub async fn autosave(app: Data<App>, who: Titulaire, Posted(fields): Posted) -> Result<HttpResponse, Error> {
    let composition = Composition::from_form(&mut app.store.read().await?, &who, &fields).await?;
    let contenu = match Contenu::parse(&composition.objet, &composition.texte) {
        Ok(contenu) => contenu,
        Err(error) => {
            let sentence = format!("Pas enregistré. {error}");
            return Ok(problem(StatusCode::UNPROCESSABLE_ENTITY, "Brouillon refusé", &sentence));
        }
    };
    if !is_something(&composition, &contenu) && composition.brouillon.is_none() {
        return Ok(HttpResponse::NoContent().insert_header((header::CACHE_CONTROL, "no-store")).finish());
    }
    if sent_already(&app, &who, &composition.jeton).await? {
        // This page was already sent: the sent message must not come back as a draft.
        let sentence = "Ce message est déjà envoyé. Pour garder cette version, cliquez sur Enregistrer.";
        return Ok(problem(StatusCode::CONFLICT, "Déjà envoyé", sentence));
    }
    let (id, at) = keep(&app, &who, &composition, contenu).await?;
    let said = json!({"id": id, "enregistre_a": dates::time(paris(at).time())});
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(said))
}

fn is_something(composition: &Composition, contenu: &Contenu) -> bool {
    !contenu.objet.is_empty() || !contenu.texte.is_empty() || !composition.asked.is_empty()
}

async fn sent_already(app: &App, who: &Titulaire, jeton: &str) -> Result<bool, Error> {
    let mut connection = app.store.read().await?;
    Ok(store::messagerie::posted_before(&mut connection, who.connecte.session.compte, jeton).await?.is_some())
}

async fn keep(
    app: &App,
    who: &Titulaire,
    composition: &Composition,
    contenu: Contenu,
) -> Result<(i64, NaiveDateTime), Error> {
    let identity = who.connecte.identity();
    let nouveau = Nouveau {
        jeton: composition.jeton.clone(),
        origine: composition.origine,
        source: composition.source.as_ref().map(|source| source.id),
        a: composition.chosen.iter().map(|person| person.id).collect(),
        contenu,
    };
    let (id, at) = app.comptes.ask(&identity, SaveDraft(nouveau)).await?.map_err(not_kept)?;
    if let Some(former) = composition.brouillon.as_ref().filter(|former| former.id != id) {
        // The page has a new token since: this draft is what it saved under the old one.
        let drafts = vec![former.id];
        app.comptes.ask(&identity, ArchiveDrafts { drafts, away: true }).await??;
    }
    Ok((id, at))
}

fn not_kept(refusal: NotSent) -> Error {
    match refusal {
        NotSent::UnknownSource => Error::NotFound,
        _ => Error::Forbidden,
    }
}

/// An error for the page's own module, RFC 9457.
fn problem(status: StatusCode, title: &str, detail: &str) -> HttpResponse {
    let body = json!({"type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail});
    HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("application/problem+json")
        .body(body.to_string())
}
