//! « Disponible en mars », typed among the words of a search: the day that is meant (SPEC G3, disponibilité at a date).

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use crate::dates::MONTHS;
use crate::texte::fold;

/// Words that may stand between « disponible » and its day.
const BETWEEN: [&str; 10] = ["en", "le", "au", "a", "partir", "du", "des", "mois", "de", "debut"];

/// The first day of the period that is meant, and the bytes of the text that say it. A month without a year is the next
/// one, this month included.
pub fn typed(text: &str, today: NaiveDate) -> Option<(NaiveDate, Range<usize>)> {
    let mut offset = 0;
    let mut words: Vec<(String, Range<usize>)> = Vec::new();
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let read = word.trim_matches(|sign: char| !sign.is_alphanumeric());
        let read = read.strip_prefix("d’").or_else(|| read.strip_prefix("d'")).unwrap_or(read);
        if !word.is_empty() {
            let read = if read.contains('/') { read.to_owned() } else { fold(read) };
            words.push((read, offset..offset + word.len()));
        }
        offset += piece.len();
    }
    let first = words.iter().position(|(word, _)| word.starts_with("disponib") || word == "dispo")?;
    let mut place = first + 1;
    while words.get(place).is_some_and(|(word, _)| BETWEEN.contains(&word.as_str())) {
        place += 1;
    }
    let word = |place: usize| words.get(place).map(|(word, _)| word.as_str());
    let end = |place: usize| words[place].1.end;
    if let Some(day) = word(place).and_then(written) {
        return Some((day, words[first].1.start..end(place)));
    }
    let (day, month_at) = match word(place)?.trim_end_matches("er").parse::<u32>() {
        Ok(day) => (day, place + 1),
        Err(_) => (1, place),
    };
    let month = MONTHS.iter().position(|name| word(month_at).is_some_and(|word| word == fold(name)))? as u32 + 1;
    let year: Option<i32> =
        word(month_at + 1).and_then(|word| word.parse().ok()).filter(|year| (2000..2100).contains(year));
    let last = month_at + usize::from(year.is_some());
    let year = year.unwrap_or_else(|| {
        let gone = (month, day) < (today.month(), if month_at == place { 1 } else { today.day() });
        today.year() + i32::from(gone)
    });
    let day = NaiveDate::from_ymd_opt(year, month, day)?;
    // Of a month that has begun, what is left of it.
    let day = if month_at == place { day.max(today.min(last_of(day))) } else { day };
    Some((day, words[first].1.start..end(last)))
}

fn last_of(day: NaiveDate) -> NaiveDate {
    day.checked_add_months(chrono::Months::new(1)).and_then(|next| next.with_day(1)?.pred_opt()).unwrap_or(day)
}

/// « 12/03/2027 ».
fn written(word: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(word, "%d/%m/%Y").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g3_a_date_typed_among_the_words_is_understood() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        let said = |text: &str| typed(text, today).map(|(day, range)| (day.to_string(), text[range].to_owned()));
        for (text, day, words) in [
            ("formatrice excel bretagne disponible en mars", "2027-03-01", "disponible en mars"),
            ("disponible le 12 mars, élagage", "2027-03-12", "disponible le 12 mars,"),
            ("Disponible au 1er février 2028", "2028-02-01", "Disponible au 1er février 2028"),
            ("excel dispo à partir du mois d'août", "2027-08-01", "dispo à partir du mois d'août"),
            ("excel dispo à partir de fevrier", "2027-02-01", "dispo à partir de fevrier"),
            ("disponibilité en décembre", "2026-12-01", "disponibilité en décembre"),
            ("disponible en novembre", "2026-11-30", "disponible en novembre"),
            ("disponible le 12/03/2027", "2027-03-12", "disponible le 12/03/2027"),
        ] {
            assert_eq!(said(text), Some((day.to_owned(), words.to_owned())), "{text}");
        }
        for text in ["formatrice excel", "disponible", "en mars", "disponible le 31 février 2027", "disponible 99 mars"]
        {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
