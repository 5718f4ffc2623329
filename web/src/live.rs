//! The live socket: the only file that knows `actix_web_actors` (frozen upstream), behind our own [`Push`].
//!
//! Bounds: a frame from a browser holds 4 KiB at most, and a longer announced frame ends the socket before its bytes
//! come (`frames`). What was pushed or answered and not yet read, as the browser's answers to our pings show, stays
//! under 64 KiB; otherwise the socket is closed, and the page resynchronises when it reconnects.

mod frames;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use actix::prelude::{Actor, ActorContext, ActorFutureExt, AsyncContext, Handler, Running, StreamHandler, WrapFuture};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use actix_web_actors::ws;
use actors::compte::{Push, Reason};
use actors::live::{Attach, Comptes, Detach, Identity};

use crate::app::App;
use crate::csrf;
use crate::error::Error;
use crate::session::{Viewer, identity};
use frames::{Cut, Frames, TooLong, that_can_be_cut};

/// Largest frame that a browser may send: our pages send none.
const FRAME_MAX: usize = 4 * 1024;
/// Most bytes that were pushed and may still be unread.
const UNREAD_MAX: usize = 64 * 1024;
/// Bytes of a pong besides its payload.
const PONG_HEAD: usize = 2;
/// How often a quiet socket is pinged.
const PING_EVERY: Duration = Duration::from_secs(25);
/// A socket that answered no ping for that long is considered gone.
const SILENCE_MAX: Duration = Duration::from_secs(80);
/// Frames that a browser may send in one ping period, besides the answers to our pings.
const FRAMES_MAX: u32 = 200;

/// Close codes: 4000 and above are an application's own (RFC 6455 §7.4.2); the page knows them.
const SESSION_ENDED: u16 = 4401;
const TOO_MANY: u16 = 4429;

static NEXT_SOCKET: AtomicU64 = AtomicU64::new(1);

/// `GET /live`. Without a session the socket is opened and closed with its code: a page can't tell a refused upgrade
/// from a cut network, and would try again for ever.
pub async fn open(
    request: HttpRequest,
    app: Data<App>,
    viewer: Viewer,
    payload: Payload,
) -> Result<HttpResponse, Error> {
    let host = request.connection_info().host().to_owned();
    if !csrf::same_site(request.headers(), &app.settings.base_url, &host) {
        return Err(Error::Csrf);
    }
    let (payload, too_long) = Frames::new(payload, FRAME_MAX);
    let Some(session) = viewer.session() else {
        return ws::start(Farewell, &request, payload)
            .map_err(|_| Error::BadRequest("Cette adresse attend une connexion WebSocket."));
    };
    let identity = identity(session);
    let socket = Socket {
        id: NEXT_SOCKET.fetch_add(1, Ordering::Relaxed),
        identity,
        comptes: app.comptes.clone(),
        heard: Instant::now(),
        pushed: 0,
        pinged: None,
        read: 0,
        frames: 0,
        too_long,
        cut: Cut::default(),
    };
    let cut = socket.cut.clone();
    ws::WsResponseBuilder::new(socket, &request, payload)
        .frame_size(FRAME_MAX)
        .start()
        .map(|opened| that_can_be_cut(opened, &cut))
        .map_err(|_| Error::BadRequest("Cette adresse attend une connexion WebSocket."))
}

/// Sends only the code of an ended session.
struct Farewell;

impl Actor for Farewell {
    type Context = ws::WebsocketContext<Self>;
    fn started(&mut self, context: &mut Self::Context) {
        context.close(Some(ws::CloseReason { code: ws::CloseCode::Other(SESSION_ENDED), description: None }));
        context.stop();
    }
}

impl StreamHandler<Result<ws::Message, ws::ProtocolError>> for Farewell {
    fn handle(&mut self, _: Result<ws::Message, ws::ProtocolError>, context: &mut Self::Context) {
        context.stop();
    }
}

struct Socket {
    id: u64,
    identity: Identity,
    comptes: Comptes,
    /// The last sign of life of the browser.
    heard: Instant,
    /// Bytes pushed since the socket opened.
    pushed: usize,
    /// Bytes that had been pushed when the unanswered ping was sent.
    pinged: Option<usize>,
    /// Bytes known to have been read.
    read: usize,
    frames: u32,
    /// Whether the browser announced more than a frame may hold.
    too_long: TooLong,
    cut: Cut,
}

