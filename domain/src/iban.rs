//! Bank accounts: IBAN (ISO 13616) and BIC (ISO 9362) as people type or paste them (manual §3.3.4.2 h, SPEC D8).

use crate::passage::{self, Passage};
use crate::texte;

/// An IBAN of the right length and key. It can be neither printed nor serialized by accident: code that needs it in
/// full calls [`Iban::grouped`] or [`Iban::as_str`].
#[derive(Clone, PartialEq, Eq)]
pub struct Iban(String);

/// Why a text is no IBAN. The IBAN itself is never repeated: these sentences may end in a log.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum IbanError {
    /// Something else than letters without accents, digits and separators.
    #[error("Un IBAN ne contient que des chiffres et des lettres sans accent.")]
    Characters,
    /// It does not begin with a country and two digits.
    #[error("Un IBAN commence par deux lettres, celles du pays, puis deux chiffres : FR76…")]
    Start,
    /// A French one that does not have its 27 characters (manual §3.3.4.2 h).
    #[error("Un IBAN français compte 27 caractères ; il y en a {0} ici.")]
    French(usize),
    #[error("Un IBAN qui commence par {pays} compte {attendu} caractères ; il y en a {trouve} ici.")]
    Length {
        pays: String,
        /// How many characters its IBANs have.
        attendu: usize,
        /// How many were typed.
        trouve: usize,
    },
    #[error("Aucun IBAN ne commence par {0} : vérifiez les deux premières lettres.")]
    Country(String),
    #[error("Cet IBAN contient une erreur de frappe : sa clé de contrôle n’est pas la bonne.")]
    Key,
}

/// How many characters the IBANs of each country have (registry of ISO 13616 kept by SWIFT, release 100: 89 countries).
/// The French collectivités have no IBAN of their own: theirs begin with FR.
const LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 \
     DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 \
     JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 \
     PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 \
     VA22 VG24 XK20 YE30";

/// The countries of the single euro payments area, by the first letters of their IBANs (European Payments Council,
/// EPC409-09, list of the SEPA scheme countries: 41 with Serbia, and Gibraltar, whose IBANs begin with GI).
const SEPA: &str = "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL \
     PT RO RS SE SI SK SM VA";

/// The countries that a BIC may name (ISO 3166-1 alpha-2), and Kosovo, to which SWIFT gives XK.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
     BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI \
     FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR \
     IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM \
     MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT \
     PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM \
     TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

impl Iban {
    /// Reads an IBAN however it is grouped and whatever its case.
    ///
    /// # Errors
    /// Which rule it breaks, the first in the order of [`IbanError`].
    pub fn parse(typed: &str) -> Result<Self, IbanError> {
        let compact = compact(typed);
        if !compact.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(IbanError::Characters);
        }
        let bytes = compact.as_bytes();
        let starts = bytes.len() >= 4 && bytes[..2].iter().all(u8::is_ascii_uppercase);
        if !starts || !bytes[2..4].iter().all(u8::is_ascii_digit) {
            return Err(IbanError::Start);
        }
        let (pays, trouve) = (&compact[..2], compact.len());
        match length(pays) {
            None => Err(IbanError::Country(pays.to_owned())),
            Some(attendu) if attendu != trouve && pays == "FR" => Err(IbanError::French(trouve)),
            Some(attendu) if attendu != trouve => Err(IbanError::Length { pays: pays.to_owned(), attendu, trouve }),
            Some(_) if remainder(&compact) != 1 => Err(IbanError::Key),
            Some(_) => Ok(Self(compact)),
        }
    }

    /// The characters without spaces, to seal, send or compare them.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The two letters of the country.
    pub fn pays(&self) -> &str {
        &self.0[..2]
    }

    /// In groups of four, as it is printed. For the person, or for a reading that is in the audit log.
    pub fn grouped(&self) -> String {
        by_four(&self.0)
    }

    /// As screens show it: the country and the last four characters (SPEC D14), which is what banks show too.
    pub fn masked(&self) -> String {
        let hidden = "•".repeat(self.0.len() - 6);
        by_four(&format!("{}{hidden}{}", self.pays(), &self.0[self.0.len() - 4..]))
    }

    /// Whether the account is in the single euro payments area. A French one always is (manual §3.3.4.2 h).
    pub fn is_sepa(&self) -> bool {
        listed(SEPA, self.pays())
    }
}

/// Bank data: logs show that there was one, not which.
impl std::fmt::Debug for Iban {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Iban([…])")
    }
}

/// The code of a bank, of 8 characters, or 11 with its branch.
#[derive(Clone, PartialEq, Eq)]
pub struct Bic(String);

/// Why a text is no BIC.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BicError {
    /// Something else than letters without accents, digits and separators.
    #[error("Un BIC ne contient que des lettres sans accent et des chiffres.")]
    Characters,
    /// Neither 8 nor 11 characters.
    #[error("Un BIC compte 8 ou 11 caractères ; il y en a {0} ici.")]
    Length(usize),
    #[error("Les 5e et 6e caractères d’un BIC sont les lettres d’un pays, comme FR : {0} n’en désigne aucun.")]
    Country(String),
}

