//! « Mes interventions »: what the internal software or an administrateur recorded, read-only (manual §3.3.1, SPEC C2).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::dates::periode;
use domain::intervention::EtatIntervention;
use store::interventions::Ligne;

use super::sections;
use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::session::Valide;
use crate::views::Tone;
use crate::views::mon_compte::{InterventionRow, MonCompteInterventions};

/// An intervention as lists show it; `href` leads to its form, or is empty.
pub fn row(line: Ligne, href: String) -> InterventionRow {
    let said = line.intervention;
    InterventionRow {
        href,
        titre: said.titre,
        periode: periode(Some(said.du), Some(said.au)),
        structure: line.structure_nom,
        heures: u64::try_from(said.heures).unwrap_or(0),
        etat: said.etat.libelle(),
        tone: match said.etat {
            EtatIntervention::Prevue => Tone::Warning,
            EtatIntervention::EnCours => Tone::Waiting,
            EtatIntervention::Realisee => Tone::Done,
            EtatIntervention::Annulee => Tone::Info,
        },
    }
}

/// Whether it is still to be done.
pub fn is_ahead(line: &Ligne) -> bool {
    matches!(line.intervention.etat, EtatIntervention::Prevue | EtatIntervention::EnCours)
}

pub async fn interventions(request: HttpRequest, app: Data<App>, who: Valide) -> Result<HttpResponse, Error> {
    let all = store::interventions::of(&mut app.store.read().await?, who.connecte.session.compte).await?;
    let (mut ahead, past): (Vec<Ligne>, Vec<Ligne>) = all.into_iter().partition(is_ahead);
    ahead.reverse();
    let rows = |lines: Vec<Ligne>| lines.into_iter().map(|line| row(line, String::new())).collect();
    let view = MonCompteInterventions {
        layout: page::layout(&request, &app, &who.connecte.viewer, "Mes interventions").await?,
        sections: sections(&who.connecte.session),
        a_venir: rows(ahead),
        passees: rows(past),
    };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}
