//! One actor per live account: its sockets, its counters as last pushed, and the commands of its mailbox.
//!
//! It holds no truth. A command is one transaction of the store; what it changes comes back through the journal, by
//! way of [`crate::live::Live`], to every tab of every account concerned, on every server.

use std::collections::HashMap;
use std::sync::Arc;

use actix::prelude::{Actor, Context, Handler, Recipient, ResponseFuture};
use domain::CompteId;
use domain::compteurs::Compteurs;
use futures_util::future::BoxFuture;
use serde::Serialize;
use store::Store;
use store::notifications::Notification;

/// Sockets one account may have at once; the oldest is closed when one more comes.
pub const SOCKETS_MAX: usize = 32;

/// What is sent to a socket. Our own type: the socket's library knows nothing of it.
#[derive(Clone, Debug, actix::Message)]
#[rtype(result = "()")]
pub enum Push {
    Text(Arc<str>),
    Close(Reason),
}

/// Why a socket is closed by the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    SessionEnded,
    /// It did not read fast enough; it will be sent the whole state when it comes back.
    Lagging,
    GoingAway,
    /// Too many sockets of one account.
    TooMany,
}

/// The messages on the wire (SPEC §15).
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Frame<'a> {
    Etat { a: i64, compteurs: &'a Compteurs },
    Compteurs { a: i64, compteurs: &'a Compteurs },
    Notification { a: i64, notification: Notice<'a> },
}

#[derive(Serialize)]
struct Notice<'a> {
    id: i64,
    titre: &'a str,
    texte: &'a str,
    lien: &'a str,
    at: String,
}

struct Socket {
    to: Recipient<Push>,
    session: i64,
    /// Whether it was sent the whole state.
    greeted: bool,
}

pub struct Compte {
    id: CompteId,
    store: Store,
    sockets: HashMap<u64, Socket>,
    shown: Option<(i64, Compteurs)>,
}

impl std::fmt::Debug for Compte {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compte").field("id", &self.id).field("sockets", &self.sockets.len()).finish_non_exhaustive()
    }
}

impl Compte {
    /// The actor of that account; it starts with no socket and knows nothing yet.
    pub fn new(id: CompteId, store: Store) -> Self {
        Self { id, store, sockets: HashMap::new(), shown: None }
    }

    /// Sends to every greeted socket; one that is full is closed, and resynchronised when it comes back.
    fn broadcast(&mut self, text: &Arc<str>) {
        let mut lagging = Vec::new();
        for (id, socket) in self.sockets.iter().filter(|(_, socket)| socket.greeted) {
            if socket.to.try_send(Push::Text(text.clone())).is_err() {
                lagging.push(*id);
            }
        }
        for id in lagging {
            self.close(id, Reason::Lagging);
        }
    }

    fn close(&mut self, id: u64, reason: Reason) {
        if let Some(socket) = self.sockets.remove(&id) {
            metrics::counter!("ei_sockets_closed_total", "reason" => format!("{reason:?}")).increment(1);
            // The last word may go past a full mailbox: it is one message, and nothing follows it.
            socket.to.do_send(Push::Close(reason));
        }
    }
}

impl Actor for Compte {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        context.set_mailbox_capacity(256);
    }
}

fn json(frame: &Frame<'_>) -> Arc<str> {
    // Numbers and short texts always serialise; were that to change, an empty object is ignored by the page.
    serde_json::to_string(frame).unwrap_or_else(|_| "{}".to_owned()).into()
}

/// A socket opened. It is sent the whole state at the next [`State`].
#[derive(Debug, actix::Message)]
#[rtype(result = "()")]
pub struct AttachSocket {
    pub id: u64,
    /// The session it was opened with.
    pub session: i64,
    pub to: Recipient<Push>,
}

