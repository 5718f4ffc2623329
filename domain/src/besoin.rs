//! What a need asks of people: words, each with how much it matters (SPEC G3). A public page prints these figures.

use crate::compte::words;

/// Words that are looked for at once, at most.
pub const MOTS_MAX: usize = 40;
/// Words of an annonce that count in a match, at most.
pub const MOTS_ANNONCE: usize = 15;
/// Longest text that words are taken from, in characters.
pub const TEXTE_MAX: usize = 10_000;
/// What a word is worth that a profile has in another form: « budgétaires » for « budgétaire ».
pub const AUTRE_FORME: f32 = 0.8;

words! {
    /// How much a word of a need matters.
    Poids {
        /// Who has not this word is not listed.
        Indispensable = "indispensable",
        Important = "important",
        Utile = "utile",
        Ignore = "ignore",
    }
}

impl Poids {
    /// What the rarity of the word is multiplied by.
    pub fn facteur(self) -> u8 {
        match self {
            Self::Indispensable => 3,
            Self::Important => 2,
            Self::Utile => 1,
            Self::Ignore => 0,
        }
    }

    pub fn libelle(self) -> &'static str {
        match self {
            Self::Indispensable => "indispensable",
            Self::Important => "important",
            Self::Utile => "utile",
            Self::Ignore => "ignoré",
        }
    }

    /// What is proposed for a word that tells so much, beside the one that tells most.
    pub fn propose(tells: f32, most: f32) -> Self {
        if tells * 2.0 >= most { Self::Important } else { Self::Utile }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g3_a_word_is_proposed_by_half_of_the_most_telling_one_and_never_required() {
        for (tells, poids) in [(8.0, Poids::Important), (4.0, Poids::Important), (3.9, Poids::Utile)] {
            assert_eq!(Poids::propose(tells, 8.0), poids);
        }
        assert!(Poids::ALL.is_sorted_by_key(|poids| std::cmp::Reverse(poids.facteur())));
    }
}
