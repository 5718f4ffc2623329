//! Numbers that must not show (SPEC Q7): in typed text, in text read from a file, in the address of a search.
//! [`crate::nir`] and [`crate::iban`] say which numbers these are.

use url::form_urlencoded;

use crate::email::Email;
pub use crate::passage::MASK;
use crate::telephone::Telephone;
use crate::{iban, nir, texte};

/// The mask in the address of a search: one word, which finds nothing.
const WORD: &str = "numéromasqué";

/// Fields of the dossier whose block is sealed, or fields beside them: a number is expected there.
const SEALED: [&str; 3] = ["nir", "numero_identite", "iban"];
/// Fields for numbers of other services, which may have as many digits as a NIR.
const REFERENCES: [&str; 2] = ["code_service", "engagement"];
/// Fields that hold addresses of our pages, or their query strings; `adresse` is a postal address on another page.
const PAGES: [&str; 2] = ["adresse", "suite"];
/// Fields that hold email addresses.
const EMAILS: [&str; 4] = ["email", "email_confirmation", "courriel", "pro_courriel"];

/// The text of a file as it may be kept: without NIR and without IBAN. Typed text loses only the NIR ([`nir::mask`]).
pub fn of_file(text: &str) -> String {
    nir::mask(&iban::mask(text))
}

/// The value of a form's field as it may be kept: without NIR, except in the fields that ask for one or that hold
/// another number, which may look like one. All forms use this rule.
pub fn of_field(name: &str, typed: &str) -> String {
    let phone = name.starts_with("telephone") || name.ends_with("_telephone");
    let kept = if phone || REFERENCES.contains(&name) {
        // Thirteen digits alone are a phone number from abroad without its +, or a number of another service.
        let compact = texte::compact(typed);
        Telephone::parse(typed).is_ok() || (compact.len() == 13 && compact.bytes().all(|sign| sign.is_ascii_digit()))
    } else {
        SEALED.contains(&name) || (EMAILS.contains(&name) && Email::parse(typed).is_ok())
    };
    if kept {
        typed.to_owned()
    } else if PAGES.contains(&name) {
        nir::mask(&of_address(typed))
    } else {
        nir::mask(typed)
    }
}

/// The address of a search, or its query string alone, as it may be kept.
pub fn of_address(address: &str) -> String {
    let (path, query) = match address.split_once('?') {
        Some((path, query)) => (Some(path), query),
        None if address.starts_with('/') => return address.to_owned(),
        None => (None, address),
    };
    let mut masked = false;
    let mut written = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let kept = nir::mask(&value);
        masked |= kept != value;
        written.append_pair(&name, &kept.replace(MASK, WORD));
    }
    match (masked, path) {
        // An address without such a number is unchanged.
        (false, _) => address.to_owned(),
        (true, Some(path)) => format!("{path}?{}", written.finish()),
        (true, None) => written.finish(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NIR: &str = "2 55 08 14 168 025 38";
    const ENCODED: &str = "num%C3%A9romasqu%C3%A9";

    #[test]
    fn q7_a_nir_typed_in_any_field_is_masked_but_where_it_is_asked_for() {
        for name in
            ["nom", "employeur_nom", "fonction", "texte", "description", "adresse", "employeur_siret", "anything"]
        {
            assert_eq!(of_field(name, &format!("Le {NIR}")), format!("Le {MASK}"), "{name}");
        }
        for name in SEALED {
            assert_eq!(of_field(name, NIR), NIR, "{name}");
        }
        for name in PAGES {
            assert_eq!(of_field(name, "/cvtheque?q=2+55+08+14+168+025+38"), format!("/cvtheque?q={ENCODED}"), "{name}");
        }
        assert_eq!(of_field("adresse", "3 rue des Ajoncs, bât. C = D"), "3 rue des Ajoncs, bât. C = D");
        assert_eq!(of_field("nir", "2 55 08 14 168 02"), "2 55 08 14 168 02", "one that is half typed too");
    }

    #[test]
    fn q7_a_field_of_another_number_keeps_it_and_masks_a_nir() {
        for name in ["telephone", "telephone_domicile", "pro_telephone"] {
            for phone in ["06 39 98 12 34", "+225 07 12 34 56 78", "00 225 07 12 34 56 78", "225 07 12 34 56 78"] {
                assert_eq!(of_field(name, phone), phone, "{name}");
            }
            assert_eq!(of_field(name, NIR), MASK, "{name}");
            assert_eq!(of_field(name, "NIR 2550814168025"), format!("NIR {MASK}"), "{name}");
        }
        for name in REFERENCES {
            assert_eq!(of_field(name, "2025081416802"), "2025081416802", "{name}");
            assert_eq!(of_field(name, NIR), MASK, "{name}");
        }
        for name in EMAILS {
            let address = "255081416802538@exemple.fr";
            assert_eq!(of_field(name, address), address, "{name}: who has it is written to there");
            assert_eq!(of_field(name, NIR), MASK, "{name}");
        }
        assert_eq!(of_field("employeur_siret", "200 000 172 00011"), "200 000 172 00011");
    }

    #[test]
    fn q7_the_address_of_a_search_holds_no_nir() {
        for (address, kept) in [
            ("/cvtheque?q=2+55+08+14+168+025+38&tri=date", format!("/cvtheque?q={ENCODED}&tri=date")),
            ("q=255081416802538", format!("q={ENCODED}")),
            ("tri=date&q=%222%2055%2008%2014%20168%20025%22", format!("tri=date&q=%22{ENCODED}%22")),
            ("/cvtheque?q=caf%C3%A9%20noir", "/cvtheque?q=caf%C3%A9%20noir".to_owned()),
            ("/activation/255081416802538", "/activation/255081416802538".to_owned()),
            ("", String::new()),
        ] {
            assert_eq!(of_address(address), kept);
            assert_eq!(of_address(&kept), kept, "said twice, said once");
        }
    }
}
