//! The link that confirms a new login, sent to it (manual §5.2, SPEC K4): only the button of its page acts.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{ConfirmAddress, NotConfirmed};
use store::tokens::Emploi;

use super::lien::expired;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::session::{Viewer, digest};
use crate::views::Notice;
use crate::views::connexion::Confirmation;

/// The purpose of the digests of these links.
pub const PURPOSE: &str = "adresse";

pub async fn confirm_address_form(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    jeton: Path<String>,
) -> Result<HttpResponse, Error> {
    let now = app.store.clock().now();
    let found =
        store::tokens::find(&mut app.store.read().await?, &digest(PURPOSE, &jeton), Emploi::Adresse, now).await?;
    let Some(found) = found else { return expired(&request, &app, &viewer, "/mon-compte/adresse").await };
    let layout = page::layout(&request, &app, &viewer, "Confirmer votre nouvelle adresse").await?;
    let view = Confirmation {
        layout,
        action: format!("/adresse/{}", *jeton),
        sentence: format!("Votre identifiant de connexion deviendra {}.", found.adresse),
        button: "Confirmer cette adresse".to_owned(),
    };
    page::ok(&request, &app, &viewer, &view)
}

/// `POST /adresse/{jeton}`: the login changes now, and the old address gets an email.
pub async fn confirm_address(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    jeton: Path<String>,
    _: Posted,
) -> Result<HttpResponse, Error> {
    match app.front_desk.ask(ConfirmAddress { link: digest(PURPOSE, &jeton) }).await? {
        Ok(()) => page::redirect_saying(
            &app,
            "/authentification/",
            &Notice::done(
                "Votre nouvelle adresse est confirmée : c’est désormais votre identifiant. Votre ancienne adresse en est informée.",
            ),
        ),
        Err(NotConfirmed::Expired) => expired(&request, &app, &viewer, "/mon-compte/adresse").await,
        Err(NotConfirmed::Taken) => Err(Error::Conflict(
            "Cette adresse est devenue l’identifiant d’un autre compte. Choisissez-en une autre.".into(),
        )),
    }
}
