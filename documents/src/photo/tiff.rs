//! TIFF 6.0, which is also the form of Exif: fields that do not draw are blanked in place, so that no offset moves.

use std::ops::RangeInclusive;

/// The fields that draw, and the colour profile; all other fields describe.
const DRAWN: [RangeInclusive<u16>; 13] = [
    254..=266,
    273..=274,
    277..=284,
    290..=297,
    301..=301,
    317..=325,
    332..=332,
    334..=334,
    336..=336,
    338..=347,
    512..=521,
    529..=532,
    34675..=34675,
];
/// Fields that lead to a directory of their own: Exif and its place (Exif 2.32 §4.6.3).
const DIRECTORIES: [u16; 2] = [0x8769, 0x8825];

/// More pages than a real picture has.
const MAX_PAGES: usize = 64;

pub(super) fn blank(bytes: &mut [u8]) {
    let little = match bytes.get(..4) {
        Some(b"II*\0") => true,
        Some(b"MM\0*") => false,
        _ => return,
    };
    // Each byte is blanked twice at most, however values overlap in a hostile file.
    let budget = bytes.len().saturating_mul(2);
    let mut tiff = Tiff { bytes, little, budget };
    let mut directory = tiff.four(4);
    for _ in 0..MAX_PAGES {
        directory = directory.filter(|at| *at != 0).and_then(|at| tiff.page(at));
    }
}

struct Tiff<'a> {
    bytes: &'a mut [u8],
    little: bool,
    budget: usize,
}

impl Tiff<'_> {
    fn two(&self, at: usize) -> Option<u16> {
        let pair = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    }

    fn four(&self, at: usize) -> Option<usize> {
        let word = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        usize::try_from(if self.little { u32::from_le_bytes(word) } else { u32::from_be_bytes(word) }).ok()
    }

    fn fill(&mut self, at: usize, length: usize) {
        let end = at.saturating_add(length.min(self.budget)).min(self.bytes.len());
        if let Some(region) = self.bytes.get_mut(at..end) {
            region.fill(0);
            self.budget -= region.len();
        }
    }

    /// Removes the descriptive fields from a page's directory; returns where the next directory is.
    fn page(&mut self, directory: usize) -> Option<usize> {
        let count = usize::from(self.two(directory)?);
        let behind = directory + 2 + count * 12;
        let next = self.four(behind);
        self.bytes.get(directory..behind)?;
        let mut kept: u16 = 0;
        for entry in (directory + 2..behind).step_by(12) {
            let tag = self.two(entry)?;
            if DRAWN.iter().any(|drawn| drawn.contains(&tag)) {
                self.bytes.copy_within(entry..entry + 12, directory + 2 + usize::from(kept) * 12);
                kept += 1;
            } else {
                self.value(entry, true);
            }
        }
        let end = directory + 2 + usize::from(kept) * 12;
        self.fill(end, behind - end);
        self.write(directory, &if self.little { kept.to_le_bytes() } else { kept.to_be_bytes() });
        if let Some(next) = next {
            let next = u32::try_from(next).ok()?;
            self.write(behind, &[0; 4]);
            self.write(end, &if self.little { next.to_le_bytes() } else { next.to_be_bytes() });
        }
        next
    }

    fn write(&mut self, at: usize, bytes: &[u8]) {
        if let Some(region) = self.bytes.get_mut(at..at + bytes.len()) {
            region.copy_from_slice(bytes);
        }
    }

    /// Blanks the value that a field stores elsewhere, and the directory that it leads to.
    fn value(&mut self, entry: usize, descend: bool) -> Option<()> {
        const SIZES: [usize; 14] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
        let (tag, kind) = (self.two(entry)?, self.two(entry + 2)?);
        let (count, at) = (self.four(entry + 4)?, self.four(entry + 8)?);
        if descend && DIRECTORIES.contains(&tag) {
            let fields = usize::from(self.two(at)?);
            let behind = (at + 2 + fields * 12).min(self.bytes.len());
            for entry in (at + 2..behind).step_by(12) {
                self.value(entry, false);
            }
            self.fill(at, behind - at);
            return Some(());
        }
        let size = SIZES.get(usize::from(kind))?.saturating_mul(count);
        if size > 4 {
            self.fill(at, size);
        }
        Some(())
    }
}
