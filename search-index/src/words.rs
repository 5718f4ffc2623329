//! Reads words one after the other out of a text, folded: lower case, without accents, ligatures undone, elisions
//! dropped. One thing is one word: an acronym with points (S.S.I.A.P.), a telephone or SIRET number however it is
//! spaced, C++, C#, .NET. Linear in the text. No stem and no index lives here.

use std::ops::Range;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Longest folded word, in bytes: a longer one is no word (a base64 blob, an ornament), and is not indexed.
pub const LONGEST_WORD: usize = 80;

/// What stands before an apostrophe without being a word of its own.
const ELISIONS: [&str; 17] = [
    "l", "d", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu", "presqu", "entr", "c", "j", "m", "t", "s", "n",
    "z",
];

/// Folded words too common to tell documents apart. Left out on purpose, because a reader may mean them: `est`
/// (Grand Est), `ete` (the season), `or`, `car`, `bon`, `c` (the language).
const STOP_WORDS: [&str; 74] = [
    "a", "ai", "as", "au", "aux", "avec", "ayant", "ce", "ceci", "cela", "celle", "celui", "ces", "cet", "cette",
    "ceux", "d", "dans", "de", "des", "donc", "du", "elle", "elles", "en", "et", "etaient", "etait", "etant", "eu",
    "eux", "il", "ils", "j", "je", "l", "la", "le", "les", "leur", "leurs", "lui", "m", "ma", "mais", "me", "mes",
    "mon", "n", "ne", "nos", "notre", "nous", "on", "ont", "ou", "par", "pas", "pour", "qu", "que", "qui", "s", "sa",
    "se", "ses", "son", "sont", "sur", "tu", "un", "une", "vos", "vous",
];

/// Bytes of the longest of [`STOP_WORDS`].
const LONGEST_STOP_WORD: usize = 7;

/// Stop words that are nouns behind one of [`ARTICLES`]: le son, le pas.
const NOUNS: [&str; 2] = ["pas", "son"];
/// Stop words that only stand before a noun: where none follows, they are one (« régie son, lumière »).
const DETERMINERS: [&str; 2] = ["ses", "son"];
const ARTICLES: [&str; 4] = ["au", "du", "le", "un"];
/// What may follow a noun and begins none.
const LINKS: [&str; 16] =
    ["a", "au", "aux", "avec", "dans", "de", "des", "du", "en", "et", "le", "ou", "par", "pour", "qui", "sur"];

/// Whether the folded word carries no meaning of its own in a search.
pub fn is_stop_word(folded: &str) -> bool {
    folded.len() <= LONGEST_STOP_WORD && STOP_WORDS.binary_search(&folded).is_ok()
}

pub struct Words<'a> {
    text: &'a str,
    position: usize,
    /// Where the last word was read, and the one before it.
    last: Range<usize>,
    before: Range<usize>,
}

impl<'a> Words<'a> {
    /// Starts at the head of the text.
    pub fn new(text: &'a str) -> Self {
        Self { text, position: 0, last: 0..0, before: 0..0 }
    }

    /// Puts the next folded word into `folded` and returns the bytes of the text it was read from.
    pub fn next_into(&mut self, folded: &mut String) -> Option<Range<usize>> {
        loop {
            let rest = &self.text[self.position..];
            let mut start = self.position + rest.find(char::is_alphanumeric)?;
            folded.clear();
            let mut end = self.text.len();
            for (offset, character) in self.text[start..].char_indices() {
                if character.is_alphanumeric() {
                    fold_char(character, folded);
                } else if !is_glue(character) {
                    end = start + offset;
                    break;
                }
            }
            match folded.as_bytes() {
                [b'0'..=b'9', ..] if may_begin_number(&self.text[..start], folded) => {
                    if let Some((to, number)) = number(self.text, start) {
                        end = to;
                        *folded = number;
                    }
                }
                [letter] => {
                    if let Some(to) = language(self.text, end, *letter) {
                        folded.push_str(&self.text[end..to]);
                        end = to;
                    } else {
                        end = pointed(self.text, end, folded);
                    }
                }
                b"net" if dotted(&self.text[..start]) => {
                    start -= 1;
                    folded.insert(0, '.');
                }
                _ => {}
            }
            self.position = end;
            let elided = {
                let mut after = self.text[end..].chars();
                after.next().is_some_and(is_apostrophe)
                    && after.next().is_some_and(char::is_alphanumeric)
                    && ELISIONS.contains(&folded.as_str())
            };
            if !elided && !folded.is_empty() && folded.len() <= LONGEST_WORD {
                self.before = std::mem::replace(&mut self.last, start..end);
                return Some(start..end);
            }
        }
    }

