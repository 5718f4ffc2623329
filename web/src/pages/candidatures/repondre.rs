//! A person answers an annonce (SPEC A2). A person without account registers first, and the registration keeps the
//! annonce.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::candidatures::{CandidatureRefused, SendCandidature};
use domain::annonce::{EtatAnnonce, NumeroAnnonce};
use domain::candidature::{COMMENTAIRE_MAX, EtatCandidature, commentaire};
use domain::paths::MES_CANDIDATURES;
use store::annonces::Annonce;

use super::refused;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::session::Valide;
use crate::views::candidatures::Repondre;
use crate::views::{FieldError, Link, Notice};

async fn published(app: &App, numero: &str) -> Result<Annonce, Error> {
    let numero = NumeroAnnonce::parse(numero).ok_or(Error::NotFound)?;
    let found = store::annonces::by_numero(&mut app.store.read().await?, numero).await?;
    found.filter(|annonce| annonce.etat != EtatAnnonce::Brouillon).ok_or(Error::NotFound)
}

pub async fn answer_form(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    numero: Path<String>,
) -> Result<HttpResponse, Error> {
    let annonce = published(&app, &numero).await?;
    let compte = who.connecte.session.compte;
    let found = store::candidatures::find(&mut app.store.read().await?, annonce.id, compte).await?;
    let sent = found.as_ref().filter(|one| !matches!(one.etat, EtatCandidature::Retiree | EtatCandidature::Annulee));
    if sent.is_some() {
        return page::redirect_saying(
            &app,
            MES_CANDIDATURES,
            &Notice::done("Vous avez déjà répondu à cette annonce : voici où en est votre réponse."),
        );
    }
    let typed = found.map(|one| one.commentaire).unwrap_or_default();
    show(&request, &app, &who, &annonce, typed, Vec::new()).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Valide,
    annonce: &Annonce,
    commentaire: String,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let open = annonce.etat == EtatAnnonce::Publiee;
    let status = match (open, errors.is_empty()) {
        (false, _) => StatusCode::GONE,
        (true, true) => StatusCode::OK,
        (true, false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let numero = annonce.numero.map(|numero| numero.to_string()).unwrap_or_default();
    let href = format!("/annonces/{numero}");
    let view = Repondre {
        layout: page::layout(request, app, &who.connecte.viewer, "Candidater à une annonce").await?.with_errors(errors),
        action: format!("{href}/repondre"),
        annonce: Link::new(format!("{numero} · {}", annonce.contenu.titre), href),
        structure: annonce.structure_nom.clone(),
        close: if open { String::new() } else { annonce.libelle().to_owned() },
        commentaire,
        max: COMMENTAIRE_MAX.to_string(),
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `POST /annonces/{numero}/repondre` with `commentaire`. Sent twice, it makes one answer.
pub async fn answer(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    numero: Path<String>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let annonce = published(&app, &numero).await?;
    let typed = fields.one("commentaire");
    let text = match commentaire(typed) {
        Ok(text) => text,
        Err(why) => {
            let errors = vec![FieldError::new("commentaire", why)];
            return show(&request, &app, &who, &annonce, typed.to_owned(), errors).await;
        }
    };
    let send = SendCandidature { annonce: annonce.id, commentaire: text };
    match app.comptes.ask(&who.connecte.identity(), send).await? {
        Ok(()) => {
            page::redirect_saying(&app, MES_CANDIDATURES, &Notice::done("Votre réponse est transmise à la structure."))
        }
        Err(CandidatureRefused::State(_)) => page::redirect_saying(
            &app,
            MES_CANDIDATURES,
            &Notice::done("Vous avez déjà répondu à cette annonce : voici où en est votre réponse."),
        ),
        Err(CandidatureRefused::Closed) => {
            let annonce = published(&app, &numero).await?;
            show(&request, &app, &who, &annonce, typed.to_owned(), Vec::new()).await
        }
        Err(why) => Err(refused(why)),
    }
}
