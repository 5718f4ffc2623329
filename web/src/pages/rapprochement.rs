//! What an annonce asks for and what a profile offers, for [`domain::rapprochement`].

use domain::annonce::Modalite;
use domain::besoin::{MOTS_ANNONCE, Poids};
use domain::indisponibilite::Periode;
use domain::intervention::EtatIntervention;
use domain::rapprochement::{Demande, Offre, lieux};
use search_index::{MotPese, SearchIndex};
use store::annonces::Annonce;
use store::intervenants::Fiche;

use crate::app::{App, Referentiels};

fn places(known: &Referentiels, departements: &[String], regions: &[String]) -> Vec<String> {
    let all: Vec<(&str, &str)> =
        known.departements.iter().map(|one| (one.code.as_str(), one.region_code.as_str())).collect();
    lieux(departements, regions, &all)
}

pub fn demande(app: &App, annonce: &Annonce) -> Demande {
    let contenu = &annonce.contenu;
    Demande {
        sujet: annonce.sujet(),
        departements: contenu.departements.clone(),
        lieux: places(&app.referentiels(), &contenu.departements, &contenu.regions),
        a_distance: contenu.modalite == Modalite::Distance,
        du: contenu.du,
        au: contenu.au,
    }
}

/// The régions that were ticked, and those of the départements.
fn regions_of(known: &Referentiels, regions: &[String], departements: &[String]) -> Vec<String> {
    let mut all = regions.to_vec();
    for item in known.departements.iter().filter(|item| departements.contains(&item.code)) {
        if !all.contains(&item.region_code) {
            all.push(item.region_code.clone());
        }
    }
    all
}

/// `mots`: how much of the annonce's words the profile has, in percent.
pub fn offre(app: &App, fiche: &Fiche, mots: u8) -> Offre {
    let known = app.referentiels();
    let parent = |code: &String| {
        known.specialites.iter().find(|item| item.code == *code).and_then(|item| item.parent_code.clone())
    };
    let profil = &fiche.profil;
    Offre {
        specialites_en_partie: profil.specialites.iter().filter_map(parent).collect(),
        specialites: profil.specialites.clone(),
        lieux: places(&known, &profil.departements, &profil.regions),
        regions: regions_of(&known, &profil.regions, &profil.departements),
        departements: profil.departements.clone(),
        mots,
        absences: profil.indisponibilites.iter().map(|&(du, au)| Periode { du, au }).collect(),
        experience: !profil.experience.trim().is_empty(),
        interventions: profil.interventions.iter().filter(|one| one.etat == EtatIntervention::Realisee).count(),
    }
}

/// The text of an annonce that its words are taken from: those of the title count three times.
pub fn texte(annonce: &Annonce) -> String {
    let titre = &annonce.contenu.titre;
    format!("{titre}\n{titre}\n{titre}\n{}", annonce.contenu.description)
}

/// The telling words of a text with the weights that are proposed for them.
pub fn proposes(index: &SearchIndex, text: &str, most: usize) -> Result<Vec<MotPese>, search_index::Error> {
    let words = index.telling_words(text, most)?;
    let best = words.first().map_or(0.0, |word| word.force);
    Ok(words.into_iter().map(|word| MotPese { poids: Poids::propose(word.force, best), mot: word.mot }).collect())
}

/// The words of an annonce that count in a match.
pub fn mots(index: &SearchIndex, texte: &str) -> Result<Vec<MotPese>, search_index::Error> {
    proposes(index, texte, MOTS_ANNONCE)
}
