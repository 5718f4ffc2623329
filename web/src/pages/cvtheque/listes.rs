//! Lists of people, private or shared with the structure (SPEC G3).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{FillList, ListRefusal, RemoveList, ShareList, TakeOutOfList, WhichList};
use store::listes::{self, Liste};

use super::profil::place;
use super::recherches::{NOM_MAX, name};
use super::selection::{PEOPLE, SELECTION_MAX, about, export, fiches, named, people};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::session::Gestionnaire;
use crate::views::cvtheque::{CvthequeListe, CvthequeListeAjout, CvthequeListes, ListeRow, MembreRow};
use crate::views::numbers::counted;
use crate::views::{Choice, FieldError, Notice};

const LIST: &str = "/cvtheque/listes";

async fn seen(app: &App, who: &Gestionnaire) -> Result<Vec<Liste>, Error> {
    Ok(listes::list(&mut app.store.read().await?, who.connecte.session.compte, who.structure).await?)
}

async fn one(app: &App, who: &Gestionnaire, id: i64) -> Result<Liste, Error> {
    seen(app, who).await?.into_iter().find(|liste| liste.id == id).ok_or(Error::NotFound)
}

pub async fn lists(request: HttpRequest, app: Data<App>, who: Gestionnaire) -> Result<HttpResponse, Error> {
    let me = who.connecte.session.compte;
    let row = |liste: Liste| ListeRow {
        href: format!("{LIST}/{}", liste.id),
        mienne: liste.auteur == me,
        auteur: liste.auteur_nom,
        nom: liste.nom,
        partagee: liste.partagee,
        nombre: u64::try_from(liste.nombre).unwrap_or(0),
    };
    let view = CvthequeListes {
        layout: page::layout(&request, &app, &who.connecte.viewer, "Listes de profils").await?,
        rows: seen(&app, &who).await?.into_iter().map(row).collect(),
    };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}

pub async fn list(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let liste = one(&app, &who, *id).await?;
    let members = listes::members(&mut app.store.read().await?, liste.id).await?;
    let found = fiches(&app, &members).await?;
    let view = CvthequeListe {
        layout: page::layout(&request, &app, &who.connecte.viewer, liste.nom.clone()).await?,
        action: format!("{LIST}/{}", liste.id),
        mienne: liste.auteur == who.connecte.session.compte,
        auteur: liste.auteur_nom,
        nom: liste.nom,
        partagee: liste.partagee,
        absents: (members.len() - found.len()) as u64,
        rows: found
            .into_iter()
            .map(|fiche| MembreRow {
                id: fiche.compte.to_string(),
                href: format!("/cvtheque/{}", fiche.compte),
                nom: format!("{} {}", fiche.prenom, fiche.nom),
                detail: place(&fiche),
                titre: fiche.profil.titre,
            })
            .collect(),
    };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}

/// A refusal that no form shows.
fn refused(refusal: ListRefusal) -> Error {
    match refusal {
        ListRefusal::NotFound => Error::NotFound,
        ListRefusal::Forbidden => Error::Forbidden,
        ListRefusal::NameTaken | ListRefusal::TooMany | ListRefusal::Full => Error::Conflict(refusal.to_string()),
    }
}

