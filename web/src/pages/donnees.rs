//! « Récupérer mes données » (manual §11, SPEC X5), and the one-time link to the data of an archived account (X6).

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::donnees::{ExpiredLink, Forbidden, TakeDonnees, TakeDonneesByLink};
use documents::{BlobId, Feuille, classeur, fitted};
use domain::CompteId;
use domain::time::paris_day;
use store::donnees::Bloc;
use store::tokens::{Emploi, Jeton};

use super::connexion::expired;
use super::mon_compte::sections;
use crate::app::App;
use crate::csrf::Posted;
use crate::download::{archive, workbook};
use crate::error::Error;
use crate::page;
use crate::session::{Intervenant, Viewer, digest};
use crate::views::mon_compte::{DonneesLien, MonCompteDonnees};

/// The purpose of the digests of these links.
pub const PURPOSE: &str = "donnees";
/// The page that asks for another link.
const ASK: &str = "/support?sorte=donnees";

fn kept(token: &str) -> String {
    digest(PURPOSE, token)
}

pub async fn mine(request: HttpRequest, app: Data<App>, who: Intervenant) -> Result<HttpResponse, Error> {
    let layout = page::layout(&request, &app, &who.connecte.viewer, "Récupérer mes données").await?;
    let view = MonCompteDonnees { layout, sections: sections(&who.connecte.session) };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}

/// `POST /mon-compte/donnees` with `format` = `classeur` or `archive`.
pub async fn take_mine(app: Data<App>, who: Intervenant, Posted(fields): Posted) -> Result<HttpResponse, Error> {
    let made = make(&app, who.connecte.session.compte, fields.one("format")).await?;
    let taken = app.comptes.ask(&who.connecte.identity(), TakeDonnees).await?;
    taken.map(|()| made).map_err(|Forbidden| Error::Forbidden)
}

/// The link, if this browser may use it.
async fn usable(app: &App, viewer: &Viewer, token: &str) -> Result<Option<Jeton>, Error> {
    let now = app.store.clock().now();
    let found = store::tokens::find(&mut app.store.read().await?, &kept(token), Emploi::Donnees, now).await?;
    let own = browser(viewer);
    Ok(found.filter(|found| found.navigateur.as_deref().is_none_or(|first| first == own)))
}

/// `GET /donnees/{jeton}`: mail scanners follow links, so only its buttons act.
pub async fn link(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    token: Path<String>,
) -> Result<HttpResponse, Error> {
    let Some(found) = usable(&app, &viewer, &token).await? else { return expired(&request, &app, &viewer, ASK).await };
    let layout = page::layout(&request, &app, &viewer, "Récupérer mes données").await?;
    let view = DonneesLien { layout, action: request.path().to_owned(), commence: found.navigateur.is_some() };
    page::ok(&request, &app, &viewer, &view)
}

/// `POST /donnees/{jeton}` with `format` = `classeur` or `archive`.
pub async fn take_by_link(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    token: Path<String>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let Some(found) = usable(&app, &viewer, &token).await? else { return expired(&request, &app, &viewer, ASK).await };
    let made = make(&app, CompteId(found.compte_id), fields.one("format")).await?;
    let take = TakeDonneesByLink { empreinte: kept(&token), navigateur: browser(&viewer) };
    match app.front_desk.ask(take).await? {
        Ok(_) => Ok(made),
        Err(ExpiredLink) => expired(&request, &app, &viewer, ASK).await,
    }
}

fn browser(viewer: &Viewer) -> String {
    digest("navigateur", viewer.csrf())
}

/// The data of an account. The journal records them before they are given.
async fn make(app: &App, compte: CompteId, format: &str) -> Result<HttpResponse, Error> {
    let with_files = match format {
        "classeur" => false,
        "archive" => true,
        _ => return Err(Error::BadRequest("Choisissez le classeur seul, ou le classeur avec vos fichiers.")),
    };
    let mut connection = app.store.read().await?;
    let blocs = store::donnees::of(&mut connection, &app.vault, compte).await?;
    let sealed = if with_files { store::dossiers::files(&mut connection, compte).await? } else { Vec::new() };
    let letters = if with_files { store::lettres::list_of_person(&mut connection, compte).await? } else { Vec::new() };
    let pieces = if with_files { store::donnees::pieces(&mut connection, compte).await? } else { Vec::new() };
    drop(connection);
    let bytes = actix_web::web::block(move || {
        let feuille = |bloc: Bloc| Feuille { nom: bloc.nom, titres: bloc.titres, lignes: fitted(bloc.lignes) };
        let feuilles: Vec<Feuille<'_>> = blocs.into_iter().map(feuille).collect();
        classeur(&feuilles)
    })
    .await?
    .map_err(|error| Error::Internal(error.to_string()))?;
    let day = paris_day(app.store.clock().now());
    if !with_files {
        return Ok(workbook(&format!("mes-donnees-{day}.xlsx"), bytes));
    }
    let mut blobs = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let id = piece.blob.parse::<BlobId>().map_err(|error| Error::Internal(error.to_string()))?;
        blobs.push((format!("{}/{} - {}", piece.dossier, piece.id, piece.nom.replace('/', "_")), id));
    }
    let mut whole = vec![(format!("mes-donnees-{day}.xlsx"), bytes)];
    for file in sealed {
        // These files are sealed; they are opened for this response only, in a file without name.
        let name = format!("dossier/{} - {}", file.id, file.nom.replace('/', "_"));
        whole.push((name, crate::pages::mon_compte::documents::bytes_of(app, &file).await?));
    }
    for letter in letters {
        let Some((numero, document)) = letter.numero.zip(letter.document) else { continue };
        whole.push((format!("lettres/{numero}.pdf"), crate::pages::lettres::bytes_of(app, &document).await?));
    }
    let made = app.blobs.archive(whole, blobs).await;
    let made = made.map_err(|error| Error::Internal(error.to_string()))?;
    Ok(archive(&format!("mes-donnees-{day}.zip"), made))
}
