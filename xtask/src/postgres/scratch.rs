//! A temporary folder that another user may look into, as PostgreSQL run by root needs.

use std::env;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};

use super::user::{self, User};
use crate::Result;

/// The folder. It is removed by `guard`, which outlives us.
pub(crate) struct Scratch {
    path: PathBuf,
    user: Option<User>,
}

impl Scratch {
    /// Makes one below TMPDIR, or below /var/tmp or /tmp where TMPDIR is closed to others.
    pub(crate) fn new() -> Result<Self> {
        Self::below([env::temp_dir(), "/var/tmp".into(), "/tmp".into()])
    }

    /// Makes one where files outlive a restart, as far as folders have that by custom.
    pub(crate) fn on_disk() -> Result<Self> {
        Self::below(["/var/tmp".into(), env::temp_dir(), "/tmp".into()])
    }

    fn below(bases: [PathBuf; 3]) -> Result<Self> {
        let base = bases
            .iter()
            .find(|base| base.is_dir() && user::open_to_all(base))
            .unwrap_or(&bases[0]);
        let path = base.join(format!("syncline-pg-{:016x}", random()));
        fs::create_dir(&path)
            .and_then(|()| user::open(&path))
            .map_err(|error| {
                format!(
                    "cannot make {}: {error}; set TMPDIR to a folder you can write",
                    path.display()
                )
            })?;
        let user = user::other_if_root(&path).inspect_err(|_| {
            // Nothing is in it yet; if it cannot be removed, an empty folder stays.
            let _ = fs::remove_dir(&path);
        })?;
        Ok(Self { path, user })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The user to run PostgreSQL as; `None`: ourselves.
    pub(crate) fn user(&self) -> Option<&User> {
        self.user.as_ref()
    }

    /// Makes a folder in it that only the user of PostgreSQL can enter.
    pub(crate) fn private_folder(&self, name: &str) -> Result<PathBuf> {
        let path = self.path.join(name);
        fs::create_dir(&path)
            .and_then(|()| user::give(&path, self.user()))
            .map_err(|error| format!("cannot make {}: {error}", path.display()))?;
        Ok(path)
    }
}

/// A number nobody can guess, from the keys the operating system gives to hash maps.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(0_u8)
}
