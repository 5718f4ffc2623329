//! What an annonce asks for and what a profile offers, for [`domain::rapprochement`].

use domain::indisponibilite::Periode;
use domain::intervention::EtatIntervention;
use domain::rapprochement::{Demande, Offre};
use store::annonces::Annonce;
use store::intervenants::Fiche;

use crate::app::App;

pub fn demande(annonce: &Annonce) -> Demande {
    Demande {
        sujet: annonce.sujet(),
        departements: annonce.contenu.departements.clone(),
        du: annonce.contenu.du,
        au: annonce.contenu.au,
    }
}

pub fn offre(app: &App, fiche: &Fiche) -> Offre {
    let known = app.referentiels();
    let parent = |code: &String| {
        known.specialites.iter().find(|item| item.code == *code).and_then(|item| item.parent_code.clone())
    };
    let profil = &fiche.profil;
    Offre {
        specialites_en_partie: profil.specialites.iter().filter_map(parent).collect(),
        specialites: profil.specialites.clone(),
        regions: profil.regions.clone(),
        departements: profil.departements.clone(),
        absences: profil.indisponibilites.iter().map(|&(du, au)| Periode { du, au }).collect(),
        experience: !profil.experience.trim().is_empty(),
        interventions: profil.interventions.iter().filter(|one| one.etat == EtatIntervention::Realisee).count(),
    }
}
