//! Searching both indexes: text and filters in, one page of results with counts and passages out.
//!
//! Everything here is synchronous and takes from some microseconds to some milliseconds: call it on a blocking thread.

use std::ops::Bound;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{AllQuery, ConstScoreQuery, Occur, Query, RangeQuery, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, Order, TantivyDocument, Term};

use crate::availability::AwayOn;
use crate::compile::{Compiler, Correction, Effort, can_relax};
use crate::document::{AnnonceDocument, CvDocument, Labelled, StructureName};
use crate::error::{Error, guarded};
use crate::facets::{FacetCounts, Filters, Tallied, Tally, both, shown, whole};
use crate::highlight::{Candidate, Highlight, Highlighter, Source, head};
use crate::query::{Expression, Ignored, parse};
use crate::schema::{Facet, Indexed, QueryField, StoredAnnonce, StoredCv, bare_number, day};
use crate::snapshot::Snapshot;
use crate::writer::Shelf;

/// Most results on one page.
pub const LARGEST_PAGE: usize = 200;
/// Results past this one are not listed: refine the search.
pub const DEEPEST_RESULT: usize = 10_000;

/// Order of the results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Best answer first; by date when there is no text.
    #[default]
    Relevance,
    /// Last change (CV) or publication (annonce) first.
    Date,
    /// By name (CV) or title (annonce).
    Nom,
}

/// One page of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: usize,
    /// Results on it, at most [`LARGEST_PAGE`].
    pub size: usize,
}

impl Default for Page {
    fn default() -> Self {
        Self { number: 1, size: 20 }
    }
}

/// A search in the CV-thèque.
#[derive(Debug, Clone, Default)]
pub struct CvSearch {
    /// As typed.
    pub text: String,
    /// Results while one types: the last word is the beginning of a word.
    pub as_you_type: bool,
    /// What is chosen in the facets.
    pub filters: Filters,
    /// Only who declared no unavailability on that day.
    pub disponible_le: Option<NaiveDate>,
    /// Order.
    pub sort: Sort,
    /// Page.
    pub page: Page,
    /// Whether to count facets.
    pub with_facets: bool,
    /// Whether to look for passages.
    pub with_highlights: bool,
}

/// A search among published annonces.
#[derive(Debug, Clone, Default)]
pub struct AnnonceSearch {
    /// As typed.
    pub text: String,
    /// Results while one types.
    pub as_you_type: bool,
    /// What is chosen in the facets; an annonce without région comes for every région and département.
    pub filters: Filters,
    /// The number, with or without its hyphens.
    pub numero: Option<String>,
    /// Only what takes place, at least in part, on or after this day.
    pub du: Option<NaiveDate>,
    /// Only what takes place, at least in part, on or before this day.
    pub au: Option<NaiveDate>,
    /// Order.
    pub sort: Sort,
    /// Page.
    pub page: Page,
    /// Whether to count facets.
    pub with_facets: bool,
    /// Whether to look for passages.
    pub with_highlights: bool,
}

/// How a query was understood, as data: the page says it in French.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interpretation {
    /// `None` when there was nothing to search; its `Display` is what one would type.
    pub expression: Option<Expression>,
    /// What was set aside.
    pub ignored: Vec<Ignored>,
    /// Words found under another spelling.
    pub corrections: Vec<Correction>,
    /// Nothing had all the words: these results have some.
    pub relaxed: bool,
}

/// A page of results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results<Hit> {
    /// All results, on any page.
    pub total: u64,
    /// The page.
    pub hits: Vec<Hit>,
    /// Counts, in the index's order of facets; empty unless asked.
    pub facets: Vec<FacetCounts>,
    /// How the text was understood.
    pub interpretation: Interpretation,
}

/// Results in the CV-thèque.
pub type CvResults = Results<CvHit>;
/// Results among annonces.
pub type AnnonceResults = Results<AnnonceHit>;

