//! A real mail server program that keeps what it accepts: Postfix's `smtp-sink`, one per test.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::eventually;

/// A mail server of the test's own.
#[derive(Debug)]
pub struct Sink {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

/// A mail that it accepted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delivered {
    pub to: String,
    pub id: String,
    /// The subject, decoded.
    pub subject: String,
    /// The text part, decoded.
    pub text: String,
    /// The whole of it, as it came.
    pub raw: String,
}

impl Sink {
    /// Starts one that accepts everything.
    pub async fn start() -> Self {
        Self::start_with(&[], 0).await
    }

    /// Starts one with flags of `smtp-sink`, on a port, or on a free one when it is 0.
    pub async fn start_with(flags: &[&str], port: u16) -> Self {
        let folder = tempfile::Builder::new().prefix("ei-test-mails-").tempdir().expect("a folder");
        let port = if port == 0 { free_port() } else { port };
        let mut command = Command::new("smtp-sink");
        if is_root() {
            // It refuses to stay root.
            let owned = Command::new("chown").arg("nobody").arg(folder.path()).status().expect("chown");
            assert!(owned.success(), "the folder is nobody's");
            command.args(["-u", "nobody"]);
        }
        let child = command
            .args(flags)
            .args(["-d", "%H%M%S-", &format!("127.0.0.1:{port}"), "1000"])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("smtp-sink is installed");
        let sink = Self { child, port, folder };
        eventually("smtp-sink listens", async || std::net::TcpStream::connect(("127.0.0.1", port)).ok()).await;
        sink
    }

    /// Its address, as the program takes it.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Its port, for another that takes its place.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it has accepted so far, in no particular order.
    pub fn delivered(&self) -> Vec<Delivered> {
        let files = std::fs::read_dir(self.folder.path()).expect("its folder");
        files.filter_map(|file| read(&file.expect("a file").path())).collect()
    }

    /// What it has accepted for somebody whose subject or text contains these words.
    pub fn to(&self, address: &str, words: &str) -> Vec<Delivered> {
        let mut all = self.delivered();
        all.retain(|mail| mail.to == address && (mail.subject.contains(words) || mail.text.contains(words)));
        all
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("it is dead");
    }
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().expect("id");
    output.stdout == b"0\n"
}

/// A port that nobody listens on now.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("its address").port()
}

/// A mail, or nothing while it is still being written.
fn read(path: &Path) -> Option<Delivered> {
    let bytes = std::fs::read(path).ok()?;
    let raw = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    let (head, body) = raw.split_once("\n\n")?;
    let headers = head.replace("\n ", " ").replace("\n\t", " ");
    let header = |name: &str| {
        headers.lines().find_map(|line| {
            let (other, value) = line.split_once(':')?;
            other.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    // The mail has ended when its outer boundary is closed.
    let kind = header("Content-Type")?;
    if let Some(boundary) = parameter(&kind, "boundary") {
        body.contains(&format!("--{boundary}--")).then_some(())?;
    }
    let to = header("X-Rcpt-Args")?;
    let to = to.split(['<', '>']).nth(1)?.to_owned();
    Some(Delivered {
        to,
        id: header("Message-ID")?,
        subject: decoded_words(&header("Subject")?),
        text: text_part(head, body),
        raw: raw.clone(),
    })
}

fn parameter(value: &str, name: &str) -> Option<String> {
    let (_, after) = value.split_once(&format!("{name}="))?;
    let after = after.strip_prefix('"').unwrap_or(after);
    Some(after.split(['"', ';', ' ']).next().unwrap_or_default().to_owned())
}

/// The first text/plain part, decoded.
fn text_part(head: &str, body: &str) -> String {
    let lower = head.to_ascii_lowercase().replace("\n ", " ").replace("\n\t", " ");
    if lower.contains("content-type: multipart/") {
        let unfolded = head.replace("\n ", " ").replace("\n\t", " ");
        let line = unfolded.lines().find(|line| line.to_ascii_lowercase().starts_with("content-type:"));
        let Some(boundary) = line.and_then(|line| parameter(line, "boundary")) else { return String::new() };
        let delimiter = format!("--{boundary}");
        let parts = body.split(&delimiter);
        let texts = parts.filter_map(|part| part.trim_start_matches('\n').split_once("\n\n"));
        return texts.map(|(head, body)| text_part(head, body)).find(|text| !text.is_empty()).unwrap_or_default();
    }
    if !lower.contains("content-type: text/plain") {
        return String::new();
    }
    if lower.contains("transfer-encoding: base64") {
        String::from_utf8_lossy(&base64(body)).into_owned()
    } else if lower.contains("transfer-encoding: quoted-printable") {
        quoted_printable(&body.replace("=\n", ""), false)
    } else {
        body.to_owned()
    }
}

/// Decodes the words of a header that are not ASCII (RFC 2047).
fn decoded_words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("=?") {
        // The space between two encoded words is not part of the text.
        if !before.trim().is_empty() || out.is_empty() {
            out.push_str(before);
        }
        let mut fields = after.splitn(3, '?');
        let (Some(_charset), Some(encoding), Some(tail)) = (fields.next(), fields.next(), fields.next()) else { break };
        let Some((text, tail)) = tail.split_once("?=") else { break };
        if encoding.eq_ignore_ascii_case("b") {
            out.push_str(&String::from_utf8_lossy(&base64(text)));
        } else {
            out.push_str(&quoted_printable(text, true));
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn quoted_printable(text: &str, header: bool) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'=' => {
                let pair = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                let pair = std::str::from_utf8(&pair).unwrap_or("00").to_owned();
                bytes.push(u8::from_str_radix(&pair, 16).unwrap_or(b'?'));
            }
            b'_' if header => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

pub fn base64(text: &str) -> Vec<u8> {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for value in text.bytes().filter_map(|byte| digits.iter().position(|digit| *digit == byte)) {
        bits = (bits << 6) | u32::try_from(value).expect("six bits");
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from((bits >> count) & 0xff).expect("eight bits"));
        }
    }
    out
}

#[test]
fn the_words_of_a_header_are_decoded() {
    assert_eq!(decoded_words("=?utf-8?b?w4kgbGE=?= =?utf-8?q?_c=C3=B4te?= (fin)"), "É la côte (fin)");
    assert_eq!(decoded_words("Dates de mars"), "Dates de mars");
}
