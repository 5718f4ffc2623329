//! The dossiers of a structure's intervenants: requests, reading, decisions (SPEC D1, D9, D14, G6).

mod dossier;
mod file;

pub use dossier::{Ouvert, act, document, open, page};
pub use file::list;

const LIST: &str = "/gestion/dossiers";
