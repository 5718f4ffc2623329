//! SMTP: a small pool of kept connections, and what the server's answers mean for a mail.

pub mod address;
mod line;
mod session;
pub mod timeouts;

use futures_util::future::BoxFuture;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lettre::transport::smtp::extension::ClientId;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use self::address::{Address, Security};
use self::session::{Cause, Peer, Session, Stage, Trouble};
use self::timeouts::Timeouts;
use super::ConfigError;
use super::answer::Answer;
use super::message::Composed;

/// A connection that was silent that long is asked for a sign of life before a mail is entrusted to it.
const FRESH: Duration = Duration::from_secs(2);
/// A connection without work is closed after that time: servers close theirs after 30 s to 5 min.
const IDLE_MAX: Duration = Duration::from_secs(20);
/// Most connections to one server; more is rude and gets refused.
const CONNECTIONS_MAX: usize = 64;
/// Characters that are kept of a server's explanation.
const REASON_MAX: usize = 500;

/// What can be set besides the address.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections at the same time, from 1 to 64.
    pub connections: usize,
    pub timeouts: Timeouts,
    pub roots: Vec<CertificateDer<'static>>,
}

impl Default for Options {
    fn default() -> Self {
        Self { connections: 4, timeouts: Timeouts::default(), roots: Vec::new() }
    }
}

struct Kept {
    session: Session,
    since: Instant,
}

/// The mail server, with the connections kept to it.
pub struct Smtp {
    peer: Peer,
    connections: usize,
    slots: Semaphore,
    kept: Mutex<Vec<Kept>>,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp").field("address", &self.peer.address).finish_non_exhaustive()
    }
}

