//! One word of a query with all the ways in which it may be written: its family, the spellings near it, names that sound
//! like it, a sigle and its words, one word that is two elsewhere.
//!
//! Every expansion (prefix, typo) is bounded in terms scanned and terms kept, so that the cost of a query is bounded by
//! its number of terms and the size of the index, never by how it is written.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::Term;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::error::Error;
use crate::french;
use crate::nearness::Asked;
use crate::query::Ignored;
use crate::schema::{Layout, QueryField, UNIT};
use crate::sigles::Sigles;
use crate::snapshot::Snapshot;
use crate::sonore;

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
pub(crate) const LONGEST_PHRASE: usize = 16;
/// What a corrected word adds to the score: always less than the exact one.
pub(crate) const CORRECTED_SCORE: f32 = 0.1;
/// What the exact word gets when corrections stand beside it, so that they never come first.
const EXACT_BONUS: f32 = 100.0;
/// A word that more than one document in so many has needs no other spelling.
const COMMON: u64 = 20;
/// Ways to cut one word in two that are looked for, the rarest first.
const MOST_CUTS: usize = 2;
/// Beginnings of words that are also written apart or with a hyphen (rectifications de l’orthographe, JO du 6 décembre
/// 1990).
pub(crate) const PREFIXES: [&str; 50] = [
    "agro", "anti", "apres", "archi", "audio", "auto", "avant", "bi", "bio", "cine", "co", "contre", "cyber", "e",
    "eco", "entre", "ergo", "extra", "geo", "hydro", "hyper", "infra", "inter", "intra", "kine", "macro", "maxi",
    "mega", "meta", "micro", "mini", "mono", "moto", "multi", "neo", "neuro", "photo", "pluri", "poly", "porte",
    "post", "pre", "psycho", "radio", "semi", "socio", "sous", "super", "tele", "video",
];
/// What a sigle that is spelled out adds, by how rare the sigle is: as much as the sigle itself.
const SPELLED: f32 = 1.5;

pub(crate) type Clause = Box<dyn Query>;

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
    /// When nothing or little matched: some of the words said side by side may be missing, rare ones are corrected too.
    Relaxed,
}

/// What a relaxed search asks for less than everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partial {
    /// How many of [`Partial::counted`] everybody who is listed has.
    pub least: usize,
    /// What tells people apart, as typed.
    pub counted: Vec<String>,
    /// What is so common beside it that it only decides the order, as typed.
    pub common: Vec<String>,
    /// What nobody has, as typed.
    pub unknown: Vec<String>,
}

pub(crate) struct Compiler<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) effort: Effort,
    pub(crate) sigles: Arc<Sigles>,
    pub(crate) keep_stop_words: bool,
    pub(crate) corrected: usize,
    pub(crate) no_corrections: bool,
    /// What adds to the score of a document that matches, and makes none match.
    pub boosts: Vec<Clause>,
    pub marks: Vec<BoundMark>,
    pub corrections: Vec<Correction>,
    pub ignored: Vec<Ignored>,
    pub partial: Option<Partial>,
    /// How many documents have everything, before a relaxed search is compiled, and what they are.
    pub complete: u64,
    pub strict: Option<Clause>,
    /// Whether one word alone is asked for.
    pub alone: bool,
    /// The words that are looked for again in the best answers.
    pub asked: Vec<Asked>,
}

/// A word, where it is looked for, and where other spellings of it are.
struct Searched<'a> {
    field: Field,
    spellings: Field,
    term: &'a str,
    folded: &'a str,
    name: Option<QueryField>,
    negated: bool,
}

pub(crate) fn union(parts: Vec<Clause>) -> Clause {
    Box::new(BooleanQuery::new(parts.into_iter().map(|part| (Occur::Should, part)).collect()))
}

pub(crate) fn term(field: Field, text: &str, option: IndexRecordOption) -> Clause {
    Box::new(TermQuery::new(Term::from_field_text(field, text), option))
}

