//! The words that questions are made of: numbers, days, months, things, and words to spell.

/// The largest number that [`number`] puts into words: after it French counts in twenties.
pub(super) const NUMBERS_MAX: usize = 69;

const UNITS: [&str; 20] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
];
const TENS: [&str; 5] = ["vingt", "trente", "quarante", "cinquante", "soixante"];

/// A number in words, masculine, in the traditional spelling; numbers above [`NUMBERS_MAX`] stay in digits.
pub(super) fn number(value: usize) -> String {
    if let Some(word) = UNITS.get(value) {
        return (*word).to_owned();
    }
    match (TENS.get((value / 10).saturating_sub(2)), value % 10) {
        (Some(tens), 0) => (*tens).to_owned(),
        (Some(tens), 1) => format!("{tens} et un"),
        (Some(tens), units) => format!("{tens}-{}", UNITS[units]),
        (None, _) => value.to_string(),
    }
}

pub(super) const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// The months, and the number of days of each if it is always the same.
pub(super) const MONTHS: [(&str, Option<usize>); 12] = [
    ("janvier", Some(31)),
    ("février", None),
    ("mars", Some(31)),
    ("avril", Some(30)),
    ("mai", Some(31)),
    ("juin", Some(30)),
    ("juillet", Some(31)),
    ("août", Some(31)),
    ("septembre", Some(30)),
    ("octobre", Some(31)),
    ("novembre", Some(30)),
    ("décembre", Some(31)),
];

/// Ranks of the months in the year.
pub(super) const ORDINALS: [&str; 12] = [
    "premier",
    "deuxième",
    "troisième",
    "quatrième",
    "cinquième",
    "sixième",
    "septième",
    "huitième",
    "neuvième",
    "dixième",
    "onzième",
    "douzième",
];

/// Things to have and to give, masculine because of « vingt et un ».
pub(super) const THINGS: [&str; 8] =
    ["livres", "crayons", "cahiers", "timbres", "gâteaux", "biscuits", "citrons", "stylos"];

/// Words to spell, separated by spaces: common, without accents, written as they are heard or learnt at school.
pub(super) const WORDS: &str = "\
    table livre maison jardin soleil papier cahier crayon cuisine fromage citron orange banane tomate carotte salade \
    poivre beurre farine chocolat cheval mouton lapin canard poisson cochon girafe tortue souris renard voiture \
    camion avion bateau moteur route chemin village montagne colline plage nuage pluie neige orage printemps automne \
    hiver matin dimanche semaine musique violon piano guitare trompette chanson danse peinture dessin formation \
    formateur lecture dictionnaire professeur calcul histoire science langue question exemple document dossier \
    contrat message courrier bureau chaise armoire lampe tapis rideau miroir porte serrure balcon escalier ascenseur \
    immeuble quartier boulanger facteur jardinier pompier avocat chanteur infirmier architecte ordinateur clavier \
    imprimante bouteille fourchette couteau assiette casserole chemise pantalon chapeau manteau chaussure ceinture \
    parapluie montre lunettes journal concert spectacle aventure voyage";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn k7_numbers_are_said_as_in_france() {
        assert_eq!(number(0), "zéro");
        assert_eq!(number(17), "dix-sept");
        assert_eq!(number(21), "vingt et un");
        assert_eq!(number(60), "soixante");
        assert_eq!(number(NUMBERS_MAX), "soixante-neuf");
        assert_eq!(number(70), "70");
        let said: BTreeSet<String> = (0..=NUMBERS_MAX).map(number).collect();
        assert_eq!(said.len(), NUMBERS_MAX + 1);
        assert!(said.iter().all(|number| !number.contains(|c: char| c.is_ascii_digit())));
    }

    #[test]
    fn k7_words_to_spell_are_plain() {
        let words: BTreeSet<&str> = WORDS.split(' ').collect();
        assert_eq!(words.len(), WORDS.split(' ').count(), "a word stands twice");
        assert!(words.iter().all(|word| word.len() >= 5 && word.bytes().all(|byte| byte.is_ascii_lowercase())));
    }
}
