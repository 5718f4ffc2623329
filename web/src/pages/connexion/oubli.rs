//! « Mot de passe oublié »: the page says the same whether or not the account exists; a one-time link works for 24
//! hours (manual §5.4, SPEC K2).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::ForgottenPassword;

use super::lien::OUBLI;
use crate::app::App;
use crate::csrf::Posted;
use crate::defi::{self, Formulaire, Refuse};
use crate::error::Error;
use crate::page;
use crate::session::Viewer;
use crate::views::FieldError;
use crate::views::connexion::{Lien, MotDePasseOublie};

/// Requests forgiven to an address before it waits.
const FORGIVEN: i32 = 10;

pub async fn forgotten_form(request: HttpRequest, app: Data<App>, viewer: Viewer) -> Result<HttpResponse, Error> {
    show(&request, &app, &viewer, ("", false), Vec::new(), StatusCode::OK).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    (email, resolu): (&str, bool),
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let layout = page::layout(request, app, viewer, "Mot de passe oublié").await?.with_errors(errors);
    let view =
        MotDePasseOublie { layout, email: email.to_owned(), defi: defi::make(app, Formulaire::Oubli, resolu).await? };
    page::respond(request, app, viewer, &view, status)
}

/// `POST /mot-de-passe-oublie` with `email` and the captcha.
pub async fn forgotten(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let email = match defi::address(&request, &app, &fields, (Formulaire::Oubli, FORGIVEN)).await? {
        Ok(email) => email,
        Err(Refuse { errors, resolu, status }) => {
            return show(&request, &app, &viewer, (fields.one("email"), resolu), errors, status).await;
        }
    };
    let asked = ForgottenPassword { login: email.clone(), secret: OUBLI.secret()? };
    let Ok(()) = app.front_desk.ask(asked).await?;
    let layout = page::layout(&request, &app, &viewer, "Consultez votre messagerie").await?;
    let view = Lien {
        layout,
        sentences: vec![
            format!("Si un compte existe avec l’adresse {email}, un courriel vient d’y être envoyé. Il contient un lien pour choisir un nouveau mot de passe."),
            "Le lien fonctionne pendant 24 heures, une seule fois. Sans courriel d’ici quelques minutes, regardez dans les courriers indésirables.".to_owned(),
        ],
    };
    page::ok(&request, &app, &viewer, &view)
}
