//! `POST /gestion/inscriptions/{id}`: the decision on what was read. When two gestionnaires decide at once, the second
//! is refused with the name of the first, and what was typed stays.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::inscriptions::{DecideInscription, InscriptionNotDecided, ReassignInscription};
use domain::inscription::{Decision, Evenement};
use domain::time::{paris, paris_day};
use domain::{CompteId, StructureId};
use store::inscriptions::Inscription;

use super::fiche::show;
use super::form::{Asked, Typed};
use super::own;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page::{self, Said};
use crate::session::{Gestionnaire, Habilite, Inscriptions};
use crate::views::dates::{on, time};
use crate::views::{FieldError, GestionInscriptions, Notice};

/// `POST /gestion/inscriptions/{id}` with `version` and
/// `action=prendre_en_charge|valider|rejeter|complement|reaffecter`, and always `rejet_motif`, `rejet_texte`,
/// `complement_motif`, `complement_texte` and `structure` as they are. `action=modele_rejeter|modele_complement` only
/// fills in the text.
pub async fn decide(
    request: HttpRequest,
    app: Data<App>,
    who: Habilite<Inscriptions>,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let id = CompteId(*id);
    let version = fields.number("version").unwrap_or(-1);
    let mut connection = app.store.read().await?;
    let Some(found) = own(&mut connection, who.structure, id).await? else {
        return Err(match store::inscriptions::moved_away(&mut connection, id, who.structure, version).await? {
            Some(step) => Error::Conflict(format!(
                "{} a confié cette inscription à la structure {} {}.",
                step.gestionnaire.unwrap_or_else(|| "Quelqu’un".to_owned()),
                step.structure.unwrap_or_default(),
                moment(&app, step.at)
            )),
            None => Error::NotFound,
        });
    };
    let mut saisie = Typed::from_form(&fields);
    let motifs = match saisie.genre() {
        Some(genre) => store::contenus::motifs(&mut connection, genre, false).await?,
        None => Vec::new(),
    };
    drop(connection);
    let asked = match saisie.check(&motifs) {
        Ok(asked) => asked,
        Err(errors) => return show(&request, &app, &who, found, saisie, Said::invalid(errors)).await,
    };
    let by = who.connecte.identity();
    match asked {
        Asked::Decide(decision) => {
            let said = said(&decision);
            let stays = decision == Decision::PrendreEnCharge;
            let done = app.comptes.ask(&by, DecideInscription { compte: id, version, decision }).await?;
            answer(&request, &app, &who, saisie, (found, done), (stays, said)).await
        }
        Asked::Reassign(to) => {
            let to = StructureId(to);
            let done = app.comptes.ask(&by, ReassignInscription { compte: id, version, to }).await?;
            answer(
                &request,
                &app,
                &who,
                saisie,
                (found, done),
                (false, Notice::done("L’inscription est confiée à l’autre structure.")),
            )
            .await
        }
        Asked::Fill => {
            saisie.fill(motifs);
            // The version stays the one that the gestionnaire read.
            let found = Inscription { version, ..found };
            show(&request, &app, &who, found, saisie, Said::Nothing).await
        }
        Asked::Nothing => {
            let errors = vec![FieldError::new("", "Choisissez ce que vous décidez par l’un des boutons.")];
            show(&request, &app, &who, found, saisie, Said::invalid(errors)).await
        }
    }
}

