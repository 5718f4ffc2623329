//! The dates of a dossier (SPEC D12): the review a year after it was validated, the end of the identity document, and a
//! reminder a month before each. Civil days of Paris, clamped to the end of the month (SPEC X7).

use chrono::{Days, Months, NaiveDate, NaiveDateTime};

use crate::compte::words;
use crate::time::{paris_day, start_of_paris_day};

/// Months after which a validated dossier is reviewed (manual §3.3.4: every year).
pub const REVUE_MONTHS: u32 = 12;
/// Months before a review or an end of validity on which the person is reminded.
pub const RAPPEL_MONTHS: u32 = 1;

words! {
    GenreEcheance {
        /// The review is near.
        RappelRevue = "rappel_revue",
        /// The dossier is asked for again.
        Revue = "revue",
        /// The identity document ends soon.
        RappelExpiration = "rappel_expiration",
        /// The identity document has ended: its block and its copies serve no longer.
        Expiration = "expiration",
    }
}

/// Something that comes due on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Echeance {
    pub genre: GenreEcheance,
    /// The day on which it is due, from its first minute in Paris.
    pub jour: NaiveDate,
}

impl Echeance {
    /// The moment from which it is due, in UTC.
    pub fn moment(self) -> NaiveDateTime {
        start_of_paris_day(self.jour)
    }
}

/// The day of the review of a dossier: one year after the moment (UTC) at which it was complete and validated; 29
/// February becomes 28 February. Later changes that are validated do not move it (decided): the whole is looked at once
/// a year.
pub fn revue_le(complete: NaiveDateTime) -> NaiveDate {
    paris_day(complete).checked_add_months(Months::new(REVUE_MONTHS)).unwrap_or(NaiveDate::MAX)
}

/// The dates of a dossier that was complete and validated at that moment (UTC).
pub fn echeances_dossier(complete: NaiveDateTime) -> [Echeance; 2] {
    let jour = revue_le(complete);
    [
        Echeance { genre: GenreEcheance::RappelRevue, jour: a_month_before(jour) },
        Echeance { genre: GenreEcheance::Revue, jour },
    ]
}

/// The dates of a document that is valid up to the day `expire_le`, that day included, and was validated at the moment
/// `valide` (UTC). When it ends in less than a month, the reminder is due on the day it is validated.
pub fn echeances_piece(expire_le: NaiveDate, valide: NaiveDateTime) -> [Echeance; 2] {
    let rappel = a_month_before(expire_le).max(paris_day(valide));
    let jour = expire_le.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    [
        Echeance { genre: GenreEcheance::RappelExpiration, jour: rappel },
        Echeance { genre: GenreEcheance::Expiration, jour },
    ]
}

fn a_month_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_months(Months::new(RAPPEL_MONTHS)).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        format!("{text}:00").parse().unwrap()
    }

    fn days(echeances: [Echeance; 2]) -> [String; 2] {
        echeances.map(|echeance| format!("{} {}", echeance.genre, echeance.jour))
    }

    #[test]
    fn d12_a_dossier_is_reviewed_after_a_year_with_a_reminder_a_month_before() {
        let table = [
            ("2026-11-25T10:00", "2027-10-25", "2027-11-25"),
            ("2026-03-31T10:00", "2027-02-28", "2027-03-31"),
            ("2027-03-31T10:00", "2028-02-29", "2028-03-31"),
            ("2028-02-29T10:00", "2029-01-28", "2029-02-28"),
            ("2027-02-28T10:00", "2028-01-28", "2028-02-28"),
            // Past midnight in Paris: it is the next day already.
            ("2026-06-30T22:30", "2027-06-01", "2027-07-01"),
        ];
        for (complete, rappel, revue) in table {
            let expected = [format!("rappel_revue {rappel}"), format!("revue {revue}")];
            assert_eq!(days(echeances_dossier(at(complete))), expected, "{complete}");
        }
    }

    #[test]
    fn d12_an_identity_document_ends_after_its_last_day_with_a_reminder_a_month_before() {
        let table = [
            ("2028-03-31", "2028-02-29", "2028-04-01"),
            ("2027-03-31", "2027-02-28", "2027-04-01"),
            ("2028-02-29", "2028-01-29", "2028-03-01"),
            ("2028-02-28", "2028-01-28", "2028-02-29"),
            // Less than a month away when it is validated: spoken of at once.
            ("2026-12-10", "2026-11-25", "2026-12-11"),
            ("2026-11-25", "2026-11-25", "2026-11-26"),
        ];
        for (expire_le, rappel, fin) in table {
            let expected = [format!("rappel_expiration {rappel}"), format!("expiration {fin}")];
            let found = echeances_piece(expire_le.parse().unwrap(), at("2026-11-25T10:00"));
            assert_eq!(days(found), expected, "{expire_le}");
        }
    }

    #[test]
    fn x7_a_day_begins_at_midnight_in_paris() {
        let [_, fin] = echeances_piece("2027-07-13".parse().unwrap(), at("2026-11-25T10:00"));
        assert_eq!(fin.moment(), at("2027-07-13T22:00"));
    }
}
