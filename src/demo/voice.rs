//! Fills the gaps of a sentence for one person, with the words of their spécialité.
//!
//! A gap is `{sujet}`, `{mission}`, `{texte}`, `{outil}`, `{public}`, `{metier}` or a fact given by the caller;
//! `{de:…}` and `{a:…}` put the preposition before it, a capital (`{Sujet}`) asks for the form of a title, and
//! `[masculine|feminine]` follows the person.

use std::collections::BTreeMap;

use super::{grammar, random::Random, vocabulary::Vocabulary};

/// Entries given in a random order; once all were given, it starts again.
struct Deck {
    entries: Vec<&'static str>,
    next: usize,
}

impl Deck {
    fn new(entries: &[&'static str], random: &mut Random) -> Self {
        let mut entries = entries.to_vec();
        random.shuffle(&mut entries);
        Self { entries, next: 0 }
    }

    fn deal(&mut self) -> &'static str {
        let entry = self.entries[self.next % self.entries.len()];
        self.next += 1;
        entry
    }
}

pub(super) struct Voice<'a> {
    vocabulary: &'a Vocabulary,
    female: bool,
    metier: usize,
    facts: BTreeMap<&'static str, String>,
    missions: Deck,
    sujets: Deck,
    textes: Deck,
    outils: Deck,
    publics: Deck,
}

impl<'a> Voice<'a> {
    pub(super) fn new(vocabulary: &'a Vocabulary, female: bool, random: &mut Random) -> Self {
        Self {
            vocabulary,
            female,
            metier: random.below(vocabulary.metiers.len()),
            facts: BTreeMap::new(),
            missions: Deck::new(&vocabulary.missions, random),
            sujets: Deck::new(&vocabulary.sujets, random),
            textes: Deck::new(&vocabulary.textes, random),
            outils: Deck::new(&vocabulary.outils, random),
            publics: Deck::new(&vocabulary.publics, random),
        }
    }

    pub(super) fn fact(mut self, name: &'static str, value: String) -> Self {
        self.facts.insert(name, value);
        self
    }

    pub(super) fn metier(&self) -> &'static str {
        self.vocabulary.metier(self.metier, self.female)
    }

    /// Another job of the same field, for an earlier post.
    pub(super) fn earlier_metier(&self, before: usize) -> &'static str {
        self.vocabulary.metier(self.metier + before, self.female)
    }

    pub(super) fn mission(&mut self) -> &'static str {
        self.missions.deal()
    }

    pub(super) fn diplomas(&self) -> &[&'static str] {
        &self.vocabulary.diplomes
    }

    pub(super) fn outil(&mut self) -> &'static str {
        self.outils.deal()
    }

    /// Fills the gaps of `template`; an unknown gap stays, and a test looks for such gaps.
    pub(super) fn say(&mut self, template: &str) -> String {
        let mut out = String::with_capacity(template.len() + 80);
        let mut rest = template;
        while let Some(at) = rest.find(['{', '[']) {
            out.push_str(&rest[..at]);
            let closing = if rest[at..].starts_with('{') { '}' } else { ']' };
            let Some(length) = rest[at..].find(closing) else {
                break;
            };
            let gap = &rest[at + 1..at + length];
            if closing == ']' {
                let (masculine, feminine) = gap.split_once('|').unwrap_or((gap, gap));
                out.push_str(if self.female { feminine } else { masculine });
            } else {
                out.push_str(&self.fill(gap));
            }
            rest = &rest[at + length + 1..];
        }
        out.push_str(rest);
        out.replace("\\n", "\n")
    }

    fn fill(&mut self, gap: &str) -> String {
        let (preposition, name) = match gap.split_once(':') {
            Some((preposition, name)) => (Some(preposition), name),
            None => (None, gap),
        };
        let title = name.starts_with(char::is_uppercase);
        let word = match name.to_lowercase().as_str() {
            "sujet" => self.sujets.deal().to_owned(),
            "mission" => self.missions.deal().to_owned(),
            "texte" => self.textes.deal().to_owned(),
            "outil" => self.outils.deal().to_owned(),
            "public" => self.publics.deal().to_owned(),
            "metier" if title => self.metier().to_owned(),
            "metier" => grammar::lowered(self.metier()),
            "e" => String::from(if self.female { "e" } else { "" }),
            // Facts last, so that no fact can take a word's name.
            fact => match self.facts.get(fact) {
                Some(value) => value.clone(),
                None => return format!("{{{gap}}}"),
            },
        };
        match (preposition, title) {
            (Some("de"), _) => grammar::de(&word),
            (Some("a"), _) => grammar::a(&word),
            (_, true) if name == "Structure" => grammar::capitalised(&word),
            (_, true) => grammar::headline(&word),
            _ => word,
        }
    }
}
