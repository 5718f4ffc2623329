//! Filters and counts: values chosen within one facet are alternatives, facets add up, and a facet's own counts ignore
//! what is chosen in it (they say what choosing another value would give).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query, TermSetQuery};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, Term};

use crate::document::Labelled;
use crate::schema::{Facet, Layout, NATIONAL};
use crate::snapshot::{Scratch, Snapshot};

/// Values chosen in one search, over all facets; more are left out.
pub const MOST_VALUES: usize = 500;

/// What is chosen in each facet. Empty: everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filters(BTreeMap<Facet, Vec<String>>);

impl Filters {
    /// Adds a value (a code; a structure's id) to what is chosen in a facet.
    pub fn with(mut self, facet: Facet, code: impl Into<String>) -> Self {
        self.add(facet, code);
        self
    }

    /// The same in place.
    pub fn add(&mut self, facet: Facet, code: impl Into<String>) {
        let total: usize = self.0.values().map(Vec::len).sum();
        let code = code.into();
        if total < MOST_VALUES && !code.is_empty() {
            let chosen = self.0.entry(facet).or_default();
            if !chosen.contains(&code) {
                chosen.push(code);
            }
        }
    }

    pub fn chosen(&self, facet: Facet) -> &[String] {
        self.0.get(&facet).map_or(&[], Vec::as_slice)
    }

    /// Whether nothing is chosen.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(Vec::is_empty)
    }

    /// One clause per facet that this index has, but for one left out.
    pub(crate) fn clauses(&self, layout: &Layout, without: Option<Facet>) -> Vec<(Occur, Box<dyn Query>)> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (facet, chosen) in &self.0 {
            if let Some(field) = layout.facet(*facet)
                && Some(*facet) != without
                && !chosen.is_empty()
            {
                let national = matches!(facet, Facet::Region | Facet::Departement).then_some(NATIONAL);
                let terms = chosen.iter().map(String::as_str).chain(national);
                let any = TermSetQuery::new(terms.map(|code| Term::from_field_text(field.filter, code)));
                clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(Box::new(any), 0.0))));
            }
        }
        clauses
    }

    /// The facets of this index in which something is chosen.
    pub(crate) fn facets<'a>(&'a self, layout: &'a Layout) -> impl Iterator<Item = Facet> + 'a {
        self.0.iter().filter(|(facet, chosen)| !chosen.is_empty() && layout.facet(**facet).is_some()).map(|(f, _)| *f)
    }
}

/// How many results a value has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetValue {
    pub code: String,
    /// Its label; empty for a chosen value that no document has.
    pub label: String,
    /// How many results choosing it gives (together with the other facets).
    pub count: u64,
    pub chosen: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetCounts {
    pub facet: Facet,
    /// Its values, the most frequent first.
    pub values: Vec<FacetValue>,
    /// Annonces for every région or département: already counted in each value, and what an unlisted value gives.
    pub national: u64,
}

/// Counts documents and, for some facets, their values.
pub(crate) struct Tally {
    pub snapshot: Arc<Snapshot>,
    /// Places in the layout's list of facets.
    pub facets: Vec<usize>,
}

/// What a tally found: the total, then per facet a count for each of the snapshot's values.
pub(crate) type Tallied = (u64, Vec<Vec<u64>>);

pub(crate) struct SegmentTally {
    snapshot: Arc<Snapshot>,
    segment: usize,
    facets: Vec<usize>,
    total: u64,
    counts: Vec<Vec<u32>>,
    waiting: Vec<DocId>,
    scratch: Scratch,
}

/// Documents gathered before their columns are read together.
const BLOCK: usize = 512;

impl SegmentTally {
    fn flush(&mut self) {
        for (facet, counts) in self.facets.iter().zip(&mut self.counts) {
            self.snapshot.segments[self.segment].columns[*facet].count(&self.waiting, counts, &mut self.scratch);
        }
        self.waiting.clear();
    }
}

impl SegmentCollector for SegmentTally {
    type Fruit = (usize, u64, Vec<Vec<u32>>);

