//! « Recherches enregistrées »: searches that are kept, shared with the structure, followed (SPEC G3).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{FollowSearch, KeepSearch, RemoveSearch, SearchRefusal, ShareSearch};
use search_index::{CvSearch, Page};
use store::recherches::{self, Recherche, Voulue};

use super::criteria::Criteria;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::recherche::on_index;
use crate::session::Gestionnaire;
use crate::views::cvtheque::{CvthequeRecherches, RechercheRow};
use crate::views::{FieldError, Layout, Notice, Query};

const LIST: &str = "/cvtheque/recherches";
/// Longest name, in characters.
pub const NOM_MAX: usize = 80;

/// The search in a stored query string, for every reader of it.
pub fn read_search(query: &str) -> CvSearch {
    Criteria::read(&Fields::parse(query)).search(Page::default(), false)
}

/// A name as people type it: on one line, neither empty nor too long.
pub(in crate::pages) fn name(fields: &Fields, what: &str) -> Result<String, FieldError> {
    let typed = domain::texte::ligne(fields.one("nom"));
    if typed.is_empty() {
        return Err(FieldError::new("nom", format!("Donnez un nom à {what}.")));
    }
    if typed.chars().count() > NOM_MAX {
        return Err(FieldError::new("nom", format!("{NOM_MAX} caractères au plus : donnez un nom plus court.")));
    }
    Ok(typed)
}

/// `GET /cvtheque/recherches`, with the parameters of a search to keep, and what is typed for it in `nom`, `partagee`,
/// `suivie`.
pub async fn searches(request: HttpRequest, app: Data<App>, who: Gestionnaire) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    show(&request, &app, &who, &fields, Vec::new()).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Gestionnaire,
    fields: &Fields,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let me = who.connecte.session.compte;
    let kept = recherches::list(&mut app.store.read().await?, me, who.structure).await?;
    let criteria = Criteria::read(fields);
    let searches: Vec<CvSearch> = kept.iter().map(|one| read_search(&one.adresse)).collect();
    let totals: Vec<u64> = on_index(app, move |index| {
        searches.into_iter().map(|search| Ok(index.search_cvs(&search.counting())?.total)).collect()
    })
    .await?;
    let row = |(one, total): (Recherche, u64)| RechercheRow {
        action: format!("{LIST}/{}", one.id),
        href: if one.adresse.is_empty() { "/cvtheque".to_owned() } else { format!("/cvtheque?{}", one.adresse) },
        mienne: one.auteur == me,
        auteur: one.auteur_nom,
        nom: one.nom,
        partagee: one.partagee,
        suivie: one.suivie,
        total,
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let asked = !criteria.q.is_empty() || criteria.count() > 0;
    let layout = page::layout(request, app, &who.connecte.viewer, "Recherches enregistrées").await?;
    let view = CvthequeRecherches {
        layout: Layout { kept: fields.filled("nom").is_some(), ..layout.with_errors(errors) },
        rows: kept.into_iter().zip(totals).map(row).collect(),
        garder: asked.then(|| criteria.query("/cvtheque").href()),
        criteres: criteria.said(app),
        nom: fields.filled("nom").map_or_else(|| criteria.q.clone(), ToOwned::to_owned),
        partagee: fields.has("partagee"),
        suivie: !fields.has("nom") || fields.has("suivie"),
        nom_max: NOM_MAX,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `POST /cvtheque/recherches` with the address of a search in `adresse`, `nom`, `partagee`, `suivie`: keeps it.
pub async fn keep_search(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    // Read and written again, so that only a search is kept.
    let query = Criteria::of_address(fields.one("adresse")).query("").href();
    let adresse = query.trim_start_matches('?').to_owned();
    let again = || {
        let mut all: Vec<(String, String)> =
            Fields::parse(&adresse).iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        all.extend(fields.iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
        Fields::from_pairs(all)
    };
    if adresse.is_empty() {
        return Err(Error::BadRequest(
            "Cherchez d’abord : c’est une recherche avec des mots ou des critères qui s’enregistre.",
        ));
    }
    let nom = match name(&fields, "cette recherche") {
        Ok(nom) => nom,
        Err(error) => return show(&request, &app, &who, &again(), vec![error]).await,
    };
    let voulue =
        Voulue { nom, adresse: adresse.clone(), partagee: fields.has("partagee"), suivie: fields.has("suivie") };
    match app.comptes.ask(&who.connecte.identity(), KeepSearch(voulue)).await? {
        Ok(_) => page::redirect_saying(
            &app,
            LIST,
            &Notice::done(if fields.has("suivie") {
                "La recherche est enregistrée. Les CV nouvellement validés qui y répondent vous seront signalés."
            } else {
                "La recherche est enregistrée."
            }),
        ),
        Err(refusal @ (SearchRefusal::NotFound | SearchRefusal::Forbidden)) => Err(refused(refusal)),
        Err(refusal @ (SearchRefusal::NameTaken | SearchRefusal::TooMany)) => {
            show(&request, &app, &who, &again(), vec![FieldError::new("nom", refusal.to_string())]).await
        }
    }
}

/// A refusal that no form shows.
fn refused(refusal: SearchRefusal) -> Error {
    match refusal {
        SearchRefusal::NotFound => Error::NotFound,
        SearchRefusal::Forbidden => Error::Forbidden,
        SearchRefusal::NameTaken | SearchRefusal::TooMany => Error::Conflict(refusal.to_string()),
    }
}

/// `POST /cvtheque/recherches/{id}` with `action` = `suivre`, `ne_plus_suivre`, and for its author `partager`,
/// `ne_plus_partager`, `supprimer`. The typed fields of [`keep_search`] come along and stay.
pub async fn change_search(
    app: Data<App>,
    who: Gestionnaire,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let (identity, recherche) = (who.connecte.identity(), *id);
    let follow = async |suivie| app.comptes.ask(&identity, FollowSearch { recherche, suivie }).await;
    let share = async |partagee| app.comptes.ask(&identity, ShareSearch { recherche, partagee }).await;
    let (done, said) = match fields.one("action") {
        "suivre" => {
            (follow(true).await?, Notice::done("Les CV nouvellement validés qui y répondent vous seront signalés."))
        }
        "ne_plus_suivre" => {
            (follow(false).await?, Notice::done("Les nouveaux CV ne vous sont plus signalés pour cette recherche."))
        }
        "partager" => (share(true).await?, Notice::done("La recherche est partagée avec votre structure.")),
        "ne_plus_partager" => (share(false).await?, Notice::done("La recherche n’est plus partagée.")),
        "supprimer" => {
            (app.comptes.ask(&identity, RemoveSearch(recherche)).await?, Notice::done("La recherche est supprimée."))
        }
        _ => {
            let seen = recherches::list(&mut app.store.read().await?, identity.compte, who.structure).await?;
            if seen.iter().all(|one| one.id != recherche) {
                return Err(Error::NotFound);
            }
            return Err(Error::BadRequest("Cette action n’existe pas pour une recherche enregistrée."));
        }
    };
    done.map_err(refused)?;
    let mut list = Query::new(LIST);
    if fields.has("adresse") {
        list = Criteria::of_address(fields.one("adresse")).query(LIST);
        for name in ["nom", "partagee", "suivie"] {
            list = list.add(name, fields.one(name));
        }
    }
    page::redirect_saying(&app, &list.href(), &said)
}

/// The page with the form that keeps a search: the list of those kept.
pub(super) fn keep_href(query: &Query) -> String {
    let href = query.href();
    format!("{LIST}{}", href.strip_prefix("/cvtheque").unwrap_or_default())
}
