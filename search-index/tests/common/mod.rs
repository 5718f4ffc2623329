//! What the tests share: an index in a folder of its own, and documents made in a line.
#![allow(dead_code)]

use chrono::{DateTime, NaiveDate, Utc};
use search_index::{
    Access, AnnonceDocument, CvDocument, CvResults, CvSearch, Facet, FacetCounts, Fichier, Labelled, PUBLIEE,
    SearchIndex, StructureName,
};
use std::convert::Infallible;
use tempfile::TempDir;

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

pub fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).expect("an instant")
}

pub fn cv(id: i64, nom: &str, prenom: &str, experience: &str) -> CvDocument {
    CvDocument {
        id,
        civilite: "Madame".into(),
        nom: nom.into(),
        prenom: prenom.into(),
        titre: String::new(),
        experience: experience.into(),
        motivation: String::new(),
        parcours: String::new(),
        interventions: String::new(),
        specialites: Vec::new(),
        sous_specialites: Vec::new(),
        regions: Vec::new(),
        departements: Vec::new(),
        statut: None,
        langues: Vec::new(),
        structure: None,
        employeur: String::new(),
        indisponibilites: Vec::new(),
        fichiers: Vec::new(),
        validated_at: instant(id),
        updated_at: instant(id),
    }
}

pub fn annonce(id: i64, titre: &str, description: &str) -> AnnonceDocument {
    AnnonceDocument {
        id,
        numero: format!("2026-{id:04}"),
        titre: titre.into(),
        description: description.into(),
        structure: StructureName { id: 7, nom: "Délégation Bretagne".into() },
        specialite: None,
        sous_specialite: None,
        regions: Vec::new(),
        departements: Vec::new(),
        modalite: None,
        du: None,
        au: None,
        publiee_at: instant(id),
        etat: PUBLIEE.into(),
    }
}

pub fn fichier(nom: &str, format: &str, text: &str) -> Fichier {
    Fichier { nom: nom.into(), format: format.into(), text: text.into() }
}

pub fn labelled(code: &str, label: &str) -> Labelled {
    Labelled::new(code, label)
}

pub fn facts<T: Clone>(documents: &[T]) -> Vec<Result<T, Infallible>> {
    documents.iter().cloned().map(Ok).collect()
}

/// An index that holds these documents, at journal id 0.
pub fn index(cvs: &[CvDocument], annonces: &[AnnonceDocument]) -> (TempDir, SearchIndex) {
    let folder = tempfile::tempdir().expect("a folder");
    let index = SearchIndex::open(folder.path(), Access::Write).expect("opens").index();
    index.cvs().rebuild(facts(cvs), 0, |_| {}).expect("builds");
    index.annonces().rebuild(facts(annonces), 0, |_| {}).expect("builds");
    (folder, index)
}

pub fn search(text: &str) -> CvSearch {
    CvSearch { text: text.into(), ..CvSearch::default() }
}

pub fn results(index: &SearchIndex, text: &str) -> CvResults {
    index.search_cvs(&search(text)).expect("an answer")
}

/// Ids found, in order of relevance.
pub fn ranked(index: &SearchIndex, text: &str) -> Vec<i64> {
    results(index, text).hits.iter().map(|hit| hit.id).collect()
}

/// Ids found, sorted.
pub fn ids(index: &SearchIndex, text: &str) -> Vec<i64> {
    let mut found = ranked(index, text);
    found.sort_unstable();
    found
}

pub fn counts(facets: &[FacetCounts], facet: Facet) -> Vec<(String, u64)> {
    let mut found: Vec<(String, u64)> = facets
        .iter()
        .filter(|counted| counted.facet == facet)
        .flat_map(|counted| counted.values.iter().map(|value| (value.code.clone(), value.count)))
        .collect();
    found.sort();
    found
}
