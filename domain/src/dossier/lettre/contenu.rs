//! What a letter says: subject, content, duration, periods, place and payment (manual §3.3.5).

use chrono::{Months, NaiveDate};

use super::TypeLettre;
use crate::compte::words;
use crate::dates::{self, DateError};
use crate::intervention::HEURES_MAX;
use crate::nir;
use crate::profil::{Champs, Ecart, Reader, TEXT_MAX, in_order};
use crate::siret::Siret;
use crate::texte::saisi;

/// Most quarters of an hour that one letter may ask for: as many hours as one intervention may count.
pub const DUREE_MAX_QUARTS: u32 = HEURES_MAX as u32 * 4;
/// Highest amount, in euro cents: what lies above is a slip of the keyboard (100 000 euros).
pub const MONTANT_MAX_CENTIMES: u32 = 10_000_000;
/// Most periods in one letter.
pub const PERIODES_MAX: usize = 20;
/// How far back and ahead a period may begin and end, in months: what lies beyond is a slip of the keyboard.
const BACK_MONTHS: u32 = 12;
const AHEAD_MONTHS: u32 = 36;

/// The fields of a letter, in the order of its page. `du` and `au` repeat, one pair for each period.
pub const CONTENU: &[&str] = &[
    "objet",
    "corps",
    "duree",
    "du",
    "au",
    "lieu",
    "montant",
    "unite_paiement",
    "modalites_paiement",
    "siret",
    "code_service",
    "engagement",
];
/// Longest code service and engagement number, in characters.
pub const REFERENCE_MAX: usize = 100;

/// Hours of a day that is paid as one (decided: a day of training of the CNFPT).
const HEURES_PAR_JOUR: u32 = 6;

words! {
    /// What an amount pays for.
    UnitePaiement {
        /// One hour.
        Heure = "heure",
        /// One day.
        Jour = "jour",
        Forfait = "forfait",
    }
}

impl UnitePaiement {
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Heure => "par heure",
            Self::Jour => "par jour",
            Self::Forfait => "au forfait",
        }
    }
}

/// A duration in quarters of an hour, never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duree(u32);

impl Duree {
    /// Reads hours as they are typed: « 6 », « 6,5 », « 6.25 h ».
    pub fn parse(typed: &str) -> Result<Self, String> {
        let typed = typed.trim().trim_end_matches("heures").trim_end_matches("heure").trim_end_matches('h');
        let hundredths = hundredths(typed).ok_or("Indiquez une durée en heures, comme 6 ou 6,5.")?;
        match hundredths / 25 {
            _ if hundredths % 25 != 0 => Err("Une durée se compte en quarts d’heure : 0,25, 0,5 ou 0,75.".to_owned()),
            0 => Err("Indiquez une durée de plus de zéro heure.".to_owned()),
            quarts if quarts > DUREE_MAX_QUARTS => Err(format!("Une lettre demande {HEURES_MAX} heures au plus.")),
            quarts => Ok(Self(quarts)),
        }
    }

    /// A duration of that many quarters of an hour, as it was kept.
    pub fn of_quarts(quarts: u32) -> Option<Self> {
        (1..=DUREE_MAX_QUARTS).contains(&quarts).then_some(Self(quarts))
    }

    /// In quarters of an hour.
    pub fn quarts(self) -> u32 {
        self.0
    }
}

/// « 6,5 h ».
impl std::fmt::Display for Duree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rest = ["", ",25", ",5", ",75"][(self.0 % 4) as usize];
        write!(f, "{}{rest} h", self.0 / 4)
    }
}

/// Days on which the intervention takes place, or the resources are made: the first and the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Periode {
    /// First day.
    pub du: NaiveDate,
    /// Last day, never before the first.
    pub au: NaiveDate,
}

/// How the person is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paiement {
    /// Amount in euro cents, before tax; zero is « à titre gratuit » (decided: it has to be typed).
    pub centimes: u32,
    pub unite: UnitePaiement,
    /// Anything else about the payment: travel, when it is paid…
    pub modalites: String,
}

impl Paiement {
    /// « 1 250,00 € par jour », « À titre gratuit ».
    pub fn phrase(&self) -> String {
        if self.centimes == 0 {
            return "À titre gratuit".to_owned();
        }
        let (euros, cents) = (self.centimes / 100, self.centimes % 100);
        let euros = match euros / 1000 {
            0 => euros.to_string(),
            thousands => format!("{thousands} {:03}", euros % 1000),
        };
        format!("{euros},{cents:02} € {}", self.unite.libelle())
    }
}

/// What the invoice must bear (SPEC D13); each may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facture {
    pub siret: Option<Siret>,
    /// The service that the invoice goes to.
    pub code_service: String,
    pub engagement: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contenu {
    pub objet: String,
    pub contenu: String,
    pub duree: Duree,
    /// When, in the order of the days; at least one.
    pub periodes: Vec<Periode>,
    /// Where; a letter for resources may say nothing.
    pub lieu: String,
    pub paiement: Paiement,
    /// What the invoice must bear.
    pub facture: Facture,
}

