//! The commands on the account of a gestionnaire or an administrateur.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::StructureId;
use domain::compte::{Droit, EtatCompte, Role};
use domain::email::Email;
use domain::profil::Civilite;
use store::administration::{Agent, Fermeture};
use store::comptes::Nouveau;

use super::agents::{Champs, LIST, found, show};
use super::{Fait, done};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::flash::Flash;
use crate::page::Said;
use crate::pages::connexion::{Accueilli, Bienvenue};
use crate::saisie::{LINE_MAX, Saisie};
use crate::session::Administrateur;
use crate::views::FieldError;

/// `GET /administration/agents/nouveau`.
pub async fn new_agent_form(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    let champs =
        Champs { role: Role::Gestionnaire.as_str().to_owned(), droits: Droit::ALL.to_vec(), ..Champs::default() };
    show(&request, &app, &who, None, champs, Said::Nothing).await
}

/// What is typed, and what is wrong but for role and email.
fn typed(app: &App, fields: &Fields, role: Option<Role>, saisie: &mut Saisie<'_>) -> Champs {
    let civilite = saisie.choice("civilite", Civilite::from_word, "Choisissez une civilité.");
    let mut champs = Champs {
        civilite: civilite.map(Civilite::as_str).unwrap_or_default().to_owned(),
        nom: saisie.line("nom", LINE_MAX, Some("Indiquez le nom.")),
        prenom: saisie.line("prenom", LINE_MAX, Some("Indiquez le prénom.")),
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

fn needs_structure(champs: &Champs, role: Option<Role>, saisie: &mut Saisie<'_>) {
    if role != Some(Role::Administrateur) && champs.structure.is_none() {
        saisie.refuse("structure", "Choisissez la structure pour laquelle ce gestionnaire travaille.");
    }
}

/// `POST /administration/agents/nouveau` with `role, civilite, nom, prenom, email, structure, droits` (repeated).
pub async fn create_agent(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let mut saisie = Saisie::new(&fields);
    let read_role = |word: &str| Role::from_word(word).filter(|role| *role != Role::Intervenant);
    let role = saisie.choice("role", read_role, "Choisissez un rôle.");
    let champs = typed(&app, &fields, role, &mut saisie);
    let email = match Email::parse(&champs.email) {
        Ok(email) => Some(email),
        Err(error) => {
            saisie.refuse("email", error.to_string());
            None
        }
    };
    needs_structure(&champs, role, &mut saisie);
    let errors = saisie.errors;
    let (Some(role), Some(email), true) = (role, email, errors.is_empty()) else {
        return show(&request, &app, &who, None, champs, Said::invalid(errors)).await;
    };
    let nouveau = Nouveau {
        role,
        etat: EtatCompte::Actif,
        login: email.clone(),
        mot_de_passe: None,
        civilite: champs.civilite.clone(),
        nom: champs.nom.clone(),
        prenom: champs.prenom.clone(),
        structure: champs.structure.map(StructureId),
        naissance: None,
        activation_avant: None,
    };
    let link =
        Bienvenue::new(Accueilli::Agent, &champs.prenom, &structure_name(&app, champs.structure), email.as_str())?;
    let droits = champs.droits.clone();
    let made = app
        .store
        .write::<_, store::Error, _>(Some(who.connecte.session.compte), move |transaction| {
            Box::pin(async move {
                let id = store::comptes::create(transaction, &nouveau).await?;
                if role == Role::Gestionnaire {
                    store::administration::set_droits(transaction, id, &droits).await?;
                }
                link.send(transaction, id).await?;
                Ok(id)
            })
        })
        .await;
    match made {
        Ok(id) => done(&app, &format!("{LIST}/{id}"), Fait::CompteCree),
        Err(error) if error.is_unique_violation() => {
            let sentence = "Un compte a déjà cette adresse pour identifiant : indiquez-en une autre.";
            let errors = vec![FieldError::new("email", sentence)];
            show(&request, &app, &who, None, champs, Said::invalid(errors)).await
        }
        Err(error) => Err(error.into()),
    }
}

fn structure_name(app: &App, id: Option<i64>) -> String {
    let known = app.referentiels();
    known.structures.iter().find(|one| Some(one.id) == id).map(|one| one.nom.clone()).unwrap_or_default()
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
    let mut saisie = Saisie::new(&fields);
    let champs = typed(&app, &fields, Some(agent.role), &mut saisie);
    needs_structure(&champs, Some(agent.role), &mut saisie);
    if !saisie.errors.is_empty() {
        return show(&request, &app, &who, Some(agent), champs, Said::invalid(saisie.errors)).await;
    }
    let (id, role) = (agent.compte, agent.role);
    app.store
        .write::<_, store::Error, _>(Some(who.connecte.session.compte), move |transaction| {
            Box::pin(async move {
                let names = (champs.civilite.as_str(), champs.nom.as_str(), champs.prenom.as_str());
                let structure = champs.structure.map(StructureId);
                store::administration::set_agent(transaction, id, names, structure).await?;
                if role == Role::Gestionnaire {
                    store::administration::set_droits(transaction, id, &champs.droits).await?;
                }
                Ok(())
            })
        })
        .await?;
    done(&app, &format!("{LIST}/{id}"), Fait::Compte)
}

/// What is typed in the form of an account by whom a button beside it is pressed; what is saved where the button came alone.
fn typed_beside(app: &App, agent: &Agent, fields: &Fields) -> Champs {
    if !fields.has("nom") {
        return Champs::of(agent);
    }
    let typed = typed(app, fields, Some(agent.role), &mut Saisie::new(fields));
    Champs { email: agent.login.clone(), role: agent.role.as_str().to_owned(), ..typed }
}

/// To the account, saying what a button beside its form did; what is typed and not saved yet stays.
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
    show(request, app, who, Some(agent), champs, Said::Done(Flash::Administration { fait })).await
}

/// `POST /administration/agents/{id}/lien`: sends the link to choose a password again.
pub async fn send_link(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let agent = found(&app, *id).await?;
    if agent.mot_de_passe || agent.etat == EtatCompte::Archive {
        let sentence = "Ce compte a déjà un mot de passe, ou il est archivé : aucun lien n’est envoyé. \
                        La personne peut demander un nouveau mot de passe par « Mot de passe oublié ».";
        return refuse(&request, &app, &who, agent, &fields, sentence).await;
    }
    let link = Bienvenue::new(
        Accueilli::Agent,
        &agent.prenom,
        agent.structure_nom.as_deref().unwrap_or_default(),
        &agent.login,
    )?;
    let id = agent.compte;
    app.store
        .write::<_, store::Error, _>(Some(who.connecte.session.compte), move |transaction| {
            Box::pin(async move { link.send(transaction, id).await })
        })
        .await?;
    done_beside(&request, &app, &who, id.0, &fields, Fait::Lien).await
}

/// `POST /administration/agents/{id}/archiver`.
pub async fn archive_agent(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let agent = found(&app, *id).await?;
    let (id, by) = (agent.compte, who.connecte.session.compte);
    let ended = app
        .store
        .write::<_, store::Error, _>(Some(by), move |transaction| {
            Box::pin(async move { store::administration::close_agent(transaction, id, by).await })
        })
        .await?;
    let refused = match ended {
        Fermeture::Faite | Fermeture::Rien => {
            return done_beside(&request, &app, &who, id.0, &fields, Fait::CompteArchive).await;
        }
        Fermeture::Soi => "Vous ne pouvez pas archiver votre propre compte : demandez-le à un autre administrateur.",
        Fermeture::DernierAdministrateur => {
            "C’est le dernier administrateur qui peut se connecter : créez-en un autre avant d’archiver ce compte."
        }
    };
    refuse(&request, &app, &who, agent, &fields, refused).await
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

/// `POST /administration/agents/{id}/rouvrir`.
pub async fn reopen_agent(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let id = found(&app, *id).await?.compte;
    app.store
        .write::<_, store::Error, _>(Some(who.connecte.session.compte), move |transaction| {
            Box::pin(async move { store::comptes::reopen(transaction, id).await })
        })
        .await?;
    done_beside(&request, &app, &who, id.0, &fields, Fait::CompteRouvert).await
}
