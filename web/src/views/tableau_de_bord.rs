//! The first page after login (C1, G1, Q2): what must I do, what waits.

use askama::Template;

use super::candidatures::Reponse;
use domain::courriel::Contact;

use super::annonces::AnnonceRow;
use super::dates::Moment;
use super::layout::{CounterKey, Layout, Tone};
use super::messagerie::MessageRow;
use super::notifications::NotificationRow;
use super::numbers::Said as _;
use super::text::Block;

#[derive(Debug, Clone)]
pub struct Task {
    /// What, beginning with a verb.
    pub label: String,
    pub href: String,
    /// By when, or why; empty if nothing to add.
    pub detail: String,
    /// How many of them, where they are counted.
    pub value: Option<u64>,
    /// The counter that keeps `value` up to date live.
    pub counter: Option<CounterKey>,
}

impl Task {
    pub fn count(&self) -> u64 {
        self.value.unwrap_or(0)
    }
}

/// Something that has its days: an intervention, an absence.
#[derive(Debug, Clone)]
pub struct Echeance {
    pub titre: String,
    pub href: String,
    pub detail: String,
    pub etat: String,
    pub tone: Tone,
}

#[derive(Debug, Clone, Template)]
#[template(path = "tableau_de_bord/intervenant.html")]
pub struct TableauDeBordIntervenant {
    pub layout: Layout,
    /// What the person must do; empty is said as such.
    pub tasks: Vec<Task>,
    /// The unread messages, the newest first, a few.
    pub messages: Vec<MessageRow>,
    /// The latest answers to annonces.
    pub reponses: Vec<Reponse>,
    /// Interventions and absences of now and to come, the next first.
    pub a_venir: Vec<Echeance>,
    /// The latest notifications.
    pub notifications: Vec<NotificationRow>,
    /// The latest annonces that match the person's alerts.
    pub annonces: Vec<AnnonceRow>,
    /// The annonces can't be searched for the moment: the index is being made.
    pub annonces_unknown: bool,
    /// What the alerts are, in words; empty when there is none.
    pub alertes: String,
}

/// Said where no unread message is shown: there is none, or they are older than those looked at.
fn no_message(layout: &Layout) -> &'static str {
    match layout.messages() {
        Some(counter) if counter.value > 0 => "Les messages non lus sont anciens : ouvrez la boîte de réception.",
        _ => "Tous les messages sont lus.",
    }
}

impl TableauDeBordIntervenant {
    fn no_message(&self) -> &'static str {
        no_message(&self.layout)
    }
}

impl TableauDeBordGestionnaire {
    fn no_message(&self) -> &'static str {
        no_message(&self.layout)
    }
}

/// The dashboard of a gestionnaire: the structure's queue.
#[derive(Debug, Clone, Template)]
#[template(path = "tableau_de_bord/gestionnaire.html")]
pub struct TableauDeBordGestionnaire {
    pub layout: Layout,
    pub structure: String,
    /// The queue, each with its number, zero included.
    pub queue: Vec<Task>,
    /// The unread messages of the structure, the newest first, a few.
    pub messages: Vec<MessageRow>,
    /// The latest notifications.
    pub notifications: Vec<NotificationRow>,
    /// Whether the gestionnaire may create accounts and help people to log in.
    pub acces: bool,
    pub brouillons: Vec<AnnonceRow>,
}

#[derive(Debug, Clone)]
pub struct Figure {
    pub label: String,
    pub value: u64,
    /// A word more; empty if none.
    pub detail: String,
}

#[derive(Debug, Clone)]
pub struct Service {
    pub name: String,
    pub etat: String,
    pub tone: Tone,
}

/// The dashboard of an administrateur: the whole service at a glance.
#[derive(Debug, Clone, Template)]
#[template(path = "tableau_de_bord/administrateur.html")]
pub struct TableauDeBordAdministrateur {
    pub layout: Layout,
    /// What waits; empty is said as such.
    pub tasks: Vec<Task>,
    pub figures: Vec<Figure>,
    pub services: Vec<Service>,
    /// The latest notifications.
    pub notifications: Vec<NotificationRow>,
}

#[derive(Debug, Clone)]
pub struct Etape {
    /// What, beginning with a verb.
    pub label: String,
    pub href: String,
    /// Where it stands, in a word or two.
    pub etat: String,
    pub tone: Tone,
}

/// What happened to a registration.
#[derive(Debug, Clone)]
pub struct Passage {
    pub quoi: String,
    pub at: Moment,
    /// What was written to the person, in paragraphs.
    pub texte: Vec<Block>,
}

/// Where a registration stands, and what its owner can do about it.
#[derive(Debug, Clone)]
pub struct Situation {
    pub titre: String,
    pub suite: String,
    pub texte: Vec<Block>,
    pub tone: Tone,
    /// Whether it can be presented again now.
    pub representer: bool,
}

/// The dashboard of somebody whose registration is not validated yet (Q2, I14 to I17).
#[derive(Debug, Clone, Template)]
#[template(path = "tableau_de_bord/inscription.html")]
pub struct MonInscription {
    pub layout: Layout,
    pub situation: Situation,
    /// The steps, in order; empty when the person has nothing to do.
    pub etapes: Vec<Etape>,
    /// How many of the mandatory steps are done, and how many there are.
    pub avancement: (u64, u64),
    /// The structure and how it is reached; none before one is chosen.
    pub structure: Option<Contact>,
    /// What happened, the latest first.
    pub passages: Vec<Passage>,
    /// The latest notifications.
    pub notifications: Vec<NotificationRow>,
}
