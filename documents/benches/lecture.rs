//! What is read of CVs in PDF, and how fast, with poppler's `pdftotext` over the same files in the same run:
//! `cargo bench -p documents --bench lecture -- FOLDER`, on a folder that `tests/lecture/corpus.py` filled
//! (`tests/long.sh lecture` does both).
//!
//! A word or a phrase of three words counts when the CV has it and pdftotext finds it: what pdftotext breaks is no measure.
//! *Added* are words of ours that neither has. Each program is started once for each file, as the server does.

use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use unicode_normalization::UnicodeNormalization;

const PROGRAM: &str = env!("CARGO_BIN_EXE_documents-extract-text");
const TURNS: usize = 3;
/// A tick of the kernel's accounts of processor time: USER_HZ is 100 wherever Linux runs.
const TICK: f64 = 0.01;

const AIM_WORDS: f64 = 0.995;
const AIM_PHRASES: f64 = 0.99;
const AIM_ADDED: f64 = 0.01;
const AIM_PROCESSOR: f64 = 2.0;
const AIM_LATE: Duration = Duration::from_millis(300);

type Failure = Box<dyn Error>;
type Phrase = [String; 3];

fn main() -> Result<(), Failure> {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let folder = PathBuf::from(folder.ok_or("which folder? See tests/long.sh lecture")?);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, Failure>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "pdf"));
    files.sort();
    if files.is_empty() {
        return Err(format!("no PDF in {}", folder.display()).into());
    }
    let words_hold = words(&files)?;
    speed(&files)?;
    if words_hold { Ok(()) } else { Err("words are missed".into()) }
}

/// What was found of how much.
#[derive(Clone, Copy, Default)]
struct Part {
    found: usize,
    of: usize,
}

impl Part {
    fn add<T: std::hash::Hash + Eq>(&mut self, found: &HashSet<T>, of: &HashSet<T>) {
        self.found += of.intersection(found).count();
        self.of += of.len();
    }

    fn share(self) -> f64 {
        self.found as f64 / self.of.max(1) as f64
    }
}

/// Of the CVs of one maker.
#[derive(Clone, Copy, Default)]
struct Found {
    words: Part,
    phrases: Part,
    added: Part,
    /// Words of the CV itself, by ours and by pdftotext.
    ours: Part,
    theirs: Part,
}

fn words(files: &[PathBuf]) -> Result<bool, Failure> {
    let mut makers: BTreeMap<String, Found> = BTreeMap::new();
    for file in files {
        let said: Vec<Vec<String>> = std::fs::read_to_string(file.with_extension("txt"))?.lines().map(split).collect();
        let (ours, theirs) = (split(&text(ours(file)?)?), split(&text(theirs(file))?));
        let truth: HashSet<String> = said.iter().flatten().cloned().collect();
        let true_phrases: HashSet<Phrase> = said.iter().flat_map(|line| phrases(line)).collect();
        let (our_phrases, their_phrases): (HashSet<_>, HashSet<_>) =
            (phrases(&ours).collect(), phrases(&theirs).collect());
        let (ours, theirs): (HashSet<_>, HashSet<_>) = (ours.into_iter().collect(), theirs.into_iter().collect());
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let maker = name.split('-').next().unwrap_or_default().to_owned();
        for maker in [maker, "tous".to_owned()] {
            let found = makers.entry(maker).or_default();
            found.words.add(&ours, &truth.intersection(&theirs).cloned().collect());
            found.phrases.add(&our_phrases, &true_phrases.intersection(&their_phrases).cloned().collect());
            found.added.found += ours.iter().filter(|word| !truth.contains(*word) && !theirs.contains(*word)).count();
            found.added.of += ours.len();
            found.ours.add(&ours, &truth);
            found.theirs.add(&theirs, &truth);
        }
    }
    println!("{:<14}{:>10}{:>10}{:>10}   of the CV's words: ours   pdftotext", "", "words", "phrases", "added");
    for (maker, found) in &makers {
        let shares =
            [found.words, found.phrases, found.added, found.ours, found.theirs].map(|part| part.share() * 100.0);
        let [words, phrases, added, ours, theirs] = shares;
        println!("{maker:<14}{words:>8.2} %{phrases:>8.2} %{added:>8.2} %{ours:>24.2} %{theirs:>8.2} %");
    }
    let all = makers["tous"];
    let held = all.words.share() >= AIM_WORDS && all.phrases.share() >= AIM_PHRASES && all.added.share() <= AIM_ADDED;
    println!(
        "aim: 99.5 % of the words, 99 % of the phrases, 1 % added at most: {}",
        if held { "held" } else { "missed" }
    );
    Ok(held)
}

fn speed(files: &[PathBuf]) -> Result<(), Failure> {
    let mut turns: Vec<[f64; 2]> = Vec::new();
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..TURNS {
        let before = processor()?;
        for file in files {
            let start = Instant::now();
            text(ours(file)?)?;
            times.push(start.elapsed());
        }
        let between = processor()?;
        for file in files {
            text(theirs(file))?;
        }
        turns.push([between - before, processor()? - between]);
    }
    turns.sort_by(|a, b| (a[0] / a[1]).total_cmp(&(b[0] / b[1])));
    times.sort_unstable();
    let [ours, theirs] = turns[TURNS / 2];
    let each = |seconds: f64| seconds / files.len() as f64 * 1e3;
    let late = times[(times.len() - 1) * 99 / 100];
    let word = |held: bool| if held { "held" } else { "missed" };
    println!(
        "processor of one file: {:.1} ms, pdftotext {:.1} ms: {:.2} times; aim 2 times: {}",
        each(ours),
        each(theirs),
        ours / theirs,
        word(ours / theirs <= AIM_PROCESSOR)
    );
    let [middle, late_ms] = [times[times.len() / 2], late].map(|time| time.as_secs_f64() * 1e3);
    println!("time of one file: p50 {middle:.1} ms, p99 {late_ms:.1} ms; aim 300 ms: {}", word(late <= AIM_LATE));
    Ok(())
}

fn ours(file: &Path) -> Result<Command, Failure> {
    let mut command = Command::new(PROGRAM);
    command.args(["--format", "pdf", "--memory", "268435456", "--cpu", "10"]).stdin(File::open(file)?);
    Ok(command)
}

fn theirs(file: &Path) -> Command {
    let mut command = Command::new("pdftotext");
    command.args(["-enc", "UTF-8"]).arg(file).arg("-").stdin(Stdio::null());
    command
}

fn text(mut command: Command) -> Result<String, Failure> {
    let output = command.output().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if !output.status.success() {
        return Err(format!("{command:?} ended with {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Words in lower case, without soft hyphens, compatible forms made one.
fn split(text: &str) -> Vec<String> {
    let plain: String = text.nfkc().filter(|c| *c != '\u{ad}').flat_map(char::to_lowercase).collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect()
}

fn phrases(words: &[String]) -> impl Iterator<Item = Phrase> + '_ {
    words.windows(3).map(|three| [three[0].clone(), three[1].clone(), three[2].clone()])
}

/// Processor time of the children that have ended, in seconds (proc(5), fields 16 and 17 of `stat`).
fn processor() -> Result<f64, Failure> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, behind) = stat.rsplit_once(')').ok_or("no name in /proc/self/stat")?;
    let ticks: Result<Vec<f64>, _> = behind.split_whitespace().skip(13).take(2).map(str::parse::<f64>).collect();
    Ok(ticks?.iter().sum::<f64>() * TICK)
}
