//! `GET /annonces`: the search as a page.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::compte::Role;
use search_index::{AnnonceResults, Facet, FacetCounts, Sort};

use super::criteria::{Criteria, SORTS};
use super::rows::found;
use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::mon_compte::recherches::follow_href;
use crate::pages::recherche::{pages, understood};
use crate::session::Viewer;
use crate::views::{AnnoncesListe, AnnoncesResults, Choice, ChoiceGroup, Column, Link, Sorted};

/// `GET /annonces`. With `fragment=1` only the part that changes; with `saisie=1` the last word may be unfinished.
pub async fn list(request: HttpRequest, app: Data<App>, viewer: Viewer) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    let criteria = Criteria::read(&fields, &app.referentiels());
    let (found, shown) = criteria.find(&app, true, fields.has("saisie")).await?;
    let mut results = results(&app, &criteria, found, shown);
    // Visitors log in first; gestionnaires and administrateurs have no alerts on annonces.
    let may_follow = viewer.session().is_none_or(|session| session.role == Role::Intervenant);
    if may_follow && (!criteria.q.is_empty() || criteria.count() > 0) {
        results.follow_href = Some(follow_href(&criteria).href());
    }
    if fields.has("fragment") {
        return page::ok(&request, &app, &viewer, &results);
    }
    let mut layout = page::layout(&request, &app, &viewer, "Annonces").await?;
    layout.feed = Some(Link::new("Annonces de cette recherche", results.atom_href.clone()));
    page::ok(&request, &app, &viewer, &AnnoncesListe { layout, results })
}

fn results(app: &App, criteria: &Criteria, answer: AnnonceResults, shown: usize) -> AnnoncesResults {
    let query = criteria.query("/annonces");
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let known = &*app.referentiels();
    let counts = Counts(&answer.facets);
    let specialites = known.specialites.iter().filter(|item| item.parent_code.is_none());
    let parents: Vec<_> = specialites
        .clone()
        .filter(|item| criteria.specialites.is_empty() || criteria.specialites.contains(&item.code))
        .collect();
    AnnoncesResults {
        q: criteria.q.clone(),
        total: answer.total,
        understood: understood(&answer.interpretation, answer.complete, answer.total),
        specialites: counts.choices(
            Facet::Specialite,
            specialites.map(|item| (item.code.clone(), item.nom.clone())),
            &criteria.specialites,
        ),
        sous_specialites: groups(parents.into_iter().map(|parent| {
            let children = known.specialites.iter().filter(|item| item.parent_code.as_ref() == Some(&parent.code));
            let children = children.map(|item| (item.code.clone(), item.nom.clone()));
            (parent.nom.clone(), counts.choices(Facet::SousSpecialite, children, &criteria.sous_specialites))
        })),
        regions: counts.choices(
            Facet::Region,
            known.regions.iter().map(|item| (item.code.clone(), item.nom.clone())),
            &criteria.regions,
        ),
        departements: groups(
            known
                .regions
                .iter()
                .filter(|region| criteria.regions.is_empty() || criteria.regions.contains(&region.code))
                .map(|region| {
                    let inside = known.departements.iter().filter(|item| item.region_code == region.code);
                    let inside = inside.map(|item| (item.code.clone(), format!("{} {}", item.code, item.nom)));
                    (region.nom.clone(), counts.choices(Facet::Departement, inside, &criteria.departements))
                }),
        ),
        structures: counts.choices(
            Facet::Structure,
            known.structures.iter().map(|item| (item.id.to_string(), item.nom.clone())),
            &criteria.structures,
        ),
        du: day(criteria.du),
        au: day(criteria.au),
        numero: criteria.numero.clone(),
        tris: sorts(criteria),
        criteria: criteria.count(),
        columns: columns(criteria),
        rows: answer.hits.iter().map(|hit| found(hit, known)).collect(),
        pages: pages(shown, answer.total, query.clone()),
        reset_href: Criteria { q: criteria.q.clone(), ..Criteria::default() }.query("/annonces").href(),
        atom_href: criteria.query("/annonces.atom").href(),
        json_href: criteria.query("/annonces.json").href(),
        follow_href: None,
    }
}

/// Only the groups with choices.
fn groups(all: impl Iterator<Item = (String, Vec<Choice>)>) -> Vec<ChoiceGroup> {
    all.filter(|(_, choices)| !choices.is_empty()).map(|(label, choices)| ChoiceGroup { label, choices }).collect()
}

struct Counts<'a>(&'a [FacetCounts]);

