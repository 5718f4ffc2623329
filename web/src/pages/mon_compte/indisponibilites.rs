//! « Mes indisponibilités »: periods when the person can't intervene, which gestionnaires see (manual §3.3.1, SPEC C2).

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::profil::{AddAbsence, ChangeAbsence, NotPlanned, RemoveAbsence};
use domain::dates::{lire_jour, periode};
use domain::indisponibilite::{Periode, calendar};
use store::profils;

use super::sections;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::mon_compte::profil::today;
use crate::session::Valide;
use crate::views::aides::aide;
use crate::views::mon_compte::{AbsenceRow, MonCompteIndisponibilite, MonCompteIndisponibilites};
use crate::views::{FieldError, Notice, Query, Undo};

/// The address of the list.
pub const LIST: &str = "/mon-compte/indisponibilites";
/// The field with a period to restore: its two days, with a slash between them.
const RESTORED: &str = "retablir";

/// `GET /mon-compte/indisponibilites`, with `du` and `au` of a period being typed.
pub async fn absences(request: HttpRequest, app: Data<App>, who: Valide) -> Result<HttpResponse, Error> {
    show(&request, &app, &who, &Fields::parse(request.query_string()), Vec::new()).await
}

/// Back to the list, with the period that is typed there and not added yet.
fn back(app: &App, typed: &Fields, said: &Notice) -> Result<HttpResponse, Error> {
    let list = Query::new(LIST).add("du", typed.one("du")).add("au", typed.one("au"));
    page::redirect_saying(app, &list.href(), said)
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Valide,
    typed: &Fields,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let all = profils::indisponibilites(&mut app.store.read().await?, who.connecte.session.compte).await?;
    let today = today(app);
    let (ahead, mut past): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, period)| period.au >= today);
    past.reverse();
    let rows = |periods: Vec<(i64, Periode)>| {
        let row = |(id, Periode { du, au })| AbsenceRow {
            href: format!("{LIST}/{id}"),
            periode: periode(Some(du), Some(au)),
            en_cours: du <= today && today <= au,
        };
        periods.into_iter().map(row).collect()
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut layout =
        page::layout(request, app, &who.connecte.viewer, "Mes indisponibilités").await?.with_errors(errors);
    layout.kept = typed.filled("du").or(typed.filled("au")).is_some();
    let view = MonCompteIndisponibilites {
        layout: layout.undoing_in("periode", LIST),
        sections: sections(&who.connecte.session),
        a_venir: rows(ahead),
        passees: rows(past),
        du: typed.one("du").to_owned(),
        au: typed.one("au").to_owned(),
        aide: aide("indisponibilites"),
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// The period that « Annuler » restores, or what is wrong with it.
fn restored(app: &App, days: &str) -> Result<Periode, FieldError> {
    let (du, au) = days.split_once('/').unwrap_or((days, ""));
    let days = (lire_jour(du).ok(), lire_jour(au).ok());
    Periode::restored(days, today(app)).map_err(|(_, why)| FieldError::new("", why))
}

/// The typed period, or what is wrong with it.
fn read(app: &App, fields: &Fields) -> Result<Periode, FieldError> {
    for field in ["du", "au"] {
        if fields.filled(field).is_some()
            && let Err(error) = fields.read_day(field)
        {
            let form = "Cette date n’existe pas : écrivez jour, mois, année, comme 24/12/2026.";
            return Err(FieldError::new(field, error.phrase(form)));
        }
    }
    let days = (fields.day("du"), fields.day("au"));
    Periode::read(days, today(app)).map_err(|(field, why)| FieldError::new(field, why))
}

/// `POST /mon-compte/indisponibilites` with `du` and `au`: adds a period; or with `retablir`: restores one that was
/// just removed, and keeps the `du` and `au` of another being typed.
pub async fn add_absence(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let back_again = fields.filled(RESTORED);
    let period = match back_again.map_or_else(|| read(&app, &fields), |days| restored(&app, days)) {
        Ok(period) => period,
        Err(error) => return show(&request, &app, &who, &fields, vec![error]).await,
    };
    match app.comptes.ask(&who.connecte.identity(), AddAbsence(period)).await? {
        Ok(()) => {}
        Err(full @ NotPlanned::Full) => {
            return show(&request, &app, &who, &fields, vec![FieldError::new("du", full.to_string())]).await;
        }
        Err(refusal) => return Err(refused(refusal)),
    }
    match back_again {
        Some(_) => back(&app, &fields, &Notice::done("La période est enregistrée : les structures la voient.")),
        None => {
            page::redirect_saying(&app, LIST, &Notice::done("La période est enregistrée : les structures la voient."))
        }
    }
}

fn refused(refusal: NotPlanned) -> Error {
    match refusal {
        NotPlanned::NotValidated(no) => no.into(),
        NotPlanned::Full => Error::Conflict(refusal.to_string()),
        NotPlanned::Unknown => Error::NotFound,
    }
}

async fn own(app: &App, who: &Valide, id: i64) -> Result<Periode, Error> {
    let all = profils::indisponibilites(&mut app.store.read().await?, who.connecte.session.compte).await?;
    all.into_iter().find(|(other, _)| *other == id).map(|(_, period)| period).ok_or(Error::NotFound)
}

pub async fn absence(request: HttpRequest, app: Data<App>, who: Valide, id: Path<i64>) -> Result<HttpResponse, Error> {
    let Periode { du, au } = own(&app, &who, *id).await?;
    edit(&request, &app, &who, *id, (du.to_string(), au.to_string()), Vec::new()).await
}

async fn edit(
    request: &HttpRequest,
    app: &App,
    who: &Valide,
    id: i64,
    (du, au): (String, String),
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let layout = page::layout(request, app, &who.connecte.viewer, "Modifier une indisponibilité").await?;
    let view = MonCompteIndisponibilite {
        layout: layout.with_errors(errors),
        sections: sections(&who.connecte.session),
        action: format!("{LIST}/{id}"),
        du,
        au,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `POST /mon-compte/indisponibilites/{id}` with `du` and `au`: changes the period; or with `action` = `supprimer`:
/// removes it, and keeps the `du` and `au` of another being typed.
pub async fn change_absence(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let (identity, id) = (who.connecte.identity(), *id);
    if fields.one("action") == "supprimer" {
        let gone = app.comptes.ask(&identity, RemoveAbsence(id)).await?;
        let Periode { du, au } = gone.map_err(refused)?;
        return back(
            &app,
            &fields,
            &Notice::done("La période est supprimée.").with_undo(Undo {
                action: LIST.to_owned(),
                fields: vec![(RESTORED.to_owned(), format!("{du}/{au}"))],
                ..Undo::default()
            }),
        );
    }
    own(&app, &who, id).await?;
    let periode = match read(&app, &fields) {
        Ok(period) => period,
        Err(error) => {
            let typed = (fields.one("du").to_owned(), fields.one("au").to_owned());
            return edit(&request, &app, &who, id, typed, vec![error]).await;
        }
    };
    app.comptes.ask(&identity, ChangeAbsence { id, periode }).await?.map_err(refused)?;
    page::redirect_saying(&app, LIST, &Notice::done("La période est enregistrée : les structures la voient."))
}

/// `GET /mon-compte/indisponibilites.ics`: the periods for a calendar (RFC 5545).
pub async fn calendar_of_absences(app: Data<App>, who: Valide) -> Result<HttpResponse, Error> {
    let all = profils::indisponibilites(&mut app.store.read().await?, who.connecte.session.compte).await?;
    // Not the host of the request: an id must be the same whatever host name was used.
    let site = app.settings.base_url.split_once("://").map_or(app.settings.base_url.as_str(), |(_, site)| site);
    let text = calendar(who.connecte.session.compte, &all, site, app.store.clock().now());
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"indisponibilites.ics\""))
        .body(text))
}
