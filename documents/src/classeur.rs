//! Tables as an Excel workbook (XLSX, ECMA-376).
//!
//! Every cell is written as text: what people typed is never a formula, whatever it begins with. The mark « quoted » is
//! set on texts that some programs would turn into a formula later (a cell that is edited, a copy saved as CSV).

use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// First characters that begin a formula in some spreadsheet program, or hide one (OWASP, « CSV injection »).
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// UTF-16 units in one cell (limit of the format): a sign outside the basic plane, as most emoji are, counts for two.
const CELL_MAX: usize = 32_767;
/// The end of a text that was too long for a cell.
const CUT: &str = " […] (texte coupé ici : une cellule n’en contient pas plus)";
/// Smallest and largest width of a column, in characters.
const WIDTHS: (usize, usize) = (8, 60);

/// A sheet of a workbook.
#[derive(Debug)]
pub struct Feuille<'a> {
    /// Its name, at most 31 characters.
    pub nom: &'a str,
    pub titres: &'a [&'a str],
    /// The rows, each as long as the heads.
    pub lignes: Vec<Vec<String>>,
}

/// The workbook as bytes: it is not written to a file.
///
/// # Errors
/// When a sheet is larger than the format allows (1,048,576 rows) or its name is not valid.
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

/// A text made fit for a cell: without characters that XML refuses, and cut, with [`CUT`] at its end, when it is too
/// long.
fn cell(text: &str) -> String {
    let kept = |c: &char| (!c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}')) || matches!(c, '\n' | '\t');
    let mut text: String = text.chars().filter(kept).collect();
    if text.encode_utf16().count() > CELL_MAX {
        let end = fitting(&text, CELL_MAX - CUT.encode_utf16().count());
        text.truncate(end);
        text.push_str(CUT);
    }
    text
}

/// How many bytes of a text are within `units` UTF-16 units.
fn fitting(text: &str, units: usize) -> usize {
    let mut left = units;
    let past = text.char_indices().find(|(_, sign)| match left.checked_sub(sign.len_utf16()) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    });
    past.map_or(text.len(), |(at, _)| at)
}

/// A text cut in pieces that each fit a cell; none when it is empty.
fn in_cells(mut text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    while !text.is_empty() {
        let (piece, rest) = text.split_at(fitting(text, CELL_MAX));
        pieces.push(piece);
        text = rest;
    }
    pieces
}

/// The same rows with no text too long for a cell: the rest goes on in the next row, whose other cells are repeated.
pub fn fitted(lignes: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let mut all = Vec::with_capacity(lignes.len());
    for ligne in lignes {
        let pieces: Vec<Vec<&str>> = ligne.iter().map(|text| in_cells(text)).collect();
        let rows = pieces.iter().map(Vec::len).max().unwrap_or(1).max(1);
        if rows == 1 {
            all.push(ligne);
            continue;
        }
        for row in 0..rows {
            let of = |cell: &Vec<&str>| match cell.as_slice() {
                [] => String::new(),
                [whole] => (*whole).to_owned(),
                pieces => pieces.get(row).map_or_else(String::new, |piece| (*piece).to_owned()),
            };
            all.push(pieces.iter().map(of).collect());
        }
    }
    all
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
        let own = CUT.chars().filter(|sign| *sign != 'é').count();
        assert_eq!(texts.matches('é').count(), CELL_MAX - own);
        assert!(texts.contains("texte coupé ici"));
    }

    #[test]
    fn x5_a_cell_counts_as_excel_does_and_no_text_makes_the_workbook_fail() {
        for (text, whole) in [
            ("a".repeat(CELL_MAX), true),
            ("a".repeat(CELL_MAX + 1), false),
            ("𝄞".repeat(CELL_MAX / 2), true),
            ("𝄞".repeat(CELL_MAX / 2 + 1), false),
            (format!("{}a", "𝄞".repeat(CELL_MAX / 2)), true),
            ("𝄞".repeat(20_000), false),
        ] {
            let kept = cell(&text);
            assert_eq!(kept == text, whole);
            assert!(kept.encode_utf16().count() <= CELL_MAX);
            let lignes = vec![vec![text.clone()]];
            assert!(classeur(&[Feuille { nom: "Brouillons", titres: &["Texte"], lignes }]).is_ok());
            assert_eq!(in_cells(&text).concat(), text);
            assert_eq!(in_cells(&text).len(), if whole { 1 } else { 2 });
        }
        assert_eq!(cell("a\u{FFFE}b\u{FFFF}"), "ab");
        assert!(in_cells("").is_empty());
    }

    #[test]
    fn x5_a_long_text_goes_on_in_the_next_row() {
        let short = vec!["3 mars".to_owned(), String::new()];
        assert_eq!(fitted(vec![short.clone()]), [short]);
        assert_eq!(fitted(vec![Vec::new()]), [Vec::<String>::new()]);
        let (long, longer) = ("é".repeat(CELL_MAX + 5), "𝄞".repeat(CELL_MAX + 5));
        let rows = fitted(vec![vec!["3 mars".to_owned(), long.clone(), longer.clone(), String::new()]]);
        assert_eq!(rows.len(), 3);
        let column = |at: usize| rows.iter().map(|row| row[at].as_str()).collect::<String>();
        assert_eq!((column(1), column(2), column(3)), (long, longer, String::new()));
        assert!(rows.iter().all(|row| row[0] == "3 mars" && row.iter().all(|text| cell(text) == *text)));
    }
}
