//! How each block is read from its form.

use chrono::{Months, NaiveDate};

use super::super::Bloc;
use super::super::pieces::TypeIdentite;
use super::{
    Adresse, Banque, CarteVitale, Employeur, Identite, NumeroIdentite, SANS_FIN, StatutPro, Telephones,
    VALIDITE_MAX_YEARS,
};
use crate::compte::Statut;
use crate::dates::lire_jour;
use crate::iban::{Bic, Iban};
use crate::nir::Nir;
use crate::profil::{Champs, Ecart, Identification, Reader, in_order};

/// Reads a block's fields by the rules of the profile; beside it, what is wrong with them.
fn of_profile(bloc: Bloc, champs: &Champs) -> (Identification, Vec<Ecart>) {
    // The day is only used to check the date of birth, which no block has.
    let (read, mut wrong) = Identification::read(champs, NaiveDate::MAX);
    // A number that can't be read is not a missing number.
    if bloc != Bloc::Telephones || wrong.is_empty() {
        wrong.extend(read.missing());
    }
    wrong.retain(|ecart| bloc.champs().contains(&ecart.champ));
    (read, in_order(wrong, bloc.champs()))
}

/// `value` when nothing is wrong.
fn settled<T>(value: T, wrong: Vec<Ecart>) -> Result<T, Vec<Ecart>> {
    if wrong.is_empty() { Ok(value) } else { Err(wrong) }
}

impl Adresse {
    /// Reads the block, by the rules of the profile.
    pub fn read(champs: &Champs) -> Result<Self, Vec<Ecart>> {
        let (read, wrong) = of_profile(Bloc::Adresse, &champs.clone().only(Bloc::Adresse.champs()));
        let Identification { adresse, complement_adresse: complement, code_postal, commune, pays, .. } = read;
        settled(Self { adresse, complement, code_postal, commune, pays }, wrong)
    }
}

impl Telephones {
    /// Reads the block: at least one number of four (manual §3.3.4.2 c).
    ///
    /// # Errors
    /// Everything that is wrong, or that no number is there.
    pub fn read(champs: &Champs) -> Result<Self, Vec<Ecart>> {
        let (read, wrong) = of_profile(Bloc::Telephones, &champs.clone().only(Bloc::Telephones.champs()));
        let numbers = Self {
            mobile: read.telephone,
            domicile: read.telephone_domicile,
            professionnel: read.telephone_professionnel,
            autre: read.telephone_autre,
        };
        settled(numbers, wrong)
    }
}

impl StatutPro {
    /// Reads the block, by the rules of the profile.
    pub fn read(champs: &Champs) -> Result<Self, Vec<Ecart>> {
        let (read, wrong) = of_profile(Bloc::Statut, &champs.clone().only(Bloc::Statut.champs()));
        match read.statut {
            Some(statut) if wrong.is_empty() => Ok(Self { statut, fonction: read.fonction }),
            _ => Err(wrong),
        }
    }
}

impl Employeur {
    /// Reads the block for a statut, by the rules of the profile (SPEC I5 to I7).
    ///
    /// # Errors
    /// Everything that is wrong or missing; at `statut`, that no statut is chosen or that the chosen one has no
    /// employer.
    pub fn read(champs: &Champs, statut: Option<Statut>) -> Result<Self, Vec<Ecart>> {
        let Some(statut) = statut else {
            return Err(vec![Ecart::new("statut", "Choisissez d’abord votre statut : il décide du type d’employeur.")]);
        };
        let Some(genre) = statut.employeur() else {
            return Err(vec![Ecart::new(
                "statut",
                "Votre statut ne va avec aucun employeur : il n’y a rien à saisir.",
            )]);
        };
        let mut fields = champs.clone().only(Bloc::Employeur.champs());
        fields.set("statut", statut.as_str());
        let (read, wrong) = of_profile(Bloc::Employeur, &fields);
        match read.employeur_siret {
            Some(siret) if wrong.is_empty() => Ok(Self {
                genre,
                nom: read.employeur_nom,
                siret,
                adresse: read.employeur,
                pro: read.pro_differentes.then_some(read.pro),
            }),
            _ => Err(wrong),
        }
    }
}

