//! « Mes connexions »: the open sessions of the account, each with « déconnecter » (K9).

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{EndOtherSessions, EndSession, NoSuchSession};
use domain::connexion::idle;

use super::sections;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::session::{Connecte, SESSION, removal};
use crate::views::numbers::counted;
use crate::views::{MonCompteSessions, Notice, SessionRow};

pub async fn sessions(request: HttpRequest, app: Data<App>, who: Connecte) -> Result<HttpResponse, Error> {
    let session = &who.session;
    let now = app.store.clock().now();
    let mut lines = store::sessions::list(&mut app.store.read().await?, session.compte, now).await?;
    // A session that was idle too long has expired, although its row is swept later.
    lines.retain(|line| line.id == session.id || line.vue_at + idle(session.role) > now);
    lines.sort_by_key(|line| line.id != session.id);
    let rows = lines
        .into_iter()
        .map(|line| SessionRow {
            id: line.id.to_string(),
            device: line.appareil,
            opened: page::moment(&app, line.cree_at),
            used: page::moment(&app, line.vue_at),
            current: line.id == session.id,
        })
        .collect();
    let layout = page::layout(&request, &app, &who.viewer, "Mes connexions").await?;
    page::ok(&request, &app, &who.viewer, &MonCompteSessions { layout, sections: sections(session), rows })
}

/// `POST /mon-compte/sessions/{id}`: ends a session of this account; ending the current one logs out.
pub async fn end_session(app: Data<App>, who: Connecte, id: Path<i64>, _: Posted) -> Result<HttpResponse, Error> {
    let id = *id;
    app.comptes.ask(&who.identity(), EndSession(id)).await?.map_err(|NoSuchSession| Error::NotFound)?;
    if id != who.session.id {
        return page::redirect_saying(&app, "/mon-compte/sessions", &Notice::done("La session a été déconnectée."));
    }
    let mut response = page::redirect_saying(&app, "/", &Notice::done("Votre session est fermée."))?;
    response.add_cookie(&removal(&app.settings, SESSION)).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(response)
}

/// `POST /mon-compte/sessions`: ends every session except the current one.
pub async fn end_other_sessions(app: Data<App>, who: Connecte, _: Posted) -> Result<HttpResponse, Error> {
    let Ok(n) = app.comptes.ask(&who.identity(), EndOtherSessions { kept: who.session.id }).await?;
    page::redirect_saying(
        &app,
        "/mon-compte/sessions",
        &Notice::done(match n {
            0 => "Aucune autre session n’était ouverte.".to_owned(),
            n => format!("{}.", counted(n as u64, "autre session déconnectée", "autres sessions déconnectées")),
        }),
    )
}
