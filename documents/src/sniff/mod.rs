//! What a file is, by its bytes, and whether a place accepts it.
//!
//! `inspect` reads a file that is already on disk, in pieces, and returns its format or a `Refusal` whose sentence
//! tells a person what to do. It recognises; it doesn't parse text (that is `extract`, in another process). There are
//! few signatures because few formats are accepted: a crate that knows two hundred would still leave us the work that
//! matters here, looking into ZIP and OLE2 containers.

mod compound;
mod package;
mod refusal;
mod text;

use std::io::{self, Read, Seek, SeekFrom};

pub(crate) use package::{MAX_ENTRIES, MAX_INFLATED};
pub use refusal::Refusal;

use crate::file_name::{split_extension, visible_name};
use crate::format::{Format, Place};

/// How many bytes at the start decide which kind of file it is.
const HEAD_BYTES: usize = 4096;

/// Extensions that a desktop runs on a click: refused whatever the bytes are.
const RUNNABLE: [&str; 27] = [
    "app", "apk", "bat", "bin", "cmd", "com", "cpl", "dll", "dmg", "exe", "hta", "jar", "js", "jse", "lnk", "msi",
    "pif", "ps1", "py", "reg", "scr", "sh", "url", "vb", "vbe", "vbs", "wsf",
];

/// What looking at a file found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inspected {
    pub format: Format,
    /// A PDF that is encrypted: [`crate::Extractor::check_locked`] says whether it can be taken.
    pub locked: bool,
}

/// Names the format of `file` and checks it against `place` and against what `name` announces.
///
/// Reads from the start of `file`, in bounded pieces; call it on a blocking thread. The outer error is the disk's,
/// the inner one is for the person who sent the file.
pub fn inspect<F: Read + Seek>(file: &mut F, name: &str, place: Place) -> io::Result<Result<Inspected, Refusal>> {
    let size = file.seek(SeekFrom::End(0))?;
    if size == 0 {
        return Ok(Err(Refusal::Empty));
    }
    if size > place.max_bytes() {
        return Ok(Err(Refusal::TooBig { place }));
    }
    let visible = visible_name(name);
    let extension = split_extension(&visible).map(|(_, extension)| extension.to_ascii_lowercase());
    let found = match recognise(file, extension.as_deref())? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let locked = found == Format::Pdf && pdf_is_encrypted(file)?;
    Ok(check(found, extension.as_deref(), place).map(|format| Inspected { format, locked }))
}

/// The format by the bytes, the extension only serving where bytes can't tell (a text without any mark).
fn recognise<F: Read + Seek>(file: &mut F, extension: Option<&str>) -> io::Result<Result<Format, Refusal>> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    file.seek(SeekFrom::Start(0))?;
    file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head)?;

    if is_executable(&head) || extension.is_some_and(|extension| RUNNABLE.contains(&extension)) {
        return Ok(Err(Refusal::Executable));
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return package::recognise(file);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return compound::recognise(file);
    }
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(Ok(Format::Png));
    }
    if head.starts_with(b"\xff\xd8\xff") {
        return Ok(Ok(Format::Jpeg));
    }
    let start = text::without_mark_and_space(&head);
    if start.starts_with(b"%PDF-") || extension == Some("pdf") && pdf_begins_late(&head) {
        return Ok(if pdf_has(file, b"obj", |_| true)? {
            Ok(Format::Pdf)
        } else {
            // Everything in a PDF is an object (ISO 32000-1 §7.3.10): no program opens one without objects.
            Err(Refusal::Damaged)
        });
    }
    if start.starts_with(b"{\\rtf") {
        return Ok(Ok(Format::Rtf));
    }
    if let Some(foreign) = foreign_kind(&head) {
        return Ok(Err(Refusal::Foreign { kind: foreign }));
    }
    if extension.is_some_and(|extension| {
        Format::from_extension(extension).is_some_and(|format| !matches!(format, Format::Txt | Format::Html))
    }) && !text::is_text(file)?
    {
        return Ok(Err(Refusal::Damaged));
    }
    text::recognise(file, &head, extension)
}

