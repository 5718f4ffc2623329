//! The CV-thèque (SPEC G3): search as page and JSON, the fiche of a person, the files attached to it.
//!
//! Only validated profiles are here. Every gestionnaire reads them all (SPEC G8). Nobody else does, except that people
//! read their own files, and gestionnaires who review a registration read its files.

mod besoin;
mod criteria;
mod fiche;
mod file;
mod json;
mod listes;
mod profil;
mod recherches;
mod retrouver;
mod search;
mod selection;
mod similaires;

pub(super) use besoin::from_annonce;
pub use besoin::{need, take};
pub(super) use criteria::Uses;
pub use fiche::fiche;
pub use file::file;
pub use json::json;
pub use listes::{act_on_list, add, add_form, list, lists};
pub(super) use profil::{Around, langue, place, profil, specialites, years};
pub(in crate::pages) use recherches::{NOM_MAX, name};
pub use recherches::{change_search, keep_search, read_search, searches};
pub use retrouver::{find, find_form};
pub use search::search;
pub use selection::{select, write, write_form};
pub use similaires::similar;
