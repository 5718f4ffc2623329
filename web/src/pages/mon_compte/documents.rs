//! « Mes données et documents » (manual §3.3.4, SPEC D2 to D10): what the person gives, block by block and piece by piece.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use documents::Place;
use domain::CompteId;
use domain::compte::Statut;
use domain::dossier::piece::EtatElement;
use domain::dossier::pieces::{TypeIdentite, TypePiece, pieces_dues};
use domain::dossier::saisie::{Saisie, Vue};
use domain::dossier::transmission::{Blocage, EtatDossier};
use domain::dossier::{Bloc, Cible};
use domain::profil::{Champs, Identification, TypeEmployeur};
use domain::time::paris_day;
use store::dossiers::{self, Donnees, Dossier, Nouveau, Piece};

use super::profil::{complete_from, employer_choices, today};
use super::sections;
use crate::antivirus::{Retenue, Retenues, retenues_du_dossier};
use crate::app::App;
use crate::csrf::Posted;
use crate::download::shown;
use crate::error::Error;
use crate::fields::Fields;
use crate::flash::Flash;
use crate::page;
use crate::scelles;
use crate::session::Valide;
use crate::televersement::{Secret, Televersement, forget};
use crate::views::dossier::{BlocRow, Documents, FichierRow, HistoriqueRow, PieceRow};
use crate::views::layout::Tone;
use crate::views::numbers::size;
use crate::views::profil::Depot;
use crate::views::text::blocks;
use crate::views::{Choice, FieldError};

/// Where the page stands.
pub const HERE: &str = "/mon-compte/documents";

/// The place of a block or a piece on the page. A block has a field of its own name.
fn anchor(cible: Cible) -> String {
    match cible {
        Cible::Bloc(bloc) => format!("bloc-{bloc}"),
        Cible::Piece(piece) => piece.as_str().to_owned(),
    }
}

/// The colour of where a block or a piece stands.
pub fn tone(etat: EtatElement) -> Tone {
    match etat {
        EtatElement::ASaisir => Tone::Info,
        EtatElement::Saisi => Tone::Warning,
        EtatElement::Transmis => Tone::Waiting,
        EtatElement::Valide => Tone::Done,
        EtatElement::Refuse => Tone::Failure,
    }
}

/// The colour of where a dossier stands.
pub fn tone_of_all(etat: EtatDossier) -> Tone {
    match etat {
        EtatDossier::ACompleter | EtatDossier::ATransmettre => Tone::Warning,
        EtatDossier::Transmis => Tone::Waiting,
        EtatDossier::Valide => Tone::Done,
    }
}

/// « … jusqu’au 28 novembre 2027, jour de sa révision annuelle. »; empty while it does not serve.
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

/// A file as pages show it.
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

/// The history, as both sides read it; who of the structure decided is for its people alone.
pub async fn history(
    connection: &mut store::Connection,
    app: &App,
    of: CompteId,
    names: bool,
) -> Result<Vec<HistoriqueRow>, Error> {
    let rows = dossiers::history(connection, of).await?;
    let into = |row: dossiers::Evenement| {
        let known = domain::dossier::piece::Evenement::from_word(&row.evenement);
        let evenement = match (known, row.evenement.as_str()) {
            (Some(known), _) => known.libelle(),
            (None, "demande") => "demandé",
            (None, "complet") => "complet et validé",
            (None, "revue") => "révision annuelle demandée",
            (None, _) => "modifié",
        };
        let qui = match (row.auteur.filter(|_| names), row.structure) {
            (Some(auteur), Some(structure)) => format!("{auteur}, {structure}"),
            (None, Some(structure)) => structure,
            _ if matches!(row.evenement.as_str(), "revue" | "expire") => "le service".to_owned(),
            _ if names => "la personne".to_owned(),
            _ => "vous".to_owned(),
        };
        HistoriqueRow {
            quoi: row.cible.map_or("Dossier", Cible::libelle).to_owned(),
            evenement: evenement.to_owned(),
            qui,
            at: page::moment(app, row.at),
            motif: row.texte,
        }
    };
    Ok(rows.into_iter().map(into).collect())
}

