//! The passage of a result that answers the query, and where it stands: « dans le CV joint (PDF) ».
//!
//! Built only for results that are shown, from stored texts, with the same reading of words as the index. What comes
//! out is plain text in segments, never HTML: who shows it escapes it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::french::{self, Words};
use crate::schema::QueryField;
use crate::spelling::{BoundMark, Mark};

/// Longest passage, in bytes, before it is widened to whole words.
const PASSAGE: usize = 220;
/// What is shown before the first word found, in bytes.
const LEAD: usize = 60;
/// How far into one text highlights look, in bytes.
const DEEPEST_LOOK: usize = 256 << 10;
const MOST_PASSAGES: usize = 2;

/// Where a passage was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Name of the person.
    Nom,
    Titre,
    /// Experience as a trainer.
    Experience,
    Motivation,
    /// Tables of the parcours.
    Parcours,
    Interventions,
    Specialites,
    Regions,
    Employeur,
    Structure,
    Langues,
    /// Text of an annonce.
    Description,
    /// Number of an annonce.
    Numero,
    /// Inside an attached file.
    Fichier {
        nom: String,
        /// Its format, `PDF`.
        format: String,
    },
}

/// A piece of a passage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Plain text, to be escaped when it is shown.
    pub text: String,
    pub is_match: bool,
}

/// A passage that answers the query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Highlight {
    pub source: Source,
    /// Its text, cut where a match begins and ends.
    pub segments: Vec<Segment>,
}

/// A text to look into.
pub(crate) struct Candidate<'a> {
    pub source: Source,
    pub field: Option<QueryField>,
    pub text: &'a str,
}

struct Found {
    start: usize,
    end: usize,
    mark: usize,
}

/// The marks of a query, ready to be met word by word.
pub(crate) struct Highlighter {
    marks: Vec<BoundMark>,
    stems: HashMap<String, Vec<usize>>,
    words: HashMap<String, Vec<usize>>,
    prefixes: Vec<(String, usize)>,
    phrases: Vec<(Vec<String>, usize)>,
    /// First bytes of the stems: the stemmer never changes a word's first letter, so other words need no stemming.
    stem_heads: [bool; 256],
}

impl Highlighter {
    pub(crate) fn new(marks: Vec<BoundMark>) -> Self {
        let mut made = Self {
            stems: HashMap::new(),
            words: HashMap::new(),
            prefixes: Vec::new(),
            phrases: Vec::new(),
            stem_heads: [false; 256],
            marks: Vec::new(),
        };
        for (place, bound) in marks.iter().enumerate() {
            match &bound.mark {
                Mark::Stem(stem) => {
                    if let Some(head) = stem.bytes().next() {
                        made.stem_heads[usize::from(head)] = true;
                    }
                    made.stems.entry(stem.clone()).or_default().push(place);
                }
                Mark::Word(word) => made.words.entry(word.clone()).or_default().push(place),
                Mark::Prefix(prefix) => made.prefixes.push((prefix.clone(), place)),
                Mark::Phrase(words) => made.phrases.push((words.clone(), place)),
            }
        }
        made.marks = marks;
        made
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// The best passages: the one that meets most marks, then one that meets others.
    pub(crate) fn passages(&self, candidates: &[Candidate<'_>]) -> Vec<Highlight> {
        let mut best: Vec<(usize, usize, Vec<Found>)> = Vec::new();
        for (place, candidate) in candidates.iter().enumerate() {
            let mut found = self.find(candidate);
            if let Some(window) = best_window(&found) {
                let distinct = window.1;
                let kept: Vec<Found> = found.drain(window.0).collect();
                best.push((place, distinct, kept));
            }
        }
        // Stable: among equals, the order in which the candidates were given.
        best.sort_by_key(|(_, distinct, _)| std::cmp::Reverse(*distinct));
        let mut met: Vec<usize> = Vec::new();
        let mut passages = Vec::new();
        for (place, _, found) in best {
            let brings = found.iter().any(|found| !met.contains(&found.mark));
            if passages.len() < MOST_PASSAGES && brings {
                met.extend(found.iter().map(|found| found.mark));
                let candidate = &candidates[place];
                passages.push(Highlight { source: candidate.source.clone(), segments: cut(candidate.text, &found) });
            }
        }
        passages
    }

    fn applies(&self, place: usize, field: Option<QueryField>) -> bool {
        self.marks[place].field.is_none_or(|bound| field == Some(bound))
    }

    fn find(&self, candidate: &Candidate<'_>) -> Vec<Found> {
        let text = &candidate.text[..candidate.text.floor_char_boundary(DEEPEST_LOOK)];
        let mut words = Words::new(text);
        let mut folded = String::new();
        let mut found = Vec::new();
        // For each phrase, the words read last, newest at the end, no more than the phrase is long.
        let longest = self.phrases.iter().map(|(words, _)| words.len()).max().unwrap_or(0);
        let mut last: Vec<(String, usize)> = Vec::new();
        while let Some(read) = words.next_into(&mut folded) {
            let mut met = |places: &[usize]| {
                for &place in places {
                    if self.applies(place, candidate.field) {
                        found.push(Found { start: read.start, end: read.end, mark: place });
                    }
                }
            };
            if let Some(places) = self.words.get(&folded) {
                met(places);
            }
            for (prefix, place) in &self.prefixes {
                if folded.starts_with(prefix) {
                    met(&[*place]);
                }
            }
            if folded.bytes().next().is_some_and(|head| self.stem_heads[usize::from(head)])
                && let Some(places) = self.stems.get(&french::meant(&folded))
                && !words.is_stop(&folded)
            {
                met(places);
            }
            if longest > 0 {
                if last.len() == longest {
                    last.remove(0);
                }
                last.push((folded.clone(), read.start));
                for (phrase, place) in &self.phrases {
                    if last.len() >= phrase.len()
                        && self.applies(*place, candidate.field)
                        && last[last.len() - phrase.len()..].iter().map(|(word, _)| word).eq(phrase)
                    {
                        let start = last[last.len() - phrase.len()].1;
                        found.push(Found { start, end: read.end, mark: *place });
                    }
                }
            }
        }
        found
    }
}

/// The run of findings that fits one passage and meets most marks, the first of equals; and how many it meets.
fn best_window(found: &[Found]) -> Option<(std::ops::Range<usize>, usize)> {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    let mut from = 0;
    let mut best: Option<(std::ops::Range<usize>, usize)> = None;
    for (to, last) in found.iter().enumerate() {
        *counts.entry(last.mark).or_default() += 1;
        while from < to && last.end.saturating_sub(found[from].start) > PASSAGE - LEAD {
            if let Some(count) = counts.get_mut(&found[from].mark) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(&found[from].mark);
                }
            }
            from += 1;
        }
        let distinct = counts.len();
        let better = best.as_ref().is_none_or(|(range, met)| {
            distinct > *met || (distinct == *met && range.start == from && to + 1 > range.end)
        });
        if better {
            best = Some((from..to + 1, distinct));
        }
    }
    best
}

