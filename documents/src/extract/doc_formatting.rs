//! Which characters of a DOC are hidden ([MS-DOC] §2.4.6): by their own formatting or by a style.
//!
//! Formatting is kept by offsets in the `WordDocument` stream, in pages of 512 bytes. What of it can't be read hides
//! nothing: a damaged file still gives its text.

use std::ops::Range;

use super::doc_fib::{double, fib, structure, word};
use super::hiding::Styles;

/// Bytes of a page of formatting (FKP).
const PAGE_BYTES: usize = 512;

/// Runs of characters and paragraphs that are looked at, more than a CV has by far.
const MAX_RUNS: usize = 1_000_000;

/// Single property modifiers that count here (§2.6.1); two bytes each, then the operand.
mod sprm {
    /// `sprmCFRMarkDel`: a revision took the text away.
    pub const DELETED: u16 = 0x0800;
    /// `sprmCFVanish`.
    pub const VANISH: u16 = 0x083c;
    /// `sprmCIstd`: the character style.
    pub const STYLE: u16 = 0x4a30;
}

/// Where text is not shown.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    /// Runs whose formatting says something, in order.
    runs: Vec<(Range<usize>, Verdict)>,
    /// Paragraphs whose style hides, in order.
    paragraphs: Vec<(Range<usize>, ())>,
}

/// Whether a run is hidden: in a paragraph whose style shows, in one whose style hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Verdict {
    shown_paragraph: bool,
    hidden_paragraph: bool,
}

impl Hidden {
    pub(super) fn read(main: &[u8], table: &[u8]) -> Self {
        let styles = structure(main, table, fib::STSHF).map(styles).unwrap_or_default();
        let mut hidden = Self::default();
        for (range, chpx) in formatted(main, table, fib::PLCF_BTE_CHPX, chpx) {
            let verdict = Formatting::of(chpx).verdict(&styles);
            if verdict != Verdict::SILENT {
                hidden.runs.push((range, verdict));
            }
        }
        for (range, papx) in formatted(main, table, fib::PLCF_BTE_PAPX, papx) {
            if word(papx, 0).is_ok_and(|style| styles.hides(&style).unwrap_or(false)) {
                hidden.paragraphs.push((range, ()));
            }
        }
        hidden.runs.sort_by_key(|(range, _)| range.start);
        hidden.paragraphs.sort_by_key(|(range, ())| range.start);
        hidden
    }

    pub(super) fn contains(&self, offset: usize) -> bool {
        let verdict = at(&self.runs, offset).copied().unwrap_or(Verdict::SILENT);
        if at(&self.paragraphs, offset).is_some() { verdict.hidden_paragraph } else { verdict.shown_paragraph }
    }
}

impl Verdict {
    /// Of formatting that says nothing of hiding.
    const SILENT: Self = Self { shown_paragraph: false, hidden_paragraph: true };
}

/// What is kept of the range in which the offset is.
fn at<T>(ranges: &[(Range<usize>, T)], offset: usize) -> Option<&T> {
    let behind = ranges.partition_point(|(range, _)| range.start <= offset);
    let (range, kept) = ranges.get(behind.checked_sub(1)?)?;
    range.contains(&offset).then_some(kept)
}

/// What a list of modifiers says of hiding.
#[derive(Debug, Default, PartialEq, Eq)]
struct Formatting {
    deleted: bool,
    /// A ToggleOperand (§2.9.327).
    vanish: Option<u8>,
    style: Option<u16>,
}

impl Formatting {
    fn of(mut modifiers: &[u8]) -> Self {
        let mut formatting = Self::default();
        while let [low, high, operand @ ..] = modifiers {
            let code = u16::from_le_bytes([*low, *high]);
            let Some(length) = operand_bytes(code, operand) else { break };
            let Some((value, rest)) = operand.split_at_checked(length) else { break };
            match (code, value) {
                (sprm::DELETED, [value]) => formatting.deleted = *value != 0,
                (sprm::VANISH, [value]) => formatting.vanish = Some(*value),
                (sprm::STYLE, [low, high]) => formatting.style = Some(u16::from_le_bytes([*low, *high])),
                _ => {}
            }
            modifiers = rest;
        }
        formatting
    }

    fn verdict(&self, styles: &Styles<u16>) -> Verdict {
        let by_character = self.style.is_some_and(|style| styles.hides(&style).unwrap_or(false));
        // Two styles that both hide cancel each other.
        let hides = |by_paragraph: bool| {
            let by_style = by_paragraph != by_character;
            self.deleted
                || match self.vanish {
                    None | Some(0x80) => by_style,
                    Some(0x81) => !by_style,
                    Some(value) => value != 0,
                }
        };
        Verdict { shown_paragraph: hides(false), hidden_paragraph: hides(true) }
    }
}

