//! « Mes données et documents » (manual §3.3.4, SPEC D2 to D10): what the person gives, block by block and piece by
//! piece.
//!
//! The list leads to one page per block. Every button of a block keeps what is typed in it (`brouillon`); « Continuer »
//! and « Enregistrer » save it.

mod brouillon;
mod pages;
mod rows;

pub use brouillon::{give_up, keep_typed, reveal};
pub use rows::{file_row, history, tone, tone_of_all, valable};

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::dossiers::{AttachPiece, NotSaved, NotSent, SaveBloc, TransmitDossier, WithdrawProposal};
use documents::Place;
use domain::dossier::piece::EtatElement;
use domain::dossier::pieces::TypePiece;
use domain::dossier::transmission::Blocage;
use domain::dossier::{Bloc, Cible};
use domain::profil::Champs;
use store::dossiers::{self, Nouveau, Piece};

use self::pages::{Asked, Said, placed};
use self::rows::{HERE, anchor, at};
use super::profil::{complete_from, employer_choices, unwritten};
use crate::antivirus::Retenue;
use crate::app::App;
use crate::csrf::Posted;
use crate::download::shown;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::scelles;
use crate::session::Valide;
use crate::televersement::{Secret, Televersement, forget};
use crate::views::{FieldError, Notice};

/// `GET /mon-compte/documents`: the list of blocks.
pub async fn page(request: HttpRequest, app: Data<App>, who: Valide) -> Result<HttpResponse, Error> {
    pages::list(&request, &app, &who, Vec::new(), StatusCode::OK).await
}

/// `GET /mon-compte/documents/bloc/{cible}`; with `afficher`, its numbers are shown whole; with `verifier`, what is typed
/// and not saved is checked.
pub async fn one(request: HttpRequest, app: Data<App>, who: Valide, word: Path<String>) -> Result<HttpResponse, Error> {
    let bloc = Bloc::from_word(&word).ok_or(Error::NotFound)?;
    let asked = Fields::parse(request.query_string());
    let asked = Asked { whole: asked.has("afficher"), checked: asked.has("verifier") };
    pages::bloc(&request, &app, &who, (bloc, asked), Said::default(), StatusCode::OK).await
}

/// `GET /mon-compte/documents/piece/{cible}`: the page of its block, at the piece.
pub async fn piece(_: Valide, word: Path<String>) -> Result<HttpResponse, Error> {
    let piece = TypePiece::from_word(&word).ok_or(Error::NotFound)?;
    Ok(page::redirect(&at(Cible::Piece(piece))))
}

/// `GET /mon-compte/documents/verification`: what is read again before it leaves.
pub async fn verify(request: HttpRequest, app: Data<App>, who: Valide) -> Result<HttpResponse, Error> {
    pages::check(&request, &app, &who).await
}

/// The page of a block that says what is wrong.
async fn refused(
    (request, app, who): (&HttpRequest, &App, &Valide),
    bloc: Bloc,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    pages::bloc(request, app, who, (bloc, Asked::default()), Said::errors(errors), status).await
}

