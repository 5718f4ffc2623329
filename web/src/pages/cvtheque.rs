//! The CV-thèque (SPEC G3): search as page and JSON, the fiche of a person, the files attached to it.
//!
//! Only validated profiles are here. Every gestionnaire reads them all (SPEC G8); nobody else does, but for one's own
//! files, and who reviews a registration with its files.

mod criteria;
mod fiche;
mod file;
mod json;
mod profil;
mod search;

pub(super) use criteria::Uses;
pub use fiche::fiche;
pub use file::file;
pub use json::json;
pub(super) use profil::{Around, langue, profil, specialites, years};
pub use search::search;
