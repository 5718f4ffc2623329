//! How well the CV-thèque ranks whom one meant, beside plain Tantivy and SQLite's FTS5 over the same fiches:
//! `cargo bench -p search-index --bench pertinence -- [--each]`. It measures: nothing here fails on a low figure.
//!
//! `docs/relevance.md` says what the set is, how it was graded, and where the figures stand.

mod peers;
mod set;

use std::convert::Infallible;
use std::error::Error;
use std::path::Path;

use search_index::{Access, CvDocument, CvSearch, Page, SearchIndex, Sigles};

use peers::{Fts5, Plain};
use set::{Fiche, KINDS, Requete};

/// Results that are looked at.
const DEPTH: usize = 10;
/// Indexes of ours: which thread indexed whom must not matter.
const TURNS: usize = 2;
const ENGINES: [&str; 3] = ["ours", "Tantivy", "FTS5"];

/// What one engine made of one query.
#[derive(Debug, Clone, Copy)]
struct Score {
    ndcg: f64,
    recall: f64,
    /// Somebody of `not` came before somebody wanted, or somebody where nobody was.
    inverted: bool,
}

impl Score {
    fn mean(all: &[Self]) -> Self {
        let mean = |figure: fn(&Self) -> f64| all.iter().map(figure).sum::<f64>() / all.len() as f64;
        Self {
            ndcg: mean(|score| score.ndcg),
            recall: mean(|score| score.recall),
            inverted: all.iter().any(|score| score.inverted),
        }
    }
}

fn gain(grade: u8, place: usize) -> f64 {
    (f64::from(grade).exp2() - 1.0) / (place as f64 + 2.0).log2()
}

fn score(asked: &Requete, found: &[i64]) -> Score {
    let found = &found[..found.len().min(DEPTH)];
    if asked.wanted.is_empty() {
        let right = f64::from(u8::from(found.is_empty()));
        return Score { ndcg: right, recall: right, inverted: !found.is_empty() };
    }
    let grade = |id: &i64| asked.wanted.get(id).copied().unwrap_or(0);
    // An empty sum is -0.
    let sum = 0.0 + found.iter().enumerate().map(|(place, id)| gain(grade(id), place)).sum::<f64>();
    let mut best: Vec<u8> = asked.wanted.values().copied().collect();
    best.sort_unstable_by(|one, other| other.cmp(one));
    let ideal: f64 = best.iter().take(DEPTH).enumerate().map(|(place, grade)| gain(*grade, place)).sum();
    let there = found.iter().filter(|id| asked.wanted.contains_key(id)).count();
    let first_unwanted = found.iter().position(|id| asked.not.contains(id));
    let last_wanted = found.iter().rposition(|id| asked.wanted.contains_key(id));
    Score {
        ndcg: sum / ideal,
        recall: there as f64 / asked.wanted.len().min(DEPTH) as f64,
        inverted: first_unwanted.is_some_and(|unwanted| last_wanted.is_none_or(|wanted| unwanted < wanted)),
    }
}

/// The sigles that a new installation has, each with one of its senses.
fn sigles() -> std::io::Result<Vec<(String, String)>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/data/sigles.csv");
    let text = std::fs::read_to_string(path)?;
    let pairs = text.lines().skip(1).filter_map(|line| line.split_once(','));
    Ok(pairs.map(|(sigle, sense)| (sigle.to_owned(), sense.to_owned())).collect())
}

fn built(folder: &Path, cvs: &[CvDocument]) -> Result<SearchIndex, Box<dyn Error>> {
    let index = SearchIndex::open(folder, Access::Write)?.index();
    index.cvs().rebuild(cvs.iter().cloned().map(Ok::<_, Infallible>), 0, |_| {})?;
    let sigles = sigles()?;
    index.set_sigles(Sigles::new(sigles.iter().map(|(sigle, sense)| (sigle.as_str(), sense.as_str()))));
    index.annonces().rebuild(std::iter::empty::<Result<_, Infallible>>(), 0, |_| {})?;
    Ok(index)
}

