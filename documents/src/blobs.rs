//! Where files are kept: one folder, random names, nothing half written.
//!
//! A blob's name is 128 random bits: a content hash would tell that two people sent the same file. The folder is
//! `<root>/<two digits>/<32 digits>`, and `<root>/incoming` holds what is still arriving. Rows of the database decide
//! which blobs exist; `sweep` removes those that no row names. Modes are 0600 and 0700. Nothing here knows accounts.

use futures_util::future::BoxFuture;
use std::fs::{self, Permissions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};
use std::{collections::HashSet, fmt};

use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};

use crate::archive::{Contenu, archive};
use crate::extract::{ExtractError, Extractor};
use crate::file_name::clean_file_name;
use crate::format::{Format, Place};
use crate::photo;
use crate::sniff::{Refusal, inspect};

/// Folder of uploads that are still arriving.
const INCOMING: &str = "incoming";

/// An upload that hasn't moved for this long is abandoned: no request lives an hour.
const INCOMING_MAX_AGE: Duration = Duration::from_hours(1);

/// A file's name in the store: 128 random bits, written as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobId(u128);

impl BlobId {
    /// A new name.
    ///
    /// # Errors
    /// When the system gives no random bits.
    pub fn random() -> Result<Self, BlobError> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| BlobError::Random(error.to_string()))?;
        Ok(Self(u128::from_le_bytes(bytes)))
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

impl fmt::Debug for BlobId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "BlobId({self})")
    }
}

/// A text that is no blob's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a blob: {0:?}")]
pub struct BadBlobId(pub String);

impl FromStr for BlobId {
    type Err = BadBlobId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plausible = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        match u128::from_str_radix(text, 16) {
            Ok(id) if plausible => Ok(Self(id)),
            _ => Err(BadBlobId(text.to_owned())),
        }
    }
}

/// What went wrong with the store itself, for the log; people only read that it failed.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("blob store: {doing} {path:?}: {source}")]
    Disk { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("no blob {0}")]
    Missing(BlobId),
    #[error("no random bits: {0}")]
    Random(String),
    /// The thread that looked into the file, or wrote one, died.
    #[error("the thread at work on a file died")]
    Inspection,
    #[error("a locked file could not be looked at: {0}")]
    Locked(ExtractError),
}

/// Why an upload didn't become a blob.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The person has to send something else; the sentence says what.
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("reading an upload: {0}")]
    Source(io::Error),
    #[error(transparent)]
    Store(#[from] BlobError),
}

fn disk<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> BlobError + 'a {
    move |source| BlobError::Disk { doing, path: path.to_owned(), source }
}

/// A file that is safely on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub id: BlobId,
    /// What the bytes are.
    pub format: Format,
    /// The name its sender gave it, cleaned, to show and to send back.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Blobs that no row names.
    pub orphans: usize,
    /// Uploads that were never finished.
    pub abandoned: usize,
}

/// The store of files, on disk.
#[derive(Debug, Clone)]
pub struct Blobs {
    root: PathBuf,
    /// Says whether an encrypted PDF can be taken; without it, all are refused.
    extractor: Option<Extractor>,
}

