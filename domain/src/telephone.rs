//! Phone numbers as people type them: French ones of ten digits, or international ones (ITU-T E.164).

/// A phone number that can be called.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Telephone(String);

/// Why a text is no phone number.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TelephoneError {
    /// Something else than digits and separators.
    #[error("Un numéro de téléphone ne contient que des chiffres, et un + devant l’indicatif d’un pays.")]
    NotDigits,
    /// A French number that does not have its ten digits.
    #[error("Un numéro français compte 10 chiffres et commence par 0 ; il y en a {0} ici.")]
    French(usize),
    /// E.164 allows 15 digits; fewer than 8 reach nobody abroad.
    #[error("Un numéro international compte de 8 à 15 chiffres après le + ; il y en a {0} ici.")]
    International(usize),
}

impl Telephone {
    /// Reads a number with spaces, dots, hyphens or none: « 06 12 34 56 78 », « +33 6 12 34 56 78 », « 0033… ».
    pub fn parse(typed: &str) -> Result<Self, TelephoneError> {
        let compact: String = typed.chars().filter(|c| !c.is_whitespace() && !".-()/".contains(*c)).collect();
        let (international, digits) = match (compact.strip_prefix('+'), compact.strip_prefix("00")) {
            (Some(rest), _) | (None, Some(rest)) => (true, rest),
            (None, None) => (false, compact.as_str()),
        };
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(TelephoneError::NotDigits);
        }
        if !international {
            let fits = digits.len() == 10 && digits.starts_with('0') && !digits.starts_with("00");
            return if fits {
                Ok(Self(format!("+33{}", &digits[1..])))
            } else {
                Err(TelephoneError::French(digits.len()))
            };
        }
        // « +33 (0)6… » is how many people write theirs.
        let digits = digits.strip_prefix("330").map_or_else(|| digits.to_owned(), |rest| format!("33{rest}"));
        if let Some(national) = digits.strip_prefix("33")
            && national.len() != 9
        {
            return Err(TelephoneError::French(national.len() + 1));
        }
        if (8..=15).contains(&digits.len()) {
            Ok(Self(format!("+{digits}")))
        } else {
            Err(TelephoneError::International(digits.len()))
        }
    }

    /// As it is kept: `+33612345678`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As it is read: « 06 12 34 56 78 », « +32 470 12 34 56 » as « +32470123456 ».
pub fn shown(kept: &str) -> String {
    match kept.strip_prefix("+33") {
        Some(national) if national.len() == 9 && national.bytes().all(|b| b.is_ascii_digit()) => {
            let digits = format!("0{national}");
            (0..5).map(|pair| &digits[pair * 2..pair * 2 + 2]).collect::<Vec<_>>().join(" ")
        }
        _ => kept.to_owned(),
    }
}

/// A number is personal data: logs show that there was one, not which.
impl std::fmt::Debug for Telephone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Telephone([…])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i4_a_phone_is_read_however_it_is_grouped() {
        for typed in [
            "06 12 34 56 78",
            "06.12.34.56.78",
            "0612345678",
            "+33 6 12 34 56 78",
            "0033612345678",
            "+33 (0)6 12 34 56 78",
        ] {
            assert_eq!(Telephone::parse(typed).unwrap().as_str(), "+33612345678", "{typed}");
        }
        assert_eq!(Telephone::parse("+32 470 12 34 56").unwrap().as_str(), "+32470123456");
        assert_eq!(shown("+33612345678"), "06 12 34 56 78");
        assert_eq!(shown("+32470123456"), "+32470123456");
    }

    #[test]
    fn i4_a_phone_that_reaches_nobody_is_refused() {
        assert_eq!(Telephone::parse("06 12 34 56"), Err(TelephoneError::French(8)));
        assert_eq!(Telephone::parse("6123456789"), Err(TelephoneError::French(10)));
        assert_eq!(Telephone::parse("+33 6 12"), Err(TelephoneError::French(4)));
        assert_eq!(Telephone::parse("+1"), Err(TelephoneError::International(1)));
        assert_eq!(Telephone::parse("bureau"), Err(TelephoneError::NotDigits));
        assert_eq!(Telephone::parse(""), Err(TelephoneError::NotDigits));
    }
}
