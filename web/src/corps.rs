//! How long the body of a request may take (SPEC Q8). A slow body holds a place, memory and the end of the server for
//! as long as its sender likes. The HTTP server sets the deadline of the head; this sets that of the body.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::{ConnectionType, header};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpMessage, HttpRequest};
use futures_util::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::app::App;
use crate::csrf;
use crate::error::Error;
use crate::fields::Fields;
use crate::session::Viewer;
use crate::views::Reprise;

/// Slowest accepted connection: that many bytes in any thirty seconds of waiting. A telephone at the edge of its
/// network does ten times as much.
const WINDOW: Duration = Duration::from_secs(30);
const WINDOW_BYTES: u64 = 30 * 1024;
/// The window moves in steps of this length.
const STEP: Duration = Duration::from_secs(10);
/// Longest wait for a form without files, which holds half a megabyte at most.
const FORM_MAX: Duration = Duration::from_mins(2);
/// Longest wait for a form with files: those of a whole dossier at 100 kB/s.
const FILES_MAX: Duration = Duration::from_mins(10);
/// How long a body may still take once the server stops.
const STOPPING_MAX: Duration = Duration::from_secs(8);

/// Middleware: answers 408 to a request whose body does not come, or comes too slowly.
pub async fn in_time(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if request.method().is_safe() {
        // A GET has no body, or is a live socket.
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let longest = if kind.starts_with("multipart/") { FILES_MAX } else { FORM_MAX };
    let stopping = request.app_data::<Data<App>>().map(|app| app.stopping.subscribe());
    let late = Rc::new(Cell::new(false));
    let typed = kind.starts_with("application/x-www-form-urlencoded").then(Typed::default);
    if let Some(typed) = &typed {
        request.extensions_mut().insert(typed.clone());
    }
    let payload = InTime {
        inner: request.take_payload(),
        stopping: stopping.map(|mut told| -> Pin<Box<dyn Future<Output = ()>>> {
            Box::pin(async move {
                // The sender lives as long as the program.
                let _told = told.wait_for(|stops| *stops).await;
                tokio::time::sleep(STOPPING_MAX).await;
            })
        }),
        pace: Pace::new(longest),
        since: None,
        sleep: None,
        late: late.clone(),
        typed,
    };
    request.set_payload(Payload::Stream { payload: Box::pin(payload) });
    let response = next.call(request).await?.map_into_boxed_body();
    if !late.get() {
        return Ok(response);
    }
    let (request, _) = response.into_parts();
    let mut response = ServiceResponse::from_err(Error::Late, request);
    // What is still to come of this body must not be read as the next request.
    response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    Ok(response)
}

/// The bytes of a form received so far, kept as long as a page of ours may send that form.
#[derive(Clone, Default)]
struct Typed(Rc<RefCell<Vec<u8>>>);

impl Typed {
    fn keep(&self, bytes: &[u8]) {
        let mut kept = self.0.borrow_mut();
        if kept.len() + bytes.len() <= csrf::FORM_MAX {
            kept.extend_from_slice(bytes);
        }
    }
}

/// The fields typed in a form that could not be taken: none when it holds a password, or is not a form of our pages.
pub fn typed(request: &HttpRequest) -> Reprise {
    let Some(typed) = request.extensions().get::<Typed>().cloned() else { return Reprise::default() };
    let fields = Fields::parse(&String::from_utf8_lossy(&typed.0.borrow()));
    let ours = Viewer::of(request).is_some_and(|viewer| csrf::same(fields.one("_csrf"), viewer.csrf()));
    if !ours || fields.iter().any(|(name, _)| name.contains("mot_de_passe")) {
        return Reprise::default();
    }
    Reprise::of(request, &fields)
}

/// How much came and how long the server waited for it; time that the server itself takes does not count.
struct Pace {
    longest: Duration,
    waited: Duration,
    /// Time waited since the last step, and bytes received meanwhile.
    step: (Duration, u64),
    /// Bytes received in each step before, the oldest first; full once a whole window has passed.
    before: Vec<u64>,
}

impl Pace {
    fn new(longest: Duration) -> Self {
        Self { longest, waited: Duration::ZERO, step: (Duration::ZERO, 0), before: Vec::new() }
    }

    /// How long to wait at most before the next check.
    fn patience(&self) -> Duration {
        STEP.saturating_sub(self.step.0).min(self.longest.saturating_sub(self.waited))
    }

    fn came(&mut self, bytes: usize) {
        self.step.1 += bytes as u64;
    }

    /// Adds a wait; returns whether the body is now too slow.
    fn waited(&mut self, how_long: Duration) -> bool {
        self.waited += how_long;
        self.step.0 += how_long;
        if self.waited >= self.longest {
            return true;
        }
        if self.step.0 < STEP {
            return false;
        }
        self.before.push(self.step.1);
        self.step = (Duration::ZERO, 0);
        let steps = (WINDOW.as_secs() / STEP.as_secs()) as usize;
        if self.before.len() > steps {
            self.before.remove(0);
        }
        self.before.len() == steps && self.before.iter().sum::<u64>() < WINDOW_BYTES
    }
}

/// A body that ends with an error when it comes too slowly.
struct InTime<S> {
    inner: S,
    /// Ends some time after the server was told to stop.
    stopping: Option<Pin<Box<dyn Future<Output = ()>>>>,
    pace: Pace,
    since: Option<Instant>,
    sleep: Option<Pin<Box<Sleep>>>,
    late: Rc<Cell<bool>>,
    typed: Option<Typed>,
}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + Unpin> InTime<S> {
    fn give_up(&mut self) -> Poll<Option<Result<Bytes, PayloadError>>> {
        self.late.set(true);
        Poll::Ready(Some(Err(PayloadError::Io(std::io::ErrorKind::TimedOut.into()))))
    }
}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + Unpin> Stream for InTime<S> {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.late.get() {
            return Poll::Ready(None);
        }
        let came = Pin::new(&mut self.inner).poll_next(context);
        let now = Instant::now();
        if let Some(since) = self.since.take()
            && self.pace.waited(now - since)
        {
            return self.give_up();
        }
        if let Poll::Ready(came) = came {
            if let Some(Ok(bytes)) = &came {
                self.pace.came(bytes.len());
                if let Some(typed) = &self.typed {
                    typed.keep(bytes);
                }
            }
            return Poll::Ready(came);
        }
        if let Some(stopping) = &mut self.stopping
            && stopping.as_mut().poll(context).is_ready()
        {
            return self.give_up();
        }
        self.since = Some(now);
        let until = now + self.pace.patience();
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(until)));
        sleep.as_mut().reset(until);
        match sleep.as_mut().poll(context) {
            // The time is over: looked at again at once.
            Poll::Ready(()) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// After how many seconds a line is given up that brings that much each second.
    fn given_up(longest: Duration, each: usize) -> Option<u64> {
        let mut pace = Pace::new(longest);
        (1..=900).find(|_| {
            pace.came(each);
            pace.waited(SECOND)
        })
    }

    #[test]
    fn q8_a_body_that_trickles_is_given_up_and_a_slow_one_is_not() {
        assert_eq!(given_up(FILES_MAX, 0), Some(30));
        assert_eq!(given_up(FILES_MAX, 1_000), Some(30));
        assert_eq!(given_up(FILES_MAX, 1_024), Some(600), "slow, and too long at last");
        assert_eq!(given_up(FORM_MAX, 20_000), Some(120));
        // Two megabytes at 20 kB/s take 100 seconds.
        assert!(given_up(FILES_MAX, 20_000) > Some(100));
    }

    #[test]
    fn q8_a_line_that_stops_after_a_good_start_is_given_up_too() {
        let mut pace = Pace::new(FILES_MAX);
        pace.came(2_000_000);
        assert!((1..=30).all(|_| !pace.waited(SECOND)), "it was fast");
        assert_eq!((31..=90).find(|_| pace.waited(SECOND)), Some(40));
    }
}
