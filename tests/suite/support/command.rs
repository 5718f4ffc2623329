//! Commands that end by themselves: migrate, check, reindex…

use std::io::Write;
use std::process::Stdio;

use super::server::program;

#[derive(Debug)]
pub struct Outcome {
    /// Its exit code; none when it was killed.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    /// Both streams, for messages and searches.
    pub fn said(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

/// Runs a command with nothing to read.
pub async fn run(arguments: &[&str]) -> Outcome {
    run_with(arguments, &[], "").await
}

/// Runs a command with variables and something to read on its standard input.
pub async fn run_with(arguments: &[&str], environment: &[(&str, &str)], input: &str) -> Outcome {
    let mut command = program();
    command
        .args(arguments)
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let input = input.to_owned();
    let work = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("a standard input");
        // A command that refuses at once does not read: that it closed its side is no failure of the test.
        if let Err(error) = stdin.write_all(input.as_bytes()) {
            assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe);
        }
        drop(stdin);
        child.wait_with_output().expect("an end")
    });
    let output = tokio::time::timeout(std::time::Duration::from_mins(3), work);
    let output = output.await.unwrap_or_else(|_| panic!("{arguments:?} does not end")).expect("a thread");
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

/// Runs a command on the data of a site.
pub async fn on(site: &super::Site, command: &str, arguments: &[&str]) -> Outcome {
    let place = site.place();
    let mut all = vec![command];
    all.extend(place.iter().map(String::as_str));
    all.extend(arguments);
    run(&all).await
}
