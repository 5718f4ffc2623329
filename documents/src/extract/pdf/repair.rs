//! Gives a PDF with broken cross-references a new table (ISO 32000-1 §7.5.4), as viewers do.
//!
//! Objects are found by their beginning (`12 0 obj`); the last one with a number wins. The file's own bytes stay; a
//! table and a trailer are put after them, with copies of streams whose `/Length` is wrong. Object streams need nothing:
//! the parser opens those in the table.

use std::collections::BTreeMap;

use memchr::memmem;

/// More objects than a file of a few megabytes holds in earnest.
const MAX_OBJECTS: usize = 200_000;

/// Bytes of an object that are read to see what it is.
const LOOK_BYTES: usize = 1024;

/// The file followed by a new table of the objects that are really in it.
pub(super) fn with_rebuilt_references(bytes: &[u8]) -> Vec<u8> {
    let objects = objects(bytes);
    let root = objects
        .iter()
        .rev()
        .find(|(_, (at, _))| is_catalog(&bytes[*at..bytes.len().min(at + LOOK_BYTES)]))
        .map(|(number, (_, generation))| (*number, *generation))
        .or_else(|| trailer_root(bytes));
    let mut out = bytes.to_vec();
    let mut places = objects.clone();
    for (number, (at, generation)) in &objects {
        if let Some((dictionary, data)) = misjudged_stream(bytes, *at, &objects) {
            places.insert(*number, (out.len() + 1, *generation));
            out.extend_from_slice(format!("\n{number} {generation} obj").as_bytes());
            out.extend_from_slice(&dictionary);
            out.extend_from_slice(b"stream\n");
            out.extend_from_slice(data);
            out.extend_from_slice(b"\nendstream endobj");
        }
    }
    let table = out.len() + 1;
    out.extend_from_slice(b"\nxref\n0 1\n0000000000 65535 f \n");
    for (number, (at, generation)) in &places {
        out.extend_from_slice(format!("{number} 1\n{at:010} {generation:05} n \n").as_bytes());
    }
    let size = objects.keys().next_back().map_or(1, |last| last + 1);
    let root = root.map(|(number, generation)| format!(" /Root {number} {generation} R")).unwrap_or_default();
    out.extend_from_slice(format!("trailer\n<< /Size {size}{root} >>\nstartxref\n{table}\n%%EOF\n").as_bytes());
    out
}

/// The dictionary, with the right length, and the bytes of a stream whose `/Length` is wrong (§7.3.8.1).
fn misjudged_stream<'a>(
    bytes: &'a [u8],
    at: usize,
    objects: &BTreeMap<u32, (usize, u16)>,
) -> Option<(Vec<u8>, &'a [u8])> {
    let object = &bytes[at..];
    let object = &object[memmem::find(object, b"obj")? + 3..];
    let object = &object[..memmem::find(object, b"endstream")?];
    let head = memmem::find(object, b"stream")?;
    let (dictionary, data) = (&object[..head], &object[head + b"stream".len()..]);
    if !dictionary.trim_ascii().starts_with(b"<<") || memmem::find(dictionary, b"endobj").is_some() {
        return None;
    }
    let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
    let said =
        positions(dictionary, b"/Length").find(|at| dictionary.get(at + 7).is_some_and(u8::is_ascii_whitespace))? + 7;
    let length = match reference(&dictionary[said..]) {
        Some((number, _)) => objects
            .get(&number)
            .and_then(|(at, _)| first_number(&bytes[memmem::find(&bytes[*at..], b"obj")? + at + 3..])),
        None => first_number(&dictionary[said..]),
    };
    // The end of line before « endstream » is not counted.
    let right = length.is_some_and(|length| length <= data.len() && data[length..].trim_ascii().is_empty());
    let corrected = [&dictionary[..said], format!(" {} /Before", data.len()).as_bytes(), &dictionary[said..]].concat();
    (!right).then_some((corrected, data))
}

