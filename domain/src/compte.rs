//! Accounts: what they are and what state they are in.

use serde::{Deserialize, Serialize};

/// Makes an enum whose values are stored and shown in URLs as one ASCII word each.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in the order of the definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that stands for it in the database and in URLs.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value that a word stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What an account may be.
    Role {
        Intervenant = "intervenant",
        /// A case worker of one structure.
        Gestionnaire = "gestionnaire",
        Administrateur = "administrateur",
    }
}

words! {
    /// Whether an account can be used.
    EtatCompte {
        /// Created, waiting for the click on the activation link (7 days, manual §3.1.1).
        AActiver = "a_activer",
        Actif = "actif",
        /// Left or set aside: no login, no alert, not in the CV-thèque.
        Archive = "archive",
    }
}

words! {
    /// Where an intervenant's registration stands (manual §3.1 and §3.2).
    EtatInscription {
        Brouillon = "brouillon",
        /// Sent to the structure, locked.
        Transmise = "transmise",
        /// A gestionnaire has taken it on.
        EnAnalyse = "en_analyse",
        /// The structure asks for more.
        Complement = "complement",
        Validee = "validee",
        /// Refused; may be presented again a year later.
        Rejetee = "rejetee",
    }
}

words! {
    /// Professional statut (manual §3.3.4.2 f); it decides the kind of the employer and the pieces of the dossier.
    Statut {
        Fonctionnaire = "fonctionnaire",
        /// Public agent under contract.
        AgentNonTitulaire = "agent_non_titulaire",
        Independant = "independant",
        /// Employee of the private sector.
        SalariePrive = "salarie_prive",
        Retraite = "retraite",
        /// Without activity.
        SansActivite = "sans_activite",
    }
}

impl Statut {
    /// What the page calls it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Fonctionnaire => "Fonctionnaire",
            Self::AgentNonTitulaire => "Agent non titulaire",
            Self::Independant => "Travailleur indépendant",
            Self::SalariePrive => "Salarié du secteur privé",
            Self::Retraite => "Retraité",
            Self::SansActivite => "Sans activité",
        }
    }
}

words! {
    /// What a gestionnaire may do for their structure, besides reading (SPEC G7): granted one by one.
    Droit {
        Inscriptions = "inscriptions",
        /// Write and publish annonces.
        Annonces = "annonces",
        /// Write for the structure.
        Messagerie = "messagerie",
        /// Give provisional credentials, create accounts.
        Acces = "acces",
        /// Ask for administrative dossiers and decide on them.
        Dossiers = "dossiers",
    }
}

impl Droit {
    /// What the page calls it.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Inscriptions => "Traiter les inscriptions",
            Self::Annonces => "Préparer et publier des annonces",
            Self::Messagerie => "Écrire au nom de la structure",
            Self::Acces => "Créer des comptes et donner des identifiants provisoires",
            Self::Dossiers => "Demander et examiner les dossiers administratifs",
        }
    }
}

words! {
    /// Why an account is archived.
    MotifArchive {
        /// The complement asked for did not come within two months (manual §3.2.2).
        Complement = "complement",
        /// The person left (manual §9).
        Desinscription = "desinscription",
        /// Nobody logged in for years (SPEC X3).
        Inactivite = "inactivite",
        /// An administrateur closed it.
        Administration = "administration",
    }
}

/// Who did something: an account, or the server itself (a deadline).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actor {
    Compte(crate::CompteId),
    /// The server's own clock, or a command at the keyboard.
    System,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn o1_words_come_back_as_what_they_stand_for() {
        for role in Role::ALL {
            assert_eq!(Role::from_word(role.as_str()), Some(*role));
        }
        for statut in Statut::ALL {
            assert_eq!(Statut::from_word(statut.as_str()), Some(*statut));
            assert!(!statut.libelle().is_empty());
        }
        assert_eq!(EtatCompte::from_word("autre"), None);
    }
}
