//! Tries that are counted under one key, for the steps around the login: a code, a link, an address (K10).

use std::time::Duration;

use actix_web::HttpRequest;
use store::essais::Cle;

use crate::app::App;
use crate::error::Error;
use crate::limits;
use crate::session::digest;

/// The key of what is tried, alone.
pub fn key(what: &str, forgiven: i32) -> Vec<Cle> {
    vec![Cle { cle: digest("essai", what), pardonnes: forgiven }]
}

/// The key of what is tried from that network address.
pub fn from_address(request: &HttpRequest, app: &App, what: &str, forgiven: i32) -> Vec<Cle> {
    let address = limits::network(limits::address(request, &app.settings));
    key(&format!("{what} adresse {address}"), forgiven)
}

/// Counts a try; the wait, when one has to wait first.
pub async fn count(app: &App, keys: &[Cle]) -> Result<Option<Duration>, Error> {
    let keys = keys.to_vec();
    Ok(app
        .store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move { store::essais::attempt(transaction, &keys).await })
        })
        .await?)
}

/// Forgets the failures under these keys: the try was right.
pub async fn forget(app: &App, keys: Vec<Cle>) -> Result<(), Error> {
    Ok(app
        .store
        .write::<_, store::Error, _>(None, move |transaction| {
            Box::pin(async move { store::essais::succeeded(transaction, &keys).await })
        })
        .await?)
}
