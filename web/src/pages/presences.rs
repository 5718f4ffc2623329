//! Who else has a page before them: signs of life, told to each other (SPEC G2, M8, S8).

use actors::commands::{Look, Sujet};
use domain::CompteId;

use crate::app::App;
use crate::error::Error;
use crate::session::Connecte;

/// Says that somebody looks at something, and answers who else does.
pub async fn others(app: &App, who: &Connecte, sujet: Sujet) -> Result<Vec<String>, Error> {
    app.comptes.ask(&who.identity(), Look(sujet)).await??;
    elsewhere(app, who.session.compte, sujet).await
}

/// Who else looks at something.
pub async fn elsewhere(app: &App, me: CompteId, sujet: Sujet) -> Result<Vec<String>, Error> {
    let now = app.store.clock().now();
    Ok(store::presences::lookers(&mut app.store.read().await?, sujet, me, now).await?)
}
