//! « Déposer un CV » (manual §3.1.1, SPEC I1 to I3): a new account, and the link that activates it.

mod activation;
mod form;
mod renvoi;

pub use activation::{activate, activate_form};
pub use form::{form, register};
pub use renvoi::{again, again_form};

use crate::session::digest;

/// The purpose of the digests of these links.
const PURPOSE: &str = "activation";

/// The digest that is kept of the browser that registers.
fn browser(csrf: &str) -> String {
    digest("activation navigateur", csrf)
}
