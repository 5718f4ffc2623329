//! Photographs of a PDF (ISO 32000-1 §7.3.8, §7.4.8): a stream whose bytes are a JPEG holds the camera's file
//! unchanged.
//!
//! Everything keeps its place and its length, so that tables and revisions stay right. A signed document is left as it
//! is: its signature covers each byte, and a structure may need it. An encrypted one is refused before. A JPEG that is
//! packed once more (`/FlateDecode`, `/ASCII85Decode`) is not unpacked.

use memchr::memmem;

use super::inside::{blank, blank_picture};

/// The same document without the places of its photographs; `None` when it is signed.
pub(super) fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    const STREAM: &[u8] = b"stream";
    // A signature says which bytes it covers (§12.8.1).
    if memmem::find(bytes, b"/ByteRange").is_some() {
        return None;
    }
    let mut out = bytes.to_vec();
    let mut from = 0;
    while let Some(found) = memmem::find(&bytes[from..], STREAM) {
        from += found + STREAM.len();
        from += bytes[from..].iter().take(2).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if bytes[from..].starts_with(b"\xff\xd8\xff") {
            let end = memmem::find(&bytes[from..], b"endstream").map_or(bytes.len(), |end| from + end);
            blank_picture(&mut out[from..end]);
            from = end;
        }
    }
    // The document's own metadata, and the files attached to it.
    blank(&mut out);
    Some(out)
}
