//! PDF (ISO 32000-1): lopdf opens the file, a walk of ours over its operators reads it.
//!
//! `docs/decisions.md` says what this was weighed against. What can't be read costs itself, never the text around it: a file whose
//! cross-references are broken is opened again behind rebuilt ones, and each page is read under `catch_unwind`.

mod cmap;
mod font;
mod glyphs;
mod layout;
mod lexer;
mod matrix;
mod metrics;
mod object;
mod page;
mod repair;

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Document, Object};

use super::Unreadable;
use super::text_sink::TextSink;
use crate::photo::has_place;
use page::Reader;
use repair::with_rebuilt_references;

/// Pages read; `MAX_TEXT_BYTES` is reached long before in any real file.
const MAX_PAGES: usize = 1_000;

pub(super) fn read(bytes: &[u8], sink: &mut TextSink) -> Result<(), Unreadable> {
    let found = match open(bytes) {
        Ok(document) => Found::of(&document),
        Err(Unreadable::Encrypted) => return Err(Unreadable::Encrypted),
        Err(_) => Found::default(),
    };
    // No text may also mean scanned pages: then the second look finds no more than the first.
    let best = if found.with_text == 0 || found.left_out {
        match open(&with_rebuilt_references(bytes)).map(|document| Found::of(&document)) {
            Ok(again) if again.sink.len() > found.sink.len() || found.read == 0 => again,
            Err(error) if found.read == 0 => return Err(error),
            _ => found,
        }
    } else {
        found
    };
    if best.read == 0 {
        return Err(Unreadable::damaged("no page could be read"));
    }
    *sink = best.sink;
    if best.left_out {
        sink.leave_out();
    }
    Ok(())
}

/// Whether an encrypted file opens without a password, and none of its pictures says where it was taken: what is encrypted is
/// kept as it came, so nothing could be removed from it.
pub(super) fn check_locked(bytes: &[u8]) -> Result<(), Unreadable> {
    let document = open(bytes)?;
    if document.get_pages().is_empty() {
        return Err(Unreadable::damaged("no page"));
    }
    let place = |object: &Object| match object {
        Object::Stream(stream) => {
            has_place(&stream.content) || object::bytes(&document, stream).is_some_and(|bytes| has_place(&bytes))
        }
        _ => false,
    };
    if document.objects.values().any(place) { Err(Unreadable::Places) } else { Ok(()) }
}

/// Loads and, when the empty password is enough, decrypts.
fn open(bytes: &[u8]) -> Result<Document, Unreadable> {
    let loaded = catch_unwind(|| {
        let mut document = Document::load_mem(bytes).map_err(|error| match error {
            lopdf::Error::Decryption(_) | lopdf::Error::InvalidPassword => Unreadable::Encrypted,
            error => Unreadable::damaged(error),
        })?;
        if document.is_encrypted() {
            document.decrypt("").map_err(|_| Unreadable::Encrypted)?;
        }
        Ok(document)
    });
    loaded.unwrap_or_else(|_| Err(Unreadable::damaged("the parser panicked")))
}

/// What the pages of a file gave.
#[derive(Default)]
struct Found {
    sink: TextSink,
    read: usize,
    with_text: usize,
    left_out: bool,
}

impl Found {
    fn of(document: &Document) -> Self {
        let mut found = Self::default();
        let ids = catch_unwind(AssertUnwindSafe(|| document.get_pages())).unwrap_or_default();
        let mut reader = Reader::new(document);
        found.left_out = ids.len() > MAX_PAGES;
        for (number, id) in ids.iter().take(MAX_PAGES) {
            if found.sink.is_full() {
                break;
            }
            let Ok(page) = document.get_dictionary(*id) else {
                found.left_out = true;
                continue;
            };
            let mut pieces = Vec::new();
            let whole = catch_unwind(AssertUnwindSafe(|| reader.page(page, &mut pieces))).is_ok();
            found.left_out |= !whole;
            // What a page gave before it failed stays: half a page is better than none.
            found.read += usize::from(whole || !pieces.is_empty());
            let has_text = layout::write(pieces, &mut found.sink);
            found.with_text += usize::from(has_text);
            if !has_text && reader.showed_picture {
                found.sink.picture_page(*number);
            }
            found.sink.paragraph();
        }
        found.left_out |= reader.left_out();
        found
    }
}
