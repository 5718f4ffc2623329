//! For those who run the service: health, readiness, metrics; and the files of the pages.

use std::sync::atomic::Ordering;

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::follower::Called;
use actors::live;
use domain::fichier::EtatLecture;
use serde_json::json;

use crate::app::App;
use crate::assets;
use crate::error::Error;

/// Failures in a row after which a follower is reported as stuck.
const FAILURES_MAX: u64 = 5;

/// `GET /healthz`: the process responds.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// `GET /readyz`: the database responds, the index can be searched, the followers work.
pub async fn readyz(app: Data<App>) -> Result<HttpResponse, Error> {
    let head = async { store::journal::head(&mut app.store.read().await?).await }.await;
    let database = head.is_ok();
    let index = app.index.cursor().is_some();
    let stuck: Vec<&str> = app
        .followers
        .iter()
        .filter(|(_, observed)| observed.failures() >= FAILURES_MAX)
        .map(|(called, _)| called.name)
        .collect();
    let live = app.comptes.watched().failures.load(Ordering::Relaxed) < FAILURES_MAX;
    // Read now when the database responds; otherwise as it was last seen.
    let key = app.vault.look(&app.store).await.unwrap_or_else(|_| !app.vault.is_replaced());
    let ready = database && index && live && key && stuck.is_empty();
    // With a full disk pages are still read: another server would do no better.
    let full = store::disk_is_full();
    let body = json!({
        "pret": ready, "base": database, "index": index, "direct": live, "cle": key, "en_panne": stuck, "disque_plein": full,
    });
    let mut response = if ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    Ok(response.insert_header((header::CACHE_CONTROL, "no-store")).json(body))
}

/// `GET /metrics`, in Prometheus' text format.
pub async fn metrics(app: Data<App>) -> Result<HttpResponse, Error> {
    let watched = app.comptes.watched();
    metrics::gauge!("ei_sockets").set(watched.sockets.load(Ordering::Relaxed) as f64);
    metrics::gauge!("ei_live_accounts").set(watched.accounts.load(Ordering::Relaxed) as f64);
    metrics::gauge!("ei_follower_position", "follower" => live::CALLED.name)
        .set(watched.position.load(Ordering::Relaxed) as f64);
    for (Called { name, .. }, observed) in &app.followers {
        metrics::gauge!("ei_follower_position", "follower" => *name).set(observed.position() as f64);
        metrics::gauge!("ei_follower_failures", "follower" => *name).set(observed.failures() as f64);
    }
    metrics::gauge!("ei_disk_full").set(f64::from(u8::from(store::disk_is_full())));
    let mut connection = app.store.read().await?;
    metrics::gauge!("ei_journal_head").set(store::journal::head(&mut connection).await? as f64);
    metrics::gauge!("ei_journal_unreadable").set(store::journal::unreadable(&mut connection).await?.len() as f64);
    let totals = store::courriels::totals(&mut connection).await?;
    metrics::gauge!("ei_mails", "state" => "en_attente").set(totals.en_attente as f64);
    metrics::gauge!("ei_mails", "state" => "envoye").set(totals.envoyes as f64);
    metrics::gauge!("ei_mails", "state" => "echec").set(totals.echecs as f64);
    for (name, etat) in [("ei_files_to_read", EtatLecture::ALire), ("ei_files_to_recognise", EtatLecture::AReconnaitre)]
    {
        metrics::gauge!(name).set(store::fichiers::count(&mut connection, etat).await? as f64);
    }
    metrics::gauge!("ei_files_to_scan").set(store::analyses::count_waiting(&mut connection).await? as f64);
    metrics::gauge!("ei_files_infected").set(store::analyses::count_infected(&mut connection).await? as f64);
    metrics::gauge!("ei_alert_subscriptions").set(app.abonnes.len() as f64);
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(app.metrics.render()))
}

pub async fn asset(path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (version, path) = path.into_inner();
    let asset = assets::find(&version, &path).ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type(asset.content_type)
        .insert_header((header::CACHE_CONTROL, asset.cache_control))
        .body(asset.bytes.into_owned()))
}

pub async fn nowhere(_: HttpRequest) -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}
