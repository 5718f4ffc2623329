//! From the start of the process to the first page answered: `cargo bench --bench demarrage -- [runs] [intervenants]`
//! (5 and 300, the demonstration's own size, by default).
//!
//! A fresh start makes the schema, loads the referentials and writes the demonstration; a warm one finds its data. Beside
//! them: the time of the same program to say its version, below which no start can be.

mod common;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::program::{PROGRAM, Program};
use common::{Failure, Times, argument, line, millis, ratio};

/// SPEC Q10.
const AIM: Duration = Duration::from_millis(150);

fn main() -> Result<(), Failure> {
    let (runs, intervenants) = (argument(0, 5)?.max(1), argument(1, 300)?);
    let size = intervenants.to_string();
    let arguments = ["--intervenants", size.as_str()];
    println!("{runs} starts of each kind, {intervenants} intervenants");

    let mut version = Vec::new();
    for _ in 0..runs {
        let began = Instant::now();
        let status = Command::new(PROGRAM).arg("--version").stdout(Stdio::null()).status()?;
        version.push(began.elapsed());
        if !status.success() {
            return Err(format!("--version ended with {status}").into());
        }
    }
    let version: Times = version.into_iter().collect();
    line("the program says its version", version.in_words());

    let folder = tempfile::tempdir()?;
    let logs = folder.path().join("logs");
    let mut fresh = Vec::new();
    for run in 0..runs {
        let data = folder.path().join(run.to_string());
        let mut program = Program::demo(&data, &logs, &arguments)?;
        fresh.push(program.first_page("/")?);
        if run + 1 == runs {
            program.wait_until_quiet()?;
        }
        program.stop()?;
    }
    let fresh: Times = fresh.into_iter().collect();
    line("fresh folder, to the first page", fresh.in_words());

    let data = folder.path().join((runs - 1).to_string());
    let mut warm = Vec::new();
    for _ in 0..runs {
        let mut program = Program::demo(&data, &logs, &arguments)?;
        warm.push(program.first_page("/")?);
        program.stop()?;
    }
    let warm: Times = warm.into_iter().collect();
    line("existing data, to the first page", warm.in_words());
    let (median, baseline) = (warm.median().as_secs_f64(), version.median().as_secs_f64());
    line("… times the program's bare start", ratio(median, baseline));
    let held = if warm.median() < AIM { "held" } else { "missed" };
    line("… aim (Q10, median)", format!("{held}: {} ms under {} ms", millis(warm.median()), millis(AIM)));
    Ok(())
}