/// How long a modifier's operand is (§2.6.1, `spra`).
fn operand_bytes(code: u16, operand: &[u8]) -> Option<usize> {
    Some(match code >> 13 {
        0 | 1 => 1,
        2 | 4 | 5 => 2,
        3 => 4,
        7 => 3,
        _ => 1 + usize::from(*operand.first()?),
    })
}

/// The ranges of a table of pages and what each page keeps of them (§2.8.5, §2.8.6): n + 1 offsets, then n numbers of
/// pages.
fn formatted<'a>(
    main: &'a [u8],
    table: &[u8],
    place: usize,
    entry: fn(&'a [u8], usize, usize) -> Option<&'a [u8]>,
) -> Vec<(Range<usize>, &'a [u8])> {
    let pages = structure(main, table, place).unwrap_or_default();
    let count = pages.len().saturating_sub(4) / 8;
    let mut out = Vec::new();
    for index in 0..count {
        // The upper ten bits of a page number have no meaning.
        let Ok(number) = double(pages, 4 * (count + 1) + 4 * index) else { break };
        let start = (number & 0x003f_ffff) as usize * PAGE_BYTES;
        let Some(page) = main.get(start..start + PAGE_BYTES) else { continue };
        let runs = usize::from(page[PAGE_BYTES - 1]);
        if out.len() + runs > MAX_RUNS {
            break;
        }
        for run in 0..runs {
            let (Ok(from), Ok(to)) = (double(page, 4 * run), double(page, 4 * (run + 1))) else { break };
            if let Some(entry) = entry(page, runs, run)
                && from < to
            {
                out.push((from as usize..to as usize, entry));
            }
        }
    }
    out
}

/// The modifiers of a run of characters (§2.9.32, §2.9.33): one byte per run, an offset in words.
fn chpx(page: &[u8], runs: usize, run: usize) -> Option<&[u8]> {
    let at = 2 * usize::from(*page.get(4 * (runs + 1) + run)?);
    if at == 0 {
        return Some(&[]);
    }
    let length = usize::from(*page.get(at)?);
    page.get(at + 1..at + 1 + length)
}

/// The style and the modifiers of a paragraph (§2.9.23, §2.9.176): thirteen bytes per run, of which one is an offset in
/// words.
fn papx(page: &[u8], runs: usize, run: usize) -> Option<&[u8]> {
    let at = 2 * usize::from(*page.get(4 * (runs + 1) + 13 * run)?);
    if at == 0 {
        return None;
    }
    let (start, length) = match *page.get(at)? {
        0 => (at + 2, 2 * usize::from(*page.get(at + 1)?)),
        words => (at + 1, 2 * usize::from(words) - 1),
    };
    page.get(start..start + length)
}

/// The style sheet (§2.9.272): styles by their place in it.
fn styles(sheet: &[u8]) -> Styles<u16> {
    let mut styles = Styles::default();
    read_styles(sheet, &mut styles).unwrap_or_default();
    styles
}

fn read_styles(sheet: &[u8], styles: &mut Styles<u16>) -> Option<()> {
    let header = usize::from(word(sheet, 0).ok()?);
    let base_bytes = usize::from(word(sheet, 4).ok()?);
    let mut at = 2 + header;
    for number in 0..word(sheet, 2).ok()? {
        let length = usize::from(word(sheet, at).ok()?);
        let description = sheet.get(at + 2..at + 2 + length)?;
        // Empty places are frequent; each begins at an even offset.
        at += 2 + length + length % 2;
        if let Some((parent, modifiers)) = style(description, base_bytes) {
            let entry = styles.entry(number)?;
            entry.parent = parent;
            entry.hides = match Formatting::of(modifiers).vanish {
                Some(0) => Some(false),
                Some(1) => Some(true),
                _ => None,
            };
        }
    }
    Some(())
}

/// The parent of a style and its modifiers of characters (§2.9.260 to §2.9.262, §2.9.349): a fixed part, a name, then
/// the properties of its kind.
fn style(description: &[u8], base_bytes: usize) -> Option<(Option<u16>, &[u8])> {
    const PARAGRAPH: u16 = 1;
    const CHARACTER: u16 = 2;
    const NO_PARENT: u16 = 0x0fff;
    let kind_and_parent = word(description, 2).ok()?;
    let (kind, parent) = (kind_and_parent & 0x000f, kind_and_parent >> 4);
    let name = usize::from(word(description, base_bytes).ok()?);
    let mut at = base_bytes + 2 + 2 * name + 2;
    match kind {
        PARAGRAPH => {
            let length = usize::from(word(description, at).ok()?);
            at += 2 + length + length % 2;
        }
        CHARACTER => {}
        _ => return None,
    }
    let length = usize::from(word(description, at).ok()?);
    let modifiers = description.get(at + 2..at + 2 + length)?;
    Some(((parent != NO_PARENT).then_some(parent), modifiers))
}
