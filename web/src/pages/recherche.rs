//! What both searches share: running the index on another thread, and its answers in French.
//!
//! Query strings are read and pages filled in `annonces` and `cvtheque`, not here.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::http::header;
use domain::compte::Statut;
use domain::texte::RECHERCHE_MAX;
use search_index::{
    DEEPEST_RESULT, Expression, Facet, FacetCounts, Highlight, Ignored, Interpretation, QueryField, SearchIndex,
    Source, query,
};
use serde::Serialize;

use crate::app::{App, Referentiels};
use crate::error::Error;
use crate::fields::Fields;
use crate::views::text::{Segments, listed};
use crate::views::{Link, Pages, Query};

pub const PAGE_SIZE: usize = 20;
/// The last page that can be shown: beyond it, people must refine the search.
pub const LAST_PAGE: usize = DEEPEST_RESULT / PAGE_SIZE;

/// Runs a search on a blocking thread.
pub async fn on_index<T, F>(app: &App, work: F) -> Result<T, Error>
where
    T: Send + 'static,
    F: FnOnce(&SearchIndex) -> Result<T, search_index::Error> + Send + 'static,
{
    let index = app.index.clone();
    Ok(actix_web::web::block(move || work(&index)).await??)
}

/// The page asked for, from 1; a wrong value means the first.
pub fn page_number(fields: &Fields) -> usize {
    fields.number("page").and_then(|page| usize::try_from(page).ok()).unwrap_or(1).clamp(1, LAST_PAGE)
}

/// The links to the pages, up to [`LAST_PAGE`].
pub fn pages(current: usize, total: u64, query: Query) -> Pages {
    let mut pages = Pages::new(current as u64, PAGE_SIZE as u64, total, query);
    pages.last = pages.last.min(LAST_PAGE as u64);
    pages.current = pages.current.min(pages.last);
    pages
}

/// The page to load instead when the one asked for is past the last result.
pub fn page_instead(asked: usize, total: u64, shown: usize) -> Option<usize> {
    let last = usize::try_from(total).unwrap_or(usize::MAX).div_ceil(PAGE_SIZE).clamp(1, LAST_PAGE);
    (shown == 0 && total > 0 && asked > last).then_some(last)
}

