//! A question in plain French, read aloud by a screen reader: the way for those who can't see the image (K7).
//!
//! All questions are made and filtered once, at the first call (8 ms): a question that shows its answer is never asked.
//! Numbers are in words and under seventy, because « soixante-douze » is heard as two numbers; words to spell have no
//! accent.

use std::fmt;
use std::sync::LazyLock;

use domain::texte::fold;
use rand::Rng;

use super::words::{DAYS, MONTHS, NUMBERS_MAX, ORDINALS, THINGS, WORDS, number};

/// A question and what is accepted as its answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked: « Combien font douze moins cinq ? ».
    pub texte: String,
    /// The accepted answers, each as [`normalise`] returns it: `7` and `sept`. They stay on the server.
    pub reponses: Vec<String>,
}

/// The answers are a secret: they must not reach a log by accident.
impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question").field("texte", &self.texte).field("reponses", &format_args!("[…]")).finish()
    }
}

/// A random question: each family is as likely as the others, so that the largest does not dominate.
pub fn ask(rng: &mut impl Rng) -> Question {
    let family = &QUESTIONS[rng.random_range(0..QUESTIONS.len())];
    family[rng.random_range(0..family.len())].clone()
}

/// The form in which a typed answer, to an image or to a question, is compared: case, accents, hyphens and spaces don't
/// count.
pub fn normalise(answer: &str) -> String {
    fold(answer).replace(' ', "")
}

/// Every question that may be asked, by family; no family is empty (the tests see to it).
static QUESTIONS: LazyLock<[Vec<Question>; 14]> = LazyLock::new(|| {
    [
        sums(),
        differences(),
        products(),
        doubles_and_halves(),
        neighbours(),
        written_numbers(),
        remainders(),
        ages(),
        lengths(),
        places(),
        alphabet(),
        days(),
        months(),
        measures(),
    ]
});

/// The question, unless its text shows the answer, even inside a word; a single letter may be inside a word.
fn sieved(text: String, answers: &[&str]) -> Option<Question> {
    let reponses: Vec<String> = answers.iter().map(|answer| normalise(answer)).collect();
    let (folded, joined) = (fold(&text), normalise(&text));
    let stands = |answer: &String| match answer.chars().count() {
        0 | 1 => folded.split(' ').any(|word| word == answer),
        _ => joined.contains(answer.as_str()),
    };
    // The space before the question mark does not break.
    (!reponses.iter().any(stands)).then(|| Question { texte: format!("{text}\u{202f}?"), reponses })
}

/// A question whose answer is a number, in digits or in words; none when the number has no words here.
fn counted(text: String, answer: usize) -> Option<Question> {
    (answer <= NUMBERS_MAX).then(|| sieved(text, &[&answer.to_string(), &number(answer)]))?
}

/// All pairs of the values of two ranges.
fn pairs(
    first: impl Iterator<Item = usize>,
    second: impl Iterator<Item = usize> + Clone,
) -> impl Iterator<Item = (usize, usize)> {
    first.flat_map(move |a| second.clone().map(move |b| (a, b)))
}

fn sums() -> Vec<Question> {
    let ordered = pairs(11..=59, 2..=9).flat_map(|(a, b)| [(a, b), (b, a)]);
    ordered.filter_map(|(a, b)| counted(format!("Combien font {} plus {}", number(a), number(b)), a + b)).collect()
}

fn differences() -> Vec<Question> {
    let ordered = pairs(13..=60, 2..=9);
    ordered.filter_map(|(a, b)| counted(format!("Combien font {} moins {}", number(a), number(b)), a - b)).collect()
}

fn products() -> Vec<Question> {
    let factors = pairs(2..=10, 2..=10);
    factors.filter_map(|(a, b)| counted(format!("Combien font {} fois {}", number(a), number(b)), a * b)).collect()
}

fn doubles_and_halves() -> Vec<Question> {
    let both = (3..=34).flat_map(|half| {
        [
            counted(format!("Quel est le double de {}", number(half)), 2 * half),
            counted(format!("Quelle est la moitié de {}", number(2 * half)), half),
        ]
    });
    both.flatten().collect()
}

fn neighbours() -> Vec<Question> {
    let both = (2..NUMBERS_MAX).flat_map(|low| {
        [
            counted(format!("En comptant de un en un, quel nombre vient juste après {}", number(low)), low + 1),
            counted(format!("En comptant de un en un, quel nombre vient juste avant {}", number(low + 1)), low),
        ]
    });
    both.flatten().collect()
}

fn written_numbers() -> Vec<Question> {
    let digits = pairs(2..=6, 0..=9);
    let text = |tens, units| format!("Quel nombre s’écrit avec un {} suivi d’un {}", number(tens), number(units));
    digits.filter_map(|(tens, units)| counted(text(tens, units), 10 * tens + units)).collect()
}

