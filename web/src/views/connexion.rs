//! The pages around the login: second factor, forgotten password, links sent by email, provisional credentials.

use super::Reprise;
use std::rc::Rc;

use askama::Template;

use super::layout::{Layout, MenuEntry};
use crate::defi::Defi;

/// The form that was posted after the session ended, and the button that sends it again (Q1).
#[derive(Debug, Clone, Template)]
#[template(path = "connexion/reprendre.html")]
pub struct Reprendre {
    pub layout: Layout,
    pub reprise: Reprise,
}

/// `GET|POST /authentification/second-facteur`: `code`.
#[derive(Debug, Clone, Template)]
#[template(path = "connexion/second_facteur.html")]
pub struct SecondFacteur {
    pub layout: Layout,
    pub reprise: Rc<Reprise>,
}

/// The first setting of the second factor, at the login or in « Mon compte »: `code`.
#[derive(Debug, Clone, Template)]
#[template(path = "connexion/enrolement.html")]
pub struct Enrolement {
    pub layout: Layout,
    /// The pages of « Mon compte », when it is one of them.
    pub sections: Vec<MenuEntry>,
    pub action: String,
    pub required: bool,
    pub size: i32,
    /// The black squares of the QR code, as an SVG path.
    pub path: String,
    pub letters: String,
}

/// The recovery codes, shown once.
#[derive(Debug, Clone, Template)]
#[template(path = "connexion/codes.html")]
pub struct Codes {
    pub layout: Layout,
    /// The pages of « Mon compte », when it is one of them.
    pub sections: Vec<MenuEntry>,
    pub codes: Vec<String>,
    pub suite: String,
}

/// `GET|POST /mot-de-passe-oublie`: `email`, `captcha`, `captcha_ticket`.
#[derive(Debug, Clone, Template)]
#[template(path = "connexion/oubli.html")]
pub struct MotDePasseOublie {
    pub layout: Layout,
    /// The address typed before.
    pub email: String,
    pub defi: Defi,
}

/// An email was sent: the page says what happens next.
#[derive(Debug, Clone, Template)]
#[template(path = "connexion/lien.html")]
pub struct Lien {
    pub layout: Layout,
    pub sentences: Vec<String>,
}

/// A link that no longer works.
#[derive(Debug, Clone, Template)]
#[template(path = "connexion/perime.html")]
pub struct Perime {
    pub layout: Layout,
    /// The page that sends another link.
    pub again: String,
}

/// Fields: `mot_de_passe` and `mot_de_passe_confirmation`.
#[derive(Debug, Clone, Template)]
#[template(path = "connexion/nouveau_mot_de_passe.html")]
pub struct NouveauMotDePasse {
    pub layout: Layout,
    pub action: String,
    /// The reason for the link; empty for a forgotten password.
    pub intro: String,
    pub email: String,
    /// Shortest password, in characters.
    pub min: usize,
    /// Longest password, in characters.
    pub max: usize,
}

/// The page of a link: it says what its button does.
#[derive(Debug, Clone, Template)]
#[template(path = "connexion/confirmation.html")]
pub struct Confirmation {
    pub layout: Layout,
    pub action: String,
    pub sentence: String,
    pub button: String,
}

/// `GET|POST /authentification/personnalisation`: `email`, `email_confirmation`, `mot_de_passe`,
/// `mot_de_passe_confirmation`.
#[derive(Debug, Clone, Template)]
#[template(path = "connexion/personnalisation.html")]
pub struct Personnalisation {
    pub layout: Layout,
    /// The address typed before.
    pub email: String,
    /// Shortest password, in characters.
    pub min: usize,
    /// Longest password, in characters.
    pub max: usize,
}
