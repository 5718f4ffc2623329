//! What is typed in each block. A block is saved when nothing is wrong in it; otherwise every mistake is said at its
//! field. Fields that the profile has too have its names and its rules (SPEC D8, I5 to I7), and what is validated goes
//! back into the profile unchanged (D11).

use chrono::NaiveDate;

mod ecran;
mod lecture;
#[cfg(test)]
mod tests;
mod vigilance;

pub use ecran::{Ligne, Vue};
pub use vigilance::{SEUIL_CENTIMES, Vigilance};

use super::Bloc;
use super::pieces::TypeIdentite;
use crate::compte::Statut;
use crate::iban::{Bic, Iban};
use crate::nir::Nir;
use crate::profil::{Champs, Coordonnees, Ecart, TypeEmployeur};
use crate::siret::Siret;
use crate::texte;

/// Longest number of an identity document, in characters.
pub const NUMERO_MAX: usize = 20;
/// Farthest end of an identity document, in years: what lies beyond is a slip of the keyboard.
pub const VALIDITE_MAX_YEARS: u32 = 20;

/// The box of a card without an end.
pub const SANS_FIN: &str = "sans_fin";

/// The field of the employer's kind: computed from the statut, shown, kept, and never read from a form.
pub const TYPE_EMPLOYEUR: &str = "type_employeur";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adresse {
    pub adresse: String,
    pub complement: String,
    pub code_postal: String,
    pub commune: String,
    pub pays: String,
}

/// The four numbers as they are kept, for [`crate::telephone::shown`]; some may be empty, never all.
#[derive(Clone, PartialEq, Eq)]
pub struct Telephones {
    pub mobile: String,
    pub domicile: String,
    pub professionnel: String,
    /// Another one.
    pub autre: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identite {
    pub genre: TypeIdentite,
    pub numero: NumeroIdentite,
    /// Its last day; none for a card without an end.
    pub expire_le: Option<NaiveDate>,
}

/// The number of an identity document: 1 to 20 capitals and digits.
#[derive(Clone, PartialEq, Eq)]
pub struct NumeroIdentite(String);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarteVitale {
    /// The NIR.
    pub nir: Nir,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatutPro {
    pub statut: Statut,
    /// Function or profession, maybe none.
    pub fonction: String,
}

/// The employer, of the kind that the statut asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employeur {
    /// Its kind (manual §3.3.4.2 g).
    pub genre: TypeEmployeur,
    pub nom: String,
    /// SIRET.
    pub siret: Siret,
    pub adresse: Coordonnees,
    /// Professional coordinates, when they are not the employer's.
    pub pro: Option<Coordonnees>,
}

/// Where the person is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banque {
    pub titulaire: String,
    pub iban: Iban,
    pub bic: Bic,
    /// Whether the account is in the SEPA zone: computed, and always true when the IBAN begins with FR (manual §3.3.4.2
    /// h). A person whose bank is in a country that our list lacks may tick the box.
    pub sepa: bool,
}

/// What was typed in one block and can be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saisie {
    Adresse(Adresse),
    Telephones(Telephones),
    Identite(Identite),
    CarteVitale(CarteVitale),
    Statut(StatutPro),
    Employeur(Box<Employeur>),
    Vigilance(Vigilance),
    Banque(Banque),
}

/// Phone numbers are personal data: logs show that there were some, not which.
impl std::fmt::Debug for Telephones {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Telephones([…])")
    }
}

impl NumeroIdentite {
    /// Reads a number however it is spaced and whatever its case.
    pub fn parse(typed: &str) -> Result<Self, String> {
        let compact = texte::compact(typed);
        let length = compact.chars().count();
        if !compact.chars().all(|c| c.is_ascii_alphanumeric()) {
            Err("Ce numéro ne contient que des lettres sans accent et des chiffres.".to_owned())
        } else if (1..=NUMERO_MAX).contains(&length) {
            Ok(Self(compact.to_ascii_uppercase()))
        } else {
            Err(format!("Ce numéro compte de 1 à {NUMERO_MAX} caractères ; il y en a {length} ici."))
        }
    }

