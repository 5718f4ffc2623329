//! « Mes données et documents » (manual §3.3.4, SPEC D2 to D10): what the person gives, block by block and piece by
//! piece.
//!
//! The page is one form: every button keeps all that is typed on it (`brouillon`), but only « Enregistrer » saves it,
//! block by block.

mod brouillon;

pub use brouillon::{give_up, keep_typed, reveal, save_all};

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::dossiers::{AttachPiece, NotSaved, NotSent, SaveBloc, TransmitDossier, WithdrawProposal};
use documents::Place;
use domain::CompteId;
use domain::compte::Statut;
use domain::dossier::piece::EtatElement;
use domain::dossier::piece::Evenement::Expirer;
use domain::dossier::pieces::{Situation, TypeIdentite, TypePiece, pieces_dues};
use domain::dossier::saisie::Vue;
use domain::dossier::transmission::{Blocage, EtatDossier};
use domain::dossier::{Bloc, Cible, Ensemble, Evenement};
use domain::profil::{Champs, Identification, TypeEmployeur};
use domain::time::paris_day;
use store::dossiers::{self, Brouillon, Donnees, Dossier, Nouveau, Piece};

use super::profil::{complete_from, employer_choices, unwritten};
use super::sections;
use crate::antivirus::{Retenue, Retenues, retenues_du_dossier};
use crate::app::App;
use crate::csrf::Posted;
use crate::download::shown;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::scelles;
use crate::session::Valide;
use crate::televersement::{Secret, Televersement, forget};
use crate::views::dossier::{BlocRow, Documents, FichierRow, HistoriqueRow, PieceRow};
use crate::views::layout::Tone;
use crate::views::numbers::size;
use crate::views::profil::Depot;
use crate::views::text::blocks;
use crate::views::{Choice, FieldError, Notice};

pub const HERE: &str = "/mon-compte/documents";

/// The anchor of a block or a piece in the page. The anchor of a block is not its word, because a field has that name.
fn anchor(cible: Cible) -> String {
    match cible {
        Cible::Bloc(bloc) => format!("bloc-{bloc}"),
        Cible::Piece(piece) => piece.as_str().to_owned(),
    }
}

/// The colour of the state of a block or a piece.
pub fn tone(etat: EtatElement) -> Tone {
    match etat {
        EtatElement::ASaisir => Tone::Info,
        EtatElement::Saisi => Tone::Warning,
        EtatElement::Transmis => Tone::Waiting,
        EtatElement::Valide => Tone::Done,
        EtatElement::Refuse => Tone::Failure,
    }
}

/// The colour of the state of a dossier.
pub fn tone_of_all(etat: EtatDossier) -> Tone {
    match etat {
        EtatDossier::ACompleter | EtatDossier::ATransmettre => Tone::Warning,
        EtatDossier::Transmis => Tone::Waiting,
        EtatDossier::Valide => Tone::Done,
    }
}

/// « … jusqu’au 28 novembre 2027, jour de sa révision annuelle. »; empty when the dossier does not serve.
pub fn valable(found: &Dossier) -> String {
    match (found.complet_at, found.revue_at) {
        (Some(_), Some(at)) => format!(
            "Ce dossier est complet et validé. Il sert à toutes les structures ; sa révision annuelle est le {}.",
            domain::dates::jour(paris_day(at))
        ),
        (Some(_), None) => "Ce dossier sert à toutes les structures ; sa révision annuelle est en cours.".to_owned(),
        (None, _) => String::new(),
    }
}

pub fn file_row(app: &App, kept: &Retenues, file: &Piece, href: String) -> FichierRow {
    FichierRow {
        href,
        nom: file.nom.clone(),
        taille: size(u64::try_from(file.taille).unwrap_or(0)),
        at: page::moment(app, file.ajoute_at),
        visible: matches!(file.format.as_str(), "pdf" | "jpg" | "png"),
        retenue: kept.get(&file.blob).copied(),
    }
}

