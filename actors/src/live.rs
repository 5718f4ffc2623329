//! Routes what happened to the accounts that have a page open on this server.
//!
//! `Live` follows the journal from the moment it starts; a socket that (re)connects is first sent the whole state.
//! An account whose counters may have changed is put in the set of those to look at: many events amount to one look,
//! many accounts to one grouped query. A full mailbox leaves the account in the set, so no hint is ever lost.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actix::prelude::{
    Actor, ActorContext, ActorFutureExt, Addr, Arbiter, AsyncContext, Context, Handler, Message, MessageResult,
    Recipient, WrapFuture,
};
use domain::compteurs::Compteurs;
use domain::journal::Fact;
use domain::{CompteId, CorrespondantId};
use store::compteurs::Subject;
use store::journal::{Entry, Stretch};
use store::notifications::Notification;
use store::{Engine, Store};
use tokio::sync::oneshot;

use crate::commands::{Answer, Command};
use crate::compte::{AttachSocket, Compte, DetachSocket, EndSessions, Notify, Push, Reason, Run, State};
use crate::follower::{Called, Failure, Stop, Wake};

/// How it is named among the followers.
pub const CALLED: Called = Called { name: "live", label: "Nouveautés en direct" };

/// Rows of the journal read at once.
const BATCH: i64 = 1_000;
/// How long hints are gathered before a look: many sockets that open together are greeted by one query.
const GATHER: Duration = Duration::from_millis(2);
/// How long an account without socket is kept for its next command.
const KEPT_IDLE: Duration = Duration::from_mins(1);
/// How often the open sockets' sessions are checked, besides the journal's word.
const RECHECK: Duration = Duration::from_mins(1);
/// Accounts that may be live on one server: a bound on memory.
const ACCOUNTS_MAX: usize = 200_000;

/// What is known of the account that opens a page or gives a command.
#[derive(Clone, Copy, Debug)]
pub struct Identity {
    pub compte: CompteId,
    pub correspondant: Option<CorrespondantId>,
    pub session: i64,
}

/// What can be seen of `Live` from outside.
#[derive(Debug, Default)]
pub struct Watched {
    pub position: AtomicI64,
    pub sockets: AtomicUsize,
    pub accounts: AtomicUsize,
    pub failures: AtomicU64,
}

struct Account {
    actor: Addr<Compte>,
    correspondant: Option<CorrespondantId>,
    sockets: HashMap<u64, i64>,
    used: Instant,
}

pub struct Live {
    store: Store,
    accounts: HashMap<CompteId, Account>,
    readers: HashMap<CorrespondantId, HashSet<CompteId>>,
    dirty: HashSet<CompteId>,
    notices: Vec<Entry>,
    cursor: i64,
    busy: bool,
    again: bool,
    stopping: bool,
    arbiters: Vec<Arbiter>,
    watched: Arc<Watched>,
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live")
            .field("accounts", &self.accounts.len())
            .field("cursor", &self.cursor)
            .finish_non_exhaustive()
    }
}

/// What a look brought back.
struct Seen {
    at: i64,
    counters: HashMap<CompteId, Compteurs>,
    notifications: Vec<(i64, Notification)>,
}

impl Live {
    /// Follows the journal from `cursor` on; accounts live on `threads` threads.
    pub fn new(store: Store, cursor: i64, threads: usize, watched: Arc<Watched>) -> Self {
        watched.position.store(cursor, Ordering::SeqCst);
        Self {
            store,
            accounts: HashMap::new(),
            readers: HashMap::new(),
            dirty: HashSet::new(),
            notices: Vec::new(),
            cursor,
            busy: false,
            again: false,
            stopping: false,
            arbiters: (0..threads.max(1)).map(|_| Arbiter::new()).collect(),
            watched,
        }
    }

    fn account(&mut self, identity: &Identity) -> Option<&mut Account> {
        if !self.accounts.contains_key(&identity.compte) {
            if self.accounts.len() >= ACCOUNTS_MAX || self.stopping {
                return None;
            }
            let rank = usize::try_from(identity.compte.0.unsigned_abs()).unwrap_or(0) % self.arbiters.len();
            let (compte, store) = (identity.compte, self.store.clone());
            let actor = Compte::start_in_arbiter(&self.arbiters[rank].handle(), move |_| Compte::new(compte, store));
            self.accounts.insert(
                compte,
                Account { actor, correspondant: identity.correspondant, sockets: HashMap::new(), used: Instant::now() },
            );
            if let Some(correspondant) = identity.correspondant {
                self.readers.entry(correspondant).or_default().insert(compte);
            }
            self.watched.accounts.store(self.accounts.len(), Ordering::Relaxed);
        }
        let account = self.accounts.get_mut(&identity.compte);
        if let Some(account) = account {
            account.used = Instant::now();
            return Some(account);
        }
        None
    }

