//! The same files through the programs that offices use. Needs LibreOffice and poppler-utils.

use std::{path::Path, process::Command};

use chrono::NaiveDate;

use super::Format;
use crate::demo::{Demo, witnesses};

fn words(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn run(program: &str, arguments: &[&str], folder: &Path) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| panic!("{program} must be installed: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn o1_libreoffice_and_poppler_read_every_word_of_every_format() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = Demo::new(1, NaiveDate::from_ymd_opt(2026, 9, 1).expect("a date")).expect("a set");
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
    for (format, witness, number) in witnesses() {
        let cv = demo.intervenant(number).cv.expect("a CV");
        let name = format!("cv.{}", format.extension());
        std::fs::write(folder.path().join(&name), cv.bytes().expect("bytes")).expect("written");
        match format {
            Format::Pdf => run("pdftotext", &["-enc", "UTF-8", &name, "cv.txt"], folder.path()),
            Format::Txt => {}
            _ => run(
                "soffice",
                &[&profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", &name],
                folder.path(),
            ),
        }
        let read = std::fs::read_to_string(folder.path().join("cv.txt")).expect("text");
        assert_eq!(words(&read), words(&cv.text), "{format}");
        assert!(read.contains(witness), "{format}");
    }
}