/// Cuts the passage around the findings into segments, white space made single, an ellipsis where text was left out.
fn cut(text: &str, found: &[Found]) -> Vec<Segment> {
    let first = found.iter().map(|found| found.start).min().unwrap_or(0);
    let last = found.iter().map(|found| found.end).max().unwrap_or(0);
    let mut start = text.floor_char_boundary(first.saturating_sub(LEAD));
    if start > 0 {
        // To the next beginning of a word.
        start = text[start..first].find(char::is_whitespace).map_or(first, |space| start + space);
    }
    let mut end = text.ceil_char_boundary((start + PASSAGE).max(last).min(text.len()));
    if end < text.len() && end > last {
        end = text[last..end].rfind(char::is_whitespace).map_or(last, |space| last + space);
    }
    let mut segments: Vec<Segment> = Vec::new();
    let mut push = |piece: &str, is_match: bool| {
        let mut clean = String::with_capacity(piece.len());
        for character in piece.chars() {
            if character.is_whitespace() || character.is_control() {
                if !clean.ends_with(' ') {
                    clean.push(' ');
                }
            } else {
                clean.push(character);
            }
        }
        match segments.last_mut() {
            Some(last) if last.is_match == is_match => last.text.push_str(&clean),
            _ if clean.is_empty() => {}
            _ => segments.push(Segment { text: clean, is_match }),
        }
    };
    if start > 0 {
        push("… ", false);
    }
    let mut spans: Vec<(usize, usize)> = found.iter().map(|found| (found.start, found.end)).collect();
    spans.sort_unstable();
    let mut position = start;
    for (from, to) in spans {
        if from >= position {
            let before = &text[position..from];
            push(if position == start { before.trim_start() } else { before }, false);
            push(&text[from..to], true);
            position = to;
        } else if to > position {
            push(&text[position..to], true);
            position = to;
        }
    }
    if position < end {
        push(&text[position..end], false);
    }
    if end.max(position) < text.trim_end().len() {
        push(" …", false);
    }
    segments
}

/// The head of a text, for a result without any passage.
pub(crate) fn head(text: &str) -> String {
    let mut head = text.split_whitespace().fold(String::new(), |mut head, word| {
        if head.len() < PASSAGE {
            if !head.is_empty() {
                head.push(' ');
            }
            head.push_str(&word[..word.floor_char_boundary(PASSAGE)]);
        }
        head
    });
    if head.len() >= PASSAGE {
        head.push_str(" …");
    }
    head
}
