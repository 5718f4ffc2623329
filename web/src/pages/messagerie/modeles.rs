//! Reply templates of a structure: written, changed, removed (SPEC M8).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{KeepTemplate, RemoveTemplate, TemplateRefusal};
use domain::StructureId;
use domain::compte::Droit;
use domain::modele::{TEXTE_MAX, VARIABLES, unknown};
use store::Connection;
use store::modeles::{self, Modele};

use super::list::excerpt;
use super::nav;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::cvtheque::{NOM_MAX, name};
use crate::reader::Reader;
use crate::session::{Gestionnaire, Titulaire};
use crate::views::messagerie::{MessagerieModeles, ModeleRow};
use crate::views::{Choice, FieldError, Notice};

const LIST: &str = "/messagerie/modeles";

/// The templates of a structure to choose from, the first choice is none; empty when it has none.
pub(in crate::pages) async fn choices(
    connection: &mut Connection,
    structure: StructureId,
) -> Result<Vec<Choice>, Error> {
    let names = modeles::names(connection, structure).await?;
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let all = names.into_iter().map(|(id, nom)| Choice::new(id.to_string(), nom));
    Ok([Choice::new("", "choisir…")].into_iter().chain(all).collect())
}

pub async fn templates(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    titulaire: Titulaire,
) -> Result<HttpResponse, Error> {
    show(&request, &app, (&who, &titulaire), None, &Fields::default(), Vec::new()).await
}

pub async fn template(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    titulaire: Titulaire,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let found = modeles::by_id(&mut app.store.read().await?, who.structure, *id).await?.ok_or(Error::NotFound)?;
    let fields = Fields::from_pairs(vec![("nom".into(), found.nom.clone()), ("texte".into(), found.texte.clone())]);
    show(&request, &app, (&who, &titulaire), Some(&found), &fields, Vec::new()).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    (who, titulaire): (&Gestionnaire, &Titulaire),
    one: Option<&Modele>,
    fields: &Fields,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    who.allowed(Droit::Messagerie)?;
    let mut connection = app.store.read().await?;
    let all = if one.is_none() { modeles::list(&mut connection, who.structure).await? } else { Vec::new() };
    let nav = nav(&mut connection, titulaire, None).await?;
    drop(connection);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = if one.is_some() { "Modifier un modèle" } else { "Modèles de réponse" };
    let view = MessagerieModeles {
        layout: page::layout(request, app, &who.connecte.viewer, title).await?.with_errors(errors),
        nav,
        rows: all
            .into_iter()
            .map(|one| ModeleRow { href: format!("{LIST}/{}", one.id), debut: excerpt(&one.texte), nom: one.nom })
            .collect(),
        un: one.is_some(),
        action_href: one.map_or_else(|| LIST.to_owned(), |one| format!("{LIST}/{}", one.id)),
        nom: fields.one("nom").to_owned(),
        texte: fields.one("texte").to_owned(),
        variables: VARIABLES.iter().map(|one| (format!("{{{}}}", one.mot), one.sens)).collect(),
        nom_max: NOM_MAX,
        texte_max: TEXTE_MAX,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `POST /messagerie/modeles` with `nom` and `texte`: a new one.
pub async fn keep_template(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    titulaire: Titulaire,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    keep(&request, &app, (&who, &titulaire), None, &fields).await
}

/// `POST /messagerie/modeles/{id}` with `action` = `enregistrer` (`nom`, `texte`) or `supprimer`.
pub async fn change_template(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    titulaire: Titulaire,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let found = modeles::by_id(&mut app.store.read().await?, who.structure, *id).await?.ok_or(Error::NotFound)?;
    match fields.one("action") {
        "enregistrer" => keep(&request, &app, (&who, &titulaire), Some(&found), &fields).await,
        "supprimer" => {
            let removed = app.comptes.ask(&who.connecte.identity(), RemoveTemplate(found.id)).await?;
            removed.map_err(refused)?;
            page::redirect_saying(&app, LIST, &Notice::done("Le modèle est supprimé."))
        }
        _ => Err(Error::BadRequest("Utilisez l’un des boutons de la page : enregistrer ou supprimer.")),
    }
}

async fn keep(
    request: &HttpRequest,
    app: &App,
    who: (&Gestionnaire, &Titulaire),
    one: Option<&Modele>,
    fields: &Fields,
) -> Result<HttpResponse, Error> {
    who.0.allowed(Droit::Messagerie)?;
    let mut reader = Reader::new(fields);
    let nom = name(fields, "ce modèle").unwrap_or_else(|error| {
        reader.errors.push(error);
        String::new()
    });
    let too_long = format!("Le texte est trop long : {TEXTE_MAX} caractères au plus.");
    let texte = reader.text_saying("texte", TEXTE_MAX, "Écrivez le texte du modèle.", &too_long);
    if let Some(word) = unknown(&texte).filter(|_| reader.errors.iter().all(|error| error.field != "texte")) {
        let sentence = format!("« {{{word}}} » n’est pas un mot remplacé : choisissez parmi ceux de la liste.");
        reader.refuse("texte", sentence);
    }
    let errors = reader.errors;
    if !errors.is_empty() {
        return show(request, app, who, one, fields, errors).await;
    }
    let keep = KeepTemplate { modele: one.map(|one| one.id), nom, texte };
    match app.comptes.ask(&who.0.connecte.identity(), keep).await? {
        Ok(()) => page::redirect_saying(app, LIST, &Notice::done("Le modèle est enregistré.")),
        Err(refusal @ (TemplateRefusal::NotFound | TemplateRefusal::Forbidden)) => Err(refused(refusal)),
        Err(refusal @ (TemplateRefusal::NameTaken | TemplateRefusal::TooMany)) => {
            show(request, app, who, one, fields, vec![FieldError::new("nom", refusal.to_string())]).await
        }
    }
}

/// A refusal that no form shows.
fn refused(refusal: TemplateRefusal) -> Error {
    match refusal {
        TemplateRefusal::NotFound => Error::NotFound,
        TemplateRefusal::Forbidden => Error::NotGranted(Droit::Messagerie),
        TemplateRefusal::NameTaken | TemplateRefusal::TooMany => Error::Conflict(refusal.to_string()),
    }
}