/// The history, as both sides read it; only the structure's people see who decided.
pub async fn history(
    connection: &mut store::Connection,
    app: &App,
    of: CompteId,
    names: bool,
) -> Result<Vec<HistoriqueRow>, Error> {
    let rows = dossiers::history(connection, of).await?;
    let into = |row: dossiers::historique::Evenement| {
        let qui = match (row.auteur.filter(|_| names), row.structure) {
            (Some(auteur), Some(structure)) => format!("{auteur}, {structure}"),
            (None, Some(structure)) => structure,
            _ if row.evenement == Some(Ensemble::Reviser.into()) || row.evenement == Some(Expirer.into()) => {
                "le service".to_owned()
            }
            _ if names => "la personne".to_owned(),
            _ => "vous".to_owned(),
        };
        HistoriqueRow {
            quoi: row.cible.map_or("Dossier", Cible::libelle).to_owned(),
            evenement: row.evenement.map_or("modifié", Evenement::libelle).to_owned(),
            qui,
            at: page::moment(app, row.at),
            motif: row.texte,
        }
    };
    Ok(rows.into_iter().map(into).collect())
}

/// What the page says besides the dossier and the typed fields.
#[derive(Default)]
struct Refuse {
    /// Unfolded blocks: a button was just pressed in them.
    ouverts: Vec<Bloc>,
    employeurs: Option<Vec<Choice>>,
    errors: Vec<FieldError>,
}

impl Refuse {
    fn of(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::default() }
    }

    /// Whether a block has an error, or a button was pressed in it.
    fn concerns(&self, bloc: Bloc) -> bool {
        self.ouverts.contains(&bloc) || self.errors.iter().any(|one| bloc.champs().contains(&one.field.as_str()))
    }
}

