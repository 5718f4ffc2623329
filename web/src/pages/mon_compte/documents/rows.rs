//! What both sides show of a dossier, and the addresses of its pages.

use domain::dossier::piece::EtatElement;
use domain::dossier::piece::Evenement::Expirer;
use domain::dossier::transmission::EtatDossier;
use domain::dossier::{Cible, Ensemble, Evenement};
use domain::time::paris_day;
use store::dossiers::{self, Dossier, Piece};

use crate::antivirus::Retenues;
use crate::app::App;
use crate::page;
use crate::views::dossier::{FichierRow, HistoriqueRow};
use crate::views::layout::Tone;
use crate::views::numbers::size;

pub const HERE: &str = "/mon-compte/documents";

/// The anchor of a block or a piece in the page. The anchor of a block is not its word, because a field has that name.
pub fn anchor(cible: Cible) -> String {
    match cible {
        Cible::Bloc(bloc) => format!("bloc-{bloc}"),
        Cible::Piece(piece) => piece.as_str().to_owned(),
    }
}

/// The address of a block's page, or of a piece in it.
pub fn at(cible: Cible) -> String {
    match cible {
        Cible::Bloc(bloc) => format!("{HERE}/bloc/{bloc}"),
        Cible::Piece(piece) => format!("{HERE}/bloc/{}#{piece}", piece.bloc()),
    }
}

/// The colour of the state of a block or a piece.
pub fn tone(etat: EtatElement) -> Tone {
    match etat {
        EtatElement::ASaisir => Tone::Info,
        EtatElement::Saisi => Tone::Warning,
        EtatElement::Transmis => Tone::Waiting,
        EtatElement::Valide => Tone::Done,
        EtatElement::Refuse => Tone::Failure,
    }
}

/// The colour of the state of a dossier.
pub fn tone_of_all(etat: EtatDossier) -> Tone {
    match etat {
        EtatDossier::ACompleter | EtatDossier::ATransmettre => Tone::Warning,
        EtatDossier::Transmis => Tone::Waiting,
        EtatDossier::Valide => Tone::Done,
    }
}

/// « … jusqu’au 28 novembre 2027, jour de sa révision annuelle. »; empty when the dossier does not serve.
pub fn valable(found: &Dossier) -> String {
    match (found.complet_at, found.revue_at) {
        (Some(_), Some(at)) => format!(
            "Ce dossier est complet et validé. Il sert à toutes les structures ; sa révision annuelle est le {}.",
            domain::dates::jour(paris_day(at))
        ),
        (Some(_), None) => "Ce dossier sert à toutes les structures ; sa révision annuelle est en cours.".to_owned(),
        (None, _) => String::new(),
    }
}

pub fn file_row(app: &App, kept: &Retenues, file: &Piece, href: String) -> FichierRow {
    FichierRow {
        href,
        nom: file.nom.clone(),
        taille: size(u64::try_from(file.taille).unwrap_or(0)),
        at: page::moment(app, file.ajoute_at),
        visible: matches!(file.format.as_str(), "pdf" | "jpg" | "png"),
        retenue: kept.get(&file.blob).copied(),
    }
}

/// The history, as both sides read it; only the structure's people see who decided.
pub fn history(app: &App, events: Vec<dossiers::historique::Evenement>, names: bool) -> Vec<HistoriqueRow> {
    let into = |row: dossiers::historique::Evenement| {
        let qui = match (row.auteur.filter(|_| names), row.structure) {
            (Some(auteur), Some(structure)) => format!("{auteur}, {structure}"),
            (None, Some(structure)) => structure,
            _ if row.evenement == Some(Ensemble::Reviser.into()) || row.evenement == Some(Expirer.into()) => {
                "le service".to_owned()
            }
            _ if names => "la personne".to_owned(),
            _ => "vous".to_owned(),
        };
        HistoriqueRow {
            quoi: row.cible.map_or("Dossier", Cible::libelle).to_owned(),
            evenement: row.evenement.map_or("modifié", Evenement::libelle).to_owned(),
            qui,
            at: page::moment(app, row.at),
            motif: row.texte,
        }
    };
    events.into_iter().map(into).collect()
}
