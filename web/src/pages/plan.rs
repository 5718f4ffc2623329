//! For crawlers: the addresses of the public pages, and those that they must not read (SPEC E3).

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;

use crate::app::App;
use crate::error::Error;

/// Addresses that one sitemap may hold (sitemaps.org).
const ADDRESSES_MAX: i64 = 49_000;
/// The public pages that do not change with the annonces.
const PAGES: [&str; 7] =
    ["/", "/annonces", "/actualites", "/informations", "/aide", "/comment-les-profils-sont-classes", "/inscription"];

pub async fn sitemap(app: Data<App>) -> Result<HttpResponse, Error> {
    let base = &app.settings.base_url;
    let open = store::annonces::open_numbers(&mut app.store.read().await?, ADDRESSES_MAX).await?;
    let mut body = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for page in PAGES {
        writeln!(body, "<url><loc>{base}{page}</loc></url>").expect("a String takes everything");
    }
    for (numero, at) in open {
        let day = at.date();
        writeln!(body, "<url><loc>{base}/annonces/{numero}</loc><lastmod>{day}</lastmod></url>")
            .expect("a String takes everything");
    }
    body.push_str("</urlset>\n");
    Ok(HttpResponse::Ok()
        .content_type("application/xml; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(body))
}

pub async fn robots(app: Data<App>) -> HttpResponse {
    let body = format!(
        "User-agent: *\nDisallow: /mon-compte/\nDisallow: /messagerie/\nDisallow: /gestion/\nDisallow: /administration/\n\
         Disallow: /authentification/\nDisallow: /annonces?\n\nSitemap: {}/sitemap.xml\n",
        app.settings.base_url
    );
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(body)
}
