//! An email address, which is also the login (manual §5).

use std::fmt;

/// An address of RFC 5321's shape, in lower case: what was typed with capitals is the same login.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

/// Why a text is no email address.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EmailError {
    /// Nothing was typed.
    #[error("Indiquez votre adresse électronique.")]
    Empty,
    /// It has not the shape name@domain.
    #[error("Cette adresse électronique n’est pas complète. Elle a la forme nom@domaine.fr.")]
    Malformed,
    /// RFC 5321 §4.5.3.1.3 allows 254 characters.
    #[error("Cette adresse électronique est trop longue : 254 caractères au plus.")]
    TooLong,
}

impl Email {
    /// Reads what a person typed; spaces around and capitals don't count.
    pub fn parse(typed: &str) -> Result<Self, EmailError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(EmailError::Empty);
        }
        if typed.len() > 254 {
            return Err(EmailError::TooLong);
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(EmailError::Malformed)?;
        let atext = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        let local_fits = !local.is_empty()
            && local.len() <= 64
            && local.chars().all(atext)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let label_fits = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        let domain_fits = domain.contains('.') && domain.split('.').all(label_fits);
        if local_fits && domain_fits { Ok(Self(typed.to_ascii_lowercase())) } else { Err(EmailError::Malformed) }
    }

    /// The address in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address is personal data: logs show that there was one, not which.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email([…])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k1_the_login_is_an_email_whatever_its_capitals() {
        assert_eq!(Email::parse(" Paul.LeGall@Exemple.FR ").unwrap().as_str(), "paul.legall@exemple.fr");
        for bad in
            ["paul", "paul@", "@x.fr", "a b@x.fr", "a@x", "a..b@x.fr", "a@-x.fr", "a@x..fr", "é@x.fr", "a@b@x.fr\r\n"]
        {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Email::parse("  "), Err(EmailError::Empty));
        assert_eq!(Email::parse(&format!("{}@exemple.fr", "a".repeat(250))), Err(EmailError::TooLong));
    }

    #[test]
    fn q7_a_debugged_email_says_nothing() {
        assert_eq!(format!("{:?}", Email::parse("paul@exemple.fr").unwrap()), "Email([…])");
    }
}
