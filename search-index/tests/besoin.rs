//! From a need to people: the words of a text, and who has them (SPEC G3, G4).

mod common;

use common::{cv, fichier, index, labelled};
use domain::besoin::Poids;
use search_index::{CvDocument, MotPese, Page, Personnes, SearchIndex, Source};

fn mots(pairs: &[(&str, Poids)]) -> Vec<MotPese> {
    pairs.iter().map(|(mot, poids)| MotPese { mot: (*mot).into(), poids: *poids }).collect()
}

fn people(index: &SearchIndex, pairs: &[(&str, Poids)]) -> Personnes {
    index.people_for(&mots(pairs), Page::default()).expect("an answer")
}

fn ids(found: &Personnes) -> Vec<i64> {
    found.personnes.iter().map(|one| one.id).collect()
}

/// Thirty people: all train, six know budgets, three of them the M57, one of these debts.
fn thirty() -> Vec<CvDocument> {
    (1..=30)
        .map(|id| {
            let knows = match id {
                1 => "budget, nomenclature M57, gestion de la dette",
                2 | 3 => "budget et nomenclature M57",
                4 | 5 => "préparation budgétaire, budgets",
                6 => "le budget",
                7 => "élagage",
                _ => "accueil",
            };
            cv(id, if id > 25 { "Fontaine" } else { "Martin" }, "Anne", &format!("Formations des agents : {knows}"))
        })
        .collect()
}

#[test]
fn g3_the_words_of_a_text_are_those_often_in_it_and_seldom_in_the_cv_theque() {
    let (_folder, index) = index(&thirty(), &[]);
    let mail = "Bonjour Madame,\nNous cherchons une formation à la M57 le mardi 12 janvier 2027 à 14h30 : M57 et budget, \
                la dette, l’élagage non. Quintefeuille aussi.\nCordialement, Mme Fontaine, fontaine@dette.example";
    let found = index.telling_words(mail, 40).expect("words");
    let words: Vec<&str> = found.iter().map(|one| one.mot.as_str()).collect();
    assert_eq!(words, ["dette", "élagage", "M57", "budget"], "{found:?}");
    assert!(found.is_sorted_by(|one, next| one.force >= next.force));
    assert_eq!(index.telling_words(mail, 2).expect("words").len(), 2);
    assert!(index.telling_words("", 40).expect("words").is_empty());
}

#[test]
fn g3_people_are_ranked_by_what_their_words_are_worth() {
    let (_folder, index) = index(&thirty(), &[]);
    let need = [("M57", Poids::Important), ("budget", Poids::Utile), ("dette", Poids::Utile)];
    let found = people(&index, &need);
    assert_eq!((found.total, &found.connus[..]), (6, &[3, 6, 1][..]));
    assert_eq!(found.personnes[0].id, 1, "all three words");
    assert_eq!(found.personnes[0].part, 100);
    assert_eq!(ids(&found)[1..3], [2, 3], "equals by their id");
    assert!(found.personnes.is_sorted_by(|one, next| one.part >= next.part));
    // One who has the word in another form comes after one who has it as it is asked for.
    assert_eq!(ids(&found)[3..], [6, 4, 5]);
    let ranks: Vec<usize> = found.personnes[1].mots.iter().map(|one| one.rang).collect();
    assert_eq!(ranks, [0, 1]);
    let same = people(&index, &need);
    assert_eq!(found, same, "the same words, the same list");
    // A rare word is worth more than a common one, and the weights say more still.
    let one = people(&index, &[("dette", Poids::Utile), ("budget", Poids::Utile)]);
    assert!(one.personnes[0].part == 100 && one.personnes[1].part < 40, "{one:?}");
    let two = people(&index, &[("dette", Poids::Utile), ("budget", Poids::Important)]);
    assert!(two.personnes[1].part > one.personnes[1].part);
}