/// The values of a list, 200 at most, without empty ones, doubles and those longer than [`RECHERCHE_MAX`] bytes.
pub fn chosen(fields: &Fields, name: &str) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for value in fields.all(name).into_iter().take(200) {
        if value.len() <= RECHERCHE_MAX && !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

/// A passage as segments for a page.
pub fn segments(highlight: &Highlight) -> Segments {
    highlight.segments.iter().map(|segment| (segment.text.clone(), segment.is_match)).collect()
}

/// Where a passage was found: « expérience de formateur »; for a file, `emploi` says what the file is.
pub fn source(source: &Source, emploi: Option<&str>) -> String {
    match source {
        Source::Nom => "nom".to_owned(),
        Source::Titre => "titre".to_owned(),
        Source::Experience => "expérience de formateur".to_owned(),
        Source::Motivation => "motivation".to_owned(),
        Source::Parcours => "parcours".to_owned(),
        Source::Interventions => "interventions".to_owned(),
        Source::Specialites => "spécialités".to_owned(),
        Source::Regions => "régions".to_owned(),
        Source::Employeur => "employeur".to_owned(),
        Source::Structure => "structure".to_owned(),
        Source::Langues => "langues".to_owned(),
        Source::Description => "texte de l’annonce".to_owned(),
        Source::Numero => "numéro".to_owned(),
        Source::Fichier { nom: _, format } => {
            let what = match emploi {
                Some("cv") => "CV",
                Some("diplome") => "diplôme",
                _ => "fichier",
            };
            format!("dans le {what} joint ({})", format.to_uppercase())
        }
    }
}

/// How the index understood a text, in French; empty when there is nothing to explain. Of `total` answers `complete`
/// have all that was asked for.
pub fn understood(interpretation: &Interpretation, complete: u64, total: u64) -> String {
    let mut said: Vec<String> = Vec::new();
    if let Some(expression) = interpretation.expression.as_ref().filter(|expression| !is_plain(expression)) {
        said.push(in_words(expression));
    }
    for correction in &interpretation.corrections {
        let found: Vec<String> = correction.found.iter().map(|word| quoted(word)).collect();
        said.push(format!("avec aussi {} pour {}", listed(&found, "ou"), quoted(&correction.typed)));
    }
    said.extend(partly(interpretation, complete, total));
    said.extend(set_aside(interpretation));
    said.join(" · ")
}

/// What those have who do not have everything, and what nobody has.
fn partly(interpretation: &Interpretation, complete: u64, total: u64) -> Vec<String> {
    let Some(partial) = &interpretation.partial else {
        let some = "aucun résultat n’a tous ces mots, ceux-ci en ont une partie".to_owned();
        return interpretation.relaxed.then_some(some).into_iter().collect();
    };
    let words = |words: &[String], link: &str| listed(&words.iter().map(|word| quoted(word)).collect::<Vec<_>>(), link);
    let who = match (complete, total - complete) {
        (0, 1) => "aucun résultat n’a tous ces mots, celui-ci a".to_owned(),
        (0, _) => "aucun résultat n’a tous ces mots, ceux-ci ont".to_owned(),
        (1, 1) => "le premier a tous ces mots, le suivant a".to_owned(),
        (1, _) => "le premier a tous ces mots, les suivants ont".to_owned(),
        (_, 1) => format!("les {complete} premiers ont tous ces mots, le suivant a"),
        _ => format!("les {complete} premiers ont tous ces mots, les suivants ont"),
    };
    let counted = partial.counted.len();
    let what = match partial.least {
        least if least == counted => words(&partial.counted, "et"),
        least if counted <= 5 => format!("au moins {least} de {}", words(&partial.counted, "et")),
        least => format!("au moins {least} des {counted} mots les moins courants"),
    };
    let mut said = vec![format!("{who} {what}")];
    if !partial.unknown.is_empty() {
        said.push(format!("{} ne se trouve nulle part", words(&partial.unknown, "ni")));
    }
    said
}

/// A text between French quotation marks.
pub fn quoted(text: &str) -> String {
    format!("«\u{a0}{text}\u{a0}»")
}

/// Words side by side, as most people search: nothing to explain.
fn is_plain(expression: &Expression) -> bool {
    match expression {
        Expression::Word { field, .. } | Expression::Prefix { field, .. } => field.is_none(),
        Expression::All { parts, explicit } => !explicit && parts.iter().all(is_plain),
        Expression::Phrase { .. } | Expression::Any(_) | Expression::Not(_) => false,
    }
}

fn in_words(expression: &Expression) -> String {
    let within = |text: String, field: &Option<QueryField>| match field {
        Some(field) => format!("{text} dans {}", place(*field)),
        None => text,
    };
    match expression {
        Expression::Word { text, field } | Expression::Phrase { text, field } => within(quoted(text), field),
        Expression::Prefix { text, field } => within(quoted(&format!("{text}…")), field),
        Expression::All { parts, explicit: _ } => {
            let (without, with): (Vec<_>, Vec<_>) = parts.iter().partition(|part| matches!(part, Expression::Not(_)));
            let with: Vec<String> = with.into_iter().map(grouped).collect();
            let without: Vec<String> = without.into_iter().map(in_words).collect();
            [listed(&with, "et"), without.join(", ")]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(", ")
        }
        Expression::Any(parts) => listed(&parts.iter().map(grouped).collect::<Vec<_>>(), "ou"),
        Expression::Not(part) => format!("sauf {}", grouped(part)),
    }
}

fn grouped(part: &Expression) -> String {
    match part {
        Expression::All { .. } | Expression::Any(_) => format!("({})", in_words(part)),
        _ => in_words(part),
    }
}

fn place(field: QueryField) -> &'static str {
    match field {
        QueryField::Nom => "le nom",
        QueryField::Prenom => "le prénom",
        QueryField::Specialite => "les spécialités",
        QueryField::Region => "les régions",
        QueryField::Employeur => "l’employeur",
        QueryField::Structure => "la structure",
        QueryField::Langue => "les langues",
        QueryField::Cv => "les fichiers joints",
        QueryField::Titre => "le titre",
        QueryField::Numero => "le numéro",
    }
}

fn words_of(expression: &Expression) -> usize {
    match expression {
        Expression::Word { .. } | Expression::Prefix { .. } | Expression::Phrase { .. } => 1,
        Expression::All { parts, explicit: _ } | Expression::Any(parts) => parts.iter().map(words_of).sum(),
        Expression::Not(part) => words_of(part),
    }
}

