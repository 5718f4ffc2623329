//! From a need to people (SPEC G3): the telling words of a text, and who has the words of a need, ranked by what these
//! are worth together. Which words were found where is said, so that the reader can judge.

use std::collections::HashMap;

use domain::besoin::{AUTRE_FORME, MOTS_MAX, Poids};
use serde::{Deserialize, Serialize};
use tantivy::collector::sort_key::SortBySimilarityScore;
use tantivy::collector::{Count, DocSetCollector, TopDocs};
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query, TermQuery, TermSetQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, DocSet, Order, SegmentReader, Term};

use crate::cvs::StoredCv;
use crate::document::{CvDocument, Labelled};
use crate::error::{Error, guarded};
use crate::french::{self, Words};
use crate::highlight::{Candidate, Highlight, Highlighter, Source};
use crate::schema::{Indexed, QueryField};
use crate::search::{Clauses, DEEPEST_RESULT, LARGEST_PAGE, Page, labels};
use crate::snapshot::Snapshot;
use crate::sort::then_by_id;
use crate::spelling::{BoundMark, Mark};
use crate::telling::{self, LETTERS};
use crate::writer::Shelf;

/// How far into one text of a profile words are looked for, in bytes.
const DEEPEST_LOOK: usize = 256 << 10;

/// Folded words of letters, calendars and counts, and others that say nothing of the need; sorted.
const ORDINARY: [&str; 195] = [
    "afin",
    "agreer",
    "ainsi",
    "alors",
    "aout",
    "apres",
    "aujourd",
    "aura",
    "auront",
    "aussi",
    "autre",
    "autres",
    "avant",
    "avoir",
    "avril",
    "beaucoup",
    "besoin",
    "besoins",
    "bien",
    "bonjour",
    "bonne",
    "bonsoir",
    "car",
    "cent",
    "cette",
    "chaque",
    "cherche",
    "cherchons",
    "chere",
    "cheres",
    "chers",
    "chez",
    "cinq",
    "cinquante",
    "comme",
    "connaissent",
    "connait",
    "cordialement",
    "cordiales",
    "decembre",
    "deja",
    "demain",
    "depuis",
    "deux",
    "devoir",
    "devoue",
    "dimanche",
    "disponible",
    "disponibles",
    "distinguee",
    "distinguees",
    "dix",
    "doit",
    "doivent",
    "dont",
    "douze",
    "egalement",
    "encore",
    "ensemble",
    "entre",
    "environ",
    "est",
    "ete",
    "etre",
    "eventuellement",
    "expression",
    "faire",
    "fevrier",
    "grace",
    "heure",
    "heures",
    "huit",
    "ici",
    "jamais",
    "janvier",
    "jeudi",
    "jour",
    "journee",
    "journees",
    "jours",
    "juillet",
    "juin",
    "jusqu",
    "leurs",
    "lieu",
    "lieux",
    "lors",
    "lundi",
    "madame",
    "mademoiselle",
    "mai",
    "mail",
    "mardi",
    "mars",
    "matin",
    "matinee",
    "meme",
    "memes",
    "merci",
    "mercredi",
    "mesdames",
    "messieurs",
    "midi",
    "mieux",
    "moins",
    "mois",
    "monsieur",
    "neuf",
    "notamment",
    "nouveau",
    "nouveaux",
    "nouvelle",
    "nouvelles",
    "novembre",
    "objet",
    "octobre",
    "offre",
    "offres",
    "onze",
    "parce",
    "particulierement",
    "pendant",
    "permet",
    "permettre",
    "personne",
    "personnes",
    "peut",
    "peuvent",
    "plus",
    "plusieurs",
    "possible",
    "possibles",
    "pourra",
    "pourront",
    "pouvoir",
    "premier",
    "premiere",
    "prochain",
    "prochaine",
    "propose",
    "proposer",
    "puis",
    "quarante",
    "quatre",
    "quelqu",
    "quelque",
    "quelques",
    "quinze",
    "recherche",
    "recherchons",
    "remerciements",
    "reponse",
    "reponses",
    "salutation",
    "salutations",
    "samedi",
    "sans",
    "savoir",
    "second",
    "seconde",
    "selon",
    "semaine",
    "semaines",
    "sept",
    "septembre",
    "sera",
    "serait",
    "seront",
    "sinceres",
    "six",
    "soir",
    "souhaite",
    "souhaitee",
    "souhaites",
    "souhaitons",
    "sous",
    "souvent",
    "surtout",
    "svp",
    "toujours",
    "tous",
    "tout",
    "toute",
    "toutes",
    "trente",
    "tres",
    "trois",
    "vendredi",
    "vers",
    "veuillez",
    "vingt",
    "voici",
    "voila",
    "voudrions",
    "vraiment",
];

