//! Periods when a person can't intervene (manual §3.3.1, SPEC C2), and their file for a calendar (RFC 5545).

use chrono::{Days, NaiveDate, NaiveDateTime};

use crate::CompteId;
use crate::dates::jour;

/// Longest period, in days: two years.
pub const DAYS_MAX: i64 = 731;
/// How far ahead one may be announced, in days: five years.
pub const AHEAD_MAX: i64 = 1_827;

/// A period, its first and its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Periode {
    /// First day.
    pub du: NaiveDate,
    /// Last day.
    pub au: NaiveDate,
}

impl Periode {
    /// The period between two days that were typed; a last day left out is the first one.
    ///
    /// # Errors
    /// The field that is wrong, and the sentence to show at it.
    pub fn read(
        (du, au): (Option<NaiveDate>, Option<NaiveDate>),
        today: NaiveDate,
    ) -> Result<Self, (&'static str, String)> {
        let Some(du) = du else { return Err(("du", "Indiquez le premier jour.".to_owned())) };
        let au = au.unwrap_or(du);
        if au < du {
            return Err(("au", format!("Le dernier jour vient avant le premier, le {}.", jour(du))));
        }
        if au < today {
            return Err(("au", "Cette période est déjà passée.".to_owned()));
        }
        if (au - du).num_days() >= DAYS_MAX {
            return Err(("au", "Cette période dépasse deux ans : indiquez-la en plusieurs fois.".to_owned()));
        }
        if (du - today).num_days() > AHEAD_MAX {
            return Err(("du", "Cette période commence dans plus de cinq ans.".to_owned()));
        }
        Ok(Self { du, au })
    }

    /// A period that was removed and comes back: it may be in the past, by as much as a period may be announced ahead.
    pub fn restored(
        days: (Option<NaiveDate>, Option<NaiveDate>),
        today: NaiveDate,
    ) -> Result<Self, (&'static str, String)> {
        let oldest = today.checked_sub_days(Days::new(AHEAD_MAX.unsigned_abs())).unwrap_or(today);
        Self::read(days, days.1.unwrap_or(today).clamp(oldest, today))
    }
}

