//! The structure's side: the answers to its annonces, the best match first, with a profile beside, decided one by one
//! or many at once (SPEC A4, G1).

use std::collections::HashMap;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::candidatures::{DismissCandidatures, StudyCandidatures, TakeBackDismissals};
use domain::CompteId;
use domain::candidature::EtatCandidature;
use domain::compte::Droit;
use domain::rapprochement::{Rapprochement, rapprocher};
use store::annonces::Annonce;
use store::candidatures::{self, Recue, Wanted};
use store::intervenants::Fiche;

use super::{refused, tone};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::cvtheque::{Around, Uses, profil};
use crate::pages::rapprochement::{demande, mots, offre, texte};
use crate::pages::recherche::on_index;
use crate::session::{Annonces, Gestionnaire, Habilite};
use crate::views::candidatures::{CandidatureRow, GestionCandidatures, Resultat};
use crate::views::text::blocks;
use crate::views::{Choice, FieldError, Pages, Query};

const LIST: &str = GestionCandidatures::LIST;
/// Most answers that are compared with their annonce and sorted; with more, the gestionnaire must choose an annonce.
const SORTED: i64 = 2_000;
const PAGE_SIZE: usize = 30;
/// Most answers in one decision.
const SELECTION_MAX: usize = 200;

/// The lists: the word of `etat`, the heading, the state in it.
const TABS: [(&str, &str, EtatCandidature); 3] = [
    ("a_etudier", "À étudier", EtatCandidature::Transmise),
    ("etudiees", "Étudiées", EtatCandidature::Etudiee),
    ("non_retenues", "Non retenues", EtatCandidature::NonRetenue),
];

