//! What the tests of extraction share.

#![allow(dead_code, clippy::unwrap_used)]

use std::path::PathBuf;
use std::time::Duration;

use documents::{Extractor, Format, Limits};

/// The child's program, the same entry as the server's `extract-text`.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_documents-extract-text");

pub fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)
}

/// The files that have a text to give, with their formats.
pub fn readable_files() -> Vec<(Format, PathBuf)> {
    let mut files: Vec<(Format, PathBuf)> = ["", "pdf"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(file(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| Some((Format::from_extension(path.extension()?.to_str()?)?, path)))
        .filter(|(_, path)| !path.ends_with("libreoffice-password.pdf"))
        .collect();
    files.sort();
    files
}

pub fn extractor(limits: Limits) -> Extractor {
    Extractor::new(PROGRAM, [] as [&str; 0], limits)
}

/// Generous in time, for a machine that does other things too; the rest as in production.
pub fn patient() -> Limits {
    Limits { cpu_seconds: 60, wall_clock: Duration::from_mins(2), ..Limits::default() }
}
