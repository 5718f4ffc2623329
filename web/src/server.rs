//! The HTTP server: middlewares in their order, limits, and how it stops.

use std::any::Any;
use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::{Extensions, Server};
use actix_web::http::header;
use actix_web::middleware::{Compress, DefaultHeaders, from_fn};
use actix_web::rt::net::TcpStream;
use actix_web::web::Data;
use actix_web::{App as Application, HttpServer};

use crate::app::App;
use crate::{corps, csrf, dress, reprise, routes, televersement, throttle, trace};

/// What a page may load: only our own files, no inline script or style.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Time for a request under way to end when the server stops, in seconds.
const SHUTDOWN_SECONDS: u64 = 20;

/// A client that accepts no data for that long is disconnected: `actix-http` has no deadline for what it writes (3.20).
const STALLED_MAX: Duration = Duration::from_mins(1);

/// Sets that deadline in the system (TCP_USER_TIMEOUT, RFC 5482); it counts from the last byte that the client
/// accepted.
fn give_up_when_stalled(connection: &dyn Any, _: &mut Extensions) {
    let Some(stream) = connection.downcast_ref::<TcpStream>() else { return };
    if let Err(error) = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(STALLED_MAX)) {
        tracing::debug!(%error, "a connection has no deadline for what is sent");
    }
}

/// Starts serving on a listener that is already bound.
pub fn start(app: Data<App>, listener: TcpListener, workers: usize) -> std::io::Result<Server> {
    let hsts = app.settings.secure();
    let server = HttpServer::new(move || {
        let mut headers = DefaultHeaders::new()
            .add((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
            .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .add((header::REFERRER_POLICY, "same-origin"))
            .add(("cross-origin-opener-policy", "same-origin"))
            .add(("permissions-policy", "camera=(), microphone=(), geolocation=()"));
        if hsts {
            headers = headers.add((header::STRICT_TRANSPORT_SECURITY, "max-age=63072000"));
        }
        Application::new()
            .app_data(app.clone())
            .app_data(csrf::form_limits())
            .configure(routes::configure)
            // The last one added sees a request first.
            .wrap(from_fn(televersement::answer_module))
            .wrap(from_fn(reprise::keep))
            .wrap(from_fn(corps::in_time))
            .wrap(from_fn(csrf::guard))
            .wrap(from_fn(throttle::throttle))
            .wrap(from_fn(dress::dress))
            .wrap(Compress::default())
            .wrap(headers)
            .wrap(from_fn(trace::observe))
    })
    .workers(workers)
    .on_connect(give_up_when_stalled)
    .max_connections(25_000)
    // A page leaves in several pieces: with Nagle's algorithm the last one would wait 40 ms for the client's
    // acknowledgement.
    .tcp_nodelay(true)
    .client_request_timeout(Duration::from_secs(10))
    .client_disconnect_timeout(Duration::from_secs(5))
    .keep_alive(Duration::from_mins(1))
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(server)
}