    /// Whether the word read last, here folded, is a stop word that is not meant: see [`Words::is_meant`].
    pub fn is_stop(&self, folded: &str) -> bool {
        is_stop_word(folded) && !self.is_meant(folded)
    }

    /// Whether a stop word is a noun here: an acronym (SES, PAS) among words that are not all in capitals, a noun behind
    /// its article (« ingénieur du son »), a determiner that determines nothing.
    fn is_meant(&self, folded: &str) -> bool {
        let (before, after) = (&self.text[self.before.clone()], &self.text[self.last.end..]);
        if in_capitals(&self.text[self.last.clone()], 3) && !in_capitals(before, 2) && !in_capitals(next_word(after), 2)
        {
            return true;
        }
        (NOUNS.contains(&folded) && ARTICLES.iter().any(|article| before.eq_ignore_ascii_case(article)))
            || (DETERMINERS.contains(&folded) && !begins_noun(next_word(after)))
    }
}

/// The letters that follow right after the spaces; empty where something else does.
fn next_word(after: &str) -> &str {
    let word = after.trim_start_matches(|character: char| character.is_whitespace() || is_glue(character));
    let end = word.find(|character: char| !character.is_alphabetic()).unwrap_or(word.len());
    &word[..end]
}

fn begins_noun(word: &str) -> bool {
    let mut folded = String::new();
    word.chars().take(12).for_each(|character| fold_char(character, &mut folded));
    !folded.is_empty() && !LINKS.contains(&folded.as_str())
}

fn in_capitals(word: &str, shortest: usize) -> bool {
    let mut letters = 0;
    for character in word.chars() {
        if character.is_lowercase() {
            return false;
        }
        letters += usize::from(character.is_uppercase());
    }
    letters >= shortest
}

/// Where the name of a language ends that is one letter and signs (C++, C#, F#).
fn language(text: &str, end: usize, letter: u8) -> Option<usize> {
    let signs = text[end..].find(|character| !matches!(character, '+' | '#')).unwrap_or(text.len() - end);
    let known = matches!((letter, &text[end..end + signs]), (b'c', "++" | "#") | (b'f', "#"));
    (known && !text[end + signs..].starts_with(char::is_alphanumeric)).then_some(end + signs)
}

/// Whether a point stands here that belongs to the word behind it (.NET) and ends nothing.
fn dotted(before: &str) -> bool {
    before.strip_suffix('.').is_some_and(|before| !before.ends_with(char::is_alphanumeric))
}

/// Reads on an acronym with points: behind a first letter, letters that stand alone between points.
fn pointed(text: &str, mut end: usize, folded: &mut String) -> usize {
    loop {
        let mut after = text[end..].chars();
        match (after.next(), after.next(), after.next()) {
            (Some('.'), Some(letter), next)
                if letter.is_alphabetic() && !next.is_some_and(|next| next.is_alphanumeric() || is_glue(next)) =>
            {
                fold_char(letter, folded);
                end += 1 + letter.len_utf8();
            }
            _ => return end,
        }
    }
}

/// Sizes of the groups in which a telephone number that begins with 0 is written.
const PHONES: [&[usize]; 4] = [&[2, 2, 2, 2, 2], &[10], &[4, 2, 2, 2], &[4, 3, 3]];
/// The same of a SIRET and of a SIREN.
const SIRETS: [&[usize]; 6] = [&[3, 3, 3, 5], &[14], &[9, 5], &[3, 3, 8], &[3, 3, 3], &[9]];
/// Country codes of the French numbering plan (ITU-T E.164); behind them the number has no 0.
const COUNTRIES: [&str; 5] = ["33", "262", "590", "594", "596"];

