//! Pages saved as one message (MHTML, RFC 2557), the form in which Word keeps a page that was put into a document.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use encoding_rs::Encoding;

/// Messages inside messages.
const MAX_DEPTH: usize = 4;

/// Parts of one message that are looked at.
const MAX_PARTS: usize = 200;

/// Header lines of one part.
const MAX_HEADERS: usize = 100;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The text that a message shows.
pub(super) struct Shown<'a> {
    pub(super) is_html: bool,
    pub(super) content: Cow<'a, [u8]>,
    /// The `charset` of its header.
    pub(super) charset: Option<&'static Encoding>,
}

/// Whether the bytes begin as a message does.
pub(super) fn is_message(bytes: &[u8]) -> bool {
    let line = bytes.trim_ascii_start().split(|byte| *byte == b'\n').next().unwrap_or_default();
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    name.len() < line.len()
        && [&b"mime-version"[..], b"content-type", b"from", b"date", b"subject", b"x-document-type"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
}

/// The page of a message, else its plain text.
pub(super) fn shown(bytes: &[u8]) -> Option<Shown<'_>> {
    find(bytes.trim_ascii_start(), 0)
}

fn find(entity: &[u8], depth: usize) -> Option<Shown<'_>> {
    let (header, body) = Header::read(entity);
    let kind = header.kind.as_str();
    if kind.starts_with("multipart/") {
        if depth >= MAX_DEPTH {
            return None;
        }
        let mut plain = None;
        for part in parts(body, header.parameter("boundary")?) {
            match find(part, depth + 1) {
                Some(found) if found.is_html => return Some(found),
                found => plain = plain.or(found),
            }
        }
        return plain;
    }
    let is_html = matches!(kind, "text/html" | "application/xhtml+xml");
    if !is_html && kind != "text/plain" {
        return None;
    }
    let charset = header.parameter("charset").and_then(|label| Encoding::for_label(label.as_bytes()));
    let content = match header.encoding.as_str() {
        "quoted-printable" => Cow::Owned(quoted_printable(body)),
        "base64" => Cow::Owned(base64(body)),
        _ => Cow::Borrowed(body),
    };
    Some(Shown { is_html, content, charset })
}

/// What the header of an entity says of its body (RFC 2045 §5, §6).
struct Header {
    /// Type and subtype, in small letters.
    kind: String,
    /// The whole `Content-Type`, as it is written.
    content_type: String,
    encoding: String,
}

impl Header {
    /// Also gives what stands behind the header.
    fn read(entity: &[u8]) -> (Self, &[u8]) {
        let mut fields: Vec<String> = Vec::new();
        let mut rest = entity;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let (line, behind) = rest.split_at(end);
            rest = behind;
            let line = line.trim_ascii_end();
            if line.is_empty() {
                break;
            }
            let text = String::from_utf8_lossy(line);
            // A field goes on in a line that begins with white space (RFC 5322 §2.2.3).
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                if let Some(field) = fields.last_mut() {
                    *field += &text;
                }
            } else if fields.len() < MAX_HEADERS {
                fields.push(text.into_owned());
            }
        }
        let value = |name: &str| {
            let fields = fields.iter().filter_map(|field| field.split_once(':'));
            fields.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
        };
        let content_type = value("content-type").unwrap_or("text/plain").to_owned();
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let encoding = value("content-transfer-encoding").unwrap_or_default().to_ascii_lowercase();
        (Self { kind, content_type, encoding }, rest)
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        let (_, mut rest) = self.content_type.split_once(';')?;
        loop {
            let (known, behind) = rest.split_once('=')?;
            let behind = behind.trim_start();
            let (value, next) = match behind.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => behind.split_once(';').unwrap_or((behind, "")),
            };
            if known.trim_matches([' ', '\t', ';']).eq_ignore_ascii_case(name) {
                return Some(value.trim());
            }
            rest = next;
        }
    }
}

