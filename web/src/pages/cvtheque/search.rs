//! `GET /cvtheque`: the search as a page, with one person beside the list.

use std::ops::Range;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::CompteId;
use domain::collage::{self, Cherche, Entree};
use domain::dates::jour;
use domain::disponibilite;
use domain::time::paris_day;
use search_index::{CvHit, CvResults, Expression, Facet, FacetCounts, Page, Proposed, Sort};
use store::collage::retrouver;

use super::criteria::{Criteria, FACETS, Uses};
use super::profil::{Around, profil};
use super::recherches::keep_href;
use super::retrouver::proposed;
use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::pages::recherche::{PAGE_SIZE, called, on_index, pages, parameter, segments, source, understood};
use crate::session::Gestionnaire;
use crate::views::cvtheque::Highlight;
use crate::views::numbers::counted;
use crate::views::{Choice, CvthequeRecherche, CvthequeResults, FacetGroup, Link, ProfilFiche, ProfilHit};

/// Spécialités and régions shown under a name.
const TAGS: usize = 4;
/// Characters shown of a profile when no word was searched.
const HEAD: usize = 120;
/// Words tried one by one when nothing is found.
const TRIED: usize = 4;

/// `GET /cvtheque`. With `fragment=1` only the part that changes; with `saisie=1` the last word may be unfinished.
pub async fn search(request: HttpRequest, app: Data<App>, who: Gestionnaire) -> Result<HttpResponse, Error> {
    let fields = Fields::parse(request.query_string());
    let criteria = Criteria::read(&fields);
    let (found, shown) = criteria.find(&app, fields.has("saisie")).await?;
    let mut results = results(&app, &criteria, found, shown).await?;
    results.liste_href = proposed(&fields);
    let viewer = &who.connecte.viewer;
    if fields.has("fragment") {
        return page::ok(&request, &app, viewer, &results);
    }
    let layout = page::layout(&request, &app, viewer, "CV-thèque").await?;
    page::ok(&request, &app, viewer, &CvthequeRecherche { layout, results })
}

async fn results(app: &App, criteria: &Criteria, answer: CvResults, shown: usize) -> Result<CvthequeResults, Error> {
    let query = criteria.query("/cvtheque");
    let uses = Uses::load(&app.store, &answer.hits).await?;
    let fiche = beside(app, criteria, &answer.hits, &uses).await?;
    let current = fiche.as_ref().map(|(id, _)| *id);
    let here = if shown > 1 { query.with("page", &shown.to_string()) } else { query.clone() };
    let suggestions = if answer.total == 0 {
        suggestions(app, criteria, answer.interpretation.expression.as_ref()).await?
    } else {
        Vec::new()
    };
    let adresse_de = if answer.total == 0 { owner(app, &criteria.q).await? } else { None };
    Ok(CvthequeResults {
        adresse_de,
        q: criteria.q.clone(),
        total: answer.total,
        understood: understood(&answer.interpretation, answer.complete, answer.total),
        proposals: proposals(app, criteria, &answer.interpretation.proposed),
        exported: if answer.complete > 0 { answer.complete } else { answer.total },
        partial_from: partial_from(&answer, shown),
        tris: sorts(criteria),
        facets: FACETS
            .into_iter()
            .filter_map(|facet| answer.facets.iter().find(|counts| counts.facet == facet))
            .filter_map(|counts| group(app, criteria, counts))
            .collect(),
        disponible_le: criteria.disponible_le.map(|day| day.to_string()).unwrap_or_default(),
        criteria: criteria.count(),
        hits: answer
            .hits
            .iter()
            .map(|found| {
                hit(app, found, here.with("fiche", &found.id.to_string()).href(), current == Some(found.id), &uses)
            })
            .collect(),
        pages: pages(shown, answer.total, query),
        fiche: fiche.map(|(_, fiche)| fiche),
        liste_href: None,
        keep_href: (!criteria.q.is_empty() || criteria.count() > 0).then(|| keep_href(&criteria.query("/cvtheque"))),
        adresse: criteria.query("/cvtheque").href(),
        reset_href: criteria.without_criteria().query("/cvtheque").href(),
        suggestions,
    })
}

/// Whose address this is: a login that no CV names still says who is meant.
async fn owner(app: &App, q: &str) -> Result<Option<Link>, Error> {
    let Ok(list) = collage::lire(q) else { return Ok(None) };
    if !matches!(&list[..], [Entree { cherche: Cherche::Courriel(_), .. }]) {
        return Ok(None);
    }
    let found = retrouver(&mut app.store.read().await?, &list).await?;
    let person = found.into_iter().flatten().next();
    Ok(person.map(|one| Link::new(format!("{} {}", one.prenom, one.nom), format!("/cvtheque/{}", one.compte))))
}

