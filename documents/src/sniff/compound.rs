//! Looks into an OLE2 compound file ([MS-CFB]): Word, Excel, encrypted files, files with macros.

use std::io::{self, Read, Seek, SeekFrom};

use super::Refusal;
use crate::format::Format;

/// `wIdent` of a Word document from 97 on, and of Word 6/95 ([MS-DOC] §2.5.1).
const WORD_97: u16 = 0xa5ec;
const WORD_6: [u16; 3] = [0xa5dc, 0xa59b, 0xa59c];

/// Bit of the FIB's flags (offset 10) that says the text is encrypted or obfuscated.
const FIB_ENCRYPTED: u16 = 0x0100;

/// BIFF record that begins the encryption of a workbook ([MS-XLS] §2.4.117); it stands among the first.
const FILEPASS: u16 = 0x002f;
const RECORDS_LOOKED_AT: usize = 64;

pub(super) fn recognise<F: Read + Seek>(file: &mut F) -> io::Result<Result<Format, Refusal>> {
    file.seek(SeekFrom::Start(0))?;
    let Ok(mut compound) = cfb::CompoundFile::open(file) else {
        return Ok(Err(Refusal::Damaged));
    };
    let mut has_macros = false;
    let mut kind = None;
    for entry in compound.read_root_storage() {
        match entry.name() {
            "EncryptedPackage" => return Ok(Err(Refusal::Encrypted { format: Format::Docx })),
            "Macros" | "_VBA_PROJECT_CUR" | "VBA" => has_macros = true,
            "WordDocument" => kind = Some(Kind::Word),
            "Workbook" | "Book" => kind = kind.or(Some(Kind::Excel(entry.name().to_owned()))),
            "PowerPoint Document" => kind = kind.or(Some(Kind::Foreign("une présentation PowerPoint"))),
            "__properties_version1.0" => kind = kind.or(Some(Kind::Foreign("un message Outlook"))),
            _ => {}
        }
    }
    if has_macros {
        return Ok(Err(Refusal::Macros));
    }
    Ok(match kind {
        Some(Kind::Word) => word(&mut compound),
        Some(Kind::Excel(stream)) => excel(&mut compound, &stream),
        Some(Kind::Foreign(kind)) => Err(Refusal::Foreign { kind }),
        None => Err(Refusal::Unknown),
    })
}

enum Kind {
    Word,
    Excel(String),
    Foreign(&'static str),
}

fn word<F: Read + Seek>(compound: &mut cfb::CompoundFile<F>) -> Result<Format, Refusal> {
    let mut fib = [0; 12];
    let read = compound.open_stream("/WordDocument").and_then(|mut stream| stream.read_exact(&mut fib));
    if read.is_err() {
        return Err(Refusal::Damaged);
    }
    let ident = u16::from_le_bytes([fib[0], fib[1]]);
    if ident != WORD_97 && !WORD_6.contains(&ident) {
        return Err(Refusal::Damaged);
    }
    if u16::from_le_bytes([fib[10], fib[11]]) & FIB_ENCRYPTED != 0 {
        return Err(Refusal::Encrypted { format: Format::Doc });
    }
    Ok(Format::Doc)
}

fn excel<F: Read + Seek>(compound: &mut cfb::CompoundFile<F>, name: &str) -> Result<Format, Refusal> {
    let Ok(mut stream) = compound.open_stream(format!("/{name}")) else {
        return Err(Refusal::Damaged);
    };
    for record in 0..RECORDS_LOOKED_AT {
        let mut header = [0; 4];
        if stream.read_exact(&mut header).is_err() {
            return if record == 0 { Err(Refusal::Damaged) } else { Ok(Format::Xls) };
        }
        if u16::from_le_bytes([header[0], header[1]]) == FILEPASS {
            return Err(Refusal::Encrypted { format: Format::Xls });
        }
        let length = i64::from(u16::from_le_bytes([header[2], header[3]]));
        if stream.seek(SeekFrom::Current(length)).is_err() {
            return Err(Refusal::Damaged);
        }
    }
    Ok(Format::Xls)
}