pub(crate) fn letters(word: &str) -> usize {
    word.chars().filter(|character| character.is_alphabetic()).count()
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

pub(crate) fn constant(clause: Clause, score: f32) -> Clause {
    Box::new(ConstScoreQuery::new(clause, score))
}

impl<'a> Compiler<'a> {
    pub(crate) fn new(layout: &'a Layout, snapshot: &'a Snapshot, sigles: Arc<Sigles>, effort: Effort) -> Self {
        Self {
            layout,
            snapshot,
            effort,
            sigles,
            keep_stop_words: false,
            corrected: 0,
            no_corrections: false,
            boosts: Vec::new(),
            marks: Vec::new(),
            corrections: Vec::new(),
            ignored: Vec::new(),
            partial: None,
            complete: 0,
            strict: None,
            alone: false,
            asked: Vec::new(),
        }
    }

    pub(crate) fn mark(&mut self, mark: Mark, field: Option<QueryField>, negated: bool) {
        let bound = BoundMark { mark, field };
        if !negated && !self.marks.contains(&bound) {
            self.marks.push(bound);
        }
    }

    /// One word, and how many documents have it, more or less; `None` for a stop word.
    pub(crate) fn word(
        &mut self,
        folded: &str,
        name: Option<QueryField>,
        negated: bool,
    ) -> Result<Option<(Clause, u64)>, Error> {
        let named = name.and_then(|name| self.layout.named(name)).copied();
        if let Some(named) = named
            && !named.stemmed
        {
            self.mark(Mark::Word(folded.to_owned()), name, negated);
            let searched = Searched { field: named.field, spellings: named.field, term: folded, folded, name, negated };
            return Ok(Some(self.corrected(&searched, Vec::new())?));
        }
        let Some(stem) = french::stem(folded) else {
            if self.keep_stop_words {
                self.mark(Mark::Word(folded.to_owned()), name, negated);
                return Ok(Some((term(self.layout.mots, folded, IndexRecordOption::WithFreqs), 1)));
            }
            let what = Ignored::StopWord(folded.to_owned());
            if !self.ignored.contains(&what) {
                self.ignored.push(what);
            }
            return Ok(None);
        };
        self.mark(Mark::Stem(stem.clone()), name, negated);
        if let Some(named) = named {
            // A typo is looked up among stems there: good enough for a field of few words.
            let searched = Searched { field: named.field, spellings: named.field, term: &stem, folded, name, negated };
            return Ok(Some(self.corrected(&searched, Vec::new())?));
        }
        if !negated {
            self.boost(folded, &stem);
        }
        let mut others = Vec::new();
        let documents = self.snapshot.searcher.doc_freq(&Term::from_field_text(self.layout.tout, &stem))?;
        self.senses(folded, negated, &mut others)?;
        if self.is_rare(documents) && folded.len() >= 3 {
            self.cut(folded, negated, &mut others)?;
        }
        let (field, spellings) = (self.layout.tout, self.layout.mots);
        let searched = Searched { field, spellings, term: &stem, folded, name: None, negated };
        self.corrected(&searched, others).map(Some)
    }

    /// A word found in a name or a title counts for more than one lost in a text.
    pub(crate) fn boost(&mut self, folded: &str, stem: &str) {
        for named in &self.layout.named {
            if let Some(boost) = named.boost {
                let text = if named.stemmed { stem } else { folded };
                let found = term(named.field, text, IndexRecordOption::WithFreqs);
                self.boosts.push(if boost.alike {
                    Box::new(ConstScoreQuery::new(found, self.place(boost.weight)))
                } else {
                    Box::new(BoostQuery::new(found, boost.weight))
                });
            }
        }
    }

    /// What a place counts: less where some of what is asked for may be missing.
    pub(crate) fn place(&self, weight: f32) -> f32 {
        match self.effort {
            Effort::Strict => weight,
            Effort::Relaxed => weight / 4.0,
        }
    }

    /// Adds other ways to write a word, and the spellings near one that is not there or is rare in a relaxed search.
    fn corrected(&mut self, searched: &Searched<'_>, mut others: Vec<Clause>) -> Result<(Clause, u64), Error> {
        let Searched { field, spellings, term: text, folded, name, negated } = *searched;
        let exact = term(field, text, IndexRecordOption::WithFreqs);
        let documents = self.snapshot.searcher.doc_freq(&Term::from_field_text(field, text))?;
        let mut known = documents + others.len() as u64;
        let rare = match self.effort {
            Effort::Strict => 0,
            Effort::Relaxed => 2,
        };
        let length = folded.chars().count();
        if negated || self.no_corrections || length < 4 || letters(folded) < length {
            others.insert(0, exact);
            return Ok((if others.len() == 1 { others.remove(0) } else { union(others) }, known));
        }
        let mut near = Vec::new();
        if matches!(name, None | Some(QueryField::Nom | QueryField::Prenom)) && self.may_be_a_name(folded, documents)? {
            near = self.names_like(folded)?;
        }
        if near.is_empty() && known <= rare && self.sigles.senses(folded).is_empty() && self.corrected < MOST_CORRECTED
        {
            self.corrected += 1;
            near = self.spelt_near(searched, known == 0)?;
        }
        if name.is_none() {
            near.retain(|near| french::meant(near) != text);
        }
        if !near.is_empty() {
            let mut there = 0;
            for found in &near {
                there += self.snapshot.searcher.doc_freq(&Term::from_field_text(spellings, found))?;
            }
            let others_score = if known == 0 { self.rarity(there) } else { CORRECTED_SCORE };
            if self.effort == Effort::Strict && documents > 0 {
                others.push(Box::new(ConstScoreQuery::new(exact.box_clone(), EXACT_BONUS)));
            }
            known += there;
            others.push(self.corrected_to(folded, near, spellings, name, others_score));
        }
        others.insert(0, exact);
        Ok((if others.len() == 1 { others.remove(0) } else { union(others) }, known))
    }

    /// The spellings near a word. One that is not there may be cut short, as one says it (sono, compta: an open syllable); of four letters it
    /// is only looked for among names.
    fn spelt_near(&self, searched: &Searched<'_>, unknown: bool) -> Result<Vec<String>, Error> {
        let Searched { spellings, folded, name, .. } = *searched;
        if unknown && name.is_none() && folded.ends_with(['a', 'i', 'o']) {
            let mut begun = self.beginning_with(spellings, folded)?;
            begun.truncate(MOST_CORRECTIONS);
            if !begun.is_empty() {
                return Ok(begun);
            }
        }
        let length = folded.chars().count();
        if length > 4 {
            let near = self.near(spellings, folded, 1)?;
            return if near.is_empty() && length >= 9 { self.near(spellings, folded, 2) } else { Ok(near) };
        }
        match self.layout.named(QueryField::Nom) {
            Some(nom) if unknown => self.near(nom.field, folded, 1),
            _ => Ok(Vec::new()),
        }
    }

    /// These spellings of what was typed, said as a correction.
    pub(crate) fn corrected_to(
        &mut self,
        typed: &str,
        found: Vec<String>,
        field: Field,
        name: Option<QueryField>,
        score: f32,
    ) -> Clause {
        for found in &found {
            self.mark(Mark::Word(found.clone()), name, false);
        }
        let terms: Vec<Term> = found.iter().map(|found| Term::from_field_text(field, found)).collect();
        self.corrections.push(Correction { typed: typed.to_owned(), found });
        Box::new(ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), score))
    }

    /// What a word tells that so many documents have.
    pub(crate) fn rarity(&self, documents: u64) -> f32 {
        (1.0 + self.snapshot.searcher.num_docs() as f32 / documents.max(1) as f32).ln()
    }

    /// Whether a word is more often a name than a word, or is not there at all.
    fn may_be_a_name(&self, folded: &str, documents: u64) -> Result<bool, Error> {
        if documents == 0 {
            return Ok(true);
        }
        let Some(nom) = self.layout.named(QueryField::Nom).filter(|_| self.is_rare(documents)) else {
            return Ok(false);
        };
        Ok(self.snapshot.searcher.doc_freq(&Term::from_field_text(nom.field, folded))? * 3 >= documents)
    }

    /// The names that sound like this one, itself left out.
    pub(crate) fn names_like(&self, folded: &str) -> Result<Vec<String>, Error> {
        let key = sonore::key(folded);
        if key.is_empty() || self.layout.named(QueryField::Nom).is_none() {
            return Ok(Vec::new());
        }
        let begun = format!("{key}{UNIT}");
        let found = self.beginning_with(self.layout.other("nom_sonore"), &begun)?;
        let names = found.iter().filter_map(|found| found.strip_prefix(&begun));
        Ok(names.filter(|name| *name != folded).take(MOST_CORRECTIONS).map(str::to_owned).collect())
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

    pub(crate) fn beginning_with(&self, field: Field, prefix: &str) -> Result<Vec<String>, Error> {
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

    pub(crate) fn documents(&self, term: &Term) -> Result<u64, Error> {
        Ok(self.snapshot.searcher.doc_freq(term)?)
    }

    /// Whether some text has this very word, in the singular or the plural.
    pub(crate) fn exists(&self, folded: &str) -> Result<bool, Error> {
        let one = folded.strip_suffix('s').unwrap_or(folded);
        let written = |word: &str| self.documents(&Term::from_field_text(self.layout.mots, word));
        Ok(written(one)? > 0 || written(&format!("{one}s"))? > 0)
    }

    pub(crate) fn everywhere(&self, folded: &str) -> Term {
        Term::from_field_text(self.layout.tout, &french::meant(folded))
    }

    /// Words one after the other as they are written, stop words too.
    pub(crate) fn words_in_a_row(&mut self, words: &[String], negated: bool) -> Clause {
        self.mark(Mark::Phrase(words.to_vec()), None, negated);
        self.phrase_of(words)
    }

    fn phrase_of(&self, words: &[String]) -> Clause {
        if let [word] = words {
            return term(self.layout.mots, word, IndexRecordOption::WithFreqs);
        }
        Box::new(PhraseQuery::new(words.iter().map(|word| Term::from_field_text(self.layout.mots, word)).collect()))
    }

    /// Adds what a sigle stands for, in the forms it may be written in; returns how many senses some text may have.
    pub(crate) fn senses(&mut self, sigle: &str, negated: bool, into: &mut Vec<Clause>) -> Result<u64, Error> {
        let sigles = std::sync::Arc::clone(&self.sigles);
        let mut known = 0;
        let score = self.rarity(self.documents(&self.everywhere(sigle))? + 1) * SPELLED;
        for sense in sigles.senses(sigle) {
            for words in self.forms(sense)? {
                known += 1;
                let row = self.words_in_a_row(&words, negated);
                into.push(constant(row, score));
            }
        }
        Ok(known)
    }

    /// The words of a sense as they are, in the plural (of its head, or of all), and with the other gender of the first:
    /// those whose words exist.
    fn forms(&self, sense: &[String]) -> Result<Vec<Vec<String>>, Error> {
        let plural = |heads: usize| -> Vec<String> {
            let one = |(place, word): (usize, &String)| match word.as_str() {
                word if place >= heads || french::is_stop_word(word) || word.ends_with(['s', 'x', 'z']) => {
                    word.to_owned()
                }
                word if word.ends_with("al") => format!("{}ux", &word[..word.len() - 1]),
                word => format!("{word}s"),
            };
            sense.iter().enumerate().map(one).collect()
        };
        let mut forms = vec![sense.to_vec(), plural(1), plural(2), plural(sense.len())];
        if let Some(feminine) = sense[0].strip_suffix("teur").map(|kept| format!("{kept}trice")) {
            let mut other = sense.to_vec();
            other[0] = feminine;
            forms.push(other);
        }
        forms.dedup();
        let mut kept = Vec::new();
        for words in forms {
            let mut exist = true;
            for word in &words {
                exist &= self.documents(&Term::from_field_text(self.layout.mots, word))? > 0;
            }
            if exist {
                kept.push(words);
            }
        }
        Ok(kept)
    }

    /// A word that is two elsewhere: microcrèche, M57.
    pub(crate) fn cut(&mut self, folded: &str, negated: bool, into: &mut Vec<Clause>) -> Result<(), Error> {
        let mut cuts: Vec<(u64, [String; 2])> = Vec::new();
        for place in 1..folded.len() {
            let Some((first, second)) = folded.split_at_checked(place) else { continue };
            let begins_number = second.starts_with(|sign: char| sign.is_ascii_digit());
            let code = begins_number && first.ends_with(|sign: char| sign.is_ascii_lowercase());
            if !code && (second.len() < 4 || PREFIXES.binary_search(&first).is_err()) {
                continue;
            }
            let before = self.documents(&Term::from_field_text(self.layout.mots, first))?;
            if before == 0 {
                continue;
            }
            let singular = second.strip_suffix('s').unwrap_or(second);
            let seconds =
                if code { vec![second.to_owned()] } else { vec![singular.to_owned(), format!("{singular}s")] };
            for second in seconds {
                let after = self.documents(&Term::from_field_text(self.layout.mots, &second))?;
                if after > 0 {
                    cuts.push((before.min(after), [first.to_owned(), second]));
                }
            }
        }
        cuts.sort();
        for (_, words) in cuts.into_iter().take(MOST_CUTS * 2) {
            into.push(self.words_in_a_row(&words, negated));
        }
        Ok(())
    }

    /// Whether a word is rare enough to be looked for in other spellings too.
    pub(crate) fn is_rare(&self, documents: u64) -> bool {
        documents * COMMON <= self.snapshot.searcher.num_docs().max(COMMON)
    }
}
