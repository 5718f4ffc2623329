//! Logging in: how long a session lasts, and how failures slow the next try (SPEC K9, K10).

use std::time::Duration;

use crate::compte::Role;

/// How long a session lives without being used.
pub fn idle(role: Role) -> chrono::Duration {
    match role {
        Role::Intervenant => chrono::Duration::hours(24),
        Role::Gestionnaire | Role::Administrateur => chrono::Duration::hours(4),
    }
}

/// How long a session lives at most.
pub fn absolute(role: Role) -> chrono::Duration {
    match role {
        Role::Intervenant => chrono::Duration::days(7),
        Role::Gestionnaire | Role::Administrateur => chrono::Duration::hours(12),
    }
}

/// Days that provisional credentials work (SPEC K6).
pub const PROVISOIRE_DAYS: u64 = 7;
/// Days that the link to a first password works, for an account that somebody else made (SPEC K5).
pub const BIENVENUE_DAYS: u64 = 14;

/// Failures that cost nothing: everybody mistypes.
pub const FREE_FAILURES: i32 = 3;
/// Failures are forgotten after that long without a new one.
pub const MEMORY: chrono::Duration = chrono::Duration::hours(1);
/// The longest wait: an attacker can slow an account down, never lock it for good.
pub const LONGEST: Duration = Duration::from_mins(5);

/// How long the next try has to wait after so many failures in a row.
pub fn wait_after(failures: i32) -> Duration {
    let over = failures.saturating_sub(FREE_FAILURES);
    if over <= 0 {
        return Duration::ZERO;
    }
    Duration::from_secs(2u64.saturating_pow(over.unsigned_abs().min(20))).min(LONGEST)
}

/// The wait in words: « 2 minutes », « 30 secondes ».
pub fn wait_in_words(wait: Duration) -> String {
    let seconds = wait.as_secs().max(1);
    match seconds {
        1 => "1 seconde".to_owned(),
        2..=90 => format!("{seconds} secondes"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k10_the_wait_grows_and_never_locks_for_good() {
        assert_eq!(wait_after(0), Duration::ZERO);
        assert_eq!(wait_after(3), Duration::ZERO);
        assert_eq!(wait_after(4), Duration::from_secs(2));
        assert_eq!(wait_after(7), Duration::from_secs(16));
        assert_eq!(wait_after(i32::MAX), LONGEST);
        assert_eq!(wait_in_words(Duration::from_secs(16)), "16 secondes");
        assert_eq!(wait_in_words(Duration::from_millis(200)), "1 seconde");
        assert_eq!(wait_in_words(LONGEST), "5 minutes");
    }

    #[test]
    fn k9_a_session_ends_idle_or_not() {
        for role in Role::ALL {
            assert!(idle(*role) < absolute(*role));
        }
    }
}