/// A CV found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CvHit {
    /// Id of the compte.
    pub id: i64,
    /// Civilité.
    pub civilite: String,
    /// Family name.
    pub nom: String,
    /// First name.
    pub prenom: String,
    /// Title.
    pub titre: String,
    /// Spécialités.
    pub specialites: Vec<Labelled>,
    /// Sous-spécialités.
    pub sous_specialites: Vec<Labelled>,
    /// Régions.
    pub regions: Vec<Labelled>,
    /// Départements.
    pub departements: Vec<Labelled>,
    /// Statut.
    pub statut: Option<Labelled>,
    /// Languages.
    pub langues: Vec<Labelled>,
    /// Structure de rattachement.
    pub structure: Option<StructureName>,
    /// Employer.
    pub employeur: String,
    /// Head of the experience, or of the motivation.
    pub extrait: String,
    /// When it was validated.
    pub validated_at: DateTime<Utc>,
    /// Last change.
    pub updated_at: DateTime<Utc>,
    /// Passages that answer the query, best first.
    pub highlights: Vec<Highlight>,
}

/// An annonce found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnnonceHit {
    /// Its row's id.
    pub id: i64,
    /// Its number.
    pub numero: String,
    /// Title.
    pub titre: String,
    /// Head of its text.
    pub extrait: String,
    /// Structure.
    pub structure: StructureName,
    /// Spécialité.
    pub specialite: Option<Labelled>,
    /// Sous-spécialité.
    pub sous_specialite: Option<Labelled>,
    /// Régions; none and no département: national.
    pub regions: Vec<Labelled>,
    /// Départements.
    pub departements: Vec<Labelled>,
    /// Modalité.
    pub modalite: Option<Labelled>,
    /// First day.
    pub du: Option<NaiveDate>,
    /// Last day.
    pub au: Option<NaiveDate>,
    /// When it was published.
    pub publiee_at: DateTime<Utc>,
    /// Passages that answer the query, best first.
    pub highlights: Vec<Highlight>,
}

/// What both kinds of search come down to.
struct Request<'a> {
    text: &'a str,
    as_you_type: bool,
    filters: &'a Filters,
    others: Vec<(Occur, Box<dyn Query>)>,
    sort: Sort,
    page: Page,
    with_facets: bool,
}

struct Outcome {
    snapshot: Arc<Snapshot>,
    total: u64,
    addresses: Vec<DocAddress>,
    facets: Vec<FacetCounts>,
    interpretation: Interpretation,
    highlighter: Highlighter,
}

type Clauses = Vec<(Occur, Box<dyn Query>)>;

fn copies(clauses: &Clauses) -> Clauses {
    clauses.iter().map(|(occur, query)| (*occur, query.box_clone())).collect()
}

