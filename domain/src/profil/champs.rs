//! The fields of a form as they were typed, and how they are read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CHOICES_MAX, LINE_MAX, is_france};
use crate::masque;
use crate::telephone::Telephone;
use crate::texte::{compact, ligne, saisi};

/// Longest postcode of another country, in characters.
const POSTCODE_MAX: usize = 12;

/// The fields of a form as they were typed: names may repeat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Champs(BTreeMap<String, Vec<String>>);

impl Champs {
    /// The first value of a field without spaces around, empty when it is absent.
    pub fn one(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// Every value of a field that is not empty.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// Every value of a field, in order, the empty ones too.
    pub fn every(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(|value| value.trim())
    }

    /// Whether a box is ticked.
    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.entry(name.into()).or_default().push(value.into());
    }

    /// Puts one value in place of all.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), vec![value.into()]);
    }

    /// Only the fields with these names: other posted fields are not kept.
    pub fn only(self, names: &[&str]) -> Self {
        Self(self.0.into_iter().filter(|(name, _)| names.contains(&name.as_str())).collect())
    }

    /// The same fields as they may be kept (SPEC Q7).
    pub fn masked(&self) -> Self {
        let field = |(name, values): (&String, &Vec<String>)| {
            (name.clone(), values.iter().map(|value| masque::of_field(name, value)).collect())
        };
        Self(self.0.iter().map(field).collect())
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Champs {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut champs = Self::default();
        for (name, value) in pairs {
            champs.push(name, value);
        }
        champs
    }
}

/// What is wrong with a field, or missing in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ecart {
    pub champ: &'static str,
    /// What is wrong and what to do.
    pub phrase: String,
}

impl Ecart {
    /// `phrase` about `champ`.
    pub fn new(champ: &'static str, phrase: impl Into<String>) -> Self {
        Self { champ, phrase: phrase.into() }
    }
}
/// Collects what is wrong while a form is read.
pub(crate) struct Reader<'a> {
    pub(crate) champs: &'a Champs,
    pub(crate) wrong: Vec<Ecart>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(champs: &'a Champs) -> Self {
        Self { champs, wrong: Vec::new() }
    }

    /// A line, its spaces single.
    pub(crate) fn line(&mut self, name: &'static str) -> String {
        ligne(&self.bounded(name, LINE_MAX))
    }

    /// A text of several lines.
    pub(crate) fn bounded(&mut self, name: &'static str, max: usize) -> String {
        let value = saisi(self.champs.one(name));
        let value = value.trim();
        let length = value.chars().count();
        if length > max {
            self.wrong
                .push(Ecart::new(name, format!("Ce texte est trop long : {length} caractères, pour {max} au plus.")));
            return String::new();
        }
        value.to_owned()
    }

    /// The value of a field: none when it is empty, or when it can't be read, which the reader then notes.
    pub(crate) fn parsed<T, E: std::fmt::Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let value = self.champs.one(name);
        if value.is_empty() {
            return None;
        }
        match parse(value) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.wrong.push(Ecart::new(name, error.to_string()));
                None
            }
        }
    }

    pub(crate) fn word<T>(&mut self, name: &'static str, from: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.parsed(name, |value| from(value).ok_or("Choisissez l’une des réponses proposées."))
    }

    pub(crate) fn phone(&mut self, name: &'static str) -> String {
        self.parsed(name, Telephone::parse).map_or_else(String::new, |phone| phone.as_str().to_owned())
    }

    /// A postcode: in France, and when no country is typed, five digits with « CEDEX » or without; abroad, as it is
    /// written.
    pub(crate) fn postcode(&mut self, name: &'static str, pays: &str) -> String {
        self.parsed(name, |value| {
            let written = ligne(value);
            if !pays.is_empty() && !is_france(pays) {
                let fits = written.chars().count() <= POSTCODE_MAX;
                return if fits { Ok(written) } else { Err("Ce code postal est trop long : 12 caractères au plus.") };
            }
            french_postcode(&written).ok_or("Un code postal français compte 5 chiffres.")
        })
        .unwrap_or_default()
    }

    /// The postcode of an address without a country field: a French one, or one from abroad as it is written.
    pub(crate) fn postcode_anywhere(&mut self, name: &'static str) -> String {
        self.parsed(name, |value| {
            let written = ligne(value);
            let dash = |sign: char| matches!(sign, '-' | '\u{2010}'..='\u{2015}');
            let known = written.chars().all(|sign| sign.is_alphanumeric() || sign == ' ' || dash(sign));
            let abroad = known
                && written.chars().any(|sign| sign.is_ascii_digit())
                && (2..=POSTCODE_MAX).contains(&written.chars().count());
            french_postcode(&written).or_else(|| abroad.then_some(written)).ok_or(
                "Vérifiez ce code postal : 5 chiffres en France ; ailleurs, de 2 à 12 lettres, chiffres, espaces ou traits \
                 d’union.",
            )
        })
        .unwrap_or_default()
    }

    pub(crate) fn choices(&self, name: &str) -> Vec<String> {
        let mut found: Vec<String> = self.champs.all(name).take(CHOICES_MAX).map(str::to_owned).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// A French postcode: five digits alone, or followed by « CEDEX » and its number.
fn french_postcode(written: &str) -> Option<String> {
    let five = |digits: &str| digits.len() == 5 && digits.bytes().all(|sign| sign.is_ascii_digit());
    let compact = compact(written);
    if five(&compact) {
        return Some(compact);
    }
    let mut words = written.split(' ');
    let cedex = words.next().is_some_and(five)
        && words.next().is_some_and(|word| word.eq_ignore_ascii_case("cedex"))
        && words.next().is_none_or(|number| number.len() <= 2 && number.bytes().all(|sign| sign.is_ascii_digit()))
        && words.next().is_none();
    cedex.then(|| written.to_owned())
}

/// Each field once, in the order of its page.
pub(crate) fn in_order(mut wrong: Vec<Ecart>, order: &[&str]) -> Vec<Ecart> {
    wrong.sort_by_key(|ecart| order.iter().position(|name| *name == ecart.champ));
    wrong.dedup_by_key(|ecart| ecart.champ);
    wrong
}
