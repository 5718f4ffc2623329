//! « Profils similaires »: the CVs that share the most with one of them, and what they share (SPEC G3).
//!
//! The words that tell a CV from the others (often in it, seldom elsewhere) are looked for in all of them; a shared
//! spécialité or région counts too. What is shared is shown, so that the reader can judge.

use serde::{Deserialize, Serialize};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Term};

use crate::cvs::StoredCv;
use crate::document::{CvDocument, Labelled};
use crate::error::{Error, guarded};
use crate::schema::{Facet, Indexed};
use crate::search::Clauses;
use crate::snapshot::Snapshot;
use crate::telling::{self, LETTERS, Word};
use crate::writer::Shelf;

/// Words that are looked for, at most.
pub const WORDS: usize = 25;
/// Shared words that are shown, at most.
const SAID: usize = 6;
/// What one shared value weighs; a rare word weighs some twelve.
pub const WEIGHTS: [(Facet, f32); 3] = [(Facet::SousSpecialite, 8.0), (Facet::Specialite, 5.0), (Facet::Region, 2.0)];

/// A CV that resembles another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Similar {
    pub id: i64,
    pub specialites: Vec<Labelled>,
    pub regions: Vec<Labelled>,
    /// Telling words of both, as the first has them, the most telling first.
    pub mots: Vec<String>,
}

fn texts(cv: &StoredCv) -> Vec<&str> {
    let mut all: Vec<&str> = vec![&cv.titre, &cv.experience, &cv.motivation, &cv.parcours, &cv.interventions];
    all.extend(cv.fichiers.iter().map(|fichier| fichier.text.as_str()));
    all
}

fn telling(snapshot: &Snapshot, cv: &StoredCv) -> Result<Vec<Word>, Error> {
    let names = [cv.nom.to_lowercase(), cv.prenom.to_lowercase()];
    let found = telling::stems(snapshot, texts(cv))?;
    let mut words = telling::telling(snapshot, found, WORDS, |stem, typed, known| {
        let word = stem.chars().count() >= LETTERS && typed.chars().all(char::is_alphabetic);
        // A word of this CV alone finds no other.
        Ok(word && known > 1 && !names.contains(&typed.to_lowercase()))
    })?;
    for word in &mut words {
        word.typed = word.typed.to_lowercase();
    }
    Ok(words)
}

fn labels(cv: &StoredCv, facet: Facet) -> &[Labelled] {
    match facet {
        Facet::Specialite => &cv.specialites,
        Facet::SousSpecialite => &cv.sous_specialites,
        Facet::Region => &cv.regions,
        _ => &[],
    }
}

fn shared(one: &[Labelled], other: &[Labelled]) -> Vec<Labelled> {
    one.iter().filter(|value| other.iter().any(|theirs| theirs.code == value.code)).cloned().collect()
}

fn address(snapshot: &Snapshot, id: i64) -> Result<Option<DocAddress>, Error> {
    let own = Shelf::<CvDocument>::of_id(id);
    Ok(snapshot.searcher.search(&own, &TopDocs::with_limit(1).order_by_score())?.pop().map(|(_, address)| address))
}

/// The CVs most similar to one, the most similar first; none when it is not in the index.
pub(crate) fn similar(shelf: &Shelf<CvDocument>, id: i64, most: usize) -> Result<Vec<Similar>, Error> {
    guarded(|| {
        let layout = CvDocument::layout();
        let snapshot = shelf.snapshot()?;
        let Some(own) = address(&snapshot, id)? else { return Ok(Vec::new()) };
        let cv = Shelf::<CvDocument>::stored(&snapshot, own)?;
        let words = telling(&snapshot, &cv)?;
        let mut clauses: Clauses = Vec::new();
        for word in &words {
            let term = Term::from_field_text(layout.tout, &word.stem);
            clauses.push((Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))));
        }
        for (facet, weight) in WEIGHTS {
            let Some(field) = layout.facet(facet) else { continue };
            for value in labels(&cv, facet) {
                let term = Term::from_field_text(field.filter, &value.code);
                let has = ConstScoreQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), 1.0);
                clauses.push((Occur::Should, Box::new(BoostQuery::new(Box::new(has), weight))));
            }
        }
        if clauses.is_empty() {
            return Ok(Vec::new());
        }
        clauses.push((Occur::MustNot, Box::new(Shelf::<CvDocument>::of_id(id))));
        let found = snapshot
            .searcher
            .search(&BooleanQuery::new(clauses), &TopDocs::with_limit(most.max(1)).order_by_score())?;
        // A CV that can't show why it was found (a word past what is read of its texts) is left out.
        let mut all = Vec::with_capacity(found.len());
        for (_, address) in found {
            let other = Shelf::<CvDocument>::stored(&snapshot, address)?;
            let theirs = telling::stems(&snapshot, texts(&other))?;
            let mots = words.iter().filter(|word| theirs.contains_key(&word.stem)).map(|word| word.typed.clone());
            let mut specialites = shared(&cv.sous_specialites, &other.sous_specialites);
            specialites.splice(0..0, shared(&cv.specialites, &other.specialites));
            let one = Similar {
                id: other.id,
                specialites,
                regions: shared(&cv.regions, &other.regions),
                mots: mots.take(SAID).collect(),
            };
            if !(one.specialites.is_empty() && one.regions.is_empty() && one.mots.is_empty()) {
                all.push(one);
            }
        }
        Ok(all)
    })
}