/// Reads a field that must be filled in. The reader collects what is wrong with it, or that it is empty.
pub(super) fn required<T, E: std::fmt::Display>(
    reader: &mut Reader<'_>,
    name: &'static str,
    absent: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Option<T> {
    if reader.champs.one(name).is_empty() {
        reader.wrong.push(Ecart::new(name, absent));
        return None;
    }
    reader.parsed(name, parse)
}

impl Identite {
    /// Reads the block. A document that ends `today` is still valid; none ends later than [`VALIDITE_MAX_YEARS`] years
    /// from now, but a carte d’identité may have no end at all.
    pub fn read(champs: &Champs, today: NaiveDate) -> Result<Self, Vec<Ecart>> {
        let mut reader = Reader::new(champs);
        let r = &mut reader;
        let genre = required(r, "type_identite", "Choisissez votre pièce d’identité.", |word| {
            TypeIdentite::from_word(word).ok_or("Choisissez l’une des réponses proposées.")
        });
        let numero = required(r, "numero_identite", "Indiquez le numéro de la pièce.", NumeroIdentite::parse);
        let expire_le = fin(r, genre, today);
        match (genre, numero, expire_le) {
            (Some(genre), Some(numero), Some(expire_le)) => Ok(Self { genre, numero, expire_le }),
            _ => Err(in_order(reader.wrong, Bloc::Identite.champs())),
        }
    }
}

/// The end of an identity document: `Some(None)` when the box is ticked or the printed date means that there is no end,
/// `None` when something is wrong.
#[allow(clippy::option_option)]
fn fin(reader: &mut Reader<'_>, genre: Option<TypeIdentite>, today: NaiveDate) -> Option<Option<NaiveDate>> {
    let typed = reader.champs.one("expire_le");
    let printed = is_printed_endless(typed);
    let sentence = if !printed && !reader.champs.has(SANS_FIN) {
        let missing = "Indiquez la date de fin de validité de la pièce.";
        let parse = |typed: &str| fin_de_validite(typed, genre, today);
        return required(reader, "expire_le", missing, parse).map(Some);
    } else if !printed && !typed.is_empty() {
        "Indiquez une date de fin, ou cochez « sans date de fin » : pas les deux."
    } else if genre.is_some_and(|genre| genre != TypeIdentite::CarteIdentite) {
        "Seule une carte d’identité peut être sans date de fin : indiquez celle de cette pièce."
    } else {
        return Some(None);
    };
    reader.wrong.push(Ecart::new("expire_le", sentence));
    None
}

/// Whether a date is the one printed on cards without an end: from the age of 70, règlement (UE) 2019/1157, article 4,
/// allows a carte d’identité without an end, and countries print the first or the last day of the year 9999.
fn is_printed_endless(typed: &str) -> bool {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    matches!(digits.as_str(), "01019999" | "31129999" | "99990101" | "99991231")
}

/// The end of an identity document, as [`lire_jour`] reads it.
fn fin_de_validite(typed: &str, genre: Option<TypeIdentite>, today: NaiveDate) -> Result<NaiveDate, &'static str> {
    let form = "Indiquez une date qui existe, sous la forme 02/05/2031.";
    let day = lire_jour(typed).map_err(|error| error.phrase(form))?;
    let last = today.checked_add_months(Months::new(12 * VALIDITE_MAX_YEARS)).unwrap_or(NaiveDate::MAX);
    match genre {
        _ if day > last => Err("Vérifiez l’année : cette pièce ne peut pas être valable si longtemps."),
        // Décret n° 2013-1188 of 18 December 2013: these cards are valid five years longer than their printed date.
        Some(TypeIdentite::CarteIdentite) if day < today => Err(
            "Cette carte d’identité est périmée. Si elle vous a été délivrée majeur entre 2004 et 2013, elle est valable cinq ans de plus : indiquez la date prolongée.",
        ),
        _ if day < today => Err("Cette pièce est périmée : indiquez une pièce en cours de validité."),
        _ => Ok(day),
    }
}

impl CarteVitale {
    /// Reads the block.
    ///
    /// # Errors
    /// That the number is missing or wrong.
    pub fn read(champs: &Champs) -> Result<Self, Vec<Ecart>> {
        let mut reader = Reader::new(champs);
        let nir = required(&mut reader, "nir", "Indiquez votre numéro de sécurité sociale.", Nir::parse);
        nir.map(|nir| Self { nir }).ok_or(reader.wrong)
    }
}

impl Banque {
    /// Reads the block.
    pub fn read(champs: &Champs) -> Result<Self, Vec<Ecart>> {
        let mut reader = Reader::new(champs);
        let r = &mut reader;
        let titulaire = r.line("titulaire");
        if r.wrong.is_empty() && titulaire.is_empty() {
            r.wrong.push(Ecart::new("titulaire", "Indiquez le titulaire du compte, comme sur le RIB."));
        }
        let iban = required(r, "iban", "Indiquez l’IBAN de votre compte.", Iban::parse);
        let bic = required(r, "bic", "Indiquez le BIC de votre banque.", Bic::parse);
        match (iban, bic) {
            (Some(iban), Some(bic)) if reader.wrong.is_empty() => {
                let sepa = iban.is_sepa() || champs.has("sepa");
                Ok(Self { titulaire, iban, bic, sepa })
            }
            _ => Err(reader.wrong),
        }
    }
}
