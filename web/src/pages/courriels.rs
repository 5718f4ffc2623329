//! The demonstration's mails, shown instead of being sent (SPEC O1). Not found outside the demonstration.

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use actors::mailer::render::{Letterhead, Rendered, render};
use domain::texte::fold;
use store::courriels::Trace;

use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::page;
use crate::session::Viewer;
use crate::views::{CourrielPage, CourrielRow, CourrielsListe, Pages, Query, Tone};

const PAGE_SIZE: i64 = 30;
/// Most recent mails in which the typed words are searched.
const SEARCHED: i64 = 1_000;
/// What a mail in a frame may do: show itself, and open its links in the page around it.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; \
     sandbox allow-top-navigation-by-user-activation";

/// `GET /courriels` with `q` and `page`: the latest mails.
pub async fn list(request: HttpRequest, app: Data<App>, viewer: Viewer) -> Result<HttpResponse, Error> {
    let writer = Writer::new(&app)?;
    let fields = Fields::parse(request.query_string());
    let q = fields.searched("q");
    let layout = page::layout(&request, &app, &viewer, "Courriels").await?;
    let asked = u64::try_from(fields.number("page").unwrap_or(1)).unwrap_or(1);
    let mut connection = app.store.read().await?;
    let (traces, total) = if q.is_empty() {
        let totals = store::courriels::totals(&mut connection).await?;
        let total = totals.en_attente + totals.envoyes + totals.echecs;
        (Vec::new(), u64::try_from(total).unwrap_or(0))
    } else {
        let latest = store::courriels::latest(&mut connection, SEARCHED, 0).await?;
        let found = writer.containing(latest, &q)?;
        let total = found.len() as u64;
        (found, total)
    };
    let pages = Pages::new(asked, PAGE_SIZE as u64, total, Query::new("/courriels").add("q", &q));
    let offset = (pages.current as i64 - 1) * PAGE_SIZE;
    let shown = if q.is_empty() {
        store::courriels::latest(&mut connection, PAGE_SIZE, offset).await?
    } else {
        traces.into_iter().skip(offset as usize).take(PAGE_SIZE as usize).collect()
    };
    drop(connection);
    let rows = shown.iter().map(|trace| row(&app, &writer, trace)).collect::<Result<_, Error>>()?;
    page::ok(&request, &app, &viewer, &CourrielsListe { layout, q, rows, pages })
}

pub async fn page(request: HttpRequest, app: Data<App>, viewer: Viewer, id: Path<i64>) -> Result<HttpResponse, Error> {
    let writer = Writer::new(&app)?;
    let trace = one(&app, *id).await?;
    let Rendered { objet, texte, html: _, desabonnement: _ } = writer.write(&trace)?;
    let layout = page::layout(&request, &app, &viewer, objet.clone()).await?;
    let (etat, _) = etat(&trace);
    let mut headers = vec![
        ("À".to_owned(), trace.sortant.destinataire.clone()),
        ("Écrit".to_owned(), page::moment(&app, trace.sortant.cree_at).full()),
        ("État".to_owned(), etat.to_owned()),
    ];
    if let Some(at) = trace.envoye_at {
        headers.push(("Envoyé".to_owned(), page::moment(&app, at).full()));
    }
    if !trace.erreur.is_empty() {
        headers.push(("Dernier échec".to_owned(), trace.erreur.clone()));
    }
    let view = CourrielPage {
        layout,
        objet,
        headers,
        links: links(&texte),
        texte,
        html_href: Some(format!("/courriels/{}/html", *id)),
    };
    page::ok(&request, &app, &viewer, &view)
}

/// `GET /courriels/{id}/html`: the mail's own page, in a frame that can't change the page around it.
pub async fn html(app: Data<App>, id: Path<i64>) -> Result<HttpResponse, Error> {
    let writer = Writer::new(&app)?;
    let html = writer.write(&one(&app, *id).await?)?.html;
    // Its links open in the page around the frame, as in the window of a mail program.
    let html = html.replacen("<head>", "<head><base target=\"_top\">", 1);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, MAIL_POLICY))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/html; charset=utf-8")
        .body(html))
}

async fn one(app: &App, id: i64) -> Result<Trace, Error> {
    store::courriels::by_id(&mut app.store.read().await?, id).await?.ok_or(Error::NotFound)
}

/// Renders mails as the mailer does. It exists in the demonstration only.
struct Writer(Letterhead);

impl Writer {
    fn new(app: &App) -> Result<Self, Error> {
        if !app.settings.demo {
            return Err(Error::NotFound);
        }
        Letterhead::new(&app.settings.base_url, &app.settings.contact)
            .map(Self)
            .map_err(|error| Error::Internal(error.to_string()))
    }

    fn write(&self, trace: &Trace) -> Result<Rendered, Error> {
        Ok(render(&trace.sortant.courriel, &self.0)?)
    }

    /// The mails whose address or subject has all the typed words.
    fn containing(&self, traces: Vec<Trace>, typed: &str) -> Result<Vec<Trace>, Error> {
        let words = fold(typed);
        let mut found = Vec::new();
        for trace in traces {
            let text = fold(&format!("{} {}", trace.sortant.destinataire, self.write(&trace)?.objet));
            if words.split(' ').all(|word| text.contains(word)) {
                found.push(trace);
            }
        }
        Ok(found)
    }
}

/// The state of a mail in words. Nothing leaves the demonstration: « sent » means that the mail can be read here.
fn etat(trace: &Trace) -> (&'static str, Tone) {
    match trace.etat.as_str() {
        "envoye" => ("envoyé", Tone::Done),
        "echec" => ("en échec", Tone::Failure),
        _ => ("en attente", Tone::Info),
    }
}

fn row(app: &App, writer: &Writer, trace: &Trace) -> Result<CourrielRow, Error> {
    let (etat, tone) = etat(trace);
    Ok(CourrielRow {
        href: format!("/courriels/{}", trace.sortant.id),
        to: trace.sortant.destinataire.clone(),
        objet: writer.write(trace)?.objet,
        at: page::moment(app, trace.sortant.cree_at),
        etat: etat.to_owned(),
        tone,
    })
}

/// The web addresses of a text, each once.
fn links(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word = word.trim_start_matches(['<', '(', '«']).trim_end_matches(['>', ')', '»', '.', ',', ';', ':']);
        let is_link = word.starts_with("http://") || word.starts_with("https://");
        if is_link && !found.iter().any(|known| known == word) {
            found.push(word.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn o1_the_links_of_a_mail_can_be_followed() {
        let text = "Lire : http://localhost:8080/annonces/2026-0412.\n<https://a.example/b>, javascript:alert(1)\n\
                    http://localhost:8080/annonces/2026-0412";
        assert_eq!(links(text), ["http://localhost:8080/annonces/2026-0412", "https://a.example/b"]);
    }
}
