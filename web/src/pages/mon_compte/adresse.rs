//! « Mon adresse de connexion »: a new login takes effect after a click on the link sent to it (manual §5.2, SPEC K4).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::connexion::wait_in_words;
use domain::courriel::Courriel;
use store::jetons::{Emploi, Nouveau};

use super::sections;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::flash::Flash;
use crate::page;
use crate::pages::connexion::{essais, link_digest};
use crate::session::{Connecte, random_token};
use crate::views::{FieldError, MonCompteAdresse};

/// How long the link works.
const LIFETIME: chrono::Duration = chrono::Duration::days(7);
/// The same in words.
const IN_WORDS: &str = "7 jours";

/// `GET /mon-compte/adresse`.
pub async fn address_form(request: HttpRequest, app: Data<App>, who: Connecte) -> Result<HttpResponse, Error> {
    show(&request, &app, &who, "", Vec::new(), StatusCode::OK).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Connecte,
    email: &str,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let now = app.store.clock().now();
    let pending = store::jetons::pending_address(&mut app.store.read().await?, who.session.compte, now).await?;
    let layout = page::layout(request, app, &who.viewer, "Mon adresse de connexion").await?.with_errors(errors);
    let view = MonCompteAdresse {
        layout,
        sections: sections(&who.session),
        current: who.session.login.clone(),
        pending: pending.unwrap_or_default(),
        email: email.to_owned(),
    };
    page::respond(request, app, &who.viewer, &view, status)
}

/// `POST /mon-compte/adresse` with `email` and `email_confirmation`. Whether somebody else has that address is not said:
/// the link simply does not come to who can't read it, and their owner is told.
pub async fn change_address(
    request: HttpRequest,
    app: Data<App>,
    who: Connecte,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let compte = who.session.compte;
    let typed = fields.one("email");
    let mut errors = Vec::new();
    let email = fields.email_twice(&mut errors);
    if email.as_ref().is_some_and(|email| email.as_str() == who.session.login) {
        errors.insert(0, FieldError::new("email", "C’est déjà votre adresse de connexion."));
    }
    let Some(email) = email.filter(|_| errors.is_empty()) else {
        return show(&request, &app, &who, typed, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    if let Some(wait) = essais::count(&app, &essais::key(&format!("compte {compte} adresse"), 5)).await? {
        let errors = vec![FieldError::new("", format!("Trop de demandes : réessayez dans {}.", wait_in_words(wait)))];
        return show(&request, &app, &who, typed, errors, StatusCode::TOO_MANY_REQUESTS).await;
    }
    let holder = store::comptes::by_login(&mut app.store.read().await?, &email).await?;
    let token = random_token()?;
    let prenom = who.session.prenom.clone();
    let link = Nouveau {
        empreinte: link_digest(&token),
        compte,
        emploi: Emploi::Adresse,
        adresse: email.as_str().to_owned(),
        mot_de_passe: None,
        expire_at: app.store.clock().now() + LIFETIME,
    };
    app.store
        .write::<_, store::Error, _>(Some(compte), move |transaction| {
            Box::pin(async move {
                let key = format!("adresse-{}", &link.empreinte[..32]);
                store::jetons::create(transaction, &link).await?;
                let (to, content) = match holder {
                    Some(holder) => (
                        Some(holder.id),
                        Courriel::CompteExistant { prenom: holder.prenom, chemin: "/mot-de-passe-oublie".to_owned() },
                    ),
                    None => (
                        Some(compte),
                        Courriel::AdresseAConfirmer {
                            prenom,
                            chemin: format!("/adresse/{token}"),
                            duree: IN_WORDS.to_owned(),
                        },
                    ),
                };
                store::courriels::put(transaction, to, email.as_str(), &key, &content).await
            })
        })
        .await?;
    page::redirect_saying(&app, "/mon-compte/adresse", &Flash::AddressAsked)
}
