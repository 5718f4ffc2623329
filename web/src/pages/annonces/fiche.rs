//! `GET /annonces/{numero}`: the page of one annonce.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::annonce::{EtatAnnonce, NumeroAnnonce};
use domain::candidature::EtatCandidature;
use domain::compte::Role;
use store::annonces::Annonce;

use super::offre::job_posting;
use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::pages::recherche::back;
use crate::session::Viewer;
use crate::views::dates::period;
use crate::views::text::blocks;
use crate::views::{AnnonceFiche, Layout, Link};

/// `GET /annonces/{numero}`. A published annonce has its page; a closed or archived one has it too, with status 410 and
/// its state; a draft is not found.
pub async fn page(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    numero: Path<String>,
) -> Result<HttpResponse, Error> {
    let parsed = NumeroAnnonce::parse(&numero).ok_or(Error::NotFound)?;
    let written = parsed.to_string();
    if *numero != written {
        return Ok(HttpResponse::PermanentRedirect()
            .insert_header((header::LOCATION, format!("/annonces/{written}")))
            .finish());
    }
    let found = store::annonces::by_numero(&mut app.store.read().await?, parsed).await?;
    let annonce = found.ok_or(Error::NotFound)?;
    let (status, etat) = match annonce.etat {
        EtatAnnonce::Publiee => (StatusCode::OK, ""),
        EtatAnnonce::Cloturee | EtatAnnonce::Archivee => (StatusCode::GONE, annonce.libelle()),
        EtatAnnonce::Brouillon => return Err(Error::NotFound),
    };
    let mut actions = Vec::new();
    if viewer.session().is_some_and(|session| session.structure == Some(annonce.structure)) {
        let label = if annonce.etat == EtatAnnonce::Publiee { "Modifier l’annonce" } else { "Gérer l’annonce" };
        actions.push(Link::new(label, format!("/gestion/annonces/{}", annonce.id)));
    }
    let mut reponse = None;
    if let Some(session) = viewer.session().filter(|session| session.role == Role::Intervenant) {
        let found = store::candidatures::find(&mut app.store.read().await?, annonce.id, session.compte).await?;
        let sent = found.filter(|one| !matches!(one.etat, EtatCandidature::Retiree | EtatCandidature::Annulee));
        reponse = match sent {
            Some(one) => Some(format!("Vous avez répondu à cette annonce : votre réponse est {}.", one.etat.libelle())),
            None if !session.validee && annonce.etat == EtatAnnonce::Publiee => {
                Some("Vous pourrez candidater dès que votre inscription sera validée.".to_owned())
            }
            None => None,
        };
    }
    if annonce.etat == EtatAnnonce::Publiee {
        let answer = format!("/annonces/{written}/repondre");
        match viewer.session() {
            None => actions.extend([
                Link::new("Candidater avec mon compte", answer),
                Link::new("Déposer un CV pour cette annonce", format!("/inscription?annonce={written}")),
            ]),
            Some(session) if session.role == Role::Intervenant && session.validee && reponse.is_none() => {
                actions.push(Link::new("Candidater", answer));
            }
            Some(_) => {}
        }
    }
    let title = format!("{} (annonce {written})", annonce.contenu.titre);
    let view = AnnonceFiche {
        etat: etat.to_owned(),
        reponse,
        actions,
        back: back(&request, &app, "/annonces", "Annonces"),
        donnees: (status == StatusCode::OK).then(|| job_posting(&annonce, &app.settings.base_url)),
        ..view(&app, page::layout(&request, &app, &viewer, title).await?, &annonce)
    };
    page::respond(&request, &app, &viewer, &view, status)
}

/// What an annonce says, published or not.
pub fn view(app: &App, layout: Layout, annonce: &Annonce) -> AnnonceFiche {
    let names = |places: &[(String, String)]| places.iter().map(|(_, nom)| nom.clone()).collect();
    AnnonceFiche {
        layout,
        numero: annonce.numero.map(|numero| numero.to_string()).unwrap_or_default(),
        titre: annonce.contenu.titre.clone(),
        etat: String::new(),
        structure: annonce.structure_nom.clone(),
        specialite: annonce.specialite_nom.clone(),
        sous_specialite: annonce.sous_specialite_nom.clone(),
        regions: names(&annonce.regions),
        departements: names(&annonce.departements),
        modalite: annonce.contenu.modalite.libelle().to_owned(),
        period: period(annonce.contenu.du, annonce.contenu.au),
        published: annonce.publiee_at.map(|at| page::moment(app, at)),
        blocks: blocks(&annonce.contenu.description),
        apercu: false,
        reponse: None,
        actions: Vec::new(),
        back: Link::new("Annonces", "/annonces"),
        donnees: None,
    }
}
