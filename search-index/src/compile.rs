//! From an understood query to a Tantivy query, with the marks that highlights look for.
//!
//! Every expansion (prefix, typo) is bounded in terms scanned and terms kept, so that the cost of a query is bounded by
//! its number of terms and the size of the index, never by how it is written.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, TermQuery,
    TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::error::Error;
use crate::french;
use crate::query::{Expression, Ignored};
use crate::schema::{Layout, QueryField};
use crate::snapshot::Snapshot;

/// Terms of the dictionary looked at for one prefix, over all segments.
const MOST_SCANNED: usize = 20_000;
/// Terms that one prefix stands for: the most frequent ones.
const MOST_PREFIXED: usize = 128;
/// Documents that the terms of one prefix may add up to.
const MOST_POSTINGS: u64 = 500_000;
/// Terms that one misspelt word stands for: the most frequent ones.
const MOST_CORRECTIONS: usize = 8;
/// Words corrected in one query.
const MOST_CORRECTED: usize = 4;
/// Words of a phrase that are compared; the rest is set aside.
const LONGEST_PHRASE: usize = 16;
/// What a corrected word adds to the score: always less than the exact one.
const CORRECTED_SCORE: f32 = 0.1;
/// What the exact word gets when corrections stand beside it, so that they never come first.
const EXACT_BONUS: f32 = 100.0;

/// A word found under another spelling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// As typed.
    pub typed: String,
    /// The spellings that exist (folded), the most frequent first.
    pub found: Vec<String>,
}

/// What a highlight looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    Stem(String),
    Word(String),
    Prefix(String),
    Phrase(Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BoundMark {
    pub mark: Mark,
    pub field: Option<QueryField>,
}

/// How far to go for a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// As asked; only a word that exists nowhere is corrected.
    Strict,
    /// When nothing matched: words said side by side become alternatives, rare ones are corrected too.
    Relaxed,
}

pub(crate) struct Compiler<'a> {
    layout: &'a Layout,
    snapshot: &'a Snapshot,
    effort: Effort,
    keep_stop_words: bool,
    corrected: usize,
    no_corrections: bool,
    /// What adds to the score of a document that matches, and makes none match.
    pub boosts: Vec<Clause>,
    pub marks: Vec<BoundMark>,
    pub corrections: Vec<Correction>,
    pub ignored: Vec<Ignored>,
}

pub(crate) type Clause = Box<dyn Query>;

pub(crate) fn union(parts: Vec<Clause>) -> Clause {
    Box::new(BooleanQuery::new(parts.into_iter().map(|part| (Occur::Should, part)).collect()))
}

fn term(field: Field, text: &str, option: IndexRecordOption) -> Clause {
    Box::new(TermQuery::new(Term::from_field_text(field, text), option))
}

/// Whether a second try may find more: a group of words said side by side, taken as alternatives, or a word long enough
/// to be corrected.
pub(crate) fn can_relax(expression: &Expression) -> bool {
    match expression {
        Expression::All { parts, explicit } => !explicit || parts.iter().any(can_relax),
        Expression::Any(parts) => parts.iter().any(can_relax),
        Expression::Word { text, .. } => letters(text) >= 5 || text.contains(|c: char| !c.is_alphanumeric()),
        Expression::Prefix { .. } | Expression::Phrase { .. } | Expression::Not(_) => false,
    }
}

/// Whether there is something to rank by: what only leaves out makes all that remains equal.
pub(crate) fn ranks(expression: &Expression) -> bool {
    match expression {
        Expression::All { parts, .. } | Expression::Any(parts) => parts.iter().any(ranks),
        Expression::Word { .. } | Expression::Prefix { .. } | Expression::Phrase { .. } => true,
        Expression::Not(_) => false,
    }
}

fn letters(word: &str) -> usize {
    word.chars().filter(|character| character.is_alphabetic()).count()
}

impl<'a> Compiler<'a> {
    pub(crate) fn new(layout: &'a Layout, snapshot: &'a Snapshot, effort: Effort) -> Self {
        Self {
            layout,
            snapshot,
            effort,
            keep_stop_words: false,
            corrected: 0,
            no_corrections: false,
            boosts: Vec::new(),
            marks: Vec::new(),
            corrections: Vec::new(),
            ignored: Vec::new(),
        }
    }

