//! NIR (sécurité sociale number): found in free text, so that it is masked before it is indexed or logged (SPEC Q7).

/// What takes a NIR's place.
pub const MASK: &str = "[numéro masqué]";

/// The control key of the 13 characters (97 − n mod 97; Corsica's 2A counts as 19 and 2B as 18), if they are a NIR's.
pub fn key(body: &str) -> Option<u64> {
    let bytes = body.as_bytes();
    if bytes.len() != 13 || !matches!(bytes[0], b'1'..=b'4' | b'7' | b'8') {
        return None;
    }
    let department = match &body[5..7] {
        "2A" | "2a" => "19",
        "2B" | "2b" => "18",
        other => other,
    };
    let digits = format!("{}{}{}", &body[..5], department, &body[7..]);
    let number: u64 = digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))?;
    Some(97 - number % 97)
}

/// The same text with every NIR replaced by [`MASK`], whether written in one piece or with spaces, dots or hyphens.
///
/// 15 characters are a NIR when the key fits. 13 alone are one when the month and the département are possible.
pub fn mask(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut previous_is_word = false;
    while let Some(first) = rest.chars().next() {
        if !previous_is_word
            && first.is_ascii_digit()
            && let Some(length) = nir_at(rest)
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

/// The length in bytes of the NIR that the text begins with.
fn nir_at(text: &str) -> Option<usize> {
    let mut compact = String::with_capacity(15);
    let mut end_of_13 = None;
    let mut separators = 0;
    for (at, c) in text.char_indices() {
        let is_part = c.is_ascii_digit() || (compact.len() == 6 && matches!(c, 'A' | 'B' | 'a' | 'b'));
        if is_part {
            if compact.len() == 15 {
                return None;
            }
            compact.push(c);
            separators = 0;
            if compact.len() == 13 {
                end_of_13 = Some(at + c.len_utf8());
            }
            if compact.len() == 15 {
                let followed = text[at + 1..].chars().next().is_some_and(char::is_alphanumeric);
                let fits = key(&compact[..13]).is_some_and(|key| compact[13..].parse() == Ok(key));
                if fits && !followed {
                    return Some(at + 1);
                }
            }
        } else if matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '.' | '-') && separators < 3 {
            separators += 1;
        } else {
            break;
        }
    }
    if compact.len() < 13 || compact.len() == 14 {
        return None;
    }
    let end = end_of_13?;
    let followed = text[end..].chars().next().is_some_and(char::is_alphanumeric);
    (compact.len() == 13 && !followed && looks_like_a_body(&compact[..13])).then_some(end)
}

/// Month 01 to 12 (or 20 and over, as INSEE gives when it is unknown) and a key that can be computed.
fn looks_like_a_body(body: &str) -> bool {
    let month: u32 = body[3..5].parse().unwrap_or(99);
    key(body).is_some()
        && (matches!(month, 1..=12) || matches!(month, 20..=42) || (50..=99).contains(&month))
        && matches!(body.as_bytes()[0], b'1' | b'2')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d6_the_key_of_a_nir() {
        assert_eq!(key("2550814168025"), Some(38));
        assert_eq!(key("255082A168025"), key("2550819168025"));
        assert_eq!(key("255082B168025"), key("2550818168025"));
        assert_eq!(key("9550814168025"), None);
        assert_eq!(key("255081416802"), None);
    }

    #[test]
    fn q7_a_nir_in_free_text_is_masked() {
        for written in [
            "255081416802538",
            "2 55 08 14 168 025 38",
            "2 55 08 14 168 025 - 38",
            "2.55.08.14.168.025.38",
            "2550814168025",
        ] {
            assert_eq!(mask(&format!("NIR : {written}, né à Caen")), format!("NIR : {MASK}, né à Caen"), "{written}");
        }
        assert_eq!(mask(&format!("1 85 05 2A 004 012 {:02}", key("185052A004012").unwrap())), MASK);
    }

    #[test]
    fn q7_other_numbers_stay() {
        for kept in [
            "06 39 98 12 34",
            "200 000 172 00011",
            "2019-2024",
            "le 12 janvier 2027, 14 h 30",
            "FR76 3000 6000 0112 3456 7890 189",
            "255081416802539",
        ] {
            assert_eq!(mask(kept), kept);
        }
    }
}
