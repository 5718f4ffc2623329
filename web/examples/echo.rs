//! Serves the echo of `web::live::echo` at `/` on a free port of 127.0.0.1 and prints its address: what the protocol's own
//! test suite talks to. Stops when its standard input closes.

use std::io::Read as _;

use actix_web::{App, HttpServer, web};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let server = HttpServer::new(|| App::new().route("/", web::get().to(::web::live::echo::open)))
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))?;
    println!("{}", server.addrs()[0]);
    let server = server.run();
    let handle = server.handle();
    std::thread::spawn(move || {
        let mut rest = Vec::new();
        // Whether it closes or fails, who started this is gone.
        if std::io::stdin().read_to_end(&mut rest).is_ok() || rest.is_empty() {
            actix_web::rt::System::new().block_on(handle.stop(false));
        }
    });
    server.await
}
