//! Check your answers, then send them (manual §3.1.3, SPEC I14 to I16): the profile is locked until the structure
//! answers.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::inscriptions::{InscriptionNotSent, PresentInscriptionAgain, TransmitInscription};
use domain::compte::EtatInscription;
use domain::inscription::Evenement;
use domain::profil::Ecart;

use super::{registration, resume};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::pages::mon_compte::sections;
use crate::session::Intervenant;
use crate::views::profil::Verification;
use crate::views::{FieldError, Link, Notice};

pub async fn check(request: HttpRequest, app: Data<App>, who: Intervenant) -> Result<HttpResponse, Error> {
    show(&request, &app, &who, Vec::new()).await
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Intervenant,
    errors: Vec<FieldError>,
) -> Result<HttpResponse, Error> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let compte = who.connecte.session.compte;
    let mut connection = app.store.read().await?;
    let inscription = registration(&mut connection, compte).await?;
    let fige = match inscription.etat.next(Evenement::Transmettre) {
        Ok(_) => String::new(),
        Err(refusal) => refusal.to_string(),
    };
    let read = store::inscriptions::pages(&mut connection, &inscription, resume::today(app)).await?;
    let where_changed = |path: &'static str| if fige.is_empty() { path } else { "" };
    let known = app.referentiels();
    let login = &who.connecte.session.login;
    let mut blocs =
        resume::of_informations(&known, &read.informations, login, where_changed("/mon-compte/informations"));
    blocs.extend(resume::of_parcours(app, &mut connection, compte, where_changed("/mon-compte/parcours")).await?);
    drop(connection);
    let view = Verification {
        layout: page::layout(request, app, &who.connecte.viewer, "Vérifier et transmettre").await?.with_errors(errors),
        sections: sections(&who.connecte.session),
        structure: resume::structure(&known, read.informations.structure),
        manques: missing(read.manques_informations, read.manques_parcours).collect(),
        blocs,
        encore: inscription.etat == EtatInscription::Complement,
        fige,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// What is wrong or missing in the two pages, with links to the fields.
fn missing(informations: Vec<Ecart>, parcours: Vec<Ecart>) -> impl Iterator<Item = Link> {
    let informations = resume::links(informations, "/mon-compte/informations");
    informations.chain(resume::links(parcours, "/mon-compte/parcours"))
}

/// `POST /mon-compte/transmettre`: what is typed is saved and sent together, or nothing is.
pub async fn send(request: HttpRequest, app: Data<App>, who: Intervenant, _: Posted) -> Result<HttpResponse, Error> {
    let errors = match app.comptes.ask(&who.connecte.identity(), TransmitInscription).await? {
        Ok(()) => {
            return page::redirect_saying(
                &app,
                "/tableau-de-bord",
                &Notice::done("Votre inscription est transmise. Un courriel vous le confirme."),
            );
        }
        Err(InscriptionNotSent::Missing { informations, parcours }) => {
            missing(informations, parcours).map(|link| FieldError::new(link.href, link.label)).collect()
        }
        Err(why @ InscriptionNotSent::SamePerson) => {
            vec![FieldError::new("/mon-compte/informations#nom", why.to_string())]
        }
        Err(why) => return Err(refused(why)),
    };
    show(&request, &app, &who, errors).await
}

/// `POST /mon-compte/representer`: a refused registration is opened again, a year after the first decision (I15).
pub async fn present_again(app: Data<App>, who: Intervenant, _: Posted) -> Result<HttpResponse, Error> {
    app.comptes.ask(&who.connecte.identity(), PresentInscriptionAgain).await?.map_err(refused)?;
    page::redirect_saying(
        &app,
        "/tableau-de-bord",
        &Notice::done("Votre inscription est de nouveau ouverte : mettez-la à jour, puis transmettez-la."),
    )
}

fn refused(why: InscriptionNotSent) -> Error {
    match why {
        InscriptionNotSent::NotHere => Error::NotFound,
        InscriptionNotSent::Missing { .. }
        | InscriptionNotSent::SamePerson
        | InscriptionNotSent::TooEarly(_)
        | InscriptionNotSent::State(_) => Error::Conflict(why.to_string()),
    }
}
