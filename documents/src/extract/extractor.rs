//! The server's side: starts a child per file, bounds it once more from outside, and reads its answer.

use futures_util::future::BoxFuture;
use std::convert::Infallible;
use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::child::{self, ChildTask, Work};
use super::text_sink::MAX_TEXT_BYTES;
use crate::format::Format;
use crate::sniff::Refusal;

/// What one extraction may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Address space of the child, in bytes, its program included.
    pub memory_bytes: u64,
    /// CPU time of the child, in seconds.
    pub cpu_seconds: u64,
    /// Time until the child is killed, however little it computes.
    pub wall_clock: Duration,
    /// Bytes read of its answer.
    pub output_bytes: u64,
    /// Children at the same time.
    pub children: usize,
}

impl Limits {
    /// 1 GiB, 60 s for all pages, one child: it starts two other programs.
    pub fn of_recognition() -> Self {
        Self {
            memory_bytes: 1024 * 1024 * 1024,
            cpu_seconds: 60,
            wall_clock: Duration::from_secs(65),
            children: 1,
            ..Self::default()
        }
    }
}

impl Default for Limits {
    /// 256 MiB, 10 s of CPU, 30 s in all, two children.
    fn default() -> Self {
        Self {
            memory_bytes: 256 * 1024 * 1024,
            cpu_seconds: 10,
            wall_clock: Duration::from_secs(30),
            output_bytes: MAX_TEXT_BYTES as u64 + child::HEAD_BYTES,
            children: 2,
        }
    }
}

/// The text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extracted {
    /// Normalised text (NFC, single spaces, no control characters but line ends), at most `MAX_TEXT_BYTES`.
    pub text: String,
    /// Whether the file has more than `text` holds.
    pub truncated: bool,
    /// Pages of a PDF that show pictures and no text, the first ten.
    pub pictures: Vec<u32>,
}

/// Why a file gave no text. All but the last three are the file's fault and come again at a second try.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    #[error("{0} files have no text to extract")]
    NoText(Format),
    #[error("the file is damaged")]
    Unreadable,
    #[error("the file is encrypted")]
    Encrypted,
    #[error("the file is too big to be read")]
    TooBig,
    /// A locked PDF with a photograph that says where it was taken.
    #[error("the file is locked with a place in it")]
    Places,
    #[error("the parser panicked on the file")]
    Panicked,
    /// Memory was refused to the child, or its stack ended.
    #[error("the file needs more memory than the limit")]
    Memory,
    #[error("the file needs more CPU time than the limit")]
    Cpu,
    #[error("the file takes more time than the limit")]
    WallClock,
    /// The child wrote too much, or something else than an answer.
    #[error("the extractor's answer is not as agreed")]
    Output,
    #[error("the extractor ended with {0}")]
    Ended(ExitStatus),
    /// The child could not be started, or the file not opened.
    #[error("extractor: {doing}: {source}")]
    System { doing: &'static str, source: io::Error },
}

