//! How fast the CV-thèque is indexed and searched, with SQLite's own full text (FTS5) over the same CVs beside it:
//! `cargo bench -p search-index --bench cvtheque -- [CVs]` (20,000 by default).
//!
//! Plain wall-clock times on one thread, each kind of query several hundred times after a warm-up. FTS5 answers the same
//! queries from the same seeds, as many of them as fit in some seconds.

mod corpus;
mod fts5;

use std::convert::Infallible;
use std::error::Error;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use search_index::{Access, CvSearch, Facet, Filters, Page, SearchIndex, Sort};

use corpus::{Vocabulary, person, typed};
use fts5::{Peer, Question, words};

const QUERIES: usize = 400;
/// Queries before one counts.
const WARM: usize = 50;
/// Longest time given to FTS5 for one kind of query; it gets one query at least.
const PATIENCE: Duration = Duration::from_secs(20);

struct Times {
    all: Vec<Duration>,
    found: u64,
}

impl Times {
    fn of(mut all: Vec<Duration>, found: u64) -> Self {
        all.sort_unstable();
        Self { all, found }
    }

    fn at(&self, share: f64) -> f64 {
        self.all[((self.all.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3
    }

    fn mean(&self) -> u64 {
        self.found / self.all.len() as u64
    }
}

/// One kind of query: what is asked of ours and, when it can answer, of FTS5.
struct Kind<'a> {
    name: &'a str,
    ours: &'a dyn Fn(&mut StdRng) -> CvSearch,
    theirs: Option<&'a dyn Fn(&CvSearch) -> Question>,
}

fn measure(index: &SearchIndex, peer: &mut Peer, kind: &Kind) -> Result<(), Box<dyn Error>> {
    let mut random = StdRng::seed_from_u64(77);
    let searches: Vec<CvSearch> = (0..WARM + QUERIES).map(|_| (kind.ours)(&mut random)).collect();
    let (mut times, mut found) = (Vec::with_capacity(QUERIES), 0);
    for (round, search) in searches.iter().enumerate() {
        let start = Instant::now();
        let results = index.search_cvs(search)?;
        let time = start.elapsed();
        if round >= WARM {
            times.push(time);
            found += results.total;
        }
    }
    let ours = Times::of(times, found);
    print!(
        "{:<42} p50 {:>7.2}  p99 {:>7.2}  worst {:>7.2} ms  ({} found)",
        kind.name,
        ours.at(0.5),
        ours.at(0.99),
        ours.at(1.0),
        ours.mean()
    );
    if let Some(theirs) = kind.theirs {
        let (mut times, mut found) = (Vec::new(), 0);
        let begun = Instant::now();
        // The warm-up is shorter when a query takes seconds.
        for search in &searches[..WARM / 10] {
            peer.ask(&theirs(search))?;
        }
        for search in &searches[WARM..] {
            let question = theirs(search);
            let start = Instant::now();
            found += peer.ask(&question)?;
            times.push(start.elapsed());
            if begun.elapsed() > PATIENCE {
                break;
            }
        }
        let theirs = Times::of(times, found);
        print!(
            " | FTS5 p50 {:>8.2}  p99 {:>8.2} ms  ({} found, {} queries) | {:.1} times ours",
            theirs.at(0.5),
            theirs.at(0.99),
            theirs.mean(),
            theirs.all.len(),
            theirs.at(0.5) / ours.at(0.5)
        );
    }
    println!();
    Ok(())
}

fn chosen(random: &mut StdRng) -> Filters {
    Filters::default()
        .with(Facet::Region, format!("Région{}", random.random_range(0..18)))
        .with(Facet::Specialite, format!("Spécialité{}", random.random_range(0..20)))
}

/// The same search, in FTS5's words.
fn question(search: &CvSearch) -> Question {
    let chosen = [(Facet::Region, "region"), (Facet::Specialite, "specialite")]
        .into_iter()
        .flat_map(|(facet, genre)| search.filters.chosen(facet).iter().map(move |code| (genre, code.clone())))
        .collect();
    Question {
        text: if search.text.starts_with('"') { search.text.clone() } else { words(&search.text, search.as_you_type) },
        chosen,
        facets: search.with_facets,
        passages: search.with_highlights,
        by_name: search.sort == Sort::Nom,
    }
}

fn searches(index: &SearchIndex, peer: &mut Peer, vocabulary: &Vocabulary) -> Result<(), Box<dyn Error>> {
    let top = |text: String| CvSearch { text, page: Page { number: 1, size: 10 }, ..CvSearch::default() };
    let words = |random: &mut StdRng| top(typed(vocabulary, random));
    let mut run = |name: &str, ours: &dyn Fn(&mut StdRng) -> CvSearch, has_peer: bool| {
        let theirs: Option<&dyn Fn(&CvSearch) -> Question> = if has_peer { Some(&question) } else { None };
        measure(index, peer, &Kind { name, ours, theirs })
    };
    run("top ten, bare", &words, true)?;
    run("… with facets", &|random| CvSearch { with_facets: true, ..words(random) }, true)?;
    run("… with ten highlights", &|random| CvSearch { with_highlights: true, ..words(random) }, true)?;
    let page = |random: &mut StdRng| CvSearch { with_facets: true, with_highlights: true, ..words(random) };
    run("… with facets and highlights: the page", &page, true)?;
    run("… and two facets chosen", &|random| CvSearch { filters: chosen(random), ..page(random) }, true)?;
    let as_one_types = |random: &mut StdRng| {
        let mut text = typed(vocabulary, random);
        let cut = text.len() - random.random_range(0..3).min(text.len() - 2);
        text.truncate(text.floor_char_boundary(cut));
        CvSearch { as_you_type: true, ..top(text) }
    };
    run("as one types, bare", &as_one_types, true)?;
    let two_letters = |random: &mut StdRng| {
        let word = &vocabulary.words[random.random_range(19..3_000)];
        CvSearch { as_you_type: true, ..top(word.chars().take(2).collect()) }
    };
    run("as one types, two letters", &two_letters, true)?;
    let misspelt = |random: &mut StdRng| {
        let mut word = vocabulary.words[random.random_range(100..20_000)].clone();
        word.insert(word.floor_char_boundary(word.len() / 2), 'x');
        top(word)
    };
    // FTS5 tolerates nothing.
    run("misspelt word", &misspelt, false)?;
    let phrase = |random: &mut StdRng| {
        let first = &vocabulary.words[random.random_range(19..60)];
        let second = &vocabulary.words[random.random_range(19..60)];
        top(format!("\"{first} de {second}\""))
    };
    run("phrase", &phrase, true)?;
    let everybody = |_: &mut StdRng| CvSearch { with_facets: true, ..top(String::new()) };
    run("no text, facets", &everybody, true)?;
    let by_name = |random: &mut StdRng| CvSearch { sort: Sort::Nom, filters: chosen(random), ..everybody(random) };
    run("no text, two chosen, facets, by name", &by_name, true)
}

/// « Profils similaires »; FTS5 has nothing of the kind.
fn similar(index: &SearchIndex, count: i64) -> Result<(), Box<dyn Error>> {
    let mut random = StdRng::seed_from_u64(78);
    let (mut times, mut found) = (Vec::with_capacity(QUERIES), 0);
    for round in 0..WARM + QUERIES {
        let id = random.random_range(1..=count);
        let start = Instant::now();
        let similar = index.similar_cvs(id, 10)?;
        let time = start.elapsed();
        if round >= WARM {
            times.push(time);
            found += similar.len() as u64;
        }
    }
    let times = Times::of(times, found);
    println!(
        "{:<42} p50 {:>7.2}  p99 {:>7.2}  worst {:>7.2} ms  ({} found)",
        "profiles like one",
        times.at(0.5),
        times.at(0.99),
        times.at(1.0),
        times.mean()
    );
    Ok(())
}

/// One changed CV, durable and found.
fn saved(index: &SearchIndex, peer: &mut Peer, vocabulary: &Vocabulary, count: i64) -> Result<(), Box<dyn Error>> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..30_i64 {
        let mut changed = person(vocabulary, round * 31 % count + 1);
        changed.titre = format!("témoin{round}");
        let start = Instant::now();
        index.cvs().upsert(&changed)?;
        index.commit(round, round + 1)?;
        let search = CvSearch { text: changed.titre.clone(), ..CvSearch::default() };
        let found = index.search_cvs(&search)?.total;
        ours.push(start.elapsed());
        let start = Instant::now();
        peer.replace(&changed)?;
        let found_there = peer.ask(&Question { text: words(&changed.titre, false), ..Question::default() })?;
        theirs.push(start.elapsed());
        if (found, found_there) != (1, 1) {
            return Err(format!("the change of round {round} was not found once: {found}, {found_there}").into());
        }
    }
    let (ours, theirs) = (Times::of(ours, 30), Times::of(theirs, 30));
    println!(
        "{:<42} p50 {:>7.2}  worst {:>7.2} ms | FTS5 p50 {:>8.2}  worst {:>8.2} ms | {:.1} times ours",
        "one changed CV, from saved to found",
        ours.at(0.5),
        ours.at(1.0),
        theirs.at(0.5),
        theirs.at(1.0),
        theirs.at(0.5) / ours.at(0.5)
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let count: i64 = match std::env::args().skip(1).find(|argument| !argument.starts_with('-')) {
        Some(argument) => argument.parse()?,
        None => 20_000,
    };
    let vocabulary = Vocabulary::new(&mut StdRng::seed_from_u64(1));
    let folder = tempfile::tempdir()?;
    let index = SearchIndex::open(folder.path(), Access::Write)?.index();

    let mut making = Duration::ZERO;
    let start = Instant::now();
    let documents = (1..=count).map(|id| {
        let start = Instant::now();
        let document = person(&vocabulary, id);
        making += start.elapsed();
        Ok::<_, Infallible>(document)
    });
    index.cvs().rebuild(documents, 0, |_| {})?;
    index.annonces().rebuild(std::iter::empty::<Result<_, Infallible>>(), 0, |_| {})?;
    let indexing = start.elapsed();
    println!(
        "{count} CVs indexed in {:.1} s: {:.0} CVs/s ({:.1} s of it making them up); {:.0} MB on disk",
        indexing.as_secs_f64(),
        count as f64 / indexing.as_secs_f64(),
        making.as_secs_f64(),
        index.cvs().size()? as f64 / 1e6
    );
    let start = Instant::now();
    let mut peer = Peer::new(folder.path())?;
    peer.fill((1..=count).map(|id| person(&vocabulary, id)))?;
    println!(
        "FTS5: {:.1} s with making them up again; {:.0} MB on disk",
        start.elapsed().as_secs_f64(),
        std::fs::metadata(folder.path().join("fts5.sqlite"))?.len() as f64 / 1e6
    );

    searches(&index, &mut peer, &vocabulary)?;
    similar(&index, count)?;
    saved(&index, &mut peer, &vocabulary, count)?;

    let start = Instant::now();
    let purged = index.purge()?;
    println!("purge of {} segments: {:.1} s", purged.segments, start.elapsed().as_secs_f64());
    drop(index);
    let start = Instant::now();
    let index = SearchIndex::open(folder.path(), Access::Write)?.index();
    let opened = start.elapsed();
    println!("opened again in {:.1} ms, {} CVs", opened.as_secs_f64() * 1e3, index.cvs().len());
    Ok(())
}