/// What follows digits without making a name of them: an hour, a rank, a measure.
const UNITS: [&str; 22] = [
    "h", "hr", "hrs", "mn", "min", "s", "j", "jours", "e", "er", "re", "eme", "ere", "nd", "nde", "ieme", "km", "k",
    "kg", "m", "eur", "euros",
];

/// A telling word of a text, as the text has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mot {
    pub mot: String,
    /// How much it tells: what is often in the text and seldom in the CV-thèque tells most.
    pub force: f32,
}

/// A word of a need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MotPese {
    pub mot: String,
    pub poids: Poids,
}

/// A word that a profile has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MotTrouve {
    /// Its place among the words asked for.
    pub rang: usize,
    /// Whether the profile has this very form of it.
    pub exact: bool,
    /// Where, in the order in which a profile is read.
    pub ou: Vec<Source>,
}

/// Somebody who has words of a need.
#[derive(Debug, Clone, PartialEq)]
pub struct PourBesoin {
    pub id: i64,
    /// What these words are worth, of all that are asked for: from 0 to 100.
    pub part: u8,
    pub mots: Vec<MotTrouve>,
    pub passages: Vec<Highlight>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Personnes {
    pub total: u64,
    /// How many profiles have each of the words asked for, in their order.
    pub connus: Vec<u64>,
    pub personnes: Vec<PourBesoin>,
}

/// What a profile has of the words of a need, by the places of these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// From 0 to 100.
    pub part: u8,
    pub mots: Vec<usize>,
}

/// The words of a text as they are written, stop words left out.
pub fn words_of(text: &str) -> Vec<String> {
    let mut words = Words::new(text);
    let (mut folded, mut found) = (String::new(), Vec::new());
    while let Some(read) = words.next_into(&mut folded) {
        if !words.is_stop(&folded) {
            found.push(text[read].to_owned());
        }
    }
    found
}

/// Whether a word is a sigle, a name with digits (M57), or long enough to tell something; dates, hours and ranks are not.
fn tells(typed: &str) -> bool {
    let folded = french::folded_words(typed).concat();
    if ORDINARY.binary_search(&folded.as_str()).is_ok() {
        return false;
    }
    let after_digits = folded.trim_start_matches(|sign: char| sign.is_ascii_digit());
    if folded.bytes().any(|sign| sign.is_ascii_digit()) {
        let hour = after_digits.strip_prefix('h').is_some_and(|rest| rest.bytes().all(|sign| sign.is_ascii_digit()));
        let counted = after_digits.len() < folded.len() && (hour || UNITS.contains(&after_digits));
        return !after_digits.is_empty() && !counted;
    }
    let sigle = typed.chars().count() > 1 && typed.chars().all(char::is_uppercase);
    sigle || folded.chars().count() >= LETTERS
}

/// The text without addresses: their parts are no words.
fn prose(text: &str) -> String {
    let address = |word: &&str| word.contains('@') || word.contains("://") || word.starts_with("www.");
    text.split_whitespace().filter(|word| !address(word)).collect::<Vec<_>>().join(" ")
}

/// How many CVs have this folded word as a name.
fn names(snapshot: &Snapshot, folded: &str) -> Result<u64, Error> {
    let mut known = 0;
    for name in [QueryField::Nom, QueryField::Prenom] {
        if let Some(named) = CvDocument::layout().named(name) {
            known += telling::living(snapshot, named.field, folded)?;
        }
    }
    Ok(known)
}

