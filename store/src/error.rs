//! What can go wrong with the database.

use std::sync::atomic::{AtomicBool, Ordering};

/// An error of the database, never of what a person typed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database refused a query: {0}")]
    Query(diesel::result::Error),
    /// There is no room for it: nothing was written.
    #[error("the disk is full")]
    Full,
    #[error("no connection to the database: {0}")]
    Connection(String),
    /// Too many writes wait already, or no connection came free in time.
    #[error("too many requests wait for the database")]
    Busy,
    /// The database does not open. A sentence for who runs the service.
    #[error("{0}")]
    Opening(String),
    /// The schema could not be brought up to date. A sentence for who runs the service.
    #[error(
        "Le schéma de la base n’a pas pu être mis à jour : {0}. Vérifiez que son compte peut créer des tables et que le disque n’est pas plein, ou rétablissez une sauvegarde."
    )]
    Migration(String),
    /// A later version of the program made the schema. A sentence for who runs the service.
    #[error(
        "Le schéma de la base est à la version {found}, que ce programme ne connaît pas (il va jusqu’à {known}). Rien n’a été changé : lancez la version du programme qui l’a mis à jour, ou rétablissez une sauvegarde d’avant."
    )]
    Newer {
        /// The latest version that the database has.
        found: String,
        /// The latest one that this program has.
        known: String,
    },
    /// A server uses the database, or its key is being changed.
    #[error("the database is in use")]
    Taken,
    /// Something was sealed, or is to be opened, with another master key than the database's.
    #[error("the database's master key is not this server's")]
    KeyReplaced,
    /// A row holds what this version can't read.
    #[error("{table}.{column} holds a value that this version does not know: {value:?}")]
    Unknown {
        table: &'static str,
        column: &'static str,
        /// What stands there; codes only, never personal values.
        value: String,
    },
    /// A sealed value was sealed with another key or for another place, or is damaged.
    #[error("a sealed value does not open")]
    Sealed,
    /// JSON that was written by us does not read back.
    #[error("stored JSON does not read back: {0}")]
    Json(#[from] serde_json::Error),
    /// A referential of `migrations/data` is malformed.
    #[error("the referential {name} can't be read: {why}")]
    Referential { name: &'static str, why: String },
    /// The data folder or file can't be used.
    #[error("the database file can't be used: {0}")]
    File(#[from] std::io::Error),
    /// The task that ran a transaction died; nothing was committed.
    #[error("a transaction was interrupted")]
    Interrupted,
}

/// Whether the last write found the disk full. One flag for every [`crate::Store`]: they share the machine's disk.
static DISK_FULL: AtomicBool = AtomicBool::new(false);

/// Whether the last write found the disk full.
pub fn disk_is_full() -> bool {
    DISK_FULL.load(Ordering::Relaxed)
}

/// Notes whether a write found room on the disk, and logs when that changes.
pub fn room_was_found(found: bool) {
    if DISK_FULL.swap(!found, Ordering::Relaxed) == found {
        if found {
            tracing::info!("there is room on the disk again");
        } else {
            tracing::error!("the disk is full: nothing can be kept, pages are read as before");
        }
    }
}

/// Whether an error says that there is no room on the disk: SQLite's `SQLITE_FULL`, PostgreSQL's 53100 (which quotes
/// the system), and the system's own ENOSPC, all of which reach us as words.
pub fn is_for_want_of_room(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(one) = next {
        let words = one.to_string();
        let said = ["disk is full", "No space left on device"].iter().any(|said| words.contains(said));
        if said || one.downcast_ref::<std::io::Error>().is_some_and(|why| why.kind() == std::io::ErrorKind::StorageFull)
        {
            return true;
        }
        next = one.source();
    }
    false
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        if is_for_want_of_room(&error) {
            room_was_found(false);
            return Self::Full;
        }
        Self::Query(error)
    }
}

impl Error {
    /// Whether the query broke a unique constraint.
    pub fn is_unique_violation(&self) -> bool {
        matches!(
            self,
            Self::Query(diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _))
        )
    }
}

/// Why something was not done. Whichever it is, nothing of its transaction is kept.
#[derive(Debug)]
pub enum Refused<R> {
    /// A rule says no.
    Because(R),
    /// The database failed.
    Store(Error),
}

impl<R> Refused<R> {
    /// The refusal of a rule, or of a rule that it rests on.
    pub fn rule(why: impl Into<R>) -> Self {
        Self::Because(why.into())
    }

    /// The same refusal with its reason converted.
    pub fn map<Q>(self, into: impl FnOnce(R) -> Q) -> Refused<Q> {
        match self {
            Self::Because(why) => Refused::Because(into(why)),
            Self::Store(error) => Refused::Store(error),
        }
    }

    /// Separates the refusal of a rule from an error of the database.
    pub fn apart<T>(done: Result<T, Self>) -> Result<Result<T, R>, Error> {
        match done {
            Ok(done) => Ok(Ok(done)),
            Err(Self::Because(why)) => Ok(Err(why)),
            Err(Self::Store(error)) => Err(error),
        }
    }
}

impl<R> From<Error> for Refused<R> {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl<R> From<diesel::result::Error> for Refused<R> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}
