//! Days as people read them in French.

use chrono::{Datelike, NaiveDate};

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// « 5 décembre 2026 », « 1er janvier 2027 ».
pub fn jour(day: NaiveDate) -> String {
    format!("{} {}", jour_sans_annee(day), day.year())
}

/// « 5 décembre ».
pub fn jour_sans_annee(day: NaiveDate) -> String {
    let rank = if day.day() == 1 { "1er".to_owned() } else { day.day().to_string() };
    format!("{rank} {}", MONTHS[day.month0() as usize])
}

/// « du 12 janvier au 27 mars 2027 », « à partir du… », « jusqu’au… », « le… », or nothing.
pub fn periode(du: Option<NaiveDate>, au: Option<NaiveDate>) -> String {
    match (du, au) {
        (None, None) => String::new(),
        (Some(du), None) => format!("à partir du {}", jour(du)),
        (None, Some(au)) => format!("jusqu’au {}", jour(au)),
        (Some(du), Some(au)) if du == au => format!("le {}", jour(du)),
        (Some(du), Some(au)) if (du.year(), du.month()) == (au.year(), au.month()) && du.day() > 1 => {
            format!("du {} au {}", du.day(), jour(au))
        }
        (Some(du), Some(au)) if du.year() == au.year() => format!("du {} au {}", jour_sans_annee(du), jour(au)),
        (Some(du), Some(au)) => format!("du {} au {}", jour(du), jour(au)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l2_a_period_is_said_in_full() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
        assert_eq!(periode(day(2027, 1, 12), day(2027, 3, 27)), "du 12 janvier au 27 mars 2027");
        assert_eq!(periode(day(2026, 12, 1), day(2027, 1, 1)), "du 1er décembre 2026 au 1er janvier 2027");
        assert_eq!(periode(day(2027, 3, 12), day(2027, 3, 27)), "du 12 au 27 mars 2027");
        assert_eq!(periode(day(2027, 3, 1), day(2027, 3, 27)), "du 1er mars au 27 mars 2027");
        assert_eq!(periode(day(2027, 8, 1), day(2027, 8, 1)), "le 1er août 2027");
        assert_eq!(periode(day(2027, 2, 3), None), "à partir du 3 février 2027");
        assert_eq!(periode(None, None), "");
    }
}