pub(crate) fn telling_words(shelf: &Shelf<CvDocument>, text: &str, most: usize) -> Result<Vec<Mot>, Error> {
    guarded(|| {
        let snapshot = shelf.snapshot()?;
        let read = prose(text);
        let stems = telling::stems(&snapshot, [read.as_str()])?;
        let words = telling::telling(&snapshot, stems, most.min(MOTS_MAX), |_, typed, known| {
            // Who signs a mail is not what it asks for: a word that most have as their name is left out.
            Ok(tells(typed) && 2 * names(&snapshot, &french::folded_words(typed).concat())? <= known)
        })?;
        let shown = |typed: &str| {
            let special = typed.chars().all(char::is_uppercase) || typed.chars().any(|sign| sign.is_ascii_digit());
            if special { typed.to_owned() } else { typed.to_lowercase() }
        };
        Ok(words.into_iter().map(|word| Mot { mot: shown(&word.typed), force: word.weight }).collect())
    })
}

/// A word of a need as the index knows it.
struct Asked {
    rang: usize,
    /// The ranks of other forms of it.
    also: Vec<usize>,
    folded: String,
    stem: String,
    /// What it is worth when it is found in this very form.
    worth: f32,
    required: bool,
}

/// The words of a need, one for each stem; and how many profiles have each that was given.
fn asked(snapshot: &Snapshot, mots: &[MotPese]) -> Result<(Vec<Asked>, Vec<u64>), Error> {
    let all = snapshot.searcher.num_docs();
    let mut words: Vec<Asked> = Vec::new();
    let mut known = Vec::with_capacity(mots.len());
    for (rang, mot) in mots.iter().enumerate().take(MOTS_MAX) {
        let folded = french::folded_words(&mot.mot).into_iter().next().unwrap_or_default();
        let stem = french::meant(&folded);
        let profils = if stem.is_empty() { 0 } else { telling::known(snapshot, &stem)? };
        known.push(profils);
        let common = french::is_stop_word(&folded) && profils == 0;
        if mot.poids == Poids::Ignore || stem.is_empty() || common {
            continue;
        }
        if let Some(same) = words.iter_mut().find(|word| word.stem == stem) {
            // Two forms of one word are one: the heavier weight counts.
            let worth = f32::from(mot.poids.facteur()) * telling::rarity(all, profils);
            same.worth = same.worth.max(worth);
            same.required |= mot.poids == Poids::Indispensable;
            same.also.push(rang);
        } else {
            let worth = f32::from(mot.poids.facteur()) * telling::rarity(all, profils);
            words.push(Asked {
                rang,
                also: Vec::new(),
                folded,
                stem,
                worth,
                required: mot.poids == Poids::Indispensable,
            });
        }
    }
    Ok((words, known))
}

fn has(field: Field, text: &str, score: f32) -> Box<dyn Query> {
    let term = TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic);
    Box::new(ConstScoreQuery::new(Box::new(term), score))
}

/// Whoever has one of the words, and all that are required; the score is what their words are worth together.
fn query(words: &[Asked]) -> BooleanQuery {
    let layout = CvDocument::layout();
    let mut clauses: Clauses = Vec::with_capacity(2 * words.len());
    for word in words {
        let occur = if word.required { Occur::Must } else { Occur::Should };
        clauses.push((occur, has(layout.tout, &word.stem, word.worth * AUTRE_FORME)));
        clauses.push((Occur::Should, has(layout.mots, &word.folded, word.worth * (1.0 - AUTRE_FORME))));
    }
    BooleanQuery::new(clauses)
}

fn percent(worth: f32, all: f32) -> u8 {
    (100.0 * worth / all.max(f32::MIN_POSITIVE)).round().clamp(0.0, 100.0) as u8
}

/// The texts of a profile with where they stand, what says most of the person first.
fn texts(cv: &StoredCv) -> Vec<(Source, Option<QueryField>, String)> {
    let joined = |values: &[&[Labelled]]| labels(values);
    let mut all = vec![
        (Source::Titre, Some(QueryField::Titre), cv.titre.clone()),
        (Source::Experience, None, cv.experience.clone()),
        (Source::Motivation, None, cv.motivation.clone()),
        (Source::Parcours, None, cv.parcours.clone()),
        (Source::Interventions, None, cv.interventions.clone()),
    ];
    for fichier in &cv.fichiers {
        let source = Source::Fichier { nom: fichier.nom.clone(), format: fichier.format.clone() };
        all.push((source, Some(QueryField::Cv), fichier.text.clone()));
    }
    let structure = cv.structure.as_ref().map(|structure| structure.nom.clone()).unwrap_or_default();
    all.extend([
        (Source::Specialites, Some(QueryField::Specialite), joined(&[&cv.specialites, &cv.sous_specialites])),
        (Source::Employeur, Some(QueryField::Employeur), cv.employeur.clone()),
        (Source::Regions, Some(QueryField::Region), joined(&[&cv.regions, &cv.departements])),
        (Source::Structure, Some(QueryField::Structure), structure),
        (Source::Langues, Some(QueryField::Langue), joined(&[&cv.langues])),
        (Source::Nom, Some(QueryField::Nom), format!("{} {}", cv.prenom, cv.nom)),
    ]);
    all
}

