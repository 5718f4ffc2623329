//! `GET /cvtheque/{id}/similaires`: the profiles similar to one, with what they share (SPEC G3).

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::CompteId;
use search_index::{Facet, Labelled, Similar};

use super::profil::place;
use super::selection::fiches;
use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::pages::recherche::{called, on_index};
use crate::session::Gestionnaire;
use crate::views::Link;
use crate::views::cvtheque::{CvthequeSimilaires, SimilaireRow};

const SHOWN: usize = 20;

pub async fn similar(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let id = *id;
    let fiche = fiches(&app, &[CompteId(id)]).await?.pop().ok_or(Error::NotFound)?;
    let similar: Vec<Similar> = on_index(&app, move |index| index.similar_cvs(id, SHOWN)).await?;
    let ids: Vec<CompteId> = similar.iter().map(|one| CompteId(one.id)).collect();
    let found = fiches(&app, &ids).await?;
    let mut connection = app.store.read().await?;
    let written = store::correspondants::written_to(&mut connection, who.correspondant, &ids).await?;
    drop(connection);
    let rows = similar
        .into_iter()
        .filter_map(|one| {
            let fiche = found.iter().find(|fiche| fiche.compte.0 == one.id)?;
            Some(SimilaireRow {
                href: format!("/cvtheque/{}", one.id),
                nom: format!("{} {}", fiche.prenom, fiche.nom),
                titre: fiche.profil.titre.clone(),
                detail: place(fiche),
                raisons: reasons(&app, &one),
                contacte: written.contains(&fiche.compte),
            })
        })
        .collect();
    let nom = format!("{} {}", fiche.prenom, fiche.nom);
    let view = CvthequeSimilaires {
        layout: page::layout(&request, &app, &who.connecte.viewer, format!("Profils similaires à {nom}")).await?,
        profil: Link::new(nom, format!("/cvtheque/{id}")),
        titre: fiche.profil.titre,
        rows,
    };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}

/// What two profiles share: (kind, values).
fn reasons(app: &App, one: &Similar) -> Vec<(&'static str, String)> {
    let known = app.referentiels();
    let names = |values: &[Labelled], facet: Facet| {
        let all: Vec<&str> = values.iter().map(|value| called(&known, facet, &value.code, &value.label)).collect();
        all.join(", ")
    };
    [
        ("Mêmes spécialités", names(&one.specialites, Facet::Specialite)),
        ("Mêmes régions", names(&one.regions, Facet::Region)),
        ("Mots communs", one.mots.join(", ")),
    ]
    .into_iter()
    .filter(|(_, which)| !which.is_empty())
    .collect()
}
