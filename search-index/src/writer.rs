//! One index on disk (a shelf): opening, writing with the journal's cursor, rebuilding aside, purging what was deleted.
//!
//! Invariants: one process writes (a lock held for its life); a commit's cursor is never ahead of its content; a
//! rebuild touches nothing that serves until its last rename; `writing` is locked before `serving`, never while
//! `serving` is held (a search that did so would block the swap of a rebuild for ever). Searching lives elsewhere and
//! only asks for a snapshot.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use tantivy::directory::error::LockError;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term};

use crate::error::{Error, RebuildReason, guarded};
use crate::french;
use crate::generation::{self, Payload};
use crate::schema::Indexed;
use crate::sigles::Sigles;
use crate::snapshot::Snapshot;

/// Memory in which documents gather before they become a segment, while following the journal.
const FOLLOWING_BYTES: usize = 48 << 20;
/// The same during a rebuild, per thread: fewer and larger segments to merge.
const REBUILDING_BYTES: usize = 192 << 20;
/// A cursor that moved this many journal ids without any document of ours is committed all the same.
const LONGEST_LAG: i64 = 10_000;
/// Documents between two reports of progress during a rebuild.
const PROGRESS_EVERY: u64 = 500;

/// Whether this process may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The only writer: takes the lock.
    Write,
    /// Search only, beside a writer; call [`Shelf::refresh`] to see its commits.
    Read,
}

struct Serving {
    name: String,
    reader: IndexReader,
    snapshot: Arc<Snapshot>,
}

struct Writing {
    writer: Option<IndexWriter<TantivyDocument>>,
    /// Journal id whose effect is in the index or needed none.
    reached: i64,
    /// Journal id written in the last commit.
    committed: i64,
    /// Documents added or deleted since the last commit.
    pending: u64,
    stale: Option<RebuildReason>,
}

/// One index: CVs or annonces.
pub struct Shelf<D: Indexed> {
    folder: PathBuf,
    access: Access,
    /// Held, never read.
    _lock: Option<File>,
    serving: RwLock<Option<Serving>>,
    writing: Mutex<Writing>,
    rebuilding: Mutex<()>,
    sigles: RwLock<Arc<Sigles>>,
    kind: std::marker::PhantomData<fn() -> D>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// Segments that held deleted documents and were rewritten without them.
    pub segments: usize,
    pub files: usize,
}

/// A poisoned lock is taken all the same: every error path leaves its data whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Bytes of the file that tells whether there is room: more than what is left of a block.
const ROOM_BYTES: usize = 64 << 10;

/// How often, and after what pause, a writer's lock that is held is tried again.
const LOCK_TRIES: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

fn new_writer(index: &Index, threads: usize, bytes: usize) -> Result<IndexWriter<TantivyDocument>, Error> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(threads)
        .memory_budget_per_thread(bytes)
        .num_merge_threads(1)
        .build();
    // The lock of a writer that was just dropped may outlive it for some milliseconds: a child process that is being
    // started holds every open file until it runs its own program. Nobody else writes here (`Shelf::_lock`).
    let mut tries = 0;
    let writer = loop {
        match index.writer_with_options(options.clone()) {
            Err(TantivyError::LockFailure(LockError::LockBusy, _)) if tries < LOCK_TRIES => {
                tries += 1;
                std::thread::sleep(LOCK_PAUSE);
            }
            other => break other?,
        }
    };
    let mut policy = LogMergePolicy::default();
    // CVs are replaced rather than added: what is deleted must not pile up.
    policy.set_del_docs_ratio_before_merge(0.2);
    writer.set_merge_policy(Box::new(policy));
    Ok(writer)
}

fn commit_with(writer: &mut IndexWriter<TantivyDocument>, payload: &Payload) -> Result<(), Error> {
    let text = serde_json::to_string(payload)?;
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&text);
    prepared.commit()?;
    Ok(())
}

fn serve<D: Indexed>(name: &str, index: &Index) -> Result<Serving, Error> {
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let snapshot = Snapshot::new(reader.searcher(), D::layout(), None)?;
    Ok(Serving { name: name.to_owned(), reader, snapshot: Arc::new(snapshot) })
}

impl<D: Indexed> Shelf<D> {
    /// Opens `folder/<kind>`. A missing or broken index is no error: see [`Shelf::needs_rebuild`].
    pub(crate) fn open(folder: &Path, access: Access) -> Result<Self, Error> {
        let folder = folder.join(D::NAME);
        if access == Access::Write {
            std::fs::create_dir_all(&folder)?;
        }
        let lock = match access {
            Access::Write => Some(generation::lock(&folder)?),
            Access::Read => None,
        };
        let shelf = Self {
            folder,
            access,
            _lock: lock,
            serving: RwLock::new(None),
            writing: Mutex::new(Writing {
                writer: None,
                reached: 0,
                committed: 0,
                pending: 0,
                stale: Some(RebuildReason::Missing),
            }),
            rebuilding: Mutex::new(()),
            sigles: RwLock::new(Arc::default()),
            kind: std::marker::PhantomData,
        };
        let name = generation::current(&shelf.folder)?;
        if access == Access::Write {
            generation::sweep(&shelf.folder, name.as_deref())?;
        }
        if let Some(name) = name {
            shelf.open_generation(&name)?;
        }
        Ok(shelf)
    }

