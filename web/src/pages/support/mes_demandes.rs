//! `GET /mon-compte/demandes`: the person's own requests, each with its history.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::demandes::history;

use super::tone;
use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::pages::mon_compte::sections;
use crate::session::Intervenant;
use crate::views::support::{DemandeRow, MesDemandes};

pub async fn mine(request: HttpRequest, app: Data<App>, who: Intervenant) -> Result<HttpResponse, Error> {
    let session = &who.connecte.session;
    let all = store::demandes::of_account(&mut app.store.read().await?, session.compte).await?;
    let now = app.store.clock().now();
    let view = MesDemandes {
        layout: page::layout(&request, &app, &who.connecte.viewer, "Mes demandes de support").await?,
        sections: sections(session),
        rows: all
            .into_iter()
            .map(|one| DemandeRow {
                href: history(&one, now),
                sorte: one.sorte.libelle(),
                etat: one.etat.libelle(),
                tone: tone(one.etat),
                at: page::moment(&app, one.cree_at),
                reference: one.reference,
                objet: one.objet,
            })
            .collect(),
    };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}
