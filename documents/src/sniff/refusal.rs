//! Why a file is refused, in sentences that say what to do.

use crate::format::{Format, Place};

/// Why a file isn't taken. `Display` is the sentence shown to the person, in French.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("Ce fichier est vide. Vérifiez qu’il s’ouvre bien sur votre appareil, puis choisissez-le à nouveau.")]
    Empty,

    #[error(
        "Ce fichier dépasse {}. Réduisez sa taille (par exemple en l’enregistrant à nouveau avec des images moins lourdes), puis déposez-le.",
        .place.max_size()
    )]
    TooBig { place: Place },

    /// The name announces one format, the bytes are of another.
    #[error(
        "Le nom de ce fichier se termine par «\u{a0}.{extension}\u{a0}», mais son contenu est {}. Enregistrez-le à nouveau depuis votre logiciel au bon format, puis déposez-le.",
        .found.french()
    )]
    Mislabelled {
        /// The extension in the name, in lower case, without the dot.
        extension: String,
        /// The format of the bytes.
        found: Format,
    },

    /// A format we know, but not one of this place.
    #[error(
        "Ce fichier est {}, un format qui n’est pas accepté ici. Enregistrez-le dans l’un de ces formats\u{a0}: {}.",
        .found.french(), .place.formats()
    )]
    NotAccepted {
        /// The format of the bytes.
        found: Format,
        place: Place,
    },

    #[error(
        "L’extension «\u{a0}.{extension}\u{a0}» n’est pas acceptée. Enregistrez votre document dans l’un de ces formats\u{a0}: {}.",
        .place.formats()
    )]
    UnknownExtension {
        /// The extension in the name, in lower case, without the dot.
        extension: String,
        place: Place,
    },

    /// A known kind of file that no place takes.
    #[error(
        "Ce fichier est {kind}, un format qui n’est pas accepté. Convertissez-le, par exemple en PDF, puis déposez-le."
    )]
    Foreign {
        /// The kind, in French with its article.
        kind: &'static str,
    },

    #[error("Ce fichier est un programme ou un raccourci, et non un document. Choisissez le document lui-même.")]
    Executable,

    #[error(
        "Ce fichier est protégé par un mot de passe ({}). Enregistrez-en une copie sans mot de passe, puis déposez cette copie.",
        .format.french()
    )]
    Encrypted {
        /// The format under the protection, as far as can be told.
        format: Format,
    },

    /// A locked PDF, which can't be written again without the places of its photographs.
    #[error(
        "Ce PDF est protégé contre les modifications et contient une photo avec le lieu de la prise de vue, que nous ne pouvons pas retirer. Enregistrez-en une copie sans restriction, puis déposez cette copie."
    )]
    LockedPlaces,

    #[error(
        "Ce document contient des macros, qui ne sont pas acceptées. Enregistrez-le sans macros ou en PDF, puis déposez-le."
    )]
    Macros,

    /// Inflates far beyond what such a document needs.
    #[error(
        "Ce document contient trop de données compressées pour être accepté. Enregistrez-le en PDF, puis déposez-le."
    )]
    Bomb,

    #[error(
        "Ce fichier est endommagé ou incomplet. Ouvrez-le sur votre appareil, enregistrez-le à nouveau, puis déposez-le."
    )]
    Damaged,

    /// Bytes that are no text and nothing else we know.
    #[error("Le contenu de ce fichier n’est pas reconnu. Enregistrez votre document en PDF, puis déposez-le.")]
    Unknown,
}
