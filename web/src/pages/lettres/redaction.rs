//! What a structure types in a letter, and the page of a new letter.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::lettres::{CreateLettre, NotWritten};
use documents::lettre::sans_glyphe;
use domain::compte::Statut;
use domain::dossier::lettre::{CONTENU, Contenu, PERIODES_MAX, TypeLettre, UnitePaiement};
use domain::dossier::{Bloc, Cible};
use domain::paths::LETTRES;
use domain::profil::{Champs, TEXT_MAX};
use store::dossiers;

use super::MOT_MAX;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::gestion_dossiers::{Ouvert, open};
use crate::pages::mon_compte::profil::today;
use crate::reader::Reader;
use crate::session::{Dossiers, Habilite};
use crate::views::lettres::{GestionLettre, Redaction};
use crate::views::{Choice, FieldError, Notice};

/// The fields of a letter that are printed as they were typed.
const PRINTED: [&str; 6] = ["objet", "corps", "lieu", "modalites_paiement", "code_service", "engagement"];

/// Reads what was typed in a letter of that kind.
pub(super) fn read(app: &App, genre: TypeLettre, fields: &Fields) -> Result<Contenu, Vec<FieldError>> {
    let champs = fields.champs().only(CONTENU);
    let mut errors: Vec<FieldError> = Vec::new();
    let contenu = match Contenu::read(genre, &champs, today(app)) {
        Ok(contenu) => Some(contenu),
        Err(ecarts) => {
            errors.extend(ecarts.into_iter().map(FieldError::from));
            None
        }
    };
    for field in PRINTED {
        if let Some(sign) = sans_glyphe(champs.one(field)) {
            let sentence = format!("Le signe « {sign} » ne s’imprime pas dans une lettre : retirez-le.");
            errors.push(FieldError::new(field, sentence));
        }
    }
    contenu.filter(|_| errors.is_empty()).ok_or(errors)
}

/// The form of a letter; `genres` is empty when its kind can't change. It always has at least one period to fill in.
pub(super) fn redaction(champs: Champs, genres: Vec<Choice>) -> Redaction {
    let (du, au): (Vec<&str>, Vec<&str>) = (champs.every("du").collect(), champs.every("au").collect());
    let of = |days: &[&str], rank: usize| days.get(rank).map_or_else(String::new, |day| (*day).to_owned());
    let mut periodes: Vec<(String, String)> =
        (0..du.len().max(au.len()).min(PERIODES_MAX)).map(|rank| (of(&du, rank), of(&au, rank))).collect();
    if periodes.is_empty() {
        periodes.push((String::new(), String::new()));
    }
    let unite = champs.one("unite_paiement");
    Redaction {
        genres,
        unites: UnitePaiement::ALL
            .iter()
            .map(|one| Choice::new(one.as_str(), said(*one)).selected(one.as_str() == unite))
            .collect(),
        periodes,
        champs,
        texte_max: TEXT_MAX,
    }
}

/// The label of the choice under « ce montant paie ».
fn said(unite: UnitePaiement) -> &'static str {
    match unite {
        UnitePaiement::Heure => "une heure",
        UnitePaiement::Jour => "une journée",
        UnitePaiement::Forfait => "l’ensemble (forfait)",
    }
}

/// One more row for a period; the typed fields stay.
pub(super) fn one_more_period(fields: &Fields) -> Champs {
    let mut champs = fields.champs().only(CONTENU);
    champs.push("du", "");
    champs.push("au", "");
    champs
}

fn genres(chosen: &str) -> Vec<Choice> {
    let label = |one: TypeLettre| match one {
        TypeLettre::Intervention => "Une intervention",
        TypeLettre::Ressources => "Des ressources (supports, cours en ligne…)",
    };
    TypeLettre::ALL.iter().map(|&one| Choice::new(one.as_str(), label(one)).selected(one.as_str() == chosen)).collect()
}

pub async fn form(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Dossiers>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let ouvert = open(&app, &who, *id).await?;
    let mut champs = Champs::default();
    champs.set("genre", TypeLettre::Intervention.as_str());
    champs.set("siret", own_siret(&app, &ouvert)?);
    show(&request, &app, &who, &ouvert, (champs, Vec::new()), StatusCode::OK).await
}

/// The validated SIRET for an independent's invoices; empty for a person who sends no invoice.
fn own_siret(app: &App, ouvert: &Ouvert) -> Result<String, Error> {
    let found = &ouvert.dossier;
    let valide = found.donnees(Cible::Bloc(Bloc::Employeur)).valide;
    match valide.filter(|_| found.etat.valide.statut == Some(Statut::Independant)) {
        Some(scelle) => match dossiers::open(&app.vault, found.compte, Bloc::Employeur, &scelle)? {
            domain::dossier::saisie::Saisie::Employeur(read) => Ok(read.siret.to_string()),
            _ => Ok(String::new()),
        },
        None => Ok(String::new()),
    }
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Habilite<Dossiers>,
    ouvert: &Ouvert,
    (champs, errors): (Champs, Vec<FieldError>),
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let dossier = format!("/gestion/dossiers/{}", ouvert.dossier.compte);
    let complete = ouvert.dossier.complet_at.is_some() && ouvert.validated;
    let genres = genres(champs.one("genre"));
    let view = GestionLettre {
        layout: page::layout(request, app, &who.connecte.viewer, "Préparer une lettre de demande")
            .await?
            .with_errors(errors),
        href: format!("{dossier}/lettre"),
        dossier,
        personne: format!("{} {}", ouvert.personne.prenom, ouvert.personne.nom),
        refus: if complete { String::new() } else { NotWritten::Incomplete.to_string() },
        lettre: None,
        redaction: Some(redaction(champs, genres)),
        version: 0,
        annulable: false,
        texte: String::new(),
        texte_max: MOT_MAX,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `POST /gestion/dossiers/{id}/lettre` with `genre`, the fields of [`CONTENU`] and `action` = `enregistrer` or
/// `periode`.
pub async fn create(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Dossiers>,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let ouvert = open(&app, &who, *id).await?;
    if fields.one("action") == "periode" {
        let mut champs = one_more_period(&fields);
        champs.set("genre", fields.one("genre"));
        return show(&request, &app, &who, &ouvert, (champs, Vec::new()), StatusCode::OK).await;
    }
    let mut reader = Reader::new(&fields);
    let genre = reader.choice("genre", TypeLettre::from_word, "Choisissez ce qui est demandé.");
    let mut errors = reader.errors;
    // Without a kind the rest is checked too, so that all errors are shown at once.
    let contenu = match read(&app, genre.unwrap_or(TypeLettre::Ressources), &fields) {
        Ok(contenu) => Some(contenu),
        Err(wrong) => {
            errors.extend(wrong);
            None
        }
    };
    let (Some(genre), Some(contenu)) = (genre, contenu) else {
        return show(&request, &app, &who, &ouvert, (fields.champs(), errors), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let create = CreateLettre { compte: ouvert.dossier.compte, genre, contenu };
    match app.comptes.ask(&who.connecte.identity(), create).await? {
        Ok(id) => page::redirect_saying(
            &app,
            &format!("{LETTRES}/{id}"),
            &Notice::done("Le projet est enregistré : relisez l’aperçu, puis envoyez-le."),
        ),
        Err(NotWritten::Forbidden) => Err(Error::Forbidden),
        Err(refus) => {
            let errors = vec![FieldError::new("", refus.to_string())];
            show(&request, &app, &who, &ouvert, (fields.champs(), errors), StatusCode::CONFLICT).await
        }
    }
}
