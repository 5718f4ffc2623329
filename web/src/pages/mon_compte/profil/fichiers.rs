//! The CV of a profile, and the diplomas of its rows (manual §3.1.2, SPEC I11, Q6). A blob is stored before its row and
//! removed after it: a sweep removes blobs that no row names.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::profil::{RemoveFile, SetCv};
use actors::live::AskError;
use documents::{Place, Stored};
use domain::CompteId;
use domain::inscription::Volet;
use store::Connection;
use store::fichiers::{Joint as Saved, Recu};

use super::{frozen, registration};
use crate::antivirus::retenues;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::pages::mon_compte::sections;
use crate::session::Intervenant;
use crate::televersement::{Fichier, Televersement, forget};
use crate::views::lecture::Lecture;
use crate::views::numbers::size;
use crate::views::profil::{Cv, Depot, Joint};
use crate::views::{FieldError, Notice};

/// A stored file, as its row will name it.
pub fn received(stored: &Stored) -> Recu {
    Recu {
        nom: stored.name.clone(),
        format: stored.format.to_string(),
        taille: i64::try_from(stored.bytes).unwrap_or(i64::MAX),
        blob: stored.id.to_string(),
    }
}

/// A file as its owner's page shows it.
pub async fn joint(app: &App, connection: &mut Connection, file: Saved) -> Result<Joint, Error> {
    let kept = retenues(app, connection, &[&file.blob]).await?;
    Ok(Joint {
        retenue: kept.get(&file.blob).copied(),
        id: file.id,
        nom: file.nom,
        taille: size(u64::try_from(file.taille).unwrap_or(0)),
        at: page::moment(app, file.ajoute_at),
        lecture: Lecture::a_son_proprietaire(file.lecture, file.vide),
    })
}

pub async fn cv_of(app: &App, connection: &mut Connection, compte: CompteId) -> Result<Option<Joint>, Error> {
    let files = store::fichiers::of(connection, compte).await?;
    match files.into_iter().rfind(|file| file.emploi == "cv") {
        Some(file) => Ok(Some(joint(app, connection, file).await?)),
        None => Ok(None),
    }
}

pub async fn cv(request: HttpRequest, app: Data<App>, who: Intervenant) -> Result<HttpResponse, Error> {
    show(&request, &app, &who, Vec::new()).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Intervenant,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let compte = who.connecte.session.compte;
    let mut connection = app.store.read().await?;
    let inscription = registration(&mut connection, compte).await?;
    let joint = cv_of(app, &mut connection, compte).await?;
    drop(connection);
    let view = Cv {
        layout: page::layout(request, app, &who.connecte.viewer, "Mon CV").await?.with_errors(errors),
        sections: sections(&who.connecte.session),
        fige: frozen(&inscription, Volet::Parcours),
        joint,
        depot: Depot::new(Place::Cv),
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `POST /mon-compte/cv` with the file `cv`: it replaces the one before.
pub async fn set_cv(
    request: HttpRequest,
    app: Data<App>,
    who: Intervenant,
    form: Televersement,
) -> Result<HttpResponse, Error> {
    let compte = who.connecte.session.compte;
    // Checked before anything is received, and again below, in the transaction.
    let inscription = registration(&mut app.store.read().await?, compte).await?;
    Volet::Parcours.modifiable(inscription.etat, inscription.immatriculation.is_some())?;
    let stored = match form.read("cv", Place::Cv).await?.1 {
        Fichier::Stored(stored) => stored,
        Fichier::Absent => {
            let errors = vec![FieldError::new("cv", "Choisissez d’abord un fichier.")];
            return show(&request, &app, &who, errors).await;
        }
        Fichier::Refused(sentence) => {
            return show(&request, &app, &who, vec![FieldError::new("cv", sentence)]).await;
        }
    };
    let blob = [stored.id.to_string()];
    match app.comptes.ask(&who.connecte.identity(), SetCv(received(&stored))).await {
        Ok(Ok(gone)) => {
            forget(&app, &gone).await;
            page::redirect_saying(
                &app,
                "/mon-compte/cv",
                &Notice::done("Le fichier est joint. Son texte sera lu dans quelques secondes."),
            )
        }
        Ok(Err(refusal)) => {
            forget(&app, &blob).await;
            Err(refusal.into())
        }
        Err(error) => Err(unwritten(&app, error, &blob).await),
    }
}

/// The row of a file was not written: its blob is removed. When the account's actor did not answer, the row may exist:
/// the blob stays, and a sweep removes it if no row names it.
pub async fn unwritten(app: &App, error: AskError, blob: &[String]) -> Error {
    if matches!(error, AskError::Store(_)) {
        forget(app, blob).await;
    }
    error.into()
}

/// `POST /mon-compte/fichiers/{id}/retirer`: the CV, or a diploma.
pub async fn remove_file(app: Data<App>, who: Intervenant, id: Path<i64>, _: Posted) -> Result<HttpResponse, Error> {
    let files = store::fichiers::of(&mut app.store.read().await?, who.connecte.session.compte).await?;
    let file = files.into_iter().find(|file| file.id == *id).ok_or(Error::NotFound)?;
    take_away(&app, &who, *id).await?;
    let back = match file.parcours {
        Some(row) => format!("/mon-compte/parcours/ligne/{row}"),
        None => "/mon-compte/cv".to_owned(),
    };
    page::redirect_saying(&app, &back, &Notice::done("Le fichier est retiré."))
}

pub async fn take_away(app: &App, who: &Intervenant, id: i64) -> Result<(), Error> {
    let gone = app.comptes.ask(&who.connecte.identity(), RemoveFile(id)).await??;
    forget(app, &[gone]).await;
    Ok(())
}
