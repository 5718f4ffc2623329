//! Sigles and what they stand for: a search that has one is understood both ways.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{NoSigle, RemoveSigle, SaveSigle};
use domain::sigle::{self, LISTE_MAX};
use domain::texte::fold;
use store::sigles::Sigle;

use super::{Fait, done, layout, reload};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::reader::LINE_MAX;
use crate::session::Administrateur;
use crate::views::FieldError;
use crate::views::administration::{SigleFormulaire, SigleRow, Sigles, sections};

const LIST: &str = "/administration/sigles";
const NEW: &str = "/administration/sigles/nouveau";

async fn all(app: &App) -> Result<Vec<Sigle>, Error> {
    Ok(store::sigles::all(&mut app.store.read().await?).await?)
}

/// `GET /administration/sigles` with `q`.
pub async fn sigles(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    let q = fields.searched("q");
    let known = all(&app).await?;
    let total = known.len();
    let (words, joined) = (fold(&q), fold(&q).replace(' ', ""));
    let fits = |one: &Sigle| {
        let sens = fold(&one.sens);
        fold(&one.abrege).replace(' ', "").contains(&joined) || words.split(' ').all(|word| sens.contains(word))
    };
    let rows = known.into_iter().filter(fits).map(|one| SigleRow {
        href: format!("{LIST}/{}", one.id),
        abrege: one.abrege,
        sens: one.sens,
    });
    let rows = rows.collect();
    let layout = layout(&request, &app, &who, "Sigles", Vec::new()).await?;
    let full = total >= LISTE_MAX;
    let view = Sigles { layout, sections: sections(), q, rows, total: total as u64, max: LISTE_MAX, full };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    sigle: Sigle,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let is_new = sigle.id == 0;
    let title = if is_new { "Ajouter un sigle" } else { "Modifier le sigle" };
    let layout = layout(request, app, who, title, errors).await?;
    let action = if is_new { NEW.to_owned() } else { format!("{LIST}/{}", sigle.id) };
    let view = SigleFormulaire {
        layout,
        sections: sections(),
        supprimer_href: if is_new { String::new() } else { format!("{action}/supprimer") },
        action,
        abrege: sigle.abrege,
        sens: sigle.sens,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// A new one has no id yet.
fn empty() -> Sigle {
    Sigle { id: 0, abrege: String::new(), sens: String::new() }
}

async fn found(app: &App, id: i64) -> Result<Sigle, Error> {
    all(app).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)
}

pub async fn new_sigle_form(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    show(&request, &app, &who, empty(), Vec::new(), StatusCode::OK).await
}

pub async fn sigle_form(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let sigle = found(&app, *id).await?;
    show(&request, &app, &who, sigle, Vec::new(), StatusCode::OK).await
}

/// `POST /administration/sigles/nouveau` with `abrege, sens`.
pub async fn create_sigle(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    save(&request, &app, &who, empty(), &fields).await
}

/// `POST /administration/sigles/{id}` with `abrege, sens`.
pub async fn update_sigle(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let sigle = found(&app, *id).await?;
    save(&request, &app, &who, sigle, &fields).await
}

async fn save(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    mut sigle: Sigle,
    fields: &Fields,
) -> Result<HttpResponse, Error> {
    sigle.abrege = domain::texte::ligne(fields.one("abrege"));
    sigle.sens = domain::texte::ligne(fields.one("sens"));
    let at = |error: sigle::SigleError| {
        FieldError::new(if error.is_of_sense() { "sens" } else { "abrege" }, error.to_string())
    };
    let mut errors: Vec<FieldError> = sigle::wrong(&sigle.abrege, &sigle.sens).into_iter().map(at).collect();
    if errors.is_empty() {
        let id = Some(sigle.id).filter(|id| *id != 0);
        let save = SaveSigle { id, abrege: sigle.abrege.clone(), sens: sigle.sens.clone() };
        match app.comptes.ask(&who.connecte.identity(), save).await? {
            Ok(()) => {}
            Err(NoSigle::Listed) => {
                errors.push(FieldError::new("sens", "Ce sigle est déjà dans la liste avec ce sens."));
            }
            Err(NoSigle::Full) => errors.push(FieldError::new(
                "abrege",
                format!(
                    "La liste compte {LISTE_MAX} lignes, le nombre le plus grand : supprimez-en une avant d’en ajouter."
                ),
            )),
            Err(NoSigle::Wrong(error)) => errors.push(at(error)),
            Err(refusal @ (NoSigle::Forbidden | NoSigle::NotFound)) => return Err(refused(refusal)),
        }
    }
    if !errors.is_empty() {
        // What is far too long is shown as far as a line goes.
        sigle.abrege = sigle.abrege.chars().take(LINE_MAX).collect();
        sigle.sens = sigle.sens.chars().take(2 * LINE_MAX).collect();
        return show(request, app, who, sigle, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    reload(app).await?;
    done(app, LIST, Fait::Sigle)
}

/// A refusal that no form shows.
fn refused(refusal: NoSigle) -> Error {
    if refusal == NoSigle::NotFound { Error::NotFound } else { Error::Forbidden }
}

/// `POST /administration/sigles/{id}/supprimer`.
pub async fn remove_sigle(
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(_): Posted,
) -> Result<HttpResponse, Error> {
    app.comptes.ask(&who.connecte.identity(), RemoveSigle(*id)).await?.map_err(refused)?;
    reload(&app).await?;
    done(&app, LIST, Fait::SigleSupprime)
}
