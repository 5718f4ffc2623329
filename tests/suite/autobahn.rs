//! The test suite of the WebSocket protocol (Autobahn's cases, run by kosoku) against an echo on the codec and bounds of
//! the live socket: SPEC T3, Q8. The echo is an example of `web`, and in no build that serves.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio_tungstenite::tungstenite::Message;

/// The largest message that the echo takes, in bytes: `web::live::echo::MESSAGE_MAX`.
const MESSAGE_MAX: u64 = 256 * 1024;
/// Memory that the echo may reach while every case is run, in kilobytes: it has some 10 MB before.
const MEMORY_MAX: u64 = 64 * 1024;
/// The longest that somebody else may wait for their answer meanwhile.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a case came to.
#[derive(Debug)]
struct Case {
    behavior: String,
    close: String,
    /// The code that the echo closed with.
    code: Option<u64>,
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run tests/run.sh"))
}

async fn echo() -> (Child, String) {
    let mut child = Command::new(variable("EI_TEST_ECHO"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the example echo");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let address = lines.next_line().await.expect("readable").expect("its address");
    (child, address)
}

/// Runs these cases; answers what each came to, by its id.
async fn run(address: &str, folder: &Path, choice: &[&str]) -> BTreeMap<String, Case> {
    let done = Command::new(variable("EI_TEST_KOSOKU"))
        .args([address, "-p", "2", "-o"])
        .arg(folder)
        .args(choice)
        .output()
        .await
        .expect("kosoku");
    let mut cases = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{error}: {done:?}")) {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let json: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&path).expect("readable")).expect("a report is JSON");
        let (Some(id), Some(behavior)) = (json["id"].as_str(), json["behavior"].as_str()) else { continue };
        let close = json["behaviorClose"].as_str().unwrap_or_default().to_owned();
        cases.insert(
            id.to_owned(),
            Case { behavior: behavior.to_owned(), close, code: json["remoteCloseCode"].as_u64() },
        );
    }
    cases
}

/// The most memory that a process has had, in kilobytes.
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("VmHWM");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Somebody else of the same server, who has answers all along; answers the longest wait.
async fn bystander(address: String, mut end: tokio::sync::oneshot::Receiver<()>) -> Duration {
    let (mut socket, _) = tokio_tungstenite::connect_async(format!("ws://{address}/")).await.expect("a connection");
    let mut worst = Duration::ZERO;
    let mut number = 0;
    while end.try_recv().is_err() {
        let said = format!("Toujours là {number}");
        let began = Instant::now();
        socket.send(Message::text(said.clone())).await.expect("open");
        let heard = tokio::time::timeout(PATIENCE, socket.next()).await.expect("an answer in time");
        assert_eq!(heard.expect("open").expect("a message"), Message::text(said));
        worst = worst.max(began.elapsed());
        number += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(number > 10, "it was there all along: {number}");
    worst
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t3_the_cases_of_the_protocol_are_held_and_cost_nobody_anything() {
    let (child, address) = echo().await;
    let folder = tempfile::tempdir().expect("a folder");
    let (stop, end) = tokio::sync::oneshot::channel();
    let beside = tokio::spawn(bystander(address.clone(), end));

    // Framing, pings, reserved bits, opcodes, fragments, UTF-8, closing, and messages cut at odd places.
    let cases = run(&address, &folder.path().join("protocole"), &["-x", "9.*", "-x", "12.*", "-x", "13.*"]).await;
    assert!(cases.len() >= 240, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for (id, case) in &cases {
        // The crate hands fragments over as they come: a text that is no UTF-8 is refused at its end, not at the first
        // wrong byte, which the suite calls « non-strict ».
        let late = id.starts_with("6.4.") && case.behavior == "NON-STRICT";
        let fine = matches!(case.behavior.as_str(), "OK" | "INFORMATIONAL") || late;
        if !fine || !matches!(case.close.as_str(), "OK" | "INFORMATIONAL") {
            wrong.push(format!("{id}: {case:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    // Mass: what fits comes back; what is larger than one client may cost is refused, with the code that says so.
    let cases = run(&address, &folder.path().join("masse"), &["-i", "9.*"]).await;
    assert!(cases.len() >= 50, "{} cases", cases.len());
    for id in ["9.1.1", "9.1.2", "9.2.1", "9.2.2", "9.7.1", "9.7.6", "9.8.1", "9.8.6"] {
        assert_eq!(cases[id].behavior, "OK", "{id}, of at most {MESSAGE_MAX} bytes: {:?}", cases[id]);
    }
    for (id, case) in &cases {
        let refused = case.behavior == "FAILED" && case.code == Some(1009);
        assert!(case.behavior == "OK" || refused, "{id}: {case:?}");
    }
    assert_eq!(cases["9.1.6"].code, Some(1009), "16 MiB: {:?}", cases["9.1.6"]);

    stop.send(()).expect("it is there");
    let worst = beside.await.expect("somebody else had answers all along");
    let used = peak(child.id().expect("it runs"));
    println!("longest wait of somebody else: {worst:?}; most memory: {used} kB");
    assert!(used < MEMORY_MAX, "{used} kB");
}
