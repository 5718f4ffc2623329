//! Looks into a ZIP container: OOXML and OpenDocument, encryption, macros, bombs.
//!
//! Every entry is inflated once into nothing and counted, within fixed bounds: the sizes that an archive declares are
//! checked first, but not trusted.

use std::collections::HashSet;
use std::io::{self, Read, Seek, SeekFrom};

use zip::ZipArchive;

use super::Refusal;
use crate::format::Format;

/// More parts than any document of a few megabytes has.
pub(crate) const MAX_ENTRIES: usize = 2_000;

/// Bytes all parts may inflate to: twenty times the biggest file accepted.
pub(crate) const MAX_INFLATED: u64 = 100 * 1024 * 1024;

/// Inflated over stored, for a part beyond `RATIO_FROM` bytes. XML of documents stays under 60; deflate's own ceiling
/// is 1032.
const MAX_RATIO: u64 = 200;
const RATIO_FROM: u64 = 1024 * 1024;

/// Bytes read of the few small parts that say what the package is.
const MAX_DESCRIPTION: u64 = 1024 * 1024;

/// Recognises the document inside a ZIP file.
pub(super) fn recognise<F: Read + Seek>(file: &mut F) -> io::Result<Result<Format, Refusal>> {
    file.seek(SeekFrom::Start(0))?;
    let Ok(mut archive) = ZipArchive::new(file) else {
        return Ok(Err(Refusal::Damaged));
    };
    if archive.len() > MAX_ENTRIES {
        return Ok(Err(Refusal::Bomb));
    }
    Ok(describe(&mut archive).and_then(|format| inflate_all(&mut archive).map(|()| format)))
}

/// The format by content types or mimetype; also finds encryption and macros by the names of the parts.
fn describe<F: Read + Seek>(archive: &mut ZipArchive<F>) -> Result<Format, Refusal> {
    let mut has_macros = false;
    let mut declared: u64 = 0;
    let mut names = HashSet::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| Refusal::Damaged)?;
        if entry.encrypted() {
            return Err(Refusal::Encrypted { format: Format::Docx });
        }
        declared = declared.saturating_add(entry.size());
        let name = String::from_utf8_lossy(entry.name_raw()).to_lowercase();
        has_macros |= name.ends_with("vbaproject.bin") || is_odf_macro(&name);
        names.insert(name);
    }
    if declared > MAX_INFLATED {
        return Err(Refusal::Bomb);
    }
    // A package that names its format but has no main part: no program opens it.
    let mut holds = true;
    let format = if let Some(types) = part(archive, "[Content_Types].xml")? {
        holds &= main_part(&types).is_none_or(|part| names.contains(&part));
        office_format(&types)?
    } else if let Some(mimetype) = part(archive, "mimetype")? {
        let format = open_document_format(mimetype.trim())?;
        let manifest = part(archive, "META-INF/manifest.xml")?.unwrap_or_default();
        if manifest.contains("encryption-data") {
            return Err(Refusal::Encrypted { format });
        }
        holds &= names.contains("content.xml");
        format
    } else {
        return Err(Refusal::Foreign { kind: "une archive ZIP" });
    };
    match format {
        _ if has_macros => Err(Refusal::Macros),
        _ if !holds => Err(Refusal::Damaged),
        format => Ok(format),
    }
}

/// Basic libraries and scripts of OpenDocument; the two index files of an empty library are no macro.
fn is_odf_macro(name: &str) -> bool {
    let inside = name.starts_with("basic/") || name.starts_with("scripts/");
    inside && !name.ends_with('/') && !name.ends_with("script-lb.xml") && !name.ends_with("script-lc.xml")
}

/// The main part's content type ([ECMA-376] part 1 §11, §12), in its usual and strict forms.
fn office_format(types: &str) -> Result<Format, Refusal> {
    let types = types.to_ascii_lowercase();
    if types.contains("macroenabled") || types.contains("vbaproject") {
        return Err(Refusal::Macros);
    }
    if types.contains("wordprocessingml.document.main+xml") {
        Ok(Format::Docx)
    } else if types.contains("spreadsheetml.sheet.main+xml") {
        Ok(Format::Xlsx)
    } else if types.contains("presentationml") {
        Err(Refusal::Foreign { kind: "une présentation PowerPoint" })
    } else if types.contains("template.main+xml") {
        Err(Refusal::Foreign { kind: "un modèle de document" })
    } else {
        Err(Refusal::Unknown)
    }
}

/// The name of the main part, in lower case, without its first slash; none when the types don't name one.
fn main_part(types: &str) -> Option<String> {
    let types = types.to_ascii_lowercase();
    let elements = types.split('<').filter(|element| element.starts_with("override"));
    let main = elements.filter(|element| element.contains("main+xml")).find_map(|element| {
        let named = element.split("partname").nth(1)?.trim_start().strip_prefix('=')?.trim_start();
        let quote = named.chars().next().filter(|&sign| matches!(sign, '"' | '\''))?;
        named[1..].split(quote).next()
    })?;
    Some(main.trim_start_matches('/').to_owned())
}

fn open_document_format(mimetype: &str) -> Result<Format, Refusal> {
    match mimetype {
        "application/vnd.oasis.opendocument.text" => Ok(Format::Odt),
        "application/vnd.oasis.opendocument.spreadsheet" => Err(Refusal::Foreign { kind: "un classeur OpenDocument" }),
        "application/vnd.oasis.opendocument.presentation" => {
            Err(Refusal::Foreign { kind: "une présentation OpenDocument" })
        }
        "application/vnd.oasis.opendocument.text-template" => Err(Refusal::Foreign { kind: "un modèle de document" }),
        "application/epub+zip" => Err(Refusal::Foreign { kind: "un livre EPUB" }),
        _ => Err(Refusal::Unknown),
    }
}

/// A small part's text, `None` when the package has no such part.
fn part<F: Read + Seek>(archive: &mut ZipArchive<F>, name: &str) -> Result<Option<String>, Refusal> {
    let Some(index) = archive.index_for_name(name) else {
        return Ok(None);
    };
    let entry = archive.by_index(index).map_err(|_| Refusal::Damaged)?;
    let mut bytes = Vec::new();
    entry.take(MAX_DESCRIPTION).read_to_end(&mut bytes).map_err(|_| Refusal::Damaged)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Inflates every part, keeping nothing, and refuses what goes beyond the bounds or doesn't inflate.
fn inflate_all<F: Read + Seek>(archive: &mut ZipArchive<F>) -> Result<(), Refusal> {
    let mut buffer = vec![0; 64 * 1024];
    let mut total: u64 = 0;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|_| Refusal::Damaged)?;
        let stored = entry.compressed_size().max(1);
        let mut inflated: u64 = 0;
        loop {
            let read = entry.read(&mut buffer).map_err(|_| Refusal::Damaged)? as u64;
            if read == 0 {
                break;
            }
            inflated += read;
            total += read;
            if total > MAX_INFLATED || (inflated > RATIO_FROM && inflated / stored > MAX_RATIO) {
                return Err(Refusal::Bomb);
            }
        }
    }
    Ok(())
}
