//! Logging in and out (manual §5, SPEC K1, K9, K10); the second factor, provisional credentials and forgotten passwords
//! have their own files.

mod adresse;
mod lien;
mod oubli;
mod personnalisation;
mod second_facteur;
pub mod tries;

/// The second factor, which « Mon compte » also sets.
pub mod factor {
    pub use super::second_facteur::{confirm, proof, proposal};
}

pub use adresse::{PURPOSE as ADDRESS, confirm_address, confirm_address_form};
pub use lien::{BIENVENUE, OUBLI, expired, new_password, new_password_form, welcome, welcome_form};
pub use oubli::{forgotten, forgotten_form};
pub use personnalisation::{choose, choose_form};
pub use second_facteur::{code, code_form, enrol, enrol_form};

use std::rc::Rc;
use std::time::Duration;

use actix_web::cookie::time::Duration as CookieDuration;
use actix_web::http::header;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{BeginStep, EndSession, NotActive, OpenSession, RenewHash, STEP_LIFETIME};
use actors::mots_de_passe::Verdict;
use domain::compte::{EtatCompte, Role};
use domain::connexion::wait_in_words;
use domain::email::Email;
use serde::Deserialize;
use store::comptes::Compte;
use store::login_steps::{EnCours, Etape};
use store::tries::Cle;

use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::session::{DEVICE, SESSION, STEP, Viewer, cookie, digest, identity, random_token, removal};
use crate::views::Reprise;
use crate::views::connexion::Reprendre;
use crate::views::{Authentification, FieldError, Notice};
use crate::{device, limits, page};

/// Longest password that is checked, in bytes: a longer one is wrong, whatever the setting.
const TYPED_MAX: usize = 1_024;
/// Failures forgiven to a network address: the employees of a town hall share one.
const ADDRESS_FORGIVEN: i32 = 30;

/// The path to go on to.
#[derive(Debug, Deserialize)]
pub struct Suite {
    suite: Option<String>,
}

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
    page::ok(&request, &app, &viewer, &Authentification { layout, email: String::new(), suite, reprise: Rc::default() })
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
    let reprise = Reprise::read(&fields);
    let mut errors = Vec::new();
    // A provisional login is no email: it has no @ (K6).
    let provisional = !typed.trim().is_empty() && !typed.contains('@');
    let email = match Email::parse(typed) {
        Ok(email) => Some(email),
        Err(_) if provisional => None,
        Err(error) => {
            errors.push(FieldError::new("email", error.to_string()));
            None
        }
    };
    if password.is_empty() {
        errors.push(FieldError::new("mot_de_passe", "Indiquez votre mot de passe."));
    }
    if !errors.is_empty() {
        return again(&request, &app, &viewer, typed, suite, reprise, errors).await;
    }
    let Some(email) = email else {
        return personnalisation::log_in(&request, &app, &viewer, (typed, password), suite).await;
    };
    let known = store::comptes::by_login(&mut app.store.read().await?, &email).await?;
    let keys = keys(&request, &app, &email, known.as_ref()).await?;
    if let Some(wait) = tries::count(&app, &keys).await? {
        metrics::counter!("ei_logins_total", "outcome" => "slowed").increment(1);
        return slowed(&request, &app, &viewer, typed, suite, reprise, wait).await;
    }
    let usable = known.filter(|compte| compte.etat == EtatCompte::Actif);
    let hash = usable.as_ref().and_then(|compte| compte.mot_de_passe.as_deref());
    let verdict =
        if password.len() <= TYPED_MAX { app.passwords.matches(password, hash).await? } else { Verdict::Wrong };
    if let (Some(compte), Verdict::Anew(new)) = (&usable, &verdict) {
        let before = compte.mot_de_passe.clone().unwrap_or_default();
        let Ok(()) = app.front_desk.ask(RenewHash { compte: compte.id, before, after: new.clone() }).await?;
    }
    match usable {
        Some(compte) if verdict.is_right() => {
            password_right(&request, &app, &viewer, &compte, keys, (suite, reprise)).await
        }
        _ => {
            metrics::counter!("ei_logins_total", "outcome" => "refused").increment(1);
            let sentence = "Cette adresse et ce mot de passe ne vont pas ensemble. Vérifiez l’une et l’autre, majuscules comprises.";
            again(&request, &app, &viewer, typed, suite, reprise, vec![FieldError::new("mot_de_passe", sentence)]).await
        }
    }
}

/// The keys under which a try is counted. A browser that has logged in to this account before has its own count: other
/// people's guesses do not slow it down.
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

