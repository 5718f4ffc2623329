//! « Déposer un CV »: the registration of somebody new (manual §3.1.1), and its activation.

use askama::Template;
use domain::profil::Champs;

use super::layout::{Layout, Link};
use super::lists::Choice;
use crate::defi::Defi;

/// A text that can be read before registering.
#[derive(Debug, Clone)]
pub struct ALire {
    pub name: &'static str,
    pub label: &'static str,
    pub href: &'static str,
    pub checked: bool,
}

#[derive(Debug, Clone, Template)]
#[template(path = "inscription/formulaire.html")]
pub struct Inscription {
    pub layout: Layout,
    /// The fields typed before.
    pub champs: Champs,
    pub civilites: Vec<Choice>,
    /// The annonce that the person comes from, if any, and its structure.
    pub annonce: Option<(Link, String)>,
    /// Its number; empty if none.
    pub numero: String,
    pub a_lire: Vec<ALire>,
    pub defi: Defi,
    /// The token of the valid password that was typed before; empty when there is none.
    pub garde: String,
    /// Shortest password, in characters.
    pub min: usize,
    /// Longest password, in characters.
    pub max: usize,
}

/// An activation email is on its way: what happens next.
#[derive(Debug, Clone, Template)]
#[template(path = "inscription/courriel_envoye.html")]
pub struct CourrielEnvoye {
    pub layout: Layout,
    pub sentences: Vec<String>,
}

/// `GET|POST /activation`: `email`, and the captcha.
#[derive(Debug, Clone, Template)]
#[template(path = "inscription/renvoi.html")]
pub struct Renvoi {
    pub layout: Layout,
    /// The address typed before.
    pub email: String,
    pub defi: Defi,
}

/// `GET|POST /activation/{jeton}`: in another browser than the one that registered, `mot_de_passe` too.
#[derive(Debug, Clone, Template)]
#[template(path = "inscription/activation.html")]
pub struct Activation {
    pub layout: Layout,
    pub action: String,
    pub email: String,
    pub asks_password: bool,
}

/// An archived account has that identity or that address (manual §10).
#[derive(Debug, Clone, Template)]
#[template(path = "inscription/archive.html")]
pub struct CompteArchive {
    pub layout: Layout,
}