    fn forget(&mut self, compte: CompteId) {
        if let Some(account) = self.accounts.remove(&compte) {
            if let Some(correspondant) = account.correspondant
                && let Some(readers) = self.readers.get_mut(&correspondant)
            {
                readers.remove(&compte);
                if readers.is_empty() {
                    self.readers.remove(&correspondant);
                }
            }
            self.watched.accounts.store(self.accounts.len(), Ordering::Relaxed);
        }
    }

    fn look_soon(&mut self, context: &mut Context<Self>) {
        if self.busy {
            self.again = true;
        } else {
            self.busy = true;
            context.run_later(GATHER, Self::read_journal);
        }
    }

    /// First half of a look: what happened since the cursor.
    fn read_journal(&mut self, context: &mut Context<Self>) {
        self.busy = true;
        self.again = false;
        let (store, cursor) = (self.store.clone(), self.cursor);
        let read = async move { store.follow(cursor, BATCH).await };
        context.spawn(read.into_actor(self).map(|read, actor, context| match read {
            Ok(stretch) => actor.route(stretch, context),
            Err(error) => actor.failed(&error.into(), context),
        }));
    }

    fn route(&mut self, stretch: Stretch, context: &mut Context<Self>) {
        self.again |= stretch.more;
        self.cursor = stretch.end;
        for entry in stretch.entries {
            self.route_one(entry);
        }
        self.watched.position.store(self.cursor, Ordering::SeqCst);
        self.read_counters(context);
    }

    fn route_one(&mut self, entry: Entry) {
        let audience = entry.fact.audience();
        for compte in audience.comptes {
            if self.accounts.contains_key(&compte) {
                self.dirty.insert(compte);
            }
        }
        for correspondant in audience.correspondants {
            if let Some(readers) = self.readers.get(&correspondant) {
                self.dirty.extend(readers);
            }
        }
        match &entry.fact {
            Fact::SessionsFermees { compte, sessions } => self.end_sessions(*compte, Some(sessions.clone())),
            Fact::CompteSupprime { compte } | Fact::CompteArchive { compte } => self.end_sessions(*compte, None),
            Fact::AlertesEnvoyees { .. } | Fact::NotificationsCreees { .. } => self.notices.push(entry),
            _ => {}
        }
    }

    fn end_sessions(&mut self, compte: CompteId, sessions: Option<Vec<i64>>) {
        if let Some(account) = self.accounts.get(&compte) {
            account.actor.do_send(EndSessions { sessions, reason: Reason::SessionEnded });
        }
    }

    /// Second half: the counters of everybody concerned, in one grouped query.
    fn read_counters(&mut self, context: &mut Context<Self>) {
        let subjects: Vec<Subject> = self
            .dirty
            .drain()
            .filter_map(|compte| {
                let account = self.accounts.get(&compte)?;
                Some(Subject { compte, correspondant: account.correspondant })
            })
            .collect();
        let notices: Vec<(Entry, Vec<i64>)> = self
            .notices
            .drain(..)
            .map(|entry| {
                let here = entry.fact.audience().comptes;
                let here = here.into_iter().filter(|compte| self.accounts.contains_key(compte)).map(|compte| compte.0);
                let here = here.collect();
                (entry, here)
            })
            .filter(|(_, here): &(Entry, Vec<i64>)| !here.is_empty())
            .collect();
        if subjects.is_empty() && notices.is_empty() {
            self.rest(context);
            return;
        }
        let store = self.store.clone();
        let asked = subjects.clone();
        let read = async move {
            let mut connection = store.read().await?;
            let (at, counters) = store::compteurs::read(&mut connection, &asked).await?;
            let mut notifications = Vec::new();
            for (entry, here) in notices {
                let found = store::notifications::made_at(&mut connection, &here, entry.at).await?;
                notifications.extend(found.into_iter().map(|notification| (entry.id, notification)));
            }
            Ok::<_, store::Error>(Seen { at, counters, notifications })
        };
        context.spawn(read.into_actor(self).map(move |read, actor, context| match read {
            Ok(seen) => actor.deliver(seen, context),
            Err(error) => {
                actor.dirty.extend(subjects.iter().map(|subject| subject.compte));
                actor.failed(&error.into(), context);
            }
        }));
    }

