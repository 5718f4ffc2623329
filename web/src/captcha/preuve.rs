//! A proof that a browser did a little work, in place of an image that a person has to read (SPEC K7, WCAG 2.2 3.3.8).
//!
//! For each of [`PARTS`] parts the browser looks for a number such that the SHA-256 of the ticket, the part and the
//! number begins with [`BITS`] zero bits. There are several parts because the time of one varies much: once in a
//! hundred it takes five times its usual time, sixteen together only half as long again. The server makes the ticket
//! and accepts it once, for a limited time: see `defi`.

use sha2::{Digest, Sha256};

pub const PARTS: usize = 16;
/// Zero bits at the beginning of each part's digest: 16 × 2¹³, some 130,000 digests in all. A browser makes a million
/// of them in a second, a telephone of some years a fifth of that: nobody waits, since it works while the form is
/// filled in. Somebody who sends thousands of forms pays for each, besides the waits imposed on their address.
pub const BITS: u32 = 13;
/// Longest number of a part that is checked, in digits: even the hundredth try of a billion browsers has fewer.
const DIGITS_MAX: usize = 9;

pub fn serves(ticket: &str, part: usize, number: &str) -> bool {
    let digest = Sha256::digest(format!("{ticket}{part}.{number}"));
    let first = digest.iter().take(4).fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
    first.leading_zeros() >= BITS
}

/// Whether a proof, one number per part with commas between, is right for that ticket.
pub fn holds(ticket: &str, proof: &str) -> bool {
    let plain =
        |number: &str| (1..=DIGITS_MAX).contains(&number.len()) && number.bytes().all(|digit| digit.is_ascii_digit());
    let numbers: Vec<&str> = proof.split(',').take(PARTS + 1).collect();
    numbers.len() == PARTS
        && numbers.iter().enumerate().all(|(part, number)| plain(number) && serves(ticket, part, number))
}

/// The proof for a ticket, as a browser finds it.
pub fn find(ticket: &str) -> String {
    let number = |part| (0..u32::MAX).map(|number| number.to_string()).find(|number| serves(ticket, part, number));
    (0..PARTS).filter_map(number).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k7_a_proof_is_for_its_ticket_and_whole() {
        let ticket = "4f".repeat(32);
        let proof = find(&ticket);
        assert!(holds(&ticket, &proof), "{proof}");
        assert!(!holds(&"5f".repeat(32), &proof), "another ticket");
        let (first, rest) = proof.split_once(',').expect("parts");
        assert!(!holds(&ticket, rest), "a part is missing");
        assert!(!holds(&ticket, &format!("{proof},{first}")), "one too many");
        assert!(!holds(&ticket, &format!("{rest},{first}")), "another order");
        assert!(!holds(&ticket, &proof.replacen(first, &format!("+{first}"), 1)), "only digits");
        assert!(!holds(&ticket, "") && !holds(&ticket, &",".repeat(PARTS - 1)), "nothing");
        assert!(!holds(&ticket, &["0"; PARTS].join(",")), "no work was done");
    }
}
