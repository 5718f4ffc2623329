//! The text inside a file, for the CV-thèque's index (SPEC G3).
//!
//! One reader per format, all pure functions from bytes to a `TextSink`. They only ever run in a child process that
//! has limited its own memory, CPU time and files first (`child`); the server starts it and reads the answer
//! (`extractor`). No reader is called in the server's process.

mod archive;
mod child;
mod decode;
mod doc;
mod doc_fib;
mod doc_formatting;
mod docx;
mod extractor;
mod hiding;
mod html;
mod html_entities;
mod mime;
mod odt;
mod pdf;
mod recognition;
mod relations;
mod rtf;
mod rtf_charset;
mod text_sink;
mod txt;
mod xml;

pub use child::{ChildTask, MAX_INPUT_BYTES, UsageError, Work, run_child};
pub use extractor::{ExtractError, Extracted, Extractor, Limits};
pub use recognition::recognition_is_installed;
pub use text_sink::MAX_TEXT_BYTES;

use crate::format::Format;
use text_sink::TextSink;

/// Why a reader gave up on a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Unreadable {
    /// The bytes aren't what the format says; the text is the detail for the log.
    #[error("damaged: {0}")]
    Damaged(String),
    #[error("encrypted")]
    Encrypted,
    #[error("no text in this format")]
    NoText,
    /// A locked PDF with a photograph that says where it was taken.
    #[error("a place in a locked file")]
    Places,
}

impl Unreadable {
    fn damaged(what: impl ToString) -> Self {
        Self::Damaged(what.to_string())
    }
}

/// Reads the text of `bytes` into `sink`.
fn read_text(format: Format, bytes: &[u8], sink: &mut TextSink) -> Result<(), Unreadable> {
    match format {
        Format::Pdf => pdf::read(bytes, sink),
        Format::Doc => doc::read(bytes, sink),
        Format::Docx => docx::read(bytes, sink),
        Format::Odt => odt::read(bytes, sink),
        Format::Rtf => rtf::read(bytes, sink),
        Format::Html => {
            html::read(bytes, sink);
            Ok(())
        }
        Format::Txt => {
            txt::read(bytes, sink);
            Ok(())
        }
        Format::Xls | Format::Xlsx | Format::Jpeg | Format::Png => Err(Unreadable::NoText),
    }
}

#[cfg(test)]
fn text_of(format: Format, bytes: &[u8]) -> String {
    let mut sink = TextSink::default();
    read_text(format, bytes, &mut sink).unwrap();
    sink.finish().0
}
