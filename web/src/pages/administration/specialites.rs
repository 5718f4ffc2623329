//! Spécialités and sous-spécialités: two levels; they are never removed, only no longer proposed.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{NotListed, SaveSpecialite, specialite_refusal};
use store::referentiels::Specialite;

use super::structures::refused;
use super::{Fait, done, layout, reload};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::reader::{LINE_MAX, Reader};
use crate::session::Administrateur;
use crate::views::administration::{SpecialiteFormulaire, SpecialiteGroupe, SpecialiteRow, Specialites, sections};
use crate::views::{Choice, FieldError, Query};

const LIST: &str = "/administration/specialites";
const NEW: &str = "/administration/specialites/nouvelle";
/// Longest description, in characters.
const DESCRIPTION_MAX: usize = 500;

async fn all(app: &App) -> Result<Vec<Specialite>, Error> {
    Ok(store::referentiels::list_specialites(&mut app.store.read().await?).await?)
}

fn row(item: &Specialite) -> SpecialiteRow {
    SpecialiteRow {
        href: format!("{LIST}/{}", item.code),
        nom: item.nom.clone(),
        description: item.description.clone(),
        actif: item.actif,
    }
}

pub async fn specialites(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    let known = all(&app).await?;
    let groupes = known
        .iter()
        .filter(|item| item.parent_code.is_none())
        .map(|parent| SpecialiteGroupe {
            parent: row(parent),
            parts: known.iter().filter(|item| item.parent_code.as_ref() == Some(&parent.code)).map(row).collect(),
            ajouter_href: Query::new(NEW).add("parent", &parent.code).href(),
        })
        .collect();
    let layout = layout(&request, &app, &who, "Spécialités", Vec::new()).await?;
    page::ok(&request, &app, &who.connecte.viewer, &Specialites { layout, sections: sections(), groupes })
}

/// What stands in the form.
#[derive(Default)]
struct Champs {
    parent: String,
    nom: String,
    description: String,
    actif: bool,
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    saved: Option<&Specialite>,
    champs: Champs,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let known = all(app).await?;
    let title = match saved {
        None => "Ajouter une spécialité",
        Some(item) if item.parent_code.is_some() => "Modifier la sous-spécialité",
        Some(_) => "Modifier la spécialité",
    };
    let layout = layout(request, app, who, title, errors).await?;
    let tops = known.iter().filter(|item| item.parent_code.is_none());
    let parent_code = saved.and_then(|item| item.parent_code.as_ref());
    let parent_nom = tops.clone().find(|item| Some(&item.code) == parent_code).map(|item| item.nom.clone());
    let parents = match saved {
        None => tops
            .map(|item| Choice {
                selected: item.code == champs.parent,
                ..Choice::new(item.code.clone(), item.nom.clone())
            })
            .collect(),
        Some(_) => Vec::new(),
    };
    let view = SpecialiteFormulaire {
        layout,
        sections: sections(),
        action: saved.map_or_else(|| NEW.to_owned(), |item| format!("{LIST}/{}", item.code)),
        parents,
        parent_nom: parent_nom.unwrap_or_default(),
        nom: champs.nom,
        description: champs.description,
        actif: champs.actif,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `GET /administration/specialites/nouvelle`, with `parent` preselected.
pub async fn new_specialite_form(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
) -> Result<HttpResponse, Error> {
    let parent = Fields::parse(request.query_string()).one("parent").to_owned();
    let champs = Champs { parent, actif: true, ..Champs::default() };
    show(&request, &app, &who, None, champs, Vec::new(), StatusCode::OK).await
}

/// What is wrong with the place or the name of a spécialité, in its form.
fn wrong(refusal: NotListed) -> Result<FieldError, Error> {
    match refusal {
        NotListed::UnknownParent => {
            let sentence = "Cette spécialité n’existe pas : choisissez-en une de la liste, ou aucune.";
            Ok(FieldError::new("parent", sentence))
        }
        NotListed::NameTaken => {
            Ok(FieldError::new("nom", "Une spécialité porte déjà ce nom : choisissez-en un autre."))
        }
        NotListed::Forbidden | NotListed::NotFound => Err(refused(refusal)),
    }
}

/// `POST /administration/specialites/nouvelle` with `parent, nom, description, actif`.
pub async fn create_specialite(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    save(&request, &app, &who, (&all(&app).await?, None), &fields).await
}

/// Saves the form; two of the same level can't share a name.
async fn save(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    (known, saved): (&[Specialite], Option<&Specialite>),
    fields: &Fields,
) -> Result<HttpResponse, Error> {
    let mut reader = Reader::new(fields);
    let champs = Champs {
        parent: saved
            .map_or_else(|| fields.one("parent").to_owned(), |item| item.parent_code.clone().unwrap_or_default()),
        nom: reader.line("nom", LINE_MAX, Some("Donnez un nom à la spécialité.")),
        description: reader.text(
            "description",
            DESCRIPTION_MAX,
            Some("Décrivez la spécialité en une phrase : c’est ce que lisent ceux qui hésitent."),
        ),
        actif: fields.has("actif"),
    };
    let mut errors = reader.errors;
    let save = SaveSpecialite {
        code: saved.map(|item| item.code.clone()),
        parent: Some(champs.parent.clone()).filter(|code| !code.is_empty()),
        nom: champs.nom.clone(),
        description: champs.description.clone(),
        actif: champs.actif,
    };
    // Shown together with the other errors of the form.
    let refusal = specialite_refusal(known, save.parent.as_deref(), &save.nom, save.code.as_deref());
    if let Some(refusal) = refusal.filter(|refusal| *refusal != NotListed::NameTaken || !save.nom.is_empty()) {
        errors.push(wrong(refusal)?);
    }
    if errors.is_empty()
        && let Err(refusal) = app.comptes.ask(&who.connecte.identity(), save).await?
    {
        errors.push(wrong(refusal)?);
    }
    if !errors.is_empty() {
        return show(request, app, who, saved, champs, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    reload(app).await?;
    done(app, LIST, Fait::Specialite)
}

async fn found(app: &App, code: &str) -> Result<(Vec<Specialite>, Specialite), Error> {
    let known = all(app).await?;
    let item = known.iter().find(|item| item.code == code).cloned().ok_or(Error::NotFound)?;
    Ok((known, item))
}

pub async fn specialite_form(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    code: Path<String>,
) -> Result<HttpResponse, Error> {
    let (_, item) = found(&app, &code).await?;
    let champs =
        Champs { nom: item.nom.clone(), description: item.description.clone(), actif: item.actif, ..Champs::default() };
    show(&request, &app, &who, Some(&item), champs, Vec::new(), StatusCode::OK).await
}

/// `POST /administration/specialites/{code}` with `nom, description, actif`.
pub async fn update_specialite(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    code: Path<String>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let (known, item) = found(&app, &code).await?;
    save(&request, &app, &who, (&known, Some(&item)), &fields).await
}
