//! `GET /annonces.json`: the same search for programs (SPEC E3). Its shape is a contract: fields are added, never
//! changed nor removed.
//!
//! `{total, page, pages, annonces: [{numero, titre, structure, specialite, sous_specialite, regions, departements,
//! modalite, du, au, publiee_le, url, description}], facettes: {specialite: [{code, libelle, nombre}], …}}`. Days are
//! `2027-01-12`, moments RFC 3339 in UTC; a missing value is `null` or an empty list; an annonce without région or
//! département is national. The parameters are those of `/annonces`; their values are the codes in `facettes`.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, NaiveDate, Utc};
use domain::annonce::EtatAnnonce;
use serde::Serialize;
use store::annonces::Annonce;

use super::criteria::Criteria;
use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::pages::recherche::{FacetValueJson, facets_json, pages};

#[derive(Debug, Serialize)]
struct Answer {
    total: u64,
    page: u64,
    pages: u64,
    annonces: Vec<AnnonceJson>,
    facettes: BTreeMap<&'static str, Vec<FacetValueJson>>,
}

#[derive(Debug, Serialize)]
struct AnnonceJson {
    numero: String,
    titre: String,
    structure: String,
    specialite: String,
    sous_specialite: Option<String>,
    regions: Vec<String>,
    departements: Vec<String>,
    modalite: &'static str,
    du: Option<NaiveDate>,
    au: Option<NaiveDate>,
    publiee_le: Option<DateTime<Utc>>,
    url: String,
    description: String,
}

fn annonce_json(base_url: &str, annonce: Annonce) -> AnnonceJson {
    let numero = annonce.numero.map(|numero| numero.to_string()).unwrap_or_default();
    let names = |places: Vec<(String, String)>| places.into_iter().map(|(_, nom)| nom).collect();
    AnnonceJson {
        url: format!("{base_url}/annonces/{numero}"),
        numero,
        titre: annonce.contenu.titre,
        structure: annonce.structure_nom,
        specialite: annonce.specialite_nom,
        sous_specialite: annonce.sous_specialite_nom,
        regions: names(annonce.regions),
        departements: names(annonce.departements),
        modalite: annonce.contenu.modalite.as_str(),
        du: annonce.contenu.du,
        au: annonce.contenu.au,
        publiee_le: annonce.publiee_at.map(|at| at.and_utc()),
        description: annonce.contenu.description,
    }
}

pub async fn json(request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Error> {
    let criteria = Criteria::read(&Fields::parse(request.query_string()), &app.referentiels());
    let (found, shown) = criteria.find(&app, true, false).await?;
    let ids: Vec<i64> = found.hits.iter().map(|hit| hit.id).collect();
    let annonces = store::annonces::by_ids(&mut app.store.read().await?, &ids).await?;
    let pages = pages(shown, found.total, criteria.query("/annonces.json"));
    let answer = Answer {
        total: found.total,
        page: pages.current,
        pages: pages.last,
        annonces: annonces
            .into_iter()
            .filter(|annonce| annonce.etat == EtatAnnonce::Publiee)
            .map(|annonce| annonce_json(&app.settings.base_url, annonce))
            .collect(),
        facettes: facets_json(&found.facets),
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .json(answer))
}
