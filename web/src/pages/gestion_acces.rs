//! Helping intervenants to log in (manual §5.1, SPEC K5, K6): finding them, provisional credentials that only they
//! know, and accounts made for them.

mod destination;
mod identifiants;
mod nouveau;
mod personne;
mod recherche;

pub use destination::{Destination, Typed as DestinationTyped};
pub use nouveau::{create, new_form};
pub use personne::{act, page};
pub use recherche::search;
