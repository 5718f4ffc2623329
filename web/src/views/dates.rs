//! Dates and times as people say them in French: « le 5 décembre 2026 », « 14 h 32 », « il y a 3 minutes ».
//!
//! Nothing here knows a time zone or reads a clock: values, and the present moment too, come in as civil time of
//! Europe/Paris.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
pub use domain::dates::jour as date;
use domain::dates::{MONTHS, jour_sans_annee};

const SHORT_MONTHS: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
const WEEKDAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// Day of the month: the first is « 1er », the others are plain numbers.
fn day(date: NaiveDate) -> String {
    if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() }
}

/// « décembre 2026 ».
pub fn month(day: NaiveDate) -> String {
    format!("{} {}", MONTHS[day.month0() as usize], day.year())
}

/// « le 5 décembre 2026 ».
pub fn on(day: NaiveDate) -> String {
    format!("le {}", date(day))
}

/// « lundi 23 novembre 2026 ».
pub fn long_date(day: NaiveDate) -> String {
    format!("{} {}", WEEKDAYS[day.weekday().num_days_from_monday() as usize], date(day))
}

/// « 14 h 32 », « 9 h 05 ». The spaces do not break.
pub fn time(time: NaiveTime) -> String {
    format!("{}\u{a0}h\u{a0}{:02}", time.hour(), time.minute())
}

/// A period in full: « du 12 janvier au 27 mars 2027 », « le 5 décembre 2026 », « à partir du 5 décembre 2026 », «
/// jusqu’au 27 mars 2027 »; empty when neither end is known.
pub fn period(from: Option<NaiveDate>, to: Option<NaiveDate>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from == to => on(from),
        (Some(from), Some(to)) if from.year() == to.year() && from.month() == to.month() => {
            format!("du {} au {}", day(from), date(to))
        }
        (Some(from), Some(to)) if from.year() == to.year() => {
            format!("du {} au {}", jour_sans_annee(from), date(to))
        }
        (Some(from), Some(to)) => format!("du {} au {}", date(from), date(to)),
        (Some(from), None) => format!("à partir du {}", date(from)),
        (None, Some(to)) => format!("jusqu’au {}", date(to)),
        (None, None) => String::new(),
    }
}

/// A moment and the present one, both in civil time of Europe/Paris.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub at: NaiveDateTime,
    pub now: NaiveDateTime,
}

impl Moment {
    /// `at` as seen from `now`.
    pub fn new(at: NaiveDateTime, now: NaiveDateTime) -> Self {
        Self { at, now }
    }

    /// « à l’instant », « il y a 3 minutes », « il y a 2 heures », « hier à 11 h 05 », « le 17 novembre à 9 h 40 »,
    /// with the year when it is not the present one. A future moment is shown as a date, never as a distance.
    pub fn relative(&self) -> String {
        let elapsed = self.now - self.at;
        let minutes = elapsed.num_minutes();
        let days = (self.now.date() - self.at.date()).num_days();
        match (minutes, days) {
            (0, _) if elapsed.num_milliseconds() >= 0 => "à l’instant".to_owned(),
            (1, _) => "il y a 1\u{a0}minute".to_owned(),
            (2..=59, _) => format!("il y a {minutes}\u{a0}minutes"),
            (60..=119, _) => "il y a 1\u{a0}heure".to_owned(),
            (120.., 0) => format!("il y a {}\u{a0}heures", minutes / 60),
            (120.., 1) => format!("hier à {}", time(self.at.time())),
            _ => {
                let year =
                    if self.at.year() == self.now.year() { String::new() } else { format!(" {}", self.at.year()) };
                let month = MONTHS[self.at.month0() as usize];
                format!("le {} {month}{year} à {}", day(self.at.date()), time(self.at.time()))
            }
        }
    }

    /// Whether [`Moment::relative`] says a distance, which a date does not say.
    pub fn is_recent(&self) -> bool {
        self.at <= self.now && (self.now.date() - self.at.date()).num_days() <= 1
    }

