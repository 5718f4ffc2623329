//! From an understood query to a Tantivy query, with the marks that highlights look for.
//!
//! Every expansion (prefix, typo) is bounded in terms scanned and terms kept, so that the cost of a query is bounded by
//! its number of terms and the size of the index, never by how it is written.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::Term;
use tantivy::collector::Count;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, TermQuery,
    TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::error::Error;
use crate::french;
use crate::nearness::Asked;
use crate::query::{Expression, Ignored};
use crate::schema::{Layout, QueryField, UNIT};
use crate::sigles::Sigles;
use crate::snapshot::Snapshot;
use crate::sonore;
use crate::unit::Unit;
use crate::weights::WEIGHTS;

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
/// What having all that was asked for adds in a search that is content with less: it always comes first.
const COMPLETE: f32 = 1_000.0;
/// What having all that tells people apart adds, whatever else is missing.
const ALL_TELLING: f32 = 500.0;
/// Of a long text, so many are enough.
const LEAST_OF_MANY: usize = 3;
/// Words of a quotation in a longer text that are looked for one by one when nobody has it.
const QUOTED: usize = 4;
/// Stems of what everybody here does: trains, in workshops, for some days.
const USUAL: [&str; 14] = [
    "accompagn",
    "anim",
    "apprendr",
    "atel",
    "cour",
    "deux",
    "form",
    "heur",
    "journe",
    "jour",
    "quatr",
    "sess",
    "stag",
    "trois",
];
/// What people write around what they look for; folded.
const REQUESTS: [&str; 30] = [
    "besoin",
    "bonjour",
    "cherche",
    "cherchent",
    "chercher",
    "cherchons",
    "disponible",
    "disponibles",
    "faudrait",
    "intervenant",
    "intervenante",
    "intervenants",
    "merci",
    "personne",
    "peut",
    "peuvent",
    "pourrait",
    "pres",
    "quelqu",
    "quelqu'un",
    "quelquun",
    "recherche",
    "recherchons",
    "souhaite",
    "souhaitons",
    "svp",
    "trouver",
    "urgent",
    "voudrais",
    "voudrions",
];

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
    corrected: usize,
    no_corrections: bool,
    /// What adds to the score of a document that matches, and makes none match.
    pub boosts: Vec<Clause>,
    pub marks: Vec<BoundMark>,
    pub corrections: Vec<Correction>,
    pub ignored: Vec<Ignored>,
    pub partial: Option<Partial>,
    /// The words that are looked for again in the best answers.
    pub asked: Vec<Asked>,
}

pub(crate) type Clause = Box<dyn Query>;

/// A word, where it is looked for, and where other spellings of it are.
struct Searched<'a> {
    field: Field,
    spellings: Field,
    term: &'a str,
    folded: &'a str,
    name: Option<QueryField>,
    negated: bool,
}

/// Whether a word is what everybody here does, or a small number: it decides the order at most.
fn is_usual(folded: &str) -> bool {
    USUAL.contains(&french::meant(folded).as_str()) || folded.parse::<u16>().is_ok_and(|number| number < 1_000)
}

pub(crate) fn union(parts: Vec<Clause>) -> Clause {
    Box::new(BooleanQuery::new(parts.into_iter().map(|part| (Occur::Should, part)).collect()))
}

pub(crate) fn term(field: Field, text: &str, option: IndexRecordOption) -> Clause {
    Box::new(TermQuery::new(Term::from_field_text(field, text), option))
}

/// All of it, or any of it: of what one typed without a space, in a relaxed search.
fn together(units: Vec<Unit>, any: bool) -> Option<Clause> {
    let mut clauses: Vec<Clause> = units.into_iter().map(|unit| unit.clause).collect();
    match clauses.len() {
        0 | 1 => clauses.pop(),
        _ if any => Some(union(clauses)),
        _ => Some(Box::new(BooleanQuery::intersection(clauses))),
    }
}

/// Twice, because an excluded phrase that stands alone is asked for documents before its first one, which Tantivy 0.27.0
/// takes for an error when debug assertions are on; a union is not.
fn excluded(clause: Clause) -> Clause {
    union(vec![clause.box_clone(), clause])
}

/// Whether a second try may find more: a group of words said side by side, of which some may be left out, or a word long
/// enough to be corrected.
pub(crate) fn can_relax(expression: &Expression) -> bool {
    match expression {
        Expression::All { parts, explicit } => !explicit || parts.iter().any(can_relax),
        Expression::Any(parts) => parts.iter().any(can_relax),
        Expression::Word { text, .. } => letters(text) >= 5 || text.contains(|c: char| !c.is_alphanumeric()),
        Expression::Prefix { .. } | Expression::Phrase { .. } | Expression::Not(_) => false,
    }
}

