//! A mail server for tests and measurements: it does what its script says, mail by mail, and keeps what it was given.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio_rustls::TlsAcceptor;

/// What the server does with the next mail.
#[derive(Clone)]
pub enum Act {
    /// 250.
    Accept,
    /// This reply to RCPT.
    Recipient(&'static str),
    /// This reply to MAIL.
    Sender(&'static str),
    /// This reply to the end of the message.
    EndOfData(&'static str),
    /// Takes the whole message and never answers.
    Silent,
    /// Takes the whole message, then the connection dies.
    Die,
    /// 250, then the connection dies.
    AcceptThenClose,
    /// 250 once the gate is opened.
    Gate(Arc<Notify>),
}

#[derive(Clone, Default)]
pub enum Protection {
    #[default]
    None,
    /// STARTTLS is offered; the reply in the clear may hold more than it should.
    StartTls(TlsAcceptor, &'static str),
    /// From the first byte.
    Tls(TlsAcceptor),
}

/// A message that was taken, whatever was answered then.
#[derive(Clone, Debug)]
pub struct Received {
    pub to: String,
    pub text: String,
    pub encrypted: bool,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        let start = format!("{name}: ");
        self.text.lines().take_while(|line| !line.is_empty()).find_map(|line| line.strip_prefix(&start))
    }
}

pub struct SmtpServer {
    pub port: u16,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

struct Shared {
    script: Mutex<VecDeque<Act>>,
    protection: Protection,
    login: Option<&'static str>,
    received: watch::Sender<Vec<Received>>,
    keep: bool,
    taken: AtomicUsize,
    connections: AtomicUsize,
    open: AtomicUsize,
    open_most: AtomicUsize,
    resets: AtomicUsize,
    logins: AtomicUsize,
}

impl SmtpServer {
    /// Starts a server; mails beyond the script are accepted.
    pub async fn start(script: impl IntoIterator<Item = Act>) -> Self {
        Self::with(script, Protection::None, None, true).await
    }

    /// Starts a server that throws everything away.
    pub async fn sink() -> Self {
        Self::with([], Protection::None, None, false).await
    }

    /// `login` is what AUTH PLAIN must be given, in base 64.
    pub async fn with(
        script: impl IntoIterator<Item = Act>,
        protection: Protection,
        login: Option<&'static str>,
        keep: bool,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            script: Mutex::new(script.into_iter().collect()),
            protection,
            login,
            received: watch::Sender::new(Vec::new()),
            keep,
            taken: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
            open_most: AtomicUsize::new(0),
            resets: AtomicUsize::new(0),
            logins: AtomicUsize::new(0),
        });
        let task = tokio::spawn({
            let shared = shared.clone();
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(serve(shared.clone(), stream));
                }
            }
        });
        Self { port, shared, task }
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub fn received(&self) -> Vec<Received> {
        self.shared.received.borrow().clone()
    }

    /// Waits until that many messages were taken.
    pub async fn wait_for(&self, count: usize) {
        let mut watch = self.shared.received.subscribe();
        watch.wait_for(|all| all.len() >= count).await.unwrap();
    }

    pub fn taken(&self) -> usize {
        self.shared.taken.load(Ordering::SeqCst)
    }

    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    pub fn open_most(&self) -> usize {
        self.shared.open_most.load(Ordering::SeqCst)
    }

    pub fn open(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }

    pub fn resets(&self) -> usize {
        self.shared.resets.load(Ordering::SeqCst)
    }

    pub fn logins(&self) -> usize {
        self.shared.logins.load(Ordering::SeqCst)
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(shared: Arc<Shared>, stream: TcpStream) {
    shared.connections.fetch_add(1, Ordering::SeqCst);
    let now = shared.open.fetch_add(1, Ordering::SeqCst) + 1;
    shared.open_most.fetch_max(now, Ordering::SeqCst);
    stream.set_nodelay(true).unwrap();
    match shared.protection.clone() {
        Protection::Tls(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                Dialogue::new(&shared, stream, true).run(true, None).await;
            }
        }
        Protection::StartTls(acceptor, reply) => {
            let mut dialogue = Dialogue::new(&shared, stream, false);
            if dialogue.run(true, Some(reply)).await {
                let stream = dialogue.stream.into_inner();
                if let Ok(stream) = acceptor.accept(stream).await {
                    Dialogue::new(&shared, stream, true).run(false, None).await;
                }
            }
        }
        Protection::None => {
            Dialogue::new(&shared, stream, false).run(true, None).await;
        }
    }
    shared.open.fetch_sub(1, Ordering::SeqCst);
}

struct Dialogue<'s, S> {
    shared: &'s Shared,
    stream: BufReader<S>,
    encrypted: bool,
    logged_in: bool,
}

impl<'s, S: AsyncRead + AsyncWrite + Unpin> Dialogue<'s, S> {
    fn new(shared: &'s Shared, stream: S, encrypted: bool) -> Self {
        Self { shared, stream: BufReader::new(stream), encrypted, logged_in: false }
    }

