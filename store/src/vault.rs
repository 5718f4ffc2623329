//! The safe: secrets are sealed before they are written, so that whoever reads the database or a backup can't use them.
//!
//! XChaCha20-Poly1305 with a random nonce; the master key is a file of its own, mode 0600, never in the database nor in
//! its backup. Each sealed value names the key it needs, and is bound to what it belongs to (the associated data): a
//! value moved to another row does not open.

use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use diesel::prelude::*;

use crate::dialect::{Lock, locked};
use crate::query::RunQueryDsl;
use crate::schema::coffre;
use crate::{Connection, Pending, Store, Transaction};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
/// What the sentinel is sealed for, and what it says once opened.
pub(crate) const SENTINEL_PLACE: &str = "temoin";
pub(crate) const SENTINEL: &[u8] = b"espace-intervenants";

/// The master key, ready to seal and open. Cloning shares it.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    id: String,
    cipher: XChaCha20Poly1305,
    /// The database was seen to be sealed with another key: nothing more is sealed with this one.
    replaced: AtomicBool,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault([…])")
    }
}

/// What can go wrong with the master key or something sealed. The sentences are for who runs the service.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error(
        "La clé maîtresse {path} ne peut pas être lue ou créée : {why}. Vérifiez son chemin et ses droits, ou donnez-en une autre avec --key-file."
    )]
    File { path: String, why: String },
    /// There is no file, and the database needs the key that was in it.
    #[error(
        "La base est scellée avec une clé maîtresse, et il n’y en a pas à {path}. Aucune n’est créée à sa place : elle n’ouvrirait rien. Rétablissez ce fichier depuis sa sauvegarde, ou donnez son chemin avec --key-file."
    )]
    Missing { path: String },
    #[error(
        "Le fichier {path} ne contient pas une clé maîtresse (32 octets en base64). Rétablissez-le depuis sa sauvegarde."
    )]
    Malformed { path: String },
    /// Others than its owner may read the file.
    #[error("La clé maîtresse {path} est lisible par d’autres que son propriétaire : faites « chmod 600 {path} ».")]
    Open { path: String },
    #[error(
        "La clé maîtresse donnée n’est pas celle de cette base : ce qui y est scellé ne s’ouvrirait plus. Donnez la bonne avec --key-file."
    )]
    Other,
    /// The database's key was changed while this server ran.
    #[error(
        "La clé maîtresse de la base a été changée pendant que ce serveur tournait : il ne scelle plus rien. Donnez-lui la nouvelle (--key-file), puis redémarrez-le."
    )]
    Replaced,
    /// A sealed value does not open: it was sealed for something else, or damaged.
    #[error("a sealed value does not open")]
    Sealed,
    #[error("no randomness: {0}")]
    Random(String),
    #[error(transparent)]
    Store(#[from] crate::Error),
}

impl Vault {
    /// The key of a file; made there when the file does not exist yet.
    pub fn open(path: &Path) -> Result<Self, VaultError> {
        match Self::read(path) {
            Err(VaultError::Missing { .. }) => {
                Self::generate(path)?;
                Self::read(path)
            }
            read => read,
        }
    }

