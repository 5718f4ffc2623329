//! Private employers, invented: a name and a SIRET with valid keys.

use super::{model::DemoEmployeur, names::Names, random::Random};

const KINDS: [&str; 14] = [
    "Cabinet",
    "Atelier",
    "Agence",
    "Études",
    "Bureau",
    "Groupe",
    "Société",
    "Collectif",
    "Coopérative",
    "Association",
    "Compagnie",
    "Laboratoire",
    "Maison",
    "Fabrique",
];
const ACTIVITIES: [&str; 14] = [
    "Conseil",
    "Territoires",
    "et Associés",
    "Formation",
    "Ingénierie",
    "Développement",
    "Services",
    "Solutions",
    "Partenaires",
    "Expertise",
    "Perspectives",
    "Accompagnement",
    "Transitions",
    "Méthodes",
];

/// An invented company. Its SIREN begins with `00`, which INSEE has given to nobody.
pub(super) fn invent(names: &Names, (code_postal, commune): (&str, &str), random: &mut Random) -> DemoEmployeur {
    let (_, _, surname) = names.adult(random);
    let raison_sociale = format!("{} {surname} {}", random.pick(&KINDS), random.pick(&ACTIVITIES));
    let siren = with_key(&format!("00{:06}", random.below(1_000_000)));
    DemoEmployeur {
        siret: with_key(&format!("{siren}0001")),
        raison_sociale,
        code_postal: code_postal.to_owned(),
        commune: commune.to_owned(),
        public: false,
    }
}

/// Appends the digit that makes Luhn's sum a multiple of ten (ISO/IEC 7812-1, annex B).
fn with_key(digits: &str) -> String {
    let sum: u32 = digits
        .chars()
        .rev()
        .filter_map(|digit| digit.to_digit(10))
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit) {
            (0, 5..) => 2 * digit - 9,
            (0, _) => 2 * digit,
            _ => digit,
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}
