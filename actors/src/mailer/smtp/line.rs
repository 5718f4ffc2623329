//! The line to the mail server: TCP without Nagle's algorithm, TLS, and the first words, up to where lettre takes
//! over.
//!
//! A mail's body and the dot that ends it are two writes: with Nagle's algorithm the second waits for the server's
//! delayed acknowledgement, 40 ms for each mail. The first words are ours too, so that each has its own time limit
//! and nothing that was said before TLS is believed after it.

use futures_util::future::BoxFuture;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;

/// Longest reply before lettre takes over; EHLO's is some hundred bytes.
const REPLY_MAX: usize = 64 * 1024;

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A connected stream, with what was read of it but not yet taken.
#[derive(Debug)]
pub(super) struct Line {
    stream: Stream,
    ahead: Vec<u8>,
    taken: usize,
}

/// A reply of the server that is complete.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reply {
    pub code: u16,
    pub text: String,
    /// Bytes of the reply itself; more may have come.
    length: usize,
}

impl Line {
    /// Opens the TCP connection with TCP_NODELAY.
    pub fn connect(host: &str, port: u16) -> BoxFuture<'_, io::Result<Self>> {
        Box::pin(async move {
            let stream = TcpStream::connect((host, port)).await?;
            stream.set_nodelay(true)?;
            Ok(Self { stream: Stream::Plain(stream), ahead: Vec::new(), taken: 0 })
        })
    }

    /// Encrypts what follows. Whatever came in the clear and was not asked for is an attack (RFC 3207 §6) or a
    /// broken server.
    pub fn encrypt<'a>(
        self,
        connector: &'a TlsConnector,
        name: ServerName<'static>,
    ) -> BoxFuture<'a, io::Result<Self>> {
        Box::pin(async move {
            if self.taken < self.ahead.len() {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "the server spoke before TLS began"));
            }
            let Stream::Plain(stream) = self.stream else {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "the line is encrypted already"));
            };
            let stream = connector.connect(name, stream).await?;
            Ok(Self { stream: Stream::Tls(Box::new(stream)), ahead: Vec::new(), taken: 0 })
        })
    }

    /// Lets whoever reads next find a greeting, because the server sends none after STARTTLS.
    pub fn greet_again(&mut self) {
        self.ahead = b"220 \r\n".to_vec();
        self.taken = 0;
    }

    /// Waits for a whole reply and leaves it to be read again.
    pub fn peek(&mut self) -> BoxFuture<'_, io::Result<Reply>> {
        Box::pin(async move {
            loop {
                if let Some(reply) = parse(&self.ahead[self.taken..])? {
                    return Ok(reply);
                }
                if self.ahead.len() - self.taken > REPLY_MAX {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "the server's reply is too long"));
                }
                let mut part = [0; 1024];
                let read = match &mut self.stream {
                    Stream::Plain(stream) => stream.read(&mut part).await?,
                    Stream::Tls(stream) => stream.read(&mut part).await?,
                };
                if read == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                self.ahead.extend_from_slice(&part[..read]);
            }
        })
    }

    pub fn take(&mut self, reply: &Reply) {
        self.taken += reply.length;
    }

    pub fn command<'a>(&'a mut self, command: &'a str) -> BoxFuture<'a, io::Result<Reply>> {
        Box::pin(async move {
            let bytes = format!("{command}\r\n").into_bytes();
            self.write_all(&bytes).await?;
            self.flush().await?;
            let reply = self.peek().await?;
            self.take(&reply);
            Ok(reply)
        })
    }

    fn socket(&self) -> &TcpStream {
        match &self.stream {
            Stream::Plain(stream) => stream,
            Stream::Tls(stream) => stream.get_ref().0,
        }
    }
}

/// A reply of RFC 5321 §4.2 if it is there in full: lines with a hyphen, then one without.
fn parse(bytes: &[u8]) -> io::Result<Option<Reply>> {
    let malformed = || io::Error::new(io::ErrorKind::InvalidData, "the server does not speak SMTP");
    let mut text = String::new();
    let mut length = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if line.last() != Some(&b'\n') {
            return Ok(None);
        }
        length += line.len();
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end();
        let code = line.get(..3).and_then(|code| code.parse::<u16>().ok()).filter(|code| (200..600).contains(code));
        let code = code.ok_or_else(malformed)?;
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line.get(4..).unwrap_or_default());
        match line.as_bytes().get(3) {
            Some(b'-') => {}
            None | Some(b' ') => return Ok(Some(Reply { code, text, length })),
            Some(_) => return Err(malformed()),
        }
    }
    Ok(None)
}

impl AsyncTokioStream for Line {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.socket().peer_addr()
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.taken < self.ahead.len() {
            let end = self.ahead.len().min(self.taken + buffer.remaining());
            buffer.put_slice(&self.ahead[self.taken..end]);
            self.taken = end;
            return Poll::Ready(Ok(()));
        }
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn q10_the_socket_has_nodelay_set() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let line = Line::connect("127.0.0.1", listener.local_addr().unwrap().port()).await.unwrap();
        assert!(line.socket().nodelay().unwrap());
    }

    #[test]
    fn q8_a_reply_is_read_when_it_is_whole() {
        assert_eq!(parse(b"").unwrap(), None);
        assert_eq!(parse(b"220 re").unwrap(), None);
        assert_eq!(parse(b"250-a\r\n250 ").unwrap(), None);
        let reply = parse(b"250-mail\r\n250-STARTTLS\r\n250 HELP\r\n220 more").unwrap().unwrap();
        assert_eq!((reply.code, reply.text.as_str(), reply.length), (250, "mail STARTTLS HELP", 34));
        for bad in [&b"HTTP/1.1 400\r\n"[..], b"2\r\n", b"250_x\r\n", b"999 x\r\n", b"\xff\xff\xff\r\n", b"\r\n"] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }
}
