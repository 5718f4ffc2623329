//! A pasted list of people: a column of a spreadsheet, with numbers, names or email addresses (SPEC G3).

use std::collections::BTreeSet;

use crate::email::Email;
use crate::immatriculation::Immatriculation;
use crate::nom::jointe;
use crate::texte::{fold, ligne};

/// Most lines of a list, and its most signs.
pub const LIGNES_MAX: usize = 200;
pub const SIGNES_MAX: usize = 20_000;
/// Most words of a name.
const MOTS_MAX: usize = 8;
/// Where the page of a fiche is.
const FICHE: &str = "/cvtheque/";
/// What is written before a name, folded.
const CIVILITES: [&str; 6] = ["m", "mr", "mme", "mlle", "monsieur", "madame"];
/// Longest line of a list of names, in characters: a sentence is longer.
const NOM_MAX: usize = 60;

/// What one person of a list is looked for by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cherche {
    /// An email address, in the form in which it is kept.
    Courriel(String),
    /// An immatriculation, or the number of a fiche.
    Numero(String),
    /// The number of a fiche, from the address of its page.
    Fiche(i64),
    /// The keys that the name may have: the surname comes first or last.
    Nom(Vec<String>),
    /// Nothing that names anybody.
    Rien,
}

/// One person of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entree {
    /// As it was typed.
    pub saisi: String,
    pub cherche: Cherche,
}

/// Why a text is no list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CollageError {
    #[error("Collez une liste : une personne par ligne.")]
    Vide,
    #[error("Une liste compte {LIGNES_MAX} personnes au plus ; il y en a {0} ici. Faites-la en plusieurs fois.")]
    Lignes(usize),
    #[error("Une liste compte {SIGNES_MAX} signes au plus ; il y en a {0} ici. Gardez une seule colonne.")]
    Signes(usize),
}

/// The people of a list in its order, each once.
///
/// # Errors
/// When it is empty or too long.
pub fn lire(texte: &str) -> Result<Vec<Entree>, CollageError> {
    let signes = texte.chars().count();
    if signes > SIGNES_MAX {
        return Err(CollageError::Signes(signes));
    }
    let mut seen = BTreeSet::new();
    let mut entrees: Vec<Entree> = texte.lines().flat_map(de_la_ligne).collect();
    entrees.retain(|entree| seen.insert(cle(entree)));
    match entrees.len() {
        0 => Err(CollageError::Vide),
        many if many > LIGNES_MAX => Err(CollageError::Lignes(many)),
        _ => Ok(entrees),
    }
}

/// What two lines share that look for the same.
fn cle(entree: &Entree) -> String {
    match &entree.cherche {
        Cherche::Nom(cles) => cles.concat(),
        Cherche::Courriel(adresse) => adresse.clone(),
        Cherche::Numero(number) => format!("n° {number}"),
        Cherche::Fiche(id) => format!("fiche {id}"),
        Cherche::Rien => format!("rien {}", entree.saisi),
    }
}

/// The words of a text that may be addresses: mail programs write them in angle brackets, with commas between them.
fn adresses(texte: &str) -> impl Iterator<Item = &str> {
    let parts = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '(' | ')' | '"' | '«' | '»' | '|');
    texte.split(parts).map(|word| word.strip_prefix("mailto:").unwrap_or(word)).filter(|word| word.contains('@'))
}

fn de_la_ligne(line: &str) -> Vec<Entree> {
    let saisi = ligne(line);
    if saisi.is_empty() {
        return Vec::new();
    }
    let found: Vec<Entree> = adresses(&saisi)
        .map(|word| {
            let read = Email::parse(word.trim_matches(['.', ':', '\'']));
            let cherche = read.map_or(Cherche::Rien, |email| Cherche::Courriel(email.as_str().to_owned()));
            Entree { saisi: word.to_owned(), cherche }
        })
        .collect();
    if !found.is_empty() {
        return found;
    }
    if let Some(id) = saisi.split_once(FICHE).and_then(|(_, rest)| number(rest)) {
        return vec![Entree { saisi, cherche: Cherche::Fiche(id) }];
    }
    // Cells of a line; the tabs between them are spaces in what is quoted.
    let cells: Vec<String> = line.split(['\t', ';', ',']).map(ligne).filter(|cell| !cell.is_empty()).collect();
    let numbers: Vec<Option<String>> = cells.iter().map(|cell| numero(cell)).collect();
    if numbers.len() > 1 && numbers.iter().all(Option::is_some) {
        let each = cells.into_iter().zip(numbers.into_iter().flatten());
        return each.map(|(saisi, number)| Entree { saisi, cherche: Cherche::Numero(number) }).collect();
    }
    // The rank of a row is no number of a person: a list has three digits of rows at most.
    let rank = cells.len() > 1 && cells[0].len() <= 3 && cells[0].bytes().all(|sign| sign.is_ascii_digit());
    let named = if rank { nom(&cells[1..]) } else { Cherche::Rien };
    let cherche = match (named, numbers.into_iter().next().flatten()) {
        (Cherche::Nom(keys), _) => Cherche::Nom(keys),
        (_, Some(number)) => Cherche::Numero(number),
        (_, None) => nom(&cells),
    };
    vec![Entree { saisi, cherche }]
}

/// The number at the beginning of a text.
fn number(text: &str) -> Option<i64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

/// A cell that is a number: it has a digit, which no name does.
fn numero(cell: &str) -> Option<String> {
    let cell = cell.trim_start_matches("n°").trim_start_matches("N°");
    Immatriculation::parse(cell).ok().map(|read| read.as_str().to_owned())
}

