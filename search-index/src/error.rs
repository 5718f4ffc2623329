//! What can go wrong with the index, for logs. A person's query is never an error: it gets a best effort.

use std::path::PathBuf;

/// Why the index could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the search index in {} is already being written by another process; it can still be read", .0.display())]
    Locked(PathBuf),
    #[error("the search index was opened for reading only")]
    ReadOnly,
    /// Nothing is there to search or to write to until a rebuild is done.
    #[error("the search index must be rebuilt first: {0}")]
    NotBuilt(RebuildReason),
    /// Events would be missing between what the index holds and what is being committed.
    #[error("the index stands at journal id {reached}, a batch starting after {from} would leave a gap")]
    Gap {
        /// Where the index stands: read on from here.
        reached: i64,
        from: i64,
    },
    #[error("the search index is already being rebuilt")]
    AlreadyRebuilding,
    /// The facts could not be read during a rebuild; the old index still serves.
    #[error("the documents could not be read: {0}")]
    Source(Box<dyn std::error::Error + Send + Sync>),
    /// The index is broken in a way only met while reading it.
    #[error("the search index failed while working: {0}")]
    Panicked(String),
    #[error("the search index's files: {0}")]
    Io(#[from] std::io::Error),
    /// What is stored for display could not be written or read back.
    #[error("a stored document is unreadable: {0}")]
    Stored(#[from] serde_json::Error),
    #[error("tantivy: {0}")]
    Tantivy(#[from] tantivy::TantivyError),
}

/// Why an index must be made anew from the facts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RebuildReason {
    #[error("there is no index yet")]
    Missing,
    #[error("it was built as {found}, this program needs {expected}")]
    OtherVersion { found: String, expected: String },
    #[error("it is damaged: {0}")]
    Damaged(String),
}

/// Runs something that reads files we did not necessarily write: a panic inside becomes an error.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)) {
        Ok(result) => result,
        Err(panic) => {
            let message = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
                .unwrap_or_else(|| "a panic without a message".to_owned());
            tracing::error!(message, "the search index panicked");
            Err(Error::Panicked(message))
        }
    }
}
