//! One connection to the mail server: opened, logged in, used for mail after mail.

use futures_util::future::BoxFuture;
use std::future::Future;
use std::time::Duration;

use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::address::{Address, Security};
use super::line::{Line, Reply};
use super::timeouts::Timeouts;
use crate::mailer::message::Composed;

/// The exchange during which something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Connect,
    Greeting,
    Hello,
    StartTls,
    Tls,
    Login,
    Reset,
    Mail,
    Recipient,
    Data,
    EndOfData,
}

/// What went wrong in an exchange.
#[derive(Debug)]
pub(super) enum Cause {
    /// The server said 4xx or 5xx.
    Refused(u16, String),
    /// The line broke, or what came is no SMTP.
    Broken(String),
    /// Nothing came in time.
    Silent(Duration),
}

#[derive(Debug)]
pub(super) struct Trouble {
    pub stage: Stage,
    pub cause: Cause,
}

impl Trouble {
    /// Whether the connection can be used for the next mail.
    pub fn leaves_the_line(&self) -> bool {
        // 421: the server closes (RFC 5321 §3.8).
        matches!(self.cause, Cause::Refused(code, _) if code != 421)
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.cause {
            Cause::Refused(code, text) => write!(f, "{:?}: the server said {code} {text}", self.stage),
            Cause::Broken(why) => write!(f, "{:?}: {why}", self.stage),
            Cause::Silent(limit) => write!(f, "{:?}: no answer in {limit:?}", self.stage),
        }
    }
}

/// Runs one exchange under its own limit.
async fn exchange<T, E: Into<Cause>>(
    stage: Stage,
    limit: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, Trouble> {
    match timeout(limit, work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Trouble { stage, cause: error.into() }),
        Err(_) => Err(Trouble { stage, cause: Cause::Silent(limit) }),
    }
}

impl From<std::io::Error> for Cause {
    fn from(error: std::io::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<lettre::transport::smtp::Error> for Cause {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        let said = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        match error.status() {
            Some(code) => Self::Refused(code.into(), said),
            None => Self::Broken(error.to_string()),
        }
    }
}

fn expect(stage: Stage, reply: &Reply, code: u16) -> Result<(), Trouble> {
    if reply.code == code {
        return Ok(());
    }
    Err(Trouble { stage, cause: Cause::Refused(reply.code, reply.text.clone()) })
}

/// The server at the other end, and how one speaks to it.
pub(super) struct Peer {
    pub(super) address: Address,
    pub(super) timeouts: Timeouts,
    pub(super) hello: ClientId,
    pub(super) tls: Option<(TlsConnector, ServerName<'static>)>,
}

pub(super) struct Session {
    connection: AsyncSmtpConnection,
    /// A mail was begun and refused: RSET comes before the next.
    begun: bool,
}

impl Session {
    /// Connects, greets, encrypts and logs in, as the address wants it.
    pub fn open(peer: &Peer) -> BoxFuture<'_, Result<Self, Trouble>> {
        Box::pin(async move {
            let (address, limits) = (&peer.address, &peer.timeouts);
            let mut line = exchange(Stage::Connect, limits.connect, Line::connect(&address.host, address.port)).await?;
            if let (Security::Tls, Some((connector, name))) = (address.security, &peer.tls) {
                line = exchange(Stage::Tls, limits.tls, line.encrypt(connector, name.clone())).await?;
            }
            let greeting = exchange(Stage::Greeting, limits.greeting, line.peek()).await?;
            expect(Stage::Greeting, &greeting, 220)?;
            if let (Security::StartTls, Some((connector, name))) = (address.security, &peer.tls) {
                line.take(&greeting);
                let hello = format!("EHLO {}", peer.hello);
                let answer = exchange(Stage::Hello, limits.hello, line.command(&hello)).await?;
                expect(Stage::Hello, &answer, 250)?;
                let answer = exchange(Stage::StartTls, limits.tls, line.command("STARTTLS")).await?;
                expect(Stage::StartTls, &answer, 220)?;
                line = exchange(Stage::Tls, limits.tls, line.encrypt(connector, name.clone())).await?;
                line.greet_again();
            }
            let hello = AsyncSmtpConnection::connect_with_transport(Box::new(line), &peer.hello);
            let mut connection = exchange(Stage::Hello, limits.hello, hello).await?;
            if let Some(credentials) = &address.credentials {
                let login = connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials);
                exchange(Stage::Login, limits.login, login).await?;
            }
            Ok(Self { connection, begun: false })
        })
    }

    /// RSET: forgets a mail that was begun, and shows that the connection lives.
    pub fn reset<'a>(&'a mut self, peer: &'a Peer) -> BoxFuture<'a, Result<(), Trouble>> {
        Box::pin(async move {
            exchange(Stage::Reset, peer.timeouts.reset, self.connection.command(Rset)).await?;
            self.begun = false;
            Ok(())
        })
    }

    /// Whether a mail was begun and not ended.
    pub fn begun(&self) -> bool {
        self.begun
    }

    pub fn send<'a>(&'a mut self, peer: &'a Peer, mail: &'a Composed) -> BoxFuture<'a, Result<(), Trouble>> {
        Box::pin(async move {
            let limits = &peer.timeouts;
            let connection = &mut self.connection;
            self.begun = true;
            let from = Mail::new(Some(mail.from.clone()), Vec::new());
            exchange(Stage::Mail, limits.mail, connection.command(from)).await?;
            let to = Rcpt::new(mail.to.clone(), Vec::new());
            exchange(Stage::Recipient, limits.recipient, connection.command(to)).await?;
            exchange(Stage::Data, limits.data, connection.command(Data)).await?;
            exchange(Stage::EndOfData, limits.end_of_data, connection.message(&mail.bytes)).await?;
            self.begun = false;
            Ok(())
        })
    }

    /// Says goodbye; whether the server answers doesn't matter any more.
    pub fn close(mut self, peer: &Peer) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if let Err(trouble) = exchange(Stage::Reset, peer.timeouts.reset, self.connection.command(Quit)).await {
                tracing::debug!(stage = ?trouble.stage, "an idle connection to the mail server was gone already");
            }
        })
    }
}
