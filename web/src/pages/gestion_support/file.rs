//! `GET /gestion/support`: the requests that wait for the structure, the oldest first.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::support::EtatDemande;
use domain::time::paris_day;
use store::demandes::{self, Onglet, PAGE};

use super::LIST;
use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::support::tone;
use crate::session::Gestionnaire;
use crate::views::support::{FileRow, GestionSupport};
use crate::views::{Link, Pages, Query};

/// Days after which a request waits too long (decided: a working week).
const LATE_DAYS: i64 = 5;

/// The lists: the word of `etat`, the heading, the states in it.
const TABS: [(&str, &str, Onglet, &[EtatDemande]); 3] = [
    ("a_traiter", "À traiter", Onglet::ATraiter, &[EtatDemande::Nouvelle, EtatDemande::EnCours]),
    ("complement", "Complément demandé", Onglet::Complement, &[EtatDemande::Complement]),
    ("closes", "Closes", Onglet::Closes, &[EtatDemande::Close]),
];

/// `GET /gestion/support` with `etat`, `a=moi` and `page`.
pub async fn list(request: HttpRequest, app: Data<App>, who: Gestionnaire) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    let asked = fields.one("etat");
    let (word, _, onglet, _) = TABS.into_iter().find(|(word, ..)| *word == asked).unwrap_or(TABS[0]);
    let mine = fields.one("a") == "moi";
    let me = mine.then_some(who.connecte.session.compte);
    let query = |word: &str, mine: bool| {
        let first = word == TABS[0].0;
        Query::new(LIST).add("etat", if first { "" } else { word }).add("a", if mine { "moi" } else { "" })
    };
    let number = fields.number("page").unwrap_or(1).max(1);
    let mut connection = app.store.read().await?;
    let counts = demandes::counts(&mut connection, who.structure).await?;
    let (mut found, total) = demandes::list(&mut connection, who.structure, onglet, me, number).await?;
    let total = u64::try_from(total).unwrap_or(0);
    let pages = Pages::new(number.unsigned_abs(), PAGE as u64, total, query(word, mine));
    if pages.current as i64 != number {
        found = demandes::list(&mut connection, who.structure, onglet, me, pages.current as i64).await?.0;
    }
    drop(connection);
    let count = |etats: &[EtatDemande]| -> u64 {
        let sum: i64 = etats.iter().filter_map(|etat| counts.get(etat)).sum();
        u64::try_from(sum).unwrap_or(0)
    };
    let today = paris_day(app.store.clock().now());
    let rows = found.into_iter().map(|(one, assigne)| {
        let days = one.transmise_at.filter(|_| one.etat.waits()).map_or(0, |at| (today - paris_day(at)).num_days());
        FileRow {
            href: format!("{LIST}/{}", one.id),
            nom: format!("{} {}", one.prenom, one.nom),
            sorte: one.sorte.libelle(),
            etat: one.etat.libelle(),
            tone: tone(one.etat),
            at: one.transmise_at.map(|at| page::moment(&app, at)),
            attente: if days > 1 { format!("depuis {days}\u{a0}jours") } else { String::new() },
            tard: days > LATE_DAYS,
            reference: one.reference,
            objet: one.objet,
            assigne,
        }
    });
    let rows = rows.collect();
    let viewer = &who.connecte.viewer;
    let view = GestionSupport {
        layout: page::layout(&request, &app, viewer, "Support").await?,
        onglets: TABS
            .iter()
            .map(|(tab, label, _, etats)| ((*label).to_owned(), count(etats), query(tab, mine).href(), *tab == word))
            .collect(),
        count: count(TABS[0].3),
        miennes: if mine {
            Link::new("Toutes les demandes", query(word, false).href())
        } else {
            Link::new("Celles qui me sont confiées", query(word, true).href())
        },
        rows,
        pages,
    };
    page::ok(&request, &app, viewer, &view)
}