/// `POST /mon-compte/documents/bloc/{cible}` with the fields of the block: saves it and stays. With `action`, looks for
/// the employer (`chercher`, `choisir`).
pub async fn save(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    word: Path<String>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let bloc = Bloc::from_word(&word).ok_or(Error::NotFound)?;
    let here = (&request, &**app, &who);
    let mut tape = brouillon::read(&fields);
    let there = tape.blocs.contains_key(&bloc);
    let mut champs = tape.blocs.remove(&bloc).unwrap_or_default();
    let action = fields.one("action");
    let choosing = bloc == Bloc::Employeur && matches!(action, "chercher" | "choisir");
    if bloc == Bloc::Employeur && (choosing || fields.filled("employeur_choisi").is_some()) {
        complete_from(&mut app.store.read().await?, &mut champs, fields.one("employeur_choisi")).await?;
    }
    if there {
        tape.blocs.insert(bloc, champs.clone());
    }
    let typed = brouillon::keep(&app, &who, tape).await?;
    if choosing {
        let employeurs = match action {
            "chercher" => Some(employer_choices(&mut app.store.read().await?, &champs).await?),
            _ => None,
        };
        let said = Said { employeurs, errors: Vec::new() };
        return pages::bloc(&request, &app, &who, (bloc, Asked::default()), said, StatusCode::OK).await;
    }
    let left = not_sent(&fields);
    if is_of_elsewhere(typed.get(&bloc), bloc, &champs) {
        return page::redirect_saying(&app, &at(Cible::Bloc(bloc)), &Notice::done(ELSEWHERE));
    }
    if let Some(refusal) = save_bloc(&app, &who, bloc, champs).await? {
        return not_saved(here, bloc, refusal, Vec::new()).await;
    }
    if !left.is_empty() {
        return refused(here, bloc, left, StatusCode::OK).await;
    }
    saved_here(&app, bloc)
}

fn saved_here(app: &App, bloc: Bloc) -> Result<HttpResponse, Error> {
    let said = Notice::done(format!("{} : c’est enregistré.", bloc.titre()));
    page::redirect_saying(app, &at(Cible::Bloc(bloc)), &said)
}

const ELSEWHERE: &str = "Vous avez tapé autre chose dans ce bloc, ailleurs : le voici. Vérifiez-le, puis enregistrez.";

/// Whether what is typed and kept for a block is not what this page posted: another tab typed it meanwhile. It is neither
/// saved nor lost, but shown.
fn is_of_elsewhere(draft: Option<&Champs>, bloc: Bloc, posted: &Champs) -> bool {
    draft.is_some_and(|draft| bloc.champs().iter().any(|name| draft.one(name) != posted.one(name)))
}

async fn save_bloc(app: &App, who: &Valide, bloc: Bloc, champs: Champs) -> Result<Option<NotSaved>, Error> {
    let save = SaveBloc { vault: app.vault.clone(), bloc, champs };
    match app.comptes.ask(&who.connecte.identity(), save).await? {
        Err(NotSaved::NotValidated(no)) => Err(no.into()),
        saved => Ok(saved.err()),
    }
}

/// The page of a block that could not be saved; `others` are the errors of its files.
async fn not_saved(
    here: (&HttpRequest, &App, &Valide),
    bloc: Bloc,
    refusal: NotSaved,
    others: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let (mut errors, status) = match refusal {
        NotSaved::Wrong(ecarts) => {
            (ecarts.into_iter().map(FieldError::from).collect(), StatusCode::UNPROCESSABLE_ENTITY)
        }
        refusal => (vec![FieldError::new("", refusal.to_string())], StatusCode::CONFLICT),
    };
    errors.extend(others);
    refused(here, bloc, errors, status).await
}

/// `GET /mon-compte/documents/suite/{cible}`: the page of the block, for who loads again a page that said what was wrong.
pub async fn back(_: Valide, word: Path<String>) -> Result<HttpResponse, Error> {
    let bloc = Bloc::from_word(&word).ok_or(Error::NotFound)?;
    Ok(page::redirect(&at(Cible::Bloc(bloc))))
}