    /// The key of a file that is there.
    pub fn read(path: &Path) -> Result<Self, VaultError> {
        let shown = path.display().to_string();
        let file = |error: std::io::Error| VaultError::File { path: shown.clone(), why: error.to_string() };
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.permissions().mode() & 0o077 != 0 => {
                return Err(VaultError::Open { path: shown });
            }
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(VaultError::Missing { path: shown });
            }
            Err(error) => return Err(file(error)),
        }
        let text = std::fs::read_to_string(path).map_err(file)?;
        let bytes = STANDARD_NO_PAD.decode(text.trim()).ok().filter(|bytes| bytes.len() == KEY_BYTES);
        bytes.map(|bytes| Self::new(&bytes)).ok_or(VaultError::Malformed { path: shown })
    }

    fn generate(path: &Path) -> Result<(), VaultError> {
        let mut bytes = [0u8; KEY_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| VaultError::Random(error.to_string()))?;
        let shown = path.display().to_string();
        let file = |error: std::io::Error| VaultError::File { path: shown.clone(), why: error.to_string() };
        // Written to a file beside, then linked: when two servers start together, both read the key of the first.
        let aside = path.with_extension(format!("{}.tmp", std::process::id()));
        let written = (|| {
            let mut new = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
            new.write_all(STANDARD_NO_PAD.encode(bytes).as_bytes())?;
            new.write_all(b"\n")?;
            new.sync_all()
        })();
        let linked = written.and_then(|()| match std::fs::hard_link(&aside, path) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        });
        let removed = std::fs::remove_file(&aside);
        linked.map_err(file)?;
        removed.map_err(|error| VaultError::File { path: path.display().to_string(), why: error.to_string() })
    }

    /// The short name of the key, which every value sealed with it bears.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// How many bytes a file has once it is sealed.
    pub fn sealed_size(bytes: u64) -> u64 {
        bytes + (NONCE_BYTES + TAG_BYTES) as u64
    }

    fn new(bytes: &[u8]) -> Self {
        // A short name from which the key can't be found: FNV-1a of its bytes, the two halves xored.
        let hash = bytes
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
        let id = format!("{:08x}", (hash >> 32) as u32 ^ hash as u32);
        let key = Key::try_from(bytes).unwrap_or_default();
        Self(Arc::new(Inner { id, cipher: XChaCha20Poly1305::new(&key), replaced: AtomicBool::new(false) }))
    }

    /// Seals bytes for one place: `key:base64(nonce + ciphertext)`.
    ///
    /// # Errors
    /// [`VaultError::Replaced`] when the database has another key by now, or when the system gives no random bytes.
    pub fn seal(&self, bytes: &[u8], place: &str) -> Result<String, VaultError> {
        if self.is_replaced() {
            return Err(VaultError::Replaced);
        }
        let mut nonce = [0u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|error| VaultError::Random(error.to_string()))?;
        let payload = Payload { msg: bytes, aad: place.as_bytes() };
        let sealed = self.0.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| VaultError::Sealed)?;
        let mut all = nonce.to_vec();
        all.extend(sealed);
        Ok(format!("{}:{}", self.0.id, STANDARD_NO_PAD.encode(all)))
    }

    /// Opens what was sealed for that place.
    ///
    /// # Errors
    /// [`VaultError::Other`] when it is of another key, [`VaultError::Sealed`] when it is of another place, or damaged.
    pub fn unseal(&self, sealed: &str, place: &str) -> Result<Vec<u8>, VaultError> {
        let (id, text) = sealed.split_once(':').ok_or(VaultError::Sealed)?;
        if id != self.0.id {
            return Err(VaultError::Other);
        }
        let all = STANDARD_NO_PAD.decode(text).map_err(|_| VaultError::Sealed)?;
        if all.len() < NONCE_BYTES {
            return Err(VaultError::Sealed);
        }
        let (nonce, ciphertext) = all.split_at(NONCE_BYTES);
        let nonce = XNonce::try_from(nonce).map_err(|_| VaultError::Sealed)?;
        let payload = Payload { msg: ciphertext, aad: place.as_bytes() };
        self.0.cipher.decrypt(&nonce, payload).map_err(|_| VaultError::Sealed)
    }

    /// Seals a file under a key of its own; returns the sealed bytes, and that key, itself sealed. Who erases the key
    /// has erased the file, wherever copies of it are.
    ///
    /// [`VaultError::Replaced`] when the database has another key by now, or when the system gives no random bytes.
    pub fn seal_file(&self, bytes: &[u8], place: &str) -> Result<(Vec<u8>, String), VaultError> {
        let (mut key, mut nonce) = ([0u8; KEY_BYTES], [0u8; NONCE_BYTES]);
        for random in [&mut key[..], &mut nonce[..]] {
            getrandom::fill(random).map_err(|error| VaultError::Random(error.to_string()))?;
        }
        let cipher = XChaCha20Poly1305::new(&Key::from(key));
        let payload = Payload { msg: bytes, aad: place.as_bytes() };
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| VaultError::Sealed)?;
        Ok(([&nonce[..], &sealed].concat(), self.seal(&key, place)?))
    }

    /// Opens a file that was sealed for that place.
    ///
    /// [`VaultError::Other`] when its key was sealed with another master key, [`VaultError::Sealed`] when it is of
    /// another key or place, or damaged.
    pub fn open_file(&self, sealed: &[u8], key: &str, place: &str) -> Result<Vec<u8>, VaultError> {
        let key = Key::try_from(&self.unseal(key, place)?[..]).map_err(|_| VaultError::Sealed)?;
        if sealed.len() < NONCE_BYTES {
            return Err(VaultError::Sealed);
        }
        let (nonce, ciphertext) = sealed.split_at(NONCE_BYTES);
        let nonce = XNonce::try_from(nonce).map_err(|_| VaultError::Sealed)?;
        let payload = Payload { msg: ciphertext, aad: place.as_bytes() };
        XChaCha20Poly1305::new(&key).decrypt(&nonce, payload).map_err(|_| VaultError::Sealed)
    }

    /// Whether the database is sealed with this key.
    pub fn is_of<'a>(&'a self, store: &'a Store) -> Pending<'a, bool, VaultError> {
        Box::pin(async move {
            let kept = sentinel(&mut store.read().await?).await?;
            Ok(kept.is_some_and(|kept| self.unseal(&kept, SENTINEL_PLACE).is_ok_and(|bytes| bytes == SENTINEL)))
        })
    }

    /// Whether a database has a key already.
    pub fn is_kept(store: &Store) -> Pending<'_, bool> {
        Box::pin(async move { Ok(sentinel(&mut store.read().await?).await?.is_some()) })
    }

    /// The key of a database. A database that has none yet takes the key of the file, which is made if it is missing.
    pub fn of_database<'a>(path: &'a Path, store: &'a Store) -> Pending<'a, Self, VaultError> {
        Box::pin(async move {
            let vault = if Self::is_kept(store).await? { Self::read(path)? } else { Self::open(path)? };
            vault.check(store).await?;
            Ok(vault)
        })
    }

    /// Checks whether the database still has this key, by its name alone; returns the answer.
    pub fn look<'a>(&'a self, store: &'a Store) -> Pending<'a, bool> {
        Box::pin(async move {
            let kept = sentinel(&mut store.read().await?).await?;
            let same = kept.is_some_and(|kept| name(&kept) == self.0.id);
            if self.0.replaced.swap(!same, Ordering::SeqCst) == same {
                if same {
                    tracing::info!("the database has this server's master key again");
                } else {
                    tracing::error!(
                        "the database's master key is no longer this server's: nothing is sealed until it is restarted with the new one"
                    );
                }
            }
            Ok(same)
        })
    }

    /// Whether the database was seen to have another key, at the last [`Vault::look`].
    pub fn is_replaced(&self) -> bool {
        AtomicBool::load(&self.0.replaced, Ordering::SeqCst)
    }

    /// Checks that this is the key of that database, or makes it so when the database has none yet.
    ///
    /// # Errors
    /// [`VaultError::Other`] when it is not.
    pub fn check<'a>(&'a self, store: &'a Store) -> Pending<'a, (), VaultError> {
        Box::pin(async move {
            let sentinel = self.seal(SENTINEL, SENTINEL_PLACE)?;
            store
                .write::<(), crate::Error, _>(None, move |transaction| {
                    Box::pin(async move {
                        diesel::insert_into(coffre::table)
                            .values((coffre::id.eq(1), coffre::temoin.eq(&sentinel)))
                            .on_conflict_do_nothing()
                            .execute(transaction.connection())
                            .await?;
                        Ok(())
                    })
                })
                .await?;
            if self.is_of(store).await? { Ok(()) } else { Err(VaultError::Other) }
        })
    }
}

