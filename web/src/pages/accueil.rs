//! The public home page (SPEC P1, P2).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::annonces::row;
use store::contenus::Rubrique;

use crate::app::App;
use crate::error::Error;
use crate::page;
use crate::session::Viewer;
use crate::views::accueil::Actualite;
use crate::views::{Accueil, Link};

/// Annonces shown on the home page.
const LATEST: i64 = 5;
/// Articles announced on the home page (manual §2.1).
const ARTICLES: usize = 3;

/// `GET /`. It reads the database, not the index, so that it works while the index is being built.
pub async fn page(request: HttpRequest, app: Data<App>, viewer: Viewer) -> Result<HttpResponse, Error> {
    let layout = page::layout(&request, &app, &viewer, "Accueil").await?;
    let mut connection = app.store.read().await?;
    let latest = store::annonces::latest(&mut connection, LATEST).await?;
    let total = store::annonces::count_published(&mut connection).await?;
    let actualites = store::contenus::public(&mut connection, Rubrique::Actualite, app.store.clock().now()).await?;
    let actualites = actualites.into_iter().take(ARTICLES).map(|article| Actualite {
        link: Link::new(article.titre, format!("/actualites?article={0}#article-{0}", article.id)),
        summary: article.resume,
    });
    let actualites = actualites.collect();
    let annonces = latest.iter().filter_map(|annonce| {
        let numero = annonce.numero?;
        Some(row(annonce, format!("/annonces/{numero}")))
    });
    let logins = app.settings.demo_logins.iter().map(|login| (login.role.clone(), login.login.clone()));
    let view = Accueil {
        layout,
        annonces: annonces.collect(),
        total: u64::try_from(total).unwrap_or(0),
        actualites,
        demo_logins: logins.collect(),
        demo_password: app.settings.demo_password.clone(),
    };
    page::ok(&request, &app, &viewer, &view)
}
