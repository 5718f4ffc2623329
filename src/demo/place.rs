//! Where people live, and which of them have just registered.

use super::random::Random;

/// People from this number on have just registered, or are about to: all in Bretagne, each with a CV.
pub(super) const REGISTRANTS: usize = 2_000_000_000;

/// Whether that person has just registered.
pub(super) fn is_registrant(number: usize) -> bool {
    number >= REGISTRANTS
}

pub(super) struct Place {
    pub(super) region: String,
    pub(super) departement: String,
    pub(super) code_postal: String,
    pub(super) commune: String,
}

const STREETS: [&str; 12] = [
    "rue des Ajoncs",
    "rue du Four",
    "venelle des Mouettes",
    "rue de la Fontaine",
    "allée des Genêts",
    "place du Marché",
    "rue des Deux-Moulins",
    "chemin du Lavoir",
    "rue Louise-Michel",
    "impasse des Tilleuls",
    "rue du Vieux-Pont",
    "avenue de la Gare",
];

pub(super) fn street(random: &mut Random) -> String {
    format!("{} {}", 1 + random.below(90), random.pick(&STREETS))
}

/// The beginning of a fixed number of a région; overseas has no fixed numbers for fiction, and gets the beginning of a
/// mobile's.
pub(super) fn fixed_prefix(region: &str) -> &'static str {
    match region {
        "11" => "01 99 00",
        "53" | "52" | "28" | "24" => "02 61 91",
        "44" | "32" | "27" => "03 53 01",
        "84" | "93" | "94" => "04 65 71",
        "75" | "76" => "05 36 49",
        _ => "06 39 98",
    }
}
