//! Fiches that may be of the same person, wherever somebody finds one of them.

#[derive(Debug, Clone)]
pub struct SemblableRow {
    pub href: String,
    pub nom: String,
    /// Where the person lives, and that the account can't be used; empty when there is nothing to say.
    pub detail: String,
    /// « même nom, même téléphone ».
    pub points: String,
}

/// The fiches that look like the one of the page; those that share more than its name first.
#[derive(Debug, Clone, Default)]
pub struct Semblables {
    pub rows: Vec<SemblableRow>,
    /// How many more there are.
    pub autres: usize,
}
