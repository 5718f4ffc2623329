//! Texts that an administrateur has still to complete: « [à compléter : adresse du site] ». The public version leaves
//! out the sentences with such a place, and what is empty without them (SPEC P5, G7).

use crate::texte::fold;

/// The first words between brackets that mark a place to be filled in, folded.
const WORDS: [&str; 4] = ["a completer", "a preciser", "a renseigner", "a remplir"];

/// The places still to be filled in: the text between the brackets of each.
pub fn trouvees(markdown: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = markdown;
    while let Some((start, end)) = next(rest) {
        found.push(&rest[start + 1..end]);
        rest = &rest[end..];
    }
    found
}

/// The positions in bytes of the brackets `[` and `]` of the next place; links in Markdown don't count.
fn next(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    loop {
        let start = from + text[from..].find('[')?;
        let end = start + text[start..].find(']')?;
        let words = fold(&text[start..end]);
        if WORDS.iter().any(|begin| words.starts_with(begin)) {
            return Some((start, end));
        }
        from = start + 1;
    }
}

/// A heading, a paragraph or an item of a list.
struct Morceau {
    /// Its lines; empty once nothing is left of it.
    texte: String,
    /// The level of a heading; 0 for anything else.
    niveau: usize,
    /// Whether something was taken out of it or out of the pieces under it.
    allege: bool,
}

/// The text as the public reads it, without the sentences that hold a place to be filled in, and without the items,
/// paragraphs and headings of which nothing is left.
pub fn publiable(markdown: &str) -> String {
    if next(markdown).is_none() {
        return markdown.to_owned();
    }
    let mut pieces: Vec<Morceau> = Vec::new();
    for line in markdown.lines() {
        let bare = line.trim_start();
        let niveau = bare.chars().take_while(|c| *c == '#').count();
        let apart = bare.is_empty() || niveau > 0 || marker(bare) > 0;
        match pieces.last_mut() {
            // A paragraph or an item goes on.
            Some(last) if !apart && last.niveau == 0 && !last.texte.trim().is_empty() => {
                last.texte.push('\n');
                last.texte.push_str(line);
            }
            _ => pieces.push(Morceau { texte: line.to_owned(), niveau, allege: false }),
        }
    }
    for piece in &mut pieces {
        if next(&piece.texte).is_some() {
            piece.texte = lightened(&piece.texte);
            piece.allege = true;
        }
    }
    // From the last one up: sub-sections are looked at before the section that holds them.
    for at in (0..pieces.len()).rev() {
        let niveau = pieces[at].niveau;
        if niveau == 0 {
            continue;
        }
        let under = pieces[at + 1..].iter().take_while(|piece| piece.niveau == 0 || piece.niveau > niveau);
        let (mut said, mut lost) = (false, false);
        for piece in under {
            said |= !piece.texte.trim().is_empty();
            lost |= piece.allege;
        }
        if lost && !said {
            pieces[at].texte.clear();
            pieces[at].allege = true;
        }
    }
    let mut out = String::with_capacity(markdown.len());
    for piece in pieces.iter().filter(|piece| !piece.allege || !piece.texte.is_empty()) {
        out.push_str(&piece.texte);
        out.push('\n');
    }
    out
}

/// The length in bytes of the sign at the start of an item of a list; 0 when the line is not an item.
fn marker(line: &str) -> usize {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &line[digits..];
    let sign = if digits > 0 { [". ", ") "] } else { ["- ", "* "] };
    if sign.iter().any(|sign| rest.starts_with(sign)) { digits + 2 } else { 0 }
}

/// A paragraph or an item without the sentences that hold a place; empty when no sentence is left.
fn lightened(piece: &str) -> String {
    let head = piece.len() - piece.trim_start().len();
    let head = head + marker(&piece[head..]);
    let sentences = sentences(&piece[head..]);
    let whole = sentences.into_iter().filter(|sentence| next(sentence).is_none()).map(str::trim);
    let kept: Vec<&str> = whole.filter(|sentence| !sentence.is_empty()).collect();
    let kept = kept.join(" ");
    if kept.chars().any(char::is_alphanumeric) { format!("{}{kept}", &piece[..head]) } else { String::new() }
}

/// The sentences of a paragraph: each ends with `.`, `?` or `!` outside brackets, before a space.
fn sentences(text: &str) -> Vec<&str> {
    let (mut from, mut depth) = (0, 0_i32);
    let mut all = Vec::new();
    let mut signs = text.char_indices().peekable();
    while let Some((at, c)) = signs.next() {
        depth += i32::from(c == '[') - i32::from(c == ']');
        let last = signs.peek().is_none_or(|(_, after)| after.is_whitespace());
        if depth == 0 && last && matches!(c, '.' | '?' | '!') {
            all.push(&text[from..=at]);
            from = at + 1;
        }
    }
    all.push(&text[from..]);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Ce service a un éditeur. Téléphone : [à compléter par l’administrateur : numéro].\n\
        \n\
        ## Hébergeur\n\
        \n\
        [à compléter : nom,\nadresse]\n\
        \n\
        ## Sources\n\
        \n\
        - **Langues** : codes ISO, [publiés](https://exemple.fr). Version : [À préciser].\n\
        - **Durée** : [à compléter : « six mois », ou autre]\n\
        - Le reste […] est libre.\n\
        \n\
        ### Détail\n\
        \n\
        [A renseigner]\n";

    #[test]
    fn p5_places_to_be_filled_in_are_found_and_links_are_none() {
        assert_eq!(trouvees(TEXT).len(), 5);
        assert_eq!(trouvees(TEXT)[3], "à compléter : « six mois », ou autre");
        assert_eq!(trouvees("Lisez [à compléter son dossier"), [""; 0]);
        assert_eq!(trouvees("[…] [Aide](/aide) [1]"), [""; 0]);
    }

    #[test]
    fn p5_the_public_reads_a_text_that_stands_without_them() {
        let read = publiable(TEXT);
        let lines: Vec<&str> = read.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(
            lines,
            [
                "Ce service a un éditeur.",
                "## Sources",
                "- **Langues** : codes ISO, [publiés](https://exemple.fr).",
                "- Le reste […] est libre.",
            ]
        );
        let whole = "## Titre\n\nRien à compléter ici.\n";
        assert_eq!(publiable(whole), whole);
        // A section that was empty before stays what its author made of it.
        assert!(publiable("## Vide\n\n## Autre\n\nOui. [à compléter]\n").contains("## Vide"));
    }
}
