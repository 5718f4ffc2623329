//! The bin tables of a Word document: the formatting of characters, paragraphs and sections.

use super::Error;

/// Bin table pages are 512 bytes and counted in that unit ([MS-DOC] §2.9.158, PnFkpPapx).
pub(super) const PAGE: usize = 512;

/// A paragraph of the document: its end in the WordDocument stream, after its mark, and its style.
pub(super) struct Paragraph {
    pub(super) end: u32,
    pub(super) heading: bool,
}

/// One formatted disk page (FKP) and the stream offsets it covers.
pub(super) struct Page {
    bytes: [u8; PAGE],
    first: u32,
    end: u32,
}

/// Index of the styles in the style sheet.
const NORMAL: u16 = 0;
const HEADING: u16 = 1;
/// Bytes of a paragraph run in a page: the end offset (4) and its BxPap (13).
const RUN: usize = 17;
/// The two PapxInFkp stand at the page's end, 4 bytes each, before the last byte, which counts the runs.
const HEADING_AT: usize = PAGE - 6;
const NORMAL_AT: usize = PAGE - 10;
const RUNS_PER_PAGE: usize = (NORMAL_AT - 4) / RUN;

/// A ChpxFkp ([MS-DOC] §2.9.33) with one run and no exception: all characters follow the style.
pub(super) fn character_runs(start: u32, end: u32) -> Page {
    let mut bytes = [0; PAGE];
    bytes[..4].copy_from_slice(&start.to_le_bytes());
    bytes[4..8].copy_from_slice(&end.to_le_bytes());
    bytes[PAGE - 1] = 1;
    Page { bytes, first: start, end }
}

/// The PapxFkp pages ([MS-DOC] §2.9.181): a run per paragraph, each with its style.
pub(super) fn paragraph_runs(start: u32, paragraphs: &[Paragraph]) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut first = start;
    for runs in paragraphs.chunks(RUNS_PER_PAGE) {
        let mut bytes = [0; PAGE];
        bytes[..4].copy_from_slice(&first.to_le_bytes());
        let offsets = 4 * (runs.len() + 1);
        for (index, run) in runs.iter().enumerate() {
            let at = 4 * (index + 1);
            bytes[at..at + 4].copy_from_slice(&run.end.to_le_bytes());
            let papx = if run.heading { HEADING_AT } else { NORMAL_AT };
            // bOffset counts in words; the twelve bytes after it are an obsolete cache of heights.
            bytes[offsets + 13 * index] = (papx / 2) as u8;
        }
        for (at, style) in [(NORMAL_AT, NORMAL), (HEADING_AT, HEADING)] {
            // cb = 0 says that the next byte counts the words: one, the style's index.
            bytes[at + 1] = 1;
            bytes[at + 2..at + 4].copy_from_slice(&style.to_le_bytes());
        }
        bytes[PAGE - 1] = runs.len() as u8;
        let end = runs.last().map_or(first, |run| run.end);
        pages.push(Page { bytes, first, end });
        first = end;
    }
    pages
}

/// Appends the pages to the main stream (which stands on a page's border) and returns their PlcfBte
/// ([MS-DOC] §2.8.5): the offsets, then the page numbers.
pub(super) fn append_pages(main: &mut Vec<u8>, pages: &[Page]) -> Result<Vec<u8>, Error> {
    let mut offsets = Vec::new();
    let mut numbers = Vec::new();
    for page in pages {
        let number = u32::try_from(main.len() / PAGE).map_err(|_| Error::TooLong(main.len()))?;
        offsets.extend(page.first.to_le_bytes());
        numbers.extend(number.to_le_bytes());
        main.extend(page.bytes);
    }
    if let Some(last) = pages.last() {
        offsets.extend(last.end.to_le_bytes());
    }
    offsets.extend(numbers);
    Ok(offsets)
}

/// The Sepx of the only section: A4 in twentieths of a point, margins of 2 cm ([MS-DOC] §2.6.4).
pub(super) fn section_properties() -> Vec<u8> {
    let properties: [(u16, u16); 6] = [
        (0xB01F, 11906), // sprmSXaPage
        (0xB020, 16838), // sprmSYaPage
        (0xB021, 1134),  // sprmSDxaLeft
        (0xB022, 1134),  // sprmSDxaRight
        (0x9023, 1134),  // sprmSDyaTop
        (0x9024, 1134),  // sprmSDyaBottom
    ];
    let mut sepx = 24_u16.to_le_bytes().to_vec();
    for (property, value) in properties {
        sepx.extend(property.to_le_bytes());
        sepx.extend(value.to_le_bytes());
    }
    sepx
}

/// The PlcfSed ([MS-DOC] §2.8.26): one section from the first character to the last.
pub(super) fn sections(characters: u32, properties_at: u32) -> Vec<u8> {
    let mut table = 0_u32.to_le_bytes().to_vec();
    table.extend(characters.to_le_bytes());
    table.extend(0_u16.to_le_bytes());
    table.extend(properties_at.to_le_bytes());
    table.extend(0_u16.to_le_bytes());
    table.extend(u32::MAX.to_le_bytes());
    table
}