impl Socket {
    /// Whether that many bytes more may be unread by the browser; otherwise closes the socket.
    fn room(&mut self, bytes: usize, context: &mut ws::WebsocketContext<Self>) -> bool {
        if self.pushed - self.read + bytes > UNREAD_MAX {
            metrics::counter!("ei_sockets_closed_total", "reason" => "Unread").increment(1);
            self.cut(ws::CloseCode::Again, context);
            return false;
        }
        self.pushed += bytes;
        true
    }

    fn push(&mut self, text: &str, context: &mut ws::WebsocketContext<Self>) {
        if !self.room(text.len(), context) {
            return;
        }
        context.text(text);
        if self.pinged.is_none() {
            self.pinged = Some(self.pushed);
            context.ping(b"");
        }
    }

    fn close(code: ws::CloseCode, context: &mut ws::WebsocketContext<Self>) {
        context.close(Some(ws::CloseReason { code, description: None }));
        context.stop();
    }

    /// Closes the socket of a client that does what no page does: nothing more is read from it or kept for it.
    fn cut(&mut self, code: ws::CloseCode, context: &mut ws::WebsocketContext<Self>) {
        self.cut.set(true);
        Self::close(code, context);
    }

    fn round(&mut self, context: &mut ws::WebsocketContext<Self>) {
        self.frames = 0;
        if self.heard.elapsed() > SILENCE_MAX {
            self.cut.set(true);
            context.stop();
            return;
        }
        self.pinged = Some(self.pushed);
        context.ping(b"");
    }
}

impl Actor for Socket {
    type Context = ws::WebsocketContext<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        context.run_interval(PING_EVERY, Self::round);
        let attach = Attach { identity: self.identity, socket: self.id, to: context.address().recipient() };
        let comptes = self.comptes.clone();
        context.spawn(async move { comptes.attach(attach).await }.into_actor(self).map(|attached, _, context| {
            if attached.is_err() {
                Self::close(ws::CloseCode::Again, context);
            }
        }));
    }

    fn stopping(&mut self, _: &mut Self::Context) -> Running {
        Running::Stop
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.comptes.detach(Detach { compte: self.identity.compte, socket: self.id });
    }
}

impl Handler<Push> for Socket {
    type Result = ();
    fn handle(&mut self, push: Push, context: &mut Self::Context) {
        match push {
            Push::Text(text) => self.push(&text, context),
            Push::Close(Reason::Lagging) => self.cut(ws::CloseCode::Again, context),
            Push::Close(Reason::SessionEnded) => Self::close(ws::CloseCode::Other(SESSION_ENDED), context),
            Push::Close(Reason::TooMany) => Self::close(ws::CloseCode::Other(TOO_MANY), context),
            Push::Close(Reason::GoingAway) => Self::close(ws::CloseCode::Away, context),
        }
    }
}

impl StreamHandler<Result<ws::Message, ws::ProtocolError>> for Socket {
    fn handle(&mut self, message: Result<ws::Message, ws::ProtocolError>, context: &mut Self::Context) {
        self.heard = Instant::now();
        // An answer to our own ping is expected; anything else counts.
        let asked_for = matches!(message, Ok(ws::Message::Pong(_))) && self.pinged.is_some();
        if !asked_for {
            self.frames += 1;
        }
        if self.frames > FRAMES_MAX {
            self.cut(ws::CloseCode::Policy, context);
            return;
        }
        match message {
            // A client that pings again and again and reads no answer is no browser.
            Ok(ws::Message::Ping(data)) => {
                if self.room(PONG_HEAD + data.len(), context) {
                    context.pong(&data);
                }
            }
            Ok(ws::Message::Pong(_)) => {
                if let Some(pushed) = self.pinged.take() {
                    self.read = pushed;
                }
                if self.read < self.pushed {
                    self.pinged = Some(self.pushed);
                    context.ping(b"");
                }
            }
            Ok(ws::Message::Close(reason)) => {
                context.close(reason);
                context.stop();
            }
            // Pages only listen; a text is a mistake that costs nothing.
            Ok(ws::Message::Text(_) | ws::Message::Nop) => {}
            Ok(ws::Message::Binary(_)) => self.cut(ws::CloseCode::Unsupported, context),
            Ok(ws::Message::Continuation(_)) => self.cut(ws::CloseCode::Size, context),
            Err(error) => self.cut(code(&error, &self.too_long), context),
        }
    }
}

