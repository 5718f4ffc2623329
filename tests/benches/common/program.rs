//! The program as a process on 127.0.0.1, looked at through `/proc` and stopped by its id.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::Failure;

/// The program that is measured: the one built with this benchmark.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_espace-intervenants");
/// A tick of the kernel's accounts of processor time: USER_HZ is 100 wherever Linux runs.
const TICK: Duration = Duration::from_millis(10);
/// A server that does nothing but look around uses less than that in a second.
const QUIET: Duration = Duration::from_millis(30);
/// The end of a start or of the work after it is not waited for any longer.
const PATIENCE: Duration = Duration::from_mins(20);

#[derive(Debug)]
pub struct Program {
    child: Child,
    port: u16,
    began: Instant,
    logs: PathBuf,
}

impl Program {
    /// Starts the demonstration on this folder; its logs go to `logs`.
    pub fn demo(data: &Path, logs: &Path, arguments: &[&str]) -> Result<Self, Failure> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new(PROGRAM);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("EI_") {
                command.env_remove(name);
            }
        }
        command
            .args(["demo", "--listen", &format!("127.0.0.1:{port}"), "--requests-per-second", "100000", "--data"])
            .arg(data)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(logs)?);
        let began = Instant::now();
        let child = command.spawn()?;
        Ok(Self { child, port, began, logs: logs.to_owned() })
    }

    /// Starts another program that listens on the port given to it as `{port}` among its arguments.
    pub fn other(program: &str, arguments: &[&str], folder: &Path, logs: &Path) -> Result<Self, Failure> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new(program);
        command
            .args(arguments.iter().map(|argument| argument.replace("{port}", &port.to_string())))
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(logs)?);
        let began = Instant::now();
        let child = command.spawn().map_err(|error| format!("{program} does not start: {error}"))?;
        Ok(Self { child, port, began, logs: logs.to_owned() })
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Asks for a page until it is answered, and says how long after the start of the process that was.
    pub fn first_page(&mut self, path: &str) -> Result<Duration, Failure> {
        while self.began.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("the program ended with {status}:\n{}", self.said()?).into());
            }
            match self.page(path) {
                Ok(true) => return Ok(self.began.elapsed()),
                Ok(false) => return Err(format!("{path} is not answered with 200").into()),
                Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(format!("no page in {PATIENCE:?}").into())
    }

    fn page(&self, path: &str) -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer.starts_with(b"HTTP/1.1 200 "))
    }

    /// What it wrote to its log so far.
    pub fn said(&self) -> Result<String, Failure> {
        Ok(std::fs::read_to_string(&self.logs)?)
    }

    /// Resident memory, in bytes.
    pub fn memory(&self) -> Result<u64, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes * 1024)
    }

    /// Processor time used since its start, by all its threads, in user mode and in the kernel.
    pub fn processor(&self) -> Result<Duration, Failure> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name, in parentheses, may hold spaces: what follows it is counted from the state (field 3).
        let (_, after) = stat.rsplit_once(')').ok_or("no name in stat")?;
        let field = |number: usize| -> Result<u32, Failure> {
            Ok(after.split_whitespace().nth(number - 3).ok_or("a short stat")?.parse()?)
        };
        Ok(TICK * (field(14)? + field(15)?))
    }

    /// Processor time used since it had used that much.
    pub fn processor_since(&self, used: Duration) -> Result<Duration, Failure> {
        Ok(self.processor()?.saturating_sub(used))
    }

    /// Waits until it has nothing left to do: the index is made, the mails are sent.
    pub fn wait_until_quiet(&self) -> Result<(), Failure> {
        let began = Instant::now();
        let mut quiet = 0;
        let mut before = self.processor()?;
        while began.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_secs(1));
            let now = self.processor()?;
            quiet = if now.saturating_sub(before) <= QUIET { quiet + 1 } else { 0 };
            if quiet == 2 {
                return Ok(());
            }
            before = now;
        }
        Err("the server does not come to rest".into())
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(mut self) -> Result<(), Failure> {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        if !told.success() {
            return Err("SIGTERM was not sent".into());
        }
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the server ended with {status}").into()) }
    }
}

impl Drop for Program {
    /// Only what went wrong comes here with the process still running.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let ended = self.child.kill().and_then(|()| self.child.wait());
            if let Err(error) = ended {
                eprintln!("the server could not be ended: {error}");
            }
        }
    }
}
