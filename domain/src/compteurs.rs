//! The counters that every open tab shows.

use serde::{Deserialize, Serialize};

/// What waits for an account. A key that does not concern it is absent (SPEC §15).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compteurs {
    /// Messages not read: one's own, or the structure's.
    pub messages: i64,
    /// Notifications not read.
    pub notifications: i64,
}
