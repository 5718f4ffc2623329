//! Checks that requests that change something come from our own pages: by `Origin` or `Sec-Fetch-Site`, and by the
//! form's token.

use std::future::Future;
use std::pin::Pin;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::Next;
use actix_web::web::{self, Data};
use actix_web::{FromRequest, HttpRequest};

use crate::app::App;
use crate::error::Error;
use crate::fields::Fields;
use crate::session::Viewer;

/// Longest form, in bytes: the longest message, encoded, with room to spare.
pub const FORM_MAX: usize = 512 * 1024;

/// The fields of a posted form whose token is right. Handlers read forms in no other way.
#[derive(Debug)]
pub struct Posted(pub Fields);

impl FromRequest for Posted {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let viewer = Viewer::from_request(request, payload);
        let is_form = is_form(request.headers());
        let text = String::from_request(request, payload);
        Box::pin(async move {
            let viewer = viewer.await?;
            if !is_form {
                return Err(Error::BadRequest("Ce formulaire n’a pas été envoyé sous la forme attendue."));
            }
            let fields = Fields::parse(&text.await.map_err(|error| unread(&error))?);
            if !same(fields.one("_csrf"), viewer.csrf()) {
                return Err(Error::Csrf);
            }
            Ok(Self(fields.masked()))
        })
    }
}

/// Whether the headers announce a form.
pub fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"))
}

/// Why the body of a form could not be read.
pub fn unread(error: &actix_web::Error) -> Error {
    if error.as_response_error().status_code() == StatusCode::PAYLOAD_TOO_LARGE {
        Error::TooLarge
    } else {
        Error::BadRequest("Ce formulaire n’a pas pu être lu en entier.")
    }
}

/// Compares two tokens in constant time.
pub fn same(given: &str, expected: &str) -> bool {
    given.len() == expected.len()
        && given.bytes().zip(expected.bytes()).fold(0u8, |difference, (a, b)| difference | (a ^ b)) == 0
}

/// The largest form, to be put in the server's data.
pub fn form_limits() -> web::PayloadConfig {
    web::PayloadConfig::new(FORM_MAX)
}

/// Whether the headers say that a page of this site made the request. Browsers send one of them with every POST and
/// WebSocket; a program that sends neither has no cookie of a person to abuse.
pub fn same_site(headers: &HeaderMap, base_url: &str, host: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site")
        && !matches!(site, "same-origin" | "none")
    {
        return false;
    }
    match text("origin") {
        None => true,
        Some(origin) => {
            origin == base_url
                || origin
                    .strip_prefix("http://")
                    .or_else(|| origin.strip_prefix("https://"))
                    .is_some_and(|of| of == host)
        }
    }
}

/// Middleware: refuses what another site makes a browser send.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if !request.method().is_safe() && !request.path().starts_with("/api/") {
        let host = request.connection_info().host().to_owned();
        let ours = request
            .app_data::<Data<App>>()
            .is_some_and(|app| same_site(request.headers(), &app.settings.base_url, &host));
        if !ours {
            return Ok(request.error_response(Error::Csrf));
        }
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn q8_only_our_own_pages_may_post() {
        let base = "https://ei.example";
        let may = |pairs: &[(&'static str, &'static str)]| same_site(&headers(pairs), base, "ei.example");
        assert!(may(&[("origin", "https://ei.example"), ("sec-fetch-site", "same-origin")]));
        assert!(may(&[("sec-fetch-site", "none")]));
        assert!(may(&[]));
        assert!(!may(&[("origin", "https://autre.example")]));
        assert!(!may(&[("origin", "null")]));
        assert!(!may(&[("origin", "https://ei.example.autre.example")]));
        assert!(!may(&[("sec-fetch-site", "cross-site")]));
        assert!(!may(&[("sec-fetch-site", "same-site"), ("origin", "https://ei.example")]));
    }

    #[test]
    fn q8_tokens_are_compared_whole() {
        assert!(same("abc", "abc"));
        assert!(!same("abd", "abc") && !same("ab", "abc") && !same("", "abc"));
    }
}
