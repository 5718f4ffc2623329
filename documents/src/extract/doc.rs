//! DOC, Word 97 to 2003 ([MS-DOC]) and the plain case of Word 6/95: text by the piece table.
//!
//! A DOC is an OLE2 file. Its `WordDocument` stream begins with the FIB, which says where in the table stream the Clx
//! is; the Clx's piece table says, for runs of character positions, at which offset and in which of two encodings the
//! characters are.

use std::io::{Cursor, Read};
use std::ops::Range;

use encoding_rs::WINDOWS_1252;

use super::Unreadable;
use super::doc_fib::{double, fib, structure, word};
use super::doc_formatting::Hidden;
use super::hiding::Fields;
use super::text_sink::TextSink;

/// Bytes read of a stream: more than any accepted file has.
const MAX_STREAM_BYTES: u64 = super::MAX_INPUT_BYTES;

const WORD_97: u16 = 0xa5ec;
const WORD_6: [u16; 3] = [0xa5dc, 0xa59b, 0xa59c];

const FLAG_COMPLEX: u16 = 0x0004;
const FLAG_ENCRYPTED: u16 = 0x0100;
const FLAG_TABLE_1: u16 = 0x0200;

/// Which of the eight lengths is that of the comments, which a reader of the page doesn't see.
const COMMENTS: usize = 4;

pub(super) fn read(bytes: &[u8], sink: &mut TextSink) -> Result<(), Unreadable> {
    let mut compound = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(Unreadable::damaged)?;
    let mut stream = |name: &str| {
        let stream = compound.open_stream(name).map_err(Unreadable::damaged)?;
        let mut content = Vec::new();
        // A chain cut short still gives the sectors before the cut.
        match stream.take(MAX_STREAM_BYTES).read_to_end(&mut content) {
            Err(error) if content.is_empty() => Err(Unreadable::damaged(error)),
            _ => Ok(content),
        }
    };
    let main = stream("/WordDocument")?;
    let ident = word(&main, fib::IDENT)?;
    let flags = word(&main, fib::FLAGS)?;
    if flags & FLAG_ENCRYPTED != 0 {
        return Err(Unreadable::Encrypted);
    }
    if WORD_6.contains(&ident) {
        return read_word_6(&main, flags, sink);
    }
    if ident != WORD_97 {
        return Err(Unreadable::damaged("no Word document"));
    }
    let table = stream(if flags & FLAG_TABLE_1 != 0 { "/1Table" } else { "/0Table" })?;
    let clx = structure(&main, &table, fib::CLX)?;
    let comments = comments(&main)?;
    let hidden = Hidden::read(&main, &table);
    let mut reader = Characters::new(sink);
    for piece in pieces(piece_table(clx)?)? {
        if reader.sink.is_full() {
            break;
        }
        reader.piece(&piece, &main, &comments, &hidden)?;
    }
    Ok(())
}

/// Word 6/95 without fast save: one run of 8-bit text.
fn read_word_6(main: &[u8], flags: u16, sink: &mut TextSink) -> Result<(), Unreadable> {
    if flags & FLAG_COMPLEX != 0 {
        return Err(Unreadable::damaged("fast-saved Word 6"));
    }
    let range = double(main, fib::FIRST_CHARACTER)? as usize..double(main, fib::LAST_CHARACTER)? as usize;
    let text = main.get(range).ok_or_else(|| Unreadable::damaged("text beyond the stream"))?;
    let mut reader = Characters::new(sink);
    for byte in text {
        reader.character(u16_of_1252(*byte), false);
    }
    Ok(())
}

/// Character positions of the comments.
fn comments(main: &[u8]) -> Result<Range<u64>, Unreadable> {
    let mut start = 0;
    for index in 0..COMMENTS {
        start += u64::from(double(main, fib::LENGTHS + 4 * index)?);
    }
    Ok(start..start + u64::from(double(main, fib::LENGTHS + 4 * COMMENTS)?))
}

/// The PlcPcd inside a Clx (§2.9.38): behind any number of Prc (1) stands one Pcdt (2).
fn piece_table(mut clx: &[u8]) -> Result<&[u8], Unreadable> {
    loop {
        match clx {
            [1, low, high, rest @ ..] => {
                let length = usize::from(u16::from_le_bytes([*low, *high]));
                clx = rest.get(length..).ok_or_else(|| Unreadable::damaged("Prc beyond the Clx"))?;
            }
            [2, a, b, c, d, rest @ ..] => {
                let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
                return rest.get(..length).ok_or_else(|| Unreadable::damaged("piece table beyond the Clx"));
            }
            _ => return Err(Unreadable::damaged("no piece table")),
        }
    }
}

