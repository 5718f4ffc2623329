//! What those who share a structure's mailbox see of each other: who has a message before them, who answered it, whom it
//! is given to, their notes (SPEC M8).

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::messagerie::{Contenu, Dossier};
use domain::{CompteId, CorrespondantId, StructureId};
use serde_json::json;
use store::boites::Message;
use store::connection::Connection;
use store::notes::TEXTE_MAX;
use store::suivis::{REPONSE, Reponse, Suivi};

use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::flash::Flash;
use crate::page;
use crate::session::{Gestionnaire, Titulaire};
use crate::views::messagerie::{DejaRepondu, Direct, Equipe, NoteRow, answering, reading};
use crate::views::text::blocks;
use crate::views::{Choice, FieldError};

/// What notes are about, and who looks at it, in the tables of both.
const OBJET: &str = "message";

/// Says that one of the structure's people looks at a message or answers it, and who else does, in a sentence.
pub(super) async fn others(app: &App, me: CompteId, message: i64, repond: bool) -> Result<String, Error> {
    let objet = if repond { REPONSE } else { OBJET };
    app.store
        .write::<_, store::Error, _>(Some(me), move |transaction| {
            Box::pin(async move { store::presences::look_at(transaction, objet, message, me).await })
        })
        .await?;
    let now = app.store.clock().now();
    let mut connection = app.store.read().await?;
    let answer = store::presences::lookers(&mut connection, (REPONSE, message), me, now).await?;
    let mut read = store::presences::lookers(&mut connection, (OBJET, message), me, now).await?;
    read.retain(|name| !answer.contains(name));
    let said: Vec<String> = [answering(&answer), reading(&read)].into_iter().filter(|said| !said.is_empty()).collect();
    Ok(said.join(" "))
}

/// What the page of a message that the structure received gives signs of life with.
pub(super) async fn direct(
    app: &App,
    who: &Titulaire,
    message: i64,
    known: i64,
    repond: bool,
) -> Result<Option<Direct>, Error> {
    let session = &who.connecte.session;
    if session.structure.is_none() {
        return Ok(None);
    }
    Ok(Some(Direct {
        href: format!("/messagerie/message/{message}/presence"),
        version: known.to_string(),
        repond,
        autres: others(app, session.compte, message, repond).await?,
    }))
}

/// The last answer as the page says it.
pub(super) fn deja(app: &App, reponse: Reponse) -> DejaRepondu {
    DejaRepondu {
        nom: reponse.nom,
        at: page::moment(app, reponse.at),
        href: format!("/messagerie/message/{}", reponse.message),
    }
}

/// The last answer that is known, 0 for none.
pub(super) fn known(suivi: &Suivi) -> i64 {
    suivi.reponse.as_ref().map_or(0, |reponse| reponse.message)
}

/// The part of the page that only the structure's people see.
pub(super) async fn team(
    connection: &mut Connection,
    app: &App,
    structure: StructureId,
    message: &Message,
    suivi: &Suivi,
) -> Result<Equipe, Error> {
    let given = suivi.assigne.as_ref().map(|(id, _)| *id);
    let mut membres = vec![Choice::new("", "personne").selected(given.is_none())];
    for (id, name) in store::suivis::members(connection, structure).await? {
        membres.push(Choice::new(id.to_string(), name).selected(Some(id) == given));
    }
    let notes = store::notes::about(connection, (OBJET, message.id), structure).await?;
    Ok(Equipe {
        href: format!("/messagerie/message/{}/equipe", message.id),
        membres,
        confiable: message.dossier == Dossier::Reception,
        notes: notes
            .into_iter()
            .map(|note| NoteRow { auteur: note.auteur, at: page::moment(app, note.at), blocks: blocks(&note.texte) })
            .collect(),
        note: String::new(),
        note_max: TEXTE_MAX,
    })
}

async fn mailbox(connection: &mut Connection, who: &Gestionnaire) -> Result<CorrespondantId, Error> {
    store::correspondants::of_structure(connection, who.structure).await?.ok_or(Error::NotFound)
}

/// `POST /messagerie/message/{id}/presence`, with `repond` while one answers: `{"regardent": "…", "version": 12,
/// "change": "…"}`; the sentence is empty when nobody else is there, the version is the last answer.
pub async fn look(
    app: Data<App>,
    who: Gestionnaire,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let mut connection = app.store.read().await?;
    let correspondant = mailbox(&mut connection, &who).await?;
    let message = store::boites::open(&mut connection, correspondant, *id).await?.ok_or(Error::NotFound)?;
    let suivi = store::suivis::of_one(&mut connection, correspondant, message.id).await?;
    drop(connection);
    let regardent = others(&app, who.connecte.session.compte, *id, fields.has("repond")).await?;
    let change = suivi.reponse.as_ref().map(|reponse| format!("{} vient de répondre à ce message.", reponse.nom));
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({ "regardent": regardent, "version": known(&suivi), "change": change })))
}

/// `POST /messagerie/message/{id}/equipe` with `action` = `confier` and `a` (the id of one of the structure's people, or
/// nothing), or `noter` and `note`.
pub async fn act_as_team(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    titulaire: Titulaire,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let (me, structure, id) = (who.connecte.session.compte, who.structure, *id);
    let mut connection = app.store.read().await?;
    let correspondant = mailbox(&mut connection, &who).await?;
    store::boites::open(&mut connection, correspondant, id).await?.ok_or(Error::NotFound)?;
    drop(connection);
    let back = format!("/messagerie/message/{id}");
    match fields.one("action") {
        "confier" => {
            let to = match fields.one("a") {
                "" => None,
                _ => Some(CompteId(fields.number("a").ok_or(UNKNOWN)?)),
            };
            let done = app
                .store
                .write::<_, store::Error, _>(Some(me), move |transaction| {
                    Box::pin(async move {
                        store::suivis::assign(transaction, (correspondant, structure), id, (me, to)).await
                    })
                })
                .await?;
            if !done {
                return Err(UNKNOWN);
            }
            let suivi = store::suivis::of_one(&mut app.store.read().await?, correspondant, id).await?;
            page::redirect_saying(&app, &back, &Flash::MessageGiven { a: suivi.assigne.map(|(_, name)| name) })
        }
        "noter" => {
            let texte = Contenu::parse("", fields.one("note")).map(|contenu| contenu.texte.trim().to_owned());
            let sentence = match &texte {
                Ok(texte) if texte.is_empty() => "Écrivez une note avant de l’ajouter.".to_owned(),
                Ok(texte) if texte.chars().count() <= TEXTE_MAX => String::new(),
                Ok(_) | Err(_) => format!("La note est trop longue : {TEXTE_MAX} caractères au plus."),
            };
            if !sentence.is_empty() {
                let errors = vec![FieldError::new("note", sentence)];
                let typed = (errors, fields.one("note").to_owned());
                return super::read::show(
                    &request,
                    &app,
                    &titulaire,
                    id,
                    Some(typed),
                    StatusCode::UNPROCESSABLE_ENTITY,
                )
                .await;
            }
            let texte = texte.unwrap_or_default();
            app.store
                .write::<_, store::Error, _>(Some(me), move |transaction| {
                    Box::pin(async move { store::notes::add(transaction, (OBJET, id), structure, me, &texte).await })
                })
                .await?;
            page::redirect_saying(&app, &back, &Flash::NoteAdded)
        }
        _ => Err(Error::BadRequest("Utilisez l’un des boutons de la page : confier ou ajouter une note.")),
    }
}

const UNKNOWN: Error = Error::BadRequest("Ce message ne peut être confié qu’à un gestionnaire de votre structure.");