/// `GET /mon-compte/documents`; with `afficher`, a block whose numbers are shown whole.
pub async fn page(request: HttpRequest, app: Data<App>, who: Valide) -> Result<HttpResponse, Error> {
    show(&request, &app, &who, Refuse::default(), StatusCode::OK).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Valide,
    refuse: Refuse,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let compte = who.connecte.session.compte;
    let asked = Fields::parse(request.query_string());
    let shown = Bloc::from_word(asked.one("afficher"));
    let mut connection = app.store.read().await?;
    let found = dossiers::of(&mut connection, compte).await?;
    let profil = store::profils::identification(&mut connection, compte).await?.unwrap_or_default();
    let events = dossiers::history(&mut connection, compte).await?;
    let historique = history(&mut connection, app, compte, false).await?;
    let kept = retenues_du_dossier(app, &mut connection, &found).await?;
    let typed = dossiers::brouillon(&mut connection, &app.vault, &found).await?;
    drop(connection);
    let last = events.into_iter().find(|event| event.evenement == Some(Ensemble::Demander.into()));
    let demande = last
        .filter(|_| found.etat.demande.is_some())
        .map(|event| (event.structure.unwrap_or_default(), blocks(&event.texte), page::moment(app, event.at)));
    let mut blocs = Vec::new();
    let dus = found.etat.dus();
    for &bloc in Bloc::ALL {
        let cible = Cible::Bloc(bloc);
        let there = found.elements.contains_key(&cible);
        if dus.contains(&cible) || there || bloc == Bloc::Employeur {
            blocs.push(row(app, (&found, &kept), (&profil, &typed), bloc, &refuse, shown == Some(bloc))?);
        }
    }
    let statut = of_block(&blocs, Bloc::Statut).and_then(|champs| Statut::from_word(champs.one("statut")));
    let kind = statut.or(found.etat.propose.statut).and_then(Statut::employeur);
    let chosen = of_block(&blocs, Bloc::Identite).map(|champs| champs.one("type_identite").to_owned());
    let identites = TypeIdentite::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), one.libelle()).selected(chosen.as_deref() == Some(one.as_str())));
    let resume = found.etat.resume();
    let untouched = found.version == 0;
    let listed = |cibles: Vec<Cible>| -> Vec<(String, &'static str)> {
        cibles.into_iter().map(|cible| (format!("#{}", anchor(cible)), cible.libelle())).collect()
    };
    let a_faire = found.etat.reste_a_faire();
    let a_transmettre = found.etat.a_transmettre();
    // A person who begins, or who was asked for something, is told at once what else « Transmettre » will need.
    let aussi = if a_transmettre || !a_faire.is_empty() { found.etat.reste_aussi() } else { Vec::new() };
    let view = Documents {
        layout: page::layout(request, app, &who.connecte.viewer, "Mes données et documents")
            .await?
            .with_errors(refuse.errors),
        sections: sections(&who.connecte.session),
        etat: if untouched { "rien n’est demandé" } else { resume.libelle() },
        tone: if untouched { Tone::Info } else { tone_of_all(resume) },
        a_faire: listed(a_faire),
        aussi: listed(aussi),
        demande,
        valable: valable(&found),
        a_transmettre,
        brouillon: brouillon::words(&typed),
        identites: identites.collect(),
        statuts: statuts(
            of_block(&blocs, Bloc::Statut).map_or("", |champs| champs.one("statut")),
            found.etat.propose.seuil,
        ),
        type_employeur: kind.map_or("", TypeEmployeur::as_str),
        employeurs: refuse.employeurs,
        blocs,
        depot: Depot::new(Place::PieceDossier),
        historique,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// The statuts, each with the pieces that it asks for (D7), so that people know them before they choose.
fn statuts(chosen: &str, seuil: bool) -> Vec<(Choice, String)> {
    let always = pieces_dues(Situation::default());
    let choice = |one: &Statut| {
        let of_statut = Situation { seuil, ..Situation::of_statut(*one) };
        let own = pieces_dues(of_statut).into_iter().filter(|piece| !always.contains(piece));
        let pieces: Vec<&str> = own.map(TypePiece::libelle).collect();
        (Choice::new(one.as_str(), one.libelle()).selected(chosen == one.as_str()), pieces.join(" ; "))
    };
    Statut::ALL.iter().map(choice).collect()
}

fn of_block(blocs: &[BlocRow], bloc: Bloc) -> Option<&Champs> {
    blocs.iter().find(|row| row.id == bloc.as_str()).map(|row| &row.champs)
}

fn row(
    app: &App,
    (found, kept): (&Dossier, &Retenues),
    (profil, typed): (&Identification, &Brouillon),
    bloc: Bloc,
    refuse: &Refuse,
    whole: bool,
) -> Result<BlocRow, Error> {
    let cible = Cible::Bloc(bloc);
    let donnees = found.donnees(cible);
    let saisie = found.saisie(&app.vault, bloc)?;
    let vue = if whole { Vue::EnClair } else { Vue::Masquee };
    let lignes = saisie.as_ref().map(|read| read.lignes(vue)).unwrap_or_default();
    let wrong = refuse.concerns(bloc);
    let champs = match typed.get(&bloc) {
        Some(champs) => champs.clone(),
        // The values of the profile are proposed; they count only once the person saves them.
        None => found.formulaire(&app.vault, profil, bloc, whole)?,
    };
    let asked =
        |cible| found.etat.demande.as_ref().is_some_and(|one| one.asks(cible)) && !found.etat.element(cible).donne();
    let due = found.etat.dus();
    let pieces: Vec<PieceRow> = TypePiece::ALL
        .iter()
        .filter(|piece| piece.bloc() == bloc)
        .map(|&piece| {
            let of = Cible::Piece(piece);
            piece_row(app, (found, kept), piece, (due.contains(&of), asked(of)), refuse)
        })
        // Pieces of the other choices are in the page, hidden: they show as soon as the choice is made.
        .filter(|row| row.due || row.fichier.is_some() || !row.pour.is_empty())
        .collect();
    let etat = donnees.element.etat();
    // What the statut no longer asks for is kept, but not transmitted.
    let idle = saisie.is_some() && !due.contains(&cible);
    Ok(BlocRow {
        id: bloc.as_str(),
        titre: bloc.libelle(),
        etat: if idle { "plus demandé" } else { etat.libelle() },
        tone: if idle { Tone::Info } else { tone(etat) },
        demande: asked(cible) || pieces.iter().any(|piece| piece.demandee),
        refus: donnees.refus.clone(),
        erreur: said(refuse, &[&anchor(cible)]),
        verrouille: etat == EtatElement::Transmis && !cible.libre(),
        retirable: retirable(&donnees),
        replie: saisie.is_some() && !wrong && etat != EtatElement::Refuse && !typed.contains_key(&bloc),
        afficher: bloc.sensible() && saisie.is_some() && !whole,
        saisie: typed.contains_key(&bloc),
        lignes: lignes.into_iter().map(|ligne| (ligne.libelle, ligne.valeur)).collect(),
        champs,
        pieces,
    })
}

/// The error at one of these fields.
fn said(refuse: &Refuse, fields: &[&str]) -> Option<String> {
    let found = refuse.errors.iter().find(|error| fields.contains(&error.field.as_str()));
    found.map(|error| error.sentence.clone())
}

/// Whether there is a proposal that the person can take back.
fn retirable(donnees: &Donnees) -> bool {
    matches!(donnees.element.etat(), EtatElement::Saisi | EtatElement::Refuse)
}

fn piece_row(
    app: &App,
    (found, kept): (&Dossier, &Retenues),
    piece: TypePiece,
    (due, demandee): (bool, bool),
    refuse: &Refuse,
) -> PieceRow {
    let field = format!("fichier-{piece}");
    let donnees = found.donnees(Cible::Piece(piece));
    let etat = donnees.element.etat();
    PieceRow {
        id: piece.as_str(),
        libelle: piece.libelle(),
        aide: piece.aide(),
        etat: match (due, donnees.newest_file()) {
            (false, Some(_)) => "plus demandé",
            (false, None) => EtatElement::ASaisir.libelle(),
            (true, _) => etat.libelle(),
        },
        tone: if due { tone(etat) } else { Tone::Info },
        demandee,
        refus: donnees.refus.clone(),
        fichier: donnees.newest_file().map(|file| file_row(app, kept, file, format!("{HERE}/fichiers/{}", file.id))),
        erreur: said(refuse, &[&field, piece.as_str()]),
        verrouille: etat == EtatElement::Transmis,
        retirable: retirable(&donnees),
        due,
        pour: choices(piece).join(" "),
    }
}

/// The statuts or identity documents that ask for a piece; empty when everybody owes it.
fn choices(piece: TypePiece) -> Vec<&'static str> {
    if pieces_dues(Situation::default()).contains(&piece) {
        return Vec::new();
    }
    let statuts = Statut::ALL.iter().filter(|&&one| pieces_dues(Situation::of_statut(one)).contains(&piece));
    let documents = TypeIdentite::ALL.iter().filter(|one| one.pieces().contains(&piece));
    statuts.map(|one| one.as_str()).chain(documents.map(|one| one.as_str())).collect()
}