/// The entities of a multipart body (RFC 2046 §5.1.1); the last one may lack its end.
fn parts<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let delimiter = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut from = None;
    let mut at = 0;
    while at < body.len() && parts.len() < MAX_PARTS {
        let end = memchr::memchr(b'\n', &body[at..]).map_or(body.len(), |line| at + line + 1);
        if let Some(behind) = body[at..end].strip_prefix(delimiter.as_bytes()) {
            if let Some(from) = from.replace(end) {
                parts.push(&body[from..at]);
            }
            if behind.starts_with(b"--") {
                return parts;
            }
        }
        at = end;
    }
    if let Some(from) = from {
        parts.push(&body[from..]);
    }
    parts
}

/// RFC 2045 §6.7; what isn't an escape stays as it is.
fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut at = 0;
    while let Some(&byte) = body.get(at) {
        let behind = &body[at + 1..];
        let (decoded, length) = match behind {
            _ if byte != b'=' => (Some(byte), 0),
            [b'\n', ..] => (None, 1),
            [b'\r', b'\n', ..] => (None, 2),
            [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                (Some((digit(*high) << 4) | digit(*low)), 2)
            }
            _ => (Some(byte), 0),
        };
        out.extend(decoded);
        at += 1 + length;
    }
    out
}

fn digit(byte: u8) -> u8 {
    char::from(byte).to_digit(16).unwrap_or(0) as u8
}

/// RFC 2045 §6.8; what can't be decoded ends it.
fn base64(body: &[u8]) -> Vec<u8> {
    let signs: Vec<u8> = body
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        .collect();
    // One sign alone is no byte.
    let whole = signs.len() - usize::from(signs.len() % 4 == 1);
    LENIENT.decode(&signs[..whole]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(message: &str) -> Option<String> {
        shown(message.as_bytes()).map(|shown| String::from_utf8_lossy(&shown.content).trim().to_owned())
    }

    #[test]
    fn g3_the_page_of_a_message_is_found_and_decoded() {
        let quoted = "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n type=\"text/html\";\r\n\
            \tboundary=\"--=x; y\"\r\n\r\nrien\r\n----=x; y\r\nContent-Type: text/html; charset=\"iso-8859-15\"\r\n\
            Content-Transfer-Encoding: Quoted-Printable\r\n\r\n\
            <p>=E9t=\r\n=C9 =3D a=zz</p>\r\n----=x; y--\r\nfin";
        assert!(is_message(quoted.as_bytes()));
        let found = shown(quoted.as_bytes()).unwrap();
        assert_eq!(found.content.trim_ascii(), b"<p>\xe9t\xc9 = a=zz</p>");
        assert_eq!(found.charset, Some(encoding_rs::ISO_8859_15));
        assert!(found.is_html);
    }

    #[test]
    fn g3_the_page_goes_before_the_plain_text() {
        let message = "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nen clair\n--b\n\
            Content-Type: image/png\n\nx\n--b\nContent-Type: multipart/related; boundary=\"c\"\n\n--c\n\
            Content-Type: TEXT/HTML\nContent-Transfer-Encoding: base64\n\nPHA+\nw6k8L3A+\n--c--\n--b--\n";
        assert_eq!(text(message).as_deref(), Some("<p>é</p>"));
        let plain = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nen clair";
        assert_eq!(text(plain).as_deref(), Some("en clair"));
        assert_eq!(text("Content-Type: image/png\n\nx"), None);
    }

    #[test]
    fn q8_broken_messages_end_quietly() {
        for message in
            ["", ":", "Content-Type:", "Content-Type: multipart/x", "Content-Type: multipart/x; boundary=", "a: b\n c"]
        {
            text(message);
        }
        assert_eq!(quoted_printable(b"=\r\n=4"), b"=4");
        assert_eq!(base64(b"w6k=!"), "é".as_bytes());
        assert_eq!(base64(b"w6kx "), b"\xc3\xa9\x31");
        assert_eq!(base64(b"w6kxw"), b"\xc3\xa9\x31");
        let nested = "Content-Type: multipart/mixed; boundary=b\n\n--b\n".repeat(1_000);
        assert_eq!(text(&nested), None);
        assert!(!is_message(b"<html>") && !is_message(b"Bonjour"));
    }
}
