//! What those who share a structure's mailbox see of each other: who has a message before them, who answered it, whom it
//! is given to, their notes (SPEC M8).

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::messagerie::Boite;
use domain::{CompteId, StructureId};
use serde_json::json;
use store::boites::Message;
use store::connection::Connection;
use store::notes::TEXTE_MAX;
use store::suivis::{REPONSE, Reponse, Suivi};

use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page::{self, Said};
use crate::pages::{notes, presences};
use crate::session::{Gestionnaire, Titulaire};
use crate::views::messagerie::{DejaRepondu, Direct, Equipe, answering, reading};
use crate::views::{Choice, Notice};

/// What notes are about, and who looks at it, in the tables of both.
const OBJET: &str = "message";

/// Says that one of the structure's people looks at a message or answers it, and who else does, in a sentence.
pub(super) async fn others(app: &App, me: CompteId, message: i64, repond: bool) -> Result<String, Error> {
    let (mine, other) = if repond { (REPONSE, OBJET) } else { (OBJET, REPONSE) };
    let here = presences::others(app, me, (mine, message)).await?;
    let there = presences::elsewhere(app, me, (other, message)).await?;
    let (answer, mut read) = if repond { (here, there) } else { (there, here) };
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
    Ok(Equipe {
        href: format!("/messagerie/message/{}/equipe", message.id),
        membres: members(connection, structure, suivi.assigne.as_ref().map(|(id, _)| *id)).await?,
        confiable: message.boite == Boite::Reception,
        notes: notes::about(connection, app, (OBJET, message.id), structure).await?,
        note: String::new(),
        note_max: TEXTE_MAX,
    })
}

/// Those of a structure whom something can be given to; the first choice is nobody.
pub(in crate::pages) async fn members(
    connection: &mut Connection,
    structure: StructureId,
    given: Option<CompteId>,
) -> Result<Vec<Choice>, Error> {
    let mut all = vec![Choice::new("", "personne").selected(given.is_none())];
    for (id, name) in store::suivis::members(connection, structure).await? {
        all.push(Choice::new(id.to_string(), name).selected(Some(id) == given));
    }
    Ok(all)
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
    let correspondant = who.correspondant;
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
    let correspondant = who.correspondant;
    let message = store::boites::open(&mut app.store.read().await?, correspondant, id).await?.ok_or(Error::NotFound)?;
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
            let said = Notice::done(match suivi.assigne.map(|(_, name)| name) {
                Some(name) => format!("Le message est confié à {name}."),
                None => "Le message n’est plus confié à personne.".to_owned(),
            });
            // A note that is being written stays.
            let Some(note) = fields.filled("note") else { return page::redirect_saying(&app, &back, &said) };
            super::read::show(&request, &app, &titulaire, message, note.to_owned(), Said::Done(said)).await
        }
        "noter" => {
            if let Err(errors) = notes::add(&app, (OBJET, id), structure, me, &fields).await? {
                let typed = fields.one("note").to_owned();
                return super::read::show(&request, &app, &titulaire, message, typed, Said::invalid(errors)).await;
            }
            page::redirect_saying(&app, &back, &Notice::done("La note est ajoutée."))
        }
        _ => Err(Error::BadRequest("Utilisez l’un des boutons de la page : confier ou ajouter une note.")),
    }
}

const UNKNOWN: Error = Error::BadRequest("Ce message ne peut être confié qu’à un gestionnaire de votre structure.");
