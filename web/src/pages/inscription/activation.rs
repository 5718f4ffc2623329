//! The link that activates an account: only the button of its page acts (manual §3.1.1, SPEC I3).
//!
//! Somebody may register with a stranger's address and hope that the stranger clicks. So another browser than the one
//! that registered is also asked for the password chosen then.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::inscriptions::{ActivateAccount, NotActivated};
use domain::CompteId;
use domain::connexion::wait_in_words;
use store::comptes::Compte;
use store::tokens::{Emploi, Jeton};

use super::{PURPOSE, browser};
use crate::app::App;
use crate::csrf::{self, Posted};
use crate::error::Error;
use crate::page;
use crate::pages::connexion::{expired, opened, tries};
use crate::session::{Viewer, digest};
use crate::views::Reprise;
use crate::views::connexion::Lien;
use crate::views::inscription::Activation;
use crate::views::{FieldError, Notice};

/// The page to register again.
const AGAIN: &str = "/inscription";

async fn find(app: &App, token: &str) -> Result<Option<(Jeton, Compte)>, Error> {
    let now = app.store.clock().now();
    let mut connection = app.store.read().await?;
    let Some(link) = store::tokens::find(&mut connection, &digest(PURPOSE, token), Emploi::Activation, now).await?
    else {
        return Ok(None);
    };
    let compte = store::comptes::by_id(&mut connection, CompteId(link.compte_id)).await?;
    Ok(compte.map(|compte| (link, compte)))
}

/// Whether another browser registered.
fn elsewhere(link: &Jeton, viewer: &Viewer) -> bool {
    link.navigateur.as_deref().is_none_or(|kept| !csrf::same(kept, &browser(viewer.csrf())))
}

pub async fn activate_form(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    jeton: Path<String>,
) -> Result<HttpResponse, Error> {
    match find(&app, &jeton).await? {
        Some((link, _)) => show(&request, &app, &viewer, (&jeton, &link), Vec::new(), StatusCode::OK).await,
        None => expired(&request, &app, &viewer, AGAIN).await,
    }
}

async fn show(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    (token, link): (&str, &Jeton),
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let view = Activation {
        layout: page::layout(request, app, viewer, "Activer votre compte").await?.with_errors(errors),
        action: format!("/activation/{token}"),
        email: link.adresse.clone(),
        asks_password: elsewhere(link, viewer),
    };
    page::respond(request, app, viewer, &view, status)
}

/// `POST /activation/{jeton}`, with `mot_de_passe` from another browser: opens the account and logs in.
pub async fn activate(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    jeton: Path<String>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let Some((link, compte)) = find(&app, &jeton).await? else {
        return expired(&request, &app, &viewer, AGAIN).await;
    };
    let about = (jeton.as_str(), &link);
    let mut keys = Vec::new();
    if elsewhere(&link, &viewer) {
        keys = tries::key(&format!("activation {}", compte.id), 0);
        if let Some(wait) = tries::count(&app, &keys).await? {
            let errors = vec![FieldError::new("", format!("Trop d’essais : réessayez dans {}.", wait_in_words(wait)))];
            return show(&request, &app, &viewer, about, errors, StatusCode::TOO_MANY_REQUESTS).await;
        }
        if !app.passwords.matches(fields.one("mot_de_passe"), compte.mot_de_passe.as_deref()).await?.is_right() {
            let sentence = "Ce n’est pas le mot de passe choisi à l’inscription. Vérifiez les majuscules.";
            let errors = vec![FieldError::new("mot_de_passe", sentence)];
            return show(&request, &app, &viewer, about, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    }
    match app.front_desk.ask(ActivateAccount(digest(PURPOSE, &jeton))).await? {
        Ok(()) => {
            let suite = ("/mon-compte/informations", Reprise::default());
            let mut response = opened(&request, &app, &viewer, &compte, keys, suite).await?;
            let said = Notice::done("Votre compte est activé. Remplissez maintenant votre CV, à votre rythme.");
            page::say(&app, &mut response, &said)?;
            Ok(response)
        }
        Err(NotActivated::SamePerson) => taken(&request, &app, &viewer).await,
        Err(NotActivated::Expired) => expired(&request, &app, &viewer, AGAIN).await,
    }
}

/// The same person activated another account meanwhile; this one will be erased as not activated.
async fn taken(request: &HttpRequest, app: &App, viewer: &Viewer) -> Result<HttpResponse, Error> {
    let layout = page::layout(request, app, viewer, "Vous avez déjà un compte").await?;
    let sentences = vec![
        "Un autre compte a été activé à votre nom et à votre date de naissance. Connectez-vous avec l’adresse électronique de celui-ci.".to_owned(),
        "Si vous ne le reconnaissez pas, écrivez-nous depuis la page « Aide et contact ».".to_owned(),
    ];
    page::respond(request, app, viewer, &Lien { layout, sentences }, StatusCode::CONFLICT)
}
