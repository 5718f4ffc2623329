//! `GET /cvtheque.json`: the same search for programs. Fields are added, never changed nor removed.
//!
//! `{total, page, pages, profils: [{id, nom, prenom, nom_complet, titre, structure, specialites, regions, extraits:
//! [{source, texte}]}], facettes: {specialite: [{code, libelle, nombre}], …}}`. Parameters are those of `/cvtheque`.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use search_index::{CvHit, Highlight};
use serde::Serialize;

use super::criteria::{Criteria, Uses};
use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::pages::recherche::{FacetValueJson, facets_json, pages, source};
use crate::session::Gestionnaire;

#[derive(Debug, Serialize)]
struct Answer {
    total: u64,
    page: u64,
    pages: u64,
    profils: Vec<ProfilJson>,
    facettes: BTreeMap<&'static str, Vec<FacetValueJson>>,
}

#[derive(Debug, Serialize)]
struct ProfilJson {
    id: i64,
    nom: String,
    prenom: String,
    nom_complet: String,
    titre: String,
    structure: Option<String>,
    specialites: Vec<String>,
    regions: Vec<String>,
    extraits: Vec<ExtraitJson>,
}

#[derive(Debug, Serialize)]
struct ExtraitJson {
    source: String,
    texte: String,
}

fn extrait(highlight: &Highlight, emploi: Option<&str>) -> ExtraitJson {
    ExtraitJson {
        source: source(&highlight.source, emploi),
        texte: highlight.segments.iter().map(|segment| segment.text.as_str()).collect(),
    }
}

fn profil_json(hit: CvHit, uses: &Uses) -> ProfilJson {
    let extraits = hit.highlights.iter().map(|found| extrait(found, uses.of(hit.id, &found.source))).collect();
    ProfilJson {
        id: hit.id,
        nom_complet: format!("{} {}", hit.prenom, hit.nom),
        nom: hit.nom,
        prenom: hit.prenom,
        titre: hit.titre,
        structure: hit.structure.map(|structure| structure.nom),
        specialites: hit.specialites.into_iter().chain(hit.sous_specialites).map(|value| value.label).collect(),
        regions: hit.regions.into_iter().map(|value| value.label).collect(),
        extraits,
    }
}

pub async fn json(request: HttpRequest, app: Data<App>, _: Gestionnaire) -> Result<HttpResponse, Error> {
    let criteria = Criteria::read(&Fields::parse(request.query_string()));
    let (found, shown) = criteria.find(&app, false).await?;
    let uses = Uses::load(&app.store, &found.hits).await?;
    let pages = pages(shown, found.total, criteria.query("/cvtheque.json"));
    let answer = Answer {
        total: found.total,
        page: pages.current,
        pages: pages.last,
        facettes: facets_json(&found.facets),
        profils: found.hits.into_iter().map(|hit| profil_json(hit, &uses)).collect(),
    };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(answer))
}
