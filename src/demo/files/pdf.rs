//! A small PDF 1.4 writer (ISO 32000-1): A4 pages, Helvetica and Helvetica-Bold with WinAnsiEncoding, lines
//! broken by width. No compression, no embedded font, no metadata but the title.

use super::{Error, is_heading, layout, windows1252};

/// A4 in points, and the margins around the text.
const PAGE_WIDTH: f32 = 595.0;
const PAGE_HEIGHT: f32 = 842.0;
const MARGIN: f32 = 56.0;
const BODY_SIZE: f32 = 10.5;
const HEADING_SIZE: f32 = 13.0;

/// Objects that stand before the pages: catalog, page tree, two fonts, document information.
const FIXED_OBJECTS: usize = 5;

struct Line {
    bytes: Vec<u8>,
    heading: bool,
    lead: f32,
}

pub(super) fn write(title: &str, text: &str) -> Result<Vec<u8>, Error> {
    let pages = paginate(typeset(text)?);
    let mut objects: Vec<Vec<u8>> = Vec::with_capacity(FIXED_OBJECTS + 2 * pages.len());
    objects.push(b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>".to_vec());
    let kids: Vec<String> = (0..pages.len()).map(|index| format!("{} 0 R", FIXED_OBJECTS + 1 + 2 * index)).collect();
    objects.push(format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()).into_bytes());
    for font in ["Helvetica", "Helvetica-Bold"] {
        objects.push(
            format!("<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>").into_bytes(),
        );
    }
    let mut information = b"<< /Title ".to_vec();
    information.extend(literal(&encode(title)?));
    information.extend(b" >>");
    objects.push(information);
    for (index, page) in pages.iter().enumerate() {
        let contents = FIXED_OBJECTS + 2 + 2 * index;
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] \
                 /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {contents} 0 R >>"
            )
            .into_bytes(),
        );
        objects.push(content_stream(page));
    }
    Ok(assemble(&objects))
}

fn typeset(text: &str) -> Result<Vec<Line>, Error> {
    let limit = PAGE_WIDTH - 2.0 * MARGIN;
    let mut lines = Vec::new();
    let mut gap = 0.0;
    for paragraph in text.lines() {
        if paragraph.trim().is_empty() {
            gap += 7.0;
            continue;
        }
        let heading = is_heading(paragraph);
        let size = if heading { HEADING_SIZE } else { BODY_SIZE };
        for piece in layout::break_lines(paragraph, size, limit) {
            lines.push(Line { bytes: encode(&piece)?, heading, lead: size * 1.35 + std::mem::take(&mut gap) });
        }
    }
    Ok(lines)
}

/// Cuts the lines into pages; a document has at least one page.
fn paginate(lines: Vec<Line>) -> Vec<Vec<Line>> {
    let mut pages = vec![Vec::new()];
    let mut left = PAGE_HEIGHT - 2.0 * MARGIN;
    for line in lines {
        if line.lead > left {
            pages.push(Vec::new());
            left = PAGE_HEIGHT - 2.0 * MARGIN;
        }
        left -= line.lead;
        if let Some(page) = pages.last_mut() {
            page.push(line);
        }
    }
    pages
}

fn content_stream(page: &[Line]) -> Vec<u8> {
    let mut body = format!("BT\n{MARGIN} {} Td\n", PAGE_HEIGHT - MARGIN).into_bytes();
    for line in page {
        let (font, size) = if line.heading { ("F2", HEADING_SIZE) } else { ("F1", BODY_SIZE) };
        body.extend(format!("/{font} {size} Tf 0 -{:.2} Td ", line.lead).into_bytes());
        body.extend(literal(&line.bytes));
        body.extend(b" Tj\n");
    }
    body.extend(b"ET\n");
    let mut stream = format!("<< /Length {} >>\nstream\n", body.len()).into_bytes();
    stream.extend(body);
    stream.extend(b"endstream");
    stream
}

fn encode(text: &str) -> Result<Vec<u8>, Error> {
    text.chars().map(|character| windows1252::encode(character).ok_or(Error::Unencodable(character))).collect()
}

/// A literal string: parentheses and backslashes are escaped (ISO 32000-1 §7.3.4.2).
fn literal(bytes: &[u8]) -> Vec<u8> {
    let mut string = vec![b'('];
    for byte in bytes {
        if matches!(byte, b'(' | b')' | b'\\') {
            string.push(b'\\');
        }
        string.push(*byte);
    }
    string.push(b')');
    string
}

/// Header, numbered objects, cross-reference table and trailer (§7.5).
fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    // The second line's high bytes tell transfer programs that the file is binary.
    let mut file = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::with_capacity(objects.len());
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n", index + 1).into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    file.extend(
        format!("trailer\n<< /Size {} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1)
            .into_bytes(),
    );
    file
}
