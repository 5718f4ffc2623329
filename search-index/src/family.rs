//! The stem that the forms of one word share: number, gender, tense and what is derived from it.
//!
//! Snowball's French stemmer does most of it. It expects accents, which folding took away, and cuts some words so far
//! that strangers meet (communication and communes): what stands here comes before and after it.

use std::cell::RefCell;
use std::collections::HashMap;

use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer, TokenStream as _};

/// Singulars read as another word of their family: nouns in -age and the like, whose ending is no rule (village is not
/// ville), -ier beside its noun, participles in -iqué (Snowball takes -ique away).
const DERIVED: [(&str, &str); 34] = [
    ("applique", "appliquer"),
    ("archivage", "archive"),
    ("arrosage", "arroser"),
    ("balisage", "baliser"),
    ("catalogage", "catalogue"),
    ("communique", "communiquer"),
    ("compostage", "compost"),
    ("conduire", "conduite"),
    ("depannage", "depanner"),
    ("depistage", "depister"),
    ("desherbage", "desherber"),
    ("eclairage", "eclairer"),
    ("elagage", "elaguer"),
    ("etiquetage", "etiqueter"),
    ("explique", "expliquer"),
    ("fabrique", "fabriquer"),
    ("financier", "finance"),
    ("financiere", "finance"),
    ("implique", "impliquer"),
    ("indique", "indiquer"),
    ("maquillage", "maquiller"),
    ("massage", "masser"),
    ("modelage", "modeler"),
    ("moulage", "mouler"),
    ("nettoyage", "nettoyer"),
    ("paillage", "pailler"),
    ("pilotage", "piloter"),
    ("policier", "police"),
    ("policiere", "police"),
    ("publication", "publier"),
    ("recyclage", "recycler"),
    ("soudage", "souder"),
    ("tissage", "tisser"),
    ("tutorat", "tuteur"),
];

/// Plurals in -aux of nouns in -ail: any other is one of -al.
const AILS: [&str; 8] = ["aspiraux", "baux", "coraux", "emaux", "soupiraux", "travaux", "vantaux", "vitraux"];

/// Plurals in -eux of nouns in -eu: any other is an adjective.
const EUS: [&str; 13] = [
    "aveux", "cheveux", "enjeux", "essieux", "feux", "jeux", "lieux", "milieux", "moyeux", "neveux", "pieux", "voeux",
    "hebreux",
];

/// Nouns that are not participles: stemmed like the verb, `données` (data) would meet `donner` (to give) and `don`.
const NOUNS: [&str; 2] = ["donnee", "donnees"];

/// Feminines in -ère without i: in any other word that ends like them, -ere is a participle (libéré).
const ERES: [&str; 10] = [
    "bergere",
    "bouchere",
    "boulangere",
    "conseillere",
    "etrangere",
    "horlogere",
    "legere",
    "maraichere",
    "menagere",
    "passagere",
];

/// Endings that Snowball only knows with their accent (formée, financière), in long words (active), or takes for another
/// one, with what replaces them and the shortest word in bytes. The first that fits counts.
const ENDINGS: [(&str, &str, usize); 19] = [
    ("ifications", "ifier", 12),
    ("ification", "ifier", 11),
    ("ificateur", "ifier", 11),
    ("ificatrice", "ifier", 12),
    ("ifiee", "ifier", 8),
    ("ifie", "ifier", 7),
    // Snowball takes the whole of -ication away: what is left of communication is commun.
    ("ication", "iquer", 9),
    ("icateur", "iquer", 9),
    ("icatrice", "iquer", 10),
    ("icatif", "iquer", 9),
    ("icative", "iquer", 10),
    // Privé, privée and actif, active end alike once folded.
    ("ivee", "if", 6),
    ("ive", "if", 5),
    ("ee", "e", 4),
    ("iere", "ier", 6),
    ("trice", "teur", 6),
    ("euse", "eur", 6),
    ("eux", "eur", 6),
    ("eure", "eur", 8),
];

