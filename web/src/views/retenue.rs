//! A file that the antivirus keeps back from others than its owner.

use super::Tone;

/// Why a file is kept back from others than its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retenue {
    /// It was not scanned yet.
    EnAttente,
    /// Something was found in it.
    Bloque,
}

impl Retenue {
    /// The label beside its name.
    pub fn label(self) -> &'static str {
        match self {
            Self::EnAttente => "analyse en attente",
            Self::Bloque => "bloqué par l’antivirus",
        }
    }

    pub fn tone(self) -> Tone {
        match self {
            Self::EnAttente => Tone::Info,
            Self::Bloque => Tone::Failure,
        }
    }

    /// Whether it is kept back for good.
    pub fn blocks(self) -> bool {
        self == Self::Bloque
    }

    /// The explanation for others.
    pub fn pourquoi(self) -> &'static str {
        match self {
            Self::EnAttente => {
                "L’antivirus n’a pas encore analysé ce fichier. Il pourra être ouvert dès que ce sera fait : réessayez dans \
                 quelques instants."
            }
            Self::Bloque => "L’antivirus a trouvé un programme dangereux dans ce fichier : il ne peut pas être ouvert.",
        }
    }

    /// The explanation for its owner.
    pub fn a_son_proprietaire(self) -> &'static str {
        match self {
            Self::EnAttente => "L’antivirus ne l’a pas encore analysé : les structures pourront l’ouvrir ensuite.",
            Self::Bloque => {
                "L’antivirus a trouvé un programme dangereux dans ce fichier : les structures ne peuvent pas l’ouvrir. \
                 Remplacez-le par un fichier sain."
            }
        }
    }
}
