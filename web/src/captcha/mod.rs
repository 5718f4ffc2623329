//! Is it a person? (K7) A code to read in an image, and for those who can't see it a question in plain French;
//! a browser that does a little work by itself is asked neither.
//!
//! Here: what is drawn, what is asked, how a typed answer is compared. Not here: no database, no HTTP. Whoever calls
//! keeps the answers on the server under a random id, for one try and for a while. What goes to the browser ([`draw`]'s
//! bytes, [`Question::texte`]) doesn't spell the answer. The generator must be one that can't be foreseen
//! ([`rand::rng`]): who knows its state knows the answers.

mod glyphs;
mod image;
pub mod preuve;
mod question;
mod words;

pub use glyphs::{ALPHABET, LENGTH, code};
pub use image::{HEIGHT, WIDTH, draw};
pub use question::{Question, ask, normalise};
