//! Hostile files against the child: every limit exceeded for real, and mutations by the hundred.

#![allow(clippy::unwrap_used)]

mod common;

use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{PROGRAM, extractor, file, patient, readable_files};
use documents::extract::Work;
use documents::{ChildTask, ExtractError, Extractor, Format, Limits};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tempfile::TempDir;

const MEBIBYTE: u64 = 1024 * 1024;

/// Mutated copies of each file.
const MUTATIONS: u64 = 12;

fn write(folder: &TempDir, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn docx(document: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(document).unwrap();
    zip.finish().unwrap().into_inner()
}

/// Two megabytes of PDF: many pages that all show one long content stream.
fn pdf_that_computes() -> Vec<u8> {
    let content = "q 1 0 0 1 0 0 cm Q\n".repeat(100_000);
    let kids = "3 0 R ".repeat(5_000);
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /MediaBox [0 0 100 100] /Count 5000 /Kids [{kids}] >>"),
        "<< /Type /Page /Parent 2 0 R /Resources << >> /Contents 4 0 R >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
    ];
    for (number, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n{object}\nendobj\n", number + 1).bytes());
    }
    let table = pdf.len();
    pdf.extend(b"xref\n0 5\n0000000000 65535 f \n");
    for offset in offsets {
        pdf.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    pdf.extend(format!("trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").bytes());
    pdf
}

#[tokio::test]
async fn q8_a_file_that_inflates_is_stopped_by_the_memory_limit() {
    let folder = tempfile::tempdir().unwrap();
    let mut document = b"<w:document><w:t>".to_vec();
    document.resize(60 * MEBIBYTE as usize, b'a');
    let path = write(&folder, "bomb.docx", &docx(&document));
    assert!(path.metadata().unwrap().len() < MEBIBYTE);
    let limits = Limits { memory_bytes: 96 * MEBIBYTE, ..patient() };
    let refused = extractor(limits).extract(Format::Docx, &path).await;
    assert!(matches!(refused, Err(ExtractError::Memory)), "{refused:?}");
    // An honest file is read within the same limit.
    assert!(extractor(limits).extract(Format::Docx, &file("libreoffice.docx")).await.is_ok());
}

#[tokio::test]
async fn q8_a_file_that_computes_is_stopped_by_the_cpu_limit() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "slow.pdf", &pdf_that_computes());
    let limits = Limits { cpu_seconds: 1, memory_bytes: 1024 * MEBIBYTE, ..patient() };
    let refused = extractor(limits).extract(Format::Pdf, &path).await;
    assert!(matches!(refused, Err(ExtractError::Cpu)), "{refused:?}");
}

#[tokio::test]
async fn q8_a_file_that_takes_long_is_stopped_by_the_clock() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "slow.pdf", &pdf_that_computes());
    let limits = Limits { wall_clock: Duration::from_millis(300), ..patient() };
    let started = Instant::now();
    let refused = extractor(limits).extract(Format::Pdf, &path).await;
    assert!(matches!(refused, Err(ExtractError::WallClock)), "{refused:?}");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn q8_an_answer_that_is_too_long_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "long.txt", "mot ".repeat(100_000).as_bytes());
    let refused = extractor(Limits { output_bytes: 1000, ..patient() }).extract(Format::Txt, &path).await;
    assert!(matches!(refused, Err(ExtractError::Output)), "{refused:?}");
    // Also when the writer never ends.
    let endless = Extractor::new("/bin/sh", ["-c", "exec yes"], patient()).extract(Format::Txt, &path).await;
    assert!(matches!(endless, Err(ExtractError::Output)), "{endless:?}");
}

#[tokio::test]
async fn q8_a_child_that_reads_nothing_keeps_nobody_waiting() {
    let bytes = vec![b'x'; 5 * MEBIBYTE as usize];
    let shell = |script: &str, limits| Extractor::new("/bin/sh", ["-c", script], limits);
    let started = Instant::now();
    let endless = shell("exec yes", patient()).extract_bytes(Format::Txt, &bytes).await;
    assert!(matches!(endless, Err(ExtractError::Output)), "{endless:?}");
    let gone = shell("exit 3", patient()).extract_bytes(Format::Txt, &bytes).await;
    assert!(matches!(gone, Err(ExtractError::Ended(_))), "{gone:?}");
    let hurried = Limits { wall_clock: Duration::from_millis(300), ..patient() };
    let asleep = shell("exec sleep 60", hurried).extract_bytes(Format::Txt, &bytes).await;
    assert!(matches!(asleep, Err(ExtractError::WallClock)), "{asleep:?}");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn q8_a_long_text_is_cut_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "long.txt", "été ".repeat(400_000).as_bytes());
    let extracted = extractor(patient()).extract(Format::Txt, &path).await.unwrap();
    assert!(extracted.truncated && extracted.text.len() <= documents::extract::MAX_TEXT_BYTES);
    assert!(extracted.text.ends_with("été") || extracted.text.ends_with("ét") || extracted.text.ends_with('é'));
}

