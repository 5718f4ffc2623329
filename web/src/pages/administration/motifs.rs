//! Reasons of decisions on registrations, each with the sentences it proposes.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{MoveMotif, SaveMotif};
use store::contenus::Motif;

use super::structures::refused;
use super::{Fait, done, layout};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::reader::{LINE_MAX, Reader};
use crate::session::Administrateur;
use crate::views::administration::{MotifFormulaire, MotifGroupe, MotifRow, Motifs, sections};
use crate::views::{Choice, FieldError, Query};

const LIST: &str = "/administration/motifs";
const NEW: &str = "/administration/motifs/nouveau";
/// Longest text, in characters.
const TEXTE_MAX: usize = 2_000;
/// The kinds of reasons: the word in the table, the heading of the list, when they are used, and the text of the form.
const GENRES: [(&str, &str, &str, &str); 2] = [
    (
        "complement",
        "Demander un complément",
        "La personne a deux mois pour compléter son inscription et la transmettre à nouveau.",
        "demander un complément",
    ),
    (
        "rejet",
        "Rejeter une inscription",
        "La personne peut présenter à nouveau son inscription un an après la première décision.",
        "rejeter une inscription",
    ),
];

pub async fn motifs(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    let mut connection = app.store.read().await?;
    let mut groupes = Vec::new();
    for (genre, titre, phrase, _) in GENRES {
        let rows = store::contenus::motifs(&mut connection, genre, true).await?;
        let rows = rows.into_iter().map(|motif| MotifRow {
            href: format!("{LIST}/{}", motif.code),
            libelle: motif.libelle,
            texte: motif.texte,
            actif: motif.actif,
        });
        let ajouter_href = Query::new(NEW).add("genre", genre).href();
        groupes.push(MotifGroupe { titre, phrase, ajouter_href, rows: rows.collect() });
    }
    drop(connection);
    let layout = layout(&request, &app, &who, "Motifs", Vec::new()).await?;
    page::ok(&request, &app, &who.connecte.viewer, &Motifs { layout, sections: sections(), groupes })
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    motif: Motif,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let is_new = motif.code.is_empty();
    let title = if is_new { "Ajouter un motif" } else { "Modifier le motif" };
    let layout = layout(request, app, who, title, errors).await?;
    let genres = GENRES.iter().filter(|_| is_new);
    let view = MotifFormulaire {
        layout,
        sections: sections(),
        action: if is_new { NEW.to_owned() } else { format!("{LIST}/{}", motif.code) },
        genres: genres
            .map(|(word, .., label)| Choice { selected: *word == motif.genre, ..Choice::new(*word, *label) })
            .collect(),
        libelle: motif.libelle,
        texte: motif.texte,
        actif: motif.actif,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

fn empty(genre: &str) -> Motif {
    Motif {
        code: String::new(),
        genre: genre.to_owned(),
        libelle: String::new(),
        texte: String::new(),
        ordre: i32::MAX,
        actif: true,
    }
}

/// `GET /administration/motifs/nouveau`, with `genre` preselected.
pub async fn new_motif_form(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    let genre = Fields::parse(request.query_string()).one("genre").to_owned();
    show(&request, &app, &who, empty(&genre), Vec::new(), StatusCode::OK).await
}

async fn found(app: &App, code: &str) -> Result<Motif, Error> {
    store::contenus::motif(&mut app.store.read().await?, code).await?.ok_or(Error::NotFound)
}

pub async fn motif_form(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    code: Path<String>,
) -> Result<HttpResponse, Error> {
    let motif = found(&app, &code).await?;
    show(&request, &app, &who, motif, Vec::new(), StatusCode::OK).await
}

/// `POST /administration/motifs/nouveau` with `genre, libelle, texte, actif`.
pub async fn create_motif(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    save(&request, &app, &who, empty(fields.one("genre")), &fields).await
}

/// `POST /administration/motifs/{code}` with `libelle, texte, actif`.
pub async fn update_motif(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    code: Path<String>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let motif = found(&app, &code).await?;
    save(&request, &app, &who, motif, &fields).await
}

async fn save(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    mut motif: Motif,
    fields: &Fields,
) -> Result<HttpResponse, Error> {
    let mut reader = Reader::new(fields);
    if !GENRES.iter().any(|(genre, ..)| *genre == motif.genre) {
        reader.refuse("genre", "Choisissez à quoi sert ce motif.");
    }
    motif.libelle = reader.line("libelle", LINE_MAX, Some("Indiquez le motif."));
    let missing = "Écrivez le texte type : il évite aux gestionnaires de partir d’une page blanche.";
    motif.texte = reader.text("texte", TEXTE_MAX, Some(missing));
    motif.actif = fields.has("actif");
    if !reader.errors.is_empty() {
        return show(request, app, who, motif, reader.errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let Motif { code, genre, libelle, texte, actif, .. } = motif;
    let save = SaveMotif { code: Some(code).filter(|code| !code.is_empty()), genre, libelle, texte, actif };
    app.comptes.ask(&who.connecte.identity(), save).await?.map_err(refused)?;
    done(app, LIST, Fait::Motif)
}

/// `POST /administration/motifs/{code}/ordre` with `sens=haut|bas`.
pub async fn move_motif(
    app: Data<App>,
    who: Administrateur,
    code: Path<String>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let step = MoveMotif { code: code.into_inner(), up: fields.one("sens") == "haut" };
    app.comptes.ask(&who.connecte.identity(), step).await?.map_err(refused)?;
    done(&app, LIST, Fait::Ordre)
}