/// Where the bytes of a file are.
enum Input<'a> {
    File(&'a Path),
    Bytes(&'a [u8]),
}

fn system(doing: &'static str) -> impl FnOnce(io::Error) -> ExtractError {
    move |source| ExtractError::System { doing, source }
}

/// Extracts text in child processes. Cloning shares the bound on their number.
#[derive(Debug, Clone)]
pub struct Extractor {
    program: PathBuf,
    first_arguments: Vec<OsString>,
    limits: Limits,
    slots: Arc<Semaphore>,
    /// One place less than `slots`: a file that needs longer than [`SHORT`] also takes one of these, so that a short
    /// file never waits for long ones.
    long_slots: Arc<Semaphore>,
}

/// A file that takes longer counts as a long one.
const SHORT: Duration = Duration::from_secs(1);

impl Extractor {
    /// `program` is started as `program <first_arguments…> --format … --memory … --cpu …`.
    pub fn new(
        program: impl Into<PathBuf>,
        first_arguments: impl IntoIterator<Item = impl Into<OsString>>,
        limits: Limits,
    ) -> Self {
        Self {
            program: program.into(),
            first_arguments: first_arguments.into_iter().map(Into::into).collect(),
            limits,
            slots: Arc::new(Semaphore::new(limits.children.max(1))),
            long_slots: Arc::new(Semaphore::new(limits.children.saturating_sub(1).max(1))),
        }
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Reads the text of the file at `path`, which has been inspected and is of `format`.
    ///
    /// Waits for a free child first; that wait isn't part of the time limit. Dropping the future kills the child.
    pub fn extract<'a>(&'a self, format: Format, path: &'a Path) -> BoxFuture<'a, Result<Extracted, ExtractError>> {
        Box::pin(async move { self.run(format, Input::File(path), Work::Read).await })
    }

    /// Reads the text of bytes that are sealed on the disk: they go to the child through a pipe, never to a file.
    ///
    /// Otherwise like [`Self::extract`].
    pub fn extract_bytes<'a>(
        &'a self,
        format: Format,
        bytes: &'a [u8],
    ) -> BoxFuture<'a, Result<Extracted, ExtractError>> {
        Box::pin(async move { self.run(format, Input::Bytes(bytes), Work::Read).await })
    }

    /// Recognises the text of pages of the PDF at `path` that are pictures. For an extractor with the limits of
    /// [`Limits::of_recognition`].
    pub fn recognise<'a>(&'a self, path: &'a Path, pages: &'a [u32]) -> BoxFuture<'a, Result<Extracted, ExtractError>> {
        Box::pin(async move { self.run(Format::Pdf, Input::File(path), Work::Recognise(pages.to_vec())).await })
    }

    /// Whether an encrypted PDF can be taken; the outer error is the machine's.
    ///
    /// # Errors
    /// [`Refusal::Encrypted`] when it asks for a password, [`Refusal::LockedPlaces`] for a photograph with a place,
    /// [`Refusal::Damaged`] when it can't be opened.
    pub fn check_locked<'a>(&'a self, path: &'a Path) -> BoxFuture<'a, Result<Result<(), Refusal>, ExtractError>> {
        Box::pin(async move { verdict(self.run(Format::Pdf, Input::File(path), Work::Check).await) })
    }

    /// The same of bytes that are not to reach the disk.
    pub fn check_locked_bytes<'a>(
        &'a self,
        bytes: &'a [u8],
    ) -> BoxFuture<'a, Result<Result<(), Refusal>, ExtractError>> {
        Box::pin(async move { verdict(self.run(Format::Pdf, Input::Bytes(bytes), Work::Check).await) })
    }

    async fn run(&self, format: Format, input: Input<'_>, work: Work) -> Result<Extracted, ExtractError> {
        if !format.has_text() {
            return Err(ExtractError::NoText(format));
        }
        let Limits { memory_bytes, cpu_seconds, .. } = self.limits;
        let task = ChildTask { format, memory_bytes, cpu_seconds, work };
        // The first attempt is short. A long file goes on if there is room; otherwise it starts again once there is
        // room.
        if let Some(answered) = self.attempt(&task, &input, false).await? {
            return Ok(answered);
        }
        let _long = place(&self.long_slots).await?;
        self.attempt(&task, &input, true).await?.ok_or(ExtractError::WallClock)
    }

    /// Reads a file; none when it is a long one and there is no room for it. `long`: it already has that room.
    async fn attempt(
        &self,
        task: &ChildTask,
        input: &Input<'_>,
        long: bool,
    ) -> Result<Option<Extracted>, ExtractError> {
        let _slot = place(&self.slots).await?;
        let (stdin, fed) = match input {
            Input::File(path) => {
                let file = tokio::fs::File::open(path).await.map_err(system("open the file"))?.into_std().await;
                (Stdio::from(file), &[][..])
            }
            Input::Bytes(bytes) => (Stdio::piped(), *bytes),
        };
        let mut child = self.start(task, stdin)?;
        let mut room = None;
        let talked = {
            let talk = self.converse(&mut child, fed);
            tokio::pin!(talk);
            let short = SHORT.min(self.limits.wall_clock);
            if let Ok(talked) = tokio::time::timeout(short, &mut talk).await {
                Some(talked)
            } else {
                room = if long { None } else { self.long_slots.try_acquire().ok() };
                let rest = self.limits.wall_clock.saturating_sub(short);
                if long || room.is_some() { tokio::time::timeout(rest, &mut talk).await.ok() } else { None }
            }
        };
        if let Some(Ok((status, answer))) = talked {
            return conclude(status, answer).map(Some);
        }
        // Waits for the killed child, so that it does not stay a zombie until the server ends.
        child.kill().await.map_err(system("kill the child"))?;
        match talked {
            Some(Err(error)) => Err(error),
            _ if long || room.is_some() => Err(ExtractError::WallClock),
            _ => Ok(None),
        }
    }

    fn start(&self, task: &ChildTask, input: Stdio) -> Result<Child, ExtractError> {
        Command::new(&self.program)
            .args(&self.first_arguments)
            .args(task.arguments())
            .env_clear()
            .current_dir("/")
            .stdin(input)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(system("start the child"))
    }

    async fn converse(&self, child: &mut Child, fed: &[u8]) -> Result<(ExitStatus, Vec<u8>), ExtractError> {
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let feed = async {
            if let Some(mut stdin) = stdin
                && let Err(error) = stdin.write_all(fed).await
            {
                // A child that ends before it has read everything says why by its status.
                tracing::debug!(%error, "the child did not read everything");
            }
            std::future::pending::<Infallible>().await
        };
        let read = async {
            let mut answer = Vec::new();
            if let Some(stdout) = stdout {
                let mut bounded = stdout.take(self.limits.output_bytes + 1);
                bounded.read_to_end(&mut answer).await?;
            }
            Ok(answer)
        };
        let answer = tokio::select! {
            answer = read => answer.map_err(system("read the answer"))?,
            never = feed => match never {},
        };
        if answer.len() as u64 > self.limits.output_bytes {
            return Err(ExtractError::Output);
        }
        let status = child.wait().await.map_err(system("wait for the child"))?;
        Ok((status, answer))
    }
}

