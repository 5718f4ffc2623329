//! Files that are kept sealed, each with its own key: the pieces of dossiers and the PDF of letters.

use documents::BlobId;

use crate::app::App;
use crate::error::Error;

/// The place for which a blob is sealed, by its id.
pub type Emplacement = fn(&str) -> String;

/// Keeps bytes sealed; returns the blob's id and its key, itself sealed. A caller that does not use them calls
/// [`crate::televersement::forget`].
///
/// # Errors
/// When the disk refuses, or the system gives no random bytes.
pub async fn keep(app: &App, bytes: Vec<u8>, place: Emplacement) -> Result<(String, String), Error> {
    let refused = |error: documents::BlobError| Error::of_files(&error);
    let id = BlobId::random().map_err(refused)?;
    let blob = id.to_string();
    let (vault, sealed_for) = (app.vault.clone(), place(&blob));
    let (sealed, key) = actix_web::web::block(move || vault.seal_file(&bytes, &sealed_for)).await??;
    app.blobs.keep(id, &sealed).await.map_err(refused)?;
    Ok((blob, key))
}

/// The bytes of a sealed blob.
///
/// # Errors
/// When it is gone or damaged, or was sealed with another key or for another place.
pub async fn open(app: &App, blob: &str, key: &str, place: Emplacement) -> Result<Vec<u8>, Error> {
    let id = blob.parse::<BlobId>().map_err(|error| Error::Internal(error.to_string()))?;
    let sealed = app.blobs.whole(id).await.map_err(|error| Error::Internal(error.to_string()))?;
    let (vault, key, sealed_for) = (app.vault.clone(), key.to_owned(), place(blob));
    Ok(actix_web::web::block(move || vault.open_file(&sealed, &key, &sealed_for)).await??)
}