fn remainders() -> Vec<Question> {
    let each = THINGS.iter().flat_map(|things| pairs(12..=25, 3..=8).map(move |(had, gave)| (things, had, gave)));
    let text = |things, had, gave| {
        let (had, gave) = (number(had), number(gave));
        format!("J’avais {had} {things} et j’en ai donné {gave}. Combien m’en reste-t-il")
    };
    each.filter_map(|(things, had, gave)| counted(text(things, had, gave), had - gave)).collect()
}

fn ages() -> Vec<Question> {
    let text = |age, years| {
        let (age, years) = (number(age), number(years));
        format!("Une personne a {age} ans. Quel âge aura-t-elle dans {years} ans")
    };
    pairs(18..=60, 2..=9).filter_map(|(age, years)| counted(text(age, years), age + years)).collect()
}

fn lengths() -> Vec<Question> {
    let text = |word| format!("Combien de lettres y a-t-il dans le mot «\u{a0}{word}\u{a0}»");
    WORDS.split(' ').filter_map(|word| counted(text(word), word.chars().count())).collect()
}

fn places() -> Vec<Question> {
    let text = |place, word| format!("Quelle est la {place} lettre du mot «\u{a0}{word}\u{a0}»");
    let each = WORDS.split(' ').flat_map(|word| {
        let named = ["première", "deuxième", "troisième", "quatrième"].into_iter().zip(word.chars());
        named
            .chain(word.chars().last().map(|last| ("dernière", last)))
            .map(move |(place, letter)| (word, place, letter))
    });
    each.filter_map(|(word, place, letter)| sieved(text(place, word), &[&letter.to_string()])).collect()
}

fn alphabet() -> Vec<Question> {
    let text = |side, letter| format!("Dans l’alphabet, quelle lettre vient juste {side} la lettre {letter}");
    let both = ('A'..='Y').zip('B'..='Z').flat_map(|(low, high)| {
        [sieved(text("après", low), &[&high.to_string()]), sieved(text("avant", high), &[&low.to_string()])]
    });
    both.flatten().collect()
}

fn days() -> Vec<Question> {
    let each = (0..7).flat_map(|index| {
        let (day, at) = (DAYS[index], |shift: usize| DAYS[(index + shift) % 7]);
        let mut of_day = vec![
            sieved(format!("Quel jour de la semaine vient juste après {day}"), &[at(1)]),
            sieved(format!("Quel jour de la semaine vient juste avant {day}"), &[at(6)]),
            sieved(format!("Si hier nous étions {day}, quel jour serons-nous demain"), &[at(2)]),
            sieved(format!("Si demain nous sommes {day}, quel jour étions-nous hier"), &[at(5)]),
        ];
        of_day.extend((2..=6).map(|shift| {
            let later = number(shift);
            sieved(format!("Si nous sommes {day}, quel jour serons-nous dans {later} jours"), &[at(shift)])
        }));
        of_day
    });
    each.flatten().collect()
}

fn months() -> Vec<Question> {
    let each = (0..12).flat_map(|index| {
        let ((month, length), at) = (MONTHS[index], |shift: usize| MONTHS[(index + shift) % 12].0);
        let mut of_month = vec![
            sieved(format!("Quel mois vient juste après {month}"), &[at(1)]),
            sieved(format!("Quel mois vient juste avant {month}"), &[at(11)]),
            sieved(format!("Quel est le {} mois de l’année", ORDINALS[index]), &[month]),
            length.and_then(|days| counted(format!("Combien de jours y a-t-il en {month}"), days)),
        ];
        of_month.extend((2..=6).map(|shift| {
            let later = number(shift);
            sieved(format!("Si nous sommes en {month}, en quel mois serons-nous dans {later} mois"), &[at(shift)])
        }));
        of_month
    });
    each.flatten().collect()
}