/// The words that these texts have, and where.
fn found(words: &[Asked], texts: &[(Source, Option<QueryField>, String)]) -> Vec<MotTrouve> {
    let places: HashMap<&str, usize> = words.iter().enumerate().map(|(place, word)| (&*word.stem, place)).collect();
    let mut all: Vec<MotTrouve> =
        words.iter().map(|word| MotTrouve { rang: word.rang, exact: false, ou: Vec::new() }).collect();
    let mut folded = String::new();
    for (source, _, text) in texts {
        let mut read = Words::new(&text[..text.floor_char_boundary(DEEPEST_LOOK.min(text.len()))]);
        while read.next_into(&mut folded).is_some() {
            let place = places.get(&*french::meant(&folded)).filter(|_| !read.is_stop(&folded));
            let Some(&place) = place else { continue };
            let met = &mut all[place];
            met.exact |= folded == words[place].folded;
            if met.ou.last() != Some(source) {
                met.ou.push(source.clone());
            }
        }
    }
    for (place, word) in words.iter().enumerate() {
        for rang in &word.also {
            let same = MotTrouve { rang: *rang, ..all[place].clone() };
            all.push(same);
        }
    }
    all.retain(|one| !one.ou.is_empty());
    all.sort_by_key(|one| one.rang);
    all
}

/// The best of those who have words of a need, with what these are worth.
fn best(
    snapshot: &Snapshot,
    words: &[Asked],
    offset: usize,
    size: usize,
) -> Result<(u64, Vec<(f32, DocAddress)>), Error> {
    if words.is_empty() {
        return Ok((0, Vec::new()));
    }
    let query = query(words);
    let total = snapshot.searcher.search(&query, &Count)? as u64;
    if offset as u64 >= total || offset >= DEEPEST_RESULT {
        return Ok((total, Vec::new()));
    }
    let top = TopDocs::with_limit(size.clamp(1, LARGEST_PAGE)).and_offset(offset);
    let found = snapshot.searcher.search(&query, &top.order_by(then_by_id(SortBySimilarityScore, Order::Desc)))?;
    Ok((total, found.into_iter().map(|((worth, _), address)| (worth, address)).collect()))
}

pub(crate) fn people_for(shelf: &Shelf<CvDocument>, mots: &[MotPese], page: Page) -> Result<Personnes, Error> {
    guarded(|| {
        let snapshot = shelf.snapshot()?;
        let (words, connus) = asked(&snapshot, mots)?;
        let all: f32 = words.iter().map(|word| word.worth).sum();
        let offset = page.number.max(1).saturating_sub(1).saturating_mul(page.size);
        let (total, found_here) = best(&snapshot, &words, offset, page.size)?;
        let mark = |word: &Asked| BoundMark { mark: Mark::Stem(word.stem.clone()), field: None };
        let highlighter = Highlighter::new(words.iter().map(mark).collect());
        let mut personnes = Vec::with_capacity(found_here.len());
        for (worth, address) in found_here {
            let cv = Shelf::<CvDocument>::stored(&snapshot, address)?;
            let texts = texts(&cv);
            let candidates: Vec<Candidate<'_>> = texts
                .iter()
                .map(|(source, field, text)| Candidate { source: source.clone(), field: *field, text })
                .collect();
            personnes.push(PourBesoin {
                id: cv.id,
                part: percent(worth, all),
                mots: found(&words, &texts),
                passages: highlighter.passages(&candidates),
            });
        }
        Ok(Personnes { total, connus, personnes })
    })
}

