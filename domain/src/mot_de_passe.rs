//! The password rule of the manual's §5, and the refusal of the most common passwords (SPEC Q9).

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::texte::is_unseen;

/// Least number of characters (not bytes) of a password.
pub const MIN: usize = 8;
/// Greatest number of characters in the manual; an installation may raise it up to [`MAX_ALLOWED`].
pub const MAX: usize = 24;
/// The highest maximum that an installation may set.
pub const MAX_ALLOWED: usize = 128;
/// A password found within that many guesses is common (the 3,000 most used, with their usual capitals and digits for
/// letters: `P@ssw0rd`).
const COMMON_GUESSES: u64 = 12_000;

/// Most digits and signs around a common password that still leave it common.
const DRESS_MAX: usize = 3;
/// Shorter cores are not checked: any four letters are guessed that fast.
const CORE_MIN: usize = 5;

/// A password that fits the rule, in the form of [`opaque`]. It is never shown, and compared only through its hash.
#[derive(Clone)]
pub struct MotDePasse(String);

impl fmt::Debug for MotDePasse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MotDePasse([…])")
    }
}

/// One rule of §5; the form shows each as met or not while one types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// Between [`MIN`] and the maximum in force.
    #[error("entre 8 et {max} caractères")]
    Length { max: usize },
    #[error("une lettre minuscule")]
    Lower,
    #[error("une lettre majuscule")]
    Upper,
    #[error("un chiffre")]
    Digit,
    #[error("un caractère spécial (par exemple ! ? - _ @)")]
    Special,
    /// Not a common password.
    #[error("un mot de passe moins courant")]
    Common,
    /// No invisible character: another machine would not type it (RFC 8265 §4.2.1).
    #[error("des caractères qui se voient tous")]
    Seen,
}