/// `POST /mon-compte/documents/suite/{cible}` with the fields of a block and its files: saves both and goes on to the
/// next block. Nothing typed and nothing chosen is no error: one may come back to it. With `action`, stays
/// (`enregistrer`), or joins the files, keeps what is typed and goes back to the block before (`precedent`).
pub async fn go_on(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    word: Path<String>,
    form: Televersement,
) -> Result<HttpResponse, Error> {
    let bloc = Bloc::from_word(&word).ok_or(Error::NotFound)?;
    let here = (&request, &**app, &who);
    let (fields, files) = form.read_secrets("fichier-", Place::PieceDossier).await?;
    let mut tape = brouillon::read(&fields);
    let mut champs = tape.blocs.get(&bloc).cloned().unwrap_or_default();
    if bloc == Bloc::Employeur && fields.filled("employeur_choisi").is_some() {
        complete_from(&mut app.store.read().await?, &mut champs, fields.one("employeur_choisi")).await?;
        tape.blocs.insert(bloc, champs.clone());
    }
    let typed = brouillon::keep(&app, &who, tape).await?;
    let found = dossiers::of(&mut app.store.read().await?, who.connecte.session.compte).await?;
    let cible = Cible::Bloc(bloc);
    let element = found.etat.element(cible);
    let asked = found.etat.demande.as_ref().is_some_and(|one| one.asks(cible)) && !element.donne();
    let saved = found.saisie(&app.vault, bloc)?;
    let draft = typed.get(&bloc);
    let elsewhere = is_of_elsewhere(draft, bloc, &champs);
    let action = fields.one("action");
    let save = match saved {
        _ if elsewhere || action == "precedent" => None,
        _ if draft.is_some() || action == "enregistrer" => Some(champs),
        // What the profile proposes counts once it is confirmed, and this is how one confirms it.
        None => Some(champs).filter(|champs| pages::filled(bloc, champs)),
        // So does what is asked for again, whose numbers the page does not show; what was refused is to be changed.
        Some(saved) => Some(saved.champs()).filter(|_| asked && element.etat() != EtatElement::Refuse),
    };
    let mut refusal = None;
    if let Some(champs) = save {
        refusal = save_bloc(&app, &who, bloc, champs).await?;
    }
    // Behind the data, which decide what pieces are due.
    let (errors, _, status) = attach_all(&app, &who, files).await?;
    if let Some(refusal) = refusal {
        return not_saved(here, bloc, refusal, errors).await;
    }
    if !errors.is_empty() {
        return refused(here, bloc, errors, status).await;
    }
    if elsewhere && action != "precedent" {
        return page::redirect_saying(&app, &at(cible), &Notice::done(ELSEWHERE));
    }
    if action == "enregistrer" {
        return saved_here(&app, bloc);
    }
    let now = dossiers::of(&mut app.store.read().await?, who.connecte.session.compte).await?;
    if action == "precedent" {
        return Ok(page::redirect(&pages::before(&now, &typed, bloc)));
    }
    let before = found.etat.dus();
    let asked_now = now.etat.missing().into_iter().map(|one| one.cible);
    // A choice that was just made asks for pieces: they are joined here, before one goes on.
    if let Some(new) = asked_now.into_iter().find(|one| one.bloc() == bloc && !before.contains(one)) {
        let said = Notice::done(format!("C’est enregistré. Il manque encore : {}.", new.libelle()));
        return page::redirect_saying(&app, &at(new), &said);
    }
    Ok(page::redirect(&pages::after(&now, &typed, bloc)))
}

async fn is_due(app: &App, who: &Valide, bloc: Bloc) -> Result<bool, Error> {
    let found = dossiers::of(&mut app.store.read().await?, who.connecte.session.compte).await?;
    Ok(found.etat.dus().contains(&Cible::Bloc(bloc)))
}

/// Saves every block with typed fields; returns what is wrong in those that could not be saved.
async fn write_all(app: &App, who: &Valide) -> Result<Vec<FieldError>, Error> {
    let mut connection = app.store.read().await?;
    let found = dossiers::of(&mut connection, who.connecte.session.compte).await?;
    let typed = dossiers::brouillon(&mut connection, &app.vault, &found).await?;
    drop(connection);
    let mut errors = Vec::new();
    // The statut comes before the employer, whose kind it decides.
    for (bloc, champs) in typed {
        match save_bloc(app, who, bloc, champs).await? {
            None => {}
            // What is typed for a block that is no longer due stops nothing.
            Some(_) if !is_due(app, who, bloc).await? => {}
            Some(NotSaved::Wrong(ecarts)) => errors.extend(ecarts.into_iter().map(FieldError::from)),
            Some(no) => errors.push(FieldError::new(anchor(Cible::Bloc(bloc)), format!("{} : {no}", bloc.titre()))),
        }
    }
    Ok(errors)
}

