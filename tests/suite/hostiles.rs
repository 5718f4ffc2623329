//! Hostile people, slow lines, a full disk: SPEC T3, Q8, O3.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use crate::support::live::upgrade;
use crate::support::{Client, Engine, Server, Site, both_engines, logins};

/// A connection on which this was said.
async fn said(server: &Server, head: &str) -> TcpStream {
    let address = server.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.expect("a connection");
    let head = format!("{head}\r\nHost: {address}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("sent");
    stream
}

/// What the server answers, up to the end of the connection.
async fn answer(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(Duration::from_mins(2), stream.read_to_end(&mut bytes)).await;
    // A connection that is cut while more is sent says so here, after what was answered.
    assert!(read.is_ok(), "it is not left open");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Sends pieces of a body at a pace, until the server has answered; answers what it said, and after how long.
async fn trickled(server: &Server, head: &str, piece: &[u8], each: Duration, pieces: usize) -> (String, Duration) {
    let began = Instant::now();
    let (mut reader, mut writer) = said(server, head).await.into_split();
    let sends = async {
        for _ in 0..pieces {
            tokio::time::sleep(each).await;
            if writer.write_all(piece).await.is_err() {
                break;
            }
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        answer = answer(&mut reader) => (answer, began.elapsed()),
        () = sends => unreachable!("it never ends"),
    }
}

/// The head of a form of somebody who is logged in, with that many bytes to come.
fn head(client: &Client, path: &str, kind: &str, length: usize) -> String {
    let (cookies, base) = (client.cookies(), client.base());
    format!(
        "POST {path} HTTP/1.1\r\nOrigin: {base}\r\nCookie: {cookies}\r\nContent-Type: {kind}\r\nContent-Length: {length}"
    )
}

const FORM: &str = "application/x-www-form-urlencoded";

#[actix_web::test]
async fn q8_a_body_that_trickles_is_given_up_whoever_sends_it() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let (person, visitor) = (server.login(logins::INTERVENANT).await, server.visitor());
    let files = "multipart/form-data; boundary=limite";
    let heads = [
        head(&visitor, "/authentification/", FORM, 100_000),
        head(&person, "/mon-compte/documents/saisie", FORM, 100_000),
        head(&person, "/mon-compte/documents/piece/rib", files, 1_000_000),
    ];
    let second = Duration::from_secs(1);
    let all = heads.iter().map(|head| trickled(&server, head, b"a", second, 300));
    for (said, after) in futures_util::future::join_all(all).await {
        assert!(said.starts_with("HTTP/1.1 408"), "{said}");
        assert!(said.to_ascii_lowercase().contains("connection: close"), "{said}");
        assert!(said.contains("trop lente") && said.contains("rien n’a été enregistré"), "{said}");
        assert!((25..60).contains(&after.as_secs()), "after {after:?}");
    }
}

#[actix_web::test]
async fn q8_a_slow_upload_passes() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let token = person.token().await;
    let limit = "limite-d-une-partie";
    let text = "Bonjour. ".repeat(80_000);
    let body = format!(
        "--{limit}\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n{token}\r\n--{limit}\r\nContent-Disposition: \
         form-data; name=\"fichier-rib\"; filename=\"rib.pdf\"\r\n\r\n{text}\r\n--{limit}--\r\n"
    );
    let head =
        head(&person, "/mon-compte/documents/piece/rib", &format!("multipart/form-data; boundary={limit}"), body.len());
    let mut stream = said(&server, &format!("{head}\r\nConnection: close")).await;
    let began = Instant::now();
    for piece in body.as_bytes().chunks(20_000) {
        tokio::time::sleep(Duration::from_secs(1)).await;
        stream.write_all(piece).await.expect("it is listened to");
    }
    let said = answer(&mut stream).await;
    assert!(began.elapsed() > Duration::from_secs(35));
    // It came whole, and was looked at: a text is no PDF.
    assert!(said.starts_with("HTTP/1.1 422"), "{said}");
}

#[actix_web::test]
async fn q8_o3_slow_uploads_hold_up_no_stop_of_the_server() {
    let site = Site::demo(Engine::Sqlite).await;
    let mut server = site.serve().await;
    let person = server.login(logins::INTERVENANT).await;
    let head = head(&person, "/mon-compte/documents/piece/rib", "multipart/form-data; boundary=limite", 5_000_000);
    let mut sending = Vec::new();
    for _ in 0..20 {
        let (mut reader, mut writer) = said(&server, &head).await.into_split();
        sending.push(tokio::spawn(async move {
            while writer.write_all(&[b'a'; 5_000]).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
            answer(&mut reader).await
        }));
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    server.ask_to_end();
    let told = Instant::now();
    let status = server.ended().await;
    assert!(status.success() && told.elapsed() < Duration::from_secs(20), "{status} after {:?}", told.elapsed());
    for one in sending {
        one.abort();
    }
}

both_engines! {
    q8_the_same_form_posted_at_once_is_no_error_of_ours,
}

async fn q8_the_same_form_posted_at_once_is_no_error_of_ours(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let desk = server.login(logins::GESTIONNAIRE).await;
    let path = "/messagerie/modeles";
    let token = desk.token().await;
    for round in 0..5 {
        let nom = format!("Réponse {round}");
        let fields =
            [("_csrf", token.as_str()), ("nom", &nom), ("texte", "Bonjour, garance."), ("action", "enregistrer")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let posts = (0..4).map(|_| desk.try_post(path, &fields));
        let answers = futures_util::future::join_all(posts).await;
        let statuses: Vec<u16> = answers.into_iter().map(|answer| answer.expect("an answer").status).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [303, 409, 422].contains(status)), "{statuses:?}");
    }
}

/// What the server logged as errors.
fn errors(server: &Server) -> Vec<String> {
    let all = server.all_errors();
    all.lines().filter(|line| line.contains("ERROR")).map(str::to_owned).collect()
}

/// The code with which a socket is closed that sends these bytes.
async fn closed_after(server: &Server, client: &Client, bytes: &[u8]) -> u16 {
    let base = server.url();
    let mut socket = upgrade(&base, &client.cookies(), Some(&base)).await.expect("the socket opens");
    let tokio_tungstenite::MaybeTlsStream::Plain(stream) = socket.get_mut() else { panic!("no TLS here") };
    stream.write_all(bytes).await.expect("sent");
    let closing = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(Some(close)))) => return close.code.into(),
                Some(Ok(_)) => {}
                other => panic!("closed with a word, not {other:?}"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), closing).await.expect("it is not left open")
}

