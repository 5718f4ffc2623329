//! Photographs that are written as text: in hexadecimal digits in RTF, in base64 in HTML.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use memchr::memmem;

use super::inside;

/// RTF 1.9.1, « Pictures »: `{\pict … \jpegblip … digits}`.
pub(super) fn rtf(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut copied = 0;
    // For each open group, whether it is a picture's.
    let mut groups = vec![false];
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' => groups.push(false),
            b'}' => {
                groups.pop();
            }
            b'\\' => {
                let (word, number, length) = word(&bytes[at + 1..]);
                match (word, groups.last_mut()) {
                    (b"pict", Some(group)) => *group = true,
                    // That many bytes follow a space, and are no text.
                    (b"bin", _) => at += 1 + number,
                    _ => {}
                }
                at += length;
            }
            digit if digit.is_ascii_hexdigit() && groups.last() == Some(&true) => {
                let digits =
                    bytes[at..].iter().take_while(|byte| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace());
                let end = at + digits.count();
                if let Some(cleaned) = inside::cleaned(&from_hexadecimal(&bytes[at..end])) {
                    out.extend_from_slice(&bytes[copied..at]);
                    push_hexadecimal(&mut out, &cleaned);
                    copied = end;
                }
                at = end - 1;
            }
            _ => {}
        }
        at += 1;
    }
    out.extend_from_slice(&bytes[copied..]);
    (copied > 0).then_some(out)
}

/// The control word at the start, its number, and the length of both; a sign that is no letter is a word by itself.
fn word(bytes: &[u8]) -> (&[u8], usize, usize) {
    let letters = bytes.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let rest = &bytes[letters..];
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'-').count();
    if letters == 0 {
        return (b"", 0, 1);
    }
    let number = std::str::from_utf8(&rest[..digits]).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0);
    (&bytes[..letters], number, letters + digits)
}

fn from_hexadecimal(digits: &[u8]) -> Vec<u8> {
    let values: Vec<u8> =
        digits.iter().filter_map(|digit| char::from(*digit).to_digit(16)).map(|value| value as u8).collect();
    values.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn push_hexadecimal(out: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for line in bytes.chunks(64) {
        out.extend(line.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|value| DIGITS[usize::from(value)]));
        out.extend(b"\r\n");
    }
}

/// HTML: `data:image/jpeg;base64,…` (RFC 2397).
pub(super) fn html(bytes: &[u8]) -> Option<Vec<u8>> {
    const WORD: &[u8] = b";base64,";
    const BASE64: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let mut out = Vec::new();
    let (mut copied, mut from) = (0, 0);
    while let Some(found) = memmem::find(&bytes[from..], WORD) {
        from += found + WORD.len();
        let is_sign = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\r' | b'\n');
        let end = from + bytes[from..].iter().take_while(is_sign).count();
        let signs: Vec<u8> = bytes[from..end].iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        if let Ok(picture) = BASE64.decode(signs)
            && let Some(cleaned) = inside::cleaned(&picture)
        {
            out.extend_from_slice(&bytes[copied..from]);
            out.extend(BASE64.encode(cleaned).bytes());
            copied = end;
        }
        from = end;
    }
    out.extend_from_slice(&bytes[copied..]);
    (copied > 0).then_some(out)
}
