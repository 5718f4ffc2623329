//! `GET|POST /gestion/support/{id}/donnees`: the data of an archived account, by a one-time link (manual §11.2, SPEC
//! X6).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::demandes::NotHandled;
use actors::commands::donnees::SendDonnees;
use domain::CompteId;
use domain::support::TypeDemande;
use domain::time::paris_day;
use store::acces::Personne;
use store::demandes::{self, Demande};

use super::LIST;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::donnees::PURPOSE;
use crate::pages::gestion_acces::DestinationTyped;
use crate::session::{Acces, Habilite, link_secret};
use crate::views::dates::date;
use crate::views::gestion_acces::{Choisi, GestionDonnees};
use crate::views::{FieldError, Notice};

async fn own(app: &App, who: &Habilite<Acces>, id: i64) -> Result<Demande, Error> {
    demandes::of_structure(&mut app.store.read().await?, id, who.structure).await?.ok_or(Error::NotFound)
}

/// The chosen archived account, if the request may be about it.
async fn chosen(app: &App, who: &Habilite<Acces>, of: &Demande, fields: &Fields) -> Result<Option<Personne>, Error> {
    let Some(asked) = fields.number("compte").map(CompteId) else { return Ok(None) };
    let mut connection = app.store.read().await?;
    let known = demandes::archived(&mut connection, who.structure, of).await?;
    if known.iter().all(|(id, _)| *id != asked) {
        return Ok(None);
    }
    Ok(store::acces::personne(&mut connection, who.structure, asked).await?)
}

/// `GET /gestion/support/{id}/donnees`, with `compte` after the choice.
pub async fn data_form(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Acces>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let found = own(&app, &who, *id).await?;
    let personne = chosen(&app, &who, &found, &Fields::parse(request.query_string())).await?;
    // The address of the request is proposed when it is not the account's.
    let likely = personne.as_ref().filter(|personne| personne.login != found.courriel).map(|_| found.courriel.clone());
    let saisie = DestinationTyped::proposing(&likely.unwrap_or_default());
    show(&request, &app, &who, &found, (personne, saisie), (Vec::new(), StatusCode::OK)).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Habilite<Acces>,
    found: &Demande,
    (personne, saisie): (Option<Personne>, DestinationTyped),
    (errors, status): (Vec<FieldError>, StatusCode),
) -> Result<HttpResponse, Error> {
    let comptes = demandes::archived(&mut app.store.read().await?, who.structure, found).await?;
    let refus = if found.sorte != TypeDemande::Donnees {
        "Cette demande n’est pas une demande de récupération de données personnelles."
    } else if comptes.is_empty() {
        "Aucun compte archivé de votre structure ne porte cette adresse ou ce nom. Qui a un compte ouvert récupère ses données lui-même, dans « Mon compte »."
    } else {
        ""
    };
    let choisi = personne.filter(|_| refus.is_empty()).map(|personne| {
        let mut faits = vec![
            ("Nom", format!("{} {} {}", personne.civilite, personne.prenom, personne.nom)),
            ("Date de naissance", personne.naissance.map(date).unwrap_or_default()),
            ("Adresse enregistrée", personne.login.clone()),
            ("Adresse de la demande", found.courriel.clone()),
            ("Nom donné dans la demande", format!("{} {}", found.prenom, found.nom)),
            ("Dernière connexion", personne.connexion_at.map(|at| date(paris_day(at))).unwrap_or_default()),
        ];
        faits.retain(|(_, value)| !value.is_empty());
        Choisi {
            compte: personne.compte.to_string(),
            nom: format!("{} {}", personne.prenom, personne.nom),
            faits: faits.into_iter().map(|(label, value)| (label.to_owned(), value)).collect(),
            envoi: saisie.view(&personne.login),
        }
    });
    let viewer = &who.connecte.viewer;
    let view = GestionDonnees {
        layout: page::layout(request, app, viewer, "Envoyer ses données à une personne").await?.with_errors(errors),
        retour: format!("{LIST}/{}", found.id),
        demande: format!("Demande {}", found.reference),
        action_href: format!("{LIST}/{}/donnees", found.id),
        refus: refus.to_owned(),
        comptes: comptes.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        choisi,
    };
    page::respond(request, app, viewer, &view, status)
}

/// `POST /gestion/support/{id}/donnees` with `compte`, `destination`, `adresse`, `verification_faite` and
/// `verification`.
pub async fn send_data(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Acces>,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let found = own(&app, &who, *id).await?;
    let saisie = DestinationTyped::from_form(&fields);
    let personne = chosen(&app, &who, &found, &fields).await?.filter(|_| found.sorte == TypeDemande::Donnees);
    let Some(personne) = personne else {
        return not_archived(&request, &app, &who, &found, saisie).await;
    };
    let destination = match saisie.check(&personne.login) {
        Ok(destination) => destination,
        Err(errors) => {
            let errors = (errors, StatusCode::UNPROCESSABLE_ENTITY);
            return show(&request, &app, &who, &found, (Some(personne), saisie), errors).await;
        }
    };
    let asked = SendDonnees {
        demande: found.id,
        compte: personne.compte,
        secret: link_secret(PURPOSE)?,
        ailleurs: destination.verification.map(|how| (destination.adresse, how)),
    };
    match app.comptes.ask(&who.connecte.identity(), asked).await? {
        Ok(()) => page::redirect_saying(
            &app,
            &format!("{LIST}/{}", found.id),
            &Notice::done("Le lien est envoyé : la personne peut récupérer ses données pendant sept jours."),
        ),
        Err(NotHandled::Unknown) => Err(Error::NotFound),
        Err(NotHandled::Forbidden) => Err(Error::Forbidden),
        Err(_) => not_archived(&request, &app, &who, &found, saisie).await,
    }
}

async fn not_archived(
    request: &HttpRequest,
    app: &App,
    who: &Habilite<Acces>,
    found: &Demande,
    saisie: DestinationTyped,
) -> Result<HttpResponse, Error> {
    let errors = (vec![FieldError::new("", NotHandled::NotArchived.to_string())], StatusCode::CONFLICT);
    show(request, app, who, found, (None, saisie), errors).await
}