impl Bic {
    /// Reads a BIC however it is grouped and whatever its case. ISO 9362 lets digits stand in all but the country.
    pub fn parse(typed: &str) -> Result<Self, BicError> {
        let compact = compact(typed);
        if !compact.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(BicError::Characters);
        }
        if !matches!(compact.len(), 8 | 11) {
            return Err(BicError::Length(compact.len()));
        }
        let pays = &compact[4..6];
        if listed(COUNTRIES, pays) { Ok(Self(compact)) } else { Err(BicError::Country(pays.to_owned())) }
    }

    /// The 8 or 11 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The same text with every IBAN replaced by [`passage::MASK`]: for what was read from a file (SPEC Q7, D14).
pub fn mask(text: &str) -> String {
    passage::replace(text, |before, rest| at(before, rest).map(Passage::Masked))
}

/// The length in bytes of the IBAN at the start of `rest`, whatever separates its groups; `before` is the text before
/// it. It must have the length of its country and the right key.
pub(crate) fn at(before: &str, rest: &str) -> Option<usize> {
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) || before.ends_with(char::is_numeric) {
        return None;
    }
    let mut compact = String::new();
    let mut wanted = usize::MAX;
    let (mut gap, mut cut) = (0, false);
    for (at, c) in rest.char_indices() {
        if !c.is_ascii_alphanumeric() {
            gap += 1;
            cut |= passage::ends_line(c);
            if gap > passage::GAP_MAX || !passage::separates(c) {
                return None;
            }
            continue;
        }
        let filled = compact.len();
        if (filled < 2) != c.is_ascii_alphabetic() && filled < 4 {
            return None;
        }
        // In ordinary words a gap may stand anywhere; an IBAN has gaps between its groups, between two digits or at a
        // line's end.
        let digits = c.is_ascii_digit() && compact.ends_with(|last: char| last.is_ascii_digit());
        if gap > 0 && !(filled == 2 || filled.is_multiple_of(4) || digits || cut) {
            return None;
        }
        (gap, cut) = (0, false);
        if filled == 2 {
            wanted = length(&compact)?;
        }
        compact.push(c.to_ascii_uppercase());
        if compact.len() == wanted {
            let end = at + 1;
            let figures = compact.bytes().filter(u8::is_ascii_digit).count();
            let more = rest[end..].starts_with(char::is_numeric);
            return (!more && figures >= FIGURES_MIN && remainder(&compact) == 1).then_some(end);
        }
    }
    None
}

/// Fewest digits of an IBAN: Malta's have two in the key, five for the bank, and some in the account.
const FIGURES_MIN: usize = 10;

/// It says where somebody banks: logs show that there was one, not which.
impl std::fmt::Debug for Bic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bic([…])")
    }
}

/// The typed text in capitals, without separators.
fn compact(typed: &str) -> String {
    texte::compact(typed).to_ascii_uppercase()
}

