//! Photographs inside documents, which other programs made: what is kept says nowhere where they were taken (SPEC Q6).

#![allow(clippy::unwrap_used)]

mod common;

use std::io::{Cursor, Read, Write};
use std::time::{Duration, Instant};

use common::{extractor, file, patient, readable_files};
use documents::{Blobs, Format, Place, Refusal, UploadError, inspect, without_metadata};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const MEBIBYTE: usize = 1024 * 1024;
const FILES: [&str; 8] = [
    "photos/libreoffice.odt",
    "photos/libreoffice.docx",
    "photos/libreoffice.doc",
    "photos/libreoffice.rtf",
    "photos/libreoffice.pdf",
    "photos/chromium.pdf",
    "photos/libreoffice.xlsx",
    "photos/libreoffice.xls",
];
/// The word of the place, and its 25.418 seconds as Exif writes them.
const PLACES: [&[u8]; 2] = [b"REPERE-GPS", b"\0\0\x63\x4a\0\0\x03\xe8"];

fn format(name: &str) -> Format {
    Format::from_extension(name.rsplit_once('.').unwrap().1).unwrap()
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(file(name)).unwrap()
}

fn count(bytes: &[u8], word: &[u8]) -> usize {
    bytes.windows(word.len()).filter(|part| *part == word).count()
}

/// How often a document says the place, in its bytes, in its parts, in what its digits mean.
fn places(bytes: &[u8]) -> usize {
    let mut contents = vec![bytes.to_vec()];
    if bytes.starts_with(b"PK") {
        contents.extend(parts(bytes).into_iter().map(|(_, part)| part));
    }
    if bytes.starts_with(b"{\\rtf") {
        let digits: Vec<u32> = bytes.iter().filter_map(|byte| char::from(*byte).to_digit(16)).collect();
        for digits in [&digits[..], &digits[1..]] {
            contents.push(digits.chunks_exact(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect());
        }
    }
    contents.iter().map(|bytes| PLACES.iter().map(|place| count(bytes, place)).sum::<usize>()).sum()
}

/// The parts of a package, in their order.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let part = |index| {
        let mut entry = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (entry.name().unwrap().into_owned(), bytes)
    };
    (0..ZipArchive::new(Cursor::new(bytes)).unwrap().len()).map(part).collect()
}

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn q6_photographs_inside_documents_lose_where_they_were_taken_wherever_they_are_sent() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(&folder.path().join("fichiers")).await.unwrap();
    for name in FILES {
        let (format, sent) = (format(name), read(name));
        assert!(places(&sent) > 4, "{name}");
        let before = extractor(patient()).extract(format, &file(name)).await.ok();
        let text = before.as_ref().map(|before| &*before.text);
        assert!(text.is_none_or(|text| text.contains("Une maison au bord")), "{name}: {before:?}");
        assert_eq!(text.is_some(), format.has_text(), "{name}");
        for place in Place::ALL.into_iter().filter(|place| place.accepted().contains(&format)) {
            let stored = blobs.store(place, name, &mut &sent[..]).await.unwrap();
            let kept = blobs.whole(stored.id).await.unwrap();
            assert_eq!(places(&kept), 0, "{name}");
            assert_eq!(stored.bytes, kept.len() as u64, "{name}");
            if matches!(format, Format::Pdf | Format::Doc | Format::Xls) {
                assert_eq!(kept.len(), sent.len(), "{name}: nothing moves");
            }
            assert_eq!(
                inspect(&mut Cursor::new(&kept), name, place).unwrap().map(|found| found.format),
                Ok(format),
                "{name}"
            );
            let after = extractor(patient()).extract(format, &blobs.path(stored.id)).await.ok();
            assert_eq!(after, before, "{name}");
            assert_eq!(without_metadata(format, kept.clone()).unwrap(), kept, "{name}: again, nothing changes");
        }
    }
}

