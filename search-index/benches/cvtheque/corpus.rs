//! CVs that look French, from a seed: words drawn after Zipf's law, several hundred per CV.

use chrono::DateTime;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use search_index::{CvDocument, Fichier, Labelled, StructureName};

const VOCABULARY: usize = 60_000;

/// Words that look French, the most frequent first.
pub struct Vocabulary {
    pub words: Vec<String>,
    /// Sums of the weights up to each word.
    sums: Vec<f64>,
}

impl Vocabulary {
    pub fn new(random: &mut StdRng) -> Self {
        const COMMON: [&str; 44] = [
            "de",
            "la",
            "le",
            "et",
            "les",
            "des",
            "en",
            "l'",
            "à",
            "d'",
            "un",
            "une",
            "du",
            "dans",
            "pour",
            "sur",
            "au",
            "avec",
            "par",
            "formation",
            "gestion",
            "service",
            "public",
            "agents",
            "projet",
            "équipe",
            "management",
            "responsable",
            "collectivité",
            "territoriale",
            "animation",
            "données",
            "sécurité",
            "budget",
            "marchés",
            "ressources",
            "humaines",
            "communication",
            "accompagnement",
            "évaluation",
            "politiques",
            "développement",
            "juridique",
            "informatique",
        ];
        const SYLLABLES: [&str; 40] = [
            "ma", "ré", "ti", "lo", "pu", "can", "ber", "vil", "sou", "dé", "pro", "con", "tra", "mer", "li", "na",
            "ro", "qui", "fran", "gè", "ches", "po", "si", "ta", "nou", "au", "eau", "in", "des", "cla", "ve", "fi",
            "mon", "cor", "pé", "di", "lan", "gue", "ra", "sa",
        ];
        const ENDINGS: [&str; 14] =
            ["tion", "ment", "eur", "euse", "ique", "ité", "er", "é", "ées", "al", "aux", "iste", "age", "s"];
        let mut words: Vec<String> = COMMON.iter().map(ToString::to_string).collect();
        while words.len() < VOCABULARY {
            let mut word = String::new();
            for _ in 0..random.random_range(1..4) {
                word.push_str(SYLLABLES[random.random_range(0..SYLLABLES.len())]);
            }
            word.push_str(ENDINGS[random.random_range(0..ENDINGS.len())]);
            words.push(word);
        }
        let mut sum = 0.0;
        let sums = (0..words.len())
            .map(|rank| {
                sum += 1.0 / (rank as f64 + 2.7);
                sum
            })
            .collect();
        Self { words, sums }
    }

    fn word(&self, random: &mut StdRng) -> &str {
        let drawn = random.random_range(0.0..self.sums[self.sums.len() - 1]);
        &self.words[self.sums.partition_point(|sum| *sum < drawn)]
    }

    fn text(&self, random: &mut StdRng, count: usize) -> String {
        let mut text = String::new();
        for place in 0..count {
            let word = self.word(random);
            text.push_str(word);
            if !word.ends_with('\'') {
                text.push_str(if place % 13 == 12 { ". " } else { " " });
            }
        }
        text
    }
}

fn labels(random: &mut StdRng, kind: &str, most: usize, values: usize) -> Vec<Labelled> {
    (0..random.random_range(0..=most))
        .map(|_| random.random_range(0..values))
        .map(|value| Labelled::new(format!("{kind}{value}"), format!("{kind} {value}")))
        .collect()
}

pub fn person(vocabulary: &Vocabulary, id: i64) -> CvDocument {
    // Each person from a seed of their own: the same whatever their number.
    let mut random = StdRng::seed_from_u64(1_000_000 + id as u64);
    let random = &mut random;
    let now = DateTime::from_timestamp(1_790_000_000 + id, 0).unwrap_or_default();
    let name_at = |random: &mut StdRng| vocabulary.words[random.random_range(5_000..30_000)].clone();
    let words = random.random_range(200..900);
    CvDocument {
        id,
        civilite: "Madame".to_owned(),
        nom: name_at(random),
        prenom: name_at(random),
        titre: vocabulary.text(random, 6),
        experience: vocabulary.text(random, 80),
        motivation: String::new(),
        parcours: vocabulary.text(random, 60),
        interventions: vocabulary.text(random, 10),
        specialites: labels(random, "Spécialité", 3, 20),
        sous_specialites: labels(random, "Sous-spécialité", 5, 180),
        regions: labels(random, "Région", 3, 18),
        departements: labels(random, "Département", 4, 101),
        statut: labels(random, "Statut", 1, 6).pop(),
        langues: labels(random, "Langue", 2, 30),
        structure: Some(StructureName { id: random.random_range(1..25), nom: "Délégation".to_owned() }),
        employeur: vocabulary.text(random, 3),
        indisponibilites: Vec::new(),
        fichiers: vec![Fichier {
            nom: "cv.pdf".to_owned(),
            format: "PDF".to_owned(),
            text: vocabulary.text(random, words),
        }],
        validated_at: now,
        updated_at: now,
    }
}

/// One to three words: a frequent one, then some of any rank, as people type.
pub fn typed(vocabulary: &Vocabulary, random: &mut StdRng) -> String {
    let mut words = vec![vocabulary.words[random.random_range(19..400)].clone()];
    for _ in 0..random.random_range(0..3) {
        words.push(vocabulary.words[random.random_range(19..3_000)].clone());
    }
    words.join(" ")
}
