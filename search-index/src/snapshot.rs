//! What one search looks at from its beginning to its end: a Tantivy searcher with its facet columns already open.
//!
//! A segment never changes, so its columns, labels and counts are read once and carried over from one snapshot to the
//! next: a commit pays for its own small segment alone.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use tantivy::collector::TopDocs;
use tantivy::columnar::{Column, ColumnIndex};
use tantivy::index::SegmentId;
use tantivy::query::AllQuery;
use tantivy::{DocAddress, DocId, Opstamp, Order, Searcher, SegmentReader};

use crate::document::Labelled;
use crate::error::Error;
use crate::french;
use crate::schema::{FacetField, Layout, UNIT};
use crate::sort::{number, then_by_id};

pub(crate) struct FacetColumn {
    column: Option<Column<u64>>,
    labels: Vec<String>,
    /// How many living documents have each value, whatever the query.
    pub whole: Vec<u32>,
}

/// How many of the newest documents a snapshot remembers.
const REMEMBERED: usize = 200;

type SegmentKey = (SegmentId, Option<Opstamp>);

/// The facets of one segment, in the order of the layout's.
pub(crate) struct SegmentFacets {
    key: SegmentKey,
    ids: Column<i64>,
    pub columns: Vec<FacetColumn>,
}

pub(crate) struct Snapshot {
    pub searcher: Searcher,
    pub segments: Vec<Arc<SegmentFacets>>,
    /// For each facet, every value of any segment.
    pub values: Vec<Vec<Labelled>>,
    /// The newest documents, for the page everybody opens first; looked for once.
    newest: OnceLock<Vec<DocAddress>>,
    /// The names of all values, for queries that hold one; made once somebody asks.
    labels: OnceLock<Labels>,
    /// For each segment and facet, from the segment's ordinals to places in `values`.
    pub places: Vec<Vec<Vec<u32>>>,
}

/// Room to read a column in blocks.
#[derive(Default)]
pub(crate) struct Scratch {
    documents: Vec<DocId>,
    rows: Vec<u32>,
    ordinals: Vec<u64>,
}

impl FacetColumn {
    fn open(reader: &SegmentReader, field: &FacetField) -> Result<Self, Error> {
        let Some(column) = reader.fast_fields().str(&field.column)? else {
            return Ok(Self { column: None, labels: Vec::new(), whole: Vec::new() });
        };
        let mut labels = Vec::with_capacity(column.num_terms());
        for ordinal in 0..column.num_terms() as u64 {
            let mut label = String::new();
            column.ord_to_str(ordinal, &mut label)?;
            labels.push(label);
        }
        let mut opened = Self { column: Some(column.ords().clone()), whole: vec![0; labels.len()], labels };
        let mut counts = std::mem::take(&mut opened.whole);
        let mut scratch = Scratch::default();
        let living: Vec<DocId> = reader.doc_ids_alive().collect();
        for block in living.chunks(1024) {
            opened.count(block, &mut counts, &mut scratch);
        }
        opened.whole = counts;
        Ok(opened)
    }

    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }

    /// Adds the values of the documents (ascending) to the counts.
    pub(crate) fn count(&self, documents: &[DocId], counts: &mut [u32], scratch: &mut Scratch) {
        let Some(column) = &self.column else { return };
        let rows = if matches!(column.index, ColumnIndex::Full) {
            documents
        } else {
            scratch.documents.clear();
            scratch.rows.clear();
            column.row_ids_for_docs(documents, &mut scratch.documents, &mut scratch.rows);
            &scratch.rows
        };
        scratch.ordinals.resize(rows.len(), 0);
        column.values.get_vals(rows, &mut scratch.ordinals);
        for ordinal in &scratch.ordinals {
            counts[*ordinal as usize] += 1;
        }
    }
}

impl Snapshot {
    /// Grows with each reload of one reader.
    pub(crate) fn generation(&self) -> u64 {
        self.searcher.generation().generation_id()
    }

    pub(crate) fn labels(&self) -> &Labels {
        self.labels.get_or_init(|| labels(&self.values))
    }

