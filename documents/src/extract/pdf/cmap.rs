//! CMaps (ISO 32000-1 §9.7.5, §9.10.3; Adobe technical notes 5014 and 5411): which codes a string holds, and which
//! characters or CIDs they stand for.

use std::collections::HashMap;

use lopdf::Object;

use super::lexer::{Lexer, Token};

/// More codes are not kept: a font has no more glyphs.
const MAX_ENTRIES: usize = 70_000;
/// Ranges are looked through one by one.
const MAX_RANGES: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct CMap {
    /// Length in bytes, and the first and last code.
    spaces: Vec<(usize, u32, u32)>,
    texts: HashMap<u32, String>,
    text_ranges: Vec<(u32, u32, Vec<u16>)>,
    cids: HashMap<u32, u32>,
    cid_ranges: Vec<(u32, u32, u32)>,
    pub(super) vertical: bool,
}

impl CMap {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut map = Self::default();
        let mut operands: Vec<Object> = Vec::new();
        for token in Lexer::new(bytes) {
            match token {
                Token::Operand(operand) => operands.push(operand),
                Token::Operator(operator) => {
                    map.obey(operator, &operands);
                    operands.clear();
                }
            }
        }
        map
    }

    fn obey(&mut self, operator: &[u8], operands: &[Object]) {
        match operator {
            b"endcodespacerange" => {
                for pair in operands.chunks_exact(2).take(MAX_RANGES) {
                    if let (Object::String(low, _), Object::String(high, _)) = (&pair[0], &pair[1])
                        && (1..=4).contains(&low.len())
                    {
                        self.spaces.push((low.len(), code(low), code(high)));
                    }
                }
            }
            b"endbfchar" => {
                for pair in operands.chunks_exact(2) {
                    if let (Object::String(from, _), Object::String(to, _)) = (&pair[0], &pair[1]) {
                        self.text(code(from), &units(to));
                    }
                }
            }
            b"endbfrange" => {
                for triple in operands.chunks_exact(3) {
                    let (Object::String(low, _), Object::String(high, _)) = (&triple[0], &triple[1]) else { continue };
                    let (low, high) = (code(low), code(high));
                    match &triple[2] {
                        Object::String(to, _) if self.text_ranges.len() < MAX_RANGES => {
                            self.text_ranges.push((low, high, units(to)));
                        }
                        Object::Array(all) => {
                            for (from, to) in (low..=high).zip(all) {
                                if let Object::String(to, _) = to {
                                    self.text(from, &units(to));
                                }
                            }
                        }
                        _ => {}
                    }
                }
            }
            b"endcidchar" => {
                for pair in operands.chunks_exact(2) {
                    if let (Object::String(from, _), Object::Integer(to)) = (&pair[0], &pair[1])
                        && self.cids.len() < MAX_ENTRIES
                    {
                        self.cids.insert(code(from), *to as u32);
                    }
                }
            }
            b"endcidrange" => {
                for triple in operands.chunks_exact(3) {
                    if let (Object::String(low, _), Object::String(high, _), Object::Integer(to)) =
                        (&triple[0], &triple[1], &triple[2])
                        && self.cid_ranges.len() < MAX_RANGES
                    {
                        self.cid_ranges.push((code(low), code(high), *to as u32));
                    }
                }
            }
            b"def" => {
                if let [.., Object::Name(name), Object::Integer(1)] = operands
                    && name == b"WMode"
                {
                    self.vertical = true;
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, code: u32, units: &[u16]) {
        if self.texts.len() < MAX_ENTRIES {
            self.texts.insert(code, String::from_utf16_lossy(units));
        }
    }

    /// The characters of a code; none when it has none, or only signs that say « unknown ».
    pub(super) fn text_of(&self, code: u32) -> Option<String> {
        let said = if let Some(text) = self.texts.get(&code) {
            text.clone()
        } else {
            let (low, _, first) = self.text_ranges.iter().find(|(low, high, _)| (*low..=*high).contains(&code))?;
            let (&last, before) = first.split_last()?;
            let last = u32::from(last).checked_add(code - low).and_then(|last| u16::try_from(last).ok())?;
            String::from_utf16_lossy(&[before, &[last]].concat())
        };
        let known = said.chars().any(|c| c != '\0' && c != '\u{fffd}');
        known.then_some(said)
    }

    pub(super) fn cid_of(&self, code: u32) -> Option<u32> {
        self.cids.get(&code).copied().or_else(|| {
            let (low, _, first) = self.cid_ranges.iter().find(|(low, high, _)| (*low..=*high).contains(&code))?;
            first.checked_add(code - low)
        })
    }

    /// How many bytes the code takes that the string begins with.
    pub(super) fn length_at(&self, string: &[u8]) -> usize {
        let fits = |length: usize| {
            let Some(bytes) = string.get(..length) else { return false };
            self.spaces.iter().filter(|(of, ..)| *of == length).any(|(_, low, high)| {
                let (low, high) = (low.to_be_bytes(), high.to_be_bytes());
                // Each byte has its own range (§9.7.6.2).
                bytes
                    .iter()
                    .zip(low[4 - length..].iter().zip(&high[4 - length..]))
                    .all(|(byte, (low, high))| (low..=high).contains(&byte))
            })
        };
        (1..=4)
            .find(|length| fits(*length))
            .or_else(|| self.spaces.iter().map(|(length, ..)| *length).min())
            .unwrap_or(2)
    }
}

fn code(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |code, byte| code << 8 | u32::from(*byte))
}

fn units(bytes: &[u8]) -> Vec<u16> {
    match bytes {
        // Against the rule, some write one byte for one character.
        [one] => vec![u16::from(*one)],
        _ => bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g3_codes_become_the_characters_that_a_map_gives_them() {
        let map = CMap::parse(
            b"/WMode 0 def 2 begincodespacerange <00> <7f> <8000> <ffff> endcodespacerange\n\
              1 beginbfchar <01> <00660069> endbfchar 2 beginbfrange <10> <12> <0061> <8000> <8001> [<00e9> <FFFD>] endbfrange",
        );
        assert_eq!(map.text_of(1).as_deref(), Some("fi"));
        assert_eq!(map.text_of(0x12).as_deref(), Some("c"));
        assert_eq!(map.text_of(0x8000).as_deref(), Some("é"));
        assert_eq!(map.text_of(0x8001), None);
        assert_eq!(map.text_of(0x13), None);
        assert_eq!((map.length_at(b"\x10\x90"), map.length_at(b"\x90\x10"), map.length_at(b"\x90")), (1, 2, 1));
    }

    #[test]
    fn g3_codes_become_the_cids_that_a_map_gives_them() {
        let map =
            CMap::parse(b"/WMode 1 def 1 begincidrange <0000> <00ff> 7 endcidrange 1 begincidchar <0100> 3 endcidchar");
        assert_eq!((map.cid_of(2), map.cid_of(0x100), map.cid_of(0x101)), (Some(9), Some(3), None));
        assert!(map.vertical);
    }
}
