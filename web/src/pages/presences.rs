//! Who else has a page open: signs of life, shown to each other (SPEC G2, M8, S8).

use actors::commands::Look;
use domain::CompteId;
use domain::equipe::Travail;

use crate::app::App;
use crate::error::Error;
use crate::session::Connecte;

/// Records that this account works on something; returns the names of the others who do.
pub async fn others(app: &App, who: &Connecte, sujet: (Travail, i64)) -> Result<Vec<String>, Error> {
    app.comptes.ask(&who.identity(), Look(sujet.0, sujet.1)).await??;
    elsewhere(app, who.session.compte, sujet).await
}

/// The names of the others who work on something.
pub async fn elsewhere(app: &App, me: CompteId, sujet: (Travail, i64)) -> Result<Vec<String>, Error> {
    let now = app.store.clock().now();
    Ok(store::presences::lookers(&mut app.store.read().await?, sujet, me, now).await?)
}