#[actix_web::test]
async fn t3_what_a_socket_announces_is_refused_before_it_comes() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let client = server.login(logins::INTERVENANT).await;
    let mask = [1, 2, 3, 4];
    // A text of a megabyte, of which only the head is sent; one of five kilobytes; the first piece of a long message.
    let megabyte = [&[0x81, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0], &mask[..]].concat();
    let five = [&[0x81, 0xfe, 0x13, 0x88], &mask[..]].concat();
    let piece = [&[0x01, 0x83], &mask[..], &[0, 0, 0]].concat();
    for bytes in [megabyte, five, piece] {
        assert_eq!(closed_after(&server, &client, &bytes).await, 1009, "{bytes:?}");
    }
}

#[actix_web::test]
async fn t3_a_socket_that_sends_too_much_is_cut_and_read_no_more() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let client = server.login(logins::INTERVENANT).await;
    let (base, cookies) = (server.url(), client.cookies());
    let head = format!(
        "GET /live HTTP/1.1\r\nOrigin: {base}\r\nCookie: {cookies}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    );
    // One frame of a gigabyte; more small ones than a page would ever send.
    let gigabyte = ([0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4].to_vec(), 1009);
    let small = ([0x81, 0x80, 1, 2, 3, 4].repeat(1_000), 1008);
    for (bytes, code) in [gigabyte, small] {
        let mut stream = said(&server, &head).await;
        let began = Instant::now();
        stream.write_all(&bytes).await.expect("sent");
        while stream.write_all(&[0; 16 * 1024]).await.is_ok() {
            assert!(began.elapsed() < Duration::from_secs(3), "it is still read");
        }
        let mut heard = Vec::new();
        // That the connection was cut is said after what was received.
        let _cut = stream.read_to_end(&mut heard).await;
        let close = [&[0x88, 2][..], &u16::to_be_bytes(code)].concat();
        assert!(heard.ends_with(&close), "the reason is told first: {:?}", String::from_utf8_lossy(&heard));
    }
    assert_eq!(errors(&server), [""; 0], "what they do is no error of ours");
}

