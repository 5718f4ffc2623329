//! Photographs as phones take them: the orientation and the colour profile stay; the place and the camera are removed
//! (SPEC Q6, D14), also from photographs inside documents.
//!
//! Nothing is decoded: of a JPEG or PNG, only the parts that make the picture are copied, one by one up to its end.
//! Descriptions, and anything after the picture (a second image, a video, other bytes), are left out. A picture that
//! can't be cut into its parts is refused; inside a document, only the known descriptions of a place are removed from
//! it (`inside`).

mod compound;
mod encoded;
mod inside;
mod package;
mod pdf;
mod tiff;
mod webp;
mod xmp;

use crate::format::Format;
use crate::sniff::Refusal;

/// The Exif tag of the orientation (Exif 2.32 §4.6.4).
const ORIENTATION: u16 = 0x0112;
/// The start of the payload of an Exif segment.
const EXIF: &[u8] = b"Exif\0\0";

/// The same file without what cameras wrote about its pictures, except the orientation, and without the bytes after
/// them. A file without any of this comes back byte for byte.
///
/// # Errors
/// [`Refusal::Damaged`] when a picture can't be cut or a package can't be read, [`Refusal::Bomb`] when a picture inside
/// a package inflates beyond all bounds.
pub fn without_metadata(format: Format, bytes: Vec<u8>) -> Result<Vec<u8>, Refusal> {
    Ok(cleaned(format, &bytes)?.unwrap_or(bytes))
}

/// Whether files of that format are cleaned.
pub(crate) fn is_cleaned(format: Format) -> bool {
    format != Format::Txt
}

/// What [`without_metadata`] makes of a file; `None` where it changes nothing.
pub(crate) fn cleaned(format: Format, bytes: &[u8]) -> Result<Option<Vec<u8>>, Refusal> {
    let cleaned = match format {
        Format::Jpeg => Some(jpeg(bytes).picture().ok_or(Refusal::Damaged)?),
        Format::Png => Some(png(bytes).picture().ok_or(Refusal::Damaged)?),
        Format::Docx | Format::Odt | Format::Xlsx => package::cleaned(bytes)?,
        Format::Pdf => pdf::cleaned(bytes),
        Format::Doc | Format::Xls => compound::cleaned(bytes),
        Format::Rtf => encoded::rtf(bytes),
        Format::Html => encoded::html(bytes),
        Format::Txt => None,
    };
    Ok(cleaned.filter(|cleaned| cleaned != bytes))
}

/// Whether bytes that hold pictures among other things say where these were taken.
pub(crate) fn has_place(bytes: &[u8]) -> bool {
    let mut blanked = bytes.to_vec();
    inside::blank(&mut blanked);
    blanked != bytes
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// What was read of a picture, up to its end or to an error.
struct Cut {
    /// The parts that draw the picture, which make a picture themselves.
    kept: Vec<u8>,
    /// Where reading ended: after the picture, or at what can't be read.
    end: usize,
    drawn: bool,
    /// Whether the picture has its end, and no foreign bytes between its parts.
    whole: bool,
}

impl Cut {
    fn picture(self) -> Option<Vec<u8>> {
        self.drawn.then_some(self.kept)
    }
}

const START: [u8; 2] = [0xff, 0xd8];
const END: [u8; 2] = [0xff, 0xd9];

/// JPEG (ITU-T T.81, annex B): segments and scans, up to the end of the image.
fn jpeg(bytes: &[u8]) -> Cut {
    let mut kept = Vec::new();
    let mut orientation = None;
    let (mut drawn, mut whole, mut ended) = (false, true, false);
    let mut at = if bytes.starts_with(&START) { START.len() } else { bytes.len() };
    // A picture that was cut short after its first scan still shows something: an end is added.
    while let Some(marker) = next_marker(bytes, &mut at, &mut whole) {
        match marker {
            0xd9 => {
                ended = true;
                break;
            }
            // Markers without content, which mean nothing outside a scan.
            0x01 | 0xd0..=0xd8 => {
                whole = false;
                continue;
            }
            _ => {}
        }
        let segment =
            be16(bytes, at).filter(|&length| length >= 2).and_then(|length| bytes.get(at..at + usize::from(length)));
        let Some(segment) = segment else { break };
        at += segment.len();
        match marker {
            0xe0..=0xef | 0xfe => {
                orientation = orientation.or_else(|| of_exif(segment[2..].strip_prefix(EXIF)?));
                if let Some(payload) = application(marker, &segment[2..]) {
                    push_segment(&mut kept, marker, payload);
                }
            }
            // Frames and scans, tables, restarts, number of lines.
            0xc0..=0xcf | 0xda..=0xdf => {
                kept.extend([0xff, marker]);
                kept.extend_from_slice(segment);
            }
            _ => {}
        }
        if marker == 0xda {
            drawn = true;
            let scan = scan(&bytes[at..]);
            kept.extend_from_slice(scan);
            at += scan.len();
        }
    }
    let mut out = START.to_vec();
    if let Some(orientation) = orientation {
        push_segment(&mut out, 0xe1, &[EXIF, &oriented(orientation)].concat());
    }
    out.extend(kept);
    out.extend(END);
    Cut { kept: out, end: at.min(bytes.len()), drawn, whole: whole && drawn && ended }
}

/// The next marker; `at` is moved after it. Bytes before it that are no marker are skipped, as decoders do, and clear
/// `whole`.
fn next_marker(bytes: &[u8], at: &mut usize, whole: &mut bool) -> Option<u8> {
    loop {
        let passed = bytes.get(*at..)?.iter().position(|byte| *byte == 0xff)?;
        *whole &= passed == 0;
        *at += passed;
        *at += bytes[*at..].iter().position(|byte| *byte != 0xff)?;
        let marker = bytes[*at];
        *at += 1;
        if marker != 0 {
            return Some(marker);
        }
        *whole = false;
    }
}

/// The coded data at the start of `bytes`: up to the first marker that is no restart.
fn scan(bytes: &[u8]) -> &[u8] {
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == 0xff) {
        at += found;
        match bytes.get(at + 1) {
            Some(0 | 0xd0..=0xd7) => at += 2,
            Some(0xff) => at += 1,
            _ => return &bytes[..at],
        }
    }
    bytes
}

