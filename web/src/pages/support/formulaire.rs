//! `GET|POST /support` and the link that confirms a visitor's request (manual §6.1, SPEC S1 to S3, S7).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::demandes::{ConfirmDemande, Nouvelle, SendDemande, SendDemandeOfVisitor, history};
use domain::StructureId;
use domain::compte::Role;
use domain::connexion::wait_in_words;
use domain::email::Email;
use domain::inscription::last_day;
use domain::support::{CONFIRMATION_DAYS, NOM_MAX, OBJET_MAX, TEXTE_MAX, TypeDemande};
use domain::time::days_after;
use store::sessions::Session;

use super::too_long;
use crate::app::App;
use crate::csrf::Posted;
use crate::defi::{self, Formulaire};
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::connexion::{expired, tries};
use crate::reader::Reader;
use crate::session::{Viewer, digest, form_token, identity, link_secret, random_token};
use crate::views::connexion::{Confirmation, Lien};
use crate::views::support::SupportFormulaire;
use crate::views::{Choice, FieldError, Notice};

/// The purpose of the digests of these links.
const PURPOSE: &str = "support";
/// Requests forgiven to an address before it waits.
const FORGIVEN: i32 = 20;

/// `GET /support`, with `sorte` preselected.
pub async fn form(request: HttpRequest, app: Data<App>, viewer: Viewer) -> Result<HttpResponse, Error> {
    let asked = Fields::parse(request.query_string());
    let mut known = vec![("sorte".to_owned(), asked.one("sorte").to_owned())];
    if let Some(session) = viewer.session() {
        let mut connection = app.store.read().await?;
        let own = match session.structure {
            Some(structure) => Some(structure),
            None => store::demandes::structure_of(&mut connection, session.compte).await?,
        };
        let me = store::comptes::by_id(&mut connection, session.compte).await?;
        drop(connection);
        known.push(("email".into(), session.login.clone()));
        known.extend(own.map(|id| ("structure".to_owned(), id.to_string())));
        known.extend(me.into_iter().flat_map(|me| [("nom".into(), me.nom), ("prenom".into(), me.prenom)]));
    }
    show(&request, &app, &viewer, (&Fields::from_pairs(known), false), Vec::new(), StatusCode::OK).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    (fields, resolu): (&Fields, bool),
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let mut sortes = vec![Choice::new("", "Choisir…")];
    sortes.extend(
        TypeDemande::ALL
            .iter()
            .map(|one| Choice::new(one.as_str(), one.libelle()).selected(fields.one("sorte") == one.as_str())),
    );
    let mut structures = vec![Choice::new("", "Choisir…")];
    structures.extend(
        app.referentiels().structures.iter().map(|one| {
            Choice::new(one.id.to_string(), &one.nom).selected(fields.one("structure") == one.id.to_string())
        }),
    );
    let text = |name: &str| fields.one(name).to_owned();
    let view = SupportFormulaire {
        autre_adresse: errors.iter().any(|error| error.field == "adresse"),
        layout: page::layout(request, app, viewer, "Faire une demande de support").await?.with_errors(errors),
        sortes,
        structures,
        email: text("email"),
        nom: text("nom"),
        prenom: text("prenom"),
        objet: text("objet"),
        message: text("message"),
        jeton: form_token(fields)?,
        suivies: viewer.session().is_some_and(|session| session.role == Role::Intervenant),
        login: viewer.session().map(|session| session.login.clone()).unwrap_or_default(),
        defi: match viewer.session() {
            None => Some(defi::make(app, Formulaire::Support, resolu).await?),
            Some(_) => None,
        },
        objet_max: OBJET_MAX,
        texte_max: TEXTE_MAX,
        nom_max: NOM_MAX,
    };
    page::respond(request, app, viewer, &view, status)
}

/// The request in a form, or what is wrong with it, in the order of its fields.
fn read(fields: &Fields, app: &App, session: Option<&Session>) -> Result<Nouvelle, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let sorte = reader.choice("sorte", TypeDemande::from_word, "Choisissez le type de votre demande.");
    let known = app.referentiels();
    let structure = |word: &str| known.structures.iter().map(|one| one.id).find(|id| id.to_string() == word);
    let structure = reader.choice("structure", structure, "Choisissez la structure qui traitera votre demande.");
    let most = |max: usize| format!("{max} caractères au plus.");
    let prenom = reader.line_saying("prenom", NOM_MAX, "Indiquez votre prénom.", &most(NOM_MAX));
    let nom = reader.line_saying("nom", NOM_MAX, "Indiquez votre nom.", &most(NOM_MAX));
    let email = Email::parse(fields.one("email"));
    if let Err(error) = &email {
        reader.refuse("email", error.to_string());
    }
    // An address that is not the profile's: for this request only, or for good (manual §6.1.2).
    if let (Some(session), Ok(email)) = (session, &email)
        && email.as_str() != session.login
        && fields.one("adresse") != "demande"
    {
        reader.refuse("adresse", "Dites si cette adresse est pour cette demande seulement.");
    }
    let missing = "Dites en quelques mots de quoi il s’agit.";
    let objet = reader.line_saying("objet", OBJET_MAX, missing, &most(OBJET_MAX));
    let texte = reader.text_saying("message", TEXTE_MAX, "Décrivez votre demande.", &too_long());
    match (reader.errors.is_empty(), sorte, structure, email) {
        (true, Some(sorte), Some(structure), Ok(email)) => Ok(Nouvelle {
            sorte,
            structure: StructureId(structure),
            courriel: email.as_str().to_owned(),
            nom,
            prenom,
            objet,
            texte,
            jeton: String::new(),
            secret: String::new(),
        }),
        _ => Err(reader.errors),
    }
}

