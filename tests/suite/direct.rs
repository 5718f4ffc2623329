//! What is live: SPEC T1, T2, T3 and the frames of §15.

use std::time::{Duration, Instant};

use futures_util::SinkExt;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Bytes, Message};

use crate::support::live::{SESSION_ENDED, delay, first_close, upgrade};
use crate::support::messagerie::{open, received, recipient, send, unread};
use crate::support::{Client, Engine, Form, Server, Site, both_engines, eventually, logins};

both_engines! {
    t1_every_account_has_a_socket_that_first_says_the_whole_state,
    t1_a_socket_needs_a_session_and_the_origin_of_the_site,
    t2_a_counter_reaches_every_tab_within_250_ms,
    t2_a_tab_never_goes_back_in_time,
    t3_a_connection_that_comes_back_is_told_the_whole_state,
    t3_a_reader_that_does_not_read_is_dropped_and_costs_nothing,
    t3_whatever_a_browser_sends_the_others_go_on,
}

async fn t1_every_account_has_a_socket_that_first_says_the_whole_state(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    for (login, words) in [
        (logins::INTERVENANT, &["messages", "notifications"][..]),
        (logins::GESTIONNAIRE, &["messages", "notifications"]),
        (logins::ADMINISTRATEUR, &[]),
    ] {
        let client = server.login(login).await;
        let told = client.tab().await.told();
        let (_, first) = &told.frames[0];
        assert_eq!(first["type"], "etat");
        assert!(first["a"].as_i64().is_some_and(|at| at > 0), "{first}");
        for word in words {
            let shown = first["compteurs"][word].as_i64();
            assert!(shown.is_some_and(|value| value >= 0), "{login}, {word}: {first}");
            let page = client.get("/tableau-de-bord").await;
            let on_the_page = page.html().counter(word).map(|value| i64::try_from(value).expect("small"));
            assert_eq!(on_the_page, shown, "{login}, {word}");
        }
        let counters = first["compteurs"].as_object().expect("an object");
        let known = ["messages", "dossier", "candidatures", "inscriptions", "support", "notifications"];
        assert!(counters.keys().all(|key| known.contains(&key.as_str())), "{first}");
    }
}

async fn t1_a_socket_needs_a_session_and_the_origin_of_the_site(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let client = server.login(logins::INTERVENANT).await;
    let (base, cookies) = (server.url(), client.cookies());
    assert!(upgrade(&base, &cookies, Some(&base)).await.is_ok());
    // A page can't read the status of a refusal: who has no session is told so by the code of the closing.
    assert_eq!(first_close(&server.visitor()).await, SESSION_ENDED, "without a session");
    let forged = server.visitor();
    forged.keep("ei_session", &"0".repeat(64));
    assert_eq!(first_close(&forged).await, SESSION_ENDED, "with a wrong one");
    for origin in
        ["http://ailleurs.example", "https://127.0.0.1.ailleurs.example", "null", "http://127.0.0.1", "file://"]
    {
        let refused = upgrade(&base, &cookies, Some(origin)).await;
        assert!(refused.is_err(), "the page of {origin} may not listen");
    }
}

async fn t2_a_counter_reaches_every_tab_within_250_ms(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (gestionnaire, intervenant) = two(&server).await;
    let him = recipient(&gestionnaire, &intervenant.name().await).await;
    let tabs = [intervenant.tab().await, intervenant.tab().await];
    let mut delays = Vec::new();
    for round in 0..15 {
        let before = tabs[0].messages();
        let letter =
            crate::support::messagerie::letter(&gestionnaire, &[&him], &format!("Tour {round}"), "Bonjour").await;
        let letter = letter.set("action", "envoyer");
        let sent = gestionnaire.submit_only(&letter).await;
        // From the acknowledgement on; what came even before it counts as nothing.
        let acknowledged = Instant::now();
        assert_eq!(sent.status, 303);
        for tab in &tabs {
            let told = tab.shows(before + 1).await;
            let came = |frame: &serde_json::Value| frame["compteurs"]["messages"] == before + 1;
            let early = told.frames.iter().any(|(at, frame)| *at < acknowledged && came(frame));
            delays.push(if early { Duration::ZERO } else { delay(&told, acknowledged, came) });
        }
    }
    delays.sort();
    let median = delays[delays.len() / 2];
    assert!(median < Duration::from_millis(250), "the median of {delays:?}");
}

async fn two(server: &Server) -> (Client, Client) {
    (server.login(logins::GESTIONNAIRE).await, server.login(logins::INTERVENANT).await)
}

async fn t2_a_tab_never_goes_back_in_time(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (gestionnaire, intervenant) = two(&server).await;
    let him = recipient(&gestionnaire, &intervenant.name().await).await;
    let tab = intervenant.tab().await;
    let before = tab.messages();
    let letters = (0..20).map(|number| {
        let (gestionnaire, him) = (gestionnaire.clone(), him.clone());
        async move { send(&gestionnaire, &[&him], &format!("Rafale {number}"), "Bonjour").await }
    });
    futures_util::future::join_all(letters).await;
    let told = tab.shows(before + 20).await;
    let read_at: Vec<i64> = told.frames.iter().filter_map(|(_, frame)| frame["a"].as_i64()).collect();
    assert!(read_at.is_sorted(), "{read_at:?}");
    assert!(told.frames.len() <= 1 + 2 * 20, "many events in a short time mean one look: {}", told.frames.len());
    assert_eq!(unread(&intervenant).await, before + 20);
}

