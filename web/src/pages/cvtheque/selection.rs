//! Actions on people ticked in a list: write to them, one message each, put them into a list, or export them as a
//! workbook (SPEC G3, M8, Q7).

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{Envoi, Envoye, NotSent, RecordExport, SendMessage};
use documents::{Feuille, classeur};
use domain::CompteId;
use domain::compte::{Droit, Statut};
use domain::messagerie::{Contenu, ContenuError, OBJET_MAX, TEXTE_MAX};
use domain::time::paris_day;
use search_index::{DEEPEST_RESULT, LARGEST_PAGE, Page};
use store::intervenants::Fiche;

use super::criteria::Criteria;
use super::profil::{away, specialites};
use crate::app::App;
use crate::csrf::Posted;
use crate::download::workbook;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::recherche::on_index;
use crate::session::{Gestionnaire, form_token};
use crate::views::cvtheque::{CvthequeEcrire, CvthequeEnvoye, EnvoyeRow};
use crate::views::{FieldError, Link, Query, Tone};

/// Most people ticked at once, and written to at once.
pub(super) const SELECTION_MAX: usize = 200;
/// Profiles read at once for a workbook.
const PAGE: usize = 200;
/// Name of the field for people.
pub(super) const PEOPLE: &str = "personnes";

const TITRES: [&str; 16] = [
    "Civilité",
    "Nom",
    "Prénom",
    "Titre",
    "Statut",
    "Employeur",
    "Structure de rattachement",
    "Spécialités",
    "Régions",
    "Départements",
    "Langues",
    "Commune",
    "Adresse électronique",
    "Indisponibilités",
    "Validé le",
    "Mis à jour le",
];

/// The people of a form, once each, in their order.
pub(super) fn people(fields: &Fields) -> Vec<CompteId> {
    let mut all: Vec<CompteId> = Vec::new();
    for id in fields.ids(PEOPLE) {
        if !all.contains(&CompteId(id)) {
            all.push(CompteId(id));
        }
    }
    all
}

/// The people of them who are in the CV-thèque, in the same order.
pub(super) async fn fiches(app: &App, ids: &[CompteId]) -> Result<Vec<Fiche>, Error> {
    let mut connection = app.store.read().await?;
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(PAGE) {
        found.extend(store::intervenants::fiches(&mut connection, some).await?.into_iter().filter(Fiche::visible));
    }
    let rank: HashMap<CompteId, usize> = ids.iter().enumerate().map(|(rank, id)| (*id, rank)).collect();
    found.sort_by_key(|fiche| rank.get(&fiche.compte).copied());
    Ok(found)
}

/// Id and name of each, for the tick boxes of a form.
pub(super) fn named(found: &[Fiche]) -> Vec<(String, String)> {
    found.iter().map(|fiche| (fiche.compte.to_string(), format!("{} {}", fiche.prenom, fiche.nom))).collect()
}

/// The address of a page about these people.
pub(super) fn about(path: &str, people: &[CompteId]) -> String {
    people.iter().fold(Query::new(path), |query, id| query.add(PEOPLE, &id.to_string())).href()
}

/// `POST /cvtheque/selection` with `personnes` repeated, `action` = `ecrire`, `lister`, `exporter` or `exporter_tout`,
/// and the address of the search in `adresse`.
pub async fn select(app: Data<App>, who: Gestionnaire, Posted(fields): Posted) -> Result<HttpResponse, Error> {
    let chosen = people(&fields);
    let criteria = Criteria::of_address(fields.one("adresse"));
    // Read and written again, so that the register holds only a search.
    let adresse = criteria.query("/cvtheque").href();
    let action = fields.one("action");
    if action == "exporter_tout" {
        let found = everybody(&app, criteria).await?;
        return export(&app, &who, &adresse, &found).await;
    }
    if chosen.is_empty() {
        return Err(Error::BadRequest("Cochez d’abord un profil au moins, puis recommencez."));
    }
    if chosen.len() > SELECTION_MAX {
        return Err(Error::BadRequest("200 profils au plus se traitent à la fois : cochez-en moins."));
    }
    match action {
        "ecrire" => Ok(page::redirect(&about("/cvtheque/ecrire", &chosen))),
        "lister" => Ok(page::redirect(&about("/cvtheque/listes/ajouter", &chosen))),
        "exporter" => export(&app, &who, &adresse, &chosen).await,
        _ => Err(Error::BadRequest("Cette action n’existe pas pour une sélection.")),
    }
}

/// Everybody found by a search, in its order.
async fn everybody(app: &App, criteria: Criteria) -> Result<Vec<CompteId>, Error> {
    on_index(app, move |index| {
        let mut found = Vec::new();
        for number in 1..=DEEPEST_RESULT / LARGEST_PAGE {
            let mut search = criteria.search(Page { number, size: LARGEST_PAGE }, false);
            search.only_complete = true;
            (search.with_facets, search.with_highlights) = (false, false);
            let hits = index.search_cvs(&search)?.hits;
            found.extend(hits.iter().map(|hit| CompteId(hit.id)));
            if hits.len() < LARGEST_PAGE {
                break;
            }
        }
        Ok(found)
    })
    .await
}

/// A workbook of these people; the register records it first.
pub(super) async fn export(
    app: &App,
    who: &Gestionnaire,
    adresse: &str,
    ids: &[CompteId],
) -> Result<HttpResponse, Error> {
    let found = fiches(app, ids).await?;
    if found.is_empty() {
        return Err(Error::BadRequest("Il n’y a aucun profil à exporter."));
    }
    let lignes: Vec<Vec<String>> = found.iter().map(|fiche| line(app, fiche)).collect();
    let people = found.iter().map(|fiche| fiche.compte).collect();
    let bytes = actix_web::web::block(move || classeur(&[Feuille { nom: "Profils", titres: &TITRES, lignes }])).await?;
    let bytes = bytes.map_err(|error| Error::Internal(error.to_string()))?;
    let export = RecordExport { adresse: adresse.to_owned(), people };
    app.comptes.ask(&who.connecte.identity(), export).await??;
    let day = paris_day(app.store.clock().now());
    Ok(workbook(&format!("profils-{day}.xlsx"), bytes))
}

