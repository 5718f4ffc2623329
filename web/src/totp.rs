//! Codes that change every thirty seconds (RFC 6238), their secret as a picture to scan, and recovery codes (SPEC K8).

use qrcodegen::{QrCode, QrCodeEcc};
use totp_rs::{Algorithm, Builder, Secret};

use crate::error::Error;
use crate::session::digest;

/// Bytes of a secret: what RFC 4226 §4 recommends.
const SECRET_BYTES: usize = 20;
/// Recovery codes given at once.
pub const CODES: usize = 10;
/// Signs of recovery codes: none is easily confused with another.
const SIGNS: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";
/// Signs in one code, in two groups.
const SIGNS_OF_CODE: usize = 10;

pub fn new_secret() -> Result<Vec<u8>, Error> {
    let mut bytes = vec![0u8; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Error::Internal(format!("no randomness: {error}")))?;
    Ok(bytes)
}

/// The secret to type into a program that can't scan, in groups of four.
pub fn in_letters(secret: &[u8]) -> String {
    let text = Secret::from(secret.to_vec()).to_base32();
    text.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect::<Vec<_>>().join(" ")
}

/// The time step of a code: the present one, the one before or the one after; none when the code is wrong.
pub fn step_of(secret: &[u8], typed: &str, unix_seconds: i64) -> Option<i64> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(Secret::from(secret.to_vec()))
        .build()
        .ok()?;
    let now = u64::try_from(unix_seconds).ok()?;
    (-1..=1i64)
        .map(|by| now.saturating_add_signed(by * 30))
        .find_map(|at| (totp.generate(at).to_string() == code).then(|| i64::try_from(at / 30).unwrap_or(i64::MAX)))
}

/// The picture to scan, as the path of an SVG of `size` × `size` squares: (size, path).
pub fn picture(secret: &[u8], login: &str) -> Result<(i32, String), Error> {
    use std::fmt::Write as _;
    let account: String = form_urlencoded::byte_serialize(login.as_bytes()).collect();
    let address = format!(
        "otpauth://totp/Espace%20Intervenants:{account}?secret={}&issuer=Espace%20Intervenants",
        Secret::from(secret.to_vec()).to_base32()
    );
    let code =
        QrCode::encode_text(&address, QrCodeEcc::Medium).map_err(|error| Error::Internal(format!("{error:?}")))?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|&x| code.get_module(x, y)) {
            // Writing to a String can't fail.
            write!(path, "M{} {}h1v1h-1z", x + 4, y + 4).expect("a String takes everything");
        }
    }
    Ok((code.size() + 8, path))
}

/// New recovery codes, as they are shown once.
pub fn new_codes() -> Result<Vec<String>, Error> {
    let mut codes = Vec::with_capacity(CODES);
    while codes.len() < CODES {
        let mut code = String::new();
        while code.len() < SIGNS_OF_CODE {
            let mut byte = [0u8; 1];
            getrandom::fill(&mut byte).map_err(|error| Error::Internal(format!("no randomness: {error}")))?;
            // Every sign is equally likely: a byte beyond the last whole multiple is drawn again.
            let limit = 256 / SIGNS.len() * SIGNS.len();
            if usize::from(byte[0]) < limit {
                code.push(char::from(SIGNS[usize::from(byte[0]) % SIGNS.len()]));
            }
        }
        code.insert(SIGNS_OF_CODE / 2, '-');
        codes.push(code);
    }
    Ok(codes)
}

/// The digest that is kept of a recovery code.
pub fn code_digest(typed: &str) -> String {
    let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    digest("secours", &plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k8_codes_are_those_of_rfc_6238() {
        // Appendix B of the RFC, SHA-1, eight digits there: six are its last six.
        let secret = b"12345678901234567890";
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(step_of(secret, code, seconds), Some(seconds / 30), "{seconds}");
            assert_eq!(step_of(secret, code, seconds + 30), Some(seconds / 30), "a slow clock");
            assert_eq!(step_of(secret, code, seconds + 90), None, "too late");
        }
        assert_eq!(step_of(secret, "28 70 82", 59), Some(1));
        for wrong in ["", "287083", "28708", "2870822", "abcdef"] {
            assert_eq!(step_of(secret, wrong, 59), None, "{wrong}");
        }
    }

    #[test]
    fn k8_recovery_codes_are_compared_as_people_type_them() {
        let codes = new_codes().unwrap();
        assert_eq!(codes.len(), CODES);
        let mut different = codes.clone();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), CODES);
        assert_eq!(code_digest(&codes[0]), code_digest(&codes[0].replace('-', " ").to_uppercase()));
        assert_ne!(code_digest(&codes[0]), code_digest(&codes[1]));
    }

    #[test]
    fn k8_the_picture_and_the_letters_hold_the_secret() {
        let (size, path) = picture(b"12345678901234567890", "anne@exemple.fr").unwrap();
        assert!(size > 29 && path.starts_with('M') && path.len() > 1_000);
        assert_eq!(in_letters(b"12345678901234567890"), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