/// What was typed in one block and is wrong.
#[derive(Default)]
struct Refuse {
    bloc: Option<Bloc>,
    champs: Champs,
    employeurs: Option<Vec<Choice>>,
    errors: Vec<FieldError>,
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
    drop(connection);
    let last = events.into_iter().find(|event| event.evenement == "demande");
    let demande = last
        .filter(|_| found.etat.demande.is_some())
        .map(|event| (event.structure.unwrap_or_default(), blocks(&event.texte), page::moment(app, event.at)));
    let mut blocs = Vec::new();
    let dus = found.etat.dus();
    for &bloc in Bloc::ALL {
        let cible = Cible::Bloc(bloc);
        let there = found.elements.contains_key(&cible);
        if dus.contains(&cible) || there || bloc == Bloc::Employeur {
            blocs.push(row(app, (&found, &kept), &profil, bloc, &refuse, shown == Some(bloc))?);
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
    let view = Documents {
        layout: page::layout(request, app, &who.connecte.viewer, "Mes données et documents")
            .await?
            .with_errors(refuse.errors),
        sections: sections(&who.connecte.session),
        etat: if untouched { "rien n’est demandé" } else { resume.libelle() },
        tone: if untouched { Tone::Info } else { tone_of_all(resume) },
        a_faire: found
            .etat
            .reste_a_faire()
            .into_iter()
            .map(|cible| (format!("#{}", anchor(cible)), cible.libelle()))
            .collect(),
        demande,
        valable: valable(&found),
        a_transmettre: dus.iter().any(|&cible| found.etat.element(cible).etat() == EtatElement::Saisi),
        identites: identites.collect(),
        statuts: statuts(of_block(&blocs, Bloc::Statut).map_or("", |champs| champs.one("statut"))),
        type_employeur: kind.map_or("", TypeEmployeur::as_str),
        employeurs: refuse.employeurs,
        blocs,
        depot: Depot::new(Place::PieceDossier),
        historique,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// The statuts, each with the pieces that it asks for (D7): they are known before one chooses.
fn statuts(chosen: &str) -> Vec<(Choice, String)> {
    let always = pieces_dues(None, None);
    let choice = |one: &Statut| {
        let own = pieces_dues(Some(*one), None).into_iter().filter(|piece| !always.contains(piece));
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
    profil: &Identification,
    bloc: Bloc,
    refuse: &Refuse,
    whole: bool,
) -> Result<BlocRow, Error> {
    let cible = Cible::Bloc(bloc);
    let donnees = found.donnees(cible);
    let saisie = found.saisie(&app.coffre, bloc)?;
    let vue = if whole { Vue::EnClair } else { Vue::Masquee };
    let lignes = saisie.as_ref().map(|read| read.lignes(vue)).unwrap_or_default();
    let wrong = refuse.bloc == Some(bloc);
    let champs = match (&saisie, wrong) {
        (_, true) => refuse.champs.clone(),
        (Some(read), false) if whole => read.champs(),
        (Some(read), false) => read.champs_sans_numeros(),
        // What the profile knows is proposed, and saved as the person does.
        (None, false) => profil.champs().only(bloc.champs()),
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
        // What another choice asks for is on the page, put away: it shows as soon as one chooses.
        .filter(|row| row.due || row.fichier.is_some() || !row.pour.is_empty())
        .collect();
    let etat = donnees.element.etat();
    Ok(BlocRow {
        id: bloc.as_str(),
        titre: bloc.libelle(),
        etat: etat.libelle(),
        tone: tone(etat),
        demande: asked(cible) || pieces.iter().any(|piece| piece.demandee),
        refus: donnees.refus.clone(),
        erreur: said(refuse, &[&anchor(cible)]),
        verrouille: etat == EtatElement::Transmis && !cible.libre(),
        retirable: retirable(&donnees),
        replie: saisie.is_some() && !wrong && etat != EtatElement::Refuse,
        afficher: if bloc.sensible() && saisie.is_some() && !whole {
            format!("{HERE}?afficher={bloc}#{}", anchor(cible))
        } else {
            String::new()
        },
        lignes: lignes.into_iter().map(|ligne| (ligne.libelle, ligne.valeur)).collect(),
        champs,
        pieces,
    })
}

/// What is wrong at one of these fields.
fn said(refuse: &Refuse, fields: &[&str]) -> Option<String> {
    let found = refuse.errors.iter().find(|error| fields.contains(&error.field.as_str()));
    found.map(|error| error.sentence.clone())
}

/// Whether a proposal stands beside something, or alone, that can be taken back.
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

/// The statuts or identity documents that ask for a piece; none when everybody owes it.
fn choices(piece: TypePiece) -> Vec<&'static str> {
    if pieces_dues(None, None).contains(&piece) {
        return Vec::new();
    }
    let statuts = Statut::ALL.iter().filter(|&&one| pieces_dues(Some(one), None).contains(&piece));
    let documents = TypeIdentite::ALL.iter().filter(|one| one.pieces().contains(&piece));
    statuts.map(|one| one.as_str()).chain(documents.map(|one| one.as_str())).collect()
}

/// `POST /mon-compte/documents/bloc/{cible}` with the block's fields; of the employer, `action` may be `chercher` or
/// `choisir`.
pub async fn save(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    word: Path<String>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let bloc = Bloc::from_word(&word).ok_or(Error::NotFound)?;
    let compte = who.connecte.session.compte;
    let mut champs = fields.champs().only(bloc.champs());
    let found = dossiers::of(&mut app.store.read().await?, compte).await?;
    let action = fields.one("action");
    if bloc == Bloc::Employeur
        && (matches!(action, "chercher" | "choisir") || fields.filled("employeur_choisi").is_some())
    {
        let mut connection = app.store.read().await?;
        complete_from(&mut connection, &mut champs, fields.one("employeur_choisi")).await?;
        if matches!(action, "chercher" | "choisir") {
            let employeurs =
                if action == "chercher" { Some(employer_choices(&mut connection, &champs).await?) } else { None };
            drop(connection);
            let refuse = Refuse { bloc: Some(bloc), champs, employeurs, errors: Vec::new() };
            return show(&request, &app, &who, refuse, StatusCode::OK).await;
        }
    }
    let saisie = match Saisie::read(bloc, &champs, found.etat.propose.statut, today(&app)) {
        Ok(saisie) => saisie,
        Err(ecarts) => {
            let errors = ecarts.into_iter().map(FieldError::from).collect();
            let refuse = Refuse { bloc: Some(bloc), champs, employeurs: None, errors };
            return show(&request, &app, &who, refuse, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let coffre = app.coffre.clone();
    let saved = app
        .store
        .write::<_, store::Error, _>(Some(compte), move |transaction| {
            Box::pin(async move { dossiers::save(transaction, &coffre, compte, &saisie).await })
        })
        .await?;
    match saved {
        Ok(()) => page::redirect_saying(&app, &format!("{HERE}#{}", anchor(Cible::Bloc(bloc))), &Flash::DossierSaved),
        Err(refusal) => conflict(&request, &app, &who, refusal.to_string()).await,
    }
}

async fn conflict(request: &HttpRequest, app: &App, who: &Valide, sentence: String) -> Result<HttpResponse, Error> {
    let refuse = Refuse { errors: vec![FieldError::new("", sentence)], ..Refuse::default() };
    show(request, app, who, refuse, StatusCode::CONFLICT).await
}

/// `POST /mon-compte/documents/piece/{cible}` with the file `fichier`: it takes the place of the one before.
pub async fn attach(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    word: Path<String>,
    form: Televersement,
) -> Result<HttpResponse, Error> {
    let piece = TypePiece::from_word(&word).ok_or(Error::NotFound)?;
    let compte = who.connecte.session.compte;
    let refused = |sentence: String| Refuse {
        errors: vec![FieldError::new(format!("fichier-{piece}"), sentence)],
        ..Refuse::default()
    };
    let (nom, format, bytes) = match form.read_secret("fichier", Place::PieceDossier).await?.1 {
        Secret::Read(nom, format, bytes) => (nom, format, bytes),
        Secret::Absent => {
            let refuse = refused("Choisissez d’abord un fichier.".to_owned());
            return show(&request, &app, &who, refuse, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Secret::Refused(sentence) => {
            return show(&request, &app, &who, refused(sentence), StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let taille = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let (blob, cle) = scelles::keep(&app, bytes, dossiers::place_of_file).await?;
    let nouveau = Nouveau { piece, nom, format: format.to_string(), taille, blob: blob.clone(), cle };
    let written = app
        .store
        .write::<_, store::Error, _>(Some(compte), move |transaction| {
            Box::pin(async move { dossiers::attach(transaction, compte, &nouveau).await })
        })
        .await;
    match written {
        Ok(Ok(gone)) => {
            forget(&app, &gone).await;
            page::redirect_saying(&app, &format!("{HERE}#{piece}"), &Flash::FileAttached)
        }
        Ok(Err(refusal)) => {
            forget(&app, &[blob]).await;
            conflict(&request, &app, &who, refusal.to_string()).await
        }
        Err(error) => {
            forget(&app, &[blob]).await;
            Err(error.into())
        }
    }
}

/// `POST /mon-compte/documents/retirer` with `cible`: a proposal is taken back.
pub async fn withdraw(
    request: HttpRequest,
    app: Data<App>,
    who: Valide,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let cible =
        Cible::from_word(fields.one("cible")).ok_or(Error::BadRequest("Utilisez l’un des boutons de la page."))?;
    let compte = who.connecte.session.compte;
    let coffre = app.coffre.clone();
    let done = app
        .store
        .write::<_, store::Error, _>(Some(compte), move |transaction| {
            Box::pin(async move { dossiers::withdraw(transaction, &coffre, compte, cible).await })
        })
        .await?;
    match done {
        Ok(gone) => {
            forget(&app, &gone).await;
            page::redirect_saying(&app, &format!("{HERE}#{}", anchor(cible)), &Flash::DossierWithdrawn)
        }
        Err(refusal) => conflict(&request, &app, &who, refusal.to_string()).await,
    }
}

/// `POST /mon-compte/documents/transmettre` (manual §3.3.4.2 j).
pub async fn transmit(request: HttpRequest, app: Data<App>, who: Valide, _: Posted) -> Result<HttpResponse, Error> {
    let compte = who.connecte.session.compte;
    let refused = infected(&app, compte).await?;
    if !refused.is_empty() {
        let refuse = Refuse { errors: refused, ..Refuse::default() };
        return show(&request, &app, &who, refuse, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let done = app
        .store
        .write::<_, store::Error, _>(Some(compte), move |transaction| {
            Box::pin(async move { dossiers::transmit(transaction, compte).await })
        })
        .await?;
    match done {
        Ok(_) => page::redirect_saying(&app, HERE, &Flash::DossierSent),
        Err(Blocage::Manques(manques)) => {
            let errors = manques.into_iter().map(|one| FieldError::new(anchor(one.cible), one.phrase)).collect();
            let refuse = Refuse { errors, ..Refuse::default() };
            show(&request, &app, &who, refuse, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Blocage::Rien) => {
            conflict(&request, &app, &who, "Rien n’a changé depuis votre dernière transmission.".to_owned()).await
        }
    }
}

/// What is said of the files that would be transmitted and that nobody could open.
async fn infected(app: &App, compte: CompteId) -> Result<Vec<FieldError>, Error> {
    let mut connection = app.store.read().await?;
    let found = dossiers::of(&mut connection, compte).await?;
    let kept = retenues_du_dossier(app, &mut connection, &found).await?;
    let proposed = found.elements.iter().filter(|(_, one)| one.element.etat() == EtatElement::Saisi);
    let blocked = proposed.filter(|(_, one)| {
        let file = one.fichier_propose.as_ref();
        file.is_some_and(|file| kept.get(&file.blob) == Some(&Retenue::Bloque))
    });
    let sentence = |cible: Cible| format!("{} : {}", cible.libelle(), Retenue::Bloque.a_son_proprietaire());
    Ok(blocked.map(|(&cible, _)| FieldError::new(anchor(cible), sentence(cible))).collect())
}

/// `GET /mon-compte/documents/fichiers/{id}`: one's own file.
pub async fn file(app: Data<App>, who: Valide, id: Path<i64>) -> Result<HttpResponse, Error> {
    let file = dossiers::piece(&mut app.store.read().await?, *id).await?.ok_or(Error::NotFound)?;
    if file.compte != who.connecte.session.compte.0 {
        return Err(Error::NotFound);
    }
    opened(&app, &file).await
}

/// A file of a dossier, opened, as it is shown.
pub async fn opened(app: &App, file: &Piece) -> Result<HttpResponse, Error> {
    shown(&file.nom, &file.format, bytes_of(app, file).await?)
}

/// The bytes of a file of a dossier.
pub async fn bytes_of(app: &App, file: &Piece) -> Result<Vec<u8>, Error> {
    scelles::open(app, &file.blob, &file.cle, dossiers::place_of_file).await
}