fn ours(index: &SearchIndex, text: &str) -> Result<Vec<i64>, search_index::Error> {
    let page = Page { number: 1, size: DEPTH };
    let results = index.search_cvs(&CvSearch { text: text.to_owned(), page, ..CvSearch::default() })?;
    Ok(results.hits.iter().map(|hit| hit.id).collect())
}

/// Mean nDCG, mean recall and inversions of one engine.
fn mean(scores: &[[Score; 3]], engine: usize) -> (f64, f64, usize) {
    let count = scores.len() as f64;
    let sum = |figure: fn(&Score) -> f64| scores.iter().map(|scores| figure(&scores[engine])).sum::<f64>() / count;
    let inverted = scores.iter().filter(|scores| scores[engine].inverted).count();
    (sum(|score| score.ndcg), sum(|score| score.recall), inverted)
}

fn line(name: &str, scores: &[[Score; 3]]) {
    let [ours, tantivy, fts5] = [0, 1, 2].map(|engine| mean(scores, engine));
    print!("{name:<8} {:>3} |", scores.len());
    for (ndcg, recall, inverted) in [ours, tantivy, fts5] {
        print!(" {ndcg:.3}   {recall:.3}   {inverted:>3} |");
    }
    println!(" {:.2}   {:.2}", ours.0 / tantivy.0.max(fts5.0), ours.1 / tantivy.1.max(fts5.1));
}

fn main() -> Result<(), Box<dyn Error>> {
    let why = std::env::args().any(|argument| argument == "--why");
    let each = std::env::args().any(|argument| argument == "--each");
    let cvs: Vec<CvDocument> = set::fiches()?.into_iter().map(Fiche::document).collect();
    let asked = set::requetes()?;

    let folders = (0..TURNS).map(|_| tempfile::tempdir()).collect::<Result<Vec<_>, _>>()?;
    let indexes = folders.iter().map(|folder| built(folder.path(), &cvs)).collect::<Result<Vec<_>, _>>()?;
    let plain = Plain::new(&cvs)?;
    let mut fts5 = Fts5::new(&cvs)?;

    let mut scores = Vec::with_capacity(asked.len());
    for query in &asked {
        let found = indexes.iter().map(|index| ours(index, &query.text)).collect::<Result<Vec<_>, _>>()?;
        let all: Vec<Score> = found.iter().map(|found| score(query, found)).collect();
        let theirs = [plain.ask(&query.text)?, fts5.ask(&query.text)?].map(|found| score(query, &found));
        let scored = [Score::mean(&all), theirs[0], theirs[1]];
        if each {
            let [ours, tantivy, fts5] = scored.map(|score| score.ndcg);
            let first = &found[0][..found[0].len().min(5)];
            let better = if ours + 0.005 < tantivy.max(fts5) { "<" } else { " " };
            let inverted = if scored[0].inverted { "!" } else { " " };
            println!(
                "{better}{inverted} {:<8} {ours:.3} {tantivy:.3} {fts5:.3} «{}» {first:?}, wanted {:?}",
                query.kind,
                query.text.replace('\n', " / "),
                query.wanted
            );
        }
        if why {
            let search = CvSearch { text: query.text.clone(), ..CvSearch::default() };
            println!("      {:?}", indexes[0].search_cvs(&search)?.interpretation);
        }
        scores.push(scored);
    }

    println!("{} fiches, {} queries; nDCG@10, recall@10, queries with an inversion", cvs.len(), asked.len());
    print!("{:<12} |", "");
    for name in ENGINES {
        print!(" {name:<19} |");
    }
    println!(" ours / best peer (nDCG, recall)");
    for kind in KINDS {
        let of_kind: Vec<[Score; 3]> =
            asked.iter().zip(&scores).filter(|(query, _)| query.kind == kind).map(|(_, scores)| *scores).collect();
        line(kind, &of_kind);
    }
    line("all", &scores);
    Ok(())
}
