//! An open tab: its socket, and a common ear to which every frame is reported with the moment it came.

use std::time::Instant;

use futures_util::StreamExt;
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedSender;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::Failure;

/// What a frame is, by its `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The whole state, the first frame.
    Etat,
    Compteurs,
    Notification,
    Closed,
}

#[derive(Clone, Copy, Debug)]
pub struct Heard {
    /// The tab, by the number it was opened with.
    pub tab: usize,
    pub kind: Kind,
    pub at: Instant,
}

/// Opens the socket of a session; it lives, and answers pings, until the task is aborted.
pub async fn open(
    address: &str,
    token: &str,
    tab: usize,
    ear: UnboundedSender<Heard>,
) -> Result<tokio::task::JoinHandle<()>, Failure> {
    let mut request = format!("ws://{address}/live").into_client_request()?;
    request.headers_mut().insert("cookie", HeaderValue::from_str(&format!("ei_session={token}"))?);
    request.headers_mut().insert("origin", HeaderValue::from_str(&format!("http://{address}"))?);
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    // The client's default of 128 KiB for each socket would be most of the machine's memory.
    let config = WebSocketConfig::default().read_buffer_size(1024);
    let (socket, _) = tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await?;
    Ok(tokio::spawn(listen(socket, tab, ear)))
}

async fn listen(mut socket: WebSocketStream<TcpStream>, tab: usize, ear: UnboundedSender<Heard>) {
    while let Some(message) = socket.next().await {
        let at = Instant::now();
        let kind = match message {
            Ok(Message::Text(text)) if text.starts_with("{\"type\":\"compteurs\"") => Kind::Compteurs,
            Ok(Message::Text(text)) if text.starts_with("{\"type\":\"notification\"") => Kind::Notification,
            Ok(Message::Text(text)) if text.starts_with("{\"type\":\"etat\"") => Kind::Etat,
            Ok(Message::Text(_) | Message::Close(_)) | Err(_) => break,
            Ok(_) => continue,
        };
        if ear.send(Heard { tab, kind, at }).is_err() {
            return;
        }
    }
    if ear.send(Heard { tab, kind: Kind::Closed, at: Instant::now() }).is_err() {
        // The measure ended before the socket: nobody is left to be told.
    }
}