fn first_number(bytes: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(bytes.trim_ascii_start().get(..10.min(bytes.trim_ascii_start().len()))?).ok()?;
    text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Where each object begins, by number: (offset, generation).
fn objects(bytes: &[u8]) -> BTreeMap<u32, (usize, u16)> {
    let mut found = BTreeMap::new();
    for at in positions(bytes, b"obj") {
        // Read backwards: « 12 0 obj », not the end of « endobj ».
        let Some((generation, before)) = number_before(&bytes[..at]) else { continue };
        let Some((number, before)) = number_before(&bytes[..before]) else { continue };
        if let (Ok(number), Ok(generation)) = (u32::try_from(number), u16::try_from(generation))
            && number < 8_388_608
            && found.len() < MAX_OBJECTS
        {
            found.insert(number, (before, generation));
        }
    }
    found
}

/// The number at the end of the slice, before white space (at least one byte), and where it begins.
fn number_before(bytes: &[u8]) -> Option<(u64, usize)> {
    let trimmed = bytes.trim_ascii_end();
    let digits = trimmed.iter().rev().take(10).take_while(|byte| byte.is_ascii_digit()).count();
    if trimmed.len() == bytes.len() || digits == 0 {
        return None;
    }
    let start = trimmed.len() - digits;
    let number = std::str::from_utf8(&trimmed[start..]).ok()?.parse().ok()?;
    Some((number, start))
}

/// Whether an object's beginning is that of the document's catalog (§7.7.2).
fn is_catalog(object: &[u8]) -> bool {
    let end = positions(object, b"endobj").next().unwrap_or(object.len());
    positions(&object[..end], b"/Catalog").next().is_some()
}

/// The catalog that a trailer or a cross-reference stream names (it may be inside an object stream).
fn trailer_root(bytes: &[u8]) -> Option<(u32, u16)> {
    positions(bytes, b"/Root").filter_map(|at| reference(&bytes[at + b"/Root".len()..])).last()
}

/// « 12 0 R » at the start of the slice.
fn reference(bytes: &[u8]) -> Option<(u32, u16)> {
    let text = std::str::from_utf8(&bytes[..bytes.len().min(24)]).unwrap_or_default();
    let mut words = text.split_ascii_whitespace();
    let (number, generation, mark) = (words.next()?, words.next()?, words.next()?);
    mark.starts_with('R').then_some(())?;
    Some((number.parse().ok()?, generation.parse().ok()?))
}

/// Every place where `word` begins.
fn positions<'a>(bytes: &'a [u8], word: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    memmem::find_iter(bytes, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q8_a_table_is_rebuilt_from_the_objects_that_are_there() {
        let file = b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << >> endobj\nobj endobj 2 0 obj << /Kids [] >>";
        let rebuilt = String::from_utf8(with_rebuilt_references(file)).unwrap();
        assert!(rebuilt.contains("1 1\n0000000009 00000 n \n2 1\n0000000090 00000 n \n"), "{rebuilt}");
        assert!(rebuilt.contains("<< /Size 3 /Root 1 0 R >>"), "{rebuilt}");
    }

    #[test]
    fn g3_a_stream_whose_length_is_wrong_is_read_to_its_end() {
        for length in ["900", "1", "9 0 R", "-3"] {
            let file = format!(
                "%PDF-1.4\n4 0 obj <</Length {length}/A 1>> stream\r\nBT ET\nendstream endobj 1 0 obj <<>> endobj"
            );
            let rebuilt = String::from_utf8(with_rebuilt_references(file.as_bytes())).unwrap();
            assert!(
                rebuilt.contains(&format!("4 0 obj <</Length 6 /Before {length}/A 1>> stream\nBT ET\n")),
                "{rebuilt}"
            );
        }
        for length in ["5", "2 0 R"] {
            let file =
                format!("4 0 obj <</Length1 3/Length {length}>>stream\nBT ET\nendstream endobj 2 0 obj 5 endobj");
            let rebuilt = String::from_utf8(with_rebuilt_references(file.as_bytes())).unwrap();
            assert!(!rebuilt.contains("/Before"), "{rebuilt}");
        }
    }

    #[test]
    fn q8_a_file_without_objects_gets_an_empty_table() {
        assert!(with_rebuilt_references(b"%PDF-1.4 /Root 7 0 R").ends_with(b"%%EOF\n"));
        assert_eq!(trailer_root(b"/Root 7 0 R>>"), Some((7, 0)));
    }
}
