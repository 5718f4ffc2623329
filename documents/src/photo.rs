//! Photographs as phones take them: which way is up stays, where and with what they were taken goes (SPEC Q6, D14).
//!
//! Nothing is decoded: a JPEG or PNG is copied segment by segment without those that describe it. One that is not cut as
//! these formats say stays as it came: who looks at it decides.

use crate::format::Format;

/// The Exif tag of the orientation (Exif 2.32 §4.6.4).
const ORIENTATION: u16 = 0x0112;

/// The same picture without what its camera wrote about it, but for the orientation.
pub fn without_metadata(format: Format, bytes: Vec<u8>) -> Vec<u8> {
    let cleaned = match format {
        Format::Jpeg => jpeg(&bytes),
        Format::Png => png(&bytes),
        _ => None,
    };
    cleaned.unwrap_or(bytes)
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// JPEG (ITU-T T.81, annex B): markers up to the start of the scan, then the picture.
fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0xff, 0xd8];
    let mut orientation = None;
    let mut kept = Vec::with_capacity(bytes.len());
    let mut at = 2;
    if bytes.get(..2)? != [0xff, 0xd8] {
        return None;
    }
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        if marker == 0xff {
            // Fill bytes may precede a marker.
            at += 1;
            continue;
        }
        let length = usize::from(be16(bytes, at + 2)?);
        let segment = bytes.get(at..at + 2 + length)?;
        match marker {
            // The scan, and everything after it.
            0xda => {
                kept.extend_from_slice(bytes.get(at..)?);
                break;
            }
            // Exif or XMP; Photoshop's, with the places of IPTC; a comment.
            0xe1 => orientation = orientation.or_else(|| of_exif(segment.get(4..)?)),
            0xed | 0xfe => {}
            _ => kept.extend_from_slice(segment),
        }
        at += 2 + length;
    }
    if let Some(orientation) = orientation {
        out.extend(exif(orientation));
    }
    out.extend(kept);
    Some(out)
}

/// The orientation that an Exif segment holds, 1 to 8.
fn of_exif(payload: &[u8]) -> Option<u16> {
    let tiff = payload.strip_prefix(b"Exif\0\0")?;
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let two = |at: usize| -> Option<u16> {
        let pair: [u8; 2] = tiff.get(at..at + 2)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let four = |at: usize| -> Option<usize> {
        let word: [u8; 4] = tiff.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(if little { u32::from_le_bytes(word) } else { u32::from_be_bytes(word) }).ok()
    };
    let directory = four(4)?;
    let count = usize::from(two(directory)?).min(1_000);
    let entry = (0..count).map(|rank| directory + 2 + rank * 12).find(|&at| two(at) == Some(ORIENTATION))?;
    two(entry + 8).filter(|value| (1..=8).contains(value))
}

/// An Exif segment that says the orientation and nothing else.
fn exif(orientation: u16) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01".to_vec();
    tiff.extend(ORIENTATION.to_be_bytes());
    // A SHORT, one of them.
    tiff.extend([0, 3, 0, 0, 0, 1]);
    tiff.extend(orientation.to_be_bytes());
    tiff.extend([0, 0, 0, 0, 0, 0]);
    let payload = [b"Exif\0\0", &tiff[..]].concat();
    let length = u16::try_from(payload.len() + 2).unwrap_or(u16::MAX);
    [&[0xff, 0xe1], &length.to_be_bytes()[..], &payload].concat()
}

