//! The first page after login (C1, G1, Q2): what to do, and what waits.

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
    /// The task, beginning with a verb.
    pub label: String,
    pub href: String,
    /// The deadline or the reason; empty if none.
    pub detail: String,
    /// The number of items, if counted.
    pub value: Option<u64>,
    /// The counter that keeps `value` up to date live.
    pub counter: Option<CounterKey>,
}

impl Task {
    pub fn count(&self) -> u64 {
        self.value.unwrap_or(0)
    }
}

/// Something with dates: an intervention, an absence.
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
    /// What the person must do; when it is empty, the page says so.
    pub tasks: Vec<Task>,
    /// A few unread messages, the newest first.
    pub messages: Vec<MessageRow>,
    /// The latest answers to annonces.
    pub reponses: Vec<Reponse>,
    /// Present and future interventions and absences, the next first.
    pub a_venir: Vec<Echeance>,
    /// The latest notifications.
    pub notifications: Vec<NotificationRow>,
    /// The latest annonces that match the person's alerts.
    pub annonces: Vec<AnnonceRow>,
    /// The index is being built, so that the annonces can't be searched.
    pub annonces_unknown: bool,
    /// The alerts in words; empty when there is none.
    pub alertes: String,
}

/// The sentence when no unread message is shown: there is none, or they are too old to be listed here.
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
    /// The tasks of the queue, each with its number, also when it is 0.
    pub queue: Vec<Task>,
    /// A few unread messages of the structure, the newest first.
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
    /// A few more words; empty if none.
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
    /// What waits; when it is empty, the page says so.
    pub tasks: Vec<Task>,
    pub figures: Vec<Figure>,
    pub services: Vec<Service>,
    /// The latest notifications.
    pub notifications: Vec<NotificationRow>,
}

#[derive(Debug, Clone)]
pub struct Etape {
    /// The name of the service.
    pub label: String,
    pub href: String,
    /// The state, in a word or two.
    pub etat: String,
    pub tone: Tone,
}

/// An event in the history of a registration.
#[derive(Debug, Clone)]
pub struct Passage {
    pub quoi: String,
    pub at: Moment,
    /// The text to the person, in paragraphs.
    pub texte: Vec<Block>,
}

/// The state of a registration, and what its owner can do.
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
    /// The structure and its contact details; none before one is chosen.
    pub structure: Option<Contact>,
    /// What happened, the latest first.
    pub passages: Vec<Passage>,
    /// The latest notifications.
    pub notifications: Vec<NotificationRow>,
}
