//! Structures: their names, their contact details, and whether their messaging is open.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{ChangeStructure, NotListed};
use domain::StructureId;
use domain::email::Email;
use domain::telephone::{Telephone, shown};
use domain::texte::compact;
use store::administration::Coordonnees;
use store::structures::Structure;

use super::{Fait, done, layout, reload};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::reader::{LINE_MAX, Reader};
use crate::session::Administrateur;
use crate::views::FieldError;
use crate::views::administration::{StructureFormulaire, StructureRow, Structures, sections};

const LIST: &str = "/administration/structures";

pub async fn structures(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    let found = store::structures::all(&mut app.store.read().await?).await?;
    let of = |categorie: &str| -> Vec<StructureRow> {
        found.iter().filter(|structure| structure.categorie == categorie).map(row).collect()
    };
    let groupes = vec![("Délégations", of("delegation")), ("Instituts", of("institut")), ("Siège", of("siege"))];
    let layout = layout(&request, &app, &who, "Structures", Vec::new()).await?;
    page::ok(&request, &app, &who.connecte.viewer, &Structures { layout, sections: sections(), groupes })
}

fn row(structure: &Structure) -> StructureRow {
    StructureRow {
        href: format!("{LIST}/{}", structure.id),
        nom: structure.nom.clone(),
        commune: format!("{} {}", structure.code_postal, structure.commune),
        telephone: shown(&structure.telephone),
        courriel: structure.courriel.clone(),
        messagerie: structure.messagerie_active,
    }
}

async fn found(app: &App, id: i64) -> Result<Structure, Error> {
    store::structures::by_id(&mut app.store.read().await?, StructureId(id)).await?.ok_or(Error::NotFound)
}

pub async fn structure_form(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let structure = found(&app, *id).await?;
    let saved = Coordonnees {
        nom: structure.nom.clone(),
        adresse: structure.adresse.clone(),
        code_postal: structure.code_postal.clone(),
        commune: structure.commune.clone(),
        telephone: shown(&structure.telephone),
        courriel: structure.courriel.clone(),
        messagerie_active: structure.messagerie_active,
    };
    show(&request, &app, &who, &structure, saved, Vec::new(), StatusCode::OK).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    structure: &Structure,
    typed: Coordonnees,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let layout = layout(request, app, who, structure.nom.clone(), errors).await?;
    let view = StructureFormulaire {
        layout,
        sections: sections(),
        action: format!("{LIST}/{}", structure.id),
        public_href: format!("/informations#structure-{}", structure.code),
        nom: typed.nom,
        adresse: typed.adresse,
        code_postal: typed.code_postal,
        commune: typed.commune,
        telephone: typed.telephone,
        courriel: typed.courriel,
        messagerie: typed.messagerie_active,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `POST /administration/structures/{id}` with `nom, adresse, code_postal, commune, telephone, courriel, messagerie`.
pub async fn update_structure(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let structure = found(&app, *id).await?;
    let mut reader = Reader::new(&fields);
    let mut typed = Coordonnees {
        nom: reader.line("nom", LINE_MAX, Some("Indiquez le nom de la structure.")),
        adresse: reader.line("adresse", LINE_MAX, None),
        code_postal: compact(&reader.line("code_postal", LINE_MAX, Some("Indiquez le code postal."))),
        commune: reader.line("commune", LINE_MAX, Some("Indiquez la commune.")),
        telephone: reader.line("telephone", 30, None),
        courriel: reader.line("courriel", 254, Some("Indiquez l’adresse électronique de la structure.")),
        messagerie_active: fields.has("messagerie"),
    };
    let digits = typed.code_postal.len() == 5 && typed.code_postal.bytes().all(|sign| sign.is_ascii_digit());
    if !typed.code_postal.is_empty() && !digits {
        fields.one("code_postal").trim().clone_into(&mut typed.code_postal);
        reader.refuse("code_postal", "Un code postal compte 5 chiffres ; « CEDEX » s’écrit après la commune.");
    }
    let mut telephone = String::new();
    if !typed.telephone.is_empty() {
        match Telephone::parse(&typed.telephone) {
            Ok(number) => number.as_str().clone_into(&mut telephone),
            Err(error) => reader.refuse("telephone", error.to_string()),
        }
    }
    if !typed.courriel.is_empty() {
        match Email::parse(&typed.courriel) {
            Ok(email) => email.as_str().clone_into(&mut typed.courriel),
            Err(error) => reader.refuse("courriel", error.to_string()),
        }
    }
    if !reader.errors.is_empty() {
        let errors = reader.errors;
        return show(&request, &app, &who, &structure, typed, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    typed.telephone = telephone;
    let change = ChangeStructure { structure: StructureId(structure.id), coordonnees: typed };
    app.comptes.ask(&who.connecte.identity(), change).await?.map_err(refused)?;
    reload(&app).await?;
    done(&app, LIST, Fait::Structure)
}

/// A refusal that no form shows.
pub fn refused(refusal: NotListed) -> Error {
    match refusal {
        NotListed::NotFound => Error::NotFound,
        NotListed::Forbidden | NotListed::NameTaken | NotListed::UnknownParent => Error::Forbidden,
    }
}