/// `GET /gestion/candidatures` with `etat`, `annonce`, `page`, `candidature` (whose profile is beside), and after a
/// decision `traitees` repeated with its `action`.
pub async fn received(request: HttpRequest, app: Data<App>, who: Gestionnaire) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    show(&request, &app, &who, &fields, Vec::new()).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Gestionnaire,
    fields: &Fields,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let asked = fields.one("etat");
    let (word, _, etat) = TABS.into_iter().find(|(word, ..)| *word == asked).unwrap_or(TABS[0]);
    let mut connection = app.store.read().await?;
    let tally = candidatures::tally(&mut connection, who.structure).await?;
    let answered: Vec<i64> = tally.iter().map(|(annonce, ..)| *annonce).collect();
    let annonces: HashMap<i64, Annonce> = store::annonces::by_ids(&mut connection, &answered)
        .await?
        .into_iter()
        .map(|annonce| (annonce.id, annonce))
        .collect();
    let annonce = fields.number("annonce").filter(|id| annonces.contains_key(id));
    let wanted = Wanted { annonce, only: None, limit: SORTED };
    let lines = candidatures::received(&mut connection, who.structure, &[etat], wanted).await?;
    let done = outcomes(&mut connection, who, fields).await?;
    let comptes: Vec<CompteId> = lines.iter().map(|line| line.compte).collect();
    let fiches: HashMap<CompteId, Fiche> = store::intervenants::fiches(&mut connection, &comptes)
        .await?
        .into_iter()
        .map(|fiche| (fiche.compte, fiche))
        .collect();
    drop(connection);

    let count = |etat: EtatCandidature| -> u64 {
        let of = tally.iter().filter(|(id, other, _)| *other == etat && annonce.is_none_or(|one| one == *id));
        u64::try_from(of.map(|(.., count)| *count).sum::<i64>()).unwrap_or(0)
    };
    let query = |word: &str| {
        let first = word == TABS[0].0;
        let query = Query::new(LIST).add("etat", if first { "" } else { word });
        query.add("annonce", &annonce.map(|id| id.to_string()).unwrap_or_default())
    };
    let parts = parts(app, &annonces, &lines).await?;
    let mut matched: Vec<(Rapprochement, Recue)> = lines
        .into_iter()
        .map(|line| {
            let part = parts.get(&(line.annonce, line.compte)).copied().unwrap_or(0);
            let asked = annonces.get(&line.annonce).map(|annonce| demande(app, annonce));
            let offered = fiches.get(&line.compte).map(|fiche| offre(app, fiche, part));
            let matched = match (asked, offered) {
                (Some(asked), Some(offered)) => rapprocher(&asked, &offered),
                _ => Rapprochement::default(),
            };
            (matched, line)
        })
        .collect();
    // The best first; among equal matches, the oldest first.
    matched.sort_by_key(|(matched, _)| std::cmp::Reverse(matched.score));
    let asked = fields.number("page").and_then(|page| u64::try_from(page).ok()).unwrap_or(1);
    let pages = Pages::new(asked, PAGE_SIZE as u64, matched.len() as u64, query(word));
    let more = matched.len() as i64 == SORTED;
    let matched: Vec<_> = matched.into_iter().skip((pages.current as usize - 1) * PAGE_SIZE).take(PAGE_SIZE).collect();
    let chosen = fields.number("candidature");
    let beside = matched.iter().find(|(.., line)| Some(line.id) == chosen).or(matched.first());
    let beside = beside.map(|(.., line)| (line.id, line.compte));
    let fiche = match beside {
        Some((_, compte)) => {
            profil(app, compte, &Around { hit: None, uses: &Uses::default(), full: false, dossiers: false }).await?
        }
        None => None,
    };
    let mut known: Vec<&Annonce> = annonces.values().collect();
    known.sort_by_key(|annonce| std::cmp::Reverse(annonce.id));
    let granted = who.connecte.session.droits.contains(&Droit::Annonces);
    let page_word = if pages.current > 1 { pages.current.to_string() } else { String::new() };
    let view = GestionCandidatures {
        layout: page::layout(request, app, &who.connecte.viewer, "Candidatures").await?.with_errors(errors),
        onglets: TABS
            .iter()
            .map(|(tab, label, etat)| ((*label).to_owned(), count(*etat), query(tab).href(), *tab == word))
            .collect(),
        annonces: known
            .into_iter()
            .map(|one| Choice::new(one.id.to_string(), label(one)).selected(Some(one.id) == annonce))
            .collect(),
        etat: word.to_owned(),
        resultats: done,
        rows: matched
            .into_iter()
            .map(|(matched, line)| CandidatureRow {
                href: query(word).add("page", &page_word).add("candidature", &line.id.to_string()).href(),
                current: beside.is_some_and(|(id, _)| id == line.id),
                id: line.id.to_string(),
                nom: line.nom,
                titre: line.titre,
                annonce: annonces.get(&line.annonce).map(label).unwrap_or_default(),
                score: matched.score,
                raisons: [matched.pour(), matched.contre()].concat().join(", "),
                commentaire: blocks(&line.commentaire),
                at: line.transmise_at.map(|at| page::moment(app, at)),
                ecart: line.ecart_at.is_some(),
            })
            .collect(),
        more: more.then_some(SORTED as u64),
        page: page_word,
        pages,
        fiche,
        can_study: granted && etat != EtatCandidature::Etudiee,
        can_dismiss: granted && etat != EtatCandidature::NonRetenue,
        granted,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status_of(&view))
}

/// How much of its annonce's words each of these people has, in percent. While the index is being made, nobody has any.
async fn parts(
    app: &App,
    annonces: &HashMap<i64, Annonce>,
    lines: &[Recue],
) -> Result<HashMap<(i64, CompteId), u8>, Error> {
    let mut asked: HashMap<i64, (String, Vec<i64>)> = HashMap::new();
    for line in lines {
        if let Some(annonce) = annonces.get(&line.annonce) {
            asked.entry(line.annonce).or_insert_with(|| (texte(annonce), Vec::new())).1.push(line.compte.0);
        }
    }
    on_index(app, move |index| {
        let mut all = HashMap::new();
        for (annonce, (texte, ids)) in asked {
            let found = match mots(index, &texte).and_then(|mots| index.parts(&mots, &ids)) {
                Err(search_index::Error::NotBuilt(_)) => break,
                other => other?,
            };
            all.extend(found.into_iter().map(|(id, part)| ((annonce, CompteId(id)), part.part)));
        }
        Ok(all)
    })
    .await
}