#[test]
fn q8_the_limits_are_set_before_anything_is_read() {
    let task = ChildTask { format: Format::Txt, memory_bytes: 128 * MEBIBYTE, cpu_seconds: 5, work: Work::Read };
    let mut child = Command::new(PROGRAM)
        .args(task.arguments())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Its stdin stays open and empty: it can only be waiting to read.
    let path = format!("/proc/{}/limits", child.id());
    let expected = [
        ("Max cpu time", "5 6"),
        ("Max file size", "0 0"),
        ("Max core file size", "0 0"),
        ("Max open files", "8 8"),
        ("Max address space", "134217728 134217728"),
    ];
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let limits = std::fs::read_to_string(&path).unwrap();
        let holds = |name: &str, values: &str| {
            limits
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .is_some_and(|rest| rest.split_whitespace().take(2).collect::<Vec<_>>().join(" ") == values)
        };
        if expected.iter().all(|(name, values)| holds(name, values)) {
            break;
        }
        assert!(Instant::now() < deadline, "{limits}");
        std::thread::yield_now();
    }
    child.stdin.take().unwrap().write_all("Né à Nîmes".as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "C\nNé à Nîmes");
}

#[test]
fn q8_the_child_can_write_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let task = ChildTask { format: Format::Txt, memory_bytes: 128 * MEBIBYTE, cpu_seconds: 5, work: Work::Read };
    let status = Command::new(PROGRAM)
        .args(task.arguments())
        .stdin(std::fs::File::open(file("pandoc.txt")).unwrap())
        .stdout(std::fs::File::create(&path).unwrap())
        .status()
        .unwrap();
    assert!(!status.success());
    assert_eq!(path.metadata().unwrap().len(), 0);
}

#[tokio::test]
async fn q8_a_program_that_is_not_there_is_an_error_of_ours() {
    let absent = Extractor::new("/nonexistent/program", [] as [&str; 0], patient());
    let refused = absent.extract(Format::Txt, &file("pandoc.txt")).await;
    assert!(matches!(refused, Err(ExtractError::System { doing: "start the child", .. })), "{refused:?}");
    let refused = extractor(patient()).extract(Format::Txt, &file("absent.txt")).await;
    assert!(matches!(refused, Err(ExtractError::System { doing: "open the file", .. })), "{refused:?}");
}

#[tokio::test]
async fn q8_what_is_no_file_of_its_format_is_unreadable() {
    for format in [Format::Pdf, Format::Doc, Format::Docx, Format::Odt, Format::Rtf] {
        let refused = extractor(patient()).extract(format, &file("pandoc.txt")).await;
        assert!(matches!(refused, Err(ExtractError::Unreadable)), "{format}: {refused:?}");
    }
}

#[tokio::test]
async fn q8_a_docx_of_nested_elements_does_not_overflow() {
    let folder = tempfile::tempdir().unwrap();
    let document = format!("<w:document>{}<w:t>fin</w:t>", "<w:p>".repeat(1_000_000));
    let path = write(&folder, "deep.docx", &docx(document.as_bytes()));
    assert_eq!(extractor(patient()).extract(Format::Docx, &path).await.unwrap().text, "fin");
}

#[tokio::test]
async fn q8_entities_do_not_multiply() {
    let folder = tempfile::tempdir().unwrap();
    let document =
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><d><t>x&b;y</t></d>";
    let path = write(&folder, "entities.docx", &docx(document.as_bytes()));
    assert_eq!(extractor(patient()).extract(Format::Docx, &path).await.unwrap().text, "xy");
}

/// Whatever comes, the parent gets an answer: a text within bounds, or one of the file's own faults.
fn is_orderly(result: &Result<documents::Extracted, ExtractError>) -> bool {
    match result {
        Ok(extracted) => extracted.text.len() <= documents::extract::MAX_TEXT_BYTES,
        Err(
            ExtractError::Unreadable
            | ExtractError::Encrypted
            | ExtractError::Panicked
            | ExtractError::Memory
            | ExtractError::Cpu
            | ExtractError::WallClock,
        ) => true,
        Err(
            ExtractError::NoText(_)
            | ExtractError::TooBig
            | ExtractError::Places
            | ExtractError::Output
            | ExtractError::Ended(_)
            | ExtractError::System { .. },
        ) => false,
    }
}

fn mutate(bytes: &[u8], random: &mut StdRng) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..[1, 3, 10, 50][random.random_range(0..4)] {
        let at = random.random_range(0..out.len());
        let length = random.random_range(1..64).min(out.len() - at);
        match random.random_range(0..4) {
            0 => out[at] = random.random(),
            1 => out[at] ^= 1 << random.random_range(0..8),
            2 => {
                let from = random.random_range(0..=out.len() - length);
                out.copy_within(from..from + length, at);
            }
            _ if out.len() > 256 => drop(out.drain(at..at + length)),
            _ => {}
        }
    }
    out
}

