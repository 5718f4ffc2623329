//! Lines and pages for the PDF writer: the widths of Helvetica and where a line breaks.

use unicode_normalization::UnicodeNormalization;

/// Advance widths of Helvetica for 0x20 to 0x7E, in thousandths of the font size (Adobe's AFM for the
/// standard 14 fonts).
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];

/// The width of `text` at `size` points, in points. An accented letter is as wide as its base.
pub(super) fn width(text: &str, size: f32) -> f32 {
    let thousandths: u32 = text.chars().map(|c| u32::from(advance(c))).sum();
    thousandths as f32 * size / 1000.0
}

fn advance(character: char) -> u16 {
    let base = std::iter::once(character).nfd().next().unwrap_or(character);
    match base {
        'Œ' | 'œ' | '€' | '…' | '—' => 1000,
        _ => u32::from(base).checked_sub(0x20).and_then(|index| HELVETICA.get(index as usize)).copied().unwrap_or(556),
    }
}

/// Breaks a paragraph at its spaces into lines of at most `limit` points. A word wider than the limit has a
/// line of its own.
pub(super) fn break_lines(paragraph: &str, size: f32, limit: f32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
        let candidate = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if line.is_empty() || width(&candidate, size) <= limit {
            line = candidate;
        } else {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}