fn by_four(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn listed(codes: &str, pays: &str) -> bool {
    codes.split(' ').any(|code| code == pays)
}

fn length(pays: &str) -> Option<usize> {
    LENGTHS.split(' ').find_map(|entry| entry.strip_prefix(pays))?.parse().ok()
}

/// The remainder by 97 (ISO 7064, MOD 97-10) of the characters read as a number, the first four moved to the end,
/// letters counted as 10 to 35. It is 1 when the key is right.
fn remainder(iban: &str) -> u32 {
    let (head, body) = iban.split_at(4);
    body.bytes().chain(head.bytes()).fold(0, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d8_an_iban_has_the_length_of_its_country_and_its_key() {
        let length = |pays: &str, attendu, trouve| Err(IbanError::Length { pays: pays.to_owned(), attendu, trouve });
        let table = [
            ("FR76 3000 6000 0112 3456 7890 189", Ok("FR7630006000011234567890189")),
            (" fr14-2004-1010-0505-0001-3M02-606", Ok("FR1420041010050500013M02606")),
            ("DE89 3704 0044 0532 0130 00", Ok("DE89370400440532013000")),
            ("BE68 5390 0754 7034", Ok("BE68539007547034")),
            ("MT84 MALT 0110 0001 2345 MTLC AST0 01S", Ok("MT84MALT011000012345MTLCAST001S")),
            ("FR76 3000 6000 0112 3456 7890 198", Err(IbanError::Key)),
            ("FR77 3000 6000 0112 3456 7890 189", Err(IbanError::Key)),
            ("FR76 3000 6000 0112 3456 7890 18", Err(IbanError::French(26))),
            ("FR76 3000 6000 0112 3456 7890 1890", Err(IbanError::French(28))),
            ("DE89 3704 0044 0532 0130 0", length("DE", 22, 21)),
            ("US64 3704 0044 0532 0130 00", Err(IbanError::Country("US".to_owned()))),
            ("30006000011234567890189", Err(IbanError::Start)),
            ("FRXX 3000", Err(IbanError::Start)),
            ("", Err(IbanError::Start)),
            ("FR76 3000 6000 O112 3456 7890 1é9", Err(IbanError::Characters)),
        ];
        for (typed, expected) in table {
            let read = Iban::parse(typed);
            assert_eq!(read.as_ref().map(Iban::as_str), expected.as_ref().map(|kept| *kept), "{typed}");
        }
        assert!(IbanError::French(26).to_string().contains("27 caractères ; il y en a 26 ici"));
    }

    #[test]
    fn d8_what_begins_with_fr_is_sepa() {
        for (typed, sepa) in [
            ("FR7630006000011234567890189", true),
            ("DE89370400440532013000", true),
            ("GB29NWBK60161331926819", true),
            ("TN5910006035183598478831", false),
        ] {
            assert_eq!(Iban::parse(typed).unwrap().is_sepa(), sepa, "{typed}");
        }
    }

    #[test]
    fn d8_every_country_of_the_area_has_ibans_and_every_list_is_in_order() {
        for codes in [SEPA, LENGTHS, COUNTRIES] {
            assert!(codes.split(' ').is_sorted_by(|one, next| one < next), "{codes}");
        }
        assert_eq!((SEPA.split(' ').count(), LENGTHS.split(' ').count(), COUNTRIES.split(' ').count()), (42, 89, 250));
        for pays in SEPA.split(' ') {
            assert!(length(pays).is_some_and(|length| (15..=34).contains(&length)), "{pays}");
            assert!(listed(COUNTRIES, pays), "{pays}");
        }
    }

    #[test]
    fn d14_an_iban_is_shown_masked_and_printed_by_nobody() {
        let pasted = Iban::parse("\u{200B}FR76\u{A0}3000 6000 0112\u{2011}3456 7890 189\u{202C}").unwrap();
        let iban = Iban::parse("FR7630006000011234567890189").unwrap();
        assert!(pasted == iban, "marks that nobody sees are none of its characters");
        assert_eq!(iban.grouped(), "FR76 3000 6000 0112 3456 7890 189");
        assert_eq!(iban.masked(), "FR•• •••• •••• •••• •••• •••0 189");
        assert_eq!(format!("{iban:?} {:?}", Bic::parse("AGRIFRPP")), "Iban([…]) Ok(Bic([…]))");
    }

    #[test]
    fn q7_an_iban_in_the_text_of_a_file_is_masked() {
        for (before, iban, after) in [
            ("IBAN : ", "FR76 3000 6000 0112 3456 7890 189", ", BIC AGRIFRPP"),
            ("IBAN", "FR7630006000011234567890189", "AGRIFRPP"),
            ("", "fr14-2004-1010-0505-0001-3m02-606", "."),
            ("Compte\n", "FR76\t3000\t6000\r\n0112\u{2009}3456\u{2011}7890_189", "\nMerci"),
            ("(", "FR76/30006/00001/12345678901/89", ")"),
            ("", "DE89 3704 0044 0532 0130 00", " und"),
            ("", "BE68 5390 0754 7034", ""),
            ("", "MT84 MALT 0110 0001 2345 MTLC AST0 01S", ""),
            ("", "GB29 NWBK 6016 1331\n9268 19", ""),
        ] {
            let (text, kept) = (format!("{before}{iban}{after}"), format!("{before}{}{after}", passage::MASK));
            assert_eq!(mask(&text), kept, "{text}");
            assert_eq!(crate::nir::mask(&text), text, "typed, it stays");
        }
        for kept in [
            "FR76 3000 6000 0112 3456 7890 198",
            "FR76 3000 6000 0112 3456 7890 1890",
            "FR76 3000 6000 0112 3456 7890",
            "de 20 ans en 2019 à 30 ans en 2029, ce qui fait 10 ans",
            "le 30006000011234567890189",
        ] {
            assert_eq!(mask(kept), kept);
        }
    }

    #[test]
    fn d8_a_bic_names_a_country() {
        let table = [
            ("AGRIFRPP", Ok("AGRIFRPP")),
            ("psst frpp xxx", Ok("PSSTFRPPXXX")),
            ("E097AEXX", Ok("E097AEXX")),
            ("AGRIFRP", Err(BicError::Length(7))),
            ("AGRIFRPP88", Err(BicError::Length(10))),
            ("AGRIZZPP", Err(BicError::Country("ZZ".to_owned()))),
            ("AGRI33PP", Err(BicError::Country("33".to_owned()))),
            ("AGRIFRPÉ", Err(BicError::Characters)),
        ];
        for (typed, expected) in table {
            assert_eq!(Bic::parse(typed).as_ref().map(Bic::as_str), expected.as_ref().map(|kept| *kept), "{typed}");
        }
    }
}
