//! How an error is shown: as a page, a fragment or `application/problem+json`, depending on the client.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use askama::Template;
use domain::typographie;
use serde_json::json;

use crate::error::Error;
use crate::session::RequestId;
use crate::views::{Erreur, Layout};
use crate::{corps, page};

/// Middleware: turns errors, ours and the framework's, into a form that the client understands.
pub async fn dress(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    // The request must not be held across the call: the router changes it. Middlewares return responses, they don't
    // fail.
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    let bare = matches!(
        response.response().body().size(),
        actix_web::body::BodySize::None | actix_web::body::BodySize::Sized(0)
    );
    let framework = response.response().error().is_some_and(|error| error.as_error::<Error>().is_none());
    if !(status.is_client_error() || status.is_server_error()) || !(bare || framework) {
        return Ok(response);
    }
    let sentence = response.response().error().and_then(|error| error.as_error::<Error>()).and_then(Error::sentence);
    let retry = match response.response().error().and_then(|error| error.as_error::<Error>()) {
        Some(Error::TooMany(wait)) => Some(wait.as_secs().max(1)),
        Some(Error::Unavailable(_) | Error::KeyReplaced | Error::Busy | Error::Indexing) => Some(5),
        Some(Error::Full) => Some(60),
        _ => None,
    };
    let reference = response.request().extensions().get::<RequestId>().map(|id| id.0.clone());
    if status.is_server_error()
        && let Some(error) = response.response().error()
    {
        tracing::error!(status = status.as_u16(), reference = reference.as_deref().unwrap_or(""), %error, "a request failed");
    }
    let dressed = body(response.request(), status, sentence, reference, retry).await;
    Ok(response.into_response(dressed))
}

async fn body(
    request: &HttpRequest,
    status: StatusCode,
    sentence: Option<String>,
    reference: Option<String>,
    retry: Option<u64>,
) -> HttpResponse<BoxBody> {
    if status == StatusCode::UNAUTHORIZED && wants_page(request) {
        return page::redirect_to_login(request);
    }
    let mut response = HttpResponse::build(status);
    if let Some(seconds) = retry {
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    response.insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store")));
    let layout = if wants_page(request) {
        page::layout_for_error(request, status).await
    } else {
        Layout::new("", request.path(), "")
    };
    let mut view = Erreur::new(layout, status.as_u16());
    if let Some(sentence) = sentence {
        view = view.saying(sentence);
    }
    view.reference = reference.filter(|_| status.is_server_error());
    if status == StatusCode::SERVICE_UNAVAILABLE {
        view = view.with_typed(corps::typed(request));
    }
    if !wants_page(request) {
        let problem = json!({
            "type": "about:blank",
            "title": view.layout.title,
            "status": status.as_u16(),
            "detail": format!("{} {}", view.sentence, view.advice),
            "reference": view.reference,
        });
        return response.content_type("application/problem+json").body(problem.to_string());
    }
    match view.render() {
        Ok(html) => response.content_type("text/html; charset=utf-8").body(typographie::bound(&html)),
        Err(error) => {
            tracing::error!(%error, "the error page can't be rendered");
            response.content_type("text/plain; charset=utf-8").body(view.sentence)
        }
    }
}

/// Whether the client is a browser that shows a page, and not a module or a program.
pub fn wants_page(request: &HttpRequest) -> bool {
    let path = request.path();
    if path.starts_with("/api/")
        || path.rsplit_once('.').is_some_and(|(_, extension)| extension == "json")
        || path == "/live"
    {
        return false;
    }
    match request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()) {
        Some(accept) => accept.contains("text/html") || accept.contains("*/*") || accept.is_empty(),
        None => true,
    }
}
