//! A row of one of the four tables of the *Parcours*, on its own page, which then leads back to the form (manual
//! §3.1.2, SPEC I10). A row of « Formations initiales » may have a diploma.

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, Path};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use actors::commands::profil::{NotChanged, RemoveLigne, RestoreLigne, SaveLigne};
use documents::Place;
use domain::CompteId;
use domain::inscription::Volet;
use domain::profil::{Champs, LIGNE, Ligne, PARCOURS as FIELDS, Rubrique};
use store::Connection;
use store::profils::LigneRow;

use super::fichiers::{joint, received, take_away, unwritten};
use super::{brouillon, frozen, registration};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page::{self, Said};
use crate::pages::mon_compte::sections;
use crate::session::Intervenant;
use crate::televersement::{Fichier, Televersement, forget};
use crate::views::profil::{Depot, Joint, Ligne as View};
use crate::views::{FieldError, Notice, Undo, dates};

/// Where « Annuler » posts after a row was removed.
pub const RESTORE_LINE: &str = "/mon-compte/parcours/retablir";

/// Place and dates, in words.
pub fn detail(ligne: &Ligne) -> String {
    let when = match (ligne.du, ligne.au) {
        (Some(du), Some(au)) if du == au => dates::month(du),
        (Some(du), Some(au)) => format!("{} – {}", dates::month(du), dates::month(au)),
        (Some(du), None) => format!("depuis {}", dates::month(du)),
        (None, Some(au)) => format!("jusqu’en {}", dates::month(au)),
        (None, None) => String::new(),
    };
    [ligne.organisme.clone(), when].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A row that is edited, or a new one.
struct Edited {
    rubrique: Rubrique,
    id: Option<i64>,
    diplome: Option<Joint>,
}

impl Edited {
    fn path(&self) -> String {
        match self.id {
            Some(id) => format!("/mon-compte/parcours/ligne/{id}"),
            None => format!("/mon-compte/parcours/nouvelle/{}", self.rubrique),
        }
    }

    fn takes_file(&self) -> bool {
        self.rubrique == Rubrique::FormationInitiale
    }
}

async fn own(connection: &mut Connection, compte: CompteId, id: i64) -> Result<LigneRow, Error> {
    let rows = store::profils::lignes(connection, compte).await?;
    rows.into_iter().find(|row| row.id == id).ok_or(Error::NotFound)
}

async fn edited(app: &App, compte: CompteId, id: i64) -> Result<(Edited, Ligne), Error> {
    let mut connection = app.store.read().await?;
    let found = own(&mut connection, compte, id).await?;
    let files = store::fichiers::of(&mut connection, compte).await?;
    let diplome = match files.into_iter().find(|file| file.parcours == Some(id)) {
        Some(file) => Some(joint(app, &mut connection, file).await?),
        None => None,
    };
    Ok((Edited { rubrique: found.rubrique, id: Some(id), diplome }, found.ligne))
}

pub async fn begin_line(
    request: HttpRequest,
    app: Data<App>,
    who: Intervenant,
    rubrique: Path<String>,
) -> Result<HttpResponse, Error> {
    let rubrique = Rubrique::from_word(&rubrique).ok_or(Error::NotFound)?;
    refuse_when_frozen(&app, who.connecte.session.compte).await?;
    let blank = Edited { rubrique, id: None, diplome: None };
    show(&request, &app, &who, blank, Champs::default(), Said::Nothing).await
}

pub async fn line(
    request: HttpRequest,
    app: Data<App>,
    who: Intervenant,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let (edited, ligne) = edited(&app, who.connecte.session.compte, *id).await?;
    refuse_when_frozen(&app, who.connecte.session.compte).await?;
    show(&request, &app, &who, edited, ligne.champs(), Said::Nothing).await
}

async fn refuse_when_frozen(app: &App, compte: CompteId) -> Result<(), Error> {
    let inscription = registration(&mut app.store.read().await?, compte).await?;
    let why = frozen(&inscription, Volet::Parcours);
    if why.is_empty() { Ok(()) } else { Err(Error::Conflict(why)) }
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Intervenant,
    edited: Edited,
    champs: Champs,
    said: Said,
) -> Result<HttpResponse, Error> {
    let title = if edited.id.is_some() { "Modifier une ligne" } else { edited.rubrique.ajouter() };
    let (status, layout) = said.on(page::layout(request, app, &who.connecte.viewer, title).await?);
    let view = View {
        layout,
        sections: sections(&who.connecte.session),
        action: edited.path(),
        depot: edited.takes_file().then(|| Depot::new(Place::Diplome)),
        rubrique: edited.rubrique,
        diplome: edited.diplome,
        champs,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// Reads the form, with its file if it has one.
async fn read(request: &HttpRequest, payload: web::Payload) -> Result<(Fields, Fichier), Error> {
    let mut payload: Payload = payload.into_inner();
    let multipart = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("multipart/form-data"));
    if multipart {
        let form = Televersement::from_request(request, &mut payload).await?;
        form.read("diplome", Place::Diplome).await
    } else {
        let Posted(fields) = Posted::from_request(request, &mut payload).await?;
        Ok((fields, Fichier::Absent))
    }
}

pub async fn add_line(
    request: HttpRequest,
    app: Data<App>,
    who: Intervenant,
    rubrique: Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let rubrique = Rubrique::from_word(&rubrique).ok_or(Error::NotFound)?;
    let posted = read(&request, payload).await?;
    save(&request, &app, &who, Edited { rubrique, id: None, diplome: None }, posted).await
}

/// `POST /mon-compte/parcours/ligne/{id}`; with `action` = `retirer`, removes only its diploma.
pub async fn change_line(
    request: HttpRequest,
    app: Data<App>,
    who: Intervenant,
    id: Path<i64>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let posted = read(&request, payload).await?;
    let stored = match &posted.1 {
        Fichier::Stored(stored) => vec![stored.id.to_string()],
        Fichier::Absent | Fichier::Refused(_) => Vec::new(),
    };
    match edited(&app, who.connecte.session.compte, *id).await {
        Ok((edited, saved)) if posted.0.one("action") == "retirer" => {
            forget(&app, &stored).await;
            without_diploma(&request, &app, &who, (edited, saved), posted).await
        }
        Ok((edited, _)) => save(&request, &app, &who, edited, posted).await,
        Err(error) => {
            forget(&app, &stored).await;
            Err(error)
        }
    }
}

/// Removes the diploma of a row; what is typed in the row stays, not saved yet.
async fn without_diploma(
    request: &HttpRequest,
    app: &App,
    who: &Intervenant,
    (mut edited, saved): (Edited, Ligne),
    (fields, file): (Fields, Fichier),
) -> Result<HttpResponse, Error> {
    if let Some(joint) = edited.diplome.take() {
        take_away(app, who, joint.id).await?;
    }
    let champs = fields.champs().only(LIGNE);
    let said = match file {
        Fichier::Absent if Ligne::read(&champs).is_ok_and(|typed| typed == saved) => {
            return page::redirect_saying(app, &edited.path(), &Notice::done("Le fichier est retiré."));
        }
        Fichier::Absent => Said::Done(Notice::done("Le fichier est retiré.")),
        Fichier::Stored(_) | Fichier::Refused(_) => {
            let sentence = "Le diplôme est retiré. Le fichier que vous veniez de choisir n’a pas été gardé : choisissez-le à nouveau.";
            Said::Wrong(StatusCode::OK, vec![FieldError::new("diplome", sentence)])
        }
    };
    show(request, app, who, edited, champs, said).await
}

async fn save(
    request: &HttpRequest,
    app: &App,
    who: &Intervenant,
    edited: Edited,
    (fields, file): (Fields, Fichier),
) -> Result<HttpResponse, Error> {
    let champs = fields.champs().only(LIGNE);
    let mut errors = Vec::new();
    let read = Ligne::read(&champs).map_err(|wrong| errors.extend(wrong.into_iter().map(FieldError::from))).ok();
    let stored = match file {
        Fichier::Stored(stored) if edited.takes_file() => Some(stored),
        Fichier::Stored(stored) => {
            forget(app, &[stored.id.to_string()]).await;
            None
        }
        Fichier::Absent => None,
        Fichier::Refused(sentence) => {
            errors.push(FieldError::new("diplome", sentence));
            None
        }
    };
    let blob: Vec<String> = stored.iter().map(|stored| stored.id.to_string()).collect();
    let Some(ligne) = read.filter(|_| errors.is_empty()) else {
        if !blob.is_empty() {
            forget(app, &blob).await;
            errors.push(FieldError::new("diplome", "Choisissez à nouveau le fichier : il n’a pas été gardé."));
        }
        return show(request, app, who, edited, champs, Said::invalid(errors)).await;
    };
    let (rubrique, id) = (edited.rubrique, edited.id);
    let save = SaveLigne { rubrique, id, ligne, diplome: stored.as_ref().map(received) };
    let saved = match app.comptes.ask(&who.connecte.identity(), save).await {
        Ok(saved) => saved,
        Err(error) => return Err(unwritten(app, error, &blob).await),
    };
    match saved {
        Ok(gone) => {
            forget(app, &gone).await;
            page::redirect_saying(
                app,
                &format!("/mon-compte/parcours#{rubrique}"),
                &Notice::done("La ligne est enregistrée."),
            )
        }
        Err(refusal) => {
            forget(app, &blob).await;
            if refusal != NotChanged::Full {
                return Err(refusal.into());
            }
            let errors = vec![FieldError::new("intitule", refusal.to_string())];
            show(request, app, who, edited, champs, Said::invalid(errors)).await
        }
    }
}

/// Removes a row, which « Annuler » restores for a while; its diploma is removed for good.
pub async fn remove(app: &App, who: &Intervenant, id: i64) -> Result<HttpResponse, Error> {
    let (rubrique, gone) = app.comptes.ask(&who.connecte.identity(), RemoveLigne(id)).await??;
    forget(app, &gone).await;
    page::redirect_saying(
        app,
        &format!("/mon-compte/parcours#{rubrique}"),
        &Notice::done("La ligne est supprimée.").with_undo(Undo { action: RESTORE_LINE.to_owned(), ..Undo::default() }),
    )
}

/// `POST /mon-compte/parcours/retablir`: « Annuler », after a row was removed. The typed fields of the page come with
/// it, and are kept.
pub async fn restore_line(app: Data<App>, who: Intervenant, Posted(fields): Posted) -> Result<HttpResponse, Error> {
    let rubrique = match app.comptes.ask(&who.connecte.identity(), RestoreLigne).await? {
        Ok(rubrique) => rubrique,
        Err(NotChanged::Unknown) => {
            return Err(Error::Conflict("Cette ligne ne peut plus être rétablie : ajoutez-la à nouveau.".to_owned()));
        }
        Err(refusal) => return Err(refusal.into()),
    };
    if fields.has("titre") {
        brouillon::keep(&app, &who, Volet::Parcours, fields.champs().only(FIELDS)).await?;
    }
    page::redirect_saying(&app, &format!("/mon-compte/parcours#{rubrique}"), &Notice::done("La ligne est enregistrée."))
}
