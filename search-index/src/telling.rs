//! The words that tell a text from the others of the CV-thèque: often in it, seldom elsewhere.

use std::collections::HashMap;

use tantivy::Term;
use tantivy::collector::Count;
use tantivy::query::TermQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::tokenizer::TokenStream as _;

use crate::document::CvDocument;
use crate::error::Error;
use crate::schema::Indexed;
use crate::snapshot::Snapshot;

/// Bytes of a document's texts that are read.
const READ: usize = 40_000;
/// A word tells nothing when more than one CV in so many has it.
const COMMON: u64 = 5;
/// Fewest letters of a word that tells something.
pub(crate) const LETTERS: usize = 4;

/// By its stem: how a word was written first, and how often it is there.
pub(crate) type Stems = HashMap<String, (String, u32)>;

/// A telling word: what it is in the index, how the text has it, how much it tells.
pub(crate) struct Word {
    pub stem: String,
    pub typed: String,
    pub weight: f32,
}

/// The stems of the texts of one document.
pub(crate) fn stems<'t>(snapshot: &Snapshot, texts: impl IntoIterator<Item = &'t str>) -> Result<Stems, Error> {
    let mut tokenizer = snapshot.searcher.index().tokenizer_for_field(CvDocument::layout().tout)?;
    let mut found = Stems::new();
    let mut left = READ;
    for text in texts {
        let read = &text[..text.floor_char_boundary(left.min(text.len()))];
        left -= read.len();
        let mut tokens = tokenizer.token_stream(read);
        while let Some(token) = tokens.next() {
            let typed = read.get(token.offset_from..token.offset_to).unwrap_or(&token.text);
            let entry = found.entry(token.text.clone()).or_insert_with(|| (typed.to_owned(), 0));
            entry.1 += 1;
        }
    }
    Ok(found)
}

/// How many CVs have a word in a field. What the dictionary says counts those that were replaced, too, until their
/// segment is merged: the same CVs would give other figures.
pub(crate) fn living(snapshot: &Snapshot, field: Field, word: &str) -> Result<u64, Error> {
    let term = TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::Basic);
    Ok(snapshot.searcher.search(&term, &Count)? as u64)
}

/// How many CVs have a stem.
pub(crate) fn known(snapshot: &Snapshot, stem: &str) -> Result<u64, Error> {
    living(snapshot, CvDocument::layout().tout, stem)
}

/// What a word is worth that so many of all CVs have.
pub(crate) fn rarity(all: u64, known: u64) -> f32 {
    (all.max(1) as f32 / known.max(1) as f32).ln().max(0.1)
}

/// The most telling of these stems, the most telling first: those that `keeps` says (its stem, how it was written, how
/// many CVs have it) and that few enough CVs have.
pub(crate) fn telling(
    snapshot: &Snapshot,
    stems: Stems,
    most: usize,
    mut keeps: impl FnMut(&str, &str, u64) -> Result<bool, Error>,
) -> Result<Vec<Word>, Error> {
    let all = snapshot.searcher.num_docs();
    let mut words = Vec::new();
    for (stem, (typed, times)) in stems {
        // Counting the living takes its time for a word that nearly all have, and which is out in any case.
        let listed = snapshot.searcher.doc_freq(&Term::from_field_text(CvDocument::layout().tout, &stem))?;
        if all > 20 && listed / 4 > all / COMMON {
            continue;
        }
        let known = known(snapshot, &stem)?;
        if known == 0 || (all > 20 && known > all / COMMON) || !keeps(&stem, &typed, known)? {
            continue;
        }
        let weight = (times as f32).sqrt().min(3.0) * rarity(all, known);
        words.push(Word { stem, typed, weight });
    }
    words.sort_by(|left, right| right.weight.total_cmp(&left.weight).then_with(|| left.stem.cmp(&right.stem)));
    words.truncate(most);
    Ok(words)
}
