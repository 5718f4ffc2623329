//! The interventions of a person, recorded by an administrateur.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{AddIntervention, ChangeIntervention, NotRecorded, RemoveIntervention};
use domain::StructureId;
use domain::intervention::{EtatIntervention, HEURES_MAX};
use domain::time::paris_day;
use store::annuaire::Personne;
use store::interventions::{Intervention, Ligne};

use super::agents::structures;
use super::intervenants::{LIST, found, not_recorded};
use super::{Fait, done, layout};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::reader::{LINE_MAX, Reader};
use crate::session::Administrateur;
use crate::views::administration::{InterventionFormulaire, sections};
use crate::views::{Choice, FieldError};

/// What stands in the form.
#[derive(Default)]
struct Champs {
    titre: String,
    structure: Option<i64>,
    du: String,
    au: String,
    heures: String,
    etat: String,
}

impl Champs {
    fn of(intervention: &Intervention) -> Self {
        Self {
            titre: intervention.titre.clone(),
            structure: Some(intervention.structure.0),
            du: intervention.du.to_string(),
            au: intervention.au.to_string(),
            heures: intervention.heures.to_string(),
            etat: intervention.etat.as_str().to_owned(),
        }
    }

    fn typed(fields: &Fields) -> Self {
        Self {
            titre: fields.one("titre").to_owned(),
            structure: fields.number("structure"),
            du: fields.one("du").to_owned(),
            au: fields.one("au").to_owned(),
            heures: fields.one("heures").to_owned(),
            etat: fields.one("etat").to_owned(),
        }
    }
}

/// The intervention in the fields, or what is wrong with them.
fn check(app: &App, fields: &Fields) -> Result<Intervention, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let titre = reader.line("titre", LINE_MAX, Some("Indiquez l’intitulé de l’intervention."));
    let known = app.referentiels();
    let one_of = |word: &str| {
        let id: i64 = word.trim().parse().ok()?;
        known.structures.iter().any(|structure| structure.id == id).then_some(StructureId(id))
    };
    let structure = reader.choice("structure", one_of, "Choisissez la structure.");
    let du = reader.day("du", Some("Indiquez le premier jour."));
    let au = reader.day("au", Some("Indiquez le dernier jour."));
    if let (Some(du), Some(au)) = (du, au)
        && au < du
    {
        reader.refuse("au", "Le dernier jour vient avant le premier : vérifiez les deux dates.");
    }
    let number = |word: &str| word.trim().parse::<i32>().ok().filter(|hours| (1..=HEURES_MAX).contains(hours));
    let missing = format!("Indiquez le nombre d’heures : un nombre entier, de 1 à {HEURES_MAX}.");
    let heures = reader.choice("heures", number, &missing);
    let etat = reader.choice("etat", EtatIntervention::from_word, "Choisissez un état.");
    if let (Some(du), Some(au), Some(etat)) = (du, au, etat)
        && du <= au
        && let Some(sentence) = etat.refusal(du, au, paris_day(app.store.clock().now()))
    {
        reader.refuse("etat", sentence);
    }
    match (structure, du, au, heures, etat) {
        (Some(structure), Some(du), Some(au), Some(heures), Some(etat)) if reader.errors.is_empty() => {
            Ok(Intervention { structure, titre, du, au, heures, etat })
        }
        _ => Err(reader.errors),
    }
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    (person, saved): (&Personne, Option<&Ligne>),
    champs: Champs,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let title = if saved.is_some() { "Modifier l’intervention" } else { "Ajouter une intervention" };
    let layout = layout(request, app, who, title, errors).await?;
    let action = saved.map_or_else(
        || format!("{LIST}/{}/interventions", person.compte),
        |line| format!("{LIST}/interventions/{}", line.id),
    );
    let view = InterventionFormulaire {
        layout,
        sections: sections(),
        supprimer_href: saved.map(|_| format!("{action}/supprimer")).unwrap_or_default(),
        action,
        personne: (
            format!("{} {} {}", person.civilite, person.prenom, person.nom),
            format!("{LIST}/{}", person.compte),
        ),
        titre: champs.titre,
        structures: structures(app, champs.structure),
        du: champs.du,
        au: champs.au,
        heures: champs.heures,
        etats: EtatIntervention::ALL
            .iter()
            .map(|etat| Choice { selected: etat.as_str() == champs.etat, ..Choice::new(etat.as_str(), etat.libelle()) })
            .collect(),
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `GET /administration/intervenants/{id}/interventions`: the form of a new one.
pub async fn new_intervention_form(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let person = found(&app, *id).await?;
    show(&request, &app, &who, (&person, None), Champs::default(), Vec::new(), StatusCode::OK).await
}

/// `POST /administration/intervenants/{id}/interventions` with `titre, structure, du, au, heures, etat`.
pub async fn create_intervention(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let person = found(&app, *id).await?;
    let intervention = match check(&app, &fields) {
        Ok(intervention) => intervention,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return show(&request, &app, &who, (&person, None), Champs::typed(&fields), errors, status).await;
        }
    };
    let compte = person.compte;
    match app.comptes.ask(&who.connecte.identity(), AddIntervention { compte, intervention }).await? {
        Ok(_) => done(&app, &format!("{LIST}/{compte}"), Fait::Intervention),
        Err(refusal) => {
            let (errors, status) = (wrong(refusal)?, StatusCode::UNPROCESSABLE_ENTITY);
            show(&request, &app, &who, (&person, None), Champs::typed(&fields), errors, status).await
        }
    }
}

/// What is wrong with the state of an intervention, in its form.
fn wrong(refusal: NotRecorded) -> Result<Vec<FieldError>, Error> {
    match refusal {
        NotRecorded::State(sentence) => Ok(vec![FieldError::new("etat", sentence)]),
        NotRecorded::NotFound | NotRecorded::Forbidden | NotRecorded::Taken(_) => Err(not_recorded(refusal)),
    }
}

async fn line(app: &App, id: i64) -> Result<(Personne, Ligne), Error> {
    let line = store::interventions::by_id(&mut app.store.read().await?, id).await?.ok_or(Error::NotFound)?;
    Ok((found(app, line.compte.0).await?, line))
}

pub async fn intervention_form(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let (person, line) = line(&app, *id).await?;
    let champs = Champs::of(&line.intervention);
    show(&request, &app, &who, (&person, Some(&line)), champs, Vec::new(), StatusCode::OK).await
}

/// `POST /administration/intervenants/interventions/{id}` with `titre, structure, du, au, heures, etat`.
pub async fn update_intervention(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let (person, line) = line(&app, *id).await?;
    let intervention = match check(&app, &fields) {
        Ok(intervention) => intervention,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return show(&request, &app, &who, (&person, Some(&line)), Champs::typed(&fields), errors, status).await;
        }
    };
    let change = ChangeIntervention { id: line.id, intervention };
    match app.comptes.ask(&who.connecte.identity(), change).await? {
        Ok(()) => done(&app, &format!("{LIST}/{}", person.compte), Fait::Intervention),
        Err(refusal) => {
            let (errors, status) = (wrong(refusal)?, StatusCode::UNPROCESSABLE_ENTITY);
            show(&request, &app, &who, (&person, Some(&line)), Champs::typed(&fields), errors, status).await
        }
    }
}

pub async fn remove_intervention(
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(_): Posted,
) -> Result<HttpResponse, Error> {
    let removed = app.comptes.ask(&who.connecte.identity(), RemoveIntervention(*id)).await?;
    let compte = removed.map_err(not_recorded)?;
    done(&app, &format!("{LIST}/{compte}"), Fait::InterventionSupprimee)
}
