//! Words typed one beside the other, understood together: each becomes one thing that is asked for (a unit), and some
//! are one thing in several words: a name with its particle, an acronym spelled out, a number, a département.

use std::ops::Range;

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, TermQuery, TermSetQuery};
use tantivy::schema::IndexRecordOption;

use crate::error::Error;
use crate::french::{self, Words};
use crate::nearness::Asked;
use crate::query::Ignored;
use crate::schema::Facet;
use crate::spelling::{CORRECTED_SCORE, Clause, Compiler, LONGEST_PHRASE, Mark, PREFIXES, constant, term, union};
use crate::weights::WEIGHTS;

/// Particles of names with more than three letters.
const SAINTS: [&str; 4] = ["abou", "della", "saint", "sainte"];
/// Words that may be one when they stand apart, at most: « de la Tour ».
const LONGEST_JOIN: usize = 3;
/// What a joined spelling adds beside a word that may stand alone.
const JOINED: f32 = 3.0;
/// Words that announce the number of a département.
const DEPARTEMENTS: [&str; 6] = ["dep", "departement", "departements", "dept", "dpt", "n"];

/// One thing that is asked for.
pub(crate) struct Unit {
    pub typed: String,
    pub clause: Clause,
    /// Documents that have it, more or less; `None` when it was not counted.
    pub documents: Option<u64>,
    /// The folded words it was read from.
    pub words: Vec<String>,
}

/// A word as it was read.
struct Token {
    folded: String,
    read: Range<usize>,
    /// A common word that is not meant.
    stop: bool,
    /// What an apostrophe cut away before it.
    elided: String,
    /// Which of the typed words it belongs to.
    part: usize,
}

