//! « Déposer un CV » (manual §3.1.1, SPEC I1 to I3): a new account, and the link that activates it.

mod activation;
mod form;
mod renvoi;

pub use activation::{activate, activate_form};
pub use form::{form, register};
pub use renvoi::{again, again_form};

use actors::commands::inscriptions::LinkSecret;

use crate::error::Error;
use crate::session::{digest, random_token};

fn kept(token: &str) -> String {
    digest("activation", token)
}

fn link_secret() -> Result<LinkSecret, Error> {
    let token = random_token()?;
    Ok(LinkSecret { kept: kept(&token), token })
}

/// What is kept of the browser that registers.
fn browser(csrf: &str) -> String {
    digest("activation navigateur", csrf)
}