impl Handler<AttachSocket> for Compte {
    type Result = ();
    fn handle(&mut self, attach: AttachSocket, _: &mut Self::Context) {
        if self.sockets.len() >= SOCKETS_MAX
            && let Some(oldest) = self.sockets.keys().min().copied()
        {
            self.close(oldest, Reason::TooMany);
        }
        self.sockets.insert(attach.id, Socket { to: attach.to, session: attach.session, greeted: false });
    }
}

#[derive(Debug, actix::Message)]
#[rtype(result = "()")]
pub struct DetachSocket(pub u64);

impl Handler<DetachSocket> for Compte {
    type Result = ();
    fn handle(&mut self, detach: DetachSocket, _: &mut Self::Context) {
        self.sockets.remove(&detach.0);
    }
}

/// The counters as they stood at a journal id.
#[derive(Clone, Copy, Debug, actix::Message)]
#[rtype(result = "()")]
pub struct State {
    /// The journal id they were read at.
    pub at: i64,
    pub compteurs: Compteurs,
}

impl Handler<State> for Compte {
    type Result = ();
    fn handle(&mut self, state: State, _: &mut Self::Context) {
        let stale = self.shown.is_some_and(|(at, _)| at > state.at);
        if !stale {
            let changed = self.shown.is_none_or(|(_, shown)| shown != state.compteurs);
            self.shown = Some((state.at, state.compteurs));
            if changed {
                self.broadcast(&json(&Frame::Compteurs { a: state.at, compteurs: &state.compteurs }));
            }
        }
        let Some((at, compteurs)) = self.shown else { return };
        let greeting = json(&Frame::Etat { a: at, compteurs: &compteurs });
        let mut lagging = Vec::new();
        for (id, socket) in self.sockets.iter_mut().filter(|(_, socket)| !socket.greeted) {
            socket.greeted = true;
            if socket.to.try_send(Push::Text(greeting.clone())).is_err() {
                lagging.push(*id);
            }
        }
        for id in lagging {
            self.close(id, Reason::Lagging);
        }
    }
}

/// Notifications to show at once.
#[derive(Clone, Debug, actix::Message)]
#[rtype(result = "()")]
pub struct Notify {
    pub at: i64,
    pub notifications: Vec<Notification>,
}

impl Handler<Notify> for Compte {
    type Result = ();
    fn handle(&mut self, notify: Notify, _: &mut Self::Context) {
        for notification in &notify.notifications {
            let frame = json(&Frame::Notification {
                a: notify.at,
                notification: Notice {
                    id: notification.id,
                    titre: &notification.titre,
                    texte: &notification.texte,
                    lien: &notification.lien,
                    at: notification.at.and_utc().to_rfc3339(),
                },
            });
            self.broadcast(&frame);
        }
    }
}

/// Sessions ended: their sockets close.
#[derive(Clone, Debug, actix::Message)]
#[rtype(result = "()")]
pub struct EndSessions {
    pub sessions: Option<Vec<i64>>,
    pub reason: Reason,
}

impl Handler<EndSessions> for Compte {
    type Result = ();
    fn handle(&mut self, end: EndSessions, _: &mut Self::Context) {
        let gone: Vec<u64> = self
            .sockets
            .iter()
            .filter(|(_, socket)| end.sessions.as_ref().is_none_or(|sessions| sessions.contains(&socket.session)))
            .map(|(id, _)| *id)
            .collect();
        for id in gone {
            self.close(id, end.reason);
        }
    }
}

/// What a command does with the store for this account, its type forgotten ([`crate::live::Comptes::ask`]).
type Task = Box<dyn FnOnce(Store, CompteId) -> BoxFuture<'static, ()> + Send>;

#[derive(actix::Message)]
#[rtype(result = "()")]
pub(crate) struct Run(pub(crate) Task);

impl Handler<Run> for Compte {
    type Result = ResponseFuture<()>;
    fn handle(&mut self, Run(task): Run, _: &mut Self::Context) -> Self::Result {
        task(self.store.clone(), self.id)
    }
}
