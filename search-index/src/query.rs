//! What a person typed, understood as far as possible: never an error, never a panic, one pass over the text.
//!
//! Words are ANDed; `ET OU SAUF` and `AND OR NOT` in capitals, `-word`, "phrases", « phrases », `prefix*`, parentheses
//! and `field:`. What makes no sense is set aside and told in [`Ignored`]. Nothing here knows of Tantivy.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::french;
use crate::schema::QueryField;

/// Longest query read, in bytes; the rest is set aside.
pub const LONGEST_QUERY: usize = 1_000;
/// Most words and phrases; the rest is set aside.
pub const MOST_TERMS: usize = 32;
/// Deepest nesting of parentheses; deeper ones are read as if they were not there.
pub const DEEPEST: usize = 8;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    /// A word, with its inflections.
    Word {
        /// As typed.
        text: String,
        /// Where to look; everywhere when `None`.
        field: Option<QueryField>,
    },
    /// The beginning of a word.
    Prefix {
        /// As typed, without its star.
        text: String,
        field: Option<QueryField>,
    },
    /// Words one after the other.
    Phrase {
        /// As typed, without its quotes.
        text: String,
        field: Option<QueryField>,
    },
    All {
        parts: Vec<Expression>,
        /// Said with ET or AND: not relaxed when nothing matches.
        explicit: bool,
    },
    /// At least one of them.
    Any(Vec<Expression>),
    /// None of it.
    Not(Box<Expression>),
}

/// What was typed and set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ignored {
    /// The query was longer than [`LONGEST_QUERY`].
    TooLong,
    /// There were more than [`MOST_TERMS`] terms.
    TooManyTerms,
    /// Parentheses deeper than [`DEEPEST`].
    TooDeep,
    /// A parenthesis or quote without its pair.
    Unbalanced(String),
    /// An operator with nothing to work on.
    Operator(String),
    /// No field of this name here: read as a word.
    UnknownField(String),
    /// A word too common to search (le, de, et…).
    StopWord(String),
}

/// The outcome of reading a query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parsed {
    /// `None` when there was nothing to search.
    pub expression: Option<Expression>,
    pub ignored: Vec<Ignored>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Phrase(String),
    Open,
    Close,
    And,
    Or,
    Not,
    Field(QueryField),
}

struct Reader {
    tokens: Vec<Token>,
    next: usize,
    terms: usize,
    ignored: Vec<Ignored>,
}

/// Reads what was typed. With `as_you_type`, a last word right at the end is the beginning of a word.
pub fn parse(text: &str, fields: &[QueryField], as_you_type: bool) -> Parsed {
    let mut ignored = Vec::new();
    let cut = &text[..text.floor_char_boundary(LONGEST_QUERY)];
    if cut.len() < text.len() {
        ignored.push(Ignored::TooLong);
    }
    let tokens = tokens(cut, fields, as_you_type, &mut ignored);
    let mut reader = Reader { tokens, next: 0, terms: 0, ignored };
    let mut parts = Vec::new();
    while reader.next < reader.tokens.len() {
        parts.extend(reader.any(None, 0));
        // `any` stops before the end only at a parenthesis that closes nothing.
        if reader.next < reader.tokens.len() {
            reader.next += 1;
            reader.ignore(Ignored::Unbalanced(")".to_owned()));
        }
    }
    Parsed { expression: all(parts, false), ignored: reader.ignored }
}

fn all(mut parts: Vec<Expression>, explicit: bool) -> Option<Expression> {
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(Expression::All { parts, explicit }),
    }
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn ignore(&mut self, what: Ignored) {
        if !self.ignored.contains(&what) && self.ignored.len() < MOST_TERMS {
            self.ignored.push(what);
        }
    }

    /// `a b OU c`: stops at a closing parenthesis or at the end.
    fn any(&mut self, field: Option<QueryField>, depth: usize) -> Option<Expression> {
        let mut parts = Vec::new();
        parts.extend(self.all(field, depth));
        while self.peek() == Some(&Token::Or) {
            self.next += 1;
            match self.all(field, depth) {
                Some(part) if !parts.is_empty() => parts.push(part),
                other => {
                    self.ignore(Ignored::Operator("OU".to_owned()));
                    parts.extend(other);
                }
            }
        }
        match parts.len() {
            0 | 1 => parts.pop(),
            _ => Some(Expression::Any(parts)),
        }
    }

    fn all(&mut self, field: Option<QueryField>, depth: usize) -> Option<Expression> {
        let mut parts = Vec::new();
        let mut explicit = false;
        let mut joined = false;
        loop {
            match self.peek() {
                None | Some(Token::Or | Token::Close) => break,
                Some(Token::And) => {
                    self.next += 1;
                    if parts.is_empty() || joined {
                        self.ignore(Ignored::Operator("ET".to_owned()));
                    } else {
                        joined = true;
                    }
                }
                Some(_) => {
                    if let Some(part) = self.one(field, depth) {
                        explicit |= joined;
                        joined = false;
                        parts.push(part);
                    }
                }
            }
        }
        if joined {
            self.ignore(Ignored::Operator("ET".to_owned()));
        }
        all(parts, explicit)
    }

    /// One term or group with what stands before it. Always consumes at least one token.
    fn one(&mut self, outer: Option<QueryField>, depth: usize) -> Option<Expression> {
        let mut negated = false;
        let mut field = outer;
        loop {
            match self.peek() {
                Some(Token::Not) => {
                    // SAUF twice still means without: a reader in a hurry means no double negation.
                    negated = true;
                    self.next += 1;
                }
                Some(Token::Field(name)) => {
                    field = Some(*name);
                    self.next += 1;
                }
                _ => break,
            }
        }
        let found = match self.peek().cloned() {
            Some(Token::Word(text)) => {
                self.next += 1;
                self.term(match text.strip_suffix('*') {
                    Some(prefix) => Expression::Prefix { text: prefix.to_owned(), field },
                    None => Expression::Word { text, field },
                })
            }
            Some(Token::Phrase(text)) => {
                self.next += 1;
                self.term(Expression::Phrase { text, field })
            }
            Some(Token::Open) => {
                self.next += 1;
                if depth >= DEEPEST {
                    self.ignore(Ignored::TooDeep);
                    return None;
                }
                let inner = self.any(field, depth + 1);
                if self.peek() == Some(&Token::Close) {
                    self.next += 1;
                } else {
                    self.ignore(Ignored::Unbalanced("(".to_owned()));
                }
                inner
            }
            // An operator, a closing parenthesis or the end, after SAUF or a field: the caller goes on from there.
            _ => None,
        };
        match found {
            Some(found) if negated => Some(Expression::Not(Box::new(found))),
            Some(found) => Some(found),
            None => {
                if negated {
                    self.ignore(Ignored::Operator("SAUF".to_owned()));
                }
                None
            }
        }
    }

    fn term(&mut self, term: Expression) -> Option<Expression> {
        if self.terms == MOST_TERMS {
            self.ignore(Ignored::TooManyTerms);
            return None;
        }
        self.terms += 1;
        Some(term)
    }
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '«' | '»' | '“' | '”' | '„')
}

