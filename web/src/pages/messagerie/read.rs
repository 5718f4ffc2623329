//! One message: opening it marks it read, everywhere (M4).

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{ActOnMessages, AssignMessage, OpenMessage};
use domain::CompteId;
use domain::equipe::Annotable;
use domain::messagerie::Boite;
use store::boites::Message;
use store::correspondants::{Availability, answerable};

use super::equipe::{deja, direct, known, team};
use super::list::{action, messages_moved};
use super::{availability, nav};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page::{self, Said};
use crate::pages::notes;
use crate::session::{Gestionnaire, Titulaire};
use crate::views::text::blocks;
use crate::views::{MessagerieMessage, Notice};

pub async fn message(
    request: HttpRequest,
    app: Data<App>,
    who: Titulaire,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let message = app.comptes.ask(&who.connecte.identity(), OpenMessage(*id)).await??.ok_or(Error::NotFound)?;
    show(&request, &app, &who, message, String::new(), Said::Nothing).await
}

/// The page of a message, with a note being typed.
pub(super) async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Titulaire,
    message: Message,
    note: String,
    said: Said,
) -> Result<HttpResponse, Error> {
    let sent = message.boite == Boite::Envoyes;
    let boite = message.boite;
    let mut connection = app.store.read().await?;
    let can_write = availability(&mut connection, &who.connecte.session).await? == Availability::Open;
    let can_reply = can_write && !sent && answerable(&mut connection, message.de.id).await?;
    let nav = nav(&mut connection, who, Some(boite)).await?;
    let session = &who.connecte.session;
    let suivi = store::suivis::of_one(&mut connection, who.correspondant, message.id).await?;
    let mut equipe = match session.structure {
        Some(structure) => Some(team(&mut connection, app, structure, &message, &suivi).await?),
        None => None,
    };
    drop(connection);
    let direct = if sent { None } else { direct(app, who, message.id, known(&suivi), false).await? };
    if let Some(equipe) = &mut equipe {
        equipe.note = note;
    }
    let title = if message.objet.is_empty() { "(sans objet)" } else { &message.objet };
    let (status, mut layout) = said.on(page::layout(request, app, &who.connecte.viewer, title).await?);
    if layout.kept {
        // « Annuler » leads to the list, and the page already has a button that undoes.
        layout.notice = layout.notice.map(|notice| Notice { undo: None, ..notice });
    }
    let here = format!("/messagerie/message/{}", message.id);
    let view = MessagerieMessage {
        layout,
        nav,
        boite,
        id: message.id.to_string(),
        archived: message.archive_at.is_some(),
        from: message.de.nom,
        // The people of a structure see which of them wrote; the receiver sees the structure (M1).
        written_by: (sent && who.connecte.session.structure.is_some()).then_some(message.auteur),
        to: message.a.into_iter().map(|to| to.nom).collect(),
        at: page::moment(app, message.envoye_at),
        blocks: blocks(&message.texte),
        direct,
        deja: suivi.reponse.map(|reponse| deja(app, reponse)),
        equipe,
        reply_href: can_reply.then(|| format!("{here}/repondre")),
        forward_href: can_write.then(|| format!("{here}/transferer")),
        again_href: (sent && can_write).then(|| format!("/messagerie/ecrire?modele={}", message.id)),
        objet: message.objet,
        action_href: here,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `POST /messagerie/message/{id}` with `action`; goes back to the list, or to the message when a `note` is being
/// typed.
pub async fn act_on_one(
    request: HttpRequest,
    app: Data<App>,
    who: Titulaire,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let correspondant = who.correspondant;
    let message = store::boites::open(&mut app.store.read().await?, correspondant, *id).await?;
    let boite = message.ok_or(Error::NotFound)?.boite;
    let action = action(boite, fields.one("action"))?;
    let command = ActOnMessages { boite, messages: vec![*id], action };
    let changed = app.comptes.ask(&who.connecte.identity(), command).await??;
    let said = messages_moved(boite, action, &changed);
    let Some(note) = fields.filled("note").filter(|_| who.connecte.session.structure.is_some()) else {
        return page::redirect_saying(&app, &format!("/messagerie/{boite}"), &said);
    };
    let message = store::boites::open(&mut app.store.read().await?, correspondant, *id).await?;
    show(&request, &app, &who, message.ok_or(Error::NotFound)?, note.to_owned(), Said::Done(said)).await
}

/// `POST /messagerie/message/{id}/equipe` with `action` = `confier` and `a` (the id of one of the structure's people,
/// or nothing), or `noter` and `note`.
pub async fn act_as_team(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    titulaire: Titulaire,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let id = *id;
    let correspondant = who.correspondant;
    let message = store::boites::open(&mut app.store.read().await?, correspondant, id).await?.ok_or(Error::NotFound)?;
    let back = format!("/messagerie/message/{id}");
    match fields.one("action") {
        "confier" => {
            let to = match fields.one("a") {
                "" => None,
                _ => Some(CompteId(fields.number("a").ok_or(UNKNOWN)?)),
            };
            let given = app.comptes.ask(&who.connecte.identity(), AssignMessage { message: id, to }).await?;
            given.map_err(|_| UNKNOWN)?;
            let suivi = store::suivis::of_one(&mut app.store.read().await?, correspondant, id).await?;
            let said = Notice::done(match suivi.assigne.map(|(_, name)| name) {
                Some(name) => format!("Le message est confié à {name}."),
                None => "Le message n’est plus confié à personne.".to_owned(),
            });
            // A note that is being written stays.
            let Some(note) = fields.filled("note") else { return page::redirect_saying(&app, &back, &said) };
            show(&request, &app, &titulaire, message, note.to_owned(), Said::Done(said)).await
        }
        "noter" => {
            if let Err(errors) = notes::add(&app, &who.connecte, (Annotable::Message, id), &fields).await? {
                let typed = fields.one("note").to_owned();
                return show(&request, &app, &titulaire, message, typed, Said::invalid(errors)).await;
            }
            page::redirect_saying(&app, &back, &Notice::done("La note est ajoutée."))
        }
        _ => Err(Error::BadRequest("Utilisez l’un des boutons de la page : confier ou ajouter une note.")),
    }
}

const UNKNOWN: Error = Error::BadRequest("Ce message ne peut être confié qu’à un gestionnaire de votre structure.");