fn status_of(view: &GestionCandidatures) -> actix_web::http::StatusCode {
    use actix_web::http::StatusCode;
    if view.layout.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

fn label(annonce: &Annonce) -> String {
    let numero = annonce.numero.map(|numero| numero.to_string()).unwrap_or_default();
    format!("{numero} · {}", annonce.contenu.titre)
}

/// The result of the last decision: each answer concerned, as it is now.
async fn outcomes(
    connection: &mut store::Connection,
    who: &Gestionnaire,
    fields: &Fields,
) -> Result<Vec<Resultat>, Error> {
    let ids = fields.ids("traitees");
    let Some(action) = Action::from_word(fields.one("action")) else { return Ok(Vec::new()) };
    if ids.is_empty() || ids.len() > SELECTION_MAX {
        return Ok(Vec::new());
    }
    let wanted = Wanted { annonce: None, only: Some(&ids), limit: SELECTION_MAX as i64 };
    let theirs = candidatures::received(connection, who.structure, EtatCandidature::ALL, wanted).await?;
    Ok(theirs
        .into_iter()
        .map(|line| {
            let ecart = line.ecart_at.is_some();
            let fait = match action {
                Action::Etudier => line.etat == EtatCandidature::Etudiee,
                Action::Ecarter => ecart || line.etat == EtatCandidature::NonRetenue,
                Action::Reprendre => !ecart && line.etat != EtatCandidature::NonRetenue,
            };
            let etat = if ecart { "bientôt non retenue" } else { line.etat.libelle() };
            Resultat {
                id: line.id,
                fait,
                tone: tone(line.etat),
                etat,
                nom: line.nom,
                ecart: ecart && action == Action::Ecarter,
            }
        })
        .collect())
}

/// What a structure does with the answers that it has ticked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    /// They are studied.
    Etudier,
    /// They are not kept.
    Ecarter,
    /// Takes [`Self::Ecarter`] back.
    Reprendre,
}

impl Action {
    const ALL: [Self; 3] = [Self::Etudier, Self::Ecarter, Self::Reprendre];

    fn word(self) -> &'static str {
        match self {
            Self::Etudier => "etudier",
            Self::Ecarter => "ecarter",
            Self::Reprendre => "reprendre",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }
}

/// `POST /gestion/candidatures` with `candidatures` repeated and `action` = `etudier`, `ecarter` or `reprendre`; each
/// answer is decided separately. `ecarter` takes effect some seconds later, and until then `reprendre` takes it back.
pub async fn decide(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Annonces>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let Some(action) = Action::from_word(fields.one("action")) else {
        return Err(Error::BadRequest("Cette action n’existe pas pour une candidature."));
    };
    let mut ids = fields.ids("candidatures");
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > SELECTION_MAX {
        let sentence = if ids.is_empty() {
            "Cochez d’abord une candidature au moins.".to_owned()
        } else {
            format!("{SELECTION_MAX} candidatures au plus se traitent à la fois : cochez-en moins.")
        };
        return show(&request, &app, &who, &fields, vec![FieldError::new("", sentence)]).await;
    }
    let by = who.connecte.identity();
    let treated = match action {
        Action::Etudier => app.comptes.ask(&by, StudyCandidatures(ids)).await?,
        Action::Ecarter => app.comptes.ask(&by, DismissCandidatures(ids)).await?,
        Action::Reprendre => app.comptes.ask(&by, TakeBackDismissals(ids.clone())).await?.map(|()| ids),
    };
    let treated = treated.map_err(refused)?;
    let mut back = Query::new(LIST).add("etat", fields.one("etat")).add("annonce", fields.one("annonce"));
    back = back.add("page", fields.one("page")).add("action", action.word());
    for id in treated {
        back = back.add("traitees", &id.to_string());
    }
    Ok(page::redirect(&back.href()))
}
