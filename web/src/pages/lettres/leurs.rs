//! The letters of a structure: the list, the letter as it will be printed, sending, taking back.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::lettres::{CancelLettre, ChangeLettre, NotWritten, SendLettre};
use domain::dossier::lettre::{EtatLettre, Evenement, Refusal};
use domain::paths::LETTRES;
use domain::profil::Champs;
use domain::time::paris_day;
use store::lettres::{self, Envoi, Lettre, PAGE};
use store::structures::Structure;

use super::fabrication::{Entete, entete, imprimer, keep};
use super::redaction::{one_more_period, read, redaction};
use super::{MOT_MAX, row_of_structure, sent, vue};
use crate::app::App;
use crate::csrf::Posted;
use crate::download::shown;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::reader::Reader;
use crate::session::{Dossiers, Habilite};
use crate::televersement::forget;
use crate::views::lettres::{GestionLettre, GestionLettres};
use crate::views::{FieldError, Notice, Pages, Query};

/// The lists by state, and their headings.
const TABS: [(EtatLettre, &str); 5] = [
    (EtatLettre::Envoyee, "En attente de réponse"),
    (EtatLettre::Brouillon, "Projets"),
    (EtatLettre::Acceptee, "Acceptées"),
    (EtatLettre::Declinee, "Déclinées"),
    (EtatLettre::Annulee, "Annulées"),
];
/// Most times that a PDF is made again because another letter of the structure took its number.
const TRIES: usize = 5;

/// `GET /gestion/lettres` with `etat` and `page`.
pub async fn list(request: HttpRequest, app: Data<App>, who: Habilite<Dossiers>) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    let etat = EtatLettre::from_word(fields.one("etat")).unwrap_or(TABS[0].0);
    let query = |etat: EtatLettre| Query::new(LETTRES).add("etat", if etat == TABS[0].0 { "" } else { etat.as_str() });
    let number = fields.number("page").unwrap_or(1).max(1);
    let mut connection = app.store.read().await?;
    let counts = lettres::counts(&mut connection, who.structure).await?;
    let (mut found, total) = lettres::list_of_structure(&mut connection, who.structure, etat, number).await?;
    let pages = Pages::new(number.unsigned_abs(), PAGE as u64, u64::try_from(total).unwrap_or(0), query(etat));
    if pages.current as i64 != number {
        found = lettres::list_of_structure(&mut connection, who.structure, etat, pages.current as i64).await?.0;
    }
    drop(connection);
    let count = |etat: EtatLettre| counts.get(&etat).and_then(|count| u64::try_from(*count).ok()).unwrap_or(0);
    let view = GestionLettres {
        layout: page::layout(&request, &app, &who.connecte.viewer, "Lettres de demande").await?,
        onglets: TABS.iter().map(|&(tab, label)| (label, count(tab), query(tab).href(), tab == etat)).collect(),
        rows: found.into_iter().map(|one| row_of_structure(&app, one)).collect(),
        pages,
    };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}

async fn own(app: &App, who: &Habilite<Dossiers>, id: i64) -> Result<Lettre, Error> {
    lettres::of_structure(&mut app.store.read().await?, who.structure, id).await?.ok_or(Error::NotFound)
}

pub async fn page(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Dossiers>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let found = own(&app, &who, *id).await?;
    show(&request, &app, &who, &found, (None, String::new(), Vec::new()), StatusCode::OK).await
}

