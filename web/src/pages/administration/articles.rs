//! Actualités and informations complémentaires: the lists, their order, removal.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{MoveArticle, NotWritten, RemoveArticle};
use domain::dates::jour;
use domain::time::paris_day;
use store::contenus::{Article, Rubrique};

use super::{Fait, done, layout};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::reader::CHANGED;
use crate::session::Administrateur;
use crate::televersement::forget;
use crate::views::administration::{ArticleRow, Articles, sections};
use crate::views::{Query, Tone};

const PATH: &str = "/administration/articles";

/// What the lists are called.
pub fn label(rubrique: Rubrique) -> &'static str {
    match rubrique {
        Rubrique::Actualite => "Actualités",
        Rubrique::Information => "Informations complémentaires",
    }
}

/// The public page of the list.
pub fn public_href(rubrique: Rubrique) -> &'static str {
    match rubrique {
        Rubrique::Actualite => "/actualites",
        Rubrique::Information => "/informations",
    }
}

pub fn list_href(rubrique: Rubrique) -> String {
    Query::new(PATH).add("rubrique", rubrique.as_str()).href()
}

/// The rubrique of an article of the database.
pub fn rubrique_of(article: &Article) -> Result<Rubrique, Error> {
    Rubrique::from_word(&article.rubrique).ok_or_else(|| Error::Internal("an article of no known kind".to_owned()))
}

/// An article, public or not.
pub async fn found(app: &App, id: i64) -> Result<Article, Error> {
    store::contenus::article(&mut app.store.read().await?, id).await?.ok_or(Error::NotFound)
}

/// `GET /administration/articles` with `rubrique`.
pub async fn articles(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    let asked = Fields::parse(request.query_string());
    let rubrique = Rubrique::from_word(asked.one("rubrique")).unwrap_or(Rubrique::Actualite);
    let mut connection = app.store.read().await?;
    let mut onglets = Vec::new();
    let mut shown = Vec::new();
    for other in [Rubrique::Actualite, Rubrique::Information] {
        let found = store::contenus::articles(&mut connection, other).await?;
        onglets.push((label(other), found.len() as u64, list_href(other), other == rubrique));
        if other == rubrique {
            shown = found;
        }
    }
    drop(connection);
    let layout = layout(&request, &app, &who, label(rubrique), Vec::new()).await?;
    let view = Articles {
        layout,
        sections: sections(),
        onglets,
        ajouter_href: Query::new(format!("{PATH}/nouveau")).add("rubrique", rubrique.as_str()).href(),
        public_href: public_href(rubrique),
        ordonnes: rubrique == Rubrique::Information,
        rows: shown.into_iter().map(|article| row(&app, article)).collect(),
    };
    page::ok(&request, &app, &who.connecte.viewer, &view)
}

fn row(app: &App, article: Article) -> ArticleRow {
    let (etat, tone) = match article.publie_at {
        None => ("brouillon".to_owned(), Tone::Waiting),
        Some(at) if at > app.store.clock().now() => (format!("à paraître le {}", jour(paris_day(at))), Tone::Warning),
        Some(at) => (format!("publié le {}", jour(paris_day(at))), Tone::Done),
    };
    ArticleRow {
        href: format!("{PATH}/{}", article.id),
        titre: article.titre,
        etat,
        tone,
        document: article.document_nom,
    }
}

/// A refusal that no form shows.
pub fn refused(refusal: NotWritten) -> Error {
    match refusal {
        NotWritten::Forbidden => Error::Forbidden,
        NotWritten::NotFound => Error::NotFound,
        NotWritten::Changed => Error::Conflict(CHANGED.to_owned()),
    }
}

/// `POST /administration/articles/{id}/ordre` with `sens=haut|bas`.
pub async fn move_article(
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let article = found(&app, *id).await?;
    let step = MoveArticle { article: article.id, up: fields.one("sens") == "haut" };
    app.comptes.ask(&who.connecte.identity(), step).await?.map_err(refused)?;
    done(&app, &list_href(Rubrique::Information), Fait::Ordre)
}

/// `POST /administration/articles/{id}/supprimer`: the document is removed too, after the row.
pub async fn remove_article(
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(_): Posted,
) -> Result<HttpResponse, Error> {
    let rubrique = rubrique_of(&found(&app, *id).await?)?;
    let gone = app.comptes.ask(&who.connecte.identity(), RemoveArticle(*id)).await?.map_err(refused)?;
    forget(&app, gone.as_slice()).await;
    done(&app, &list_href(rubrique), Fait::ArticleSupprime)
}
