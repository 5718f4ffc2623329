//! What the people who share a structure's mailbox see of each other: who reads a message, who answered it, whom it is
//! assigned to, their notes (SPEC M8).

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use domain::equipe::{Annotable, Travail};
use domain::messagerie::Boite;
use domain::{CompteId, StructureId};
use serde_json::json;
use store::Connection;
use store::boites::Message;
use store::notes::TEXTE_MAX;
use store::suivis::{Reponse, Suivi};

use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::pages::{notes, presences};
use crate::session::{Connecte, Gestionnaire, Titulaire};
use crate::views::Choice;
use crate::views::messagerie::{DejaRepondu, Direct, Equipe, answering, reading};

/// Records that somebody of the structure reads or answers a message; returns a sentence with the others who do.
pub(super) async fn others(app: &App, who: &Connecte, message: i64, repond: bool) -> Result<String, Error> {
    let (mine, other) =
        if repond { (Travail::Reponse, Travail::Message) } else { (Travail::Message, Travail::Reponse) };
    let here = presences::others(app, who, (mine, message)).await?;
    let there = presences::elsewhere(app, who.session.compte, (other, message)).await?;
    let (answer, mut read) = if repond { (here, there) } else { (there, here) };
    read.retain(|name| !answer.contains(name));
    let said: Vec<String> = [answering(&answer), reading(&read)].into_iter().filter(|said| !said.is_empty()).collect();
    Ok(said.join(" "))
}

/// The data with which the page of a received message gives signs of life.
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
        autres: others(app, &who.connecte, message, repond).await?,
    }))
}

/// The last answer as the page shows it.
pub(super) fn deja(app: &App, reponse: Reponse) -> DejaRepondu {
    DejaRepondu {
        nom: reponse.nom,
        at: page::moment(app, reponse.at),
        href: format!("/messagerie/message/{}", reponse.message),
    }
}

/// The id of the last known answer, 0 for none.
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
        notes: notes::about(connection, app, (Annotable::Message, message.id), structure).await?,
        note: String::new(),
        note_max: TEXTE_MAX,
    })
}

/// The people of a structure whom something can be assigned to; the first choice is nobody.
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

/// `POST /messagerie/message/{id}/presence`, with `repond` while answering: `{"regardent": "…", "version": 12,
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
    let regardent = others(&app, &who.connecte, *id, fields.has("repond")).await?;
    let change = suivi.reponse.as_ref().map(|reponse| format!("{} vient de répondre à ce message.", reponse.nom));
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({ "regardent": regardent, "version": known(&suivi), "change": change })))
}
