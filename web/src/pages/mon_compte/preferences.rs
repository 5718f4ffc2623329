//! « Avis et courriels »: for each kind of event, whether open pages announce it and when an email comes (SPEC T4, M2).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::SetPreferences;
use domain::preference::{Preference, Rythme, Sorte};

use super::sections;
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::session::Connecte;
use crate::views::mon_compte::{MonComptePreferences, PreferenceRow};
use crate::views::{Choice, Notice};

pub async fn preferences(request: HttpRequest, app: Data<App>, who: Connecte) -> Result<HttpResponse, Error> {
    let chosen = store::preferences::of(&mut app.store.read().await?, who.session.compte).await?;
    let role = who.session.role;
    let rows = Sorte::of(role).iter().map(|sorte| {
        let now = chosen.get(sorte).copied().unwrap_or_default();
        let rythmes = sorte.rythmes(role).iter();
        PreferenceRow {
            sorte: sorte.as_str(),
            libelle: sorte.libelle(role),
            annoncee: sorte.announced(role),
            direct: now.direct,
            courriels: rythmes
                .map(|one| Choice::new(one.as_str(), one.libelle()).selected(*one == now.courriel))
                .collect(),
            ailleurs: match (sorte, sorte.rythmes(role).is_empty()) {
                (Sorte::Annonce, _) => "au rythme choisi dans Mes alertes",
                (Sorte::Support, true) if role == domain::compte::Role::Intervenant => "à chaque étape",
                _ => "aucun",
            },
        }
    });
    let view = MonComptePreferences {
        rows: rows.collect(),
        layout: page::layout(&request, &app, &who.viewer, "Avis et courriels").await?,
        sections: sections(&who.session),
    };
    page::ok(&request, &app, &who.viewer, &view)
}

/// `POST /mon-compte/notifications` with, for each kind, `direct_<kind>` when it is ticked and `courriel_<kind>`.
pub async fn set_preferences(app: Data<App>, who: Connecte, Posted(fields): Posted) -> Result<HttpResponse, Error> {
    let read = |sorte: &Sorte| {
        let courriel = Rythme::from_word(fields.one(&format!("courriel_{sorte}")));
        let courriel = courriel.unwrap_or(Preference::default().courriel);
        (*sorte, Preference { direct: fields.has(&format!("direct_{sorte}")), courriel })
    };
    let chosen = Sorte::of(who.session.role).iter().map(read).collect();
    app.comptes.ask(&who.identity(), SetPreferences(chosen)).await??;
    page::redirect_saying(&app, "/mon-compte/notifications", &Notice::done("Vos choix sont enregistrés."))
}
