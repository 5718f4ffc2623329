//! The size of the set, and the progress of its loading.

use indicatif::{ProgressBar, ProgressStyle};

/// Intervenants written in one transaction.
pub(super) const BATCH: usize = 50;

/// How large the set is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub intervenants: usize,
    pub annonces: usize,
    /// Number of intervenants, from the first, whose CV and diploma are real files.
    pub fichiers: usize,
    /// The same seed makes the same set.
    pub seed: u64,
}

pub(super) fn bar(length: usize, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:14} {bar:40} {pos}/{len} ({eta})")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length as u64).with_style(style).with_message(what)
}