fn singular(word: &str) -> &str {
    word.strip_suffix('s').filter(|singular| singular.len() >= 4 && !singular.ends_with('s')).unwrap_or(word)
}

/// What the stemmer reads in place of a folded word.
fn before_stemming(folded: &mut String) {
    if NOUNS.contains(&folded.as_str()) {
        return;
    }
    if AILS.contains(&folded.as_str()) {
        folded.replace_range(folded.len() - 3.., "ail");
        return;
    }
    if EUS.contains(&folded.as_str()) {
        folded.pop();
        return;
    }
    folded.truncate(singular(folded).len());
    if let Ok(place) = DERIVED.binary_search_by_key(&folded.as_str(), |(word, _)| word) {
        DERIVED[place].1.clone_into(folded);
        return;
    }
    if ERES.contains(&folded.as_str()) {
        folded.pop();
        return;
    }
    for (ending, other, shortest) in ENDINGS {
        if folded.len() >= shortest
            && let Some(kept) = folded.strip_suffix(ending).map(str::len)
        {
            folded.truncate(kept);
            folded.push_str(other);
            return;
        }
    }
}

/// What is brought together or kept apart behind the stemmer, which left `stem` of `word`.
fn after_stemming(word: &str, stem: &mut String) {
    if word.ends_with("uie") || word == "marie" || (word.len() <= 5 && word.ends_with('a')) {
        // Pluie is not PLUi, nor Marie mars. A short word in -a is a noun or a name (média, Guéna), no past tense.
        word.clone_into(stem);
    } else if stem.len() >= 4 && ["as", "is", "os", "us"].iter().any(|ending| stem.ends_with(ending)) {
        // Snowball leaves the plural of words that end in a vowel (élus, menus, tissus).
        stem.pop();
    } else if let Some(kept) = stem.strip_suffix("qu").map(str::len) {
        stem.truncate(kept);
        stem.push('c');
    } else if let Some(kept) = stem.strip_suffix("iv").map(str::len) {
        stem.truncate(kept);
        stem.push_str("if");
    }
}

/// Words whose stem a thread remembers; then it forgets them all.
const REMEMBERED: usize = 50_000;

struct Stems {
    analyzer: TextAnalyzer,
    known: HashMap<String, String>,
}

thread_local! {
    // A text is made of the same words again and again, and the stemmer takes longer than a look into a map.
    static STEMS: RefCell<Stems> = RefCell::new(Stems {
        analyzer: TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(Language::French)).build(),
        known: HashMap::new(),
    });
}

/// Puts the stem of a folded word in its place. What holds a digit or a sign has none.
pub(crate) fn stem_in_place(folded: &mut String) {
    if folded.len() <= 3 || !folded.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return;
    }
    STEMS.with_borrow_mut(|stems| {
        if let Some(stem) = stems.known.get(folded) {
            folded.clone_from(stem);
            return;
        }
        let word = folded.clone();
        before_stemming(folded);
        let mut stem = String::new();
        stems.analyzer.token_stream(folded).process(&mut |token| stem.clone_from(&token.text));
        after_stemming(folded, &mut stem);
        folded.clone_from(&stem);
        if stems.known.len() == REMEMBERED {
            stems.known.clear();
        }
        stems.known.insert(word, stem);
    });
}

/// Masculines and feminines by their ending, and plurals that are not an s more.
const GENDERS: [(&str, &str); 9] = [
    ("teur", "trice"),
    ("eur", "euse"),
    ("eux", "euse"),
    ("if", "ive"),
    ("er", "ere"),
    ("en", "enne"),
    ("on", "onne"),
    ("el", "elle"),
    ("al", "aux"),
];