    /// For a narrow column: « 14 h 32 » today, « hier », « 17 nov. », « 17 nov. 2025 ».
    pub fn short(&self) -> String {
        let days = (self.now.date() - self.at.date()).num_days();
        let month = SHORT_MONTHS[self.at.month0() as usize];
        match days {
            0 => time(self.at.time()),
            1 => "hier".to_owned(),
            _ if self.at.year() == self.now.year() => format!("{}\u{a0}{month}", day(self.at.date())),
            _ => format!("{}\u{a0}{month}\u{a0}{}", day(self.at.date()), self.at.year()),
        }
    }

    /// « lundi 23 novembre 2026 à 14 h 32 ».
    pub fn full(&self) -> String {
        format!("{} à {}", long_date(self.at.date()), time(self.at.time()))
    }

    /// For the `datetime` attribute of `<time>`: a local date and time of HTML, to the second.
    pub fn iso(&self) -> String {
        self.at.format("%Y-%m-%dT%H:%M:%S").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").expect("a date")
    }

    fn seen(from: &str) -> Moment {
        Moment::new(at(from), at("2026-11-23 14:35:10"))
    }

    #[test]
    fn ui_moments_are_said_as_people_say_them() {
        let cases = [
            ("2026-11-23 14:35:10", "à l’instant"),
            ("2026-11-23 14:34:50", "à l’instant"),
            ("2026-11-23 14:34:05", "il y a 1\u{a0}minute"),
            ("2026-11-23 14:32:00", "il y a 3\u{a0}minutes"),
            ("2026-11-23 13:30:00", "il y a 1\u{a0}heure"),
            ("2026-11-23 09:00:00", "il y a 5\u{a0}heures"),
            ("2026-11-22 11:05:00", "hier à 11\u{a0}h\u{a0}05"),
            ("2026-11-17 09:40:00", "le 17 novembre à 9\u{a0}h\u{a0}40"),
            ("2025-12-01 00:00:00", "le 1er décembre 2025 à 0\u{a0}h\u{a0}00"),
            ("2026-12-05 08:00:00", "le 5 décembre à 8\u{a0}h\u{a0}00"),
        ];
        for (moment, said) in cases {
            assert_eq!(seen(moment).relative(), said, "{moment}");
            assert_eq!(seen(moment).is_recent(), !said.starts_with("le "), "{moment}");
        }
    }

    #[test]
    fn ui_columns_get_short_moments_and_titles_full_ones() {
        assert_eq!(seen("2026-11-23 09:05:00").short(), "9\u{a0}h\u{a0}05");
        assert_eq!(seen("2026-11-22 23:59:59").short(), "hier");
        assert_eq!(seen("2026-11-01 10:00:00").short(), "1er\u{a0}nov.");
        assert_eq!(seen("2025-11-17 10:00:00").short(), "17\u{a0}nov.\u{a0}2025");
        assert_eq!(seen("2026-11-23 14:32:00").full(), "lundi 23 novembre 2026 à 14\u{a0}h\u{a0}32");
        assert_eq!(seen("2026-11-23 14:32:00").iso(), "2026-11-23T14:32:00");
    }

    #[test]
    fn ui_periods_do_not_repeat_what_both_ends_share() {
        let date = |text: &str| Some(NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("a date"));
        assert_eq!(period(date("2027-01-12"), date("2027-03-27")), "du 12 janvier au 27 mars 2027");
        assert_eq!(period(date("2027-03-01"), date("2027-03-27")), "du 1er au 27 mars 2027");
        assert_eq!(period(date("2026-12-12"), date("2027-03-27")), "du 12 décembre 2026 au 27 mars 2027");
        assert_eq!(period(date("2026-12-05"), date("2026-12-05")), "le 5 décembre 2026");
        assert_eq!(period(date("2026-12-05"), None), "à partir du 5 décembre 2026");
        assert_eq!(period(None, date("2026-12-05")), "jusqu’au 5 décembre 2026");
        assert_eq!(period(None, None), "");
    }
}
