//! « Récupérer mes données » (manual §11, SPEC X5) and the one-time link that gives those of an archived account (X6).

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::Expired;
use documents::{BlobId, Feuille, classeur, fitted};
use domain::CompteId;
use domain::compte::EtatCompte;
use domain::time::paris_day;
use store::Refused;
use store::donnees::Bloc;
use store::jetons::Emploi;

use super::connexion::expired;
use super::mon_compte::sections;
use crate::app::App;
use crate::csrf::Posted;
use crate::download::{archive, workbook};
use crate::error::Error;
use crate::page;
use crate::session::{Intervenant, Viewer, digest};
use crate::views::mon_compte::{DonneesLien, MonCompteDonnees};

/// What the digests of the links are made for.
const PURPOSE: &str = "donnees";
/// How long the browser that first used a link may use it again: a download may fail, and there are two of them.
const AGAIN: chrono::Duration = chrono::Duration::hours(1);
/// Where another link is asked for.
const ASK: &str = "/support?sorte=donnees";

/// What is kept of a link.
pub fn kept(token: &str) -> String {
    digest(PURPOSE, token)
}

/// `GET /mon-compte/donnees`.
pub async fn mine(request: HttpRequest, app: Data<App>, who: Intervenant) -> Result<HttpResponse, Error> {
    let layout = page::layout(&request, &app, &who.connecte.viewer, "Récupérer mes données").await?;
    let view = MonCompteDonnees { layout, sections: sections(&who.connecte.session) };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}

/// `POST /mon-compte/donnees` with `format` = `classeur` or `archive`.
pub async fn take_mine(app: Data<App>, who: Intervenant, Posted(fields): Posted) -> Result<HttpResponse, Error> {
    give(&app, who.connecte.session.compte, Some(who.connecte.session.compte), fields.one("format")).await
}

/// `GET /donnees/{jeton}`: mail scanners follow links, so that only its buttons act.
pub async fn link(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    token: Path<String>,
) -> Result<HttpResponse, Error> {
    let now = app.store.clock().now();
    let found = store::jetons::find(&mut app.store.read().await?, &kept(&token), Emploi::Donnees, now).await?;
    let own = browser(&viewer);
    let usable = found.filter(|found| found.navigateur.as_deref().is_none_or(|first| first == own));
    let Some(found) = usable else { return expired(&request, &app, &viewer, ASK).await };
    let layout = page::layout(&request, &app, &viewer, "Récupérer mes données").await?;
    let view = DonneesLien { layout, action: request.path().to_owned(), commence: found.navigateur.is_some() };
    page::ok(&request, &app, &viewer, &view)
}

/// `POST /donnees/{jeton}` with `format` = `classeur` or `archive`. The first browser that comes has the link, for an
/// hour; it ends at once for an account that is not archived any more: its owner logs in.
pub async fn take_by_link(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    token: Path<String>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let (empreinte, own) = (kept(&token), browser(&viewer));
    let until = app.store.clock().now() + AGAIN;
    let found = app
        .store
        .attempt(None, move |transaction| {
            Box::pin(async move {
                let found =
                    store::jetons::take_for_a_while(transaction, &empreinte, Emploi::Donnees, &own, until).await?;
                let compte = CompteId(found.ok_or(Refused::Because(Expired))?.compte_id);
                let account = store::comptes::by_id(transaction.connection(), compte).await?;
                let archived = account.is_some_and(|account| account.etat == EtatCompte::Archive);
                if archived { Ok(compte) } else { Err(Refused::Because(Expired)) }
            })
        })
        .await?;
    match found {
        Ok(compte) => give(&app, compte, None, fields.one("format")).await,
        Err(Expired) => expired(&request, &app, &viewer, ASK).await,
    }
}

fn browser(viewer: &Viewer) -> String {
    digest("navigateur", viewer.csrf())
}

/// The data of an account, written down in the journal before they are given.
async fn give(app: &App, compte: CompteId, by: Option<CompteId>, format: &str) -> Result<HttpResponse, Error> {
    let with_files = match format {
        "classeur" => false,
        "archive" => true,
        _ => return Err(Error::BadRequest("Choisissez le classeur seul, ou le classeur avec vos fichiers.")),
    };
    let mut connection = app.store.read().await?;
    let blocs = store::donnees::of(&mut connection, &app.coffre, compte).await?;
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
    app.store
        .write::<_, store::Error, _>(by, move |transaction| {
            Box::pin(async move {
                store::donnees::record(transaction, compte);
                Ok(())
            })
        })
        .await?;
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
        // Sealed where they are kept; opened for this answer, whose file has no name and goes with it.
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