#[test]
fn q6_a_package_keeps_its_other_parts_as_they_are_stored_and_in_their_order() {
    for name in ["photos/libreoffice.odt", "photos/libreoffice.docx"] {
        let sent = read(name);
        let kept = without_metadata(format(name), sent.clone()).unwrap();
        let (mut before, mut after) =
            (ZipArchive::new(Cursor::new(&sent)).unwrap(), ZipArchive::new(Cursor::new(&kept)).unwrap());
        assert_eq!(before.len(), after.len());
        let mut pictures = 0;
        for (index, (part, bytes)) in parts(&kept).into_iter().enumerate() {
            let raw = |archive: &mut ZipArchive<_>| {
                let mut entry: zip::read::ZipFile<'_, Cursor<&Vec<u8>>> = archive.by_index_raw(index).unwrap();
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).unwrap();
                (entry.name_raw().to_vec(), entry.compression(), entry.crc32(), entry.last_modified(), bytes)
            };
            let (was, is) = (raw(&mut before), raw(&mut after));
            assert_eq!((&was.0, was.1, was.3), (&is.0, is.1, is.3), "{part}");
            let photo = part.starts_with("Pictures/") || part.starts_with("word/media/");
            if photo {
                pictures += 1;
                let sent = &parts(&sent)[index].1;
                assert_ne!(sent, &bytes, "{part}");
                for (extension, format) in [("jpg", Format::Jpeg), ("jpeg", Format::Jpeg), ("png", Format::Png)] {
                    if part.ends_with(extension) {
                        assert_eq!(without_metadata(format, sent.clone()).unwrap(), bytes, "{part}");
                    }
                }
                if part.ends_with("tif") {
                    assert_eq!(bytes.len(), sent.len(), "{part}");
                }
            } else if !part.starts_with("Thumbnails/") {
                assert_eq!(was, is, "{part}");
            }
        }
        assert_eq!(pictures, 3, "{name}");
    }
    let odt = without_metadata(Format::Odt, read("photos/libreoffice.odt")).unwrap();
    assert!(
        odt[30..].starts_with(b"mimetypeapplication/vnd.oasis.opendocument.text"),
        "first, stored, without anything"
    );
}

#[test]
fn q6_a_document_that_says_no_place_is_kept_byte_for_byte() {
    for (format, path) in readable_files() {
        let sent = std::fs::read(&path).unwrap();
        let kept = without_metadata(format, sent.clone()).unwrap();
        assert!(kept == sent, "{}", path.display());
    }
}

#[test]
fn q6_a_signed_document_is_left_as_it_is() {
    for (name, signature) in [
        ("photos/libreoffice.docx", "_xmlsignatures/sig1.xml"),
        ("photos/libreoffice.odt", "META-INF/documentsignatures.xml"),
    ] {
        let mut zip = ZipWriter::new_append(Cursor::new(read(name))).unwrap();
        zip.start_file(signature, SimpleFileOptions::default()).unwrap();
        zip.write_all(b"<Signature/>").unwrap();
        let signed = zip.finish().unwrap().into_inner();
        assert!(without_metadata(format(name), signed.clone()).unwrap() == signed, "{name}");
    }
    let signed =
        [&read("photos/libreoffice.pdf")[..], b"\n30 0 obj<</Type/Sig/ByteRange[0 10 20 30]>>endobj\n"].concat();
    assert!(without_metadata(Format::Pdf, signed.clone()).unwrap() == signed);
}

