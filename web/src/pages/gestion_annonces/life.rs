//! The commands on an annonce. Each names the version that the person read, so that a colleague's later change is never
//! overwritten.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{AdvanceAnnonce, ChangeAnnonce, CreateAnnonce};
use domain::annonce::{EtatAnnonce, Evenement};
use store::annonces::{Annonce, Contenu, NotChanged};

use super::form::{Form, own};
use super::saisie::{Complete, TITRE_MAX, Typed};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::annonces::row;
use crate::session::{Annonces, Gestionnaire, Habilite};
use crate::views::{AnnonceFiche, FieldError, GestionAnnoncePublication, GestionAnnonces, Link, Notice};

const LIST: &str = GestionAnnonces::LIST;

/// `POST /gestion/annonces/nouvelle` with `action=enregistrer|publier`: both save a draft; the second then asks whether
/// to publish it.
pub async fn create(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Annonces>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let saisie = Typed::from_form(&fields);
    let publishing = fields.one("action") == Evenement::Publier.as_str();
    let complete = if publishing { Complete::Published } else { Complete::Draft };
    let contenu = match saisie.check(&app.referentiels(), complete) {
        Ok(contenu) => contenu,
        Err(errors) => {
            return Form { annonce: None, version: String::new(), saisie, errors }
                .show(&request, &app, &who, StatusCode::UNPROCESSABLE_ENTITY)
                .await;
        }
    };
    let id = app.comptes.ask(&who.connecte.identity(), CreateAnnonce(contenu)).await?.map_err(refused)?;
    saved(&app, id, publishing)
}

/// After saving: back to the form, or on to what publishing would do.
fn saved(app: &App, id: i64, publishing: bool) -> Result<HttpResponse, Error> {
    if publishing {
        return Ok(page::redirect(&format!("{LIST}/{id}/publier")));
    }
    page::redirect_saying(app, &format!("{LIST}/{id}"), &Notice::done("L’annonce a été enregistrée."))
}

/// `POST /gestion/annonces/{id}` with `version` and `action=enregistrer|publier|cloturer|pourvoir|archiver`. The first
/// two save the form; the second then asks whether to publish it. The others leave the saved text unchanged.
pub async fn update(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Annonces>,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let annonce = own(&app, &who, *id).await?;
    match Evenement::from_word(fields.one("action")) {
        Some(event @ (Evenement::Cloturer | Evenement::Pourvoir | Evenement::Archiver)) => {
            return advance(&request, &app, &who, annonce, &fields, event).await;
        }
        Some(Evenement::Publier) | None => {}
    }
    let publishing = fields.one("action") == Evenement::Publier.as_str();
    let public = publishing || annonce.etat != EtatAnnonce::Brouillon;
    let saisie = Typed::from_form(&fields);
    let version = fields.one("version").to_owned();
    let complete = if public { Complete::Published } else { Complete::Draft };
    let contenu = match saisie.check(&app.referentiels(), complete) {
        Ok(contenu) => contenu,
        Err(errors) => {
            return Form { annonce: Some(annonce), version, saisie, errors }
                .show(&request, &app, &who, StatusCode::UNPROCESSABLE_ENTITY)
                .await;
        }
    };
    let change = ChangeAnnonce { annonce: annonce.id, version: version_of(&fields), contenu };
    match app.comptes.ask(&who.connecte.identity(), change).await? {
        Ok(_) => saved(&app, annonce.id, publishing),
        Err(refus @ (NotChanged::Changed | NotChanged::State(_))) => {
            let errors = vec![FieldError::new("", refus.to_string())];
            Form { annonce: Some(annonce), version, saisie, errors }
                .show(&request, &app, &who, StatusCode::CONFLICT)
                .await
        }
        Err(refus) => Err(refused(refus)),
    }
}

/// `GET /gestion/annonces/{id}/apercu`: the saved annonce, as the public will read it.
pub async fn preview(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let annonce = own(&app, &who, *id).await?;
    let viewer = &who.connecte.viewer;
    let layout = page::layout(&request, &app, viewer, "Aperçu de l’annonce").await?;
    let view = AnnonceFiche {
        apercu: annonce.etat == EtatAnnonce::Brouillon,
        back: Link::new("Revenir à l’annonce", format!("{LIST}/{}", annonce.id)),
        ..crate::pages::annonces::view(&app, layout, &annonce)
    };
    page::ok(&request, &app, viewer, &view)
}

/// `POST /gestion/annonces/{id}/dupliquer`: a draft with the same content.
pub async fn duplicate(
    app: Data<App>,
    who: Habilite<Annonces>,
    id: Path<i64>,
    _: Posted,
) -> Result<HttpResponse, Error> {
    let annonce = own(&app, &who, *id).await?;
    // « (copie) » distinguishes the copy from the original in the list of drafts.
    let marked = format!("{} (copie)", annonce.contenu.titre);
    let titre = if marked.chars().count() > TITRE_MAX { annonce.contenu.titre.clone() } else { marked };
    let contenu = Contenu { titre, ..annonce.contenu };
    let made = app.comptes.ask(&who.connecte.identity(), CreateAnnonce(contenu)).await?.map_err(refused)?;
    page::redirect_saying(
        &app,
        &format!("{LIST}/{made}"),
        &Notice::done("Voici une copie, en brouillon : changez ce qui diffère, puis publiez-la."),
    )
}

