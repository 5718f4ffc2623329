//! An antivirus beside the server: ClamAV's `clamd`, spoken to over TCP or a local socket.
//!
//! Each file is streamed to it (command `INSTREAM`): it needs no access to our files, and sealed ones never lie open on
//! a disk. Every wait is bounded: a scanner that accepts a connection and says nothing counts as down.

use futures_util::future::BoxFuture;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use clamav_client::PONG;
use clamav_client::tokio::{Socket, Tcp, ping, scan_buffer, scan_file};

/// Longest wait for an answer about the scanner itself.
const PING_WITHIN: Duration = Duration::from_secs(5);
/// How long one file may take: our largest is 10 MiB.
const SCAN_WITHIN: Duration = Duration::from_mins(2);
/// Bytes sent at once.
const PIECE: usize = 64 * 1024;

/// Where `clamd` listens: `tcp://host:port` or `unix:/path`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Antivirus {
    /// A host and a port.
    Tcp(String),
    /// The path of a local socket.
    Unix(PathBuf),
}

/// A text that is not the address of a scanner.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("« {0} » n’est pas une adresse de clamd : écrivez tcp://hôte:port, ou unix:/chemin/du/socket.")]
pub struct BadAddress(pub String);

impl FromStr for Antivirus {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadAddress(text.to_owned());
        if let Some(path) = text.strip_prefix("unix:") {
            let path = Path::new(path);
            return if path.is_absolute() { Ok(Self::Unix(path.to_owned())) } else { Err(bad()) };
        }
        let address = text.strip_prefix("tcp://").ok_or_else(bad)?;
        let (host, port) = address.rsplit_once(':').ok_or_else(bad)?;
        let plausible =
            !host.is_empty() && !host.contains(['/', '@', ' ']) && port.parse::<u16>().is_ok_and(|port| port > 0);
        if plausible { Ok(Self::Tcp(address.to_owned())) } else { Err(bad()) }
    }
}

impl fmt::Display for Antivirus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(formatter, "tcp://{address}"),
            Self::Unix(path) => write!(formatter, "unix:{}", path.display()),
        }
    }
}

/// What the antivirus says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// Something was found; the name that the antivirus gives it.
    Infected(String),
}

/// Why there is no verdict on a file, for the log.
#[derive(Debug, thiserror::Error)]
pub enum AntivirusError {
    #[error("the antivirus: {0}")]
    Unreachable(#[from] io::Error),
    #[error("the antivirus has said nothing for {0:?}")]
    Silent(Duration),
    #[error("the antivirus answers {0:?}")]
    Answer(String),
}

impl Antivirus {
    /// Checks that the antivirus is there.
    ///
    /// # Errors
    /// When it is not, or answers something else than `PONG`.
    pub fn ping(&self) -> BoxFuture<'_, Result<(), AntivirusError>> {
        Box::pin(async move {
            let answer = within(PING_WITHIN, async {
                match self {
                    Self::Tcp(host_address) => ping(Tcp { host_address }).await,
                    Self::Unix(socket_path) => ping(Socket { socket_path }).await,
                }
            });
            let answer = answer.await?;
            if answer == PONG { Ok(()) } else { Err(AntivirusError::Answer(shown(&answer))) }
        })
    }

    /// Scans bytes.
    ///
    /// # Errors
    /// When it gives no verdict.
    pub fn scan<'a>(&'a self, bytes: &'a [u8]) -> BoxFuture<'a, Result<Verdict, AntivirusError>> {
        Box::pin(async move {
            let answer = within(SCAN_WITHIN, async {
                match self {
                    Self::Tcp(host_address) => scan_buffer(bytes, Tcp { host_address }, Some(PIECE)).await,
                    Self::Unix(socket_path) => scan_buffer(bytes, Socket { socket_path }, Some(PIECE)).await,
                }
            });
            verdict(&answer.await?)
        })
    }

    /// Scans a file, which is never whole in memory.
    ///
    /// # Errors
    /// When it gives no verdict, or the file can't be read.
    pub fn scan_file<'a>(&'a self, path: &'a Path) -> BoxFuture<'a, Result<Verdict, AntivirusError>> {
        Box::pin(async move {
            let answer = within(SCAN_WITHIN, async {
                match self {
                    Self::Tcp(host_address) => scan_file(path, Tcp { host_address }, Some(PIECE)).await,
                    Self::Unix(socket_path) => scan_file(path, Socket { socket_path }, Some(PIECE)).await,
                }
            });
            verdict(&answer.await?)
        })
    }
}

async fn within(limit: Duration, answer: impl Future<Output = io::Result<Vec<u8>>>) -> Result<Vec<u8>, AntivirusError> {
    match tokio::time::timeout(limit, answer).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(AntivirusError::Silent(limit)),
    }
}

/// The verdict in `stream: OK`, `stream: <name> FOUND`, or an error, followed by a zero (clamd(8)).
fn verdict(answer: &[u8]) -> Result<Verdict, AntivirusError> {
    let text = shown(answer);
    let said = text.strip_prefix("stream: ").unwrap_or_default();
    match (said, said.strip_suffix(" FOUND")) {
        ("OK", _) => Ok(Verdict::Clean),
        (_, Some(name)) if !name.is_empty() => Ok(Verdict::Infected(name.to_owned())),
        _ => Err(AntivirusError::Answer(text)),
    }
}

fn shown(answer: &[u8]) -> String {
    String::from_utf8_lossy(answer).trim_end_matches(['\0', '\n']).chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q8_an_address_of_clamd_is_read_or_said_to_be_none() {
        let local: Antivirus = "unix:/run/clamav/clamd.ctl".parse().unwrap();
        assert_eq!(local, Antivirus::Unix("/run/clamav/clamd.ctl".into()));
        for text in
            ["unix:/run/clamav/clamd.ctl", "tcp://127.0.0.1:3310", "tcp://clamd.example:3310", "tcp://[::1]:3310"]
        {
            assert_eq!(text.parse::<Antivirus>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "127.0.0.1:3310",
            "tcp://",
            "tcp://clamd",
            "tcp://:3310",
            "tcp://clamd:0",
            "tcp://a:99999",
            "unix:clamd",
            "http://a:1",
        ] {
            let refused = text.parse::<Antivirus>().unwrap_err().to_string();
            assert!(refused.contains("tcp://hôte:port"), "{text}: {refused}");
        }
    }

    #[test]
    fn q8_only_a_verdict_is_a_verdict() {
        assert_eq!(verdict(b"stream: OK\0").unwrap(), Verdict::Clean);
        assert_eq!(verdict(b"stream: Eicar-Signature FOUND\0").unwrap(), Verdict::Infected("Eicar-Signature".into()));
        for answer in [
            &b""[..],
            b"\0",
            b"OK\0",
            b"stream: \0",
            b"stream:  FOUND\0",
            b"INSTREAM size limit exceeded. ERROR\0",
            b"stream: OK\0stream: Eicar FOUND\0OK",
            b"HTTP/1.1 200 OK",
            b"\xff\xfe",
        ] {
            assert!(matches!(verdict(answer), Err(AntivirusError::Answer(_))), "{answer:?}");
        }
    }
}