fn silent(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

/// One page and the counts of every facet in which nothing is chosen.
fn collect(
    snapshot: &Arc<Snapshot>,
    request: &Request<'_>,
    query: &dyn Query,
    by_score: bool,
    everything: bool,
    facets: Vec<usize>,
) -> Result<(Tallied, Vec<DocAddress>), Error> {
    let size = request.page.size.clamp(1, LARGEST_PAGE);
    let offset = request.page.number.max(1).saturating_sub(1).saturating_mul(size);
    let searcher = &snapshot.searcher;
    let known = everything.then(|| whole(snapshot, &facets));
    let tally = Tally { snapshot: Arc::clone(snapshot), facets };
    if offset >= DEEPEST_RESULT {
        let tallied = known.map_or_else(|| searcher.search(query, &tally), Ok)?;
        return Ok((tallied, Vec::new()));
    }
    let top = TopDocs::with_limit(size).and_offset(offset);
    macro_rules! top {
        ($top:expr) => {{
            let top = $top;
            match known {
                Some(known) => (known, addresses(searcher.search(query, &top)?)),
                None => {
                    let (found, tallied) = searcher.search(query, &(top, tally))?;
                    (tallied, addresses(found))
                }
            }
        }};
    }
    Ok(match request.sort {
        Sort::Relevance if by_score => top!(top.order_by_score()),
        Sort::Relevance | Sort::Date => top!(top.order_by_fast_field::<i64>("date", Order::Desc)),
        Sort::Nom => top!(top.order_by_string_fast_field("nom_tri", Order::Asc)),
    })
}

fn addresses<Key>(found: Vec<(Key, DocAddress)>) -> Vec<DocAddress> {
    found.into_iter().map(|(_, address)| address).collect()
}

impl<D: Indexed> Shelf<D> {
    fn find(&self, request: &Request<'_>) -> Result<Outcome, Error> {
        let layout = D::layout();
        let snapshot = self.snapshot()?;
        let fields: Vec<QueryField> = layout.named.iter().map(|named| named.name).collect();
        let parsed = parse(request.text, &fields, request.as_you_type);
        let mut interpretation =
            Interpretation { expression: parsed.expression, ignored: parsed.ignored, ..Interpretation::default() };
        let chosen: Vec<Facet> = request.filters.facets(layout).collect();
        let mut effort = Effort::Strict;
        let (text, marks, (total, counts), addresses, counted) = loop {
            let mut compiler = Compiler::new(layout, &snapshot, effort);
            let text = match &interpretation.expression {
                Some(expression) => compiler.compile(expression)?,
                None => None,
            };
            let mut clauses = copies(&request.others);
            clauses.extend(request.filters.clauses(layout, None));
            clauses.extend(text.as_ref().map(|text| (Occur::Must, text.box_clone())));
            let everything = clauses.is_empty();
            let narrowed = clauses.len() > usize::from(text.is_some());
            if !clauses.iter().any(|(occur, _)| *occur == Occur::Must) {
                clauses.push((Occur::Must, silent(Box::new(AllQuery))));
            }
            let counted: Vec<usize> = if request.with_facets {
                (0..layout.facets.len()).filter(|&place| !chosen.contains(&layout.facets[place].facet)).collect()
            } else {
                Vec::new()
            };
            let (tallied, addresses) =
                collect(&snapshot, request, &*both(clauses), text.is_some(), everything, counted.clone())?;
            // Only the text is relaxed, and only for its own sake: a filter that leaves nothing means nothing.
            let again = match (&text, &interpretation.expression) {
                (Some(text), Some(expression)) if tallied.0 == 0 && effort == Effort::Strict => {
                    can_relax(expression) && (!narrowed || snapshot.searcher.search(&**text, &Count)? == 0)
                }
                _ => false,
            };
            if again {
                effort = Effort::Relaxed;
                continue;
            }
            interpretation.relaxed = effort == Effort::Relaxed && tallied.0 > 0;
            interpretation.ignored.append(&mut compiler.ignored);
            interpretation.corrections = compiler.corrections;
            break (text, compiler.marks, tallied, addresses, counted);
        };
        let mut facets = Vec::new();
        if request.with_facets {
            let mut by_place: Vec<(usize, Vec<u64>)> = counted.into_iter().zip(counts).collect();
            for &facet in &chosen {
                if let Some(place) = layout.facets.iter().position(|field| field.facet == facet) {
                    let counts = Self::sideways(&snapshot, request, text.as_deref(), facet, place)?;
                    by_place.push((place, counts));
                }
            }
            by_place.sort_unstable_by_key(|(place, _)| *place);
            for (place, counts) in by_place {
                let facet = layout.facets[place].facet;
                facets.push(shown(facet, &snapshot.values[place], &counts, request.filters.chosen(facet)));
            }
        }
        Ok(Outcome { snapshot, total, addresses, facets, interpretation, highlighter: Highlighter::new(marks) })
    }

    /// The counts of a facet as if nothing were chosen in it.
    fn sideways(
        snapshot: &Arc<Snapshot>,
        request: &Request<'_>,
        text: Option<&dyn Query>,
        facet: Facet,
        place: usize,
    ) -> Result<Vec<u64>, Error> {
        let mut clauses = copies(&request.others);
        clauses.extend(request.filters.clauses(D::layout(), Some(facet)));
        clauses.extend(text.map(|text| (Occur::Must, text.box_clone())));
        let (_, counts) = if clauses.is_empty() {
            whole(snapshot, &[place])
        } else {
            if !clauses.iter().any(|(occur, _)| *occur == Occur::Must) {
                clauses.push((Occur::Must, Box::new(AllQuery)));
            }
            let tally = Tally { snapshot: Arc::clone(snapshot), facets: vec![place] };
            snapshot.searcher.search(&*both(clauses), &tally)?
        };
        Ok(counts.into_iter().next().unwrap_or_default())
    }

    fn stored(snapshot: &Snapshot, address: DocAddress) -> Result<D::Stored, Error> {
        let document: TantivyDocument = snapshot.searcher.doc(address)?;
        let bytes = document.get_first(D::layout().stored).and_then(|value| value.as_bytes()).unwrap_or_default();
        Ok(serde_json::from_slice(bytes)?)
    }
}

fn labels(values: &[&[Labelled]]) -> String {
    values.iter().flat_map(|values| values.iter()).map(|value| value.label.as_str()).collect::<Vec<_>>().join(", ")
}

fn cv_highlights(highlighter: &Highlighter, cv: &StoredCv) -> Vec<Highlight> {
    if highlighter.is_empty() {
        return Vec::new();
    }
    let specialites = labels(&[&cv.specialites, &cv.sous_specialites]);
    let regions = labels(&[&cv.regions, &cv.departements]);
    let langues = labels(&[&cv.langues]);
    let structure = cv.structure.as_ref().map_or("", |structure| structure.nom.as_str());
    let candidate = |source, field, text| Candidate { source, field, text };
    let mut candidates = vec![
        candidate(Source::Experience, None, &*cv.experience),
        candidate(Source::Motivation, None, &cv.motivation),
        candidate(Source::Parcours, None, &cv.parcours),
        candidate(Source::Interventions, None, &cv.interventions),
    ];
    for fichier in &cv.fichiers {
        let source = Source::Fichier { nom: fichier.nom.clone(), format: fichier.format.clone() };
        candidates.push(candidate(source, Some(QueryField::Cv), &fichier.text));
    }
    // Shown on the result in any case: named only for what no text of the profile says.
    candidates.push(candidate(Source::Titre, Some(QueryField::Titre), &cv.titre));
    candidates.push(candidate(Source::Nom, Some(QueryField::Nom), &cv.nom));
    candidates.push(candidate(Source::Nom, Some(QueryField::Prenom), &cv.prenom));
    candidates.push(candidate(Source::Specialites, Some(QueryField::Specialite), &specialites));
    candidates.push(candidate(Source::Employeur, Some(QueryField::Employeur), &cv.employeur));
    candidates.push(candidate(Source::Regions, Some(QueryField::Region), &regions));
    candidates.push(candidate(Source::Structure, Some(QueryField::Structure), structure));
    candidates.push(candidate(Source::Langues, Some(QueryField::Langue), &langues));
    highlighter.passages(&candidates)
}

fn annonce_highlights(highlighter: &Highlighter, annonce: &StoredAnnonce) -> Vec<Highlight> {
    if highlighter.is_empty() {
        return Vec::new();
    }
    let specialites = labels(&[annonce.specialite.as_slice(), annonce.sous_specialite.as_slice()]);
    let regions = labels(&[&annonce.regions, &annonce.departements]);
    let candidate = |source, field, text| Candidate { source, field, text };
    highlighter.passages(&[
        candidate(Source::Description, None, &annonce.description),
        candidate(Source::Titre, Some(QueryField::Titre), &annonce.titre),
        candidate(Source::Numero, Some(QueryField::Numero), &annonce.numero),
        candidate(Source::Specialites, Some(QueryField::Specialite), &specialites),
        candidate(Source::Structure, Some(QueryField::Structure), &annonce.structure.nom),
        candidate(Source::Regions, Some(QueryField::Region), &regions),
    ])
}

pub(crate) fn cvs(shelf: &Shelf<CvDocument>, search: &CvSearch) -> Result<CvResults, Error> {
    guarded(|| {
        let mut others: Clauses = Vec::new();
        if let Some(day) = search.disponible_le {
            others.push((Occur::MustNot, Box::new(AwayOn(day))));
        }
        let found = shelf.find(&Request {
            text: &search.text,
            as_you_type: search.as_you_type,
            filters: &search.filters,
            others,
            sort: search.sort,
            page: search.page,
            with_facets: search.with_facets,
        })?;
        let mut hits = Vec::with_capacity(found.addresses.len());
        for address in found.addresses {
            let cv = Shelf::<CvDocument>::stored(&found.snapshot, address)?;
            let highlights = if search.with_highlights { cv_highlights(&found.highlighter, &cv) } else { Vec::new() };
            let extrait = head(if cv.experience.trim().is_empty() { &cv.motivation } else { &cv.experience });
            hits.push(CvHit {
                id: cv.id,
                civilite: cv.civilite,
                nom: cv.nom,
                prenom: cv.prenom,
                titre: cv.titre,
                specialites: cv.specialites,
                sous_specialites: cv.sous_specialites,
                regions: cv.regions,
                departements: cv.departements,
                statut: cv.statut,
                langues: cv.langues,
                structure: cv.structure,
                employeur: cv.employeur,
                extrait,
                validated_at: cv.validated_at,
                updated_at: cv.updated_at,
                highlights,
            });
        }
        Ok(Results { total: found.total, hits, facets: found.facets, interpretation: found.interpretation })
    })
}

pub(crate) fn annonces(shelf: &Shelf<AnnonceDocument>, search: &AnnonceSearch) -> Result<AnnonceResults, Error> {
    guarded(|| {
        let layout = AnnonceDocument::layout();
        let mut others: Clauses = Vec::new();
        let date = |name: &str, date: NaiveDate| Term::from_field_i64(layout.other(name), day(date));
        if let Some(from) = search.du {
            let ends_after = RangeQuery::new(Bound::Included(date("au", from)), Bound::Unbounded);
            others.push((Occur::Must, silent(Box::new(ends_after))));
        }
        if let Some(to) = search.au {
            let begins_before = RangeQuery::new(Bound::Unbounded, Bound::Included(date("du", to)));
            others.push((Occur::Must, silent(Box::new(begins_before))));
        }
        if let Some(numero) = search.numero.as_deref().map(bare_number).filter(|numero| !numero.is_empty()) {
            let term = Term::from_field_text(layout.other("numero_exact"), &numero);
            others.push((Occur::Must, silent(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))));
        }
        let found = shelf.find(&Request {
            text: &search.text,
            as_you_type: search.as_you_type,
            filters: &search.filters,
            others,
            sort: search.sort,
            page: search.page,
            with_facets: search.with_facets,
        })?;
        let mut hits = Vec::with_capacity(found.addresses.len());
        for address in found.addresses {
            let annonce = Shelf::<AnnonceDocument>::stored(&found.snapshot, address)?;
            let highlights =
                if search.with_highlights { annonce_highlights(&found.highlighter, &annonce) } else { Vec::new() };
            hits.push(AnnonceHit {
                id: annonce.id,
                numero: annonce.numero,
                titre: annonce.titre,
                extrait: head(&annonce.description),
                structure: annonce.structure,
                specialite: annonce.specialite,
                sous_specialite: annonce.sous_specialite,
                regions: annonce.regions,
                departements: annonce.departements,
                modalite: annonce.modalite,
                du: annonce.du,
                au: annonce.au,
                publiee_at: annonce.publiee_at,
                highlights,
            });
        }
        Ok(Results { total: found.total, hits, facets: found.facets, interpretation: found.interpretation })
    })
}