impl Smtp {
    /// Prepares connections to the server that the URL names; none is opened yet.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn new(url: &str, options: Options) -> Result<Self, ConfigError> {
        let address = Address::parse(url)?;
        if !(1..=CONNECTIONS_MAX).contains(&options.connections) {
            return Err(ConfigError::Connections);
        }
        let tls = match address.security {
            Security::Plain => None,
            Security::StartTls | Security::Tls => Some(tls(&address.host, options.roots)?),
        };
        Ok(Self {
            peer: Peer { address, timeouts: options.timeouts, hello: ClientId::default(), tls },
            connections: options.connections,
            slots: Semaphore::new(options.connections),
            kept: Mutex::new(Vec::new()),
        })
    }

    /// Connections that may be open at the same time.
    pub fn connections(&self) -> usize {
        self.connections
    }

    /// The longest that one [`Smtp::send`] can last once a connection is free.
    pub fn longest_send(&self) -> Duration {
        self.peer.timeouts.longest()
    }

    /// Hands one mail over, on a kept connection if there is one.
    pub fn send<'a>(&'a self, mail: &'a Composed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let Ok(_slot) = self.slots.acquire().await else {
                return Answer::Unreachable("the pool of connections is closed".to_owned());
            };
            if let Some(session) = self.revived().await {
                match self.attempt(session, mail).await {
                    // The server closed the connection while nobody looked: nothing of the mail was said yet.
                    Err(trouble) if trouble.stage == Stage::Mail && !trouble.leaves_the_line() => {}
                    ended => return answer(ended),
                }
            }
            match Session::open(&self.peer).await {
                Ok(session) => answer(self.attempt(session, mail).await),
                Err(trouble) => answer(Err(trouble)),
            }
        })
    }

    /// Closes connections that had nothing to do for a while.
    pub fn close_idle(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let old: Vec<Kept> = {
                let mut kept = self.lock();
                let (old, young) = kept.drain(..).partition(|one| one.since.elapsed() >= IDLE_MAX);
                *kept = young;
                old
            };
            for one in old {
                one.session.close(&self.peer).await;
            }
        })
    }

    /// The kept connection that was used last, if it lives.
    async fn revived(&self) -> Option<Session> {
        let Kept { mut session, since } = self.lock().pop()?;
        if !session.begun() && since.elapsed() < FRESH {
            return Some(session);
        }
        match session.reset(&self.peer).await {
            Ok(()) => Some(session),
            Err(trouble) => {
                tracing::debug!(stage = ?trouble.stage, "a kept connection to the mail server is dead");
                // The others are older: to ask each would cost its whole time limit.
                self.lock().clear();
                None
            }
        }
    }

    async fn attempt(&self, mut session: Session, mail: &Composed) -> Result<(), Trouble> {
        let ended = session.send(&self.peer, mail).await;
        if ended.as_ref().err().is_none_or(Trouble::leaves_the_line) {
            self.lock().push(Kept { session, since: Instant::now() });
        }
        ended
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Kept>> {
        // The list is whole after every statement, also if a holder panicked.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an exchange's end means for the mail.
fn answer(ended: Result<(), Trouble>) -> Answer {
    let Err(trouble) = ended else {
        return Answer::Taken;
    };
    let why: String = trouble.to_string().chars().take(REASON_MAX).collect();
    let the_mail_itself = matches!(trouble.stage, Stage::Mail | Stage::Recipient | Stage::Data | Stage::EndOfData);
    match trouble.cause {
        // Before MAIL nothing was said of this mail: the server or our settings are at fault, for all mails alike.
        _ if !the_mail_itself => Answer::Unreachable(why),
        // Login wanted or too weak (RFC 4954 §6): our settings, too.
        Cause::Refused(530 | 534 | 535 | 538, _) => Answer::Unreachable(why),
        // Too many recipients, which some servers say with 5 (RFC 5321 §4.5.3.1.10).
        Cause::Refused(552, _) if trouble.stage == Stage::Recipient => Answer::Later(why),
        Cause::Refused(500.., _) => Answer::Never(why),
        Cause::Refused(..) | Cause::Broken(_) | Cause::Silent(_) => Answer::Later(why),
    }
}

fn tls(host: &str, more: Vec<CertificateDer<'static>>) -> Result<(TlsConnector, ServerName<'static>), ConfigError> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| ConfigError::ServerName(host.to_owned()))?;
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "a certificate authority of the system can't be read");
    }
    let mut roots = RootCertStore::empty();
    let (taken, _) = roots.add_parsable_certificates(found.certs.into_iter().chain(more));
    if taken == 0 {
        return Err(ConfigError::NoRoots);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| ConfigError::TlsSetup(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok((TlsConnector::from(Arc::new(config)), name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(stage: Stage, code: u16) -> Answer {
        answer(Err(Trouble { stage, cause: Cause::Refused(code, String::new()) }))
    }

    #[test]
    fn m2_what_an_answer_means_for_the_mail() {
        assert_eq!(answer(Ok(())), Answer::Taken);
        for stage in [Stage::Mail, Stage::Recipient, Stage::Data, Stage::EndOfData] {
            assert!(matches!(refused(stage, 451), Answer::Later(_)), "{stage:?}");
            assert!(matches!(refused(stage, 421), Answer::Later(_)), "{stage:?}");
            assert!(matches!(refused(stage, 550), Answer::Never(_)), "{stage:?}");
            assert!(matches!(refused(stage, 530), Answer::Unreachable(_)), "{stage:?}");
        }
        assert!(matches!(refused(Stage::Recipient, 552), Answer::Later(_)));
        assert!(matches!(refused(Stage::EndOfData, 552), Answer::Never(_)));
        // A wrong password must not fail every mail for good.
        for stage in [Stage::Greeting, Stage::Hello, Stage::StartTls, Stage::Login] {
            assert!(matches!(refused(stage, 535), Answer::Unreachable(_)), "{stage:?}");
        }
        let silent = Trouble { stage: Stage::EndOfData, cause: Cause::Silent(Duration::from_mins(2)) };
        assert!(matches!(answer(Err(silent)), Answer::Later(_)));
    }

    #[test]
    fn o3_the_number_of_connections_is_bounded() {
        for connections in [0, 65] {
            let options = Options { connections, ..Options::default() };
            assert_eq!(Smtp::new("smtp://127.0.0.1", options).err(), Some(ConfigError::Connections));
        }
    }
}
