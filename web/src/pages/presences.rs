//! Who else has a page before them: signs of life, told to each other (SPEC G2, M8, S8).

use domain::CompteId;

use crate::app::App;
use crate::error::Error;

/// Says that somebody looks at something, and answers who else does.
pub async fn others(app: &App, me: CompteId, place: (&'static str, i64)) -> Result<Vec<String>, Error> {
    app.store
        .write::<_, store::Error, _>(Some(me), move |transaction| {
            Box::pin(async move { store::presences::look_at(transaction, place.0, place.1, me).await })
        })
        .await?;
    elsewhere(app, me, place).await
}

/// Who else looks at something.
pub async fn elsewhere(app: &App, me: CompteId, place: (&str, i64)) -> Result<Vec<String>, Error> {
    let now = app.store.clock().now();
    Ok(store::presences::lookers(&mut app.store.read().await?, place, me, now).await?)
}
