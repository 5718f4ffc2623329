//! From an understood query to a Tantivy query, with the marks that highlights look for.
//!

use domain::dates::MONTHS;
use tantivy::Term;
use tantivy::collector::Count;
use tantivy::query::{AllQuery, BooleanQuery, ConstScoreQuery, Occur, PhraseQuery, TermSetQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::error::Error;
use crate::french;
use crate::nearness::Asked;
use crate::query::Expression;
use crate::schema::QueryField;
use crate::spelling::{Clause, Compiler, Effort, LONGEST_PHRASE, Mark, Partial, letters, term, union};
use crate::unit::Unit;
use crate::weights::WEIGHTS;

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
const REQUESTS: [&str; 28] = [
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

/// Whether a word is what everybody here does, or a small number: it decides the order at most.
fn is_usual(folded: &str) -> bool {
    USUAL.contains(&french::meant(folded).as_str()) || folded.parse::<u16>().is_ok_and(|number| number < 1_000)
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

impl Compiler<'_> {
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
                // ET between two words says that they are two.
                if explicit || !matches!(parts.get(place + 1), Some(Expression::Word { field: None, .. })) {
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
        let alone = |unit: &Unit| unit.words.first().filter(|_| unit.words.len() == 1).cloned().unwrap_or_default();
        let mut asks: Vec<bool> = units.iter().map(|unit| REQUESTS.contains(&alone(unit).as_str())).collect();
        for place in 1..units.len() {
            // Behind « disponible », a month is a date and no word of a CV.
            let month = || MONTHS.iter().any(|month| french::fold(month) == alone(&units[place]));
            asks[place] |= asks[place - 1] && month();
        }
        let needs = asks.iter().filter(|asks| !**asks).count();
        let kept = units.into_iter().zip(asks).filter(|(_, asks)| needs < 3 || !asks);
        let mut units: Vec<Unit> = kept.map(|(unit, _)| unit).collect();
        for unit in units.iter_mut().filter(|unit| unit.documents.is_none()) {
            unit.documents = Some(self.snapshot.searcher.search(&*unit.clause, &Count)? as u64);
        }
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
        let mut scored: Vec<(Occur, Clause)> = Vec::with_capacity(units.len() + 3);
        if let Some(strict) = &self.strict {
            scored.push((Occur::Should, Box::new(ConstScoreQuery::new(strict.box_clone(), COMPLETE))));
        }
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
        if self.complete > 0 && telling_words == 2 {
            // Beside who has both words, one of them is too little.
            floor = counted.len();
        }
        while least > floor && (self.snapshot.searcher.search(&*enough(least), &Count)? as u64) < WEIGHTS.peu {
            least -= 1;
        }
        let mut listed = vec![enough(least)];
        listed.extend(self.strict.as_ref().map(|strict| strict.box_clone()));
        scored.push((Occur::Must, Box::new(ConstScoreQuery::new(union(listed), 0.0))));
        said.least = least;
        self.partial = Some(said);
        Ok(Some(Box::new(BooleanQuery::new(scored))))
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
