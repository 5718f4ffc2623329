//! What the benchmarks stand on: their arguments, the program as a process, people with a session, figures as a table.
//!
//! They measure from outside: pages and sockets through 127.0.0.1, memory and processor time as the kernel counts them.

// Each benchmark uses a part of it.
#![allow(dead_code)]

pub mod person;
pub mod program;
pub mod tab;

use std::time::Duration;

/// Why a measure stops: it is printed, and nothing is retried.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The numeric argument at that place (from 0), or its default. cargo adds flags of its own, which are no numbers.
pub fn argument(place: usize, default: usize) -> Result<usize, Failure> {
    match std::env::args().skip(1).filter(|word| !word.starts_with('-')).nth(place) {
        Some(word) => Ok(word.parse().map_err(|error| format!("« {word} » is no number: {error}"))?),
        None => Ok(default),
    }
}

/// Times, sorted.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// The time that this share of them does not exceed.
    pub fn at(&self, share: f64) -> Duration {
        let last = self.0.len().saturating_sub(1) as f64;
        self.0.get((last * share).round() as usize).copied().unwrap_or_default()
    }

    /// The one in the middle.
    pub fn median(&self) -> Duration {
        self.at(0.5)
    }

    /// Best, median, 99th percentile and worst, in milliseconds. The best is what a loaded machine changes least.
    pub fn in_words(&self) -> String {
        format!(
            "best {} ms   p50 {} ms   p99 {} ms   worst {} ms",
            millis(self.at(0.0)),
            millis(self.at(0.5)),
            millis(self.at(0.99)),
            millis(self.at(1.0))
        )
    }
}

impl FromIterator<Duration> for Times {
    fn from_iter<I: IntoIterator<Item = Duration>>(times: I) -> Self {
        let mut times: Vec<Duration> = times.into_iter().collect();
        times.sort_unstable();
        Self(times)
    }
}

/// Processor time that the calling thread has used, by the kernel's account: what other programs do does not count.
pub fn thread_processor() -> Result<Duration, Failure> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos = stat.split_whitespace().next().ok_or("an empty schedstat")?.parse()?;
    Ok(Duration::from_nanos(nanos))
}

/// Milliseconds with three digits that mean something.
pub fn millis(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1e3;
    match millis {
        100.0.. => format!("{millis:.0}"),
        10.0.. => format!("{millis:.1}"),
        1.0.. => format!("{millis:.2}"),
        _ => format!("{millis:.3}"),
    }
}

pub fn line(what: &str, figures: impl std::fmt::Display) {
    println!("{what:<58} {figures}");
}

/// How many times `figure` is in `baseline`.
pub fn ratio(figure: f64, baseline: f64) -> String {
    if baseline > 0.0 { format!("{:.2}", figure / baseline) } else { "–".to_owned() }
}
