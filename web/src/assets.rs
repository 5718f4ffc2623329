//! Stylesheets, modules and icon, compiled into the program and served under an address that changes with their
//! content.
//!
//! The address is `/assets/<digest of all files>/<path>`: modules import one another by relative path without mixing
//! two versions, and a browser may keep a file for a year. Nothing that a person uploaded may be here.

use std::borrow::Cow;
use std::sync::OnceLock;

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

#[derive(Debug, Clone)]
pub struct Asset {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The value of `Cache-Control`.
    pub cache_control: &'static str,
}

/// The beginning of the SHA-256 of every path and content, in order of path.
pub fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let mut paths: Vec<Cow<'static, str>> = paths().collect();
        paths.sort();
        let mut digest = Sha256::new();
        for path in paths {
            if let Some(file) = Files::get(&path) {
                digest.update(path.as_bytes());
                digest.update([0]);
                digest.update(file.metadata.sha256_hash());
            }
        }
        digest.finalize().iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte)).to_string()
    })
}

/// The address of the file at `path` below `assets/`.
pub fn url(path: &str) -> String {
    format!("/assets/{}/{path}", version())
}

/// The file at `path`, asked for with `version`. Another version comes from a page of another release: it gets today's
/// file, not to be cached.
pub fn find(asked_version: &str, path: &str) -> Option<Asset> {
    let file = Files::get(path)?;
    let cache_control = if asked_version == version() && !cfg!(debug_assertions) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    Some(Asset { bytes: served(path, file.data), content_type: content_type(path), cache_control })
}

fn is_module(path: &str) -> bool {
    content_type(path).starts_with("text/javascript")
}

/// What is sent of a file: of a module, the lines that a browser reads, without what is only for people.
fn served(path: &str, bytes: Cow<'static, [u8]>) -> Cow<'static, [u8]> {
    let Some(text) = std::str::from_utf8(&bytes).ok().filter(|_| is_module(path)) else { return bytes };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    Cow::Owned(lines.fold(String::with_capacity(text.len()), |all, line| all + line + "\n").into_bytes())
}

/// The path of every file.
pub fn paths() -> impl Iterator<Item = Cow<'static, str>> {
    Files::iter()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ui_every_asset_has_a_type_and_an_address() {
        let paths: Vec<_> = paths().collect();
        assert!(paths.iter().any(|path| path == "css/components.css"));
        for path in paths {
            let asset = find(version(), &path).expect("listed, hence there");
            assert_ne!(asset.content_type, "application/octet-stream", "{path}");
            assert!(!asset.bytes.is_empty(), "{path}");
            assert_eq!(url(&path), format!("/assets/{}/{path}", version()));
        }
    }

    #[test]
    fn ui_modules_are_sent_without_comments_and_no_text_of_theirs_spans_lines() {
        for path in paths().filter(|path| is_module(path)) {
            let file = Files::get(&path).expect("listed").data;
            let written = std::str::from_utf8(&file).expect("UTF-8").to_owned();
            for line in written.lines() {
                // A text over several lines would lose its spaces; a comment behind code would stay.
                assert_eq!(line.matches('`').count() % 2, 0, "{path}: {line}");
                assert!(!line.contains("/*"), "{path}: {line}");
            }
            let sent = served(&path, file);
            let sent = std::str::from_utf8(&sent).expect("UTF-8");
            assert!(sent.len() < written.len() && !sent.lines().any(|line| line.starts_with("//")), "{path}");
        }
    }

    #[test]
    fn ui_what_is_not_an_asset_is_not_found() {
        for path in ["", "..", "../Cargo.toml", "css/../../Cargo.toml", "css", "nothing.css"] {
            assert!(find(version(), path).is_none(), "{path}");
        }
    }

    #[test]
    fn ui_a_file_of_another_version_is_not_kept() {
        let asset = find("0000000000000000", "css/components.css").expect("served all the same");
        assert_eq!(asset.cache_control, "no-cache");
    }
}
