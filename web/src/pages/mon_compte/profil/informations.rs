//! « Mes informations » (manual §3.1.2, SPEC I4 to I9).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::profil::{NotSaved, SaveInformations};
use chrono::NaiveDateTime;
use domain::StructureId;
use domain::inscription::Volet;
use domain::profil::{Champs, Identification};
use serde::Deserialize;
use store::inscriptions::Inscription;

use super::{INFORMATIONS, brouillon, choix, employeurs, frozen, published, registration, resume};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::pages::mon_compte::alertes::recent;
use crate::pages::mon_compte::sections;
use crate::session::Intervenant;
use crate::views::profil::{Etat, Fige, Informations};
use crate::views::{Choice, FieldError};

/// What the page says besides the fields.
#[derive(Debug, Deserialize)]
pub struct Vue {
    /// Whether missing answers are shown at their fields: the person comes from the verification.
    manques: Option<String>,
}

#[derive(Default)]
pub struct Page {
    champs: Champs,
    saisi: Option<NaiveDateTime>,
    employeurs: Option<Vec<Choice>>,
    errors: Vec<FieldError>,
}

pub async fn informations(
    request: HttpRequest,
    app: Data<App>,
    who: Intervenant,
    vue: Query<Vue>,
) -> Result<HttpResponse, Error> {
    let compte = who.connecte.session.compte;
    let mut connection = app.store.read().await?;
    let inscription = registration(&mut connection, compte).await?;
    let saved = store::profils::identification(&mut connection, compte).await?.ok_or(Error::NotFound)?;
    let pourquoi = frozen(&inscription, Volet::Informations);
    if !pourquoi.is_empty() {
        drop(connection);
        let layout = page::layout(&request, &app, &who.connecte.viewer, "Mes informations").await?;
        let known = app.referentiels();
        let blocs = resume::of_informations(&known, &saved, &who.connecte.session.login, "");
        let immatricule = inscription.immatriculation.is_some();
        let view = Fige { layout, sections: sections(&who.connecte.session), pourquoi, immatricule, blocs };
        return page::ok(&request, &app, &who.connecte.viewer, &view);
    }
    let (champs, saisi) = match store::profils::saisie(&mut connection, compte, INFORMATIONS).await? {
        Some((champs, at)) => (champs, Some(at)),
        None => (saved.champs(), None),
    };
    drop(connection);
    let mut shown = Page { saisi, ..Page::default() };
    if vue.manques.is_some() {
        let (read, wrong) = Identification::read(&champs, resume::today(&app));
        shown.errors = wrong.into_iter().chain(read.missing()).map(FieldError::from).collect();
    }
    shown.champs = champs;
    show(&request, &app, &who, &inscription, shown, StatusCode::OK).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Intervenant,
    inscription: &Inscription,
    shown: Page,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let Page { mut champs, saisi, employeurs, errors } = shown;
    let known = app.referentiels();
    let mut connection = app.store.read().await?;
    let recentes = recent(app, &mut connection).await?;
    drop(connection);
    let fixed = fixed_structure(inscription);
    if let Some((id, _)) = fixed {
        champs.set("structure", id.to_string());
    }
    let view = Informations {
        layout: page::layout(request, app, &who.connecte.viewer, "Mes informations").await?.with_errors(errors),
        sections: sections(&who.connecte.session),
        etat: Etat { publie: published(inscription), saisi: saisi.map(|at| page::moment(app, at)) },
        email: who.connecte.session.login.clone(),
        civilites: choix::civilites(&champs),
        statuts: choix::statuts(&champs),
        employeurs,
        regions: choix::regions(&known, &champs, &recentes),
        departements: choix::departements(&known, &champs),
        structures: choix::structures(&known, &champs),
        structure_fixe: fixed.map(|(id, why)| {
            let nom = known.structures.iter().find(|structure| structure.id == id.0);
            (nom.map_or_else(String::new, |structure| structure.nom.clone()), why)
        }),
        champs,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// The structure, when the person can no longer choose it, and why (I8, C3).
fn fixed_structure(inscription: &Inscription) -> Option<(StructureId, &'static str)> {
    let why = if published(inscription) {
        "Elle vous suit depuis votre inscription. Pour en changer, écrivez-nous depuis « Aide et contact »."
    } else {
        "C’est la structure qui a publié l’annonce pour laquelle vous vous inscrivez."
    };
    Some((inscription.structure_fixe()?, why))
}

/// `POST /mon-compte/informations`: `action` is `enregistrer`, `continuer`, `chercher`, `choisir` or `abandonner`.
pub async fn save_informations(
    request: HttpRequest,
    app: Data<App>,
    who: Intervenant,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let compte = who.connecte.session.compte;
    let action = fields.one("action");
    if action == "abandonner" {
        return brouillon::give_up(&app, &who, Volet::Informations, "/mon-compte/informations").await;
    }
    let inscription = registration(&mut app.store.read().await?, compte).await?;
    let mut champs = inscription.posted(fields.champs());
    let choosing = matches!(action, "chercher" | "choisir");
    if choosing || fields.filled("employeur_choisi").is_some() {
        let mut connection = app.store.read().await?;
        employeurs::fill_in(&mut connection, &mut champs, fields.one("employeur_choisi")).await?;
    }
    if choosing {
        brouillon::keep(&app, &who, Volet::Informations, champs.clone()).await?;
        let mut connection = app.store.read().await?;
        let employeurs =
            if action == "chercher" { Some(employeurs::choices(&mut connection, &champs).await?) } else { None };
        drop(connection);
        let shown = Page { champs, employeurs, ..Page::default() };
        return show(&request, &app, &who, &inscription, shown, StatusCode::OK).await;
    }
    let (read, wrong) = Identification::read(&champs, resume::today(&app));
    let mut errors: Vec<FieldError> = wrong.into_iter().map(FieldError::from).collect();
    if published(&inscription) {
        // A profile in the CV-thèque must stay complete.
        let missing = read.missing().into_iter().map(FieldError::from);
        let missing: Vec<_> = missing.filter(|one| !errors.iter().any(|other| other.field == one.field)).collect();
        errors.extend(missing);
    }
    if errors.is_empty() {
        match app.comptes.ask(&who.connecte.identity(), SaveInformations(read)).await? {
            Ok(()) => {
                let saved = super::saved(&inscription);
                let to = if action == "continuer" { "/mon-compte/parcours" } else { "/mon-compte/informations" };
                return page::redirect_saying(&app, to, &saved);
            }
            Err(NotSaved::Frozen(no)) => return Err(no.into()),
            Err(NotSaved::Missing(missing)) => errors.extend(missing.into_iter().map(FieldError::from)),
            Err(NotSaved::Taken) => errors.push(FieldError::new("nom", NotSaved::Taken.to_string())),
        }
    }
    // The typed fields are kept: they and their errors are there again the next time.
    brouillon::keep(&app, &who, Volet::Informations, champs.clone()).await?;
    let shown = Page { champs, errors, ..Page::default() };
    show(&request, &app, &who, &inscription, shown, StatusCode::UNPROCESSABLE_ENTITY).await
}
