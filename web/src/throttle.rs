//! Refuses a flood of requests before any other work.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;

use crate::app::App;
use crate::limits::address;

/// Middleware: refuses too many requests from one address, and says how long to wait.
pub async fn throttle(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let checked = match request.app_data::<Data<App>>() {
        Some(app) if !request.path().starts_with("/assets/") => {
            app.limits.check(address(request.request(), &app.settings))
        }
        _ => Ok(()),
    };
    if let Err(error) = checked {
        return Ok(request.error_response(error));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}
