//! Which received files the antivirus lets out. The owner gets every file; others get the files found clean and,
//! without an antivirus, those in which nothing was found before.

use std::collections::HashMap;

use domain::analyse::EtatAnalyse;
use store::Connection;
use store::dossiers::Dossier;

use crate::app::App;
use crate::error::Error;
pub use crate::views::Retenue;

/// By blob, the reason why it is kept back.
pub type Retenues = HashMap<String, Retenue>;

/// Why a file in that state is kept back, if it is. A file without a state has just been received by an older server.
pub fn retenue(app: &App, etat: Option<EtatAnalyse>) -> Option<Retenue> {
    match etat {
        Some(EtatAnalyse::Infecte) => Some(Retenue::Bloque),
        Some(EtatAnalyse::Sain) => None,
        Some(EtatAnalyse::Attente) | None => app.antivirus.as_ref().map(|_| Retenue::EnAttente),
    }
}

/// Why each of these blobs is kept back; those that are not are left out.
pub async fn retenues(app: &App, connection: &mut Connection, blobs: &[&str]) -> Result<Retenues, Error> {
    let known = store::analyses::of(connection, blobs).await?;
    let kept = |blob: &&str| Some(((*blob).to_owned(), retenue(app, known.get(*blob).copied())?));
    Ok(blobs.iter().filter_map(kept).collect())
}

/// Why files of a dossier are kept back.
pub async fn retenues_du_dossier(app: &App, connection: &mut Connection, dossier: &Dossier) -> Result<Retenues, Error> {
    let files = dossier.elements.values().flat_map(|one| [&one.fichier_propose, &one.fichier_valide]);
    let blobs: Vec<&str> = files.flatten().map(|file| file.blob.as_str()).collect();
    retenues(app, connection, &blobs).await
}

/// Lets a file out to somebody who is not its owner.
///
/// # Errors
/// A sentence when it is kept back.
pub async fn let_out(app: &App, blob: &str) -> Result<(), Error> {
    let mut kept = retenues(app, &mut app.store.read().await?, &[blob]).await?;
    match kept.remove(blob) {
        Some(why) => Err(Error::KeptBack(why)),
        None => Ok(()),
    }
}
