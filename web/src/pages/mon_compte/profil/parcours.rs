//! « Mon parcours » (manual §3.1.2, SPEC I10 to I13).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::profil::{NotSaved, SaveParcours};
use chrono::NaiveDateTime;
use domain::inscription::Volet;
use domain::profil::{Champs, PARCOURS as FIELDS, Rubrique};
use serde::Deserialize;
use store::inscriptions::Inscription;
use store::profils::LigneRow as Saved;

use super::{brouillon, choix, fichiers, frozen, ligne, published, registration, resume};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::pages::mon_compte::alertes::recent;
use crate::pages::mon_compte::sections;
use crate::session::Intervenant;
use crate::views::profil::{Etat, Fige, LigneRow, Parcours as View, Table};
use crate::views::{FieldError, Link};

/// What the page says besides the fields.
#[derive(Debug, Deserialize)]
pub struct Vue {
    /// Whether missing answers are shown at their fields: the person comes from the verification.
    manques: Option<String>,
}

pub async fn parcours(
    request: HttpRequest,
    app: Data<App>,
    who: Intervenant,
    vue: Query<Vue>,
) -> Result<HttpResponse, Error> {
    let compte = who.connecte.session.compte;
    let mut connection = app.store.read().await?;
    let inscription = registration(&mut connection, compte).await?;
    let (champs, saisi) = brouillon::parcours(&mut connection, compte).await?;
    let pourquoi = frozen(&inscription, Volet::Parcours);
    if !pourquoi.is_empty() {
        let blocs = resume::of_parcours(&app, &mut connection, compte, "").await?;
        drop(connection);
        let layout = page::layout(&request, &app, &who.connecte.viewer, "Mon parcours").await?;
        let view = Fige { layout, sections: sections(&who.connecte.session), pourquoi, immatricule: false, blocs };
        return page::ok(&request, &app, &who.connecte.viewer, &view);
    }
    drop(connection);
    let mut errors = Vec::new();
    if vue.manques.is_some() {
        let (read, _, wrong) = brouillon::read_parcours(&champs);
        errors = wrong.into_iter().chain(read.missing()).map(FieldError::from).collect();
    }
    show(&request, &app, &who, &inscription, (champs, saisi), errors).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Intervenant,
    inscription: &Inscription,
    (champs, saisi): (Champs, Option<NaiveDateTime>),
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let status =
        if errors.is_empty() || request.method().is_safe() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let compte = who.connecte.session.compte;
    let mut connection = app.store.read().await?;
    let rows = store::profils::lignes(&mut connection, compte).await?;
    let cv = fichiers::cv_of(app, &mut connection, compte).await?;
    let recentes = recent(app, &mut connection).await?;
    drop(connection);
    let layout = page::layout(request, app, &who.connecte.viewer, "Mon parcours").await?.with_errors(errors);
    let view = View {
        layout: layout.undoing_in("parcours", ligne::RESTORE_LINE),
        sections: sections(&who.connecte.session),
        etat: Etat { publie: published(inscription), saisi: saisi.map(|at| page::moment(app, at)) },
        specialites: choix::specialites(app, &champs, &recentes),
        experimente: choix::experimente(&champs),
        tables: tables(rows),
        langues: choix::langues(app, &champs),
        alertes: choix::alertes(&champs),
        cv,
        champs,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// The four tables, each with its rows.
fn tables(rows: Vec<Saved>) -> Vec<Table> {
    let mut tables: Vec<Table> =
        Rubrique::ALL.iter().map(|rubrique| Table { rubrique: *rubrique, lignes: Vec::new() }).collect();
    for row in rows {
        if let Some(table) = tables.iter_mut().find(|table| table.rubrique == row.rubrique) {
            table.lignes.push(LigneRow {
                id: row.id,
                detail: ligne::detail(&row.ligne),
                intitule: row.ligne.intitule,
                diplome: row.diplome.map(|(id, nom)| Link::new(nom, format!("/fichiers/{id}"))),
            });
        }
    }
    tables
}

/// `POST /mon-compte/parcours`: `action` is `enregistrer`, `continuer` or `abandonner`; or `ajouter:` with a table,
/// `modifier:` or `supprimer:` with a row, or `cv`, which keep what is typed and go to their page.
pub async fn save_parcours(
    request: HttpRequest,
    app: Data<App>,
    who: Intervenant,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let action = fields.one("action").to_owned();
    if action == "abandonner" {
        return brouillon::give_up(&app, &who, Volet::Parcours, "/mon-compte/parcours").await;
    }
    let champs = fields.champs().only(FIELDS);
    if let Some(elsewhere) = Elsewhere::read(&action) {
        brouillon::keep(&app, &who, Volet::Parcours, champs).await?;
        return elsewhere.go(&app, &who).await;
    }
    let inscription = registration(&mut app.store.read().await?, who.connecte.session.compte).await?;
    let (read, regle, wrong) = brouillon::read_parcours(&champs);
    let mut errors: Vec<FieldError> = wrong.into_iter().map(FieldError::from).collect();
    if published(&inscription) {
        errors.extend(read.missing().into_iter().map(FieldError::from));
    }
    if errors.is_empty() {
        match app.comptes.ask(&who.connecte.identity(), SaveParcours { parcours: read, regle }).await? {
            Ok(()) => {
                let saved = super::saved(&inscription);
                let to = if action == "continuer" { "/mon-compte/verification" } else { "/mon-compte/parcours" };
                return page::redirect_saying(&app, to, &saved);
            }
            Err(NotSaved::Missing(missing)) => errors.extend(missing.into_iter().map(FieldError::from)),
            Err(NotSaved::Frozen(no)) => return Err(no.into()),
            Err(no @ NotSaved::Taken) => return Err(Error::Conflict(no.to_string())),
        }
    }
    brouillon::keep(&app, &who, Volet::Parcours, champs.clone()).await?;
    show(&request, &app, &who, &inscription, (champs, None), errors).await
}

/// A button of the page that leads elsewhere.
enum Elsewhere {
    Add(Rubrique),
    Change(i64),
    Remove(i64),
    Cv,
}

impl Elsewhere {
    fn read(action: &str) -> Option<Self> {
        match action.split_once(':') {
            None if action == "cv" => Some(Self::Cv),
            Some(("ajouter", word)) => Rubrique::from_word(word).map(Self::Add),
            Some(("modifier", id)) => id.parse().ok().map(Self::Change),
            Some(("supprimer", id)) => id.parse().ok().map(Self::Remove),
            _ => None,
        }
    }

    async fn go(self, app: &App, who: &Intervenant) -> Result<HttpResponse, Error> {
        match self {
            Self::Add(rubrique) => Ok(page::redirect(&format!("/mon-compte/parcours/nouvelle/{rubrique}"))),
            Self::Change(id) => Ok(page::redirect(&format!("/mon-compte/parcours/ligne/{id}"))),
            Self::Remove(id) => ligne::remove(app, who, id).await,
            Self::Cv => Ok(page::redirect("/mon-compte/cv")),
        }
    }
}