/// The parts of the text that were not searched. Common words are mentioned only when nothing else was typed.
fn set_aside(interpretation: &Interpretation) -> Vec<String> {
    let mut common: Vec<String> = Vec::new();
    let mut said: Vec<String> = Vec::new();
    for ignored in &interpretation.ignored {
        match ignored {
            Ignored::TooLong => said.push("la fin, trop longue, n’a pas été cherchée".to_owned()),
            Ignored::TooManyTerms => {
                said.push(format!("seuls les {} premiers mots ont été cherchés", query::MOST_TERMS));
            }
            Ignored::TooDeep => said.push("des parenthèses trop imbriquées ont été laissées de côté".to_owned()),
            Ignored::Unbalanced(sign) => said.push(format!("{} sans son pendant a été ignoré", quoted(sign))),
            Ignored::Operator(word) => said.push(format!("{} sans mots à relier a été ignoré", quoted(word))),
            Ignored::UnknownField(name) => {
                said.push(format!("{} n’est pas un champ connu et a été cherché comme un mot", quoted(name)));
            }
            Ignored::StopWord(word) => common.push(quoted(word)),
        }
    }
    let words = interpretation.expression.as_ref().map_or(0, words_of);
    if !common.is_empty() && common.len() >= words {
        let verb = if common.len() == 1 {
            "est trop courant pour être cherché"
        } else {
            "sont trop courants pour être cherchés"
        };
        said.push(format!("{} {verb}", listed(&common, "et")));
    }
    said
}

/// A value of a criterion in the JSON answers.
#[derive(Debug, Serialize)]
pub struct FacetValueJson {
    code: String,
    libelle: String,
    nombre: u64,
}

/// The counts in the JSON answers: the name of each parameter with its values, the most frequent first.
pub fn facets_json(facets: &[FacetCounts]) -> BTreeMap<&'static str, Vec<FacetValueJson>> {
    facets
        .iter()
        .map(|facet| {
            let values = facet.values.iter().map(|value| FacetValueJson {
                code: value.code.clone(),
                libelle: value.label.clone(),
                nombre: value.count,
            });
            (parameter(facet.facet), values.collect())
        })
        .collect()
}

/// The present name of a code: a document in the index has the name of the day when it was indexed.
pub fn called<'a>(known: &'a Referentiels, facet: Facet, code: &str, indexed: &'a str) -> &'a str {
    let found = match facet {
        Facet::Specialite | Facet::SousSpecialite => {
            known.specialites.iter().find(|item| item.code == code).map(|item| item.nom.as_str())
        }
        Facet::Region => known.regions.iter().find(|item| item.code == code).map(|item| item.nom.as_str()),
        Facet::Departement => known.departements.iter().find(|item| item.code == code).map(|item| item.nom.as_str()),
        Facet::Langue => known.langues.iter().find(|item| item.code == code).map(|item| item.nom.as_str()),
        Facet::Structure => {
            let id = code.parse().unwrap_or(0);
            known.structures.iter().find(|item| item.id == id).map(|item| item.nom.as_str())
        }
        Facet::Statut => Statut::from_word(code).map(Statut::libelle),
        Facet::Modalite => None,
    };
    found.unwrap_or(indexed)
}

/// The parameter of the address for a facet.
pub fn parameter(facet: Facet) -> &'static str {
    match facet {
        Facet::Specialite => "specialite",
        Facet::SousSpecialite => "sous_specialite",
        Facet::Region => "region",
        Facet::Departement => "departement",
        Facet::Structure => "structure",
        Facet::Statut => "statut",
        Facet::Langue => "langue",
        Facet::Modalite => "modalite",
    }
}

