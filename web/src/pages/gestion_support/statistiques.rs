//! `GET /gestion/support/statistiques`: how long people wait for an answer, by kind of request (SPEC S8).

use std::collections::BTreeMap;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{Duration, NaiveDateTime};
use domain::support::TypeDemande;

use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::session::Gestionnaire;
use crate::views::Choice;
use crate::views::support::{ChiffreRow, SupportStatistiques};

const PERIODES: [(i64, &str); 3] = [(30, "depuis 30 jours"), (90, "depuis 90 jours"), (365, "depuis un an")];

/// The number of requests received, and the times until the first answer and until closing.
#[derive(Default)]
struct Group {
    came: u64,
    answered: Vec<Duration>,
    closed: Vec<Duration>,
}

impl Group {
    fn add(&mut self, came: NaiveDateTime, answered: Option<NaiveDateTime>, closed: Option<NaiveDateTime>) {
        self.came += 1;
        self.answered.extend(answered.map(|at| at - came));
        self.closed.extend(closed.map(|at| at - came));
    }

    fn row(mut self, sorte: &'static str) -> ChiffreRow {
        ChiffreRow {
            sorte,
            recues: self.came,
            closes: self.closed.len() as u64,
            reponse: median(&mut self.answered).map(in_words).unwrap_or_default(),
            cloture: median(&mut self.closed).map(in_words).unwrap_or_default(),
        }
    }
}

fn median(all: &mut [Duration]) -> Option<Duration> {
    all.sort_unstable();
    all.get(all.len().checked_sub(1)? / 2).copied()
}

/// « 3 heures », « 2 jours »: as rough as people say it.
fn in_words(time: Duration) -> String {
    let (value, one, many) = match time.num_minutes() {
        ..60 => return "moins d’une heure".to_owned(),
        60..2_880 => (time.num_hours(), "heure", "heures"),
        _ => (time.num_days(), "jour", "jours"),
    };
    format!("{value}\u{a0}{}", if value == 1 { one } else { many })
}

/// `GET /gestion/support/statistiques` with `jours`.
pub async fn figures(request: HttpRequest, app: Data<App>, who: Gestionnaire) -> Result<HttpResponse, Error> {
    let asked = Fields::parse(request.query_string()).number("jours");
    let days = PERIODES.iter().map(|(days, _)| *days).find(|days| Some(*days) == asked).unwrap_or(PERIODES[0].0);
    let since = app.store.clock().now() - Duration::days(days);
    let found = store::demandes::delays(&mut app.store.read().await?, who.structure, since).await?;
    let (mut all, mut by_kind) = (Group::default(), BTreeMap::<TypeDemande, Group>::new());
    for (sorte, came, answered, closed) in found {
        all.add(came, answered, closed);
        by_kind.entry(sorte).or_default().add(came, answered, closed);
    }
    let mut rows = Vec::new();
    if all.came > 0 {
        rows.push(all.row("Toutes les demandes"));
        rows.extend(by_kind.into_iter().map(|(sorte, group)| group.row(sorte.libelle())));
    }
    let viewer = &who.connecte.viewer;
    let view = SupportStatistiques {
        layout: page::layout(&request, &app, viewer, "Délais de réponse").await?,
        periodes: PERIODES
            .iter()
            .map(|(value, label)| Choice::new(value.to_string(), *label).selected(*value == days))
            .collect(),
        rows,
    };
    page::ok(&request, &app, viewer, &view)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s8_delays_are_said_as_people_say_them() {
        assert_eq!(in_words(Duration::minutes(12)), "moins d’une heure");
        assert_eq!(in_words(Duration::minutes(61)), "1\u{a0}heure");
        assert_eq!(in_words(Duration::hours(47)), "47\u{a0}heures");
        assert_eq!(in_words(Duration::days(3)), "3\u{a0}jours");
        let hours = |all: &[i64]| all.iter().map(|hours| Duration::hours(*hours)).collect::<Vec<_>>();
        assert_eq!(median(&mut hours(&[5, 1, 9])), Some(Duration::hours(5)));
        assert_eq!(median(&mut hours(&[4, 1])), Some(Duration::hours(1)));
        assert_eq!(median(&mut []), None);
    }
}
