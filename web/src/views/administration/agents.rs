//! Gestionnaires and administrateurs.

use askama::Template;

use crate::views::dates::Moment;
use crate::views::layout::{Layout, MenuEntry, Tone};
use crate::views::lists::{Choice, Pages};
use crate::views::numbers::Said as _;

/// An account of the list.
#[derive(Debug, Clone)]
pub struct AgentRow {
    /// Its page.
    pub href: String,
    /// Surname and first name.
    pub nom: String,
    /// The login.
    pub email: String,
    /// « Gestionnaire » or « Administrateur ».
    pub role: &'static str,
    /// The structure, empty for an administrateur.
    pub structure: String,
    /// « actif », « archivé », « mot de passe à choisir ».
    pub etat: &'static str,
    /// The colour of the state.
    pub tone: Tone,
    /// Last login.
    pub connexion: Option<Moment>,
}

/// `GET /administration/agents`.
#[derive(Debug, Clone, Template)]
#[template(path = "administration/agents.html")]
pub struct Agents {
    /// What every page shares.
    pub layout: Layout,
    /// The parts of the administration.
    pub sections: Vec<MenuEntry>,
    /// The words filtered by.
    pub q: String,
    /// The structures to filter by.
    pub structures: Vec<Choice>,
    /// The states to filter by.
    pub etats: Vec<Choice>,
    /// Whether anything is filtered.
    pub filtered: bool,
    /// The accounts of this page.
    pub rows: Vec<AgentRow>,
    /// The pages.
    pub pages: Pages,
}

/// What is shown of an account beside its form.
#[derive(Debug, Clone)]
pub struct AgentFiche {
    /// The login.
    pub email: String,
    /// « Gestionnaire » or « Administrateur ».
    pub role: &'static str,
    /// Whether it has a structure and rights.
    pub gestionnaire: bool,
    /// Its state in words.
    pub etat: &'static str,
    /// The colour of the state.
    pub tone: Tone,
    /// Last login.
    pub connexion: Option<Moment>,
    /// Whether a second factor is set.
    pub second_facteur: bool,
    /// Whether the link to choose a password can be sent again.
    pub lien: bool,
    /// Whether it can be archived.
    pub archiver: bool,
    /// Whether it can be taken back out of the archive.
    pub rouvrir: bool,
    /// Whether it is one's own.
    pub soi: bool,
}

/// `GET|POST /administration/agents/nouveau` and `/administration/agents/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "administration/agent.html")]
pub struct AgentFormulaire {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    /// The parts of the administration.
    pub sections: Vec<MenuEntry>,
    /// Where the form posts.
    pub action: String,
    /// The account; none for a new one.
    pub fiche: Option<AgentFiche>,
    /// Civilités.
    pub civilites: Vec<Choice>,
    /// Surname.
    pub nom: String,
    /// First name.
    pub prenom: String,
    /// The login of a new one.
    pub email: String,
    /// The roles of a new one.
    pub roles: Vec<Choice>,
    /// Structures.
    pub structures: Vec<Choice>,
    /// Rights.
    pub droits: Vec<Choice>,
}

impl AgentFormulaire {
    /// Whether structure and rights are asked for: an administrateur has none.
    fn has_rights(&self) -> bool {
        self.fiche.as_ref().is_none_or(|fiche| fiche.gestionnaire)
    }
}
