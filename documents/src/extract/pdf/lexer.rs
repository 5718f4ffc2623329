//! The words of content streams, CMaps and the clear part of Type 1 fonts, one after the other (ISO 32000-1 §7.2, §7.8.2).
//!
//! lopdf's own parser reads a whole stream or nothing of it; here what is not understood is stepped over.

use lopdf::{Dictionary, Object, StringFormat};

/// Arrays and dictionaries inside each other beyond that are stepped over.
const MAX_DEPTH: usize = 32;
/// Bytes behind what may be the end of an inline image that have to look like operators again.
const LOOK_AHEAD: usize = 24;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'a> {
    Operand(Object),
    Operator(&'a [u8]),
}

#[derive(Debug, Clone)]
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                let rest = &self.bytes[self.at..];
                self.at += rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
            } else if is_space(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn run(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        let end = rest.iter().position(|byte| !is_regular(*byte)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// The next word inside an array or a dictionary that many deep; none at the end of the stream.
    fn token(&mut self, depth: usize) -> Option<Token<'a>> {
        loop {
            self.skip_space();
            let operand = match self.peek()? {
                b'(' => Object::String(self.literal(), StringFormat::Literal),
                b'/' => {
                    self.at += 1;
                    Object::Name(unescaped(self.run()))
                }
                b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => {
                    self.at += 2;
                    self.dictionary(depth)
                }
                b'<' => Object::String(self.hexadecimal(), StringFormat::Hexadecimal),
                b'[' => {
                    self.at += 1;
                    self.array(depth)
                }
                byte if is_regular(byte) => {
                    let word = self.run();
                    match number(word) {
                        Some(number) => number,
                        None => match word {
                            b"true" => Object::Boolean(true),
                            b"false" => Object::Boolean(false),
                            b"null" => Object::Null,
                            operator => return Some(Token::Operator(operator)),
                        },
                    }
                }
                _ => {
                    // The end of something that was not begun.
                    self.at += 1;
                    continue;
                }
            };
            return Some(Token::Operand(operand));
        }
    }

    fn array(&mut self, depth: usize) -> Object {
        let mut all = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                None => break,
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(_) if depth >= MAX_DEPTH => self.at += 1,
                Some(_) => match self.token(depth + 1) {
                    Some(Token::Operand(operand)) => all.push(operand),
                    Some(Token::Operator(_)) => {}
                    None => break,
                },
            }
        }
        Object::Array(all)
    }

    fn dictionary(&mut self, depth: usize) -> Object {
        let mut all = Dictionary::new();
        let mut name: Option<Vec<u8>> = None;
        loop {
            self.skip_space();
            match self.peek() {
                None => break,
                Some(b'>') => {
                    self.at += if self.bytes.get(self.at + 1) == Some(&b'>') { 2 } else { 1 };
                    break;
                }
                Some(_) if depth >= MAX_DEPTH => self.at += 1,
                Some(_) => match (name.take(), self.token(depth + 1)) {
                    (_, None) => break,
                    (Some(name), Some(Token::Operand(value))) => all.set(name, value),
                    (None, Some(Token::Operand(Object::Name(new)))) => name = Some(new),
                    _ => {}
                },
            }
        }
        Object::Dictionary(all)
    }

    /// A string in parentheses (§7.3.4.2).
    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut out = Vec::new();
        let mut open = 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                }
                b'\\' => {
                    self.escape(&mut out);
                    continue;
                }
                b'\r' => {
                    if self.peek() == Some(b'\n') {
                        self.at += 1;
                    }
                    out.push(b'\n');
                    continue;
                }
                _ => {}
            }
            out.push(byte);
        }
        out
    }

    fn escape(&mut self, out: &mut Vec<u8>) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        match byte {
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'\n' => {}
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
            }
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    match self.peek() {
                        Some(digit @ b'0'..=b'7') => {
                            value = value * 8 + u32::from(digit - b'0');
                            self.at += 1;
                        }
                        _ => break,
                    }
                }
                out.push(value as u8);
            }
            other => out.push(other),
        }
    }

    /// A string of hexadecimal digits (§7.3.4.3).
    fn hexadecimal(&mut self) -> Vec<u8> {
        self.at += 1;
        let rest = &self.bytes[self.at..];
        let end = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
        self.at += (end + 1).min(rest.len());
        from_hexadecimal(&rest[..end])
    }

    /// Steps over an inline image, whose operator `BI` was just read (§8.9.7).
    pub(super) fn skip_image(&mut self) {
        while let Some(token) = self.token(0) {
            if token == Token::Operator(b"ID") {
                break;
            }
        }
        self.at += 1;
        // Samples may hold the letters « EI »: the end is followed by operators again, which are printable.
        while self.at < self.bytes.len() {
            let rest = &self.bytes[self.at..];
            let Some(found) = memchr::memmem::find(rest, b"EI") else {
                self.at = self.bytes.len();
                return;
            };
            let before = found.checked_sub(1).map(|before| rest[before]);
            let after = &rest[found + 2..];
            let ahead = &after[..after.len().min(LOOK_AHEAD)];
            self.at += found + 2;
            if before.is_none_or(is_space)
                && after.first().is_none_or(|byte| is_space(*byte))
                && ahead.iter().all(|byte| is_space(*byte) && *byte != 0 || (b' '..=b'~').contains(byte))
            {
                return;
            }
        }
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.token(0)
    }
}