/// `POST /mon-compte/documents/bloc/{cible}` with the fields of the page: saves that block and keeps what is typed in
/// the others. For the employer, `action` may be `chercher` or `choisir`.
pub async fn save(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    word: Path<String>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let bloc = Bloc::from_word(&word).ok_or(Error::NotFound)?;
    let mut tape = brouillon::read(&fields);
    let mut champs = tape.blocs.remove(&bloc).unwrap_or_default();
    let action = fields.one("action");
    let choosing = bloc == Bloc::Employeur && matches!(action, "chercher" | "choisir");
    if bloc == Bloc::Employeur && (choosing || fields.filled("employeur_choisi").is_some()) {
        complete_from(&mut app.store.read().await?, &mut champs, fields.one("employeur_choisi")).await?;
    }
    tape.blocs.insert(bloc, champs.clone());
    brouillon::keep(&app, &who, tape).await?;
    if choosing {
        let employeurs = match action {
            "chercher" => Some(employer_choices(&mut app.store.read().await?, &champs).await?),
            _ => None,
        };
        let refuse = Refuse { ouverts: vec![bloc], employeurs, errors: Vec::new() };
        return show(&request, &app, &who, refuse, StatusCode::OK).await;
    }
    let save = SaveBloc { vault: app.vault.clone(), bloc, champs };
    match app.comptes.ask(&who.connecte.identity(), save).await? {
        Ok(()) => {
            let left = not_sent(&fields);
            if left.is_empty() {
                return page::redirect_saying(
                    &app,
                    &format!("{HERE}#{}", anchor(Cible::Bloc(bloc))),
                    &Notice::done("C’est enregistré. Pensez à transmettre votre dossier, en bas de la page."),
                );
            }
            show(&request, &app, &who, Refuse::of(left), StatusCode::OK).await
        }
        Err(NotSaved::Wrong(ecarts)) => {
            let errors = ecarts.into_iter().map(FieldError::from).collect();
            let refuse = Refuse { ouverts: vec![bloc], employeurs: None, errors };
            show(&request, &app, &who, refuse, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(refusal) => conflict(&request, &app, &who, refusal).await,
    }
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
        let save = SaveBloc { vault: app.vault.clone(), bloc, champs };
        match app.comptes.ask(&who.connecte.identity(), save).await? {
            Ok(()) => {}
            Err(NotSaved::Wrong(ecarts)) => errors.extend(ecarts.into_iter().map(FieldError::from)),
            Err(NotSaved::NotValidated(no)) => return Err(no.into()),
            Err(NotSaved::Element(no)) => {
                errors.push(FieldError::new(anchor(Cible::Bloc(bloc)), format!("{} : {no}", bloc.titre())));
            }
        }
    }
    Ok(errors)
}

/// Without JavaScript, only the button « Joindre » sends a chosen file: another button reports it at the file's field.
fn not_sent(fields: &Fields) -> Vec<FieldError> {
    let chosen = TypePiece::ALL.iter().filter_map(|piece| {
        let field = format!("fichier-{piece}");
        let name = fields.filled(&field)?.to_owned();
        let sentence = format!(
            "{} : le fichier « {name} » n’est pas parti avec ce bouton. Choisissez-le à nouveau, puis cliquez sur « Joindre ».",
            piece.libelle()
        );
        Some(FieldError::new(field, sentence))
    });
    chosen.collect()
}

async fn conflict(request: &HttpRequest, app: &App, who: &Valide, refusal: NotSaved) -> Result<HttpResponse, Error> {
    if let NotSaved::NotValidated(no) = refusal {
        return Err(no.into());
    }
    let errors = vec![FieldError::new("", refusal.to_string())];
    show(request, app, who, Refuse::of(errors), StatusCode::CONFLICT).await
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
    let (mut errors, mut joined, mut status) = (Vec::new(), false, StatusCode::UNPROCESSABLE_ENTITY);
    for (word, file) in files {
        let Some(piece) = TypePiece::from_word(&word) else { continue };
        let field = format!("fichier-{piece}");
        match file {
            Secret::Absent => {}
            Secret::Refused(sentence) => errors.push(FieldError::new(field, sentence)),
            Secret::Read(nom, format, bytes) => match attach_one(&app, &who, piece, (nom, format, bytes)).await? {
                Ok(()) => joined = true,
                Err(refusal) => {
                    status = StatusCode::CONFLICT;
                    errors.push(FieldError::new(field, refusal.to_string()));
                }
            },
        }
    }
    if errors.is_empty() && joined {
        return page::redirect_saying(
            &app,
            &format!("{HERE}#{pressed}"),
            &Notice::done("Le fichier est joint. Son texte sera lu dans quelques secondes."),
        );
    }
    if errors.is_empty() {
        errors.push(FieldError::new(format!("fichier-{pressed}"), "Choisissez d’abord un fichier."));
    }
    show(&request, &app, &who, Refuse::of(errors), status).await
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
            page::redirect_saying(&app, &format!("{HERE}#{}", anchor(cible)), &Notice::done("C’est retiré."))
        }
        Err(refusal) => conflict(&request, &app, &who, refusal).await,
    }
}

/// `POST /mon-compte/documents/transmettre` (manual §3.3.4.2 j) with the fields of the page: saves what is typed first.
pub async fn transmit(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let (_, mut refused) = brouillon::settle(&app, &who, &fields).await?;
    let mut connection = app.store.read().await?;
    let found = dossiers::of(&mut connection, who.connecte.session.compte).await?;
    refused.extend(infected(dossiers::infected(&mut connection, &found).await?));
    drop(connection);
    if !refused.is_empty() {
        return show(&request, &app, &who, Refuse::of(refused), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let errors = match app.comptes.ask(&who.connecte.identity(), TransmitDossier).await? {
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
            let errors = vec![FieldError::new("", "Rien n’a changé depuis votre dernière transmission.")];
            return show(&request, &app, &who, Refuse::of(errors), StatusCode::CONFLICT).await;
        }
        Err(NotSent::Blocage(Blocage::Manques(manques))) => {
            manques.into_iter().map(|one| FieldError::new(anchor(one.cible), one.phrase)).collect()
        }
        Err(NotSent::Infected(cibles)) => infected(cibles),
    };
    show(&request, &app, &who, Refuse::of(errors), StatusCode::UNPROCESSABLE_ENTITY).await
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
