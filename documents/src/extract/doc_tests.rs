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
    main[fib::CLX_OFFSET..fib::CLX_OFFSET + 4].copy_from_slice(&table_offset.to_le_bytes());
    main[fib::CLX_BYTES..fib::CLX_BYTES + 4].copy_from_slice(&(clx.len() as u32).to_le_bytes());
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
        main[fib::CLX_BYTES] = 40;
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
