//! Days as people read them in French, and as they type them.

use chrono::{Datelike, NaiveDate};

use crate::texte;

pub const MONTHS: [&str; 12] = [
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

/// Years that a date may bear: others are slips of the keyboard, or of two digits.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// Why a typed text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// It has no form that we read, or there is no such day.
    Unreadable,
    /// Its year is outside [`YEARS`].
    Year,
}

impl DateError {
    /// What to say: `form` shows how the date of this place is written.
    pub fn phrase(self, form: &'static str) -> &'static str {
        match self {
            Self::Unreadable => form,
            Self::Year => "Vérifiez l’année : elle s’écrit avec quatre chiffres, entre 1900 et 2100.",
        }
    }
}

/// A day as it is typed: « 02/05/1968 », « 2.5.1968 », « 02-05-1968 », « 02 05 1968 », « 02051968 » from a telephone's
/// keypad, or « 1968-05-02 » as browsers send it.
///
/// # Errors
/// That there is no such day, or that its year can't be meant.
pub fn lire_jour(typed: &str) -> Result<NaiveDate, DateError> {
    match parts(typed).as_slice() {
        [year, month, day] if year.len() == 4 => date(year, month, day),
        [day, month, year] => date(year, month, day),
        [run] if run.len() == 8 => date(&run[4..], &run[2..4], &run[..2]),
        _ => Err(DateError::Unreadable),
    }
}

/// A month as it is typed: « 09/2019 », « 9.2019 », « 09 2019 », « 092019 », « 2019-09 », or a year alone, which means
/// its January. Returns the first day of the month.
///
/// # Errors
/// That there is no such month, or that its year can't be meant.
pub fn lire_mois(typed: &str) -> Result<NaiveDate, DateError> {
    match parts(typed).as_slice() {
        [year, month] if year.len() == 4 => date(year, month, "1"),
        [month, year] => date(year, month, "1"),
        [run] if run.len() == 6 => date(&run[2..], &run[..2], "1"),
        [year] if year.len() == 4 => date(year, "1", "1"),
        _ => Err(DateError::Unreadable),
    }
}

/// The numbers of a date, whatever separates them; empty when the text holds something else.
fn parts(typed: &str) -> Vec<String> {
    let typed = texte::saisi(typed);
    let between =
        |sign: char| sign.is_whitespace() || matches!(sign, '/' | '.' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let parts: Vec<String> = typed.split(between).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let digits = parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    if digits { parts } else { Vec::new() }
}

fn date(year: &str, month: &str, day: &str) -> Result<NaiveDate, DateError> {
    let number = |text: &str| text.parse::<u32>().map_err(|_| DateError::Unreadable);
    let (month, day) = (number(month)?, number(day)?);
    let of_year = |year| NaiveDate::from_ymd_opt(year, month, day).ok_or(DateError::Unreadable);
    // 2000 is a leap year: a day that it does not have exists in no year.
    of_year(2000)?;
    match i32::try_from(number(year)?) {
        Ok(number) if year.len() == 4 && YEARS.contains(&number) => of_year(number),
        _ => Err(DateError::Year),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q5_a_day_is_read_as_a_keypad_types_it() {
        for typed in [
            "02/05/1968",
            "2/5/1968",
            "02.05.1968",
            "02-05-1968",
            "02 05 1968",
            " 02\u{A0}05\u{A0}1968 ",
            "02051968",
            "\u{202A}02 / 05 / 1968\u{202C}",
            "02‑05‑1968",
            "1968-05-02",
        ] {
            assert_eq!(lire_jour(typed).map(|day| day.to_string()).as_deref(), Ok("1968-05-02"), "{typed}");
        }
        for typed in [
            "",
            "hier",
            "31/02/1968",
            "2051968",
            "020519681",
            "02/05",
            "1968",
            "13/13/1968",
            "2 mai 1968",
            "29/02/1900",
        ] {
            assert_eq!(lire_jour(typed), Err(DateError::Unreadable), "{typed}");
        }
        for typed in ["02/05/68", "02/05/0068", "02/05/1899", "02/05/2101", "02052101", "02/05/19680", "9999-01-01"] {
            assert_eq!(lire_jour(typed), Err(DateError::Year), "{typed}");
        }
        assert!(lire_jour("01/01/1900").is_ok() && lire_jour("31/12/2100").is_ok() && lire_jour("29/02/2000").is_ok());
    }

    #[test]
    fn q5_a_month_is_read_as_a_keypad_types_it() {
        for typed in ["09/2019", "9/2019", "09.2019", "09-2019", "09 2019", "092019", "2019-09", "2019 9"] {
            assert_eq!(lire_mois(typed).map(|day| day.to_string()).as_deref(), Ok("2019-09-01"), "{typed}");
        }
        assert_eq!(lire_mois("2019").map(|day| day.to_string()).as_deref(), Ok("2019-01-01"));
        for typed in ["", "hier", "13/2019", "00/2019", "132019", "9", "92019", "0920190", "sept. 2019"] {
            assert_eq!(lire_mois(typed), Err(DateError::Unreadable), "{typed}");
        }
        for typed in ["09/19", "09/1899", "092101", "1899", "9999"] {
            assert_eq!(lire_mois(typed), Err(DateError::Year), "{typed}");
        }
        assert!(DateError::Year.phrase("x").contains("quatre chiffres") && DateError::Unreadable.phrase("x") == "x");
    }

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
