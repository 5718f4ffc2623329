//! Intervenants: the search, the page of one, and the immatriculation (SPEC C3, G7).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{NotRecorded, SetImmatriculation};
use domain::CompteId;
use domain::compte::{EtatCompte, EtatInscription};
use domain::immatriculation::Immatriculation;
use store::annuaire::Personne;

use super::{Fait, done, layout};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::mon_compte::interventions;
use crate::session::Administrateur;
use crate::views::administration::{Personne as Fiche, PersonneRow, Personnes, sections};
use crate::views::{FieldError, Pages, Query, Tone};

/// The address of the list.
pub const LIST: &str = "/administration/intervenants";
const PAGE_SIZE: i64 = 25;

/// The state of an intervenant, in words.
fn etat(person: &Personne) -> (&'static str, Tone) {
    match (person.etat, person.inscription) {
        (EtatCompte::Archive, _) => ("compte archivé", Tone::Info),
        (EtatCompte::AActiver, _) => ("compte à activer", Tone::Info),
        (EtatCompte::Actif, EtatInscription::Brouillon) => ("inscription en cours", Tone::Info),
        (EtatCompte::Actif, EtatInscription::Transmise) => ("inscription transmise", Tone::Waiting),
        (EtatCompte::Actif, EtatInscription::EnAnalyse) => ("inscription en analyse", Tone::Waiting),
        (EtatCompte::Actif, EtatInscription::Complement) => ("complément demandé", Tone::Warning),
        (EtatCompte::Actif, EtatInscription::Validee) => ("inscription validée", Tone::Done),
        (EtatCompte::Actif, EtatInscription::Rejetee) => ("inscription rejetée", Tone::Failure),
    }
}

/// `GET /administration/intervenants` with `q` and `page`.
pub async fn intervenants(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    let q = fields.searched("q");
    let asked = fields.number("page").unwrap_or(1).max(1);
    let offset = (asked - 1).saturating_mul(PAGE_SIZE);
    let mut connection = app.store.read().await?;
    let (mut found, total) = store::annuaire::search(&mut connection, &q, PAGE_SIZE, offset).await?;
    let count = u64::try_from(total).unwrap_or(0);
    let pages =
        Pages::new(u64::try_from(asked).unwrap_or(1), PAGE_SIZE.unsigned_abs(), count, Query::new(LIST).add("q", &q));
    if found.is_empty() && total > 0 {
        // A page past the last one shows the last one.
        let offset = i64::try_from(pages.current - 1).unwrap_or(0) * PAGE_SIZE;
        (found, _) = store::annuaire::search(&mut connection, &q, PAGE_SIZE, offset).await?;
    }
    drop(connection);
    let layout = layout(&request, &app, &who, "Intervenants", Vec::new()).await?;
    let view = Personnes { layout, sections: sections(), q, rows: found.into_iter().map(row).collect(), pages };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}

fn row(person: Personne) -> PersonneRow {
    let (etat, tone) = etat(&person);
    PersonneRow {
        href: format!("{LIST}/{}", person.compte),
        nom: format!("{} {}", person.nom, person.prenom),
        email: person.login,
        immatriculation: person.immatriculation.unwrap_or_default(),
        structure: person.structure_nom.unwrap_or_default(),
        etat,
        tone,
    }
}

pub async fn found(app: &App, id: i64) -> Result<Personne, Error> {
    store::annuaire::personne(&mut app.store.read().await?, CompteId(id)).await?.ok_or(Error::NotFound)
}

pub async fn intervenant(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let person = found(&app, *id).await?;
    let typed = person.immatriculation.clone().unwrap_or_default();
    show(&request, &app, &who, person, typed, Vec::new(), StatusCode::OK).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    person: Personne,
    saisie: String,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let recorded = store::interventions::of(&mut app.store.read().await?, person.compte).await?;
    let title = format!("{} {} {}", person.civilite, person.prenom, person.nom);
    let layout = layout(request, app, who, title, errors).await?;
    let (etat, tone) = etat(&person);
    let view = Fiche {
        layout,
        sections: sections(),
        href: format!("{LIST}/{}", person.compte),
        email: person.login,
        structure: person.structure_nom.unwrap_or_default(),
        etat,
        tone,
        immatriculation: person.immatriculation.unwrap_or_default(),
        saisie,
        interventions: recorded
            .into_iter()
            .map(|line| {
                let href = format!("{LIST}/interventions/{}", line.id);
                interventions::row(line, href)
            })
            .collect(),
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `POST /administration/intervenants/{id}/immatriculation` with `immatriculation` and `action=enregistrer|retirer`.
pub async fn set_immatriculation(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let person = found(&app, *id).await?;
    let typed = fields.one("immatriculation").trim().to_owned();
    let recorded = if fields.one("action") == "retirer" {
        None
    } else {
        match Immatriculation::parse(&typed) {
            Ok(number) => Some(number),
            Err(error) => return refused(&request, &app, &who, person, typed, error.to_string()).await,
        }
    };
    let compte = person.compte;
    let fait = recorded.as_ref().map_or(Fait::ImmatriculationRetiree, |_| Fait::Immatriculation);
    let set = SetImmatriculation { compte, immatriculation: recorded };
    match app.comptes.ask(&who.connecte.identity(), set).await? {
        Ok(()) => done(&app, &format!("{LIST}/{compte}"), fait),
        Err(NotRecorded::Taken(holder)) => {
            let holder = format!("{} {} {}", holder.civilite, holder.prenom, holder.nom);
            let sentence = format!("Cette immatriculation est déjà celle de {holder} : vérifiez le numéro.");
            refused(&request, &app, &who, person, typed, sentence).await
        }
        Err(refusal) => Err(not_recorded(refusal)),
    }
}

/// A refusal that no form shows.
pub fn not_recorded(refusal: NotRecorded) -> Error {
    match refusal {
        NotRecorded::NotFound => Error::NotFound,
        NotRecorded::Forbidden | NotRecorded::State(_) | NotRecorded::Taken(_) => Error::Forbidden,
    }
}

async fn refused(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    person: Personne,
    typed: String,
    sentence: String,
) -> Result<HttpResponse, Error> {
    let errors = vec![FieldError::new("immatriculation", sentence)];
    show(request, app, who, person, typed, errors, StatusCode::UNPROCESSABLE_ENTITY).await
}
