//! How French text becomes index terms: words, folding, elision, stop words, stems.
//!
//! Folding comes BEFORE stop words and the stemmer: what is typed without accents must meet what was written with
//! them. Two analysers share one reader of words: `STEMMED` for meaning, `EXACT` for phrases, prefixes and typos.
//! No query and no index lives here. Any change of the terms produced must raise [`TOKENIZER_VERSION`].

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use tantivy::tokenizer::{
    Language, RawTokenizer, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager,
};
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Raised whenever the same text would give other terms; an index built with another one is rebuilt at start.
pub const TOKENIZER_VERSION: u32 = 2;

/// Name under which the stemmed analyser is registered in an index.
pub const STEMMED: &str = "french_stemmed";
/// Name under which the folded, unstemmed analyser is registered in an index.
pub const EXACT: &str = "french_exact";

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

/// Nouns that are not participles: stemmed like the verb, `données` (data) would meet `donner` (to give) and `don`.
const NOUNS: [&str; 2] = ["donnee", "donnees"];

/// Whether the folded word carries no meaning of its own in a search.
pub fn is_stop_word(folded: &str) -> bool {
    STOP_WORDS.binary_search(&folded).is_ok()
}

/// Reads words one after the other out of a text, folded: lower case, without accents, ligatures undone, elisions
/// dropped. Linear in the text.
pub struct Words<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Words<'a> {
    /// Starts at the head of the text.
    pub fn new(text: &'a str) -> Self {
        Self { text, position: 0 }
    }

    /// Puts the next folded word into `folded` and returns the bytes of the text it was read from.
    pub fn next_into(&mut self, folded: &mut String) -> Option<Range<usize>> {
        loop {
            let rest = &self.text[self.position..];
            let start = self.position + rest.find(char::is_alphanumeric)?;
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
            self.position = end;
            let elided = {
                let mut after = self.text[end..].chars();
                after.next().is_some_and(is_apostrophe)
                    && after.next().is_some_and(char::is_alphanumeric)
                    && ELISIONS.contains(&folded.as_str())
            };
            if !elided && !folded.is_empty() && folded.len() <= LONGEST_WORD {
                return Some(start..end);
            }
        }
    }
}

fn is_apostrophe(character: char) -> bool {
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

/// Endings of feminines that the stemmer only knows with their accent (`formée`, `financière`) or only in long words
/// (`actrice`, `active`), with what replaces them so that both genders meet, and the shortest word in bytes.
const FEMININES: [(&str, &str, usize); 10] = [
    ("ees", "e", 5),
    ("ee", "e", 4),
    ("eres", "er", 7),
    ("ere", "er", 6),
    ("trices", "teur", 7),
    ("trice", "teur", 6),
    ("ives", "if", 6),
    ("ive", "if", 5),
    ("euses", "eux", 7),
    ("euse", "eux", 6),
];

/// What the stemmer reads in place of a folded word.
fn before_stemming(folded: &mut String) {
    if NOUNS.contains(&folded.as_str()) {
        return;
    }
    for (ending, masculine, shortest) in FEMININES {
        if folded.len() >= shortest
            && let Some(kept) = folded.strip_suffix(ending).map(str::len)
        {
            folded.truncate(kept);
            folded.push_str(masculine);
            return;
        }
    }
}

#[derive(Clone, Default)]
struct FrenchTokenizer {
    for_stems: bool,
    token: Token,
}

struct FrenchStream<'a> {
    words: Words<'a>,
    token: &'a mut Token,
    for_stems: bool,
}

impl Tokenizer for FrenchTokenizer {
    type TokenStream<'a> = FrenchStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> FrenchStream<'a> {
        self.token.reset();
        FrenchStream { words: Words::new(text), token: &mut self.token, for_stems: self.for_stems }
    }
}

impl TokenStream for FrenchStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some(read) = self.words.next_into(&mut self.token.text) {
            // A dropped stop word still takes its place, so that phrases of stems keep their distances.
            self.token.position = self.token.position.wrapping_add(1);
            if self.for_stems {
                if is_stop_word(&self.token.text) {
                    continue;
                }
                stem_in_place(&mut self.token.text);
            }
            self.token.offset_from = read.start;
            self.token.offset_to = read.end;
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// Makes both analysers known to an index.
pub fn register(tokenizers: &TokenizerManager) {
    let stemmed = FrenchTokenizer { for_stems: true, token: Token::default() };
    tokenizers.register(STEMMED, TextAnalyzer::builder(stemmed).build());
    tokenizers.register(EXACT, TextAnalyzer::builder(FrenchTokenizer::default()).build());
}

/// Words whose stem a thread remembers; then it forgets them all.
const REMEMBERED: usize = 50_000;

struct Stems {
    analyzer: TextAnalyzer,
    known: HashMap<String, String>,
}

thread_local! {
    // A text is made of the same words again and again, and the stemmer takes longer than a look into a map.
    static STEMS: RefCell<Stems> = RefCell::new(Stems {
        analyzer: TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(Language::French)).build(),
        known: HashMap::new(),
    });
}

/// Snowball leaves the plural of words that end in a vowel (élus, menus, tissus): the s goes here.
fn drop_plural(stem: &mut String) {
    if stem.len() >= 4 && ["as", "is", "os", "us"].iter().any(|ending| stem.ends_with(ending)) {
        stem.pop();
    }
}

/// Puts the stem of a folded word in its place.
fn stem_in_place(folded: &mut String) {
    STEMS.with_borrow_mut(|stems| {
        if let Some(stem) = stems.known.get(folded) {
            folded.clone_from(stem);
            return;
        }
        let word = folded.clone();
        before_stemming(folded);
        let mut stem = String::new();
        stems.analyzer.token_stream(folded).process(&mut |token| stem.clone_from(&token.text));
        drop_plural(&mut stem);
        folded.clone_from(&stem);
        if stems.known.len() == REMEMBERED {
            stems.known.clear();
        }
        stems.known.insert(word, stem);
    });
}

/// The stems of a text with their positions (stop words leave gaps).
pub fn stems(text: &str) -> Vec<(usize, String)> {
    let mut tokenizer = FrenchTokenizer { for_stems: true, token: Token::default() };
    let mut found = Vec::new();
    tokenizer.token_stream(text).process(&mut |token| found.push((token.position, token.text.clone())));
    found
}

/// The stem of one folded word; `None` for a stop word.
pub fn stem(folded: &str) -> Option<String> {
    if is_stop_word(folded) {
        return None;
    }
    let mut stem = folded.to_owned();
    stem_in_place(&mut stem);
    Some(stem)
}