impl Blobs {
    /// Opens the store in `root`, makes its folders, and removes uploads that a dead process left behind.
    pub fn open(root: &Path) -> BoxFuture<'_, Result<Self, BlobError>> {
        Box::pin(async move {
            let blobs = Self { root: root.to_owned(), extractor: None };
            let incoming = blobs.root.join(INCOMING);
            make_folder(&blobs.root).await?;
            make_folder(&incoming).await?;
            let abandoned = remove_older(&incoming, INCOMING_MAX_AGE, |_| true).await?;
            if abandoned > 0 {
                tracing::info!(abandoned, "removed unfinished uploads");
            }
            Ok(blobs)
        })
    }

    /// Takes encrypted PDFs that open without a password, as this extractor finds them to be.
    pub fn with(self, extractor: Extractor) -> Self {
        Self { extractor: Some(extractor), ..self }
    }

    /// Begins an upload to `place`, pushed piece by piece.
    pub fn begin<'a>(&'a self, place: Place, name: &'a str) -> BoxFuture<'a, Result<Upload, BlobError>> {
        Box::pin(async move {
            let id = BlobId::random()?;
            let path = self.root.join(INCOMING).join(id.to_string());
            let file = OpenOptions::new()
                .write(true)
                .read(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)
                .await
                .map_err(disk("create", &path))?;
            let temporary = Temporary { path, kept: false };
            Ok(Upload { blobs: self.clone(), id, place, name: name.to_owned(), file, temporary, bytes: 0 })
        })
    }

    /// Stores all that `source` gives, which is not held whole in memory while it comes.
    pub fn store<'a>(
        &'a self,
        place: Place,
        name: &'a str,
        source: &'a mut (dyn AsyncRead + Send + Unpin),
    ) -> BoxFuture<'a, Result<Stored, UploadError>> {
        Box::pin(async move {
            let mut upload = self.begin(place, name).await?;
            let mut buffer = vec![0; 64 * 1024];
            loop {
                match source.read(&mut buffer).await.map_err(UploadError::Source)? {
                    0 => return upload.finish().await,
                    read => upload.write(&buffer[..read]).await?,
                }
            }
        })
    }

    /// Keeps bytes that were looked at already, under a new name; once this returns `Ok`, a power cut doesn't lose
    /// them.
    pub fn keep<'a>(&'a self, id: BlobId, bytes: &'a [u8]) -> BoxFuture<'a, Result<(), BlobError>> {
        Box::pin(async move {
            let aside = self.root.join(INCOMING).join(id.to_string());
            let mut temporary = Temporary { path: aside.clone(), kept: false };
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&aside)
                .await
                .map_err(disk("open", &aside))?;
            file.write_all(bytes).await.map_err(disk("write", &aside))?;
            file.sync_all().await.map_err(disk("write", &aside))?;
            let target = self.path(id);
            let folder = parent(&target);
            if make_folder(folder).await? {
                sync_folder(&self.root).await?;
            }
            tokio::fs::rename(&aside, &target).await.map_err(disk("rename", &aside))?;
            temporary.kept = true;
            sync_folder(folder).await
        })
    }

    pub fn whole(&self, id: BlobId) -> BoxFuture<'_, Result<Vec<u8>, BlobError>> {
        Box::pin(async move {
            let path = self.path(id);
            tokio::fs::read(&path).await.map_err(|source| match source.kind() {
                io::ErrorKind::NotFound => BlobError::Missing(id),
                _ => disk("read", &path)(source),
            })
        })
    }

    /// Opens a blob to stream it out.
    pub fn read(&self, id: BlobId) -> BoxFuture<'_, Result<BlobReader, BlobError>> {
        Box::pin(async move {
            let path = self.path(id);
            let file = File::open(&path).await.map_err(|source| match source.kind() {
                io::ErrorKind::NotFound => BlobError::Missing(id),
                _ => disk("open", &path)(source),
            })?;
            let bytes = file.metadata().await.map_err(disk("look at", &path))?.len();
            Ok(BlobReader { file, bytes })
        })
    }

    /// Files as one ZIP, each under its name: the bytes first, then blobs.
    pub fn archive(
        &self,
        bytes: Vec<(String, Vec<u8>)>,
        blobs: Vec<(String, BlobId)>,
    ) -> BoxFuture<'_, Result<BlobReader, BlobError>> {
        Box::pin(async move {
            let folder = self.root.join(INCOMING);
            let mut entries: Vec<(String, Contenu)> =
                bytes.into_iter().map(|(name, bytes)| (name, Contenu::Bytes(bytes))).collect();
            entries.extend(blobs.into_iter().map(|(name, id)| (name, Contenu::File(self.path(id)))));
            let making = folder.clone();
            let made = tokio::task::spawn_blocking(move || archive(&making, entries));
            let file = match made.await {
                Ok(made) => File::from_std(made.map_err(disk("write an archive in", &folder))?),
                Err(_) => return Err(BlobError::Inspection),
            };
            let bytes = file.metadata().await.map_err(disk("look at", &folder))?.len();
            Ok(BlobReader { file, bytes })
        })
    }

    /// Where a blob is on this machine, for the extractor.
    pub fn path(&self, id: BlobId) -> PathBuf {
        let name = id.to_string();
        self.root.join(&name[..2]).join(name)
    }

    /// Removes a blob; `false` when it was gone already. Its row goes first, in a transaction of its own.
    pub fn delete(&self, id: BlobId) -> BoxFuture<'_, Result<bool, BlobError>> {
        Box::pin(async move {
            let path = self.path(id);
            match tokio::fs::remove_file(&path).await {
                Ok(()) => {
                    sync_folder(parent(&path)).await?;
                    Ok(true)
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
                Err(error) => Err(disk("remove", &path)(error)),
            }
        })
    }

    /// Removes blobs that aren't among `known`, and abandoned uploads.
    ///
    /// Only what is older than `minimum_age` goes: a file is stored before its row is committed. Files whose names
    /// aren't ours are left alone.
    pub fn sweep(&self, known: HashSet<BlobId>, minimum_age: Duration) -> BoxFuture<'_, Result<Swept, BlobError>> {
        Box::pin(async move {
            let mut swept = Swept::default();
            let mut folders = tokio::fs::read_dir(&self.root).await.map_err(disk("list", &self.root))?;
            while let Some(folder) = folders.next_entry().await.map_err(disk("list", &self.root))? {
                let name = folder.file_name();
                let prefix = name.to_string_lossy();
                if prefix.len() == 2 && prefix.bytes().all(|b| b.is_ascii_hexdigit()) {
                    let unknown = |name: &str| {
                        name.parse().is_ok_and(|id: BlobId| name.starts_with(&*prefix) && !known.contains(&id))
                    };
                    swept.orphans += remove_older(&folder.path(), minimum_age, unknown).await?;
                }
            }
            swept.abandoned =
                remove_older(&self.root.join(INCOMING), INCOMING_MAX_AGE.max(minimum_age), |_| true).await?;
            Ok(swept)
        })
    }
}