    fn open_generation(&self, name: &str) -> Result<(), Error> {
        let path = self.folder.join(name);
        let opened = guarded(|| {
            let found = match generation::open::<D>(&path)? {
                Ok(found) => found,
                Err(reason) => return Ok(Err(reason)),
            };
            let serving = match serve::<D>(name, &found.index) {
                Ok(serving) => serving,
                Err(error) => return Ok(Err(RebuildReason::Damaged(error.to_string()))),
            };
            let writer = match (self.access, &found.stale) {
                (Access::Write, None) => match new_writer(&found.index, 1, FOLLOWING_BYTES) {
                    Ok(writer) => Some(writer),
                    Err(error) => return Ok(Err(RebuildReason::Damaged(error.to_string()))),
                },
                _ => None,
            };
            Ok(Ok((found, serving, writer)))
        });
        let mut writing = locked(&self.writing);
        match opened {
            Ok(Ok((found, serving, writer))) => {
                *self.serving.write().unwrap_or_else(PoisonError::into_inner) = Some(serving);
                writing.writer = writer;
                writing.reached = found.payload.cursor;
                writing.committed = found.payload.cursor;
                writing.stale = found.stale;
            }
            Ok(Err(reason)) => writing.stale = Some(reason),
            Err(Error::Panicked(message)) => writing.stale = Some(RebuildReason::Damaged(message)),
            Err(error) => return Err(error),
        }
        if let Some(reason) = &writing.stale {
            tracing::warn!(index = D::NAME, %reason, "the index needs a rebuild");
        }
        Ok(())
    }

    /// Why this index must be rebuilt, if it must. It may still serve what it has meanwhile.
    pub fn needs_rebuild(&self) -> Option<RebuildReason> {
        locked(&self.writing).stale.clone()
    }

    /// The journal id from which to read on: its effect and all before are in the index. `None` before a rebuild.
    pub fn cursor(&self) -> Option<i64> {
        let writing = locked(&self.writing);
        writing.stale.is_none().then_some(writing.reached)
    }

    /// Living documents, as of the last commit.
    pub fn len(&self) -> u64 {
        self.snapshot().map_or(0, |snapshot| snapshot.searcher.num_docs())
    }

    /// Whether there is no document, or no index.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes on disk.
    pub fn size(&self) -> Result<u64, Error> {
        generation::size(&self.folder)
    }

    pub(crate) fn set_sigles(&self, sigles: Arc<Sigles>) {
        *self.sigles.write().unwrap_or_else(PoisonError::into_inner) = sigles;
    }

