//! The text of pages that are pictures, by poppler's `pdftoppm` and `tesseract`, which have to be installed (SPEC G3).
//!
//! It runs in a child of its own, whose limits those programs inherit. Neither writes a file: the page goes from one to the
//! other through a pipe.

use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::text_sink::{MAX_TEXT_BYTES, TextSink};

/// The longer side of a page, in pixels: an A4 page at 300 dots an inch, which tesseract asks for.
const LONGER_SIDE: &str = "3508";
const LANGUAGE: &str = "fra";
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// Reads these pages; what can't be read in so many seconds is left out.
pub(super) fn read(bytes: &[u8], pages: &[u32], seconds: u64, sink: &mut TextSink) {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    for page in pages {
        match page_text(bytes, *page, deadline) {
            Ok(Some(text)) => {
                sink.push_str(&text);
                sink.paragraph();
            }
            Ok(None) | Err(_) => sink.leave_out(),
        }
    }
}

/// None when time is over before the page is read.
fn page_text(bytes: &[u8], page: u32, deadline: Instant) -> io::Result<Option<String>> {
    let page = page.to_string();
    let mut drawing = program("pdftoppm")
        .args(["-f", &page, "-l", &page, "-scale-to", LONGER_SIDE, "-gray", "-png", "-"])
        .stdin(Stdio::piped())
        .spawn()?;
    let mut reading = match drawing.stdout.take() {
        Some(picture) => program("tesseract").args(["stdin", "stdout", "-l", LANGUAGE]).stdin(picture).spawn(),
        None => Err(io::ErrorKind::BrokenPipe.into()),
    };
    let text = match &mut reading {
        Ok(reading) => talk(bytes, &mut drawing, reading, deadline),
        Err(_) => Ok(None),
    };
    end(drawing)?;
    let ended = end(reading?)?;
    text.map(|text| text.filter(|_| ended))
}

fn program(name: &str) -> Command {
    let mut program = Command::new(name);
    // tesseract would use every core.
    program.env_clear().env("PATH", PATH).env("OMP_THREAD_LIMIT", "1").stdout(Stdio::piped()).stderr(Stdio::null());
    program
}

/// Feeds the first program and listens to the second.
fn talk(bytes: &[u8], drawing: &mut Child, reading: &mut Child, deadline: Instant) -> io::Result<Option<String>> {
    let (stdin, stdout) = (drawing.stdin.take(), reading.stdout.take());
    let bytes = bytes.to_vec();
    // A program that ends before it has read everything says why by what it wrote, or did not.
    thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&bytes)));
    let (said, heard) = channel();
    thread::spawn(move || {
        let mut text = Vec::new();
        let read = stdout.map(|stdout| stdout.take(MAX_TEXT_BYTES as u64).read_to_end(&mut text));
        said.send(read.transpose().map(|_| text))
    });
    match heard.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        Ok(text) => Ok(Some(String::from_utf8_lossy(&text?).into_owned())),
        Err(RecvTimeoutError::Timeout) => Ok(None),
        Err(RecvTimeoutError::Disconnected) => Err(io::ErrorKind::BrokenPipe.into()),
    }
}

/// Ends a program that may go on still; whether it had ended well.
fn end(mut program: Child) -> io::Result<bool> {
    // What has said everything ends at once; what has not is killed.
    for _ in 0..50 {
        if let Some(status) = program.try_wait()? {
            return Ok(status.success());
        }
        thread::sleep(Duration::from_millis(2));
    }
    program.kill()?;
    program.wait()?;
    Ok(false)
}

/// Whether both programs are there, with French.
///
/// # Errors
/// What is missing.
pub fn recognition_is_installed() -> Result<(), String> {
    let said = |name: &str, argument: &str| {
        let output =
            Command::new(name).env("PATH", PATH).arg(argument).output().map_err(|error| format!("{name} : {error}"))?;
        Ok::<_, String>([output.stdout, output.stderr].concat())
    };
    said("pdftoppm", "-v")?;
    let languages = String::from_utf8_lossy(&said("tesseract", "--list-langs")?).into_owned();
    if languages.lines().any(|line| line.trim() == LANGUAGE) {
        Ok(())
    } else {
        Err(format!("tesseract n’a pas la langue « {LANGUAGE} »"))
    }
}