async fn place(slots: &Semaphore) -> Result<SemaphorePermit<'_>, ExtractError> {
    slots.acquire().await.map_err(|closed| system("wait for a slot")(io::Error::other(closed)))
}

/// What the check of a locked file came to.
fn verdict(checked: Result<Extracted, ExtractError>) -> Result<Result<(), Refusal>, ExtractError> {
    match checked {
        Ok(_) => Ok(Ok(())),
        Err(ExtractError::Encrypted) => Ok(Err(Refusal::Encrypted { format: Format::Pdf })),
        Err(ExtractError::Places) => Ok(Err(Refusal::LockedPlaces)),
        Err(error @ (ExtractError::System { .. } | ExtractError::Ended(_))) => Err(error),
        Err(_) => Ok(Err(Refusal::Damaged)),
    }
}

/// An answer as the child writes it; none when it is another one.
fn answered(answer: Vec<u8>) -> Option<Extracted> {
    let answer = String::from_utf8(answer).ok()?;
    let (head, text) = answer.split_once('\n')?;
    let truncated = head.starts_with(child::TRUNCATED);
    let pages = head.strip_prefix([child::COMPLETE, child::TRUNCATED])?.split(',').filter(|page| !page.is_empty());
    let pictures = pages.map(|page| page.parse().ok()).collect::<Option<_>>()?;
    Some(Extracted { text: text.to_owned(), truncated, pictures })
}

/// What the exit status of a child means.
fn conclude(status: ExitStatus, answer: Vec<u8>) -> Result<Extracted, ExtractError> {
    const SIGABRT: i32 = 6;
    const SIGKILL: i32 = 9;
    const SIGSEGV: i32 = 11;
    const SIGXCPU: i32 = 24;
    if status.success() {
        return answered(answer).ok_or(ExtractError::Output);
    }
    Err(match (status.code().map(u8::try_from), status.signal()) {
        (Some(Ok(child::EXIT_UNREADABLE)), _) => ExtractError::Unreadable,
        (Some(Ok(child::EXIT_ENCRYPTED)), _) => ExtractError::Encrypted,
        (Some(Ok(child::EXIT_TOO_BIG)), _) => ExtractError::TooBig,
        (Some(Ok(child::EXIT_PLACES)), _) => ExtractError::Places,
        (Some(Ok(child::EXIT_PANIC)), _) => ExtractError::Panicked,
        (_, Some(SIGXCPU)) => ExtractError::Cpu,
        // When the limit is too low for the thread's stack, the child fails before reading; later, Rust aborts on a
        // refused allocation. SIGKILL isn't ours here (only the wall clock sends it): it comes from the kernel's
        // out-of-memory killer.
        (Some(Ok(child::EXIT_LIMITS)), _) | (_, Some(SIGABRT | SIGSEGV | SIGKILL)) => ExtractError::Memory,
        _ => ExtractError::Ended(status),
    })
}
