//! Reads the fields of a form, made clean, and collects the errors in the order of the fields.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use domain::dates::DateError;
use domain::texte::ligne;

use crate::fields::Fields;
use crate::views::FieldError;

/// Longest line (a name, a title), in characters.
pub const LINE_MAX: usize = 150;
/// Accepted years of dates: others come from a year typed only in part.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

pub struct Reader<'a> {
    fields: &'a Fields,
    pub errors: Vec<FieldError>,
}

impl<'a> Reader<'a> {
    pub fn new(fields: &'a Fields) -> Self {
        Self { fields, errors: Vec::new() }
    }

    /// Adds an error at a field.
    pub fn refuse(&mut self, field: &str, sentence: impl Into<String>) {
        self.errors.push(FieldError::new(field, sentence));
    }

    fn within(&mut self, field: &str, text: &str, max: usize) {
        let length = text.chars().count();
        if length > max {
            let over = length - max;
            let said = if over == 1 { "1 caractère".to_owned() } else { format!("{over} caractères") };
            self.refuse(field, format!("Ce texte est trop long de {said} : {max} au plus."));
        }
    }

    /// Adds an error when a text is required and missing, or too long.
    fn check(&mut self, field: &str, text: &str, max: usize, missing: Option<&str>, too_long: Option<&str>) {
        if text.is_empty()
            && let Some(sentence) = missing
        {
            self.refuse(field, sentence);
        }
        match too_long {
            Some(sentence) if text.chars().count() > max => self.refuse(field, sentence),
            Some(_) => {}
            None => self.within(field, text, max),
        }
    }

    /// A line with single spaces; `missing` is the error when it is required and empty.
    pub fn line(&mut self, field: &str, max: usize, missing: Option<&str>) -> String {
        let text = ligne(self.fields.one(field));
        self.check(field, &text, max, missing, None);
        text
    }

    /// A required line, with the errors when it is missing and when it is too long.
    pub fn line_saying(&mut self, field: &str, max: usize, missing: &str, too_long: &str) -> String {
        let text = ligne(self.fields.one(field));
        self.check(field, &text, max, Some(missing), Some(too_long));
        text
    }

    /// A text of several lines.
    pub fn text(&mut self, field: &str, max: usize, missing: Option<&str>) -> String {
        let text = self.fields.one(field).trim().to_owned();
        self.check(field, &text, max, missing, None);
        text
    }

    /// A required text of several lines, with the errors when it is missing and when it is too long.
    pub fn text_saying(&mut self, field: &str, max: usize, missing: &str, too_long: &str) -> String {
        let text = self.fields.one(field).trim().to_owned();
        self.check(field, &text, max, Some(missing), Some(too_long));
        text
    }

    /// A day; `missing` is the error when it is required and empty.
    pub fn day(&mut self, field: &str, missing: Option<&str>) -> Option<NaiveDate> {
        if self.fields.filled(field).is_none() {
            if let Some(sentence) = missing {
                self.refuse(field, sentence);
            }
            return None;
        }
        let read = self
            .fields
            .read_day(field)
            .and_then(|day| if YEARS.contains(&day.year()) { Ok(day) } else { Err(DateError::Year) });
        let form = "Cette date n’existe pas : vérifiez le jour, le mois et l’année.";
        read.map_err(|error| self.refuse(field, error.phrase(form))).ok()
    }

    /// One of the words accepted in a field.
    pub fn choice<T>(&mut self, field: &str, read: impl Fn(&str) -> Option<T>, missing: &str) -> Option<T> {
        let chosen = read(self.fields.one(field));
        if chosen.is_none() {
            self.refuse(field, missing);
        }
        chosen
    }
}

/// The moment of the last change, as a form carries it.
pub fn seen(at: NaiveDateTime) -> String {
    at.and_utc().timestamp_micros().to_string()
}

/// The moment in a form; a wrong value becomes the earliest one, which is never the last change.
pub fn seen_in(fields: &Fields) -> NaiveDateTime {
    let micros = fields.number("vue").unwrap_or(0);
    chrono::DateTime::from_timestamp_micros(micros).unwrap_or_default().naive_utc()
}

/// The error when somebody else changed it since.
pub const CHANGED: &str = "Quelqu’un d’autre a modifié ce texte depuis que vous avez ouvert cette page : rien n’est enregistré. \
     Copiez votre version, rechargez la page et reprenez à partir de la nouvelle.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g7_what_is_typed_is_cleaned_and_what_is_wrong_is_said_in_order() {
        let fields = Fields::parse("nom=%20Le%00%20%20bon%0Anom&texte=a%0D%0A%0D%0Ab&du=2027-02-30&titre=&long=abcd");
        let mut reader = Reader::new(&fields);
        assert_eq!(reader.line("nom", 20, None), "Le bon nom");
        assert_eq!(reader.text("texte", 20, None), "a\n\nb");
        assert_eq!(reader.line("titre", 20, Some("Donnez un titre.")), "");
        assert_eq!(reader.day("du", None), None);
        assert_eq!(reader.day("au", None), None);
        reader.line("long", 3, None);
        let said: Vec<(&str, &str)> =
            reader.errors.iter().map(|error| (error.field.as_str(), error.sentence.as_str())).collect();
        assert_eq!(said[0], ("titre", "Donnez un titre."));
        assert_eq!(said[1].0, "du");
        assert_eq!(said[2], ("long", "Ce texte est trop long de 1 caractère : 3 au plus."));
    }

    #[test]
    fn g7_the_moment_of_the_last_change_comes_back_from_the_form() {
        let at = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap().and_hms_micro_opt(9, 8, 7, 654_321).unwrap();
        let fields = Fields::from_pairs(vec![("vue".into(), seen(at))]);
        assert_eq!(seen_in(&fields), at);
        assert_ne!(seen_in(&Fields::parse("vue=x")), at);
    }
}
