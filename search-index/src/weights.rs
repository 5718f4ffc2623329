//! The figures that rank a search in the CV-thèque, in one place to be published as they are applied (code des
//! relations entre le public et l'administration, article R311-3-1-2).

/// What a word adds, besides what it counts everywhere, when it is found in a field.
#[derive(Debug, Clone, Copy)]
pub struct Weights {
    /// By how rare the word is there.
    pub nom: f32,
    pub prenom: f32,
    pub titre: f32,
    pub specialite: f32,
    /// Whatever the word.
    pub lieu: f32,
    /// Of the first answers, which are looked at again: times the rarity of the word as it was typed, …
    pub mot: f32,
    /// … of another word of its family, …
    pub famille: f32,
    /// … and of two words, one right behind the other.
    pub voisins: f32,
    /// How many answers are looked at again.
    pub revus: usize,
    /// Fewer complete answers than these are followed by what has a part of what was asked for, …
    pub peu: u64,
    /// … at least this share of what tells people apart, …
    pub part: f32,
    /// … which is what is this much as rare as the rarest.
    pub parlant: f32,
}

pub const WEIGHTS: Weights = Weights {
    nom: 4.0,
    prenom: 2.0,
    titre: 2.0,
    specialite: 0.7,
    lieu: 8.0,
    mot: 3.0,
    famille: 0.5,
    voisins: 2.0,
    revus: 40,
    peu: 10,
    part: 0.6,
    parlant: 0.5,
};
