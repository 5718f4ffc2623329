//! The commands on the account of a gestionnaire or an administrateur.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{ArchiveAgent, ChangeAgent, CreateAgent, NotManaged, Poste, ReopenAgent, WelcomeAgent};
use domain::StructureId;
use domain::compte::{Droit, Role};
use domain::email::Email;
use domain::profil::Civilite;
use store::administration::Agent;

use super::agents::{Champs, LIST, found, show};
use super::{Fait, done};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page::Said;
use crate::pages::connexion::BIENVENUE;
use crate::reader::{LINE_MAX, Reader};
use crate::session::Administrateur;
use crate::views::{FieldError, Notice};

pub async fn new_agent_form(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    let champs =
        Champs { role: Role::Gestionnaire.as_str().to_owned(), droits: Droit::ALL.to_vec(), ..Champs::default() };
    show(&request, &app, &who, None, champs, Said::Nothing).await
}

/// The typed fields; the reader collects what is wrong, except with the role and the email.
fn typed(app: &App, fields: &Fields, role: Option<Role>, reader: &mut Reader<'_>) -> Champs {
    let civilite = reader.choice("civilite", Civilite::from_word, "Choisissez une civilité.");
    let mut champs = Champs {
        civilite: civilite.map(Civilite::as_str).unwrap_or_default().to_owned(),
        nom: reader.line("nom", LINE_MAX, Some("Indiquez le nom.")),
        prenom: reader.line("prenom", LINE_MAX, Some("Indiquez le prénom.")),
        email: fields.one("email").trim().to_owned(),
        role: fields.one("role").to_owned(),
        structure: fields.number("structure"),
        droits: fields.all("droits").iter().filter_map(|word| Droit::from_word(word)).collect(),
    };
    if role == Some(Role::Administrateur) {
        champs.structure = None;
        champs.droits = Vec::new();
    }
    champs.structure = champs.structure.filter(|id| app.referentiels().structures.iter().any(|one| one.id == *id));
    champs
}

/// What the account is for; a gestionnaire's needs a structure.
fn poste(champs: &Champs, role: Option<Role>, reader: &mut Reader<'_>) -> Option<Poste> {
    let structure = champs.structure.map(StructureId);
    if role == Some(Role::Administrateur) {
        return Some(Poste::Administrateur);
    }
    if structure.is_none() {
        reader.refuse("structure", "Choisissez la structure pour laquelle ce gestionnaire travaille.");
    }
    structure.map(|structure| Poste::Gestionnaire { structure, droits: champs.droits.clone() })
}

/// `POST /administration/agents/nouveau` with `role, civilite, nom, prenom, email, structure, droits` (repeated).
pub async fn create_agent(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let mut reader = Reader::new(&fields);
    let read_role = |word: &str| Role::from_word(word).filter(|role| *role != Role::Intervenant);
    let role = reader.choice("role", read_role, "Choisissez un rôle.");
    let champs = typed(&app, &fields, role, &mut reader);
    let email = match Email::parse(&champs.email) {
        Ok(email) => Some(email),
        Err(error) => {
            reader.refuse("email", error.to_string());
            None
        }
    };
    let poste = poste(&champs, role, &mut reader);
    let civilite = Civilite::from_word(&champs.civilite);
    let errors = reader.errors;
    let (Some(poste), Some(civilite), Some(email), true) = (poste, civilite, email, errors.is_empty()) else {
        return show(&request, &app, &who, None, champs, Said::invalid(errors)).await;
    };
    let (nom, prenom) = (champs.nom.clone(), champs.prenom.clone());
    let create = CreateAgent { poste, civilite, nom, prenom, email, secret: BIENVENUE.secret()? };
    match app.comptes.ask(&who.connecte.identity(), create).await? {
        Ok(id) => done(&app, &format!("{LIST}/{id}"), Fait::CompteCree),
        Err(NotManaged::Taken) => {
            let sentence = "Un compte a déjà cette adresse pour identifiant : indiquez-en une autre.";
            let errors = vec![FieldError::new("email", sentence)];
            show(&request, &app, &who, None, champs, Said::invalid(errors)).await
        }
        Err(refusal) => Err(refused(refusal)),
    }
}

