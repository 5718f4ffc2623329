//! `GET /gestion/inscriptions/{id}`: the whole fiche beside the text of the CV, the history, and the decision.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::CompteId;
use domain::compte::EtatInscription;
use domain::inscription::{Evenement, last_day, presentable_from};
use store::inscriptions::{Etape, Inscription};

use super::form::Typed;
use super::presence::others;
use super::{own, profil, tone, waiting_since};
use crate::app::App;
use crate::error::Error;
use crate::page::{self, Said};
use crate::session::{Gestionnaire, Habilite, Inscriptions};
use crate::views::dates::date;
use crate::views::gestion_inscriptions::EtapeRow;
use crate::views::text::blocks;
use crate::views::{Choice, GestionInscription, GestionInscriptions};

pub async fn page(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Inscriptions>,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let found = own(&mut app.store.read().await?, who.structure, CompteId(*id)).await?.ok_or(Error::NotFound)?;
    show(&request, &app, &who, found, Typed::default(), Said::Nothing).await
}

/// The page of a registration, with what is typed in its form.
pub async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Gestionnaire,
    found: Inscription,
    saisie: Typed,
    said: Said,
) -> Result<HttpResponse, Error> {
    let id = found.compte;
    let autres = others(app, who, id).await?;
    let mut connection = app.store.read().await?;
    let history = store::inscriptions::history(&mut connection, id).await?;
    let profil = profil::read(&mut connection, app, id).await?;
    let waits = found.etat.waits_for_structure();
    let reponses = if waits { saisie.reponses(&mut connection, &found, app).await? } else { Vec::new() };
    let gestionnaire = match found.gestionnaire {
        Some(by) => store::comptes::by_id(&mut connection, by).await?,
        None => None,
    };
    drop(connection);
    let gestionnaire = gestionnaire.map(|by| format!("{} {}", by.prenom, by.nom)).unwrap_or_default();
    let viewer = &who.connecte.viewer;
    let (status, layout) = said.on(page::layout(request, app, viewer, profil.nom.clone()).await?);
    let structures = app.referentiels().structures.clone();
    let view = GestionInscription {
        layout,
        action_href: format!("{}/{id}", GestionInscriptions::LIST),
        version: found.version.to_string(),
        nom: profil.nom,
        titre: profil.titre,
        etat: found.etat.libelle().to_owned(),
        tone: tone(found.etat),
        transmise: found.transmise_at.map(|at| page::moment(app, at)),
        attente: found.transmise_at.filter(|_| waits).map(|at| waiting_since(app, at)).unwrap_or_default(),
        // Once it is decided, the history names the gestionnaire.
        gestionnaire: if waits { gestionnaire } else { String::new() },
        autres,
        closed: closed(&found),
        cvtheque_href: (found.etat == EtatInscription::Validee).then(|| format!("/cvtheque/{id}")),
        kept: if waits { String::new() } else { saisie.textes() },
        blocs: profil.blocs,
        presentation_label: profil.presentation_label,
        presentation: profil.presentation,
        parcours: profil.parcours,
        fichiers: profil.fichiers,
        textes: profil.textes,
        etapes: history.into_iter().map(|step| row(app, step)).collect(),
        reponses,
        can_take: waits && found.gestionnaire != Some(who.connecte.session.compte),
        structures: structures
            .iter()
            .filter(|structure| structure.id != who.structure.0)
            .map(|structure| Choice {
                selected: saisie.structure == structure.id.to_string(),
                ..Choice::new(structure.id.to_string(), structure.nom.clone())
            })
            .collect(),
        reaffecter_open: saisie.reaffecter(),
    };
    page::respond(request, app, viewer, &view, status)
}

/// Why nothing can be decided; empty when the registration waits for the structure.
fn closed(found: &Inscription) -> String {
    match found.etat {
        EtatInscription::Transmise | EtatInscription::EnAnalyse => String::new(),
        EtatInscription::Complement => {
            let until = found.complement_avant.map(|due| format!(" jusqu’au {}", last_day(due))).unwrap_or_default();
            format!(
                "Un complément est demandé : la personne peut répondre{until}. Vous déciderez quand elle aura transmis à nouveau son inscription."
            )
        }
        EtatInscription::Validee => "Cette inscription est validée : il n’y a plus rien à décider.".to_owned(),
        EtatInscription::Rejetee => {
            let from =
                found.premiere_decision_at.map(|first| format!(" à partir du {}", date(presentable_from(first))));
            format!(
                "Cette inscription n’est pas retenue. La personne peut la présenter à nouveau{}.",
                from.unwrap_or_default()
            )
        }
        EtatInscription::Brouillon => "Cette inscription n’est pas encore transmise.".to_owned(),
    }
}

fn row(app: &App, step: Etape) -> EtapeRow {
    let structure = step.structure.unwrap_or_default();
    let titre = match step.decision {
        Evenement::Transmettre => "Transmise par la personne".to_owned(),
        Evenement::PrendreEnCharge => "Prise en charge".to_owned(),
        Evenement::Valider => "Validée".to_owned(),
        Evenement::Rejeter => "Non retenue".to_owned(),
        Evenement::DemanderComplement => "Complément demandé".to_owned(),
        Evenement::Representer => "Rouverte par la personne".to_owned(),
        Evenement::Reaffecter => format!("Confiée à la structure {structure}"),
        Evenement::Archiver => "Archivée, sans complément reçu".to_owned(),
    };
    let qui = match step.gestionnaire {
        Some(name) if step.decision == Evenement::Reaffecter => name,
        Some(name) => format!("{name}, {structure}"),
        None => String::new(),
    };
    EtapeRow { titre, qui, texte: blocks(&step.texte), at: page::moment(app, step.at) }
}
