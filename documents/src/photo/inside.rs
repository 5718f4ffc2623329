//! Pictures inside a document. Those whose first bytes are known are cut like any other; a picture that can't be cut
//! loses only the known descriptions of its place.

use memchr::memmem;

use super::{Cut, EXIF, SIGNATURE, jpeg, png, tiff, webp, xmp};

/// The first bytes of a JPEG: its start, and the beginning of a marker.
const JPEG: &[u8] = b"\xff\xd8\xff";

/// Bytes that tell which kind of picture it is.
pub(super) const HEAD_BYTES: usize = 44;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Jpeg,
    Png,
    Webp,
    Tiff,
    /// Drawings of Windows, which may hold a JPEG in their records.
    Emf,
    /// HEIC, AVIF, GIF, JPEG 2000.
    Other,
}

fn kind(bytes: &[u8]) -> Option<Kind> {
    const SIGNATURES: [(usize, &[u8], Kind); 9] = [
        (0, JPEG, Kind::Jpeg),
        (0, SIGNATURE, Kind::Png),
        (8, b"WEBP", Kind::Webp),
        (0, b"II*\0", Kind::Tiff),
        (0, b"MM\0*", Kind::Tiff),
        (40, b" EMF", Kind::Emf),
        (4, b"ftyp", Kind::Other),
        (0, b"GIF8", Kind::Other),
        (4, b"jP  ", Kind::Other),
    ];
    let known =
        |(at, signature, _): &&(usize, &[u8], Kind)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(signature));
    SIGNATURES.iter().find(known).map(|(_, _, kind)| *kind)
}

/// Whether a part that begins like this is a picture.
pub(super) fn is_picture(head: &[u8]) -> bool {
    kind(head).is_some()
}

/// A picture without its place; its length may change. `None` when nothing changes.
pub(super) fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    let kind = kind(bytes)?;
    let cut = match kind {
        Kind::Jpeg => jpeg(bytes).picture(),
        Kind::Png => png(bytes).picture(),
        Kind::Webp => webp::cut(bytes),
        Kind::Tiff | Kind::Emf | Kind::Other => None,
    };
    let cleaned = cut.unwrap_or_else(|| {
        let mut bytes = bytes.to_vec();
        match kind {
            Kind::Tiff => tiff::blank(&mut bytes),
            // Its records may split what they hold: offsets would lead elsewhere.
            Kind::Emf => blank_pictures(&mut bytes),
            Kind::Jpeg | Kind::Png | Kind::Webp | Kind::Other => blank(&mut bytes),
        }
        bytes
    });
    (cleaned != bytes).then_some(cleaned)
}

/// The same for a picture that fills `bytes` and must keep that length: zeros follow it, since decoders stop at its
/// end.
pub(super) fn blank_picture(bytes: &mut [u8]) {
    if let Some(cleaned) = cleaned(bytes)
        && cleaned.len() <= bytes.len()
    {
        let (picture, behind) = bytes.split_at_mut(cleaned.len());
        picture.copy_from_slice(&cleaned);
        behind.fill(0);
    } else {
        blank(bytes);
    }
}

/// Removes places from bytes that hold pictures among other things, and changes nothing else.
pub(super) fn blank(bytes: &mut [u8]) {
    blank_pictures(bytes);
    let mut from = 0;
    while let Some(found) = memmem::find(&bytes[from..], EXIF) {
        from += found + EXIF.len();
        tiff::blank(&mut bytes[from..]);
    }
    xmp::blank(bytes);
}

/// Cleans the JPEGs and PNGs that are whole and in one piece among other bytes.
fn blank_pictures(bytes: &mut [u8]) {
    for (signature, cut) in [(JPEG, jpeg as fn(&[u8]) -> Cut), (SIGNATURE, png)] {
        let mut from = 0;
        while let Some(found) = memmem::find(&bytes[from..], signature) {
            let start = from + found;
            let Cut { kept, end, whole, .. } = cut(&bytes[start..]);
            // Never reads the same bytes twice: a hostile file would take for ever.
            from = start + end.max(signature.len());
            if whole && kept.len() <= end {
                let (picture, behind) = bytes[start..from].split_at_mut(kept.len());
                picture.copy_from_slice(&kept);
                behind.fill(0);
            }
        }
    }
}
