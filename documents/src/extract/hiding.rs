//! What hides text in more than one format: styles, and the codes of fields.

use std::collections::HashMap;
use std::hash::Hash;

/// Styles of one document that are kept; Word stops at 4,079.
const MAX_STYLES: usize = 10_000;

/// Ancestors that are asked, so that a circle ends.
const MAX_PARENTS: usize = 32;

/// Fields inside fields, more than any program makes.
const MAX_FIELDS: usize = 64;

/// The styles of a document, as far as they hide text.
#[derive(Debug, Clone)]
pub(super) struct Styles<K>(HashMap<K, Style<K>>);

#[derive(Debug, Clone)]
pub(super) struct Style<K> {
    /// What the style itself says.
    pub(super) hides: Option<bool>,
    pub(super) parent: Option<K>,
}

impl<K> Default for Style<K> {
    fn default() -> Self {
        Self { hides: None, parent: None }
    }
}

impl<K> Default for Styles<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash> Styles<K> {
    /// The style of that name, new if there is none yet; `None` when there are too many.
    pub(super) fn entry(&mut self, name: K) -> Option<&mut Style<K>> {
        if self.0.len() >= MAX_STYLES && !self.0.contains_key(&name) {
            return None;
        }
        Some(self.0.entry(name).or_default())
    }

    /// Whether the style says that its text is hidden or shown, itself or by the nearest ancestor that says so.
    pub(super) fn hides(&self, name: &K) -> Option<bool> {
        let mut style = self.0.get(name)?;
        for _ in 0..MAX_PARENTS {
            if style.hides.is_some() {
                break;
            }
            style = self.0.get(style.parent.as_ref()?)?;
        }
        style.hides
    }
}

/// The open fields, each first in its code, then in its result (ECMA-376 part 1 §17.16.18, [MS-DOC] §2.8.25).
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<bool>);

impl Fields {
    pub(super) fn begin(&mut self) {
        if self.0.len() < MAX_FIELDS {
            self.0.push(true);
        }
    }

    /// From the code to the result.
    pub(super) fn separate(&mut self) {
        if let Some(code) = self.0.last_mut() {
            *code = false;
        }
    }

    pub(super) fn end(&mut self) {
        self.0.pop();
    }

    /// Inside a code, of whichever field.
    pub(super) fn in_code(&self) -> bool {
        self.0.contains(&true)
    }

    /// Inside a field that stands in the code of another: what it results in is read by that code alone.
    pub(super) fn in_code_of_another(&self) -> bool {
        self.0.split_last().is_some_and(|(_, outer)| outer.contains(&true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g3_a_style_hides_as_its_nearest_ancestor_that_says() {
        let mut styles = Styles::default();
        for (name, hides, parent) in [("a", Some(true), None), ("b", None, Some("a")), ("c", Some(false), Some("b"))] {
            *styles.entry(name).unwrap() = Style { hides, parent };
        }
        assert_eq!(["a", "b", "c", "d"].map(|name| styles.hides(&name)), [Some(true), Some(true), Some(false), None]);
    }

    #[test]
    fn q8_styles_in_a_circle_and_too_many_styles_end() {
        let mut styles = Styles::default();
        for (name, parent) in [(0, 1), (1, 0)] {
            styles.entry(name).unwrap().parent = Some(parent);
        }
        assert_eq!(styles.hides(&0), None);
        assert!((2..).take(2 * MAX_STYLES).any(|name| styles.entry(name).is_none()));
    }

    #[test]
    fn q8_fields_that_do_not_close_are_bounded() {
        let mut fields = Fields::default();
        for _ in 0..1_000 {
            fields.begin();
        }
        assert_eq!(fields.0.len(), MAX_FIELDS);
        for _ in 0..1_000 {
            fields.end();
        }
        assert!(!fields.in_code());
    }
}
