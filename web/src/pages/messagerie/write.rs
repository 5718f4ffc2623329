//! Writing: a new message, an answer, a forward, a sent message again; and sending, once (M5, M6, M7, M9).

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::messagerie::valeurs;
use actors::commands::{Envoi, NotSent, SendMessage};
use domain::CorrespondantId;
use domain::messagerie::{Boite, COMPLETION_MIN, Contenu, ContenuError, Origine};
use domain::modele::before;
use domain::texte::fold;
use serde_json::json;
use store::boites::Message;
use store::correspondants::{Availability, Correspondant, answerable};

use super::compose::Composition;
use super::{availability, closed, drafts};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::session::{Titulaire, random_token};
use crate::views::{FieldError, Notice};

/// Recipients proposed at once.
const PROPOSALS_MAX: i64 = 12;

/// `GET /messagerie/ecrire`, with `destinataires` (repeated) preselected, `modele` (a message to send again) or
/// `brouillon` (a draft to go on with).
pub async fn write_form(request: HttpRequest, app: Data<App>, who: Titulaire) -> Result<HttpResponse, Error> {
    let asked = Fields::parse(request.query_string());
    if let Some(draft) = asked.number("brouillon") {
        return drafts::show(&request, &app, &who, draft).await;
    }
    let mut connection = app.store.read().await?;
    let open = availability(&mut connection, &who.connecte.session).await?;
    if open != Availability::Open {
        drop(connection);
        return closed(&request, &app, &who, open).await;
    }
    let mut composition = Composition::new()?;
    let mut to: Vec<CorrespondantId> = asked.ids("destinataires").into_iter().map(CorrespondantId).collect();
    if let Some(model) = asked.number("modele") {
        let model = store::boites::open(&mut connection, who.correspondant, model).await?;
        let model = model.filter(|model| model.boite == Boite::Envoyes).ok_or(Error::NotFound)?;
        composition.objet = model.objet;
        composition.texte = model.texte;
        to.extend(model.a.iter().map(|to| to.id));
    }
    composition.choose(&mut connection, &who, to).await?;
    drop(connection);
    composition.show(&request, &app, &who, Vec::new(), StatusCode::OK).await
}

pub async fn reply_form(
    request: HttpRequest,
    app: Data<App>,
    who: Titulaire,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let (source, can_write) = source(&app, &who, *id).await?;
    if source.boite != Boite::Reception {
        return Err(Error::NotFound);
    }
    if !can_write || !answerable(&mut app.store.read().await?, source.de.id).await? {
        return Ok(page::redirect(&format!("/messagerie/message/{id}")));
    }
    Composition::reply(source)?.show(&request, &app, &who, Vec::new(), StatusCode::OK).await
}

pub async fn forward_form(
    request: HttpRequest,
    app: Data<App>,
    who: Titulaire,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let (source, can_write) = source(&app, &who, *id).await?;
    if !can_write {
        return Ok(page::redirect(&format!("/messagerie/message/{id}")));
    }
    Composition::forward(source)?.show(&request, &app, &who, Vec::new(), StatusCode::OK).await
}

const CLOSED: &str = "La messagerie n’est pas ouverte pour vous en ce moment : votre message n’est pas parti. \
     Vous pouvez l’enregistrer dans vos brouillons.";

/// A message of this mailbox to write from, and whether writing is allowed: if not, the message's own page says so.
async fn source(app: &App, who: &Titulaire, id: i64) -> Result<(Message, bool), Error> {
    let mut connection = app.store.read().await?;
    let found = store::boites::open(&mut connection, who.correspondant, id).await?.ok_or(Error::NotFound)?;
    Ok((found, availability(&mut connection, &who.connecte.session).await? == Availability::Open))
}

