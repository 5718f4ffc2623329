//! « Mot de passe oublié »: the same words on screen whether or not the account exists, a one-time link for 24 hours
//! (manual §5.4, SPEC K2).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::compte::EtatCompte;
use domain::courriel::Courriel;
use domain::email::Email;
use store::jetons::{Emploi, Nouveau};

use super::lien::OUBLI;
use crate::app::App;
use crate::csrf::Posted;
use crate::defi::{self, Formulaire, Refuse};
use crate::error::Error;
use crate::page;
use crate::session::{Viewer, random_token};
use crate::views::FieldError;
use crate::views::connexion::{Lien, MotDePasseOublie};

/// How long the link works (decided, SPEC K2).
const LIFETIME: chrono::Duration = chrono::Duration::hours(24);
/// Requests forgiven to an address before it waits.
const FORGIVEN: i32 = 10;

/// `GET /mot-de-passe-oublie`.
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
    send(&app, &email).await?;
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

/// Sends the link when there is an account that can be used.
async fn send(app: &App, email: &Email) -> Result<(), Error> {
    let found = store::comptes::by_login(&mut app.store.read().await?, email).await?;
    let Some(compte) = found.filter(|compte| compte.etat == EtatCompte::Actif) else { return Ok(()) };
    let token = random_token()?;
    let expire_at = app.store.clock().now() + LIFETIME;
    let nouveau = Nouveau {
        empreinte: OUBLI.kept(&token),
        compte: compte.id,
        emploi: Emploi::MotDePasse,
        adresse: compte.login.clone(),
        mot_de_passe: None,
        expire_at,
    };
    let key = format!("mot-de-passe-{}", &nouveau.empreinte[..32]);
    let content = Courriel::NouveauMotDePasse {
        prenom: compte.prenom,
        chemin: format!("/mot-de-passe/{token}"),
        duree: "24 heures".to_owned(),
    };
    app.store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move {
                store::jetons::create(transaction, &nouveau).await?;
                store::courriels::put(transaction, Some(compte.id), &compte.login, &key, &content).await
            })
        })
        .await?;
    Ok(())
}
