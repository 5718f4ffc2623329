//! A structure's annonces: its gestionnaires write, publish, close and archive them (SPEC A4, L2).

mod form;
mod life;
mod list;
mod profils;
mod saisie;

pub(super) use form::own;
pub use form::{form, new_form};
pub use life::{archive, close, confirm, create, duplicate, preview, publish, update};
pub use list::list;
pub use profils::suggested;