#[actix_web::test]
async fn q8_who_takes_nothing_of_an_answer_is_given_up() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let home = server.visitor().get("/").await;
    let html = home.html();
    let sheets = html.all("link").filter_map(|link| link.attribute("href"));
    let sheet = sheets.filter(|href| href.contains("components.css")).last().expect("a style sheet").to_owned();
    let size = server.visitor().get_only(&sheet).await.bytes.len();
    let address = server.url().trim_start_matches("http://").to_owned();
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4096).expect("little room");
    let mut stream = socket.connect(address.parse().expect("an address")).await.expect("a connection");
    // More than the system keeps on the way, and nothing of it is read for more than a minute.
    let times = 12_000_000 / size;
    let request = format!("GET {sheet} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.repeat(times).as_bytes()).await.expect("sent");
    tokio::time::sleep(Duration::from_secs(75)).await;
    let mut heard = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut heard)).await;
    assert!(read.is_ok() && heard.len() < size * times, "{} of {} bytes: {read:?}", heard.len(), size * times);
    assert_eq!(errors(&server), [""; 0]);
}

#[cfg(feature = "external")]
mod with_tools {
    use super::*;
    use crate::support::engine::postgres;
    use crate::support::messagerie::{letter, recipient};
    use crate::support::{Form, eventually};

    async fn ready(server: &Server) -> (u16, serde_json::Value) {
        let page = server.visitor().get_only("/readyz").await;
        (page.status, page.json())
    }

    #[actix_web::test]
    async fn o3_a_server_is_ready_again_by_itself_once_its_database_is_back() {
        let site = Site::demo(Engine::Postgres).await;
        let server = site.serve().await;
        assert_eq!(ready(&server).await.0, 200);
        let database = site.database().expect("PostgreSQL");
        let name = database.rsplit('/').next().expect("a name");
        postgres::close_to_all(name);
        eventually("it says that it is not ready", async || {
            let (status, body) = ready(&server).await;
            (status == 503 && body["direct"] == false).then_some(())
        })
        .await;
        postgres::open_to_all(name);
        eventually("it is ready again, without anybody", async || (ready(&server).await.0 == 200).then_some(())).await;
        let errors = server.all_errors();
        let told = errors.lines().filter(|line| line.contains("live looks at the database failed")).count();
        assert!((1..=6).contains(&told), "once, then ever more rarely: {told}");
    }

    #[actix_web::test]
    async fn o3_who_waits_too_long_for_the_database_is_told_so() {
        let site = Site::demo(Engine::Postgres).await;
        let server = site.serve().await;
        let person = server.login(logins::INTERVENANT).await;
        let held = site.hold("lock table session in access exclusive mode");
        let asked = (0..40).map(|_| person.get_only("/messagerie/reception"));
        let release = async {
            tokio::time::sleep(Duration::from_secs(25)).await;
            held.release();
        };
        let (pages, ()) = tokio::join!(futures_util::future::join_all(asked), release);
        let refused: Vec<_> = pages.iter().filter(|page| page.status == 503).collect();
        assert!(!refused.is_empty() && refused.len() < pages.len(), "{} of {}", refused.len(), pages.len());
        assert!(pages.iter().all(|page| [200, 503].contains(&page.status)));
        assert!(refused[0].main_text().contains("Trop de personnes utilisent le service"), "{}", refused[0].said());
        assert_eq!(person.get_only("/messagerie/reception").await.status, 200, "and all goes on");
    }

