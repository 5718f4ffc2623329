//! The « attestation de vigilance » of the Urssaf, due from a person paid on invoice once their letters promise 5 000 €
//! before tax (code du travail, L. 8222-1, R. 8222-1 and D. 8222-5; SPEC D7).

use chrono::{Months, NaiveDate};

use super::super::Bloc;
use super::lecture::required;
use crate::dates::lire_jour;
use crate::profil::{Champs, Ecart, Reader, in_order};
use crate::texte;

/// The amount promised by all the letters of a person, in euro cents before tax, from which the certificate is due.
pub const SEUIL_CENTIMES: u64 = 500_000;
/// How long a certificate serves, in months from the day it was made (D. 8222-5: « datant de moins de six mois »).
pub const VALIDITE_MONTHS: u32 = 6;
/// Shortest and longest security code, in characters. The Urssaf prints fifteen, but may change that.
const CODE: std::ops::RangeInclusive<usize> = 8..=20;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vigilance {
    /// The day it was made.
    pub etablie_le: NaiveDate,
    /// The code to type on the site of the Urssaf to check the certificate: capitals and digits.
    pub code: String,
}

impl Vigilance {
    /// Reads the block. A certificate that is six months old on `today` is refused.
    pub fn read(champs: &Champs, today: NaiveDate) -> Result<Self, Vec<Ecart>> {
        let mut reader = Reader::new(champs);
        let r = &mut reader;
        let etablie_le = required(
            r,
            "vigilance_etablie_le",
            "Indiquez le jour où l’attestation a été établie.",
            |typed| {
                let form = "Indiquez une date qui existe, sous la forme 02/05/2026.";
                let day = lire_jour(typed).map_err(|error| error.phrase(form))?;
                match day {
                    _ if day > today => Err("Cette date est à venir : indiquez celle que porte l’attestation."),
                    _ if fin(day) <= today => Err(
                        "Cette attestation a plus de six mois : téléchargez-en une nouvelle depuis votre compte sur urssaf.fr.",
                    ),
                    _ => Ok(day),
                }
            },
        );
        let code = required(r, "vigilance_code", "Indiquez le code de sécurité que porte l’attestation.", code);
        match (etablie_le, code) {
            (Some(etablie_le), Some(code)) => Ok(Self { etablie_le, code }),
            _ => Err(in_order(reader.wrong, Bloc::Vigilance.champs())),
        }
    }

    /// The first day on which the certificate no longer serves.
    pub fn fin(&self) -> NaiveDate {
        fin(self.etablie_le)
    }
}

fn fin(etablie_le: NaiveDate) -> NaiveDate {
    etablie_le.checked_add_months(Months::new(VALIDITE_MONTHS)).unwrap_or(NaiveDate::MAX)
}

fn code(typed: &str) -> Result<String, String> {
    let compact = texte::compact(typed).to_ascii_uppercase();
    let length = compact.chars().count();
    if !compact.chars().all(|c| c.is_ascii_alphanumeric()) {
        Err("Ce code ne contient que des lettres sans accent et des chiffres.".to_owned())
    } else if CODE.contains(&length) {
        Ok(compact)
    } else {
        Err(format!("Vérifiez ce code : il compte {length} caractères ici, et une quinzaine sur l’attestation."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d7_a_certificate_serves_six_months_from_the_day_it_was_made() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        let said = |etablie_le: &str| {
            let typed = [("vigilance_etablie_le", etablie_le), ("vigilance_code", "8n4x 7qk2 m9p3 w5z")];
            Vigilance::read(&typed.into_iter().collect(), today).map_err(|wrong| wrong[0].phrase.clone())
        };
        let read = said("30/11/2026").unwrap();
        assert_eq!((read.code.as_str(), read.fin().to_string().as_str()), ("8N4X7QK2M9P3W5Z", "2027-05-30"));
        // There is no 31 November: six months after 31 May is 30 November, as after 30 May.
        for old in ["30/05/2026", "31/05/2026"] {
            assert!(said(old).unwrap_err().contains("plus de six mois"), "{old}");
        }
        assert_eq!(said("01/06/2026").unwrap().fin().to_string(), "2026-12-01");
        assert!(said("01/12/2026").unwrap_err().contains("à venir"));
        assert!(said("31/06/2026").unwrap_err().contains("qui existe"));
    }
}
