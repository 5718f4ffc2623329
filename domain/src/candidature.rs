//! Answers to annonces: their life as a table (manual §4.2, SPEC A2 and A3).

use crate::compte::words;
use crate::texte::saisi;

/// Longest comment, in characters.
pub const COMMENTAIRE_MAX: usize = 3_000;

/// Seconds before « non retenue » takes effect: until then it can be taken back, and nobody is told.
pub const REPENTIR_SECONDES: i64 = 10;

words! {
    /// Where an answer stands.
    EtatCandidature {
        /// Its author registered to answer: it goes to the structure once the registration is validated.
        EnAttente = "en_attente",
        /// The structure has it and has not looked at it yet.
        Transmise = "transmise",
        /// The structure has studied it.
        Etudiee = "etudiee",
        /// The structure did not keep it.
        NonRetenue = "non_retenue",
        /// Its author took it back.
        Retiree = "retiree",
        /// It never reached the structure: the registration was refused or given up, or the annonce was closed before.
        Annulee = "annulee",
    }
}

words! {
    /// What can happen to an answer.
    Evenement {
        /// Its author sends it, for the first time or after taking it back.
        Deposer = "deposer",
        /// The registration that it waited for is validated.
        Transmettre = "transmettre",
        /// The structure has studied it.
        Etudier = "etudier",
        /// The structure does not keep it.
        Ecarter = "ecarter",
        /// Its author takes it back.
        Retirer = "retirer",
        /// The registration or the annonce that it waited for has ended.
        Annuler = "annuler",
    }
}

/// Why something can't happen to an answer as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("Vous avez déjà répondu à cette annonce.")]
    AlreadySent,
    #[error("La structure a déjà étudié cette réponse : elle ne peut plus être retirée.")]
    Studied,
    #[error("Cette réponse n’est plus à étudier.")]
    NotSent,
    #[error("C’est déjà fait.")]
    Already,
}

impl EtatCandidature {
    /// The state after the event.
    pub fn next(self, event: Evenement) -> Result<Self, Refusal> {
        use Evenement as E;
        match (self, event) {
            (Self::Retiree | Self::Annulee, E::Deposer) | (Self::EnAttente, E::Transmettre) => Ok(Self::Transmise),
            // The structure may change its mind about an answer that it did not keep.
            (Self::Transmise | Self::NonRetenue, E::Etudier) => Ok(Self::Etudiee),
            (Self::Transmise | Self::Etudiee, E::Ecarter) => Ok(Self::NonRetenue),
            (Self::EnAttente | Self::Transmise, E::Retirer) => Ok(Self::Retiree),
            (Self::EnAttente, E::Annuler) => Ok(Self::Annulee),
            (Self::EnAttente | Self::Transmise | Self::Etudiee | Self::NonRetenue, E::Deposer) => {
                Err(Refusal::AlreadySent)
            }
            (Self::Etudiee | Self::NonRetenue, E::Retirer) => Err(Refusal::Studied),
            (Self::Etudiee, E::Etudier)
            | (Self::NonRetenue, E::Ecarter)
            | (Self::Retiree, E::Retirer)
            | (Self::Annulee, E::Annuler)
            | (Self::Transmise, E::Transmettre) => Err(Refusal::Already),
            (Self::EnAttente | Self::Retiree | Self::Annulee, E::Etudier | E::Ecarter)
            | (Self::Annulee, E::Retirer)
            | (Self::Etudiee | Self::NonRetenue | Self::Retiree | Self::Annulee, E::Transmettre)
            | (Self::Transmise | Self::Etudiee | Self::NonRetenue | Self::Retiree, E::Annuler) => Err(Refusal::NotSent),
        }
    }

    /// The state in pages and emails: all that the person reads of the structure's decision.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::EnAttente => "en attente de votre inscription",
            Self::Transmise => "transmise",
            Self::Etudiee => "étudiée",
            Self::NonRetenue => "non retenue",
            Self::Retiree => "retirée",
            Self::Annulee => "annulée",
        }
    }

    /// Whether the structure sees the answer.
    pub fn reached_structure(self) -> bool {
        matches!(self, Self::Transmise | Self::Etudiee | Self::NonRetenue)
    }
}

/// The comment as it was typed, made clean; it may be empty.
pub fn commentaire(typed: &str) -> Result<String, String> {
    let text = saisi(typed);
    let text = text.trim();
    let length = text.chars().count();
    if length > COMMENTAIRE_MAX {
        return Err(format!("Ce texte est trop long : {length} caractères, pour {COMMENTAIRE_MAX} au plus."));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a3_the_life_of_a_candidature_as_a_table() {
        use EtatCandidature as C;
        use Evenement as E;
        // In the order of Evenement::ALL: deposer, transmettre, etudier, ecarter, retirer, annuler.
        let table: [(C, [Option<C>; 6]); 6] = [
            (C::EnAttente, [None, Some(C::Transmise), None, None, Some(C::Retiree), Some(C::Annulee)]),
            (C::Transmise, [None, None, Some(C::Etudiee), Some(C::NonRetenue), Some(C::Retiree), None]),
            (C::Etudiee, [None, None, None, Some(C::NonRetenue), None, None]),
            (C::NonRetenue, [None, None, Some(C::Etudiee), None, None, None]),
            (C::Retiree, [Some(C::Transmise), None, None, None, None, None]),
            (C::Annulee, [Some(C::Transmise), None, None, None, None, None]),
        ];
        assert_eq!(table.len(), C::ALL.len());
        for (state, row) in table {
            for (&event, expected) in E::ALL.iter().zip(row) {
                assert_eq!(state.next(event).ok(), expected, "{state} {event}");
            }
        }
        assert_eq!(C::Etudiee.next(E::Retirer), Err(Refusal::Studied));
        assert_eq!(C::Transmise.next(E::Deposer), Err(Refusal::AlreadySent));
    }

    #[test]
    fn a2_a_comment_is_clean_and_has_a_length() {
        assert_eq!(commentaire("  Bonjour\r\nà vous \n").as_deref(), Ok("Bonjour\nà vous"));
        assert_eq!(commentaire("").as_deref(), Ok(""));
        assert!(commentaire(&"é".repeat(COMMENTAIRE_MAX)).is_ok());
        assert!(commentaire(&"é".repeat(COMMENTAIRE_MAX + 1)).unwrap_err().contains("3001"));
        assert_eq!(commentaire("a\u{0}\u{202E}b").as_deref(), Ok("ab"));
    }
}