    fn deliver(&mut self, seen: Seen, context: &mut Context<Self>) {
        let mut by_account: HashMap<CompteId, (i64, Vec<Notification>)> = HashMap::new();
        for (at, notification) in seen.notifications {
            let entry = by_account.entry(CompteId(notification.compte_id)).or_default();
            entry.0 = at;
            entry.1.push(notification);
        }
        for (compte, (at, notifications)) in by_account {
            // A page that misses this still counts it, and shows it in its list: the counter below is what matters.
            if let Some(account) = self.accounts.get(&compte)
                && account.actor.try_send(Notify { at, notifications }).is_err()
            {
                metrics::counter!("ei_notifications_not_pushed_total").increment(1);
            }
        }
        for (compte, compteurs) in seen.counters {
            if let Some(account) = self.accounts.get(&compte)
                && account.actor.try_send(State { at: seen.at, compteurs }).is_err()
            {
                self.dirty.insert(compte);
                self.again = true;
            }
        }
        self.rest(context);
    }

    /// Ends a look that went well.
    fn rest(&mut self, context: &mut Context<Self>) {
        if self.watched.failures.swap(0, Ordering::Relaxed) > 0 {
            tracing::info!("live looks at the database work again");
        }
        self.busy = false;
        if self.again || !self.dirty.is_empty() {
            self.look_soon(context);
        }
    }

    fn failed(&mut self, error: &Failure, _: &mut Context<Self>) {
        // Busy no more: the next wake or tick tries again from the same cursor.
        self.busy = false;
        let failures = self.watched.failures.fetch_add(1, Ordering::Relaxed) + 1;
        if failures.is_power_of_two() {
            tracing::warn!(failures, %error, "live looks at the database failed and will be tried again");
        }
    }

    fn sweep(&mut self, _: &mut Context<Self>) {
        let idle: Vec<CompteId> = self
            .accounts
            .iter()
            .filter(|(_, account)| account.sockets.is_empty() && account.used.elapsed() > KEPT_IDLE)
            .map(|(compte, _)| *compte)
            .collect();
        for compte in idle {
            self.forget(compte);
        }
    }

    /// Closes the sockets of sessions that ended without a fact of the journal (their time is over, a clock moved).
    fn recheck(&mut self, context: &mut Context<Self>) {
        let open: Vec<(CompteId, i64)> = self
            .accounts
            .iter()
            .flat_map(|(compte, account)| account.sockets.values().map(|session| (*compte, *session)))
            .collect();
        if open.is_empty() {
            return;
        }
        let store = self.store.clone();
        let check = async move {
            let now = store.clock().now();
            let mut connection = store.read().await?;
            let mut alive = HashSet::new();
            for batch in open.chunks(5_000) {
                let ids: Vec<i64> = batch.iter().map(|(_, session)| *session).collect();
                alive.extend(store::sessions::alive(&mut connection, &ids, now).await?);
            }
            Ok::<_, store::Error>(open.into_iter().filter(|(_, session)| !alive.contains(session)).collect::<Vec<_>>())
        };
        context.spawn(check.into_actor(self).map(|ended, actor, _| match ended {
            Ok(ended) => {
                for (compte, session) in ended {
                    actor.end_sessions(compte, Some(vec![session]));
                }
            }
            Err(error) => tracing::warn!(%error, "open sessions could not be checked; they will be at the next round"),
        }));
    }
}

impl Actor for Live {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        context.set_mailbox_capacity(4_096);
        let tick = match self.store.engine() {
            Engine::Sqlite => Duration::from_secs(1),
            // Another server's hint may be lost: what it did is still seen within SPEC T2's 250 ms.
            Engine::Postgres => Duration::from_millis(150),
        };
        context.run_interval(tick, Self::look_soon);
        context.run_interval(Duration::from_secs(15), Self::sweep);
        context.run_interval(RECHECK, Self::recheck);
    }
}

impl Handler<Wake> for Live {
    type Result = ();
    fn handle(&mut self, _: Wake, context: &mut Self::Context) {
        self.look_soon(context);
    }
}