/// Where on this page those begin who have only a part of what was asked for.
fn partial_from(answer: &CvResults, shown: usize) -> Option<usize> {
    let before = (shown - 1) * PAGE_SIZE;
    let first = usize::try_from(answer.complete).ok()?.checked_sub(before)?;
    (answer.complete > 0 && answer.complete < answer.total && first < answer.hits.len()).then_some(first)
}

/// The criteria that words of the search name, to be chosen instead: a région, a langue, the day of « disponible en
/// mars ».
fn proposals(app: &App, criteria: &Criteria, proposed: &[Proposed]) -> Vec<Link> {
    let known = app.referentiels();
    let mut links = Vec::new();
    let without = |typed: Range<usize>| {
        let (before, after) = (&criteria.q[..typed.start], &criteria.q[typed.end..]);
        let kept = format!("{} {}", before.trim_end(), after.trim_start());
        Criteria { q: kept.trim().to_owned(), page: 1, ..criteria.clone() }
    };
    for one in proposed {
        let mut tried = without(one.typed.clone());
        tried.filters.add(one.facet, one.code.clone());
        let name = called(&known, one.facet, &one.code, &one.label);
        let label = format!("{} : {name}", facet_label(one.facet));
        links.push(Link::new(label, tried.query("/cvtheque").href()));
    }
    if criteria.disponible_le.is_none()
        && let Some((day, typed)) = disponibilite::typed(&criteria.q, paris_day(app.store.clock().now()))
    {
        let tried = Criteria { disponible_le: Some(day), ..without(typed) };
        links.push(Link::new(format!("Disponible le {}", jour(day)), tried.query("/cvtheque").href()));
    }
    links
}

/// The person asked for, otherwise the first one found: where there is room, a profile is always beside the list.
async fn beside(
    app: &App,
    criteria: &Criteria,
    hits: &[CvHit],
    uses: &Uses,
) -> Result<Option<(i64, ProfilFiche)>, Error> {
    let wanted = criteria.fiche.into_iter().chain(hits.first().map(|hit| hit.id));
    for id in wanted {
        let found = hits.iter().find(|hit| hit.id == id);
        let around = Around { hit: found, uses, full: false, dossiers: false };
        if let Some(fiche) = profil(app, CompteId(id), &around).await? {
            return Ok(Some((id, fiche)));
        }
    }
    Ok(None)
}

fn hit(app: &App, found: &CvHit, href: String, current: bool, uses: &Uses) -> ProfilHit {
    let highlights: Vec<Highlight> = found
        .highlights
        .iter()
        .map(|highlight| Highlight {
            segments: segments(highlight),
            source: source(&highlight.source, uses.of(found.id, &highlight.source)),
        })
        .collect();
    let known = app.referentiels();
    let specialites = found.specialites.iter().take(TAGS - 2);
    let specialites = specialites.map(|value| called(&known, Facet::Specialite, &value.code, &value.label));
    let names = specialites.chain(found.regions.iter().take(TAGS - 2).map(|value| value.label.as_str()));
    ProfilHit {
        id: found.id.to_string(),
        nom: format!("{} {}", found.prenom, found.nom),
        titre: found.titre.clone(),
        href,
        current,
        head: if highlights.is_empty() { beginning(&found.extrait) } else { String::new() },
        highlights,
        tags: names.map(str::to_owned).collect(),
    }
}

/// The first words, two lines at most.
fn beginning(text: &str) -> String {
    if text.chars().count() <= HEAD {
        return text.to_owned();
    }
    let cut: String = text.chars().take(HEAD).collect();
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{} …", words.trim_end_matches([' ', ',', ';', ':', '.', '…']))
}

/// The default order has no value, so that it stays the default when words are typed or removed.
fn sorts(criteria: &Criteria) -> Vec<Choice> {
    let now = criteria.effective_sort();
    let mut orders = vec![(Sort::Date, "date", "Dernière mise à jour"), (Sort::Nom, "nom", "Nom")];
    if criteria.q.is_empty() {
        orders[0].1 = "";
    } else {
        orders.insert(0, (Sort::Relevance, "", "Pertinence"));
    }
    orders
        .into_iter()
        .map(|(sort, value, label)| Choice { selected: sort == now, ..Choice::new(value, label) })
        .collect()
}

