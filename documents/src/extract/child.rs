//! The child's side: limits first, then one file from stdin, its text to stdout.
//!
//! Answer: one line, `C` (complete) or `T` (a part is left out) and the pages that are pictures (`T2,3`), then UTF-8. The
//! exit code says how it ended; the codes are those of sysexits.h where one fits. Nothing is written to stderr: what a hostile file makes a parser say
//! has no place in a log.

use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::thread;

use rlimit::{Resource, setrlimit};

use super::text_sink::TextSink;
use super::{Unreadable, pdf, read_text, recognition};
use crate::format::Format;

/// Most bytes read: no place accepts more.
pub const MAX_INPUT_BYTES: u64 = 16 * 1024 * 1024;

/// Stack of the thread that parses: PDF and XML parsers recurse, and a hostile file makes them recurse deeply.
const STACK_BYTES: usize = 32 * 1024 * 1024;

/// Descriptors the child may have: its three streams and a few that the runtime opens.
const MAX_DESCRIPTORS: u64 = 8;
/// The same where other programs are started, with their libraries and pipes.
const RECOGNITION_DESCRIPTORS: u64 = 64;

pub(super) const COMPLETE: char = 'C';
pub(super) const TRUNCATED: char = 'T';
/// Bytes of the line before the text, at most.
pub(super) const HEAD_BYTES: u64 = 128;

pub(super) const EXIT_USAGE: u8 = 64;
pub(super) const EXIT_UNREADABLE: u8 = 65;
pub(super) const EXIT_ENCRYPTED: u8 = 66;
pub(super) const EXIT_TOO_BIG: u8 = 67;
pub(super) const EXIT_PLACES: u8 = 68;
pub(super) const EXIT_PANIC: u8 = 70;
pub(super) const EXIT_LIMITS: u8 = 71;
pub(super) const EXIT_STREAM: u8 = 74;

/// What one child does: `extract-text --format pdf --memory 536870912 --cpu 10`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildTask {
    /// What the bytes on stdin are.
    pub format: Format,
    /// Address space, in bytes.
    pub memory_bytes: u64,
    /// CPU time, in seconds.
    pub cpu_seconds: u64,
    pub work: Work,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Read the text.
    Read,
    /// Only look whether a locked PDF can be taken; no text is answered.
    Check,
    /// Recognise the text of these pages of a PDF, which are pictures.
    Recognise(Vec<u32>),
}

/// The arguments are not those of a child.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "usage: extract-text --format <pdf|doc|docx|odt|rtf|html|txt> --memory <bytes> --cpu <seconds> [--check | --pages <1,2>]"
)]
pub struct UsageError;

impl ChildTask {
    /// Reads the arguments behind the program's name (and behind `extract-text`).
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, UsageError> {
        let mut arguments = arguments.into_iter();
        let (mut format, mut memory, mut cpu, mut work) = (None, None, None, Work::Read);
        while let Some(name) = arguments.next() {
            if name == "--check" {
                work = Work::Check;
                continue;
            }
            let value = arguments.next().ok_or(UsageError)?;
            match name.as_str() {
                "--format" => format = Some(value.parse().map_err(|_| UsageError)?),
                "--memory" => memory = Some(value.parse().map_err(|_| UsageError)?),
                "--pages" => {
                    let pages: Result<_, _> = value.split(',').map(str::parse).collect();
                    work = Work::Recognise(pages.map_err(|_| UsageError)?);
                }
                "--cpu" => cpu = Some(value.parse().map_err(|_| UsageError)?),
                _ => return Err(UsageError),
            }
        }
        match (format, memory, cpu) {
            (Some(format), Some(memory_bytes), Some(cpu_seconds)) => {
                Ok(Self { format, memory_bytes, cpu_seconds, work })
            }
            _ => Err(UsageError),
        }
    }

    /// The arguments that `parse` reads.
    pub fn arguments(&self) -> Vec<String> {
        let (memory, cpu) = (self.memory_bytes.to_string(), self.cpu_seconds.to_string());
        let mut all = vec!["--format".to_owned(), self.format.to_string(), "--memory".to_owned(), memory];
        all.extend(["--cpu".to_owned(), cpu]);
        match &self.work {
            Work::Read => {}
            Work::Check => all.push("--check".to_owned()),
            Work::Recognise(pages) => {
                let pages: Vec<String> = pages.iter().map(ToString::to_string).collect();
                all.extend(["--pages".to_owned(), pages.join(",")]);
            }
        }
        all
    }

