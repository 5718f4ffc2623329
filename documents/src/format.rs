//! The formats the service knows and the places that accept them (manual §3.1.2, §3.3.4.2, §6.2.2).
//!
//! Only the lists and their texts; `sniff` recognises the format of a file.

use std::fmt;
use std::str::FromStr;

const MEBIBYTE: u64 = 1024 * 1024;

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    Pdf,
    /// Word 6 to 2003 (OLE2 compound file).
    Doc,
    /// Word 2007 and later (Office Open XML, ECMA-376).
    Docx,
    /// OpenDocument text (ISO/IEC 26300).
    Odt,
    Rtf,
    Html,
    Txt,
    /// Excel 5 to 2003 (OLE2 compound file).
    Xls,
    /// Excel 2007 and later (Office Open XML).
    Xlsx,
    Jpeg,
    Png,
}

impl Format {
    /// Every format, in the order lists show them.
    pub const ALL: [Self; 11] = [
        Self::Pdf,
        Self::Doc,
        Self::Docx,
        Self::Odt,
        Self::Rtf,
        Self::Html,
        Self::Txt,
        Self::Xls,
        Self::Xlsx,
        Self::Jpeg,
        Self::Png,
    ];

    /// The name used in the database, on the command line and as canonical extension (without the dot).
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Doc => "doc",
            Self::Docx => "docx",
            Self::Odt => "odt",
            Self::Rtf => "rtf",
            Self::Html => "html",
            Self::Txt => "txt",
            Self::Xls => "xls",
            Self::Xlsx => "xlsx",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    /// Every extension that names this format, the canonical one first.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Doc => &["doc"],
            Self::Docx => &["docx"],
            Self::Odt => &["odt"],
            Self::Rtf => &["rtf"],
            Self::Html => &["html", "htm", "xhtml"],
            Self::Txt => &["txt", "text"],
            Self::Xls => &["xls"],
            Self::Xlsx => &["xlsx"],
            Self::Jpeg => &["jpg", "jpeg", "jpe"],
            Self::Png => &["png"],
        }
    }

    /// The format an extension announces, whatever its case; `None` for an extension we don't know.
    pub fn from_extension(extension: &str) -> Option<Self> {
        let extension = extension.to_ascii_lowercase();
        Self::ALL.into_iter().find(|format| format.extensions().contains(&extension.as_str()))
    }

    /// The media type it is served with. A text is kept as it came, in any encoding: hence no charset here.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Doc => "application/msword",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Rtf => "application/rtf",
            Self::Html => "text/html",
            Self::Txt => "text/plain",
            Self::Xls => "application/vnd.ms-excel",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// What a sentence calls such a file, in French with its article.
    pub fn french(self) -> &'static str {
        match self {
            Self::Pdf => "un document PDF",
            Self::Doc => "un document Word (DOC)",
            Self::Docx => "un document Word (DOCX)",
            Self::Odt => "un document OpenDocument (ODT)",
            Self::Rtf => "un document RTF",
            Self::Html => "une page HTML",
            Self::Txt => "un texte simple (TXT)",
            Self::Xls => "un classeur Excel (XLS)",
            Self::Xlsx => "un classeur Excel (XLSX)",
            Self::Jpeg => "une image JPEG",
            Self::Png => "une image PNG",
        }
    }

    /// Whether `extract` can read its text (the seven formats of SPEC G3).
    pub fn has_text(self) -> bool {
        match self {
            Self::Pdf | Self::Doc | Self::Docx | Self::Odt | Self::Rtf | Self::Html | Self::Txt => true,
            Self::Xls | Self::Xlsx | Self::Jpeg | Self::Png => false,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.extension())
    }
}

/// A name that is no format's canonical extension.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown file format {0:?}")]
pub struct UnknownFormat(pub String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.extension() == name).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// Where a file is uploaded: each place has its list of formats and its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The CV attached to a profile (SPEC I11).
    Cv,
    /// The diplôme attached to a formation initiale (SPEC I11).
    Diplome,
    /// A piece of the dossier administratif (SPEC D3).
    PieceDossier,
    /// A file attached to a support thread (SPEC S5).
    PieceSupport,
    /// The document of an article, which everybody may download (SPEC P4).
    Article,
}

impl Place {
    pub const ALL: [Self; 5] = [Self::Cv, Self::Diplome, Self::PieceDossier, Self::PieceSupport, Self::Article];