/// `GET /gestion/annonces/{id}/publier`: says what publishing does, and how many people it alerts, before it is done:
/// the annonce is public at once, and its emails can't be called back.
pub async fn confirm(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Annonces>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let annonce = own(&app, &who, *id).await?;
    ask(&request, &app, &who, annonce).await
}

/// The page that asks, or the form when the annonce can't be published yet.
async fn ask(request: &HttpRequest, app: &App, who: &Gestionnaire, annonce: Annonce) -> Result<HttpResponse, Error> {
    if let Err(refusal) = annonce.etat.next(Evenement::Publier) {
        let errors = vec![FieldError::new("", refusal.to_string())];
        return Form::of(annonce, errors).show(request, app, who, StatusCode::CONFLICT).await;
    }
    if let Err(errors) = Typed::of(&annonce).check(&app.referentiels(), Complete::Published) {
        return Form::of(annonce, errors).show(request, app, who, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let viewer = &who.connecte.viewer;
    let layout = page::layout(request, app, viewer, "Publier cette annonce ?").await?;
    let view = GestionAnnoncePublication {
        href: format!("{LIST}/{}", annonce.id),
        version: annonce.version.to_string(),
        alerted: alerted(app, &annonce.contenu) as u64,
        annonce: row(&annonce, String::new()),
        layout,
    };
    page::ok(request, app, viewer, &view)
}

/// `POST /gestion/annonces/{id}/publier` with `version` and `prevenus`, the number of people that the page showed:
/// publishes what is saved. Without that number the page is shown first.
pub async fn publish(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Annonces>,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let annonce = own(&app, &who, *id).await?;
    let incomplete = Typed::of(&annonce).check(&app.referentiels(), Complete::Published).is_err();
    if incomplete || fields.number("prevenus").is_none() {
        return ask(&request, &app, &who, annonce).await;
    }
    advance(&request, &app, &who, annonce, &fields, Evenement::Publier).await
}

/// `POST /gestion/annonces/{id}/cloturer` with `version`.
pub async fn close(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Annonces>,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let annonce = own(&app, &who, *id).await?;
    advance(&request, &app, &who, annonce, &fields, Evenement::Cloturer).await
}

/// `POST /gestion/annonces/{id}/archiver` with `version`.
pub async fn archive(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Annonces>,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let annonce = own(&app, &who, *id).await?;
    advance(&request, &app, &who, annonce, &fields, Evenement::Archiver).await
}

/// The version from which the form was made; −1, which no annonce has, when the field is no number.
fn version_of(fields: &Fields) -> i64 {
    fields.number("version").unwrap_or(-1)
}

/// How many people the annonce would alert now.
fn alerted(app: &App, contenu: &Contenu) -> usize {
    app.abonnes.count(&contenu.sujet())
}

async fn advance(
    request: &HttpRequest,
    app: &App,
    who: &Gestionnaire,
    annonce: Annonce,
    fields: &Fields,
    event: Evenement,
) -> Result<HttpResponse, Error> {
    let alerted = alerted(app, &annonce.contenu);
    let advance = AdvanceAnnonce { annonce: annonce.id, version: version_of(fields), evenement: event };
    let said = match app.comptes.ask(&who.connecte.identity(), advance).await? {
        Ok(EtatAnnonce::Publiee) => Notice::done(match alerted {
            0 => "L’annonce est publiée. Aucune alerte n’y correspond pour l’instant.".to_owned(),
            1 => "L’annonce est publiée. 1 personne dont l’alerte correspond est prévenue.".to_owned(),
            n => format!("L’annonce est publiée. {n} personnes dont l’alerte correspond sont prévenues."),
        }),
        Ok(EtatAnnonce::Archivee) => Notice::done("L’annonce est archivée."),
        Ok(EtatAnnonce::Cloturee | EtatAnnonce::Brouillon) => {
            Notice::done("L’annonce est close : elle n’apparaît plus dans les recherches.")
        }
        Err(refus @ (NotChanged::Changed | NotChanged::State(_))) => {
            let now = own(app, who, annonce.id).await?;
            let errors = vec![FieldError::new("", refus.to_string())];
            return Form::of(now, errors).show(request, app, who, StatusCode::CONFLICT).await;
        }
        Err(refus) => return Err(refused(refus)),
    };
    page::redirect_saying(app, LIST, &said)
}

fn refused(refus: NotChanged) -> Error {
    match refus {
        NotChanged::NotFound => Error::NotFound,
        NotChanged::Forbidden => Error::Forbidden,
        NotChanged::Changed | NotChanged::State(_) => Error::Conflict(refus.to_string()),
    }
}
