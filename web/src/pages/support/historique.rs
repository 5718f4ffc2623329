//! `GET|POST /support/historique/{jeton}`: the thread of a request behind a signed link, without logging in (manual
//! §6.2, SPEC S4, S5).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::demandes::{CompleteDemande, NotHandled, by_link};
use documents::Place;
use domain::support::{EtatDemande, TEXTE_MAX};
use store::Refused;
use store::demandes::{self, De, Demande};
use store::fichiers::Recu;

use super::{kept_back, thread, tone, too_long};
use crate::app::App;
use crate::download::{Pour, download};
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::reader::Reader;
use crate::session::{Viewer, form_token};
use crate::televersement::{Fichier, Televersement, forget};
use crate::views::connexion::Perime;
use crate::views::profil::Depot;
use crate::views::support::SupportHistorique;
use crate::views::{FieldError, Notice};

async fn find(app: &App, word: &str) -> Result<Result<Demande, NotHandled>, Error> {
    let now = app.store.clock().now();
    Ok(Refused::apart(by_link(&mut app.store.read().await?, word, now).await)?)
}

/// The page of a link that does not work.
async fn refused(request: &HttpRequest, app: &App, viewer: &Viewer, why: NotHandled) -> Result<HttpResponse, Error> {
    if why != NotHandled::Expired {
        return Err(Error::NotFound);
    }
    let layout = page::layout(request, app, viewer, "Ce lien ne fonctionne plus").await?;
    page::respond(request, app, viewer, &Perime { layout, again: "/support".to_owned() }, StatusCode::GONE)
}

/// `GET /support/historique/{jeton}`; with `piece`, one of its files.
pub async fn history(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    word: Path<String>,
) -> Result<HttpResponse, Error> {
    let found = match find(&app, &word).await? {
        Ok(found) => found,
        Err(why) => return refused(&request, &app, &viewer, why).await,
    };
    if let Some(id) = Fields::parse(request.query_string()).number("piece") {
        let piece = demandes::piece(&mut app.store.read().await?, id).await?;
        let (_, piece) = piece.filter(|(demande, _)| *demande == found.id).ok_or(Error::NotFound)?;
        return download(&app, Pour::LuiMeme, &piece.blob, &piece.format, &piece.nom).await;
    }
    show(&request, &app, &viewer, &found, &Fields::default(), Vec::new()).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    found: &Demande,
    fields: &Fields,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let mut connection = app.store.read().await?;
    let messages = demandes::thread(&mut connection, found.id).await?;
    let kept = kept_back(app, &mut connection, &messages).await?;
    drop(connection);
    let known = app.referentiels();
    let structure = known.structures.iter().find(|one| one.id == found.structure.0);
    let structure = structure.map(|one| one.nom.clone()).unwrap_or_default();
    let a_faire = match (found.etat, found.echeance_at) {
        (EtatDemande::Complement, Some(due)) => {
            format!("Répondez avant le {} au soir.", domain::inscription::last_day(due))
        }
        _ => String::new(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let here = request.path().to_owned();
    let view = SupportHistorique {
        layout: page::layout(request, app, viewer, found.objet.clone()).await?.with_errors(errors),
        reference: found.reference.clone(),
        sorte: found.sorte.libelle().to_owned(),
        objet: found.objet.clone(),
        etat: found.etat.libelle(),
        tone: tone(found.etat),
        fil: thread(
            app,
            (messages, &kept),
            // The person sees the structure, not the name of the gestionnaire (M1).
            |message| match message.de {
                De::Demandeur => "Vous".to_owned(),
                De::Structure => structure.clone(),
                De::Service => "Espace Intervenants".to_owned(),
            },
            |piece| format!("{here}?piece={piece}"),
        ),
        structure,
        a_faire,
        ouverte: found.etat != EtatDemande::Close,
        action: here,
        jeton: form_token(fields)?,
        texte: fields.one("texte").to_owned(),
        depot: Depot::new(Place::PieceSupport),
        texte_max: TEXTE_MAX,
    };
    page::respond(request, app, viewer, &view, status)
}

/// `POST /support/historique/{jeton}` with `texte`, the form's `jeton` and perhaps the file `piece`.
pub async fn write(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    word: Path<String>,
    form: Televersement,
) -> Result<HttpResponse, Error> {
    let found = match find(&app, &word).await? {
        Ok(found) => found,
        Err(why) => return refused(&request, &app, &viewer, why).await,
    };
    let (fields, file) = form.read("piece", Place::PieceSupport).await?;
    let mut reader = Reader::new(&fields);
    let texte = reader.text_saying("texte", TEXTE_MAX, "Écrivez votre message.", &too_long());
    let piece = match file {
        Fichier::Stored(stored) => Some(Recu {
            nom: stored.name.clone(),
            format: stored.format.to_string(),
            taille: i64::try_from(stored.bytes).unwrap_or(i64::MAX),
            blob: stored.id.to_string(),
        }),
        Fichier::Absent => None,
        Fichier::Refused(sentence) => {
            reader.refuse("piece", sentence);
            None
        }
    };
    let blobs: Vec<String> = piece.iter().map(|piece| piece.blob.clone()).collect();
    let errors = reader.errors;
    if !errors.is_empty() {
        forget(&app, &blobs).await;
        return show(&request, &app, &viewer, &found, &fields, errors).await;
    }
    let complete = CompleteDemande { lien: word.into_inner(), texte, jeton: form_token(&fields)?, piece };
    let written = app.front_desk.ask(complete).await;
    if !matches!(written, Ok(Ok(true))) {
        forget(&app, &blobs).await;
    }
    match written? {
        Ok(_) => {
            page::redirect_saying(&app, request.path(), &Notice::done("Votre message est transmis à la structure."))
        }
        Err(why @ (NotHandled::Unknown | NotHandled::Expired)) => refused(&request, &app, &viewer, why).await,
        Err(refus) => {
            // The next form is a new one, with a new token.
            let fields = Fields::from_pairs(vec![("texte".to_owned(), fields.one("texte").to_owned())]);
            show(&request, &app, &viewer, &found, &fields, vec![FieldError::new("texte", refus.to_string())]).await
        }
    }
}
