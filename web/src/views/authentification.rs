//! The login page (P1, K10).

use super::Reprise;
use std::rc::Rc;

use askama::Template;

use super::layout::Layout;

/// `GET|POST /authentification/`. The layout holds the errors at `email` and `mot_de_passe`; a wait (« Trop d’essais :
/// réessayez dans 2 minutes. ») is an error without field.
#[derive(Debug, Clone, Template)]
#[template(path = "authentification.html")]
pub struct Authentification {
    pub layout: Layout,
    /// The identifier typed before.
    pub email: String,
    /// The address to go on to after login, a path of ours; empty for the dashboard.
    pub suite: String,
    /// A form that was posted after the session ended, carried through the login (Q1); empty elsewhere.
    pub reprise: Rc<Reprise>,
}