#[test]
fn g3_a_required_word_leaves_out_who_has_it_not_and_an_ignored_one_counts_for_nothing() {
    let (_folder, index) = index(&thirty(), &[]);
    let found = people(&index, &[("M57", Poids::Indispensable), ("budget", Poids::Utile), ("élagage", Poids::Utile)]);
    assert_eq!(ids(&found), [1, 2, 3]);
    let found = people(&index, &[("M57", Poids::Ignore), ("dette", Poids::Utile)]);
    assert_eq!((ids(&found), &found.connus[..]), (vec![1], &[3, 1][..]));
    assert_eq!(found.personnes[0].part, 100);
    let none = people(&index, &[("quintefeuille", Poids::Indispensable), ("budget", Poids::Utile)]);
    assert_eq!((none.total, &none.connus[..]), (0, &[0, 6][..]));
    for nothing in [&[][..], &[("le", Poids::Utile)], &[("", Poids::Utile)], &[("dette", Poids::Ignore)]] {
        assert_eq!(people(&index, nothing).total, 0, "{nothing:?}");
    }
}

#[test]
fn g3_each_word_says_where_it_was_found() {
    let mut one = cv(1, "Le Goff", "Malo", "Formateur en comptabilité publique");
    one.titre = "Expert M57".into();
    one.specialites = vec![labelled("finances", "Finances")];
    one.fichiers = vec![fichier("cv.pdf", "PDF", "Passage à la m57, comptabilités")];
    let (_folder, index) = index(&[one, cv(2, "Abgrall", "Anne", "Accueil")], &[]);
    let found = people(&index, &[("comptabilité", Poids::Utile), ("M57", Poids::Utile), ("finances", Poids::Utile)]);
    let file = Source::Fichier { nom: "cv.pdf".into(), format: "PDF".into() };
    let said: Vec<(usize, bool, &[Source])> =
        found.personnes[0].mots.iter().map(|one| (one.rang, one.exact, &one.ou[..])).collect();
    assert_eq!(
        said,
        [
            (0, true, &[Source::Experience, file.clone()][..]),
            (1, true, &[Source::Titre, file]),
            (2, true, &[Source::Specialites])
        ]
    );
    assert!(!found.personnes[0].passages.is_empty());
}

#[test]
fn g4_what_people_have_of_the_words_is_the_same_however_it_is_asked() {
    let (_folder, index) = index(&thirty(), &[]);
    let need = mots(&[("M57", Poids::Important), ("budget", Poids::Utile), ("dette", Poids::Utile)]);
    let found = index.people_for(&need, Page { number: 1, size: 200 }).expect("an answer");
    let all: Vec<i64> = (1..=40).collect();
    let parts = index.parts(&need, &all).expect("parts");
    assert_eq!(parts.len() as u64, found.total);
    for one in &found.personnes {
        let ranks: Vec<usize> = one.mots.iter().map(|mot| mot.rang).collect();
        assert_eq!((parts[&one.id].part, &parts[&one.id].mots), (one.part, &ranks), "{}", one.id);
    }
    assert_eq!(index.ids_for(&need, 200).expect("ids"), ids(&found));
    assert_eq!(index.ids_for(&need, 2).expect("ids"), [1, 2]);
    // Pages follow each other.
    let page = |number| index.people_for(&need, Page { number, size: 4 }).expect("an answer");
    assert_eq!([ids(&page(1)), ids(&page(2))].concat(), ids(&found));
    assert!(ids(&page(3)).is_empty());
}

#[test]
fn g3_cvs_that_were_replaced_count_for_nothing() {
    let all = thirty();
    let (_folder, index) = index(&all, &[]);
    let need = [("M57", Poids::Utile), ("dette", Poids::Utile)];
    let before = people(&index, &need);
    for one in &all {
        index.cvs().upsert(one).expect("kept");
    }
    index.commit(0, 1).expect("committed");
    assert_eq!(people(&index, &need), before, "the same CVs, the same figures");
    let words = |index: &SearchIndex| index.telling_words("M57, dette, budget, accueil", 10).expect("words");
    assert_eq!(words(&index), words(&common::index(&all, &[]).1));
}

#[test]
fn g3_forty_words_are_read_and_no_more() {
    let people: Vec<CvDocument> = (1..=50).map(|id| cv(id, "Martin", "Anne", &format!("savoir{id}"))).collect();
    let (_folder, index) = index(&people, &[]);
    let words: Vec<MotPese> = (1..=50).map(|id| MotPese { mot: format!("savoir{id}"), poids: Poids::Utile }).collect();
    let found = index.people_for(&words, Page { number: 1, size: 100 }).expect("an answer");
    assert_eq!((found.total, found.connus.len()), (40, 40));
}
