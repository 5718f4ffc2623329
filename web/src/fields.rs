//! The fields of a form or a query string: names may repeat, the order is kept, their number is bounded. Each value is
//! made clean when it is read ([`saisi`]), so that later code need not handle line ends, control characters or
//! invisible marks.

use domain::dates::{DateError, lire_jour};
use domain::email::Email;
use domain::masque;
use domain::texte::{recherche, saisi};

use crate::views::FieldError;

/// Most fields of one form.
const FIELDS_MAX: usize = 2_000;

/// Fields whose name begins like this hold passwords: every character of them counts, even an invisible one.
const SECRET: &str = "mot_de_passe";

/// Fields that our own pages carry: nobody types in them, and their values come back unchanged.
const CARRIED: [&str; 7] = ["_csrf", "captcha_preuve", "captcha_ticket", "empreinte", "jeton", "reprise_champs", "vue"];

/// A value, made clean for every reader.
fn cleaned(name: &str, value: &str) -> String {
    if name.starts_with(SECRET) { value.to_owned() } else { saisi(value) }
}

/// The fields of a form or of a query string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded` text; what is not UTF-8 is replaced, fields past the bound are
    /// dropped.
    pub fn parse(encoded: &str) -> Self {
        Self(
            form_urlencoded::parse(encoded.as_bytes())
                .take(FIELDS_MAX)
                .map(|(name, value)| {
                    let value = cleaned(&name, &value);
                    (name.into_owned(), value)
                })
                .collect(),
        )
    }

    /// Fields that were read in another way.
    pub fn from_pairs(mut pairs: Vec<(String, String)>) -> Self {
        for (name, value) in &mut pairs {
            *value = cleaned(name, value);
        }
        Self(pairs)
    }

    /// The fields of a form as they may be kept: without a NIR that was not asked for (SPEC Q7). Every posted form is
    /// read so; a query string is not kept.
    pub fn masked(mut self) -> Self {
        let carried = |name: &str| name.starts_with(SECRET) || CARRIED.contains(&name);
        for (name, value) in self.0.iter_mut().filter(|(name, _)| !carried(name)) {
            *value = masque::of_field(name, value);
        }
        self
    }

    pub fn champs(&self) -> domain::profil::Champs {
        self.iter().collect()
    }

    /// The first value of a name, empty when it is absent.
    pub fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The first value of a name without spaces around, none when it is empty.
    pub fn filled(&self, name: &str) -> Option<&str> {
        Some(self.one(name).trim()).filter(|value| !value.is_empty())
    }

    /// The first value of a name as a text to search: on one line, and cut to the longest search.
    pub fn searched(&self, name: &str) -> String {
        recherche(self.one(name))
    }

    /// Every value of a name that is not empty.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// Every value of a name that is a number.
    pub fn ids(&self, name: &str) -> Vec<i64> {
        self.all(name).iter().filter_map(|value| value.trim().parse().ok()).collect()
    }

    /// Every value of a name as an id; a value that is no number becomes −1, which no row has, so that it is refused
    /// and not ignored.
    pub fn references(&self, name: &str) -> Vec<i64> {
        self.all(name).iter().map(|value| value.trim().parse().unwrap_or(-1)).collect()
    }

    /// Whether a name is there, whatever its value: a ticked box.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// The address of `email`, typed again in `email_confirmation`; adds what is wrong with the two to `errors`.
    pub fn email_twice(&self, errors: &mut Vec<FieldError>) -> Option<Email> {
        let typed = self.one("email").trim();
        let email = Email::parse(typed).map_err(|error| errors.push(FieldError::new("email", error.to_string()))).ok();
        let again = self.one("email_confirmation").trim();
        // An address may be typed in its two forms; an invalid one is compared as it was typed.
        let same = match &email {
            Some(email) => Email::parse(again).as_ref() == Ok(email),
            None => again.to_lowercase() == typed.to_lowercase(),
        };
        // Said at once, even beside an address that is missing too.
        if again.is_empty() {
            errors.push(FieldError::new("email_confirmation", "Tapez votre adresse électronique une seconde fois."));
        } else if !same {
            let sentence = "Les deux adresses diffèrent : tapez deux fois la même.";
            errors.push(FieldError::new("email_confirmation", sentence));
        }
        email
    }

    pub fn number(&self, name: &str) -> Option<i64> {
        self.one(name).trim().parse().ok()
    }

    /// The first value of a name as a day: `2027-01-12` as a browser's calendar sends it, or as people type it.
    pub fn read_day(&self, name: &str) -> Result<chrono::NaiveDate, DateError> {
        lire_jour(self.one(name))
    }

    /// The same, but none when it can't be read.
    pub fn day(&self, name: &str) -> Option<chrono::NaiveDate> {
        self.read_day(name).ok()
    }

    /// Every field, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q8_a_form_is_read_whatever_it_holds() {
        let fields =
            Fields::parse("destinataires=3&destinataires=5&objet=Vos+dates&texte=%C3%A9t%FF&seul&destinataires=x");
        assert_eq!(fields.ids("destinataires"), [3, 5]);
        assert_eq!(fields.references("destinataires"), [3, 5, -1]);
        assert_eq!(fields.one("objet"), "Vos dates");
        assert_eq!(fields.one("texte"), "ét\u{fffd}");
        assert!(fields.has("seul") && !fields.has("autre"));
        assert_eq!(fields.one("absent"), "");
        assert_eq!(Fields::parse(&"a=1&".repeat(5_000)).iter().count(), FIELDS_MAX);
    }

    #[test]
    fn q5_every_field_is_clean_but_passwords_which_are_as_they_were_typed() {
        let typed = "a%0D%0Ab%0Bc%E2%80%8Bd%02";
        let fields = Fields::parse(&format!("texte={typed}&mot_de_passe={typed}&mot_de_passe_actuel={typed}"));
        assert_eq!(fields.one("texte"), "a\nb\ncd");
        assert_eq!(fields.one("mot_de_passe"), "a\r\nb\u{B}c\u{200B}d\u{2}");
        assert_eq!(fields.one("mot_de_passe_actuel"), fields.one("mot_de_passe"));
        let pairs = Fields::from_pairs(vec![("texte".into(), "a\r\nb\u{FEFF}".into())]);
        assert_eq!(pairs.one("texte"), "a\nb");
    }

    #[test]
    fn q7_a_form_holds_no_nir_but_where_it_is_asked_for_and_what_pages_carry_is_left() {
        let number = "255081416802538";
        let form = Fields::from_pairs(
            CARRIED
                .into_iter()
                .chain(["mot_de_passe", "mot_de_passe_actuel", "nir", "texte", "nom"])
                .map(|name| (name.to_owned(), number.to_owned()))
                .collect(),
        );
        let masked: Vec<(String, String)> = form
            .masked()
            .iter()
            .filter(|(_, value)| *value != number)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        assert_eq!(masked, ["texte", "nom"].map(|name| (name.to_owned(), masque::MASK.to_owned())));
    }

    #[test]
    fn k1_an_address_typed_twice_may_be_in_its_two_forms() {
        let wrong = |first: &str, again: &str| {
            let pairs = vec![("email".into(), first.into()), ("email_confirmation".into(), again.into())];
            let mut errors = Vec::new();
            Fields::from_pairs(pairs).email_twice(&mut errors);
            errors.into_iter().map(|error| error.field).collect::<Vec<_>>()
        };
        assert!(wrong("a@élagage.example", " A@xn--lagage-9ua.example").is_empty());
        assert!(wrong("a@exemple.fr\u{200B}", "A@EXEMPLE.fr").is_empty());
        assert_eq!(wrong("a@exemple.fr", "b@exemple.fr"), ["email_confirmation"]);
        assert_eq!(wrong("a@", "A@"), ["email"]);
        assert_eq!(wrong("a@exemple.fr", ""), ["email_confirmation"]);
        assert_eq!(wrong("", ""), ["email", "email_confirmation"]);
    }
}
