//! « Recherches suivies »: searches of the annonces that alert a person, beside the boxes of §8 (SPEC A1, L2).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{ChangeFollowed, FollowAnnonces, NotFollowed, Suite, UnknownSearch};
use search_index::{AnnonceSearch, Page, Sort};
use store::recherches_annonces as recherches;

use super::sections;
use crate::app::{App, Referentiels};
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::annonces::{Criteria, Wanted};
use crate::pages::recherche::on_index;
use crate::session::Intervenant;
use crate::views::mon_compte::{MonCompteRecherches, RechercheSuivieRow};
use crate::views::{FieldError, Notice, Query};

const LIST: &str = "/mon-compte/alertes/recherches";

/// The search in a stored query string.
pub fn read_search(query: &str) -> AnnonceSearch {
    // A stored search has no contradictory choices: it can be read without the referentials.
    searched(&Criteria::read(&Fields::parse(query), &Referentiels::default()))
}

fn searched(criteria: &Criteria) -> AnnonceSearch {
    criteria.search(Wanted { page: Page::default(), facets: false, highlights: false, as_you_type: false })
}

/// The search without sort and page; none when it has no words and no criterion.
fn asked(fields: &Fields, app: &App) -> Option<Criteria> {
    let criteria = Criteria { sort: Sort::Relevance, page: 1, ..Criteria::read(fields, &app.referentiels()) };
    (!criteria.q.is_empty() || criteria.count() > 0).then_some(criteria)
}

fn address(criteria: &Criteria) -> String {
    criteria.query("").href().trim_start_matches('?').to_owned()
}

/// The address of the page that adds a search to the alerts.
pub(crate) fn follow_href(criteria: &Criteria) -> Query {
    criteria.query(LIST).with("tri", "")
}

/// `GET /mon-compte/alertes/recherches`, with the parameters of a search to follow.
pub async fn followed(request: HttpRequest, app: Data<App>, who: Intervenant) -> Result<HttpResponse, Error> {
    let criteria = asked(&Fields::parse(request.query_string()), &app);
    show(&request, &app, &who, criteria, Vec::new()).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Intervenant,
    garder: Option<Criteria>,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let session = &who.connecte.session;
    let mut connection = app.store.read().await?;
    let kept = recherches::list(&mut connection, session.compte).await?;
    let frequence = store::alertes::frequence(&mut connection, session.compte).await?;
    drop(connection);
    let read: Vec<Criteria> =
        kept.iter().map(|one| Criteria::read(&Fields::parse(&one.adresse), &app.referentiels())).collect();
    let searches: Vec<AnnonceSearch> = read.iter().chain(&garder).map(searched).collect();
    let mut totals: Vec<u64> = on_index(app, move |index| {
        searches.into_iter().map(|search| Ok(index.search_annonces(&search.counting())?.total)).collect()
    })
    .await?;
    let total = garder.as_ref().and_then(|_| totals.pop()).unwrap_or_default();
    let rows = kept.into_iter().zip(&read).zip(totals).map(|((one, criteria), total)| RechercheSuivieRow {
        action: format!("{LIST}/{}", one.id),
        href: criteria.query("/annonces").href(),
        criteres: criteria.said(app),
        active: one.active,
        total,
    });
    let rows: Vec<RechercheSuivieRow> = rows.collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = if garder.is_some() { "Suivre une recherche" } else { "Recherches suivies" };
    let view = MonCompteRecherches {
        layout: page::layout(request, app, &who.connecte.viewer, title).await?.with_errors(errors),
        sections: sections(session),
        titre: title.to_owned(),
        deja: garder
            .as_ref()
            .is_some_and(|wanted| read.iter().zip(&rows).any(|(one, row)| row.active && one == wanted)),
        criteres: garder.as_ref().map(|criteria| criteria.said(app)).unwrap_or_default(),
        adresse: garder.as_ref().map(address).unwrap_or_default(),
        garder: garder.map(|criteria| criteria.query("/annonces").href()),
        total,
        rows,
        frequence: frequence.libelle().to_lowercase(),
        pending: !session.validee,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `POST /mon-compte/alertes/recherches` with the query string of a search in `adresse`.
pub async fn follow_search(
    request: HttpRequest,
    app: Data<App>,
    who: Intervenant,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    // Read and written again, so that only a search is kept.
    let Some(criteria) = asked(&Fields::parse(fields.one("adresse")), &app) else {
        return Err(Error::BadRequest(
            "Cherchez d’abord : c’est une recherche avec des mots ou des critères que l’on peut suivre.",
        ));
    };
    match app.comptes.ask(&who.connecte.identity(), FollowAnnonces(address(&criteria))).await? {
        Ok(()) => page::redirect_saying(
            &app,
            LIST,
            &Notice::done("Les prochaines annonces de cette recherche vous seront signalées."),
        ),
        Err(NotFollowed::Forbidden) => Err(Error::Forbidden),
        Err(full @ NotFollowed::Full) => {
            let errors = vec![FieldError::new("adresse", full.to_string())];
            show(&request, &app, &who, Some(criteria), errors).await
        }
    }
}

/// `POST /mon-compte/alertes/recherches/{id}` with `action` = `suspendre`, `reprendre`, `supprimer`.
pub async fn change_followed(
    app: Data<App>,
    who: Intervenant,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let id = *id;
    let mine = recherches::list(&mut app.store.read().await?, who.connecte.session.compte).await?;
    if !mine.iter().any(|one| one.id == id) {
        return Err(Error::NotFound);
    }
    let (suite, said) = match fields.one("action") {
        "suspendre" => {
            (Suite::Suspendre, Notice::done("Cette recherche ne vous alerte plus, jusqu’à ce que vous la repreniez."))
        }
        "reprendre" => {
            (Suite::Reprendre, Notice::done("Les prochaines annonces de cette recherche vous seront signalées."))
        }
        "supprimer" => (Suite::Supprimer, Notice::done("Cette recherche n’est plus suivie.")),
        _ => return Err(Error::BadRequest("Cette action n’existe pas pour une recherche suivie.")),
    };
    let changed = app.comptes.ask(&who.connecte.identity(), ChangeFollowed { id, suite }).await?;
    changed.map_err(|UnknownSearch| Error::NotFound)?;
    page::redirect_saying(&app, LIST, &said)
}
