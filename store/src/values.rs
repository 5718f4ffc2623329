//! How the columns of a row become values of the domain: identifiers, words, names, numbers of annonces.

use diesel::deserialize::{self, FromSql, Queryable};
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use domain::annonce::{EtatAnnonce, Modalite, NumeroAnnonce};
use domain::candidature::EtatCandidature;
use domain::compte::{EtatCompte, EtatInscription, Role};
use domain::dossier::lettre::{EtatLettre, TypeLettre, UnitePaiement};
use domain::dossier::piece::EtatElement;
use domain::dossier::transmission::EtatDossier;
use domain::{CompteId, CorrespondantId, StructureId};

use crate::dialect::{Both, Raw};

macro_rules! identifiers {
    ($($identifier:ident),*) => {$(
        impl FromSql<BigInt, Both> for $identifier {
            fn from_sql(raw: Raw<'_>) -> deserialize::Result<Self> {
                <i64 as FromSql<BigInt, Both>>::from_sql(raw).map(Self)
            }
        }

        impl Queryable<BigInt, Both> for $identifier {
            type Row = Self;

            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    )*};
}
identifiers!(CompteId, CorrespondantId, StructureId);

/// The value that a column's word stands for; a word that this version does not know is an error.
pub(crate) fn word<W>(raw: Raw<'_>, from_word: fn(&str) -> Option<W>) -> deserialize::Result<W> {
    let word = <String as FromSql<Text, Both>>::from_sql(raw)?;
    from_word(&word).ok_or_else(|| format!("{word:?} is no {}", std::any::type_name::<W>()).into())
}

/// Lets columns of text be read as one of these sets of words.
macro_rules! words {
    ($($words:ty),* $(,)?) => {$(
        impl ::diesel::deserialize::FromSql<::diesel::sql_types::Text, $crate::dialect::Both> for $words {
            fn from_sql(raw: $crate::dialect::Raw<'_>) -> ::diesel::deserialize::Result<Self> {
                $crate::values::word(raw, Self::from_word)
            }
        }

        impl ::diesel::deserialize::Queryable<::diesel::sql_types::Text, $crate::dialect::Both> for $words {
            type Row = Self;

            fn build(row: Self) -> ::diesel::deserialize::Result<Self> {
                Ok(row)
            }
        }
    )*};
}
pub(crate) use words;

words!(
    domain::analyse::EtatAnalyse,
    domain::alertes::Frequence,
    EtatAnnonce,
    EtatCandidature,
    EtatCompte,
    EtatDossier,
    EtatElement,
    EtatInscription,
    EtatLettre,
    Modalite,
    Role,
    TypeLettre,
    UnitePaiement,
    domain::fichier::EtatLecture,
    domain::inscription::Evenement,
    domain::intervention::EtatIntervention,
    domain::messagerie::Origine,
    domain::profil::Rubrique,
    domain::reseau::Reseau,
    domain::support::EtatDemande,
    domain::support::TypeDemande,
);

/// Types that read some columns as a value of another type, named by `deserialize_as`.
macro_rules! reads {
    ($($(#[$meta:meta])* $name:ident: $columns:ty as $row:ty => $value:ty, $read:expr;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name(pub $value);

        impl Queryable<$columns, Both> for $name {
            type Row = $row;

            fn build(row: $row) -> deserialize::Result<Self> {
                let read: fn($row) -> $value = $read;
                Ok(Self(read(row)))
            }
        }

        impl From<$name> for $value {
            fn from(read: $name) -> Self {
                read.0
            }
        }
    )*};
}
reads! {
    /// The first name and the surname of somebody, as one name.
    Nom: (Text, Text) as (String, String) => String, |(prenom, nom)| format!("{prenom} {nom}");

    /// The same of somebody who may be absent: there never was an account, or it is gone.
    NomEventuel: (Nullable<Text>, Nullable<Text>) as (Option<String>, Option<String>) => Option<String>,
        |(prenom, nom)| prenom.zip(nom).map(|(prenom, nom)| format!("{prenom} {nom}"));

    /// A text that is empty where there is none.
    OrEmpty: Nullable<Text> as Option<String> => String, Option::unwrap_or_default;

    /// The year and the rank of an annonce: its number, once it has one.
    Numero: (Nullable<Integer>, Nullable<BigInt>) as (Option<i32>, Option<i64>) => Option<NumeroAnnonce>,
        |(annee, rang)| annee.zip(rang).map(|(annee, rang)| NumeroAnnonce { annee, rang });
}
