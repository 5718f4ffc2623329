//! « Mes réponses aux annonces »: each with its state only (SPEC A3).

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::candidatures::WithdrawCandidature;
use domain::candidature::Evenement;
use domain::paths::MES_CANDIDATURES;
use store::candidatures::{self, Mienne};

use super::{refused, tone};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::pages::mon_compte::sections;
use crate::session::Intervenant;
use crate::views::Notice;
use crate::views::candidatures::{MesReponses, Reponse};
use crate::views::text::blocks;

/// An answer as its author reads it.
pub fn row(app: &App, one: Mienne) -> Reponse {
    let numero = one.numero.map(|numero| numero.to_string()).unwrap_or_default();
    Reponse {
        annonce_href: format!("/annonces/{numero}"),
        numero,
        titre: one.titre,
        structure: one.structure_nom,
        etat: one.etat.libelle(),
        tone: tone(one.etat),
        at: page::moment(app, one.cree_at),
        change: page::moment(app, one.modifie_at),
        commentaire: blocks(&one.commentaire),
        retirer_href: one.etat.next(Evenement::Retirer).ok().map(|_| format!("{MES_CANDIDATURES}/{}", one.id)),
    }
}

pub async fn mine(request: HttpRequest, app: Data<App>, who: Intervenant) -> Result<HttpResponse, Error> {
    let all = candidatures::of(&mut app.store.read().await?, who.connecte.session.compte).await?;
    let view = MesReponses {
        layout: page::layout(&request, &app, &who.connecte.viewer, "Mes réponses aux annonces").await?,
        sections: sections(&who.connecte.session),
        reponses: all.into_iter().map(|one| row(&app, one)).collect(),
    };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}

/// `POST /mon-compte/candidatures/{id}`: takes the answer back, while the structure has not studied it.
pub async fn take_back(app: Data<App>, who: Intervenant, id: Path<i64>, _: Posted) -> Result<HttpResponse, Error> {
    let withdraw = WithdrawCandidature(*id);
    app.comptes.ask(&who.connecte.identity(), withdraw).await?.map_err(refused)?;
    page::redirect_saying(
        &app,
        MES_CANDIDATURES,
        &Notice::done("Votre réponse est retirée. Vous pouvez répondre à nouveau depuis l’annonce."),
    )
}
