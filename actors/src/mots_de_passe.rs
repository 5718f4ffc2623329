//! Hashes passwords with argon2id, and checks them, on blocking threads and a few at a time.
//!
//! Each takes 19 MiB and some 20 ms of a core: without a bound, a flood on the login would take the memory of the
//! machine and the time of everybody else.

use futures_util::future::BoxFuture;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use domain::mot_de_passe::{MotDePasse, opaque};
use tokio::sync::Semaphore;

/// Passwords that may wait for their turn; one more is refused at once.
const WAITING_MAX: usize = 256;

#[derive(Clone, Debug)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    decoy: Arc<str>,
}

/// Why a password could not be hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("too many passwords are waiting to be checked")]
    Busy,
    /// The hash function failed, or a stored hash is malformed.
    #[error("the password hash failed: {0}")]
    Hash(String),
}

/// What came of comparing a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is another password.
    Wrong,
    /// It is the password.
    Right,
    /// It is the password, but its hash is of what was typed then, before passwords had one form: the hash to keep
    /// instead.
    Anew(String),
}

impl Verdict {
    pub fn is_right(&self) -> bool {
        *self != Self::Wrong
    }
}

impl Passwords {
    /// Works on at most `at_once` passwords at the same time: the number of cores.
    pub fn new(at_once: usize) -> Result<Self, PasswordError> {
        let decoy = hash("une phrase que personne ne tape")?;
        Ok(Self {
            permits: Arc::new(Semaphore::new(at_once.max(1))),
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
            decoy: decoy.into(),
        })
    }

    /// The argon2id hash (PHC string) of a password.
    pub fn hash<'a>(&'a self, password: &'a MotDePasse) -> BoxFuture<'a, Result<String, PasswordError>> {
        Box::pin(async move {
            let password = password.expose().to_owned();
            self.run(move || hash(&password)).await
        })
    }

    /// Whether what was typed is the password of that hash, in the form that passwords have or as it was typed. Without
    /// a hash the same time is spent, so that an unknown account can't be told from a wrong password.
    pub fn matches<'a>(
        &'a self,
        typed: &'a str,
        stored: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Verdict, PasswordError>> {
        Box::pin(async move {
            let known = stored.is_some();
            let stored = stored.unwrap_or(&self.decoy).to_owned();
            let typed = typed.to_owned();
            let verdict = self
                .run(move || {
                    let parsed = PasswordHash::new(&stored).map_err(|error| PasswordError::Hash(error.to_string()))?;
                    let fits = |password: &str| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
                    let formed = opaque(&typed);
                    if fits(&formed) {
                        Ok(Verdict::Right)
                    } else if formed != typed && fits(&typed) {
                        Ok(Verdict::Anew(hash(&formed)?))
                    } else {
                        Ok(Verdict::Wrong)
                    }
                })
                .await?;
            Ok(if known { verdict } else { Verdict::Wrong })
        })
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let _waiting = self.waiting.try_acquire().map_err(|_| PasswordError::Busy)?;
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| PasswordError::Busy)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        })
        .await
        .map_err(|error| PasswordError::Hash(error.to_string()))?
    }
}

fn hash(password: &str) -> Result<String, PasswordError> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| PasswordError::Hash(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn k1_passwords_are_kept_as_argon2id() {
        let passwords = Passwords::new(1).unwrap();
        let hash = passwords.hash(&MotDePasse::parse("Bocage-vert9", 24).unwrap()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(passwords.matches("Bocage-vert9", Some(&hash)).await.unwrap(), Verdict::Right);
        assert_eq!(passwords.matches("Bocage-vert8", Some(&hash)).await.unwrap(), Verdict::Wrong);
        assert_eq!(passwords.matches("une phrase que personne ne tape", None).await.unwrap(), Verdict::Wrong);
        assert!(passwords.matches("x", Some("pas un hash")).await.is_err());
    }

    #[tokio::test]
    async fn k1_a_password_kept_before_its_form_goes_on_working_and_gets_it() {
        let passwords = Passwords::new(1).unwrap();
        let (composed, apart) = ("Rentrée-été-42", "Rentre\u{301}e-e\u{301}te\u{301}-42");
        let kept = passwords.hash(&MotDePasse::parse(apart, 24).unwrap()).await.unwrap();
        for typed in [composed, apart] {
            assert_eq!(passwords.matches(typed, Some(&kept)).await.unwrap(), Verdict::Right);
        }
        let old = hash(apart).unwrap();
        assert_eq!(passwords.matches(composed, Some(&old)).await.unwrap(), Verdict::Wrong);
        let Verdict::Anew(new) = passwords.matches(apart, Some(&old)).await.unwrap() else {
            panic!("not the old form")
        };
        assert_eq!(passwords.matches(composed, Some(&new)).await.unwrap(), Verdict::Right);
        assert_eq!(passwords.matches(apart, Some(&new)).await.unwrap(), Verdict::Right);
        assert_eq!(passwords.matches("Rentre\u{301}e-42", Some(&old)).await.unwrap(), Verdict::Wrong);
    }
}
