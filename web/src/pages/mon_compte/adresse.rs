//! « Mon adresse de connexion »: a new login takes effect after a click on the link sent to it (manual §5.2, SPEC K4).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{AskAddress, OwnAddress};
use domain::connexion::wait_in_words;

use super::sections;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::pages::connexion::{ADDRESS, tries};
use crate::session::{Connecte, link_secret};
use crate::views::{FieldError, MonCompteAdresse, Notice};

pub async fn address_form(request: HttpRequest, app: Data<App>, who: Connecte) -> Result<HttpResponse, Error> {
    show(&request, &app, &who, "", Vec::new(), StatusCode::OK).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Connecte,
    email: &str,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let now = app.store.clock().now();
    let pending = store::tokens::pending_address(&mut app.store.read().await?, who.session.compte, now).await?;
    let layout = page::layout(request, app, &who.viewer, "Mon adresse de connexion").await?.with_errors(errors);
    let view = MonCompteAdresse {
        layout,
        sections: sections(&who.session),
        current: who.session.login.clone(),
        pending: pending.unwrap_or_default(),
        email: email.to_owned(),
    };
    page::respond(request, app, &who.viewer, &view, status)
}

fn own() -> FieldError {
    FieldError::new("email", "C’est déjà votre adresse de connexion.")
}

/// `POST /mon-compte/adresse` with `email` and `email_confirmation`. The page does not say whether somebody else has
/// that address: the link only reaches the person who reads its mail, and the owner of the account is told.
pub async fn change_address(
    request: HttpRequest,
    app: Data<App>,
    who: Connecte,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let compte = who.session.compte;
    let typed = fields.one("email");
    let mut errors = Vec::new();
    let email = fields.email_twice(&mut errors);
    if email.as_ref().is_some_and(|email| email.as_str() == who.session.login) {
        errors.insert(0, own());
    }
    let Some(email) = email.filter(|_| errors.is_empty()) else {
        return show(&request, &app, &who, typed, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    if let Some(wait) = tries::count(&app, &tries::key(&format!("compte {compte} adresse"), 5)).await? {
        let errors = vec![FieldError::new("", format!("Trop de demandes : réessayez dans {}.", wait_in_words(wait)))];
        return show(&request, &app, &who, typed, errors, StatusCode::TOO_MANY_REQUESTS).await;
    }
    let ask = AskAddress { email, secret: link_secret(ADDRESS)? };
    if let Err(OwnAddress) = app.comptes.ask(&who.identity(), ask).await? {
        return show(&request, &app, &who, typed, vec![own()], StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    page::redirect_saying(
        &app,
        "/mon-compte/adresse",
        &Notice::done(
            "Un lien vient d’être envoyé à la nouvelle adresse. Votre identifiant change quand vous l’aurez confirmée.",
        ),
    )
}
