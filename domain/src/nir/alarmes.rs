//! How often other numbers are taken for a NIR, held against the rule that there was before any sign might separate groups.

use super::*;
use crate::passage::MASK;

const EACH: usize = 10_000;

/// Numbers by chance, always the same (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn between(&mut self, from: usize, to: usize) -> usize {
        from + self.below(to - from + 1)
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }

    /// In groups of these sizes, the last one for what is left.
    fn grouped(&mut self, digits: &str, sizes: &[usize]) -> String {
        let sign =
            self.one(&["", "", " ", " ", ".", "-", "\u{a0}", "\u{202f}", "/", "_", "\u{2009}", "\u{2011}", "\t"]);
        let mut rest = digits;
        let mut parts = Vec::new();
        for size in sizes.iter().chain(std::iter::repeat(&sizes[sizes.len() - 1])) {
            if rest.is_empty() {
                break;
            }
            let (part, left) = rest.split_at((*size).min(rest.len()));
            parts.push(part);
            rest = left;
        }
        parts.join(sign)
    }
}

/// The digits with what makes their sum a multiple of ten, each weighing one or two in turn, or one or three.
fn closed(digits: &str, weighs: impl Fn(usize, u32) -> u32) -> String {
    let sum: u32 = digits.bytes().rev().enumerate().map(|(rank, digit)| weighs(rank, u32::from(digit - b'0'))).sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

fn luhn(digits: &str) -> String {
    closed(digits, |rank, digit| match (rank % 2, digit * 2) {
        (0, double) if double > 9 => double - 9,
        (0, double) => double,
        _ => digit,
    })
}

fn ean(digits: &str) -> String {
    closed(digits, |rank, digit| if rank % 2 == 0 { digit * 3 } else { digit })
}

fn french_phone(dice: &mut Dice) -> String {
    let rest = format!("{}{}", dice.between(1, 9), dice.digits(8));
    match dice.below(4) {
        0 => format!("+33 {}", dice.grouped(&rest, &[1, 2])),
        1 => format!("0033{}", dice.grouped(&rest, &[1, 2])),
        _ => dice.grouped(&format!("0{rest}"), &[2]),
    }
}

fn foreign_phone(dice: &mut Dice) -> String {
    let country =
        dice.one(&["1", "32", "41", "44", "49", "34", "39", "212", "213", "216", "221", "225", "234", "237", "262"]);
    let count = dice.between(8, 10);
    let digits = format!("{country}{}", dice.digits(count));
    let before = dice.one(&["+", "+", "00", ""]);
    format!("{before}{}", dice.grouped(&digits, &[country.len(), 3, 3, 4]))
}

fn siret(dice: &mut Dice) -> String {
    let siren = luhn(&dice.digits(8));
    let siret = luhn(&format!("{siren}{}", dice.digits(4)));
    dice.grouped(&siret, &[3, 3, 3, 5])
}

fn siren(dice: &mut Dice) -> String {
    let siren = luhn(&dice.digits(8));
    dice.grouped(&siren, &[3])
}

fn iban(dice: &mut Dice) -> String {
    let (country, count) = [("FR", 23), ("DE", 18), ("BE", 12), ("ES", 20), ("NO", 11), ("PT", 21)][dice.below(6)];
    let body = dice.digits(count);
    let rest =
        |key: &str| format!("{body}{}{key}", country.bytes().map(|b| (b - b'A' + 10).to_string()).collect::<String>());
    let remainder = rest("00").bytes().fold(0_u32, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
    dice.grouped(&format!("{country}{:02}{body}", 98 - remainder), &[4])
}

fn dates(dice: &mut Dice) -> String {
    let day = |dice: &mut Dice| {
        let (day, month, year) = (dice.between(1, 31), dice.between(1, 12), dice.between(1950, 2030));
        match dice.below(6) {
            0 => format!("{day}/{month:02}/{year}"),
            1 => format!("{year}-{month:02}-{day:02}"),
            2 => format!("{day:02}.{month:02}.{year}"),
            3 => format!("{month:02}/{year}"),
            4 => format!("{year}{month:02}{day:02}"),
            _ => format!("{year}"),
        }
    };
    let count = dice.between(1, 3);
    let days: Vec<String> = (0..count).map(|_| day(dice)).collect();
    days.join(dice.one(&[" ", " - ", "-", "/", " – ", "\n", " au ", "\t"]))
}

fn reference(dice: &mut Dice) -> String {
    let count = dice.between(6, 18);
    let digits = dice.digits(count);
    let written = dice.grouped(&digits, &[4, 3, 5]);
    let before = dice.one(&["", "", "REF", "FAC-", "n°", "DOSSIER ", "A", "2A"]);
    format!("{before}{written}{}", dice.one(&["", "", "", "B", "-X"]))
}

fn amount(dice: &mut Dice) -> String {
    let count = dice.between(1, 13);
    let digits = format!("{}{}", dice.between(1, 9), dice.digits(count));
    let first = digits.len() % 3;
    let sizes = if first == 0 { vec![3] } else { vec![first, 3] };
    let written = dice.grouped(&digits, &sizes);
    format!("{written}{}", dice.one(&["", ",00 €", " €", ",5", " F"]))
}

fn book(dice: &mut Dice) -> String {
    let head = dice.one(&["978", "979", "3", "2", "1", "20"]);
    let digits = format!("{head}{}", dice.digits(12 - head.len()));
    let sizes: &[usize] = if head.len() == 3 { &[3, 1, 4, 4, 1] } else { &[1, 6, 6] };
    dice.grouped(&ean(&digits), sizes)
}

/// A number made by chance.
type Maker = fn(&mut Dice) -> String;

const KINDS: [(&str, Maker); 10] = [
    ("French phones", french_phone),
    ("foreign phones", foreign_phone),
    ("SIRET", siret),
    ("SIREN", siren),
    ("IBAN", iban),
    ("dates", dates),
    ("references", reference),
    ("amounts", amount),
    ("ISBN and EAN", book),
    ("references of 13 to 15 digits", |dice| {
        let count = dice.between(13, 15);
        dice.digits(count)
    }),
];

#[test]
fn q7_other_numbers_are_masked_no_more_often_than_before() {
    let mut dice = Dice(20_261_130);
    let mut counts = Vec::new();
    for (kind, make) in KINDS {
        let (mut before, mut now) = (0, 0);
        let mut made = 0;
        while made < EACH {
            let here = dice.between(1, 4).min(EACH - made);
            made += here;
            let numbers: Vec<String> = (0..here).map(|_| make(&mut dice)).collect();
            let between = dice.one(&[" ", ", ", " / ", "\n", "\r\n", "\t", " et ", " - ", " | "]);
            let text = format!("Voir {} ou 12 rue de la Gare.", numbers.join(between));
            before += mask_before(&text).matches(MASK).count();
            now += mask(&text).matches(MASK).count();
        }
        counts.push((kind, before, now));
    }
    let sum = |of: fn(&(&str, usize, usize)) -> usize| counts.iter().map(of).sum::<usize>();
    // Of a hundred thousand numbers, how many the rule before took for a NIR, and how many this one does.
    assert_eq!((sum(|of| of.1), sum(|of| of.2)), (3_880, 2_947), "{counts:?}");
}

/// The rule before: spaces, dots and hyphens, three at most, and no word beside.
fn mask_before(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut previous_is_word = false;
    while let Some(first) = rest.chars().next() {
        if !previous_is_word
            && first.is_ascii_digit()
            && let Some(length) = before_at(rest)
        {
            out.push_str(MASK);
            rest = &rest[length..];
            previous_is_word = true;
            continue;
        }
        out.push(first);
        previous_is_word = first.is_alphanumeric();
        rest = &rest[first.len_utf8()..];
    }
    out
}

fn before_at(text: &str) -> Option<usize> {
    let mut compact = String::with_capacity(15);
    let mut end_of_13 = None;
    let mut separators = 0;
    let followed = |end: usize| text[end..].starts_with(char::is_alphanumeric);
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() || (compact.len() == 6 && matches!(c, 'A' | 'B' | 'a' | 'b')) {
            if compact.len() == 15 {
                return None;
            }
            compact.push(c);
            separators = 0;
            if compact.len() == 13 {
                end_of_13 = Some(at + 1);
            }
            if compact.len() == 15 {
                let fits = key(&compact[..13]).is_some_and(|key| compact[13..].parse() == Ok(key));
                if fits && !followed(at + 1) {
                    return Some(at + 1);
                }
            }
        } else if usual(c) && separators < 3 {
            separators += 1;
        } else {
            break;
        }
    }
    let end = end_of_13.filter(|_| compact.len() == 13)?;
    let body = key(&compact).is_some() && possible_month(&compact) && compact.starts_with(['1', '2']);
    (body && !followed(end)).then_some(end)
}