fn measures() -> Vec<Question> {
    let once = [
        ("de jours y a-t-il dans une semaine", 7),
        ("d’heures y a-t-il dans une journée entière", 24),
        ("de mois y a-t-il dans une année", 12),
        ("de minutes y a-t-il dans une heure", 60),
        ("de minutes y a-t-il dans une demi-heure", 30),
        ("de minutes y a-t-il dans un quart d’heure", 15),
        ("de minutes y a-t-il dans trois quarts d’heure", 45),
        ("de secondes y a-t-il dans une minute", 60),
        ("de lettres y a-t-il dans l’alphabet français", 26),
        ("de saisons y a-t-il dans une année", 4),
        ("de côtés a un triangle", 3),
        ("de côtés a un carré", 4),
    ];
    let many = (2..=9).flat_map(|n| {
        let said = number(n);
        [
            (format!("de jours y a-t-il dans {said} semaines"), 7 * n),
            (format!("d’heures y a-t-il dans {said} journées entières"), 24 * n),
            (format!("de mois y a-t-il dans {said} années"), 12 * n),
            (format!("d’œufs y a-t-il dans {said} douzaines d’œufs"), 12 * n),
            (format!("de roues ont {said} vélos"), 2 * n),
            (format!("de pattes ont {said} chats"), 4 * n),
            (format!("de côtés ont {said} triangles"), 3 * n),
        ]
    });
    let all = once.into_iter().map(|(what, answer)| (what.to_owned(), answer)).chain(many);
    all.filter_map(|(what, answer)| counted(format!("Combien {what}"), answer)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn k7_the_answer_is_not_in_the_question() {
        let mut rng = StdRng::seed_from_u64(7);
        let drawn: Vec<Question> = (0..20_000).map(|_| ask(&mut rng)).collect();
        for question in QUESTIONS.iter().flatten().chain(&drawn) {
            let texte = question.texte.to_lowercase();
            assert!(!texte.contains(|c: char| c.is_ascii_digit()), "{texte}");
            let words: Vec<String> = texte.split(|c: char| !c.is_alphanumeric()).map(normalise).collect();
            for answer in &question.reponses {
                // « vingt et un » is three words: whatever words in a row would be the answer once joined.
                let joined = (1..=4).flat_map(|n| words.windows(n)).find(|row| row.concat() == *answer);
                assert_eq!(joined, None, "{answer} stands in: {texte}");
                assert_eq!(*answer, normalise(answer), "as it is compared");
                assert!(!answer.is_empty(), "{texte}");
            }
            assert!(!question.reponses.is_empty(), "{texte}");
            assert!(texte.ends_with("\u{202f}?"), "{texte}");
        }
    }

    #[test]
    fn k7_there_are_many_questions_of_many_kinds_each_with_one_answer() {
        let mut answers = BTreeMap::<&str, &Vec<String>>::new();
        for question in QUESTIONS.iter().flatten() {
            let before = answers.insert(&question.texte, &question.reponses);
            assert_eq!(before, None, "{} stands twice", question.texte);
        }
        assert!(answers.len() > 3_000, "{}", answers.len());
        assert!(QUESTIONS.iter().all(|family| family.len() >= 40), "{:?}", QUESTIONS.each_ref().map(Vec::len));
    }

    #[test]
    fn k7_who_always_answers_the_same_is_right_one_time_in_twenty_at_most() {
        let mut rng = StdRng::seed_from_u64(20);
        let mut times = BTreeMap::<String, usize>::new();
        for _ in 0..20_000 {
            ask(&mut rng).reponses.into_iter().for_each(|answer| *times.entry(answer).or_default() += 1);
        }
        assert!(times.values().all(|times| *times <= 1_000), "{times:?}");
    }

    #[test]
    fn k7_answers_are_compared_without_case_accents_or_spaces() {
        assert_eq!(normalise("  Vingt-et-Un "), normalise("vingt et un"));
        assert_eq!(normalise("FÉVRIER"), "fevrier");
        assert_eq!(normalise("k7 m\u{a0}2w"), normalise("K7M2W"));
        assert_eq!(normalise(" ７. "), "7");
        assert_eq!(normalise("…"), "");
    }

    #[test]
    fn k7_the_answers_are_right() {
        let accepted: BTreeMap<&str, &[String]> =
            QUESTIONS.iter().flatten().map(|question| (&*question.texte, &*question.reponses)).collect();
        let expected: [(&str, &[&str]); 16] = [
            ("Combien font vingt-quatre plus sept", &["31", "trenteetun"]),
            ("Combien font dix-neuf moins deux", &["17", "dixsept"]),
            ("Combien font sept fois huit", &["56", "cinquantesix"]),
            ("Quel est le double de trente", &["60", "soixante"]),
            ("Quelle est la moitié de trente-deux", &["16", "seize"]),
            ("En comptant de un en un, quel nombre vient juste avant soixante", &["59", "cinquanteneuf"]),
            ("Quel nombre s’écrit avec un quatre suivi d’un zéro", &["40", "quarante"]),
            ("J’avais vingt et un livres et j’en ai donné huit. Combien m’en reste-t-il", &["13", "treize"]),
            ("Une personne a quarante-huit ans. Quel âge aura-t-elle dans trois ans", &["51", "cinquanteetun"]),
            ("Combien de lettres y a-t-il dans le mot «\u{a0}formation\u{a0}»", &["9", "neuf"]),
            ("Quelle est la troisième lettre du mot «\u{a0}formation\u{a0}»", &["r"]),
            ("Dans l’alphabet, quelle lettre vient juste avant la lettre H", &["g"]),
            ("Si nous sommes samedi, quel jour serons-nous dans trois jours", &["mardi"]),
            ("Si nous sommes en novembre, en quel mois serons-nous dans trois mois", &["fevrier"]),
            ("Combien de jours y a-t-il en juin", &["30", "trente"]),
            ("Combien d’heures y a-t-il dans deux journées entières", &["48", "quarantehuit"]),
        ];
        for (texte, answers) in expected {
            let texte = format!("{texte}\u{202f}?");
            assert_eq!(*accepted[&*texte], *answers, "{texte}");
        }
    }

    #[test]
    fn k7_a_question_in_a_log_keeps_its_answer() {
        let said = format!("{:?}", ask(&mut StdRng::seed_from_u64(1)));
        assert!(said.ends_with("reponses: […] }"), "{said}");
    }
}
