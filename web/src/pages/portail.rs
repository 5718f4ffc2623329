//! The public pages around the annonces: articles, structures, legal texts, cookies, help (SPEC P3 to P6, P8).

use actix_web::cookie::time::Duration as CookieDuration;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::besoin::{AUTRE_FORME, MOTS_ANNONCE, MOTS_MAX, Poids};
use domain::dates::jour;
use domain::lacunes::publiable;
use domain::rapprochement::{BAREME, Raison};
use domain::telephone;
use domain::time::paris_day;
use search_index::{Facet, SIMILAR_WEIGHTS, SIMILAR_WORDS, WEIGHTS};
use store::contenus::{Article, Rubrique};

use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::session::{COOKIES, Viewer, cookie};
use crate::views::carte::{CONTOURS, Contour};
use crate::views::markdown::render;
use crate::views::numbers::size;
use crate::views::portail::{
    Aide, ArticleFiche, Articles, Classement, Cookies, DocumentJoint, Informations, StructureFiche, StructureSurCarte,
    TexteLegal,
};
use crate::views::{Link, Notice};

/// How long a choice of cookies is kept: six months (CNIL).
const KEPT_DAYS: i64 = 182;

fn fiche(article: Article, open: bool, chosen: bool) -> ArticleFiche {
    let document = article.document_blob.as_ref().map(|_| DocumentJoint {
        nom: article.document_nom.clone(),
        format: article.document_format.to_uppercase(),
        taille: size(u64::try_from(article.document_taille).unwrap_or(0)),
        href: format!("/documents/{}", article.id),
    });
    let publie = article.publie_at.map(|at| jour(paris_day(at))).unwrap_or_default();
    ArticleFiche {
        id: article.id.to_string(),
        titre: article.titre,
        resume: article.resume,
        html: render(&article.texte, 3),
        publie,
        document,
        open,
        chosen,
    }
}

/// `GET /actualites`: the newest is unfolded; with `article=`, that one, highlighted (manual §2.1).
pub async fn articles(request: HttpRequest, app: Data<App>, viewer: Viewer) -> Result<HttpResponse, Error> {
    let wanted = Fields::parse(request.query_string()).number("article");
    let now = app.store.clock().now();
    let found = store::contenus::public(&mut app.store.read().await?, Rubrique::Actualite, now).await?;
    if wanted.is_some_and(|id| !found.iter().any(|article| article.id == id)) {
        return Err(Error::NotFound);
    }
    let newest = found.first().map(|article| article.id);
    let articles = found
        .into_iter()
        .map(|article| {
            let chosen = wanted == Some(article.id);
            let open = wanted.or(newest) == Some(article.id);
            fiche(article, open, chosen)
        })
        .collect();
    let layout = page::layout(&request, &app, &viewer, "Actualités").await?;
    page::ok(&request, &app, &viewer, &Articles { layout, articles })
}

/// `GET /informations`: articles in full, and the structures on a map and in a list (manual §2.2).
pub async fn informations(request: HttpRequest, app: Data<App>, viewer: Viewer) -> Result<HttpResponse, Error> {
    let now = app.store.clock().now();
    let found = store::contenus::public(&mut app.store.read().await?, Rubrique::Information, now).await?;
    let layout = page::layout(&request, &app, &viewer, "Informations complémentaires").await?;
    let known = app.referentiels();
    let region_name = |code: &str| {
        known.regions.iter().find(|region| region.code == code).map_or_else(String::new, |region| region.nom.clone())
    };
    // A région on the map leads to its délégation; institutes and the seat are in the list beside the map.
    let carte = known
        .structures
        .iter()
        .filter(|structure| structure.categorie == "delegation")
        .filter_map(|structure| {
            let region = structure.region_code.as_deref()?;
            let contours: Vec<&'static Contour> = CONTOURS.iter().filter(|contour| contour.region == region).collect();
            (!contours.is_empty()).then(|| StructureSurCarte {
                href: format!("#structure-{}", structure.code),
                nom: structure.nom.clone(),
                region_nom: region_name(region),
                contours,
            })
        })
        .collect();
    let view = Informations {
        layout,
        articles: found.into_iter().map(|article| fiche(article, true, false)).collect(),
        carte,
        structures: structures(&app),
    };
    page::ok(&request, &app, &viewer, &view)
}

fn structures(app: &App) -> Vec<StructureFiche> {
    let known = app.referentiels();
    known
        .structures
        .iter()
        .map(|structure| StructureFiche {
            code: structure.code.clone(),
            nom: structure.nom.clone(),
            adresse: structure.adresse.clone(),
            commune: format!("{} {}", structure.code_postal, structure.commune),
            telephone: telephone::shown(&structure.telephone),
            courriel: structure.courriel.clone(),
        })
        .collect()
}

pub async fn legal(request: HttpRequest, app: Data<App>, viewer: Viewer) -> Result<HttpResponse, Error> {
    show_legal(&request, &app, &viewer, "mentions-legales").await
}

pub async fn legal_text(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    cle: Path<String>,
) -> Result<HttpResponse, Error> {
    show_legal(&request, &app, &viewer, &cle).await
}

