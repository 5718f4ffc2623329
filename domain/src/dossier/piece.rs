//! The life of one block or piece (SPEC D4, D9): a proposal that is saved, transmitted and decided on, while the last
//! validated version serves.

use super::Cible;
use crate::compte::words;

words! {
    /// Where the newest version of a block or a piece stands.
    EtatElement {
        /// There is nothing.
        ASaisir = "a_saisir",
        /// Saved; no gestionnaire sees it yet.
        Saisi = "saisi",
        /// With the gestionnaires.
        Transmis = "transmis",
        Valide = "valide",
        /// Sent back, to be corrected or replaced.
        Refuse = "refuse",
    }
}

impl EtatElement {
    /// What pages and emails call it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::ASaisir => "à fournir",
            Self::Saisi => "enregistré, à transmettre",
            Self::Transmis => "transmis",
            Self::Valide => "validé",
            Self::Refuse => "refusé, à corriger",
        }
    }
}

words! {
    /// What can happen to a block or a piece; the words are those of the history (SPEC D10).
    Evenement {
        /// The person saves data or a file, in place of what they had saved.
        Enregistrer = "enregistre",
        /// The person takes back what they had saved.
        Retirer = "retire",
        /// The person clicks « Transmettre ».
        Transmettre = "transmis",
        /// A gestionnaire accepts it.
        Valider = "valide",
        /// A gestionnaire sends it back.
        Refuser = "refuse",
        /// The validated version stops serving: its date has passed, or it proved wrong after it was validated.
        Expirer = "expire",
    }
}

impl Evenement {
    /// What a row of the history says.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Enregistrer => "enregistré",
            Self::Retirer => "retiré",
            Self::Transmettre => "transmis",
            Self::Valider => "validé",
            Self::Refuser => "refusé",
            Self::Expirer => "expiré",
        }
    }
}

/// Why something can't happen to a block or a piece as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("Votre gestionnaire examine cet élément : il ne peut pas changer avant sa décision.")]
    Locked,
    #[error("Il n’y a rien ici pour le moment.")]
    Nothing,
    #[error("Cet élément est validé : remplacez-le s’il a changé.")]
    Validated,
    #[error("Cet élément a été refusé : corrigez-le avant de le transmettre à nouveau.")]
    Refused,
    #[error("Cet élément n’est pas transmis : il n’y a rien à décider.")]
    NotSent,
    #[error("Une décision a déjà été prise sur cet élément.")]
    Decided,
    #[error("C’est déjà fait.")]
    Already,
}

/// A block or a piece: the state of its newest version, and whether a validated version serves.
///
/// A version that is validated always serves; when there is nothing, nothing serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element {
    etat: EtatElement,
    sert: bool,
}

impl Element {
    /// The element when there is nothing.
    pub const VIDE: Self = Self { etat: EtatElement::ASaisir, sert: false };

    /// An element from its stored parts; none when they contradict each other.
    pub fn new(etat: EtatElement, sert: bool) -> Option<Self> {
        let fits = match etat {
            EtatElement::ASaisir => !sert,
            EtatElement::Valide => sert,
            EtatElement::Saisi | EtatElement::Transmis | EtatElement::Refuse => true,
        };
        fits.then_some(Self { etat, sert })
    }

    /// Where its newest version stands.
    pub fn etat(self) -> EtatElement {
        self.etat
    }

    /// Whether a validated version serves: the newest one, or the one that it would replace.
    pub fn sert(self) -> bool {
        self.sert
    }

    /// Whether the person has given something that is not decided on yet.
    pub fn donne(self) -> bool {
        matches!(self.etat, EtatElement::Saisi | EtatElement::Transmis)
    }