    /// The formats accepted here, in the order the manual names them.
    pub fn accepted(self) -> &'static [Format] {
        use Format::{Doc, Docx, Html, Jpeg, Odt, Pdf, Png, Rtf, Txt, Xls, Xlsx};
        match self {
            Self::Cv | Self::Diplome => &[Pdf, Doc, Txt, Rtf, Html, Odt, Docx],
            Self::PieceDossier => &[Pdf, Doc, Docx, Txt, Rtf, Odt, Jpeg, Png],
            Self::PieceSupport => &[Pdf, Doc, Docx, Xls, Xlsx, Jpeg, Png],
            Self::Article => &[Pdf, Doc, Docx, Odt, Rtf, Txt, Xls, Xlsx, Jpeg, Png],
        }
    }

    /// The largest file accepted, in bytes, that size included.
    pub fn max_bytes(self) -> u64 {
        match self {
            Self::Cv | Self::Diplome | Self::PieceSupport => 2 * MEBIBYTE,
            Self::PieceDossier => 5 * MEBIBYTE,
            Self::Article => 10 * MEBIBYTE,
        }
    }

    /// The largest limit of all places, in bytes: nothing bigger is ever stored.
    pub fn largest_max_bytes() -> u64 {
        Self::ALL.into_iter().map(Self::max_bytes).max().unwrap_or(0)
    }

    /// The limit as a person reads it.
    pub fn max_size(self) -> &'static str {
        match self {
            Self::Cv | Self::Diplome | Self::PieceSupport => "2\u{a0}Mo",
            Self::PieceDossier => "5\u{a0}Mo",
            Self::Article => "10\u{a0}Mo",
        }
    }

    /// The accepted formats as a person reads them.
    pub fn formats(self) -> &'static str {
        match self {
            Self::Cv | Self::Diplome => "PDF, DOC, TXT, RTF, HTML, ODT ou DOCX",
            Self::PieceDossier => "PDF, DOC, DOCX, TXT, RTF, ODT, JPG, JPEG ou PNG",
            Self::PieceSupport => "PDF, DOC, DOCX, XLS, XLSX, JPG, JPEG ou PNG",
            Self::Article => "PDF, DOC, DOCX, ODT, RTF, TXT, XLS, XLSX, JPG, JPEG ou PNG",
        }
    }

    /// The hint shown beside the button, before anything is chosen (SPEC Q6).
    pub fn hint(self) -> String {
        format!("Formats acceptés\u{a0}: {}. Taille maximale\u{a0}: {}.", self.formats(), self.max_size())
    }

    /// The value of the `accept` attribute of the file field: extensions and media types.
    pub fn accept_attribute(self) -> String {
        let mut parts = Vec::new();
        for format in self.accepted() {
            parts.extend(format.extensions().iter().map(|extension| format!(".{extension}")));
            parts.push(format.mime().to_owned());
        }
        parts.join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i11_a_cv_or_diplome_is_of_seven_formats_and_two_mebibytes() {
        for place in [Place::Cv, Place::Diplome] {
            assert_eq!(place.max_bytes(), 2_097_152);
            assert_eq!(place.accepted().len(), 7);
            assert!(place.accepted().iter().all(|format| format.has_text()));
            assert_eq!(
                place.hint(),
                "Formats acceptés\u{a0}: PDF, DOC, TXT, RTF, HTML, ODT ou DOCX. Taille maximale\u{a0}: 2\u{a0}Mo."
            );
        }
    }

    #[test]
    fn d3_a_piece_is_of_eight_formats_and_five_mebibytes() {
        assert_eq!(Place::PieceDossier.max_bytes(), 5_242_880);
        assert!(!Place::PieceDossier.accepted().contains(&Format::Html));
        assert!(Place::PieceDossier.accepted().contains(&Format::Jpeg));
    }

    #[test]
    fn p4_a_document_of_an_article_has_ten_mebibytes_and_is_no_page() {
        assert_eq!(Place::Article.max_bytes(), 10_485_760);
        assert_eq!(Place::largest_max_bytes(), 10_485_760);
        assert!(!Place::Article.accepted().contains(&Format::Html));
    }

    #[test]
    fn s5_a_support_attachment_may_be_a_workbook_but_not_a_text() {
        assert_eq!(Place::PieceSupport.max_bytes(), 2_097_152);
        assert!(Place::PieceSupport.accepted().contains(&Format::Xlsx));
        assert!(!Place::PieceSupport.accepted().contains(&Format::Txt));
    }

    #[test]
    fn q6_the_hint_names_every_accepted_format() {
        for place in Place::ALL {
            for format in place.accepted() {
                let name = format.extension().to_uppercase();
                assert!(place.hint().contains(&name), "{place:?} does not say {name}");
                assert!(place.accept_attribute().contains(format.mime()));
            }
        }
    }

    #[test]
    fn i11_extensions_and_names_come_back_to_their_format() {
        for format in Format::ALL {
            assert_eq!(format.extension().parse(), Ok(format));
            for extension in format.extensions() {
                assert_eq!(Format::from_extension(&extension.to_uppercase()), Some(format));
            }
        }
        assert_eq!(Format::from_extension("exe"), None);
    }
}
