//! Photographs of a package (DOCX, XLSX, ODT): each picture is a part of its own, unchanged since it left the camera.
//!
//! All other parts are copied as they are stored, in their order. A signed package is left as it is, like a signed PDF.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::sync::{Mutex, PoisonError};

use zip::result::ZipResult;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::inside::{HEAD_BYTES, cleaned as cleaned_picture, is_picture};
use crate::sniff::{MAX_ENTRIES, MAX_INFLATED, Refusal};

/// Bytes that one picture, or one package inside another, may inflate to.
const MAX_PART_BYTES: u64 = 32 * 1024 * 1024;

/// Packages inside packages that are looked into: a workbook in a letter.
const MAX_DEPTH: u32 = 2;

/// One package at a time, because inflated pictures are held in memory.
static TURN: Mutex<()> = Mutex::new(());

type Package<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The same package without the places of its photographs; `None` when nothing has to change.
pub(super) fn cleaned(bytes: &[u8]) -> Result<Option<Vec<u8>>, Refusal> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    rewritten(bytes, &mut { MAX_INFLATED }, 0)
}

fn rewritten(bytes: &[u8], budget: &mut u64, depth: u32) -> Result<Option<Vec<u8>>, Refusal> {
    let mut package = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Damaged)?;
    if package.len() > MAX_ENTRIES {
        return Err(Refusal::Bomb);
    }
    if package.file_names().flatten().any(|name| is_signature(&name)) {
        return Ok(None);
    }
    let mut changed = BTreeMap::new();
    for index in 0..package.len() {
        if let Some(part) = cleaned_part(&mut package, index, budget, depth)? {
            changed.insert(index, part);
        }
    }
    if changed.is_empty() {
        return Ok(None);
    }
    write(&mut package, &changed).map(Some).map_err(|_| Refusal::Damaged)
}

/// [ECMA-376] part 2 §12 (the folder that Office uses), OpenDocument 1.2 part 3 §5.
fn is_signature(name: &str) -> bool {
    name.starts_with("_xmlsignatures/") || name == "META-INF/documentsignatures.xml"
}

fn cleaned_part(
    package: &mut Package<'_>,
    index: usize,
    budget: &mut u64,
    depth: u32,
) -> Result<Option<Vec<u8>>, Refusal> {
    let mut entry = package.by_index(index).map_err(|_| Refusal::Damaged)?;
    let mut bytes = Vec::new();
    entry.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut bytes).map_err(|_| Refusal::Damaged)?;
    let is_package = depth < MAX_DEPTH && bytes.starts_with(b"PK\x03\x04");
    if !is_package && !is_picture(&bytes) {
        return Ok(None);
    }
    let most = MAX_PART_BYTES.min(*budget);
    entry.take((most + 1).saturating_sub(bytes.len() as u64)).read_to_end(&mut bytes).map_err(|_| Refusal::Damaged)?;
    if bytes.len() as u64 > most {
        return Err(Refusal::Bomb);
    }
    *budget -= bytes.len() as u64;
    if !is_package {
        return Ok(cleaned_picture(&bytes));
    }
    match rewritten(&bytes, budget, depth + 1) {
        Err(Refusal::Bomb) => Err(Refusal::Bomb),
        // No program opens a damaged one, so it is left as it is.
        Err(_) => Ok(None),
        Ok(cleaned) => Ok(cleaned),
    }
}

fn write(package: &mut Package<'_>, changed: &BTreeMap<usize, Vec<u8>>) -> ZipResult<Vec<u8>> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..package.len() {
        let entry = package.by_index_raw(index)?;
        if let Some(bytes) = changed.get(&index) {
            let (name, mut options) = (entry.name()?.into_owned(), entry.options());
            // Deflating a photograph takes most of the time and gains next to nothing.
            if entry.compressed_size() >= entry.size() / 20 * 19 {
                options = options.compression_method(CompressionMethod::Stored);
            }
            drop(entry);
            out.start_file(name, options)?;
            out.write_all(bytes)?;
        } else {
            out.raw_copy_file(entry)?;
        }
    }
    Ok(out.finish()?.into_inner())
}
