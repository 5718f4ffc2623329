//! Photographs of a Word document of before 2007: each stands whole in a stream ([MS-ODRAW] §2.2.23), which keeps its length.

use std::io::{Cursor, Read, Seek, SeekFrom, Write};

use super::inside::blank;

/// The same document without where its photographs were taken; `None` when it can't be read or is signed.
pub(super) fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut compound = cfb::CompoundFile::open(Cursor::new(bytes.to_vec())).ok()?;
    let mut streams = Vec::new();
    for entry in compound.walk() {
        if matches!(entry.name(), "_signatures" | "_xmlsignatures") {
            return None;
        }
        if entry.is_stream() {
            streams.push(entry.path().to_owned());
        }
    }
    for path in streams {
        let mut stream = compound.open_stream(path).ok()?;
        let mut before = Vec::new();
        // No stream is longer than its file.
        Read::by_ref(&mut stream).take(bytes.len() as u64).read_to_end(&mut before).ok()?;
        let mut after = before.clone();
        blank(&mut after);
        if after != before {
            stream.seek(SeekFrom::Start(0)).ok()?;
            stream.write_all(&after).ok()?;
            stream.flush().ok()?;
        }
    }
    Some(compound.into_inner().into_inner())
}