impl Counts<'_> {
    /// How many results have this value; national annonces are in every région and département.
    fn of(&self, facet: Facet, code: &str) -> u64 {
        self.0.iter().find(|counts| counts.facet == facet).map_or(0, |counts| {
            counts.values.iter().find(|value| value.code == code).map_or(counts.national, |value| value.count)
        })
    }

    /// The values of a criterion in the referential's order: those with results, and those that are chosen.
    fn choices(&self, facet: Facet, values: impl Iterator<Item = (String, String)>, chosen: &[String]) -> Vec<Choice> {
        values
            .map(|(value, label)| {
                let (count, selected) = (self.of(facet, &value), chosen.contains(&value));
                Choice { value, label, count: Some(count), selected }
            })
            .filter(|choice| choice.selected || choice.count != Some(0))
            .collect()
    }
}

/// The default order has no value, so that it stays the default when words are typed or removed.
fn sorts(criteria: &Criteria) -> Vec<Choice> {
    let now = criteria.effective_sort();
    let with_words = !criteria.q.is_empty();
    let mut orders = vec![
        (Sort::Date, "date", "Les plus récentes"),
        (Sort::Oldest, "-date", "Les plus anciennes"),
        (Sort::Period, "periode", "Commencent bientôt"),
        (Sort::PeriodDescending, "-periode", "Commencent tard"),
        (Sort::Nom, "titre", "Titre, de A à Z"),
        (Sort::NomDescending, "-titre", "Titre, de Z à A"),
    ];
    if with_words {
        orders.insert(0, (Sort::Relevance, "", "Pertinence"));
    } else {
        orders[0].1 = "";
    }
    orders
        .into_iter()
        .map(|(sort, value, label)| Choice { selected: sort == now, ..Choice::new(value, label) })
        .collect()
}

/// Numbers follow the dates of publication: sorting by one sorts by the other. The heading of the current column
/// reverses the order.
fn columns(criteria: &Criteria) -> Vec<Column> {
    let now = criteria.effective_sort();
    let word = |sort: Sort| SORTS.iter().find(|(_, known)| *known == sort).map_or("", |(word, _)| *word);
    let sortable = |label: &str, first: (Sort, Sorted), second: (Sort, Sorted)| {
        let (next, sorted) = match now {
            sort if sort == first.0 => (second.0, first.1),
            sort if sort == second.0 => (first.0, second.1),
            _ => (first.0, Sorted::No),
        };
        let href = criteria.query("/annonces").with("tri", word(next)).href();
        Column { label: label.to_owned(), href, sorted }
    };
    let plain = |label: &str| Column { label: label.to_owned(), href: String::new(), sorted: Sorted::No };
    let (up, down) = (Sorted::Ascending, Sorted::Descending);
    vec![
        sortable("Numéro", (Sort::Date, down), (Sort::Oldest, up)),
        sortable("Titre", (Sort::Nom, up), (Sort::NomDescending, down)),
        plain("Structure"),
        plain("Spécialité"),
        plain("Région"),
        sortable("Période", (Sort::Period, up), (Sort::PeriodDescending, down)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Referentiels;

    #[test]
    fn a1_the_usual_order_follows_the_words() {
        let usual = |query: &str| {
            let choices = sorts(&Criteria::read(&Fields::parse(query), &Referentiels::default()));
            choices.into_iter().find(|choice| choice.selected).map(|choice| (choice.value, choice.label))
        };
        let said = |value: &str, label: &str| Some((value.to_owned(), label.to_owned()));
        assert_eq!(usual(""), said("", "Les plus récentes"));
        assert_eq!(usual("tri=date"), said("", "Les plus récentes"));
        assert_eq!(usual("q=paie"), said("", "Pertinence"));
        assert_eq!(usual("q=paie&tri=date"), said("date", "Les plus récentes"));
    }

    #[test]
    fn a1_a_heading_sorts_one_way_then_the_other() {
        let columns = |query: &str| columns(&Criteria::read(&Fields::parse(query), &Referentiels::default()));
        let titre = &columns("q=paie")[1];
        assert_eq!((titre.sorted, titre.href.as_str()), (Sorted::No, "/annonces?q=paie&tri=titre"));
        let titre = &columns("q=paie&tri=titre")[1];
        assert_eq!((titre.sorted, titre.href.as_str()), (Sorted::Ascending, "/annonces?q=paie&tri=-titre"));
        assert_eq!(columns("tri=-titre")[1].sorted, Sorted::Descending);
        assert_eq!(columns("")[0].sorted, Sorted::Descending, "without words the latest come first");
        assert_eq!(columns("tri=periode")[2].href, "");
    }
}