async fn t3_a_connection_that_comes_back_is_told_the_whole_state(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let (gestionnaire, intervenant) = two(&server).await;
    let him = recipient(&gestionnaire, &intervenant.name().await).await;
    let tab = intervenant.tab().await;
    let before = tab.messages();
    tab.cut();
    send(&gestionnaire, &[&him], "Pendant la coupure", "Bonjour").await;
    let tab = intervenant.tab().await;
    assert_eq!(tab.messages(), before + 1, "nothing is missed");

    server.stop().await;
    let closed = tab.closed().await;
    assert!([0, 1001, 1012].contains(&closed), "the server says that it goes away: {closed}");
    server.start_again().await;
    assert_eq!(intervenant.tab().await.messages(), before + 1);
    let line = received(&intervenant, "Pendant la coupure").await;
    open(&intervenant, &line).await;
    assert_eq!(intervenant.tab().await.messages(), before);
}

/// The value of a metric, summed over its labels.
pub async fn metric(server: &Server, name: &str) -> f64 {
    let page = server.visitor().get_only("/metrics").await;
    assert_eq!(page.status, 200);
    let lines =
        page.body.lines().filter(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' '])));
    lines.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok()).sum()
}

/// The memory that a process holds, in kilobytes.
fn resident(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.process_id())).expect("a process");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("its memory");
    line.split_whitespace().nth(1).expect("a number").parse().expect("a number")
}

async fn t3_a_reader_that_does_not_read_is_dropped_and_costs_nothing(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (gestionnaire, intervenant) = two(&server).await;
    let him = recipient(&gestionnaire, &intervenant.name().await).await;
    send(&gestionnaire, &[&him], "Lu, non lu", "Bonjour").await;
    let line = received(&intervenant, "Lu, non lu").await;
    let reader = intervenant.tab().await;
    let unread_now = reader.messages();

    // A socket whose other end never reads, with as little room on the way as the system gives.
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(1024).expect("a small buffer");
    let address = server.url().trim_start_matches("http://").parse().expect("an address");
    let stream = socket.connect(address).await.expect("a connection");
    let mut request = format!("ws://{address}/live").into_client_request().expect("a request");
    request.headers_mut().insert("cookie", HeaderValue::from_str(&intervenant.cookies()).expect("cookies"));
    request.headers_mut().insert("origin", HeaderValue::from_str(&server.url()).expect("an origin"));
    let (asleep, _) = tokio_tungstenite::client_async(request, stream).await.expect("the socket opens");
    eventually("both sockets count", async || (metric(&server, "ei_sockets").await >= 2.0).then_some(())).await;

    let memory = resident(&server);
    let list = intervenant.get("/messagerie/reception").await;
    let marks = ["Marquer lu", "Marquer non lu"].map(|button| Form::pressing(&list, button).add("messages", &line.id));
    let mut rounds = 0;
    while metric(&server, "ei_sockets").await > 1.0 {
        rounds += 1;
        assert!(rounds < 300, "it is still not dropped");
        for _ in 0..10 {
            for (mark, shown) in marks.iter().zip([unread_now - 1, unread_now]) {
                assert_eq!(intervenant.submit_only(mark).await.status, 303);
                reader.shows(shown).await;
            }
        }
    }
    assert!(rounds > 1, "it was given its chance");
    let closed = reader.told().closed;
    assert_eq!(closed, None, "who reads is not dropped with who does not");
    let grown = resident(&server).saturating_sub(memory);
    assert!(grown < 40_000, "{grown} kB for a reader that does not read");
    drop(asleep);
}

async fn t3_whatever_a_browser_sends_the_others_go_on(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let (gestionnaire, intervenant) = two(&server).await;
    let him = recipient(&gestionnaire, &intervenant.name().await).await;
    let tab = intervenant.tab().await;
    let before = tab.messages();
    let base = server.url();
    let junk = [
        Message::text("bonjour"),
        Message::text("{\"type\":\"compteurs\",\"compteurs\":{\"messages\":99}}"),
        Message::text("é".repeat(100_000)),
        Message::binary(vec![0_u8; 100_000]),
        Message::Ping(Bytes::from(vec![0_u8; 100])),
        Message::Pong(Bytes::from_static(b"personne n'a rien demande")),
        Message::Close(None),
    ];
    for message in junk {
        let mut socket = upgrade(&base, &intervenant.cookies(), Some(&base)).await.expect("the socket opens");
        socket.send(message).await.expect("sent");
    }
    // A flood of small ones, as long as it is taken.
    let mut socket = upgrade(&base, &intervenant.cookies(), Some(&base)).await.expect("the socket opens");
    for _ in 0..20_000 {
        if socket.feed(Message::text("x")).await.is_err() {
            break;
        }
    }
    // And something that is no WebSocket at all.
    for body in [
        "GET /live HTTP/1.1\r\n\r\n",
        "\u{0}\u{1}\u{2}",
        "GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    ] {
        let mut stream =
            tokio::net::TcpStream::connect(base.trim_start_matches("http://")).await.expect("a connection");
        tokio::io::AsyncWriteExt::write_all(&mut stream, body.as_bytes()).await.expect("sent");
    }
    assert!(tab.is_open());
    send(&gestionnaire, &[&him], "Après le bruit", "Bonjour").await;
    tab.shows(before + 1).await;
    eventually("the noisy ones are gone", async || (metric(&server, "ei_sockets").await <= 1.0).then_some(())).await;
}