#[test]
fn q6_a_picture_of_a_document_that_can_not_be_cut_loses_its_place_all_the_same() {
    let photo = read("photos/sources/photo.jpg");
    let scan = photo.windows(2).position(|pair| pair == b"\xff\xda").unwrap();
    // Exif, XMP, and no picture: nobody is refused for it.
    let broken = &photo[..scan];
    let heic = [b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", &photo[2..scan]].concat();
    let webp = read("photos/sources/photo.webp");
    // A drawing of Windows: a header, a record that holds the photograph, the record of the end.
    let mut emf = vec![0; 40];
    emf.extend_from_slice(&[&b" EMF record "[..], &photo, b" end"].concat());
    let sent = package(&[
        ("word/document.xml", b"<w:document/>"),
        ("word/media/image1.jpeg", broken),
        ("word/media/image2.heic", &heic),
        ("word/media/image3.webp", &webp),
        ("word/media/image4.emf", &emf),
        ("word/fonts/font1.ttf", b"\0\x01\0\0 REPERE-GPS is no picture's"),
    ]);
    assert!(places(&sent) > 6);
    let kept = without_metadata(Format::Docx, sent).unwrap();
    // A JPEG's comment is neither Exif nor XMP, and is not known to be a comment in what is no JPEG.
    for (name, part) in parts(&kept) {
        let expected = match name.as_str() {
            "word/media/image1.jpeg" | "word/media/image2.heic" | "word/fonts/font1.ttf" => 1,
            _ => 0,
        };
        assert_eq!(PLACES.iter().map(|place| count(&part, place)).sum::<usize>(), expected, "{name}");
    }
    let kept: Vec<Vec<u8>> = parts(&kept).into_iter().map(|(_, part)| part).collect();
    assert_eq!((kept[2].len(), kept[4].len()), (heic.len(), emf.len()));
    let cleaned = without_metadata(Format::Jpeg, photo.clone()).unwrap();
    assert!(kept[4][52..].starts_with(&cleaned) && kept[4].ends_with(b"\0 end"));
    let names = [b"VP8X", b"VP8 ", b"EXIF", b"XMP "];
    assert_eq!(names.map(|name| count(&webp, name)), [1, 1, 1, 1]);
    assert_eq!(names.map(|name| count(&kept[3], name)), [1, 1, 1, 0], "Exif says which way is up");
    assert_eq!((webp[20] & 0x0c, kept[3][20] & 0x0c), (0x0c, 0x08), "the flags of Exif and XMP");
    assert_eq!(kept[3][4..8], (kept[3].len() as u32 - 8).to_le_bytes());
}

#[test]
fn q6_a_workbook_inside_a_letter_is_looked_into() {
    let photo = read("photos/sources/photo.jpg");
    let workbook = package(&[("xl/workbook.xml", b"<workbook/>"), ("xl/media/image1.jpeg", &photo)]);
    let damaged = [b"PK\x03\x04", &workbook[40..200]].concat();
    let letter = package(&[("word/embeddings/a.xlsx", &workbook), ("word/embeddings/b.xlsx", &damaged)]);
    for format in [Format::Docx, Format::Xlsx] {
        let kept = parts(&without_metadata(format, letter.clone()).unwrap());
        assert_eq!(places(&kept[0].1), 0);
        assert_eq!(parts(&kept[0].1)[1].1, without_metadata(Format::Jpeg, photo.clone()).unwrap());
        assert_eq!(kept[1].1, damaged, "nobody opens it");
    }
}

#[test]
fn q6_a_photograph_written_in_base64_loses_its_place() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let photo = read("photos/sources/photo.jpg");
    let page = |photo: &[u8]| {
        let (photo, font) = (STANDARD.encode(photo), STANDARD.encode(b"a font"));
        format!(
            "<p>Une maison<img src=\"data:image/jpeg;base64,{photo}\"><style>src:url(data:font/ttf;base64,{font})</style>"
        )
    };
    let kept = without_metadata(Format::Html, page(&photo).into_bytes()).unwrap();
    let cleaned = without_metadata(Format::Jpeg, photo).unwrap();
    assert_eq!(String::from_utf8(kept).unwrap(), page(&cleaned));
}