/// Without JavaScript, a button that looks for an employer sends no file: what was chosen is reported at its field.
fn not_sent(fields: &Fields) -> Vec<FieldError> {
    let chosen = TypePiece::ALL.iter().filter_map(|piece| {
        let field = format!("fichier-{piece}");
        // A camera has a field of its own, of the same name.
        let name = fields.all(&field).into_iter().next()?;
        let sentence = format!(
            "{} : le fichier « {name} » n’est pas parti avec ce bouton. Choisissez-le à nouveau, puis cliquez sur « Joindre ».",
            piece.libelle()
        );
        Some(FieldError::new(field, sentence))
    });
    chosen.collect()
}

/// Attaches each file that came; returns the errors, whether one was attached, and the status that tells of the errors.
async fn attach_all(
    app: &App,
    who: &Valide,
    files: Vec<(String, Secret)>,
) -> Result<(Vec<FieldError>, bool, StatusCode), Error> {
    let (mut errors, mut joined, mut status) = (Vec::new(), false, StatusCode::UNPROCESSABLE_ENTITY);
    for (word, file) in files {
        let Some(piece) = TypePiece::from_word(&word) else { continue };
        let field = format!("fichier-{piece}");
        match file {
            Secret::Absent => {}
            Secret::Refused(sentence) => errors.push(FieldError::new(field, sentence)),
            Secret::Read(nom, format, bytes) => match attach_one(app, who, piece, (nom, format, bytes)).await? {
                Ok(()) => joined = true,
                Err(refusal) => {
                    status = StatusCode::CONFLICT;
                    errors.push(FieldError::new(field, refusal.to_string()));
                }
            },
        }
    }
    Ok((errors, joined, status))
}

/// `POST /mon-compte/documents/piece/{cible}` with the fields of the page and its files, each in `fichier-…`: each file
/// replaces the one before, and typed fields are kept.
pub async fn attach(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    word: Path<String>,
    form: Televersement,
) -> Result<HttpResponse, Error> {
    let pressed = TypePiece::from_word(&word).ok_or(Error::NotFound)?;
    let (fields, files) = form.read_secrets("fichier-", Place::PieceDossier).await?;
    brouillon::keep(&app, &who, brouillon::read(&fields)).await?;
    let (mut errors, joined, status) = attach_all(&app, &who, files).await?;
    if errors.is_empty() && joined {
        return page::redirect_saying(
            &app,
            &at(Cible::Piece(pressed)),
            &Notice::done("Le fichier est joint. Son texte sera lu dans quelques secondes."),
        );
    }
    if errors.is_empty() {
        errors.push(FieldError::new(format!("fichier-{pressed}"), "Choisissez d’abord un fichier."));
    }
    refused((&request, &app, &who), pressed.bloc(), errors, status).await
}

/// Seals a file and writes its row.
async fn attach_one(
    app: &App,
    who: &Valide,
    piece: TypePiece,
    (nom, format, bytes): (String, documents::Format, Vec<u8>),
) -> Result<Result<(), NotSaved>, Error> {
    let taille = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let (blob, cle) = scelles::keep(app, bytes, dossiers::place_of_file).await?;
    let nouveau = Nouveau { piece, nom, format: format.to_string(), taille, blob: blob.clone(), cle };
    match app.comptes.ask(&who.connecte.identity(), AttachPiece(nouveau)).await {
        Ok(Ok(gone)) => {
            forget(app, &gone).await;
            Ok(Ok(()))
        }
        Ok(Err(refusal)) => {
            forget(app, &[blob]).await;
            Ok(Err(refusal))
        }
        Err(error) => Err(unwritten(app, error, &[blob]).await),
    }
}

