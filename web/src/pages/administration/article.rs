//! The form of an article: as it is saved, as it was typed with its errors, or with a preview.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::commands::{ChangeArticle, CreateArticle, NotWritten};
use chrono::{NaiveDate, NaiveDateTime};
use documents::Place;
use domain::time::{paris_day, start_of_paris_day};
use store::contenus::{Article, Redaction, Rubrique};

use super::articles::{found, label, list_href, public_href, refused, rubrique_of};
use super::{Fait, done, layout};
use crate::app::App;
use crate::csrf::Posted;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::reader::{CHANGED, LINE_MAX, Reader, seen, seen_in};
use crate::session::Administrateur;
use crate::views::administration::{Apercu, ArticleFormulaire, DocumentFiche, sections};
use crate::views::markdown::render;
use crate::views::numbers::size;
use crate::views::{Choice, FieldError, Notice};

const PATH: &str = "/administration/articles";
/// Longest summary, in characters.
const RESUME_MAX: usize = 400;
/// Longest text, in characters.
const TEXTE_MAX: usize = 30_000;
/// The words of `etat`.
const BROUILLON: &str = "brouillon";
const PUBLIE: &str = "publie";

/// What stands in the form.
#[derive(Default, PartialEq, Eq)]
struct Champs {
    vue: String,
    titre: String,
    resume: String,
    texte: String,
    etat: String,
    publie_le: String,
}

impl Champs {
    fn of(article: &Article) -> Self {
        Self {
            vue: seen(article.modifie_at),
            titre: article.titre.clone(),
            resume: article.resume.clone(),
            texte: article.texte.clone(),
            etat: if article.publie_at.is_some() { PUBLIE } else { BROUILLON }.to_owned(),
            publie_le: article.publie_at.map(|at| paris_day(at).to_string()).unwrap_or_default(),
        }
    }

    /// The typed fields, the day of publication, and what is wrong.
    fn typed(fields: &Fields) -> (Self, Option<NaiveDate>, Vec<FieldError>) {
        let mut reader = Reader::new(fields);
        let champs = Self {
            vue: fields.one("vue").to_owned(),
            titre: reader.line("titre", LINE_MAX, Some("Donnez un titre à l’article.")),
            resume: reader.line("resume", RESUME_MAX, None),
            texte: reader.text("texte", TEXTE_MAX, Some("Écrivez le texte de l’article.")),
            etat: fields.one("etat").to_owned(),
            publie_le: fields.one("publie_le").to_owned(),
        };
        if champs.etat != BROUILLON && champs.etat != PUBLIE {
            reader.refuse("etat", "Choisissez de garder l’article comme brouillon ou de le publier.");
        }
        let day = reader.day("publie_le", None);
        (champs, day, reader.errors)
    }

    fn redaction(&self, publie_at: Option<NaiveDateTime>) -> Redaction {
        Redaction { titre: self.titre.clone(), resume: self.resume.clone(), texte: self.texte.clone(), publie_at }
    }
}

/// Since when an article is public: the known moment when its day stays the same, now when the day is today, otherwise
/// the beginning of the day.
fn publication(day: Option<NaiveDate>, known: Option<NaiveDateTime>, now: NaiveDateTime) -> NaiveDateTime {
    let day = day.unwrap_or_else(|| paris_day(now));
    match known {
        Some(at) if paris_day(at) == day => at,
        _ if day == paris_day(now) => now,
        _ => start_of_paris_day(day),
    }
}

struct Form {
    saved: Option<Article>,
    rubrique: Rubrique,
    champs: Champs,
    apercu: Option<Apercu>,
    errors: Vec<FieldError>,
    /// What was just done, while typed fields stay.
    fait: Option<Fait>,
}

impl Form {
    async fn show(
        self,
        request: &HttpRequest,
        app: &App,
        who: &Administrateur,
        status: StatusCode,
    ) -> Result<HttpResponse, Error> {
        let title = if self.saved.is_some() { "Modifier l’article" } else { "Écrire un article" };
        let mut layout = layout(request, app, who, title, self.errors).await?;
        let said = self.fait.map(|fait| Notice::done(fait.sentence()));
        layout.notice = said.or(layout.notice);
        let now = app.store.clock().now();
        let choice =
            |word: &str, label: &str| Choice { selected: word == self.champs.etat, ..Choice::new(word, label) };
        let etats = vec![choice(BROUILLON, "Brouillon : personne d’autre ne le voit"), choice(PUBLIE, "Publié")];
        let public = self.saved.as_ref().filter(|article| article.is_public(now));
        let public_href = public.map(|article| match self.rubrique {
            Rubrique::Actualite => format!("/actualites?article={0}#article-{0}", article.id),
            Rubrique::Information => public_href(self.rubrique).to_owned(),
        });
        let view = ArticleFormulaire {
            layout,
            sections: sections(),
            liste: (label(self.rubrique), list_href(self.rubrique)),
            action: self
                .saved
                .as_ref()
                .map_or_else(|| format!("{PATH}/nouveau"), |article| format!("{PATH}/{}", article.id)),
            rubrique: self.rubrique.as_str().to_owned(),
            vue: self.champs.vue,
            titre: self.champs.titre,
            resume: self.champs.resume,
            texte: self.champs.texte,
            etats,
            publie_le: self.champs.publie_le,
            apercu: self.apercu,
            enregistre: self.saved.is_some(),
            public_href: public_href.unwrap_or_default(),
            document: self.saved.as_ref().and_then(document),
            formats: Place::Article.hint(),
            accept: Place::Article.accept_attribute(),
        };
        page::respond(request, app, &who.connecte.viewer, &view, status)
    }
}

