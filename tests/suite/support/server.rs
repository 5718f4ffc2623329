//! The program as a process: started, stopped, killed and started again on the same data and port.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use super::wait::{eventually, within};
use super::{Client, logins};

/// A debug build that loads the referentials on a busy machine needs its time.
const START_PATIENCE: Duration = Duration::from_mins(3);

/// How to start a server, kept so that it can be started again.
#[derive(Clone, Debug)]
pub struct Launch {
    /// `demo` or `serve`.
    pub command: String,
    /// The flags besides `--listen`.
    pub arguments: Vec<String>,
    /// Variables besides those of the machine; none beginning with `EI_` is inherited.
    pub environment: Vec<(String, String)>,
    pub logs: PathBuf,
    /// How far its clock is ahead of the machine's, in seconds.
    pub clock_ahead: u64,
}

/// A server that runs, or that was stopped and can be started again.
#[derive(Debug)]
pub struct Server {
    launch: Launch,
    port: u16,
    child: Option<Child>,
    generation: u32,
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_espace-intervenants");

/// The program under test, with no variable of its own set.
pub fn program() -> Command {
    without_settings(Command::new(PROGRAM))
}

/// The same, living later: leases, waits and sessions end without anybody waiting for them.
#[cfg(feature = "external")]
fn program_ahead(seconds: u64) -> Command {
    let mut command = program();
    command
        .env("LD_PRELOAD", super::engine::provided("EI_TEST_FAKETIME"))
        .env("FAKETIME", format!("+{seconds}s"))
        // Only the clock of dates moves; what is measured between two moments stays true.
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("DONT_FAKE_MONOTONIC", "1")
        .env("NO_FAKE_STAT", "1");
    command
}

#[cfg(not(feature = "external"))]
fn program_ahead(seconds: u64) -> Command {
    panic!("a clock {seconds} s ahead is for tests/run.sh");
}

fn without_settings(mut command: Command) -> Command {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("EI_") {
            command.env_remove(name);
        }
    }
    command
}

impl Server {
    /// Starts on a port of the system's choice, and waits until it says its address.
    pub async fn start(launch: Launch) -> Self {
        let mut server = Self { launch, port: 0, child: None, generation: 0 };
        server.start_again().await;
        server
    }

    /// Starts once more, on the same port and data.
    pub async fn start_again(&mut self) {
        assert!(self.child.is_none(), "it still runs");
        self.generation += 1;
        std::fs::create_dir_all(&self.launch.logs).expect("a folder for the logs");
        let log = |name: &str| File::create(self.log_path(name)).expect("a log file");
        let mut command = if self.launch.clock_ahead == 0 { program() } else { program_ahead(self.launch.clock_ahead) };
        let child = command
            .arg(&self.launch.command)
            .args(["--listen", &format!("127.0.0.1:{}", self.port)])
            .args(&self.launch.arguments)
            .envs(self.launch.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log("stdout"))
            .stderr(log("stderr"))
            .spawn()
            .expect("the program starts");
        self.child = Some(child);
        let stdout = self.log_path("stdout");
        self.port = within(START_PATIENCE, "the server says its address", async || {
            if let Some(status) = self.child.as_mut().and_then(|child| child.try_wait().expect("a child")) {
                panic!("the server ended with {status} instead of serving:\n{}", self.logs());
            }
            port_said_in(&stdout)
        })
        .await;
    }

    fn log_path(&self, stream: &str) -> PathBuf {
        self.launch.logs.join(format!("{stream}-{}.log", self.generation))
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What the process now running (or last run) printed on both streams.
    pub fn logs(&self) -> String {
        ["stdout", "stderr"].map(|stream| std::fs::read_to_string(self.log_path(stream)).unwrap_or_default()).join("\n")
    }

    /// What all its processes wrote to the standard error.
    pub fn all_errors(&self) -> String {
        (1..=self.generation)
            .map(|generation| self.launch.logs.join(format!("stderr-{generation}.log")))
            .map(|path| std::fs::read_to_string(path).expect("a log file"))
            .collect()
    }

    /// What the process now running printed on its standard output.
    pub fn stdout(&self) -> String {
        std::fs::read_to_string(self.log_path("stdout")).expect("a log file")
    }

    pub fn process_id(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    /// Stops, and starts again so many days after the test began.
    #[cfg(feature = "external")]
    pub async fn days_later(&mut self, days: u64) {
        self.stop().await;
        self.launch_mut().clock_ahead = days * 24 * 3_600;
        self.start_again().await;
    }

    /// Changes how it is started the next time.
    pub fn launch_mut(&mut self) -> &mut Launch {
        &mut self.launch
    }

    /// Asks it to end (SIGTERM), without waiting.
    pub fn ask_to_end(&self) {
        let status =
            Command::new("sh").args(["-c", &format!("kill -TERM {}", self.process_id())]).status().expect("a shell");
        assert!(status.success(), "SIGTERM was not sent");
    }

    /// Waits until the process has ended.
    pub async fn ended(&mut self) -> ExitStatus {
        let mut child = self.child.take().expect("it runs");
        eventually("the server ends", async || child.try_wait().expect("a child")).await
    }

    /// SIGTERM, and waits for the end.
    pub async fn stop(&mut self) -> ExitStatus {
        self.ask_to_end();
        self.ended().await
    }

    /// SIGKILL: it has no say.
    pub fn kill(&mut self) {
        let mut child = self.child.take().expect("it runs");
        child.kill().expect("SIGKILL");
        child.wait().expect("it is dead");
    }

    /// A browser without cookies.
    pub fn visitor(&self) -> Client {
        Client::new(&self.url())
    }

    /// A browser in which somebody of the demonstration logged in.
    pub async fn login(&self, login: &str) -> Client {
        let client = self.visitor();
        let page = client.login(login, logins::PASSWORD).await;
        assert_eq!((page.status, page.path()), (200, "/tableau-de-bord"), "{login} logs in: {}", page.said());
        client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("SIGKILL");
            child.wait().expect("it is dead");
        }
        if std::thread::panicking() {
            let logs = self.logs();
            let tail: Vec<&str> = logs.lines().rev().take(40).collect();
            eprintln!("---- the server's last lines, {} ----", self.url());
            tail.iter().rev().for_each(|line| eprintln!("{line}"));
        }
    }
}

fn port_said_in(path: &Path) -> Option<u16> {
    let printed = std::fs::read_to_string(path).expect("what the server prints");
    let (_, after) = printed.split_once("http://127.0.0.1:")?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    // The line may be half written: a port counts once something follows it.
    after[digits.len()..].starts_with(char::is_whitespace).then(|| digits.parse().expect("a port"))
}