/// The bytes that hexadecimal digits stand for; an odd last digit is followed by 0.
pub(super) fn from_hexadecimal(digits: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> =
        digits.iter().filter_map(|digit| char::from(*digit).to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// A name without its `#20` (§7.3.5).
fn unescaped(name: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((&byte, after)) = rest.split_first() {
        match after {
            [a, b, ..] if byte == b'#' && a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                out.extend(from_hexadecimal(&after[..2]));
                rest = &after[2..];
            }
            _ => {
                out.push(byte);
                rest = after;
            }
        }
    }
    out
}

/// A number, as lenient as viewers are: « --5 » is -5, « 1.2.3 » is 1.2, « 5-3 » is 5.
fn number(word: &[u8]) -> Option<Object> {
    let signs = word.iter().take_while(|byte| matches!(byte, b'+' | b'-')).count();
    let body = &word[signs..];
    let mut dots = 0;
    let end = body
        .iter()
        .position(|byte| {
            dots += usize::from(*byte == b'.');
            !(byte.is_ascii_digit() || *byte == b'.' && dots == 1)
        })
        .unwrap_or(body.len());
    let (said, left) = body.split_at(end);
    if !said.iter().any(u8::is_ascii_digit) && said != b"."
        || !left.iter().all(|byte| matches!(byte, b'-' | b'.' | b'0'..=b'9'))
    {
        return None;
    }
    let negative = word[..signs].contains(&b'-');
    let said = std::str::from_utf8(said).ok()?;
    if !said.contains('.')
        && let Ok(whole) = said.parse::<i64>()
    {
        return Some(Object::Integer(if negative { -whole } else { whole }));
    }
    let real: f32 = if said == "." { 0.0 } else { said.parse().ok()? };
    Some(Object::Real(if negative { -real } else { real }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operators(stream: &[u8]) -> Vec<String> {
        let operators = Lexer::new(stream).filter_map(|token| match token {
            Token::Operator(operator) => Some(String::from_utf8_lossy(operator).into_owned()),
            Token::Operand(_) => None,
        });
        operators.collect()
    }

    fn operands(stream: &[u8]) -> Vec<Object> {
        let operands = Lexer::new(stream).filter_map(|token| match token {
            Token::Operand(operand) => Some(operand),
            Token::Operator(_) => None,
        });
        operands.collect()
    }

    #[test]
    fn g3_words_of_a_content_stream_are_told_apart() {
        let stream = b"/F#31 12 Tf%taille\n-.5 --3 1.2.3 Td T* (a\\)\\351(b)\\\nc)'[(d)-20<62 6>]TJ<</A/B>>BDC";
        assert_eq!(operators(stream), ["Tf", "Td", "T*", "'", "TJ", "BDC"]);
        let text = |bytes: &[u8]| Object::String(bytes.to_vec(), StringFormat::Literal);
        let mut named = Dictionary::new();
        named.set("A", "B");
        let numbers = [Object::Integer(12), Object::Real(-0.5), Object::Integer(-3), Object::Real(1.2)];
        let shown = [
            text(b"a)\xe9(b)c"),
            Object::Array(vec![
                text(b"d"),
                Object::Integer(-20),
                Object::String(b"b`".to_vec(), StringFormat::Hexadecimal),
            ]),
        ];
        let all = [&["F1".into()][..], &numbers, &shown, &[Object::Dictionary(named)]].concat();
        assert_eq!(operands(stream), all);
    }

    #[test]
    fn q8_what_is_not_understood_is_stepped_over() {
        assert_eq!(operators(b">> ] ) } 1 w"), ["w"]);
        let deep = [b"[".repeat(100_000), b" 1 ".to_vec()].concat();
        assert_eq!(Lexer::new(&deep).count(), 1);
        assert_eq!(Lexer::new(b"(sans fin").count(), 1);
        assert_eq!(Lexer::new(b"<41").count(), 1);
    }

    #[test]
    fn g3_samples_of_a_picture_are_no_operators() {
        let stream = b"/W 4 /H 1 ID \x00EI\x01\xff EI \x02\x03 (pas du texte) EI Q BT";
        let mut lexer = Lexer::new(stream);
        lexer.skip_image();
        assert_eq!(lexer.next(), Some(Token::Operator(b"Q")));
    }
}
