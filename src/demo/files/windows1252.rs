//! Windows-1252, the 8-bit table that PDF calls WinAnsiEncoding (ISO 32000-1, annex D) and RTF `\ansicpg1252`.

/// The characters of 0x80 to 0x9F that French text uses; the rest of the table is Latin-1.
const EXTRAS: [(char, u8); 13] = [
    ('€', 0x80),
    ('…', 0x85),
    ('Œ', 0x8C),
    ('‘', 0x91),
    ('’', 0x92),
    ('“', 0x93),
    ('”', 0x94),
    ('•', 0x95),
    ('–', 0x96),
    ('—', 0x97),
    ('™', 0x99),
    ('œ', 0x9C),
    ('Ÿ', 0x9F),
];

/// The byte of `character`, or none when the table lacks it. The narrow no-break space, which French puts
/// before `;` and `!`, becomes the no-break space.
pub(super) fn encode(character: char) -> Option<u8> {
    let code = u32::from(character);
    match code {
        0x20..=0x7E | 0xA0..=0xFF => u8::try_from(code).ok(),
        0x202F => Some(0xA0),
        _ => EXTRAS.iter().find(|(extra, _)| *extra == character).map(|(_, byte)| *byte),
    }
}
