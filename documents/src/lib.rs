//! Files in and files out: what a file is (`format`, `sniff`), where it is kept (`blobs`), what text it has
//! (`extract`), which files are made here (`lettre`, `classeur`, `archive`), and what an antivirus says of received
//! files (`antivirus`).
//!
//! What a person uploads is hostile until shown otherwise. Hence the order: a name is cleaned before it is read, the
//! size is counted while the file streams, the type is decided by the bytes, and text is parsed in a child process that
//! has limited itself first. Nothing here knows the database, nor who owns a file.

pub mod antivirus;
pub mod archive;
pub mod blobs;
pub mod classeur;
pub mod extract;
pub mod file_name;
pub mod format;
pub mod lettre;
pub mod photo;
pub mod sniff;

pub use antivirus::{Antivirus, AntivirusError, BadAddress, Verdict};
pub use blobs::{BlobError, BlobId, BlobReader, Blobs, Stored, Swept, Upload, UploadError};
pub use classeur::{Feuille, classeur, fitted};
pub use extract::{ChildTask, ExtractError, Extracted, Extractor, Limits, run_child};
pub use file_name::clean_file_name;
pub use format::{Format, Place};
pub use photo::without_metadata;
pub use sniff::{Inspected, Refusal, inspect};
