//! How French text becomes index terms: words, folding, elision, stop words, stems.
//!
//! Folding comes BEFORE stop words and the stemmer: what is typed without accents must meet what was written with
//! them. Two analysers share one reader of words: `STEMMED` for meaning, `EXACT` for phrases, prefixes and typos.
//! No query and no index lives here. Any change of the terms produced must raise [`TOKENIZER_VERSION`].

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

pub use crate::words::{LONGEST_WORD, Words, fold, folded_words, is_stop_word, joined};

use crate::family::stem_in_place;

/// Raised whenever the same text would give other terms; an index built with another one is rebuilt at start.
pub const TOKENIZER_VERSION: u32 = 4;

/// Name under which the stemmed analyser is registered in an index.
pub const STEMMED: &str = "french_stemmed";
/// Name under which the folded, unstemmed analyser is registered in an index.
pub const EXACT: &str = "french_exact";

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
                if self.words.is_stop(&self.token.text) {
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

/// The stems of a text with their positions (stop words leave gaps).
pub fn stems(text: &str) -> Vec<(usize, String)> {
    let mut tokenizer = FrenchTokenizer { for_stems: true, token: Token::default() };
    let mut found = Vec::new();
    tokenizer.token_stream(text).process(&mut |token| found.push((token.position, token.text.clone())));
    found
}

/// The stem of one folded word that stands alone; `None` for a stop word.
pub fn stem(folded: &str) -> Option<String> {
    (!is_stop_word(folded)).then(|| meant(folded))
}

/// The stem of one folded word that is meant, be it a stop word.
pub fn meant(folded: &str) -> String {
    let mut stem = folded.to_owned();
    stem_in_place(&mut stem);
    stem
}
