//! Intervenants as an administrateur looks them up, their immatriculation and interventions.

use askama::Template;

use crate::views::layout::{Layout, MenuEntry, Tone};
use crate::views::lists::{Choice, Pages};
use crate::views::mon_compte::InterventionRow;
use crate::views::numbers::Said as _;

#[derive(Debug, Clone)]
pub struct PersonneRow {
    pub href: String,
    pub nom: String,
    pub email: String,
    /// The immatriculation, empty without one.
    pub immatriculation: String,
    /// Structure de rattachement, empty without one.
    pub structure: String,
    pub etat: &'static str,
    pub tone: Tone,
}

#[derive(Debug, Clone, Template)]
#[template(path = "administration/intervenants.html")]
pub struct Personnes {
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub q: String,
    pub rows: Vec<PersonneRow>,
    pub pages: Pages,
}

/// `GET /administration/intervenants/{id}` and `POST …/immatriculation`.
#[derive(Debug, Clone, Template)]
#[template(path = "administration/intervenant.html")]
pub struct Personne {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub href: String,
    pub email: String,
    /// Structure de rattachement, empty without one.
    pub structure: String,
    pub etat: &'static str,
    pub tone: Tone,
    /// The recorded immatriculation, empty without one.
    pub immatriculation: String,
    /// The one in the field.
    pub saisie: String,
    /// The interventions, the latest first.
    pub interventions: Vec<InterventionRow>,
}

/// `GET|POST /administration/intervenants/{id}/interventions` and `/administration/intervenants/interventions/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "administration/intervention.html")]
pub struct InterventionFormulaire {
    /// What every page shares, with the errors at the fields.
    pub layout: Layout,
    pub sections: Vec<MenuEntry>,
    pub action: String,
    /// Where it is removed; empty for a new one.
    pub supprimer_href: String,
    pub personne: (String, String),
    pub titre: String,
    pub structures: Vec<Choice>,
    /// First day, as `<input type=date>` has it.
    pub du: String,
    /// Last day.
    pub au: String,
    pub heures: String,
    pub etats: Vec<Choice>,
}
