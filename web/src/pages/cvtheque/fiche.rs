//! `GET /cvtheque/{id}`: the whole fiche of a person.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::CompteId;
use domain::compte::Droit;
use store::ressemblances::Parmi;

use super::criteria::Uses;
use super::profil::{Around, profil};
use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::pages::recherche::back;
use crate::pages::semblables::semblables;
use crate::session::Gestionnaire;
use crate::views::CvthequeFiche;

pub async fn fiche(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let around = Around {
        hit: None,
        uses: &Uses::default(),
        full: true,
        dossiers: who.connecte.session.droits.contains(&Droit::Dossiers),
    };
    let fiche = profil(&app, CompteId(*id), &around).await?.ok_or(Error::NotFound)?;
    let semblables = semblables(&app, CompteId(*id), Parmi::Cvtheque, |id| format!("/cvtheque/{id}")).await?;
    let viewer = &who.connecte.viewer;
    let layout = page::layout(&request, &app, viewer, fiche.nom.clone()).await?;
    let back = back(&request, &app, "/cvtheque", "CV-thèque");
    page::ok(&request, &app, viewer, &CvthequeFiche { layout, fiche, semblables, back })
}
