//! Parts of a ZIP package, for DOCX and ODT.

use std::io::{BufRead, BufReader, Cursor, Read};

use zip::ZipArchive;

use super::Unreadable;

/// Bytes one part may inflate to; the rest of it isn't read. A thousand pages of text stay far below.
const MAX_PART_BYTES: u64 = 64 * 1024 * 1024;

/// A package held in memory.
pub(super) struct Package<'a>(ZipArchive<Cursor<&'a [u8]>>);

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        ZipArchive::new(Cursor::new(bytes)).map(Self).map_err(Unreadable::damaged)
    }

    /// A stream of the part, `None` when there is none of that name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<impl BufRead + use<'_, 'a>>, Unreadable> {
        let Some(index) = self.0.index_for_name(name) else {
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
}
