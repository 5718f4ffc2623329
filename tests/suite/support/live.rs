//! An open tab: its socket, and what the page would show by the rules of `/live` (SPEC §15, T2).

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use serde_json::Value;
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::Client;
use super::wait::PATIENCE;

/// The code by which the server says that the session ended.
pub const SESSION_ENDED: u16 = 4401;

/// What a tab has been told.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The journal id of the counters shown; none before the first frame.
    pub at: Option<i64>,
    pub counters: Value,
    /// Notifications, oldest first.
    pub notifications: Vec<Value>,
    /// Every frame, with the moment it came.
    pub frames: Vec<(Instant, Value)>,
    /// Why the socket ended: its code, or 0 when it was cut.
    pub closed: Option<u16>,
}

impl Told {
    /// A counter shown; none when it does not concern the account.
    pub fn counter(&self, word: &str) -> Option<i64> {
        self.counters.get(word).and_then(Value::as_i64)
    }

    fn hear(&mut self, frame: Value) {
        self.frames.push((Instant::now(), frame.clone()));
        let kind = frame["type"].as_str().unwrap_or_default().to_owned();
        assert!(self.at.is_some() || kind == "etat", "the first frame is the whole state, not {frame}");
        match kind.as_str() {
            "etat" | "compteurs" => {
                let at = frame["a"].as_i64().unwrap_or_else(|| panic!("a journal id in {frame}"));
                // Older ones are ignored (T2), but what a connection says first stands.
                if kind == "etat" || self.at.is_none_or(|shown| at >= shown) {
                    self.at = Some(at);
                    self.counters = frame["compteurs"].clone();
                }
            }
            "notification" => self.notifications.push(frame["notification"].clone()),
            _ => {}
        }
    }
}

/// A tab whose socket is open.
#[derive(Debug)]
pub struct Tab {
    told: watch::Receiver<Told>,
    listening: tokio::task::JoinHandle<()>,
}

/// The outcome of asking for a socket.
pub type Opened =
    Result<tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>, Box<Error>>;

/// Asks for the socket with these cookies and this origin.
pub async fn upgrade(base: &str, cookies: &str, origin: Option<&str>) -> Opened {
    let url = format!("{}/live", base.replacen("http://", "ws://", 1));
    let mut request = url.into_client_request().expect("a request");
    if !cookies.is_empty() {
        request.headers_mut().insert("cookie", HeaderValue::from_str(cookies).expect("cookies"));
    }
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", HeaderValue::from_str(origin).expect("an origin"));
    }
    tokio_tungstenite::connect_async(request).await.map(|(socket, _)| socket).map_err(Box::new)
}

/// Opens a socket that is not entitled to anything, and says with which code it is closed before any word.
pub async fn first_close(client: &Client) -> u16 {
    let socket = upgrade(client.base(), &client.cookies(), Some(client.base())).await;
    let mut socket = socket.unwrap_or_else(|error| panic!("the socket of {} opens: {error}", client.base()));
    let first = tokio::time::timeout(PATIENCE, socket.next()).await.expect("it is not left open");
    match first {
        Some(Ok(Message::Close(Some(close)))) => close.code.into(),
        other => panic!("closed at once, not {other:?}"),
    }
}

impl Tab {
    /// Opens a socket and waits for the whole state.
    pub async fn open(client: &Client) -> Self {
        let socket = upgrade(client.base(), &client.cookies(), Some(client.base())).await;
        let mut socket = socket.unwrap_or_else(|error| panic!("the socket of {} opens: {error}", client.base()));
        let (say, told) = watch::channel(Told::default());
        let listening = tokio::spawn(async move {
            while let Some(message) = socket.next().await {
                match message {
                    Ok(Message::Text(text)) => {
                        let frame = serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}"));
                        say.send_modify(|told| told.hear(frame));
                    }
                    Ok(Message::Close(close)) => {
                        let code = close.map_or(0, |close| close.code.into());
                        say.send_modify(|told| told.closed = told.closed.or(Some(code)));
                    }
                    Ok(_) => {}
                    Err(_) => break,
                }
            }
            say.send_modify(|told| told.closed = told.closed.or(Some(0)));
        });
        let tab = Self { told, listening };
        tab.until("the whole state comes first", |told| told.at.is_some()).await;
        tab
    }

    /// What it has been told so far.
    pub fn told(&self) -> Told {
        self.told.borrow().clone()
    }

    /// The number of unread messages it shows.
    pub fn messages(&self) -> i64 {
        self.told().counter("messages").expect("a counter of messages")
    }

    /// Waits until the tab shows something.
    ///
    /// # Panics
    /// When it does not within the patience of the tests.
    pub async fn until(&self, what: &str, condition: impl Fn(&Told) -> bool) -> Told {
        let mut told = self.told.clone();
        let found =
            tokio::time::timeout(PATIENCE, told.wait_for(|told| condition(told) || told.closed.is_some())).await;
        match found {
            Ok(Ok(found)) if condition(&found) => found.clone(),
            _ => {
                let told = self.told();
                let last: Vec<_> = told.frames.iter().rev().take(5).map(|(_, frame)| frame.to_string()).collect();
                panic!("a tab does not show that {what}; closed: {:?}, told last: {last:#?}", told.closed)
            }
        }
    }

    /// Waits until it shows so many unread messages.
    pub async fn shows(&self, messages: i64) -> Told {
        let what = format!("{messages} messages are unread");
        self.until(&what, |told| told.counter("messages") == Some(messages)).await
    }

    /// Waits until the server closes it, and says with which code.
    pub async fn closed(&self) -> u16 {
        let told = self.until("it is closed", |told| told.closed.is_some()).await;
        told.closed.expect("a code")
    }

    /// Whether it stays open for a while in which it would have been closed.
    pub fn is_open(&self) -> bool {
        self.told().closed.is_none()
    }

    /// Cuts the connection, as a network does: nothing is said to the server.
    pub fn cut(self) {
        self.listening.abort();
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// How long after `since` the first frame came that fulfils the condition.
pub fn delay(told: &Told, since: Instant, condition: impl Fn(&Value) -> bool) -> Duration {
    let (at, _) = told
        .frames
        .iter()
        .find(|(at, frame)| *at >= since && condition(frame))
        .unwrap_or_else(|| panic!("no such frame since then: {:?}", told.frames));
    at.duration_since(since)
}
