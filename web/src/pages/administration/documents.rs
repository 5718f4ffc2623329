//! The document of an article: attached, replaced, taken away, and downloaded by everybody (SPEC P4).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::SetDocument;
use documents::Place;
use domain::compte::Role;
use store::contenus::Document;

use super::Fait;
use super::article::{show_typed, stay};
use super::articles::{found, refused as not_set};
use crate::app::App;
use crate::csrf::Posted;
use crate::download::{Pour, download};
use crate::error::Error;
use crate::fields::Fields;
use crate::session::{Administrateur, Viewer};
use crate::televersement::{Fichier, Televersement, forget};
use crate::views::FieldError;

/// `GET /documents/{id}`, by the id of the article: for everybody once it is public; before, for administrateurs.
pub async fn document(app: Data<App>, viewer: Viewer, id: Path<i64>) -> Result<HttpResponse, Error> {
    let article = found(&app, *id).await?;
    let administers = viewer.session().is_some_and(|session| session.role == Role::Administrateur);
    if !article.is_public(app.store.clock().now()) && !administers {
        return Err(Error::NotFound);
    }
    let blob = article.document_blob.ok_or(Error::NotFound)?;
    let pour = if administers { Pour::LuiMeme } else { Pour::Autrui };
    download(&app, pour, &blob, &article.document_format, &article.document_nom).await
}

/// `POST /administration/articles/{id}/document` with the file `document` and the fields of the form: attaches the file
/// in place of the one before.
pub async fn attach_document(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    form: Televersement,
) -> Result<HttpResponse, Error> {
    let article = found(&app, *id).await?;
    let (fields, file) = form.read("document", Place::Article).await?;
    let stored = match file {
        Fichier::Stored(stored) => stored,
        Fichier::Absent => {
            return refused(&request, &app, &who, (*id, &fields), "Choisissez d’abord un fichier.").await;
        }
        Fichier::Refused(sentence) => return refused(&request, &app, &who, (*id, &fields), &sentence).await,
    };
    let blob = stored.id.to_string();
    let document = Document {
        nom: stored.name,
        format: stored.format.to_string(),
        taille: i64::try_from(stored.bytes).map_err(|error| Error::Internal(error.to_string()))?,
        blob: blob.clone(),
    };
    let set = SetDocument { article: article.id, document: Some(document) };
    match app.comptes.ask(&who.connecte.identity(), set).await {
        Ok(Ok(before)) => {
            forget(&app, before.as_slice()).await;
            stay(&request, &app, &who, (*id, &fields), Fait::Document).await
        }
        Ok(Err(refusal)) => {
            forget(&app, &[blob]).await;
            Err(not_set(refusal))
        }
        Err(error) => {
            forget(&app, &[blob]).await;
            Err(error.into())
        }
    }
}

async fn refused(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    (id, fields): (i64, &Fields),
    sentence: &str,
) -> Result<HttpResponse, Error> {
    let errors = vec![FieldError::new("document", sentence)];
    let said = (fields, errors, StatusCode::UNPROCESSABLE_ENTITY);
    show_typed(request, app, who, found(app, id).await?, said).await
}

/// `POST /administration/articles/{id}/document/retirer` with the fields of the form.
pub async fn detach_document(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let article = found(&app, *id).await?;
    let set = SetDocument { article: article.id, document: None };
    let before = app.comptes.ask(&who.connecte.identity(), set).await?.map_err(not_set)?;
    forget(&app, before.as_slice()).await;
    stay(&request, &app, &who, (*id, &fields), Fait::DocumentRetire).await
}
