//! XMP (ISO 16684-1) that is uncompressed among other bytes: its properties about a place become spaces, which XML
//! allows between attributes and between elements.

use memchr::{memchr, memmem};

const BEGIN: &[u8] = b"<x:xmpmeta";
const END: &[u8] = b"</x:xmpmeta>";

/// How the names of properties about a place begin, with the usual prefixes: Exif, Photoshop, IPTC Core and Extension.
const PLACES: [&[u8]; 7] = [
    b"exif:GPS",
    b"photoshop:City",
    b"photoshop:State",
    b"photoshop:Country",
    b"Iptc4xmpCore:Location",
    b"Iptc4xmpCore:CountryCode",
    b"Iptc4xmpExt:Location",
];

/// Blanks the places, and nothing else.
pub(super) fn blank(bytes: &mut [u8]) {
    let mut from = 0;
    while let Some(found) = memmem::find(&bytes[from..], BEGIN) {
        let start = from + found + BEGIN.len();
        let end = memmem::find(&bytes[start..], END).map_or(bytes.len(), |end| start + end);
        for place in PLACES {
            blank_property(&mut bytes[start..end], place);
        }
        from = end;
    }
}

fn blank_property(packet: &mut [u8], place: &[u8]) {
    let mut from = 1;
    while let Some(found) = packet.get(from..).and_then(|rest| memmem::find(rest, place)) {
        let at = from + found;
        let behind = match packet[at - 1] {
            b'<' => element(packet, at),
            before if before.is_ascii_whitespace() => attribute(packet, at),
            _ => Some(at..at),
        };
        // When a property has no end, the ones after it have none either.
        let Some(property) = behind else { return };
        from = property.end.max(at + place.len());
        packet[property].fill(b' ');
    }
}

/// The range of the element whose name begins at `at`.
fn element(packet: &[u8], at: usize) -> Option<std::ops::Range<usize>> {
    let name = name(&packet[at..]);
    let tag_ends = at + memchr(b'>', &packet[at..])?;
    if packet[tag_ends - 1] == b'/' {
        return Some(at - 1..tag_ends + 1);
    }
    let closing = [b"</", name].concat();
    let closes = tag_ends + memmem::find(&packet[tag_ends..], &closing)?;
    Some(at - 1..closes + memchr(b'>', &packet[closes..])? + 1)
}

/// The range of the attribute whose name begins at `at`.
fn attribute(packet: &[u8], at: usize) -> Option<std::ops::Range<usize>> {
    let equals = at + name(&packet[at..]).len();
    let opens = equals + packet[equals..].iter().position(|byte| matches!(byte, b'"' | b'\''))?;
    let closes = opens + 1 + memchr(packet[opens], &packet[opens + 1..])?;
    Some(at..closes + 1)
}

/// The name at the start of `bytes`.
fn name(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b':' | b'_' | b'-' | b'.'));
    &bytes[..end.unwrap_or(bytes.len())]
}
