//! Word 97-2003 binary documents ([MS-DOC]) in an OLE2 compound file ([MS-CFB]).
//!
//! This file lays out the streams and the FIB; `doc_formatting` writes the bin tables, `doc_styles` the
//! style sheet and the font table. The text is one piece of UTF-16, with one section and two paragraph
//! styles.

use std::io::{Cursor, Write};

use super::doc_formatting::{PAGE, Paragraph};
use super::{Error, doc_formatting, doc_styles, is_heading};

/// Where the text begins in the WordDocument stream: after the FIB, at a multiple of Word's own 512 bytes.
const TEXT_START: usize = 1024;
/// Streams under 4,096 bytes go to the compound file's mini stream, where old Word readers do not look.
const SMALLEST_STREAM: usize = 4096;
/// Index of each table in FibRgFcLcb97 ([MS-DOC] §2.5.6).
const STYLE_SHEET: usize = 1;
const SECTIONS: usize = 6;
const CHARACTER_RUNS: usize = 12;
const PARAGRAPH_RUNS: usize = 13;
const FONTS: usize = 15;
const PROPERTIES: usize = 31;
const PIECES: usize = 33;
/// FibRgFcLcb97 has 93 pairs (offset, length).
const PAIRS: usize = 0x5D;

pub(super) fn write(title: &str, text: &str) -> Result<Vec<u8>, Error> {
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut paragraphs = Vec::new();
    for line in text.lines() {
        units.extend(line.encode_utf16());
        units.push(0x0D);
        paragraphs.push(Paragraph { end: offset(TEXT_START + 2 * units.len())?, heading: is_heading(line) });
    }
    if units.is_empty() {
        units.push(0x0D);
        paragraphs.push(Paragraph { end: offset(TEXT_START + 2)?, heading: false });
    }
    let characters = offset(units.len())?;
    let text_end = TEXT_START + 2 * units.len();

    let mut main = vec![0; TEXT_START];
    main.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    let mut table = Table::default();
    table.put(STYLE_SHEET, &doc_styles::style_sheet());
    table.put(FONTS, &doc_styles::fonts());
    table.put(PROPERTIES, &document_properties());
    table.put(PIECES, &pieces(characters));
    pad(&mut main, PAGE);
    let runs = doc_formatting::character_runs(offset(TEXT_START)?, offset(text_end)?);
    table.put(CHARACTER_RUNS, &doc_formatting::append_pages(&mut main, &[runs])?);
    let runs = doc_formatting::paragraph_runs(offset(TEXT_START)?, &paragraphs);
    table.put(PARAGRAPH_RUNS, &doc_formatting::append_pages(&mut main, &runs)?);
    let section = offset(main.len())?;
    main.extend(doc_formatting::section_properties());
    table.put(SECTIONS, &doc_formatting::sections(characters, section));
    if main.len() < SMALLEST_STREAM {
        main.resize(SMALLEST_STREAM, 0);
    }
    if table.bytes.len() < SMALLEST_STREAM {
        table.bytes.resize(SMALLEST_STREAM, 0);
    }
    let fib = fib(&table, characters, offset(text_end)?, offset(main.len())?);
    main[..fib.len()].copy_from_slice(&fib);
    compound_file(&main, &table.bytes, title)
}

/// The table stream, and where each table stands in it.
struct Table {
    bytes: Vec<u8>,
    pairs: [(u32, u32); PAIRS],
}

impl Default for Table {
    fn default() -> Self {
        Self { bytes: Vec::new(), pairs: [(0, 0); PAIRS] }
    }
}

impl Table {
    fn put(&mut self, index: usize, bytes: &[u8]) {
        self.pairs[index] = (self.bytes.len() as u32, bytes.len() as u32);
        self.bytes.extend(bytes);
        pad(&mut self.bytes, 4);
    }
}

