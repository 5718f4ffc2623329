//! The relevance set that the benchmark `pertinence` scores (SPEC G3): that it is sound. What ranks well is not tested
//! here.

#[path = "../benches/pertinence/set.rs"]
mod set;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use set::{Fiche, KINDS};

/// Every text of a fiche, one per line.
fn texts(fiche: &Fiche) -> String {
    let chosen = fiche.specialites.iter().chain(&fiche.regions).chain(&fiche.departements).chain(&fiche.statut);
    let labels = chosen.chain(&fiche.langues).map(|value| value.label.as_str());
    let own = [
        &fiche.civilite,
        &fiche.nom,
        &fiche.prenom,
        &fiche.titre,
        &fiche.experience,
        &fiche.motivation,
        &fiche.parcours,
        &fiche.interventions,
        &fiche.employeur,
    ];
    let files = fiche.fichiers.iter().map(|fichier| fichier.text.as_str());
    own.into_iter().map(String::as_str).chain(labels).chain(files).collect::<Vec<_>>().join("\n")
}

/// Whether a text holds these very words.
fn holds(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(start, found)| {
        !text[..start].ends_with(char::is_alphanumeric)
            && !text[start + found.len()..].starts_with(char::is_alphanumeric)
    })
}

#[test]
fn g3_the_relevance_set_is_sound() {
    let fiches = set::fiches().expect("fiches.json is read");
    let asked = set::requetes().expect("requetes.json is read");
    let mut wrong = String::new();
    let mut say = |what: String| writeln!(wrong, "{what}").expect("a text");

    let ids: BTreeSet<i64> = fiches.iter().map(|fiche| fiche.id).collect();
    assert_eq!(ids.len(), fiches.len(), "an id is given twice");
    assert!(fiches.len() >= 60, "{} fiches", fiches.len());
    for fiche in &fiches {
        let words = texts(fiche).split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).count();
        if !(80..=250).contains(&words) {
            say(format!("fiche {} has {words} words", fiche.id));
        }
    }

    assert!(asked.len() >= 80, "{} queries", asked.len());
    for kind in KINDS {
        let count = asked.iter().filter(|query| query.kind == kind).count();
        assert!(count >= 20, "{count} queries of the kind {kind}");
    }
    let mut typed = BTreeSet::new();
    for query in &asked {
        let text = &query.text;
        if !KINDS.contains(&query.kind.as_str()) {
            say(format!("« {text} » is of no known kind: {}", query.kind));
        }
        if text.trim().is_empty() || !typed.insert(text) {
            say(format!("« {text} » is empty or there twice"));
        }
        if let Some(id) = query.wanted.keys().chain(&query.not).find(|id| !ids.contains(id)) {
            say(format!("« {text} » names the fiche {id}, which does not exist"));
        }
        if let Some(id) = query.not.iter().find(|id| query.wanted.contains_key(id)) {
            say(format!("« {text} » both wants {id} and does not"));
        }
        if query.wanted.values().any(|grade| !(1..=3).contains(grade)) {
            say(format!("« {text} » has a grade out of 1 to 3"));
        }
        if !query.wanted.is_empty() && !query.wanted.values().any(|grade| *grade == 3) {
            say(format!("« {text} » means nobody above all"));
        }
        for fiche in fiches.iter().filter(|fiche| query.wanted.contains_key(&fiche.id)) {
            if holds(&texts(fiche), text) {
                say(format!("« {text} » repeats the fiche {}", fiche.id));
            }
        }
    }
    // Unavailabilities are read, and end after they begin.
    for document in fiches.into_iter().map(Fiche::document) {
        if document.indisponibilites.iter().any(|period| period.du > period.au) {
            say(format!("fiche {} is away backwards", document.id));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
