//! `GET /gestion/dossiers`: the dossiers that the structure decides on, those to examine first.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::dossier::transmission::EtatDossier;
use store::dossiers::{self, Onglet, PAGE};

use super::LIST;
use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::mon_compte::documents::tone_of_all;
use crate::session::{Dossiers, Habilite};
use crate::views::dossier::{DossierRow, GestionDossiers};
use crate::views::numbers::counted;
use crate::views::{Pages, Query};

/// The lists: the word of `etat`, the heading, the states in it.
const TABS: [(&str, &str, Onglet, &[EtatDossier]); 3] = [
    ("a_examiner", "À examiner", Onglet::AExaminer, &[EtatDossier::Transmis]),
    (
        "en_attente",
        "En attente de la personne",
        Onglet::EnAttente,
        &[EtatDossier::ACompleter, EtatDossier::ATransmettre],
    ),
    ("valides", "Complets et validés", Onglet::Valides, &[EtatDossier::Valide]),
];

/// `GET /gestion/dossiers` with `etat` and `page`.
pub async fn list(request: HttpRequest, app: Data<App>, who: Habilite<Dossiers>) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    let asked = fields.one("etat");
    let (word, _, onglet, _) = TABS.into_iter().find(|(word, ..)| *word == asked).unwrap_or(TABS[0]);
    let query = |word: &str| Query::new(LIST).add("etat", if word == TABS[0].0 { "" } else { word });
    let number = fields.number("page").unwrap_or(1).max(1);
    let mut connection = app.store.read().await?;
    let counts = dossiers::counts(&mut connection, who.structure).await?;
    let (mut found, total) = dossiers::list(&mut connection, who.structure, onglet, number).await?;
    let pages = Pages::new(number.unsigned_abs(), PAGE as u64, u64::try_from(total).unwrap_or(0), query(word));
    if pages.current as i64 != number {
        found = dossiers::list(&mut connection, who.structure, onglet, pages.current as i64).await?.0;
    }
    drop(connection);
    let count = |etats: &[EtatDossier]| -> u64 {
        let sum: i64 = counts.iter().filter(|(etat, _)| etats.contains(etat)).map(|(_, count)| count).sum();
        u64::try_from(sum).unwrap_or(0)
    };
    let number = |count: i32| u64::try_from(count).unwrap_or(0);
    let rows = found.into_iter().map(|one| DossierRow {
        href: format!("{LIST}/{}", one.compte),
        nom: one.nom,
        etat: one.etat.libelle(),
        tone: tone_of_all(one.etat),
        detail: match onglet {
            Onglet::AExaminer => counted(number(one.a_decider), "élément à examiner", "éléments à examiner"),
            Onglet::EnAttente if one.a_faire > 0 => {
                counted(number(one.a_faire), "élément attendu", "éléments attendus")
            }
            Onglet::EnAttente => "à transmettre par la personne".to_owned(),
            Onglet::Valides => String::new(),
        },
        at: one.transmis_at.map(|at| page::moment(&app, at)),
    });
    let rows = rows.collect();
    let viewer = &who.connecte.viewer;
    let view = GestionDossiers {
        layout: page::layout(&request, &app, viewer, "Dossiers administratifs").await?,
        onglets: TABS
            .iter()
            .map(|(tab, label, _, etats)| ((*label).to_owned(), count(etats), query(tab).href(), *tab == word))
            .collect(),
        count: count(TABS[0].3),
        rows,
        pages,
    };
    page::ok(&request, &app, viewer, &view)
}
