//! The support's desk: the structure's queue, one request with all its actions, delays (SPEC S8, K6, X4, X6).

mod demande;
mod donnees;
mod file;
mod statistiques;

pub use demande::{act, look, piece, request};
pub use donnees::{data_form, send_data};
pub use file::list;
pub use statistiques::figures;

const LIST: &str = "/gestion/support";
