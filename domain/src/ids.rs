//! Identifiers that must never be taken for one another: the database gives them, nothing is computed from them.

use serde::{Deserialize, Serialize};

macro_rules! identifier {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

identifier!(
    /// An account: an intervenant, a gestionnaire or an administrateur.
    CompteId
);
identifier!(
    /// One of the structures (délégation, institut, siège).
    StructureId
);
identifier!(
    /// Who can send and receive messages: an intervenant, or a structure as a whole (never one gestionnaire).
    CorrespondantId
);