    async fn say(&mut self, reply: &str) -> bool {
        self.stream.write_all(format!("{reply}\r\n").as_bytes()).await.is_ok() && self.stream.flush().await.is_ok()
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.stream.read_line(&mut line).await.unwrap_or(0);
        (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// True when the client asked for TLS and was told to begin.
    async fn run(&mut self, greet: bool, starttls: Option<&'static str>) -> bool {
        if greet && !self.say("220 test ESMTP").await {
            return false;
        }
        let (mut act, mut to) = (Act::Accept, String::new());
        while let Some(line) = self.line().await {
            let word = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
            let reply = match word.as_str() {
                "EHLO" if starttls.is_some() => "250-test\r\n250-STARTTLS\r\n250 8BITMIME".to_owned(),
                "EHLO" => "250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME".to_owned(),
                "STARTTLS" => {
                    return match starttls {
                        Some(reply) => self.say(reply).await,
                        None => false,
                    };
                }
                "AUTH" => {
                    self.shared.logins.fetch_add(1, Ordering::SeqCst);
                    self.logged_in = line.strip_prefix("AUTH PLAIN ") == self.shared.login;
                    if self.logged_in { "235 ok" } else { "535 no" }.to_owned()
                }
                "RSET" => {
                    self.shared.resets.fetch_add(1, Ordering::SeqCst);
                    "250 ok".to_owned()
                }
                "MAIL" => {
                    act = self.shared.script.lock().unwrap().pop_front().unwrap_or(Act::Accept);
                    match act {
                        _ if self.shared.login.is_some() && !self.logged_in => "530 log in first".to_owned(),
                        Act::Sender(reply) => reply.to_owned(),
                        _ => "250 ok".to_owned(),
                    }
                }
                "RCPT" => {
                    to = line.trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned();
                    if let Act::Recipient(reply) = act { reply.to_owned() } else { "250 ok".to_owned() }
                }
                "DATA" => {
                    if !self.say("354 go on").await {
                        return false;
                    }
                    let Some(text) = self.message().await else { return false };
                    self.shared.taken.fetch_add(1, Ordering::SeqCst);
                    if self.shared.keep {
                        let received = Received { to: to.clone(), text, encrypted: self.encrypted };
                        self.shared.received.send_modify(|all| all.push(received));
                    }
                    match &act {
                        Act::EndOfData(reply) => (*reply).to_owned(),
                        Act::Die => return false,
                        Act::Silent => {
                            // Until the client hangs up.
                            while self.line().await.is_some() {}
                            return false;
                        }
                        Act::AcceptThenClose => {
                            self.say("250 taken").await;
                            return false;
                        }
                        Act::Gate(gate) => {
                            gate.notified().await;
                            "250 taken".to_owned()
                        }
                        Act::Accept | Act::Recipient(_) | Act::Sender(_) => "250 taken".to_owned(),
                    }
                }
                "QUIT" => {
                    self.say("221 bye").await;
                    return false;
                }
                _ => "500 unknown".to_owned(),
            };
            if !self.say(&reply).await {
                return false;
            }
        }
        false
    }

    async fn message(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let line = self.line().await?;
            if line == "." {
                return Some(text);
            }
            if self.shared.keep {
                text.push_str(line.strip_prefix('.').unwrap_or(&line));
                text.push('\n');
            }
        }
    }
}
