//! Change of password: asks for the current one, confirms on screen, sends no email, ends the other sessions (K3).

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{ChangePassword, NotCurrent};
use domain::connexion::wait_in_words;
use domain::mot_de_passe::{self, MotDePasse, opaque};

use super::sections;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::connexion::tries;
use crate::session::Connecte;
use crate::views::{FieldError, MonCompteMotDePasse, Notice};

/// Longest password that is checked, in bytes: a longer one is wrong, whatever the setting.
const TYPED_MAX: usize = 1_024;

pub async fn password_form(request: HttpRequest, app: Data<App>, who: Connecte) -> Result<HttpResponse, Error> {
    show(&request, &app, &who, Vec::new(), StatusCode::OK).await
}

/// `POST /mon-compte/mot-de-passe` with `mot_de_passe_actuel`, `mot_de_passe` and `mot_de_passe_confirmation`.
pub async fn change_password(
    request: HttpRequest,
    app: Data<App>,
    who: Connecte,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let (chosen, errors) = read(&fields, app.settings.password_max);
    let Some(chosen) = chosen.filter(|_| errors.is_empty()) else {
        return show(&request, &app, &who, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    // A separate count: somebody who finds a session open can't guess the password, and failed logins do not slow the
    // owner here.
    let compte = who.session.compte;
    let keys = tries::key(&format!("compte {compte} changement"), 0);
    if let Some(wait) = tries::count(&app, &keys).await? {
        return slowed(&request, &app, &who, wait).await;
    }
    let account = store::comptes::by_id(&mut app.store.read().await?, compte).await?.ok_or(Error::LoginRequired)?;
    let current = fields.one("mot_de_passe_actuel");
    let right =
        current.len() <= TYPED_MAX && app.passwords.matches(current, account.mot_de_passe.as_deref()).await?.is_right();
    let Some(checked) = account.mot_de_passe.filter(|_| right) else {
        return show(&request, &app, &who, vec![not_current()], StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let hash = app.passwords.hash(&chosen).await?;
    let change = ChangePassword { current: checked, hash, session: who.session.id, keys };
    if let Err(NotCurrent) = app.comptes.ask(&who.identity(), change).await? {
        return show(&request, &app, &who, vec![not_current()], StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    page::redirect_saying(
        &app,
        "/mon-compte/mot-de-passe",
        &Notice::done("Votre mot de passe a été changé. Vos autres sessions ont été déconnectées."),
    )
}

fn not_current() -> FieldError {
    let sentence = "Ce n’est pas votre mot de passe actuel. Vérifiez-le, majuscules comprises.";
    FieldError::new("mot_de_passe_actuel", sentence)
}

/// The new password, and what is wrong in the form, in the order of its fields.
fn read(fields: &Fields, max: usize) -> (Option<MotDePasse>, Vec<FieldError>) {
    let mut errors = Vec::new();
    let (current, typed) = (fields.one("mot_de_passe_actuel"), fields.one("mot_de_passe"));
    if current.is_empty() {
        errors.push(FieldError::new("mot_de_passe_actuel", "Indiquez votre mot de passe actuel."));
    }
    let chosen = match MotDePasse::parse(typed, max) {
        Ok(chosen) if chosen.expose() == opaque(current) => {
            errors.push(FieldError::new("mot_de_passe", "C’est déjà votre mot de passe : choisissez-en un autre."));
            None
        }
        Ok(chosen) => Some(chosen),
        Err(missed) => {
            errors.push(FieldError::new("mot_de_passe", mot_de_passe::sentence(&missed)));
            None
        }
    };
    if opaque(fields.one("mot_de_passe_confirmation")) != opaque(typed) {
        let sentence = "Les deux nouveaux mots de passe diffèrent : tapez deux fois le même.";
        errors.push(FieldError::new("mot_de_passe_confirmation", sentence));
    }
    (chosen, errors)
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Connecte,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let layout = page::layout(request, app, &who.viewer, "Changer de mot de passe").await?.with_errors(errors);
    let view = MonCompteMotDePasse {
        layout,
        sections: sections(&who.session),
        email: who.session.login.clone(),
        min: mot_de_passe::MIN,
        max: app.settings.password_max.clamp(mot_de_passe::MAX, mot_de_passe::MAX_ALLOWED),
    };
    page::respond(request, app, &who.viewer, &view, status)
}

async fn slowed(request: &HttpRequest, app: &App, who: &Connecte, wait: Duration) -> Result<HttpResponse, Error> {
    let errors = vec![FieldError::new("", format!("Trop d’essais : réessayez dans {}.", wait_in_words(wait)))];
    let mut response = show(request, app, who, errors, StatusCode::TOO_MANY_REQUESTS).await?;
    response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(wait.as_secs().max(1)));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(form: &str) -> Vec<String> {
        read(&Fields::parse(form), 24).1.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn k3_the_form_asks_the_current_password_and_the_new_one_twice() {
        let (chosen, errors) = read(
            &Fields::parse("mot_de_passe_actuel=x&mot_de_passe=Bocage-vert9&mot_de_passe_confirmation=Bocage-vert9"),
            24,
        );
        assert!(errors.is_empty());
        assert_eq!(chosen.unwrap().expose(), "Bocage-vert9");
        assert_eq!(wrong(""), ["mot_de_passe_actuel", "mot_de_passe"]);
        assert_eq!(
            wrong("mot_de_passe_actuel=x&mot_de_passe=Bocage-vert9&mot_de_passe_confirmation=Bocage-vert8"),
            ["mot_de_passe_confirmation"]
        );
        assert_eq!(
            wrong("mot_de_passe_actuel=Bocage-vert9&mot_de_passe=Bocage-vert9&mot_de_passe_confirmation=Bocage-vert9"),
            ["mot_de_passe"]
        );
    }
}