/// After a decision: back to the list, or to the registration with what is still typed, when the decision does not
/// leave the page or was refused.
async fn answer(
    request: &HttpRequest,
    app: &App,
    who: &Gestionnaire,
    saisie: Typed,
    (found, done): (Inscription, Result<(), InscriptionNotDecided>),
    (stays, said): (bool, Notice),
) -> Result<HttpResponse, Error> {
    let refused = |sentence: String| Said::Wrong(StatusCode::CONFLICT, vec![FieldError::new("", sentence)]);
    let id = found.compte;
    let said = match done {
        Ok(()) if !stays => return page::redirect_saying(app, GestionInscriptions::LIST, &said),
        Ok(()) if !saisie.is_begun() => {
            return page::redirect_saying(app, &format!("{}/{id}", GestionInscriptions::LIST), &said);
        }
        Ok(()) => Said::Done(said),
        Err(InscriptionNotDecided::NotHere) => return Err(Error::NotFound),
        Err(InscriptionNotDecided::Forbidden) => return Err(Error::Forbidden),
        Err(why @ InscriptionNotDecided::Structure) => {
            let errors = vec![FieldError::new("structure", why.to_string())];
            return show(request, app, who, found, saisie, Said::invalid(errors)).await;
        }
        Err(InscriptionNotDecided::State(refusal)) => refused(refusal.to_string()),
        Err(InscriptionNotDecided::Already { by, decision, at }) => {
            refused(already(by.as_deref(), decision, &moment(app, at)))
        }
    };
    let now = own(&mut app.store.read().await?, who.structure, id).await?.ok_or(Error::NotFound)?;
    show(request, app, who, now, saisie, said).await
}

fn said(decision: &Decision) -> Notice {
    match decision {
        Decision::PrendreEnCharge => {
            Notice::done("Vous avez pris en charge cette inscription : vos collègues le voient.")
        }
        Decision::Valider => Notice::done(
            "L’inscription est validée : le profil est dans la CV-thèque, et la personne en est informée par courriel.",
        ),
        Decision::Rejeter { .. } => {
            Notice::done("L’inscription n’est pas retenue : la personne en est informée par courriel.")
        }
        Decision::DemanderComplement { .. } => {
            Notice::done("Le complément est demandé : la personne le reçoit par courriel.")
        }
    }
}

/// « à 14 h 32 », « le 5 décembre 2026 à 14 h 32 ».
pub fn moment(app: &App, at: chrono::NaiveDateTime) -> String {
    let today = paris_day(app.store.clock().now()) == paris_day(at);
    let hour = format!("à {}", time(paris(at).time()));
    if today { hour } else { format!("{} {hour}", on(paris_day(at))) }
}

/// What happened since the page was loaded, and what to do now.
fn already(by: Option<&str>, decision: Evenement, at: &str) -> String {
    let refused = "Votre décision n’a pas été enregistrée.";
    match (by, decision) {
        (Some(by), Evenement::Valider) => format!("{by} a déjà validé cette inscription {at}. {refused}"),
        (Some(by), Evenement::Rejeter) => format!("{by} a déjà rejeté cette inscription {at}. {refused}"),
        (Some(by), Evenement::DemanderComplement) => {
            format!("{by} a déjà demandé un complément {at}. {refused}")
        }
        (Some(by), Evenement::PrendreEnCharge) => format!(
            "{by} a pris en charge cette inscription {at}. {refused} Voyez ensemble qui décide, puis recommencez s’il le faut."
        ),
        (_, Evenement::Transmettre) => format!(
            "La personne a transmis à nouveau son inscription {at}. {refused} Relisez l’inscription avant de décider."
        ),
        _ => format!("Cette inscription a changé {at}. {refused} Relisez-la avant de décider."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g2_who_came_first_is_named_with_what_they_decided() {
        let said = already(Some("Claire Morvan"), Evenement::Valider, "à 14 h 32");
        assert!(said.starts_with("Claire Morvan a déjà validé cette inscription à 14 h 32."), "{said}");
        assert!(
            already(Some("Claire Morvan"), Evenement::DemanderComplement, "à 9 h 05").contains("complément à 9 h 05")
        );
        assert!(already(None, Evenement::Transmettre, "à 9 h 05").starts_with("La personne a transmis à nouveau"));
        assert!(already(None, Evenement::Archiver, "à 9 h 05").starts_with("Cette inscription a changé"));
    }
}
