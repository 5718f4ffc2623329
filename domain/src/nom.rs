//! Names of people, compared however their parts are written: « Le Guen », « LEGUEN » and « le-guen » are one name, and
//! so are « d’Almeida » and « Dalmeida ».

use crate::texte::fold;

/// What stands before a name, joined to it or not, folded.
const PARTICULES: [&str; 14] = ["abd", "al", "ben", "d", "da", "de", "del", "des", "di", "du", "el", "l", "la", "le"];
/// Letters of the shortest name before which a particle is looked for: shorter ones begin too many others.
const SHORTEST: usize = 3;

/// The key of a name: its letters and digits, folded, without what joins or parts them. The store computes the same of
/// the folded surname and first name.
pub fn jointe(text: &str) -> String {
    fold(text).replace(' ', "")
}

/// What the keys of people may begin with who are called by these folded words, the surname first or last.
///
/// Words that only part a particle from its name move nothing: « le guen » is no first name « Le » before « Guen ».
pub fn debuts(mots: &[String]) -> Vec<String> {
    let turns = (0..mots.len()).filter(|turn| *turn == 0 || !PARTICULES.contains(&mots[turn - 1].as_str()));
    let keys = turns.map(|turn| [&mots[turn..], &mots[..turn]].concat().concat());
    let mut keys: Vec<String> = keys.filter(|key| !key.is_empty()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The same with a particle that was not typed: « guen » for « LEGUEN ».
pub fn debuts_avec_particule(mots: &[String]) -> Vec<String> {
    let long = |key: &String| key.chars().count() >= SHORTEST;
    let keys = debuts(mots).into_iter().filter(long);
    keys.flat_map(|key| PARTICULES.map(|particule| format!("{particule}{key}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texte::mots;

    #[test]
    fn k6_a_name_has_one_key_however_its_parts_are_joined() {
        for written in ["Le Guen", "LEGUEN", "le-guen", "Leguen", " LE  GUEN "] {
            assert_eq!(jointe(written), "leguen", "{written}");
        }
        for written in ["d’Almeida", "D'ALMEIDA", "dalmeida", "d ' almeïda"] {
            assert_eq!(jointe(written), "dalmeida", "{written}");
        }
    }

    #[test]
    fn k6_a_name_is_looked_for_in_both_orders_and_a_particle_stays_with_it() {
        let keys = |typed: &str| debuts(&mots(typed, 6));
        assert_eq!(keys("Gwénaël Le Guen"), ["gwenaelleguen", "leguengwenael"]);
        assert_eq!(keys("Le Guen Gwénaël"), ["gwenaelleguen", "leguengwenael"]);
        assert_eq!(keys("le guen"), ["leguen"]);
        assert_eq!(keys("--"), Vec::<String>::new());
        let wider = debuts_avec_particule(&mots("Guen Gwénaël", 6));
        assert!(wider.contains(&"leguengwenael".to_owned()) && wider.len() == 28, "{wider:?}");
        assert_eq!(debuts_avec_particule(&mots("li", 6)), Vec::<String>::new());
    }
}
