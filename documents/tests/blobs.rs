//! The blob store, on a real folder.

#![allow(clippy::unwrap_used)]

use std::collections::HashSet;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use documents::{BlobError, BlobId, Blobs, Format, Place, Refusal, UploadError};
use tempfile::TempDir;
use tokio::io::AsyncReadExt;

const HOUR: Duration = Duration::from_hours(1);

async fn store() -> (TempDir, Blobs) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(&folder.path().join("fichiers")).await.unwrap();
    (folder, blobs)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { out.extend(files(&path)) } else { out.push(path) }
    }
    out
}

fn age(path: &Path, by: Duration) {
    File::options().write(true).open(path).unwrap().set_modified(SystemTime::now() - by).unwrap();
}

async fn text_blob(blobs: &Blobs, text: &str) -> BlobId {
    blobs.store(Place::Cv, "cv.txt", &mut text.as_bytes()).await.unwrap().id
}

#[tokio::test]
async fn i11_a_file_comes_back_as_it_went() {
    let (_folder, blobs) = store().await;
    let content = "Né à Nîmes. ".repeat(20_000);
    let stored = blobs.store(Place::Cv, "../Mon\u{202e} CV.TXT", &mut content.as_bytes()).await.unwrap();
    assert_eq!((stored.format, stored.bytes, stored.name.as_str()), (Format::Txt, content.len() as u64, "Mon CV.txt"));
    let mut reader = blobs.read(stored.id).await.unwrap();
    assert_eq!(reader.bytes(), stored.bytes);
    let mut back = String::new();
    reader.read_to_string(&mut back).await.unwrap();
    assert_eq!(back, content);
    assert_eq!(stored.id.to_string().parse(), Ok(stored.id));
}

#[tokio::test]
async fn i11_two_mebibytes_pass_and_one_byte_more_is_refused_and_leaves_nothing() {
    let (folder, blobs) = store().await;
    let mut content = b"%PDF-1.4\n1 0 obj".to_vec();
    content.resize(2 * 1024 * 1024, b' ');
    assert_eq!(blobs.store(Place::Cv, "cv.pdf", &mut &content[..]).await.unwrap().bytes, 2_097_152);
    content.push(b' ');
    let refused = blobs.store(Place::Diplome, "cv.pdf", &mut &content[..]).await.unwrap_err();
    assert!(matches!(&refused, UploadError::Refused(Refusal::TooBig { place: Place::Diplome })), "{refused}");
    assert!(refused.to_string().contains("2\u{a0}Mo"), "{refused}");
    assert_eq!(files(folder.path()).len(), 1);
}

#[tokio::test]
async fn d3_five_mebibytes_pass_and_one_byte_more_is_refused() {
    let (_folder, blobs) = store().await;
    let content = png(5 * 1024 * 1024);
    assert_eq!(blobs.store(Place::PieceDossier, "scan.png", &mut &content[..]).await.unwrap().bytes, 5_242_880);
    let content = png(5 * 1024 * 1024 + 1);
    assert!(blobs.store(Place::PieceDossier, "scan.png", &mut &content[..]).await.is_err());
}

/// A PNG of that many bytes: a header, something drawn, an end.
fn png(size: usize) -> Vec<u8> {
    let chunk = |name: &[u8], data: &[u8]| [&(data.len() as u32).to_be_bytes()[..], name, data, &[0; 4]].concat();
    let head = [b"\x89PNG\r\n\x1a\n", &chunk(b"IHDR", &[0; 13])[..]].concat();
    let end = b"\0\0\0\0IEND\xae\x42\x60\x82";
    let drawn = vec![0; size - head.len() - 12 - end.len()];
    [head, chunk(b"IDAT", &drawn), end.to_vec()].concat()
}

#[tokio::test]
async fn q6_a_picture_is_kept_without_where_it_was_taken_wherever_it_is_sent() {
    let (_folder, blobs) = store().await;
    let picture = png(100);
    let sent = [&picture[..], b"GPS 48.1173 N"].concat();
    for place in [Place::PieceDossier, Place::PieceSupport, Place::Article] {
        let stored = blobs.store(place, "photo.png", &mut &sent[..]).await.unwrap();
        assert_eq!(blobs.whole(stored.id).await.unwrap(), picture);
        assert_eq!((stored.bytes, blobs.read(stored.id).await.unwrap().bytes()), (100, 100));
        let broken = blobs.store(place, "photo.png", &mut &picture[..60]).await;
        assert!(matches!(broken, Err(UploadError::Refused(Refusal::Damaged))), "{broken:?}");
    }
}

