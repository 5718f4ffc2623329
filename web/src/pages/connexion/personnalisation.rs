//! Provisional credentials (manual §5.1.2, SPEC K6), replaced at the first login before anything else.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::CompteId;
use domain::connexion::wait_in_words;
use domain::courriel::Courriel;
use domain::mot_de_passe;
use store::etapes::{EnCours, Etape};
use store::jetons::{Emploi, Nouveau};

use super::lien::{chosen, expired};
use super::{again, begin_step, essais, step};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::flash::Flash;
use crate::page;
use crate::reprise::Reprise;
use crate::session::{Viewer, random_token};
use crate::views::FieldError;
use crate::views::connexion::{Lien, Personnalisation};

/// How long the link to a newly chosen address works.
const ADDRESS_LIFETIME: chrono::Duration = chrono::Duration::days(7);

/// A login with provisional credentials.
pub async fn log_in(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    (typed, password): (&str, &str),
    suite: &str,
) -> Result<HttpResponse, Error> {
    let typed = typed.trim();
    let mut keys = essais::key(&format!("provisoire {typed}"), 0);
    keys.extend(essais::from_address(request, app, "provisoire", super::ADDRESS_FORGIVEN));
    if let Some(wait) = essais::count(app, &keys).await? {
        let errors = vec![FieldError::new("", format!("Trop d’essais : réessayez dans {}.", wait_in_words(wait)))];
        return again(request, app, viewer, typed, suite, Reprise::default(), errors).await;
    }
    let now = app.store.clock().now();
    let found = store::acces::by_identifiant(&mut app.store.read().await?, typed, now).await?;
    let verdict = app.passwords.matches(password, found.as_ref().map(|found| found.mot_de_passe.as_str())).await?;
    if let Some(found) = found.filter(|_| verdict.is_right()) {
        let compte = CompteId(found.compte_id);
        let en_cours = EnCours { compte, etape: Etape::Personnalisation, suite: suite.to_owned() };
        return begin_step(app, en_cours, "/authentification/personnalisation").await;
    }
    let sentence = "Cet identifiant et ce mot de passe ne vont pas ensemble, ou leurs sept jours sont passés.";
    let errors = vec![FieldError::new("mot_de_passe", sentence)];
    again(request, app, viewer, typed, suite, Reprise::default(), errors).await
}

/// `GET /authentification/personnalisation`.
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

/// `POST /authentification/personnalisation` with `email` and `mot_de_passe`, each twice. The address that the
/// provisional credentials were sent to is known to be theirs; another one is confirmed by a link first.
pub async fn choose(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let Some((kept, en_cours)) = step(&request, &app, Etape::Personnalisation).await? else {
        return Ok(page::redirect("/authentification/"));
    };
    let now = app.store.clock().now();
    let acces = store::acces::of(&mut app.store.read().await?, en_cours.compte, now).await?;
    let Some(acces) = acces else { return expired(&request, &app, &viewer, "/aide").await };
    let typed = fields.one("email");
    let mut errors = Vec::new();
    let email = fields.email_twice(&mut errors);
    let password = chosen(&fields, app.settings.password_max, &mut errors);
    if let Some(email) = &email {
        let holder = store::comptes::by_login(&mut app.store.read().await?, email).await?;
        if holder.is_some_and(|holder| holder.id != en_cours.compte) {
            errors.push(FieldError::new("email", "Cette adresse ne peut pas être utilisée : choisissez-en une autre."));
        }
    }
    let (Some(email), Some(password), true) = (email, password, errors.is_empty()) else {
        return show(&request, &app, &viewer, typed, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let hash = app.passwords.hash(&password).await?;
    let compte = en_cours.compte;
    let known = acces.adresse == email.as_str();
    let token = random_token()?;
    let link = Nouveau {
        empreinte: super::adresse::kept(&token),
        compte,
        emploi: Emploi::Adresse,
        adresse: email.as_str().to_owned(),
        mot_de_passe: Some(hash.clone()),
        expire_at: now + ADDRESS_LIFETIME,
    };
    let sent_to = email.clone();
    app.store
        .write::<_, store::Error, _>(Some(compte), move |transaction| {
            Box::pin(async move {
                store::etapes::end(transaction, &kept).await?;
                if known {
                    store::comptes::set_login(transaction, compte, &email).await?;
                    store::comptes::set_password(transaction, compte, &hash).await?;
                    store::acces::end(transaction, compte).await?;
                    store::sessions::close_others(transaction, compte, None).await?;
                    return Ok(());
                }
                let Some(account) = store::comptes::by_id(transaction.connection(), compte).await? else {
                    return Ok(());
                };
                let content = Courriel::AdresseAConfirmer {
                    prenom: account.prenom,
                    chemin: format!("/adresse/{token}"),
                    duree: "7 jours".to_owned(),
                };
                let key = format!("adresse-{}", &link.empreinte[..32]);
                store::jetons::create(transaction, &link).await?;
                store::courriels::put(transaction, Some(compte), email.as_str(), &key, &content).await
            })
        })
        .await?;
    if known {
        return page::redirect_saying(&app, "/authentification/", &Flash::CredentialsChosen);
    }
    let layout = page::layout(&request, &app, &viewer, "Consultez votre messagerie").await?;
    let sentences = vec![
        format!(
            "Un courriel vient d’être envoyé à {sent_to}. Ouvrez le lien qu’il contient et appuyez sur le bouton : votre nouvelle adresse et votre nouveau mot de passe fonctionneront aussitôt."
        ),
        "Le lien fonctionne pendant 7 jours.".to_owned(),
    ];
    page::ok(&request, &app, &viewer, &Lien { layout, sentences })
}
