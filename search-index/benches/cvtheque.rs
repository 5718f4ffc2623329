//! How fast the CV-thèque is indexed and searched: `cargo bench -p search-index --bench cvtheque -- [CVs]`
//! (20,000 by default). French-like CVs come from a seed: words drawn after Zipf's law, several hundred per CV.
//!
//! Plain wall-clock times on one thread, each kind of query several hundred times after a warm-up.

use std::convert::Infallible;
use std::error::Error;
use std::time::{Duration, Instant};

use chrono::DateTime;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use search_index::{
    Access, CvDocument, CvSearch, Facet, Fichier, Filters, Labelled, Page, SearchIndex, Sort, StructureName,
};

const VOCABULARY: usize = 60_000;
const QUERIES: usize = 400;

/// Words that look French, the most frequent first.
struct Vocabulary {
    words: Vec<String>,
    /// Sums of the weights up to each word.
    sums: Vec<f64>,
}

impl Vocabulary {
    fn new(random: &mut StdRng) -> Self {
        const COMMON: [&str; 44] = [
            "de",
            "la",
            "le",
            "et",
            "les",
            "des",
            "en",
            "l'",
            "à",
            "d'",
            "un",
            "une",
            "du",
            "dans",
            "pour",
            "sur",
            "au",
            "avec",
            "par",
            "formation",
            "gestion",
            "service",
            "public",
            "agents",
            "projet",
            "équipe",
            "management",
            "responsable",
            "collectivité",
            "territoriale",
            "animation",
            "données",
            "sécurité",
            "budget",
            "marchés",
            "ressources",
            "humaines",
            "communication",
            "accompagnement",
            "évaluation",
            "politiques",
            "développement",
            "juridique",
            "informatique",
        ];
        const SYLLABLES: [&str; 40] = [
            "ma", "ré", "ti", "lo", "pu", "can", "ber", "vil", "sou", "dé", "pro", "con", "tra", "mer", "li", "na",
            "ro", "qui", "fran", "gè", "ches", "po", "si", "ta", "nou", "au", "eau", "in", "des", "cla", "ve", "fi",
            "mon", "cor", "pé", "di", "lan", "gue", "ra", "sa",
        ];
        const ENDINGS: [&str; 14] =
            ["tion", "ment", "eur", "euse", "ique", "ité", "er", "é", "ées", "al", "aux", "iste", "age", "s"];
        let mut words: Vec<String> = COMMON.iter().map(ToString::to_string).collect();
        while words.len() < VOCABULARY {
            let mut word = String::new();
            for _ in 0..random.random_range(1..4) {
                word.push_str(SYLLABLES[random.random_range(0..SYLLABLES.len())]);
            }
            word.push_str(ENDINGS[random.random_range(0..ENDINGS.len())]);
            words.push(word);
        }
        let mut sum = 0.0;
        let sums = (0..words.len())
            .map(|rank| {
                sum += 1.0 / (rank as f64 + 2.7);
                sum
            })
            .collect();
        Self { words, sums }
    }

    fn word(&self, random: &mut StdRng) -> &str {
        let drawn = random.random_range(0.0..self.sums[self.sums.len() - 1]);
        &self.words[self.sums.partition_point(|sum| *sum < drawn)]
    }

    fn text(&self, random: &mut StdRng, count: usize) -> String {
        let mut text = String::new();
        for place in 0..count {
            let word = self.word(random);
            text.push_str(word);
            if !word.ends_with('\'') {
                text.push_str(if place % 13 == 12 { ". " } else { " " });
            }
        }
        text
    }
}

fn labels(random: &mut StdRng, kind: &str, most: usize, values: usize) -> Vec<Labelled> {
    (0..random.random_range(0..=most))
        .map(|_| random.random_range(0..values))
        .map(|value| Labelled::new(format!("{kind}{value}"), format!("{kind} {value}")))
        .collect()
}

fn person(vocabulary: &Vocabulary, id: i64) -> CvDocument {
    // Each person from a seed of their own: the same whatever their number.
    let mut random = StdRng::seed_from_u64(1_000_000 + id as u64);
    let random = &mut random;
    let now = DateTime::from_timestamp(1_790_000_000 + id, 0).unwrap_or_default();
    let name_at = |random: &mut StdRng| vocabulary.words[random.random_range(5_000..30_000)].clone();
    let words = random.random_range(200..900);
    CvDocument {
        id,
        civilite: "Madame".to_owned(),
        nom: name_at(random),
        prenom: name_at(random),
        titre: vocabulary.text(random, 6),
        experience: vocabulary.text(random, 80),
        motivation: String::new(),
        parcours: vocabulary.text(random, 60),
        interventions: vocabulary.text(random, 10),
        specialites: labels(random, "Spécialité", 3, 20),
        sous_specialites: labels(random, "Sous-spécialité", 5, 180),
        regions: labels(random, "Région", 3, 18),
        departements: labels(random, "Département", 4, 101),
        statut: labels(random, "Statut", 1, 6).pop(),
        langues: labels(random, "Langue", 2, 30),
        structure: Some(StructureName { id: random.random_range(1..25), nom: "Délégation".to_owned() }),
        employeur: vocabulary.text(random, 3),
        indisponibilites: Vec::new(),
        fichiers: vec![Fichier {
            nom: "cv.pdf".to_owned(),
            format: "PDF".to_owned(),
            text: vocabulary.text(random, words),
        }],
        validated_at: now,
        updated_at: now,
    }
}