    /// Limits this process, reads stdin, writes the text. Call it first thing in `main`, before any thread.
    pub fn run(self) -> ExitCode {
        if self.limit().is_err() {
            return ExitCode::from(EXIT_LIMITS);
        }
        std::panic::set_hook(Box::new(|_| {}));
        let Ok(worker) = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || self.work()) else {
            return ExitCode::from(EXIT_LIMITS);
        };
        ExitCode::from(worker.join().unwrap_or(EXIT_PANIC))
    }

    /// Takes away what a parser does not need. Soft and hard limits at once: they can't be raised again.
    fn limit(&self) -> io::Result<()> {
        setrlimit(Resource::CORE, 0, 0)?;
        setrlimit(Resource::FSIZE, 0, 0)?;
        let descriptors =
            if matches!(self.work, Work::Recognise(_)) { RECOGNITION_DESCRIPTORS } else { MAX_DESCRIPTORS };
        setrlimit(Resource::NOFILE, descriptors, descriptors)?;
        // The extra second lets SIGXCPU come before SIGKILL, so that the parent can tell why.
        setrlimit(Resource::CPU, self.cpu_seconds, self.cpu_seconds.saturating_add(1))?;
        setrlimit(Resource::AS, self.memory_bytes, self.memory_bytes)
    }

    fn work(self) -> u8 {
        let mut bytes = Vec::new();
        if io::stdin().lock().take(MAX_INPUT_BYTES + 1).read_to_end(&mut bytes).is_err() {
            return EXIT_STREAM;
        }
        if bytes.len() as u64 > MAX_INPUT_BYTES {
            return EXIT_TOO_BIG;
        }
        let mut sink = TextSink::default();
        let read = match &self.work {
            Work::Read => read_text(self.format, &bytes, &mut sink),
            Work::Check => pdf::check_locked(&bytes),
            Work::Recognise(pages) => {
                recognition::read(&bytes, pages, self.cpu_seconds, &mut sink);
                Ok(())
            }
        };
        match read {
            Ok(()) => {}
            Err(Unreadable::Places) => return EXIT_PLACES,
            Err(Unreadable::Encrypted) => return EXIT_ENCRYPTED,
            Err(Unreadable::Damaged(_)) => return EXIT_UNREADABLE,
            Err(Unreadable::NoText) => return EXIT_USAGE,
        }
        let pictures: Vec<String> = sink.pictures().iter().map(ToString::to_string).collect();
        let (text, cut) = sink.finish();
        let mut out = io::stdout().lock();
        let head = format!("{}{}\n", if cut { TRUNCATED } else { COMPLETE }, pictures.join(","));
        match out.write_all(head.as_bytes()).and_then(|()| out.write_all(text.as_bytes())).and_then(|()| out.flush()) {
            Ok(()) => 0,
            Err(_) => EXIT_STREAM,
        }
    }
}

/// The child's whole life, from its arguments (without the program's name).
pub fn run_child(arguments: impl IntoIterator<Item = String>) -> ExitCode {
    match ChildTask::parse(arguments) {
        Ok(task) => task.run(),
        Err(UsageError) => ExitCode::from(EXIT_USAGE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Place;

    #[test]
    fn g3_the_arguments_come_back() {
        for work in [Work::Read, Work::Check, Work::Recognise(vec![1, 12])] {
            let task = ChildTask { format: Format::Odt, memory_bytes: 1 << 29, cpu_seconds: 7, work };
            assert_eq!(ChildTask::parse(task.arguments()), Ok(task));
        }
        assert!(Place::largest_max_bytes() <= MAX_INPUT_BYTES);
    }

    #[test]
    fn q8_wrong_arguments_are_refused() {
        for arguments in [&["--format"][..], &["--format", "exe", "--memory", "1", "--cpu", "1"], &["--cpu", "1"], &[]]
        {
            assert_eq!(ChildTask::parse(arguments.iter().map(ToString::to_string)), Err(UsageError));
        }
    }
}
