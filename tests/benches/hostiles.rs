//! Hostile sockets and bodies: `cargo bench --bench hostiles -- [accounts] [seconds]` (20 and 20 by default).
//!
//! Each account opens as many sockets as it may, reads none of them, and sends as much as it is let: half of them one frame
//! that announces a gigabyte, half of them pings. One that is closed is opened again. Then as many connections send a form
//! one byte at a time. Measured: what the server's memory grows by at its highest, per socket and per account; and how
//! long a push to an honest account takes meanwhile, beside the same before.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use common::person::{GESTIONNAIRE, INTERVENANT, Person, compte, open_sessions, open_store};
use common::program::Program;
use common::tab::{self, Heard, Kind};
use common::{Failure, Times, argument, line, ratio};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpSocket;
use tokio::sync::mpsc::UnboundedReceiver;

/// Sockets that an account may have.
const SOCKETS: usize = 32;
/// Messages to the honest account, before and meanwhile.
const MESSAGES: usize = 30;
/// Issue's bounds, in bytes.
const AIM_SOCKET: f64 = 128.0 * 1024.0;
const AIM_ACCOUNT: f64 = 4.0 * 1024.0 * 1024.0;
/// Bytes a second that all their lines bring together, a gigabit: what they add is the server's work, not this machine's copying.
const LINE: f64 = 125e6;
/// Bytes that are sent at once.
const PIECE: usize = 16 * 1024;
/// A socket that was closed is opened again no sooner.
const AGAIN: Duration = Duration::from_millis(200);

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let (accounts, seconds) = (argument(0, 20)?, argument(1, 20)?);
    let sockets = accounts * SOCKETS;
    rlimit::increase_nofile_limit(u64::MAX)?;
    println!("{accounts} hostile accounts with {SOCKETS} sockets each, {seconds} s");
    let folder = tempfile::tempdir()?;
    let (data, logs) = (folder.path().join("data"), folder.path().join("logs"));
    let arguments = ["--intervenants", "60", "--annonces", "20", "--fichiers", "0"];
    let mut program = Program::demo(&data, &logs, &arguments)?;
    program.first_page("/")?;
    program.stop()?;
    let store = open_store(&data).await?;
    let (writer, honest) = (compte(&store, GESTIONNAIRE).await?, compte(&store, INTERVENANT).await?);
    let mut hostile = store::intervenants::ids_after(&mut store.read().await?, 0, 60).await?;
    hostile.retain(|id| *id != honest.id);
    hostile.truncate(accounts);
    let tokens = open_sessions(&store, &hostile).await?;
    let ours = open_sessions(&store, &[writer.id, honest.id]).await?;
    let mailbox = store::correspondants::of_compte(&mut store.read().await?, honest.id).await?.ok_or("no mailbox")?;
    drop(store);

    let mut program = Program::demo(&data, &logs, &arguments)?;
    program.first_page("/")?;
    program.wait_until_quiet()?;
    let (say, mut ear) = tokio::sync::mpsc::unbounded_channel();
    let tab = tab::open(&program.address(), &ours[1], 0, say).await?;
    let person = Person::with_session(&program.url(), &ours[0])?;
    let before = pushes(&person, mailbox.0, &mut ear, "avant").await?;
    program.wait_until_quiet()?;

    let memory = program.memory()?;
    let (ends, sent) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let mut tasks = Vec::new();
    for number in 0..sockets {
        let (address, token) = (program.address(), tokens[number % tokens.len()].clone());
        let pause = (number % 2 == 0).then(|| Duration::from_secs_f64((PIECE * sockets / 2) as f64 / LINE));
        let (ends, sent) = (ends.clone(), sent.clone());
        tasks.push(tokio::spawn(async move {
            while !ends.load(Ordering::Relaxed) {
                // One that is refused or closed is opened again: that is its end.
                let _closed = hostile_socket(&address, &token, pause, &sent).await;
                tokio::time::sleep(AGAIN).await;
            }
        }));
    }
    let watched = highest(&program, Duration::from_secs(seconds as u64));
    let (most, meanwhile) = tokio::join!(watched, pushes(&person, mailbox.0, &mut ear, "pendant"));
    let (grown, meanwhile) = (most?.saturating_sub(memory) as f64, meanwhile?);
    ends.store(true, Ordering::Relaxed);
    for task in tasks {
        task.abort();
    }
    line("sent by the hostile sockets", format!("{:.1} MB", sent.load(Ordering::Relaxed) as f64 / 1e6));
    line("the server's memory grew by", format!("{:.1} MB", grown / 1e6));
    for (what, each, aim) in
        [("… per socket", grown / sockets as f64, AIM_SOCKET), ("… per account", grown / accounts as f64, AIM_ACCOUNT)]
    {
        let held = if each <= aim { "held" } else { "missed" };
        line(what, format!("{:.1} kB; aim {:.0} kB: {held}", each / 1024.0, aim / 1024.0));
    }
    line("a push to an honest account, before", before.in_words());
    line("… meanwhile", meanwhile.in_words());
    line("… at the median", ratio(meanwhile.median().as_secs_f64(), before.median().as_secs_f64()));

    program.wait_until_quiet()?;
    let memory = program.memory()?;
    let address = program.address();
    let bodies: Vec<_> = (0..sockets).map(|_| tokio::spawn(trickle(address.clone()))).collect();
    let grown = highest(&program, Duration::from_mins(1)).await?.saturating_sub(memory);
    let open = bodies.iter().filter(|body| !body.is_finished()).count();
    line(
        &format!("{sockets} bodies that trickle, a minute later"),
        format!("{open} are open; at most {:.1} kB each", grown as f64 / sockets as f64 / 1024.0),
    );
    tab.abort();
    program.stop()
}

