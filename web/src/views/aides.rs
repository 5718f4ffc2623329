//! The « En savoir plus » of the pages: short texts shown in a dialog, never on a new page (manual §1.2, P7).

use super::markdown::{Html, render};

/// The texts compiled into the program, by name; the first line of each is its title.
const AIDES: &[(&str, &str)] = &[
    ("alertes", include_str!("../../../migrations/data/aides/alertes.md")),
    ("coordonnees-professionnelles", include_str!("../../../migrations/data/aides/coordonnees-professionnelles.md")),
    ("employeur-public", include_str!("../../../migrations/data/aides/employeur-public.md")),
    ("experience-formateur", include_str!("../../../migrations/data/aides/experience-formateur.md")),
    ("indisponibilites", include_str!("../../../migrations/data/aides/indisponibilites.md")),
    ("langues", include_str!("../../../migrations/data/aides/langues.md")),
    ("specialites", include_str!("../../../migrations/data/aides/specialites.md")),
    ("statut", include_str!("../../../migrations/data/aides/statut.md")),
    ("structure-de-rattachement", include_str!("../../../migrations/data/aides/structure-de-rattachement.md")),
    ("zones", include_str!("../../../migrations/data/aides/zones.md")),
];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AideTexte {
    /// Its name, from which the ids in the page are made.
    pub cle: &'static str,
    pub titre: String,
    pub html: Html,
}

/// The help text of that name; an unknown name gives an empty one, which shows nothing.
pub fn aide(cle: &str) -> AideTexte {
    let found = AIDES.iter().find(|(name, _)| *name == cle);
    found.map_or_else(AideTexte::default, |(name, markdown)| {
        let (titre, texte) = markdown.split_once('\n').unwrap_or((markdown, ""));
        AideTexte { cle: name, titre: titre.trim_start_matches('#').trim().to_owned(), html: render(texte.trim(), 3) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p7_every_help_has_a_title_and_a_text() {
        for (cle, _) in AIDES {
            let found = aide(cle);
            assert!(!found.titre.is_empty() && !found.html.is_empty(), "{cle}");
        }
        assert_eq!(aide("inconnue"), AideTexte::default());
    }
}
