//! « Mes réseaux sociaux »: other sites of the person, shown to gestionnaires (manual §3.3.1, SPEC C2).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::profil::SetReseaux;
use domain::reseau::Reseau;

use super::sections;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::session::Valide;
use crate::views::mon_compte::{MonCompteReseaux, ReseauField};
use crate::views::{FieldError, Notice};

const PAGE: &str = "/mon-compte/reseaux";

pub async fn networks(request: HttpRequest, app: Data<App>, who: Valide) -> Result<HttpResponse, Error> {
    let mut connection = app.store.read().await?;
    let saved = store::profils::reseaux(&mut connection, who.connecte.session.compte).await?;
    drop(connection);
    let value = |reseau| saved.iter().find(|(kind, _)| *kind == reseau).map(|(_, adresse)| adresse.clone());
    show(&request, &app, &who, |reseau| value(reseau).unwrap_or_default(), Vec::new()).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Valide,
    value: impl Fn(Reseau) -> String,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let champs = Reseau::ALL.iter().map(|&reseau| ReseauField {
        name: reseau.as_str(),
        label: reseau.libelle(),
        exemple: reseau.sites().first().map(|site| format!("https://www.{site}/…")).unwrap_or_default(),
        value: value(reseau),
    });
    let view = MonCompteReseaux {
        layout: page::layout(request, app, &who.connecte.viewer, "Mes réseaux sociaux").await?.with_errors(errors),
        sections: sections(&who.connecte.session),
        champs: champs.collect(),
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `POST /mon-compte/reseaux` with an address for each kind, or none.
pub async fn set_networks(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let (mut kept, mut errors) = (Vec::new(), Vec::new());
    for &reseau in Reseau::ALL {
        let Some(typed) = fields.filled(reseau.as_str()) else { continue };
        match reseau.adresse(typed) {
            Ok(adresse) => kept.push((reseau, adresse)),
            Err(why) => errors.push(FieldError::new(reseau.as_str(), why)),
        }
    }
    if !errors.is_empty() {
        return show(&request, &app, &who, |reseau| fields.one(reseau.as_str()).to_owned(), errors).await;
    }
    app.comptes.ask(&who.connecte.identity(), SetReseaux(kept)).await??;
    page::redirect_saying(&app, PAGE, &Notice::done("Vos réseaux sociaux sont enregistrés."))
}
