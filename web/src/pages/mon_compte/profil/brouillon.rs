//! What is typed and not saved yet: it is kept during typing, and only « Enregistrer » publishes it (SPEC I9).

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use actors::commands::profil::{GiveUpProfil, KeepProfil};
use chrono::NaiveDateTime;
use domain::CompteId;
use domain::alertes::Regle;
use domain::inscription::Volet;
use domain::profil::{Champs, Ecart, PARCOURS as FIELDS, Parcours};
use domain::time::paris;
use serde_json::json;
use store::Connection;

use super::{PARCOURS, registration};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::session::Intervenant;
use crate::views::{Notice, dates};

/// Keeps what is typed on a page.
pub async fn keep(app: &App, who: &Intervenant, volet: Volet, champs: Champs) -> Result<(), Error> {
    Ok(app.comptes.ask(&who.connecte.identity(), KeepProfil { volet, champs }).await??)
}

/// Forgets what is typed: the page shows the saved values again.
pub async fn give_up(app: &App, who: &Intervenant, volet: Volet, to: &str) -> Result<HttpResponse, Error> {
    app.comptes.ask(&who.connecte.identity(), GiveUpProfil(volet)).await??;
    page::redirect_saying(app, to, &Notice::done("Vous retrouvez la version précédente."))
}

/// `{"enregistre_a": "14 h 32"}`.
fn kept_at(app: &App) -> HttpResponse {
    let said = json!({"enregistre_a": dates::time(paris(app.store.clock().now()).time())});
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(said)
}

/// `POST /mon-compte/informations/saisie`: the page saves by itself.
pub async fn keep_informations(
    app: Data<App>,
    who: Intervenant,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let inscription = registration(&mut app.store.read().await?, who.connecte.session.compte).await?;
    keep(&app, &who, Volet::Informations, inscription.posted(fields.champs())).await?;
    Ok(kept_at(&app))
}

/// `POST /mon-compte/parcours/saisie`: the page saves by itself.
pub async fn keep_parcours(app: Data<App>, who: Intervenant, Posted(fields): Posted) -> Result<HttpResponse, Error> {
    keep(&app, &who, Volet::Parcours, fields.champs().only(FIELDS)).await?;
    Ok(kept_at(&app))
}

/// Writes a rule into the form as ticked boxes.
fn with_rule(mut champs: Champs, regle: Regle) -> Champs {
    let (specialites, regions, both) = regle.boxes();
    for (on, word) in [(specialites, "specialites"), (regions, "regions"), (both, "specialites_et_regions")] {
        if on {
            champs.push("alertes", word);
        }
    }
    champs
}

/// The present « Mon parcours », typed or saved, as it would be sent; and when it was typed.
pub async fn parcours(
    connection: &mut Connection,
    compte: CompteId,
) -> Result<(Champs, Option<NaiveDateTime>), store::Error> {
    if let Some((champs, at)) = store::profils::saisie(connection, compte, PARCOURS).await? {
        return Ok((champs, Some(at)));
    }
    let regle = store::alertes::regle(connection, compte).await?;
    Ok((with_rule(store::profils::parcours(connection, compte).await?.champs(), regle), None))
}

/// Reads « Mon parcours » with its alerts; beside it, what could not be read.
pub fn read_parcours(champs: &Champs) -> (Parcours, Regle, Vec<Ecart>) {
    let (parcours, mut wrong) = Parcours::read(champs);
    let regle = Regle::of_form(champs).unwrap_or_else(|contradiction| {
        wrong.push(Ecart::new("alertes", contradiction.to_string()));
        Regle::Aucune
    });
    (parcours, regle, wrong)
}