/// A file that is arriving. Dropped before `finish`, it leaves nothing.
#[derive(Debug)]
pub struct Upload {
    blobs: Blobs,
    id: BlobId,
    place: Place,
    name: String,
    file: File,
    temporary: Temporary,
    bytes: u64,
}

impl Upload {
    /// Takes the next piece; refuses it as soon as the place's limit is passed.
    pub fn write<'a>(&'a mut self, piece: &'a [u8]) -> BoxFuture<'a, Result<(), UploadError>> {
        Box::pin(async move {
            self.bytes += piece.len() as u64;
            if self.bytes > self.place.max_bytes() {
                return Err(Refusal::TooBig { place: self.place }.into());
            }
            self.file.write_all(piece).await.map_err(disk("write", &self.temporary.path))?;
            Ok(())
        })
    }

    /// Looks at what came and makes it a blob: once this returns `Ok`, a power cut doesn't lose it.
    pub fn finish(self) -> BoxFuture<'static, Result<Stored, UploadError>> {
        Box::pin(async move {
            // The whole `Upload` is bound, not its fields: its temporary file is removed when it is dropped.
            let mut upload = self;
            let path = upload.temporary.path.clone();
            upload.file.flush().await.map_err(disk("write", &path))?;
            let mut file = upload.file.into_std().await;
            let (name, place) = (upload.name.clone(), upload.place);
            let inspected = tokio::task::spawn_blocking(move || {
                let verdict = match inspect(&mut file, &name, place)? {
                    Ok(found) if found.locked => Ok(found),
                    Ok(found) => without_places(&mut file, found.format)?.map(|()| found),
                    Err(refusal) => Err(refusal),
                };
                if verdict.is_ok() {
                    file.sync_all()?;
                }
                Ok::<_, io::Error>((verdict, file.metadata()?.len()))
            });
            let (found, bytes) = match inspected.await {
                Ok(verdict) => {
                    let (verdict, bytes) = verdict.map_err(disk("inspect", &path))?;
                    (verdict?, bytes)
                }
                Err(_) => return Err(BlobError::Inspection.into()),
            };
            if found.locked {
                let Some(extractor) = &upload.blobs.extractor else {
                    return Err(Refusal::Encrypted { format: found.format }.into());
                };
                extractor.check_locked(&path).await.map_err(BlobError::Locked)??;
            }
            let format = found.format;
            let target = upload.blobs.path(upload.id);
            let folder = parent(&target);
            if make_folder(folder).await? {
                sync_folder(&upload.blobs.root).await?;
            }
            tokio::fs::rename(&path, &target).await.map_err(disk("rename", &path))?;
            upload.temporary.kept = true;
            sync_folder(folder).await?;
            Ok(Stored { id: upload.id, format, name: clean_file_name(&upload.name, format), bytes })
        })
    }
}