    /// The number, to seal it or to compare it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as screens show it (decided, as SPEC D14): the last two characters, or none when it has fewer than
    /// six.
    pub fn masked(&self) -> String {
        let shown = if self.0.len() >= 6 { 2 } else { 0 };
        let hidden = self.0.len() - shown;
        format!("{}{}", "•".repeat(hidden), &self.0[hidden..])
    }
}

/// This number can be misused: logs show that there was one, not which.
impl std::fmt::Debug for NumeroIdentite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NumeroIdentite([…])")
    }
}

impl Bloc {
    /// The fields of the block, in its order. Other posted fields are not kept.
    pub fn champs(self) -> &'static [&'static str] {
        match self {
            Self::Adresse => &["adresse", "complement_adresse", "code_postal", "commune", "pays"],
            Self::Telephones => &["telephone", "telephone_domicile", "telephone_professionnel", "telephone_autre"],
            Self::Identite => &["type_identite", "numero_identite", "expire_le", SANS_FIN],
            Self::CarteVitale => &["nir"],
            Self::Statut => &["statut", "fonction"],
            Self::Employeur => &[
                "employeur_nom",
                "employeur_siret",
                "employeur_adresse",
                "employeur_code_postal",
                "employeur_commune",
                "pro_differentes",
                "pro_adresse",
                "pro_code_postal",
                "pro_commune",
                "pro_telephone",
                "pro_courriel",
            ],
            Self::Vigilance => &["vigilance_etablie_le", "vigilance_code"],
            Self::Banque => &["titulaire", "iban", "bic", "sepa"],
        }
    }
}

impl Saisie {
    /// Reads a block. `statut` is what the person declares, and decides the kind of the employer; `today` bounds the
    /// end of the identity document and the age of the certificate of the Urssaf.
    ///
    /// # Errors
    /// Everything that is wrong or missing, in the order of the block's fields.
    pub fn read(bloc: Bloc, champs: &Champs, statut: Option<Statut>, today: NaiveDate) -> Result<Self, Vec<Ecart>> {
        match bloc {
            Bloc::Adresse => Adresse::read(champs).map(Self::Adresse),
            Bloc::Telephones => Telephones::read(champs).map(Self::Telephones),
            Bloc::Identite => Identite::read(champs, today).map(Self::Identite),
            Bloc::CarteVitale => CarteVitale::read(champs).map(Self::CarteVitale),
            Bloc::Statut => StatutPro::read(champs).map(Self::Statut),
            Bloc::Employeur => Employeur::read(champs, statut).map(|read| Self::Employeur(Box::new(read))),
            Bloc::Vigilance => Vigilance::read(champs, today).map(Self::Vigilance),
            Bloc::Banque => Banque::read(champs).map(Self::Banque),
        }
    }

    /// Reads back the fields that [`Self::champs`] gave on the day `enregistre`. It accepts an identity document or a
    /// certificate that has ended since, and an employer of a kind that the statut no longer asks for.
    ///
    /// # Errors
    /// What is wrong, when the fields do not come from [`Self::champs`].
    pub fn kept(bloc: Bloc, champs: &Champs, enregistre: NaiveDate) -> Result<Self, Vec<Ecart>> {
        let statut = TypeEmployeur::from_word(champs.one(TYPE_EMPLOYEUR)).map(|genre| match genre {
            TypeEmployeur::Public => Statut::Fonctionnaire,
            TypeEmployeur::Prive => Statut::SalariePrive,
        });
        Self::read(bloc, champs, statut, enregistre)
    }

    pub fn bloc(&self) -> Bloc {
        match self {
            Self::Adresse(_) => Bloc::Adresse,
            Self::Telephones(_) => Bloc::Telephones,
            Self::Identite(_) => Bloc::Identite,
            Self::CarteVitale(_) => Bloc::CarteVitale,
            Self::Statut(_) => Bloc::Statut,
            Self::Employeur(_) => Bloc::Employeur,
            Self::Vigilance(_) => Bloc::Vigilance,
            Self::Banque(_) => Bloc::Banque,
        }
    }
}
