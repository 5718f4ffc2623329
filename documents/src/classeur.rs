//! Tables as an Excel workbook (XLSX, ECMA-376).
//!
//! Every cell is written as text: what people typed is never a formula, whatever it begins with. The mark « quoted » is
//! set where a program that takes it for typed text would make one of it (a cell that is edited, a copy saved as CSV).

use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// What begins a formula for some spreadsheet program, or hides one (OWASP, « CSV injection »).
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// Characters in one cell (limit of the format).
const CELL_MAX: usize = 32_767;
/// Width of a column, in characters.
const WIDTHS: (usize, usize) = (8, 60);

/// A sheet of a workbook.
#[derive(Debug)]
pub struct Feuille<'a> {
    /// Its name, at most 31 characters.
    pub nom: &'a str,
    /// Heads of the columns.
    pub titres: &'a [&'a str],
    /// The rows, each as long as the heads.
    pub lignes: Vec<Vec<String>>,
}

/// The workbook has no file: its bytes.
///
/// # Errors
/// When a sheet is larger than the format allows (1,048,576 rows) or its name is not one.
pub fn classeur(feuilles: &[Feuille<'_>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (head, quoted) = (Format::new().set_bold(), Format::new().set_quote_prefix());
    for feuille in feuilles {
        let sheet = workbook.add_worksheet();
        sheet.set_name(feuille.nom)?;
        sheet.set_freeze_panes(1, 0)?;
        let mut widths: Vec<usize> = Vec::with_capacity(feuille.titres.len());
        for (titre, column) in feuille.titres.iter().zip(0..) {
            sheet.write_string_with_format(0, column, *titre, &head)?;
            widths.push(titre.chars().count());
        }
        for (ligne, row) in feuille.lignes.iter().zip(1..) {
            for ((text, column), width) in ligne.iter().zip(0..).zip(&mut widths) {
                let text = cell(text);
                if text.starts_with(FORMULA) {
                    sheet.write_string_with_format(row, column, &text, &quoted)?;
                } else if !text.is_empty() {
                    sheet.write_string(row, column, &text)?;
                }
                *width = (*width).max(text.chars().count());
            }
        }
        for (width, column) in widths.into_iter().zip(0..) {
            let width = u32::try_from(width.clamp(WIDTHS.0, WIDTHS.1) + 2).unwrap_or(u32::MAX);
            sheet.set_column_width(column, width)?;
        }
    }
    workbook.save_to_buffer()
}

/// A text as a cell can hold it: no control character but the line's end, no longer than the format allows.
fn cell(text: &str) -> String {
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    text.chars().filter(kept).take(CELL_MAX).collect()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::*;

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn g3_no_cell_is_a_formula_whatever_people_typed() {
        let typed =
            ["=HYPERLINK(\"http://mal.example\")", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "Budget"];
        let lignes = typed.iter().map(|text| vec![(*text).to_owned()]).collect();
        let bytes = classeur(&[Feuille { nom: "Profils", titres: &["Titre"], lignes }]).unwrap();
        let (sheet, texts, styles) = (
            part(&bytes, "xl/worksheets/sheet1.xml"),
            part(&bytes, "xl/sharedStrings.xml"),
            part(&bytes, "xl/styles.xml"),
        );
        assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "{sheet}");
        assert_eq!(sheet.matches("t=\"s\"").count(), typed.len() + 1, "each is text: {sheet}");
        assert!(texts.contains("=HYPERLINK(\"http://mal.example\")") && texts.contains("Budget"), "{texts}");
        assert!(styles.contains("quotePrefix=\"1\""), "{styles}");
    }

    #[test]
    fn g3_a_workbook_holds_what_no_cell_could() {
        let lignes = vec![vec!["a\u{0}b\u{b}c\nd".to_owned(), "é".repeat(40_000)], vec![String::new(), "x".to_owned()]];
        let bytes = classeur(&[Feuille { nom: "Profils", titres: &["Un", "Deux"], lignes }]).unwrap();
        let texts = part(&bytes, "xl/sharedStrings.xml");
        assert!(texts.contains("abc\nd"), "{}", &texts[..200]);
        assert_eq!(texts.matches('é').count(), CELL_MAX);
    }
}