/// The part of an application segment or a comment that is kept: what colours need.
fn application(marker: u8, payload: &[u8]) -> Option<&[u8]> {
    const JFIF: usize = 12;
    match marker {
        // Without its thumbnail: [`push_segment`] writes a thumbnail of size zero.
        0xe0 if payload.starts_with(b"JFIF\0") => payload.get(..JFIF).or(Some(payload)),
        0xe2 if payload.starts_with(b"ICC_PROFILE\0") => Some(payload),
        0xee if payload.starts_with(b"Adobe") => payload.get(..12),
        _ => None,
    }
}

/// Adds a segment; its payload comes from a segment, so its length fits.
fn push_segment(out: &mut Vec<u8>, marker: u8, payload: &[u8]) {
    let thumbnail: &[u8] = if marker == 0xe0 && payload.len() == 12 { &[0, 0] } else { &[] };
    out.extend([0xff, marker]);
    out.extend(u16::try_from(2 + payload.len() + thumbnail.len()).unwrap_or(u16::MAX).to_be_bytes());
    out.extend_from_slice(payload);
    out.extend_from_slice(thumbnail);
}

/// The orientation in Exif data, 1 to 8.
fn of_exif(tiff: &[u8]) -> Option<u16> {
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

/// Exif data with the orientation and nothing else.
fn oriented(orientation: u16) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01".to_vec();
    tiff.extend(ORIENTATION.to_be_bytes());
    // Type SHORT, one value.
    tiff.extend([0, 3, 0, 0, 0, 1]);
    tiff.extend(orientation.to_be_bytes());
    tiff.extend([0, 0, 0, 0, 0, 0]);
    tiff
}

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The chunks that make the picture, its colours, its size, and its movement (ISO/IEC 15948, third edition).
const DRAWN: [&[u8; 4]; 19] = [
    b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI",
    b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
];

/// PNG (ISO/IEC 15948): chunks, up to the end of the image.
fn png(bytes: &[u8]) -> Cut {
    let mut out = SIGNATURE.to_vec();
    let mut orientation = None;
    let (mut drawn_at, mut ended, mut broken) = (None, false, false);
    let mut at = if bytes.starts_with(SIGNATURE) { SIGNATURE.len() } else { bytes.len() };
    while at < bytes.len() && !ended {
        let Some(chunk) = chunk_at(bytes, at) else {
            broken = true;
            break;
        };
        at += chunk.len();
        let (name, data) = (&chunk[4..8], &chunk[8..chunk.len() - 4]);
        match name {
            b"IEND" => ended = true,
            // Some writers put the JPEG segment's `Exif\0\0` before it.
            b"eXIf" => orientation = orientation.or_else(|| of_exif(data.strip_prefix(EXIF).unwrap_or(data))),
            _ if DRAWN.iter().any(|known| *known == name) => {
                if name == b"IDAT" {
                    drawn_at = drawn_at.or(Some(out.len()));
                }
                out.extend_from_slice(chunk);
            }
            _ => {}
        }
    }
    // There is no picture without a header and something drawn.
    let drawn_at = drawn_at.filter(|_| !broken && out[SIGNATURE.len()..].get(4..8) == Some(&b"IHDR"[..]));
    if let (Some(orientation), Some(drawn_at)) = (orientation, drawn_at) {
        let mut said = Vec::new();
        push_chunk(&mut said, *b"eXIf", &oriented(orientation));
        out.splice(drawn_at..drawn_at, said);
    }
    push_chunk(&mut out, *b"IEND", &[]);
    Cut { kept: out, end: at, drawn: drawn_at.is_some(), whole: ended && drawn_at.is_some() }
}

