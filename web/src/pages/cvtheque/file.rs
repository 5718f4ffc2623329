//! `GET /fichiers/{id}`: a file of a profile.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::CompteId;
use domain::compte::Role;
use store::intervenants::Fiche;

use crate::app::App;
use crate::download::{Pour, download};
use crate::error::Error;
use crate::pages::gestion_inscriptions::reads_registration;
use crate::session::Connecte;

/// `GET /fichiers/{id}`: for its owner, for gestionnaires while the owner is in the CV-thèque, and for those who review
/// the owner's registration.
pub async fn file(app: Data<App>, who: Connecte, id: Path<i64>) -> Result<HttpResponse, Error> {
    let mut connection = app.store.read().await?;
    let file = store::fichiers::by_id(&mut connection, *id).await?.ok_or(Error::NotFound)?;
    let owner = CompteId(file.compte);
    let may = match who.session.role {
        _ if who.session.compte == owner => true,
        Role::Gestionnaire => {
            let public = store::intervenants::fiches(&mut connection, &[owner]).await?.iter().any(Fiche::visible);
            public || reads_registration(&mut connection, &who.session, owner).await?
        }
        Role::Intervenant | Role::Administrateur => false,
    };
    if !may {
        return Err(Error::NotFound);
    }
    drop(connection);
    let pour = if who.session.compte == owner { Pour::LuiMeme } else { Pour::Autrui };
    download(&app, pour, &file.blob, &file.format, &file.nom).await
}