/// A run of characters stored in one place.
struct Piece {
    positions: Range<u64>,
    /// `FcCompressed` (§2.9.73): offset, and whether it is one byte per character.
    offset: usize,
    compressed: bool,
}

/// PlcPcd (§2.8.35): n + 1 positions of 4 bytes, then n descriptors of 8.
fn pieces(table: &[u8]) -> Result<Vec<Piece>, Unreadable> {
    const COMPRESSED: u32 = 0x4000_0000;
    let count = table.len().saturating_sub(4) / 12;
    let mut out = Vec::with_capacity(count);
    for index in 0..count {
        let start = u64::from(double(table, 4 * index)?);
        let end = u64::from(double(table, 4 * (index + 1))?);
        let place = double(table, 4 * (count + 1) + 8 * index + 2)?;
        if end < start {
            return Err(Unreadable::damaged("pieces out of order"));
        }
        let compressed = place & COMPRESSED != 0;
        let offset = (place & (COMPRESSED - 1)) as usize;
        let offset = if compressed { offset / 2 } else { offset };
        out.push(Piece { positions: start..end, offset, compressed });
    }
    Ok(out)
}

/// Turns Word's characters into text: marks, fields, pictures.
struct Characters<'a> {
    sink: &'a mut TextSink,
    fields: Fields,
    /// The last character ended a table's cell: a second one in a row ends the row.
    after_cell: bool,
}

impl<'a> Characters<'a> {
    fn new(sink: &'a mut TextSink) -> Self {
        Self { sink, fields: Fields::default(), after_cell: false }
    }

    fn piece(&mut self, piece: &Piece, main: &[u8], comments: &Range<u64>, hidden: &Hidden) -> Result<(), Unreadable> {
        let width = if piece.compressed { 1 } else { 2 };
        let beyond = || Unreadable::damaged("piece beyond the stream");
        let content = main.get(piece.offset..).ok_or_else(beyond)?;
        let length = usize::try_from(piece.positions.end - piece.positions.start).map_err(|_| beyond())?;
        // A truncated file still gives what it has of its last piece.
        let content = &content[..content.len().min(length.saturating_mul(width))];
        let offsets = (piece.offset..).step_by(width);
        for ((position, offset), bytes) in (piece.positions.start..).zip(offsets).zip(content.chunks_exact(width)) {
            if self.sink.is_full() {
                break;
            }
            if !comments.contains(&position) {
                let unit = match bytes {
                    [low, high] => u16::from_le_bytes([*low, *high]),
                    _ => u16_of_1252(bytes[0]),
                };
                self.character(unit, hidden.contains(offset));
            }
        }
        Ok(())
    }

    /// One unit (§2.4.3, the special characters of §2.9.x): most below 0x20 mean something else than their code, and
    /// keep it in hidden text.
    fn character(&mut self, unit: u16, is_hidden: bool) {
        match unit {
            0x13 => return self.fields.begin(),
            0x14 => return self.fields.separate(),
            0x15 => return self.fields.end(),
            _ => {}
        }
        if self.fields.in_code() {
            return;
        }
        let after_cell = std::mem::replace(&mut self.after_cell, unit == 0x07);
        match unit {
            0x07 if after_cell => self.sink.block(),
            // A picture in the line parts the words, as a tab does.
            0x01 | 0x07 | 0x09 => self.sink.space(),
            0x0b..=0x0e => self.sink.block(),
            _ if is_hidden => {}
            0x1e => self.sink.push('-'),
            // Note marks, drawn objects, soft hyphens.
            0x00..=0x1f => {}
            _ => self.sink.push_utf16(unit),
        }
    }
}

fn u16_of_1252(byte: u8) -> u16 {
    match byte {
        // A byte that the table leaves free becomes the control character of the same number; all results are in the
        // BMP.
        0x80..=0x9f => WINDOWS_1252.decode_without_bom_handling(&[byte]).0.encode_utf16().next().unwrap_or(0),
        _ => u16::from(byte),
    }
}

#[cfg(test)]
#[path = "doc_tests.rs"]
mod tests;
