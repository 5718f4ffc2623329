//! The texts linked at the foot of each page: conditions, personal data, cookies, accessibility, help (SPEC P5).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{ChangeTexte, NotWritten};
use domain::lacunes;
use store::contenus::Texte;

use super::articles::refused;
use super::{Fait, done, layout};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::page;
use crate::reader::{CHANGED, LINE_MAX, Reader, seen, seen_in};
use crate::session::Administrateur;
use crate::views::FieldError;
use crate::views::administration::{Apercu, TexteFormulaire, TexteRow, Textes, sections};
use crate::views::markdown::render;

const LIST: &str = "/administration/textes";
/// Longest text, in characters: with its encoding, it fits a form.
const CORPS_MAX: usize = 60_000;

/// The public page of a text.
fn public_href(cle: &str) -> String {
    match cle {
        "aide" => "/aide".to_owned(),
        "mentions-legales" => "/mentions-legales".to_owned(),
        other => format!("/mentions-legales/{other}"),
    }
}

pub async fn textes(request: HttpRequest, app: Data<App>, who: Administrateur) -> Result<HttpResponse, Error> {
    let found = store::contenus::textes(&mut app.store.read().await?).await?;
    let rows = found.into_iter().map(|texte| TexteRow {
        href: format!("{LIST}/{}", texte.cle),
        public_href: public_href(&texte.cle),
        manques: lacunes::trouvees(&texte.corps).len() as u64,
        titre: texte.titre,
        modifie: page::moment(&app, texte.modifie_at),
    });
    let rows = rows.collect();
    let layout = layout(&request, &app, &who, "Textes légaux et aide", Vec::new()).await?;
    page::ok(&request, &app, &who.connecte.viewer, &Textes { layout, sections: sections(), rows })
}

async fn found(app: &App, cle: &str) -> Result<Texte, Error> {
    store::contenus::texte(&mut app.store.read().await?, cle).await?.ok_or(Error::NotFound)
}

/// What stands in the form.
struct Champs {
    vue: String,
    titre: String,
    corps: String,
}

async fn show(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    saved: &Texte,
    champs: Champs,
    apercu: Option<Apercu>,
    (errors, status): (Vec<FieldError>, StatusCode),
) -> Result<HttpResponse, Error> {
    let layout = layout(request, app, who, saved.titre.clone(), errors).await?;
    let view = TexteFormulaire {
        layout,
        sections: sections(),
        action: format!("{LIST}/{}", saved.cle),
        public_href: public_href(&saved.cle),
        vue: champs.vue,
        modifie: page::moment(app, saved.modifie_at),
        titre: champs.titre,
        corps: champs.corps,
        apercu,
    };
    page::respond(request, app, &who.connecte.viewer, &view, status)
}

pub async fn texte_form(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    cle: Path<String>,
) -> Result<HttpResponse, Error> {
    let saved = found(&app, &cle).await?;
    let champs = Champs { vue: seen(saved.modifie_at), titre: saved.titre.clone(), corps: saved.corps.clone() };
    show(&request, &app, &who, &saved, champs, None, (Vec::new(), StatusCode::OK)).await
}

/// `POST /administration/textes/{cle}` with `titre, corps, vue` and `action=enregistrer|previsualiser`.
pub async fn update_texte(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    cle: Path<String>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let saved = found(&app, &cle).await?;
    let mut reader = Reader::new(&fields);
    let champs = Champs {
        vue: fields.one("vue").to_owned(),
        titre: reader.line("titre", LINE_MAX, Some("Donnez un titre au texte.")),
        corps: reader.text("corps", CORPS_MAX, Some("Le texte est vide : il est obligatoire sur le site.")),
    };
    if fields.one("action") == "previsualiser" {
        let apercu = Apercu { titre: champs.titre.clone(), html: render(&champs.corps, 3) };
        return show(&request, &app, &who, &saved, champs, Some(apercu), (Vec::new(), StatusCode::OK)).await;
    }
    if !reader.errors.is_empty() {
        let wrong = (reader.errors, StatusCode::UNPROCESSABLE_ENTITY);
        return show(&request, &app, &who, &saved, champs, None, wrong).await;
    }
    let (cle, titre, corps) = (saved.cle.clone(), champs.titre.clone(), champs.corps.clone());
    let change = ChangeTexte { cle, seen: seen_in(&fields), titre, corps };
    match app.comptes.ask(&who.connecte.identity(), change).await? {
        Ok(()) => done(&app, LIST, Fait::Texte),
        Err(NotWritten::Changed) => {
            let wrong = (vec![FieldError::new("", CHANGED)], StatusCode::CONFLICT);
            show(&request, &app, &who, &saved, champs, None, wrong).await
        }
        Err(refusal) => Err(refused(refusal)),
    }
}
