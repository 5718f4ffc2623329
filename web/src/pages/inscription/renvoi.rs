//! Sends the activation email again when it was lost. The page says the same whether or not an account waits at that
//! address (SPEC I3).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::inscriptions::SendActivationAgain;

use super::PURPOSE;
use crate::app::App;
use crate::csrf::Posted;
use crate::defi::{self, Formulaire, Refuse};
use crate::error::Error;
use crate::page;
use crate::session::{Viewer, link_secret};
use crate::views::FieldError;
use crate::views::inscription::{CourrielEnvoye, Renvoi};

/// Requests forgiven to a network address before it waits.
const FORGIVEN: i32 = 10;
const TITLE: &str = "Recevoir à nouveau le courriel d’activation";

pub async fn again_form(request: HttpRequest, app: Data<App>, viewer: Viewer) -> Result<HttpResponse, Error> {
    if viewer.session().is_some() {
        return Ok(page::redirect("/tableau-de-bord"));
    }
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
    let layout = page::layout(request, app, viewer, TITLE).await?.with_errors(errors);
    let defi = defi::make(app, Formulaire::Activation, resolu).await?;
    page::respond(request, app, viewer, &Renvoi { layout, email: email.to_owned(), defi }, status)
}

/// `POST /activation` with `email` and the captcha.
pub async fn again(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let email = match defi::address(&request, &app, &fields, (Formulaire::Activation, FORGIVEN)).await? {
        Ok(email) => email,
        Err(Refuse { errors, resolu, status }) => {
            return show(&request, &app, &viewer, (fields.one("email"), resolu), errors, status).await;
        }
    };
    let send = SendActivationAgain { email: email.clone(), secret: link_secret(PURPOSE)? };
    let Ok(()) = app.front_desk.ask(send).await?;
    let layout = page::layout(&request, &app, &viewer, "Consultez votre messagerie").await?;
    let sentences = vec![
        format!(
            "Si un compte attend son activation à l’adresse {email}, un courriel vient d’y être envoyé. Son lien remplace \
             les précédents et garde la même échéance."
        ),
        "Sans courriel d’ici quelques minutes, regardez dans les courriers indésirables, et vérifiez l’adresse : si elle \
         était mal tapée à l’inscription, il faut recommencer celle-ci. Un compte déjà activé ne reçoit rien : \
         connectez-vous."
            .to_owned(),
    ];
    page::ok(&request, &app, &viewer, &CourrielEnvoye { layout, sentences })
}
