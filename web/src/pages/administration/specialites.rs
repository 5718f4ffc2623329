//! Spécialités and sous-spécialités: two levels, never removed, no longer proposed at most.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use store::referentiels::Specialite;

use super::{Fait, done, layout, new_code, reload};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::saisie::{LINE_MAX, Saisie};
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

/// `GET /administration/specialites`.
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

/// `GET /administration/specialites/nouvelle`, with `parent` to begin with.
pub async fn new_specialite_form(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
) -> Result<HttpResponse, Error> {
    let parent = Fields::parse(request.query_string()).one("parent").to_owned();
    let champs = Champs { parent, actif: true, ..Champs::default() };
    show(&request, &app, &who, None, champs, Vec::new(), StatusCode::OK).await
}

/// What is typed; no two of the same level share a name.
fn typed(fields: &Fields, known: &[Specialite], saved: Option<&Specialite>) -> (Champs, Vec<FieldError>) {
    let mut saisie = Saisie::new(fields);
    let champs = Champs {
        parent: saved
            .map_or_else(|| fields.one("parent").to_owned(), |item| item.parent_code.clone().unwrap_or_default()),
        nom: saisie.line("nom", LINE_MAX, Some("Donnez un nom à la spécialité.")),
        description: saisie.text(
            "description",
            DESCRIPTION_MAX,
            Some("Décrivez la spécialité en une phrase : c’est ce que lisent ceux qui hésitent."),
        ),
        actif: fields.has("actif"),
    };
    let is_top = |code: &str| known.iter().any(|item| item.code == code && item.parent_code.is_none());
    if !champs.parent.is_empty() && !is_top(&champs.parent) {
        saisie.refuse("parent", "Cette spécialité n’existe pas : choisissez-en une de la liste, ou aucune.");
    }
    let same = known.iter().any(|item| {
        item.parent_code.as_deref().unwrap_or_default() == champs.parent
            && saved.is_none_or(|saved| saved.code != item.code)
            && domain::texte::fold(&item.nom) == domain::texte::fold(&champs.nom)
    });
    if same && !champs.nom.is_empty() {
        saisie.refuse("nom", "Une spécialité porte déjà ce nom : choisissez-en un autre.");
    }
    (champs, saisie.errors)
}

/// `POST /administration/specialites/nouvelle` with `parent, nom, description, actif`.
pub async fn create_specialite(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let known = all(&app).await?;
    let (champs, errors) = typed(&fields, &known, None);
    if !errors.is_empty() {
        return show(&request, &app, &who, None, champs, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let parent = Some(champs.parent.clone()).filter(|code| !code.is_empty());
    let code = new_code(parent.as_deref(), &champs.nom, |code| known.iter().any(|item| item.code == code));
    save(&app, &who, code, parent, champs).await
}

async fn save(
    app: &App,
    who: &Administrateur,
    code: String,
    parent: Option<String>,
    champs: Champs,
) -> Result<HttpResponse, Error> {
    app.store
        .write::<_, store::Error, _>(Some(who.connecte.session.compte), move |transaction| {
            Box::pin(async move {
                let said = (champs.nom.as_str(), champs.description.as_str());
                store::administration::save_specialite(transaction, &code, said, parent.as_deref(), champs.actif).await
            })
        })
        .await?;
    reload(app).await?;
    done(app, LIST, Fait::Specialite)
}

async fn found(app: &App, code: &str) -> Result<(Vec<Specialite>, Specialite), Error> {
    let known = all(app).await?;
    let item = known.iter().find(|item| item.code == code).cloned().ok_or(Error::NotFound)?;
    Ok((known, item))
}

/// `GET /administration/specialites/{code}`.
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
    let (champs, errors) = typed(&fields, &known, Some(&item));
    if !errors.is_empty() {
        return show(&request, &app, &who, Some(&item), champs, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    save(&app, &who, item.code, item.parent_code, champs).await
}