/// After the right password: opens a session, or asks for the second factor first. Gestionnaires and administrateurs
/// must have one (K8), except the demonstration's accounts in the demonstration.
async fn password_right(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    compte: &Compte,
    keys: Vec<Cle>,
    (suite, reprise): (&str, Reprise),
) -> Result<HttpResponse, Error> {
    let on = store::second_facteur::is_on(&mut app.store.read().await?, compte.id).await?;
    let etape = match (on, compte.role) {
        (true, _) => Etape::SecondFacteur,
        (false, Role::Intervenant) => return opened(request, app, viewer, compte, keys, (suite, reprise)).await,
        (false, Role::Gestionnaire | Role::Administrateur) if app.settings.demo => {
            return opened(request, app, viewer, compte, keys, (suite, reprise)).await;
        }
        (false, Role::Gestionnaire | Role::Administrateur) => Etape::Enrolement,
    };
    let to = match etape {
        Etape::SecondFacteur => "/authentification/second-facteur",
        Etape::Enrolement | Etape::Personnalisation => "/authentification/enrolement",
    };
    // The password was right: its failures are forgotten. The second factor has its own count.
    begin_step(app, EnCours { compte: compte.id, etape, suite: suite.to_owned() }, keys, to).await
}

/// Begins the second half of a login: its cookie, and the page to go to.
async fn begin_step(app: &App, en_cours: EnCours, keys: Vec<Cle>, to: &str) -> Result<HttpResponse, Error> {
    let token = random_token()?;
    let Ok(()) = app.front_desk.ask(BeginStep { cookie: digest("etape", &token), en_cours, keys }).await?;
    let mut response = page::redirect(to);
    let minutes = CookieDuration::minutes(STEP_LIFETIME.num_minutes());
    response
        .add_cookie(&cookie(&app.settings, STEP, token, Some(minutes)))
        .map_err(|error| Error::Internal(error.to_string()))?;
    Ok(response)
}

/// The login under way of this browser, if it waits for that step.
async fn step(request: &HttpRequest, app: &App, etape: Etape) -> Result<Option<(String, EnCours)>, Error> {
    let Some(cookie) = request.cookie(STEP).filter(|cookie| cookie.value().len() == 64) else { return Ok(None) };
    let kept = digest("etape", cookie.value());
    let found = store::login_steps::find(&mut app.store.read().await?, &kept, app.store.clock().now()).await?;
    Ok(found.filter(|found| found.etape == etape).map(|found| (kept, found)))
}

/// Opens a new session, whatever cookie came with the request (no fixation).
pub async fn opened(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    compte: &Compte,
    keys: Vec<Cle>,
    (suite, reprise): (&str, Reprise),
) -> Result<HttpResponse, Error> {
    let token = random_token()?;
    let device_token = match request.cookie(DEVICE).filter(|cookie| cookie.value().len() == 64) {
        Some(cookie) => cookie.value().to_owned(),
        None => random_token()?,
    };
    let open = OpenSession {
        compte: compte.id,
        cookie: digest("session", &token),
        previous: request.cookie(SESSION).map(|cookie| digest("session", cookie.value())),
        step: request.cookie(STEP).map(|cookie| digest("etape", cookie.value())),
        device: digest("appareil", &device_token),
        browser: device::in_words(request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok())),
        keys,
    };
    app.front_desk.ask(open).await?.map_err(|NotActive| Error::LoginRequired)?;
    metrics::counter!("ei_logins_total", "outcome" => "opened").increment(1);
    let mut response = if reprise.is_empty() {
        page::redirect(if suite.is_empty() { "/tableau-de-bord" } else { suite })
    } else {
        // The form that was posted after the session ended: one button sends it again.
        let layout = page::bare_layout(request, app, viewer, "Reprendre là où vous en étiez");
        page::ok(request, app, viewer, &Reprendre { layout, reprise })?
    };
    let year = CookieDuration::days(365);
    for cookie in [
        cookie(&app.settings, SESSION, token, None),
        cookie(&app.settings, DEVICE, device_token, Some(year)),
        removal(&app.settings, STEP),
    ] {
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
    reprise: Reprise,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let layout = page::layout(request, app, viewer, "Se connecter").await?.with_errors(errors);
    let view = Authentification { layout, email: typed.to_owned(), suite: suite.to_owned(), reprise: Rc::new(reprise) };
    page::invalid(request, app, viewer, &view)
}

async fn slowed(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    typed: &str,
    suite: &str,
    reprise: Reprise,
    wait: Duration,
) -> Result<HttpResponse, Error> {
    let sentence = format!("Trop d’essais : réessayez dans {}.", wait_in_words(wait));
    let layout =
        page::layout(request, app, viewer, "Se connecter").await?.with_errors(vec![FieldError::new("", sentence)]);
    let view = Authentification { layout, email: typed.to_owned(), suite: suite.to_owned(), reprise: Rc::new(reprise) };
    let mut response = page::respond(request, app, viewer, &view, actix_web::http::StatusCode::TOO_MANY_REQUESTS)?;
    response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(wait.as_secs().max(1)));
    Ok(response)
}

pub async fn log_out(app: Data<App>, viewer: Viewer, _: Posted) -> Result<HttpResponse, Error> {
    if let Some(session) = viewer.session() {
        // A session that has ended meanwhile is no error.
        let _ended = app.comptes.ask(&identity(session), EndSession(session.id)).await?;
    }
    let mut response = page::redirect_saying(&app, "/", &Notice::done("Votre session est fermée."))?;
    response.add_cookie(&removal(&app.settings, SESSION)).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(response)
}