/// The actor of an account, made if need be; none when the server stops or is full.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "Option<Addr<Compte>>")]
pub struct Open(pub Identity);

impl Handler<Open> for Live {
    type Result = MessageResult<Open>;
    fn handle(&mut self, Open(identity): Open, _: &mut Self::Context) -> Self::Result {
        MessageResult(self.account(&identity).map(|account| account.actor.clone()))
    }
}

#[derive(Debug, Message)]
#[rtype(result = "bool")]
pub struct Attach {
    pub identity: Identity,
    pub socket: u64,
    pub to: Recipient<Push>,
}

impl Handler<Attach> for Live {
    type Result = bool;
    fn handle(&mut self, attach: Attach, context: &mut Self::Context) -> bool {
        let identity = attach.identity;
        let Some(account) = self.account(&identity) else { return false };
        account.sockets.insert(attach.socket, identity.session);
        account.actor.do_send(AttachSocket { id: attach.socket, session: identity.session, to: attach.to });
        self.watched.sockets.fetch_add(1, Ordering::Relaxed);
        self.dirty.insert(identity.compte);
        self.look_soon(context);
        true
    }
}

#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct Detach {
    pub compte: CompteId,
    pub socket: u64,
}

impl Handler<Detach> for Live {
    type Result = ();
    fn handle(&mut self, detach: Detach, _: &mut Self::Context) {
        if let Some(account) = self.accounts.get_mut(&detach.compte)
            && account.sockets.remove(&detach.socket).is_some()
        {
            account.used = Instant::now();
            account.actor.do_send(DetachSocket(detach.socket));
            self.watched.sockets.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Tell every socket that the server goes away; commands still work.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub struct CloseSockets;

impl Handler<CloseSockets> for Live {
    type Result = ();
    fn handle(&mut self, _: CloseSockets, _: &mut Self::Context) {
        for account in self.accounts.values() {
            account.actor.do_send(EndSessions { sessions: None, reason: Reason::GoingAway });
        }
    }
}

impl Handler<Stop> for Live {
    type Result = ();
    fn handle(&mut self, _: Stop, context: &mut Self::Context) {
        self.stopping = true;
        for arbiter in &self.arbiters {
            arbiter.stop();
        }
        context.stop();
    }
}

/// How the web reaches accounts. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Comptes {
    live: Addr<Live>,
    watched: Arc<Watched>,
}

/// The server stops or is full.
#[derive(Debug, thiserror::Error)]
#[error("no account can be reached: the server is stopping or full")]
pub struct Unreachable;

/// Why a command has no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Comptes {
    /// A way to the accounts through `Live`.
    pub fn new(live: Addr<Live>, watched: Arc<Watched>) -> Self {
        Self { live, watched }
    }

    /// Asks an account's actor for something in the name of that account, and waits for the answer: what was done, or
    /// why a rule refuses it.
    pub fn ask<'a, C: Command<By = CompteId>>(
        &'a self,
        identity: &'a Identity,
        command: C,
    ) -> BoxFuture<'a, Answer<C, AskError>> {
        let (tell, told) = oneshot::channel();
        let task = Run(Box::new(move |store, by| {
            Box::pin(command.perform(store, by).map(|answer| {
                // Who asked may have gone away: it is done all the same.
                let _gone = tell.send(answer);
            }))
        }));
        Box::pin(async move {
            self.run(identity, task).await?;
            Ok(told.await.map_err(|_| Unreachable)??)
        })
    }

    fn run(&self, identity: &Identity, task: Run) -> BoxFuture<'_, Result<(), Unreachable>> {
        let open = Open(*identity);
        Box::pin(async move {
            let actor = self.live.send(open).await.map_err(|_| Unreachable)?.ok_or(Unreachable)?;
            actor.send(task).await.map_err(|_| Unreachable)
        })
    }

    /// Says that a socket opened.
    pub fn attach(&self, attach: Attach) -> BoxFuture<'_, Result<(), Unreachable>> {
        Box::pin(async move {
            if self.live.send(attach).await.map_err(|_| Unreachable)? { Ok(()) } else { Err(Unreachable) }
        })
    }

    /// Says that a socket closed. Never waits: it is called from a destructor.
    pub fn detach(&self, detach: Detach) {
        self.live.do_send(detach);
    }

    /// What can be seen of the live side.
    pub fn watched(&self) -> &Watched {
        &self.watched
    }
}