/// The File Information Block ([MS-DOC] §2.5.1): base, three arrays each headed by its length, no newer part.
fn fib(table: &Table, characters: u32, text_end: u32, stream_end: u32) -> Vec<u8> {
    let mut fib = Vec::with_capacity(900);
    let put16 = |fib: &mut Vec<u8>, value: u16| fib.extend(value.to_le_bytes());
    put16(&mut fib, 0xA5EC); // wIdent: a Word binary document
    put16(&mut fib, 0x00C1); // nFib: Word 97
    put16(&mut fib, 0);
    put16(&mut fib, 0x040C); // lid: French (France)
    put16(&mut fib, 0);
    put16(&mut fib, 0x1200); // fExtChar, and fWhichTblStm: the table stream is 1Table
    put16(&mut fib, 0x00BF); // nFibBack
    fib.extend([0; 4]); // lKey: not encrypted
    fib.extend([0, 0x10]); // envr; fLoadOverridePage
    fib.extend([0; 4]);
    fib.extend((TEXT_START as u32).to_le_bytes());
    fib.extend(text_end.to_le_bytes());
    put16(&mut fib, 14); // csw
    fib.extend([0; 26]);
    put16(&mut fib, 0x040C); // lidFE
    put16(&mut fib, 22); // cslw
    fib.extend(stream_end.to_le_bytes()); // cbMac
    fib.extend([0; 8]);
    fib.extend(characters.to_le_bytes()); // ccpText
    fib.extend([0; 4 * 18]);
    put16(&mut fib, PAIRS as u16);
    for (start, length) in table.pairs {
        fib.extend(start.to_le_bytes());
        fib.extend(length.to_le_bytes());
    }
    put16(&mut fib, 0); // cswNew
    fib
}

/// The Clx ([MS-DOC] §2.9.38) of one piece that holds the whole text, in UTF-16 (fCompressed clear).
fn pieces(characters: u32) -> Vec<u8> {
    let mut clx = vec![0x02];
    clx.extend(16_u32.to_le_bytes());
    clx.extend(0_u32.to_le_bytes());
    clx.extend(characters.to_le_bytes());
    clx.extend(0_u16.to_le_bytes());
    clx.extend((TEXT_START as u32).to_le_bytes());
    clx.extend(0_u16.to_le_bytes());
    clx
}

/// A Dop97 ([MS-DOC] §2.7.4) of 500 bytes: only the default tab stop (half an inch) matters here.
fn document_properties() -> Vec<u8> {
    let mut dop = vec![0; 500];
    dop[10..12].copy_from_slice(&720_u16.to_le_bytes());
    dop
}

/// The class of Word documents, by which programs know what the compound file holds.
const WORD_CLASS: &str = "00020906-0000-0000-C000-000000000046";

fn compound_file(main: &[u8], table: &[u8], title: &str) -> Result<Vec<u8>, Error> {
    // Version 3 (sectors of 512 bytes) is what Word 97 reads.
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
    file.set_storage_clsid("/", WORD_CLASS.parse().map_err(std::io::Error::other)?)?;
    file.create_stream("/WordDocument")?.write_all(main)?;
    file.create_stream("/1Table")?.write_all(table)?;
    file.create_stream("/\u{5}SummaryInformation")?.write_all(&summary(title))?;
    file.flush()?;
    Ok(file.into_inner().into_inner())
}

/// The document's title as a property set ([MS-OLEPS] §2.21), in UTF-8 (code page 65001).
fn summary(title: &str) -> Vec<u8> {
    let mut value = title.as_bytes().to_vec();
    value.push(0);
    let title_size = value.len() as u32;
    pad(&mut value, 4);
    let mut set = Vec::new();
    set.extend([0xFE, 0xFF, 0, 0, 0, 0, 2, 0]);
    set.extend([0; 16]);
    set.extend(1_u32.to_le_bytes());
    // FMTID_SummaryInformation, F29F85E0-4FF9-1068-AB91-08002B27B3D9.
    set.extend([0xE0, 0x85, 0x9F, 0xF2, 0xF9, 0x4F, 0x68, 0x10, 0xAB, 0x91, 0x08, 0x00, 0x2B, 0x27, 0xB3, 0xD9]);
    set.extend(48_u32.to_le_bytes());
    // Two properties: PID_CODEPAGE (1, VT_I2) at 24 and PIDSI_TITLE (2, VT_LPSTR) at 32.
    set.extend((40 + value.len() as u32).to_le_bytes());
    set.extend(2_u32.to_le_bytes());
    for number in [1_u32, 24, 2, 32, 2, 65001, 30, title_size] {
        set.extend(number.to_le_bytes());
    }
    set.extend(value);
    set
}

/// Fills with zeros up to a multiple of `unit`.
fn pad(bytes: &mut Vec<u8>, unit: usize) {
    bytes.resize(bytes.len().next_multiple_of(unit), 0);
}

/// A stream offset or count as the format's 32 bits.
fn offset(value: usize) -> Result<u32, Error> {
    // Page numbers of bin tables have 22 bits; a quarter of that is far above any text written here.
    if value > 0x1000_0000 {
        return Err(Error::TooLong(value));
    }
    u32::try_from(value).map_err(|_| Error::TooLong(value))
}