fn document(article: &Article) -> Option<DocumentFiche> {
    article.document_blob.as_ref()?;
    Some(DocumentFiche {
        nom: article.document_nom.clone(),
        detail: format!(
            "{}, {}",
            article.document_format.to_uppercase(),
            size(u64::try_from(article.document_taille).unwrap_or(0))
        ),
        href: format!("/documents/{}", article.id),
    })
}

/// `GET /administration/articles/nouveau` with `rubrique`.
pub async fn new_article_form(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
) -> Result<HttpResponse, Error> {
    let asked = Fields::parse(request.query_string());
    let rubrique = Rubrique::from_word(asked.one("rubrique")).unwrap_or(Rubrique::Actualite);
    let champs = Champs { etat: BROUILLON.to_owned(), ..Champs::default() };
    Form { saved: None, rubrique, champs, apercu: None, errors: Vec::new(), fait: None }
        .show(&request, &app, &who, StatusCode::OK)
        .await
}

pub async fn article_form(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
) -> Result<HttpResponse, Error> {
    let article = found(&app, *id).await?;
    show_typed(&request, &app, &who, article, (&Fields::default(), Vec::new(), StatusCode::OK)).await
}

/// The form of an article as it is saved, or as it is typed when the fields hold it.
pub async fn show_typed(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    article: Article,
    (fields, errors, status): (&Fields, Vec<FieldError>, StatusCode),
) -> Result<HttpResponse, Error> {
    let champs = if fields.has("vue") { Champs::typed(fields).0 } else { Champs::of(&article) };
    let rubrique = rubrique_of(&article)?;
    let form = Form { saved: Some(article), rubrique, champs, apercu: None, errors, fait: None };
    form.show(request, app, who, status).await
}

/// Back to an article whose document has changed: what is typed in its form stays.
pub async fn stay(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    (id, fields): (i64, &Fields),
    fait: Fait,
) -> Result<HttpResponse, Error> {
    let article = found(app, id).await?;
    let typed = Champs::typed(fields).0;
    if !fields.has("vue") || typed == Champs::of(&article) {
        return done(app, &format!("{PATH}/{id}"), fait);
    }
    let rubrique = rubrique_of(&article)?;
    let (champs, fait) = (typed, Some(fait));
    let form = Form { saved: Some(article), rubrique, champs, apercu: None, errors: Vec::new(), fait };
    form.show(request, app, who, StatusCode::OK).await
}

/// `POST /administration/articles/nouveau` with `rubrique, titre, resume, texte, etat, publie_le` and
/// `action=enregistrer|previsualiser`.
pub async fn create_article(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let rubrique = Rubrique::from_word(fields.one("rubrique")).unwrap_or(Rubrique::Actualite);
    write(&request, &app, &who, None, rubrique, &fields).await
}

/// `POST /administration/articles/{id}` with the same fields and `vue`.
pub async fn update_article(
    request: HttpRequest,
    app: Data<App>,
    who: Administrateur,
    id: Path<i64>,
    Posted(fields): Posted,
) -> Result<HttpResponse, Error> {
    let article = found(&app, *id).await?;
    let rubrique = rubrique_of(&article)?;
    write(&request, &app, &who, Some(article), rubrique, &fields).await
}

async fn write(
    request: &HttpRequest,
    app: &App,
    who: &Administrateur,
    saved: Option<Article>,
    rubrique: Rubrique,
    fields: &Fields,
) -> Result<HttpResponse, Error> {
    let (champs, day, errors) = Champs::typed(fields);
    if fields.one("action") == "previsualiser" {
        let apercu = Some(Apercu { titre: champs.titre.clone(), html: render(&champs.texte, 3) });
        let form = Form { saved, rubrique, champs, apercu, errors: Vec::new(), fait: None };
        return form.show(request, app, who, StatusCode::OK).await;
    }
    if !errors.is_empty() {
        let form = Form { saved, rubrique, champs, apercu: None, errors, fait: None };
        return form.show(request, app, who, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let now = app.store.clock().now();
    let before = saved.as_ref().and_then(|article| article.publie_at);
    let publie_at = (champs.etat == PUBLIE).then(|| publication(day, before, now));
    let redaction = champs.redaction(publie_at);
    let identity = who.connecte.identity();
    let written = match &saved {
        Some(article) => {
            let change = ChangeArticle { article: article.id, seen: seen_in(fields), redaction };
            app.comptes.ask(&identity, change).await?.map(|()| article.id)
        }
        None => app.comptes.ask(&identity, CreateArticle { rubrique, redaction }).await?,
    };
    let id = match written {
        Ok(id) => id,
        Err(NotWritten::Changed) => {
            let errors = vec![FieldError::new("", CHANGED)];
            let form = Form { saved, rubrique, champs, apercu: None, errors, fait: None };
            return form.show(request, app, who, StatusCode::CONFLICT).await;
        }
        Err(refusal) => return Err(refused(refusal)),
    };
    let fait = match publie_at {
        None => Fait::Brouillon,
        Some(at) if at > now => Fait::ArticleAVenir,
        Some(_) => Fait::Article,
    };
    done(app, &format!("{PATH}/{id}"), fait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g7_an_article_keeps_its_moment_until_another_day_is_chosen() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d);
        let at = |d, hour| day(d).unwrap().and_hms_opt(hour, 0, 0).unwrap();
        let now = at(20, 9);
        assert_eq!(publication(None, None, now), now);
        assert_eq!(publication(day(20), Some(at(20, 7)), now), at(20, 7));
        assert_eq!(publication(day(12), Some(at(12, 15)), now), at(12, 15));
        assert_eq!(publication(day(25), None, now), at(24, 23), "midnight in Paris");
    }
}