async fn show_legal(request: &HttpRequest, app: &App, viewer: &Viewer, cle: &str) -> Result<HttpResponse, Error> {
    let mut connection = app.store.read().await?;
    // The help has its own page.
    let texte = store::contenus::texte(&mut connection, cle).await?.filter(|texte| texte.cle != "aide");
    let texte = texte.ok_or(Error::NotFound)?;
    let others = store::contenus::textes(&mut connection).await?;
    drop(connection);
    let address = |cle: &str| match cle {
        "mentions-legales" => "/mentions-legales".to_owned(),
        other => format!("/mentions-legales/{other}"),
    };
    let links = others.iter().filter(|other| other.cle != "aide" && other.cle != texte.cle);
    let layout = page::layout(request, app, viewer, texte.titre.clone()).await?;
    let view = TexteLegal {
        layout,
        html: render(&publiable(&texte.corps), 2),
        modifie: jour(paris_day(texte.modifie_at)),
        others: links.map(|other| Link::new(other.titre.clone(), address(&other.cle))).collect(),
    };
    page::ok(request, app, viewer, &view)
}

/// `GET /aide`: frequent questions, and the contact details of each structure.
pub async fn help(request: HttpRequest, app: Data<App>, viewer: Viewer) -> Result<HttpResponse, Error> {
    let texte = store::contenus::texte(&mut app.store.read().await?, "aide").await?.ok_or(Error::NotFound)?;
    let layout = page::layout(&request, &app, &viewer, "Aide et contact").await?;
    let view = Aide {
        layout,
        html: render(&publiable(&texte.corps), 3),
        contact: app.settings.contact.clone(),
        structures: structures(&app),
    };
    page::ok(&request, &app, &viewer, &view)
}

/// What two similar profiles share.
fn shared(facet: Facet) -> &'static str {
    match facet {
        Facet::Specialite => "une même spécialité",
        Facet::SousSpecialite => "une même sous-spécialité",
        Facet::Region => "une même région",
        Facet::Departement => "un même département",
        Facet::Structure => "une même structure",
        Facet::Statut => "un même statut",
        Facet::Langue => "une même langue",
        Facet::Modalite => "une même modalité",
    }
}

/// `GET /comment-les-profils-sont-classes`: the rules of every score, printed from those that are applied.
pub async fn ranking(request: HttpRequest, app: Data<App>, viewer: Viewer) -> Result<HttpResponse, Error> {
    let reasons = |(heading, reasons): &(&'static str, &[Raison])| {
        (*heading, reasons.iter().map(|raison| (raison.libelle(), raison.points())).collect())
    };
    let view = Classement {
        layout: page::layout(&request, &app, &viewer, "Comment les profils sont classés").await?,
        recherche: WEIGHTS,
        bareme: BAREME.iter().map(reasons).collect(),
        poids: Poids::ALL.iter().map(|poids| (poids.libelle(), poids.facteur())).collect(),
        autre_forme: (AUTRE_FORME * 100.0).round() as u8,
        mots_max: MOTS_MAX,
        mots_annonce: MOTS_ANNONCE,
        mots_similaires: SIMILAR_WORDS,
        similaires: SIMILAR_WEIGHTS.iter().map(|(facet, weight)| (shared(*facet), *weight)).collect(),
        contact: app.settings.contact.clone(),
    };
    page::ok(&request, &app, &viewer, &view)
}

/// Whether this browser lets visits be counted; none when it has not chosen.
fn measured(request: &HttpRequest) -> Option<bool> {
    request.cookie(COOKIES).map(|choice| choice.value() == "mesure")
}

/// `GET /cookies`: « Personnaliser ».
pub async fn cookies_form(request: HttpRequest, app: Data<App>, viewer: Viewer) -> Result<HttpResponse, Error> {
    let mut layout = page::layout(&request, &app, &viewer, "Gérer les cookies").await?;
    // The page asks for the choice itself, so no banner is shown.
    layout.asks_cookies = false;
    page::ok(&request, &app, &viewer, &Cookies { layout, mesure: measured(&request) })
}

/// `POST /cookies` with `choix`: `tout`, `rien`, or `perso` with `mesure=autoriser|interdire`. The first two come from
/// the banner. Its page must keep what is typed in it: our module stays there and gets `{"dit": "…"}`; without the
/// module the answer opens in another tab.
pub async fn set_cookies(request: HttpRequest, app: Data<App>, Posted(fields): Posted) -> Result<HttpResponse, Error> {
    let allowed = match (fields.one("choix"), fields.one("mesure")) {
        ("tout", _) | ("perso", "autoriser") => true,
        ("rien", _) | ("perso", "interdire") => false,
        _ => return Err(Error::BadRequest("Choisissez d’autoriser ou d’interdire la mesure d’audience.")),
    };
    let by_module = request.headers().get(header::ACCEPT).is_some_and(|accept| accept == "application/json");
    let said = Notice::done(format!(
        "Votre choix est enregistré : {}.{}",
        if allowed { "la mesure d’audience est autorisée" } else { "seuls les cookies nécessaires sont utilisés" },
        if !by_module && fields.one("choix") != "perso" {
            " Fermez cet onglet pour retrouver votre page comme vous l’avez laissée."
        } else {
            ""
        }
    ));
    let mut response = if by_module {
        let said = serde_json::json!({ "dit": said.text });
        HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(said)
    } else {
        page::redirect_saying(&app, "/cookies", &said)?
    };
    let value = if allowed { "mesure" } else { "necessaires" };
    let kept = cookie(&app.settings, COOKIES, value.to_owned(), Some(CookieDuration::days(KEPT_DAYS)));
    response.add_cookie(&kept).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(response)
}