impl Contenu {
    /// Reads a letter of a kind. `today` bounds its periods. A NIR in a text is masked (SPEC Q7).
    ///
    /// # Errors
    /// Everything that is wrong or missing, in the order of [`CONTENU`].
    pub fn read(genre: TypeLettre, champs: &Champs, today: NaiveDate) -> Result<Self, Vec<Ecart>> {
        let mut reader = Reader::new(champs);
        let r = &mut reader;
        let objet = r.line("objet");
        let contenu = r.bounded("corps", TEXT_MAX);
        let duree = r.parsed("duree", Duree::parse);
        let periodes = periodes(r, today);
        // A period that can't be read is not a missing period.
        let dated = !periodes.is_empty() || r.wrong.iter().any(|ecart| matches!(ecart.champ, "du" | "au"));
        let lieu = r.line("lieu");
        let centimes = r.parsed("montant", montant);
        let unite = r.word("unite_paiement", UnitePaiement::from_word);
        let modalites = r.bounded("modalites_paiement", TEXT_MAX);
        let facture = Facture {
            siret: r.parsed("siret", Siret::parse),
            code_service: r.bounded("code_service", REFERENCE_MAX),
            engagement: r.bounded("engagement", REFERENCE_MAX),
        };
        let mut need = |there: bool, champ: &'static str, phrase: &str| {
            if !there {
                r.wrong.push(Ecart::new(champ, phrase));
            }
        };
        need(!objet.is_empty(), "objet", "Indiquez l’objet de la lettre.");
        need(!contenu.is_empty(), "corps", "Décrivez ce qui est demandé.");
        need(duree.is_some(), "duree", "Indiquez la durée, en heures.");
        need(dated, "du", "Indiquez au moins une période.");
        let place = genre == TypeLettre::Ressources || !lieu.is_empty();
        need(place, "lieu", "Indiquez le lieu de l’intervention, ou « à distance ».");
        need(centimes.is_some(), "montant", "Indiquez le montant, ou 0 pour une intervention à titre gratuit.");
        need(unite.is_some(), "unite_paiement", "Choisissez ce que paie ce montant : une heure, un jour ou le tout.");
        match (duree, centimes, unite) {
            (Some(duree), Some(centimes), Some(unite)) if reader.wrong.is_empty() => Ok(Self {
                objet: nir::mask(&objet),
                contenu: nir::mask(&contenu),
                duree,
                periodes,
                lieu,
                paiement: Paiement { centimes, unite, modalites: nir::mask(&modalites) },
                facture,
            }),
            _ => Err(in_order(reader.wrong, CONTENU)),
        }
    }

    /// What the letter promises in all, in euro cents before tax. The days paid are those that the hours fill, and
    /// never more than the periods have.
    pub fn total_centimes(&self) -> u64 {
        let (each, quarts) = (u64::from(self.paiement.centimes), self.duree.quarts());
        match self.paiement.unite {
            UnitePaiement::Heure => (each * u64::from(quarts)).div_ceil(4),
            UnitePaiement::Jour => {
                let length = |one: &Periode| u64::try_from((one.au - one.du).num_days() + 1).unwrap_or(1);
                let there: u64 = self.periodes.iter().map(length).sum();
                each * u64::from(quarts.div_ceil(4 * HEURES_PAR_JOUR)).min(there)
            }
            UnitePaiement::Forfait => each,
        }
    }

    /// The fields that [`Self::read`] reads again.
    pub fn champs(&self) -> Champs {
        let mut champs = Champs::default();
        champs.set("objet", &self.objet);
        champs.set("corps", &self.contenu);
        champs.set("duree", self.duree.to_string().trim_end_matches(" h"));
        for periode in &self.periodes {
            champs.push("du", periode.du.to_string());
            champs.push("au", periode.au.to_string());
        }
        champs.set("lieu", &self.lieu);
        let (euros, cents) = (self.paiement.centimes / 100, self.paiement.centimes % 100);
        champs.set("montant", if cents == 0 { euros.to_string() } else { format!("{euros},{cents:02}") });
        champs.set("unite_paiement", self.paiement.unite.as_str());
        champs.set("modalites_paiement", &self.paiement.modalites);
        champs.set("siret", self.facture.siret.as_ref().map(ToString::to_string).unwrap_or_default());
        champs.set("code_service", &self.facture.code_service);
        champs.set("engagement", &self.facture.engagement);
        champs
    }

    /// What the letter and its pages say in a table: each heading with its lines.
    pub fn faits(&self) -> Vec<(&'static str, Vec<String>)> {
        let periodes: Vec<String> =
            self.periodes.iter().map(|one| sentence(&dates::periode(Some(one.du), Some(one.au)))).collect();
        let mut faits = vec![("Durée", vec![self.duree.to_string()])];
        faits.push((if periodes.len() == 1 { "Période" } else { "Périodes" }, periodes));
        if !self.lieu.is_empty() {
            faits.push(("Lieu", vec![self.lieu.clone()]));
        }
        let mut paiement = vec![self.paiement.phrase()];
        paiement.extend(self.paiement.modalites.lines().filter(|line| !line.trim().is_empty()).map(ToOwned::to_owned));
        faits.push(("Paiement", paiement));
        let siret = self.facture.siret.as_ref().map(ToString::to_string).unwrap_or_default();
        for (heading, line) in [
            ("SIRET", &siret),
            ("Code service", &self.facture.code_service),
            ("Numéro d’engagement", &self.facture.engagement),
        ] {
            if !line.is_empty() {
                faits.push((heading, vec![line.clone()]));
            }
        }
        faits
    }
}

