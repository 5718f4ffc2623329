//! What became of a mail that was handed over.

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was taken over.
    Taken,
    /// It may be taken later.
    Later(String),
    /// It will never be taken.
    Never(String),
    /// Nothing was said of this mail: the others will fare no better now.
    Unreachable(String),
}