/// Shows a letter; for a draft, with the typed fields when they are not saved.
async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Habilite<Dossiers>,
    found: &Lettre,
    (typed, texte, errors): (Option<Champs>, String, Vec<FieldError>),
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let href = format!("{LETTRES}/{}", found.id);
    let draft = found.etat == EtatLettre::Brouillon;
    let title = found.numero.clone().map_or_else(|| "Projet de lettre".to_owned(), |numero| format!("Lettre {numero}"));
    let view = GestionLettre {
        layout: page::layout(request, app, &who.connecte.viewer, title).await?.with_errors(errors),
        personne: found.personne.clone(),
        dossier: format!("/gestion/dossiers/{}", found.compte),
        refus: String::new(),
        lettre: Some(vue(app, found, &href)),
        redaction: draft.then(|| redaction(typed.unwrap_or_else(|| found.contenu.champs()), Vec::new())),
        version: found.version,
        annulable: found.etat.next(Evenement::Annuler).is_ok(),
        texte,
        texte_max: MOT_MAX,
        href,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// The structure of a letter, and the printed text around it.
async fn around(app: &App, who: &Habilite<Dossiers>, found: &Lettre) -> Result<(Structure, Entete), Error> {
    let mut connection = app.store.read().await?;
    let structure = store::structures::by_id(&mut connection, found.structure).await?.ok_or(Error::NotFound)?;
    let entete = entete(&mut connection, structure.clone(), found.compte, &who.connecte.session.nom).await?;
    Ok((structure, entete))
}

/// `GET /gestion/lettres/{id}/pdf`: the sent PDF; for a draft, a preview.
pub async fn document(app: Data<App>, who: Habilite<Dossiers>, id: Path<i64>) -> Result<HttpResponse, Error> {
    let found = own(&app, &who, *id).await?;
    if found.numero.is_some() {
        return sent(&app, &found).await;
    }
    let (_, entete) = around(&app, &who, &found).await?;
    let pdf = imprimer(entete, (found.genre, found.contenu), None, paris_day(app.store.clock().now())).await?;
    shown("projet de lettre.pdf", "pdf", pdf)
}

/// `POST /gestion/lettres/{id}` with `version` and `action`: for a draft `enregistrer`, `envoyer` or `periode` with the
/// fields of [`domain::dossier::lettre::CONTENU`]; otherwise `annuler` with `annulation`.
pub async fn act(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Dossiers>,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let found = own(&app, &who, *id).await?;
    let version = fields.number("version").unwrap_or(0);
    match fields.one("action") {
        "periode" => {
            let typed = Some(one_more_period(&fields));
            show(&request, &app, &who, &found, (typed, String::new(), Vec::new()), StatusCode::OK).await
        }
        action @ ("enregistrer" | "envoyer") => {
            let contenu = match read(&app, found.genre, &fields) {
                Ok(contenu) => contenu,
                Err(errors) => {
                    let typed = (Some(fields.champs()), String::new(), errors);
                    return show(&request, &app, &who, &found, typed, StatusCode::UNPROCESSABLE_ENTITY).await;
                }
            };
            // A second click on « envoyer » changes nothing: the page says that the letter is sent.
            let done = if action == "envoyer" && contenu == found.contenu {
                Ok(version)
            } else {
                let change = ChangeLettre { lettre: found.id, version, contenu };
                app.comptes.ask(&who.connecte.identity(), change).await?
            };
            let done = match done {
                Ok(version) if action == "envoyer" => send(&app, &who, found.id, version).await?,
                done => done.map(|_| ()),
            };
            let said = if action == "envoyer" {
                Notice::done("La lettre est envoyée : la personne est prévenue par courriel et répond en ligne.")
            } else {
                Notice::done("Le projet est enregistré : relisez l’aperçu, puis envoyez-le.")
            };
            conclude(&request, &app, &who, (&found, fields), done, &said).await
        }
        "annuler" => {
            let mut reader = Reader::new(&fields);
            let texte = reader.text("annulation", MOT_MAX, None);
            let errors = reader.errors;
            if !errors.is_empty() {
                let typed = (None, fields.one("annulation").to_owned(), errors);
                return show(&request, &app, &who, &found, typed, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
            let cancel = CancelLettre { lettre: found.id, version, texte };
            let done = app.comptes.ask(&who.connecte.identity(), cancel).await?;
            conclude(&request, &app, &who, (&found, fields), done, &Notice::done("La lettre est annulée.")).await
        }
        _ => Err(Error::BadRequest("Utilisez l’un des boutons de la page.")),
    }
}

/// Back to the letter, with a notice that it is done or the reason why not. A second click on what is done is no error.
async fn conclude(
    request: &HttpRequest,
    app: &App,
    who: &Habilite<Dossiers>,
    (found, fields): (&Lettre, Fields),
    done: Result<(), NotWritten>,
    said: &Notice,
) -> Result<HttpResponse, Error> {
    match done {
        Ok(()) | Err(NotWritten::Life(Refusal::Already)) => {
            page::redirect_saying(app, &format!("{LETTRES}/{}", found.id), said)
        }
        Err(NotWritten::Forbidden) => Err(Error::Forbidden),
        Err(refus) => {
            let now = own(app, who, found.id).await?;
            // The form that takes a letter back has none of the letter's fields.
            let draft = fields.has("objet").then(|| fields.champs());
            let typed = (draft, fields.one("annulation").to_owned(), vec![FieldError::new("", refus.to_string())]);
            show(request, app, who, &now, typed, StatusCode::CONFLICT).await
        }
    }
}

/// Sends a draft as it is saved. The PDF shows the number, so it is made first, and made again when another letter took
/// that number meanwhile.
async fn send(app: &App, who: &Habilite<Dossiers>, id: i64, version: i64) -> Result<Result<(), NotWritten>, Error> {
    for _ in 0..TRIES {
        let found = own(app, who, id).await?;
        if let Err(refusal) = found.etat.next(Evenement::Envoyer) {
            return Ok(Err(refusal.into()));
        }
        let (from, entete) = around(app, who, &found).await?;
        let jour = paris_day(app.store.clock().now());
        let numero = lettres::next_number(&mut app.store.read().await?, &from.code, jour).await?;
        let numero = numero.ok_or_else(|| Error::Internal(format!("no number for the code {:?}", from.code)))?;
        let pdf = imprimer(entete, (found.genre, found.contenu), Some(&numero), jour).await?;
        let document = keep(app, pdf).await?;
        let blob = document.blob.clone();
        let send = SendLettre { lettre: id, version, envoi: Envoi { numero, jour, document } };
        let done = app.comptes.ask(&who.connecte.identity(), send).await;
        match done {
            Ok(Ok(())) => return Ok(Ok(())),
            Ok(Err(NotWritten::Number)) => forget(app, &[blob]).await,
            Ok(Err(refus)) => {
                forget(app, &[blob]).await;
                return Ok(Err(refus));
            }
            // The commit may have happened or not: if not, no row names the blob, and a sweep removes it.
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Err(NotWritten::Number))
}