/// `POST /support` with `sorte`, `structure`, `email`, `nom`, `prenom`, `objet`, `message`, the form's `jeton`; for a
/// visitor the captcha; for a logged-in person whose `email` is not their login, `adresse` = `demande` or `profil`.
pub async fn send(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let session = viewer.session().cloned();
    if session.is_some() && fields.one("adresse") == "profil" {
        return page::redirect_saying(
            &app,
            "/mon-compte/adresse",
            &Notice::done("La demande est abandonnée. Changez votre adresse ici, puis refaites-la si besoin."),
        );
    }
    let keys = tries::from_address(&request, &app, "support", FORGIVEN);
    if let Some(wait) = tries::count(&app, &keys).await? {
        let errors = vec![FieldError::new("", format!("Trop de demandes : réessayez dans {}.", wait_in_words(wait)))];
        return show(&request, &app, &viewer, (&fields, false), errors, StatusCode::TOO_MANY_REQUESTS).await;
    }
    let mut read = read(&fields, &app, session.as_ref());
    let mut resolu = false;
    if session.is_none() {
        match (defi::check(&app, &fields, Formulaire::Support).await?, &mut read) {
            (Ok(()), _) => resolu = true,
            (Err(wrong), Err(errors)) => errors.push(wrong),
            (Err(wrong), Ok(_)) => read = Err(vec![wrong]),
        }
    }
    let mut nouvelle = match read {
        Ok(nouvelle) => nouvelle,
        Err(errors) => {
            return show(&request, &app, &viewer, (&fields, resolu), errors, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    // Bound to this browser, so that another person's form is never taken for a repetition of this one.
    nouvelle.jeton = digest(PURPOSE, &format!("{} {}", viewer.csrf(), form_token(&fields)?));
    nouvelle.secret = random_token()?;
    let email = nouvelle.courriel.clone();
    let until = if let Some(session) = &session {
        let Ok(_) = app.comptes.ask(&identity(session), SendDemande(nouvelle)).await?;
        None
    } else {
        let confirmation = link_secret(PURPOSE)?;
        let Ok(_) = app.front_desk.ask(SendDemandeOfVisitor { nouvelle, confirmation }).await?;
        Some(last_day(days_after(app.store.clock().now(), CONFIRMATION_DAYS)))
    };
    match (session, until) {
        (Some(session), _) if session.role == Role::Intervenant => page::redirect_saying(
            &app,
            "/mon-compte/demandes",
            &Notice::done("Votre demande est transmise. La réponse viendra ici et par courriel."),
        ),
        (_, until) => {
            let (title, sentences) = match until {
                Some(until) => (
                    "Consultez votre messagerie",
                    vec![
                        format!(
                            "Un courriel vient d’être envoyé à {email}. Cliquez sur le lien qu’il contient : votre demande n’est transmise à la structure qu’après."
                        ),
                        format!(
                            "Le lien fonctionne jusqu’au {until} au soir ; passé ce délai, la demande est effacée. Sans courriel d’ici quelques minutes, regardez dans les courriers indésirables."
                        ),
                    ],
                ),
                None => {
                    ("Votre demande est transmise", vec![format!("La structure vous répondra à l’adresse {email}.")])
                }
            };
            let layout = page::layout(&request, &app, &viewer, title).await?;
            page::ok(&request, &app, &viewer, &Lien { layout, sentences })
        }
    }
}

async fn gone(request: &HttpRequest, app: &App, viewer: &Viewer) -> Result<HttpResponse, Error> {
    expired(request, app, viewer, "/support").await
}

/// `GET /support/confirmation/{jeton}`: mail scanners follow links, so only its button acts.
pub async fn confirm_form(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    token: Path<String>,
) -> Result<HttpResponse, Error> {
    let found = store::demandes::by_confirmation(&mut app.store.read().await?, &digest(PURPOSE, &token)).await?;
    let Some(found) = found else { return gone(&request, &app, &viewer).await };
    let view = Confirmation {
        layout: page::layout(&request, &app, &viewer, "Confirmer votre demande").await?,
        action: request.path().to_owned(),
        sentence: format!("Votre demande {} « {} » sera transmise à la structure.", found.reference, found.objet),
        button: "Confirmer ma demande".to_owned(),
    };
    page::ok(&request, &app, &viewer, &view)
}

/// `POST /support/confirmation/{jeton}`: sends the request to its structure; a second click sends nothing more.
pub async fn confirm(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    token: Path<String>,
    _: Posted,
) -> Result<HttpResponse, Error> {
    match app.front_desk.ask(ConfirmDemande(digest(PURPOSE, &token))).await? {
        Ok(found) => page::redirect_saying(
            &app,
            &history(&found, app.store.clock().now()),
            &Notice::done("Votre demande est confirmée et transmise à la structure."),
        ),
        Err(_) => gone(&request, &app, &viewer).await,
    }
}
