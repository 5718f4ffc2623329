//! « Administration »: what an administrateur sets for everybody (SPEC G7, P4, P5).
//!
//! What the path names is looked up before the form is read: a wrong path is not found, whatever the form holds.

mod agent;
mod agents;
mod article;
mod articles;
mod documents;
mod exports;
mod fait;
mod intervenants;
mod interventions;
mod langues;
mod motifs;
mod sigles;
mod specialites;
mod structures;
mod textes;

pub use agent::{archive_agent, create_agent, new_agent_form, reopen_agent, send_link, update_agent};
pub use agents::{agent_form, agents};
pub use article::{article_form, create_article, new_article_form, update_article};
pub use articles::{articles, move_article, remove_article};
pub use documents::{attach_document, detach_document, document};
pub use exports::exports;
pub use fait::Fait;
pub use intervenants::{intervenant, intervenants, set_immatriculation};
pub use interventions::{
    create_intervention, intervention_form, new_intervention_form, remove_intervention, update_intervention,
};
pub use langues::{create_langue, langue_form, langues, new_langue_form, update_langue};
pub use motifs::{create_motif, motif_form, motifs, move_motif, new_motif_form, update_motif};
pub use sigles::{create_sigle, new_sigle_form, remove_sigle, sigle_form, sigles, update_sigle};
pub use specialites::{create_specialite, new_specialite_form, specialite_form, specialites, update_specialite};
pub use structures::{structure_form, structures, update_structure};
pub use textes::{texte_form, textes, update_texte};

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::session::Administrateur;
use crate::views::administration::Sommaire;
use crate::views::{FieldError, Layout, Notice};

pub async fn summary(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    let layout = layout(&request, &app, &who, "Administration", Vec::new()).await?;
    page::ok(&request, &app, &who.connecte.viewer, &Sommaire::new(layout))
}

async fn layout(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    title: impl Into<String>,
    errors: Vec<FieldError>,
) -> Result<Layout, Error> {
    Ok(page::layout(request, app, &who.connecte.viewer, title).await?.with_errors(errors))
}

fn done(app: &App, to: &str, fait: Fait) -> Result<HttpResponse, Error> {
    page::redirect_saying(app, to, &Notice::done(fait.sentence()))
}

/// Reloads the referentials, so that the change shows at once on this server; the other servers follow the journal.
async fn reload(app: &App) -> Result<(), Error> {
    Ok(app.reload_referentiels().await?)
}
