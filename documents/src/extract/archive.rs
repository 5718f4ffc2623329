//! Parts of a ZIP package, for DOCX and ODT.

use std::io::{BufRead, BufReader, Cursor, Read};

use zip::ZipArchive;

use super::Unreadable;

/// Bytes one part may inflate to; the rest of it isn't read. A thousand pages of text stay far below.
const MAX_PART_BYTES: u64 = 64 * 1024 * 1024;

/// A package held in memory. A clone reads the same bytes beside it.
#[derive(Clone)]
pub(super) struct Package<'a>(ZipArchive<Cursor<&'a [u8]>>);

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        ZipArchive::new(Cursor::new(bytes)).map(Self).map_err(Unreadable::damaged)
    }

    /// A stream of the part, `None` when there is none of that name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<impl BufRead + use<'_, 'a>>, Unreadable> {
        let Some(index) = self.index(name) else {
            return Ok(None);
        };
        let entry = self.0.by_index_raw(index).map_err(Unreadable::damaged)?;
        if entry.encrypted() {
            return Err(Unreadable::Encrypted);
        }
        drop(entry);
        let entry = self.0.by_index(index).map_err(Unreadable::damaged)?;
        Ok(Some(BufReader::new(entry.take(MAX_PART_BYTES))))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.index(name).is_some()
    }

    /// Names are equal without regard to the case of ASCII (ECMA-376 part 2 §6.2.2.3).
    fn index(&self, name: &str) -> Option<usize> {
        self.0
            .index_for_name(name)
            .or_else(|| self.0.file_names_raw().position(|known| known.eq_ignore_ascii_case(name.as_bytes())))
    }
}

/// A package of those parts, for tests.
#[cfg(test)]
pub(super) fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;

    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
