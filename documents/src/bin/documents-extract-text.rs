//! The extractor's child alone, for this crate's tests; the server runs the same entry as `extract-text`.

use std::process::ExitCode;

fn main() -> ExitCode {
    documents::run_child(std::env::args().skip(1))
}
