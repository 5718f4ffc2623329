//! From a view to a response: the layout every page shares, its cookies, its one-time notice.

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{FromRequest as _, HttpRequest, HttpResponse};
use askama::Template;
use domain::compte::{Droit, Role};
use domain::time::paris;
use domain::typographie;
use futures_util::future::LocalBoxFuture;
use store::compteurs::Subject;
use store::sessions::Session;

use crate::app::App;
use crate::error::Error;
use crate::notice;
use crate::session::{self, COOKIES, VISITOR, Viewer};
use crate::views::mon_compte::{menu_gestionnaire, menu_intervenant, sections_gestionnaire};
use crate::views::{Account, Counter, CounterKey, FieldError, Layout, Link, MenuEntry, Moment, Notice};

/// What a page with a form shows besides the typed fields.
#[derive(Debug, Default)]
pub enum Said {
    /// Nothing: the page is opened for the first time.
    #[default]
    Nothing,
    /// What is wrong, and the status that says so.
    Wrong(StatusCode, Vec<FieldError>),
    /// What another part of the page just did: the typed fields are not saved yet.
    Done(Notice),
}

impl Said {
    /// What is wrong in the typed fields: status 422.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self::Wrong(StatusCode::UNPROCESSABLE_ENTITY, errors)
    }

    pub fn on(self, layout: Layout) -> (StatusCode, Layout) {
        match self {
            Self::Nothing => (StatusCode::OK, layout),
            Self::Wrong(status, errors) => (status, layout.with_errors(errors)),
            Self::Done(done) => (StatusCode::OK, Layout { notice: Some(done), kept: true, ..layout }),
        }
    }
}

/// The layout of a page for this viewer, with their counters as they are now.
pub fn layout<'a>(
    request: &'a HttpRequest,
    app: &'a App,
    viewer: &'a Viewer,
    title: impl Into<String>,
) -> LocalBoxFuture<'a, Result<Layout, Error>> {
    let layout = bare(request, app, viewer, title.into());
    Box::pin(counted(request, app, viewer, layout))
}

/// Adds to a layout the counters and the notice left by the page before.
async fn counted(request: &HttpRequest, app: &App, viewer: &Viewer, mut layout: Layout) -> Result<Layout, Error> {
    if let Some(session) = viewer.session() {
        let subject = Subject { compte: session.compte, correspondant: session.correspondant };
        let mut connection = app.store.read().await?;
        let (_, counters) = store::compteurs::read(&mut connection, &[subject]).await?;
        if let (Some(counters), Some(account)) = (counters.get(&session.compte), layout.account.as_mut()) {
            let value = |count: i64| u64::try_from(count).unwrap_or(0);
            if session.correspondant.is_some() {
                account.counters.push(Counter { key: CounterKey::Messages, value: value(counters.messages) });
            }
            if let Some(count) = counters.inscriptions {
                account.counters.push(Counter { key: CounterKey::Inscriptions, value: value(count) });
            }
            if let Some(count) = counters.candidatures {
                account.counters.push(Counter { key: CounterKey::Candidatures, value: value(count) });
            }
            if let Some(count) = counters.dossier {
                let key = if session.role == Role::Intervenant { CounterKey::Dossier } else { CounterKey::Dossiers };
                account.counters.push(Counter { key, value: value(count) });
            }
            if let Some(count) = counters.support {
                account.counters.push(Counter { key: CounterKey::Support, value: value(count) });
            }
            account.counters.push(Counter { key: CounterKey::Notifications, value: value(counters.notifications) });
        }
    }
    layout.asks_cookies = request.cookie(COOKIES).is_none();
    layout.notice = notice::take(request, app);
    Ok(layout)
}

/// The layout of a page without counters or notice: right after a login, when this request does not carry the session
/// yet.
pub fn bare_layout(request: &HttpRequest, app: &App, viewer: &Viewer, title: impl Into<String>) -> Layout {
    bare(request, app, viewer, title.into())
}

fn bare(request: &HttpRequest, app: &App, viewer: &Viewer, title: String) -> Layout {
    let mut layout = Layout::new(title, request.path(), viewer.csrf());
    if let Some(session) = viewer.session() {
        let menu = match session.role {
            Role::Intervenant if session.validee => MenuEntry::intervenant(),
            Role::Intervenant => MenuEntry::candidat(),
            Role::Gestionnaire => MenuEntry::gestionnaire(
                session.droits.contains(&Droit::Inscriptions),
                session.droits.contains(&Droit::Dossiers),
            ),
            Role::Administrateur => MenuEntry::administrateur(),
        };
        let account = Account {
            name: session.nom.clone(),
            structure: session.structure_nom.clone(),
            desk: session.role != Role::Intervenant,
            menu: account_menu(session),
            counters: Vec::new(),
        };
        layout = layout.for_account(account, menu);
    }
    if app.settings.demo {
        layout.footer.push(Link::new("Courriels de la démonstration", "/courriels"));
    }
    layout
}

