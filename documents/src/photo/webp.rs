//! WebP (RFC 9649): the chunks that draw.

use super::{EXIF, of_exif, oriented};

const DRAWN: [&[u8; 4]; 7] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
/// Flags of the extended header: the file has Exif, XMP.
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;

/// The same picture without its description, except the orientation; `None` when it can't be cut.
pub(super) fn cut(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(b"RIFF")?.get(4..)?.strip_prefix(b"WEBP")?;
    let mut out = b"RIFF\0\0\0\0WEBP".to_vec();
    let (mut orientation, mut flags_at, mut drawn) = (None, None, false);
    while let (Some(name), Some(length)) = (rest.get(..4), rest.get(4..8)) {
        let length = usize::try_from(u32::from_le_bytes(length.try_into().ok()?)).ok()?;
        let data = rest.get(8..length.checked_add(8)?)?;
        // Chunks of odd length are followed by a zero; the last one's may be missing.
        let behind = (8 + length + length % 2).min(rest.len());
        match name {
            b"EXIF" => orientation = orientation.or_else(|| of_exif(data.strip_prefix(EXIF).unwrap_or(data))),
            b"VP8X" => flags_at = flags_at.or(Some(out.len() + 8)),
            b"VP8 " | b"VP8L" | b"ANMF" => drawn = true,
            // Bytes after the picture that are no chunk.
            [0, ..] => break,
            _ => {}
        }
        if DRAWN.iter().any(|known| *known == name) {
            out.extend_from_slice(&rest[..behind]);
        }
        rest = &rest[behind..];
    }
    if !drawn {
        return None;
    }
    if let Some(flags) = flags_at.and_then(|at| out.get_mut(at)) {
        *flags &= !(HAS_EXIF | HAS_XMP);
        if let Some(orientation) = orientation {
            *flags |= HAS_EXIF;
            let said = oriented(orientation);
            out.extend(b"EXIF");
            out.extend(u32::try_from(said.len()).ok()?.to_le_bytes());
            out.extend(said);
        }
    }
    let size = u32::try_from(out.len() - 8).ok()?.to_le_bytes();
    out[4..8].copy_from_slice(&size);
    Some(out)
}