/// Whether the first digits may be those of a telephone, SIRET or SIREN number: most numbers are none.
fn may_begin_number(before: &str, digits: &str) -> bool {
    matches!(digits.len(), 3 | 9 | 14) || digits.starts_with('0') || before.ends_with('+')
}

/// The telephone, SIRET or SIREN number that begins here: where it ends, and its digits in one piece. A telephone number
/// with its country's code is the one with a 0.
fn number(text: &str, start: usize) -> Option<(usize, String)> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    let mut from = start;
    let abroad = text[..start].ends_with('+');
    while groups.len() < 7 {
        let digits = text[from..].bytes().take_while(u8::is_ascii_digit).count();
        let end = from + digits;
        if digits == 0 || text[end..].starts_with(char::is_alphanumeric) {
            break;
        }
        groups.push(from..end);
        let mut after = text[end..].chars();
        match after.next() {
            Some(' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '.' | '-' | '/' | '\u{2010}' | '\u{2011}') => {
                from = text.len() - after.as_str().len();
            }
            _ => break,
        }
        // +33 (0)6…
        if abroad && let Some(rest) = text[from..].strip_prefix("(0)") {
            from = text.len() - rest.trim_start().len();
        }
    }
    let first = text.get(groups.first()?.clone())?;
    if let Some(international) = if abroad { Some(first) } else { first.strip_prefix("00") } {
        return phone_from_abroad(text, &groups, international);
    }
    let patterns: &[&[usize]] = match first.as_bytes() {
        [b'0', b'1'..=b'9', ..] => &PHONES,
        _ => &SIRETS,
    };
    let sizes = patterns.iter().find(|sizes| {
        groups.len() >= sizes.len() && sizes.iter().zip(&groups).all(|(size, group)| group.len() == *size)
    })?;
    let read = &groups[..sizes.len()];
    Some((read.last()?.end, read.iter().map(|group| &text[group.clone()]).collect()))
}

fn phone_from_abroad(text: &str, groups: &[Range<usize>], first: &str) -> Option<(usize, String)> {
    let code = COUNTRIES.iter().find(|code| first.starts_with(**code))?;
    let mut digits = first[code.len()..].to_owned();
    let mut groups = groups.iter();
    let mut end = groups.next()?.end;
    loop {
        let national = digits.strip_prefix('0').unwrap_or(&digits);
        if national.len() == 9 {
            return Some((end, format!("0{national}")));
        }
        let group = groups.next()?;
        digits.push_str(&text[group.clone()]);
        end = group.end;
    }
}

pub(crate) fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '’' | '‘' | 'ʼ' | '´' | '`' | '′' | '＇')
}

/// Marks that belong to the word around them: accents written apart (usual in PDF), soft hyphens, zero-width signs.
fn is_glue(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}') || is_combining_mark(character)
}

fn fold_char(character: char, out: &mut String) {
    if character.is_ascii() {
        out.push(character.to_ascii_lowercase());
        return;
    }
    match character {
        'œ' | 'Œ' => out.push_str("oe"),
        'æ' | 'Æ' => out.push_str("ae"),
        'ø' | 'Ø' => out.push('o'),
        'ß' | 'ẞ' => out.push_str("ss"),
        'ł' | 'Ł' => out.push('l'),
        'đ' | 'Đ' | 'ð' | 'Ð' => out.push('d'),
        'þ' | 'Þ' => out.push_str("th"),
        'ı' => out.push('i'),
        _ => decompose_compatible(character, |part| {
            if !is_combining_mark(part) {
                out.extend(part.to_lowercase().filter(|lower| lower.is_alphanumeric()));
            }
        }),
    }
}

/// The folded words of a text, elisions dropped, stop words kept.
pub fn folded_words(text: &str) -> Vec<String> {
    let mut words = Words::new(text);
    let mut folded = String::new();
    let mut found = Vec::new();
    while words.next_into(&mut folded).is_some() {
        found.push(folded.clone());
    }
    found
}

/// The text as one string of folded words, for sorting by name and comparing numbers.
pub fn fold(text: &str) -> String {
    folded_words(text).join(" ")
}

/// All letters and digits of the text in one word, what is elided too: « D’Almeida » and « DALMEIDA » are one.
pub fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().filter(|character| character.is_alphanumeric()).for_each(|character| fold_char(character, &mut out));
    out
}