/// One to three words: a frequent one, then some of any rank, as people type.
fn typed(vocabulary: &Vocabulary, random: &mut StdRng) -> String {
    let mut words = vec![vocabulary.words[random.random_range(19..400)].clone()];
    for _ in 0..random.random_range(0..3) {
        words.push(vocabulary.words[random.random_range(19..3_000)].clone());
    }
    words.join(" ")
}

fn measure(
    index: &SearchIndex,
    name: &str,
    searches: impl Fn(&mut StdRng) -> CvSearch,
) -> Result<(), search_index::Error> {
    let mut random = StdRng::seed_from_u64(77);
    let mut times = Vec::with_capacity(QUERIES);
    let mut found = 0;
    for round in 0..QUERIES + 50 {
        let search = searches(&mut random);
        let start = Instant::now();
        let results = index.search_cvs(&search)?;
        let time = start.elapsed();
        if round >= 50 {
            times.push(time);
            found += results.total;
        }
    }
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "{name:<44} p50 {:>9.1} µs   p99 {:>9.1} µs   worst {:>9.1} µs   {:>7} results on average",
        micros(at(0.5)),
        micros(at(0.99)),
        micros(at(1.0)),
        found / QUERIES as u64
    );
    Ok(())
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
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

    let top = |text: String| CvSearch { text, page: Page { number: 1, size: 10 }, ..CvSearch::default() };
    let words = |random: &mut StdRng| top(typed(&vocabulary, random));
    measure(&index, "top ten, bare", words)?;
    measure(&index, "… with facets", |random| CvSearch { with_facets: true, ..words(random) })?;
    measure(&index, "… with ten highlights", |random| CvSearch { with_highlights: true, ..words(random) })?;
    measure(&index, "… with facets, two chosen, highlights", |random| CvSearch {
        with_facets: true,
        with_highlights: true,
        filters: Filters::default()
            .with(Facet::Region, format!("Région{}", random.random_range(0..18)))
            .with(Facet::Specialite, format!("Spécialité{}", random.random_range(0..20))),
        ..words(random)
    })?;
    measure(&index, "as one types, bare", |random| {
        let mut text = typed(&vocabulary, random);
        let cut = text.len() - random.random_range(0..3).min(text.len() - 2);
        text.truncate(text.floor_char_boundary(cut));
        CvSearch { as_you_type: true, ..top(text) }
    })?;
    measure(&index, "as one types, two letters", |random| {
        let word = &vocabulary.words[random.random_range(19..3_000)];
        CvSearch { as_you_type: true, ..top(word.chars().take(2).collect()) }
    })?;
    measure(&index, "misspelt word", |random| {
        let mut word = vocabulary.words[random.random_range(100..20_000)].clone();
        word.insert(word.floor_char_boundary(word.len() / 2), 'x');
        top(word)
    })?;
    measure(&index, "phrase", |random| {
        let first = &vocabulary.words[random.random_range(19..60)];
        let second = &vocabulary.words[random.random_range(19..60)];
        top(format!("\"{first} de {second}\""))
    })?;
    measure(&index, "no text, facets", |_| CvSearch { with_facets: true, ..top(String::new()) })?;
    measure(&index, "no text, two chosen, facets, by name", |random| CvSearch {
        with_facets: true,
        sort: Sort::Nom,
        filters: Filters::default()
            .with(Facet::Region, format!("Région{}", random.random_range(0..18)))
            .with(Facet::Specialite, format!("Spécialité{}", random.random_range(0..20))),
        ..top(String::new())
    })?;

    // Following: one changed CV, committed and found.
    let mut times = Vec::new();
    for round in 0..30_i64 {
        let mut changed = person(&vocabulary, round * 31 % count + 1);
        changed.titre = format!("témoin{round}");
        let start = Instant::now();
        index.cvs().upsert(&changed)?;
        index.commit(round, round + 1)?;
        let found = index.search_cvs(&top(format!("témoin{round}")))?.total;
        times.push(start.elapsed());
        if found != 1 {
            return Err(format!("the change of round {round} was not found").into());
        }
    }
    times.sort_unstable();
    println!(
        "one changed CV, from upsert to found              p50 {:>6.1} ms   worst {:>6.1} ms",
        times[times.len() / 2].as_secs_f64() * 1e3,
        times[times.len() - 1].as_secs_f64() * 1e3
    );
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