/// The most memory that the server had.
async fn highest(program: &Program, how_long: Duration) -> Result<u64, Failure> {
    let (began, mut highest) = (Instant::now(), 0);
    while began.elapsed() < how_long {
        highest = highest.max(program.memory()?);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(highest)
}

/// A socket that is never read, with little room on the way: it sends as long as it is let, pings, or in pieces with that pause
/// between them the gigabyte that it announces.
async fn hostile_socket(address: &str, token: &str, pause: Option<Duration>, sent: &AtomicU64) -> Result<(), Failure> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(4096)?;
    let mut stream = socket.connect(address.parse()?).await?;
    let head = format!(
        "GET /live HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: ei_session={token}\r\nUpgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    if pause.is_some() {
        stream.write_all(&[0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4]).await?;
    }
    let ping: Vec<u8> = [&[0x89, 0xfd, 0, 0, 0, 0][..], &[b'a'; 125]].concat();
    let (bytes, pause) = match pause {
        Some(pause) => (vec![0; PIECE], pause),
        None => (ping, Duration::from_millis(130)),
    };
    loop {
        stream.write_all(&bytes).await?;
        sent.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        tokio::time::sleep(pause).await;
    }
}

/// A form that is sent one byte at a time.
async fn trickle(address: String) -> Result<(), Failure> {
    let mut stream = tokio::net::TcpStream::connect(&address).await?;
    let head = format!(
        "POST /authentification/ HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nContent-Type: \
         application/x-www-form-urlencoded\r\nContent-Length: 500000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        stream.write_all(b"a").await?;
    }
}

/// How long pushes to the honest account take, from the answer to the message.
async fn pushes(
    person: &Person,
    mailbox: i64,
    ear: &mut UnboundedReceiver<Heard>,
    when: &str,
) -> Result<Times, Failure> {
    let mut times = Vec::with_capacity(MESSAGES);
    for number in 0..MESSAGES {
        let (to, token) = (mailbox.to_string(), format!("mesure-{when}-{number}"));
        let fields = [
            ("destinataires", to.as_str()),
            ("objet", "Votre intervention de mai"),
            ("texte", "Bonjour, la salle est réservée."),
            ("jeton", token.as_str()),
            ("action", "envoyer"),
        ];
        while ear.try_recv().is_ok() {}
        person.post_to("/messagerie/ecrire", &fields, "/messagerie/envoyes").await?;
        let answered = Instant::now();
        loop {
            let heard = tokio::time::timeout(Duration::from_mins(1), ear.recv()).await?.ok_or("no ear")?;
            match heard.kind {
                Kind::Compteurs => {
                    times.push(heard.at.saturating_duration_since(answered));
                    break;
                }
                Kind::Closed => return Err("the honest socket was closed".into()),
                Kind::Etat | Kind::Notification => {}
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(times.into_iter().collect())
}
