//! The blocks of data of the dossier (manual §3.3.4.2).

use crate::compte::words;

words! {
    /// A block of the page « Données et pièces du dossier administratif » (manual §3.3.4.2 b to h), in its order.
    Bloc {
        /// Where the person lives.
        Adresse = "adresse",
        /// How the person is called: at least one of four numbers.
        Telephones = "telephones",
        /// Kind, number and end of the identity document.
        Identite = "identite",
        /// The NIR.
        CarteVitale = "carte_vitale",
        Statut = "statut",
        /// Who employs the person.
        Employeur = "employeur",
        /// The certificate of the Urssaf (SPEC D7; the manual has none).
        Vigilance = "vigilance",
        /// Where the person is paid.
        Banque = "banque",
    }
}

impl Bloc {
    /// What pages, emails and the history call it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Adresse => "Votre adresse personnelle",
            Self::Telephones => "Vos numéros de téléphone",
            Self::Identite => "Votre identité",
            Self::CarteVitale => "Votre carte vitale",
            Self::Statut => "Votre statut",
            Self::Employeur => "Votre employeur",
            Self::Vigilance => "Votre attestation de vigilance",
            Self::Banque => "Vos informations bancaires",
        }
    }

    /// The title on a gestionnaire's page, where somebody else's dossier is read.
    pub fn titre(self) -> &'static str {
        match self {
            Self::Adresse => "Adresse personnelle",
            Self::Telephones => "Numéros de téléphone",
            Self::Identite => "Identité",
            Self::CarteVitale => "Carte vitale",
            Self::Statut => "Statut",
            Self::Employeur => "Employeur",
            Self::Vigilance => "Date et code de l’attestation de vigilance",
            Self::Banque => "Informations bancaires",
        }
    }

    /// Whether it can be changed even while a gestionnaire has it (manual §3.3.4.2 b and c: « à tout moment »).
    pub fn libre(self) -> bool {
        matches!(self, Self::Adresse | Self::Telephones)
    }
}
