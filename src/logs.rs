//! What is logged, and in which form.

use std::fmt::{self, Write};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use crate::config::Config;
use crate::failure::Failure;

/// Logs to the standard error from now on.
pub fn to_stderr(config: &Config) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|error| format!("--log ne convient pas : {error}. Essayez info ou debug."))?;
    let shown = filter.max_level_hint().is_none_or(|level| level >= LevelFilter::DEBUG);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.log_json {
        builder.json().finish().with(Malformed { shown }).try_init()?;
    } else {
        builder.finish().with(Malformed { shown }).try_init()?;
    }
    Ok(())
}

/// Keeps clients' protocol errors out of the log, unless its level asks for details: actix-http logs them as errors,
/// and clients that send garbage would fill the log.
struct Malformed {
    shown: bool,
}

impl<S: Subscriber> Layer<S> for Malformed {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let metadata = event.metadata();
        if self.shown || *metadata.level() != Level::ERROR || !metadata.target().starts_with("actix_http::h1") {
            return true;
        }
        let mut message = Message(String::new());
        event.record(&mut message);
        !is_of_a_client(&message.0)
    }
}

/// Whether a line of actix-http is about an error of the client; errors on our side are logged.
fn is_of_a_client(message: &str) -> bool {
    let said = message.strip_prefix("stream error: ");
    let theirs = [
        "request parse error",
        "I/O error",
        "request did not complete",
        "connection shutdown timeout",
        "handler dropped payload",
    ];
    said.is_some_and(|said| theirs.iter().any(|begin| said.starts_with(begin)))
        || message.starts_with("MAX_BUFFER_SIZE")
        // How a live socket ends when its client sends what no page sends.
        || message.starts_with("Response payload stream error: ") && message.contains("SocketCut")
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            write!(self.0, "{value:?}").expect("a text takes any text");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q8_what_a_client_does_wrong_is_told_from_what_we_do() {
        for theirs in [
            "stream error: request parse error: invalid header name",
            "stream error: I/O error: Connection reset by peer (os error 104)",
            "stream error: request did not complete within the specified timeout",
            "MAX_BUFFER_SIZE unprocessed data reached, closing",
            "Response payload stream error: Error { kind: Body, cause: Some(Body(SocketCut)) }",
        ] {
            assert!(is_of_a_client(theirs), "{theirs}");
        }
        for ours in
            ["Response payload stream error: Custom", "stream error: internal error", "stream error: body error: x"]
        {
            assert!(!is_of_a_client(ours), "{ours}");
        }
    }
}
