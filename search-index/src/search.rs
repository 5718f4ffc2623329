//! What every search does: text and filters in, one page of addresses with counts out. What is particular to CVs and
//! to annonces stands in `cvs` and `annonces`.
//!
//! Everything here is synchronous and takes from some microseconds to some milliseconds: call it on a blocking thread.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::collector::sort_key::SortByString;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{AllQuery, BooleanQuery, ConstScoreQuery, Occur, Query};
use tantivy::schema::document::{DeserializeError, DocumentDeserialize, DocumentDeserializer};
use tantivy::{DocAddress, Order};

use crate::compile::{can_relax, has_parts, ranks};
use crate::document::Labelled;
use crate::error::Error;
use crate::facets::{FacetCounts, Filters, Tallied, Tally, both, shown, whole};
use crate::highlight::Highlighter;
use crate::meant::{Proposed, fields_extended, is_plain, proposed};
use crate::nearness::{LOOKED_AT, Look};
use crate::query::{Expression, Ignored, parse};
use crate::schema::{Facet, Indexed, Layout, QueryField};
use crate::snapshot::Snapshot;
use crate::sort::{number, then_by_id};
use crate::spelling::{BoundMark, Clause, Compiler, Correction, Effort, Partial, union};
use crate::weights::WEIGHTS;
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
    /// Last change or publication last.
    Oldest,
    /// By name (CV) or title (annonce).
    Nom,
    /// The same from Z to A.
    NomDescending,
    /// Annonces by their first day, the soonest first and those without a day last; CVs, which have none, by date.
    Period,
    /// The same, the latest first and those without a day before them.
    PeriodDescending,
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

/// How a query was understood, as data: the page says it in French.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interpretation {
    /// `None` when there was nothing to search; its `Display` is what one would type.
    pub expression: Option<Expression>,
    pub ignored: Vec<Ignored>,
    /// Words found under another spelling.
    pub corrections: Vec<Correction>,
    /// Nothing had all the words: these results have some.
    pub relaxed: bool,
    /// What those results have that do not have everything; `None` when there are none.
    pub partial: Option<Partial>,
    /// Criteria that the text names and that are not chosen; only with facets.
    pub proposed: Vec<Proposed>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results<Hit> {
    pub total: u64,
    /// How many have all that was asked for; by relevance, they come first.
    pub complete: u64,
    pub hits: Vec<Hit>,
    /// Counts, in the index's order of facets; empty unless asked.
    pub facets: Vec<FacetCounts>,
    pub interpretation: Interpretation,
}

/// What both kinds of search come down to.
pub(crate) struct Request<'a> {
    pub text: &'a str,
    pub as_you_type: bool,
    pub filters: &'a Filters,
    pub others: Vec<(Occur, Box<dyn Query>)>,
    pub sort: Sort,
    pub page: Page,
    pub with_facets: bool,
    /// Whether what has only a part of it follows when little has everything.
    pub extended: bool,
}

pub(crate) struct Outcome {
    pub snapshot: Arc<Snapshot>,
    pub total: u64,
    pub complete: u64,
    pub addresses: Vec<DocAddress>,
    pub facets: Vec<FacetCounts>,
    pub interpretation: Interpretation,
    pub highlighter: Highlighter,
}

pub(crate) type Clauses = Vec<(Occur, Box<dyn Query>)>;

fn copies(clauses: &Clauses) -> Clauses {
    clauses.iter().map(|(occur, query)| (*occur, query.box_clone())).collect()
}

