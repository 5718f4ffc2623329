//! Provisional credentials, drawn at random: the person reads them in an email and types them; nobody else knows them.

use domain::mot_de_passe::{MAX, MotDePasse};
use rand::Rng;
use rand::seq::IndexedRandom;

/// Signs that are not confused with one another, in any font.
const SIGNS: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Signs of a login.
const LOGIN_SIGNS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// Signs of a login after its first word: 31^8, some 10^12.
const LOGIN_LENGTH: usize = 8;
/// Groups of four signs of a password: 92 bits.
const GROUPS: usize = 4;

fn signs(rng: &mut impl Rng, from: &[u8], count: usize) -> String {
    (0..count).filter_map(|_| from.choose(rng)).map(|sign| char::from(*sign)).collect()
}

/// A login that is no email address: « acces-k7m2p9xw ».
pub fn login(rng: &mut impl Rng) -> String {
    format!("acces-{}", signs(rng, LOGIN_SIGNS, LOGIN_LENGTH))
}

/// A password that fits the rule: « xK7m-Pq2r-… ».
pub fn password(rng: &mut impl Rng) -> MotDePasse {
    loop {
        let groups: Vec<String> = (0..GROUPS).map(|_| signs(rng, SIGNS, 4)).collect();
        // More than nine draws in ten have all kinds of signs.
        if let Ok(password) = MotDePasse::parse(&groups.join("-"), MAX) {
            return password;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    #[test]
    fn k6_credentials_are_drawn_and_typed_without_mistaking_a_sign() {
        let mut rng = StdRng::seed_from_u64(4);
        let drawn: Vec<(String, String)> =
            (0..200).map(|_| (login(&mut rng), password(&mut rng).expose().to_owned())).collect();
        for (login, password) in &drawn {
            assert!(!login.contains('@') && login.len() == 14, "{login}");
            assert!(!password.contains(['l', 'I', 'O', '0', '1', 'o']), "{password}");
            assert_eq!(password.len(), 19);
        }
        let distinct: std::collections::HashSet<_> = drawn.iter().collect();
        assert_eq!(distinct.len(), drawn.len());
    }
}
