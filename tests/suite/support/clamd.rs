//! A real antivirus: Debian's `clamd` with one signature of our own, the one of EICAR's test file; nothing is downloaded.

use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::eventually;
use super::sink::free_port;

/// EICAR's test file in two halves, not to make this source one.
const HALVES: [&str; 2] = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-", "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"];

/// What every antivirus finds something in, and nobody is harmed by (eicar.org).
pub fn eicar() -> String {
    HALVES.concat()
}

/// An antivirus of the test's own.
#[derive(Debug)]
pub struct Clamd {
    child: Child,
    _folder: tempfile::TempDir,
}

/// A port on which nothing listens yet.
pub fn somewhere() -> u16 {
    free_port()
}

/// The setting that names an antivirus there.
pub fn setting(port: u16) -> String {
    format!("tcp://127.0.0.1:{port}")
}

impl Clamd {
    pub async fn start(port: u16) -> Self {
        let folder = tempfile::Builder::new().prefix("ei-test-clamd-").tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let bytes: Vec<String> = eicar().bytes().map(|byte| format!("{byte:02x}")).collect();
        std::fs::create_dir(path("signatures")).expect("a folder");
        write(&path("signatures/essai.ndb"), &format!("Eicar-Essai:0:0:{}\n", bytes.concat()));
        let settings = format!(
            "Foreground yes\nDatabaseDirectory {}\nTCPSocket {port}\nTCPAddr 127.0.0.1\nTemporaryDirectory {}\n",
            path("signatures").display(),
            folder.path().display()
        );
        write(&path("clamd.conf"), &settings);
        let child = Command::new("clamd")
            .arg("-c")
            .arg(path("clamd.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("clamd is installed");
        let clamd = Self { child, _folder: folder };
        eventually("clamd listens", async || TcpStream::connect(("127.0.0.1", port)).ok()).await;
        clamd
    }
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file");
}

impl Drop for Clamd {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait().map(|_| ())) {
            eprintln!("clamd was gone: {error}");
        }
    }
}