pub(crate) fn silent(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

/// What is searched, made ready.
struct Prepared {
    /// What a document must be.
    clauses: Clauses,
    /// What makes a matching document come earlier.
    boosts: Vec<Clause>,
    /// What is looked for again in the best answers.
    look: Option<Look>,
    everything: bool,
    /// Whether there is a text to rank by.
    by_score: bool,
}

/// What one understanding of a text found.
struct Attempt {
    text: Option<Clause>,
    /// Whether something else than the text was asked for.
    narrowed: bool,
    total: u64,
    /// The counts of some facets, by their place in the layout.
    facets: Vec<(usize, Vec<u64>)>,
    addresses: Vec<DocAddress>,
    marks: Vec<BoundMark>,
    corrections: Vec<Correction>,
    ignored: Vec<Ignored>,
    partial: Option<Partial>,
}

/// One page and the counts of some facets.
fn collect(
    snapshot: &Arc<Snapshot>,
    layout: &Layout,
    request: &Request<'_>,
    prepared: Prepared,
    facets: Vec<usize>,
) -> Result<(Tallied, Vec<DocAddress>), Error> {
    let size = request.page.size.clamp(1, LARGEST_PAGE);
    let offset = request.page.number.max(1).saturating_sub(1).saturating_mul(size);
    let searcher = &snapshot.searcher;
    let Prepared { clauses, boosts, look, everything, by_score } = prepared;
    let query = both(clauses);
    // Counting needs no score, and finding the best need not see all: each pass takes its own short cut.
    let tallied = if everything {
        whole(snapshot, &facets)
    } else if facets.is_empty() {
        (searcher.search(&*query, &Count)? as u64, Vec::new())
    } else {
        searcher.search(&*query, &Tally { snapshot: Arc::clone(snapshot), facets })?
    };
    if offset >= DEEPEST_RESULT || offset as u64 >= tallied.0 {
        return Ok((tallied, Vec::new()));
    }
    let top = || TopDocs::with_limit(size).and_offset(offset);
    let by_number = |column: &str, order: Order| {
        searcher.search(&*query, &top().order_by(then_by_id(number(column), order))).map(addresses)
    };
    let by_name = |order: Order| {
        let name = SortByString::for_field("nom_tri");
        searcher.search(&*query, &top().order_by(then_by_id(name, order))).map(addresses)
    };
    let page = match request.sort {
        Sort::Relevance if by_score => {
            best(snapshot, layout, &*query, boosts, look.as_ref(), tallied.0, (offset, size))?
        }
        Sort::Relevance | Sort::Date if everything => snapshot.newest(offset, size)?,
        Sort::Relevance | Sort::Date => by_number("date", Order::Desc)?,
        Sort::Oldest => by_number("date", Order::Asc)?,
        Sort::Nom => by_name(Order::Asc)?,
        Sort::NomDescending => by_name(Order::Desc)?,
        Sort::Period => by_number("debut", Order::Asc)?,
        Sort::PeriodDescending => by_number("debut", Order::Desc)?,
    };
    Ok((tallied, page))
}

/// The best answers. Boosts as optional clauses would make every match be scored in full; instead, the best without
/// their boosts and the best of the few that have a boost are looked for apart, and a document in both has the higher,
/// full score: the same page, at a fraction of the time.
fn best(
    snapshot: &Snapshot,
    layout: &Layout,
    query: &dyn Query,
    boosts: Vec<Clause>,
    look: Option<&Look>,
    total: u64,
    (offset, size): (usize, usize),
) -> Result<Vec<DocAddress>, Error> {
    // Equal scores come by id, which no rebuild changes, where all answers are in hand on every page; of more, the
    // collector keeps the first by their place in the index, and any other order would repeat some on the next page.
    let whole = total <= LOOKED_AT as u64;
    let least = if whole || look.is_some() { LOOKED_AT } else { 0 };
    let top = || TopDocs::with_limit((offset + size).max(least)).order_by_score();
    let mut found = snapshot.searcher.search(query, &top())?;
    if !boosts.is_empty() {
        let boosted = BooleanQuery::new(vec![(Occur::Must, query.box_clone()), (Occur::Must, union(boosts))]);
        found.extend(snapshot.searcher.search(&boosted, &top())?);
        found.sort_by(|left, right| left.1.cmp(&right.1).then_with(|| right.0.total_cmp(&left.0)));
        found.dedup_by_key(|(_, address)| *address);
    }
    let place = |address: DocAddress| (i64::from(address.segment_ord) << 32) | i64::from(address.doc_id);
    let rank = |address: DocAddress| if whole { snapshot.id(address) } else { place(address) };
    let mut found: Vec<(f32, i64, DocAddress)> =
        found.into_iter().map(|(score, address)| (score, rank(address), address)).collect();
    let order = |left: &(f32, i64, DocAddress), right: &(f32, i64, DocAddress)| {
        right.0.total_cmp(&left.0).then_with(|| left.1.cmp(&right.1))
    };
    found.sort_by(order);
    if let Some(look) = look {
        let again = found.len().min(LOOKED_AT);
        let addresses: Vec<DocAddress> = found[..again].iter().map(|(_, _, address)| *address).collect();
        for (one, more) in found.iter_mut().zip(look.added(&addresses, layout, snapshot)?) {
            one.0 += more;
        }
        found[..again].sort_by(order);
    }
    Ok(found.into_iter().map(|(_, _, address)| address).skip(offset).take(size).collect())
}

fn addresses<Key>(found: Vec<(Key, DocAddress)>) -> Vec<DocAddress> {
    found.into_iter().map(|(_, address)| address).collect()
}

impl<D: Indexed> Shelf<D> {
    pub(crate) fn find(&self, request: &Request<'_>) -> Result<Outcome, Error> {
        let layout = D::layout();
        let snapshot = self.snapshot()?;
        let fields: Vec<QueryField> = layout.named.iter().map(|named| named.name).collect();
        let parsed = parse(request.text, &fields, request.as_you_type);
        let expression =
            parsed.expression.map(|expression| fields_extended(expression, layout, &snapshot)).transpose()?;
        let mut interpretation = Interpretation { expression, ignored: parsed.ignored, ..Interpretation::default() };
        let chosen: Vec<Facet> = request.filters.facets(layout).collect();
        if request.with_facets && !request.as_you_type && interpretation.expression.as_ref().is_some_and(is_plain) {
            interpretation.proposed = proposed(request.text, layout, &snapshot);
            interpretation.proposed.retain(|one| !request.filters.chosen(one.facet).contains(&one.code));
        }
        let sigles = self.sigles();
        let compiled = |effort: Effort, complete: u64, strict: Option<Clause>| -> Result<Attempt, Error> {
            let mut compiler = Compiler::new(layout, &snapshot, Arc::clone(&sigles), effort);
            (compiler.complete, compiler.strict) = (complete, strict);
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
            let prepared = Prepared {
                clauses,
                boosts: std::mem::take(&mut compiler.boosts),
                look: Look::new(&compiler.asked(), effort == Effort::Strict, layout, &snapshot)?,
                everything,
                by_score: text.is_some() && interpretation.expression.as_ref().is_some_and(ranks),
            };
            let ((total, counts), addresses) = collect(&snapshot, layout, request, prepared, counted.clone())?;
            Ok(Attempt {
                text,
                narrowed,
                total,
                facets: counted.into_iter().zip(counts).collect(),
                addresses,
                marks: compiler.marks,
                corrections: compiler.corrections,
                ignored: compiler.ignored,
                partial: compiler.partial,
            })
        };
        let mut attempt = compiled(Effort::Strict, 0, None)?;
        let mut complete = attempt.total;
        if let (Some(text), Some(expression)) = (&attempt.text, &interpretation.expression) {
            // The text is relaxed when it finds little by itself, never because a filter leaves little.
            let enough = if request.extended && has_parts(expression) { WEIGHTS.peu } else { 1 };
            if can_relax(expression) && attempt.total < enough {
                let without_filters =
                    if attempt.narrowed { snapshot.searcher.search(&**text, &Count)? as u64 } else { attempt.total };
                let relaxed = if without_filters < enough {
                    Some(compiled(Effort::Relaxed, without_filters, Some(text.box_clone()))?)
                } else {
                    None
                };
                if let Some(relaxed) = relaxed
                    && (relaxed.total > attempt.total || attempt.total == 0)
                {
                    complete = attempt.total;
                    attempt = relaxed;
                }
            }
        }
        let Attempt { text, total, facets: counted, addresses, marks, corrections, mut ignored, partial, .. } = attempt;
        interpretation.relaxed = total > 0 && complete == 0;
        interpretation.ignored.append(&mut ignored);
        interpretation.corrections = corrections;
        interpretation.partial = partial.filter(|_| total > complete);
        let mut facets = Vec::new();
        if request.with_facets {
            let mut by_place: Vec<(usize, Vec<u64>)> = counted;
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
        let highlighter = Highlighter::new(marks);
        Ok(Outcome { snapshot, total, complete, addresses, facets, interpretation, highlighter })
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

    pub(crate) fn stored(snapshot: &Snapshot, address: DocAddress) -> Result<D::Stored, Error> {
        let StoredText(text) = snapshot.searcher.doc(address)?;
        Ok(serde_json::from_str(&text)?)
    }
}

/// What Tantivy keeps of a document to show it: one text. Read as it stands, without a document around it.
struct StoredText(String);

impl DocumentDeserialize for StoredText {
    fn deserialize<'de, D: DocumentDeserializer<'de>>(mut fields: D) -> Result<Self, DeserializeError> {
        Ok(Self(fields.next_field()?.map(|(_, text)| text).unwrap_or_default()))
    }
}

pub(crate) fn labels(values: &[&[Labelled]]) -> String {
    values.iter().flat_map(|values| values.iter()).map(|value| value.label.as_str()).collect::<Vec<_>>().join(", ")
}
