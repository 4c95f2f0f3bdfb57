//! Passwords at rest: `salt:hash` by scrypt, as Better Auth stores them.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use aws_lc_rs::{constant_time, rand};
use scrypt::{Params, scrypt};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use unicode_normalization::UnicodeNormalization;

use super::{hex, unhex};

/// How long a password may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// The hash of no password: what a user who is not there is checked against, so that the answer
/// takes as long as a wrong one.
const NOBODY: &str = "00000000000000000000000000000000:0";

/// Hashes passwords, as many at once as there are processors: each takes 32 MiB and a tenth of a
/// second, and none of it on the threads that answer requests.
#[derive(Debug, Clone)]
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
}

/// There is no room for one more password.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Busy;

impl Passwords {
    pub(crate) fn new() -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        Self {
            turns: Arc::new(Semaphore::new(processors)),
        }
    }

    /// The hash of a new password.
    pub(crate) async fn hash(&self, password: &str) -> Result<String, Busy> {
        let mut salt = [0; 16];
        rand::fill(&mut salt).map_err(|_| Busy)?;
        let salt = hex(&salt);
        let key = self.key(password, salt.clone()).await?;
        Ok(format!("{salt}:{}", hex(&key)))
    }

    /// Is this the password that was hashed? Without a hash the answer is no, after the same time.
    pub(crate) async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, Busy> {
        let hash = hash.and_then(|it| it.split_once(':'));
        let (salt, expected) = hash.or(NOBODY.split_once(':')).unwrap_or_default();
        let expected = unhex(expected).unwrap_or_default();
        let key = self.key(password, salt.to_owned()).await?;
        Ok(constant_time::verify_slices_are_equal(&key, &expected).is_ok())
    }

    async fn key(&self, password: &str, salt: String) -> Result<[u8; 64], Busy> {
        let turn = timeout(PATIENCE, self.turns.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| Busy)?.map_err(|_| Busy)?;
        let password: String = password.nfkc().collect();
        let task = spawn_blocking(move || {
            // Kept until the work is done, even when nobody waits for it any more.
            let _turn = turn;
            let mut key = [0; 64];
            let parameters = Params::new(14, 16, 1).map_err(|_| Busy)?;
            // The salt is its digits, not what they stand for.
            scrypt(password.as_bytes(), salt.as_bytes(), &parameters, &mut key)
                .map_err(|_| Busy)?;
            Ok(key)
        });
        task.await.map_err(|_| Busy)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_takes_its_password_only() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse").await.expect("room");
        assert_eq!(hash.len(), 32 + 1 + 128);
        let takes = async |password: &str, hash: Option<&str>| {
            passwords.verify(password, hash).await.expect("room")
        };
        assert!(takes("correct horse", Some(&hash)).await);
        assert!(!takes("correct horse ", Some(&hash)).await);
        assert!(!takes("", None).await);
        assert!(!takes("", Some("no hash")).await);
        assert!(!takes("", Some(":")).await);
        // Compatible forms of a letter are the same password.
        let hash = passwords.hash("\u{fb01}sh \u{2460}").await.expect("room");
        assert!(takes("fish 1", Some(&hash)).await);
    }
}
