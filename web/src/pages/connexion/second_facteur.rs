//! The second half of a login: a code of the second factor, or its first setting (SPEC K8).

use std::rc::Rc;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{ConfirmFactor, FactorProof, ProposeFactor, UseFactor};
use domain::CompteId;
use domain::connexion::wait_in_words;
use store::comptes::Compte;
use store::login_steps::{EnCours, Etape};
use store::tries::Cle;

use super::{opened, step, tries};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::session::Viewer;
use crate::totp;
use crate::views::FieldError;
use crate::views::Reprise;
use crate::views::connexion::{Codes, Enrolement, SecondFacteur};

/// The typed code in a form that can be compared with the account's second factor; none when the account has none.
pub async fn proof(app: &App, compte: CompteId, typed: &str) -> Result<Option<FactorProof>, Error> {
    let Some(found) = store::second_facteur::of(&mut app.store.read().await?, compte).await? else { return Ok(None) };
    let secret = app.vault.unseal(&found.secret, &store::second_facteur::place(compte))?;
    let step = totp::step_of(&secret, typed, app.store.clock().now().and_utc().timestamp());
    Ok(Some(FactorProof { step, recovery: totp::code_digest(typed) }))
}

/// Whether the typed text is the present code or a recovery code; each works once.
async fn accepts(app: &App, compte: CompteId, typed: &str) -> Result<bool, Error> {
    let Some(proof) = proof(app, compte, typed).await? else { return Ok(false) };
    Ok(app.front_desk.ask(UseFactor { compte, proof }).await?.is_ok())
}

/// The proposed secret: made on the first look, and the same on the next ones.
pub async fn proposal(app: &App, compte: CompteId) -> Result<Vec<u8>, Error> {
    let place = store::second_facteur::place(compte);
    if let Some(kept) = store::second_facteur::of(&mut app.store.read().await?, compte).await? {
        return Ok(app.vault.unseal(&kept.secret, &place)?);
    }
    let secret = app.vault.seal(&totp::new_secret()?, &place)?;
    let Ok(kept) = app.front_desk.ask(ProposeFactor { compte, secret }).await?;
    Ok(app.vault.unseal(&kept, &place)?)
}

/// Turns the proposal on when its first code is right; returns the recovery codes, shown once.
pub async fn confirm(app: &App, compte: CompteId, typed: &str, keys: Vec<Cle>) -> Result<Option<Vec<String>>, Error> {
    let secret = proposal(app, compte).await?;
    let Some(step) = totp::step_of(&secret, typed, app.store.clock().now().and_utc().timestamp()) else {
        return Ok(None);
    };
    let shown = totp::new_codes()?;
    let codes = shown.iter().map(|code| totp::code_digest(code)).collect();
    let confirmed = app.front_desk.ask(ConfirmFactor { compte, step, codes, keys }).await?;
    Ok(confirmed.is_ok().then_some(shown))
}

async fn account(app: &App, id: CompteId) -> Result<Compte, Error> {
    store::comptes::by_id(&mut app.store.read().await?, id).await?.ok_or(Error::LoginRequired)
}

pub async fn code_form(request: HttpRequest, app: Data<App>, viewer: Viewer) -> Result<HttpResponse, Error> {
    if step(&request, &app, Etape::SecondFacteur).await?.is_none() {
        return Ok(page::redirect("/authentification/"));
    }
    show_code(&request, &app, &viewer, Reprise::default(), Vec::new(), StatusCode::OK).await
}

async fn show_code(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    reprise: Reprise,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let layout = page::layout(request, app, viewer, "Double authentification").await?.with_errors(errors);
    page::respond(request, app, viewer, &SecondFacteur { layout, reprise: Rc::new(reprise) }, status)
}

/// `POST /authentification/second-facteur` with `code`.
pub async fn code(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let Some((_, EnCours { compte, suite, .. })) = step(&request, &app, Etape::SecondFacteur).await? else {
        return Ok(page::redirect("/authentification/"));
    };
    let reprise = Reprise::read(&fields);
    // There are a million codes, each for thirty seconds: guesses are slowed long before one is right.
    let keys = tries::key(&format!("compte {compte} second facteur"), 0);
    if let Some(wait) = tries::count(&app, &keys).await? {
        let sentence = format!("Trop d’essais : réessayez dans {}.", wait_in_words(wait));
        let errors = vec![FieldError::new("", sentence)];
        return show_code(&request, &app, &viewer, reprise, errors, StatusCode::TOO_MANY_REQUESTS).await;
    }
    if !accepts(&app, compte, fields.one("code")).await? {
        let sentence = "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant dans votre application, ou tapez un code de secours.";
        let errors = vec![FieldError::new("code", sentence)];
        return show_code(&request, &app, &viewer, reprise, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let compte = account(&app, compte).await?;
    opened(&request, &app, &viewer, &compte, keys, (&suite, reprise)).await
}

pub async fn enrol_form(request: HttpRequest, app: Data<App>, viewer: Viewer) -> Result<HttpResponse, Error> {
    let Some((_, en_cours)) = step(&request, &app, Etape::Enrolement).await? else {
        return Ok(page::redirect("/authentification/"));
    };
    show_enrolment(&request, &app, &viewer, en_cours.compte, Vec::new(), StatusCode::OK).await
}

async fn show_enrolment(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    compte: CompteId,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let secret = proposal(app, compte).await?;
    let (size, path) = totp::picture(&secret, &account(app, compte).await?.login)?;
    let layout = page::layout(request, app, viewer, "Régler la double authentification").await?.with_errors(errors);
    let view = Enrolement {
        layout,
        sections: Vec::new(),
        action: "/authentification/enrolement".to_owned(),
        required: true,
        size,
        path,
        letters: totp::in_letters(&secret),
    };
    page::respond(request, app, viewer, &view, status)
}

/// `POST /authentification/enrolement` with `code`: turns the factor on, and the session opens on its recovery codes.
pub async fn enrol(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let Some((_, EnCours { compte, suite, .. })) = step(&request, &app, Etape::Enrolement).await? else {
        return Ok(page::redirect("/authentification/"));
    };
    let Some(codes) = confirm(&app, compte, fields.one("code"), Vec::new()).await? else {
        let sentence = "Ce code n’est pas le bon : tapez les six chiffres que votre application affiche maintenant.";
        let errors = vec![FieldError::new("code", sentence)];
        return show_enrolment(&request, &app, &viewer, compte, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let compte = account(&app, compte).await?;
    let session = opened(&request, &app, &viewer, &compte, Vec::new(), (&suite, Reprise::default())).await?;
    let suite = if suite.is_empty() { "/tableau-de-bord".to_owned() } else { suite };
    let layout = page::bare_layout(&request, &app, &viewer, "Vos codes de secours");
    let mut response = page::ok(&request, &app, &viewer, &Codes { layout, sections: Vec::new(), codes, suite })?;
    for cookie in session.cookies() {
        response.add_cookie(&cookie).map_err(|error| Error::Internal(error.to_string()))?;
    }
    Ok(response)
}
