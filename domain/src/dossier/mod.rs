//! The « dossier administratif » (manual §3.3.4, SPEC D1 to D14): its blocks and pieces, the life of each, what stops a
//! transmission, its dates, and the letter that a complete dossier allows.
//!
//! Two things live side by side and are never mixed: what the person *proposes*, and what *serves*, which is what a
//! gestionnaire validated last. A change is a proposal until it is validated too (D4).

mod bloc;
pub mod lettre;
pub mod motif;
pub mod piece;
pub mod pieces;
pub mod revue;
pub mod saisie;
pub mod transmission;

pub use bloc::Bloc;
use pieces::TypePiece;
use serde::{Deserialize, Serialize};

use crate::compte::words;

/// What is saved, transmitted, decided on and written in the history separately: a block of data or a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cible {
    /// The data of a block.
    Bloc(Bloc),
    Piece(TypePiece),
}

impl Cible {
    /// Every block followed by its pieces, in the order of the page.
    pub fn all() -> impl Iterator<Item = Self> {
        Bloc::ALL.iter().flat_map(|&bloc| {
            let pieces = TypePiece::ALL.iter().filter(move |piece| piece.bloc() == bloc);
            std::iter::once(Self::Bloc(bloc)).chain(pieces.map(|&piece| Self::Piece(piece)))
        })
    }

    /// The word for it in the database and in URLs, and its id in the page: no block has the same word as a piece.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bloc(bloc) => bloc.as_str(),
            Self::Piece(piece) => piece.as_str(),
        }
    }

    /// The block or the piece that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Bloc::from_word(word).map(Self::Bloc).or_else(|| TypePiece::from_word(word).map(Self::Piece))
    }

    /// What pages, emails and the history call it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Bloc(bloc) => bloc.titre(),
            Self::Piece(piece) => piece.libelle(),
        }
    }

    /// The block itself, or the block that the piece belongs to.
    pub fn bloc(self) -> Bloc {
        match self {
            Self::Bloc(bloc) => bloc,
            Self::Piece(piece) => piece.bloc(),
        }
    }

    /// Whether it is a file.
    pub fn is_piece(self) -> bool {
        matches!(self, Self::Piece(_))
    }

    /// Whether it can be changed even while a gestionnaire has it.
    pub fn libre(self) -> bool {
        matches!(self, Self::Bloc(bloc) if bloc.libre())
    }
}

words! {
    /// What can happen to a dossier as a whole.
    Ensemble {
        /// A structure asks for blocks and pieces.
        Demander = "demande",
        /// A gestionnaire has decided on blocks and pieces.
        Decider = "decide",
        /// All that is due is validated.
        Completer = "complet",
        /// A year has passed: everything is asked for again.
        Reviser = "revue",
        /// The amount that the person's letters promise was counted (D7).
        Compter = "lettre",
    }
}

/// What can happen to a dossier, or to one block or piece of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Evenement {
    Element(piece::Evenement),
    Ensemble(Ensemble),
}

impl Evenement {
    /// The word that stands for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Element(event) => event.as_str(),
            Self::Ensemble(event) => event.as_str(),
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        piece::Evenement::from_word(word).map(Self::Element).or_else(|| Ensemble::from_word(word).map(Self::Ensemble))
    }

    /// What a row of the history says.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Element(event) => event.libelle(),
            Self::Ensemble(Ensemble::Demander) => "demandé",
            Self::Ensemble(Ensemble::Completer) => "complet et validé",
            Self::Ensemble(Ensemble::Reviser) => "révision annuelle demandée",
            Self::Ensemble(Ensemble::Decider | Ensemble::Compter) => "modifié",
        }
    }
}

impl From<piece::Evenement> for Evenement {
    fn from(event: piece::Evenement) -> Self {
        Self::Element(event)
    }
}

impl From<Ensemble> for Evenement {
    fn from(event: Ensemble) -> Self {
        Self::Ensemble(event)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn d2_each_block_and_each_piece_has_a_word_and_a_name_of_its_own() {
        let all: Vec<Cible> = Cible::all().collect();
        assert_eq!(all.len(), Bloc::ALL.len() + TypePiece::ALL.len());
        for cible in &all {
            assert_eq!(Cible::from_word(cible.as_str()), Some(*cible));
        }
        let names: BTreeSet<&str> = all.iter().map(|cible| cible.libelle()).collect();
        assert_eq!(names.len(), all.len());
    }

    #[test]
    fn d2_a_page_shows_the_blocks_in_the_order_of_the_manual_each_with_its_pieces() {
        let order: Vec<&str> = Cible::all().map(Cible::as_str).collect();
        let expected = [
            "adresse",
            "telephones",
            "identite",
            "passeport",
            "carte_identite_recto",
            "carte_identite_verso",
            "titre_sejour_recto",
            "titre_sejour_verso",
            "carte_vitale",
            "copie_carte_vitale",
            "statut",
            "contrat",
            "attestation_honneur",
            "arrete_situation",
            "pension",
            "employeur",
            "vigilance",
            "attestation_vigilance",
            "banque",
            "rib",
        ];
        assert_eq!(order, expected);
    }

    #[test]
    fn d4_only_the_address_and_the_phones_change_at_any_time() {
        let free: Vec<Cible> = Cible::all().filter(|cible| cible.libre()).collect();
        assert_eq!(free, [Cible::Bloc(Bloc::Adresse), Cible::Bloc(Bloc::Telephones)]);
    }
}