    /// The element after the event.
    ///
    /// What is transmitted is locked until the decision, except what can change at any time ([`Cible::libre`], manual
    /// §3.3.4.2 b and c). Such a change is a new proposal, which the person transmits again: the gestionnaire has
    /// nothing left to decide, so a decision must name the version that it is about.
    pub fn next(self, event: Evenement, cible: Cible) -> Result<Self, Refusal> {
        use EtatElement::{ASaisir, Refuse, Saisi, Transmis, Valide};
        use Evenement as E;
        let to = |etat| Ok(Self { etat, ..self });
        let without_proposal = if self.sert { Valide } else { ASaisir };
        match (self.etat, event) {
            (Transmis, E::Enregistrer | E::Retirer) if !cible.libre() => Err(Refusal::Locked),
            (ASaisir | Saisi | Transmis | Valide | Refuse, E::Enregistrer) => to(Saisi),
            (Saisi | Transmis | Refuse, E::Retirer) => to(without_proposal),
            (Valide, E::Retirer) => Err(Refusal::Validated),
            (Saisi, E::Transmettre) => to(Transmis),
            (Refuse, E::Transmettre) => Err(Refusal::Refused),
            (Transmis, E::Valider) => Ok(Self { etat: Valide, sert: true }),
            (Transmis, E::Refuser) => to(Refuse),
            (Transmis | Valide, E::Transmettre) => Err(Refusal::Already),
            (Valide | Refuse, E::Valider | E::Refuser) => Err(Refusal::Decided),
            (ASaisir | Saisi, E::Valider | E::Refuser) => Err(Refusal::NotSent),
            (Valide, E::Expirer) => Ok(Self::VIDE),
            (Saisi | Transmis | Refuse, E::Expirer) if self.sert => Ok(Self { sert: false, ..self }),
            (ASaisir, E::Retirer | E::Transmettre) | (ASaisir | Saisi | Transmis | Refuse, E::Expirer) => {
                Err(Refusal::Nothing)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Bloc;
    use super::super::pieces::TypePiece;
    use super::*;
    use EtatElement::{ASaisir, Refuse, Saisi, Transmis, Valide};
    use Refusal::{Already, Decided, Locked, NotSent, Nothing, Refused, Validated};

    type Row = [Result<(EtatElement, bool), Refusal>; 6];

    fn follows(table: &[((EtatElement, bool), Row)], cible: Cible) {
        for ((etat, sert), row) in table {
            let element = Element::new(*etat, *sert).unwrap();
            for (event, expected) in Evenement::ALL.iter().zip(row) {
                let after = element.next(*event, cible).map(|next| (next.etat(), next.sert()));
                assert_eq!(after, *expected, "{etat} {sert} {event} {cible:?}");
            }
        }
    }

    #[test]
    fn d9_the_life_of_a_block_or_a_piece_as_a_table() {
        // Enregistrer, Retirer, Transmettre, Valider, Refuser, Expirer
        let table: [((EtatElement, bool), Row); 8] = [
            (
                (ASaisir, false),
                [Ok((Saisi, false)), Err(Nothing), Err(Nothing), Err(NotSent), Err(NotSent), Err(Nothing)],
            ),
            (
                (Saisi, false),
                [
                    Ok((Saisi, false)),
                    Ok((ASaisir, false)),
                    Ok((Transmis, false)),
                    Err(NotSent),
                    Err(NotSent),
                    Err(Nothing),
                ],
            ),
            (
                (Saisi, true),
                [
                    Ok((Saisi, true)),
                    Ok((Valide, true)),
                    Ok((Transmis, true)),
                    Err(NotSent),
                    Err(NotSent),
                    Ok((Saisi, false)),
                ],
            ),
            (
                (Transmis, false),
                [Err(Locked), Err(Locked), Err(Already), Ok((Valide, true)), Ok((Refuse, false)), Err(Nothing)],
            ),
            (
                (Transmis, true),
                [Err(Locked), Err(Locked), Err(Already), Ok((Valide, true)), Ok((Refuse, true)), Ok((Transmis, false))],
            ),
            (
                (Valide, true),
                [Ok((Saisi, true)), Err(Validated), Err(Already), Err(Decided), Err(Decided), Ok((ASaisir, false))],
            ),
            (
                (Refuse, false),
                [Ok((Saisi, false)), Ok((ASaisir, false)), Err(Refused), Err(Decided), Err(Decided), Err(Nothing)],
            ),
            (
                (Refuse, true),
                [Ok((Saisi, true)), Ok((Valide, true)), Err(Refused), Err(Decided), Err(Decided), Ok((Refuse, false))],
            ),
        ];
        for cible in [Cible::Piece(TypePiece::Rib), Cible::Bloc(Bloc::Banque)] {
            follows(&table, cible);
        }
        let possible = EtatElement::ALL.iter().flat_map(|etat| [false, true].map(|sert| Element::new(*etat, sert)));
        assert_eq!(possible.flatten().count(), table.len());
    }

    #[test]
    fn d4_the_address_and_the_phones_change_even_while_a_gestionnaire_has_them() {
        let table: [((EtatElement, bool), Row); 2] = [
            (
                (Transmis, false),
                [
                    Ok((Saisi, false)),
                    Ok((ASaisir, false)),
                    Err(Already),
                    Ok((Valide, true)),
                    Ok((Refuse, false)),
                    Err(Nothing),
                ],
            ),
            (
                (Transmis, true),
                [
                    Ok((Saisi, true)),
                    Ok((Valide, true)),
                    Err(Already),
                    Ok((Valide, true)),
                    Ok((Refuse, true)),
                    Ok((Transmis, false)),
                ],
            ),
        ];
        for cible in [Cible::Bloc(Bloc::Adresse), Cible::Bloc(Bloc::Telephones)] {
            follows(&table, cible);
        }
    }

    #[test]
    fn d4_what_was_validated_serves_until_its_change_is_validated() {
        let cible = Cible::Bloc(Bloc::Banque);
        let mut element = Element::new(Valide, true).unwrap();
        for event in [Evenement::Enregistrer, Evenement::Transmettre, Evenement::Refuser, Evenement::Enregistrer] {
            element = element.next(event, cible).unwrap();
            assert!(element.sert() && element.etat() != Valide, "{event}");
        }
    }
}
