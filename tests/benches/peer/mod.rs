//! The peer of the benchmark of sockets: the same tabs before a server of Node.js on the library `ws`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::common::program::Program;
use super::common::tab::Kind;
use super::common::{Failure, Times, line, millis, ratio};
use super::{IDLE, await_all, open_tabs};

/// Recipients of each push, as the largest message of ours has.
const RECIPIENTS: usize = super::DESTINATAIRES_MAX;

/// What was measured of ours in this run.
pub struct Side {
    /// Bytes of an idle socket.
    pub bytes: f64,
    /// Processor of the idle server, pings included, as a share of a core.
    pub idle: f64,
}

/// Measures the peer with these tabs, beside ours.
pub async fn measure(tokens: &[String], messages: usize, folder: &Path, ours: &Side) -> Result<(), Failure> {
    let installed = install()?;
    let file = folder.join("jetons");
    std::fs::write(&file, tokens.join("\n"))?;
    let arguments = ["--expose-gc", "server.mjs", "{port}", file.to_str().ok_or("a path that is no text")?];
    let mut program = Program::other("node", &arguments, &installed, &folder.join("peer-logs"))?;
    program.first_page("/")?;
    let http = reqwest::Client::new();
    collect(&http, &program).await?;
    let before = program.memory()?;
    let used = program.processor()?;
    let began = Instant::now();
    let (tabs, mut ear) = open_tabs(&program.address(), tokens).await?;
    let count = u32::try_from(tokens.len())?;
    line(
        "peer (ws on Node.js): sockets opened and greeted",
        format!(
            "{:.0}/s, {} ms of a core each",
            tokens.len() as f64 / began.elapsed().as_secs_f64(),
            millis(program.processor_since(used)? / count)
        ),
    );
    collect(&http, &program).await?;
    program.wait_until_quiet()?;
    let bytes = program.memory()?.saturating_sub(before) as f64 / tokens.len() as f64;
    line("peer: idle authenticated socket", format!("{bytes:.0} bytes, ours {} of it", ratio(ours.bytes, bytes)));
    let used = program.processor()?;
    tokio::time::sleep(IDLE).await;
    let idle = program.processor_since(used)?.as_secs_f64() / IDLE.as_secs_f64();
    line(
        "peer: processor of the idle server, pings included",
        format!("{:.1} % of a core, ours {:.1} %", idle * 100.0, ours.idle * 100.0),
    );

    let posts = messages / 2;
    let (started, used) = (Instant::now(), program.processor()?);
    let (mut asked, mut pushes) = (Vec::with_capacity(posts), Vec::new());
    for number in 0..posts {
        let chosen: Vec<usize> = (0..RECIPIENTS).map(|rank| (number * RECIPIENTS + rank) % tokens.len()).collect();
        let body = chosen.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
        let began = Instant::now();
        let answer = http.post(format!("{}/pousser", program.url())).body(body).send().await?;
        if answer.status() != 204 {
            return Err(format!("the peer answers {}", answer.status()).into());
        }
        let answered = Instant::now();
        asked.push(answered - began);
        let heard = await_all(&mut ear, chosen.into_iter().collect(), Kind::Compteurs).await?;
        pushes.extend(heard.into_iter().map(|at| at.saturating_duration_since(answered)));
    }
    let spent = program.processor_since(used)?.saturating_sub(started.elapsed().mul_f64(idle));
    let each: Duration = spent / u32::try_from(posts * RECIPIENTS)?;
    line(&format!("peer: {posts} fan-outs to {RECIPIENTS}, nothing kept: of one push"), format!("{} ms", millis(each)));
    let (asked, pushes): (Times, Times) = (asked.into_iter().collect(), pushes.into_iter().collect());
    line("peer: … the POST itself", asked.in_words());
    line("peer: … from its answer to the push", pushes.in_words());
    for tab in tabs {
        tab.abort();
    }
    program.stop()
}

/// Makes the peer give back what it does not need, so that its garbage is not taken for sockets.
async fn collect(http: &reqwest::Client, program: &Program) -> Result<(), Failure> {
    let answer = http.post(format!("{}/ramasser", program.url())).send().await?;
    if answer.status() == 204 { Ok(()) } else { Err(format!("the peer answers {}", answer.status()).into()) }
}

/// The peer with its library, at the version of its lock file.
fn install() -> Result<PathBuf, Failure> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/benches/peer");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peer");
    std::fs::create_dir_all(&folder)?;
    for name in ["package.json", "package-lock.json", "server.mjs"] {
        std::fs::copy(source.join(name), folder.join(name))?;
    }
    let done = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(&folder)
        .output()
        .map_err(|error| format!("npm does not start: {error}"))?;
    if done.status.success() {
        Ok(folder)
    } else {
        Err(format!("the peer can't be installed: {}", String::from_utf8_lossy(&done.stderr)).into())
    }
}
