//! Provisional credentials (manual §5.1.2, SPEC K6), replaced at the first login before anything else.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{ChooseCredentials, Chosen, NotConfirmed};
use domain::CompteId;
use domain::connexion::wait_in_words;
use domain::mot_de_passe;
use store::login_steps::{EnCours, Etape};

use super::adresse::PURPOSE;
use super::lien::{chosen, expired};
use super::{again, begin_step, step, tries};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::session::{Viewer, link_secret};
use crate::views::Reprise;
use crate::views::connexion::{Lien, Personnalisation};
use crate::views::{FieldError, Notice};

/// A login with provisional credentials.
pub async fn log_in(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    (typed, password): (&str, &str),
    suite: &str,
) -> Result<HttpResponse, Error> {
    let typed = typed.trim();
    let mut keys = tries::key(&format!("provisoire {typed}"), 0);
    keys.extend(tries::from_address(request, app, "provisoire", super::ADDRESS_FORGIVEN));
    if let Some(wait) = tries::count(app, &keys).await? {
        let errors = vec![FieldError::new("", format!("Trop d’essais : réessayez dans {}.", wait_in_words(wait)))];
        return again(request, app, viewer, typed, suite, Reprise::default(), errors).await;
    }
    let now = app.store.clock().now();
    let found = store::acces::by_identifiant(&mut app.store.read().await?, typed, now).await?;
    let verdict = app.passwords.matches(password, found.as_ref().map(|found| found.mot_de_passe.as_str())).await?;
    if let Some(found) = found.filter(|_| verdict.is_right()) {
        let compte = CompteId(found.compte_id);
        let en_cours = EnCours { compte, etape: Etape::Personnalisation, suite: suite.to_owned() };
        return begin_step(app, en_cours, Vec::new(), "/authentification/personnalisation").await;
    }
    let sentence = "Cet identifiant et ce mot de passe ne vont pas ensemble, ou leurs sept jours sont passés.";
    let errors = vec![FieldError::new("mot_de_passe", sentence)];
    again(request, app, viewer, typed, suite, Reprise::default(), errors).await
}

pub async fn choose_form(request: HttpRequest, app: Data<App>, viewer: Viewer) -> Result<HttpResponse, Error> {
    if step(&request, &app, Etape::Personnalisation).await?.is_none() {
        return Ok(page::redirect("/authentification/"));
    }
    show(&request, &app, &viewer, "", Vec::new(), StatusCode::OK).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    email: &str,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let layout = page::layout(request, app, viewer, "Personnaliser vos identifiants").await?.with_errors(errors);
    let view = Personnalisation {
        layout,
        email: email.to_owned(),
        min: mot_de_passe::MIN,
        max: app.settings.password_max.clamp(mot_de_passe::MAX, mot_de_passe::MAX_ALLOWED),
    };
    page::respond(request, app, viewer, &view, status)
}

fn taken() -> FieldError {
    FieldError::new("email", "Cette adresse ne peut pas être utilisée : choisissez-en une autre.")
}

/// `POST /authentification/personnalisation` with `email` and `mot_de_passe`, each twice. The address that received the
/// provisional credentials is known to be the person's; another address is confirmed by a link first.
pub async fn choose(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let Some((step, en_cours)) = step(&request, &app, Etape::Personnalisation).await? else {
        return Ok(page::redirect("/authentification/"));
    };
    let now = app.store.clock().now();
    if store::acces::of(&mut app.store.read().await?, en_cours.compte, now).await?.is_none() {
        return expired(&request, &app, &viewer, "/aide").await;
    }
    let typed = fields.one("email");
    let mut errors = Vec::new();
    let email = fields.email_twice(&mut errors);
    let password = chosen(&fields, app.settings.password_max, &mut errors);
    if let Some(email) = &email {
        let holder = store::comptes::by_login(&mut app.store.read().await?, email).await?;
        if holder.is_some_and(|holder| holder.id != en_cours.compte) {
            errors.push(taken());
        }
    }
    let (Some(email), Some(password), true) = (email, password, errors.is_empty()) else {
        return show(&request, &app, &viewer, typed, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let hash = app.passwords.hash(&password).await?;
    let choice = ChooseCredentials { step, email: email.clone(), hash, secret: link_secret(PURPOSE)? };
    match app.front_desk.ask(choice).await? {
        Ok(Chosen::AtOnce) => {
            return page::redirect_saying(
                &app,
                "/authentification/",
                &Notice::done(
                    "Vos identifiants sont enregistrés. Connectez-vous avec votre adresse et votre mot de passe.",
                ),
            );
        }
        Ok(Chosen::LinkSent) => {}
        Err(NotConfirmed::Expired) => return expired(&request, &app, &viewer, "/aide").await,
        Err(NotConfirmed::Taken) => {
            return show(&request, &app, &viewer, typed, vec![taken()], StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    }
    let layout = page::layout(&request, &app, &viewer, "Consultez votre messagerie").await?;
    let sentences = vec![
        format!(
            "Un courriel vient d’être envoyé à {email}. Ouvrez le lien qu’il contient et appuyez sur le bouton : votre nouvelle adresse et votre nouveau mot de passe fonctionneront aussitôt."
        ),
        "Le lien fonctionne pendant 7 jours.".to_owned(),
    ];
    page::ok(&request, &app, &viewer, &Lien { layout, sentences })
}