fn closes(open: char, character: char) -> bool {
    match open {
        '«' => character == '»',
        '“' | '„' => matches!(character, '”' | '“'),
        _ => character == '"',
    }
}

fn has_words(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

fn tokens(text: &str, fields: &[QueryField], as_you_type: bool, ignored: &mut Vec<Ignored>) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text;
    // A quote that has no pair further on is not looked for again: one pass in all.
    let mut unpaired: Vec<char> = Vec::new();
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        if first == '(' || first == ')' {
            found.push(if first == '(' { Token::Open } else { Token::Close });
            rest = after;
        } else if is_quote(first) {
            let end = if unpaired.contains(&first) {
                None
            } else {
                after.char_indices().find(|(_, character)| closes(first, *character))
            };
            if let Some((end, close)) = end {
                let phrase = &after[..end];
                if has_words(phrase) {
                    found.push(Token::Phrase(phrase.trim().to_owned()));
                }
                rest = &after[end + close.len_utf8()..];
            } else {
                unpaired.push(first);
                let what = Ignored::Unbalanced(first.to_string());
                if !ignored.contains(&what) {
                    ignored.push(what);
                }
                rest = after;
            }
        } else if first.is_whitespace() {
            rest = after;
        } else {
            let end = rest
                .find(|character: char| {
                    character.is_whitespace() || matches!(character, '(' | ')') || is_quote(character)
                })
                .unwrap_or(rest.len());
            let last = end == rest.len();
            if matches!(&rest[..end], "-" | "−")
                && !last
                && !rest[end..].starts_with(|next: char| next.is_whitespace() || next == ')')
            {
                // Right before a phrase or a group.
                found.push(Token::Not);
            }
            word(&rest[..end], fields, as_you_type && last, &mut found, ignored);
            rest = &rest[end..];
        }
    }
    found
}

/// What stands between two spaces: an operator, a field and its word, a word.
fn word(text: &str, fields: &[QueryField], unfinished: bool, found: &mut Vec<Token>, ignored: &mut Vec<Ignored>) {
    match text {
        "ET" | "AND" | "&&" => return found.push(Token::And),
        "OU" | "OR" | "||" => return found.push(Token::Or),
        "SAUF" | "NOT" => return found.push(Token::Not),
        _ => {}
    }
    let mut text = text;
    if let Some(without) = text.strip_prefix(['-', '−'])
        && !without.is_empty()
    {
        found.push(Token::Not);
        text = without;
    }
    if let Some((name, value)) = text.split_once(':')
        && has_words(name)
    {
        if let Some(field) = QueryField::named(&french::fold(name)).filter(|field| fields.contains(field)) {
            found.push(Token::Field(field));
            text = value;
        } else {
            let what = Ignored::UnknownField(name.to_owned());
            if !ignored.contains(&what) && ignored.len() < MOST_TERMS {
                ignored.push(what);
            }
        }
    }
    if !has_words(text) {
        return;
    }
    let starred = text.ends_with('*') || (unfinished && text.ends_with(char::is_alphanumeric));
    let text = text.trim_end_matches('*');
    found.push(Token::Word(if starred { format!("{text}*") } else { text.to_owned() }));
}

impl fmt::Display for Expression {
    /// The query as it was understood, written as one would type it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = |field: &Option<QueryField>| field.map(|field| format!("{}:", field.name())).unwrap_or_default();
        let join = |f: &mut fmt::Formatter<'_>, parts: &[Self], between: &str| {
            for (place, part) in parts.iter().enumerate() {
                if place > 0 {
                    f.write_str(between)?;
                }
                match part {
                    Self::All { .. } | Self::Any(_) => write!(f, "({part})")?,
                    _ => write!(f, "{part}")?,
                }
            }
            Ok(())
        };
        match self {
            Self::Word { text, field } => write!(f, "{}{text}", prefix(field)),
            Self::Prefix { text, field } => write!(f, "{}{text}*", prefix(field)),
            Self::Phrase { text, field } => write!(f, "{}« {text} »", prefix(field)),
            Self::All { parts, explicit: _ } => join(f, parts, " ET "),
            Self::Any(parts) => join(f, parts, " OU "),
            Self::Not(part) => match &**part {
                Self::All { .. } | Self::Any(_) => write!(f, "SAUF ({part})"),
                _ => write!(f, "SAUF {part}"),
            },
        }
    }
}
