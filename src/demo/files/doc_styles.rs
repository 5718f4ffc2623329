//! The style sheet and the font table of a Word document.

/// Fixed places of the built-in styles: Normal, nine headings, and at 10 the default character style.
const FIXED_STYLES: usize = 15;
const NO_BASE: u16 = 0xFFF;

/// The STSH ([MS-DOC] §2.9.271): Normal, Heading 1 and the default character style; the other fixed places
/// are empty.
pub(super) fn style_sheet() -> Vec<u8> {
    let mut sheet = 18_u16.to_le_bytes().to_vec();
    for number in [
        FIXED_STYLES as u16, // cstd
        10,                  // cbSTDBaseInFile
        1,                   // fStdStylenamesWritten
        0x5B,                // stiMaxWhenSaved
        FIXED_STYLES as u16, // istdMaxFixedWhenSaved
        0,                   // nVerBuiltInNamesWhenSaved
        0,                   // the three default fonts: the first of the table
        0,
        0,
    ] {
        sheet.extend(number.to_le_bytes());
    }
    // sprmPDyaAfter 80; sprmCHps 22 half-points, sprmCRgLid0 French.
    let normal = paragraph_style(
        Names { name: "Normal", sti: 0 },
        0,
        NO_BASE,
        &[0x14, 0xA4, 80, 0],
        &[0x43, 0x4A, 22, 0, 0x6D, 0x48, 0x0C, 0x04],
    );
    // sprmPFKeepFollow, sprmPDyaBefore 240, sprmPDyaAfter 80; sprmCFBold, sprmCHps 28 half-points.
    let heading = paragraph_style(
        Names { name: "heading 1", sti: 1 },
        1,
        0,
        &[0x06, 0x24, 1, 0x13, 0xA4, 240, 0, 0x14, 0xA4, 80, 0],
        &[0x35, 0x08, 1, 0x43, 0x4A, 28, 0],
    );
    for index in 0..FIXED_STYLES {
        let style = match index {
            0 => normal.clone(),
            1 => heading.clone(),
            10 => character_style(),
            _ => Vec::new(),
        };
        sheet.extend((style.len() as u16).to_le_bytes());
        sheet.extend(style);
    }
    sheet
}

struct Names {
    name: &'static str,
    /// The number by which Word knows a built-in style.
    sti: u16,
}

/// An STD of a paragraph style ([MS-DOC] §2.9.258): base, name, paragraph exceptions, character exceptions.
fn paragraph_style(names: Names, index: u16, base: u16, paragraph: &[u8], characters: &[u8]) -> Vec<u8> {
    let mut exceptions = Vec::new();
    let mut papx = index.to_le_bytes().to_vec();
    papx.extend(paragraph);
    for upx in [&papx[..], characters] {
        push_exception(&mut exceptions, upx);
    }
    // stk 1 (paragraph), two exceptions, followed by Normal.
    standard(&names, 1 | (base << 4), 2, &exceptions)
}

/// The default character style, « Default Paragraph Font » (sti 65), which changes nothing.
fn character_style() -> Vec<u8> {
    let mut exceptions = Vec::new();
    push_exception(&mut exceptions, &[]);
    let names = Names { name: "Default Paragraph Font", sti: 65 };
    standard(&names, 2 | (NO_BASE << 4), 1 | (10 << 4), &exceptions)
}

fn standard(names: &Names, kind_and_base: u16, count_and_next: u16, exceptions: &[u8]) -> Vec<u8> {
    let mut name = (names.name.len() as u16).to_le_bytes().to_vec();
    name.extend(names.name.encode_utf16().flat_map(u16::to_le_bytes));
    name.extend([0, 0]);
    let size = 10 + name.len() + exceptions.len();
    let mut std = Vec::with_capacity(size);
    for number in [names.sti, kind_and_base, count_and_next, size as u16, 0] {
        std.extend(number.to_le_bytes());
    }
    std.extend(name);
    std.extend(exceptions);
    std
}

/// A length-prefixed exception, padded to an even length that the prefix does not count.
fn push_exception(out: &mut Vec<u8>, upx: &[u8]) {
    out.extend((upx.len() as u16).to_le_bytes());
    out.extend(upx);
    if upx.len() % 2 == 1 {
        out.push(0);
    }
}

/// The SttbfFfn ([MS-DOC] §2.9.286): the fonts, here Arial alone.
pub(super) fn fonts() -> Vec<u8> {
    let mut font = vec![0x26]; // variable pitch, TrueType, swiss family
    font.extend(400_u16.to_le_bytes());
    font.extend([0, 0]); // ANSI characters, no alternative name
    font.extend([0; 10 + 24]); // panose and signature: unknown
    font.extend("Arial\0".encode_utf16().flat_map(u16::to_le_bytes));
    let mut table = vec![1, 0, 0, 0, font.len() as u8];
    table.extend(font);
    table
}