/// PNG (ISO/IEC 15948): chunks.
fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.get(..8)?.to_vec();
    let mut at = 8;
    while at < bytes.len() {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        let end = at.checked_add(usize::try_from(length).ok()?)?.checked_add(12)?;
        let chunk = bytes.get(at..end)?;
        if !matches!(chunk.get(4..8)?, b"eXIf" | b"tEXt" | b"zTXt" | b"iTXt" | b"tIME") {
            out.extend_from_slice(chunk);
        }
        at = end;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG with an Exif segment of that byte order, of an orientation and a place, and a comment.
    fn photo(little: bool, orientation: u16) -> Vec<u8> {
        let two = |value: u16| if little { value.to_le_bytes() } else { value.to_be_bytes() };
        let four = |value: u32| if little { value.to_le_bytes() } else { value.to_be_bytes() };
        let mut tiff = if little { b"II".to_vec() } else { b"MM".to_vec() };
        tiff.extend(two(42));
        tiff.extend(four(8));
        tiff.extend(two(2));
        for (tag, kind, value) in [(ORIENTATION, 3, four(0)), (0x8825, 4, four(40))] {
            tiff.extend(two(tag));
            tiff.extend(two(kind));
            tiff.extend(four(1));
            let mut value = value;
            if tag == ORIENTATION {
                value[..2].copy_from_slice(&two(orientation));
            }
            tiff.extend(value);
        }
        tiff.extend(b"GPS 48.1173 N 1.6778 W");
        let exif = [b"Exif\0\0", &tiff[..]].concat();
        let mut bytes = vec![0xff, 0xd8];
        for (marker, payload) in [(0xe0, b"JFIF\0".to_vec()), (0xe1, exif), (0xfe, b"Prise a Rennes".to_vec())] {
            bytes.extend([0xff, marker]);
            bytes.extend((payload.len() as u16 + 2).to_be_bytes());
            bytes.extend(payload);
        }
        bytes.extend([0xff, 0xda, 0, 4, 1, 2]);
        bytes.extend(b"scan GPS is here only a word \xff\xd9");
        bytes
    }

    #[test]
    fn q6_a_photo_keeps_which_way_is_up_and_loses_where_it_was_taken() {
        for little in [true, false] {
            let before = photo(little, 6);
            let after = without_metadata(Format::Jpeg, before.clone());
            let text = String::from_utf8_lossy(&after).into_owned();
            assert!(!text.contains("48.1173") && !text.contains("Rennes") && text.contains("JFIF"), "{text}");
            assert!(after.ends_with(b"only a word \xff\xd9"), "the picture itself is untouched");
            let exif = after.windows(6).position(|six| six == b"Exif\0\0").expect("the orientation");
            assert_eq!(of_exif(&after[exif..]), Some(6));
            // Again, nothing changes any more.
            assert_eq!(without_metadata(Format::Jpeg, after.clone()), after);
        }
        let upright = without_metadata(Format::Jpeg, photo(true, 99));
        assert!(!upright.windows(4).any(|four| four == b"Exif"), "an orientation that is none is not kept");
    }

    #[test]
    fn q6_what_is_cut_otherwise_stays_as_it_came() {
        for broken in [&b""[..], b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xff", b"\xff\xd8nothing", b"\x89PNG\r\n\x1a\n\0\0"]
        {
            for format in [Format::Jpeg, Format::Png, Format::Pdf] {
                assert_eq!(without_metadata(format, broken.to_vec()), broken);
            }
        }
        let whole = photo(false, 3);
        for end in 0..whole.len() {
            // Wherever it is cut, nothing panics.
            without_metadata(Format::Jpeg, whole[..end].to_vec());
        }
    }

    #[test]
    fn q6_a_png_loses_its_texts() {
        let chunk =
            |name: &[u8; 4], data: &[u8]| [&(data.len() as u32).to_be_bytes()[..], name, data, &[0; 4]].concat();
        let bytes = [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            chunk(b"IHDR", &[0; 13]),
            chunk(b"tEXt", b"Location\0Rennes"),
            chunk(b"eXIf", b"MM"),
            chunk(b"IDAT", b"data"),
            chunk(b"IEND", b""),
        ]
        .concat();
        let after = without_metadata(Format::Png, bytes);
        let text = String::from_utf8_lossy(&after).into_owned();
        assert!(!text.contains("Rennes") && !text.contains("eXIf") && text.contains("IDAT") && text.contains("IEND"));
    }
}