/// Whether some of what is asked for may be left out.
pub(crate) fn has_parts(expression: &Expression) -> bool {
    matches!(expression, Expression::All { parts, explicit: false } if parts.len() > 1)
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
            asked: Vec::new(),
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

    /// The words that are looked for again in the best answers; a misspelt one in the spellings that exist.
    pub(crate) fn asked(&mut self) -> Vec<Asked> {
        let mut asked = std::mem::take(&mut self.asked);
        for word in &mut asked {
            let found = self.corrections.iter().filter(|correction| correction.typed == word.folded);
            word.instead = found.flat_map(|correction| correction.found.clone()).collect();
        }
        asked
    }

    fn expression(&mut self, expression: &Expression, negated: bool) -> Result<Option<Clause>, Error> {
        match expression {
            Expression::Word { text, field: None } => {
                let units = self.units(&[text], negated)?;
                let any = self.effort == Effort::Relaxed && !negated;
                Ok(together(units, any))
            }
            Expression::Word { text, field } => self.words(text, *field, negated),
            Expression::Prefix { text, field } => self.prefix(text, *field, None, negated),
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
            Expression::Not(part) => Ok(self.expression(part, true)?.map(|without| {
                let everything: Clause = Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0));
                Box::new(BooleanQuery::new(vec![(Occur::Must, everything), (Occur::MustNot, excluded(without))]))
                    as Clause
            })),
        }
    }

    fn all(&mut self, parts: &[Expression], explicit: bool, negated: bool) -> Result<Option<Clause>, Error> {
        let relaxed = self.effort == Effort::Relaxed && !explicit && !negated;
        let mut wanted: Vec<Unit> = Vec::new();
        let mut without = Vec::new();
        let mut side_by_side: Vec<&str> = Vec::new();
        for (place, part) in parts.iter().enumerate() {
            if let Expression::Word { text, field: None } = part {
                side_by_side.push(text);
                if !matches!(parts.get(place + 1), Some(Expression::Word { field: None, .. })) {
                    wanted.extend(self.units(&side_by_side, negated)?);
                    side_by_side.clear();
                }
                continue;
            }
            let clause = match part {
                Expression::Not(inner) => {
                    without.extend(self.expression(inner, true)?.map(excluded));
                    None
                }
                Expression::Prefix { text, field: None } => {
                    let before = place.checked_sub(1).and_then(|before| match &parts[before] {
                        Expression::Word { text, field: None } => Some(text.as_str()),
                        _ => None,
                    });
                    self.prefix(text, None, before, negated)?
                }
                Expression::Phrase { text, field: None } if relaxed && french::folded_words(text).len() >= QUOTED => {
                    let words: Vec<&str> = text.split_whitespace().collect();
                    wanted.extend(self.units(&words, negated)?);
                    let row = self.phrase(text, None, negated);
                    self.boosts.extend(row);
                    None
                }
                _ => self.expression(part, negated)?,
            };
            wanted.extend(clause.map(|clause| Unit {
                typed: part.to_string(),
                clause,
                documents: None,
                words: Vec::new(),
            }));
        }
        let wanted = if relaxed { self.partly(wanted)? } else { together(wanted, false) };
        let Some(wanted) = wanted.or_else(|| {
            let everything: Clause = Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0));
            (!without.is_empty()).then_some(everything)
        }) else {
            return Ok(None);
        };
        if without.is_empty() {
            return Ok(Some(wanted));
        }
        let mut clauses: Vec<(Occur, Clause)> = vec![(Occur::Must, wanted)];
        clauses.extend(without.into_iter().map(|query| (Occur::MustNot, query)));
        Ok(Some(Box::new(BooleanQuery::new(clauses))))
    }

    /// Most of it: a share of what tells people apart ([`WEIGHTS`]), less while too few have that, down to a third. Who
    /// has everything comes first.
    fn partly(&mut self, units: Vec<Unit>) -> Result<Option<Clause>, Error> {
        let asks = |unit: &Unit| unit.words.len() == 1 && REQUESTS.contains(&unit.words[0].as_str());
        let needs = units.iter().filter(|unit| !asks(unit)).count();
        let units: Vec<Unit> = units.into_iter().filter(|unit| needs < 3 || !asks(unit)).collect();
        if units.len() < 2 {
            return Ok(units.into_iter().next().map(|unit| unit.clause));
        }
        let tells = |unit: &Unit| match unit.documents {
            Some(0) => 0.0,
            // Of a need said in a sentence, « deux jours » or « formation » tells nobody apart.
            _ if unit.words.len() == 1 && is_usual(&unit.words[0]) => f32::MIN_POSITIVE,
            documents => self.rarity(documents.unwrap_or(1)),
        };
        let most = units.iter().map(tells).fold(0.0, f32::max);
        let mut said = Partial::default();
        let mut counted: Vec<Clause> = Vec::new();
        let mut telling_words = 0;
        for unit in &units {
            let tells = tells(unit);
            if tells == 0.0 {
                said.unknown.push(unit.typed.clone());
            } else if tells < WEIGHTS.parlant * most {
                said.common.push(unit.typed.clone());
            } else {
                said.counted.push(unit.typed.clone());
                counted.push(unit.clause.box_clone());
                telling_words += unit.words.len().max(1);
            }
        }
        let every: Vec<Clause> = units.iter().map(|unit| unit.clause.box_clone()).collect();
        let every = BooleanQuery::intersection(every);
        let found = self.snapshot.searcher.search(&every, &Count)?;
        let complete: Clause = Box::new(ConstScoreQuery::new(Box::new(every), COMPLETE));
        let mut scored: Vec<(Occur, Clause)> = vec![(Occur::Should, complete)];
        if counted.len() > 1 {
            let every = counted.iter().map(|clause| clause.box_clone()).collect();
            let telling: Clause = Box::new(BooleanQuery::intersection(every));
            scored.push((Occur::Should, Box::new(ConstScoreQuery::new(telling, ALL_TELLING))));
        }
        scored.extend(units.into_iter().map(|unit| (Occur::Should, unit.clause)));
        let mut least = ((counted.len() as f32 * WEIGHTS.part).ceil() as usize).max(1);
        let enough = |least: usize| -> Clause {
            let clauses = counted.iter().map(|clause| (Occur::Should, clause.box_clone())).collect();
            Box::new(BooleanQuery::with_minimum_required_clauses(clauses, least))
        };
        let mut floor = (counted.len() / 3).clamp(1, LEAST_OF_MANY);
        if found > 0 && telling_words == 2 {
            // Beside who has both words, one of them is too little.
            floor = counted.len();
        }
        while least > floor && (self.snapshot.searcher.search(&*enough(least), &Count)? as u64) < WEIGHTS.peu {
            least -= 1;
        }
        scored.push((Occur::Must, Box::new(ConstScoreQuery::new(enough(least), 0.0))));
        said.least = least;
        self.partial = Some(said);
        Ok(Some(Box::new(BooleanQuery::new(scored))))
    }

    pub(crate) fn mark(&mut self, mark: Mark, field: Option<QueryField>, negated: bool) {
        let bound = BoundMark { mark, field };
        if !negated && !self.marks.contains(&bound) {
            self.marks.push(bound);
        }
    }

    /// What is looked for in a field may hold several words (nom:Le Guen): all of them.
    fn words(&mut self, text: &str, field: Option<QueryField>, negated: bool) -> Result<Option<Clause>, Error> {
        let mut clauses = Vec::new();
        for folded in french::folded_words(text).into_iter().take(LONGEST_PHRASE) {
            clauses.extend(self.word(&folded, field, negated)?.map(|(clause, _)| clause));
        }
        Ok(match clauses.len() {
            0 | 1 => clauses.pop(),
            _ => Some(Box::new(BooleanQuery::intersection(clauses))),
        })
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
            Effort::Relaxed => weight / 2.0,
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

    /// The spellings near a word. One that is not there may be cut short, as one says it (sono, compta); of four letters it
    /// is only looked for among names.
    fn spelt_near(&self, searched: &Searched<'_>, unknown: bool) -> Result<Vec<String>, Error> {
        let Searched { spellings, folded, name, .. } = *searched;
        if unknown && name.is_none() {
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
        let Some(nom) = self.layout.named(QueryField::Nom) else { return Ok(false) };
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

    /// The beginning of a word; `before` was typed right before it, and may be the particle of a name.
    fn prefix(
        &mut self,
        text: &str,
        name: Option<QueryField>,
        before: Option<&str>,
        negated: bool,
    ) -> Result<Option<Clause>, Error> {
        let mut words = french::folded_words(text);
        let Some(prefix) = words.pop() else { return Ok(None) };
        let mut clauses = Vec::new();
        for folded in words.iter().take(LONGEST_PHRASE) {
            clauses.extend(self.word(folded, name, negated)?.map(|(clause, _)| clause));
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
            parts.extend(word?.map(|(clause, _)| clause));
        }
        if let Some(nom) = self.layout.named(QueryField::Nom).copied()
            && let Some(particle) = before.map(french::joined).filter(|before| before.len() <= 3)
        {
            let begun = self.beginning_with(nom.field, &format!("{particle}{prefix}"))?;
            if !begun.is_empty() {
                let terms = begun.iter().map(|found| Term::from_field_text(nom.field, found));
                parts.push(Box::new(ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), 1.0)));
            }
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