#[tokio::test]
async fn q8_truncated_files_are_answered_for() {
    let folder = tempfile::tempdir().unwrap();
    let extractor = extractor(patient());
    for (format, path) in readable_files() {
        let bytes = std::fs::read(&path).unwrap();
        for kept in [0, 1, 8, 511, bytes.len() / 3, bytes.len() / 2, bytes.len() - 1] {
            let cut = write(&folder, "cut", &bytes[..kept.min(bytes.len())]);
            let result = extractor.extract(format, &cut).await;
            assert!(is_orderly(&result), "{} cut at {kept}: {result:?}", path.display());
        }
    }
}

#[tokio::test]
async fn q8_mutated_files_are_answered_for() {
    let folder = tempfile::tempdir().unwrap();
    let extractor = extractor(Limits { cpu_seconds: 20, ..patient() });
    let (mut read, mut all) = (0, 0);
    // `tests/long.sh fuzz` gives one number after the other.
    let turn = std::env::var("EI_TEST_SEED").map_or(0, |turn| turn.parse().expect("EI_TEST_SEED is a number"));
    let first = turn * MUTATIONS;
    for (format, path) in readable_files() {
        let bytes = std::fs::read(&path).unwrap();
        for seed in first..first + MUTATIONS {
            let mutated = mutate(&bytes, &mut StdRng::seed_from_u64(seed));
            let copy = write(&folder, "mutated", &mutated);
            let result = extractor.extract(format, &copy).await;
            assert!(is_orderly(&result), "{} with seed {seed}: {result:?}", path.display());
            read += usize::from(result.is_ok());
            all += 1;
        }
    }
    // Readers that gave up on everything would pass the rest of this test.
    assert!(read * 2 > all, "{read} of {all} mutated files gave a text");
}

#[tokio::test]
async fn q8_a_pdf_whose_references_are_wrong_is_read_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["libreoffice.pdf", "chromium.pdf"] {
        let bytes = std::fs::read(file(name)).unwrap();
        // Ten bytes more behind the header: every offset is wrong.
        let line_end = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let shifted = [&bytes[..line_end], b"%passage.\n", &bytes[line_end..]].concat();
        let whole = extractor(patient()).extract(Format::Pdf, &file(name)).await.unwrap();
        for broken in [&shifted[..], &shifted[..shifted.len() - 400]] {
            let path = write(&folder, "broken.pdf", broken);
            assert_eq!(extractor(patient()).extract(Format::Pdf, &path).await.unwrap(), whole, "{name}");
        }
    }
}

#[tokio::test]
async fn q8_no_more_children_run_than_allowed() {
    let folder = tempfile::tempdir().unwrap();
    // Each child waits for the lock of a folder that only one may make: two at a time would fail.
    let script = format!("mkdir {0}/lock && echo C && rmdir {0}/lock", folder.path().display());
    let limits = Limits { children: 1, ..patient() };
    let extractor = Extractor::new("/bin/sh", ["-c", &script], limits);
    let path = file("pandoc.txt");
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (extractor, path) = (extractor.clone(), path.clone());
        running.spawn(async move { extractor.extract(Format::Txt, &path).await });
    }
    while let Some(result) = running.join_next().await {
        assert_eq!(result.unwrap().unwrap().text, "");
    }
}

/// An extractor whose child takes as many seconds as the file says.
fn slow(limits: Limits) -> Extractor {
    Extractor::new("/bin/sh", ["-c", "read seconds; sleep $seconds; echo C; printf lu"], limits)
}

#[tokio::test]
async fn g3_a_short_file_does_not_wait_for_long_ones() {
    let extractor = slow(Limits { wall_clock: Duration::from_secs(30), ..Limits::default() });
    let began = Instant::now();
    let long = (0..4).map(|_| extractor.extract_bytes(Format::Txt, b"3\n"));
    let short = async {
        // The long ones have taken every place by now.
        tokio::time::sleep(Duration::from_millis(200)).await;
        for _ in 0..3 {
            let read = extractor.extract_bytes(Format::Txt, b"0.1\n").await.unwrap();
            assert_eq!(read.text, "lu");
        }
        began.elapsed()
    };
    let (long, short) = tokio::join!(futures_util::future::join_all(long), short);
    assert!(long.iter().all(Result::is_ok), "{long:?}");
    let all = began.elapsed();
    assert!(short * 2 < all, "short ones were read after {short:?} of {all:?}");
}

#[tokio::test]
async fn g3_a_long_file_has_its_time_and_no_more() {
    let extractor = slow(Limits { wall_clock: Duration::from_secs(5), children: 1, ..Limits::default() });
    let read = extractor.extract_bytes(Format::Txt, b"1.5\n").await;
    assert_eq!(read.unwrap().text, "lu");
    let late = extractor.extract_bytes(Format::Txt, b"60\n").await;
    assert!(matches!(late, Err(ExtractError::WallClock)), "{late:?}");
}
