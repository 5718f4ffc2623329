//! The internal mailbox (manual §7): what a message may be, and how replies and forwards are written.

use serde::{Deserialize, Serialize};

use crate::compte::words;
use crate::texte::{ligne, saisi};

/// Longest subject, in characters.
pub const OBJET_MAX: usize = 200;
/// Longest text, in characters.
pub const TEXTE_MAX: usize = 20_000;
/// Most recipients of one message (a selection of the CV-thèque is sent one message each, not one to all).
pub const DESTINATAIRES_MAX: usize = 50;
/// From how many characters recipients are proposed (manual §7.2).
pub const COMPLETION_MIN: usize = 2;

words! {
    /// The three lists of a mailbox.
    Boite {
        Reception = "reception",
        Envoyes = "envoyes",
        /// Not sent yet.
        Brouillons = "brouillons",
    }
}

impl Boite {
    pub fn title(self) -> &'static str {
        match self {
            Self::Reception => "Boîte de réception",
            Self::Envoyes => "Messages envoyés",
            Self::Brouillons => "Brouillons",
        }
    }
}

words! {
    /// How a draft was begun.
    Origine {
        /// With nothing filled in.
        Nouveau = "nouveau",
        /// As the answer to a message: its recipient is fixed (M5).
        Reponse = "reponse",
        /// From a message, to recipients chosen anew (M5).
        Transfert = "transfert",
    }
}

words! {
    /// What a reader of a mailbox does with messages of it.
    Action {
        Lu = "lu",
        NonLu = "non_lu",
        /// Put away (the manual's « supprimer »).
        Archiver = "archive",
        /// Take back what was put away.
        Restaurer = "restaure",
    }
}

words! {
    /// What those who share a mailbox do with a message of it (M8).
    Charge {
        /// One of them is given it.
        Confier = "confie",
        /// Nobody has it any more.
        Rendre = "rendu",
    }
}

/// What can happen to the messages that are in a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Geste {
    Action(Action),
    Charge(Charge),
}

/// What a person wrote, checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contenu {
    /// Subject; « (sans objet) » is shown where it is empty.
    pub objet: String,
    /// Text, with line ends as \n.
    pub texte: String,
}

/// Why what was written can't be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContenuError {
    /// No recipient: the manual's only mandatory condition (§7.2).
    #[error("Choisissez au moins un destinataire.")]
    NoRecipient,
    /// More than [`DESTINATAIRES_MAX`].
    #[error("Un message va à {DESTINATAIRES_MAX} destinataires au plus.")]
    TooManyRecipients,
    #[error("L’objet est trop long : {OBJET_MAX} caractères au plus.")]
    ObjetTooLong,
    #[error("Le message est trop long : {TEXTE_MAX} caractères au plus.")]
    TexteTooLong,
    #[error("Votre message est vide : écrivez un objet ou un texte.")]
    Empty,
}

impl Contenu {
    /// Cleans what was typed ([`saisi`]) and checks its length; both may be empty, since drafts may be.
    pub fn parse(objet: &str, texte: &str) -> Result<Self, ContenuError> {
        let objet = ligne(objet);
        let texte = saisi(texte).trim_end().to_owned();
        if objet.chars().count() > OBJET_MAX {
            return Err(ContenuError::ObjetTooLong);
        }
        if texte.chars().count() > TEXTE_MAX {
            return Err(ContenuError::TexteTooLong);
        }
        Ok(Self { objet, texte })
    }

    /// Checks what sending asks for beyond the rules of drafts.
    pub fn check_sendable(&self, recipients: usize) -> Result<(), ContenuError> {
        if recipients == 0 {
            return Err(ContenuError::NoRecipient);
        }
        if recipients > DESTINATAIRES_MAX {
            return Err(ContenuError::TooManyRecipients);
        }
        if self.objet.is_empty() && self.texte.trim().is_empty() {
            return Err(ContenuError::Empty);
        }
        Ok(())
    }
}

/// The subject of an answer: « Re : » once, whatever the subject began with.
pub fn objet_reponse(objet: &str) -> String {
    prefixed("Re : ", objet)
}

/// The subject of a forward: « Tr : » once.
pub fn objet_transfert(objet: &str) -> String {
    prefixed("Tr : ", objet)
}

fn prefixed(prefix: &str, objet: &str) -> String {
    let mut bare = objet.trim();
    loop {
        let next = ["re", "tr", "fw", "fwd"].iter().find_map(|word| {
            let head = bare.get(..word.len())?;
            let tail = bare[word.len()..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
            (head.eq_ignore_ascii_case(word) && tail.starts_with(':')).then(|| tail[1..].trim_start())
        });
        match next {
            Some(rest) => bare = rest,
            None => break,
        }
    }
    format!("{prefix}{bare}").chars().take(OBJET_MAX).collect()
}

/// The quoted text under an answer or a forward, as mail programs write it.
pub fn quote(author: &str, when: &str, texte: &str) -> String {
    let mut quoted = format!("\n\nLe {when}, {author} a écrit :\n");
    for line in texte.lines() {
        quoted.push_str(if line.starts_with('>') || line.is_empty() { ">" } else { "> " });
        quoted.push_str(line);
        quoted.push('\n');
    }
    quoted.chars().take(TEXTE_MAX / 2).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m5_the_prefix_of_the_subject_is_not_repeated() {
        assert_eq!(objet_reponse("Vos dates"), "Re : Vos dates");
        assert_eq!(objet_reponse("RE : re: Tr : Vos dates"), "Re : Vos dates");
        assert_eq!(objet_transfert("Re\u{a0}: Vos dates"), "Tr : Vos dates");
        assert_eq!(objet_reponse("Retour d’expérience"), "Re : Retour d’expérience");
        assert_eq!(objet_reponse("é"), "Re : é");
        assert!(objet_reponse(&"x".repeat(OBJET_MAX)).chars().count() <= OBJET_MAX);
    }

    #[test]
    fn m5_the_quoted_text_is_marked_line_by_line() {
        assert_eq!(
            quote("Paul Le Gall", "5 décembre 2026", "Bonjour,\n\n> cité\nMerci"),
            "\n\nLe 5 décembre 2026, Paul Le Gall a écrit :\n> Bonjour,\n>\n>> cité\n> Merci"
        );
    }

    #[test]
    fn m6_at_least_one_recipient_and_something_to_say() {
        let contenu = Contenu::parse("  Vos\r\n dates ", "Bonjour\r\nmerci\u{0}  ").unwrap();
        assert_eq!(contenu, Contenu { objet: "Vos dates".into(), texte: "Bonjour\nmerci".into() });
        assert_eq!(contenu.check_sendable(0), Err(ContenuError::NoRecipient));
        assert_eq!(contenu.check_sendable(DESTINATAIRES_MAX + 1), Err(ContenuError::TooManyRecipients));
        assert_eq!(contenu.check_sendable(1), Ok(()));
        assert_eq!(Contenu::parse("", " \n").unwrap().check_sendable(1), Err(ContenuError::Empty));
        assert_eq!(Contenu::parse(&"é".repeat(201), ""), Err(ContenuError::ObjetTooLong));
        assert_eq!(Contenu::parse("", &"é".repeat(20_001)), Err(ContenuError::TexteTooLong));
    }
}
