//! Logging in and out (manual §5, SPEC K1, K9, K10).

use std::time::Duration;

use actix_web::cookie::time::Duration as CookieDuration;
use actix_web::http::header;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use domain::compte::EtatCompte;
use domain::connexion::{absolute, wait_in_words};
use domain::email::Email;
use serde::Deserialize;
use store::comptes::Compte;
use store::essais::Cle;

use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::flash::Flash;
use crate::session::{DEVICE, SESSION, Viewer, cookie, digest, random_token, removal};
use crate::views::{Authentification, FieldError};
use crate::{device, limits, page};

/// Longest password that is looked at: what is longer can't be one, whatever the setting.
const TYPED_MAX: usize = 1_024;
/// Failures forgiven to an address: a town hall's employees share one.
const ADDRESS_FORGIVEN: i32 = 30;

/// Where to go on to.
#[derive(Debug, Deserialize)]
pub struct Suite {
    suite: Option<String>,
}

/// `GET /authentification/`.
pub async fn form(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    asked: Query<Suite>,
) -> Result<HttpResponse, Error> {
    let suite = asked.suite.as_deref().and_then(page::own_path).unwrap_or_default().to_owned();
    if viewer.session().is_some() {
        return Ok(page::redirect(if suite.is_empty() { "/tableau-de-bord" } else { &suite }));
    }
    let layout = page::layout(&request, &app, &viewer, "Se connecter").await?;
    page::ok(&request, &app, &viewer, &Authentification { layout, email: String::new(), suite })
}

/// `POST /authentification/` with `email`, `mot_de_passe` and, optionally, `suite`.
pub async fn log_in(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let typed = fields.one("email");
    let password = fields.one("mot_de_passe");
    let suite = page::own_path(fields.one("suite")).unwrap_or_default();
    let mut errors = Vec::new();
    let email = Email::parse(typed).map_err(|error| errors.push(FieldError::new("email", error.to_string()))).ok();
    if password.is_empty() {
        errors.push(FieldError::new("mot_de_passe", "Indiquez votre mot de passe."));
    }
    let Some(email) = email.filter(|_| errors.is_empty()) else {
        return again(&request, &app, &viewer, typed, suite, errors).await;
    };
    let known = store::comptes::by_login(&mut app.store.read().await?, &email).await?;
    let keys = keys(&request, &app, &email, known.as_ref()).await?;
    let counted = keys.clone();
    let wait = app
        .store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move { store::essais::attempt(transaction, &counted).await })
        })
        .await?;
    if let Some(wait) = wait {
        metrics::counter!("ei_logins_total", "outcome" => "slowed").increment(1);
        return slowed(&request, &app, &viewer, typed, suite, wait).await;
    }
    let usable = known.filter(|compte| compte.etat == EtatCompte::Actif);
    let hash = usable.as_ref().and_then(|compte| compte.mot_de_passe.as_deref());
    let right = password.len() <= TYPED_MAX && app.passwords.matches(password, hash).await?;
    match usable {
        Some(compte) if right => opened(&request, &app, &compte, keys, suite).await,
        _ => {
            metrics::counter!("ei_logins_total", "outcome" => "refused").increment(1);
            let sentence = "Cette adresse et ce mot de passe ne vont pas ensemble. Vérifiez l’une et l’autre, majuscules comprises.";
            again(&request, &app, &viewer, typed, suite, vec![FieldError::new("mot_de_passe", sentence)]).await
        }
    }
}

