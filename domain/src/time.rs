//! Time as a value: the clock that the program or a test passes in, and civil dates of Europe/Paris.
//!
//! Moments are UTC and cut to the microsecond, because SQLite would keep nanoseconds and PostgreSQL would not.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Paris;

/// Where the time comes from. Cloning shares the clock.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Moved(Arc<AtomicI64>),
}

impl Clock {
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that follows the machine's clock, shifted by what [`Clock::advance`] adds.
    pub fn movable() -> Self {
        Self(Source::Moved(Arc::new(AtomicI64::new(0))))
    }

    /// Moves a movable clock forward; returns false for the machine's clock, which can't be moved.
    pub fn advance(&self, by: chrono::Duration) -> bool {
        match &self.0 {
            Source::System => false,
            Source::Moved(shift) => {
                shift.fetch_add(by.num_microseconds().unwrap_or(i64::MAX), Ordering::SeqCst);
                true
            }
        }
    }

    /// Now, in UTC, cut to the microsecond.
    pub fn now(&self) -> NaiveDateTime {
        let shift = match &self.0 {
            Source::System => 0,
            Source::Moved(shift) => shift.load(Ordering::SeqCst),
        };
        let micros = Utc::now().timestamp_micros().saturating_add(shift);
        DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::<Utc>::MAX_UTC).naive_utc()
    }
}

/// How long to wait after the failed try number `tries`: 30 s, 1 min, 2 min…, at most `most`.
pub fn wait_before_next_try(tries: i32, most: chrono::Duration) -> chrono::Duration {
    let doublings = u32::try_from(tries.clamp(1, 12) - 1).unwrap_or(0);
    chrono::Duration::seconds(30 << doublings).min(most)
}

/// The same moment as people read it in Paris.
pub fn paris(utc: NaiveDateTime) -> NaiveDateTime {
    Paris.from_utc_datetime(&utc).naive_local()
}

/// The day it is in Paris at that moment.
pub fn paris_day(utc: NaiveDateTime) -> NaiveDate {
    paris(utc).date()
}

/// The UTC moment at which that day ends in Paris (midnight that follows it).
pub fn end_of_paris_day(day: NaiveDate) -> NaiveDateTime {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX).and_time(NaiveTime::MIN);
    // Paris changes its clocks at 2 or 3 in the morning, never at midnight: the earliest reading is the only one.
    Paris.from_local_datetime(&next).earliest().map_or(next, |moment| moment.naive_utc())
}

/// The UTC moment at which that day begins in Paris.
pub fn start_of_paris_day(day: NaiveDate) -> NaiveDateTime {
    day.pred_opt().map_or(NaiveDateTime::MIN, end_of_paris_day)
}

/// A deadline some days later: the end, in Paris, of the day that comes `days` civil days after (SPEC X7).
pub fn days_after(from: NaiveDateTime, days: u64) -> NaiveDateTime {
    end_of_paris_day(paris_day(from).checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX))
}

/// A deadline some months later, clamped to the end of the month (31 December + 2 months is 28 or 29 February).
pub fn months_after(from: NaiveDateTime, months: u32) -> NaiveDateTime {
    end_of_paris_day(paris_day(from).checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX))
}

/// Days granted to activate an account (manual §3.1.1).
pub const ACTIVATION_DAYS: u64 = 7;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(y: i32, m: u32, d: u32, h: u32, min: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(y, m, d).unwrap().and_hms_opt(h, min, 0).unwrap()
    }

    #[test]
    fn q8_what_failed_is_tried_again_ever_more_rarely_and_always() {
        let hour = chrono::Duration::hours(1);
        let waits: Vec<i64> = (1..=9).map(|tries| wait_before_next_try(tries, hour).num_seconds()).collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
        assert_eq!(wait_before_next_try(0, hour).num_seconds(), 30);
        assert_eq!(wait_before_next_try(i32::MAX, hour), hour);
    }

    #[test]
    fn x7_a_deadline_is_a_civil_day_of_paris() {
        // 23:30 UTC on 31 March is already 1 April in Paris (summer time).
        assert_eq!(days_after(at(2026, 3, 31, 23, 30), 7), at(2026, 4, 8, 22, 0));
        // In winter Paris is one hour ahead only.
        assert_eq!(days_after(at(2026, 11, 23, 12, 0), 7), at(2026, 11, 30, 23, 0));
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        assert_eq!(
            (start_of_paris_day(day), end_of_paris_day(day)),
            (at(2026, 11, 22, 23, 0), at(2026, 11, 23, 23, 0))
        );
    }

    #[test]
    fn x7_months_are_clamped_to_the_end_of_the_month() {
        assert_eq!(months_after(at(2026, 12, 31, 10, 0), 2), at(2027, 2, 28, 23, 0));
        assert_eq!(months_after(at(2027, 12, 31, 10, 0), 2), at(2028, 2, 29, 23, 0));
    }

    #[test]
    fn x7_only_a_movable_clock_moves() {
        assert!(!Clock::system().advance(chrono::Duration::days(1)));
        let clock = Clock::movable();
        let before = clock.now();
        assert!(clock.advance(chrono::Duration::days(8)));
        assert!(clock.now() - before >= chrono::Duration::days(8));
    }
}
