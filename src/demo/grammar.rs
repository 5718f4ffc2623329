//! The little French grammar the sentences need: elision, contraction, gender, and the names of employers.

/// `de` before a noun phrase: « du budget », « des élus », « d'agents », « de la paie ».
pub(super) fn de(phrase: &str) -> String {
    if let Some(rest) = phrase.strip_prefix("le ") {
        format!("du {rest}")
    } else if let Some(rest) = phrase.strip_prefix("les ") {
        format!("des {rest}")
    } else if begins_with_vowel(phrase) {
        format!("d'{phrase}")
    } else {
        format!("de {phrase}")
    }
}

/// `à` before a noun phrase: « au budget », « aux élus », « à la paie ».
pub(super) fn a(phrase: &str) -> String {
    if let Some(rest) = phrase.strip_prefix("le ") {
        format!("au {rest}")
    } else if let Some(rest) = phrase.strip_prefix("les ") {
        format!("aux {rest}")
    } else {
        format!("à {phrase}")
    }
}

fn begins_with_vowel(phrase: &str) -> bool {
    phrase.chars().next().is_some_and(|first| "aeiouyhàâéèêëîïôœAEIOUHÀÂÉÈÊËÎÏÔŒ".contains(first))
}

/// A noun phrase as a title: without its articles, capitalised.
pub(super) fn headline(phrase: &str) -> String {
    let bare = ["le ", "la ", "les ", "l'"].iter().find_map(|article| phrase.strip_prefix(article)).unwrap_or(phrase);
    let mut title = bare.to_owned();
    for article in ["l'", "la ", "le ", "les "] {
        title = title.replace(&format!(" et {article}"), " et ");
    }
    capitalised(&title)
}

/// The first letter in upper case.
pub(super) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// The first letter in lower case, for a job title inside a sentence (an acronym keeps its capitals).
pub(super) fn lowered(text: &str) -> String {
    let mut characters = text.chars();
    match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(characters).collect(),
        _ => text.to_owned(),
    }
}

/// A public employer as a sentence names it: « la commune du Mans », « la communauté de communes Val 81 ».
pub(super) fn employer_in_prose(raison_sociale: &str) -> String {
    if let Some(name) = raison_sociale.strip_prefix("Commune de ") {
        let named = name
            .strip_prefix("Le ")
            .map(|rest| format!("le {rest}"))
            .or_else(|| name.strip_prefix("Les ").map(|rest| format!("les {rest}")))
            .unwrap_or_else(|| name.to_owned());
        return format!("la commune {}", de(&named));
    }
    for (short, long) in [
        ("CC ", "la communauté de communes "),
        ("CA ", "la communauté d'agglomération "),
        ("CU ", "la communauté urbaine "),
        ("Métropole ", "la métropole "),
        ("Département ", "le département "),
        ("Région ", "la région "),
        ("Collectivité ", "la collectivité "),
    ] {
        if let Some(name) = raison_sociale.strip_prefix(short) {
            return format!("{long}{name}");
        }
    }
    raison_sociale.to_owned()
}

/// Lower-case ASCII letters and digits of a name, for addresses and file names: « Kerzrého » gives `kerzreho`.
pub(super) fn ascii(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfd().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_lowercase()).collect()
}
