//! Where a link or credentials that open an account or its data are sent: to the address of record, or to another one
//! after a check of identity that is described and kept (SPEC K6, X6).

use domain::email::{Email, EmailError};

use crate::fields::Fields;
use crate::views::FieldError;
use crate::views::gestion_acces::DestinationForm;

/// Longest description of a check of identity, in characters.
const VERIFICATION_MAX: usize = 1_000;

/// What is typed in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    autre: bool,
    adresse: String,
    verifiee: bool,
    verification: String,
}

#[derive(Clone, Debug)]
pub struct Destination {
    pub adresse: String,
    /// How the identity was checked, for another address than the one of record.
    pub verification: Option<String>,
}

impl Typed {
    /// The empty form, with another address proposed.
    pub fn proposing(adresse: &str) -> Self {
        Self { adresse: adresse.to_owned(), ..Self::default() }
    }

    /// What is typed in the form: `destination` = `enregistree` or `autre`, `adresse`, `verification_faite`,
    /// `verification`.
    pub fn from_form(fields: &Fields) -> Self {
        Self {
            autre: fields.one("destination") == "autre",
            adresse: fields.one("adresse").trim().to_owned(),
            verifiee: fields.has("verification_faite"),
            verification: fields.one("verification").trim().to_owned(),
        }
    }

    pub fn view(self, enregistree: &str) -> DestinationForm {
        DestinationForm {
            enregistree: enregistree.to_owned(),
            vers_autre: self.autre,
            adresse: self.adresse,
            verifiee: self.verifiee,
            verification: self.verification,
        }
    }

    /// The destination, or everything that is wrong; `enregistree` is the address of record.
    pub fn check(&self, enregistree: &str) -> Result<Destination, Vec<FieldError>> {
        if !self.autre {
            return Ok(Destination { adresse: enregistree.to_owned(), verification: None });
        }
        let mut errors = Vec::new();
        let email = Email::parse(&self.adresse)
            .map_err(|error| {
                let sentence = match error {
                    EmailError::Empty => "Indiquez l’autre adresse.".to_owned(),
                    EmailError::Malformed | EmailError::Local | EmailError::TooLong => error.to_string(),
                };
                errors.push(FieldError::new("adresse", sentence));
            })
            .ok()
            .map(|email| email.as_str().to_owned());
        if email.as_deref() == Some(enregistree) {
            let sentence = "C’est l’adresse enregistrée : choisissez « À l’adresse enregistrée ».";
            errors.push(FieldError::new("adresse", sentence));
        }
        let length = self.verification.chars().count();
        if length == 0 {
            let sentence = "Dites comment vous avez vérifié l’identité de la personne.";
            errors.push(FieldError::new("verification", sentence));
        } else if length > VERIFICATION_MAX {
            let sentence = format!("Ce texte est trop long : {length} caractères, pour {VERIFICATION_MAX} au plus.");
            errors.push(FieldError::new("verification", sentence));
        }
        if !self.verifiee {
            let sentence = "Vérifiez l’identité de la personne, puis cochez la case.";
            errors.push(FieldError::new("verification_faite", sentence));
        }
        match email {
            Some(adresse) if errors.is_empty() => {
                Ok(Destination { adresse, verification: Some(self.verification.clone()) })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str) -> Result<Destination, Vec<String>> {
        let checked = Typed::from_form(&Fields::parse(query)).check("anne@exemple.fr");
        checked.map_err(|errors| errors.into_iter().map(|error| error.field).collect())
    }

    #[test]
    fn k6_the_address_of_record_needs_no_check() {
        let found = check("destination=enregistree&adresse=x").unwrap();
        assert_eq!((found.adresse.as_str(), found.verification), ("anne@exemple.fr", None));
    }

    #[test]
    fn k6_another_address_needs_a_check_that_is_described_and_ticked() {
        let wrong = |query| check(query).unwrap_err();
        assert_eq!(wrong("destination=autre"), ["adresse", "verification", "verification_faite"]);
        assert_eq!(
            wrong("destination=autre&adresse=Anne@exemple.fr&verification=Vue&verification_faite=1"),
            ["adresse"]
        );
        assert_eq!(wrong("destination=autre&adresse=a@b.fr&verification=Vue"), ["verification_faite"]);
        let found = check("destination=autre&adresse=A@B.fr&verification=Carte+vue&verification_faite=1").unwrap();
        assert_eq!((found.adresse.as_str(), found.verification.as_deref()), ("a@b.fr", Some("Carte vue")));
    }
}
