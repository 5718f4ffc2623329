//! The encoding of a text, when nothing or little says what it is.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decodes a text: by its byte order mark, else as UTF-8 if it is valid, else by the encoding that it declares, else as
/// windows-1252, the usual encoding of French files without declaration.
pub(super) fn decode<'a>(bytes: &'a [u8], declared: Option<&'static Encoding>) -> Cow<'a, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    // A page whose declaration could be read isn't UTF-16, and one that declares UTF-8 but isn't valid is wrong.
    let declared = declared.filter(|encoding| ![UTF_8, UTF_16LE, UTF_16BE].contains(encoding));
    declared.unwrap_or(WINDOWS_1252).decode_without_bom_handling(bytes).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g3_text_of_every_usual_encoding_is_read() {
        let text = "l’œuvre à 5 €";
        let wide: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(text.as_bytes(), None), text);
        assert_eq!(decode(&wide, None), text);
        assert_eq!(decode(b"l\x92\x9cuvre \xe0 5 \x80", None), text);
        assert_eq!(decode(b"l\x92\x9cuvre \xe0 5 \x80", Some(UTF_8)), text);
        assert_eq!(decode(b"\xbd\xa4", Some(encoding_rs::ISO_8859_15)), "œ€");
        assert_eq!(decode(b"\xbf\xe0", Some(encoding_rs::WINDOWS_1251)), "їа");
    }
}