/// `POST /messagerie/ecrire` with `action` = `envoyer`, `enregistrer`, `inserer` (`modele`) or, without JavaScript,
/// `ajouter`.
pub async fn write(
    request: HttpRequest,
    app: Data<App>,
    who: Titulaire,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let composition = Composition::from_form(&mut app.store.read().await?, &who, &fields).await?;
    match fields.one("action") {
        "envoyer" => send(&request, &app, &who, composition).await,
        "enregistrer" => drafts::save(&request, &app, &who, composition).await,
        "inserer" => insert(&request, &app, &who, composition, fields.number("modele")).await,
        "ajouter" => add(&request, &app, &who, composition).await,
        _ => Err(Error::BadRequest("Utilisez l’un des boutons de la page : envoyer ou enregistrer.")),
    }
}

/// Puts a template before the text, its words replaced when their values are known.
async fn insert(
    request: &HttpRequest,
    app: &App,
    who: &Titulaire,
    mut composition: Composition,
    modele: Option<i64>,
) -> Result<HttpResponse, Error> {
    let (Some(structure), Some(id)) = (who.connecte.session.structure, modele) else {
        let errors = vec![FieldError::new("texte", "Choisissez d’abord un modèle dans la liste.")];
        return composition.show(request, app, who, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut connection = app.store.read().await?;
    let modele = store::modeles::by_id(&mut connection, structure, id).await?.ok_or(Error::NotFound)?;
    let by = (structure, who.connecte.session.compte);
    let valeurs = valeurs(&mut connection, by, &composition.asked).await?;
    drop(connection);
    // After it comes the quoted text of the message answered, or what was typed already.
    composition.texte = before(&modele.texte, &valeurs, &composition.texte);
    composition.show(request, app, who, Vec::new(), StatusCode::OK).await
}

/// Adds the recipient whose name was typed; when several have that name, the page proposes them.
async fn add(
    request: &HttpRequest,
    app: &App,
    who: &Titulaire,
    mut composition: Composition,
) -> Result<HttpResponse, Error> {
    let mut errors = Vec::new();
    let found = proposals(app, who, &composition).await?;
    if fold(&composition.typed).chars().count() < COMPLETION_MIN {
        errors.push(
            composition.recipients_error(format!("Tapez au moins {COMPLETION_MIN} caractères du nom à ajouter.")),
        );
    } else if found.is_empty() {
        errors.push(composition.recipients_error(nobody(&composition.typed)));
    } else if let [one] = found.as_slice() {
        let to = composition.asked.iter().copied().chain([one.id]).collect();
        composition.choose(&mut app.store.read().await?, who, to).await?;
        composition.typed.clear();
    } else {
        composition.proposals = found;
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    composition.show(request, app, who, errors, status).await
}

fn nobody(typed: &str) -> String {
    format!("Personne à qui vous pouvez écrire ne répond à « {typed} ». Vérifiez le nom ou tapez-en moins.")
}

/// The people of the typed name, when nobody is chosen yet.
async fn proposals(app: &App, who: &Titulaire, composition: &Composition) -> Result<Vec<Correspondant>, Error> {
    let mut found = reachable(app, who, &composition.typed).await?;
    found.retain(|person| !composition.asked.contains(&person.id));
    Ok(found)
}

async fn reachable(app: &App, who: &Titulaire, typed: &str) -> Result<Vec<Correspondant>, Error> {
    if fold(typed).chars().count() < COMPLETION_MIN {
        return Ok(Vec::new());
    }
    let mut connection = app.store.read().await?;
    Ok(store::correspondants::reachable(&mut connection, who.correspondant, typed, PROPOSALS_MAX).await?)
}

/// `GET /messagerie/destinataires?q=`: whom one may write to, as JSON, from the second character on (M6).
pub async fn complete(request: HttpRequest, app: Data<App>, who: Titulaire) -> Result<HttpResponse, Error> {
    let typed = Fields::parse(request.query_string());
    let found: Vec<_> = reachable(&app, &who, &typed.searched("q"))
        .await?
        .into_iter()
        .map(|person| json!({"valeur": person.id.to_string(), "libelle": person.nom, "detail": person.detail}))
        .collect();
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(found))
}

async fn send(
    request: &HttpRequest,
    app: &App,
    who: &Titulaire,
    mut composition: Composition,
) -> Result<HttpResponse, Error> {
    let invalid = StatusCode::UNPROCESSABLE_ENTITY;
    let mut errors = Vec::new();
    if !composition.fixed() && !composition.typed.is_empty() {
        // A name is typed and nobody is chosen: sending would leave somebody out without notice.
        composition.proposals = proposals(app, who, &composition).await?;
        let sentence = if composition.proposals.is_empty() {
            nobody(&composition.typed)
        } else {
            let typed = &composition.typed;
            format!("« {typed} » n’est pas encore choisi : ajoutez ce destinataire ou effacez ce nom.")
        };
        errors.push(composition.recipients_error(sentence));
    } else if composition.asked.is_empty() {
        errors.push(composition.contenu_error(ContenuError::NoRecipient));
    }
    let contenu = Contenu::parse(&composition.objet, &composition.texte)
        .and_then(|contenu| contenu.check_sendable(composition.asked.len().max(1)).map(|()| contenu));
    let contenu = match contenu {
        Ok(contenu) if errors.is_empty() => contenu,
        Ok(_) => return composition.show(request, app, who, errors, invalid).await,
        Err(error) => {
            errors.push(composition.contenu_error(error));
            return composition.show(request, app, who, errors, invalid).await;
        }
    };
    let shared = who.connecte.session.structure.is_some();
    let answers = composition.origine == Origine::Reponse;
    let envoi = Envoi {
        reponse_connue: (shared && answers).then(|| composition.reponse_connue.unwrap_or(0)),
        a: composition.asked.clone(),
        contenu,
        reponse_a: composition.source.as_ref().filter(|_| composition.origine == Origine::Reponse).map(|of| of.id),
        jeton: composition.jeton.clone(),
        brouillon: composition.brouillon.as_ref().map(|draft| draft.id),
    };
    match app.comptes.ask(&who.connecte.identity(), SendMessage(envoi)).await? {
        // Sent now or by an earlier identical post: the answer is the same (M9).
        Ok(_) => page::redirect_saying(app, "/messagerie/envoyes", &Notice::done("Votre message a bien été envoyé.")),
        Err(NotSent::Contenu(error)) => {
            let errors = vec![composition.contenu_error(error)];
            composition.show(request, app, who, errors, invalid).await
        }
        Err(NotSent::Personal(word)) => {
            let errors = vec![FieldError::new("texte", NotSent::Personal(word).to_string())];
            composition.show(request, app, who, errors, invalid).await
        }
        // The messaging was turned off meanwhile.
        Err(NotSent::Closed(_)) => {
            let errors = vec![composition.recipients_error(CLOSED)];
            composition.show(request, app, who, errors, invalid).await
        }
        Err(NotSent::NoMailbox(no)) => Err(no.into()),
        Err(NotSent::NotAllowed) => {
            let sentence = if composition.fixed() {
                "Son expéditeur ne reçoit plus de réponse par la messagerie : votre message n’est pas parti. \
                 Vous pouvez l’enregistrer dans vos brouillons."
            } else {
                "Vous ne pouvez pas écrire à l’un des destinataires. Vérifiez la liste : gardez ceux qui vous sont proposés, \
                 puis envoyez."
            };
            let errors = vec![composition.recipients_error(sentence)];
            composition.show(request, app, who, errors, invalid).await
        }
        Err(NotSent::Answered) => {
            composition.ask_second = true;
            composition.show(request, app, who, Vec::new(), StatusCode::CONFLICT).await
        }
        Err(NotSent::UnknownSource) => Err(Error::NotFound),
        Err(NotSent::Changed { .. }) => {
            // With a new token, sending again sends a second message, and the page asks whether to do so.
            composition.jeton = random_token()?;
            composition.ask_again = true;
            composition.show(request, app, who, Vec::new(), StatusCode::CONFLICT).await
        }
    }
}
