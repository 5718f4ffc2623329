//! The first page after login (C1, G1, Q2): what must I do, what waits.

use askama::Template;

use super::annonces::AnnonceRow;
use super::layout::{CounterKey, Layout};
use super::messagerie::MessageRow;
use super::notifications::NotificationRow;
use super::numbers::Said as _;

/// Something to do.
#[derive(Debug, Clone)]
pub struct Task {
    /// What, beginning with a verb.
    pub label: String,
    /// Where it is done.
    pub href: String,
    /// By when, or why; empty if nothing to add.
    pub detail: String,
    /// How many of them.
    pub value: u64,
    /// The counter that keeps `value` up to date live.
    pub counter: Option<CounterKey>,
}

/// The dashboard of an intervenant.
#[derive(Debug, Clone, Template)]
#[template(path = "tableau_de_bord/intervenant.html")]
pub struct TableauDeBordIntervenant {
    /// What every page shares.
    pub layout: Layout,
    /// What the person must do; empty is said as such.
    pub tasks: Vec<Task>,
    /// The unread messages, the newest first, a few.
    pub messages: Vec<MessageRow>,
    /// The latest notifications.
    pub notifications: Vec<NotificationRow>,
    /// The latest annonces that match the person's alerts.
    pub annonces: Vec<AnnonceRow>,
    /// What the alerts are, in words; empty when there is none.
    pub alertes: String,
}

/// The dashboard of a gestionnaire: the structure's queue.
#[derive(Debug, Clone, Template)]
#[template(path = "tableau_de_bord/gestionnaire.html")]
pub struct TableauDeBordGestionnaire {
    /// What every page shares.
    pub layout: Layout,
    /// The structure.
    pub structure: String,
    /// The queue, each with its number, zero included.
    pub queue: Vec<Task>,
    /// The unread messages of the structure, the newest first, a few.
    pub messages: Vec<MessageRow>,
    /// The latest notifications.
    pub notifications: Vec<NotificationRow>,
    /// The drafts of annonces.
    pub brouillons: Vec<AnnonceRow>,
}