/// The close code for a broken protocol (RFC 6455 §7.4.1).
fn code(error: &ws::ProtocolError, too_long: &TooLong) -> ws::CloseCode {
    match error {
        error if too_long.get() || matches!(error, ws::ProtocolError::Overflow) => ws::CloseCode::Size,
        // The crate reports a text that is not UTF-8 in this way; a broken connection gets no close code anyway.
        ws::ProtocolError::Io(why) if why.kind() == std::io::ErrorKind::Other => ws::CloseCode::Invalid,
        _ => ws::CloseCode::Protocol,
    }
}

/// Sends back each message: the protocol's own test suites talk to it, through the same codec and bounds as [`open`].
/// In test builds only.
#[cfg(feature = "echo")]
pub mod echo {
    use actix::prelude::{Actor, ActorContext, StreamHandler};
    use actix_http::ws::Item;
    use actix_web::web::{Bytes, BytesMut, Payload};
    use actix_web::{HttpRequest, HttpResponse};
    use actix_web_actors::ws;

    use super::frames::{Frames, TooLong};

    /// Largest frame and largest message, in bytes: what one client may cost (SPEC T3).
    pub const MESSAGE_MAX: usize = 256 * 1024;

    /// `GET /` of the example `echo`.
    ///
    /// # Errors
    /// When the request is no upgrade (RFC 6455 §4.2.1).
    #[expect(clippy::unused_async, reason = "a handler is async")]
    pub async fn open(request: HttpRequest, payload: Payload) -> Result<HttpResponse, actix_web::Error> {
        let (payload, too_long) = Frames::new(payload, MESSAGE_MAX);
        let echo = Echo { partial: None, too_long };
        ws::WsResponseBuilder::new(echo, &request, payload).frame_size(MESSAGE_MAX).start()
    }

    /// A message whose fragments have not all come.
    struct Partial {
        text: bool,
        bytes: BytesMut,
    }

    struct Echo {
        partial: Option<Partial>,
        too_long: TooLong,
    }

    type Context = ws::WebsocketContext<Echo>;

    impl Actor for Echo {
        type Context = Context;
    }

    impl Echo {
        fn close(code: ws::CloseCode, context: &mut Context) {
            context.close(Some(code.into()));
            context.stop();
        }

        fn say(text: bool, bytes: Bytes, context: &mut Context) {
            if text {
                match std::str::from_utf8(&bytes) {
                    Ok(text) => context.text(text),
                    Err(_) => Self::close(ws::CloseCode::Invalid, context),
                }
            } else {
                context.binary(bytes);
            }
        }

        fn first(&mut self, text: bool, bytes: &Bytes, context: &mut Context) {
            if self.partial.is_some() {
                return Self::close(ws::CloseCode::Protocol, context);
            }
            self.partial = Some(Partial { text, bytes: BytesMut::from(&bytes[..]) });
        }

        /// Adds the next fragment; sends the message once it is the last.
        fn next(&mut self, bytes: &Bytes, last: bool, context: &mut Context) {
            let Some(mut partial) = self.partial.take() else { return Self::close(ws::CloseCode::Protocol, context) };
            if partial.bytes.len() + bytes.len() > MESSAGE_MAX {
                return Self::close(ws::CloseCode::Size, context);
            }
            partial.bytes.extend_from_slice(bytes);
            if last {
                Self::say(partial.text, partial.bytes.freeze(), context);
            } else {
                self.partial = Some(partial);
            }
        }
    }

    impl StreamHandler<Result<ws::Message, ws::ProtocolError>> for Echo {
        fn handle(&mut self, message: Result<ws::Message, ws::ProtocolError>, context: &mut Context) {
            match message {
                // A whole message between the fragments of another (RFC 6455 §5.4).
                Ok(ws::Message::Text(_) | ws::Message::Binary(_)) if self.partial.is_some() => {
                    Self::close(ws::CloseCode::Protocol, context);
                }
                Ok(ws::Message::Text(text)) => context.text(text),
                Ok(ws::Message::Binary(bytes)) => context.binary(bytes),
                Ok(ws::Message::Ping(bytes)) => context.pong(&bytes),
                Ok(ws::Message::Pong(_) | ws::Message::Nop) => {}
                Ok(ws::Message::Continuation(item)) => match item {
                    Item::FirstText(bytes) => self.first(true, &bytes, context),
                    Item::FirstBinary(bytes) => self.first(false, &bytes, context),
                    Item::Continue(bytes) => self.next(&bytes, false, context),
                    Item::Last(bytes) => self.next(&bytes, true, context),
                },
                Ok(ws::Message::Close(reason)) => {
                    context.close(reason);
                    context.stop();
                }
                Err(error) => Self::close(super::code(&error, &self.too_long), context),
            }
        }
    }
}
