//! An email address, which is also the login (manual §5).

use std::fmt;

use crate::texte::saisi;

/// An address of RFC 5321's shape, in lower case: capitals do not make another login. A domain with accents is kept in
/// the form that mail uses (`xn--…`, RFC 5891): the two forms of one address are one login.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

/// Why a text is no email address.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EmailError {
    #[error("Indiquez une adresse électronique.")]
    Empty,
    #[error("Cette adresse électronique n’est pas complète. Elle a la forme nom@domaine.fr.")]
    Malformed,
    #[error("Avant le signe @, une adresse électronique n’a ni accent ni espace : vérifiez cette partie.")]
    Local,
    /// RFC 5321 §4.5.3.1.3 allows 254 characters.
    #[error("Cette adresse électronique est trop longue : 254 caractères au plus.")]
    TooLong,
}

impl Email {
    /// Reads what a person typed; spaces around, capitals and invisible characters don't count.
    pub fn parse(typed: &str) -> Result<Self, EmailError> {
        let typed = saisi(typed);
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(EmailError::Empty);
        }
        if typed.len() > 254 {
            return Err(EmailError::TooLong);
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(EmailError::Malformed)?;
        let atext = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        let shaped = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let domain = ascii_domain(domain).ok_or(EmailError::Malformed)?;
        if !shaped || local.contains('@') {
            return Err(EmailError::Malformed);
        }
        if !local.chars().all(atext) {
            return Err(EmailError::Local);
        }
        let address = format!("{}@{domain}", local.to_ascii_lowercase());
        if address.len() > 254 { Err(EmailError::TooLong) } else { Ok(Self(address)) }
    }

    /// The address in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A domain as mail uses it, in lower case; none when the text is not a domain.
fn ascii_domain(typed: &str) -> Option<String> {
    let lower = typed.to_ascii_lowercase();
    // A domain without accents is always taken as it is, even where IDNA would refuse it.
    let domain = match idna::domain_to_ascii_strict(typed) {
        Ok(domain) => domain,
        Err(_) if typed.is_ascii() => lower,
        Err(_) => return None,
    };
    let label_fits = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    (domain.contains('.') && domain.split('.').all(label_fits)).then_some(domain)
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

/// An address of which only the ends are shown: `a…e@exemple.fr`.
pub fn masked(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let mut signs = local.chars();
    match (signs.next(), signs.next_back()) {
        (Some(first), Some(last)) => format!("{first}…{last}@{domain}"),
        (Some(_), None) | (None, _) => format!("…@{domain}"),
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
    fn k1_a_domain_with_accents_is_one_address_in_both_its_forms() {
        let kept = |typed: &str| Email::parse(typed).map(|email| email.as_str().to_owned());
        for typed in [
            "marie@élagage-formation.example",
            "Marie@ÉLAGAGE-Formation.example",
            "marie@e\u{301}lagage-formation.example",
            "marie@xn--lagage-formation-9pb.example",
            "\u{200B}marie@élagage\u{AD}-formation.example\u{202C}",
        ] {
            assert_eq!(kept(typed).as_deref(), Ok("marie@xn--lagage-formation-9pb.example"), "{typed}");
        }
        assert_eq!(kept("a@straße.example").as_deref(), Ok("a@xn--strae-oqa.example"));
        assert_eq!(kept("élise@exemple.fr"), Err(EmailError::Local));
        assert_eq!(kept("a b@exemple.fr"), Err(EmailError::Local));
        for bad in ["a@é", "a@-é.fr", "a@é..fr", "a@é é.fr", "a@é_b.fr", "@é.fr", "a@😀\u{378}.fr"] {
            assert_eq!(kept(bad), Err(EmailError::Malformed), "{bad}");
        }
        // 63 signs of a label at most, in the form that is sent.
        assert!(kept(&format!("a@{}.fr", "é".repeat(30))).is_ok());
        assert_eq!(kept(&format!("a@{}.fr", "é".repeat(100))), Err(EmailError::Malformed));
    }

    #[test]
    fn q7_a_debugged_email_says_nothing() {
        assert_eq!(format!("{:?}", Email::parse("paul@exemple.fr").unwrap()), "Email([…])");
    }

    #[test]
    fn k4_an_address_is_masked_but_for_its_ends() {
        assert_eq!(masked("anne.legall@exemple.fr"), "a…l@exemple.fr");
        assert_eq!(masked("a@exemple.fr"), "…@exemple.fr");
    }
}
