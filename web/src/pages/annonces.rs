//! The public side of annonces (SPEC A1, E3): search as page, JSON and Atom, and the page of one.
//!
//! Everything here is public: only published annonces are searched, and a draft has no address.

mod atom;
mod criteria;
mod fiche;
mod json;
mod list;
mod offre;
mod rows;

pub use atom::atom;
pub(crate) use criteria::{Criteria, Wanted};
pub use fiche::{page, view};
pub use json::json;
pub use list::list;
pub use rows::row;
