//! Where one short text is kept, beside the database: whose data that holds.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Keeps one short text. What is set is there after a crash, or what was there before it.
pub trait AccountStorage: Send + Sync {
    /// The text; none where none was set.
    ///
    /// # Errors
    /// It cannot be read.
    fn get(&self) -> io::Result<Option<String>>;

    /// Keeps this text in place of what is there.
    ///
    /// # Errors
    /// It cannot be written.
    fn set(&self, text: &str) -> io::Result<()>;
}

/// A file.
#[derive(Clone, Debug)]
pub struct FileStorage {
    path: PathBuf,
}

impl FileStorage {
    /// This one; its folder must be there.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }
}

impl AccountStorage for FileStorage {
    fn get(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(Some(text)),
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(why) => Err(why),
        }
    }

    fn set(&self, text: &str) -> io::Result<()> {
        let mut name = self.path.clone().into_os_string();
        name.push(".new");
        let mut file = File::create(&name)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&name, &self.path)
    }
}

/// Nothing that lasts: for tests, and for databases in memory.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Option<String>>);

impl AccountStorage for Memory {
    fn get(&self) -> io::Result<Option<String>> {
        Ok(self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone())
    }

    fn set(&self, text: &str) -> io::Result<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(text.to_owned());
        Ok(())
    }
}
