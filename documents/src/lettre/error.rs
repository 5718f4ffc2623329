//! Why no letter could be made.

/// Why no letter could be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A sign that the face does not have: see [`super::sans_glyphe`].
    #[error("the letter holds a sign that can't be printed: {0:?}")]
    Glyph(char),
    #[error("the letter could not be made: {0}")]
    Made(String),
}
