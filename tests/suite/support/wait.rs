//! Waiting for a condition, never for a time.

use std::time::{Duration, Instant};

/// How long anything may take on a busy machine before the test says that it does not happen.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Looks until there is something to see.
///
/// # Panics
/// When nothing came within [`PATIENCE`].
pub async fn eventually<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    within(PATIENCE, what, look).await
}

/// Looks until there is something to see, for so long at most; the longer it takes, the more rarely, since a look costs
/// those who are looked at.
///
/// # Panics
/// When nothing came in that time.
pub async fn within<T>(patience: Duration, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        let waited = began.elapsed();
        assert!(waited < patience, "still not after {patience:?}: {what}");
        tokio::time::sleep((waited / 5).clamp(Duration::from_millis(15), Duration::from_millis(150))).await;
    }
}