/// Writes a file again without what its pictures say of where they were taken.
fn without_places(file: &mut fs::File, format: Format) -> io::Result<Result<(), Refusal>> {
    if !photo::is_cleaned(format) {
        return Ok(Ok(()));
    }
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    let cleaned = match photo::cleaned(format, &bytes) {
        Ok(Some(cleaned)) => cleaned,
        Ok(None) => return Ok(Ok(())),
        Err(refusal) => return Ok(Err(refusal)),
    };
    file.rewind()?;
    file.set_len(0)?;
    file.write_all(&cleaned)?;
    Ok(Ok(()))
}

/// A temporary file that goes away unless it was kept.
#[derive(Debug)]
struct Temporary {
    path: PathBuf,
    kept: bool,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.kept
            && let Err(error) = fs::remove_file(&self.path)
        {
            tracing::warn!(%error, "an unfinished upload could not be removed, the next start will");
        }
    }
}

#[derive(Debug)]
pub struct BlobReader {
    file: File,
    bytes: u64,
}

impl BlobReader {
    /// Its size in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl AsyncRead for BlobReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.file).poll_read(context, buffer)
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

/// Makes a folder of mode 0700; `true` when it is new.
async fn make_folder(path: &Path) -> Result<bool, BlobError> {
    let fresh = !tokio::fs::try_exists(path).await.map_err(disk("look at", path))?;
    if fresh {
        let mut builder = tokio::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(path).await.map_err(disk("make folder", path))?;
    }
    // Also when it existed: a folder made by hand may be readable by all.
    tokio::fs::set_permissions(path, Permissions::from_mode(0o700)).await.map_err(disk("protect", path))?;
    Ok(fresh)
}

/// Makes a rename or a removal inside `path` survive a power cut.
async fn sync_folder(path: &Path) -> Result<(), BlobError> {
    let folder = File::open(path).await.map_err(disk("open", path))?;
    folder.sync_all().await.map_err(disk("sync", path))
}

/// Removes the files of a folder that are old enough and whose name is `doomed`; returns how many.
async fn remove_older(folder: &Path, age: Duration, doomed: impl Fn(&str) -> bool) -> Result<usize, BlobError> {
    let mut removed = 0;
    let now = SystemTime::now();
    let mut entries = tokio::fs::read_dir(folder).await.map_err(disk("list", folder))?;
    while let Some(entry) = entries.next_entry().await.map_err(disk("list", folder))? {
        if !entry.file_name().to_str().is_some_and(&doomed) {
            continue;
        }
        let path = entry.path();
        let modified = match entry.metadata().await {
            Ok(metadata) if metadata.is_file() => metadata.modified().map_err(disk("look at", &path))?,
            Ok(_) => continue,
            // Another server may finish or sweep at the same time.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(disk("look at", &path)(error)),
        };
        // A file from the future (a clock set back) is young.
        if now.duration_since(modified).unwrap_or_default() < age {
            continue;
        }
        match tokio::fs::remove_file(&path).await {
            Ok(()) => removed += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(disk("remove", &path)(error)),
        }
    }
    Ok(removed)
}