/// A link back to the search of the page before, or to the list.
pub fn back(request: &HttpRequest, app: &App, list: &str, label: &str) -> Link {
    let from = request.headers().get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let host = request.connection_info().host().to_owned();
    let path = from.strip_prefix(app.settings.base_url.as_str()).or_else(|| {
        from.strip_prefix("http://")
            .or_else(|| from.strip_prefix("https://"))
            .and_then(|rest| rest.strip_prefix(&*host))
    });
    let search = path.filter(|path| path.strip_prefix(list).is_some_and(|rest| rest.starts_with('?')));
    match search {
        Some(search) => Link::new(format!("{label} : retour à la recherche"), search),
        None => Link::new(label, list),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use search_index::{Correction, Partial};

    fn said(text: &str) -> String {
        let fields = [QueryField::Nom, QueryField::Cv];
        let parsed = query::parse(text, &fields, false);
        let interpretation =
            Interpretation { expression: parsed.expression, ignored: parsed.ignored, ..Interpretation::default() };
        understood(&interpretation, 0, 0).replace('\u{a0}', " ")
    }

    #[test]
    fn g3_plain_words_need_no_explanation() {
        assert_eq!(said(""), "");
        assert_eq!(said("marchés publics"), "");
    }

    #[test]
    fn g3_operators_are_said_as_they_were_understood() {
        assert_eq!(said("\"marchés publics\" SAUF stagiaire"), "« marchés publics », sauf « stagiaire »");
        assert_eq!(said("budget OU finances"), "« budget » ou « finances »");
        assert_eq!(said("(budget OU finances) ET paie"), "(« budget » ou « finances ») et « paie »");
        assert_eq!(said("nom:berrebi urban*"), "« berrebi » dans le nom et « urban… »");
        assert_eq!(said("-(a OU b)"), "sauf (« a » ou « b »)");
    }

    #[test]
    fn q8_what_makes_no_sense_is_told_and_never_an_error() {
        assert_eq!(said("budget ("), "« ( » sans son pendant a été ignoré");
        assert_eq!(said("budget ET"), "« ET » sans mots à relier a été ignoré");
        assert_eq!(said("ville:Rennes"), "« ville » n’est pas un champ connu et a été cherché comme un mot");
        assert!(said(&"x ".repeat(40)).contains("32 premiers mots"));
    }

    #[test]
    fn g3_corrections_and_common_words_are_told() {
        let corrected = Interpretation {
            corrections: vec![Correction {
                typed: "finanses".into(),
                found: vec!["finances".into(), "finance".into()],
            }],
            relaxed: true,
            ..Interpretation::default()
        };
        assert_eq!(
            understood(&corrected, 0, 3).replace('\u{a0}', " "),
            "avec aussi « finances » ou « finance » pour « finanses » · aucun résultat n’a tous ces mots, ceux-ci en ont une partie"
        );
        let word = |text: &str| Expression::Word { text: text.into(), field: None };
        let common = |expression| Interpretation {
            expression: Some(expression),
            ignored: vec![Ignored::StopWord("de".into())],
            ..Interpretation::default()
        };
        assert!(understood(&common(word("de")), 1, 1).contains("trop courant"));
        let both = Expression::All { parts: vec![word("de"), word("budget")], explicit: false };
        assert_eq!(understood(&common(both), 1, 1), "");
    }

    #[test]
    fn g3_what_a_relaxed_search_asks_for_and_drops_is_told() {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let said = |least: usize, counted: &[&str], unknown: &[&str], complete: u64, total: u64| {
            let partial = Partial { least, counted: owned(counted), common: Vec::new(), unknown: owned(unknown) };
            let interpretation =
                Interpretation { relaxed: complete == 0, partial: Some(partial), ..Interpretation::default() };
            understood(&interpretation, complete, total).replace('\u{a0}', " ")
        };
        assert_eq!(
            said(2, &["élagage", "taille", "nacelle"], &["xylophone"], 0, 7),
            "aucun résultat n’a tous ces mots, ceux-ci ont au moins 2 de « élagage », « taille » et « nacelle » · \
             « xylophone » ne se trouve nulle part"
        );
        assert_eq!(said(1, &["élagage"], &[], 3, 5), "les 3 premiers ont tous ces mots, les suivants ont « élagage »");
        assert_eq!(
            said(3, &["a", "b", "c", "d", "e", "f"], &[], 1, 2),
            "le premier a tous ces mots, le suivant a au moins 3 des 6 mots les moins courants"
        );
    }

    #[test]
    fn q3_a_page_after_the_last_becomes_the_last() {
        assert_eq!(page_number(&Fields::parse("page=3")), 3);
        for odd in ["page=0", "page=-4", "page=x", "page=", ""] {
            assert_eq!(page_number(&Fields::parse(odd)), 1, "{odd}");
        }
        assert_eq!(page_number(&Fields::parse("page=99999999")), LAST_PAGE);
        assert_eq!(page_instead(9, 41, 0), Some(3));
        assert_eq!(page_instead(3, 41, 1), None);
        assert_eq!(page_instead(9, 0, 0), None);
        assert_eq!(pages(3, 1_000_000, Query::new("/cvtheque")).last, LAST_PAGE as u64);
    }
}