impl Token {
    fn is_number(&self) -> bool {
        self.folded.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// What was understood of the words from some place on: how many of them, and as what.
type Understood = Option<(usize, Unit)>;

fn tokens(typed: &[&str]) -> (String, Vec<Token>) {
    let text = typed.join(" ");
    let mut ends = Vec::with_capacity(typed.len());
    let mut end = 0;
    for word in typed {
        end += word.len() + 1;
        ends.push(end);
    }
    let mut words = Words::new(&text);
    let mut folded = String::new();
    let mut found: Vec<Token> = Vec::new();
    while let Some(read) = words.next_into(&mut folded) {
        let before = &text[found.last().map_or(0, |last| last.read.end)..read.start];
        found.push(Token {
            folded: folded.clone(),
            stop: words.is_stop(&folded),
            elided: french::joined(before),
            part: ends.partition_point(|end| *end <= read.start),
            read,
        });
    }
    (text, found)
}

/// Whether words that stand apart may be one: a particle, a letter, the beginning of a number, a prefix.
fn may_begin_a_join(folded: &str) -> bool {
    folded.len() <= 3 || SAINTS.contains(&folded) || PREFIXES.binary_search(&folded).is_ok()
}

fn all_of(mut clauses: Vec<Clause>) -> Option<Clause> {
    match clauses.len() {
        0 | 1 => clauses.pop(),
        _ => Some(Box::new(BooleanQuery::intersection(clauses))),
    }
}

impl Compiler<'_> {
    /// What is asked for by words typed one after the other, without a field.
    pub(crate) fn units(&mut self, typed: &[&str], negated: bool) -> Result<Vec<Unit>, Error> {
        let (text, tokens) = tokens(typed);
        if !negated {
            let mut behind = false;
            for token in tokens.iter().filter(|token| !token.stop) {
                let (folded, stem) = (token.folded.clone(), french::meant(&token.folded));
                self.asked.push(Asked { folded, stem, behind, instead: Vec::new() });
                behind = true;
            }
        }
        self.alone = tokens.iter().filter(|token| !token.stop).count() < 2;
        let mut units = Vec::new();
        let mut place = 0;
        while place < tokens.len() && units.len() < LONGEST_PHRASE * 2 {
            let rest = &tokens[place..];
            let Some((read, mut unit)) = self.understood(rest, typed, negated)? else {
                place += 1;
                continue;
            };
            let last = &tokens[place + read - 1];
            text[tokens[place].read.start..last.read.end].clone_into(&mut unit.typed);
            unit.words = tokens[place..place + read].iter().map(|token| token.folded.clone()).collect();
            units.push(unit);
            place += read;
        }
        Ok(units)
    }

    /// What these words begin with; nothing when the first is a common word that is not meant.
    fn understood(&mut self, rest: &[Token], typed: &[&str], negated: bool) -> Result<Understood, Error> {
        if let Some(found) = self.address(rest, typed, negated) {
            return Ok(Some(found));
        }
        if let Some(found) = self.number(rest, negated)? {
            return Ok(Some(found));
        }
        if let Some(found) = self.spelled_out(rest, negated)? {
            return Ok(Some(found));
        }
        if let Some(found) = self.joined(rest, negated)? {
            return Ok(Some(found));
        }
        Ok(self.single(&rest[0], negated)?.map(|unit| (1, unit)))
    }

    fn unit(clause: Clause, documents: Option<u64>) -> Unit {
        Unit { typed: String::new(), clause, documents, words: Vec::new() }
    }

    /// An email address: its words one after the other, or nobody.
    fn address(&mut self, rest: &[Token], typed: &[&str], negated: bool) -> Understood {
        let part = rest[0].part;
        let read = rest.iter().take_while(|token| token.part == part).count();
        let (user, domain) = typed.get(part)?.split_once('@')?;
        if user.is_empty() || !domain.contains('.') || read < 3 {
            return None;
        }
        let words: Vec<String> = rest[..read].iter().map(|token| token.folded.clone()).collect();
        Some((read, Self::unit(self.words_in_a_row(&words, negated), Some(1))))
    }

    /// A telephone or SIRET number, the beginning of one, the number of a département.
    fn number(&mut self, rest: &[Token], negated: bool) -> Result<Understood, Error> {
        let first = &rest[0];
        if first.is_number() && first.folded.len() >= 9 {
            let whole = self.everywhere(&first.folded);
            self.mark(Mark::Word(first.folded.clone()), None, negated);
            let documents = self.documents(&whole)?;
            if documents == 0 && first.folded.len() == 9 {
                // A SIREN begins the SIRET of its establishments.
                return Ok(self.beginning(&first.folded, negated)?.map(|unit| (1, unit)));
            }
            let clause = term(self.layout.tout, &first.folded, IndexRecordOption::WithFreqs);
            return Ok(Some((1, Self::unit(clause, Some(documents)))));
        }
        let pairs = rest.iter().take_while(|token| token.is_number() && token.folded.len() == 2).count();
        if pairs >= 2 && first.folded.starts_with('0') {
            let read = pairs.min(4);
            let begun: String = rest[..read].iter().map(|token| token.folded.as_str()).collect();
            if let Some(unit) = self.beginning(&begun, negated)? {
                return Ok(Some((read, unit)));
            }
        }
        if let [one, other, ..] = rest
            && other.is_number()
            && self.exists(&format!("{}{}", one.folded, other.folded))?
        {
            return Ok(None);
        }
        let announced = DEPARTEMENTS.contains(&first.folded.as_str()) && rest.len() > 1;
        let code = if announced { &rest[1].folded } else { &first.folded };
        let Some(unit) = self.departement(code, announced, negated)? else { return Ok(None) };
        Ok(Some((1 + usize::from(announced), unit)))
    }

    /// The numbers that begin with these digits.
    fn beginning(&mut self, digits: &str, negated: bool) -> Result<Option<Unit>, Error> {
        let found = self.beginning_with(self.layout.mots, digits)?;
        if found.is_empty() {
            return Ok(None);
        }
        self.mark(Mark::Prefix(digits.to_owned()), None, negated);
        let documents = found.len() as u64;
        let terms = found.iter().map(|found| Term::from_field_text(self.layout.mots, found));
        Ok(Some(Self::unit(constant(Box::new(TermSetQuery::new(terms)), WEIGHTS.lieu), Some(documents))))
    }

    /// Who works in the département of this number; announced by nothing, it may also be a number of a text.
    fn departement(&mut self, code: &str, announced: bool, negated: bool) -> Result<Option<Unit>, Error> {
        let known =
            matches!(code.as_bytes(), [b'0'..=b'9', b'0'..=b'9'] | [b'2', b'a' | b'b'] | [b'9', b'7', b'1'..=b'8']);
        let Some(field) = self.layout.facet(Facet::Departement).filter(|_| known) else { return Ok(None) };
        let filter = Term::from_field_text(field.filter, &code.to_uppercase());
        let there = self.documents(&filter)?;
        if there == 0 {
            return Ok(None);
        }
        let people = constant(Box::new(TermQuery::new(filter, IndexRecordOption::Basic)), self.place(WEIGHTS.lieu));
        if announced {
            return Ok(Some(Self::unit(people, Some(there))));
        }
        self.mark(Mark::Word(code.to_owned()), None, negated);
        let written = term(self.layout.tout, code, IndexRecordOption::WithFreqs);
        let documents = there + self.documents(&self.everywhere(code))?;
        Ok(Some(Self::unit(union(vec![people, written]), Some(documents))))
    }

    /// Words that spell a sigle out: they, or the sigle.
    fn spelled_out(&mut self, rest: &[Token], negated: bool) -> Result<Understood, Error> {
        if rest[0].stop {
            return Ok(None);
        }
        if !self.sigles.may_begin(&french::meant(&rest[0].folded)) {
            return Ok(None);
        }
        let telling: Vec<(usize, String)> = rest
            .iter()
            .enumerate()
            .filter(|(_, token)| !token.stop)
            .map(|(place, token)| (place, french::meant(&token.folded)))
            .collect();
        let stems: Vec<String> = telling.iter().map(|(_, stem)| stem.clone()).collect();
        let sigles = std::sync::Arc::clone(&self.sigles);
        let spelled = sigles.spelled(&stems);
        let Some(length) = spelled.first().map(|(length, _)| *length).filter(|length| *length > 1) else {
            return Ok(None);
        };
        let read = telling[length - 1].0 + 1;
        let mut words = Vec::new();
        for token in rest[..read].iter().filter(|token| !token.stop) {
            words.extend(self.word(&token.folded, None, negated)?.map(|(clause, _)| clause));
        }
        let mut alternatives: Vec<Clause> = all_of(words).into_iter().collect();
        let mut documents = 0;
        for (_, sigle) in spelled.iter().take_while(|(other, _)| *other == length) {
            let stem = self.everywhere(sigle);
            documents += self.documents(&stem)?;
            self.mark(Mark::Word((*sigle).to_owned()), None, negated);
            alternatives.push(term(self.layout.tout, &french::meant(sigle), IndexRecordOption::WithFreqs));
        }
        let clause = union(alternatives);
        Ok(Some((read, Self::unit(clause, Some(documents.max(1))))))
    }

    /// Words that stand apart and are one elsewhere: Le Guen, micro crèche, M 57.
    fn joined(&mut self, rest: &[Token], negated: bool) -> Result<Understood, Error> {
        if !may_begin_a_join(&rest[0].folded) {
            return Ok(None);
        }
        for length in (2..=LONGEST_JOIN.min(rest.len())).rev() {
            let words = &rest[..length];
            if words.iter().any(|word| word.folded.len() > 20) || (length > 2 && !words.iter().any(|word| word.stop)) {
                continue;
            }
            let whole: String = words.iter().map(|word| word.elided.as_str().to_owned() + &word.folded).collect();
            let documents = if self.exists(&whole)? { self.documents(&self.everywhere(&whole))? } else { 0 };
            // A name begins with its particle.
            let may_be_a_name = (words[0].folded.len() <= 3 || SAINTS.contains(&&*words[0].folded))
                && !words.iter().any(Token::is_number);
            let names = if may_be_a_name { self.names_like(&whole)? } else { Vec::new() };
            let is_code = words[0].folded.len() == 1 && words[1..].iter().all(Token::is_number);
            if documents == 0 && names.is_empty() && !is_code {
                continue;
            }
            let mut alternatives: Vec<Clause> = Vec::new();
            let mut known = documents;
            if documents > 0 {
                self.mark(Mark::Word(whole.clone()), None, negated);
                let found = term(self.layout.tout, &french::meant(&whole), IndexRecordOption::WithFreqs);
                alternatives.push(Box::new(BoostQuery::new(found, JOINED)));
                if !negated {
                    self.boost(&whole, &french::meant(&whole));
                }
            }
            let folded: Vec<String> = words.iter().map(|word| word.folded.clone()).collect();
            let content = words.iter().filter(|word| !word.stop && word.folded.len() > 1).count();
            if content == length && !is_code && !words.iter().any(Token::is_number) {
                let mut both = Vec::new();
                for word in words {
                    both.extend(self.word(&word.folded, None, negated)?.map(|(clause, _)| clause));
                }
                alternatives.extend(all_of(both));
                known += 1;
            } else {
                let row = self.words_in_a_row(&folded, negated);
                if is_code && documents == 0 && self.snapshot.searcher.search(&*row, &tantivy::collector::Count)? == 0 {
                    return Ok(None);
                }
                alternatives.push(Box::new(BoostQuery::new(row, JOINED)));
                known += 1;
                // A particle is not always one of a name: « des accords » is not « désaccord ».
                let last = &words[length - 1];
                let only = content == 1 && !negated && last.folded.len() > 1;
                if only && !is_code && !last.stop && !last.is_number() {
                    alternatives.extend(self.word(&last.folded, None, negated)?.map(|(clause, _)| clause));
                }
            }
            alternatives.extend(self.named_like(&whole, names, negated));
            if alternatives.is_empty() {
                continue;
            }
            return Ok(Some((length, Self::unit(union(alternatives), Some(known)))));
        }
        Ok(None)
    }

    fn single(&mut self, token: &Token, negated: bool) -> Result<Option<Unit>, Error> {
        if token.stop && !self.keep_stop_words {
            let what = Ignored::StopWord(token.folded.clone());
            if !self.ignored.contains(&what) {
                self.ignored.push(what);
            }
            return Ok(None);
        }
        let found = if french::is_stop_word(&token.folded) && !token.stop {
            self.meant(&token.folded, negated)?
        } else {
            self.word(&token.folded, None, negated)?
        };
        let Some((clause, documents)) = found else { return Ok(None) };
        let mut alternatives = vec![clause];
        let mut known = documents;
        if !token.elided.is_empty() {
            // D’Almeida and DALMEIDA.
            let whole = format!("{}{}", token.elided, token.folded);
            let documents = if self.exists(&whole)? { self.documents(&self.everywhere(&whole))? } else { 0 };
            if documents > 0 {
                self.mark(Mark::Word(whole.clone()), None, negated);
                known += documents;
                alternatives.push(term(self.layout.tout, &french::meant(&whole), IndexRecordOption::WithFreqs));
            }
        }
        Ok(Some(Self::unit(
            if alternatives.len() == 1 { alternatives.remove(0) } else { union(alternatives) },
            Some(known),
        )))
    }

    /// A stop word that is meant (SES, le son): where it is in a text, and where its sigle is spelled out.
    fn meant(&mut self, folded: &str, negated: bool) -> Result<Option<(Clause, u64)>, Error> {
        let documents = self.documents(&self.everywhere(folded))?;
        self.mark(Mark::Stem(french::meant(folded)), None, negated);
        let mut alternatives = vec![term(self.layout.tout, &french::meant(folded), IndexRecordOption::WithFreqs)];
        let known = documents + self.senses(folded, negated, &mut alternatives)?;
        if known == 0 {
            self.mark(Mark::Word(folded.to_owned()), None, negated);
        }
        if known == 0 || !self.alone {
            // A text may mean it and not show it (« Régie son lumière »): whoever has the word follows.
            let written = term(self.layout.mots, folded, IndexRecordOption::WithFreqs);
            alternatives.push(constant(written, CORRECTED_SCORE));
        }
        Ok(Some((union(alternatives), known)))
    }

    /// The clauses of people whose name sounds like this one, said as a correction.
    pub(crate) fn named_like(&mut self, typed: &str, names: Vec<String>, negated: bool) -> Option<Clause> {
        if names.is_empty() || negated {
            return None;
        }
        Some(self.corrected_to(typed, names, self.layout.mots, None, CORRECTED_SCORE))
    }
}
