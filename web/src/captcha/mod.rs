//! A check that a person fills in the form (K7): a code to read in an image, or, for those who can't see it, a question
//! in plain French. A browser that does a little work by itself is asked neither.
//!
//! Here: how codes and questions are made, and how a typed answer is compared. Not here: the database, HTTP. The caller
//! keeps the answers on the server under a random id, for one try and a limited time. What goes to the browser
//! ([`draw`]'s bytes, [`Question::texte`]) does not show the answer. The random generator must be unpredictable
//! ([`rand::rng`]): its state gives the answers.

mod glyphs;
mod image;
pub mod preuve;
mod question;
mod words;

pub use glyphs::{ALPHABET, LENGTH, code};
pub use image::{HEIGHT, WIDTH, draw};
pub use question::{Question, ask, normalise};
