//! The field's acronyms (sigles) with what they stand for. A query that has one is understood both ways; the list is
//! data that an administrateur edits, and reaches the index through [`crate::SearchIndex::set_sigles`].

use std::collections::HashMap;

use crate::french;

/// Words of one sense, at most; a longer one is not looked for.
const LONGEST_SENSE: usize = 16;

/// What is searched both ways. Looking into it costs nothing that grows with the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sigles {
    /// By the folded sigle: the folded words of each of its senses.
    senses: HashMap<String, Vec<Vec<String>>>,
    /// By the stem of the first telling word of a sense: its stems, and the folded sigle.
    spelled: HashMap<String, Vec<(Vec<String>, String)>>,
}

fn telling_stems(words: &[String]) -> Vec<String> {
    words.iter().filter_map(|word| french::stem(word)).collect()
}

impl Sigles {
    /// From pairs of a sigle and one of its senses; a sigle with several senses comes several times.
    pub fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut made = Self::default();
        for (sigle, sense) in pairs {
            let sigle: String = french::folded_words(sigle).concat();
            let words = french::folded_words(sense);
            if sigle.is_empty() || words.is_empty() || words.len() > LONGEST_SENSE {
                continue;
            }
            let stems = telling_stems(&words);
            if let Some(first) = stems.first().cloned() {
                made.spelled.entry(first).or_default().push((stems, sigle.clone()));
            }
            made.senses.entry(sigle).or_default().push(words);
        }
        made
    }

    /// What a folded sigle stands for: the folded words of each sense.
    pub(crate) fn senses(&self, sigle: &str) -> &[Vec<String>] {
        self.senses.get(sigle).map_or(&[], Vec::as_slice)
    }

    /// Whether a sense begins with this stem.
    pub(crate) fn may_begin(&self, stem: &str) -> bool {
        self.spelled.contains_key(stem)
    }

    /// The sigles whose sense begins here, each with how many of these stems say it; the longest first.
    pub(crate) fn spelled(&self, stems: &[String]) -> Vec<(usize, &str)> {
        let Some(known) = stems.first().and_then(|first| self.spelled.get(first)) else { return Vec::new() };
        let mut found: Vec<(usize, &str)> = known
            .iter()
            .filter(|(sense, _)| stems.starts_with(sense))
            .map(|(sense, sigle)| (sense.len(), sigle.as_str()))
            .collect();
        found.sort_by_key(|(length, sigle)| (std::cmp::Reverse(*length), *sigle));
        found
    }
}