/// The ids of those who answer a need best, the best first.
pub(crate) fn ids_for(shelf: &Shelf<CvDocument>, mots: &[MotPese], most: usize) -> Result<Vec<i64>, Error> {
    guarded(|| {
        let snapshot = shelf.snapshot()?;
        let (words, _) = asked(&snapshot, mots)?;
        let (_, found) = best(&snapshot, &words, 0, most)?;
        let id = |address: DocAddress| -> Result<Option<i64>, Error> {
            let reader = &snapshot.searcher.segment_readers()[address.segment_ord as usize];
            Ok(reader.fast_fields().i64("id")?.first(address.doc_id))
        };
        let ids = found.into_iter().map(|(_, address)| id(address)).collect::<Result<Vec<_>, _>>()?;
        Ok(ids.into_iter().flatten().collect())
    })
}

/// Which of these documents of a segment, in ascending order, have a word.
fn having(reader: &SegmentReader, field: Field, text: &str, documents: &[DocId]) -> Result<Vec<bool>, Error> {
    let term = Term::from_field_text(field, text);
    let Some(mut postings) = reader.inverted_index(field)?.read_postings(&term, IndexRecordOption::Basic)? else {
        return Ok(vec![false; documents.len()]);
    };
    let mut at = postings.doc();
    let mut all = Vec::with_capacity(documents.len());
    for document in documents {
        if at < *document {
            at = postings.seek(*document);
        }
        all.push(at == *document);
    }
    Ok(all)
}

/// What each of these people has of the words of a need; who has none is left out.
pub(crate) fn parts(shelf: &Shelf<CvDocument>, mots: &[MotPese], ids: &[i64]) -> Result<HashMap<i64, Part>, Error> {
    guarded(|| {
        let layout = CvDocument::layout();
        let snapshot = shelf.snapshot()?;
        let (words, _) = asked(&snapshot, mots)?;
        let all: f32 = words.iter().map(|word| word.worth).sum();
        let theirs = TermSetQuery::new(ids.iter().map(|id| Term::from_field_i64(layout.id, *id)));
        let mut documents: Vec<DocAddress> = snapshot.searcher.search(&theirs, &DocSetCollector)?.into_iter().collect();
        documents.sort_unstable();
        let mut found = HashMap::new();
        for of_segment in documents.chunk_by(|one, next| one.segment_ord == next.segment_ord) {
            let reader = &snapshot.searcher.segment_readers()[of_segment[0].segment_ord as usize];
            let ids = reader.fast_fields().i64("id")?;
            let documents: Vec<DocId> = of_segment.iter().map(|address| address.doc_id).collect();
            let mut worths: Vec<(f32, Vec<usize>)> = vec![(0.0, Vec::new()); documents.len()];
            for word in &words {
                let stems = having(reader, layout.tout, &word.stem, &documents)?;
                let forms = having(reader, layout.mots, &word.folded, &documents)?;
                for ((worth, theirs), (stem, form)) in worths.iter_mut().zip(stems.into_iter().zip(forms)) {
                    if stem {
                        *worth += word.worth * if form { 1.0 } else { AUTRE_FORME };
                        theirs.push(word.rang);
                        theirs.extend(&word.also);
                    }
                }
            }
            for (document, (worth, mots)) in documents.into_iter().zip(worths) {
                if let Some(id) = ids.first(document)
                    && !mots.is_empty()
                {
                    found.insert(id, Part { part: percent(worth, all), mots });
                }
            }
        }
        Ok(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g3_sigles_and_names_with_digits_tell_and_dates_and_greetings_do_not() {
        for typed in ["M57", "RH", "PLU", "S22", "dette", "2S2D", "3D", "comptabilité", "élagage", "Budget"] {
            assert!(tells(typed), "{typed}");
        }
        for typed in [
            "12", "2027", "14h30", "9h", "1er", "3ème", "15km", "mardi", "Février", "Bonjour", "MADAME", "rh", "loi",
            "quarante", "Nouveaux",
        ] {
            assert!(!tells(typed), "{typed}");
        }
        assert!(ORDINARY.is_sorted());
        assert_eq!(prose("Écrire à a.b@c.fr, voir https://x.fr ou www.y.fr !"), "Écrire à voir ou !");
        assert_eq!(words_of("les marchés publics, l’ÉLAGAGE"), ["marchés", "publics", "ÉLAGAGE"]);
    }
}
