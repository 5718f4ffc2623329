//! Running it: SPEC O4.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use crate::support::{Engine, Site, both_engines, logins};

both_engines! {
    o4_health_readiness_and_metrics_answer,
    o4_sigterm_ends_it_at_once_whatever_is_open,
}

async fn o4_health_readiness_and_metrics_answer(engine: Engine) {
    let site = Site::demo(engine).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    assert_eq!(visitor.get_only("/healthz").await.status, 200);
    let ready = visitor.get_only("/readyz").await;
    assert_eq!(ready.status, 200, "{}", ready.body);

    let client = server.login(logins::INTERVENANT).await;
    let _tab = client.tab().await;
    let metrics = visitor.get_only("/metrics").await;
    assert_eq!(metrics.status, 200);
    let kind = metrics.headers.get("content-type").expect("a type").to_str().expect("text");
    assert!(kind.starts_with("text/plain"), "{kind}");
    for name in [
        "ei_sockets 1",
        "ei_journal_head ",
        "ei_journal_unreadable ",
        "ei_mails{",
        "ei_request_seconds_bucket{",
        "ei_logins_total{",
        "ei_follower_position{",
        "ei_files_to_read 0",
    ] {
        assert!(metrics.body.contains(name), "{name}: {}", metrics.body);
    }
    // Each line is of Prometheus' text format.
    for line in metrics.body.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (_, value) = line.rsplit_once(' ').expect("a name and a value");
        assert!(value.parse::<f64>().is_ok(), "{line}");
    }
    // A path that nobody wrote does not become a label.
    visitor.get_only("/secret-que-personne-ne-doit-lire").await;
    assert!(!visitor.get_only("/metrics").await.body.contains("secret-que-personne"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn o4_every_background_task_has_a_name_of_its_own_on_the_board() {
    let site = Site::demo(Engine::Sqlite).await;
    let server = site.serve().await;
    let metrics = server.visitor().get_only("/metrics").await.body;
    let names: BTreeSet<&str> = metrics
        .lines()
        .filter_map(|line| line.strip_prefix("ei_follower_position{follower=\"")?.split('"').next())
        .collect();
    assert!(names.len() > 8, "{names:?}");
    let board = server.login(logins::ADMINISTRATEUR).await.get("/tableau-de-bord").await;
    let html = board.html();
    let section = html.all("section").find(|section| section.text.starts_with("Tâches de fond")).expect("the board");
    let labels: Vec<String> =
        html.inside(section, "li").map(|line| html.inside(line, "span").next().expect("a name").text.clone()).collect();
    assert_eq!(labels.len(), names.len(), "{labels:?}");
    assert_eq!(labels.iter().collect::<BTreeSet<_>>().len(), labels.len(), "{labels:?}");
    for label in &labels {
        assert!(label.starts_with(char::is_uppercase) && !names.contains(label.as_str()), "{label}");
    }
}

async fn o4_sigterm_ends_it_at_once_whatever_is_open(engine: Engine) {
    let site = Site::demo(engine).await;
    let mut server = site.serve().await;
    let client = server.login(logins::INTERVENANT).await;
    let tabs = join_all((0..10).map(|_| client.tab())).await;
    // A connection that says nothing, and one that never finishes its request.
    let address = server.url().trim_start_matches("http://").to_owned();
    let silent = tokio::net::TcpStream::connect(&address).await.expect("a connection");
    let mut slow = tokio::net::TcpStream::connect(&address).await.expect("a connection");
    let half = "POST /authentification/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nemail=";
    tokio::io::AsyncWriteExt::write_all(&mut slow, half.as_bytes()).await.expect("sent");

    let began = std::time::Instant::now();
    let status = server.stop().await;
    assert!(status.success(), "{status}");
    assert!(began.elapsed().as_secs() < 20, "it took {:?}", began.elapsed());
    for tab in &tabs {
        assert_eq!(tab.closed().await, 1001, "each tab is told that the server goes away");
    }
    drop((silent, slow));
    server.start_again().await;
    assert_eq!(client.get("/tableau-de-bord").await.path(), "/tableau-de-bord");
}

#[cfg(feature = "external")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn o4_a_server_without_its_database_says_that_it_is_not_ready() {
    let site = Site::demo(Engine::Postgres).await;
    let server = site.serve().await;
    let visitor = server.visitor();
    assert_eq!(visitor.get_only("/readyz").await.status, 200);
    site.lose_the_database();
    crate::support::eventually("it is not ready", async || {
        (visitor.get_only("/readyz").await.status == 503).then_some(())
    })
    .await;
    assert_eq!(visitor.get_only("/healthz").await.status, 200, "the process itself lives");
    let page = visitor.get("/authentification/").await;
    assert!(page.status == 200 || page.status == 503 || page.status == 500, "{}", page.status);
}
