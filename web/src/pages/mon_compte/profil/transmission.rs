//! Check your answers, then send them (manual §3.1.3, SPEC I14 to I16): the profile is locked until the structure answers.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveDate;
use domain::CompteId;
use domain::alertes::Regle;
use domain::compte::EtatInscription;
use domain::inscription::{Evenement, Refusal, Volet, presentable_from};
use store::{Refused, connection::Transaction};

use super::{INFORMATIONS, PARCOURS, registration, resume};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::flash::Flash;
use crate::page;
use crate::pages::mon_compte::sections;
use crate::session::Intervenant;
use crate::views::profil::Verification;
use crate::views::{FieldError, Link};

/// `GET /mon-compte/verification`.
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
    let read = resume::pages(&mut connection, compte, &inscription, resume::today(app)).await?;
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
        manques: read.manques_informations.into_iter().chain(read.manques_parcours).collect(),
        blocs,
        encore: inscription.etat == EtatInscription::Complement,
        fige,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

/// Why nothing was sent.
enum NotSent {
    /// What is wrong or missing, with where it is put right.
    Missing(Vec<Link>),
    Refusal(Refusal),
}

/// `POST /mon-compte/transmettre`: what is typed is saved and sent at once, or nothing is.
pub async fn send(request: HttpRequest, app: Data<App>, who: Intervenant, _: Posted) -> Result<HttpResponse, Error> {
    let compte = who.connecte.session.compte;
    let today = resume::today(&app);
    let sent = app
        .store
        .attempt(Some(compte), move |transaction| Box::pin(async move { transmit(transaction, compte, today).await }))
        .await;
    match sent {
        Ok(Ok(())) => page::redirect_saying(&app, "/tableau-de-bord", &Flash::RegistrationSent),
        Ok(Err(NotSent::Missing(links))) => {
            let errors = links.into_iter().map(|link| FieldError::new(link.href, link.label)).collect();
            show(&request, &app, &who, errors).await
        }
        Ok(Err(NotSent::Refusal(refusal))) => Err(refusal.into()),
        Err(error) if error.is_unique_violation() => {
            let sentence = "Un autre compte existe avec cette civilité, ce nom, ce prénom et cette date de naissance.";
            show(&request, &app, &who, vec![FieldError::new("/mon-compte/informations#nom", sentence)]).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn transmit(transaction: &mut Transaction, compte: CompteId, today: NaiveDate) -> Result<(), Refused<NotSent>> {
    let refused = |no: Refused<Refusal>| no.map(NotSent::Refusal);
    let inscription = store::profils::open(transaction, compte, Volet::Parcours).await.map_err(refused)?;
    inscription.etat.next(Evenement::Transmettre).map_err(|no| refused(Refused::Because(no)))?;
    let read = resume::pages(transaction.connection(), compte, &inscription, today).await?;
    let missing: Vec<Link> = read.manques_informations.into_iter().chain(read.manques_parcours).collect();
    if !missing.is_empty() {
        return Err(Refused::Because(NotSent::Missing(missing)));
    }
    if store::profils::saisie(transaction.connection(), compte, INFORMATIONS).await?.is_some() {
        store::profils::save_identification(transaction, compte, &read.informations).await?;
        store::profils::forget_saisie(transaction, compte, INFORMATIONS).await?;
    }
    if let Some((champs, _)) = store::profils::saisie(transaction.connection(), compte, PARCOURS).await? {
        store::profils::save_parcours(transaction, compte, &read.parcours).await?;
        if let Ok(regle) = Regle::typed(&champs) {
            store::alertes::set(transaction, compte, regle).await?;
        }
        store::profils::forget_saisie(transaction, compte, PARCOURS).await?;
    }
    store::inscriptions::transmit(transaction, compte).await.map_err(refused)
}

/// `POST /mon-compte/representer`: a refused registration is opened again, a year after the first decision (I15).
pub async fn present_again(app: Data<App>, who: Intervenant, _: Posted) -> Result<HttpResponse, Error> {
    let compte = who.connecte.session.compte;
    let inscription = registration(&mut app.store.read().await?, compte).await?;
    let today = resume::today(&app);
    if let Some(first) = inscription.premiere_decision_at.filter(|_| inscription.etat == EtatInscription::Rejetee)
        && today < presentable_from(first)
    {
        let day = crate::views::dates::on(presentable_from(first));
        return Err(Error::Conflict(format!("Votre inscription pourra être présentée à nouveau {day}, pas avant.")));
    }
    app.store
        .attempt(Some(compte), move |transaction| {
            Box::pin(async move { store::inscriptions::present_again(transaction, compte, today).await })
        })
        .await??;
    page::redirect_saying(&app, "/tableau-de-bord", &Flash::RegistrationReopened)
}