/// The folded word in either number and gender, as far as rules give them; some of these are no words.
pub(crate) fn inflections(folded: &str) -> Vec<String> {
    let one = singular(folded);
    let mut forms = vec![folded.to_owned()];
    let mut add = |form: String| {
        for form in [format!("{form}s"), form] {
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    };
    if !folded.bytes().all(|byte| byte.is_ascii_lowercase()) || folded.len() < 3 {
        return forms;
    }
    add(one.to_owned());
    // Folded, privé ends like a feminine.
    add(format!("{one}e"));
    if let Some(masculine) = one.strip_suffix('e').filter(|masculine| masculine.len() > 2) {
        add(masculine.to_owned());
    }
    for (masculine, feminine) in GENDERS {
        if let Some(kept) = one.strip_suffix(masculine) {
            add(format!("{kept}{feminine}"));
        } else if let Some(kept) = one.strip_suffix(feminine) {
            add(format!("{kept}{masculine}"));
        }
    }
    if let Some(kept) = one.strip_suffix('x').filter(|kept| kept.ends_with('u')) {
        add(kept.to_owned());
    } else if one.ends_with('u') {
        add(format!("{one}x"));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stem(word: &str) -> String {
        let mut stem = crate::words::fold(word);
        stem_in_place(&mut stem);
        stem
    }

    #[test]
    fn g3_forms_of_one_word_meet() {
        let families = [
            &["privé", "privée", "privés", "privées"][..],
            &["motivé", "motivée", "motivation", "motiver"],
            &["cultivé", "cultivée", "cultiver"],
            &["actif", "active", "activer", "activé", "actives"],
            &["archives", "archive", "archivage", "archivages", "archiviste", "archivistes", "archiver"],
            &["préféré", "préférée", "préférer", "préférés"],
            &["libéré", "libérée", "libérer", "libération"],
            &["modéré", "modérée", "modérer", "modération", "modérateur", "modératrice"],
            &["brodeur", "brodeuse", "brodeurs", "brodeuses"],
            &["relieur", "relieuse"],
            &["masseur", "masseuse", "masseuses"],
            &["coiffeur", "coiffeuse"],
            &["enjeu", "enjeux"],
            &["lieu", "lieux"],
            &["milieu", "milieux"],
            &["jeu", "jeux"],
            &["heureux", "heureuse", "heureuses"],
            &["vitrail", "vitraux"],
            &["travail", "travaux"],
            &["bail", "baux"],
            &["régional", "régionaux", "régionale"],
            &["communication", "communications", "communiquer", "communiqué"],
            &["qualification", "qualifié", "qualifier"],
            &["policier", "policière", "police", "policiers"],
            &["professeur", "professeure", "professeures"],
            &["éducateur", "éducatrice", "éducation", "éduquer"],
            &["élagage", "élaguer"],
            &["pluie", "pluies"],
            &["voie", "voies"],
            &["tuteur", "tutrice", "tutorat"],
            &["étrangère", "étranger", "étrangères"],
            &["première", "premier", "premières"],
            &["mère", "mères"],
            &["média", "médias"],
        ];
        let mut wrong = Vec::new();
        for family in families {
            let first = stem(family[0]);
            for word in family.iter().filter(|word| stem(word) != first) {
                wrong.push((family[0], first.clone(), *word, stem(word)));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn g3_words_of_two_families_stay_apart() {
        for (one, other) in [
            ("communes", "communication"),
            ("commun", "communication"),
            ("PLUi", "pluie"),
            ("libéré", "lib"),
            ("libéré", "libre"),
            ("libérer", "liberté"),
            ("modéré", "mode"),
            ("modéré", "mod"),
            ("village", "ville"),
            ("paysage", "pays"),
            ("message", "messe"),
            ("public", "publication"),
            ("chantier", "chant"),
            ("organe", "organisation"),
            ("peu", "peur"),
            ("données", "donner"),
            ("mars", "marché"),
            ("mars", "Marie"),
            ("Guen", "Guéna"),
            ("opéra", "opérer"),
            ("jeu", "jeune"),
            ("général", "génération"),
            ("secret", "secrétaire"),
        ] {
            assert_ne!(stem(one), stem(other), "{one} / {other}");
        }
    }

    #[test]
    fn g3_derived_words_are_looked_up_in_order() {
        assert!(DERIVED.is_sorted());
    }
}
