//! Gestionnaires and administrateurs.

use askama::Template;

use crate::views::dates::Moment;
use crate::views::layout::{Layout, MenuEntry, Tone};
use crate::views::lists::{Choice, Pages};
use crate::views::numbers::Said as _;

#[derive(Debug, Clone)]
pub struct AgentRow {
    pub href: String,
    pub nom: String,
    pub email: String,
    pub role: &'static str,
    /// The structure, empty for an administrateur.
    pub structure: String,
    /// « actif », « archivé », « mot de passe à choisir ».
    pub etat: &'static str,
    pub tone: Tone,
    pub connexion: Option<Moment>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "administration/agents.html")]
pub struct Agents {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub q: String,
    pub structures: Vec<Choice>,
    pub etats: Vec<Choice>,
    pub filtered: bool,
    pub rows: Vec<AgentRow>,
    pub pages: Pages,
}

/// What is shown of an account beside its form.
#[derive(Debug, Clone)]
pub struct AgentFiche {
    pub email: String,
    pub role: &'static str,
    /// Whether it has a structure and rights.
    pub gestionnaire: bool,
    pub etat: &'static str,
    pub tone: Tone,
    pub connexion: Option<Moment>,
    pub second_facteur: bool,
    /// Whether the link to choose a password can be sent again.
    pub lien: bool,
    pub archiver: bool,
    /// Whether it can be reopened.
    pub rouvrir: bool,
    pub soi: bool,
}

/// `GET|POST /administration/agents/nouveau` and `/administration/agents/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "administration/agent.html")]
pub struct AgentFormulaire {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub action: String,
    /// The account; none for a new one.
    pub fiche: Option<AgentFiche>,
    pub civilites: Vec<Choice>,
    pub nom: String,
    pub prenom: String,
    pub email: String,
    pub roles: Vec<Choice>,
    pub structures: Vec<Choice>,
    pub droits: Vec<Choice>,
}

impl AgentFormulaire {
    /// Whether structure and rights are asked for: an administrateur has none.
    fn has_rights(&self) -> bool {
        self.fiche.as_ref().is_none_or(|fiche| fiche.gestionnaire)
    }
}
