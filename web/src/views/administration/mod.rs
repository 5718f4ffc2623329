//! « Administration »: what an administrateur sets for everybody (SPEC G7).

mod agents;
mod contenus;
mod exports;
mod intervenants;
mod nomenclatures;
mod structures;

pub use agents::{AgentFiche, AgentFormulaire, AgentRow, Agents};
pub use contenus::{Apercu, ArticleFormulaire, ArticleRow, Articles, DocumentFiche, TexteFormulaire, TexteRow, Textes};
pub use exports::{ExportRow, Exports};
pub use intervenants::{InterventionFormulaire, Personne, PersonneRow, Personnes};
pub use nomenclatures::{
    LangueFormulaire, LangueRow, Langues, MotifFormulaire, MotifGroupe, MotifRow, Motifs, SigleFormulaire, SigleRow,
    Sigles, SpecialiteFormulaire, SpecialiteGroupe, SpecialiteRow, Specialites,
};
pub use structures::{StructureFormulaire, StructureRow, Structures};

use askama::Template;

use super::layout::{Layout, MenuEntry};

/// A part of the administration: label, address, what is done there.
#[derive(Debug, Clone, Copy)]
pub struct Partie {
    pub label: &'static str,
    pub href: &'static str,
    pub phrase: &'static str,
}

const PARTIES: [Partie; 10] = [
    Partie {
        label: "Structures",
        href: "/administration/structures",
        phrase: "Nom, adresse, téléphone et adresse électronique des structures ; ouvrir ou fermer leur messagerie.",
    },
    Partie {
        label: "Gestionnaires et administrateurs",
        href: "/administration/agents",
        phrase: "Créer un compte, choisir la structure et les droits, archiver ou rouvrir un compte.",
    },
    Partie {
        label: "Intervenants",
        href: "/administration/intervenants",
        phrase: "Retrouver une personne, enregistrer son immatriculation et ses interventions.",
    },
    Partie {
        label: "Exports de la CV-thèque",
        href: "/administration/exports",
        phrase: "Qui a emporté quels profils dans un fichier, quand, et par quelle recherche.",
    },
    Partie {
        label: "Spécialités",
        href: "/administration/specialites",
        phrase: "Les spécialités et sous-spécialités que les profils et les annonces choisissent.",
    },
    Partie {
        label: "Langues",
        href: "/administration/langues",
        phrase: "Les langues étrangères et régionales proposées dans les profils.",
    },
    Partie {
        label: "Sigles",
        href: "/administration/sigles",
        phrase: "Les sigles que les recherches comprennent, avec ce qu’ils veulent dire.",
    },
    Partie {
        label: "Motifs",
        href: "/administration/motifs",
        phrase: "Les motifs de rejet et de demande de complément, avec leur texte type.",
    },
    Partie {
        label: "Actualités et informations",
        href: "/administration/articles",
        phrase: "Écrire, publier et ordonner les articles, y joindre un document.",
    },
    Partie {
        label: "Textes légaux et aide",
        href: "/administration/textes",
        phrase: "Conditions d’utilisation, données personnelles, cookies, accessibilité, questions fréquentes.",
    },
];

/// The parts, as the navigation of each page shows them.
pub fn sections() -> Vec<MenuEntry> {
    PARTIES.iter().map(|partie| MenuEntry::new(partie.label, partie.href, partie.href)).collect()
}

/// `GET /administration`: the way in.
#[derive(Debug, Clone, Template)]
#[template(path = "administration/sommaire.html")]
pub struct Sommaire {
    pub layout: Layout,
    pub parties: &'static [Partie],
}

impl Sommaire {
    pub fn new(layout: Layout) -> Self {
        Self { layout, parties: &PARTIES }
    }
}