/// `POST /mon-compte/documents/retirer` with `cible`: takes a proposal back; fields typed elsewhere on the page are
/// kept.
pub async fn withdraw(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let cible =
        Cible::from_word(fields.one("cible")).ok_or(Error::BadRequest("Utilisez l’un des boutons de la page."))?;
    brouillon::keep(&app, &who, brouillon::read(&fields)).await?;
    let withdraw = WithdrawProposal { vault: app.vault.clone(), cible };
    match app.comptes.ask(&who.connecte.identity(), withdraw).await? {
        Ok(gone) => {
            forget(&app, &gone).await;
            page::redirect_saying(&app, &at(cible), &Notice::done("C’est retiré."))
        }
        Err(NotSaved::NotValidated(no)) => Err(no.into()),
        Err(refusal) => not_saved((&request, &app, &who), cible.bloc(), refusal, Vec::new()).await,
    }
}

/// `POST /mon-compte/documents/transmettre` (manual §3.3.4.2 j): saves first what is typed and not saved yet.
pub async fn transmit(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    Posted(_): Posted,
) -> Result<HttpResponse, Error> {
    let mut wrong = write_all(&app, &who).await?;
    let mut connection = app.store.read().await?;
    let found = dossiers::of(&mut connection, who.connecte.session.compte).await?;
    wrong.extend(infected(dossiers::infected(&mut connection, &found).await?));
    drop(connection);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if wrong.is_empty() {
        wrong = match app.comptes.ask(&who.connecte.identity(), TransmitDossier).await? {
            Ok(()) => {
                return page::redirect_saying(
                    &app,
                    HERE,
                    &Notice::done(
                        "Votre dossier est transmis. Un gestionnaire l’examine ; vous recevrez un courriel à chaque décision.",
                    ),
                );
            }
            Err(NotSent::NotValidated(no)) => return Err(no.into()),
            Err(NotSent::Blocage(Blocage::Rien)) => {
                status = StatusCode::CONFLICT;
                vec![FieldError::new("", "Rien n’a changé depuis votre dernière transmission.")]
            }
            Err(NotSent::Blocage(Blocage::Manques(manques))) => {
                manques.into_iter().map(|one| FieldError::new(anchor(one.cible), one.phrase)).collect()
            }
            Err(NotSent::Infected(cibles)) => infected(cibles),
        };
    }
    pages::list(&request, &app, &who, wrong.into_iter().map(placed).collect(), status).await
}

/// The errors for infected files, which nobody could open once transmitted.
fn infected(cibles: Vec<Cible>) -> Vec<FieldError> {
    let sentence = |cible: Cible| format!("{} : {}", cible.libelle(), Retenue::Bloque.a_son_proprietaire());
    cibles.into_iter().map(|cible| FieldError::new(anchor(cible), sentence(cible))).collect()
}

/// `GET /mon-compte/documents/fichiers/{id}`: a file of the person's own dossier.
pub async fn file(app: Data<App>, who: Valide, id: Path<i64>) -> Result<HttpResponse, Error> {
    let file = dossiers::piece(&mut app.store.read().await?, *id).await?.ok_or(Error::NotFound)?;
    if file.compte != who.connecte.session.compte.0 {
        return Err(Error::NotFound);
    }
    opened(&app, &file).await
}

/// A file of a dossier, unsealed, as a response.
pub async fn opened(app: &App, file: &Piece) -> Result<HttpResponse, Error> {
    shown(&file.nom, &file.format, bytes_of(app, file).await?)
}

/// The bytes of a file of a dossier.
pub async fn bytes_of(app: &App, file: &Piece) -> Result<Vec<u8>, Error> {
    scelles::open(app, &file.blob, &file.cle, dossiers::place_of_file).await
}
