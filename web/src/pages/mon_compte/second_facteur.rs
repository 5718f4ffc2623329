//! « Double authentification »: optional, but mandatory for those who treat other people's dossiers (SPEC K8).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{ChangeFactor, NotChanged};
use domain::compte::Role;
use domain::connexion::wait_in_words;

use super::sections;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::pages::connexion::{factor, tries};
use crate::session::Connecte;
use crate::totp;
use crate::views::connexion::{Codes, Enrolement};
use crate::views::{FieldError, MonCompteSecondFacteur, Notice};

const PATH: &str = "/mon-compte/second-facteur";

pub async fn factor_form(request: HttpRequest, app: Data<App>, who: Connecte) -> Result<HttpResponse, Error> {
    show(&request, &app, &who, Vec::new(), StatusCode::OK).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Connecte,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let compte = who.session.compte;
    let on = store::second_facteur::is_on(&mut app.store.read().await?, compte).await?;
    let layout = page::layout(request, app, &who.viewer, "Double authentification").await?.with_errors(errors);
    let sections = sections(&who.session);
    if on {
        let left = store::second_facteur::codes_left(&mut app.store.read().await?, compte).await?;
        let left = u64::try_from(left).unwrap_or(0);
        let view = MonCompteSecondFacteur { layout, sections, left, required: required(app, who.session.role) };
        return page::respond(request, app, &who.viewer, &view, status);
    }
    let secret = factor::proposal(app, compte).await?;
    let (size, path) = totp::picture(&secret, &who.session.login)?;
    let letters = totp::in_letters(&secret);
    let required = required(app, who.session.role);
    let view = Enrolement { layout, sections, action: PATH.to_owned(), required, size, path, letters };
    page::respond(request, app, &who.viewer, &view, status)
}

/// Whether the second factor is mandatory for a role; never in the demonstration.
fn required(app: &App, role: Role) -> bool {
    role != Role::Intervenant && !app.settings.demo
}

/// `POST /mon-compte/second-facteur` with `code` and `action`: `activer` (or nothing), `codes`, `desactiver`. Each asks
/// for a code, so that somebody who finds a session open can't change it.
pub async fn change_factor(
    request: HttpRequest,
    app: Data<App>,
    who: Connecte,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let compte = who.session.compte;
    let typed = fields.one("code");
    let keys = tries::key(&format!("compte {compte} second facteur"), 0);
    if let Some(wait) = tries::count(&app, &keys).await? {
        let errors = vec![FieldError::new("", format!("Trop d’essais : réessayez dans {}.", wait_in_words(wait)))];
        return show(&request, &app, &who, errors, StatusCode::TOO_MANY_REQUESTS).await;
    }
    let on = store::second_facteur::is_on(&mut app.store.read().await?, compte).await?;
    let turn_off = fields.one("action") == "desactiver";
    let proof = if on { factor::proof(&app, compte, typed).await? } else { None };
    let codes = if let Some(proof) = proof {
        let codes = totp::new_codes()?;
        let change = ChangeFactor {
            proof,
            codes: (!turn_off).then(|| codes.iter().map(|code| totp::code_digest(code)).collect()),
            exempt: app.settings.demo,
            keys,
        };
        match app.comptes.ask(&who.identity(), change).await? {
            Ok(()) if turn_off => {
                return page::redirect_saying(&app, PATH, &Notice::done("La double authentification est désactivée."));
            }
            Ok(()) => Some(codes),
            Err(NotChanged::Required) => return Err(Error::Forbidden),
            Err(NotChanged::WrongCode) => None,
        }
    } else {
        factor::confirm(&app, compte, typed, keys).await?
    };
    let Some(codes) = codes else {
        let sentence = "Ce code n’est pas le bon : tapez celui que votre application affiche maintenant.";
        let errors = vec![FieldError::new("code", sentence)];
        return show(&request, &app, &who, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let layout = page::layout(&request, &app, &who.viewer, "Vos codes de secours").await?;
    let view = Codes { layout, sections: sections(&who.session), codes, suite: PATH.to_owned() };
    page::ok(&request, &app, &who.viewer, &view)
}
