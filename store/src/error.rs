//! What can go wrong with the database.

/// An error of the database, never of what a person typed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A query failed.
    #[error("the database refused a query: {0}")]
    Query(#[from] diesel::result::Error),
    /// No connection could be had.
    #[error("no connection to the database: {0}")]
    Connection(String),
    /// Too many writes wait already.
    #[error("too many writes are waiting")]
    Busy,
    /// The schema could not be brought up to date.
    #[error("the schema could not be migrated: {0}")]
    Migration(String),
    /// A row holds what this version can't read.
    #[error("{table}.{column} holds a value that this version does not know: {value:?}")]
    Unknown {
        /// Table.
        table: &'static str,
        /// Column.
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
    Referential {
        /// File name.
        name: &'static str,
        /// What is wrong.
        why: String,
    },
    /// The data folder or file can't be used.
    #[error("the database file can't be used: {0}")]
    File(#[from] std::io::Error),
    /// The task that ran a transaction died; nothing was committed.
    #[error("a transaction was interrupted")]
    Interrupted,
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
