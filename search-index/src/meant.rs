//! What may have been meant by words as they stand: a field that goes on over several words, a criterion that could be
//! chosen instead of typed.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use tantivy::Term;
use tantivy::collector::Count;
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;

use crate::error::Error;
use crate::french;
use crate::query::Expression;
use crate::schema::{Facet, Layout, QueryField};
use crate::snapshot::Snapshot;

/// Words of one label, at most.
const LONGEST_LABEL: usize = 8;
/// Criteria proposed for one query.
const MOST_PROPOSED: usize = 3;

/// A value of a facet whose name stands in a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    pub facet: Facet,
    pub code: String,
    pub label: String,
    /// The bytes of the query that name it.
    pub typed: Range<usize>,
}

/// Whether a query is words side by side: in any other a name may be excluded, quoted, or that of a field.
pub(crate) fn is_plain(expression: &Expression) -> bool {
    match expression {
        Expression::Word { field, .. } => field.is_none(),
        Expression::All { parts, explicit } => !explicit && parts.iter().all(is_plain),
        _ => false,
    }
}

/// The values of facets that these words name, the longest first at each place.
pub(crate) fn proposed(text: &str, layout: &Layout, snapshot: &Snapshot) -> Vec<Proposed> {
    let labels = snapshot.labels();
    let mut words = Vec::new();
    let mut reader = french::Words::new(text);
    let mut folded = String::new();
    while let Some(read) = reader.next_into(&mut folded) {
        words.push((folded.clone(), read));
    }
    let mut found = Vec::new();
    let mut place = 0;
    while place < words.len() && found.len() < MOST_PROPOSED {
        let longest = (1..=LONGEST_LABEL.min(words.len() - place)).rev().find_map(|length| {
            let run: Vec<&str> = words[place..place + length].iter().map(|(word, _)| word.as_str()).collect();
            Some((length, labels.get(&run.join(" "))?))
        });
        let Some((length, values)) = longest else {
            place += 1;
            continue;
        };
        let typed = words[place].1.start..words[place + length - 1].1.end;
        for &(facet, value) in values.iter().take(MOST_PROPOSED - found.len()) {
            let facet_field = &layout.facets[facet];
            // A structure is nobody's trade nor place.
            if facet_field.facet != Facet::Structure {
                let value = &snapshot.values[facet][value];
                found.push(Proposed {
                    facet: facet_field.facet,
                    code: value.code.clone(),
                    label: value.label.clone(),
                    typed: typed.clone(),
                });
            }
        }
        place += length;
    }
    found
}

/// The same expression, each field over as many of the words behind it as some document has there together:
/// `employeur:commune de Vannes` is one employer, `region:bretagne archives` is not one région.
pub(crate) fn fields_extended(
    expression: Expression,
    layout: &Layout,
    snapshot: &Snapshot,
) -> Result<Expression, Error> {
    let Expression::All { parts, explicit: false } = expression else { return Ok(expression) };
    let mut extended: Vec<Expression> = Vec::with_capacity(parts.len());
    let mut parts = parts.into_iter().peekable();
    while let Some(part) = parts.next() {
        let Expression::Word { text, field: Some(field) } = part else {
            extended.push(part);
            continue;
        };
        let mut held: Vec<String> = Vec::new();
        let mut whole = text;
        while let Some(Expression::Word { text, field: None }) = parts.peek() {
            let mut longer = whole.clone();
            for word in held.iter().chain([text]) {
                longer.push(' ');
                longer.push_str(word);
            }
            let is_telling = french::folded_words(text).iter().any(|word| !french::is_stop_word(word));
            if is_telling && !somebody_has(&longer, field, layout, snapshot)? {
                break;
            }
            if is_telling {
                whole = longer;
                held.clear();
            } else {
                held.push(text.clone());
            }
            parts.next();
        }
        extended.push(Expression::Word { text: whole, field: Some(field) });
        extended.extend(held.into_iter().map(|text| Expression::Word { text, field: None }));
    }
    Ok(match extended.len() {
        1 => extended.remove(0),
        _ => Expression::All { parts: extended, explicit: false },
    })
}

fn somebody_has(text: &str, field: QueryField, layout: &Layout, snapshot: &Snapshot) -> Result<bool, Error> {
    let Some(named) = layout.named(field) else { return Ok(false) };
    let terms: Vec<Box<dyn Query>> = french::folded_words(text)
        .iter()
        .filter_map(|word| if named.stemmed { french::stem(word) } else { Some(word.clone()) })
        .map(|word| -> Box<dyn Query> {
            Box::new(TermQuery::new(Term::from_field_text(named.field, &word), IndexRecordOption::Basic))
        })
        .collect();
    Ok(snapshot.searcher.search(&BooleanQuery::intersection(terms), &Count)? > 0)
}
