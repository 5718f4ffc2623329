//! The folders of one index: numbered generations, a pointer to the one that serves, and the lock of the process that
//! writes.
//!
//! `current` holds the name of a generation and is only ever replaced by a rename, so a reader sees the old one or
//! the new one. A generation without a commit of ours is no generation: it is what a killed rebuild left.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::Index;

use crate::error::{Error, RebuildReason};
use crate::french;
use crate::schema::Indexed;

const POINTER: &str = "current";
const PREFIX: &str = "generation-";

/// What each commit says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payload {
    /// Last journal id whose effect is in the index.
    pub cursor: i64,
    pub version: String,
}

/// Takes the lock of the one process that writes; it ends with the process.
pub(crate) fn lock(folder: &Path) -> Result<File, Error> {
    let file = File::options().create(true).truncate(false).write(true).open(folder.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Locked(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// The generation that serves; `None` when there is none.
pub(crate) fn current(folder: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(folder.join(POINTER)) {
        // Anything but a name of ours (a damaged disk, an edit by hand) counts as nothing.
        Ok(name) => Ok(Some(name.trim().to_owned()).filter(|name| number(name).is_some())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Makes a generation the one that serves, surviving a power cut.
pub(crate) fn point_to(folder: &Path, name: &str) -> Result<(), Error> {
    let aside = folder.join("current.new");
    let mut file = File::create(&aside)?;
    file.write_all(name.as_bytes())?;
    file.sync_all()?;
    fs::rename(&aside, folder.join(POINTER))?;
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// A folder for a generation newer than every other.
pub(crate) fn create(folder: &Path) -> Result<(String, PathBuf), Error> {
    let next = names(folder)?.iter().filter_map(|name| number(name)).max().unwrap_or(0) + 1;
    let name = format!("{PREFIX}{next:06}");
    let path = folder.join(&name);
    fs::create_dir_all(&path)?;
    Ok((name, path))
}

/// Removes every generation but one.
pub(crate) fn sweep(folder: &Path, kept: Option<&str>) -> Result<(), Error> {
    for name in names(folder)? {
        if Some(name.as_str()) != kept && number(&name).is_some() {
            fs::remove_dir_all(folder.join(name))?;
        }
    }
    Ok(())
}

fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        found.push(entry?.file_name().to_string_lossy().into_owned());
    }
    Ok(found)
}

fn number(name: &str) -> Option<u64> {
    name.strip_prefix(PREFIX)?.parse().ok()
}

/// Bytes of all files under a folder.
pub(crate) fn size(folder: &Path) -> Result<u64, Error> {
    let mut total = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // A file of a merge may vanish between the listing and the look.
        total += match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => size(&entry.path())?,
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error.into()),
        };
    }
    Ok(total)
}

pub(crate) struct Found {
    pub index: Index,
    pub payload: Payload,
    /// Why it can only serve until it is rebuilt.
    pub stale: Option<RebuildReason>,
}

/// Opens a generation. `Err(reason)` inside when it can't serve at all.
pub(crate) fn open<D: Indexed>(path: &Path) -> Result<Result<Found, RebuildReason>, Error> {
    let damaged = |error: &dyn std::fmt::Display| Ok(Err(RebuildReason::Damaged(error.to_string())));
    let index = match Index::open_in_dir(path) {
        Ok(index) => index,
        Err(error) => return damaged(&error),
    };
    let payload = match index.load_metas() {
        Ok(metas) => metas.payload,
        Err(error) => return damaged(&error),
    };
    let Some(payload) =
        payload.map(|payload| serde_json::from_str::<Payload>(&payload)).transpose().unwrap_or_else(|error| {
            tracing::warn!(%error, "the payload of the last commit is unreadable");
            None
        })
    else {
        return damaged(&"its last commit is not ours");
    };
    let expected = D::version();
    let stale =
        (payload.version != expected).then(|| RebuildReason::OtherVersion { found: payload.version.clone(), expected });
    if index.schema() != D::layout().schema {
        let found = payload.version.clone();
        return Ok(Err(stale.unwrap_or(RebuildReason::OtherVersion { found, expected: "another schema".to_owned() })));
    }
    french::register(index.tokenizers());
    Ok(Ok(Found { index, payload, stale }))
}
