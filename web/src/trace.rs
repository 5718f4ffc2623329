//! One line of log and one measure per request, with the route's pattern, never the path, the query or the person (SPEC
//! Q7).

use std::time::Instant;

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;

use crate::session::{RequestId, random_token};

/// Middleware: gives the request its id, times it, logs its result.
pub async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let began = Instant::now();
    let id = random_token()?[..16].to_owned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let mut response = next.call(request).await?;
    let route = response.request().match_pattern().unwrap_or_else(|| "-".to_owned());
    let status = response.status();
    let elapsed = began.elapsed();
    metrics::histogram!("ei_request_seconds", "route" => route.clone(), "method" => method.to_string(), "status" => status.as_str().to_owned())
        .record(elapsed.as_secs_f64());
    tracing::info!(
        request = %id,
        method = %method,
        route = %route,
        status = status.as_u16(),
        micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
        "request"
    );
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    Ok(response)
}