/// `POST /cvtheque/listes/{id}` with `action` = `ecrire`, `exporter`, `retirer` (and `personnes` repeated), and for its
/// author `partager`, `ne_plus_partager`, `supprimer`.
pub async fn act_on_list(
    app: Data<App>,
    who: Gestionnaire,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let liste = one(&app, &who, *id).await?;
    let (identity, id, action) = (who.connecte.identity(), liste.id, fields.one("action"));
    let here = format!("{LIST}/{id}");
    let chosen = people(&fields);
    if matches!(action, "ecrire" | "exporter" | "retirer") {
        if chosen.is_empty() {
            return Err(Error::BadRequest("Cochez d’abord une personne au moins, puis recommencez."));
        }
        if chosen.len() > SELECTION_MAX && action == "ecrire" {
            return Err(Error::BadRequest("On écrit à 200 personnes au plus à la fois : cochez-en moins."));
        }
        // Only people of the list can be written to or exported through it.
        let members = listes::members(&mut app.store.read().await?, id).await?;
        let chosen: Vec<domain::CompteId> = chosen.into_iter().filter(|one| members.contains(one)).collect();
        return match action {
            "ecrire" => Ok(page::redirect(&about("/cvtheque/ecrire", &chosen))),
            "exporter" => export(&app, &who, &here, &chosen).await,
            _ => {
                let take_out = TakeOutOfList { liste: id, people: chosen };
                let n = app.comptes.ask(&identity, take_out).await?.map_err(refused)?;
                page::redirect_saying(
                    &app,
                    &here,
                    &Notice::done(format!(
                        "{}.",
                        counted(n as u64, "personne retirée de la liste", "personnes retirées de la liste")
                    )),
                )
            }
        };
    }
    let (done, to, said) = match action {
        "partager" => (
            app.comptes.ask(&identity, ShareList { liste: id, partagee: true }).await?,
            &*here,
            Notice::done("La liste est partagée avec votre structure."),
        ),
        "ne_plus_partager" => (
            app.comptes.ask(&identity, ShareList { liste: id, partagee: false }).await?,
            &*here,
            Notice::done("La liste n’est plus partagée."),
        ),
        "supprimer" => (
            app.comptes.ask(&identity, RemoveList(id)).await?,
            LIST,
            Notice::done("La liste est supprimée. Les profils restent dans la CV-thèque."),
        ),
        _ if liste.auteur != identity.compte => return Err(Error::NotFound),
        _ => return Err(Error::BadRequest("Cette action n’existe pas pour une liste.")),
    };
    done.map_err(refused)?;
    page::redirect_saying(&app, to, &said)
}

/// `GET /cvtheque/listes/ajouter` with `personnes` repeated.
pub async fn add_form(request: HttpRequest, app: Data<App>, who: Gestionnaire) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    ask(&request, &app, &who, &fields, Vec::new()).await
}

async fn ask(
    request: &HttpRequest,
    app: &App,
    who: &Gestionnaire,
    fields: &Fields,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let found = fiches(app, &people(fields)).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let chosen = fields.number("liste");
    let view = CvthequeListeAjout {
        layout: page::layout(request, app, &who.connecte.viewer, "Ajouter à une liste").await?.with_errors(errors),
        personnes: named(&found),
        listes: seen(app, who)
            .await?
            .into_iter()
            .map(|liste| Choice::new(liste.id.to_string(), liste.nom).selected(chosen == Some(liste.id)))
            .collect(),
        nom: fields.one("nom").to_owned(),
        nom_max: NOM_MAX,
        partagee: fields.has("partagee"),
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `POST /cvtheque/listes/ajouter` with `personnes` repeated and a `liste`, or the `nom` of a new one and `partagee`.
pub async fn add(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let chosen: Vec<domain::CompteId> = fiches(&app, &people(&fields)).await?.iter().map(|one| one.compte).collect();
    if chosen.is_empty() {
        return Err(Error::BadRequest("Choisissez d’abord des profils dans la CV-thèque."));
    }
    let liste = match fields.number("liste") {
        Some(id) => WhichList::Known(one(&app, &who, id).await?.id),
        None => match name(&fields, "cette liste, ou choisissez-en une") {
            Ok(nom) => WhichList::New { nom, partagee: fields.has("partagee") },
            Err(error) => return ask(&request, &app, &who, &fields, vec![error]).await,
        },
    };
    match app.comptes.ask(&who.connecte.identity(), FillList { liste, people: chosen }).await? {
        Ok((id, n)) => page::redirect_saying(
            &app,
            &format!("{LIST}/{id}"),
            &Notice::done(match n {
                0 => "Ces personnes étaient déjà dans la liste.".to_owned(),
                n => format!("{}.", counted(n as u64, "personne ajoutée", "personnes ajoutées")),
            }),
        ),
        Err(refusal @ (ListRefusal::NotFound | ListRefusal::Forbidden)) => Err(refused(refusal)),
        Err(refusal @ (ListRefusal::NameTaken | ListRefusal::TooMany | ListRefusal::Full)) => {
            let field = if refusal == ListRefusal::Full { PEOPLE } else { "nom" };
            ask(&request, &app, &who, &fields, vec![FieldError::new(field, refusal.to_string())]).await
        }
    }
}