/// What a try is counted under. A browser that has logged in to this account before has a count of its own: nobody
/// else's guesses slow it down.
async fn keys(request: &HttpRequest, app: &App, email: &Email, known: Option<&Compte>) -> Result<Vec<Cle>, Error> {
    let address = limits::network(limits::address(request, &app.settings));
    let device = request.cookie(DEVICE).map(|cookie| digest("appareil", cookie.value()));
    let mut account = format!("compte {email}");
    let mut trusted = false;
    if let (Some(compte), Some(device)) = (known, &device)
        && store::comptes::knows_device(&mut app.store.read().await?, compte.id, device).await?
    {
        account = format!("compte {email} appareil {device}");
        trusted = true;
    }
    let mut keys = vec![Cle { cle: digest("essai", &account), pardonnes: 0 }];
    if !trusted {
        keys.push(Cle { cle: digest("essai", &format!("adresse {address}")), pardonnes: ADDRESS_FORGIVEN });
    }
    Ok(keys)
}

/// The password was right: a new session, whatever cookie came with the request (no fixation).
async fn opened(
    request: &HttpRequest,
    app: &App,
    compte: &Compte,
    keys: Vec<Cle>,
    suite: &str,
) -> Result<HttpResponse, Error> {
    let token = random_token()?;
    let device_token = match request.cookie(DEVICE).filter(|cookie| cookie.value().len() == 64) {
        Some(cookie) => cookie.value().to_owned(),
        None => random_token()?,
    };
    let (session_digest, device_digest) = (digest("session", &token), digest("appareil", &device_token));
    let old = request.cookie(SESSION).map(|cookie| digest("session", cookie.value()));
    let words = device::in_words(request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()));
    let (id, lifetime) = (compte.id, absolute(compte.role));
    let now = app.store.clock().now();
    app.store
        .write::<_, store::Error, _>(Some(id), move |transaction| {
            Box::pin(async move {
                store::essais::succeeded(transaction, &keys).await?;
                if let Some(old) = old
                    && let Some(previous) = store::sessions::find(transaction.connection(), &old, now).await?
                {
                    store::sessions::close(transaction, previous.compte, previous.id).await?;
                }
                store::comptes::remember_device(transaction, id, &device_digest).await?;
                store::sessions::open(transaction, id, &session_digest, &words, lifetime).await
            })
        })
        .await?;
    metrics::counter!("ei_logins_total", "outcome" => "opened").increment(1);
    let to = if suite.is_empty() { "/tableau-de-bord" } else { suite };
    let mut response = page::redirect(to);
    let year = CookieDuration::days(365);
    for cookie in [cookie(&app.settings, SESSION, token, None), cookie(&app.settings, DEVICE, device_token, Some(year))]
    {
        response.add_cookie(&cookie).map_err(|error| Error::Internal(error.to_string()))?;
    }
    Ok(response)
}

async fn again(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    typed: &str,
    suite: &str,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let layout = page::layout(request, app, viewer, "Se connecter").await?.with_errors(errors);
    page::invalid(request, app, viewer, &Authentification { layout, email: typed.to_owned(), suite: suite.to_owned() })
}

async fn slowed(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    typed: &str,
    suite: &str,
    wait: Duration,
) -> Result<HttpResponse, Error> {
    let sentence = format!("Trop d’essais : réessayez dans {}.", wait_in_words(wait));
    let layout =
        page::layout(request, app, viewer, "Se connecter").await?.with_errors(vec![FieldError::new("", sentence)]);
    let view = Authentification { layout, email: typed.to_owned(), suite: suite.to_owned() };
    let mut response = page::respond(request, app, viewer, &view, actix_web::http::StatusCode::TOO_MANY_REQUESTS)?;
    response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(wait.as_secs().max(1)));
    Ok(response)
}

/// `POST /deconnexion`.
pub async fn log_out(app: Data<App>, viewer: Viewer, _: Posted) -> Result<HttpResponse, Error> {
    if let Some(session) = viewer.session() {
        let (compte, id) = (session.compte, session.id);
        app.store
            .write::<_, store::Error, _>(Some(compte), move |transaction| {
                Box::pin(async move { store::sessions::close(transaction, compte, id).await })
            })
            .await?;
    }
    let mut response = page::redirect_saying(&app, "/", &Flash::LoggedOut)?;
    response.add_cookie(&removal(&app.settings, SESSION)).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(response)
}
