//! Where things stand in a DOC ([MS-DOC] §2.5), and the numbers at those places.

use super::Unreadable;

/// Offsets in the FIB ([MS-DOC] §2.5.1 to §2.5.6).
pub(super) mod fib {
    pub const IDENT: usize = 0x00;
    pub const FLAGS: usize = 0x0a;
    /// Word 6/95 only: where text begins and ends.
    pub const FIRST_CHARACTER: usize = 0x18;
    pub const LAST_CHARACTER: usize = 0x1c;
    /// `ccpText`, then notes, headers, macros, comments, endnotes, text boxes, their headers: lengths in characters.
    pub const LENGTHS: usize = 0x4c;
    /// Places in the table stream, each an offset and a length: styles, character and paragraph formatting, the Clx.
    pub const STSHF: usize = 0xa2;
    pub const PLCF_BTE_CHPX: usize = 0xfa;
    pub const PLCF_BTE_PAPX: usize = 0x102;
    pub const CLX: usize = 0x1a2;
}

/// A structure of the table stream, whose place the FIB keeps at `at`.
pub(super) fn structure<'a>(main: &[u8], table: &'a [u8], at: usize) -> Result<&'a [u8], Unreadable> {
    let (start, length) = (double(main, at)? as usize, double(main, at + 4)? as usize);
    let end = start.checked_add(length);
    end.and_then(|end| table.get(start..end)).ok_or_else(|| Unreadable::damaged("a structure beyond the table"))
}

pub(super) fn word(bytes: &[u8], at: usize) -> Result<u16, Unreadable> {
    match bytes.get(at..at + 2) {
        Some([a, b]) => Ok(u16::from_le_bytes([*a, *b])),
        _ => Err(Unreadable::damaged("truncated header")),
    }
}

pub(super) fn double(bytes: &[u8], at: usize) -> Result<u32, Unreadable> {
    match bytes.get(at..at + 4) {
        Some([a, b, c, d]) => Ok(u32::from_le_bytes([*a, *b, *c, *d])),
        _ => Err(Unreadable::damaged("truncated header")),
    }
}
