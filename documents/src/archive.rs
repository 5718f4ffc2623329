//! Several files as one ZIP, made on disk because it may be too large for memory.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What goes into an archive.
#[derive(Debug)]
pub enum Contenu {
    /// Bytes at hand.
    Bytes(Vec<u8>),
    /// A file on disk. When it is gone, a sentence takes its place, because the other files are still owed.
    File(std::path::PathBuf),
}

/// The text in place of a file that is gone.
const GONE: &str = "Ce fichier n’a pas pu être lu. Signalez-le par la page « Aide et contact ».\n";

/// Writes an archive to a file without a name in `folder`: its room is freed when it is dropped, even if the process
/// dies.
///
/// # Errors
/// The disk's.
pub fn archive(folder: &Path, entries: Vec<(String, Contenu)>) -> io::Result<File> {
    let file = nameless(folder)?;
    let mut zip = ZipWriter::new(file);
    // Most documents are compressed already, and compressing large ones takes CPU time from everybody.
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in entries {
        match content {
            Contenu::Bytes(bytes) => {
                zip.start_file(name, stored)?;
                zip.write_all(&bytes)?;
            }
            Contenu::File(path) => match File::open(&path) {
                Ok(mut source) => {
                    zip.start_file(name, stored)?;
                    io::copy(&mut source, &mut zip)?;
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    tracing::error!(?path, "a file of an archive is gone");
                    zip.start_file(format!("{name} (absent).txt"), stored)?;
                    zip.write_all(GONE.as_bytes())?;
                }
                Err(error) => return Err(error),
            },
        }
    }
    let mut file = zip.finish()?;
    file.flush()?;
    file.rewind()?;
    Ok(file)
}

fn nameless(folder: &Path) -> io::Result<File> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    let path = folder.join(format!("archive-{:032x}", u128::from_le_bytes(bytes)));
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn x5_an_archive_holds_what_was_put_into_it_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let cv = folder.path().join("cv");
        std::fs::write(&cv, b"Animer un atelier.").unwrap();
        let entries = vec![
            ("donnees.xlsx".to_owned(), Contenu::Bytes(vec![1, 2, 3])),
            ("profil/1 - Curriculum vitæ d’été.pdf".to_owned(), Contenu::File(cv)),
            ("profil/2 - perdu.pdf".to_owned(), Contenu::File(folder.path().join("gone"))),
        ];
        let file = archive(folder.path(), entries).unwrap();
        let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
        assert_eq!(names, ["cv"]);
        let mut zip = zip::ZipArchive::new(file).unwrap();
        let mut text = String::new();
        zip.by_name("profil/1 - Curriculum vitæ d’été.pdf").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "Animer un atelier.");
        text.clear();
        zip.by_name("profil/2 - perdu.pdf (absent).txt").unwrap().read_to_string(&mut text).unwrap();
        assert!(text.contains("Aide et contact"));
        assert_eq!(zip.len(), 3);
    }
}
