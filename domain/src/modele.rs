//! Reply templates: texts of a structure with words in braces that stand for data of the recipient and of the sender
//! (SPEC M8).

/// Longest text, in characters.
pub const TEXTE_MAX: usize = 10_000;

/// A word in braces, what it stands for, and whether its value depends on the recipient.
pub struct Variable {
    /// The word, without its braces.
    pub mot: &'static str,
    /// Its meaning, as the page says it.
    pub sens: &'static str,
    pub personnel: bool,
}

/// The words that are known.
pub const VARIABLES: [Variable; 5] = [
    Variable { mot: "civilite", sens: "« Mme » ou « M. »", personnel: true },
    Variable { mot: "prenom", sens: "le prénom de la personne", personnel: true },
    Variable { mot: "nom", sens: "son nom", personnel: true },
    Variable { mot: "structure", sens: "le nom de votre structure", personnel: false },
    Variable { mot: "gestionnaire", sens: "vos prénom et nom", personnel: false },
];

/// The values of the words in one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Valeurs {
    /// The recipient: civilité, first name, surname; none when there are several people or none.
    pub personne: Option<(String, String, String)>,
    pub structure: String,
    pub gestionnaire: String,
}

impl Valeurs {
    fn of(&self, mot: &str) -> Option<&str> {
        let personne = self.personne.as_ref();
        match mot {
            "civilite" => personne.map(|(civilite, ..)| civilite.as_str()),
            "prenom" => personne.map(|(_, prenom, _)| prenom.as_str()),
            "nom" => personne.map(|(.., nom)| nom.as_str()),
            "structure" => Some(&self.structure),
            "gestionnaire" => Some(&self.gestionnaire),
            _ => None,
        }
    }
}

/// The text with its words replaced; words without a value, and anything else in braces, stay as they are.
pub fn fill(texte: &str, valeurs: &Valeurs) -> String {
    let mut filled = String::with_capacity(texte.len());
    for (word, rest) in pieces(texte) {
        match word.and_then(|word| valeurs.of(word)) {
            Some(value) => filled.push_str(value),
            None => {
                if let Some(word) = word {
                    filled.push('{');
                    filled.push_str(word);
                    filled.push('}');
                }
            }
        }
        filled.push_str(rest);
    }
    filled
}

/// A filled-in template followed by the text typed already.
pub fn before(modele: &str, valeurs: &Valeurs, typed: &str) -> String {
    let filled = fill(modele, valeurs);
    match typed.trim_start_matches('\n') {
        "" => filled,
        typed => format!("{filled}\n\n{typed}"),
    }
}

/// The first word of a text whose value depends on the recipient: such a text can't be sent to several people.
pub fn personal(texte: &str) -> Option<&'static str> {
    pieces(texte).find_map(|(word, _)| {
        let variable = VARIABLES.iter().find(|variable| Some(variable.mot) == word)?;
        variable.personnel.then_some(variable.mot)
    })
}

/// The first unknown word in braces: a typing error, reported when a template is saved.
pub fn unknown(texte: &str) -> Option<&str> {
    pieces(texte).filter_map(|(word, _)| word).find(|word| VARIABLES.iter().all(|variable| variable.mot != *word))
}

/// A text cut at its words in braces: each word with the text that follows it; the first piece has no word.
fn pieces(texte: &str) -> impl Iterator<Item = (Option<&str>, &str)> {
    let mut rest = Some(texte);
    let mut word = None;
    std::iter::from_fn(move || {
        let text = rest?;
        let mut from = 0;
        while let Some(open) = text[from..].find('{').map(|at| from + at) {
            let inside = &text[open + 1..];
            let end = inside.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(inside.len());
            if end > 0 && inside[end..].starts_with('}') {
                let piece = (word, &text[..open]);
                word = Some(&inside[..end]);
                rest = Some(&inside[end + 1..]);
                return Some(piece);
            }
            from = open + 1;
        }
        rest = None;
        Some((word, text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Valeurs {
        Valeurs {
            personne: Some(("Madame".into(), "Léa".into(), "L’Hostis".into())),
            structure: "Délégation Bretagne".into(),
            gestionnaire: "Jérôme Poirier".into(),
        }
    }

    #[test]
    fn m8_the_words_of_a_template_are_replaced() {
        assert_eq!(
            fill("Bonjour {civilite} {nom},\n\n{gestionnaire}, {structure}", &one()),
            "Bonjour Madame L’Hostis,\n\nJérôme Poirier, Délégation Bretagne"
        );
        assert_eq!(fill("{prenom}{prenom}", &one()), "LéaLéa");
        assert_eq!(fill("", &one()), "");
    }

    #[test]
    fn m8_what_is_no_word_of_a_template_stays_as_typed() {
        for text in ["{}", "{ prenom }", "{Prenom}", "{inconnu}", "{prenom", "}{", "{{", "a {b c} d"] {
            assert_eq!(fill(text, &one()), text);
        }
        assert_eq!(fill("{{prenom}}", &one()), "{Léa}");
        assert_eq!(unknown("Bonjour {prenom} {adresse}"), Some("adresse"));
        assert_eq!(unknown("Bonjour {prenom} { adresse }"), None);
    }

    #[test]
    fn m8_a_word_that_names_the_person_needs_one_recipient() {
        let several = Valeurs { personne: None, ..one() };
        assert_eq!(fill("{prenom}, {structure}", &several), "{prenom}, Délégation Bretagne");
        assert_eq!(personal("{structure} {nom}"), Some("nom"));
        assert_eq!(personal("{structure} {gestionnaire}"), None);
    }

    #[test]
    fn m8_a_value_in_braces_is_not_read_again() {
        let odd = Valeurs { personne: Some((String::new(), "{nom}".into(), "X".into())), ..one() };
        assert_eq!(fill("{prenom}", &odd), "{nom}");
    }
}
