//! What is typed and not saved yet: it is kept as one types, and published by « Enregistrer » alone (SPEC I9).

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use domain::CompteId;
use domain::alertes::Regle;
use domain::inscription::{Refusal, Volet};
use domain::profil::{Champs, Identification, PARCOURS as FIELDS, Parcours};
use domain::time::paris;
use serde_json::json;

use super::{INFORMATIONS, PARCOURS, registration};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::flash::Flash;
use crate::page;
use crate::session::Intervenant;
use crate::views::dates;

/// Keeps what is typed on a page. Nothing is kept that says what is saved already.
pub async fn keep(
    app: &App,
    compte: CompteId,
    volet: Volet,
    cle: &'static str,
    champs: Champs,
) -> Result<Result<(), Refusal>, Error> {
    let today = super::today(app);
    Ok(app
        .store
        .attempt(Some(compte), move |transaction| {
            Box::pin(async move {
                store::profils::open(transaction, compte, volet).await?;
                let saved = match volet {
                    Volet::Informations => {
                        let saved = store::profils::identification(transaction.connection(), compte).await?;
                        saved.is_some_and(|saved| Identification::read(&champs, today) == (saved, Vec::new()))
                    }
                    Volet::Parcours => {
                        let saved = store::profils::parcours(transaction.connection(), compte).await?;
                        let regle = store::alertes::regle(transaction.connection(), compte).await?;
                        Parcours::read(&champs) == (saved, Vec::new())
                            && Regle::of_form(&champs).is_ok_and(|typed| typed == regle)
                    }
                };
                if saved {
                    store::profils::forget_saisie(transaction, compte, cle).await?;
                } else {
                    store::profils::keep_saisie(transaction, compte, cle, &champs).await?;
                }
                Ok(())
            })
        })
        .await?)
}

/// Forgets what is typed: the page shows what is saved again.
pub async fn give_up(app: &App, compte: CompteId, cle: &'static str, to: &str) -> Result<HttpResponse, Error> {
    app.store
        .write::<_, store::Error, _>(Some(compte), move |transaction| {
            Box::pin(async move { store::profils::forget_saisie(transaction, compte, cle).await })
        })
        .await?;
    page::redirect_saying(app, to, &Flash::DraftGivenUp)
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
    let compte = who.connecte.session.compte;
    let inscription = registration(&mut app.store.read().await?, compte).await?;
    let champs = inscription.posted(fields.champs());
    keep(&app, compte, Volet::Informations, INFORMATIONS, champs).await??;
    Ok(kept_at(&app))
}

/// `POST /mon-compte/parcours/saisie`: the page saves by itself.
pub async fn keep_parcours(app: Data<App>, who: Intervenant, Posted(fields): Posted) -> Result<HttpResponse, Error> {
    let compte = who.connecte.session.compte;
    keep(&app, compte, Volet::Parcours, PARCOURS, fields.champs().only(FIELDS)).await??;
    Ok(kept_at(&app))
}
