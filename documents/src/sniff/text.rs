//! Text or not, and text or HTML: for files without a signature.

use std::io::{self, Read, Seek, SeekFrom};

use super::Refusal;
use crate::format::Format;

/// Tags that only an HTML page begins with.
const HTML_STARTS: [&[u8]; 7] = [b"<!doctype html", b"<html", b"<head", b"<body", b"<meta", b"<title", b"<table"];

/// The bytes behind a UTF-8 mark and white space.
pub(super) fn without_mark_and_space(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start()
}

/// TXT or HTML; refuses anything else.
///
/// HTML is a file that begins like a page (after an XML declaration and comments); a fragment with any tag counts as
/// HTML when its name says so.
pub(super) fn recognise<F: Read + Seek>(
    file: &mut F,
    head: &[u8],
    extension: Option<&str>,
) -> io::Result<Result<Format, Refusal>> {
    if !is_text(file)? {
        return Ok(Err(Refusal::Unknown));
    }
    // ASCII is enough for the tags: dropping the zeros of UTF-16 leaves them readable.
    let plain: Vec<u8> = match head {
        [0xff, 0xfe, rest @ ..] | [0xfe, 0xff, rest @ ..] => rest.iter().copied().filter(|b| *b != 0).collect(),
        _ => head.to_vec(),
    };
    let named_html = extension.and_then(Format::from_extension) == Some(Format::Html);
    Ok(Ok(if begins_like_html(&plain) || (named_html && has_tag(&plain)) { Format::Html } else { Format::Txt }))
}

/// Whether every byte of the file is one that a text has.
///
/// UTF-16 needs its byte order mark (Windows writes it); a text without mark has no NUL and no control character
/// besides white space, form feed, and the end-of-file of DOS.
pub(super) fn is_text<F: Read + Seek>(file: &mut F) -> io::Result<bool> {
    file.seek(SeekFrom::Start(0))?;
    let mut buffer = vec![0; 64 * 1024];
    let mut first = true;
    let mut wide = None;
    loop {
        let read = fill(file, &mut buffer)?;
        let piece = &buffer[..read];
        if piece.is_empty() {
            return Ok(!first);
        }
        if first {
            first = false;
            wide = match piece {
                [0xff, 0xfe, ..] => Some(u16::from_le_bytes as fn([u8; 2]) -> u16),
                [0xfe, 0xff, ..] => Some(u16::from_be_bytes as fn([u8; 2]) -> u16),
                _ => None,
            };
        }
        let clean = match wide {
            Some(read_unit) => {
                let (units, rest) = piece.as_chunks::<2>();
                rest.is_empty() && units.iter().all(|unit| is_text_unit(read_unit(*unit)))
            }
            None => piece.iter().all(|byte| is_text_unit(u16::from(*byte))),
        };
        if !clean {
            return Ok(false);
        }
    }
}

/// Fills `buffer` as far as the file goes, so that pieces keep an even length.
fn fill<F: Read>(file: &mut F, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn is_text_unit(unit: u16) -> bool {
    !matches!(unit, 0..=8 | 0x0b | 0x0e..=0x19 | 0x1b..=0x1f | 0x7f | 0xfffe | 0xffff)
}

fn begins_like_html(head: &[u8]) -> bool {
    let mut rest = without_mark_and_space(head);
    for (open, close) in [(&b"<?xml"[..], &b"?>"[..]), (b"<!--", b"-->"), (b"<!--", b"-->")] {
        if rest.starts_with(open) {
            let Some(end) = rest.windows(close.len()).position(|bytes| bytes == close) else { return false };
            rest = rest[end + close.len()..].trim_ascii_start();
        }
    }
    HTML_STARTS.iter().any(|start| rest.get(..start.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(start)))
}

fn has_tag(head: &[u8]) -> bool {
    head.windows(2).any(|bytes| bytes[0] == b'<' && (bytes[1].is_ascii_alphabetic() || bytes[1] == b'!'))
}
