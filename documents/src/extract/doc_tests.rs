//! DOC files built byte by byte: what current programs no longer write but people still have.

use std::io::{Cursor, Write};

use super::super::text_of;
use super::*;
use crate::format::Format;

/// A run of text as a piece: compressed (cp1252) or UTF-16.
enum Run<'a> {
    Narrow(&'a [u8]),
    Wide(&'a str),
}

/// A Word 97 document of those pieces; a Prc stands before the piece table, as after a fast save.
fn word_97(runs: &[Run], lengths: [u32; 8], flags: u16) -> Vec<u8> {
    let mut main = vec![0; 0x400];
    main[..2].copy_from_slice(&WORD_97.to_le_bytes());
    main[fib::FLAGS..fib::FLAGS + 2].copy_from_slice(&flags.to_le_bytes());
    for (index, length) in lengths.iter().enumerate() {
        let at = fib::LENGTHS + 4 * index;
        main[at..at + 4].copy_from_slice(&length.to_le_bytes());
    }
    let (mut positions, mut descriptors, mut position) = (0u32.to_le_bytes().to_vec(), Vec::new(), 0u32);
    for run in runs {
        let place = match run {
            Run::Narrow(bytes) => {
                let place = (main.len() as u32 * 2) | 0x4000_0000;
                main.extend_from_slice(bytes);
                position += bytes.len() as u32;
                place
            }
            Run::Wide(text) => {
                let place = main.len() as u32;
                main.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
                position += text.encode_utf16().count() as u32;
                place
            }
        };
        positions.extend(position.to_le_bytes());
        descriptors.extend([0, 0]);
        descriptors.extend(place.to_le_bytes());
        descriptors.extend([0, 0]);
    }
    let mut clx = vec![1, 3, 0, 9, 9, 9, 2];
    clx.extend(((positions.len() + descriptors.len()) as u32).to_le_bytes());
    clx.extend(positions);
    clx.extend(descriptors);
    let table_offset = 16u32;
    main[fib::CLX..fib::CLX + 4].copy_from_slice(&table_offset.to_le_bytes());
    main[fib::CLX + 4..fib::CLX + 8].copy_from_slice(&(clx.len() as u32).to_le_bytes());
    let table = [vec![0xee; table_offset as usize], clx].concat();
    compound(&[("/WordDocument", &main), (if flags & FLAG_TABLE_1 != 0 { "/1Table" } else { "/0Table" }, &table)])
}

fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, content) in streams {
        file.create_stream(name).unwrap().write_all(content).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn read_result(bytes: &[u8]) -> Result<(), Unreadable> {
    read(bytes, &mut TextSink::default())
}

#[test]
fn g3_pieces_of_both_encodings_are_joined_in_order() {
    let runs = [Run::Narrow(b"L\x92\x9cuvre \xe0 5 \x80 de "), Run::Wide("l’été\r"), Run::Narrow(b"Fin\r")];
    for flags in [0, FLAG_TABLE_1] {
        assert_eq!(
            text_of(Format::Doc, &word_97(&runs, [28, 0, 0, 0, 0, 0, 0, 0], flags)),
            "L’œuvre à 5 € de l’été\nFin"
        );
    }
}

#[test]
fn g3_field_codes_are_hidden_and_their_results_shown() {
    let text = "Voir \u{13} HYPERLINK \"http://cache\" \u{13} PAGE \u{14}7\u{15} \u{14}ma page\u{15} ici\r";
    assert_eq!(text_of(Format::Doc, &word_97(&[Run::Wide(text)], [60, 0, 0, 0, 0, 0, 0, 0], 0)), "Voir ma page ici");
}

#[test]
fn g3_cells_are_words_and_rows_are_lines() {
    let text = "Année\u{7}Poste\u{7}\u{7}2019\u{7}Mairie\u{7}\u{7}non\u{1e}titulaire pré\u{1f}vention\r";
    assert_eq!(
        text_of(Format::Doc, &word_97(&[Run::Wide(text)], [60, 0, 0, 0, 0, 0, 0, 0], 0)),
        "Année Poste\n2019 Mairie\nnon-titulaire prévention"
    );
}

#[test]
fn g3_comments_are_left_out_and_notes_kept() {
    let bytes = word_97(&[Run::Narrow(b"texte\rnote\rsecret\rfinale\r")], [6, 5, 0, 0, 7, 7, 0, 0], 0);
    assert_eq!(text_of(Format::Doc, &bytes), "texte\nnote\nfinale");
}

#[test]
fn g3_word_6_without_fast_save_is_read() {
    let mut main = vec![0; 0x300];
    main[..2].copy_from_slice(&WORD_6[0].to_le_bytes());
    main[fib::FIRST_CHARACTER..fib::FIRST_CHARACTER + 4].copy_from_slice(&0x300u32.to_le_bytes());
    main[fib::LAST_CHARACTER..fib::LAST_CHARACTER + 4].copy_from_slice(&0x305u32.to_le_bytes());
    main.extend(b"\xe9t\xe9 \x8crebut");
    assert_eq!(text_of(Format::Doc, &compound(&[("/WordDocument", &main)])), "été Œ");
}

#[test]
fn q8_an_encrypted_doc_says_so() {
    assert_eq!(read_result(&word_97(&[Run::Narrow(b"x")], [1; 8], FLAG_ENCRYPTED)), Err(Unreadable::Encrypted));
}

#[test]
fn q8_a_truncated_fib_is_an_error() {
    for length in [0, 1, 11, 0x4d, 0x1a3, 0x1a9] {
        let mut main = vec![0; 0x400];
        main[..2].copy_from_slice(&WORD_97.to_le_bytes());
        main[fib::CLX + 4] = 40;
        main.truncate(length);
        let bytes = compound(&[("/WordDocument", &main), ("/0Table", &[0; 8])]);
        assert!(matches!(read_result(&bytes), Err(Unreadable::Damaged(_))), "{length}");
    }
}

#[test]
fn q8_a_lying_piece_table_is_an_error() {
    assert!(piece_table(&[1, 255, 255, 0]).is_err());
    assert!(piece_table(&[2, 255, 255, 255, 255, 0]).is_err());
    let backwards: Vec<u8> = [5u32, 2, 0, 0, 0].into_iter().flat_map(u32::to_le_bytes).collect();
    assert!(pieces(&backwards[..16]).is_err());
}

/// A page of formatting: ranges, and for each what the page keeps of it.
fn formatting_page(ranges: &[(u32, u32)], entry_bytes: usize, kept: &[Vec<u8>]) -> Vec<u8> {
    let mut page = vec![0; 512];
    let starts = ranges.iter().map(|range| range.0).chain(ranges.last().map(|range| range.1));
    for (index, start) in starts.enumerate() {
        page[4 * index..4 * index + 4].copy_from_slice(&start.to_le_bytes());
    }
    let mut end = 510;
    for (index, kept) in kept.iter().enumerate().filter(|(_, kept)| !kept.is_empty()) {
        end = (end - kept.len()) & !1;
        page[end..end + kept.len()].copy_from_slice(kept);
        page[4 * (ranges.len() + 1) + entry_bytes * index] = (end / 2) as u8;
    }
    page[511] = ranges.len() as u8;
    page
}

/// The formatting of characters: length, then modifiers.
fn chpx(modifiers: &[u8]) -> Vec<u8> {
    [&[modifiers.len() as u8], modifiers].concat()
}

/// A style sheet of those kinds (1 paragraph, 2 character), parents and modifiers.
fn style_sheet(styles: &[(u16, u16, &[u8])]) -> Vec<u8> {
    let header: Vec<u8> =
        [styles.len() as u16, 10, 0, 0, 0, 0, 0, 0, 0].into_iter().flat_map(u16::to_le_bytes).collect();
    let mut sheet = [&(header.len() as u16).to_le_bytes()[..], &header].concat();
    for (kind, parent, modifiers) in styles {
        let mut style: Vec<u8> =
            [0, kind | parent << 4, 0, 0, 0, 1, 0x61, 0].into_iter().flat_map(u16::to_le_bytes).collect();
        if *kind == 1 {
            style.extend([2, 0, 0, 0]);
        }
        style.extend((modifiers.len() as u16).to_le_bytes());
        style.extend(*modifiers);
        sheet.extend((style.len() as u16).to_le_bytes());
        sheet.extend(&style);
        sheet.extend(vec![0; style.len() % 2]);
    }
    sheet
}

const VANISH: [u8; 3] = [0x3c, 0x08, 1];
const NO_PARENT: u16 = 0x0fff;

/// A document of one narrow piece in words of two letters, formatted by those modifiers and paragraph styles.
fn formatted(text: &[u8], runs: &[&[u8]], paragraphs: &[u16], styles: &[(u16, u16, &[u8])]) -> Vec<u8> {
    let plain = word_97(&[Run::Narrow(text)], [text.len() as u32, 0, 0, 0, 0, 0, 0, 0], 0);
    let mut file = cfb::CompoundFile::open(Cursor::new(plain)).unwrap();
    let mut read = |name: &str| {
        let mut content = Vec::new();
        file.open_stream(name).unwrap().read_to_end(&mut content).unwrap();
        content
    };
    let (mut main, mut table) = (read("/WordDocument"), read("/0Table"));
    let start = 0x400u32;
    main.resize(0x600, 0);
    let ranges = |count: usize, width: u32| -> Vec<(u32, u32)> {
        (0..count as u32).map(|index| (start + width * index, start + width * (index + 1))).collect()
    };
    let kept: Vec<Vec<u8>> = runs.iter().map(|run| if run.is_empty() { Vec::new() } else { chpx(run) }).collect();
    main.extend(formatting_page(&ranges(runs.len(), 2), 1, &kept));
    // Two words more: the first byte counts words, less one byte.
    let kept: Vec<Vec<u8>> = paragraphs.iter().map(|style| [&[2], &style.to_le_bytes()[..], &[0]].concat()).collect();
    main.extend(formatting_page(
        &ranges(paragraphs.len(), text.len() as u32 / paragraphs.len().max(1) as u32),
        13,
        &kept,
    ));
    for (place, content) in [
        (fib::PLCF_BTE_CHPX, [start, 0x500, 3].into_iter().flat_map(u32::to_le_bytes).collect()),
        (fib::PLCF_BTE_PAPX, [start, 0x500, 4].into_iter().flat_map(u32::to_le_bytes).collect()),
        (fib::STSHF, style_sheet(styles)),
    ] {
        let content: Vec<u8> = content;
        main[place..place + 4].copy_from_slice(&(table.len() as u32).to_le_bytes());
        main[place + 4..place + 8].copy_from_slice(&(content.len() as u32).to_le_bytes());
        table.extend(content);
    }
    compound(&[("/WordDocument", &main), ("/0Table", &table)])
}

#[test]
fn g3_hidden_and_deleted_runs_are_not_read() {
    let with_others = [0x43, 0x4a, 24, 0, 0x08, 0xd6, 2, 9, 9, 0x3c, 0x08, 1];
    let runs: [&[u8]; 7] =
        [&[], &VANISH, &[0x3c, 0x08, 0], &with_others, &[0x00, 0x08, 1], &[0x3c, 0x08, 0x80], &[0x3c, 0x08, 0x81]];
    assert_eq!(text_of(Format::Doc, &formatted(b"aaBBccDDEEffGG", &runs, &[], &[])), "aaccff");
}

#[test]
fn g3_hidden_text_keeps_the_marks_of_fields_and_cells() {
    let text = b"a\x13X\x14b\x15\x07\x07cdef";
    assert_eq!(text_of(Format::Doc, &formatted(text, &[&[], &VANISH, &[], &VANISH], &[], &[])), "ab\ncdef");
}

#[test]
fn g3_styles_of_a_doc_that_hide_are_followed() {
    let styles: [(u16, u16, &[u8]); 5] =
        [(1, NO_PARENT, &[]), (2, NO_PARENT, &VANISH), (2, 1, &[]), (2, 1, &[0x3c, 0x08, 0]), (1, NO_PARENT, &VANISH)];
    let style = |number: u8| [0x30, 0x4a, number, 0];
    let (hides, child, shows) = (style(1), style(2), style(3));
    let runs: [&[u8]; 8] = [&[], &hides, &child, &shows, &[], &[0x3c, 0x08, 0], &hides, &[0x3c, 0x08, 0x81]];
    let bytes = formatted(b"aaBBCCddEEffgghh", &runs, &[0, 4], &styles);
    assert_eq!(text_of(Format::Doc, &bytes), "aaddffgghh");
}

#[test]
fn q8_formatting_that_cannot_be_read_hides_nothing() {
    let whole = formatted(b"aaBBcc", &[&[], &VANISH, &[]], &[0], &[(1, NO_PARENT, &VANISH)]);
    for place in [fib::STSHF, fib::PLCF_BTE_CHPX, fib::PLCF_BTE_PAPX] {
        for value in [u32::MAX, 0x7fff_ffff, 1, 0] {
            for at in [place, place + 4] {
                let mut file = cfb::CompoundFile::open(Cursor::new(whole.clone())).unwrap();
                let mut stream = file.open_stream("/WordDocument").unwrap();
                std::io::Seek::seek(&mut stream, std::io::SeekFrom::Start(at as u64)).unwrap();
                stream.write_all(&value.to_le_bytes()).unwrap();
                drop(stream);
                let bytes = file.into_inner().into_inner();
                assert!(read_result(&bytes).is_ok(), "{place:x} {value:x}");
            }
        }
    }
    // A page number beyond the stream, an operand cut short.
    assert_eq!(text_of(Format::Doc, &formatted(b"aabb", &[&[0x3c], &[0x08, 0xd6, 200]], &[], &[])), "aabb");
}