/// The periods of `compte` as a calendar file (RFC 5545), each with a stable id. `host` makes the ids unique in the
/// world; `now` is when the file is made, in UTC. Without any period the file says that all the time is free, because a
/// calendar has at least one component (§3.6).
pub fn calendar(compte: CompteId, periods: &[(i64, Periode)], host: &str, now: NaiveDateTime) -> String {
    let stamp = now.format("%Y%m%dT%H%M%SZ").to_string();
    let mut lines: Vec<String> =
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Espace Intervenants//FR", "CALSCALE:GREGORIAN"]
            .map(str::to_owned)
            .into();
    for (id, Periode { du, au }) in periods {
        // The end of an event that lasts whole days is the day after (RFC 5545 §3.6.1).
        let end = au.checked_add_days(Days::new(1)).unwrap_or(*au);
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:indisponibilite-{id}@{host}"),
            format!("DTSTAMP:{stamp}"),
            format!("DTSTART;VALUE=DATE:{}", du.format("%Y%m%d")),
            format!("DTEND;VALUE=DATE:{}", end.format("%Y%m%d")),
            "SUMMARY:Indisponible (Espace Intervenants)".to_owned(),
            "TRANSP:OPAQUE".to_owned(),
            "END:VEVENT".to_owned(),
        ]);
    }
    if periods.is_empty() {
        // A VFREEBUSY without a FREEBUSY line: all of it is free.
        let end = now.checked_add_days(Days::new(AHEAD_MAX.unsigned_abs())).unwrap_or(now);
        lines.extend([
            "BEGIN:VFREEBUSY".to_owned(),
            format!("UID:indisponibilites-{compte}@{host}"),
            format!("DTSTAMP:{stamp}"),
            format!("DTSTART:{stamp}"),
            format!("DTEND:{}", end.format("%Y%m%dT%H%M%SZ")),
            "COMMENT:Aucune indisponibilité (Espace Intervenants)".to_owned(),
            "END:VFREEBUSY".to_owned(),
        ]);
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

/// A line with its line end; one of more than 75 bytes is folded: it goes on after a space on the next line (RFC 5545
/// §3.1).
fn folded(line: &str) -> String {
    const BYTES: usize = 75;
    let mut text = String::with_capacity(line.len() + 2);
    let mut room = BYTES;
    for sign in line.chars() {
        if sign.len_utf8() > room {
            text.push_str("\r\n ");
            room = BYTES - 1;
        }
        room -= sign.len_utf8();
        text.push(sign);
    }
    text.push_str("\r\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn c2_a_period_has_an_order_and_is_not_over() {
        let today = day("2026-11-25");
        let read = |du: &str, au: &str| Periode::read((du.parse().ok(), au.parse().ok()), today);
        assert_eq!(read("2026-12-01", "2026-12-15"), Ok(Periode { du: day("2026-12-01"), au: day("2026-12-15") }));
        assert_eq!(read("2026-12-01", ""), Ok(Periode { du: day("2026-12-01"), au: day("2026-12-01") }));
        assert!(read("2026-11-01", "2026-11-25").is_ok(), "it lasts until tonight");
        for (du, au, field) in [
            ("", "2026-12-15", "du"),
            ("2026-12-15", "2026-12-01", "au"),
            ("2026-11-01", "2026-11-24", "au"),
            ("2026-12-01", "2028-12-01", "au"),
            ("2032-01-01", "2032-01-02", "du"),
        ] {
            assert_eq!(read(du, au).unwrap_err().0, field, "{du} {au}");
        }
        let restored = |du: &str, au: &str| Periode::restored((du.parse().ok(), au.parse().ok()), today);
        assert_eq!(restored("2026-11-01", "2026-11-24"), Ok(Periode { du: day("2026-11-01"), au: day("2026-11-24") }));
        assert_eq!(restored("2026-12-01", "2026-12-15"), read("2026-12-01", "2026-12-15"));
        for (du, au) in [("2020-01-01", "2020-01-02"), ("2032-01-01", "2032-01-02"), ("2026-11-24", "2026-11-01")] {
            assert!(restored(du, au).is_err(), "{du} {au}");
        }
    }

    #[test]
    fn c2_a_calendar_file_follows_rfc_5545() {
        let now = day("2026-11-25").and_hms_opt(9, 5, 7).unwrap();
        let period = Periode { du: day("2026-12-24"), au: day("2026-12-31") };
        let me = CompteId(3);
        let text = calendar(me, &[(7, period)], "espace.example", now);
        assert_eq!(
            text,
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Espace Intervenants//FR\r\nCALSCALE:GREGORIAN\r\n\
             BEGIN:VEVENT\r\nUID:indisponibilite-7@espace.example\r\nDTSTAMP:20261125T090507Z\r\n\
             DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20270101\r\n\
             SUMMARY:Indisponible (Espace Intervenants)\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        let none = calendar(me, &[], "espace.example", now);
        assert_eq!(
            none,
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Espace Intervenants//FR\r\nCALSCALE:GREGORIAN\r\n\
             BEGIN:VFREEBUSY\r\nUID:indisponibilites-3@espace.example\r\nDTSTAMP:20261125T090507Z\r\n\
             DTSTART:20261125T090507Z\r\nDTEND:20311126T090507Z\r\n\
             COMMENT:Aucune indisponibilité (Espace Intervenants)\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n"
        );
        let long = calendar(me, &[(7, period)], &"é".repeat(60), now);
        assert!(long.split("\r\n").all(|line| line.len() <= 75), "{long}");
        assert!(long.replace("\r\n ", "").contains(&"é".repeat(60)));
    }
}