/// A PDF whose only stream is a photograph, followed by a video as phones do, and one of XMP.
fn pdf(photo: &[u8], xmp: &str) -> Vec<u8> {
    let mut pdf = b"%PDF-1.4\n1 0 obj<</Type/XObject/Subtype/Image/Filter/DCTDecode>>stream\r\n".to_vec();
    pdf.extend_from_slice(photo);
    pdf.extend(format!("\nendstream endobj\n2 0 obj<</Type/Metadata>>stream\n{xmp}\nendstream\n%%EOF\n").bytes());
    pdf
}

#[test]
fn q6_a_pdf_keeps_its_length_and_what_it_says_but_the_place() {
    let photo = read("photos/sources/photo.jpg");
    let xmp = |place: &str| {
        format!(
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:Description dc:title='exif:GPS' {place}<dc:creator>Anne</dc:creator>\
             </x:xmpmeta> (exif:GPSLatitude='48') Tj"
        )
    };
    let place = "exif:GPSLatitude = \"48,23N\"\n exif:GPSLongitude='4,29W' pdfaid:part='2'><exif:GPSAltitude>7</exif:GPSAltitude>\
                 <photoshop:City>REPERE-GPS</photoshop:City><photoshop:State/><Iptc4xmpExt:LocationCreated><rdf:Bag>\
                 REPERE-GPS</rdf:Bag></Iptc4xmpExt:LocationCreated>";
    let sent = pdf(&[&photo[..], b"\0\0\0\x18ftypmp42 REPERE-GPS"].concat(), &xmp(place));
    let kept = without_metadata(Format::Pdf, sent.clone()).unwrap();
    assert_eq!((kept.len(), places(&kept)), (sent.len(), 0));
    let cleaned = without_metadata(Format::Jpeg, photo.clone()).unwrap();
    let at = kept.windows(3).position(|word| word == b"\xff\xd8\xff").unwrap();
    assert_eq!(kept[at..at + cleaned.len()], cleaned);
    // White space alone takes the place's place.
    let said = String::from_utf8_lossy(&kept).split_once("<x:xmpmeta").unwrap().1.to_owned();
    let words = |text: &str| text.split_ascii_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let expected = format!("{}\nendstream\n%%EOF\n", xmp("pdfaid:part='2'> "));
    assert_eq!(words(&said), words(expected.strip_prefix("<x:xmpmeta").unwrap()));
    // A stream is found in each way that a line may end before it, and where its end is missing.
    for (before, after) in [("stream\r\n", "stream\n"), ("\nendstream", "\r\nendstream"), ("endstream", "")] {
        let text = |bytes: &[u8]| -> String { bytes.iter().map(|byte| char::from(*byte)).collect() };
        let bytes: Vec<u8> = text(&sent).replace(before, after).chars().map(|char| char as u8).collect();
        assert_eq!(places(&without_metadata(Format::Pdf, bytes).unwrap()), 0, "{after:?}");
    }
}

#[tokio::test]
async fn q8_pictures_that_inflate_beyond_all_bounds_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(&folder.path().join("fichiers")).await.unwrap();
    let types = b"<Types>application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml</Types>";
    let tiff = |size: usize| {
        // Inflates, but not beyond what any part may.
        let mut random = StdRng::seed_from_u64(1);
        let mut tiff: Vec<u8> = (0..size).map(|at| if at % 400 == 0 { random.random() } else { 0 }).collect();
        tiff[..8].copy_from_slice(b"II*\0\x08\0\0\0");
        tiff
    };
    let mut bomb = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [("[Content_Types].xml", &types[..]), ("word/media/image1.tiff", &tiff(33 * MEBIBYTE))] {
        bomb.start_file(name, SimpleFileOptions::default()).unwrap();
        bomb.write_all(bytes).unwrap();
    }
    let bomb = bomb.finish().unwrap().into_inner();
    assert!(bomb.len() < 2 * MEBIBYTE, "{}", bomb.len());
    let refused = blobs.store(Place::Cv, "cv.docx", &mut &bomb[..]).await;
    assert!(matches!(refused, Err(UploadError::Refused(Refusal::Bomb))), "{refused:?}");
    // Many that are within the bound of one part, also in packages inside one another.
    let picture = tiff(20 * MEBIBYTE);
    let inner = |count: usize| package(&["a.tif", "b.tif", "c.tif"].map(|name| (name, &picture[..]))[..count]);
    assert!(without_metadata(Format::Docx, inner(3)).is_ok());
    let outer = package(&[("a.docx", &inner(3)), ("b.docx", &inner(2))]);
    assert_eq!(without_metadata(Format::Docx, outer), Err(Refusal::Bomb));
}

