//! Languages: they are never removed, only no longer proposed.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{NotListed, SaveLangue, langue_is_listed};
use store::langues::Langue;

use super::structures::refused;
use super::{Fait, done, layout, reload};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::reader::Reader;
use crate::session::Administrateur;
use crate::views::administration::{LangueFormulaire, LangueRow, Langues, sections};
use crate::views::{Choice, FieldError};

const LIST: &str = "/administration/langues";
/// Longest name, in characters.
const NOM_MAX: usize = 80;
/// The kinds of languages: the word in the table, the heading of the list, and the name in the form.
const CATEGORIES: [(&str, &str, &str); 2] =
    [("etrangere", "Langues étrangères", "Langue étrangère"), ("regionale", "Langues régionales", "Langue régionale")];

async fn all(app: &App) -> Result<Vec<Langue>, Error> {
    Ok(store::langues::all(&mut app.store.read().await?).await?)
}

pub async fn langues(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    let known = all(&app).await?;
    let groupes = CATEGORIES.iter().map(|(word, heading, _)| {
        let rows = known.iter().filter(|item| item.categorie == *word).map(|item| LangueRow {
            href: format!("{LIST}/{}", item.code),
            nom: item.nom.clone(),
            actif: item.actif,
        });
        (*heading, rows.collect())
    });
    let groupes = groupes.collect();
    let layout = layout(&request, &app, &who, "Langues", Vec::new()).await?;
    page::ok(&request, &app, &who.connecte.viewer, &Langues { layout, sections: sections(), groupes })
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    langue: Langue,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let is_new = langue.code.is_empty();
    let title = if is_new { "Ajouter une langue" } else { "Modifier la langue" };
    let layout = layout(request, app, who, title, errors).await?;
    let view = LangueFormulaire {
        layout,
        sections: sections(),
        action: format!("{LIST}/{}", if is_new { "nouvelle" } else { &langue.code }),
        categories: CATEGORIES
            .iter()
            .map(|(word, _, label)| Choice { selected: *word == langue.categorie, ..Choice::new(*word, *label) })
            .collect(),
        nom: langue.nom,
        actif: langue.actif,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

fn empty() -> Langue {
    Langue { code: String::new(), nom: String::new(), categorie: "etrangere".to_owned(), actif: true }
}

pub async fn new_langue_form(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    show(&request, &app, &who, empty(), Vec::new(), StatusCode::OK).await
}

pub async fn langue_form(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    code: Path<String>,
) -> Result<HttpResponse, Error> {
    let found = all(&app).await?.into_iter().find(|item| item.code == *code).ok_or(Error::NotFound)?;
    show(&request, &app, &who, found, Vec::new(), StatusCode::OK).await
}

/// `POST /administration/langues/nouvelle` with `nom, categorie, actif`.
pub async fn create_langue(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let known = all(&app).await?;
    save(&request, &app, &who, empty(), &known, &fields).await
}

/// `POST /administration/langues/{code}` with `nom, categorie, actif`.
pub async fn update_langue(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    code: Path<String>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let known = all(&app).await?;
    let found = known.iter().find(|item| item.code == *code).cloned().ok_or(Error::NotFound)?;
    save(&request, &app, &who, found, &known, &fields).await
}

async fn save(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    mut langue: Langue,
    known: &[Langue],
    fields: &Fields,
) -> Result<HttpResponse, Error> {
    let mut reader = Reader::new(fields);
    langue.nom = reader.line("nom", NOM_MAX, Some("Donnez le nom de la langue."));
    let code = Some(langue.code.clone()).filter(|code| !code.is_empty());
    let listed = "Cette langue est déjà dans la liste.";
    if !langue.nom.is_empty() && langue_is_listed(known, &langue.nom, code.as_deref()) {
        reader.refuse("nom", listed);
    }
    let known_word = |word: &str| CATEGORIES.iter().find(|(known, ..)| *known == word).map(|(known, ..)| *known);
    langue.categorie =
        reader.choice("categorie", known_word, "Choisissez une sorte de langue.").unwrap_or_default().to_owned();
    langue.actif = fields.has("actif");
    let mut errors = reader.errors;
    if errors.is_empty() {
        let (nom, categorie) = (langue.nom.clone(), langue.categorie.clone());
        let save = SaveLangue { code, nom, categorie, actif: langue.actif };
        match app.comptes.ask(&who.connecte.identity(), save).await? {
            Ok(()) => {}
            Err(NotListed::NameTaken) => errors.push(FieldError::new("nom", listed)),
            Err(refusal) => return Err(refused(refusal)),
        }
    }
    if !errors.is_empty() {
        return show(request, app, who, langue, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    reload(app).await?;
    done(app, LIST, Fait::Langue)
}
