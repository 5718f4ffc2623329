//! Plain text typed by a person, cut into blocks that a template can show: paragraphs, and quotations of earlier
//! messages; also short parts joined on one line.
//!
//! No markup is made here: templates escape every line.

/// The parts that are not empty, on one line: « Rennes · Délégation Bretagne ».
pub fn dotted(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" · ")
}

/// « a, b et c ».
pub fn listed(parts: &[String], last: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [before @ .., end] => format!("{} {last} {end}", before.join(", ")),
    }
}

/// A sentence about what these people do, in the singular or plural; empty when there is nobody.
pub fn said_of(names: &[String], one: &str, many: &str) -> String {
    match names.len() {
        0 => String::new(),
        1 => format!("{} {one}.", names[0]),
        _ => format!("{} {many}.", listed(names, "et")),
    }
}

/// A run of lines that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph, line by line.
    Paragraph(Vec<String>),
    /// Quoted lines without their `>`; shown folded.
    Quote(Vec<String>),
}

/// Cuts `text` at blank lines and where quoting (`>` at the start of a line) begins or ends.
/// A line that announces a quotation (« … a écrit : ») belongs to the quotation.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut continued = false;
    for line in text.lines() {
        let line = line.trim_end();
        if let Some(quoted) = line.strip_prefix('>') {
            let quoted = quoted.strip_prefix(' ').unwrap_or(quoted).to_owned();
            match found.last_mut() {
                Some(Block::Quote(lines)) => lines.push(quoted),
                Some(Block::Paragraph(lines)) if lines.last().is_some_and(|last| announces_quote(last)) => {
                    let announcement = lines.pop().unwrap_or_default();
                    if lines.is_empty() {
                        found.pop();
                    }
                    found.push(Block::Quote(vec![announcement, quoted]));
                }
                _ => found.push(Block::Quote(vec![quoted])),
            }
            continued = false;
        } else if line.is_empty() {
            continued = false;
        } else {
            match found.last_mut() {
                Some(Block::Paragraph(lines)) if continued => lines.push(line.to_owned()),
                _ => found.push(Block::Paragraph(vec![line.to_owned()])),
            }
            continued = true;
        }
    }
    found
}

fn announces_quote(line: &str) -> bool {
    line.trim_end_matches([':', ' ', '\u{a0}', '\u{202f}']).ends_with("a écrit")
}

/// An excerpt with what was found in it: each segment says whether it is to be marked.
pub type Segments = Vec<(String, bool)>;

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(lines: &[&str]) -> Vec<String> {
        lines.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn m4_paragraphs_are_kept_and_quotes_folded() {
        let text =
            "Bonjour,\r\nmerci.\n\n\nÀ bientôt\n\nLe 3 mars, Paul a écrit :\n> Une ligne\n>\n> > plus ancien\nFin";
        assert_eq!(
            blocks(text),
            vec![
                Block::Paragraph(owned(&["Bonjour,", "merci."])),
                Block::Paragraph(owned(&["À bientôt"])),
                Block::Quote(owned(&["Le 3 mars, Paul a écrit :", "Une ligne", "", "> plus ancien"])),
                Block::Paragraph(owned(&["Fin"])),
            ]
        );
    }

    #[test]
    fn m4_an_empty_text_has_no_block() {
        assert!(blocks("").is_empty());
        assert!(blocks("\n \n").is_empty());
    }
}