fn line(app: &App, fiche: &Fiche) -> Vec<String> {
    let profil = &fiche.profil;
    let names = |all: &[(String, String)]| all.iter().map(|(_, nom)| nom.as_str()).collect::<Vec<_>>().join(", ");
    let day = |at: chrono::NaiveDateTime| paris_day(at).format("%d/%m/%Y").to_string();
    vec![
        fiche.civilite.clone(),
        fiche.nom.clone(),
        fiche.prenom.clone(),
        profil.titre.clone(),
        profil.statut.map(Statut::libelle).unwrap_or_default().to_owned(),
        profil.employeur_nom.clone(),
        fiche.structure_nom.clone(),
        specialites(&fiche.specialites, &app.referentiels().specialites).join(", "),
        names(&fiche.regions),
        names(&fiche.departements),
        fiche.langues.iter().map(|(_, nom, niveau)| super::langue(nom, niveau)).collect::<Vec<_>>().join(", "),
        format!("{} {}", profil.code_postal, profil.commune).trim().to_owned(),
        fiche.login.clone(),
        away(fiche, paris_day(app.store.clock().now())).join(", "),
        profil.validee_at.map(day).unwrap_or_default(),
        day(fiche.modifie_at),
    ]
}

/// `GET /cvtheque/ecrire` with `personnes` repeated.
pub async fn write_form(request: HttpRequest, app: Data<App>, who: Gestionnaire) -> Result<HttpResponse, Error> {
    who.allowed(Droit::Messagerie)?;
    let fields = Fields::parse(request.query_string());
    show(&request, &app, &who, &fields, form_token(&Fields::default())?, Vec::new()).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Gestionnaire,
    fields: &Fields,
    jeton: String,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let found = fiches(app, &people(fields)).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = CvthequeEcrire {
        layout: page::layout(request, app, &who.connecte.viewer, "Écrire à une sélection").await?.with_errors(errors),
        personnes: named(&found),
        objet: fields.one("objet").to_owned(),
        texte: fields.one("texte").to_owned(),
        objet_max: OBJET_MAX,
        texte_max: TEXTE_MAX,
        jeton,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// `POST /cvtheque/ecrire` with `personnes` repeated, `objet`, `texte` and the form's `jeton`: one message to each
/// person, who does not see the others; the page then shows each result. The same form posted again sends nothing more
/// (M9).
pub async fn write(
    request: HttpRequest,
    app: Data<App>,
    who: Gestionnaire,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    who.allowed(Droit::Messagerie)?;
    let jeton = form_token(&fields)?;
    let chosen = people(&fields);
    let error = |field: &str, sentence: String| vec![FieldError::new(field, sentence)];
    if chosen.is_empty() || chosen.len() > SELECTION_MAX {
        let sentence = format!("Gardez une personne au moins et {SELECTION_MAX} au plus.");
        return show(&request, &app, &who, &fields, jeton, error("personnes", sentence)).await;
    }
    let read = Contenu::parse(fields.one("objet"), fields.one("texte"));
    let contenu = match read.and_then(|contenu| contenu.check_sendable(1).map(|()| contenu)) {
        Ok(contenu) => contenu,
        Err(refused) => {
            let field = if refused == ContenuError::ObjetTooLong { "objet" } else { "texte" };
            return show(&request, &app, &who, &fields, jeton, error(field, refused.to_string())).await;
        }
    };
    let mut rows = Vec::with_capacity(chosen.len());
    for fiche in fiches(&app, &chosen).await? {
        let nom = format!("{} {}", fiche.prenom, fiche.nom);
        let to = store::correspondants::of_compte(&mut app.store.read().await?, fiche.compte).await?;
        let sent = match to {
            None => Err(NotSent::NotAllowed),
            Some(to) => {
                let envoi = Envoi {
                    a: vec![to],
                    // Words in braces are replaced for each person separately.
                    contenu: contenu.clone(),
                    reponse_a: None,
                    reponse_connue: None,
                    // One token per person: a form that is posted again finds each message already sent.
                    jeton: format!("{jeton}-{}", fiche.compte),
                    brouillon: None,
                };
                app.comptes.ask(&who.connecte.identity(), SendMessage(envoi)).await?
            }
        };
        let (tone, etat, href) = match sent {
            Ok(Envoye::New(id) | Envoye::Repeated(id)) => {
                (Tone::Done, "envoyé".to_owned(), Some(format!("/messagerie/message/{id}")))
            }
            Err(NotSent::NotAllowed) => (Tone::Warning, "ne peut plus recevoir de message".to_owned(), None),
            Err(NotSent::Changed { message }) => (
                Tone::Warning,
                "déjà envoyé avec un autre texte".to_owned(),
                Some(format!("/messagerie/message/{message}")),
            ),
            Err(other) => (Tone::Warning, other.to_string(), None),
        };
        rows.push(EnvoyeRow { nom, etat, tone, href });
    }
    let gone = chosen.len() - rows.len();
    let view = CvthequeEnvoye {
        layout: page::layout(&request, &app, &who.connecte.viewer, "Messages envoyés").await?,
        rows,
        absents: gone as u64,
        back: Link::new("CV-thèque", "/cvtheque"),
    };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}
