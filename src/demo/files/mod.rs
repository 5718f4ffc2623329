//! The demonstration's attached files: one text, written in any of the seven formats a CV may have.
//!
//! Every writer is pure (the same text gives the same bytes) and writes a genuine file of its format, so that readers
//! have the same work as with a real person's file. Nothing here reads a file: `documents` extracts text.

mod doc;
mod doc_formatting;
mod doc_styles;
mod layout;
mod markup;
mod office;
mod pdf;
mod windows1252;

#[cfg(all(test, feature = "external"))]
mod external_tests;
#[cfg(test)]
mod tests;

use std::fmt;

/// The formats in which a CV or a diplôme may be attached (SPEC I11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// Portable Document Format 1.4.
    Pdf,
    /// Word 97-2003 binary, in an OLE2 compound file.
    Doc,
    /// Office Open XML text.
    Docx,
    Odt,
    /// Rich Text Format 1.9.
    Rtf,
    /// HTML 5, UTF-8.
    Html,
    /// Plain text, UTF-8, lines ended by CR LF.
    Txt,
}

impl Format {
    /// All seven, in the order of the manual's sentence on attached CVs.
    #[cfg(test)]
    pub const ALL: [Self; 7] = [Self::Pdf, Self::Doc, Self::Docx, Self::Odt, Self::Rtf, Self::Html, Self::Txt];

    /// The usual end of a file's name, without its dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Doc => "doc",
            Self::Docx => "docx",
            Self::Odt => "odt",
            Self::Rtf => "rtf",
            Self::Html => "html",
            Self::Txt => "txt",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.extension())
    }
}

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The standard fonts of the PDF know only Windows-1252.
    #[error("the character {0:?} does not exist in Windows-1252, which a standard PDF font needs")]
    Unencodable(char),
    /// A container (ZIP or OLE2) could not be written in memory.
    #[error("the container could not be written: {0}")]
    Container(#[from] std::io::Error),
    /// A ZIP entry was refused by the writer.
    #[error("the archive could not be written: {0}")]
    Archive(#[from] zip::result::ZipError),
    /// The text is too long for the tables this writer makes.
    #[error("the text is too long for this writer: {0} bytes")]
    TooLong(usize),
}

/// Writes `text` as a file of `format` with the given document title.
///
/// A line is a paragraph; a line without any lower-case letter is shown as a heading; a line that begins with
/// `• ` stays a line of its own; an empty line separates.
///
/// # Errors
/// [`Error::Unencodable`] for a character a standard PDF font lacks; the others do not happen with texts of
/// a few megabytes.
pub fn write(format: Format, title: &str, text: &str) -> Result<Vec<u8>, Error> {
    match format {
        Format::Pdf => pdf::write(title, text),
        Format::Doc => doc::write(title, text),
        Format::Docx => office::write_docx(title, text),
        Format::Odt => office::write_odt(title, text),
        Format::Rtf => Ok(markup::write_rtf(title, text)),
        Format::Html => Ok(markup::write_html(title, text)),
        Format::Txt => Ok(text.replace('\n', "\r\n").into_bytes()),
    }
}

/// Whether a line is a heading: it has letters and none is lower case.
fn is_heading(line: &str) -> bool {
    line.chars().any(char::is_alphabetic) && !line.chars().any(char::is_lowercase)
}