/// A refusal that no form shows.
fn refused(refusal: NotManaged) -> Error {
    match refusal {
        NotManaged::NotFound => Error::NotFound,
        NotManaged::Forbidden
        | NotManaged::Taken
        | NotManaged::NoLink
        | NotManaged::OwnAccount
        | NotManaged::LastAdministrateur => Error::Forbidden,
    }
}

/// `POST /administration/agents/{id}` with `civilite, nom, prenom` and, for a gestionnaire, `structure, droits`.
pub async fn update_agent(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let agent = found(&app, *id).await?;
    let mut reader = Reader::new(&fields);
    let champs = typed(&app, &fields, Some(agent.role), &mut reader);
    let poste = poste(&champs, Some(agent.role), &mut reader);
    let civilite = Civilite::from_word(&champs.civilite);
    let (Some(poste), Some(civilite), true) = (poste, civilite, reader.errors.is_empty()) else {
        return show(&request, &app, &who, Some(agent), champs, Said::invalid(reader.errors)).await;
    };
    let compte = agent.compte;
    let change = ChangeAgent { compte, poste, civilite, nom: champs.nom, prenom: champs.prenom };
    app.comptes.ask(&who.connecte.identity(), change).await?.map_err(refused)?;
    done(&app, &format!("{LIST}/{compte}"), Fait::Compte)
}

/// The typed form of an account when a button beside it is pressed; the saved values when the button came alone.
fn typed_beside(app: &App, agent: &Agent, fields: &Fields) -> Champs {
    if !fields.has("nom") {
        return Champs::of(agent);
    }
    let typed = typed(app, fields, Some(agent.role), &mut Reader::new(fields));
    Champs { email: agent.login.clone(), role: agent.role.as_str().to_owned(), ..typed }
}

/// Back to the account with a notice of what a button beside its form did; fields typed and not saved stay.
async fn done_beside(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    id: i64,
    fields: &Fields,
    fait: Fait,
) -> Result<HttpResponse, Error> {
    let agent = found(app, id).await?;
    let champs = typed_beside(app, &agent, fields);
    if champs == Champs::of(&agent) {
        return done(app, &format!("{LIST}/{id}"), fait);
    }
    show(request, app, who, Some(agent), champs, Said::Done(Notice::done(fait.sentence()))).await
}

/// `POST /administration/agents/{id}/lien`: sends again the link to choose a password.
pub async fn send_link(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let agent = found(&app, *id).await?;
    let link = WelcomeAgent { compte: agent.compte, secret: BIENVENUE.secret()? };
    match app.comptes.ask(&who.connecte.identity(), link).await? {
        Ok(()) => done_beside(&request, &app, &who, *id, &fields, Fait::Lien).await,
        Err(NotManaged::NoLink) => {
            let sentence = "Ce compte a déjà un mot de passe, ou il est archivé : aucun lien n’est envoyé. \
                            La personne peut demander un nouveau mot de passe par « Mot de passe oublié ».";
            refuse(&request, &app, &who, agent, &fields, sentence).await
        }
        Err(refusal) => Err(refused(refusal)),
    }
}

pub async fn archive_agent(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let agent = found(&app, *id).await?;
    let sentence = match app.comptes.ask(&who.connecte.identity(), ArchiveAgent(agent.compte)).await? {
        Ok(()) => return done_beside(&request, &app, &who, *id, &fields, Fait::CompteArchive).await,
        Err(NotManaged::OwnAccount) => {
            "Vous ne pouvez pas archiver votre propre compte : demandez-le à un autre administrateur."
        }
        Err(NotManaged::LastAdministrateur) => {
            "C’est le dernier administrateur qui peut se connecter : créez-en un autre avant d’archiver ce compte."
        }
        Err(refusal) => return Err(refused(refusal)),
    };
    refuse(&request, &app, &who, agent, &fields, sentence).await
}

async fn refuse(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    agent: Agent,
    fields: &Fields,
    sentence: &str,
) -> Result<HttpResponse, Error> {
    let champs = typed_beside(app, &agent, fields);
    let said = Said::Wrong(StatusCode::CONFLICT, vec![FieldError::new("", sentence)]);
    show(request, app, who, Some(agent), champs, said).await
}

pub async fn reopen_agent(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let agent = found(&app, *id).await?.compte;
    app.comptes.ask(&who.connecte.identity(), ReopenAgent(agent)).await?.map_err(refused)?;
    done_beside(&request, &app, &who, *id, &fields, Fait::CompteRouvert).await
}
