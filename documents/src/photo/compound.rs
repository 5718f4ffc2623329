//! Photographs in documents from before 2007: each is in a stream, unchanged ([MS-ODRAW] §2.2.23): whole in Word's,
//! over several records in Excel's. Streams keep their length.

use std::io::{Cursor, Read, Seek, SeekFrom, Write};

use super::inside::blank;

/// The same document without the places of its photographs; `None` when it can't be read or is signed.
pub(super) fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut compound = cfb::CompoundFile::open(Cursor::new(bytes.to_vec())).ok()?;
    let mut streams = Vec::new();
    for entry in compound.walk() {
        if matches!(entry.name(), "_signatures" | "_xmlsignatures") {
            return None;
        }
        if entry.is_stream() {
            streams.push((entry.path().to_owned(), entry.name() == "Workbook"));
        }
    }
    for (path, is_workbook) in streams {
        let mut stream = compound.open_stream(path).ok()?;
        let mut before = Vec::new();
        // No stream is longer than its file.
        Read::by_ref(&mut stream).take(bytes.len() as u64).read_to_end(&mut before).ok()?;
        let mut after = before.clone();
        if is_workbook {
            blank_drawings(&mut after);
        } else {
            blank(&mut after);
        }
        if after != before {
            stream.seek(SeekFrom::Start(0)).ok()?;
            stream.write_all(&after).ok()?;
            stream.flush().ok()?;
        }
    }
    Some(compound.into_inner().into_inner())
}

/// The drawings of a workbook: a record that others continue, each after four bytes for its kind and length ([MS-XLS]
/// §2.1.4, §2.4.58, §2.4.171).
fn blank_drawings(stream: &mut [u8]) {
    const DRAWINGS: u16 = 0x00eb;
    const CONTINUE: u16 = 0x003c;
    let mut pieces = Vec::new();
    let (mut at, mut inside) = (0, false);
    while let Some(&[kind, kind_high, length, length_high]) = stream.get(at..at + 4) {
        let kind = u16::from_le_bytes([kind, kind_high]);
        let start = at + 4;
        at = start + usize::from(u16::from_le_bytes([length, length_high]));
        inside = kind == DRAWINGS || (inside && kind == CONTINUE);
        if inside && at <= stream.len() {
            pieces.push(start..at);
        }
    }
    let mut drawings: Vec<u8> = pieces.iter().flat_map(|piece| &stream[piece.clone()]).copied().collect();
    blank(&mut drawings);
    let mut rest = &drawings[..];
    for piece in pieces {
        let (bytes, behind) = rest.split_at(piece.len());
        stream[piece].copy_from_slice(bytes);
        rest = behind;
    }
}