/// What the menu under one's name leads to, « Se déconnecter » aside.
fn account_menu(session: &Session) -> Vec<MenuEntry> {
    match session.role {
        Role::Intervenant => menu_intervenant(session.validee),
        Role::Gestionnaire => menu_gestionnaire(session.droits.contains(&Droit::Dossiers)),
        Role::Administrateur => sections_gestionnaire(),
    }
}

/// How long an error page waits to know who is logged in: the error may come from the database itself.
const KNOWN_WITHIN: Duration = Duration::from_millis(500);

/// The layout of an error page. Like every page it shows who is logged in, unless the server is overloaded or failed:
/// then it does not ask the database.
pub fn layout_for_error(request: &HttpRequest, status: StatusCode) -> LocalBoxFuture<'_, Layout> {
    Box::pin(async move {
        let Some(app) = request.app_data::<Data<App>>() else { return Layout::new("", request.path(), "") };
        let asks = status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS;
        if asks && let Ok(Some(layout)) = tokio::time::timeout(KNOWN_WITHIN, known(request, app)).await {
            return layout;
        }
        match Viewer::of(request) {
            Some(viewer) => bare(request, app, &viewer, String::new()),
            None => Layout::new("", request.path(), ""),
        }
    })
}

/// The layout for somebody who is logged in, if the database says so.
async fn known(request: &HttpRequest, app: &App) -> Option<Layout> {
    let viewer = Viewer::extract(request).await.ok()?;
    viewer.session()?;
    let mut layout = layout(request, app, &viewer, "").await.ok()?;
    // The notice left by the page before waits for the next page that is not an error.
    layout.notice = None;
    Some(layout)
}

/// A page with status 200.
pub fn ok(request: &HttpRequest, app: &App, viewer: &Viewer, view: &impl Template) -> Result<HttpResponse, Error> {
    respond(request, app, viewer, view, StatusCode::OK)
}

/// A page that says what is wrong in its form: status 422.
pub fn invalid(request: &HttpRequest, app: &App, viewer: &Viewer, view: &impl Template) -> Result<HttpResponse, Error> {
    respond(request, app, viewer, view, StatusCode::UNPROCESSABLE_ENTITY)
}

/// A page with any status.
pub fn respond(
    request: &HttpRequest,
    app: &App,
    viewer: &Viewer,
    view: &impl Template,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    Ok(html(request, app, viewer, typographie::bound(&view.render()?), status))
}

fn html(request: &HttpRequest, app: &App, viewer: &Viewer, page: String, status: StatusCode) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(token) = viewer.new_visitor() {
        let year = actix_web::cookie::time::Duration::days(365);
        response.cookie(session::cookie(&app.settings, VISITOR, token.to_owned(), Some(year)));
    }
    if request.cookie(notice::COOKIE).is_some() {
        response.cookie(session::removal(&app.settings, notice::COOKIE));
    }
    response.content_type("text/html; charset=utf-8").body(page)
}

/// « See other »: after a POST, the browser gets a page that can be reloaded.
pub fn redirect(to: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, to))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

/// The same, and the next page shows `said`.
pub fn redirect_saying(app: &App, to: &str, said: &Notice) -> Result<HttpResponse, Error> {
    let mut response = redirect(to);
    say(app, &mut response, said)?;
    Ok(response)
}

/// Adds to a response the notice for the next page.
pub fn say(app: &App, response: &mut HttpResponse, said: &Notice) -> Result<(), Error> {
    let Some(cookie) = notice::cookie(app, said) else { return Ok(()) };
    response.add_cookie(&cookie).map_err(|error| Error::Internal(error.to_string()))
}

/// To the login, and back here afterwards when it is a page.
pub fn redirect_to_login(request: &HttpRequest) -> HttpResponse {
    let here = request.uri().path_and_query().map_or("/", |path| path.as_str());
    // An address that [`own_path`] refuses is not carried along: it may be longer than any header.
    if request.method().is_safe() && here != "/" && own_path(here).is_some() {
        let suite: String = form_urlencoded::byte_serialize(here.as_bytes()).collect();
        redirect(&format!("/authentification/?suite={suite}"))
    } else {
        redirect("/authentification/")
    }
}

/// The path of this service that a form asks to go on to; none for another site's address.
pub fn own_path(asked: &str) -> Option<&str> {
    let fits = asked.starts_with('/')
        && !asked.starts_with("//")
        && !asked.contains('\\')
        && asked.len() <= 2_000
        && !asked.chars().any(char::is_control)
        && !asked.starts_with("/deconnexion");
    fits.then_some(asked)
}

/// A moment of the database as the page says it.
pub fn moment(app: &App, at: chrono::NaiveDateTime) -> Moment {
    Moment::new(paris(at), paris(app.store.clock().now()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q8_after_login_one_stays_on_this_site() {
        assert_eq!(own_path("/messagerie/reception?page=2"), Some("/messagerie/reception?page=2"));
        for elsewhere in
            ["https://autre.example", "//autre.example", "/\\autre.example", "javascript:alert(1)", "", "/a\r\nb"]
        {
            assert_eq!(own_path(elsewhere), None, "{elsewhere}");
        }
    }
}
