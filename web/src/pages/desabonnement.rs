//! Stops the alerts from an email, without logging in: by the mail program's one click, or by a page with a button (RFC
//! 8058, SPEC L3). The token of the link stops the alerts of its account and does nothing else.

use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{StopAlerts, UnknownWord};

use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::session::Viewer;
use crate::views::connexion::{Confirmation, Lien};

/// Longest token that is looked up.
const WORD_MAX: usize = 64;

fn word(given: Path<String>) -> Result<String, Error> {
    Some(given.into_inner()).filter(|word| word.len() <= WORD_MAX).ok_or(Error::NotFound)
}

/// `GET /alertes/desabonnement/{jeton}`: mail scanners follow links, so only its button acts.
pub async fn ask(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    given: Path<String>,
) -> Result<HttpResponse, Error> {
    store::alertes::by_word(&mut app.store.read().await?, &word(given)?).await?.ok_or(Error::NotFound)?;
    let view = Confirmation {
        layout: page::layout(&request, &app, &viewer, "Ne plus recevoir d’alertes").await?,
        action: request.path().to_owned(),
        sentence:
            "Vous ne recevrez plus de courriel quand une annonce correspond à vos alertes. Le reste de votre compte ne \
                   change pas."
                .to_owned(),
        button: "Arrêter mes alertes".to_owned(),
    };
    page::ok(&request, &app, &viewer, &view)
}

/// `POST /alertes/desabonnement/{jeton}`, from the page or from a mail program, which has neither cookie nor form
/// token.
pub async fn stop(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    given: Path<String>,
    _: Bytes,
) -> Result<HttpResponse, Error> {
    app.front_desk.ask(StopAlerts(word(given)?)).await?.map_err(|UnknownWord| Error::NotFound)?;
    let sentences = vec![
        "Vos alertes sont arrêtées : vous ne recevrez plus de courriel à ce sujet.".to_owned(),
        "Pour les régler à nouveau, connectez-vous et ouvrez « Mes alertes » dans « Mon compte ».".to_owned(),
    ];
    let view = Lien { layout: page::layout(&request, &app, &viewer, "Vos alertes sont arrêtées").await?, sentences };
    page::ok(&request, &app, &viewer, &view)
}
