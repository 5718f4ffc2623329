//! How far the text of an attached file is read, in words (SPEC G3).

use domain::fichier::EtatLecture;

/// A sentence for the owner of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lecture {
    pub phrase: &'static str,
    /// Whether there is something to do.
    pub alerte: bool,
}

impl Lecture {
    /// What the owner of a file is told; `vide`: nothing was read of it.
    pub fn a_son_proprietaire(etat: EtatLecture, vide: bool) -> Option<Self> {
        let (phrase, alerte) = match etat {
            EtatLecture::Lu => return None,
            EtatLecture::ALire => ("Son texte est en cours de lecture.", false),
            EtatLecture::AReconnaitre => (
                "Des pages de ce fichier sont des images : leur texte est en cours de reconnaissance, cela peut durer.",
                false,
            ),
            EtatLecture::Reconnu if !vide => (
                "Des pages de ce fichier sont des images : leur texte a été reconnu par un programme, qui peut se tromper.",
                false,
            ),
            EtatLecture::Partiel => (
                "Une partie de ce fichier n’a pas pu être lue (c’est peut-être une page scannée) : les structures peuvent \
                 l’ouvrir, mais la recherche ne trouvera pas les mots de cette partie.",
                true,
            ),
            EtatLecture::SansTexte | EtatLecture::Reconnu => (
                "Ce fichier ne contient pas de texte (c’est peut-être une photo ou une page scannée) : les structures peuvent \
                 l’ouvrir, mais la recherche ne le trouvera pas par ses mots.",
                true,
            ),
            EtatLecture::Illisible => (
                "Ce fichier n’a pas pu être lu : les structures peuvent le télécharger, mais la recherche ne le trouvera pas par \
                 ses mots.",
                true,
            ),
        };
        Some(Self { phrase, alerte })
    }
}

/// What a gestionnaire is told beside the text of a file, or in its place.
pub fn aux_gestionnaires(etat: EtatLecture, vide: bool) -> &'static str {
    match etat {
        EtatLecture::Lu => "",
        EtatLecture::ALire => "Le texte de ce fichier n’est pas encore lu : rechargez la page dans un instant.",
        EtatLecture::AReconnaitre => {
            "Des pages de ce fichier sont des images : leur texte est en cours de reconnaissance."
        }
        EtatLecture::Reconnu if !vide => {
            "Des pages de ce fichier sont des images : leur texte a été reconnu par un programme, qui peut se tromper."
        }
        EtatLecture::Partiel => "Une partie de ce fichier n’a pas pu être lue : téléchargez-le pour la voir.",
        EtatLecture::SansTexte | EtatLecture::Reconnu => {
            "Ce fichier ne contient pas de texte, comme une photo ou une page numérisée : téléchargez-le pour l’ouvrir."
        }
        EtatLecture::Illisible => "Le texte de ce fichier n’a pas pu être lu : téléchargez-le pour l’ouvrir.",
    }
}

/// The same in a few words, behind the name of a file in the CV-thèque.
pub fn en_bref(etat: EtatLecture, vide: bool) -> &'static str {
    match etat {
        EtatLecture::Lu => "",
        EtatLecture::ALire => ", texte pas encore lu pour la recherche",
        EtatLecture::AReconnaitre => ", image en cours de reconnaissance",
        EtatLecture::Reconnu if !vide => ", image au texte reconnu par un programme",
        EtatLecture::Partiel => ", texte lu en partie pour la recherche",
        EtatLecture::SansTexte | EtatLecture::Reconnu => ", image sans texte pour la recherche",
        EtatLecture::Illisible => ", texte illisible pour la recherche",
    }
}
