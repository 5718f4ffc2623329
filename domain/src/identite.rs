//! Who is the same person: civilité, surname, first name and date of birth, folded (manual §10, SPEC I2).

use chrono::NaiveDate;

use crate::texte::fold;

/// The key of an identity. Two registrations with the same key are of one person; accents, case and hyphens don't
/// count.
pub fn key(civilite: &str, nom: &str, prenom: &str, naissance: NaiveDate) -> String {
    format!("{}|{}|{}|{naissance}", fold(civilite), fold(nom), fold(prenom))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i2_the_same_person_has_one_key_however_typed() {
        let day = NaiveDate::from_ymd_opt(1970, 5, 2).unwrap();
        let one = key("Mme", "Le Gall-Hélias", "Anne-Françoise", day);
        assert_eq!(one, key("MME", "LE GALL HELIAS", "anne francoise", day));
        assert_ne!(one, key("M.", "Le Gall-Hélias", "Anne-Françoise", day));
        assert_ne!(one, key("Mme", "Le Gall-Hélias", "Anne-Françoise", day.succ_opt().unwrap()));
    }
}