#[tokio::test]
async fn s5_an_upload_without_end_is_stopped_at_the_limit() {
    let (folder, blobs) = store().await;
    let refused = blobs.store(Place::PieceSupport, "a.pdf", &mut tokio::io::repeat(b'%')).await;
    assert!(matches!(refused, Err(UploadError::Refused(Refusal::TooBig { .. }))));
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn q8_a_refused_or_dropped_upload_leaves_nothing() {
    let (folder, blobs) = store().await;
    assert!(blobs.store(Place::Cv, "cv.pdf", &mut &b"\x7fELF"[..]).await.is_err());
    assert!(blobs.store(Place::Cv, "cv.txt", &mut &b""[..]).await.is_err());
    let mut upload = blobs.begin(Place::Cv, "cv.txt").await.unwrap();
    upload.write(b"Bonjour").await.unwrap();
    assert_eq!(files(folder.path()).len(), 1);
    drop(upload);
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn q8_files_and_folders_are_for_the_server_alone() {
    let (folder, blobs) = store().await;
    let id = text_blob(&blobs, "Bonjour").await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let path = blobs.path(id);
    assert_eq!(mode(&path), 0o600);
    for parent in path.ancestors().skip(1).take_while(|parent| *parent != folder.path()) {
        assert_eq!(mode(parent), 0o700, "{}", parent.display());
    }
}

#[tokio::test]
async fn q7_equal_files_have_unequal_names() {
    let (_folder, blobs) = store().await;
    assert_ne!(text_blob(&blobs, "Bonjour").await, text_blob(&blobs, "Bonjour").await);
}

#[tokio::test]
async fn q8_a_deleted_blob_is_gone() {
    let (_folder, blobs) = store().await;
    let id = text_blob(&blobs, "Bonjour").await;
    assert!(blobs.delete(id).await.unwrap());
    assert!(!blobs.delete(id).await.unwrap());
    assert!(matches!(blobs.read(id).await, Err(BlobError::Missing(missing)) if missing == id));
}

#[tokio::test]
async fn q8_a_sweep_removes_old_orphans_and_nothing_else() {
    let (folder, blobs) = store().await;
    let (known, orphan, young) =
        (text_blob(&blobs, "a").await, text_blob(&blobs, "b").await, text_blob(&blobs, "c").await);
    age(&blobs.path(known), 2 * HOUR);
    age(&blobs.path(orphan), 2 * HOUR);
    let stranger = blobs.path(known).with_file_name("notes.txt");
    fs::write(&stranger, "x").unwrap();
    age(&stranger, 2 * HOUR);
    let swept = blobs.sweep(HashSet::from([known]), HOUR).await.unwrap();
    assert_eq!((swept.orphans, swept.abandoned), (1, 0));
    assert!(blobs.path(known).exists() && blobs.path(young).exists() && stranger.exists());
    assert!(!blobs.path(orphan).exists());
    assert_eq!(files(folder.path()).len(), 3);
}

#[tokio::test]
async fn q8_uploads_of_a_dead_process_are_removed_at_start_and_living_ones_are_not() {
    let (folder, blobs) = store().await;
    let mut alive = blobs.begin(Place::Cv, "cv.txt").await.unwrap();
    alive.write(b"Bonjour").await.unwrap();
    let dead = folder.path().join("fichiers/incoming/0123456789abcdef0123456789abcdef");
    fs::write(&dead, "x").unwrap();
    age(&dead, 2 * HOUR);
    let again = Blobs::open(&folder.path().join("fichiers")).await.unwrap();
    assert!(!dead.exists());
    let stored = alive.finish().await.unwrap();
    assert_eq!(again.read(stored.id).await.unwrap().bytes(), 7);
}

#[tokio::test]
async fn q8_a_disk_that_refuses_is_an_error_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("fichiers"), "a file where the folder should be").unwrap();
    assert!(matches!(Blobs::open(&folder.path().join("fichiers")).await, Err(BlobError::Disk { .. })));
}

#[test]
fn q8_only_names_of_ours_become_paths() {
    for name in ["", "../../etc/passwd", "0123456789ABCDEF0123456789ABCDEF", "+123456789abcdef0123456789abcdef"] {
        assert!(name.parse::<BlobId>().is_err(), "{name}");
    }
}