    /// The id of the document at a place.
    pub(crate) fn id(&self, address: DocAddress) -> i64 {
        self.segments[address.segment_ord as usize].ids.first(address.doc_id).unwrap_or(i64::MAX)
    }

    /// A page of all documents, the newest first.
    pub(crate) fn newest(&self, offset: usize, size: usize) -> Result<Vec<DocAddress>, Error> {
        let look = |limit: usize| -> Result<Vec<DocAddress>, Error> {
            let top = TopDocs::with_limit(limit).order_by(then_by_id(number("date"), Order::Desc));
            Ok(self.searcher.search(&AllQuery, &top)?.into_iter().map(|(_, address)| address).collect())
        };
        let page = |all: &[DocAddress]| all.iter().skip(offset).take(size).copied().collect();
        if offset + size > REMEMBERED {
            return Ok(page(&look(offset + size)?));
        }
        if let Some(newest) = self.newest.get() {
            return Ok(page(newest));
        }
        let newest = look(REMEMBERED)?;
        Ok(page(self.newest.get_or_init(|| newest)))
    }

    /// Reads what is new, takes the rest from the snapshot before.
    pub(crate) fn new(searcher: Searcher, layout: &Layout, before: Option<&Self>) -> Result<Self, Error> {
        let mut known: HashMap<SegmentKey, Arc<SegmentFacets>> = before
            .map(|before| before.segments.iter().map(|segment| (segment.key, Arc::clone(segment))).collect())
            .unwrap_or_default();
        let mut segments = Vec::with_capacity(searcher.segment_readers().len());
        for reader in searcher.segment_readers() {
            let key = (reader.segment_id(), reader.delete_opstamp());
            let facets = if let Some(facets) = known.remove(&key) {
                facets
            } else {
                let columns =
                    layout.facets.iter().map(|field| FacetColumn::open(reader, field)).collect::<Result<_, _>>()?;
                warm(reader, layout)?;
                Arc::new(SegmentFacets { key, ids: reader.fast_fields().i64("id")?, columns })
            };
            segments.push(facets);
        }
        let mut values = Vec::with_capacity(layout.facets.len());
        let mut places: Vec<Vec<Vec<u32>>> = vec![Vec::with_capacity(layout.facets.len()); segments.len()];
        for facet in 0..layout.facets.len() {
            let mut known: HashMap<&str, u32> = HashMap::new();
            let mut all = Vec::new();
            for (segment, places) in segments.iter().zip(&mut places) {
                places.push(
                    segment.columns[facet]
                        .labels
                        .iter()
                        .map(|label| {
                            *known.entry(label).or_insert_with(|| {
                                let (code, text) = label.split_once(UNIT).unwrap_or((label, ""));
                                all.push(Labelled::new(code, text));
                                all.len() as u32 - 1
                            })
                        })
                        .collect(),
                );
            }
            values.push(all);
        }
        Ok(Self { searcher, segments, values, newest: OnceLock::new(), labels: OnceLock::new(), places })
    }
}

/// The values of all facets (the facet's place, the value's) by the folded words of their label.
pub(crate) type Labels = HashMap<String, Vec<(usize, usize)>>;

fn labels(values: &[Vec<Labelled>]) -> Labels {
    let mut labels: Labels = HashMap::new();
    for (facet, values) in values.iter().enumerate() {
        for (place, value) in values.iter().enumerate() {
            labels.entry(french::fold(&value.label)).or_default().push((facet, place));
        }
    }
    labels.remove("");
    labels
}

/// Opens the parts of a new segment that the first search would otherwise wait for.
fn warm(reader: &SegmentReader, layout: &Layout) -> Result<(), Error> {
    for field in [layout.tout, layout.mots].into_iter().chain(layout.named.iter().map(|named| named.field)) {
        let inverted = reader.inverted_index(field)?;
        // One seek brings the head of the dictionary into memory.
        inverted.terms().range().ge("e").into_stream().map(|mut stream| stream.advance())?;
    }
    reader.get_store_reader(1)?;
    Ok(())
}
