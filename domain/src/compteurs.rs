//! The counters that every open tab shows.

use serde::{Deserialize, Serialize};

/// What waits for an account. A key that does not concern it is absent (SPEC §15).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compteurs {
    /// Unread messages: the person's own, or the structure's.
    pub messages: i64,
    /// Registrations that the structure has to treat; only its gestionnaires have this counter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inscriptions: Option<i64>,
    /// Answers to its annonces that the structure has not studied; only its gestionnaires have this counter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidatures: Option<i64>,
    /// Requests to the support that the structure has to treat; only its gestionnaires have this counter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support: Option<i64>,
    /// For an intervenant, what they have to give or to correct in their dossier; for a gestionnaire, the dossiers that
    /// the structure has to examine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dossier: Option<i64>,
    /// Unread notifications.
    pub notifications: i64,
}
