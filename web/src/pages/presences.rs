//! Who else has a page before them: signs of life, told to each other (SPEC G2, M8, S8).

use actors::commands::Look;
use domain::CompteId;
use domain::equipe::Travail;

use crate::app::App;
use crate::error::Error;
use crate::session::Connecte;

/// Says that somebody is at something, and answers who else does.
pub async fn others(app: &App, who: &Connecte, sujet: (Travail, i64)) -> Result<Vec<String>, Error> {
    app.comptes.ask(&who.identity(), Look(sujet.0, sujet.1)).await??;
    elsewhere(app, who.session.compte, sujet).await
}

/// Who else is at something.
pub async fn elsewhere(app: &App, me: CompteId, sujet: (Travail, i64)) -> Result<Vec<String>, Error> {
    let now = app.store.clock().now();
    Ok(store::presences::lookers(&mut app.store.read().await?, sujet, me, now).await?)
}