    /// The query, or `None` when it holds nothing to search.
    pub(crate) fn compile(&mut self, expression: &Expression) -> Result<Option<Clause>, Error> {
        if let Some(query) = self.expression(expression, false)? {
            return Ok(Some(query));
        }
        // Nothing but common words (« nous », « pour qui »): then they are what is meant.
        self.keep_stop_words = true;
        self.ignored.clear();
        self.expression(expression, false)
    }

    fn expression(&mut self, expression: &Expression, negated: bool) -> Result<Option<Clause>, Error> {
        match expression {
            Expression::Word { text, field } => self.words(text, *field, negated),
            Expression::Prefix { text, field } => self.prefix(text, *field, negated),
            Expression::Phrase { text, field } => Ok(self.phrase(text, *field, negated)),
            Expression::All { parts, explicit } => self.all(parts, *explicit, negated),
            Expression::Any(parts) => {
                let mut clauses = Vec::new();
                for part in parts {
                    clauses.extend(self.expression(part, negated)?);
                }
                Ok(match clauses.len() {
                    0 | 1 => clauses.pop(),
                    _ => Some(union(clauses)),
                })
            }
            Expression::Not(part) => Ok(self.expression(part, true)?.map(|excluded| {
                let everything: Clause = Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0));
                Box::new(BooleanQuery::new(vec![(Occur::Must, everything), (Occur::MustNot, excluded)])) as Clause
            })),
        }
    }

    fn all(&mut self, parts: &[Expression], explicit: bool, negated: bool) -> Result<Option<Clause>, Error> {
        let relaxed = self.effort == Effort::Relaxed && !explicit && !negated;
        let mut wanted = Vec::new();
        let mut excluded = Vec::new();
        for part in parts {
            if let Expression::Not(inner) = part {
                excluded.extend(self.expression(inner, true)?);
            } else {
                wanted.extend(self.expression(part, negated)?);
            }
        }
        if excluded.is_empty() && wanted.len() < 2 {
            return Ok(wanted.pop());
        }
        let mut clauses: Vec<(Occur, Clause)> = Vec::new();
        if wanted.is_empty() {
            clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0))));
        } else if relaxed {
            clauses.push((Occur::Must, union(wanted)));
        } else {
            clauses.extend(wanted.into_iter().map(|query| (Occur::Must, query)));
        }
        clauses.extend(excluded.into_iter().map(|query| (Occur::MustNot, query)));
        Ok(Some(Box::new(BooleanQuery::new(clauses))))
    }

    fn mark(&mut self, mark: Mark, field: Option<QueryField>, negated: bool) {
        let bound = BoundMark { mark, field };
        if !negated && !self.marks.contains(&bound) {
            self.marks.push(bound);
        }
    }

    /// What was typed between two spaces may hold several words (Saint-Étienne, ville:Nantes): all of them.
    fn words(&mut self, text: &str, field: Option<QueryField>, negated: bool) -> Result<Option<Clause>, Error> {
        let mut clauses = Vec::new();
        for folded in french::folded_words(text).into_iter().take(LONGEST_PHRASE) {
            clauses.extend(self.word(&folded, field, negated)?);
        }
        Ok(match clauses.len() {
            0 | 1 => clauses.pop(),
            _ if self.effort == Effort::Relaxed && !negated => Some(union(clauses)),
            _ => Some(Box::new(BooleanQuery::intersection(clauses))),
        })
    }

    fn word(&mut self, folded: &str, name: Option<QueryField>, negated: bool) -> Result<Option<Clause>, Error> {
        let named = name.and_then(|name| self.layout.named(name)).copied();
        if let Some(named) = named
            && !named.stemmed
        {
            let exact = term(named.field, folded, IndexRecordOption::WithFreqs);
            self.mark(Mark::Word(folded.to_owned()), name, negated);
            return Ok(Some(self.corrected(exact, named.field, named.field, folded, folded, name, negated)?));
        }
        let Some(stem) = french::stem(folded) else {
            if self.keep_stop_words {
                self.mark(Mark::Word(folded.to_owned()), name, negated);
                return Ok(Some(term(self.layout.mots, folded, IndexRecordOption::WithFreqs)));
            }
            let what = Ignored::StopWord(folded.to_owned());
            if !self.ignored.contains(&what) {
                self.ignored.push(what);
            }
            return Ok(None);
        };
        self.mark(Mark::Stem(stem.clone()), name, negated);
        let field = named.map_or(self.layout.tout, |named| named.field);
        let exact = term(field, &stem, IndexRecordOption::WithFreqs);
        if named.is_some() {
            // A typo is looked up among stems there: good enough for a field of few words.
            return Ok(Some(self.corrected(exact, field, field, &stem, folded, name, negated)?));
        }
        if !negated {
            self.boost(folded, &stem);
        }
        Ok(Some(self.corrected(exact, field, self.layout.mots, &stem, folded, None, negated)?))
    }

    /// A word found in a name or a title counts for more than one lost in a text.
    fn boost(&mut self, folded: &str, stem: &str) {
        for named in &self.layout.named {
            if let Some(boost) = named.boost {
                let text = if named.stemmed { stem } else { folded };
                let found = term(named.field, text, IndexRecordOption::WithFreqs);
                self.boosts.push(Box::new(BoostQuery::new(found, boost)));
            }
        }
    }

    /// Adds the spellings near a word that is not there, or is rare in a relaxed search.
    #[allow(clippy::too_many_arguments)]
    fn corrected(
        &mut self,
        exact: Clause,
        field: Field,
        spellings: Field,
        searched: &str,
        folded: &str,
        name: Option<QueryField>,
        negated: bool,
    ) -> Result<Clause, Error> {
        let rare = match self.effort {
            Effort::Strict => 0,
            Effort::Relaxed => 2,
        };
        let length = folded.chars().count();
        if negated
            || self.no_corrections
            || length < 5
            || letters(folded) < length
            || self.corrected == MOST_CORRECTED
            || self.snapshot.searcher.doc_freq(&Term::from_field_text(field, searched))? > rare
        {
            return Ok(exact);
        }
        self.corrected += 1;
        let mut near = self.near(spellings, folded, 1)?;
        if near.is_empty() && length >= 9 {
            near = self.near(spellings, folded, 2)?;
        }
        if near.is_empty() {
            return Ok(exact);
        }
        for found in &near {
            self.mark(Mark::Word(found.clone()), name, negated);
        }
        let terms: Vec<Term> = near.iter().map(|found| Term::from_field_text(spellings, found)).collect();
        self.corrections.push(Correction { typed: folded.to_owned(), found: near });
        let others: Clause = Box::new(ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), CORRECTED_SCORE));
        let bonus: Clause = Box::new(ConstScoreQuery::new(exact.box_clone(), EXACT_BONUS));
        Ok(union(vec![exact, bonus, others]))
    }

    /// The most frequent terms at this distance (a swap of two letters counts as one), the word itself left out.
    fn near(&self, field: Field, folded: &str, distance: u8) -> Result<Vec<String>, Error> {
        let automaton = FuzzyTermQuery::new(Term::from_field_text(field, folded), distance, true).automaton()?;
        let mut found: HashMap<Vec<u8>, u64> = HashMap::new();
        for reader in self.snapshot.searcher.segment_readers() {
            let inverted = reader.inverted_index(field)?;
            let mut stream = inverted.terms().search(&automaton).into_stream()?;
            while let Some((key, info)) = stream.next() {
                if key != folded.as_bytes() {
                    *found.entry(key.to_vec()).or_default() += u64::from(info.doc_freq);
                }
            }
        }
        Ok(most_frequent(found, MOST_CORRECTIONS).into_iter().map(|(text, _)| text).collect())
    }

    fn prefix(&mut self, text: &str, name: Option<QueryField>, negated: bool) -> Result<Option<Clause>, Error> {
        let mut words = french::folded_words(text);
        let Some(prefix) = words.pop() else { return Ok(None) };
        let mut clauses = Vec::new();
        for folded in words.iter().take(LONGEST_PHRASE) {
            clauses.extend(self.word(folded, name, negated)?);
        }
        let named = name.and_then(|name| self.layout.named(name)).copied();
        let mut parts: Vec<Clause> = Vec::new();
        // One letter would stand for a large part of the dictionary: it is looked for as it is, and among names.
        let fields: Vec<Field> = match named {
            Some(named) => vec![named.field],
            None if prefix.chars().count() > 1 => vec![self.layout.mots],
            None => {
                parts.push(term(self.layout.mots, &prefix, IndexRecordOption::WithFreqs));
                self.layout.named.iter().filter(|named| !named.stemmed).map(|named| named.field).collect()
            }
        };
        self.mark(Mark::Prefix(prefix.clone()), name, negated);
        let mut terms = Vec::new();
        for field in fields {
            terms.extend(self.beginning_with(field, &prefix)?.iter().map(|found| Term::from_field_text(field, found)));
        }
        let nothing = terms.is_empty() && parts.is_empty();
        if !terms.is_empty() {
            parts.push(Box::new(ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), 1.0)));
        }
        // The word as it stands, its inflections included, comes before what it only begins; one that begins nothing
        // may be misspelt.
        if (prefix.chars().count() > 2 || nothing) && !french::is_stop_word(&prefix) {
            self.no_corrections = !nothing;
            let word = self.word(&prefix, name, negated);
            self.no_corrections = false;
            parts.extend(word?);
        }
        if parts.is_empty() {
            return Ok(None);
        }
        clauses.push(match parts.len() {
            1 => parts.remove(0),
            _ => union(parts),
        });
        Ok(Some(if clauses.len() == 1 { clauses.remove(0) } else { Box::new(BooleanQuery::intersection(clauses)) }))
    }

    fn beginning_with(&self, field: Field, prefix: &str) -> Result<Vec<String>, Error> {
        let end = format!("{prefix}\u{10ffff}");
        let readers = self.snapshot.searcher.segment_readers();
        let mut found: HashMap<Vec<u8>, u64> = HashMap::new();
        for reader in readers {
            let inverted = reader.inverted_index(field)?;
            let mut stream = inverted.terms().range().ge(prefix).lt(&end).into_stream()?;
            let mut scanned = 0;
            while scanned < MOST_SCANNED / readers.len().max(1)
                && let Some((key, info)) = stream.next()
            {
                scanned += 1;
                match found.get_mut(key) {
                    Some(count) => *count += u64::from(info.doc_freq),
                    None => drop(found.insert(key.to_vec(), u64::from(info.doc_freq))),
                }
            }
        }
        let mut postings = 0;
        Ok(most_frequent(found, MOST_PREFIXED)
            .into_iter()
            .take_while(|(_, count)| {
                let fits = postings < MOST_POSTINGS;
                postings += count;
                fits
            })
            .map(|(text, _)| text)
            .collect())
    }

    fn phrase(&mut self, text: &str, name: Option<QueryField>, negated: bool) -> Option<Clause> {
        let named = name.and_then(|name| self.layout.named(name)).copied();
        let mut words: Vec<(usize, String)> = match named {
            Some(named) if named.stemmed => french::stems(text),
            _ => french::folded_words(text).into_iter().enumerate().collect(),
        };
        words.truncate(LONGEST_PHRASE);
        let field = named.map_or(self.layout.mots, |named| named.field);
        if named.is_some_and(|named| named.stemmed) {
            for (_, stem) in &words {
                self.mark(Mark::Stem(stem.clone()), name, negated);
            }
        } else if !words.is_empty() {
            self.mark(Mark::Phrase(words.iter().map(|(_, word)| word.clone()).collect()), name, negated);
        }
        match words.as_slice() {
            [] => None,
            [(_, only)] => Some(term(field, only, IndexRecordOption::WithFreqs)),
            _ => {
                let terms =
                    words.into_iter().map(|(place, word)| (place, Term::from_field_text(field, &word))).collect();
                Some(Box::new(PhraseQuery::new_with_offset(terms)))
            }
        }
    }
}

fn most_frequent(found: HashMap<Vec<u8>, u64>, most: usize) -> Vec<(String, u64)> {
    let mut found: Vec<(Vec<u8>, u64)> = found.into_iter().collect();
    let order = |left: &(Vec<u8>, u64), right: &(Vec<u8>, u64)| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0));
    if found.len() > most {
        found.select_nth_unstable_by(most, order);
        found.truncate(most);
    }
    found.sort_unstable_by(order);
    // Terms are UTF-8: they came from words.
    found.into_iter().map(|(term, count)| (String::from_utf8_lossy(&term).into_owned(), count)).collect()
}