/// The form in which a password is kept and compared (RFC 8265 §4.2.2, OpaqueString): every kind of space becomes
/// U+0020 and letters are composed (NFC), so that it is the same on every machine. Nothing else changes.
pub fn opaque(typed: &str) -> String {
    let space = |sign: char| {
        matches!(sign, '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
    };
    typed.chars().map(|sign| if space(sign) { ' ' } else { sign }).nfc().collect()
}

impl MotDePasse {
    /// Accepts a password that fits every rule, or says which ones it misses, in the order of the manual.
    pub fn parse(typed: &str, max: usize) -> Result<Self, Vec<Rule>> {
        let typed = opaque(typed);
        let max = max.clamp(MAX, MAX_ALLOWED);
        let length = typed.chars().count();
        let mut missed = Vec::new();
        if !(MIN..=max).contains(&length) {
            missed.push(Rule::Length { max });
        }
        if !typed.chars().any(char::is_lowercase) {
            missed.push(Rule::Lower);
        }
        if !typed.chars().any(char::is_uppercase) {
            missed.push(Rule::Upper);
        }
        if !typed.chars().any(|c| c.is_ascii_digit()) {
            missed.push(Rule::Digit);
        }
        if !typed.chars().any(|c| !c.is_alphanumeric() && !is_unseen(c)) {
            missed.push(Rule::Special);
        }
        if typed.chars().any(is_unseen) {
            missed.push(Rule::Seen);
        }
        // Said with the rest, not after it; a length that does not fit is not worth guessing at.
        if (MIN..=max).contains(&length) && is_common(&typed) {
            missed.push(Rule::Common);
        }
        if missed.is_empty() { Ok(Self(typed)) } else { Err(missed) }
    }

    /// The password itself, for the hash function alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// The sentence that a form shows for the rules that are missed.
pub fn sentence(missed: &[Rule]) -> String {
    if missed == [Rule::Seen] {
        return "Ce mot de passe contient un caractère invisible, comme un copier-coller ou un émoji composé en apporte : \
                retapez-le sans lui."
            .to_owned();
    }
    let rules: Vec<String> = missed.iter().filter(|rule| **rule != Rule::Common).map(ToString::to_string).collect();
    let missing = format!("Il manque à ce mot de passe : {}.", rules.join(", "));
    let common = "Ce mot de passe est l’un des plus courants, même avec des chiffres et des signes autour : \
                  choisissez-en un autre.";
    match (missed.contains(&Rule::Common), rules.is_empty()) {
        (false, _) => missing,
        (true, true) => common.to_owned(),
        (true, false) => format!("{missing} {common}"),
    }
}

/// A common password is often dressed to fit the rule: « Password1! » is « password » plus what the form asked for.
fn is_common(typed: &str) -> bool {
    let core = typed.trim_matches(|c: char| !c.is_alphabetic());
    let dress = typed.chars().count() - core.chars().count();
    let guessed = |text: &str, within: u64| zxcvbn::zxcvbn(text, &[]).guesses() <= within;
    guessed(typed, COMMON_GUESSES)
        || (dress <= DRESS_MAX && core.chars().count() >= CORE_MIN && guessed(core, COMMON_GUESSES / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k1_each_rule_of_the_manual() {
        let length = Rule::Length { max: MAX };
        let cases: &[(&str, &[Rule])] = &[
            ("Bocage-vert9", &[]),
            ("Ab1!efg", &[length]),
            ("bocage-vert9", &[Rule::Upper]),
            ("BOCAGE-VERT9", &[Rule::Lower]),
            ("Bocage-verts", &[Rule::Digit]),
            ("Bocagevert9", &[Rule::Special]),
            ("", &[length, Rule::Lower, Rule::Upper, Rule::Digit, Rule::Special]),
        ];
        for (typed, missed) in cases {
            let found = MotDePasse::parse(typed, MAX).err().unwrap_or_default();
            assert_eq!(&found, missed, "{typed}");
        }
    }

    #[test]
    fn k1_length_counts_characters_not_bytes() {
        // 24 characters, 44 bytes.
        let long = "Éàéèùçôîéàéèùçôîéàéè9!bB";
        assert_eq!((long.chars().count(), long.len() > 24), (24, true));
        assert!(MotDePasse::parse(long, MAX).is_ok());
        assert!(MotDePasse::parse(&format!("{long}x"), MAX).is_err());
        assert!(MotDePasse::parse(&format!("{long}x"), 64).is_ok());
    }

    #[test]
    fn q9_the_most_used_are_refused_even_when_they_fit() {
        for common in ["P@ssw0rd", "P@ssword1", "Passw0rd!", "Password1!", "Azerty12!", "Sunshine1!"] {
            assert_eq!(MotDePasse::parse(common, MAX).unwrap_err(), vec![Rule::Common], "{common}");
        }
        // It is said with the other rules, not once they are met.
        let missed = MotDePasse::parse("password", MAX).unwrap_err();
        assert_eq!(missed, [Rule::Upper, Rule::Digit, Rule::Special, Rule::Common]);
        let said = sentence(&missed);
        assert!(said.contains("une lettre majuscule") && said.contains("plus courants"), "{said}");
        for fine in ["Demo-Bretagne-2026", "Bocage-vert9", "Rentrée-42-bis"] {
            assert!(MotDePasse::parse(fine, MAX).is_ok(), "{fine}");
        }
    }

    #[test]
    fn k1_a_password_is_the_same_whichever_machine_types_it() {
        let kept = |typed: &str| MotDePasse::parse(typed, MAX).map(|password| password.expose().to_owned());
        for typed in ["Rentrée-été-42", "Rentre\u{301}e-e\u{301}te\u{301}-42"] {
            assert_eq!(kept(typed).as_deref(), Ok("Rentrée-été-42"), "{typed}");
        }
        for space in [' ', '\u{A0}', '\u{202F}', '\u{2003}', '\u{3000}'] {
            assert_eq!(kept(&format!("Rentrée{space}été 42")).as_deref(), Ok("Rentrée été 42"), "{space:?}");
        }
        // Neither case, nor width, nor the spaces around: nothing else is changed.
        assert_eq!(kept(" ﬁn Ｄe Été 42!  ").as_deref(), Ok(" ﬁn Ｄe Été 42!  "));
        // 24 letters, each in two characters: composed, they fit.
        assert!(kept(&format!("Aa1-{}", "e\u{301}".repeat(20))).is_ok());
        assert_eq!(kept(&format!("Aa1-{}", "e\u{301}".repeat(21))), Err(vec![Rule::Length { max: MAX }]));
    }

    #[test]
    fn k1_a_password_holds_nothing_that_can_not_be_typed_again() {
        for unseen in
            ['\t', '\u{B}', '\0', '\u{7F}', '\u{200B}', '\u{202A}', '\u{AD}', '\u{FEFF}', '\u{FE0F}', '\u{2028}']
        {
            let missed = MotDePasse::parse(&format!("Bocage{unseen}-vert9"), MAX).unwrap_err();
            assert_eq!(missed, [Rule::Seen], "{unseen:?}");
            assert!(sentence(&missed).contains("invisible"));
        }
        // A mark that nobody sees is no special character.
        assert_eq!(MotDePasse::parse("Bocage\u{200B}vert9", MAX).unwrap_err(), [Rule::Special, Rule::Seen]);
        assert!(MotDePasse::parse("Bocage-vert9💚", MAX).is_ok());
    }

    #[test]
    fn q7_a_debugged_password_says_nothing() {
        assert_eq!(format!("{:?}", MotDePasse::parse("Bocage-vert9", MAX).unwrap()), "MotDePasse([…])");
    }
}