/// A criterion with its counts; when spécialités are ticked, only their sous-spécialités.
fn group(app: &App, criteria: &Criteria, counts: &FacetCounts) -> Option<FacetGroup> {
    let ticked = criteria.filters.chosen(Facet::Specialite);
    let known = app.referentiels();
    let belongs = |code: &str| {
        let item = known.specialites.iter().find(|item| item.code == code);
        item.and_then(|item| item.parent_code.as_ref()).is_some_and(|parent| ticked.contains(parent))
    };
    let choices: Vec<Choice> = counts
        .values
        .iter()
        .filter(|value| {
            counts.facet != Facet::SousSpecialite || ticked.is_empty() || value.chosen || belongs(&value.code)
        })
        .map(|value| Choice {
            value: value.code.clone(),
            label: match counts.facet {
                _ if value.label.is_empty() => value.code.clone(),
                Facet::Departement => format!("{} {}", value.code, value.label),
                facet => called(&known, facet, &value.code, &value.label).to_owned(),
            },
            count: Some(value.count),
            selected: value.chosen,
        })
        .collect();
    let label = facet_label(counts.facet);
    let open =
        matches!(counts.facet, Facet::Specialite | Facet::Region) || choices.iter().any(|choice| choice.selected);
    (!choices.is_empty()).then(|| FacetGroup {
        name: parameter(counts.facet).to_owned(),
        label: label.to_owned(),
        choices,
        open,
    })
}

/// What a criterion is called.
fn facet_label(facet: Facet) -> &'static str {
    match facet {
        Facet::Specialite => "Spécialité",
        Facet::SousSpecialite => "Sous-spécialité",
        Facet::Region => "Région",
        Facet::Departement => "Département",
        Facet::Structure => "Structure de rattachement",
        Facet::Statut => "Statut",
        Facet::Langue => "Langue",
        Facet::Modalite => "Modalité",
    }
}

/// Suggestions when nothing is found: the same words without criteria, or each word alone; only those with results.
async fn suggestions(app: &App, criteria: &Criteria, expression: Option<&Expression>) -> Result<Vec<Link>, Error> {
    let mut tries: Vec<(String, Criteria)> = Vec::new();
    if criteria.count() > 0 {
        tries.push(("Les mêmes mots sans critère".to_owned(), criteria.without_criteria()));
    }
    let mut words = Vec::new();
    if let Some(expression) = expression {
        wanted_words(expression, &mut words);
    }
    if words.len() > 1 || criteria.count() > 0 {
        for word in words.into_iter().take(TRIED) {
            tries.push((word.clone(), Criteria { q: word, ..criteria.without_criteria() }));
        }
    }
    on_index(app, move |index| {
        let mut links: Vec<Link> = Vec::new();
        for (label, tried) in tries {
            let search = tried.search(Page::default(), false).counting();
            let total = index.search_cvs(&search)?.total;
            let href = tried.query("/cvtheque").href();
            if total > 0 && !links.iter().any(|link| link.href == href) {
                links.push(Link::new(format!("{label} ({})", counted(total, "profil", "profils")), href));
            }
        }
        Ok(links)
    })
    .await
}

/// The words that a search asks for, as they are typed, without the words to exclude.
fn wanted_words(expression: &Expression, into: &mut Vec<String>) {
    match expression {
        Expression::Word { text, field: _ } => into.push(text.clone()),
        Expression::Prefix { text, field: _ } => into.push(format!("{text}*")),
        Expression::Phrase { text, field: _ } => into.push(format!("\"{text}\"")),
        Expression::All { parts, explicit: _ } | Expression::Any(parts) => {
            for part in parts {
                wanted_words(part, into);
            }
        }
        Expression::Not(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use search_index::query;

    #[test]
    fn g3_a_profile_begins_with_whole_words() {
        assert_eq!(beginning("Formatrice en paie."), "Formatrice en paie.");
        let long = beginning(&"Animer, conseiller ".repeat(20));
        assert!(long.ends_with("conseiller …") || long.ends_with("Animer …"), "{long}");
        assert!(long.chars().count() <= HEAD + 2);
    }

    #[test]
    fn g3_what_is_tried_alone_are_the_words_asked_for() {
        let parsed = query::parse("budget ET (\"marchés publics\" OU urban*) SAUF stagiaire", &[], false);
        let mut words = Vec::new();
        wanted_words(&parsed.expression.unwrap(), &mut words);
        assert_eq!(words, ["budget", "\"marchés publics\"", "urban*"]);
    }
}