    pub(crate) fn sigles(&self) -> Arc<Sigles> {
        Arc::clone(&self.sigles.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn snapshot(&self) -> Result<Arc<Snapshot>, Error> {
        let served = {
            let serving = self.serving.read().unwrap_or_else(PoisonError::into_inner);
            serving.as_ref().map(|serving| Arc::clone(&serving.snapshot))
        };
        // Only now: `writing` is never taken while `serving` is held.
        served.ok_or_else(|| Error::NotBuilt(locked(&self.writing).stale.clone().unwrap_or(RebuildReason::Missing)))
    }

    /// Runs something on the writer; after a failure the writer is made anew and what was pending is forgotten, so
    /// that the caller reads on from [`Shelf::cursor`].
    fn write<T>(&self, work: impl FnOnce(&mut Writing) -> Result<T, Error>) -> Result<T, Error> {
        if self.access == Access::Read {
            return Err(Error::ReadOnly);
        }
        let mut writing = locked(&self.writing);
        // The last one could not be made anew: the disk was full.
        self.renew(&mut writing)?;
        if writing.writer.is_none() {
            return Err(Error::NotBuilt(writing.stale.clone().unwrap_or(RebuildReason::Missing)));
        }
        let error = match guarded(|| work(&mut writing)) {
            Err(error @ (Error::Tantivy(_) | Error::Io(_) | Error::Panicked(_))) => error,
            other => return other,
        };
        let error = self.full_or(error);
        writing.pending = 0;
        writing.reached = writing.committed;
        // Dropped first: a writer holds its generation's lock.
        writing.writer = None;
        if let Err(again) = self.renew(&mut writing) {
            tracing::warn!(index = D::NAME, error = %again, "the index's writer can't be made anew");
        }
        Err(error)
    }

    /// Makes the writer of what is served, where there is none. Where that can't be done, the index is damaged, unless
    /// it waits for room on the disk.
    fn renew(&self, writing: &mut Writing) -> Result<(), Error> {
        if writing.writer.is_some() || writing.stale.is_some() {
            return Ok(());
        }
        let index = {
            let serving = self.serving.read().unwrap_or_else(PoisonError::into_inner);
            serving.as_ref().map(|serving| serving.snapshot.searcher.index().clone())
        };
        let Some(index) = index else { return Ok(()) };
        match new_writer(&index, 1, FOLLOWING_BYTES) {
            Ok(writer) => writing.writer = Some(writer),
            Err(error) => {
                let error = self.full_or(error);
                if !matches!(&error, Error::Io(why) if why.kind() == ErrorKind::StorageFull) {
                    writing.stale = Some(RebuildReason::Damaged(error.to_string()));
                }
                return Err(error);
            }
        }
        Ok(())
    }

    /// That error, or that there is no room on the disk. Tantivy 0.27's threads keep to themselves what the system said
    /// (« An index writer was killed »): where there is no room, a small file can't be written either.
    fn full_or(&self, error: Error) -> Error {
        let path = self.folder.join("place");
        let written = std::fs::write(&path, vec![0; ROOM_BYTES]);
        if let Err(left) = std::fs::remove_file(&path) {
            tracing::debug!(%left, "no file to remove");
        }
        match written {
            Err(why) if why.kind() == ErrorKind::StorageFull => Error::Io(why),
            _ => error,
        }
    }

    fn id_term(id: i64) -> Term {
        Term::from_field_i64(D::layout().id, id)
    }

    /// The one document with that id.
    pub(crate) fn of_id(id: i64) -> TermQuery {
        TermQuery::new(Self::id_term(id), IndexRecordOption::Basic)
    }

    /// Puts a document in place of the one with its id. Found after the next commit.
    pub fn upsert(&self, document: &D) -> Result<(), Error> {
        let prepared = document.to_tantivy()?;
        self.write(|writing| {
            if let Some(writer) = &writing.writer {
                writer.delete_term(Self::id_term(document.id()));
                if let Some(prepared) = prepared {
                    writer.add_document(prepared)?;
                }
                writing.pending += 1;
            }
            Ok(())
        })
    }

    /// Takes a document out. Gone from results after the next commit, from the disk after the next [`Shelf::purge`].
    pub fn delete(&self, id: i64) -> Result<(), Error> {
        self.write(|writing| {
            if let Some(writer) = &writing.writer {
                writer.delete_term(Self::id_term(id));
                writing.pending += 1;
            }
            Ok(())
        })
    }

    /// Makes everything since the last commit durable and found, as the effect of the journal's ids after `from` up
    /// to `to`. Refused when the index stands before `from` (after a rebuild or a failure): read on from the cursor.
    /// A batch that was already seen is harmless. Blocks for some tens of milliseconds (it waits for the disk).
    pub fn commit(&self, from: i64, to: i64) -> Result<(), Error> {
        let committed = self.write(|writing| {
            if writing.reached < from {
                return Err(Error::Gap { reached: writing.reached, from });
            }
            let to = writing.reached.max(to);
            if writing.pending == 0 && to - writing.committed < LONGEST_LAG {
                writing.reached = to;
                return Ok(false);
            }
            if let Some(writer) = &mut writing.writer {
                commit_with(writer, &Payload { cursor: to, version: D::version() })?;
            }
            writing.pending = 0;
            writing.reached = to;
            writing.committed = to;
            Ok(true)
        })?;
        if committed { self.reload() } else { Ok(()) }
    }

    /// Shows the last commit to searches.
    fn reload(&self) -> Result<(), Error> {
        guarded(|| {
            let (name, reader, before) = {
                let serving = self.serving.read().unwrap_or_else(PoisonError::into_inner);
                let Some(serving) = &*serving else { return Ok(()) };
                (serving.name.clone(), serving.reader.clone(), Arc::clone(&serving.snapshot))
            };
            reader.reload()?;
            let snapshot = Arc::new(Snapshot::new(reader.searcher(), D::layout(), Some(&before))?);
            let mut serving = self.serving.write().unwrap_or_else(PoisonError::into_inner);
            // A rebuild may have put another generation in place meanwhile.
            if let Some(serving) = &mut *serving
                && serving.name == name
                && serving.snapshot.generation() <= snapshot.generation()
            {
                serving.snapshot = snapshot;
            }
            Ok(())
        })
    }

    /// For a reader beside a writer of another process: sees its last commit, also across a rebuild.
    pub fn refresh(&self) -> Result<(), Error> {
        let Some(name) = generation::current(&self.folder)? else { return Ok(()) };
        let same = {
            let serving = self.serving.read().unwrap_or_else(PoisonError::into_inner);
            serving.as_ref().is_some_and(|serving| serving.name == name)
        };
        if same || self.access == Access::Write { self.reload() } else { self.open_generation(&name) }
    }

    /// Builds a new index aside from all documents, read when the journal stood at `cursor`, then puts it in place.
    /// The old one serves and follows the journal meanwhile; after an error it simply stays. `progress` is told the
    /// number of documents so far. The caller then reads the journal on from [`Shelf::cursor`].
    pub fn rebuild<E>(
        &self,
        documents: impl IntoIterator<Item = Result<D, E>>,
        cursor: i64,
        mut progress: impl FnMut(u64),
    ) -> Result<u64, Error>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        if self.access == Access::Read {
            return Err(Error::ReadOnly);
        }
        let _one_at_a_time = match self.rebuilding.try_lock() {
            Ok(guard) => guard,
            Err(std::sync::TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(std::sync::TryLockError::WouldBlock) => return Err(Error::AlreadyRebuilding),
        };
        let (name, path) = generation::create(&self.folder)?;
        let built = guarded(|| Self::build(&path, documents, cursor, &mut progress)).and_then(|(index, count)| {
            Ok((serve::<D>(&name, &index)?, new_writer(&index, 1, FOLLOWING_BYTES)?, count))
        });
        let (serving, writer, count) = match built {
            Ok(built) => built,
            Err(error) => {
                let error = self.full_or(error);
                if let Err(left) = std::fs::remove_dir_all(&path) {
                    tracing::warn!(%left, "what a failed rebuild left is removed at the next start");
                }
                return Err(error);
            }
        };
        {
            let mut writing = locked(&self.writing);
            generation::point_to(&self.folder, &name)?;
            *self.serving.write().unwrap_or_else(PoisonError::into_inner) = Some(serving);
            *writing = Writing { writer: Some(writer), reached: cursor, committed: cursor, pending: 0, stale: None };
        }
        generation::sweep(&self.folder, Some(&name))?;
        tracing::info!(index = D::NAME, count, cursor, "the index was rebuilt");
        Ok(count)
    }

    fn build<E>(
        path: &Path,
        documents: impl IntoIterator<Item = Result<D, E>>,
        cursor: i64,
        progress: &mut impl FnMut(u64),
    ) -> Result<(Index, u64), Error>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let index = Index::create_in_dir(path, D::layout().schema.clone())?;
        french::register(index.tokenizers());
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(4);
        let mut writer = new_writer(&index, threads, REBUILDING_BYTES)?;
        let mut count = 0;
        for document in documents {
            let document = document.map_err(|error| Error::Source(error.into()))?;
            if let Some(prepared) = document.to_tantivy()? {
                writer.add_document(prepared)?;
                count += 1;
                if count % PROGRESS_EVERY == 0 {
                    progress(count);
                }
            }
        }
        commit_with(&mut writer, &Payload { cursor, version: D::version() })?;
        writer.wait_merging_threads()?;
        progress(count);
        Ok((index, count))
    }

    /// Rewrites every segment that holds deleted documents and removes the old files: after it, nothing of what was
    /// deleted is left on the disk, but for files that a search still running holds open (they go with the next
    /// commit). Takes time in proportion to these segments; writing waits meanwhile, searching does not.
    pub fn purge(&self) -> Result<Purged, Error> {
        let segments = self.write(|writing| {
            let Some(mut writer) = writing.writer.take() else { return Ok(0) };
            let index = writer.index().clone();
            if writing.pending > 0 {
                // Content ahead of its cursor is harmless: the journal will be read again from there.
                commit_with(&mut writer, &Payload { cursor: writing.reached, version: D::version() })?;
                writing.committed = writing.reached;
                writing.pending = 0;
            }
            // No merge of the background may hold a segment we are about to rewrite.
            writer.wait_merging_threads()?;
            let mut writer = new_writer(&index, 1, FOLLOWING_BYTES)?;
            let mut rewritten = 0;
            for segment in index.searchable_segment_metas()? {
                if segment.has_deletes() {
                    writer.merge(&[segment.id()]).wait()?;
                    rewritten += 1;
                }
            }
            writing.writer = Some(writer);
            Ok(rewritten)
        })?;
        self.reload()?;
        let files = self.write(|writing| match &writing.writer {
            Some(writer) => Ok(writer.garbage_collect_files().wait()?.deleted_files.len()),
            None => Ok(0),
        })?;
        Ok(Purged { segments, files })
    }

    /// Reads every byte against the checksums: the names of damaged files, none when all is well.
    pub fn verify(&self) -> Result<Vec<PathBuf>, Error> {
        let snapshot = self.snapshot()?;
        guarded(|| Ok(snapshot.searcher.index().validate_checksum()?.into_iter().collect()))
    }
}
