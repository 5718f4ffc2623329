//! Numbers in French: thousands separated by a narrow no-break space, and a noun that agrees.

/// « 36 235 »: groups of three, separated by U+202F.
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut said = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            said.push('\u{202f}');
        }
        said.push(digit);
    }
    said
}

/// « 0 message », « 1 message », « 2 messages »: in French the plural begins at two.
pub fn counted(value: u64, one: &str, many: &str) -> String {
    format!("{}\u{a0}{}", number(value), if value < 2 { one } else { many })
}

/// « 812 octets », « 14 ko », « 1,4 Mo », in units of 1024 bytes as in the limits of the manual.
pub fn size(bytes: u64) -> String {
    const KILO: u64 = 1024;
    if bytes < KILO {
        return counted(bytes, "octet", "octets");
    }
    if bytes < KILO * KILO {
        return format!("{}\u{a0}ko", number(bytes.div_ceil(KILO)));
    }
    let tenths = bytes * 10 / (KILO * KILO);
    format!("{},{}\u{a0}Mo", number(tenths / 10), tenths % 10)
}

/// The same as methods for templates: a method accepts a value behind any number of references.
pub trait Said {
    /// [`number`].
    fn grouped(&self) -> String;
    /// [`counted`].
    fn counted(&self, one: &str, many: &str) -> String;
}

impl Said for u64 {
    fn grouped(&self) -> String {
        number(*self)
    }

    fn counted(&self, one: &str, many: &str) -> String {
        counted(*self, one, many)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ui_numbers_are_grouped_and_nouns_agree() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(36_235), "36\u{202f}235");
        assert_eq!(number(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(counted(0, "message non lu", "messages non lus"), "0\u{a0}message non lu");
        assert_eq!(counted(1, "message non lu", "messages non lus"), "1\u{a0}message non lu");
        assert_eq!(counted(2, "message non lu", "messages non lus"), "2\u{a0}messages non lus");
    }

    #[test]
    fn ui_sizes_are_said_in_the_unit_one_would_say() {
        assert_eq!(size(1), "1\u{a0}octet");
        assert_eq!(size(14_000), "14\u{a0}ko");
        assert_eq!(size(2 * 1024 * 1024), "2,0\u{a0}Mo");
        assert_eq!(size(1_500_000), "1,4\u{a0}Mo");
    }
}
