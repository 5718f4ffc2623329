//! `GET /gestion/inscriptions`: the structure's queue, the longest wait first.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::compte::EtatInscription;
use domain::inscription::last_day;
use store::compteurs::WAITING;
use store::inscriptions::Ligne;

use super::{tone, waiting_since};
use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::session::{Habilite, Inscriptions};
use crate::views::gestion_inscriptions::InscriptionRow;
use crate::views::text::dotted;
use crate::views::{GestionInscriptions, Pages, Query};

const PAGE_SIZE: u64 = 25;

/// The lists: the word of `etat`, the heading, the states in it.
const TABS: [(&str, &str, &[EtatInscription]); 3] = [
    ("a_traiter", "À traiter", &WAITING),
    ("complement", "Complément demandé", &[EtatInscription::Complement]),
    ("rejetee", "Non retenues", &[EtatInscription::Rejetee]),
];

/// `GET /gestion/inscriptions` with `etat` and `page`.
pub async fn list(request: HttpRequest, app: Data<App>, who: Habilite<Inscriptions>) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    let asked = fields.one("etat");
    let (word, _, etats) = TABS.into_iter().find(|(word, ..)| *word == asked).unwrap_or(TABS[0]);
    let mut connection = app.store.read().await?;
    let counts = store::inscriptions::counts(&mut connection, who.structure).await?;
    let count = |etats: &[EtatInscription]| -> u64 {
        let of = counts.iter().filter(|(etat, _)| etats.contains(etat)).map(|(_, count)| *count).sum::<i64>();
        u64::try_from(of).unwrap_or(0)
    };
    let query = |word: &str| {
        let first = word == TABS[0].0;
        Query::new(GestionInscriptions::LIST).add("etat", if first { "" } else { word })
    };
    let number = u64::try_from(fields.number("page").unwrap_or(1)).unwrap_or(1);
    let pages = Pages::new(number, PAGE_SIZE, count(etats), query(word));
    let span = (PAGE_SIZE as i64, ((pages.current - 1) * PAGE_SIZE) as i64);
    let lines = store::inscriptions::queue(&mut connection, who.structure, etats, span).await?;
    drop(connection);
    let viewer = &who.connecte.viewer;
    let view = GestionInscriptions {
        layout: page::layout(&request, &app, viewer, "Inscriptions").await?,
        etats: TABS
            .iter()
            .map(|(tab, label, etats)| ((*label).to_owned(), count(etats), query(tab).href(), *tab == word))
            .collect(),
        waiting: word == TABS[0].0,
        count: count(&WAITING),
        brouillons: count(&[EtatInscription::Brouillon]),
        rows: lines.into_iter().map(|line| row(&app, line)).collect(),
        pages,
    };
    page::ok(&request, &app, viewer, &view)
}

fn row(app: &App, line: Ligne) -> InscriptionRow {
    let attente = match (line.etat, line.transmise_at, line.complement_avant) {
        (EtatInscription::Complement, _, Some(due)) => format!("réponse attendue jusqu’au {}", last_day(due)),
        (etat, Some(at), _) if etat.waits_for_structure() => waiting_since(app, at),
        _ => String::new(),
    };
    InscriptionRow {
        href: format!("{}/{}", GestionInscriptions::LIST, line.compte),
        nom: line.nom,
        detail: dotted(&[&line.titre, &line.commune]),
        etat: line.etat.libelle().to_owned(),
        tone: tone(line.etat),
        transmise: line.transmise_at.map(|at| page::moment(app, at)),
        attente,
        gestionnaire: line.gestionnaire.unwrap_or_default(),
        avec_cv: line.avec_cv,
    }
}