/// The chunk that begins at `at`: length, name, data, checksum.
fn chunk_at(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let length = usize::try_from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()?;
    bytes[at..].get(..length.checked_add(12)?)
}

fn push_chunk(out: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&name);
    sum.update(data);
    out.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend(name);
    out.extend_from_slice(data);
    out.extend(sum.finalize().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What must not be left of a picture.
    const PLACE: &[u8] = b"GPS 48.1173 N 1.6778 W";

    fn holds(bytes: &[u8], word: &[u8]) -> bool {
        bytes.windows(word.len()).any(|part| part == word)
    }

    /// Exif of that byte order, of an orientation and a place.
    fn exif_of(little: bool, orientation: u16) -> Vec<u8> {
        let two = |value: u16| if little { value.to_le_bytes() } else { value.to_be_bytes() };
        let four = |value: u32| if little { value.to_le_bytes() } else { value.to_be_bytes() };
        let mut tiff = if little { b"II".to_vec() } else { b"MM".to_vec() };
        tiff.extend(two(42));
        tiff.extend(four(8));
        tiff.extend(two(2));
        for (tag, kind, value) in [(0x8825, 4, four(40)), (ORIENTATION, 3, four(0))] {
            tiff.extend(two(tag));
            tiff.extend(two(kind));
            tiff.extend(four(1));
            let mut value = value;
            if tag == ORIENTATION {
                value[..2].copy_from_slice(&two(orientation));
            }
            tiff.extend(value);
        }
        tiff.extend(four(0));
        tiff.extend(PLACE);
        tiff
    }

    fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
        let mut out = vec![0xff, marker];
        out.extend((payload.len() as u16 + 2).to_be_bytes());
        out.extend_from_slice(payload);
        out
    }

    const JFIF: &[u8] = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
    const ICC: &[u8] = b"ICC_PROFILE\0\x01\x01 the colours";

    /// A JPEG of two scans: what describes it says where it was taken, before, between and behind them.
    fn photo(little: bool, orientation: u16) -> Vec<u8> {
        let place = |before: &[u8]| [before, PLACE].concat();
        let scan =
            |words: &[u8]| [&segment(0xda, &[1, 1, 0, 0, 63, 0])[..], words, b"\xff\x00 word \xff\xd3 word"].concat();
        let thumbnail = [b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x04", PLACE].concat();
        [
            START.to_vec(),
            segment(0xe0, &thumbnail),
            segment(0xe0, &place(b"JFXX\0\x10")),
            segment(0xe1, &[EXIF, &exif_of(little, orientation)].concat()),
            segment(0xe1, &place(b"http://ns.adobe.com/xap/1.0/\0")),
            segment(0xe1, &place(b"http://ns.adobe.com/xmp/extension/\0")),
            segment(0xe2, ICC),
            segment(0xe2, &place(b"MPF\0")),
            segment(0xeb, &place(b"JP\0\0")),
            segment(0xed, &place(b"Photoshop 3.0\0")),
            segment(0xee, b"Adobe\0\x64\0\0\0\0\x01"),
            b"\0\0".to_vec(),
            segment(0xfe, &place(b"")),
            segment(0xc2, b"frame"),
            b"\xff\xff".to_vec(),
            segment(0xc4, b"table"),
            scan(b"first"),
            segment(0xfe, &place(b"")),
            segment(0xc4, b"other table"),
            scan(b"second"),
            END.to_vec(),
            // A second image, then the video of a motion photo.
            START.to_vec(),
            segment(0xe1, &[EXIF, &exif_of(little, orientation)].concat()),
            place(b"\0\0\0\x18ftypmp42"),
        ]
        .concat()
    }

    #[test]
    fn q6_a_photo_keeps_which_way_is_up_and_loses_where_it_was_taken() {
        for little in [true, false] {
            let before = photo(little, 6);
            assert_eq!(before.windows(PLACE.len()).filter(|part| *part == PLACE).count(), 12);
            let after = without_metadata(Format::Jpeg, before).unwrap();
            let expected = [
                START.to_vec(),
                segment(0xe1, &[EXIF, &oriented(6)].concat()),
                segment(0xe0, JFIF),
                segment(0xe2, ICC),
                segment(0xee, b"Adobe\0\x64\0\0\0\0\x01"),
                segment(0xc2, b"frame"),
                segment(0xc4, b"table"),
                segment(0xda, &[1, 1, 0, 0, 63, 0]),
                b"first\xff\x00 word \xff\xd3 word".to_vec(),
                segment(0xc4, b"other table"),
                segment(0xda, &[1, 1, 0, 0, 63, 0]),
                b"second\xff\x00 word \xff\xd3 word".to_vec(),
                END.to_vec(),
            ];
            assert_eq!(String::from_utf8_lossy(&after), String::from_utf8_lossy(&expected.concat()));
            assert_eq!(after, expected.concat());
            assert_eq!(of_exif(&oriented(6)), Some(6));
            assert_eq!(without_metadata(Format::Jpeg, after.clone()), Ok(after), "again, nothing changes");
        }
        let upright = without_metadata(Format::Jpeg, photo(true, 99)).unwrap();
        assert!(!holds(&upright, b"Exif"), "an orientation that is none is not kept");
    }

    #[test]
    fn q6_a_photo_that_was_cut_short_keeps_what_came_and_no_place() {
        let whole = photo(false, 3);
        let scans = whole.windows(5).position(|part| part == b"first").unwrap();
        for end in 0..whole.len() {
            match without_metadata(Format::Jpeg, whole[..end].to_vec()) {
                Ok(after) => {
                    assert!(end >= scans && after.ends_with(&END) && !holds(&after, PLACE), "{end}");
                }
                Err(refusal) => assert!(end < scans && refusal == Refusal::Damaged, "{end}"),
            }
        }
    }

    #[test]
    fn q6_a_picture_that_can_not_be_cut_is_refused_with_a_sentence() {
        let broken: [(Format, &[u8]); 9] = [
            (Format::Jpeg, b""),
            (Format::Jpeg, b"\xff\xd8"),
            (Format::Jpeg, b"\xff\xd8\xff\xe1\xff\xff"),
            (Format::Jpeg, b"\xff\xd8\xff\xe1\0\0\xff\xda\0\x02"),
            (Format::Jpeg, b"\xff\xd8nothing"),
            (Format::Jpeg, b"\xff\xd8\xff\xd9GPS"),
            (Format::Png, b"\x89PNG\r\n\x1a\n\0\0"),
            (Format::Png, b"\x89PNG\r\n\x1a\n\0\0\0\0IDATcrc_\0\0\0\0IENDcrc_"),
            (Format::Png, b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR"),
        ];
        for (format, bytes) in broken {
            assert_eq!(without_metadata(format, bytes.to_vec()), Err(Refusal::Damaged), "{bytes:?}");
            assert_eq!(without_metadata(Format::Pdf, bytes.to_vec()), Ok(bytes.to_vec()), "it is no picture");
        }
        assert!(Refusal::Damaged.to_string().contains("enregistrez-le à nouveau"));
    }

    fn chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        push_chunk(&mut out, name, data);
        out
    }

    #[test]
    fn q6_a_png_keeps_its_picture_and_loses_its_texts_and_what_follows() {
        let place = |before: &[u8]| [before, PLACE].concat();
        let (header, colours) = (chunk(*b"IHDR", &[0; 13]), chunk(*b"iCCP", b"profile\0\0the colours"));
        let (one, two, end) = (chunk(*b"IDAT", b"data"), chunk(*b"IDAT", b"more"), chunk(*b"IEND", b""));
        let before = |exif: &[u8]| {
            [
                SIGNATURE.to_vec(),
                header.clone(),
                colours.clone(),
                chunk(*b"tEXt", &place(b"Location\0")),
                chunk(*b"zTXt", &place(b"Raw profile type exif\0\0")),
                chunk(*b"iTXt", &place(b"XML:com.adobe.xmp\0\0\0\0\0")),
                chunk(*b"eXIf", exif),
                chunk(*b"tIME", &[7; 7]),
                chunk(*b"caBX", &place(b"")),
                one.clone(),
                chunk(*b"tEXt", &place(b"Location\0")),
                two.clone(),
                end.clone(),
                place(b"\0\x01"),
            ]
            .concat()
        };
        for exif in [exif_of(true, 8), exif_of(false, 8), [EXIF, &exif_of(true, 8)].concat()] {
            let after = without_metadata(Format::Png, before(&exif)).unwrap();
            let orientation = chunk(*b"eXIf", &oriented(8));
            let expected = [SIGNATURE, &header, &colours, &orientation, &one, &two, &end].concat();
            assert_eq!(after, expected);
            assert_eq!(without_metadata(Format::Png, after.clone()), Ok(after), "again, nothing changes");
        }
        // One without its end shows all the same: it gets one.
        let endless = [SIGNATURE, &header, &one].concat();
        assert_eq!(without_metadata(Format::Png, endless), Ok([SIGNATURE, &header, &one, &end].concat()));
        assert_eq!(end[8..], [0xae, 0x42, 0x60, 0x82], "the sum that every PNG ends with");
    }
}