/// Reads the pairs of days, without the empty ones. What is wrong with them is said at `du` or at `au`, one sentence
/// after the other, because a form shows the errors of a field in one place.
fn periodes(reader: &mut Reader<'_>, today: NaiveDate) -> Vec<Periode> {
    let champs = reader.champs;
    let (first, last): (Vec<&str>, Vec<&str>) = (champs.every("du").collect(), champs.every("au").collect());
    let rows = first.len().max(last.len());
    let mut found = Vec::new();
    let mut wrong: Vec<(&'static str, String)> = Vec::new();
    for row in 0..rows {
        let typed = |days: &[&str]| days.get(row).map_or_else(String::new, |day| (*day).to_owned());
        let (du, au) = (typed(&first), typed(&last));
        if du.is_empty() && au.is_empty() {
            continue;
        }
        match periode(&du, &au, today) {
            Ok(periode) => found.push(periode),
            Err((champ, phrase)) if rows == 1 => wrong.push((champ, sentence(&phrase))),
            Err((champ, phrase)) => wrong.push((champ, format!("Période {} : {phrase}", row + 1))),
        }
    }
    if found.len() > PERIODES_MAX {
        let many = found.len();
        wrong.push(("du", format!("Une lettre compte {PERIODES_MAX} périodes au plus ; il y en a {many} ici.")));
    }
    for name in ["du", "au"] {
        let said: Vec<String> =
            wrong.iter().filter(|(champ, _)| *champ == name).map(|(_, said)| said.clone()).collect();
        if !said.is_empty() {
            reader.wrong.push(Ecart::new(name, said.join(" ")));
        }
    }
    found.sort_unstable();
    found
}

/// One pair of days; a missing last day is the same as the first.
fn periode(du: &str, au: &str, today: NaiveDate) -> Result<Periode, (&'static str, String)> {
    let earliest = today.checked_sub_months(Months::new(BACK_MONTHS)).unwrap_or(today);
    let latest = today.checked_add_months(Months::new(AHEAD_MONTHS)).unwrap_or(today);
    let read = |champ: &'static str, typed: &str, which: &str| {
        let unreadable = || (champ, format!("indiquez un {which} jour qui existe, sous la forme 02/05/2027."));
        dates::lire_jour(typed).map_err(|error| match error {
            DateError::Unreadable => unreadable(),
            DateError::Year => (champ, "vérifiez l’année, elle s’écrit avec quatre chiffres.".to_owned()),
        })
    };
    let du = read("du", du, "premier")?;
    let au = if au.is_empty() { du } else { read("au", au, "dernier")? };
    if au < du {
        Err(("au", format!("le dernier jour vient avant le premier, le {}.", dates::jour(du))))
    } else if du < earliest {
        Err(("du", "vérifiez l’année, ce jour est passé depuis plus d’un an.".to_owned()))
    } else if au > latest {
        Err(("au", "vérifiez l’année, ce jour vient dans plus de trois ans.".to_owned()))
    } else {
        Ok(Periode { du, au })
    }
}

/// The same text with a capital.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// An amount as it is typed, in euro cents: « 350 », « 1 250,50 € ».
fn montant(typed: &str) -> Result<u32, String> {
    let hundredths = hundredths(typed.trim().trim_end_matches('€'));
    let cents = hundredths.ok_or("Indiquez un montant en euros, comme 350 ou 350,50.")?;
    if cents <= MONTANT_MAX_CENTIMES {
        Ok(cents)
    } else {
        Err(format!("Vérifiez ce montant : {} euros au plus.", MONTANT_MAX_CENTIMES / 100))
    }
}

/// A decimal number of two places at most, in hundredths; spaces don't count, and the point is as good as the comma.
fn hundredths(typed: &str) -> Option<u32> {
    let compact: String = saisi(typed).chars().filter(|c| !c.is_whitespace()).collect();
    let (whole, decimals) = compact.split_once([',', '.']).unwrap_or((&compact, "0"));
    let digits = |text: &str, max| !text.is_empty() && text.len() <= max && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 7) || !digits(decimals, 2) {
        return None;
    }
    let decimals: u32 = format!("{decimals:0<2}").parse().ok()?;
    Some(whole.parse::<u32>().ok()? * 100 + decimals)
}

#[cfg(test)]
mod tests;