/// What the database was sealed with: none while it has no key.
async fn sentinel(connection: &mut Connection) -> crate::Result<Option<String>> {
    Ok(coffre::table.find(1).select(coffre::temoin).first(connection).await.optional()?)
}

/// The name of the key that something is sealed with.
fn name(sealed: &str) -> &str {
    sealed.split_once(':').map_or("", |(id, _)| id)
}

/// Locks the database's key until the transaction ends, and returns its name.
pub(crate) fn hold(transaction: &mut Transaction) -> Pending<'_, Option<String>> {
    Box::pin(async move {
        let query = locked(coffre::table.find(1).select(coffre::temoin), Lock::Share);
        let kept: Option<String> = query.get_result(transaction.connection()).await.optional()?;
        Ok(kept.map(|kept| name(&kept).to_owned()))
    })
}

/// The same, and refuses a value sealed with another key than the database's, which was changed meanwhile.
pub fn hold_for<'a>(transaction: &'a mut Transaction, sealed: &'a str) -> Pending<'a, ()> {
    Box::pin(async move {
        match hold(transaction).await? {
            Some(id) if id != name(sealed) => Err(crate::Error::KeyReplaced),
            _ => Ok(()),
        }
    })
}

impl From<VaultError> for crate::Error {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Other | VaultError::Replaced => Self::KeyReplaced,
            VaultError::Store(error) => error,
            VaultError::File { .. }
            | VaultError::Missing { .. }
            | VaultError::Malformed { .. }
            | VaultError::Open { .. }
            | VaultError::Sealed
            | VaultError::Random(_) => Self::Sealed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d14_what_is_sealed_opens_in_its_place_with_its_key_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("une"), folder.path().join("autre"));
        let vault = Vault::open(&one).unwrap();
        let sealed = vault.seal(b"JBSWY3DP", "second_facteur 7").unwrap();
        assert!(!sealed.contains("JBSWY3DP"));
        assert_ne!(sealed, vault.seal(b"JBSWY3DP", "second_facteur 7").unwrap(), "a nonce of its own each time");
        assert_eq!(Vault::open(&one).unwrap().unseal(&sealed, "second_facteur 7").unwrap(), b"JBSWY3DP");
        assert!(matches!(vault.unseal(&sealed, "second_facteur 8"), Err(VaultError::Sealed)));
        assert!(matches!(Vault::open(&other).unwrap().unseal(&sealed, "second_facteur 7"), Err(VaultError::Other)));
        for damaged in ["", ":", "x", &sealed[..sealed.len() - 2], &sealed.replace(':', ":A")] {
            assert!(vault.unseal(damaged, "second_facteur 7").is_err(), "{damaged}");
        }
    }

    #[test]
    fn d14_a_file_has_a_key_of_its_own_and_opens_in_its_place_alone() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open(&folder.path().join("cle")).unwrap();
        let text = b"NIR 2 55 08 14 168 025 38".repeat(1_000);
        let (sealed, key) = vault.seal_file(&text, "fichier 7").unwrap();
        assert!(!sealed.windows(8).any(|eight| eight == &text[..8]));
        assert_eq!(Vault::sealed_size(text.len() as u64), sealed.len() as u64);
        assert_eq!(vault.open_file(&sealed, &key, "fichier 7").unwrap(), text);
        assert!(vault.open_file(&sealed, &key, "fichier 8").is_err());
        let (_, other) = vault.seal_file(&text, "fichier 7").unwrap();
        assert_ne!(key, other);
        assert!(vault.open_file(&sealed, &other, "fichier 7").is_err(), "each file has a key of its own");
        let mut damaged = sealed.clone();
        damaged[100] ^= 1;
        assert!(vault.open_file(&damaged, &key, "fichier 7").is_err());
        assert!(vault.open_file(&sealed[..10], &key, "fichier 7").is_err());
    }

    #[test]
    fn d14_a_key_file_that_is_wrong_is_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cle");
        Vault::open(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(Vault::open(&path).unwrap_err().to_string().contains("chmod 600"));
        std::fs::write(&path, "trop court").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(Vault::open(&path), Err(VaultError::Malformed { .. })));
        let absent = folder.path().join("absente");
        assert!(Vault::read(&absent).unwrap_err().to_string().contains("--key-file"));
        assert!(!absent.exists(), "reading a key makes none");
        assert!(matches!(Vault::open(&folder.path().join("absent/cle")), Err(VaultError::File { .. })));
    }
}