    /// A library that says that the disk is full for the files under a folder, as long as a file lies beside it.
    fn full_disk(site: &Site) -> (std::path::PathBuf, Vec<(String, String)>) {
        let (source, library) = (site.scratch().join("disque_plein.c"), site.scratch().join("disque_plein.so"));
        std::fs::write(&source, include_str!("support/disque_plein.c")).expect("a file");
        let made = std::process::Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .args([&library, &source])
            .arg("-ldl")
            .output()
            .expect("a C compiler is installed");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let flag = site.scratch().join("plein");
        let set = |name: &str, value: &std::path::Path| (name.to_owned(), value.to_str().expect("a path").to_owned());
        let environment =
            vec![set("LD_PRELOAD", &library), set("DISQUE_PLEIN_SOUS", &site.data()), set("DISQUE_PLEIN_SI", &flag)];
        (flag, environment)
    }

    #[actix_web::test]
    async fn o3_q1_with_a_full_disk_pages_are_read_and_what_was_typed_is_sent_again_later() {
        let site = Site::demo(Engine::Sqlite).await;
        let (flag, environment) = full_disk(&site);
        let mut launch = site.launch();
        launch.environment.extend(environment);
        let server = Server::start(launch).await;
        let (desk, person) = (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await);
        let him = recipient(&desk, &person.name().await).await;
        let typed = letter(&desk, &[&him], "Disque plein", "Trois journées, garance.").await.set("action", "envoyer");
        let path = "/mon-compte/parcours/nouvelle/experience";
        let experience = Form::to(&person.get(path).await, path)
            .set("intitule", "Jardinier de garance")
            .set("debut", "09/2019")
            .set("action", "enregistrer");
        // What was saved just before is not in the index yet when the disk is full.
        assert_eq!(person.submit(&experience).await.status, 200);
        std::fs::write(&flag, "").expect("a file");

        let refused = desk.submit_only(&typed).await;
        assert_eq!(refused.status, 503, "{}", refused.said());
        assert!(refused.main_text().contains("n’a plus de place pour enregistrer"), "{}", refused.said());
        // Longer than a follower takes to fail five times.
        tokio::time::sleep(Duration::from_secs(8)).await;
        for path in ["/tableau-de-bord", "/messagerie/reception", "/cvtheque?q=budget"] {
            assert_eq!(desk.get_only(path).await.status, 200, "{path} is read as before");
        }
        let (status, body) = ready(&server).await;
        assert_eq!((status, &body["disque_plein"]), (200, &serde_json::Value::Bool(true)), "{body}");
        assert!((crate::direct::metric(&server, "ei_disk_full").await - 1.0).abs() < 0.1);
        let read = person.get("/messagerie/reception").await;
        assert!(!read.body.contains("Disque plein"), "nothing was sent: {}", read.said());

        std::fs::remove_file(&flag).expect("it is there");
        let sent = desk.submit(&Form::pressing(&refused, "Envoyer à nouveau")).await;
        assert_eq!(sent.status, 200, "{}", sent.said());
        let read = person.get("/messagerie/reception").await;
        assert!(read.body.contains("Disque plein"), "what was typed is there: {}", read.said());
        let (status, body) = ready(&server).await;
        assert_eq!((status, &body["disque_plein"]), (200, &serde_json::Value::Bool(false)), "{body}");
        crate::support::wait::eventually("what was saved before is in the index", async || {
            desk.get_only("/cvtheque?q=jardinier+garance").await.body.contains("Jardinier de garance").then_some(())
        })
        .await;
    }
}