/// « Nom Prénom », « Prénom Nom », « M. Nom Prénom », or the two first cells of a line.
fn nom(cells: &[String]) -> Cherche {
    let civilite = |word: &str| CIVILITES.contains(&word);
    let mut cells: Vec<Vec<String>> = cells
        .iter()
        .map(|cell| fold(cell).split(' ').filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect())
        .collect();
    if let Some(first) = cells.first_mut()
        && first.first().is_some_and(|word| civilite(word))
    {
        first.remove(0);
    }
    cells.retain(|words: &Vec<String>| !words.is_empty());
    let mut keys: Vec<String> = match &cells[..] {
        [words] if (2..=MOTS_MAX).contains(&words.len()) => {
            (0..words.len()).map(|turn| [&words[turn..], &words[..turn]].concat().concat()).collect()
        }
        [one, other, ..] => vec![[one.concat(), other.concat()].concat(), [other.concat(), one.concat()].concat()],
        _ => return Cherche::Rien,
    };
    keys.sort_unstable();
    keys.dedup();
    Cherche::Nom(keys)
}

/// Whether what was pasted in a search box is a list rather than a search: two addresses or more, or lines that are
/// names.
pub fn est_une_liste(texte: &str) -> bool {
    let addresses = adresses(texte).filter(|word| Email::parse(word).is_ok()).take(2).count();
    let lines: Vec<String> = texte.lines().map(ligne).filter(|line| !line.is_empty()).collect();
    let named = |line: &String| {
        line.chars().count() <= NOM_MAX
            && !line.ends_with(['.', '?', '!'])
            && matches!(de_la_ligne(line).first().map(|entree| &entree.cherche), Some(cherche) if *cherche != Cherche::Rien)
            && jointe(line).len() > 3
    };
    addresses > 1 || (lines.len() > 1 && lines.iter().all(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texte: &str) -> Vec<(String, Cherche)> {
        lire(texte).unwrap().into_iter().map(|entree| (entree.saisi, entree.cherche)).collect()
    }

    fn names(keys: &[&str]) -> Cherche {
        Cherche::Nom(keys.iter().map(|key| (*key).to_owned()).collect())
    }

    #[test]
    fn g3_a_pasted_line_is_an_address_a_number_or_a_name() {
        let address = |text: &str| Cherche::Courriel(text.to_owned());
        let number = |text: &str| Cherche::Numero(text.to_owned());
        for (line, wanted) in [
            ("Anne@Exemple.fr", address("anne@exemple.fr")),
            ("Anne Le Gall <anne@exemple.fr>", address("anne@exemple.fr")),
            ("LE GALL;Anne;anne@exemple.fr", address("anne@exemple.fr")),
            ("@", Cherche::Rien),
            ("F0012-34b", number("F0012-34B")),
            ("12 345", number("12345")),
            ("n° 4512", number("4512")),
            ("12;Le Gall;Anne", names(&["annelegall", "legallanne"])),
            ("https://espace.example/cvtheque/12?x=1", Cherche::Fiche(12)),
            ("Le Guen Gwénaël", names(&["guengwenaelle", "gwenaelleguen", "leguengwenael"])),
            ("M. GWÉNAËL LE-GUEN", names(&["guengwenaelle", "gwenaelleguen", "leguengwenael"])),
            ("LE GUEN;Gwénaël", names(&["gwenaelleguen", "leguengwenael"])),
            ("d’Almeida\tMarie-Jo\tRennes", names(&["dalmeidamariejo", "mariejodalmeida"])),
            ("Dupont, Jean", names(&["dupontjean", "jeandupont"])),
            ("4512;Dupont;Jean", number("4512")),
            ("Dupont", Cherche::Rien),
            ("---", Cherche::Rien),
        ] {
            assert_eq!(read(line).pop().unwrap().1, wanted, "{line}");
        }
        let several = read("anne@exemple.fr, paul@exemple.fr; anne@exemple.fr");
        assert_eq!(several.len(), 2, "{several:?}");
        assert_eq!(read("4512, 4513;4514").len(), 3);
        let quoted = read("  Le   Guen\tGwénaël \r\n\nLE-GUEN, gwenael\ninconnue\ninconnue");
        let quoted: Vec<&str> = quoted.iter().map(|(saisi, _)| saisi.as_str()).collect();
        assert_eq!(quoted, ["Le Guen Gwénaël", "inconnue"], "the same once, as it was typed first");
    }

    #[test]
    fn g3_a_pasted_list_is_bounded() {
        assert_eq!(lire(" \n\t\n"), Err(CollageError::Vide));
        let many = (0..201).map(|one| one.to_string()).collect::<Vec<_>>().join("\n");
        assert_eq!(lire(&many), Err(CollageError::Lignes(201)));
        assert_eq!(lire(&many[..many.len() - 4]).unwrap().len(), 200);
        assert_eq!(lire(&"a".repeat(20_001)), Err(CollageError::Signes(20_001)));
    }

    #[test]
    fn g3_a_search_box_that_was_given_a_list_is_told() {
        for list in
            ["a@exemple.fr b@exemple.fr", "a@exemple.fr,b@exemple.fr", "Le Guen Anne\nPaul Martin", "4512\n4513"]
        {
            assert!(est_une_liste(list), "{list}");
        }
        for search in [
            "marchés publics",
            "anne@exemple.fr",
            "anne@ paul@",
            "Formateur en finances.\nDix ans d’expérience.",
            "budget",
            "",
        ] {
            assert!(!est_une_liste(search), "{search}");
        }
    }
}
