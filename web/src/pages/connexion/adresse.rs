//! The link that confirms a new login, sent to it (manual §5.2, SPEC K4): its page has a button, which alone acts.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::CompteId;
use domain::courriel::Courriel;
use domain::email::{Email, masked};
use store::Refused;
use store::jetons::Emploi;

use super::lien::{Expired, expired};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::flash::Flash;
use crate::page;
use crate::session::{Viewer, digest};
use crate::views::connexion::Confirmation;

/// What is kept of the link.
pub fn kept(token: &str) -> String {
    digest("adresse", token)
}

/// `GET /adresse/{jeton}`.
pub async fn confirm_address_form(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    jeton: Path<String>,
) -> Result<HttpResponse, Error> {
    let now = app.store.clock().now();
    let found = store::jetons::find(&mut app.store.read().await?, &kept(&jeton), Emploi::Adresse, now).await?;
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

/// `POST /adresse/{jeton}`: the login changes now, the old address is told.
pub async fn confirm_address(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    jeton: Path<String>,
    _: Posted,
) -> Result<HttpResponse, Error> {
    let kept = kept(&jeton);
    let done = app
        .store
        .attempt(None, move |transaction| {
            Box::pin(async move {
                let found = store::jetons::take(transaction, &kept, Emploi::Adresse).await?;
                let found = found.ok_or(Refused::Because(Expired))?;
                let id = CompteId(found.compte_id);
                let before = store::comptes::by_id(transaction.connection(), id).await?;
                let before = before.ok_or(Refused::Because(Expired))?;
                let new = Email::parse(&found.adresse).map_err(|_| Refused::Because(Expired))?;
                store::comptes::set_login(transaction, id, &new).await?;
                if let Some(hash) = &found.mot_de_passe {
                    // Chosen at the first login with provisional credentials: both change together (K6).
                    store::comptes::set_password(transaction, id, hash).await?;
                    store::acces::end(transaction, id).await?;
                    store::sessions::close_others(transaction, id, None).await?;
                }
                let content = Courriel::AdresseChangee { prenom: before.prenom, nouvelle: masked(new.as_str()) };
                let key = format!("adresse-changee-{}", &kept[..32]);
                Ok(store::courriels::put(transaction, Some(id), &before.login, &key, &content).await?)
            })
        })
        .await;
    match done {
        Ok(Ok(())) => page::redirect_saying(&app, "/authentification/", &Flash::AddressChanged),
        Ok(Err(Expired)) => expired(&request, &app, &viewer, "/mon-compte/adresse").await,
        Err(error) if error.is_unique_violation() => Err(Error::Conflict(
            "Cette adresse est devenue l’identifiant d’un autre compte. Choisissez-en une autre.".into(),
        )),
        Err(error) => Err(error.into()),
    }
}
