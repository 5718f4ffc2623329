//! The second look at the best answers: the words as they were typed come before the rest of their family, and words
//! typed side by side before the same words far apart. Only so many documents are looked at, whatever the query.

use std::collections::{HashMap, HashSet};

use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet, Term};

use crate::error::Error;
use crate::family;
use crate::schema::Layout;
use crate::snapshot::Snapshot;
use crate::weights::WEIGHTS;

/// Answers that are looked at again: some pages of them.
pub(crate) const LOOKED_AT: usize = WEIGHTS.revus;
/// Words of a query that are looked for again, at most.
const MOST_WORDS: usize = 8;
/// Places between two words that still are beside each other (directrice de toutes les ressources).
const FARTHEST: u32 = 4;

/// A word as it was typed, and whether it stood right behind the one before it, common words aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub folded: String,
    pub stem: String,
    pub behind: bool,
    /// Spellings that are looked for because the one that was typed does not exist.
    pub instead: Vec<String>,
}

struct Word {
    stem: Term,
    forms: Vec<Term>,
    rarity: f32,
    behind: bool,
}

/// What is looked for in the best answers.
pub(crate) struct Look(Vec<Word>);

impl Look {
    /// `None` when a second look would change no order: every document with a family has the very word, and no two words
    /// stand beside each other. `strict`: whether all words are wanted.
    pub(crate) fn new(
        asked: &[Asked],
        strict: bool,
        layout: &Layout,
        snapshot: &Snapshot,
    ) -> Result<Option<Self>, Error> {
        let searcher = &snapshot.searcher;
        let all = searcher.num_docs().max(1) as f32;
        let mut words = Vec::new();
        let mut tells = false;
        for one in asked.iter().take(MOST_WORDS) {
            let stem = Term::from_field_text(layout.tout, &one.stem);
            let itself = Term::from_field_text(layout.mots, &one.folded);
            let (mut family, alone) = (searcher.doc_freq(&stem)?, searcher.doc_freq(&itself)?);
            let mut forms = vec![itself];
            if family != alone {
                let others = family::inflections(&one.folded).into_iter().filter(|form| *form != one.folded);
                forms.extend(others.map(|form| Term::from_field_text(layout.mots, &form)));
            }
            for other in &one.instead {
                let other = Term::from_field_text(layout.mots, other);
                family = family.max(searcher.doc_freq(&other)?);
                forms.push(other);
            }
            tells |= one.behind || !strict || forms.len() > 1;
            words.push(Word { stem, forms, rarity: (1.0 + all / family.max(1) as f32).ln(), behind: one.behind });
        }
        Ok(tells.then_some(Self(words)))
    }
}

/// Whether a document, asked for in ascending order, is in these postings.
fn is_in(postings: &mut SegmentPostings, document: DocId) -> bool {
    if postings.doc() < document {
        postings.seek(document);
    }
    postings.doc() == document
}

impl Look {
    /// What is added to the scores of these documents, by their place in the list.
    pub(crate) fn added(&self, found: &[DocAddress], layout: &Layout, snapshot: &Snapshot) -> Result<Vec<f32>, Error> {
        let mut added = vec![0.0; found.len()];
        if found.len() < 2 {
            return Ok(added);
        }
        let mut by_segment: HashMap<u32, Vec<(DocId, usize)>> = HashMap::new();
        for (place, address) in found.iter().enumerate() {
            by_segment.entry(address.segment_ord).or_default().push((address.doc_id, place));
        }
        for (segment, mut documents) in by_segment {
            documents.sort_unstable();
            let reader = snapshot.searcher.segment_reader(segment);
            let (inverted, families) = (reader.inverted_index(layout.mots)?, reader.inverted_index(layout.tout)?);
            // Where the word before is in each document.
            let mut before: Vec<Vec<u32>> = vec![Vec::new(); documents.len()];
            let mut before_rarity = 0.0;
            for (number, word) in self.0.iter().enumerate() {
                let mut here: Vec<Vec<u32>> = vec![Vec::new(); documents.len()];
                let mut written = vec![false; documents.len()];
                // Where it stands matters only beside another word.
                let beside = word.behind || self.0.get(number + 1).is_some_and(|next| next.behind);
                let read = if beside { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::Basic };
                for form in &word.forms {
                    let Some(mut postings) = inverted.read_postings(form, read)? else { continue };
                    for (place, (document, _)) in documents.iter().enumerate() {
                        if is_in(&mut postings, *document) {
                            written[place] = true;
                            if beside {
                                postings.append_positions_with_offset(0, &mut here[place]);
                            }
                        }
                    }
                }
                let mut family = if written.contains(&false) {
                    families.read_postings(&word.stem, IndexRecordOption::Basic)?
                } else {
                    None
                };
                for (place, (document, rank)) in documents.iter().enumerate() {
                    if !written[place] {
                        if family.as_mut().is_some_and(|family| is_in(family, *document)) {
                            added[*rank] += WEIGHTS.famille * word.rarity;
                        }
                        continue;
                    }
                    added[*rank] += WEIGHTS.mot * word.rarity;
                    if word.behind {
                        let there: HashSet<u32> = before[place].iter().copied().collect();
                        let apart = (1..=FARTHEST).find(|back| {
                            here[place].iter().any(|position| there.contains(&position.wrapping_sub(*back)))
                        });
                        let rarity = f32::midpoint(word.rarity, before_rarity);
                        added[*rank] += apart.map_or(0.0, |apart| WEIGHTS.voisins * rarity / apart as f32);
                    }
                }
                before = here;
                before_rarity = word.rarity;
            }
        }
        Ok(added)
    }
}
