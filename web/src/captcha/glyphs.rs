//! The signs of a code, as strokes of a pen: there is no font, hence no licence and no outline that others know.
//!
//! Only the ideal shapes are here; `image` makes each drawing different.

use rand::Rng;

/// How many signs a code has: 13⁵ codes, 371 293.
pub const LENGTH: usize = 5;

/// The signs of a code: at most one of each group that people confuse once signs are turned, bent and crossed by a
/// curve (0 O Q D C G, 1 I J L, 2 Z, 3 8 B E, 4 A, 5 S, 6 G, E F P R, A H K N, M N, K X Y, U V Y W), and no vowel, so
/// that no code is a word.
pub const ALPHABET: [char; 13] = ['2', '3', '4', '6', '7', '9', 'D', 'K', 'L', 'M', 'R', 'T', 'W'];

/// A code to draw, each sign independent of the others. Compare a typed code with [`normalise`](super::normalise).
pub fn code(rng: &mut impl Rng) -> String {
    (0..LENGTH).map(|_| ALPHABET[rng.random_range(0..ALPHABET.len())]).collect()
}

/// A point: across, then down. A sign is 1 high and about 0.6 wide.
pub(super) type Point = (f32, f32);

/// One movement of the pen.
pub(super) enum Stroke {
    /// Straight from point to point.
    Lines(&'static [Point]),
    /// A smooth curve through the points (Catmull-Rom).
    Curve(&'static [Point]),
}

use Stroke::{Curve, Lines};

/// The strokes of a sign in either case; none for what is not in the alphabet.
pub(super) fn strokes(sign: char) -> Option<&'static [Stroke]> {
    Some(match sign.to_ascii_uppercase() {
        '2' => &[
            Curve(&[(0.03, 0.22), (0.13, 0.05), (0.32, 0.0), (0.51, 0.08), (0.55, 0.27), (0.43, 0.5), (0.02, 1.0)]),
            Lines(&[(0.02, 1.0), (0.6, 1.0)]),
        ],
        '3' => &[
            Curve(&[(0.03, 0.13), (0.26, 0.0), (0.5, 0.1), (0.5, 0.34), (0.2, 0.46)]),
            Curve(&[(0.2, 0.46), (0.52, 0.57), (0.56, 0.82), (0.3, 1.0), (0.0, 0.87)]),
        ],
        '6' => &[Curve(&[
            (0.5, 0.02),
            (0.24, 0.2),
            (0.06, 0.5),
            (0.05, 0.78),
            (0.19, 0.97),
            (0.41, 0.98),
            (0.56, 0.79),
            (0.49, 0.57),
            (0.28, 0.51),
            (0.08, 0.65),
        ])],
        // With its bar, as French handwriting has it: neither a 1 nor a T.
        '7' => &[Lines(&[(0.0, 0.0), (0.6, 0.0), (0.2, 1.0)]), Lines(&[(0.14, 0.5), (0.6, 0.5)])],
        '9' => &[Curve(&[
            (0.1, 0.98),
            (0.36, 0.8),
            (0.54, 0.5),
            (0.55, 0.22),
            (0.41, 0.03),
            (0.19, 0.02),
            (0.04, 0.21),
            (0.11, 0.43),
            (0.32, 0.49),
            (0.52, 0.35),
        ])],
        '4' => &[Lines(&[(0.44, 1.0), (0.44, 0.0), (0.0, 0.68), (0.64, 0.68)])],
        'D' => &[
            Lines(&[(0.0, 1.0), (0.0, 0.0)]),
            Curve(&[(0.0, 0.0), (0.3, 0.03), (0.53, 0.2), (0.61, 0.5), (0.53, 0.8), (0.3, 0.97), (0.0, 1.0)]),
        ],
        'K' => {
            &[Lines(&[(0.0, 0.0), (0.0, 1.0)]), Lines(&[(0.57, 0.0), (0.0, 0.58)]), Lines(&[(0.2, 0.38), (0.6, 1.0)])]
        }
        'L' => &[Lines(&[(0.0, 0.0), (0.0, 1.0), (0.55, 1.0)])],
        'M' => &[Lines(&[(0.0, 1.0), (0.03, 0.0), (0.38, 0.62), (0.73, 0.0), (0.76, 1.0)])],
        'R' => &[
            Lines(&[(0.0, 1.0), (0.0, 0.0)]),
            Curve(&[(0.0, 0.0), (0.34, 0.01), (0.54, 0.13), (0.54, 0.38), (0.34, 0.51), (0.0, 0.53)]),
            Lines(&[(0.26, 0.53), (0.6, 1.0)]),
        ],
        'T' => &[Lines(&[(0.0, 0.0), (0.64, 0.0)]), Lines(&[(0.32, 0.0), (0.32, 1.0)])],
        'W' => &[Lines(&[(0.0, 0.0), (0.2, 1.0), (0.41, 0.3), (0.62, 1.0), (0.82, 0.0)])],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn k7_the_alphabet_has_no_look_alikes() {
        let confused = [
            "0O", "0D", "0Q", "OD", "OQ", "DQ", "CD", "CG", "CL", "1I", "1L", "IL", "IJ", "17", "2Z", "5S", "6G", "9G",
            "9Q", "8B", "38", "3B", "3E", "4A", "CE", "EF", "FL", "FP", "FR", "PR", "HN", "HK", "AH", "MN", "KX", "KY",
            "XY", "UV", "UW", "VY", "VW",
        ];
        let signs: BTreeSet<char> = ALPHABET.into();
        assert_eq!(signs.len(), ALPHABET.len(), "a sign stands twice");
        for pair in confused {
            assert!(!pair.chars().all(|sign| signs.contains(&sign)), "{pair} are confused");
        }
        assert!("AEIOUY".chars().all(|vowel| !signs.contains(&vowel)), "a code can be a word");
    }

    #[test]
    fn k7_each_sign_of_the_alphabet_has_strokes_and_no_other() {
        for sign in ('\0'..='\u{2ff}').filter(|sign| !sign.is_ascii_lowercase()) {
            assert_eq!(strokes(sign).is_some(), ALPHABET.contains(&sign), "{sign:?}");
        }
        assert!(strokes('k').is_some(), "a code in lower case is drawn too");
    }

    #[test]
    fn k7_a_code_uses_the_whole_alphabet() {
        let mut rng = StdRng::seed_from_u64(7);
        let codes: Vec<String> = (0..3_900).map(|_| code(&mut rng)).collect();
        let mut seen = BTreeMap::<(usize, char), usize>::new();
        for code in &codes {
            assert_eq!(code.chars().count(), LENGTH);
            code.chars().enumerate().for_each(|place| *seen.entry(place).or_default() += 1);
        }
        assert_eq!(seen.len(), LENGTH * ALPHABET.len(), "a sign never comes at one of the places");
        assert!(seen.values().all(|times| (200..=400).contains(times)), "300 times each is fair: {seen:?}");
        assert!(codes.iter().collect::<BTreeSet<_>>().len() > 3_840, "codes come again too often");
    }
}
