//! How French words meet: accents, plurals, elision, ligatures (SPEC G3), and no NIR in the index (Q7).

mod common;

use common::{cv, fichier, ids, index, results};
use search_index::french::{folded_words, stems};

fn stem_of(text: &str) -> Vec<String> {
    stems(text).into_iter().map(|(_, stem)| stem).collect()
}

#[test]
fn g3_accents_case_plurals_and_feminines_meet() {
    for (left, right) in [
        ("sécurité", "securite"),
        ("Sécurité", "SÉCURITÉS"),
        ("données", "donnees"),
        ("donnée", "DONNÉES"),
        ("formé", "formées"),
        ("formée", "forme"),
        ("expérimenté", "expérimentées"),
        ("formateur", "formateurs"),
        ("formatrice", "formatrices"),
        ("formation", "formations"),
        ("régional", "régionaux"),
        ("régionale", "regionales"),
        ("européen", "européennes"),
        ("actif", "actives"),
        ("administratif", "administratives"),
        ("sportifs", "sportive"),
        ("financier", "financières"),
        ("infirmière", "infirmiers"),
        ("conseillère", "conseiller"),
        ("directeur", "directrices"),
        ("animatrice", "animateurs"),
        ("tutrice", "tuteur"),
        ("professionnel", "professionnelles"),
        ("territorial", "territoriaux"),
        ("chargé", "chargées"),
        ("sérieux", "sérieuses"),
        ("matière", "matières"),
        ("développement", "développements"),
        ("juridique", "juridiques"),
        ("école", "ecoles"),
        ("collectivité", "collectivites"),
        ("Noël", "noel"),
        ("œuvre", "oeuvres"),
        ("Œuvre", "oeuvre"),
        ("e\u{301}cole", "école"),
        ("ef\u{fb01}cace", "efficaces"),
        ("co\u{ad}ordination", "coordination"),
        ("manager", "managé"),
        ("ＣＶ", "cv"),
        ("l'eau", "eau"),
        ("straße", "strasse"),
    ] {
        assert_eq!(stem_of(left), stem_of(right), "{left} / {right}");
        assert_eq!(stem_of(left).len(), 1, "{left}");
    }
}

#[test]
fn g3_words_that_differ_stay_apart() {
    for (left, right) in [("données", "donner"), ("données", "dons"), ("paie", "paix"), ("marché", "mars")] {
        assert_ne!(stem_of(left), stem_of(right), "{left} / {right}");
    }
}

#[test]
fn g3_elision_is_folded() {
    for (text, words) in [
        ("l'agent d’accueil", &["agent", "accueil"][..]),
        ("jusqu'à lorsqu’il puisqu'elle quoiqu'on", &["a", "il", "elle", "on"]),
        ("c'est j'ai m'a t'a s'il n'est qu'un", &["est", "ai", "a", "a", "il", "est", "un"]),
        ("L'ÉTAT", &["etat"]),
        ("aujourd'hui", &["aujourd", "hui"]),
        ("presqu'île", &["ile"]),
        ("O'Brien", &["o", "brien"]),
        ("le langage C", &["le", "langage", "c"]),
        ("fin d'", &["fin", "d"]),
        ("M²", &["m2"]),
    ] {
        assert_eq!(folded_words(text), words, "{text}");
    }
}

#[test]
fn g3_stop_words_are_known_without_their_accents() {
    assert_eq!(stem_of("à la où"), Vec::<String>::new());
    assert_eq!(stem_of("Grand Est").len(), 2);
    // A phrase of stems keeps its distances.
    assert_eq!(stems("mise en œuvre").iter().map(|(place, _)| *place).collect::<Vec<_>>(), [0, 2]);
}

#[test]
fn g3_every_stop_word_of_the_list_is_recognised() {
    for word in ["a", "au", "aux", "de", "du", "elle", "etait", "les", "ou", "que", "vos", "vous", "pour", "un"] {
        assert!(search_index::french::is_stop_word(word), "{word}");
    }
    assert!(!search_index::french::is_stop_word("formation"));
}

#[test]
fn g3_words_inside_files_are_found_however_typed() {
    let mut with_file = cv(1, "Martin", "Zoé", "Comptabilité publique");
    with_file.fichiers.push(fichier("cv.pdf", "PDF", "Chargée de la sécurité des données à l’Hôtel de Ville"));
    let (_folder, index) = index(&[with_file, cv(2, "Durand", "Paul", "Espaces verts")], &[]);
    for typed in
        ["sécurité", "securite", "SECURITES", "données", "donnee", "l'hotel", "hôtels", "chargé", "cv:securité", "zoe"]
    {
        assert_eq!(ids(&index, typed), [1], "{typed}");
    }
    assert_eq!(ids(&index, "cv:comptabilité"), Vec::<i64>::new());
}

#[test]
fn q7_a_nir_is_neither_found_nor_stored() {
    let mut person = cv(1, "Martin", "Zoé", "NIR 1 85 05 78 006 084 91 au besoin");
    person.fichiers.push(fichier("cv.txt", "TXT", "N° 185057800608491, permis B"));
    let (folder, index) = index(&[person], &[]);
    assert_eq!(ids(&index, "permis"), [1]);
    assert_eq!(results(&index, "185057800608491").total, 0);
    assert_eq!(results(&index, "\"1 85 05 78 006 084 91\"").total, 0);
    assert_eq!(occurrences(folder.path(), b"185057800608491"), 0);
    assert_eq!(occurrences(folder.path(), b"006 084"), 0);
}

fn occurrences(folder: &std::path::Path, needle: &[u8]) -> usize {
    std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                occurrences(&path, needle)
            } else {
                std::fs::read(&path).expect("a file").windows(needle.len()).filter(|bytes| *bytes == needle).count()
            }
        })
        .sum()
}
