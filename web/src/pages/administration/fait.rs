//! What an administrateur just did, for the notice of the next page.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fait {
    /// A structure was changed.
    Structure,
    /// An account was made.
    CompteCree,
    /// An account was changed.
    Compte,
    /// The link to choose a password was sent again.
    Lien,
    /// An account was archived.
    CompteArchive,
    /// An account was reopened.
    CompteRouvert,
    /// A spécialité was saved.
    Specialite,
    /// A language was saved.
    Langue,
    /// A sigle was saved.
    Sigle,
    /// A sigle was removed.
    SigleSupprime,
    /// A reason was saved.
    Motif,
    /// The order of a list was changed.
    Ordre,
    /// An article was saved as a draft.
    Brouillon,
    /// An article is public.
    Article,
    /// An article will be public on its day.
    ArticleAVenir,
    /// An article was removed.
    ArticleSupprime,
    /// A document was attached.
    Document,
    /// A document was taken away.
    DocumentRetire,
    /// A legal text was saved.
    Texte,
    /// An immatriculation was recorded.
    Immatriculation,
    /// An immatriculation was taken away.
    ImmatriculationRetiree,
    /// An intervention was saved.
    Intervention,
    /// An intervention was removed.
    InterventionSupprimee,
}

impl Fait {
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Structure => "La structure est enregistrée. Le changement est déjà public.",
            Self::CompteCree => "Le compte est créé. Un courriel part avec le lien pour choisir le mot de passe.",
            Self::Compte => "Le compte est enregistré. Les droits valent dès maintenant.",
            Self::Lien => "Un nouveau lien part par courriel. Le précédent ne fonctionne plus.",
            Self::CompteArchive => "Le compte est archivé. La personne est déconnectée.",
            Self::CompteRouvert => "Le compte est rouvert.",
            Self::Specialite => "La spécialité est enregistrée.",
            Self::Langue => "La langue est enregistrée.",
            Self::Sigle => "Le sigle est enregistré. Les recherches le comprennent dès maintenant.",
            Self::SigleSupprime => "Le sigle est supprimé. Les recherches ne le comprennent plus.",
            Self::Motif => "Le motif est enregistré.",
            Self::Ordre => "L’ordre est enregistré.",
            Self::Brouillon => "L’article est enregistré comme brouillon : personne d’autre ne le voit.",
            Self::Article => "L’article est enregistré et publié.",
            Self::ArticleAVenir => "L’article est enregistré. Il paraîtra le jour choisi.",
            Self::ArticleSupprime => "L’article est supprimé.",
            Self::Document => "Le document est joint à l’article.",
            Self::DocumentRetire => "Le document est retiré de l’article.",
            Self::Texte => "Le texte est enregistré et publié.",
            Self::Immatriculation => "L’immatriculation est enregistrée.",
            Self::ImmatriculationRetiree => {
                "L’immatriculation est retirée : la personne modifie à nouveau ses informations."
            }
            Self::Intervention => "L’intervention est enregistrée.",
            Self::InterventionSupprimee => "L’intervention est supprimée.",
        }
    }
}