    fn collect(&mut self, document: DocId, _score: Score) {
        self.total += 1;
        if !self.facets.is_empty() {
            self.waiting.push(document);
            if self.waiting.len() == BLOCK {
                self.flush();
            }
        }
    }

    fn harvest(mut self) -> Self::Fruit {
        self.flush();
        (self.segment, self.total, self.counts)
    }
}

impl Collector for Tally {
    type Fruit = Tallied;
    type Child = SegmentTally;

    fn for_segment(&self, segment: SegmentOrdinal, _reader: &SegmentReader) -> tantivy::Result<SegmentTally> {
        let segment = segment as usize;
        let columns = &self.snapshot.segments[segment].columns;
        Ok(SegmentTally {
            snapshot: Arc::clone(&self.snapshot),
            segment,
            facets: self.facets.clone(),
            total: 0,
            counts: self.facets.iter().map(|facet| vec![0; columns[*facet].len()]).collect(),
            waiting: Vec::with_capacity(BLOCK),
            scratch: Scratch::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<(usize, u64, Vec<Vec<u32>>)>) -> tantivy::Result<Tallied> {
        let mut total = 0;
        let mut merged: Vec<Vec<u64>> =
            self.facets.iter().map(|facet| vec![0; self.snapshot.values[*facet].len()]).collect();
        for (segment, documents, counts) in fruits {
            total += documents;
            for ((facet, counts), merged) in self.facets.iter().zip(counts).zip(&mut merged) {
                add(&self.snapshot.places[segment][*facet], &counts, merged);
            }
        }
        Ok((total, merged))
    }
}

fn add(places: &[u32], counts: &[u32], merged: &mut [u64]) {
    for (place, count) in places.iter().zip(counts) {
        merged[*place as usize] += u64::from(*count);
    }
}

/// What counting every document gives; it was counted before.
pub(crate) fn whole(snapshot: &Snapshot, facets: &[usize]) -> Tallied {
    let merged = facets
        .iter()
        .map(|&facet| {
            let mut merged = vec![0; snapshot.values[facet].len()];
            for (segment, places) in snapshot.segments.iter().zip(&snapshot.places) {
                add(&places[facet], &segment.columns[facet].whole, &mut merged);
            }
            merged
        })
        .collect();
    (snapshot.searcher.num_docs(), merged)
}

pub(crate) fn both(mut clauses: Vec<(Occur, Box<dyn Query>)>) -> Box<dyn Query> {
    if clauses.len() == 1
        && let Some((Occur::Must, _)) = clauses.first()
    {
        return clauses.remove(0).1;
    }
    Box::new(BooleanQuery::new(clauses))
}

pub(crate) fn shown(facet: Facet, values: &[Labelled], counts: &[u64], chosen: &[String]) -> FacetCounts {
    // A label that changed over time gives one code two values: the label of most documents wins.
    let mut by_code: BTreeMap<&str, (u64, u64, &str)> = BTreeMap::new();
    let mut national = 0;
    for (value, &count) in values.iter().zip(counts) {
        if value.code == NATIONAL {
            national += count;
        } else if count > 0 {
            let entry = by_code.entry(&value.code).or_insert((0, 0, ""));
            entry.0 += count;
            if count > entry.1 {
                (entry.1, entry.2) = (count, &value.label);
            }
        }
    }
    let mut shown: Vec<FacetValue> = by_code
        .into_iter()
        .map(|(code, (count, _, label))| FacetValue {
            code: code.to_owned(),
            label: label.to_owned(),
            count: count + national,
            chosen: chosen.iter().any(|chosen| chosen == code),
        })
        .collect();
    for code in chosen {
        if !shown.iter().any(|value| value.code == *code) {
            let label = values.iter().find(|value| value.code == *code).map(|value| value.label.clone());
            shown.push(FacetValue {
                code: code.clone(),
                label: label.unwrap_or_default(),
                count: national,
                chosen: true,
            });
        }
    }
    shown.sort_by(|left, right| right.count.cmp(&left.count).then_with(|| left.label.cmp(&right.label)));
    FacetCounts { facet, values: shown, national }
}
