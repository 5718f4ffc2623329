//! An annonce as one row of a list, from the index or from the database.

use search_index::{AnnonceHit, Facet, Source};

use crate::app::Referentiels;
use crate::pages::recherche::{called, segments};
use crate::views::dates::period;
use crate::views::{AnnonceRow, annonces as views};

/// Names shown before « et 3 autres ».
const REGIONS_SHOWN: usize = 3;

/// « Bretagne, Normandie », « Bretagne, Grand Est, Normandie et 2 autres », « Toutes les régions ».
fn regions(names: &[&str]) -> String {
    match names {
        [] => "Toutes les régions".to_owned(),
        few if few.len() <= REGIONS_SHOWN + 1 => few.join(", "),
        many => format!("{} et {} autres", many[..REGIONS_SHOWN].join(", "), many.len() - REGIONS_SHOWN),
    }
}

pub fn row(annonce: &store::annonces::Annonce, href: String) -> AnnonceRow {
    let names: Vec<&str> = annonce.regions.iter().map(|(_, nom)| nom.as_str()).collect();
    views::AnnonceRow {
        numero: annonce.numero.map(|numero| numero.to_string()).unwrap_or_default(),
        href,
        titre: annonce.contenu.titre.clone(),
        structure: annonce.structure_nom.clone(),
        specialite: annonce.specialite_nom.clone(),
        regions: regions(&names),
        period: period(annonce.contenu.du, annonce.contenu.au),
        excerpt: Vec::new(),
    }
}

/// A result of the search, with the passage found in its text; what was found elsewhere is in the row already.
pub fn found(hit: &AnnonceHit, known: &Referentiels) -> AnnonceRow {
    let names: Vec<&str> = hit.regions.iter().map(|region| region.label.as_str()).collect();
    let specialite = hit.specialite.as_ref().map(|one| called(known, Facet::Specialite, &one.code, &one.label));
    let excerpt = hit.highlights.iter().find(|highlight| highlight.source == Source::Description);
    AnnonceRow {
        numero: hit.numero.clone(),
        href: format!("/annonces/{}", hit.numero),
        titre: hit.titre.clone(),
        structure: called(known, Facet::Structure, &hit.structure.id.to_string(), &hit.structure.nom).to_owned(),
        specialite: specialite.unwrap_or_default().to_owned(),
        regions: regions(&names),
        period: period(hit.du, hit.au),
        excerpt: excerpt.map(segments).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a1_many_regions_are_counted() {
        assert_eq!(regions(&[]), "Toutes les régions");
        assert_eq!(regions(&["Bretagne", "Normandie"]), "Bretagne, Normandie");
        assert_eq!(regions(&["a", "b", "c", "d"]), "a, b, c, d");
        assert_eq!(regions(&["a", "b", "c", "d", "e"]), "a, b, c et 2 autres");
    }
}
