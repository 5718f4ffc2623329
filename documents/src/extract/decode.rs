//! The encoding of a text, when nothing or little says what it is.

use std::borrow::Cow;
use std::io::{self, BufRead, Cursor, ErrorKind, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Bytes in which a page must declare its encoding (HTML Living Standard §4.2.5.4).
const DECLARATION_BYTES: usize = 1024;

/// Bytes that a stream decodes at once.
const CHUNK_BYTES: usize = 8 * 1024;

/// Decodes a text: by its byte order mark, else as UTF-8 if it is valid, else by the encoding that it declares, else as
/// windows-1252, the usual encoding of French files without declaration.
pub(super) fn decode<'a>(bytes: &'a [u8], declared: Option<&'static Encoding>) -> Cow<'a, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    if let Some(wide) = wide_without_mark(bytes) {
        return wide.decode_without_bom_handling(bytes).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    // One that declares UTF-8 but isn't valid is wrong.
    let declared = declared.filter(|encoding| *encoding != UTF_8 && !is_wide(encoding));
    declared.unwrap_or(WINDOWS_1252).decode_without_bom_handling(bytes).0
}

/// The `charset` of a `meta` element or the `encoding` of an XML declaration.
pub(super) fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(DECLARATION_BYTES)].to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head).into_owned();
    let (_, behind) = head
        .split_once("charset")
        .or_else(|| head.starts_with("<?xml").then(|| head.split_once("encoding")).flatten())?;
    let label = behind.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end = label.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))).unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end])
}

/// What a declaration that could be read as ASCII can't name.
fn is_wide(encoding: &'static Encoding) -> bool {
    [UTF_16LE, UTF_16BE].contains(&encoding)
}

/// UTF-16 whose mark was lost: nearly every second byte of a Latin text is zero, and hardly any other.
fn wide_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(DECLARATION_BYTES)];
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, units) = (zeros(0), zeros(1), head.len() / 2);
    if units < 2 || even.max(odd) * 4 < units * 3 || even.min(odd) * 8 > units {
        return None;
    }
    Some(if odd > even { UTF_16LE } else { UTF_16BE })
}

/// The encoding of an XML part, by its first bytes (XML 1.0 appendix F.1); a mark at its start goes before.
fn of_xml(head: &[u8]) -> &'static Encoding {
    match head {
        [0, b'<', ..] => UTF_16BE,
        [b'<', 0, ..] => UTF_16LE,
        _ if head.starts_with(b"<?xml") => {
            declared_encoding(head).filter(|encoding| !is_wide(encoding)).unwrap_or(UTF_8)
        }
        _ => UTF_8,
    }
}

/// A stream of XML as UTF-8: a byte that its encoding doesn't have costs one character.
pub(super) struct XmlStream<R> {
    bytes: io::Chain<Cursor<Vec<u8>>, R>,
    decoder: Decoder,
    out: Box<[u8]>,
    /// What of `out` isn't read yet.
    at: usize,
    end: usize,
    ended: bool,
}

impl<R: BufRead> XmlStream<R> {
    pub(super) fn new(mut part: R) -> Self {
        let head = head(&mut part);
        let decoder = of_xml(&head).new_decoder();
        let out = vec![0; CHUNK_BYTES].into_boxed_slice();
        Self { bytes: Cursor::new(head).chain(part), decoder, out, at: 0, end: 0, ended: false }
    }
}

/// The first bytes of a part, as far as they can be read.
fn head(part: &mut impl BufRead) -> Vec<u8> {
    let mut head = Vec::new();
    while head.len() < DECLARATION_BYTES {
        match part.fill_buf() {
            Ok([]) => break,
            Ok(bytes) => {
                let count = bytes.len().min(DECLARATION_BYTES - head.len());
                head.extend_from_slice(&bytes[..count]);
                part.consume(count);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    head
}

impl<R: BufRead> Read for XmlStream<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?;
        let count = bytes.len().min(out.len());
        out[..count].copy_from_slice(&bytes[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for XmlStream<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.end && !self.ended {
            let bytes = self.bytes.fill_buf()?;
            let last = bytes.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(bytes, &mut self.out, last);
            self.bytes.consume(read);
            (self.at, self.end) = (0, written);
            self.ended = last && result == CoderResult::InputEmpty;
        }
        Ok(&self.out[self.at..self.end])
    }

    fn consume(&mut self, count: usize) {
        self.at = (self.at + count).min(self.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn g3_text_of_every_usual_encoding_is_read() {
        let text = "l’œuvre à 5 €";
        let marked = wide(&format!("\u{feff}{text}"), u16::to_be_bytes);
        assert_eq!(decode(text.as_bytes(), None), text);
        assert_eq!(decode(&marked, None), text);
        assert_eq!(decode(b"l\x92\x9cuvre \xe0 5 \x80", None), text);
        assert_eq!(decode(b"l\x92\x9cuvre \xe0 5 \x80", Some(UTF_8)), text);
        assert_eq!(decode(b"\xbd\xa4", Some(encoding_rs::ISO_8859_15)), "œ€");
        assert_eq!(decode(b"\xbf\xe0", Some(encoding_rs::WINDOWS_1251)), "їа");
    }

    #[test]
    fn g3_utf16_without_its_mark_is_read() {
        let text = "Formatrice à Besançon, l’été";
        assert_eq!(decode(&wide(text, u16::to_le_bytes), None), text);
        assert_eq!(decode(&wide(text, u16::to_be_bytes), None), text);
        assert_eq!(decode(b"a\0b", None), "a\0b");
    }

    #[test]
    fn g3_xml_of_every_encoding_becomes_utf8() {
        fn read(bytes: &[u8]) -> String {
            let mut text = String::new();
            XmlStream::new(bytes).read_to_string(&mut text).unwrap();
            text
        }
        let long = "été œuvre ".repeat(3_000);
        let declared = format!("<?xml version='1.0' encoding='UTF-16'?><a>{long}</a>");
        for unit in [u16::to_le_bytes, u16::to_be_bytes] {
            assert_eq!(read(&wide(&declared, unit)), declared);
            assert_eq!(read(&wide(&format!("\u{feff}{declared}"), unit)), declared);
        }
        // A declaration that can be read as it stands is not UTF-16.
        assert_eq!(read(declared.as_bytes()), declared);
        assert_eq!(read(b"\xef\xbb\xbf<a>\xc3\xa9</a>"), "<a>é</a>");
        assert_eq!(
            read(b"<?xml version='1.0' encoding=\"windows-1252\"?>\x9c"),
            "<?xml version='1.0' encoding=\"windows-1252\"?>œ"
        );
        assert_eq!(read(b""), "");
    }

    #[test]
    fn q8_a_wrong_byte_costs_one_character() {
        let mut text = String::new();
        XmlStream::new(&b"<a>t\xe9t\xe9 \xff</a>"[..]).read_to_string(&mut text).unwrap();
        assert_eq!(text, "<a>t\u{fffd}t\u{fffd} \u{fffd}</a>");
    }
}