/// Whether the name agrees with the bytes and the place takes the format.
fn check(found: Format, extension: Option<&str>, place: Place) -> Result<Format, Refusal> {
    match extension.map(|extension| (extension, Format::from_extension(extension))) {
        Some((extension, Some(said))) if said != found => {
            return Err(Refusal::Mislabelled { extension: extension.to_owned(), found });
        }
        // A dot may be part of a name (« cv.2023 »), but text has no signature that would settle the doubt.
        Some((extension, None)) if matches!(found, Format::Txt | Format::Html) => {
            return Err(Refusal::UnknownExtension { extension: extension.to_owned(), place });
        }
        _ => {}
    }
    if place.accepted().contains(&found) { Ok(found) } else { Err(Refusal::NotAccepted { found, place }) }
}

/// Programs of Windows, Linux, macOS, Android and Java, shortcuts and scripts.
fn is_executable(head: &[u8]) -> bool {
    const SIGNATURES: [&[u8]; 11] = [
        b"MZ",
        b"\x7fELF",
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
        b"dex\n",
        b"\x4c\x00\x00\x00\x01\x14\x02\x00",
        b"#!",
        b"\0asm",
    ];
    // « MZ » alone may begin a text; a program has binary bytes right behind.
    SIGNATURES
        .iter()
        .any(|signature| head.starts_with(signature) && (*signature != b"MZ" || head.iter().take(64).any(|b| *b < 9)))
}

/// Whether other bytes stand before a PDF, as some mail programs and scanners write them: viewers look for its header in the
/// first 1,024 bytes (Adobe, PDF Reference 1.7, appendix H, note 13).
fn pdf_begins_late(head: &[u8]) -> bool {
    memchr::memmem::find(&head[..head.len().min(1024)], b"%PDF-").is_some()
}

/// Kinds of files that people often send by mistake, each with its own sentence.
fn foreign_kind(head: &[u8]) -> Option<&'static str> {
    const SIGNATURES: [(usize, &[u8], &str); 14] = [
        (0, b"GIF8", "une image GIF"),
        (0, b"BM", "une image BMP"),
        (0, b"II*\0", "une image TIFF"),
        (0, b"MM\0*", "une image TIFF"),
        (8, b"WEBP", "une image WebP"),
        (4, b"ftyphei", "une photo HEIC"),
        (4, b"ftypmif1", "une photo HEIC"),
        (4, b"ftypavif", "une image AVIF"),
        (4, b"ftyp", "une vidéo"),
        (0, b"Rar!", "une archive RAR"),
        (0, b"7z\xbc\xaf", "une archive 7z"),
        (0, b"\x1f\x8b", "une archive GZIP"),
        (0, b"ID3", "un enregistrement sonore"),
        (0, b"%!PS", "un document PostScript"),
    ];
    let kind =
        SIGNATURES.iter().find(|(at, signature, _)| head.get(*at..).is_some_and(|rest| rest.starts_with(signature)));
    // Two letters are no proof: a bitmap also has reserved zeros at offset 6.
    kind.filter(|(_, signature, _)| *signature != b"BM" || head.get(6..10) == Some(&[0; 4])).map(|(_, _, kind)| *kind)
}

/// Whether a trailer or a cross-reference stream names an encryption dictionary (ISO 32000-1 §7.6.1).
///
/// Neither of these two is compressed, so looking for `/Encrypt` followed by a reference or a dictionary is enough.
fn pdf_is_encrypted<F: Read + Seek>(file: &mut F) -> io::Result<bool> {
    pdf_has(file, b"/Encrypt", |behind| {
        let next = behind.trim_ascii_start();
        next.starts_with(b"<<") || (next.len() < behind.len() && next.first().is_some_and(u8::is_ascii_digit))
    })
}

/// Whether a word stands in a file with something right after it; the file is read in pieces that overlap.
fn pdf_has<F: Read + Seek>(file: &mut F, word: &[u8], with: impl Fn(&[u8]) -> bool) -> io::Result<bool> {
    const PIECE: usize = 64 * 1024;
    const OVERLAP: usize = 32;
    file.seek(SeekFrom::Start(0))?;
    let mut window: Vec<u8> = Vec::with_capacity(PIECE + OVERLAP);
    loop {
        let kept = window.len().min(OVERLAP);
        window.drain(..window.len() - kept);
        if file.by_ref().take(PIECE as u64).read_to_end(&mut window)? == 0 {
            return Ok(false);
        }
        let mut rest = window.as_slice();
        while let Some(at) = rest.windows(word.len()).position(|bytes| bytes == word) {
            rest = &rest[at + word.len()..];
            if with(rest) {
                return Ok(true);
            }
        }
    }
}

#[cfg(test)]
mod tests;