#[test]
fn q8_damaged_documents_are_cleaned_or_refused_and_never_more() {
    let mut random = StdRng::seed_from_u64(7);
    let sources = ["photos/sources/photo.jpg", "photos/sources/photo.webp"].map(read);
    for name in FILES {
        let sent = read(name);
        for _ in 0..60 {
            let mut bytes = sent.clone();
            for _ in 0..random.random_range(1..12) {
                let at = random.random_range(0..bytes.len());
                bytes[at] = random.random();
            }
            bytes.truncate(random.random_range(bytes.len() / 2..=bytes.len()));
            match without_metadata(format(name), bytes) {
                Ok(_) | Err(Refusal::Damaged | Refusal::Bomb) => {}
                Err(refusal) => panic!("{name}: {refusal}"),
            }
        }
    }
    // Pictures alone, which no sum of a package protects.
    let tiff = parts(&read("photos/libreoffice.docx")).into_iter().find(|(name, _)| name.ends_with("tif")).unwrap().1;
    for picture in sources.iter().chain([&tiff]) {
        for _ in 0..400 {
            let mut bytes = picture.clone();
            let at = random.random_range(0..bytes.len().min(400));
            bytes[at] = random.random();
            bytes.truncate(random.random_range(12..=bytes.len()));
            without_metadata(Format::Docx, package(&[("word/media/a", &bytes)])).unwrap();
        }
    }
}

#[test]
fn q8_hostile_documents_cost_no_more_than_honest_ones() {
    let fill = |pattern: &[u8]| pattern.repeat(MEBIBYTE / pattern.len());
    let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x0e\0\0\0";
    let fields =
        b"II*\0\x08\0\0\0\xff\xff".iter().copied().chain(b"\x0f\x01\x02\0\xff\xff\xff\x0f\x10\0\0\0".repeat(65_535));
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\x04IHDR\x89PNG\r\n\x1a\n";
    let hostile: [(Format, Vec<u8>); 12] = [
        (Format::Pdf, fill(b"stream\xff\xd8\xff\xe0\0\x08")),
        (Format::Pdf, fill(b"\xff\xd8\xff\xe0\0\x04")),
        (Format::Pdf, fill(b"\xff\xd8\xff\xda\0\x02")),
        (Format::Pdf, fill(b"<x:xmpmeta exif:GPS=")),
        (Format::Pdf, [b"<x:xmpmeta ".to_vec(), fill(b"<exif:GPSa>")].concat()),
        (Format::Pdf, [b"<x:xmpmeta ".to_vec(), fill(b" exif:GPSa='")].concat()),
        (Format::Pdf, fill(exif)),
        (Format::Pdf, fill(png)),
        (Format::Rtf, fill(b"{\\pict")),
        (Format::Rtf, fill(b"\\pict a")),
        (Format::Html, fill(b";base64,")),
        (Format::Docx, package(&[("a.tif", &fields.collect::<Vec<_>>())])),
    ];
    for (rank, (format, bytes)) in hostile.into_iter().enumerate() {
        let started = Instant::now();
        without_metadata(format, bytes).unwrap();
        // Some hundredths of a second each; what grows with the square of the size takes minutes.
        assert!(started.elapsed() < Duration::from_secs(30), "{rank}: {:?}", started.elapsed());
    }
}
