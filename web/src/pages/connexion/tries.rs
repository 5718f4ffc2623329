//! Tries that are counted under one key, for the steps around the login: a code, a link, an address (K10).

use std::time::Duration;

use actix_web::HttpRequest;
use actors::commands::CountTry;
use store::tries::Cle;

use crate::app::App;
use crate::error::Error;
use crate::limits;
use crate::session::digest;

pub fn key(what: &str, forgiven: i32) -> Vec<Cle> {
    vec![Cle { cle: digest("essai", what), pardonnes: forgiven }]
}

/// The key under which tries from that network address are counted.
pub fn from_address(request: &HttpRequest, app: &App, what: &str, forgiven: i32) -> Vec<Cle> {
    let address = limits::network(limits::address(request, &app.settings));
    key(&format!("{what} adresse {address}"), forgiven)
}

/// Counts a try; returns the wait before the next one, if there is one.
pub async fn count(app: &App, keys: &[Cle]) -> Result<Option<Duration>, Error> {
    let Ok(wait) = app.front_desk.ask(CountTry(keys.to_vec())).await?;
    Ok(wait)
}
